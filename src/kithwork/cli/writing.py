"""A table as a file that a command writes: CSV, Parquet or Excel, by the ending of its name."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kithwork.model.errors import SelectionError, StudyError, near

if TYPE_CHECKING:
    import polars as pl

_ENDINGS = (".csv", ".parquet", ".xlsx")


def writes_table(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds -o to a command that makes a table; the file's name is checked before any work is done."""
    return click.option(
        "-o", "--output", type=click.Path(path_type=Path), callback=_checked, help="File to write: .csv, .parquet or .xlsx."
    )(function)


def listed(words: str | None) -> tuple[str, ...] | None:
    """Words separated by commas; None when none were given at all."""
    return None if words is None else tuple(word.strip() for word in words.split(",") if word.strip())


def write_frame(frame: "pl.DataFrame", path: Path | None, *, with_header: bool = True) -> None:
    """Write a table, whole or not at all; without a path, print it as CSV. Text that a spreadsheet would run is defused."""
    from kithwork.formats.frames import frame_bytes

    if path is None:
        click.echo(frame_bytes(frame, ".csv", with_header=with_header).decode(), nl=False)
        return
    data = frame_bytes(frame, _ending(path))
    with whole_file(path) as stream:
        stream.write(data)


def write_pieces(pieces: list[Path], path: Path) -> None:
    """Write a table whose pieces are Parquet files, whole or not at all; only a workbook needs all pieces at once."""
    import polars as pl

    from kithwork.formats.frames import frame_bytes

    ending, whole = _ending(path), pl.scan_parquet(pieces, glob=False)
    if ending == ".xlsx":
        write_frame(whole.collect(), path)
        return
    with whole_file(path) as stream:
        if ending == ".parquet":
            whole.sink_parquet(stream)
            return
        for number, piece in enumerate(pieces):
            stream.write(frame_bytes(pl.read_parquet(piece, glob=False), ".csv", with_header=number == 0))


def write_new(path: Path, data: bytes) -> None:
    """A file that was not there before, whole, readable by its owner alone."""
    if path.exists():
        raise StudyError(f"'{path.name}' is there already and may have been filled in; choose another name.")
    with whole_file(path) as stream:
        stream.write(data)


@contextlib.contextmanager
def whole_file(path: Path) -> "Iterator[Any]":
    """A file that appears when all of it is written, readable by its owner alone."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
            yield stream
        part.replace(path)
    except OSError as error:
        raise StudyError(f"'{path.name}' cannot be written: {error.strerror}; choose another place.") from None


def _checked(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    if path is not None:
        _ending(path)
    return path


def _ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending not in _ENDINGS:
        shown = f"ends in '{ending}'" if ending else "has no ending"
        raise SelectionError(f"'{path.name}' {shown}; a table is written as .csv, .parquet or .xlsx.{near(ending, _ENDINGS)}")
    return ending
