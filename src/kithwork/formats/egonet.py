"""EgoNet's raw CSV, read: two tables in one file, apart by an empty line: a row an alter, then a row a pair of alters.

One way only. The columns of ego's and of alters' questions stand side by side; one whose values are the same in all rows of each
ego is ego's.
"""

import re
from dataclasses import replace

from kithwork.formats import egor
from kithwork.formats.building import is_name_column
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import Sheet, decode, read_sheet
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables

_GAP = re.compile(r"(?:\r\n?|\n)[ \t,;]*(?:\r\n?|\n)+")
_FIRST = ("egoid", "egoname", "alterid", "altername")
_SECOND = ("egoid", "egoname", "alterid1", "altername1", "alterid2", "altername2")


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


def recognises(sources: list[Source], notes: Notes) -> bool:
    """Whether a file begins with EgoID, EgoName, AlterID, AlterName."""
    for source in sources:
        head = source.data[:300].split(b"\n", 1)[0].decode("utf-8", "replace")
        if tuple(_plain(name) for name in re.split("[,;\t]", head)[:4]) == _FIRST:
            return True
    return False


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """Tables from one raw file; `FormatError` where it is none. Names of egos and alters go to the identities."""
    if len(sources) > 1:
        raise FormatError(f"{len(sources)} files were given; EgoNet's raw data are one file.")
    source = sources[0]
    parts = [part for part in _GAP.split(decode(source, notes)) if part.strip()]
    if not 1 <= len(parts) <= 2:
        raise FormatError(f"'{source.name}' holds {len(parts)} tables where EgoNet writes two; export the raw data again.")
    first = read_sheet(Source(source.name, parts[0].encode()), notes)
    if tuple(_plain(name) for name in first.header[:4]) != _FIRST:
        raise FormatError(f"'{source.name}' does not begin with EgoID, EgoName, AlterID, AlterName; export the raw data from EgoNet again.")
    sheets = [*_egos_and_alters(first)]
    if len(parts) == 2:
        second = read_sheet(Source(source.name, parts[1].encode()), notes)
        if tuple(_plain(name) for name in second.header[:6]) != _SECOND:
            raise FormatError(f"The second table of '{source.name}' does not name two alters in each row; export the raw data again.")
        lines = parts[0].count("\n") + 2
        sheets.append(_pairs(replace(second, numbers=[number + lines for number in second.numbers]), notes))
    notes.lose("Names of egos are not kept: an ego is known by its id.")
    return egor.read_tables(sheets, notes)


def _egos_and_alters(sheet: Sheet) -> tuple[Sheet, Sheet]:
    values: dict[str, dict[int, set[str]]] = {}
    others = range(4, len(sheet.header))
    for row in sheet.rows:
        own = values.setdefault(row[0].strip(), {at: set() for at in others})
        for at in others:
            own[at].add(row[at])
    sizes = [sum(row[0].strip() == ego for row in sheet.rows) for ego in list(values)[:50]]
    is_telling = any(size > 1 for size in sizes)
    of_ego = [at for at in others if is_telling and all(len(own[at]) == 1 for own in values.values())]
    of_alter = [at for at in others if at not in of_ego and not is_name_column(sheet.header[at])]
    seen: set[str] = set()
    egos, numbers = [], []
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        if row[0].strip() not in seen:
            seen.add(row[0].strip())
            egos.append([row[0], *(row[at] for at in of_ego)])
            numbers.append(number)
    named = [[row[0], row[2], row[3], *(row[at] for at in of_alter)] for row in sheet.rows]
    header = [sheet.header[at] for at in of_alter]
    return (
        Sheet(sheet.name, ["egoID", *(sheet.header[at] for at in of_ego)], egos, numbers, sheet.delimiter),
        Sheet(sheet.name, ["egoID", "alterID", "name", *header], named, sheet.numbers, sheet.delimiter),
    )


def _pairs(sheet: Sheet, notes: Notes) -> Sheet:
    """A row a pair: the first question is the weight where it holds numbers, 0 being no tie; empty answers are no row."""
    header = sheet.header[6:]
    rows, numbers = [], []
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        if any(row[6:]):
            rows.append([row[0], row[2], row[4], *row[6:]])
            numbers.append(number)
    names = ["egoID", "Source", "Target", *(["weight", *header[1:]] if header else [])]
    if header:
        notes.meet("tie_rule", "A pair is tied unless the answer to its first question is 0; its number is the weight.", sheet.name)
    return Sheet(sheet.name, names, rows, numbers, sheet.delimiter)
