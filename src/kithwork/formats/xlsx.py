"""Excel workbooks: written with one sheet a table, read where a sheet holds egos, alters or alter ties as egor's files do.

No cell is ever a formula: text that begins like one gets a leading `'`, as in CSV, and comes back without it.
"""

import io
import re
from typing import Any

from kithwork.formats import egor
from kithwork.formats.egor.writer import three_tables
from kithwork.formats.frames import EXCEL_CELL, EXCEL_ROWS
from kithwork.formats.reading import Notes, Writing
from kithwork.formats.sheets import LONGEST_LINE, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Sheet, cell_text, restore
from kithwork.formats.sources import Source, open_zip, read_member
from kithwork.formats.tidy import tidy_tables
from kithwork.formats.tidy_read import NEEDED, READ, tables_of
from kithwork.model.errors import FormatError, SelectionError, StudyError
from kithwork.model.tables import StudyTables

_CELL = re.compile(rb'[ \t\n]r="([A-Z]{1,3})(\d{1,7})"')
_THREE = ("egos", "alters", "aaties")


def write(tables: StudyTables, *, with_personal_text: bool = False, include_unsigned: bool = False) -> Writing:
    """`study.xlsx`: egos, alters and alter ties as for egor, then every research table, and the data dictionary."""
    import xlsxwriter

    three = three_tables(tables, with_personal_text=with_personal_text)
    tidy, losses = tidy_tables(tables, with_personal_text, include_unsigned)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    cut = 0
    for name, (header, rows) in {**three.tables, **{f"t_{name}": table for name, table in tidy.items()}}.items():
        if len(rows) >= EXCEL_ROWS:
            raise SelectionError(f"The table has {len(rows):,} rows and Excel holds {EXCEL_ROWS - 1:,}; take csv or parquet.")
        sheet = book.add_worksheet(name[:31])
        for at, line in enumerate([header, *rows]):
            cut += sum(_write(sheet, at, column, value) for column, value in enumerate(line))
    book.close()
    losses = [*three.losses, *losses]
    if cut:
        losses.append(f"{cut} text(s) are longer than {EXCEL_CELL:,} characters, which is all a cell holds, and are cut there.")
    return Writing({"study.xlsx": stream.getvalue()}, losses)


def _write(sheet: Any, row: int, column: int, value: Any) -> bool:
    """One cell; whether its text was cut."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
        return False
    text = cell_text(value)
    if text:
        sheet.write_string(row, column, text[:EXCEL_CELL])
    return len(text) > EXCEL_CELL


def recognises(sources: list[Source], notes: Notes) -> bool:
    """Whether a file is an Excel workbook."""
    return any(source.name.lower().endswith(".xlsx") and source.data[:2] == b"PK" for source in sources)


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """Tables from workbooks whose sheets are laid out as egor's files; `FormatError` where one is damaged or too large."""
    sheets: list[Sheet] = []
    for source in sources:
        if source.name.lower().endswith(".xlsx"):
            sheets += _sheets(source)
        else:
            notes.meet("not_read", "The file is no Excel workbook and is not read beside one.", source.name)
    named = {sheet.name.rpartition(": ")[2]: sheet for sheet in sheets}
    if all(f"t_{name}" in named for name in NEEDED):  # our own workbook holds the tidy set too, which loses less
        return tables_of({name: named[f"t_{name}"] for name in READ if f"t_{name}" in named}, notes)
    if "egos" in named and "alters" in named:
        others = [name for name in named if name not in _THREE]
        sheets = [named[name] for name in _THREE if name in named]
        if others:
            notes.lose("Sheets beside egos, alters and aaties are not read.")
    return egor.read_tables(sheets, notes)


def _sheets(source: Source) -> list[Sheet]:
    _check(source)
    try:
        import fastexcel
    except ImportError:
        raise StudyError("Excel workbooks are read with fastexcel; install kithwork[statistics].") from None
    try:
        book = fastexcel.read_excel(source.data)
        frames = {name: book.load_sheet(name, header_row=None, dtypes="string").to_polars() for name in book.sheet_names}
    except fastexcel.FastExcelError:
        raise FormatError(f"'{source.name}' is no whole Excel workbook; save it again.") from None
    return [sheet for name, frame in frames.items() if (sheet := _sheet(f"{source.name}: {name}", frame)) is not None]


def _check(source: Source) -> None:
    """Refuse by what the sheets' XML says before a library makes room for it: one cell far away claims all between."""
    with open_zip(source.data, source.name) as (archive, members):
        for member in members:
            if not member.filename.endswith(".xml"):
                continue
            data = read_member(archive, member, source.name)
            if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
                raise FormatError(f"'{source.name}' declares a document type or entities, which may do harm, and is not read.")
            if "worksheets/" in member.filename:
                _check_sheet(data, source.name)


def _check_sheet(data: bytes, name: str) -> None:
    columns = rows = 0
    for match in _CELL.finditer(data):
        number = 0
        for letter in match.group(1):
            number = number * 26 + letter - 64
        columns, rows = max(columns, number), max(rows, int(match.group(2)))
    rows = max([rows, *(int(each) for each in re.findall(rb'<(?:\w+:)?row\b[^>]{0,200}?[ \t\n]r="(\d{1,7})"', data))])
    count = data.count(b"<c ") + data.count(b"<c>")
    if columns > MOST_COLUMNS or rows > MOST_ROWS or max(columns * rows, count) > MOST_CELLS:
        raise FormatError(f"'{name}' has a sheet of more than {MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns or {MOST_CELLS:,} cells.")


def _sheet(name: str, frame: Any) -> Sheet | None:
    """A sheet as text cells; None where its first row names nothing."""
    lines = [["" if cell is None else cell for cell in row] for row in frame.iter_rows()]
    header = [restore(cell.strip()) for cell in lines[0]] if lines else []
    kept = [at for at, cell in enumerate(header) if cell]
    if not kept:
        return None
    names = [header[at] for at in kept]
    if len(set(names)) < len(names):
        raise FormatError(f"Sheet '{name}' has two columns of one name; mend its first row.")
    if max((len(cell) for line in lines for cell in line), default=0) > LONGEST_LINE:
        raise FormatError(f"Sheet '{name}' has a cell longer than {LONGEST_LINE:,} characters.")
    rows = [([line[at] for at in kept], number) for number, line in enumerate(lines[1:], 2) if any(line)]
    return Sheet(name, names, [row for row, _ in rows], [number for _, number in rows], ";")
