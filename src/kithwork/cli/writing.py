"""A table as a file that a command writes: CSV, Parquet or Excel, by the ending of its name."""

import contextlib
import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kithwork.model.errors import SelectionError, StudyError, near

if TYPE_CHECKING:
    import polars as pl

_ENDINGS = (".csv", ".parquet", ".xlsx")
_EXCEL_ROWS = 1_048_576


def writes_table(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds -o to a command that makes a table; the file's name is checked before any work is done."""
    return click.option(
        "-o", "--output", type=click.Path(path_type=Path), callback=_checked, help="File to write: .csv, .parquet or .xlsx."
    )(function)


def listed(words: str | None) -> tuple[str, ...] | None:
    """Words separated by commas; None when none were given at all."""
    return None if words is None else tuple(word.strip() for word in words.split(",") if word.strip())


def write_frame(frame: "pl.DataFrame", path: Path | None, *, with_header: bool = True) -> None:
    """Write a table, whole or not at all; without a path, print it as CSV. Text that a spreadsheet would run is defused.

    A row id tells when the row was made, so what is written is the id it is known by outside, the same in every file.
    """
    frame = _with_outside_ids(frame)
    if path is None:
        click.echo(_csv(frame, with_header).decode(), nl=False)
        return
    data = {".csv": _csv, ".parquet": _parquet, ".xlsx": _xlsx}[_ending(path)](frame)
    with whole_file(path) as stream:
        stream.write(data)


def _with_outside_ids(frame: "pl.DataFrame") -> "pl.DataFrame":
    import polars as pl

    from kithwork.formats.guids import outside
    from kithwork.model.ids import is_id

    ids = [name for name, kind in frame.schema.items() if name.endswith("_id") and kind == pl.String]
    known = {value: outside(value) for name in ids for value in frame[name].unique() if is_id(value)}
    return frame.with_columns(pl.col(name).replace(known) for name in ids) if known else frame


def write_pieces(pieces: list[Path], path: Path) -> None:
    """Write a table whose pieces are Parquet files, whole or not at all; only a workbook needs all pieces at once."""
    import polars as pl

    ending, whole = _ending(path), pl.scan_parquet(pieces, glob=False)
    if ending == ".xlsx":
        write_frame(whole.collect(), path)
        return
    with whole_file(path) as stream:
        if ending == ".parquet":
            whole.sink_parquet(stream)
            return
        for number, piece in enumerate(pieces):
            stream.write(_csv(pl.read_parquet(piece, glob=False), number == 0))


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


def _csv(frame: "pl.DataFrame", with_header: bool = True) -> bytes:
    from kithwork.formats.frames import defused

    return defused(frame).write_csv(include_header=with_header).encode()


def _parquet(frame: "pl.DataFrame") -> bytes:
    stream = BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def _xlsx(frame: "pl.DataFrame") -> bytes:
    if frame.height >= _EXCEL_ROWS:
        raise SelectionError(f"The table has {frame.height:,} rows and Excel holds {_EXCEL_ROWS - 1:,}; write .csv or .parquet.")
    from kithwork.formats.frames import defused

    stream = BytesIO()
    defused(frame).write_excel(stream, float_precision=6)
    return stream.getvalue()
