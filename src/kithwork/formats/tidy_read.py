"""The tidy set, read back: the tables of maps and people from `maps.csv`, `ties.csv` and so on, as CSV, Parquet, or sheets of a workbook.

Ids in the files only join rows; what comes in gets ids of its own. What is there already is recognised by what it is: a participant and
an alter by pseudonym, a wave by position, a map by its place.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from kithwork.formats import egor
from kithwork.formats.apart import sheets_apart
from kithwork.formats.building import number_of, truth_of
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import Sheet, read_sheet, restore
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError, StudyError
from kithwork.model.ids import new_id
from kithwork.model.rows import Row, clean_row
from kithwork.model.schema import TABLES, Column
from kithwork.model.tables import StudyTables

READ = (
    *("waves", "circles", "roles", "support_types", "questions", "asked", "participants", "interviews", "maps", "alters", "ties"),
    *("nominations", "fates", "supports", "alter_ties", "events", "answers"),
)
NEEDED = ("waves", "participants", "interviews", "maps", "alters", "ties")
_CODED = ("choice", "choices", "boolean")


def recognises_csv(sources: list[Source], notes: Notes) -> bool:
    """Whether there are files called maps.csv and ties.csv with our columns."""
    return _are_ours(sources, ".csv")


def recognises_parquet(sources: list[Source], notes: Notes) -> bool:
    """Whether a file is a Parquet file."""
    return any(source.name.lower().endswith(".parquet") and source.data[:4] == b"PAR1" for source in sources)


def _are_ours(sources: list[Source], ending: str) -> bool:
    heads = {PurePosixPath(source.name).stem.lower(): source.data[:400] for source in sources if source.name.lower().endswith(ending)}
    plain = {name: head.replace(b"\x00", b"").split(b"\n", 1)[0] for name, head in heads.items()}
    return b"interview_id" in plain.get("maps", b"") and b"map_id" in plain.get("ties", b"")


def read_csv(sources: list[Source], notes: Notes) -> StudyTables:
    """Tables from the tidy set as CSV; `FormatError` where a table that holds it together is missing or a value cannot be."""
    return _read(sources, ".csv", lambda source: read_sheet(source, notes), notes)


def read_parquet(sources: list[Source], notes: Notes) -> StudyTables:
    """The same from Parquet; files of other names are read as egor's, by their columns."""
    files = {PurePosixPath(source.name).stem.lower(): source for source in sources if source.name.lower().endswith(".parquet")}
    wanted = [source for name, source in files.items() if name in READ or not {"maps", "ties"} <= set(files)]
    sheets = {sheet.name: sheet for sheet in sheets_apart(wanted, "Parquet")}
    names = {PurePosixPath(name).stem.lower(): sheet.header for name, sheet in sheets.items()}
    if "interview_id" not in names.get("maps", []) or "map_id" not in names.get("ties", []):
        return egor.read_tables(sheets.values(), notes)
    return _read(sources, ".parquet", lambda source: sheets[source.name], notes)


def _read(sources: list[Source], ending: str, sheet_of: Callable[[Source], Sheet], notes: Notes) -> StudyTables:
    sheets: dict[str, Sheet] = {}
    for source in sources:
        name = PurePosixPath(source.name).stem.lower()
        if not source.name.lower().endswith(ending) or name not in TABLES:
            if name != "data-dictionary":
                notes.meet("not_read", "The file is no table of a study and is not read.", source.name)
        elif name in READ:
            sheets[name] = sheet_of(source)
        elif source.data.strip().count(b"\n"):
            notes.lose("Talk and its coding, consents, wishes and other tables beside the maps are not read from a tidy set.")
    return tables_of(sheets, notes)


def tables_of(sheets: Mapping[str, Sheet], notes: Notes) -> StudyTables:
    """Tables from sheets by table name, their references joined by ids of our own."""
    missing = [name for name in NEEDED if name not in sheets]
    if missing:
        raise FormatError(f"The tidy set has no table '{missing[0]}'; give the whole folder that was exported.")
    ids = {name: _ids(sheets[name], notes) for name in READ if name in sheets}
    rows: dict[str, list[Row]] = {}
    free: set[str] = set()
    for name in READ:
        if name in sheets:
            rows[name] = [row for row in _rows(name, sheets[name], ids, free, notes) if row]
            if name == "questions":
                free = {row["id"] for row in rows[name] if row.get("answer_kind") not in _CODED}
    drawn = {row["interview_id"] for row in rows["maps"]}
    if any(row["status"] == "held" and row["id"] not in drawn for row in rows["interviews"]):
        notes.meet("held_without_map", "An interview is held and has no map; it comes in as it is.")
    return StudyTables.from_rows(rows)


def _ids(sheet: Sheet, notes: Notes) -> dict[str, str]:
    """A fresh id for each of the file's; `FormatError` where two rows have one."""
    if "id" not in sheet.header:
        raise FormatError(f"'{sheet.name}' has no column 'id'; give the file as it was exported.")
    cells = [cell.strip() for cell in sheet.column("id")]
    if len(set(cells)) < len(cells) or "" in cells:
        raise FormatError(f"Two rows of '{sheet.name}' have the same id, or one has none; give the file as it was exported.")
    return {cell: new_id() for cell in cells}


def _rows(name: str, sheet: Sheet, ids: Mapping[str, dict[str, str]], free: set[str], notes: Notes) -> Iterable[Row | None]:
    table = TABLES[name]
    unknown = [column for column in sheet.header if column not in table.names]
    if unknown:
        notes.meet("not_read", f"{len(unknown)} column(s) are none of ours and are not read.", sheet.name)
    own = sheet.header.index("id")
    columns = [(at, table[column]) for at, column in enumerate(sheet.header) if column in table.names and column != "source_key"]
    for cells, number in zip(sheet.rows, sheet.numbers, strict=True):
        try:
            row = {column.name: _value(column, restore(cells[at]), ids.get(column.table or name, {})) for at, column in columns}
            kept = _joined(name, {key: value for key, value in row.items() if value is not None}, free, sheet.name, number, notes)
            if kept is None:
                del ids[name][cells[own].strip()]  # what points to it is left out too
            yield kept
        except (StudyError, ValueError, RecursionError) as error:
            said = str(error) if isinstance(error, StudyError) else "A cell does not hold what its column is for."
            raise FormatError(f"'{sheet.name}', row {number}: {said}") from None


def _joined(name: str, row: Row, free: set[str], file: str, number: int, notes: Notes) -> Row | None:
    """The row where all it cannot do without is there; None where it is left out."""
    table = TABLES[name]
    needed = [column.name for column in table.columns if column.table and column.is_required]
    if any(row.get(column) == "" for column in needed):
        notes.meet("unknown_ego", "The row belongs to something that is in none of the files.", file, number)
        return None
    row = {key: value for key, value in row.items() if value != ""}
    if table.exactly_one and not any(one in row for one in table.exactly_one):
        notes.lose("Answers about what is not read from a tidy set are left out.")
        return None
    if name == "answers" and row["question_id"] in free and not {"number", "text", "codes"} & set(row):
        notes.lose("Answers in words were not part of what was exported and are left out, as are those that say nothing.")
        return None
    return clean_row(name, row)


def _value(column: Column, cell: str, ids: Mapping[str, str]) -> Any:
    """A cell as a value of the column; '' for a reference to what is not there."""
    if cell == "" or (column.kind != "text" and cell.strip() in ("NA", "NaN", "NULL")):  # as R writes what is missing
        return None
    if column.kind in ("id", "reference"):
        return ids.get(cell.strip(), "")
    if column.kind in ("integer", "number"):
        return cell if (number := number_of(cell)) is None else number
    if column.kind == "boolean":
        return cell if (truth := truth_of(cell)) is None else truth
    if column.kind == "choices":
        return cell.split(";")
    return json.loads(cell) if column.kind == "json" else cell
