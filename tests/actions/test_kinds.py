"""A label put in the place of the rule's: with its reason, in the journal, to be undone, and taken away again."""

import pytest

from kithwork.actions import act
from kithwork.actions.design import keep_tables
from kithwork.measures.typology import kinds_of_network
from kithwork.model.errors import SelectionError, StudyError
from kithwork.store import Study
from tests.oracles.studies import one_map


@pytest.fixture
def drawn(study: Study) -> tuple[Study, str]:
    keep_tables(study, one_map(3, []), "fill")
    return study, study.rows("maps")[0]["id"]


def row(study: Study) -> dict:
    return kinds_of_network(study.tables()).row(0, named=True)


def later_wave(study: Study) -> str:
    """A wave that has not begun, from which on questions may be asked in other words."""
    entry = act(study, "add wave", {"label": "Later"})
    return next(iter(entry.changed["waves"]))


def label(study: Study, map_id: str, words: str = "friend-like", reason: str = "They share a flat.", question: str = "network_type"):
    return act(study, "label network", {"map_id": map_id, "question": question, "label": words, "reason": reason})


def test_a_label_stands_with_its_reason_and_the_rule_stays_beside_it(drawn: tuple[Study, str]):
    study, map_id = drawn
    before = row(study)
    entry = label(study, map_id)
    after = row(study)
    assert (after["people_type"], after["people_label"], after["people_reason"]) == ("friend-like", "friend-like", "They share a flat.")
    assert after["is_people_overridden"]
    assert after["people_type_by_rule"] == before["people_type"]
    assert not after["is_all_kinds_overridden"]
    assert entry.verb == "label network"
    assert not study.rows("asked")  # it is no question of a wave
    assert study.verify().is_sound


def test_one_undo_takes_label_reason_and_questions_away(drawn: tuple[Study, str]):
    study, map_id = drawn
    before, entry = row(study), label(study, map_id)
    study.undo(entry.id)
    assert row(study) == before
    assert not study.rows("questions")
    assert not study.rows("answers")


def test_a_label_is_put_again_in_other_words_and_the_rule_stands_again(drawn: tuple[Study, str]):
    study, map_id = drawn
    before = row(study)
    label(study, map_id)
    label(study, map_id, "diverse", "A choir was forgotten.")
    assert row(study)["people_label"].startswith("Family, friends and groups")
    assert row(study)["people_reason"] == "A choir was forgotten."
    assert len(study.rows("answers")) == 2
    act(study, "label network by rule", {"map_id": map_id, "question": "network_type"})
    assert row(study) == before


def test_a_study_that_asks_the_question_keeps_the_answer_under_its_latest_words(drawn: tuple[Study, str]):
    study, map_id = drawn
    study_wave = later_wave(study)
    act(
        study,
        "add question",
        {"subject": "map", "code": "network_type", "wave_id": study_wave, "values": {"wording": "?", "answer_kind": "text"}},
    )
    label(study, map_id, "one")
    act(study, "change question", {"code": "network_type", "wave_id": study_wave, "values": {"wording": "What is it?"}})
    label(study, map_id, "two")
    assert row(study)["people_type"] == "two"
    versions = {one["id"]: one["version"] for one in study.rows("questions", code="network_type")}
    assert [versions[one["question_id"]] for one in study.rows("answers") if one["question_id"] in versions] == [2]


@pytest.mark.parametrize(("words", "reason"), [("", "why"), ("x" * 201, "why"), ("diverse", "  ")])
def test_a_label_without_words_or_reason_is_refused(drawn: tuple[Study, str], words: str, reason: str):
    study, map_id = drawn
    with pytest.raises(StudyError):
        label(study, map_id, words, reason)
    assert not study.rows("questions")


def test_a_label_there_is_not_and_a_question_asked_of_something_else_are_told(drawn: tuple[Study, str]):
    study, map_id = drawn
    with pytest.raises(SelectionError, match="There is no label"):
        label(study, map_id, question="network_kind")
    wave = later_wave(study)
    act(
        study,
        "add question",
        {"subject": "tie", "code": "all_kinds_type", "wave_id": wave, "values": {"wording": "?", "answer_kind": "text"}},
    )
    with pytest.raises(StudyError, match="not asked of a map"):
        label(study, map_id, question="all_kinds_type")
