"""The same alter in another export: by a key of the roster, or by names suggested here and confirmed by a person.

Nothing is merged silently: a suggestion counts only when its row says yes, and a key only when it means one alter.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kithwork.actions.imports import Plan
from kithwork.cohort.lookalikes import look_alikes
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
class Pair:
    """An alter that comes in and one of the same participant that is there."""

    participant: str
    coming: Row
    coming_name: str
    known: Row
    known_name: str
    likeness: float


def suggest(study: "Study", reading: Reading) -> list[Pair]:
    """Alters of the reading that look like one the participant has in the study already, the most alike first.

    Left out are those a source's id or an earlier match settles.
    """
    plan = Plan(study, reading)
    people = {row["id"]: row["pseudonym"] for row in study.rows("participants")}
    known_names = {row["alter_id"]: row["name"] for row in study.rows("identities") if row["alter_id"]}
    coming_names = {row["alter_id"]: row["name"] for row in reading.tables.rows("identities") if "alter_id" in row}
    known: defaultdict[str, dict[str, Row]] = defaultdict(dict)
    for row in study.rows("alters"):
        known[row["participant_id"]][row["id"]] = row
    added = {row["id"] for row in plan.rows["alters"]}
    coming: defaultdict[str, dict[str, Row]] = defaultdict(dict)
    for row in reading.tables.rows("alters"):
        owner = plan.known_as(row["participant_id"])
        if row["id"] in added and owner is not None and owner in people:
            coming[owner][row["id"]] = row
    found = []
    for owner, alters in coming.items():
        mine, theirs = (
            {
                key: (names.get(key) or row["pseudonym"], row["kind"])
                for key, row in group.items()
                if names.get(key) or not row.get("source_key")
            }
            for group, names in ((alters, coming_names), (known[owner], known_names))
        )
        for pair in look_alikes(mine, theirs):
            one, other = alters[pair.alter_id], known[owner][pair.same_as_id]
            found.append(Pair(people[owner], one, mine[one["id"]][0], other, theirs[other["id"]][0], pair.likeness))
    return sorted(found, key=lambda pair: (pair.participant, -pair.likeness))


def suggestions_file(pairs: Iterable[Pair]) -> bytes:
    """The suggestions as CSV; `same` is empty, to be filled in with yes or no. It holds names."""
    rows = [
        [pair.participant, _key(pair.coming), pair.coming_name, pair.known["id"], pair.known_name, round(pair.likeness, 3), ""]
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
    plan, notes = Plan(study, reading), Notes()
    people = {row["pseudonym"]: row["id"] for row in study.rows("participants")}
    owners = {row["id"]: row["participant_id"] for row in study.rows("alters")}
    coming = {(plan.known_as(row["participant_id"]), _key(row)): row["id"] for row in reading.tables.rows("alters")}
    at = {name: sheet.header.index(name) for name in HEADER}
    taken: set[str] = set()
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        said = row[at["same"]].strip().lower()
        if said in _NO:
            continue
        if said not in _YES:
            raise FormatError(f"'{sheet.name}', row {number}: 'same' must say yes or no.")
        owner, known = people.get(restore(row[at["participant"]])), row[at["known_alter"]].strip()
        new = coming.get((owner, row[at["new_alter"]].strip()))
        if owner is None or new is None or owners.get(known) != owner:
            notes.meet("match_not_there", "The row names an alter that is not in the files or not in the study.", sheet.name, number)
        elif new in reading.matches or known in taken:
            raise FormatError(f"'{sheet.name}', row {number}: an alter is the same as two others; say yes to one of them.")
        else:
            reading.matches[new] = known
            taken.add(known)
    notes.meet("alters_matched", f"{len(reading.matches)} alter(s) are the same as one that is there, as confirmed.")
    return notes.problems


def match_by_key(study: "Study", reading: Reading, column: str) -> list[Problem]:
    """Alters with the same answer to a question (the column of a roster's id) are the same alter of that participant.

    Raises `SelectionError` where the files have no such column. A key that two alters of one participant have is told, and matches none.
    """
    questions = [row for row in reading.tables.rows("questions") if row["subject"] in ("tie", "alter") and _is_column(row, column)]
    if not questions:
        words = [row["wording"] for row in reading.tables.rows("questions") if row["subject"] in ("tie", "alter")]
        raise SelectionError(f"No column '{column}' about alters is in the files.{near(column, words)}")
    codes = {row["code"] for row in questions}
    plan, notes = Plan(study, reading), Notes()
    new = _keyed(
        reading.tables.rows("alters"), reading.tables.rows("ties"), reading.tables.rows("answers"), {row["id"] for row in questions}
    )
    there = [row["id"] for row in study.rows("questions") if row["code"] in codes]
    known = _keyed(study.rows("alters"), study.rows("ties"), study.rows("answers", question_id=there) if there else [], set(there))
    shared = 0
    for (person, value), alters in new.items():
        owner = plan.known_as(person)
        others = known.get((owner, value), set()) if owner else set()
        if others and (len(alters) > 1 or len(others) > 1):
            shared += 1
        elif others:
            reading.matches[next(iter(alters))] = next(iter(others))
    if shared:
        notes.meet("key_of_two", f"{shared} key(s) belong to two alters of one participant and match none.")
    notes.meet("alters_matched", f"{len(reading.matches)} alter(s) are the same as one that is there, by their key.")
    return notes.problems


def _is_column(question: Row, column: str) -> bool:
    plain = slug(column)
    return question["wording"] == column or question["code"] == plain or question["code"].endswith(f"_{plain}")


def _keyed(alters: list[Row], ties: list[Row], answers: list[Row], questions: set[str]) -> Mapping[tuple[str, str], set[str]]:
    """Alters by participant and key."""
    owner = {row["id"]: row["participant_id"] for row in alters}
    alter_of = {row["id"]: row["alter_id"] for row in ties}
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in answers:
        if row["question_id"] in questions:
            alter = row.get("alter_id") or alter_of.get(row.get("tie_id") or "")
            value = row.get("text") if row.get("text") is not None else row.get("number")
            if alter is not None and alter in owner and value is not None:
                found[owner[alter], cell_text(value)].add(alter)
    return found


def _key(row: Row) -> str:
    """What names an alter of the files in a suggestions file; the same each time they are read."""
    return str(row.get("source_key") or row["pseudonym"])
