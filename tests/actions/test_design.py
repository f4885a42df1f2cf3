"""Changing a study's design: words that were read out stay with the waves they were read at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kithwork.actions import act
from kithwork.actions.design import keep_tables, make_study, study_template
from kithwork.formats.demo import demo_tables
from kithwork.formats.template import find_template, template_tables
from kithwork.model.errors import SelectionError, StudyError
from kithwork.model.rows import Row
from kithwork.model.tables import StudyTables
from kithwork.store import Study, create_study


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Study]:
    with create_study(tmp_path / "made.kith") as study:
        make_study(study, find_template(), "Ours")
        yield study


def wave(study: Study, position: int) -> Row:
    return study.rows("waves", position=position)[0]


def hold(study: Study, position: int) -> None:
    person = (study.rows("participants") or [None])[0]
    if person is None:
        act(study, "enrol participant", {"pseudonym": "P01"})
        person = study.rows("participants")[0]
    act(study, "describe interview", {"participant_id": person["id"], "wave_id": wave(study, position)["id"], "values": {"status": "held"}})


def asked(study: Study, code: str) -> dict[int, int]:
    """Position of the wave → version of the question asked at it."""
    versions = {row["id"]: row["version"] for row in study.rows("questions", code=code)}
    positions = {row["id"]: row["position"] for row in study.rows("waves")}
    rows = study.rows("asked", question_id=list(versions))
    assert len({row["wave_id"] for row in rows}) == len(rows), "one wave asks two wordings of one question"
    return {positions[row["wave_id"]]: versions[row["question_id"]] for row in rows}


def test_a_study_from_a_template_is_one_entry_and_gives_the_template_back(made: Study):
    assert [entry["verb"] for entry in made.entries()] == ["make study"]
    assert made.rows("studies")[0]["title"] == "Ours"
    template = study_template(made)
    assert template.circles == find_template().circles
    assert template.tie_questions == find_template().tie_questions
    assert made.verify().is_sound


def test_a_study_with_a_design_takes_no_other(made: Study):
    with pytest.raises(StudyError, match="has a design already"):
        make_study(made, find_template())


def test_unsound_tables_are_refused_whole(study: Study):
    tables = template_tables(find_template())
    broken = StudyTables({name: frame for name, frame in tables.frames.items() if name != "waves"})
    with pytest.raises(StudyError, match="not in 'waves'"):
        keep_tables(study, broken, "make study")
    assert study.entries() == []


def test_the_demo_is_kept_exactly_as_one_entry(study: Study):
    tables = demo_tables(participants=4)
    keep_tables(study, tables, "make demo study")
    assert len(study.entries()) == 1
    kept = study.tables()
    for name in tables.frames:
        assert sorted(kept.rows(name), key=lambda row: row["id"]) == sorted(tables.rows(name), key=lambda row: row["id"])
    assert study.verify().is_sound


def test_circles_changed_from_the_second_wave_leave_the_first_as_it_was(made: Study):
    hold(made, 1)
    before = made.rows("circles", version=1)
    act(made, "change circles", {"wave_id": wave(made, 2)["id"], "circles": [{"label": "Near", "prompt": "Near?"}, {"label": "Far"}]})
    assert made.rows("circles", version=1) == before
    assert [row["label"] for row in sorted(made.rows("circles", version=2), key=lambda row: row["position"])] == ["Near", "Far"]
    assert [wave(made, position)["circle_version"] for position in (1, 2, 3)] == [1, 2, 2]
    assert made.entries()[-1]["verb"] == "change circles"
    assert {circle.version for circle in study_template(made).circles} == {1, 2}


def test_circles_nobody_was_shown_leave_no_old_version_behind(made: Study):
    act(made, "change circles", {"wave_id": wave(made, 1)["id"], "circles": [{"label": "Only"}]})
    assert [row["label"] for row in made.rows("circles")] == ["Only"]


def test_undoing_a_change_of_circles_brings_the_old_ones_back(made: Study):
    before = made.rows("circles"), made.rows("waves")
    entry = act(made, "change circles", {"wave_id": wave(made, 1)["id"], "circles": [{"label": "Only"}]})
    made.undo(entry.id)
    assert (made.rows("circles"), made.rows("waves")) == before


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("change circles", {"circles": [{"label": "Near"}]}),
        ("change question", {"code": "trust", "values": {"wording": "Otherwise?"}}),
        ("add question", {"subject": "tie", "code": "new", "values": {"wording": "New?", "answer_kind": "text"}}),
        ("stop asking", {"code": "trust"}),
    ],
)
def test_words_of_a_wave_that_has_begun_do_not_change(made: Study, verb: str, arguments: dict):
    hold(made, 2)
    before = made.tables("questions", "asked", "circles", "waves")
    with pytest.raises(StudyError, match="Wave 2 has begun"):
        act(made, verb, {**arguments, "wave_id": wave(made, 1)["id"]})
    after = made.tables("questions", "asked", "circles", "waves")
    assert all(after.rows(name) == before.rows(name) for name in before.frames)
    act(made, verb, {**arguments, "wave_id": wave(made, 3)["id"]})


def test_a_question_in_other_words_is_a_new_version_from_then_on(made: Study):
    hold(made, 1)
    act(made, "change question", {"code": "trust", "wave_id": wave(made, 2)["id"], "values": {"wording": "And trust?"}})
    assert asked(made, "trust") == {1: 1, 2: 2, 3: 2}
    old, new = sorted(made.rows("questions", code="trust"), key=lambda row: row["version"])
    assert (new["wording"], new["column_name"], new["position"]) == ("And trust?", "trust", old["position"])
    assert old["wording"] != new["wording"]


def test_the_same_words_again_are_no_new_version(made: Study):
    wording = made.rows("questions", code="trust")[0]["wording"]
    act(made, "change question", {"code": "trust", "wave_id": wave(made, 1)["id"], "values": {"wording": wording}})
    assert len(made.rows("questions", code="trust")) == 1
    assert len(made.entries()) == 1


def test_a_question_can_be_left_out_and_asked_again(made: Study):
    act(made, "stop asking", {"code": "effort", "wave_id": wave(made, 2)["id"]})
    assert asked(made, "effort") == {1: 1}
    act(made, "ask again", {"code": "effort", "wave_id": wave(made, 3)["id"]})
    assert asked(made, "effort") == {1: 1, 3: 1}


def test_a_choice_without_options_is_refused(made: Study):
    values = {"wording": "Which?", "answer_kind": "choice"}
    with pytest.raises(StudyError, match="needs its options"):
        act(made, "add question", {"subject": "tie", "code": "which", "wave_id": wave(made, 1)["id"], "values": values})
    act(
        made,
        "add question",
        {"subject": "tie", "code": "which", "wave_id": wave(made, 1)["id"], "values": {**values, "options": [["a", "A"]]}},
    )
    assert asked(made, "which") == {1: 1, 2: 1, 3: 1}


def test_an_added_wave_asks_what_the_last_one_asks(made: Study):
    act(made, "add wave", {"label": "Two years later", "months": 24.0})
    last, new = wave(made, 3), wave(made, 4)
    assert (new["months"], new["circle_version"]) == (24, last["circle_version"])
    of = [{row["question_id"] for row in made.rows("asked", wave_id=each["id"])} for each in (last, new)]
    assert of[0] == of[1]
    act(made, "describe wave", {"wave_id": new["id"], "values": {"label": "After two years"}})
    assert wave(made, 4)["label"] == "After two years"
    act(made, "remove wave", {"wave_id": new["id"]})
    assert len(made.rows("waves")) == 3


def test_the_meaning_of_the_circles_is_settled_once_a_map_is_drawn(study: Study):
    keep_tables(study, demo_tables(participants=1, waves=1), "make demo study")
    with pytest.raises(StudyError, match="can no longer change"):
        act(study, "describe study", {"values": {"circle_meaning": "closeness"}})


def test_roles_support_types_and_the_lens_can_be_edited(made: Study):
    act(made, "add role", {"kind": "person", "code": "landlord", "label": "Landlord", "role_group": "weak"})
    role = made.rows("roles", code="landlord")[0]
    act(made, "describe role", {"role_id": role["id"], "values": {"is_retired": True}})
    assert made.row("roles", role["id"])["is_retired"] is True
    act(made, "add support type", {"code": "money", "label": "Money"})
    with pytest.raises(StudyError, match="already one with this code"):
        act(made, "add support type", {"code": "money", "label": "Money"})
    act(made, "show lens", {"lens": "Network Episode Model", "is_on": False})
    assert {row["is_on"] for row in made.rows("lenses")} == {False}


def test_an_unknown_question_is_told_so(made: Study):
    with pytest.raises(SelectionError, match="no question with this code"):
        act(made, "ask again", {"code": "nothing", "wave_id": wave(made, 1)["id"]})
