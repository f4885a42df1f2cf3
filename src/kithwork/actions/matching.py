"""The same alter in another export or at another wave of one: by a roster's key, or by names suggested here and confirmed by a person.

Nothing is merged silently: a suggestion counts only when a person says yes, and a key only when it means one alter.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kithwork.actions.imports import Plan
from kithwork.cohort.lookalikes import look_alikes, plain
from kithwork.formats.building import slug
from kithwork.formats.reading import Notes, Problem, Reading
from kithwork.formats.sheets import Sheet, cell_text, restore, write_sheet
from kithwork.model.errors import FormatError, SelectionError, near
from kithwork.model.rows import Row

if TYPE_CHECKING:
    from kithwork.store import Study

HEADER = ("participant", "new_alter", "new_name", "known_alter", "known_name", "likeness", "same")
_YES, _NO = ("yes", "y", "true", "1", "same"), ("", "no", "n", "false", "0", "other")


@dataclass(frozen=True)
class Known:
    """An alter the participant named before: of the study (`key` is its id), or of an earlier wave of the same files."""

    key: str
    name: str
    kind: str
    waves: tuple[str, ...]
    likeness: float = 0.0
    why: str = ""


@dataclass(frozen=True)
class Newcomer:
    """An alter that comes in and may be one the participant named before: those its name is like, and the others.

    `token` names it in a form: the same each time the files are read, and telling nothing.
    """

    participant: str
    key: str
    token: str
    name: str
    kind: str
    waves: tuple[str, ...]
    alike: tuple[Known, ...]
    others: tuple[Known, ...]


@dataclass(frozen=True)
class Pair:
    """An alter that comes in and one of the same participant that it may be."""

    participant: str
    coming_key: str
    coming_name: str
    known_key: str
    known_name: str
    likeness: float


class _Cast:
    """Alters by participant, those of the study and those coming in, with their names and the waves they are on."""

    def __init__(self, study: "Study", reading: Reading) -> None:
        plan, tables = Plan(study, reading), reading.tables
        self.people = {row["id"]: row["pseudonym"] for row in (*tables.rows("participants"), *study.rows("participants"))}
        self.owner: dict[str, str] = {}  # alter -> participant, as the study knows them
        self.rows: dict[str, Row] = {}
        self.known: defaultdict[str, list[str]] = defaultdict(list)
        self.coming: defaultdict[str, list[str]] = defaultdict(list)
        for row in study.rows("alters"):
            self.owner[row["id"]] = row["participant_id"]
            self.rows[row["id"]] = row
            self.known[row["participant_id"]].append(row["id"])
        added = {row["id"] for row in plan.rows["alters"]} | set(reading.matches)
        for row in tables.rows("alters"):
            owner = plan.known_as(row["participant_id"])
            if owner is not None:
                self.owner[row["id"]] = owner
                self.rows[row["id"]] = row
                if row["id"] in added:
                    self.coming[owner].append(row["id"])
        self.names = _names(study.rows("identities")) | _names(tables.rows("identities"))
        self.maps: defaultdict[str, set[str]] = defaultdict(set)
        self.waves: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
        waves = {row["position"]: row["label"] for row in (*tables.rows("waves"), *study.rows("waves"))}
        for source in (study, tables):
            positions = {row["id"]: row["position"] for row in source.rows("waves")}
            interviews = {row["id"]: positions[row["wave_id"]] for row in source.rows("interviews")}
            maps = {row["id"]: interviews[row["interview_id"]] for row in source.rows("maps")}
            for tie in source.rows("ties"):
                self.maps[tie["alter_id"]].add(tie["map_id"])
                self.waves[tie["alter_id"]].add((maps[tie["map_id"]], waves[maps[tie["map_id"]]]))

    def name(self, alter: str) -> str:
        """What the alter is called: its name, else its pseudonym."""
        return self.names.get(alter) or self.rows[alter]["pseudonym"]

    def is_told(self, alter: str) -> bool:
        """Whether something is known of how it is called, and not only a number that a reader gave it."""
        return bool(self.names.get(alter)) or not self.rows[alter].get("source_key")

    def labels(self, alter: str) -> tuple[str, ...]:
        return tuple(label for _, label in sorted(self.waves[alter]))

    def key(self, alter: str, *, is_known: bool) -> str:
        row = self.rows[alter]
        return row["id"] if is_known else str(row.get("source_key") or row["pseudonym"])

    def earlier(self, alter: str) -> list[str]:
        """Alters of the files that the same participant named at an earlier wave, on other maps."""
        mine = min(self.waves[alter], default=(0, ""))
        others = (other for other in self.coming[self.owner[alter]] if self.waves[other] and min(self.waves[other]) < mine)
        return [other for other in others if not self.maps[other] & self.maps[alter]]


def newcomers(study: "Study", reading: Reading) -> list[Newcomer]:
    """Alters that come in and are not settled by a source's id, of participants who named anybody before, by participant and name.

    `alike` holds those whose name is like it, the most alike first, and why; nothing is decided here.
    """
    cast = _Cast(study, reading)
    found = []
    for owner, alters in cast.coming.items():
        there = cast.known[owner]
        told = {each: (cast.name(each), cast.rows[each]["kind"]) for each in [*there, *alters] if cast.is_told(each)}
        for alter in alters:
            before = [*there, *cast.earlier(alter)]
            if not before:
                continue
            own = {alter: told[alter]} if alter in told else {}
            pairs = {pair.same_as_id: pair for pair in look_alikes(own, {each: told[each] for each in before if each in told})}
            groups: dict[bool, list[Known]] = {True: [], False: []}
            for each in sorted(before, key=lambda each: (-pairs[each].likeness if each in pairs else 0, cast.name(each).lower())):
                likeness = pairs[each].likeness if each in pairs else 0.0
                why = _why(cast.name(alter), cast.name(each), likeness) if each in pairs else ""
                is_known = each in there
                key = cast.key(each, is_known=is_known)
                row = cast.rows[each]
                groups[each in pairs].append(Known(key, cast.name(each), row["kind"], cast.labels(each), likeness, why))
            key = cast.key(alter, is_known=False)
            token = hashlib.sha256(f"{cast.people[owner]}\x1f{key}".encode()).hexdigest()[:20]
            row, alike, others = cast.rows[alter], tuple(groups[True]), tuple(groups[False])
            found.append(Newcomer(cast.people[owner], key, token, cast.name(alter), row["kind"], cast.labels(alter), alike, others))
    return sorted(found, key=lambda each: (each.participant, not each.alike, each.name.lower()))


def _names(identities: list[Row]) -> dict[str, str]:
    return {row["alter_id"]: row["name"] for row in identities if row.get("alter_id")}


def _why(one: str, other: str, likeness: float) -> str:
    if one == other:
        return "the same name"
    if plain(one) == plain(other):
        return "the same name but for case, accents or marks"
    words, others = plain(one).split(), plain(other).split()
    if len(words) != len(others) and words[:1] == others[:1]:
        return "the same first word"
    return f"names {likeness:.0%} alike"


def suggest(study: "Study", reading: Reading) -> list[Pair]:
    """Alters of the reading that look like one the participant has already, the most alike first."""
    pairs = [
        Pair(each.participant, each.key, each.name, known.key, known.name, known.likeness)
        for each in newcomers(study, reading)
        for known in each.alike
    ]
    return sorted(pairs, key=lambda pair: (pair.participant, -pair.likeness))


def suggestions_file(pairs: Iterable[Pair]) -> bytes:
    """The suggestions as CSV; `same` is empty, to be filled in with yes or no. It holds names."""
    rows = [
        [pair.participant, pair.coming_key, pair.coming_name, pair.known_key, pair.known_name, round(pair.likeness, 3), ""]
        for pair in pairs
    ]
    return write_sheet(HEADER, rows)


def confirm(study: "Study", reading: Reading, sheet: Sheet) -> list[Problem]:
    """Take the rows of a suggestions file that say yes; `reading.matches` then tells who is who.

    Raises `FormatError` where the file is another, or one alter would be two or two one.
    """
    missing = [name for name in HEADER if name not in sheet.header]
    if missing:
        raise FormatError(f"'{sheet.name}' has no column '{missing[0]}'; give the file that --match suggest wrote, with 'same' filled in.")
    at = {name: sheet.header.index(name) for name in HEADER}
    said = []
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        answer = row[at["same"]].strip().lower()
        if answer in _NO:
            continue
        if answer not in _YES:
            raise FormatError(f"'{sheet.name}', row {number}: 'same' must say yes or no.")
        person, new, known = (restore(row[at[name]].strip()) for name in ("participant", "new_alter", "known_alter"))
        said.append((person, new, known, f"'{sheet.name}', row {number}: ", number))
    notes = Notes()
    take(study, reading, said, notes, sheet.name)
    return notes.problems


def take(study: "Study", reading: Reading, said: Iterable[tuple[str, str, str, str, int | None]], notes: Notes, file: str | None) -> None:
    """Make what a person said the truth of the reading: participant, key of the alter, key of the one it is, where it was said.

    Raises `FormatError` where one alter would be two, or two on one map would be one.
    """
    cast = _Cast(study, reading)
    known = {(cast.people[owner], each): each for owner, group in cast.known.items() for each in group}
    coming = {(cast.people[owner], cast.key(each, is_known=False)): each for owner, group in cast.coming.items() for each in group}
    for person, new_key, known_key, where, number in said:
        new, same = coming.get((person, new_key)), known.get((person, known_key)) or coming.get((person, known_key))
        if new is None or same is None or new == same:
            notes.meet("match_not_there", "The row names an alter that is not in the files or not in the study.", file, number)
            continue
        root = _root(same, reading.matches)
        together = {root, *(each for each in reading.matches if _root(each, reading.matches) == root)}
        if new in reading.matches or new == root or any(cast.maps[new] & cast.maps[each] for each in together):
            raise FormatError(f"{where}an alter is the same as two others; say yes to one of them.")
        reading.matches[new] = root
    notes.meet("alters_matched", f"{len(reading.matches)} alter(s) are the same as one that is there, as confirmed.")


def _root(alter: str, matches: Mapping[str, str]) -> str:
    while alter in matches:
        alter = matches[alter]
    return alter


def columns_of_alters(reading: Reading) -> list[str]:
    """Columns that may hold a key of the roster: questions about alters or ties, as the files call them."""
    return [row["wording"] for row in reading.tables.rows("questions") if row["subject"] in ("tie", "alter")]


def match_by_key(study: "Study", reading: Reading, column: str) -> list[Problem]:
    """Alters with the same answer to a question (the column of a roster's id) are the same alter of that participant.

    Raises `SelectionError` where the files have no such column. A key that two alters of one map have is told, and matches none.
    """
    questions = [row for row in reading.tables.rows("questions") if row["subject"] in ("tie", "alter") and _is_column(row, column)]
    if not questions:
        raise SelectionError(f"No column '{column}' about alters is in the files.{near(column, columns_of_alters(reading))}")
    codes = {row["code"] for row in questions}
    cast, notes = _Cast(study, reading), Notes()
    new = _keyed(cast, reading.tables.rows("ties"), reading.tables.rows("answers"), {row["id"] for row in questions})
    there = {row["id"] for row in study.rows("questions") if row["code"] in codes}
    known = _keyed(cast, study.rows("ties"), study.rows("answers", question_id=list(there)) if there else [], there)
    coming = {each for group in cast.coming.values() for each in group}
    shared = 0
    for key, alters in new.items():
        same = sorted(alters & coming, key=lambda each: (min(cast.waves[each], default=(0, "")), each))
        others = known.get(key, set())
        maps = [drawn for each in same for drawn in cast.maps[each]]
        if len(others) > 1 or len(set(maps)) < len(maps):
            shared += 1
        elif same:
            first = next(iter(others)) if others else same[0]
            reading.matches |= {each: first for each in same if each != first}
    if shared:
        notes.meet("key_of_two", f"{shared} key(s) belong to two alters of one participant and match none.")
    notes.meet("alters_matched", f"{len(reading.matches)} alter(s) are the same as one that is there, by their key.")
    return notes.problems


def _is_column(question: Row, column: str) -> bool:
    simple = slug(column)
    return question["wording"] == column or question["code"] == simple or question["code"].endswith(f"_{simple}")


def _keyed(cast: _Cast, ties: list[Row], answers: list[Row], questions: set[str]) -> Mapping[tuple[str, str], set[str]]:
    """Alters by participant and key."""
    alter_of = {row["id"]: row["alter_id"] for row in ties}
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in answers:
        if row["question_id"] in questions:
            alter = row.get("alter_id") or alter_of.get(row.get("tie_id") or "")
            value = row.get("text") if row.get("text") is not None else row.get("number")
            if alter is not None and alter in cast.owner and value is not None:
                found[cast.owner[alter], cell_text(value)].add(alter)
    return found
