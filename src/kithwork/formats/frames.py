"""A frame as the bytes of a file for a spreadsheet or another program; text that a spreadsheet would run is defused."""

from io import BytesIO

import polars as pl

from kithwork.formats.guids import outside
from kithwork.formats.sheets import FORMULA, defuse
from kithwork.model.errors import SelectionError, near
from kithwork.model.ids import is_id

ENDINGS = (".csv", ".xlsx", ".parquet")
EXCEL_ROWS = 1_048_576
EXCEL_CELL = 32_767  # characters
_CUT = " … [cut: an Excel cell holds no more; take .csv]"
# text stays the text it is: no formula, and no link, of which Excel would keep neither 'mailto:' nor what is long
_NO_GUESSES = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}


def frame_bytes(frame: pl.DataFrame, ending: str, *, with_header: bool = True) -> bytes:
    """The frame as `.csv` (without its head where it goes on from another), `.xlsx` or `.parquet`.

    A row id tells when the row was made, so what is written is the id it is known by outside, the same in every file.
    Raises `SelectionError` for another ending, or more rows than Excel holds.
    """
    if ending not in ENDINGS:
        raise SelectionError(f"A table is written as {', '.join(ENDINGS)}.{near(ending, ENDINGS)}")
    frame = _with_outside_ids(frame)
    if ending == ".csv":
        return defused(frame).write_csv(include_header=with_header).encode()
    import xlsxwriter

    stream = BytesIO()
    if ending == ".parquet":
        frame.write_parquet(stream)
    elif frame.height >= EXCEL_ROWS:
        raise SelectionError(f"The table has {frame.height:,} rows and Excel holds {EXCEL_ROWS - 1:,}; take .csv or .parquet.")
    else:
        book = xlsxwriter.Workbook(stream, _NO_GUESSES)
        _cut(defused(frame)).write_excel(book, float_precision=6)
        book.close()
    return stream.getvalue()


def _with_outside_ids(frame: pl.DataFrame) -> pl.DataFrame:
    ids = [name for name, kind in frame.schema.items() if name.endswith("_id") and kind == pl.String]
    known = {value: outside(value) for name in ids for value in frame[name].unique() if is_id(value)}
    return frame.with_columns(pl.col(name).replace(known) for name in ids) if known else frame


def _cut(frame: pl.DataFrame) -> pl.DataFrame:
    """Texts longer than a cell holds, of which Excel's writer would keep nothing, cut, and saying so."""
    texts = pl.col(pl.String)
    short = texts.str.head(EXCEL_CELL - len(_CUT)) + _CUT
    return frame.with_columns(pl.when(texts.str.len_chars() > EXCEL_CELL).then(short).otherwise(texts).name.keep())


def defused(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every text that a spreadsheet would run led by `'`, in cells and heads."""
    frame = frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    runs = pl.col(pl.String).str.contains(FORMULA)
    return frame.with_columns(pl.when(runs).then("'" + pl.col(pl.String)).otherwise(pl.col(pl.String)).name.keep()).rename(defuse)
