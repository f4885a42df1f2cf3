"""What was said around the maps of the demo study: events on ties, topic notes, wishes. Our own words, nobody's."""

import datetime
from collections.abc import Sequence

from kithwork.formats.demo.cast import Alter
from kithwork.formats.demo.chance import Chance
from kithwork.formats.demo.course import Fate
from kithwork.formats.demo.words import EVENT_NOTES, PICTURE_REMARKS, TOPIC_NOTES, WISHES
from kithwork.model.rows import Row

_EVENTS: dict[str, float] = {
    "asked": 5,
    "offered": 4,
    "accepted": 3,
    "refused": 2,
    "declined": 2,
    "disclosed": 4,
    "hid": 3,
    "withdrew": 2,
    "set_boundary": 2,
    "substituted": 2,
    "felt_stigma": 3,
    "enacted_stigma": 2,
    "other": 1,
}
_EFFECTS: dict[str, dict[str, float]] = {
    "asked": {"none": 2, "strengthened": 2},
    "offered": {"strengthened": 2, "none": 1},
    "accepted": {"strengthened": 3, "none": 1},
    "refused": {"cooled": 3, "none": 2},
    "declined": {"none": 3, "cooled": 1},
    "disclosed": {"strengthened": 3, "none": 2, "cooled": 2},
    "withdrew": {"cooled": 2, "none": 1},
    "set_boundary": {"none": 2, "strengthened": 1},
    "trust_broken": {"cooled": 1},
    "repaired": {"strengthened": 1},
    "lost": {"lost": 1},
    "returned": {"strengthened": 1, "none": 1},
    "felt_stigma": {"cooled": 2, "none": 2},
    "enacted_stigma": {"cooled": 3, "none": 1},
}
_RESPONSES: dict[str, dict[str, float]] = {
    "disclosed": {"told": 1},
    "hid": {"hid": 1},
    "refused": {"withdrew": 1, "none": 2, "confronted": 1},
    "felt_stigma": {"avoided": 3, "hid": 2, "withdrew": 1},
    "enacted_stigma": {"confronted": 1, "withdrew": 2, "none": 2, "told": 1},
    "trust_broken": {"withdrew": 2, "confronted": 1},
}


def event_rows(interview: Row, map_id: str, alters: Sequence[Alter], fates: Sequence[Fate], chance: Chance) -> list[Row]:
    """A few things that happened, in keeping with what became of the ties."""
    told = [fate for fate in fates if fate.fate in ("lost", "returned") and chance.is_so(0.6)]
    happened: list[tuple[Alter, str, list[str] | None]] = [(fate.alter, fate.fate, fate.reasons) for fate in told]
    for alter in alters:
        if alter.break_state == "breached" and chance.is_so(0.8):
            happened.append((alter, "trust_broken", None))
        elif alter.break_state == "rebuilding" and chance.is_so(0.7):
            happened.append((alter, "repaired", None))
    people = [alter for alter in alters if alter.kind in ("person", "group")] or list(alters)
    happened += [(chance.one(people), chance.weighted(_EVENTS), None) for _ in range(chance.whole(1, 3))]
    rows = []
    for alter, event, reasons in happened:
        row: Row = {"id": chance.id(), "alter_id": alter.id, "interview_id": interview["id"], "map_id": map_id}
        row.update(event=event, reasons=reasons)
        if chance.is_so(0.6):
            held = datetime.date.fromisoformat(interview["held_on"])
            row["happened_on"] = (held - datetime.timedelta(days=chance.whole(5, 150))).isoformat()
        if event in _EFFECTS:
            row["effect"] = chance.weighted(_EFFECTS[event])
        if event in _RESPONSES:
            row["response"] = chance.weighted(_RESPONSES[event])
        if chance.is_so(0.8):
            row["note"] = chance.one(EVENT_NOTES[event])
        rows.append(row)
    return rows


def answer_rows(interview: Row, map_id: str, questions: dict[str, str], chance: Chance) -> list[Row]:
    """Notes on some topics of the guide, and answers to what the study asks besides. `questions`: code → id, as asked at this wave."""
    rows: list[Row] = []
    topics = [code for code in TOPIC_NOTES if code in questions]
    about = {"interview_id": interview["id"]}
    for code in chance.sample(topics, min(len(topics), chance.whole(3, 6))):
        note = chance.one(TOPIC_NOTES[code])
        rows.append({"id": chance.id(), "question_id": questions[code], **about, "text": note})
    if "confidence" in questions:
        answer = None if chance.is_so(0.05) else chance.weighted({"0": 0.25, "1": 0.35, "2": 0.3, "3": 0.1})
        rows.append({"id": chance.id(), "question_id": questions["confidence"], **about, "text": answer})
    if "picture" in questions and chance.is_so(0.6):
        rows.append({"id": chance.id(), "question_id": questions["picture"], "map_id": map_id, "text": chance.one(PICTURE_REMARKS)})
    return rows


def wish_rows(person: Row, interviews: Sequence[Row], chance: Chance) -> list[Row]:
    """One or two things the person would like; what came of it once they were seen again."""
    rows = []
    for wish in chance.sample(WISHES, chance.whole(1, 2)):
        place = chance.whole(0, len(interviews) - 1)
        held = datetime.date.fromisoformat(interviews[place]["held_on"])
        row: Row = {"id": chance.id(), "participant_id": person["id"], "interview_id": interviews[place]["id"], **wish}
        row["review_on"] = (held + datetime.timedelta(days=90)).isoformat()
        if place + 1 == len(interviews):
            del row["outcome"]  # known only once the person was seen again
        rows.append(row)
    return rows
