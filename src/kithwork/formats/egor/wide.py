"""Wide layouts of ego-network files, unfolded to one row an alter and one row an alter tie.

One file: a row an ego, with `alter.sex.1, alter.age.1, alter.sex.2 …` (alter by alter) or `sex1, sex2 … age1, age2 …` (variable by
variable), and `1 to 2, 1 to 3 …`. Two files: the alters have rows, the ties between them are columns of the ego's row. Which
alter a column means is its number, never its place in the file. A folder: one file an ego, whose id is the file's name.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kithwork.formats.building import number_of
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import MOST_CELLS, Sheet
from kithwork.model.errors import FormatError

_NUMBERED = re.compile(r"(.*?\D)[ ._]?0*([1-9]\d{0,3})")
_PAIR = re.compile(r"(.*?)[ ._]?0*([1-9]\d{0,3})(?:[ ._]*to[ ._]*|[ ._-]+)0*([1-9]\d{0,3})", re.IGNORECASE)
_SHORT_PAIR = re.compile(r"(.*?\D)([1-9])([1-9])")  # close12, close13 …
_BY_EGO = re.compile(r"\D*(\d+)\.(csv|tsv|txt)", re.IGNORECASE)
_EMPTY = ("", "NA")


Numbered = Mapping[str, Mapping[int, str]]
"""Foreign alter ids by ego and number."""


@dataclass
class Wide:
    """What the columns of one wide sheet mean: alter columns and tie columns by variable, and how many alters there may be."""

    alters: dict[str, dict[int, str]]  # variable -> alter's number -> column
    ties: dict[str, dict[tuple[int, int], str]]  # variable -> pair of numbers -> column
    count: int

    @property
    def columns(self) -> set[str]:
        return {column for group in (*self.alters.values(), *self.ties.values()) for column in group.values()}


def wide_columns(header: Sequence[str], ids: Mapping[str, str]) -> Wide:
    """Columns numbered by alter (each variable 1 to n) and by pair (each variable all pairs of 1 to n) in a header."""
    others = [name for name in header if name not in ids.values()]
    ties = _pairs(others)
    taken = {column for group in ties.values() for column in group.values()}
    groups: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for name in others:
        match = _NUMBERED.fullmatch(name)
        if match and name not in taken:
            groups[match.group(1).rstrip(" ._")].setdefault(int(match.group(2)), name)
    whole = {stem: group for stem, group in groups.items() if stem and len(group) > 1 and set(group) == set(range(1, len(group) + 1))}
    size = max((high for group in ties.values() for _, high in group), default=0) or max(map(len, whole.values()), default=0)
    return Wide({stem: group for stem, group in whole.items() if len(group) == size}, ties, size)


def _pairs(names: Sequence[str]) -> dict[str, dict[tuple[int, int], str]]:
    for pattern, fewest in ((_PAIR, 2), (_SHORT_PAIR, 3)):
        groups: defaultdict[str, dict[tuple[int, int], str]] = defaultdict(dict)
        for name in names:
            match = pattern.fullmatch(name)
            if match and int(match.group(2)) < int(match.group(3)):
                groups[match.group(1).rstrip(" ._")].setdefault((int(match.group(2)), int(match.group(3))), name)
        found = {}
        for stem, group in groups.items():
            count = max(high for _, high in group)
            if count >= fewest and len(group) == count * (count - 1) // 2:
                found[stem] = group
        most = max((len(group) for group in found.values()), default=0)
        if most:
            return {stem: group for stem, group in found.items() if len(group) == most}
    return {}


def narrowed(sheet: Sheet, leave: set[str]) -> Sheet:
    """The sheet without some of its columns."""
    kept = [at for at, name in enumerate(sheet.header) if name not in leave]
    rows = [[row[at] for at in kept] for row in sheet.rows]
    return Sheet(sheet.name, [sheet.header[at] for at in kept], rows, sheet.numbers, sheet.delimiter, sheet.coded)


def beside(sheet: Sheet, ego: str, wide: Sheet, wide_ego: str, notes: Notes) -> Sheet:
    """The egos' sheet with the columns of another that has a row an ego too; a row of an ego that is not there is told."""
    at, own = sheet.header.index(ego), wide.header.index(wide_ego)
    others = [place for place in range(len(wide.header)) if place != own]
    cells: dict[str, list[str]] = {}
    known = {row[at].strip() for row in sheet.rows}
    for row, number in zip(wide.rows, wide.numbers, strict=True):
        if row[own].strip() not in known:
            notes.meet("unknown_ego", "The row belongs to an ego that is in no row of the egos.", wide.name, number)
        elif row[own].strip() in cells:
            notes.meet("repeated_ego", "The ego was in an earlier row.", wide.name, number)
        else:
            cells[row[own].strip()] = [row[place] for place in others]
    if len(sheet.rows) * (len(sheet.header) + len(others)) > MOST_CELLS:
        raise FormatError(f"'{sheet.name}' and '{wide.name}' have more than {MOST_CELLS:,} cells together; import them in parts.")
    empty = [""] * len(others)
    rows = [row + cells.get(row[at].strip(), empty) for row in sheet.rows]
    header = [*sheet.header, *(wide.header[place] for place in others)]
    return Sheet(sheet.name, header, rows, sheet.numbers, sheet.delimiter, {**wide.coded, **sheet.coded})


def unfold_alters(sheet: Sheet, ego: str, wide: Wide, id_stem: str | None, netsize: str | None, notes: Notes) -> tuple[Sheet, Numbered]:
    """A row an alter, with `egoID`, `alterID` and the variables; the alter's id is its number where it has none of its own.

    An alter is there up to the ego's network size where a column says it, and otherwise where anything is recorded of it. Also
    handed back: which alter each number means, by ego.
    """
    variables = [stem for stem in wide.alters if stem != id_stem]
    cell = {name: sheet.header.index(name) for name in (*wide.columns, ego, *([netsize] if netsize else []))}
    rows: list[list[str]] = []
    numbers: list[int] = []
    known: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        size = number_of(row[cell[netsize]]) if netsize else None
        if size is not None and size > wide.count:
            notes.meet("network_size", f"The ego has more alters than the {wide.count} that have columns.", sheet.name, number)
        for alter in range(1, wide.count + 1):
            values = [row[cell[wide.alters[stem][alter]]] for stem in variables]
            own = row[cell[wide.alters[id_stem][alter]]] if id_stem else str(alter)
            is_there = alter <= size if size is not None else _is_recorded(row, cell, wide, alter, [*values, own if id_stem else ""])
            if is_there:
                own = own if own not in _EMPTY else str(alter)
                known[row[cell[ego]].strip()][alter] = own
                rows.append([row[cell[ego]], own, *values])
                numbers.append(number)
        if len(rows) * (len(variables) + 2) > MOST_CELLS:
            raise FormatError(f"'{sheet.name}' would have more than {MOST_CELLS:,} cells of alters; import it in parts.")
    return Sheet(sheet.name, ["egoID", "alterID", *variables], rows, numbers, sheet.delimiter), known


def _is_recorded(row: list[str], cell: Mapping[str, int], wide: Wide, alter: int, values: list[str]) -> bool:
    if any(value.strip() not in _EMPTY for value in values):
        return True
    return any(
        alter in pair and number_of(row[cell[column]], is_comma=True) for group in wide.ties.values() for pair, column in group.items()
    )


def unfold_ties(sheet: Sheet, ego: str, wide: Wide, alters: Numbered, notes: Notes) -> Sheet:
    """A row a pair that has a value, with `egoID`, `Source`, `Target` and `weight`.

    The first variable is the weight, further ones are columns of their own.
    """
    stems = list(wide.ties)
    at = {column: sheet.header.index(column) for group in wide.ties.values() for column in group.values()}
    own = sheet.header.index(ego)
    rows: list[list[str]] = []
    numbers: list[int] = []
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        known = alters.get(row[own].strip(), {})
        for low, high in sorted(wide.ties[stems[0]]):
            values = [row[at[wide.ties[stem][low, high]]].strip() for stem in stems]
            if all(value in _EMPTY for value in values):
                continue
            if low in known and high in known:
                rows.append([row[own], known[low], known[high], *values])
                numbers.append(number)
            elif number_of(values[0], is_comma=True):
                notes.meet("dangling_alter_tie", "The alter tie names an alter that its ego did not name.", sheet.name, number)
        if len(rows) * (len(stems) + 3) > MOST_CELLS:
            raise FormatError(f"'{sheet.name}' would have more than {MOST_CELLS:,} cells of alter ties; import it in parts.")
    return Sheet(sheet.name, ["egoID", "Source", "Target", "weight", *stems[1:]], rows, numbers, sheet.delimiter)


def ego_of_name(name: str) -> str | None:
    """The ego's id in the name of a file that holds one ego, such as `12.csv`."""
    match = _BY_EGO.fullmatch(name)
    return match.group(1) if match else None


def joined(sheets: Sequence[Sheet], ego: str | None) -> Sheet:
    """Sheets of one ego each as one sheet, columns joined by name; the ego's id comes from the file's name where `ego` is no column."""
    header = list(dict.fromkeys(name for sheet in sheets for name in sheet.header))
    if ego is None:
        ego = "egoID"
        header = [ego, *header]
    rows: list[list[str]] = []
    numbers: list[int] = []
    for sheet in sheets:
        at = {name: place for place, name in enumerate(sheet.header)}
        own = ego_of_name(sheet.name) or ""
        rows += [[row[at[name]] if name in at else own if name == ego else "" for name in header] for row in sheet.rows]
        numbers += sheet.numbers
    if len(rows) * len(header) > MOST_CELLS:
        raise FormatError(f"The files of one ego each have more than {MOST_CELLS:,} cells; import them in parts.")
    name = sheets[0].name if len(sheets) == 1 else f"{sheets[0].name} … {sheets[-1].name}"
    return Sheet(name, header, rows, numbers, sheets[0].delimiter)
