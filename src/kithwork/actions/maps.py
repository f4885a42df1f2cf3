"""Verbs on maps and ties: start a map, name, place, describe, reconcile, join alters, take away."""

import math
from typing import Any

from kithwork.actions.people import interview_at, keep_identity, with_words
from kithwork.actions.verbs import action, in_map, participant_of
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row, now
from kithwork.model.schema import KINDS
from kithwork.store import Change

Values = dict[str, Any]
GONE = {"dormant", "suspended", "lost", "not_relevant"}  # fates of an alter that is not on this map


@action
def start_map(
    change: Change,
    participant_id: str,
    wave_id: str,
    state: str = "everyday",
    copy_map_id: str | None = None,
    id: str | None = None,  # noqa: A002 - the row made gets this id
) -> Row:
    """Begin a map of an interview, which is then held; a second state of the same network may start from a copy of the first."""
    interview = interview_at(change, participant_id, wave_id, {"status": "held"})
    if not interview["held_on"]:
        change.update("interviews", interview["id"], {"held_on": now()[:10], "started_at": now()})
    if change.rows("maps", interview_id=interview["id"], state=state):
        raise StudyError("This state of the network already has a map at this wave; open it.")
    row = {"id": id, "interview_id": interview["id"], "state": state, "stage": "recall", "alter_ties_asked": "no"}
    made = change.insert("maps", row if copy_map_id is None else {**row, "stage": "details"})
    if copy_map_id is not None:
        _copy_ties(change, copy_map_id, made)
    return made


def _copy_ties(change: Change, source_id: str, target: Row) -> None:
    if change.row("maps", source_id)["interview_id"] != target["interview_id"]:
        raise StudyError("Only a map of the same interview can be copied.")
    twins = {}
    for tie in change.rows("ties", map_id=source_id):
        twins[tie["id"]] = change.insert("ties", {**tie, "id": None, "map_id": target["id"], "via_tie_id": None})["id"]
    for tie in change.rows("ties", map_id=source_id):
        if tie["via_tie_id"]:
            change.update("ties", twins[tie["id"]], {"via_tie_id": twins[tie["via_tie_id"]]})
    for pair in change.rows("alter_ties", map_id=source_id):
        copy = {"id": None, "map_id": target["id"], "from_tie_id": twins[pair["from_tie_id"]], "to_tie_id": twins[pair["to_tie_id"]]}
        change.insert("alter_ties", {**pair, **copy})
    change.update("maps", target["id"], {"alter_ties_asked": change.row("maps", source_id)["alter_ties_asked"]})


@action
def describe_map(change: Change, map_id: str, values: Values) -> Row:
    """Change what is recorded about a map: its stage, whether alter ties were asked, notes."""
    if {"interview_id", "id"} & set(values):
        raise StudyError("A map stays with its interview.")
    if values.get("stage") not in (None, "recall") and not change.row("maps", map_id)["recall_finished_at"]:
        values = {**values, "recall_finished_at": now()}
    return change.update("maps", map_id, values)


@action
def remove_map(change: Change, map_id: str) -> None:
    """Take a whole map away; undo brings it back."""
    for tie in change.rows("ties", map_id=map_id):
        if change.rows("ties", id=tie["id"]):
            _drop_tie(change, tie)
    for table in ("fates", "answers", "events", "memos"):
        for row in change.rows(table, map_id=map_id):
            change.delete(table, row["id"]) if table != "events" else change.update(table, row["id"], {"map_id": None})
    change.delete("maps", map_id)


# -- naming ---------------------------------------------------------------------------------------------------------------


@action
def name_alter(
    change: Change,
    map_id: str,
    name: str,
    kind: str = "person",
    role: str | None = None,
    question_id: str | None = None,
    phase: str = "recall",
    alter_id: str | None = None,
    tie_id: str | None = None,
) -> Row:
    """Name someone or something new on a map, in no circle yet; the name is kept apart, a pseudonym is made."""
    if not name.strip():
        raise StudyError("A name is needed; a word or an initial is enough.")
    participant_id = participant_of(change, map_id)
    row = {
        "id": alter_id,
        "participant_id": participant_id,
        "kind": kind,
        "role": role,
        "pseudonym": free_pseudonym(change, participant_id, kind),
    }
    alter = change.insert("alters", row)
    change.insert("identities", {"alter_id": alter["id"], "name": name.strip()})
    return _tie_to(change, map_id, alter["id"], question_id, phase, tie_id)


@action
def name_known_alter(
    change: Change,
    map_id: str,
    alter_id: str,
    question_id: str | None = None,
    phase: str = "recall",
    fate: str | None = None,
    tie_id: str | None = None,
) -> Row:
    """Put an alter known from another map on this one: the same row across waves."""
    if change.row("alters", alter_id)["participant_id"] != participant_of(change, map_id):
        raise StudyError("This alter belongs to another participant.")
    tie = _tie_to(change, map_id, alter_id, question_id, phase, tie_id)
    if fate:
        _keep_fate(change, map_id, alter_id, {"fate": fate})
    return tie


def free_pseudonym(change: Change, participant_id: str, kind: str) -> str:
    """'Person 3': the kind and the next number not yet used for this participant."""
    used = {alter["pseudonym"] for alter in change.rows("alters", participant_id=participant_id)}
    label = KINDS.get(kind, kind)
    return next(name for number in range(1, len(used) + 2) if (name := f"{label} {number}") not in used)


def _tie_to(change: Change, map_id: str, alter_id: str, question_id: str | None, phase: str, tie_id: str | None) -> Row:
    if change.rows("ties", map_id=map_id, alter_id=alter_id):
        raise StudyError("This alter is already on the map.")
    count = len(change.rows("ties", map_id=map_id))
    tie = change.insert("ties", {"id": tie_id, "map_id": map_id, "alter_id": alter_id})
    change.insert("nominations", {"tie_id": tie["id"], "question_id": question_id, "position": count + 1, "phase": phase})
    return tie


@action
def describe_alter(change: Change, alter_id: str, values: Values, map_id: str | None = None) -> Row:
    """Change what an alter is: kind, role, pseudonym, since when it has been known."""
    if {"participant_id", "id"} & set(values):
        raise StudyError("An alter stays with its participant.")
    return change.update("alters", alter_id, values)


@action
def rename_alter(change: Change, alter_id: str, name: str, map_id: str | None = None) -> None:
    """Change the name an alter goes by; kept apart from the research data."""
    change.row("alters", alter_id)
    keep_identity(change, "alter_id", alter_id, {"name": name.strip()})


# -- placing and describing -----------------------------------------------------------------------------------------------


@action
def place_tie(change: Change, map_id: str, tie_id: str, circle: int, angle: float | None = None, distance: float | None = None) -> Row:
    """Put a tie on a circle; angle and distance say where, independent of any screen."""
    in_map(change, map_id, tie_id)
    rings = ring_count(change, map_id)
    if not 1 <= circle <= rings:
        raise StudyError(f"This wave's map has circles 1 to {rings}.")
    middle = (circle - 0.5) / rings
    if distance is None or not (circle - 1) / rings - 1e-9 <= distance <= circle / rings + 1e-9:
        distance = middle
    angle = math.fmod(math.fmod(angle or 0.0, 360) + 360, 360)
    return change.update("ties", tie_id, {"circle": circle, "angle": round(angle, 2), "distance": round(distance, 4)})


@action
def unplace_tie(change: Change, map_id: str, tie_id: str) -> Row:
    """Leave a tie named but in no circle."""
    in_map(change, map_id, tie_id)
    return change.update("ties", tie_id, {"circle": None, "angle": None, "distance": None})


def ring_count(change: Change, map_id: str) -> int:
    """How many circles this map's wave draws."""
    interview = change.row("interviews", change.row("maps", map_id)["interview_id"])
    wave = change.row("waves", interview["wave_id"])
    return len(change.rows("circles", version=wave["circle_version"]))


@action
def describe_tie(change: Change, map_id: str, tie_id: str, values: Values) -> Row:
    """Answer the study's questions about a tie: contact, trust, reliability and the others the schema understands."""
    in_map(change, map_id, tie_id)
    if {"id", "map_id", "alter_id", "circle", "angle", "distance"} & set(values):
        raise StudyError("A tie is placed with 'place tie', not described onto a circle.")
    via = values.get("via_tie_id")
    if via:
        in_map(change, map_id, via)
        if via == tie_id:
            raise StudyError("A tie is not reached through itself.")
    return change.update("ties", tie_id, values)


@action
def remove_tie(change: Change, map_id: str, tie_id: str) -> None:
    """Take a tie off a map with what was said about it there; an alter named nowhere else goes too. Undo brings all back."""
    _drop_tie(change, in_map(change, map_id, tie_id))


def _drop_tie(change: Change, tie: Row) -> None:
    for table in ("nominations", "supports", "answers"):
        for row in change.rows(table, tie_id=tie["id"]):
            change.delete(table, row["id"])
    for end in ("from_tie_id", "to_tie_id"):
        for row in change.rows("alter_ties", **{end: tie["id"]}):
            for answer in change.rows("answers", alter_tie_id=row["id"]):
                change.delete("answers", answer["id"])
            change.delete("alter_ties", row["id"])
    for table in ("ties", "supports"):
        for row in change.rows(table, via_tie_id=tie["id"]):
            change.update(table, row["id"], {"via_tie_id": None})
    for row in change.rows("mentions", tie_id=tie["id"]):
        change.update("mentions", row["id"], {"tie_id": None})
    for fate in change.rows("fates", map_id=tie["map_id"], alter_id=tie["alter_id"]):
        change.delete("fates", fate["id"])
    change.delete("ties", tie["id"])
    _drop_lone_alter(change, tie["alter_id"])


def _drop_lone_alter(change: Change, alter_id: str) -> None:
    pointing = ("ties", "fates", "events", "mentions", "replacements", "memos", "wishes", "answers")
    if any(change.rows(table, alter_id=alter_id) for table in pointing) or change.rows("fates", replaced_by_id=alter_id):
        return
    for identity in change.rows("identities", alter_id=alter_id):
        change.delete("identities", identity["id"])
    change.delete("alters", alter_id)


# -- looking back ---------------------------------------------------------------------------------------------------------


@action
def reconcile_alter(
    change: Change,
    map_id: str,
    alter_id: str,
    fate: str | None,
    reasons: list[str] | None = None,
    replaced_by_id: str | None = None,
    note: str | None = None,
    tie_id: str | None = None,
) -> None:
    """Say what became of an alter since the last map; one merely forgotten just now is put on this map. None clears it."""
    if change.row("maps", map_id)["stage"] == "recall":
        raise StudyError("Looking back begins when free recall is finished.")
    if fate is None:
        for row in change.rows("fates", map_id=map_id, alter_id=alter_id):
            change.delete("fates", row["id"])
        return
    is_on_map = bool(change.rows("ties", map_id=map_id, alter_id=alter_id))
    if fate in GONE and is_on_map:
        raise StudyError("This alter is on the map; take it off the map first, or choose another answer.")
    if fate not in GONE and not is_on_map:
        _tie_to(change, map_id, alter_id, None, "reconcile", tie_id)
    _keep_fate(change, map_id, alter_id, {"fate": fate, "reasons": reasons, "replaced_by_id": replaced_by_id, "note": note})


def _keep_fate(change: Change, map_id: str, alter_id: str, values: Values) -> Row:
    found = change.rows("fates", map_id=map_id, alter_id=alter_id)
    if found:
        return change.update("fates", found[0]["id"], values)
    return change.insert("fates", {"map_id": map_id, "alter_id": alter_id, **values})


@action
def merge_alters(change: Change, alter_id: str, same_as_id: str, map_id: str | None = None) -> None:
    """Say that two alters are one: everything of the first becomes the second's. Undo parts them again."""
    first, second = change.row("alters", alter_id), change.row("alters", same_as_id)
    if alter_id == same_as_id or first["participant_id"] != second["participant_id"]:
        raise StudyError("Two different alters of one participant are needed to make them one.")
    taken = {tie["map_id"] for tie in change.rows("ties", alter_id=same_as_id)}
    if taken & {tie["map_id"] for tie in change.rows("ties", alter_id=alter_id)}:
        raise StudyError("Both are on one map, so they cannot be one; take one off that map first.")
    _join_mentions(change, alter_id, same_as_id)
    for table in ("ties", "events", "mentions", "replacements", "memos", "wishes", "answers"):
        change.update_all(table, {row["id"]: {"alter_id": same_as_id} for row in change.rows(table, alter_id=alter_id)})
    kept = {fate["map_id"] for fate in change.rows("fates", alter_id=same_as_id)}
    for fate in change.rows("fates", alter_id=alter_id):
        if fate["map_id"] in kept:
            change.delete("fates", fate["id"])
        else:
            change.update("fates", fate["id"], {"alter_id": same_as_id})
    for fate in change.rows("fates", replaced_by_id=alter_id):
        change.update("fates", fate["id"], {"replaced_by_id": same_as_id})
    # An old answer "lost" at a map the alter turns out to be on is no longer true.
    on_maps = {tie["map_id"] for tie in change.rows("ties", alter_id=same_as_id)}
    for fate in change.rows("fates", alter_id=same_as_id):
        if fate["map_id"] in on_maps and fate["fate"] in GONE:
            change.update("fates", fate["id"], {"fate": "kept", "reasons": None, "replaced_by_id": None})
    # What was said only of the first is kept; where both say something, the second's stays.
    missing = {column: first[column] for column in ("role", "known_since", "met_where") if first[column] and not second[column]}
    if first["kind"] == second["kind"] and missing:
        change.update("alters", same_as_id, missing)
    _join_names(change, alter_id, same_as_id)
    change.delete("alters", alter_id)


def _join_mentions(change: Change, alter_id: str, same_as_id: str) -> None:
    """A passage that speaks of both speaks of one; what only the first mention tells is kept."""
    there = {row["segment_id"]: row for row in change.rows("mentions", alter_id=same_as_id)}
    for row in change.rows("mentions", alter_id=alter_id):
        if other := there.get(row["segment_id"]):
            change.delete("mentions", row["id"])
            change.update("mentions", other["id"], {name: other[name] or row[name] for name in ("tie_id", "event_id", "coder_id")})


def _join_names(change: Change, alter_id: str, same_as_id: str) -> None:
    """The second goes by both names from now on, so that either is found in the talk."""
    second = next(iter(change.rows("identities", alter_id=same_as_id)), {"name": None, "contact": None})
    for first in change.rows("identities", alter_id=alter_id):
        change.delete("identities", first["id"])
        name = with_words(second["name"], first["name"])
        keep_identity(change, "alter_id", same_as_id, {"name": name, "contact": second["contact"] or first["contact"]})
