"""What a command measures: a study, a cohort on disk, or files of another tool."""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kithwork.cli.main import open_from_command
from kithwork.model.errors import FormatError, SelectionError

if TYPE_CHECKING:
    from kithwork.cohort import Cohort, Policy


def cohort_folder(source: str) -> Path | None:
    """The folder or file of rows of lists that a command names, if that is what it names."""
    path = Path(source).expanduser()
    if not (path.is_dir() or (path.is_file() and path.suffix.lower() == ".parquet")):
        return None
    from kithwork.cohort.files import is_cohort

    return path if is_cohort(path) else None


@contextlib.contextmanager
def too_large_to_read(source: str, output: Path | None, by: tuple[str, ...]) -> Iterator[Path | None]:
    """egor's files that are too large to be read whole as a folder of rows of lists, gone afterwards; None for anything else."""
    path = Path(source).expanduser()
    if not path.is_dir():
        yield None
        return
    from kithwork.formats.egor.large import large_files, write_large

    files = large_files(path)
    if files is None:
        yield None
        return
    if by:
        raise SelectionError(
            "Files too large to be read whole are measured without attributes to sort by; leave --by out, or import in parts."
        )
    click.echo("Too large to be read whole: ids, kinds, circles and weights are read, other columns are not.", err=True)
    with tempfile.TemporaryDirectory(prefix=".kithwork-", dir=output.resolve().parent if output else None) as folder:
        write_large(files, Path(folder))
        yield Path(folder)


def cohort_from(source: str, passphrase_file: Path | None, policy: "Policy", by: Iterable[str]) -> "Cohort":
    """A study's cohort; or that of files which another tool wrote, read as `kith import` reads them, and kept nowhere."""
    from kithwork.cohort import COLUMNS, cohort_of
    from kithwork.cohort.build import ATTRIBUTE_TABLES

    path = Path(source).expanduser()
    if path.is_dir() or (path.is_file() and path.suffix.lower() in _foreign_endings()):
        from kithwork.formats import read

        reading = read([path])
        if not reading.tables.counts().get("maps"):
            raise FormatError(f"'{path.name}' holds no map to measure.")
        return cohort_of(reading.tables, policy=policy, by=by)
    wanted = (*COLUMNS, *(ATTRIBUTE_TABLES if by else ()))
    with open_from_command(source, passphrase_file, is_read_only=True) as opened:
        return cohort_of(opened.tables(*wanted), policy=policy, by=by)


def _foreign_endings() -> set[str]:
    from kithwork.formats import FORMATS

    return {ending for each in FORMATS if each.read for ending in each.endings}
