"""Numbers that are counted by: every number is in one interval, its key says which, and cells hold just the passages counted."""

import math
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.joint import Question, Said, answer
from kithwork.joint.matrix import View, lines_of
from kithwork.joint.numbers import FEW, bounds, cut_points, holds, in_words, just, members
from kithwork.joint.telling import conditions_of, count_table, cuts_of
from kithwork.model.errors import SelectionError
from tests.joint.slow import Slow
from tests.joint.studies import MEASURED, NUMBERS, TIE, WORLD, said_of, study_of

numbers = st.floats(allow_nan=False, allow_infinity=False, width=32) | st.integers(-50, 50).map(float)


@given(st.lists(numbers, max_size=60), st.lists(numbers, max_size=6))
def test_every_number_is_in_exactly_one_interval(values: list[float], points: list[float]) -> None:
    keys = members(values, sorted(set(points)))
    for value in values:
        assert sum(holds(key, value) for key in keys) == 1
        assert bounds(just(value)) == (value, value, True)
    assert all(in_words(key) == label for key, label in keys.items())


@given(st.lists(numbers, min_size=1, max_size=200))
def test_without_cut_points_few_numbers_stand_by_themselves_and_many_in_quarters(values: list[float]) -> None:
    keys = members(values)
    if len(set(values)) <= FEW:
        assert list(keys) == [just(value) for value in sorted(set(values))]
        return
    assert 2 <= len(keys) <= 4
    found = [bounds(key) or (0, 0, False) for key in keys]
    assert (found[0][0], found[-1][1]) == (min(values), max(values))
    assert {low for low, _, _ in found} <= set(values)
    held = [sum(holds(key, value) for value in values) for key in keys]
    assert sum(held) == len(values)
    assert min(held) > 0
    if len(set(values)) == len(values):
        assert max(held) - min(held) <= 1


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("[2,5)", "2 to under 5"), ("[2,5]", "2 to 5"), ("[,2)", "under 2"), ("[,2]", "up to 2"), ("[5,]", "5 and more"), ("[3,3]", "3"),
        ("[,]", "any number"), ("[1985,1990)", "1985 to under 1990"), ("[12000,]", "12,000 and more"), ("[0.1,0.25]", "0.1 to 0.25"),
        ("=3", None), ("?", None), ("[a,b]", None),
    ],
)  # fmt: skip
def test_a_key_says_its_bounds_in_words(key: str, words: str | None) -> None:
    assert in_words(key) == words


def test_cut_points_are_read_as_they_are_typed_and_refused_in_one_sentence() -> None:
    assert cut_points(" 10, 0;5  2.5 5") == (0, 2.5, 5, 10)
    assert cut_points("") == ()
    for wrong in ("five", "0, 5, x", "1e999", "inf", "nan", "--2"):
        with pytest.raises(SelectionError, match="Cut points are numbers"):
            cut_points(wrong)
    with pytest.raises(SelectionError, match="at most 30"):
        cut_points(" ".join(str(one) for one in range(31)))
    with pytest.raises(SelectionError, match="Cut points"):
        Question(rows="tie:years", columns="", cuts=(("tie:years", "soon"),))


@given(st.integers(0, 10**6), st.sampled_from(NUMBERS), st.sampled_from(["", "0, 3", "2"]))
@settings(max_examples=60, deadline=None)
def test_cells_add_up_to_the_whole_and_hold_just_what_is_counted(seed: int, name: str, cuts: str) -> None:
    said = said_of(study_of(seed))
    if name not in said.invented:
        return
    asked = Question(rows=name, columns="", cuts=((name, cuts),) if cuts else ())
    found = answer(said, asked)
    whole, cells = set(found.segments(said)), {row: set(found.segments(said, row)) for row in found.rows}
    counted = dict(found.counts.drop_nulls("row").select("row", "passages").iter_rows())
    assert {row: len(ids) for row, ids in cells.items()} == counted
    assert set().union(*cells.values()) == whole
    if name not in TIE:  # a person or an interview gave one answer; a passage may speak of several ties
        assert sum(counted.values()) == len(whole)
    for row, ids in cells.items():
        if bounds(row) and row.endswith("]"):  # as a filter, a key asks for the same passages; of an open upper end, there is none such
            assert (
                set(answer(said, Question(rows="kind" if name in TIE else "wave", columns="", attributes=((name, row),))).segments(said))
                == ids
            )


def test_cuts_given_stay_and_are_told_and_a_saved_question_remembers_them() -> None:
    for seed in range(200):
        said = Said(study_of(seed))
        if "participant:age" in said.invented and answer(said, Question(rows="participant:age", columns="")).facts.height:
            break
    asked = Question(
        rows="participant:age",
        columns="",
        cuts=(("participant:age", "5, 0"),),
        attributes=(("participant:age", "[0,7]"), ("participant:age", "missing:refused")),
    )
    assert Question.of(asked.definition()) == asked
    assert cuts_of(said, asked) == ["“age?” is cut at 0, 5."]
    assert "number by number" in cuts_of(said, Question(rows="participant:age", columns=""))[0]
    assert conditions_of(said, asked) == [("age?", "0 to 7 or no answer: refused")]
    labels = set(count_table(answer(said, asked)).to_series())
    assert labels <= {"0 to under 5", "5 and more", "no answer: refused", "all"}
    assert math.isfinite(answer(said, asked).counts["people_of"].sum())
    assert pl.Series(list(answer(said, asked).rows)).is_in(["[0,5)", "[5,]", "missing:refused"]).all()


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from([None, 1, 2, 3]))
@settings(max_examples=120, deadline=None)
def test_a_matrix_shows_just_the_persons_and_waves_the_slow_way_finds(study: int, asked: int, at: int | None) -> None:
    tables = study_of(study)
    rng = random.Random(asked)
    keys = ["=a", "=b1", "=yes", "=no", "?", "-", "missing:refused", "[0,3]", "[3,]", "[,-1]", "[0.3,0.7]", "missing:no_earlier_map"]
    names = rng.sample([*WORLD, *MEASURED, "site"], rng.randint(0, 2))
    pairs = tuple(
        (name, key) for name in names for key in rng.sample(["North", "?"] if name == "site" else keys, 2 if name == "site" else 5)
    )
    view = View(attributes=pairs, waves=rng.choice(((), (), (1,), (2, 3))), at=at)
    assert View.of(view.definition()) == view
    slow = Slow(tables, view.question)
    again = [name for name in names if name.partition(":")[0] in ("interview", "map", "topic", "measure")]
    wanted = set()
    for person in slow.all("participants"):
        held = {slow.wave(row["id"]): row["id"] for row in slow.all("interviews") if row["participant_id"] == person["id"]}
        if "site" in names and (person["site"] or "?") not in view.question.values_of("site"):
            continue
        if not all(slow.kept(name, slow.of_world(name, person["id"], None)) for name in names if name.startswith("participant")):
            continue
        told = {wave for wave, one in held.items() if all(slow.kept(name, slow.of_world(name, person["id"], one)) for name in again)}
        waves = {1, 2, 3} if not again or at in told else told if at is None else set()
        wanted |= {(person["id"], wave) for wave in waves if not view.waves or wave in view.waves}
    assert set(lines_of(said_of(tables), view).iter_rows()) == wanted
