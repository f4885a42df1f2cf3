"""Drawing a map: named, placed, described, looked back at, joined, taken away; each can be undone."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.actions import ACTIONS, act
from kithwork.model.errors import ConflictError, KithworkError, SelectionError, StudyError
from kithwork.model.ids import new_id
from kithwork.model.schema import LIVE
from tests.actions.conftest import Small, small_study


def everything(small: Small) -> dict:
    return {table: small.study.rows(table) for table in LIVE}


def test_naming_keeps_the_name_apart_and_makes_a_pseudonym(small: Small) -> None:
    alter, tie = small.name(0, "place")
    assert small.study.row("alters", alter)["pseudonym"] == "Place 1"
    assert small.study.rows("identities", alter_id=alter)[0]["name"] == "Somebody"
    assert small.study.row("ties", tie)["circle"] is None
    assert small.study.rows("nominations", tie_id=tie)[0]["position"] == 1
    assert small.study.row("alters", small.name(0, "place")[0])["pseudonym"] == "Place 2"


def test_no_name_stands_in_a_journal_header(small: Small) -> None:
    small.name(0)
    for entry in small.study.entries():
        assert not any("Real-Name" in str(value) or "Somebody" in str(value) for value in entry.values())


@pytest.mark.parametrize(
    ("circle", "angle", "distance", "kept"), [(1, 10, 0.1, 0.1), (2, -90, 0.9, 0.5), (3, 725, None, 0.8333), (3, 0, 1.0, 1.0)]
)
def test_a_tie_lies_inside_its_circle_whatever_is_asked(small: Small, circle: int, angle: float, distance: float, kept: float) -> None:
    _, tie = small.name(0)
    small.do("place tie", map_id=small.maps[0], tie_id=tie, circle=circle, angle=float(angle), distance=distance)
    row = small.study.row("ties", tie)
    assert (row["circle"], row["angle"], row["distance"]) == (circle, angle % 360, kept)


def test_a_circle_that_is_not_drawn_is_refused(small: Small) -> None:
    _, tie = small.name(0)
    with pytest.raises(StudyError, match="circles 1 to 3"):
        small.do("place tie", map_id=small.maps[0], tie_id=tie, circle=4)


def test_a_tie_is_changed_only_on_its_own_map(small: Small) -> None:
    _, tie = small.name(0)
    with pytest.raises(StudyError, match="another map"):
        small.do("unplace tie", map_id=small.maps[1], tie_id=tie)


def test_looking_back_waits_for_free_recall(small: Small) -> None:
    alter, _ = small.name(0)
    with pytest.raises(StudyError, match="free recall is finished"):
        small.do("reconcile alter", map_id=small.maps[1], alter_id=alter, fate="lost")
    small.do("describe map", map_id=small.maps[1], values={"stage": "reconcile"})
    assert small.study.row("maps", small.maps[1])["recall_finished_at"]
    small.do("reconcile alter", map_id=small.maps[1], alter_id=alter, fate="lost", reasons=["moved"])
    assert small.study.rows("fates", alter_id=alter)[0]["reasons"] == ["moved"]
    assert small.study.rows("ties", alter_id=alter, map_id=small.maps[1]) == []


def test_one_merely_forgotten_is_put_on_the_map_as_the_same_row(small: Small) -> None:
    alter, _ = small.name(0)
    small.do("describe map", map_id=small.maps[1], values={"stage": "reconcile"})
    small.do("reconcile alter", map_id=small.maps[1], alter_id=alter, fate="forgotten")
    tie = small.study.rows("ties", map_id=small.maps[1])[0]
    assert tie["alter_id"] == alter
    assert small.study.rows("nominations", tie_id=tie["id"])[0]["phase"] == "reconcile"
    with pytest.raises(StudyError, match="take it off the map first"):
        small.do("reconcile alter", map_id=small.maps[1], alter_id=alter, fate="lost")


def test_making_two_alters_one_can_be_taken_back_after_other_work(small: Small) -> None:
    first, tie_before = small.name(0)
    second, tie_now = small.name(1)
    small.do("note event", map_id=small.maps[1], alter_id=second, values={"event": "asked"})
    merged = small.do("merge alters", alter_id=second, same_as_id=first)
    assert {row["alter_id"] for row in small.study.rows("ties")} == {first}
    assert len(small.study.rows("alters")) == 1
    small.name(1)
    small.do("place tie", map_id=small.maps[1], tie_id=tie_now, circle=1)
    small.study.undo(merged.id)
    assert small.study.row("ties", tie_now)["alter_id"] == second
    assert small.study.row("ties", tie_now)["circle"] == 1
    assert small.study.row("ties", tie_before)["alter_id"] == first
    assert small.study.rows("events")[0]["alter_id"] == second


def test_two_alters_of_one_map_are_not_one(small: Small) -> None:
    first, _ = small.name(0)
    second, _ = small.name(0)
    with pytest.raises(StudyError, match="Both are on one map"):
        small.do("merge alters", alter_id=first, same_as_id=second)


def test_a_crisis_map_starts_from_a_copy_of_the_everyday_one(small: Small) -> None:
    _, first = small.name(0)
    _, second = small.name(0)
    small.do("join alters", map_id=small.maps[0], from_tie_id=first, to_tie_id=second)
    small.do("describe tie", map_id=small.maps[0], tie_id=first, values={"via_tie_id": second, "trust": "strong"})
    crisis = new_id()
    where = {"participant_id": small.participant, "wave_id": small.waves[0], "state": "crisis"}
    small.do("start map", **where, copy_map_id=small.maps[0], id=crisis)
    ties = small.study.rows("ties", map_id=crisis)
    assert sorted(tie["alter_id"] for tie in ties) == sorted(tie["alter_id"] for tie in small.study.rows("ties", map_id=small.maps[0]))
    via = next(tie for tie in ties if tie["trust"] == "strong")["via_tie_id"]
    assert via in {tie["id"] for tie in ties}
    assert len(small.study.rows("alter_ties", map_id=crisis)) == 1
    with pytest.raises(StudyError, match="already has a map"):
        small.do("start map", **where)


def test_a_pair_has_one_record_whichever_end_comes_first(small: Small) -> None:
    _, first = small.name(0)
    _, second = small.name(0)
    ends = {"map_id": small.maps[0], "from_tie_id": first, "to_tie_id": second}
    small.do("join alters", **ends, weight=0.0)
    small.do("join alters", map_id=small.maps[0], from_tie_id=second, to_tie_id=first, relation="conflict", weight=2.0)
    assert [(row["relation"], row["weight"]) for row in small.study.rows("alter_ties")] == [("conflict", 2.0)]
    assert small.study.row("maps", small.maps[0])["alter_ties_asked"] == "partly"
    small.do("join alters", **ends, relation=None)
    assert small.study.rows("alter_ties") == []


def test_supports_and_answers_are_set_changed_and_cleared(small: Small) -> None:
    _, tie = small.name(0)
    where = {"map_id": small.maps[0], "tie_id": tie}
    small.do("describe support", **where, support_type="emotional", values={"direction": "both", "amount": 3})
    small.do("describe support", **where, support_type="emotional", values={"sufficiency": "not_enough"})
    row = small.study.rows("supports")[0]
    assert (row["direction"], row["amount"], row["sufficiency"]) == ("both", 3, "not_enough")
    small.do("describe support", **where, support_type="emotional", values=None)
    assert small.study.rows("supports") == []
    with pytest.raises(StudyError, match="not in the study"):
        small.do("describe support", **where, support_type="financial", values={})
    pet, years = small.study.rows("questions")
    small.do("answer question", question_id=pet["id"], value="b", tie_id=tie)
    small.do("answer question", question_id=years["id"], value=3.5, tie_id=tie)
    assert {(row["text"], row["number"]) for row in small.study.rows("answers")} == {("b", None), (None, 3.5)}
    with pytest.raises(StudyError, match="not among the options"):
        small.do("answer question", question_id=pet["id"], value="c", tie_id=tie)
    small.do("answer question", question_id=years["id"], tie_id=tie)
    assert small.study.rows("answers", question_id=years["id"])[0]["number"] is None
    small.do("answer question", question_id=years["id"], is_cleared=True, tie_id=tie)
    assert small.study.rows("answers", question_id=years["id"]) == []


def test_an_interview_that_has_a_map_cannot_be_missed(small: Small) -> None:
    where = {"participant_id": small.participant, "wave_id": small.waves[0]}
    with pytest.raises(StudyError, match="has a map"):
        small.do("describe interview", **where, values={"status": "missed", "missed_reason": "declined"})
    small.do("remove map", map_id=small.maps[0])
    with pytest.raises(StudyError, match="needs its reason"):
        small.do("describe interview", **where, values={"status": "missed"})
    small.do("describe interview", **where, values={"status": "missed", "missed_reason": "too_unwell"})
    assert small.study.rows("interviews", wave_id=small.waves[0])[0]["missed_reason"] == "too_unwell"


@pytest.mark.parametrize(
    ("verb", "arguments", "told"),
    [
        ("place tye", {}, "Did you mean 'place tie'"),
        ("place tie", {"map_id": "x"}, "tie_id: field required"),
        ("place tie", {"map_id": "x", "tie_id": "y", "circle": "1"}, "circle: input should be a valid integer"),
        ("place tie", {"map_id": "x", "tie_id": "y", "circle": 1, "sneaky": 1}, "sneaky: extra inputs are not permitted"),
        ("place tie", {"map_id": "x", "tie_id": "y", "circle": 1}, "not there any more"),
    ],
)
def test_a_call_that_is_wrong_is_told_in_one_sentence(small: Small, verb: str, arguments: dict, told: str) -> None:
    with pytest.raises((StudyError, SelectionError)) as caught:
        act(small.study, verb, arguments)
    assert told in str(caught.value)


def test_columns_that_hold_a_study_together_cannot_be_described_away(small: Small) -> None:
    alter, tie = small.name(0)
    for verb, arguments in (
        ("describe tie", {"map_id": small.maps[0], "tie_id": tie, "values": {"map_id": small.maps[1]}}),
        ("describe tie", {"map_id": small.maps[0], "tie_id": tie, "values": {"circle": 1}}),
        ("describe alter", {"alter_id": alter, "values": {"participant_id": new_id()}}),
        ("describe map", {"map_id": small.maps[0], "values": {"interview_id": new_id()}}),
    ):
        with pytest.raises(StudyError):
            act(small.study, verb, arguments)


def test_every_verb_says_what_it_does() -> None:
    assert all(verb.meaning.endswith(".") for verb in ACTIONS.values())


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_any_drawing_verifies_and_undoing_all_of_it_leaves_the_study_as_it_was(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    small = small_study(tmp_path_factory.mktemp("walk") / "small.kith")
    before, start = everything(small), len(small.study.entries())
    choose = random.Random(seed)
    for _ in range(30):
        try:
            random_edit(small, choose)
        except KithworkError:
            pass
    assert small.study.verify().damage == []
    for entry in reversed(small.study.undoable()[0][start:]):
        small.study.undo(entry)
    assert everything(small) == before
    assert small.study.verify().damage == []
    small.study.close()


def random_edit(small: Small, choose: random.Random) -> None:
    """Some edit, possible or not."""
    map_id = choose.choice(small.maps)
    ties = small.study.rows("ties", map_id=map_id)
    alters = small.study.rows("alters")
    if not ties or choose.random() < 0.3:
        small.name(small.maps.index(map_id), choose.choice(["person", "animal", "object"]))
        return
    tie, other, alter, second = (choose.choice(rows)["id"] for rows in (ties, ties, alters, alters))
    at = {"map_id": map_id}
    edits = [
        ("place tie", {**at, "tie_id": tie, "circle": choose.randint(1, 4)}),
        ("describe tie", {**at, "tie_id": tie, "values": {"via_tie_id": other, "meaning": "words", "contact": "daily"}}),
        ("describe support", {**at, "tie_id": tie, "support_type": "emotional", "values": {"via_tie_id": other}}),
        ("join alters", {**at, "from_tie_id": tie, "to_tie_id": other}),
        ("remove tie", {**at, "tie_id": tie}),
        ("describe map", {**at, "values": {"stage": choose.choice(["recall", "reconcile"])}}),
        ("reconcile alter", {**at, "alter_id": alter, "fate": choose.choice(["lost", "forgotten", "kept", None])}),
        ("name known alter", {**at, "alter_id": alter, "fate": "kept"}),
        ("merge alters", {"alter_id": alter, "same_as_id": second}),
        ("note event", {**at, "alter_id": alter, "values": {"event": "felt_stigma", "note": "words"}}),
        ("rename alter", {"alter_id": alter, "name": "Another"}),
        ("remove map", at) if choose.random() < 0.1 else ("unplace tie", {**at, "tie_id": tie}),
    ]
    verb, arguments = choose.choice(edits)
    act(small.study, verb, arguments)


def test_undoing_a_naming_that_was_built_on_is_refused(small: Small) -> None:
    entry = small.do("name alter", map_id=small.maps[0], name="x", tie_id=(tie := new_id()))
    small.do("place tie", map_id=small.maps[0], tie_id=tie, circle=1)
    with pytest.raises(ConflictError):
        small.study.undo(entry.id)


def test_a_study_opened_elsewhere_meanwhile_sees_the_edit(small: Small, tmp_path: Path) -> None:
    from kithwork.store import open_study

    with open_study(tmp_path / "small.kith") as other:
        _, tie = small.name(0)
        assert other.row("ties", tie)["map_id"] == small.maps[0]


def test_the_journal_says_whom_an_enrolment_concerns(small: Small) -> None:
    assert small.study.entries(participant=small.participant)[0]["verb"] == "enrol participant"


def test_alters_spoken_of_in_one_passage_and_replaced_in_the_talk_can_be_one_and_one_taken_off_its_map_stays(small: Small):
    (first, _), (second, _) = small.name(0), small.name(1)
    small.do("rename alter", alter_id=second, name="Priestley")
    small.do("bring in transcript", title="t", text="P: Priestley came.", turns=[], participant_id=small.participant)
    document, revision = small.study.rows("documents")[0]["id"], small.study.rows("revisions")[0]["id"]
    spoken = [{"start": 3, "stop": 12, "alter_id": alter} for alter in (first, second)]
    small.do("note mentions", revision_id=revision, mentions=spoken)
    row = {"start": 3, "stop": 12, "original": "Priestley", "replacement": "[Person 2]", "alter_id": second}
    small.do("apply replacements", documents=[{"document_id": document, "revision_id": revision, "replacements": [row]}])
    merged = small.do("merge alters", alter_id=second, same_as_id=first)
    assert [mention["alter_id"] for mention in small.study.rows("mentions")] == [first]
    assert [replaced["alter_id"] for replaced in small.study.rows("replacements")] == [first]
    assert [identity["name"] for identity in small.study.rows("identities", alter_id=first)] == ["Somebody / Priestley"]
    small.study.undo(merged.id)
    for mention in small.study.rows("mentions"):
        small.do("forget mention", mention_id=mention["id"])
    (tie,) = small.study.rows("ties", alter_id=second)
    small.do("remove tie", map_id=tie["map_id"], tie_id=tie["id"])
    assert small.study.row("alters", second)
    assert small.study.verify().is_sound
