"""VennMaker's CSV set, read one way: `EGO_<n>.csv`, `ALTER_<n>.csv` and `ADJACENCY_…`; each network map of a file is a wave.

A column ends in the name of its map (`x_first`, `age_first`). VennMaker exports no circle of an alter, only counts, and positions in
pixels without the centre: alters are in no circle here. Attribute values are codes without their words.
"""

import re
from collections import defaultdict

from kithwork.formats.attributes import answer_row, attributes_of
from kithwork.formats.building import Builder, number_of
from kithwork.formats.egor.reader import weight_of
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import Sheet, read_sheet
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables

_NAME = re.compile(r"(EGO|ALTER|ADJACENCY|RELATIONGROUPS|MULTIPLEXITY|COMPUTE|INTERVIEWTIME)_?(.*)\.csv", re.IGNORECASE)
_COMPUTED = re.compile(r"(in|out)?(degree|closeness|betweenness|proximity|prestige|density)", re.IGNORECASE)


def recognises(sources: list[Source], notes: Notes) -> bool:
    """Whether a file is named ALTER_… and has the columns id_Alter and id_Ego."""
    return any(
        source.name.upper().startswith("ALTER") and b"id_Alter" in source.data[:4000] and b"id_Ego" in source.data[:4000]
        for source in sources
    )


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """Tables from the set; `FormatError` where no file lists alters."""
    sheets: defaultdict[str, list[tuple[str, Sheet]]] = defaultdict(list)
    for source in sources:
        match = _NAME.fullmatch(source.name)
        if match and match.group(1).upper() in ("EGO", "ALTER", "ADJACENCY"):
            sheets[match.group(1).upper()].append((match.group(2), read_sheet(source, notes)))
        else:
            notes.lose("Computed values, relation groups, multiplexity and interview times are left out.")
    if not sheets["ALTER"]:
        raise FormatError("No file lists alters: VennMaker's is named ALTER_ and has the columns id_Alter and id_Ego.")
    builder = Builder(notes)
    names = _maps([sheet for _, sheet in sheets["ALTER"]])
    _Reader(builder, names).read(sheets)
    notes.lose("VennMaker exports no circle of an alter, and positions in pixels without the centre: both are left out.")
    notes.lose("Attributes are codes of VennMaker, whose words are not in its CSV.")
    return builder.tables()


def _maps(sheets: list[Sheet]) -> list[str]:
    """The network maps by their names, in the order of the columns."""
    return list(dict.fromkeys(name[2:] for sheet in sheets for name in sheet.header if name.startswith("x_"))) or [""]


class _Reader:
    """Reads the set into one study."""

    def __init__(self, builder: Builder, maps: list[str]) -> None:
        self.builder, self.notes, self.maps = builder, builder.notes, maps
        self.people: dict[str, str] = {}
        self.drawn: dict[tuple[str, str], str] = {}  # ego, map
        self.ties: dict[tuple[str, str, str], str] = {}  # ego, map, alter

    def read(self, sheets: dict[str, list[tuple[str, Sheet]]]) -> None:
        """Egos, alters, then ties."""
        self.is_asked = bool(sheets.get("ADJACENCY"))
        for _, sheet in sheets.get("EGO", []):
            for row in sheet.rows:
                self._ego(row[sheet.header.index("id_Ego")].strip() if "id_Ego" in sheet.header else "")
        for _, sheet in sheets["ALTER"]:
            self._alters(sheet)
        for words, sheet in sheets.get("ADJACENCY", []):
            self._matrix(words, sheet)

    def _ego(self, ego: str) -> bool:
        if not ego:
            return False
        if ego not in self.people:
            self.people[ego] = self.builder.add("participants", pseudonym=ego, status="enrolled", source_key=f"vennmaker:{ego}")
            for at, name in enumerate(self.maps):
                wave = self.builder.wave(self.builder.options.wave + at)
                held = self.builder.add("interviews", participant_id=self.people[ego], wave_id=wave, status="held")
                self.drawn[ego, name] = self.builder.add(
                    "maps",
                    interview_id=held,
                    state=self.builder.options.state,
                    stage="finished",
                    alter_ties_asked="yes" if self.is_asked else "no",
                    source_key=f"vennmaker:{ego}:{at}",
                )
        return True

    def _alters(self, sheet: Sheet) -> None:
        if not {"id_Alter", "id_Ego"} <= set(sheet.header):
            raise FormatError(f"'{sheet.name}' lacks the columns id_Alter and id_Ego; export it from VennMaker again.")
        asked = {}
        for at, name in enumerate(self.maps):
            ending = f"_{name}" if name else ""
            own = [c for c in sheet.header if c.endswith(ending) and c not in ("id_Alter", "id_Ego") and not c.startswith(("x_", "y_"))]
            self.builder.asked_at = (self.builder.options.wave + at,)
            asked[name] = attributes_of(sheet, [c for c in own if not _COMPUTED.match(c)], (), "tie", self.builder)
        ego_at, alter_at = sheet.header.index("id_Ego"), sheet.header.index("id_Alter")
        people: dict[tuple[str, str], str] = {}
        for at, row in enumerate(sheet.rows):
            ego, alter = row[ego_at].strip(), row[alter_at].strip()
            if not alter or not self._ego(ego):
                self.notes.meet("no_id", "The row names no ego or no alter.", sheet.name, sheet.numbers[at])
                continue
            if (ego, alter) in people:
                self.notes.meet("repeated_alter", "The ego named this alter in an earlier row.", sheet.name, sheet.numbers[at])
                continue
            label = self.builder.label(self.people[ego], "person")
            key = f"vennmaker:{ego}:{alter}"
            values = {"participant_id": self.people[ego], "kind": "person", "pseudonym": label, "source_key": key}
            people[ego, alter] = self.builder.add("alters", **values)
            for name in self.maps:
                place = sheet.header.index(f"x_{name}") if f"x_{name}" in sheet.header else None
                if place is None or row[place].strip():
                    tie = self.builder.add("ties", map_id=self.drawn[ego, name], alter_id=people[ego, alter])
                    self.ties[ego, name, alter] = tie
                    answer_row(asked[name], at, tie, self.builder)

    def _matrix(self, words: str, sheet: Sheet) -> None:
        """A square of alters, ids in the first row and column; its name says whose, and of which map."""
        ego = next((ego for ego in sorted(self.people, key=len, reverse=True) if re.search(rf"(^|_){re.escape(ego)}(_|$)", words)), None)
        ego = ego or (next(iter(self.people)) if len(self.people) == 1 else None)
        name = next((name for name in sorted(self.maps, key=len, reverse=True) if name and name in words), self.maps[0])
        if ego is None:
            self.notes.meet("unknown_ego", "The name of the file tells no ego of the others.", sheet.name)
            return
        for row, number in zip(sheet.rows, sheet.numbers, strict=True):
            first = row[0].strip()
            for column, cell in zip(sheet.header[1:], row[1:], strict=True):
                second = column.strip()
                if first < second and cell.strip() and number_of(cell, is_comma=True) != 0:
                    self._tie((ego, name, first), (ego, name, second), cell, sheet, number)

    def _tie(self, one: tuple[str, str, str], other: tuple[str, str, str], cell: str, sheet: Sheet, number: int) -> None:
        if one not in self.ties or other not in self.ties:
            self.notes.meet("dangling_alter_tie", "The matrix names an alter that is not on the map.", sheet.name, number)
            return
        weight, is_kept = weight_of(cell.strip(), sheet.delimiter != ",", sheet.name, number, self.notes)
        if is_kept:
            ends = {"from_tie_id": self.ties[one], "to_tie_id": self.ties[other]}
            self.builder.add("alter_ties", map_id=self.drawn[one[0], one[1]], relation="knows", weight=weight, **ends)
