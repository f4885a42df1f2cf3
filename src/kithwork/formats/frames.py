"""A frame as the bytes of a file for a spreadsheet or another program; text that a spreadsheet would run is defused."""

from io import BytesIO

import polars as pl

from kithwork.formats.sheets import defuse
from kithwork.model.errors import SelectionError, near

ENDINGS = (".csv", ".xlsx", ".parquet")
EXCEL_ROWS = 1_048_576


def frame_bytes(frame: pl.DataFrame, ending: str) -> bytes:
    """The frame as `.csv`, `.xlsx` or `.parquet`. Raises `SelectionError` for another ending, or more rows than Excel holds."""
    if ending not in ENDINGS:
        raise SelectionError(f"A table is written as {', '.join(ENDINGS)}.{near(ending, ENDINGS)}")
    if ending == ".csv":
        return _defused(frame).write_csv().encode()
    stream = BytesIO()
    if ending == ".parquet":
        frame.write_parquet(stream)
    elif frame.height >= EXCEL_ROWS:
        raise SelectionError(f"The table has {frame.height:,} rows and Excel holds {EXCEL_ROWS - 1:,}; take .csv or .parquet.")
    else:
        _defused(frame).write_excel(stream, float_precision=6)
    return stream.getvalue()


def _defused(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col(pl.String).map_elements(defuse, return_dtype=pl.String)).rename(defuse)
