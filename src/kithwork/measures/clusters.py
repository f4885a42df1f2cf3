"""Parts of a large cohort measured by Dask workers: on this machine, on a scheduler that runs already, or on a SLURM cluster.

Workers share a file system with whoever asked; only numbers of parts and names of files travel. Nothing here opens a page of its own.
"""

import contextlib
import importlib.util
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kithwork.measures.compiled import cores
from kithwork.measures.partitions import Job, is_kept, keep_part, make_folder, part_names
from kithwork.model.errors import SelectionError, StudyError

LOOPBACK = "127.0.0.1"
_TRIES = 5  # how often a worker may die over one part before the part is held to be at fault


def keep_all_on(client: Any, job: Job, folder: Path, told: Callable[[int], None] = lambda _: None) -> list[str]:
    """As `partitions.keep_all`, on a Dask client's workers. A part whose worker dies is given to another; parts kept are not sent.

    Raises `StudyError` where one part costs several workers, or the scheduler is lost; what is kept by then is not measured again.
    """
    from concurrent.futures import CancelledError

    from distributed import as_completed
    from distributed.comm.core import CommClosedError
    from distributed.scheduler import KilledWorker

    files = job.open()
    names = part_names(job, files)
    make_folder(folder)
    counts, futures = {}, []
    for number, (name, part) in enumerate(zip(names, files.parts, strict=True)):
        if is_kept(folder, name, job.with_reasons):
            told(part.count)
            continue
        counts[name] = part.count
        futures.append(client.submit(keep_part, job, number, folder, name, key=f"kith-{name}", pure=True, retries=0))
    for future in as_completed(futures):
        try:
            told(counts[future.result()])
        except KilledWorker:
            raise StudyError(f"{_TRIES} workers were lost over one part; look at their memory, and run the same again.") from None
        except (CancelledError, CommClosedError):
            raise StudyError("The Dask scheduler was lost; start it again, and run the same again to go on where it stopped.") from None
    return names


@contextlib.contextmanager
def workers(scheduler: str | None = None, slurm_jobs: int | None = None, count: int | None = None) -> Iterator[Any]:
    """A Dask client: of a scheduler's address, of so many SLURM jobs, or of a cluster on this machine alone.

    SLURM's account, queue, memory and time are those of dask-jobqueue's own settings. Raises `SelectionError` where Dask is missing.
    """
    needed = "dask_jobqueue" if slurm_jobs else "distributed"
    if importlib.util.find_spec(needed) is None:
        raise SelectionError(f"This needs {needed.replace('_', '-')}, which is not here; install kithwork[scale].")
    from dask import config  # pyright: ignore[reportPrivateImportUsage]
    from distributed import Client, LocalCluster

    quiet = {
        "distributed.scheduler.allowed-failures": _TRIES,
        "distributed.scheduler.work-stealing": False,  # each part once
        "distributed.worker.daemon": True,
        "distributed.admin.tick.limit": "1h",
        "distributed.scheduler.http.routes": [],  # no page, no table of figures, nothing to ask
        "distributed.worker.http.routes": [],
    }
    with config.set(quiet), contextlib.ExitStack() as stack:
        if scheduler is not None:
            logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what is lost is said in a sentence
            try:
                client = Client(scheduler, timeout=10)
            except (OSError, ValueError):
                raise SelectionError("The Dask scheduler cannot be reached; check its address, as in tcp://HOST:8786.") from None
            yield stack.enter_context(client)
            return
        cluster = stack.enter_context(
            slurm_cluster(slurm_jobs)
            if slurm_jobs
            else LocalCluster(
                n_workers=count or cores(),
                threads_per_worker=1,
                host=LOOPBACK,
                dashboard_address=f"{LOOPBACK}:0",
                worker_dashboard_address=None,
                scheduler_kwargs={"dashboard": False},
                silence_logs=50,
            )
        )
        yield stack.enter_context(Client(cluster))


def slurm_cluster(jobs: int) -> Any:
    """So many SLURM jobs of one worker each; their script asks for no page and no network of the outside."""
    from dask import config  # pyright: ignore[reportPrivateImportUsage]
    from dask_jobqueue.slurm import SLURMCluster

    for needed in ("cores", "memory"):
        if config.get(f"jobqueue.slurm.{needed}", None) is None:
            raise SelectionError(
                f"dask-jobqueue needs to know the {needed} of a job: write it under jobqueue: slurm: in ~/.config/dask/jobqueue.yaml."
            )
    cluster = SLURMCluster(processes=1, scheduler_options={"dashboard": False, "dashboard_address": f"{LOOPBACK}:0"})
    cluster.scale(jobs=jobs)
    return cluster
