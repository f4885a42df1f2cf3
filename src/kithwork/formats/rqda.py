"""RQDA projects (`.rqda`): texts, codes, codings of two coders, cases, memos, as tables. What is marked deleted stays out."""

from collections import defaultdict
from typing import Any

from kithwork.formats.building import Question, slug
from kithwork.formats.offsets import BOM
from kithwork.formats.qualcoder import WAVES, rows_of_one, text_of, tree
from kithwork.formats.reading import Notes
from kithwork.formats.refi.values import moment, wave_of
from kithwork.formats.sources import Source
from kithwork.formats.talk import NAMELESS, Placing, Talk, whole
from kithwork.model.tables import StudyTables

Rows = dict[str, list[dict[str, Any]]]
_CODING = ("cid", "fid", "seltext", "selfirst", "selend", "status", "owner", "date", "memo")
WANTED: dict[str, tuple[str, ...]] = {
    "project": ("memo", "about"),
    "source": ("id", "name", "file", "memo", "owner", "status"),
    "freecode": ("id", "name", "memo", "color", "status"),
    "codecat": ("catid", "name", "memo", "status"),
    "treecode": ("cid", "catid", "status"),
    "coding": _CODING,
    "coding2": _CODING,
    "cases": ("id", "name", "memo", "status"),
    "caselinkage": ("caseid", "fid", "status"),
    "caseAttr": ("caseID", "variable", "value", "status"),
    "fileAttr": ("fileID", "variable", "value", "status"),
    "attributes": ("name", "class", "status"),
    "filecat": ("name", "status"),
    "annotation": ("fid", "position", "annotation", "owner", "date", "status"),
    "journal": ("name", "journal", "status"),
    "image": ("name",),
}


def recognises(sources: list[Source], notes: Notes) -> bool:
    """A `.rqda` file."""
    return any(source.name.lower().endswith(".rqda") for source in sources)


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """The project of one database."""
    return tables_from(rows_of_one(sources, ".rqda", "RQDA", WANTED, notes), notes)


def tables_from(rows: Rows, notes: Notes) -> StudyTables:
    """Tables from the rows of an RQDA project. Positions count R characters, from 0, the end not included."""
    live = {name: [row for row in group if row.get("status", 1) in (1, "1", 1.0, None)] for name, group in rows.items()}
    left = sum(map(len, rows.values())) - sum(map(len, live.values()))
    if left:
        notes.lose(f"{left} row(s) marked as deleted in the project stay out.")
    talk = Talk(notes)
    codes = _codes(talk, live)
    people = _cases(talk, live)
    _texts(talk, live, codes, people)
    for row in live["project"]:
        talk.study_memo(text_of(row, "memo"))
    for row in live["journal"]:
        if text_of(row, "journal").strip():
            talk.text(text_of(row, "name") or "Journal", text_of(row, "journal"), None, "an RQDA journal", document_kind="field_notes")
    if any(slug(text_of(row, "variable")) not in WAVES for row in live.get("fileAttr", ())):
        notes.lose("Attributes of files other than the wave are not kept.")
    if live.get("filecat"):
        notes.lose("Categories of files are not kept.")
    if live["image"]:
        notes.lose("Pictures, sound and films are not kept; texts are.")
    return talk.tables()


def _codes(talk: Talk, live: Rows) -> dict[Any, str]:
    categories = {("cat", row.get("catid")): row for row in live["codecat"]}
    codes = {("code", row.get("id")): row for row in live["freecode"]}
    parents: dict[Any, Any] = {}
    for row in live["treecode"]:
        code, category = ("code", row.get("cid")), ("cat", row.get("catid"))
        if code in parents:
            talk.notes.lose("A code that stands in several categories stands under the first.")
        elif code in codes and category in categories:
            parents[code] = category
    ids = tree(talk, parents, {**categories, **codes})
    return {key: ids["code", key] for _, key in codes}


def _cases(talk: Talk, live: Rows) -> dict[Any, str]:
    people: dict[Any, str] = {}
    for row in live["cases"]:
        name = talk.free("participants", whole(text_of(row, "name")).strip() or NAMELESS)
        people[row.get("id")] = talk.add("participants", id=talk.own("participants", None, name), pseudonym=name, status="enrolled")
        talk.memo("participant_id", people[row.get("id")], text_of(row, "memo"))
    questions: dict[str, Question] = {}
    numbers = {row.get("name") for row in live.get("attributes", ()) if row.get("class") == "numeric"}
    for row in live["caseAttr"]:
        name, value = text_of(row, "variable"), text_of(row, "value")
        if row.get("caseID") in people and value:
            if name not in questions:
                wording = whole(name).strip() or NAMELESS
                row_id, kind = talk.own("questions", None, name), "number" if name in numbers else "text"
                questions[name] = talk.question(Question(slug(name), "participant", wording, kind, "From RQDA", id=row_id))
            talk.answer(questions[name], people[row["caseID"]], whole(value))
    return people


def _texts(talk: Talk, live: Rows, codes: dict[Any, str], people: dict[Any, str]) -> None:
    owners: defaultdict[Any, list[str]] = defaultdict(list)
    for row in live["caselinkage"]:
        person = people.get(row.get("caseid"))
        if person and person not in owners[row.get("fid")]:
            owners[row.get("fid")].append(person)
    codings: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in (*live["coding"], *live["coding2"]):
        codings[row.get("fid")].append(row)
    told = [row for row in live.get("fileAttr", ()) if slug(text_of(row, "variable")) in WAVES]
    waves = {row.get("fileID"): wave_of(text_of(row, "value")) for row in told}
    annotations: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in live["annotation"]:
        annotations[row.get("fid")].append(row)
    for row in live["source"]:
        words, key = text_of(row, "file"), row.get("id")
        text = words.removeprefix(BOM)
        if not text:
            talk.notes.meet("empty_text", "A source's text is empty and is left out.")
            continue
        if len(owners[key]) > 1:
            talk.notes.lose("A source that belongs to several cases is kept without a participant.")
        place = {"participant_id": owners[key][0]} if len(owners[key]) == 1 else {}
        wave = waves.get(key)
        if place and wave:
            place["interview_id"] = talk.interview(place["participant_id"], wave)
        document, revision = talk.text(text_of(row, "name"), text, None, "RQDA", document_kind="transcript", **place)
        talk.memo("document_id", document, text_of(row, "memo"))
        _coded(talk, revision, words.startswith(BOM), codings.pop(key, []), codes)
        for note in annotations[key]:
            at = _number(note.get("position"))
            if at is not None and 0 <= at <= len(text):
                segment = talk.segment(revision, at, at)
                talk.memo("segment_id", segment, text_of(note, "annotation"), talk.coder(text_of(note, "owner")))
    if any(codings.values()):
        talk.notes.meet("no_code", f"{sum(map(len, codings.values()))} coding(s) of texts that are deleted or empty are left out.")


def _coded(talk: Talk, revision: str, has_bom: bool, rows: list[dict[str, Any]], codes: dict[Any, str]) -> None:
    spans = [(_number(row.get("selfirst")), _number(row.get("selend")), row) for row in rows]
    sound = [(start, stop, row) for start, stop, row in spans if start is not None and stop is not None and row.get("cid") in codes]
    if len(sound) < len(rows):
        talk.notes.meet("no_code", f"{len(rows) - len(sound)} coding(s) without a code or positions are left out.")
    placing = Placing(talk, revision, None, has_bom, [(start, stop, text_of(row, "seltext")) for start, stop, row in sound])
    for start, stop, row in sound:
        segment = placing.segment(start, stop, text_of(row, "seltext"))
        coder = talk.coder(text_of(row, "owner"))
        talk.coding(segment, codes[row["cid"]], coder, coded_at=moment(text_of(row, "date")))
        talk.memo("segment_id", segment, text_of(row, "memo"), coder)


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, (int, float)) and value == value and abs(value) < 2**53 else None
