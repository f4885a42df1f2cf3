"""Verbs on what a tie gives and what happens to it: supports, alter ties, events, answers."""

from typing import Any

from kithwork.actions.verbs import action, in_map, participant_of
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.store import Change

Values = dict[str, Any]


@action
def describe_support(change: Change, map_id: str, tie_id: str, support_type: str, values: Values | None) -> None:
    """Record one kind of support over a tie: direction, amount, enough or not, only if …; None takes it away."""
    in_map(change, map_id, tie_id)
    found = change.rows("supports", tie_id=tie_id, support_type=support_type)
    if values is None:
        for row in found:
            change.delete("supports", row["id"])
        return
    if {"tie_id", "support_type", "id"} & set(values):
        raise StudyError("A support stays with its tie and type.")
    if values.get("via_tie_id"):
        in_map(change, map_id, values["via_tie_id"])
    if found:
        change.update("supports", found[0]["id"], values)
    elif change.rows("support_types", code=support_type):
        change.insert("supports", {"direction": "to_me", **values, "tie_id": tie_id, "support_type": support_type})
    else:
        raise StudyError("This kind of support is not in the study; add it to the study's design first.")


@action
def join_alters(
    change: Change,
    map_id: str,
    from_tie_id: str,
    to_tie_id: str,
    relation: str | None = "knows",
    weight: float | None = None,
    is_directed: bool | None = None,
) -> None:
    """Record an alter–alter tie; weight 0 records that there is none, relation None takes the record away."""
    in_map(change, map_id, from_tie_id)
    in_map(change, map_id, to_tie_id)
    if from_tie_id == to_tie_id:
        raise StudyError("An alter is not tied to itself; choose two.")
    found = [
        row
        for ends in ((from_tie_id, to_tie_id), (to_tie_id, from_tie_id))
        for row in change.rows("alter_ties", map_id=map_id, from_tie_id=ends[0], to_tie_id=ends[1])
    ]
    if relation is None:
        for row in found:
            change.delete("alter_ties", row["id"])
        return
    values = {"relation": relation, "weight": weight, "is_directed": is_directed}
    if found:
        change.update("alter_ties", found[0]["id"], values)
    else:
        change.insert("alter_ties", {**values, "map_id": map_id, "from_tie_id": from_tie_id, "to_tie_id": to_tie_id})
    if change.row("maps", map_id)["alter_ties_asked"] == "no":
        change.update("maps", map_id, {"alter_ties_asked": "partly"})


@action
def note_event(change: Change, map_id: str, alter_id: str, values: Values, id: str | None = None) -> Row:  # noqa: A002
    """Note something that happened to a tie: asked, refused, disclosed, felt or enacted stigma … ; with an id, change it."""
    if change.row("alters", alter_id)["participant_id"] != participant_of(change, map_id):
        raise StudyError("This alter belongs to another participant.")
    if {"alter_id", "map_id", "interview_id", "id"} & set(values):
        raise StudyError("An event stays with its alter and map.")
    if id is not None and change.rows("events", id=id):
        return change.update("events", id, values)
    interview_id = change.row("maps", map_id)["interview_id"]
    return change.insert("events", {**values, "id": id, "alter_id": alter_id, "map_id": map_id, "interview_id": interview_id})


@action
def remove_event(change: Change, map_id: str, event_id: str) -> None:
    """Take an event away."""
    if change.row("events", event_id)["map_id"] != map_id:
        raise StudyError("This event was noted on another map; open that map.")
    for mention in change.rows("mentions", event_id=event_id):
        change.update("mentions", mention["id"], {"event_id": None})
    change.delete("events", event_id)


@action
def answer_question(
    change: Change,
    question_id: str,
    value: str | float | int | bool | list[str] | None = None,
    is_cleared: bool = False,
    participant_id: str | None = None,
    interview_id: str | None = None,
    map_id: str | None = None,
    alter_id: str | None = None,
    tie_id: str | None = None,
) -> None:
    """Answer a question the study invented; no value means asked and not answered, `is_cleared` takes the record away."""
    question = change.row("questions", question_id)
    about = {
        "participant": ("participant_id", participant_id),
        "interview": ("interview_id", interview_id),
        "topic": ("interview_id", interview_id),
        "map": ("map_id", map_id),
        "alter": ("alter_id", alter_id),
        "tie": ("tie_id", tie_id),
    }.get(question["subject"])
    if about is None or about[1] is None:
        raise StudyError(f"A question about a {question['subject'].replace('_', ' ')} needs to know which one.")
    column, row_id = about
    found = change.rows("answers", question_id=question_id, **{column: row_id})
    if is_cleared:
        for row in found:
            change.delete("answers", row["id"])
        return
    answer = _answer(question, value)
    if found:
        change.update("answers", found[0]["id"], answer)
    else:
        change.insert("answers", {**answer, "question_id": question_id, column: row_id})


def _answer(question: Row, value: Any) -> Values:
    kind = question["answer_kind"] or "text"
    options = [option[0] for option in question["options"] or []]
    given = value if isinstance(value, list) else [value] if kind == "choice" and value is not None else []
    if options and (wrong := [code for code in given if code not in options]):
        raise StudyError(f"{len(wrong)} answer(s) are not among the options of question '{question['code']}'; choose from its list.")
    if isinstance(value, list):
        return {"text": None, "number": None, "codes": value}
    if isinstance(value, bool):
        return {"text": "yes" if value else "no", "number": None, "codes": None}
    if isinstance(value, (int, float)):
        return {"text": None, "number": value, "codes": None}
    return {"text": value, "number": None, "codes": None}
