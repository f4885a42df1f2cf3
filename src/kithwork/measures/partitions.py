"""A large cohort measured a part at a time, here or on many machines, and taken up again where it stopped.

Each part is measured once. Its rows are kept in a folder beside the result, under a name made of what was measured and how; a run that
was stopped finds them there. When all are done they are put together in the order of the source, and the folder is removed.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import polars as pl

from kithwork.cohort import Policy
from kithwork.cohort.files import DESCRIPTION, CohortFiles, Part, open_cohort
from kithwork.measures.compiled import engine_for
from kithwork.measures.run import PEOPLE, Measures, measures_of
from kithwork.model.errors import StudyError

REASONS = "reasons"


@dataclass(frozen=True)
class Job:
    """What to measure and how: small, and the same on every machine that can read the folder."""

    source: Path
    kinds: tuple[str, ...] = PEOPLE
    counted: tuple[str, ...] = ("all",)
    measures: tuple[str, ...] | None = None
    by: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)
    engine: str | None = None
    with_reasons: bool = False
    with_ties: bool = False

    def open(self) -> CohortFiles:
        """The cohort to measure."""
        return open_cohort(self.source, self.by, self.policy)

    def measure(self, files: CohortFiles, part: Part) -> Measures:
        """The measures of one part."""
        return measures_of(files.read(part), self.kinds, self.counted, self.measures, engine_for(len(files), self.engine), self.with_ties)


def streamed(job: Job) -> Iterator[Measures]:
    """The measures of each part, in order; no more than one part is held."""
    files = job.open()
    for part in files.parts:
        yield job.measure(files, part)


def part_names(job: Job, files: CohortFiles) -> list[str]:
    """A name for each part's rows: its place, and a hash of the contents it comes from, of the job and of the code that measures."""
    told = asdict(job) | {"source": "", "version": _version()}
    described = (job.source if job.source.is_dir() else job.source.parent) / DESCRIPTION
    about = _digest(described) if described.is_file() else ""
    contents = {file: _digest(file) for file in dict.fromkeys(part.file for part in files.parts)}
    names = []
    for number, part in enumerate(files.parts):
        words = json.dumps([told, about, contents[part.file], part.first, part.count], sort_keys=True, default=str)
        names.append(f"{number:06}-{hashlib.sha256(words.encode()).hexdigest()[:32]}")
    return names


def keep_part(job: Job, number: int, folder: Path, name: str) -> str:
    """Measure one part and keep its rows, unless they are kept already; safe to call twice, also at once on two machines."""
    if is_kept(folder, name, job.with_reasons):
        return name
    files = job.open()
    measured = job.measure(files, files.parts[number])
    if job.with_reasons:  # first, so that a part with rows has its reasons too
        _write(measured.reasons, folder / f"{name}.{REASONS}.parquet")
    _write(measured.frame, folder / f"{name}.parquet")
    return name


def is_kept(folder: Path, name: str, with_reasons: bool) -> bool:
    """Whether a part was measured before."""
    return (folder / f"{name}.parquet").is_file() and (not with_reasons or (folder / f"{name}.{REASONS}.parquet").is_file())


def keep_all(job: Job, folder: Path, told: Callable[[int], None] = lambda _: None) -> list[str]:
    """Measure every part that is not kept yet, one after the other; `told` hears how many maps are done."""
    files = job.open()
    names = part_names(job, files)
    make_folder(folder)
    for number, (name, part) in enumerate(zip(names, files.parts, strict=True)):
        keep_part(job, number, folder, name)
        told(part.count)
    return names


def kept_files(folder: Path, names: list[str], what: str = "") -> list[Path]:
    """The files of the rows kept (or of their `REASONS`), part after part."""
    return [folder / f"{name}{what and '.' + what}.parquet" for name in names]


def make_folder(folder: Path) -> None:
    """A folder for parts that its owner alone can read."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StudyError(f"'{folder.name}' cannot be made: {error.strerror}; choose another place for the result.") from None


def forget(folder: Path) -> None:
    """Remove the parts, once they are put together."""
    shutil.rmtree(folder, ignore_errors=True)


def _version() -> str:
    """Changes whenever a measure's code does, so that no rows of an older program are taken up."""
    rooms = [Path(__file__).parent, Path(__file__).parents[1] / "cohort"]
    sources = sorted(path for room in rooms for path in room.rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write(frame: pl.DataFrame, path: Path) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.part")  # two machines may write the same rows
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
            frame.write_parquet(stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StudyError(f"The rows of a part cannot be written: {error.strerror}; make room, and run the same again.") from None
