"""Verbs on the kind of a network: whoever knows the map puts another label in place of the rule's, and says why."""

from kithwork.actions.support import answer_question
from kithwork.actions.verbs import action
from kithwork.measures.typology.rules import QUESTIONS, REASON_OF
from kithwork.model.errors import SelectionError, StudyError, near
from kithwork.model.rows import Row
from kithwork.store import Change

_OURS = "our default"
_WORDING = {
    "network_type": "What kind of network is this, by people and groups?",
    "all_kinds_type": "What kind of network is this, by all kinds of tie?",
}
LONGEST_LABEL = 200


@action
def label_network(change: Change, map_id: str, question: str, label: str, reason: str) -> None:
    """Put a label of ours, or words of one's own, in place of the rule's for one map, and say why.

    It is the answer to the map's question `network_type` or `all_kinds_type`, and the reason that to `…_reason`; the study gets these
    questions when they are first answered. They are the analyst's, so no wave asks them of a participant.
    """
    label, reason = label.strip(), reason.strip()
    if not label or len(label) > LONGEST_LABEL:
        raise StudyError(f"A label is a word or a few, at most {LONGEST_LABEL} characters; choose one or write it.")
    if not reason:
        raise StudyError("Say in a few words why this label fits better; the reason is kept beside it.")
    for code, words in ((_known(question), label), (REASON_OF[question], reason)):
        versions = _versions(change, code) or [_asked(change, code)]
        _clear(change, versions[:-1], map_id)
        answer_question(change, versions[-1]["id"], words, map_id=map_id)


@action
def label_network_by_rule(change: Change, map_id: str, question: str) -> None:
    """Take a label that was put in place away, with its reason: the rule's own stands again."""
    for code in (_known(question), REASON_OF[question]):
        _clear(change, _versions(change, code), map_id)


def _known(question: str) -> str:
    if question not in QUESTIONS:
        raise SelectionError(f"There is no label '{question[:40]}'; labels are {', '.join(QUESTIONS)}.{near(question[:40], QUESTIONS)}")
    return question


def _versions(change: Change, code: str) -> list[Row]:
    versions = sorted(change.rows("questions", code=code), key=lambda row: row["version"])
    if any(row["subject"] != "map" for row in versions):
        raise StudyError(f"In this study the question '{code}' is not asked of a map, so no label can be kept there; give it another code.")
    return versions


def _asked(change: Change, code: str) -> Row:
    position = max((row["position"] or 0 for row in change.rows("questions", subject="map")), default=0) + 1
    words = _WORDING.get(code, "Why does this label fit better than the rule's?")
    row = {"code": code, "version": 1, "subject": "map", "wording": words, "answer_kind": "text", "position": position, "basis": _OURS}
    return change.insert("questions", row)


def _clear(change: Change, versions: list[Row], map_id: str) -> None:
    for question in versions:
        answer_question(change, question["id"], is_cleared=True, map_id=map_id)
