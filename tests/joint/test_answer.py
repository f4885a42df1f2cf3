"""Questions across talk and ties are answered as the slow way answers them."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.formats.demo import demo_tables
from kithwork.joint import Question, Said, answer, labels_of, numbers, ready_made
from kithwork.joint.dimensions import side_of
from kithwork.model.errors import SelectionError, StudyError
from tests.joint.slow import Slow, neighbours
from tests.joint.studies import question_of, said_of, study_of

NUMBERS = {"passages": "said", "people": "people", "people_of": "people_of", "ties": "ties", "ties_of": "ties_of"}


def words_of(said: Said) -> pl.DataFrame:
    return said.tables["segments"].select(pl.col("id").alias("segment_id"), "quotation")


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from([1, 3, 12]))
@settings(max_examples=160, deadline=None)
def test_every_count_is_that_of_the_slow_way(study: int, asked: int, few: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "FEW", few)  # these studies are small; so numbers are cut in quarters too
        _compare(study, asked)


def _compare(study: int, asked: int) -> None:
    tables = study_of(study)
    question = question_of(asked, tables)
    said = said_of(tables)
    found = answer(said, question, words_of(said))
    slow = Slow(tables, question).cells()
    for cell in found.counts.to_dicts():
        sets = slow.get((cell["row"], cell["column"]), {})
        could = slow.get(_without_talk(question, cell["row"], cell["column"]), {})
        for name, key in NUMBERS.items():
            if name.startswith("ties") and not question.is_of_ties:
                assert cell[name] is None
                continue
            wanted = could if name.endswith("_of") else sets
            assert cell[name] == len(wanted.get(key, ())), (name, cell, question)
        if question.asked_of == "said" and cell["row"] is not None:
            assert set(found.segments(said, cell["row"], cell["column"])) == sets.get("said", set())
    shown = {(row, column) for row, column in found.counts.select("row", "column").iter_rows()}
    assert {cell for cell, sets in slow.items() if sets["said"]} <= shown


def _without_talk(question: Question, row: str | None, column: str | None) -> tuple[str | None, str | None]:
    """What could have been said is not known a code, coder or speaker: there the count of the whole stands."""
    keys = [None if side_of(name) == "talk" else key for name, key in ((question.rows, row), (question.columns, column))]
    return keys[0], keys[1]


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_what_became_of_a_tie_is_what_the_pictures_say(seed: int) -> None:
    tables = study_of(seed)
    held = tables["interviews"].filter(pl.col("status") == "held")["id"]
    tables.frames["maps"] = tables["maps"].filter(
        pl.col("interview_id").is_in(held.implode())
    )  # pictures show maps of missed interviews too
    assert set(Said(tables).became().iter_rows()) == neighbours(tables)


def test_ready_made_questions_find_something_in_the_demo() -> None:
    said = Said(demo_tables())
    ready = ready_made(said)
    assert len(ready) == 6
    for name, question in ready.items():
        found = answer(said, question)
        total = found.counts.filter(pl.col("row").is_null(), pl.col("column").is_null()).to_dicts()[0]
        assert total["ties" if question.asked_of == "never" else "passages"] > 0, name
        assert Question.of(question.definition()) == question


def test_a_missed_wave_is_a_gap_and_never_a_loss() -> None:
    for seed in range(40):
        tables = study_of(seed)
        said = Said(tables)
        for pair in ((1, 2), (2, 3), (1, 3)):
            seen = {one: set(said.maps.filter(pl.col("wave") == one)["participant_id"].to_list()) for one in pair}
            owners = dict(said.alters.select("alter_id", "participant_id").iter_rows())
            for alter, *_ in said.became(pair).iter_rows():
                assert owners[alter] in seen[pair[0]] & seen[pair[1]]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"rows": "kind", "columns": "kind"}, "two different things"),
        ({"rows": "size"}, "cannot be counted by 'size'"),
        ({"asked_of": "never", "rows": "code"}, "never spoken of"),
        ({"from_wave": 2, "to_wave": 1}, "earlier and a later"),
        ({"from_wave": 2}, "earlier and a later"),
        ({"fates": ("gone",)}, "cannot have become"),
        ({"attributes": (("shoe", "43"),)}, "have no 'shoe'"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_one_sentence(wrong: dict, sentence: str) -> None:
    with pytest.raises(SelectionError, match=sentence):
        Question(**wrong)


@pytest.mark.parametrize(
    "wrong", [{"kinds": "person"}, {"nothing": 1}, {"waves": ["1"]}, {"attributes": ["site"]}, {"rows": 3}, {"from_wave": "1"}]
)
def test_a_saved_question_that_cannot_be_read_says_so(wrong: dict) -> None:
    with pytest.raises(StudyError, match="cannot be read"):
        Question.of(wrong)


def test_every_member_of_a_dimension_has_a_label() -> None:
    said = Said(study_of(3))
    for name in ("role", "circle", "wave", "code"):
        assert all(labels_of(said, name).values())
