"""Every measure equals its slow twin, on studies made up at random."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.measures import MEASURES, REASONS, change_measures, map_measures
from kithwork.measures.registry import offered
from kithwork.model.schema import KINDS
from kithwork.model.tables import StudyTables
from tests.oracles.everything import CHANGE_ORACLES, MAP_ORACLES, POLICY
from tests.oracles.slow import SlowStudy
from tests.oracles.studies import random_study

SEEDS = st.integers(0, 2**32)
BY = ("sex", "mood", "miles", "role_group", "trust")


def same(value: Any, wanted: Any) -> bool:
    if value is None or wanted is None or isinstance(wanted, str):
        return value == wanted
    return math.isclose(value, wanted, rel_tol=1e-9, abs_tol=1e-9)


def compare(name: str, row: dict[str, Any], wanted: Any) -> None:
    if MEASURES[name].family is None:
        assert same(row[name], wanted), f"{name}: {row[name]} is not {wanted}"
        return
    for end, value in wanted.items():
        column = f"{MEASURES[name].stem}_{end}"
        assert same(row.get(column), value), f"{column}: {row.get(column)} is not {value}"  # a column nobody could fill is left out


def test_every_measure_has_an_oracle():
    assert set(offered("map")) == set(MAP_ORACLES)
    assert set(offered("pair")) == set(CHANGE_ORACLES)


def compare_maps(tables: StudyTables, kinds: set[str]) -> None:
    frame = map_measures(tables, kinds=kinds, measures=("all",), policy=POLICY, by=BY).frame
    slow = SlowStudy(tables)
    assert frame.select("participant", "wave", "state").rows() == [(m.participant, m.wave["position"], m.state) for m in slow.maps]
    for row, slow_map in zip(frame.iter_rows(named=True), slow.maps, strict=True):
        for name, oracle in MAP_ORACLES.items():
            in_scope = slow_map.within(tuple(kinds)) if MEASURES[name].scope == "structure" else slow_map
            compare(name, row, oracle(in_scope))


def compare_change(tables: StudyTables) -> None:
    frame = change_measures(tables, measures=("all",), policy=POLICY, by=BY).frame
    pairs = SlowStudy(tables).pairs()
    assert frame.select("participant", "from_wave", "to_wave").rows() == [
        (s.participant, s.wave["position"], t.wave["position"]) for s, t in pairs
    ]
    for row, pair in zip(frame.iter_rows(named=True), pairs, strict=True):
        assert row["waves_missed"] == pair[1].wave["position"] - pair[0].wave["position"] - 1
        for name, oracle in CHANGE_ORACLES.items():
            compare(name, row, oracle(pair))


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, people=st.integers(0, 5), most=st.integers(0, 14), kinds=st.sets(st.sampled_from(list(KINDS)), min_size=1))
def test_every_measure_of_a_map_equals_its_oracle(seed: int, people: int, most: int, kinds: set[str]):
    compare_maps(random_study(seed, people, most=most), kinds)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, people=st.integers(0, 6), waves=st.integers(1, 8), most=st.integers(0, 14))
def test_every_measure_of_change_equals_its_oracle(seed: int, people: int, waves: int, most: int):
    compare_change(random_study(seed, people, waves, most))


RICH = range(8)


@pytest.mark.parametrize("seed", RICH)
def test_every_measure_equals_its_oracle_on_eight_waves_of_maps_with_much_on_them(seed: int):
    tables = random_study(seed, 3, 8, 13)
    compare_maps(tables, set(KINDS))
    compare_change(tables)


def test_the_made_up_studies_hold_different_values_of_every_measure():
    """An oracle that only ever meets empty values, or the same one, shows nothing."""
    seen: dict[str, set[Any]] = {name: set() for name in MEASURES}
    for seed in RICH:
        tables = random_study(seed, 3, 8, 13)
        everything = {"measures": ("all",), "by": BY, "policy": POLICY}
        for measured in (map_measures(tables, kinds=("all",), **everything), change_measures(tables, **everything)):
            for column in measured.columns:
                seen[column.measure.name] |= {value for value in column.values if not math.isnan(value)}
    assert [name for name, values in seen.items() if len(values) < 2] == []


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_every_empty_value_has_a_reason_and_no_other_value_has_one(seed: int):
    tables = random_study(seed)
    everything = {"measures": ("all",), "by": BY}
    for measured, keys in ((map_measures(tables, **everything), 3), (change_measures(tables, **everything), 5)):
        empty = sum(measured.frame[:, keys:].null_count().row(0))
        assert measured.reasons.height == empty
        assert set(measured.reasons["reason"]) <= set(REASONS) - {"undefined"}


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_every_value_lies_within_the_bounds_its_measure_declares(seed: int):
    tables = random_study(seed)
    everything = {"measures": ("all",), "by": BY, "policy": POLICY}
    for measured in (map_measures(tables, kinds=("all",), **everything), change_measures(tables, **everything)):
        for column in measured.columns:
            low, high = column.measure.bounds
            values = [value for value in column.values if not math.isnan(value)]
            assert low is None or all(value >= low - 1e-9 for value in values), column.name
            assert high is None or all(value <= high + 1e-9 for value in values), column.name


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, kinds=st.sets(st.sampled_from(list(KINDS)), min_size=1))
def test_counting_only_some_kinds_is_the_same_as_a_study_that_holds_only_those(seed: int, kinds: set[str]):
    tables = random_study(seed)
    frame = map_measures(tables, counted=kinds).frame
    for row, slow_map in zip(frame.iter_rows(named=True), SlowStudy(tables).maps, strict=True):
        for name in ("size", "share_unplaced", "support_coverage", "mean_reliability", "reciprocal_share", "trust_share"):
            compare(name, row, MAP_ORACLES[name](slow_map.within(tuple(kinds))))


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_says_what_it_is(name: str):
    measure = MEASURES[name]
    assert measure.summary.endswith(".")
    assert measure.definition
    assert measure.label
    assert measure.unit
    assert measure.source
