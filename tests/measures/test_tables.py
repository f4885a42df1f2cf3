"""Tables beside one row a map."""

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.cohort import PairedWaves, cohort_of
from kithwork.measures import change_measures
from kithwork.measures.tables import alter_table, attrition_table, durability_table, move_table, pair_table, person_table, tie_table
from kithwork.model.errors import SelectionError
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


# -- eight waves with dirt, and two states a wave ------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_presence_and_durability_equal_a_walk_over_the_waves_of_each_alter(seed: int):
    tables = random_study(seed, 3, 8, 8)
    cohort, slow = cohort_of(tables), SlowStudy(tables)
    positions, named = slow.positions, {}
    for m in slow.maps:
        named.setdefault(m.participant, {})[m.wave["position"]] = {tie["alter_id"] for tie in m.ties}
    found = {row["alter_id"]: row for row in alter_table(cohort).iter_rows(named=True)}
    spells = []
    for waves in named.values():
        for alter in set().union(*waves.values()):
            pattern = "".join("?" if p not in waves else str(int(alter in waves[p])) for p in positions)
            seen = pattern.replace("?", "")
            assert found[alter]["pattern"] == pattern
            assert found[alter]["is_always_there"] == ("0" not in seen)
            assert found[alter]["returns"] == sum(1 for part in seen.strip("0").split("1")[1:-1] if part)
            first = pattern.index("1")
            end = next((place for place in range(first, len(pattern)) if pattern[place] != "1"), len(pattern))
            is_lost = end < len(pattern) and pattern[end] == "0"
            spells.append((alter, first, end if is_lost else end - 1, is_lost))
    assert len(found) == len(spells)
    frame = durability_table(cohort).filter(pl.col("group") == "all")
    starts = {alter for alter, first, last, is_lost in spells if not is_lost and first == last}
    if frame.height:  # those whose last wave is their first are censored at once
        assert frame.row(0, named=True)["censored"] == len(starts)
        assert frame["lost"].sum() <= sum(is_lost for *_, is_lost in spells)  # without the months between, none can be told
        at_risk = frame["at_risk"].to_list()
        gone = [lost + censored for lost, censored in frame.select("lost", "censored").rows()]
        assert [before - left for before, left in zip(at_risk, gone, strict=True)] == [*at_risk[1:], 0]


def crisis_study(seed: int) -> tuple[StudyTables, dict[tuple[str, int, str], dict[str, int]]]:
    """People with everyday maps, and at some waves a map of a crisis; and who stood on each, in which circle."""
    rng, maker = np.random.default_rng(seed), Maker()
    for position in (1, 2, 3):
        maker.add("circles", version=1, position=position, label=f"Circle {position}")
    waves = [maker.wave(number + 1, 4.0 * number) for number in range(3)]
    drawn: dict[tuple[str, int, str], dict[str, int]] = {}
    for number in range(4):
        person = maker.person(f"P{number}")
        alters = [maker.alter(person) for _ in range(6)]
        for place, wave in enumerate(waves, start=1):
            if rng.random() < 0.2:
                continue
            interview = maker.add("interviews", participant_id=person, wave_id=wave, status="held")
            for state in ("everyday", "crisis") if rng.random() < 0.6 else ("everyday",):
                map_id = maker.add("maps", interview_id=interview, state=state, stage="finished", alter_ties_asked="no")
                circles = {alter: int(rng.integers(1, 4)) for alter in alters if rng.random() < 0.6}
                for alter, circle in circles.items():
                    maker.tie(map_id, alter, circle=circle)
                drawn[f"P{number}", place, state] = circles
    return maker.tables(), drawn


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_a_crisis_map_is_set_against_the_everyday_map_of_the_same_wave_alter_by_alter(seed: int):
    tables, drawn = crisis_study(seed)
    wanted, sizes = [], []
    for person, wave, state in drawn:
        if state == "everyday" and (person, wave, "crisis") in drawn:
            before, after = drawn[person, wave, "everyday"], drawn[person, wave, "crisis"]
            sizes.append((person, wave, wave, len(before.keys() & after.keys()), len(before.keys() - after.keys())))
            for alter in before.keys() | after.keys():
                what = "kept" if alter in before and alter in after else "lost" if alter in before else "gained"
                wanted.append((person, wave, alter, what, before.get(alter), after.get(alter)))
    frame = pair_table(PairedWaves.between(cohort_of(tables), "everyday", "crisis"))
    rows = frame.select("participant", "to_wave", "alter_id", "what", "circle_before", "circle_after").rows()
    assert sorted(rows, key=str) == sorted(wanted, key=str)
    change = change_measures(tables, measures=("kept", "lost", "loss_per_month"), against="crisis")
    assert sorted(change.frame.select("participant", "from_wave", "to_wave", "kept", "lost").rows()) == sorted(sizes)
    assert change.frame["loss_per_month"].null_count() == change.frame.height  # no time lies between two states of one wave
    assert set(change.reasons["reason"]) <= {"no_gap", "none_before"}


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_maps_of_a_crisis_are_followed_from_wave_to_wave_as_everyday_maps_are(seed: int):
    tables, drawn = crisis_study(seed)
    of_crises: dict[str, list[tuple[int, set[str]]]] = {}
    for (person, wave, state), circles in drawn.items():
        if state == "crisis":
            of_crises.setdefault(person, []).append((wave, set(circles)))
    wanted = [
        (person, one, other, len(before & after), 4.0 * (other - one))
        for person, maps in of_crises.items()
        for (one, before), (other, after) in itertools.pairwise(maps)
    ]
    frame = change_measures(tables, measures=("kept",), state="crisis").frame
    assert sorted(frame.select("participant", "from_wave", "to_wave", "kept", "gap_months").rows()) == sorted(wanted)


@pytest.mark.parametrize(("state", "against"), [("crsis", None), ("everyday", "crsis"), ("crisis", "crisis")])
def test_a_state_that_is_not_there_or_set_against_itself_is_told(state: str, against: str | None):
    with pytest.raises(SelectionError):
        change_measures(gap_study(), state=state, against=against)
