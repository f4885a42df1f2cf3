"""A frame as the bytes of a file for a spreadsheet or another program; text that a spreadsheet would run is defused."""

from io import BytesIO

import polars as pl

from kithwork.formats.sheets import FORMULA, defuse
from kithwork.model.errors import SelectionError, near

ENDINGS = (".csv", ".xlsx", ".parquet")
EXCEL_ROWS = 1_048_576


def frame_bytes(frame: pl.DataFrame, ending: str) -> bytes:
    """The frame as `.csv`, `.xlsx` or `.parquet`. Raises `SelectionError` for another ending, or more rows than Excel holds."""
    if ending not in ENDINGS:
        raise SelectionError(f"A table is written as {', '.join(ENDINGS)}.{near(ending, ENDINGS)}")
    if ending == ".csv":
        return defused(frame).write_csv().encode()
    stream = BytesIO()
    if ending == ".parquet":
        frame.write_parquet(stream)
    elif frame.height >= EXCEL_ROWS:
        raise SelectionError(f"The table has {frame.height:,} rows and Excel holds {EXCEL_ROWS - 1:,}; take .csv or .parquet.")
    else:
        defused(frame).write_excel(stream, float_precision=6)
    return stream.getvalue()


def defused(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every text that a spreadsheet would run led by `'`, in cells and heads."""
    runs = pl.col(pl.String).str.contains(FORMULA)
    return frame.with_columns(pl.when(runs).then("'" + pl.col(pl.String)).otherwise(pl.col(pl.String)).name.keep()).rename(defuse)
