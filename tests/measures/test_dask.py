"""Parts on Dask workers: the same rows in the same order, also when a worker dies, and taken up where a run stopped."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kithwork.cohort import files as cohort_files
from kithwork.cohort.files import write_cohort
from kithwork.measures import partitions
from kithwork.measures.clusters import LOOPBACK, keep_all_on, slurm_cluster, workers
from kithwork.measures.compiled import GIVES
from kithwork.measures.partitions import REASONS, Job, is_kept, keep_all, kept_files, part_names, streamed
from kithwork.model.errors import SelectionError, StudyError
from tests.measures.test_compiled import cohort_of_sizes

pytest.importorskip("distributed", reason="Dask is an extra")
MAPS_A_PART, PARTS = 40, 12
NAMES = tuple(GIVES)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    cohort = cohort_of_sizes([number % 9 for number in range(MAPS_A_PART * PARTS - 3)], 0.4, 3)
    write_cohort(cohort, tmp_path / "cohort", MAPS_A_PART)
    return Job(tmp_path / "cohort", kinds=("all",), measures=NAMES, with_reasons=True)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with workers(count=2) as made:
        yield made


def together(folder: Path, names: list[str], ending: str = "") -> pl.DataFrame:
    return pl.concat([pl.read_parquet(file) for file in kept_files(folder, names, ending)])


def whole(job: Job) -> pl.DataFrame:
    return pl.concat([measured.frame for measured in streamed(job)])


def test_rows_are_kept_in_the_order_of_the_source_with_their_reasons(job: Job, tmp_path: Path):
    heard: list[int] = []
    names = keep_all(job, tmp_path / "parts", heard.append)
    assert len(names) == PARTS
    assert sum(heard) == len(job.open())
    assert together(tmp_path / "parts", names).equals(whole(job))
    assert together(tmp_path / "parts", names, REASONS).equals(pl.concat([measured.reasons for measured in streamed(job)]))


def test_a_run_that_stopped_is_taken_up_and_no_part_is_measured_twice(job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    measured: list[int] = []
    measure = Job.measure

    def stopping(self: Job, files: cohort_files.CohortFiles, part: cohort_files.Part):
        if len(measured) == 5:
            raise KeyboardInterrupt
        measured.append(part.first + int(part.file.stem.removeprefix("maps-")))
        return measure(self, files, part)

    monkeypatch.setattr(Job, "measure", stopping)
    with pytest.raises(KeyboardInterrupt):
        keep_all(job, tmp_path / "parts")
    monkeypatch.setattr(Job, "measure", lambda self, files, part: (measured.append(int(part.file.stem[5:])), measure(self, files, part))[1])
    names = keep_all(job, tmp_path / "parts")
    assert measured == list(range(PARTS))
    assert together(tmp_path / "parts", names).equals(whole(job))


def test_parts_of_other_data_or_another_question_are_not_taken_up(job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    names = part_names(job, job.open())
    assert names == part_names(job, job.open())
    other = Job(job.source, kinds=("person",), measures=NAMES, with_reasons=True)
    assert not set(names) & set(part_names(other, other.open()))
    first = min(job.source.glob("*.parquet"))
    frame = pl.read_parquet(first)
    frame.reverse().write_parquet(first)
    changed = part_names(job, job.open())
    assert changed[0] != names[0]
    assert changed[1:] == names[1:]
    monkeypatch.setattr(partitions, "_version", lambda: "another program")
    assert not set(changed) & set(part_names(job, job.open()))


def test_workers_give_the_same_rows_in_the_same_order(job: Job, tmp_path: Path, client: Any):
    names = keep_all_on(client, job, tmp_path / "parts")
    assert together(tmp_path / "parts", names).equals(whole(job))


def test_workers_listen_on_this_machine_only_and_open_no_page(client: Any):
    info = client.scheduler_info()
    addresses = [info["address"], *info["workers"]]
    assert all(address.startswith(f"tcp://{LOOPBACK}:") for address in addresses)
    assert listening_elsewhere(os.getpid()) == []


def listening_elsewhere(pid: int) -> list[str]:
    """Addresses other than loopback at which a process listens."""
    psutil = pytest.importorskip("psutil")
    own = psutil.Process(pid)
    found = [c for process in (own, *own.children(recursive=True)) for c in process.net_connections() if c.status == "LISTEN"]
    return [c.laddr.ip for c in found if c.laddr.ip not in (LOOPBACK, "::1")]


class HeldJob(Job):
    """Says which part it began, in which process, and goes on when it may: whoever is killed before is in the middle of a part."""

    def measure(self, files: cohort_files.CohortFiles, part: cohort_files.Part) -> Any:
        marks = self.source.parent / "marks"
        marks.mkdir(exist_ok=True)
        (marks / f"{part.file.stem} {os.getpid()}").touch()
        while not (marks / "go").exists():
            time.sleep(0.01)
        return super().measure(files, part)

    def begun(self) -> list[tuple[str, int]]:
        """File and process of each part begun."""
        marks = [mark.name.split() for mark in sorted((self.source.parent / "marks").glob("maps-* *"))]
        return [(part, int(process)) for part, process in marks]

    def go(self) -> None:
        (self.source.parent / "marks" / "go").touch()


@pytest.fixture
def held(job: Job) -> HeldJob:
    return HeldJob(job.source, kinds=job.kinds, measures=NAMES)


def wait_for(holds: Callable[[], object]) -> None:
    for _ in range(6_000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("It did not come to pass within a minute.")


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_part_loses_nothing_and_no_other_part_is_measured_twice(held: HeldJob, tmp_path: Path):
    lost: list[tuple[str, int]] = []

    def kill_one() -> None:
        wait_for(lambda: len(held.begun()) == 2)
        lost.append(held.begun()[0])
        os.kill(lost[0][1], signal.SIGKILL)
        held.go()

    thread = threading.Thread(target=kill_one)
    with workers(count=2) as client:
        thread.start()
        names = keep_all_on(client, held, tmp_path / "parts")
        thread.join()
    assert all(is_kept(tmp_path / "parts", name, False) for name in names)
    assert together(tmp_path / "parts", names).equals(whole(Job(held.source, held.kinds, measures=NAMES)))
    assert not list((tmp_path / "parts").glob(".*"))
    begun = [part for part, _ in held.begun()]
    assert sorted({*begun}) == sorted(file.stem for file in held.source.glob("*.parquet"))
    assert [part for part in {*begun} if begun.count(part) > 1] == [lost[0][0]]


@contextlib.contextmanager
def scheduler_apart(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A scheduler and two workers in processes of their own, and its address."""
    folder.mkdir()
    place, root = folder / "scheduler.json", Path(__file__).parents[2]
    paths = os.pathsep.join((str(root / "src"), str(root)))  # so that workers know the job of these tests
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    quiet["env"] = {**os.environ, "PYTHONPATH": paths}
    dask = [sys.executable, "-m", "dask"]
    words = ["--host", LOOPBACK, "--no-dashboard", "--scheduler-file", str(place)]
    scheduler = subprocess.Popen([*dask, "scheduler", "--port", "0", *words], **quiet)
    own = [subprocess.Popen([*dask, "worker", "--nthreads", "1", "--no-nanny", *words], **quiet) for _ in range(2)]
    try:
        wait_for(place.exists)
        wait_for(lambda: place.read_text().strip().endswith("}"))
        yield scheduler, json.loads(place.read_text())["address"]
    finally:
        for process in (*own, scheduler):
            process.kill()
            process.wait()


@pytest.mark.slow
def test_a_run_whose_scheduler_was_killed_is_told_so_and_taken_up_by_another(held: HeldJob, tmp_path: Path):
    parts, first = tmp_path / "parts", kept_by_hand(held, tmp_path / "parts")
    with scheduler_apart(tmp_path / "one") as (scheduler, address), workers(address) as client:
        thread = threading.Thread(target=lambda: (wait_for(lambda: len(held.begun()) > 1), scheduler.kill()))
        thread.start()
        with pytest.raises(StudyError, match="scheduler was lost"):
            keep_all_on(client, held, parts)
        thread.join()
    held.go()
    with scheduler_apart(tmp_path / "two") as (_, address), workers(address) as client:
        names = keep_all_on(client, held, parts)
    assert together(parts, names).equals(whole(Job(held.source, held.kinds, measures=NAMES)))
    assert first not in [part for part, _ in held.begun()]


def kept_by_hand(held: HeldJob, parts: Path) -> str:
    """The first part measured before; its file's name."""
    job = Job(held.source, held.kinds, measures=NAMES)
    files = job.open()
    partitions.make_folder(parts)
    partitions.keep_part(job, 0, parts, part_names(held, files)[0])
    return files.parts[0].file.stem


def test_a_slurm_job_is_described_as_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("dask_jobqueue")
    import dask

    with pytest.raises(SelectionError, match=r"jobqueue\.yaml"):
        slurm_cluster(1)
    slurm = {"cores": 1, "memory": "4GB", "queue": "short", "walltime": "00:30:00", "interface": "lo"}
    with dask.config.set({f"jobqueue.slurm.{name}": value for name, value in slurm.items()}):
        monkeypatch.setattr("dask_jobqueue.core.JobQueueCluster.scale", lambda *_, **__: None)  # nothing is sent to SLURM
        with slurm_cluster(3) as cluster:
            script = cluster.job_script()
    assert "#SBATCH -p short" in script
    assert "#SBATCH -t 00:30:00" in script


def test_a_scheduler_that_is_not_there_is_told_in_one_sentence():
    with pytest.raises(SelectionError, match="cannot be reached"), workers("tcp://127.0.0.1:1"):
        pass
