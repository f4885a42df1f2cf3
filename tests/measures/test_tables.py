"""Tables beside one row a map."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.cohort import PairedWaves, cohort_of
from kithwork.measures.tables import alter_table, attrition_table, durability_table, move_table, person_table, tie_table
from kithwork.model.tables import StudyTables
from tests.measures.test_measures import gap_study
from tests.oracles.slow import SlowStudy
from tests.oracles.slow_support import without
from tests.oracles.studies import Maker, random_study

SEEDS = st.integers(0, 2**32)


def waves_of(patterns: dict[str, str], months: int = 6) -> StudyTables:
    """One person per pattern list: each alter named at the waves of its pattern; `?` is a wave nobody was asked at."""
    maker = Maker()
    count = len(next(iter(patterns.values())))
    waves = [maker.wave(number + 1, months * number) for number in range(count)]
    person = maker.person("P1")
    alters = {name: maker.alter(person, kind="place" if name.startswith("place") else "person") for name in patterns}
    for number, wave in enumerate(waves):
        if any(pattern[number] == "?" for pattern in patterns.values()):
            maker.add("interviews", participant_id=person, wave_id=wave, status="missed", missed_reason="too_unwell")
            continue
        map_id = maker.map(person, wave)
        for name, pattern in patterns.items():
            if pattern[number] == "1":
                maker.tie(map_id, alters[name], circle=1 + number % 2)
    return maker.tables()


def test_a_missed_wave_censors_and_a_wave_at_which_a_tie_is_not_named_ends_it():
    tables = waves_of({"a": "11?1", "b": "10?0", "c": "01?1", "place d": "11?0"})
    frame = durability_table(cohort_of(tables)).filter(pl.col("group") == "all")
    # b is lost at 6 months; c is censored at once, a and d after 6 months, before the wave that was missed
    assert frame.rows() == [
        ("all", 0.0, 4, 0, 1, 1.0, 0.0),
        ("all", 6.0, 3, 1, 2, pytest.approx(2 / 3), pytest.approx(2 / 3 * (1 / 6) ** 0.5)),
    ]


def test_durability_is_told_by_kind():
    tables = waves_of({"a": "110", "place b": "111"})
    frame = durability_table(cohort_of(tables))
    ends = {group: own["survival"][-1] for (group,), own in frame.group_by("group")}
    assert ends == {"all": 0.5, "person": 0.0, "place": 1.0}


def test_an_alter_that_comes_back_is_a_return_and_one_at_every_observed_wave_is_core():
    frame = alter_table(cohort_of(waves_of({"a": "101?1", "b": "111?1", "c": "010?0"})))
    kept = ["pattern", "first_wave", "last_wave", "waves_named", "waves_observed", "is_always_there", "returns"]
    assert set(frame.select(kept).rows()) == {
        ("101?1", 1, 5, 3, 4, False, 1),
        ("111?1", 1, 5, 4, 4, True, 0),
        ("010?0", 2, 2, 1, 4, False, 0),
    }
    assert person_table(cohort_of(waves_of({"a": "101", "b": "111"}))).rows() == [("P1", 3, 2, 1, 1, 0.5)]


def test_moves_between_circles_are_shares_of_the_circle_they_start_from():
    frame = move_table(PairedWaves.of(cohort_of(waves_of({"a": "11", "b": "10", "c": "01"}))))
    assert frame.rows() == [(1, 2, 1, 2, 1, 0.5), (1, 2, 1, None, 1, 0.5), (1, 2, None, 2, 1, 1.0)]


def test_a_missed_wave_and_a_map_on_which_nobody_is_named_are_told_apart():
    tables = waves_of({"a": "10?"})
    assert attrition_table(tables).rows() == [
        (1, "named", None, 1),
        (2, "named_nobody", None, 1),
        (3, "missed", "too_unwell", 1),
    ]
    assert attrition_table(gap_study())["what"].to_list() == ["named", "missed", "named"]


def test_participants_stand_in_the_order_in_which_people_count():
    maker = Maker()
    wave = maker.wave(1)
    for name in ("P10", "P2", "P1", "Q1"):
        person = maker.person(name)
        maker.tie(maker.map(person, wave), maker.alter(person))
    cohort = cohort_of(maker.tables())
    assert cohort.maps["participant"].to_list() == ["P1", "P2", "P10", "Q1"]
    assert alter_table(cohort)["participant"].to_list() == ["P1", "P2", "P10", "Q1"]
    assert tie_table(cohort)["participant"].to_list() == ["P1", "P2", "P10", "Q1"]


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_the_table_of_ties_says_what_would_be_left_without_each(seed: int):
    tables = random_study(seed)
    frame, study = tie_table(cohort_of(tables)), SlowStudy(tables)
    found = {(row["participant"], row["wave"], row["alter_id"]): row for row in frame.iter_rows(named=True)}
    assert len(found) == frame.height == sum(len(m.ties) for m in study.maps)
    for m in study.maps:
        for tie in m.ties:
            row = found[m.participant, m.wave["position"], tie["alter_id"]]
            wanted = without(m, tie) if "supports" in m.asked else None
            assert row["coverage_without"] == (None if wanted is None else pytest.approx(wanted))
            assert (row["degree"] is None) == (m.alter_ties_asked != "yes" or tie["kind"] != "person")
