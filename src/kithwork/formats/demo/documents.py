"""Documents of the demo study: a transcript of each interview held, most with pseudonyms and signed off, all coded."""

import datetime
import hashlib

from kithwork.formats.demo.chance import Chance
from kithwork.formats.demo.coding import Reading, assignment_rows, keep_codebook, second_readings
from kithwork.formats.demo.interpretation import memo_rows, summary_rows
from kithwork.formats.demo.transcripts import Around, Conversation, Transcript, question, written
from kithwork.model.rows import Row

_BY_ROLE = {"gp": "my GP", "psychiatrist": "my psychiatrist"}  # called so aloud, so no surname is ever in a text
_WHAT = {"person": "name", "animal": "name", "place": "place", "group": "organisation", "digital": "organisation"}
_TABLES = (
    "documents",
    "revisions",
    "turns",
    "replacements",
    "segments",
    "codings",
    "mentions",
    "decisions",
    "memos",
    "summaries",
    "assignments",
)
Rows = dict[str, list[Row]]


def add_talk(rows: Rows, chance: Chance) -> None:
    """Add a transcript for each interview held, and everything two coders made of them."""
    for name in _TABLES:
        rows[name] = []
    codes = keep_codebook(rows, chance)
    coders = rows["coders"]
    arounds = _arounds(rows)
    readings = []
    names: dict[str, dict[str, str]] = {}
    owner = {row["id"]: row["participant_id"] for row in rows["alters"]}
    for row in rows["identities"]:
        names.setdefault(owner[row["alter_id"]], {})[row["alter_id"]] = row["name"]
    said: dict[str, set[str]] = {person: set() for person in arounds}
    for number, (person, around) in enumerate((person, around) for person, found in arounds.items() for around in found):
        made, revision = _Desk(rows, around, names[person], number, chance).transcribe(person, said[person])
        reading = Reading(rows, revision, around.interview["held_on"], codes, chance)
        reading.read(made, {alter["id"]: tie for tie, alter in around.ties}, coders[0])
        readings.append(reading)
    second_readings([reading for reading in readings if reading.revision.get("signed_off_at")], coders, rows, chance)
    rows["memos"] = memo_rows(rows, coders, chance)
    rows["summaries"] = summary_rows(arounds, rows["themes"], coders, chance)
    rows["assignments"] = assignment_rows(rows, chance)


def _arounds(rows: Rows) -> dict[str, list[Around]]:
    """Participant → what each of their interviews can speak of, first to last."""
    alters = {row["id"]: row for row in rows["alters"]}
    sorts = {
        row["code"]: (row.get("role_group") or "weak") if row["kind"] == "person" else "doing" if row["kind"] == "activity" else row["kind"]
        for row in rows["roles"]
    }
    of: dict[str, Rows] = {name: {} for name in ("ties", "fates", "events")}
    for name, column in (("ties", "map_id"), ("fates", "map_id"), ("events", "interview_id")):
        for row in rows[name]:
            of[name].setdefault(row[column], []).append(row)
    maps = {(row["interview_id"], row["state"]): row["id"] for row in rows["maps"]}
    found: dict[str, list[Around]] = {}
    for interview in rows["interviews"]:
        if interview["status"] != "held":
            continue
        everyday, crisis = maps[interview["id"], "everyday"], maps.get((interview["id"], "crisis"), "")
        seen = found.setdefault(interview["participant_id"], [])
        ties, crisis_ties = ([(tie, alters[tie["alter_id"]]) for tie in of["ties"].get(one, ())] for one in (everyday, crisis))
        fates, events = of["fates"].get(everyday, []), of["events"].get(interview["id"], [])
        seen.append(Around(interview, not seen, ties, crisis_ties, fates, events, alters, sorts))
    return found


class _Desk:
    """Where one interview becomes a document with its versions."""

    def __init__(self, rows: Rows, around: Around, names: dict[str, str], number: int, chance: Chance) -> None:
        self.rows, self.around, self.number, self.chance = rows, around, number, chance
        self.names = names

    def transcribe(self, person: str, used: set[str]) -> tuple[Transcript, Row]:
        """The latest version of the text and its row; a few keep the version before, a few still hold names or await signing."""
        asked = [(question(key, self.chance), said) for key, said in Conversation(self.around, used, self.chance).exchanges()]
        has_history, has_names, is_waiting = self.number % 13 == 5, self.number % 31 == 27, self.number % 17 == 11
        alters = {alter_id: self.around.alters[alter_id] for alter_id in self.names}
        raw: dict[str, str] = {alter_id: _BY_ROLE.get(str(alter["role"])) or self.names[alter_id] for alter_id, alter in alters.items()}
        masked: dict[str, str] = {
            alter_id: raw[alter_id] if alter["role"] in _BY_ROLE else f"[{alter['pseudonym']}]" for alter_id, alter in alters.items()
        }
        document = self._document(person)
        made = written(asked, masked)
        if has_names:
            made = written(asked, raw)
            return made, self._revision(document, 1, made, is_masked=False)
        if not has_history:
            return made, self._revision(document, 1, made, is_signed=not is_waiting)
        before = written(asked, raw)
        self._revision(document, 1, before, is_masked=False)
        after = self._revision(document, 2, made, is_signed=not is_waiting)
        self._replaced(before, made, after)
        return made, after

    def _document(self, person: str) -> Row:
        wave = next(row for row in self.rows["waves"] if row["id"] == self.around.interview["wave_id"])
        pseudonym = next(row["pseudonym"] for row in self.rows["participants"] if row["id"] == person)
        row: Row = {"id": self.chance.id(), "interview_id": self.around.interview["id"], "participant_id": person}
        row.update(title=f"{pseudonym}, {wave['label']} (synthetic transcript)", document_kind="transcript")
        self.rows["documents"].append(row)
        return row

    def _revision(self, document: Row, number: int, made: Transcript, *, is_masked: bool = True, is_signed: bool = False) -> Row:
        held = datetime.date.fromisoformat(self.around.interview["held_on"])
        row: Row = {"id": self.chance.id(), "document_id": document["id"], "number": number, "text": made.text}
        row["digest"] = hashlib.sha256(made.text.encode()).hexdigest()
        row["made_at"] = f"{(held + datetime.timedelta(days=7 * number)).isoformat()}T10:00:00.000Z"
        row.update(is_pseudonymised=is_masked, reason="Names replaced" if number > 1 else None)
        if is_signed:
            row["signed_off_at"] = f"{(held + datetime.timedelta(days=21)).isoformat()}T10:00:00.000Z"
            row["coder_id"] = self.rows["coders"][1]["id"]
        self.rows["revisions"].append(row)
        self.rows["turns"] += [{"id": self.chance.id(), "revision_id": row["id"], **turn} for turn in made.turns]
        return row

    def _replaced(self, before: Transcript, after: Transcript, revision: Row) -> None:
        for old, new in zip(before.names, after.names, strict=True):
            was, now = before.text[old.start : old.stop], after.text[new.start : new.stop]
            if was != now and old.alter:
                row: Row = {"id": self.chance.id(), "revision_id": revision["id"], "start": old.start, "stop": old.stop}
                row.update(original=was, replacement=now, what=_WHAT.get(old.alter["kind"], "other"), alter_id=old.alter["id"])
                self.rows["replacements"].append({**row, "coder_id": self.rows["coders"][1]["id"]})
