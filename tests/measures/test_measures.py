"""Worked examples, reference values of other tools, and the edges."""

import csv
import math
from pathlib import Path

import polars as pl
import pytest

from kithwork.cohort import Policy
from kithwork.measures import change_measures, map_measures, measure_change, measure_maps
from kithwork.model.errors import SelectionError
from kithwork.model.tables import StudyTables
from tests.oracles.studies import Maker, one_map

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"


def only(frame: pl.DataFrame) -> dict:
    return frame.row(0, named=True)


def test_the_worked_example_of_structure():
    row = only(measure_maps(one_map(5, [(0, 1), (0, 2), (1, 2), (3, 4)])))
    wanted = {
        "density": 0.4,
        "components": 2,
        "isolates": 0,
        "largest_component_share": 0.6,
        "effective_size": 3.4,
        "efficiency": 0.68,
        "constraint": 0.513333,
        "ego_betweenness": 6,
        "ego_betweenness_share": 0.6,
    }
    assert {name: round(row[name], 6) for name in wanted} == wanted


def test_the_worked_example_of_change():
    maker = Maker()
    person, first, second = maker.person("P1"), maker.wave(1, 0), maker.wave(2, 6)
    alters = {name: maker.alter(person) for name in "abcdefgh"}
    for wave, names in ((first, "abcdef"), (second, "abcgh")):
        map_id = maker.map(person, wave)
        for name in names:
            maker.tie(map_id, alters[name])
    row = only(measure_change(maker.tables()))
    assert (row["stability"], row["jaccard"], row["turnover"], row["size_change"]) == (0.5, 0.375, 0.625, -1)
    assert (row["gap_months"], row["waves_missed"]) == (6.0, 0)


def test_one_alter_is_all_constraint_and_has_no_density():
    measured = map_measures(one_map(1, []))
    row = only(measured.frame)
    assert (row["constraint"], row["effective_size"], row["density"], row["ego_betweenness"]) == (1.0, 1.0, None, None)
    reason = measured.reasons.filter(pl.col("measure") == "density")
    assert reason["reason"].to_list() == ["fewer_than_two"]


def test_an_empty_map_has_size_0_and_everything_else_of_structure_is_empty():
    row = only(measure_maps(one_map(0, [])))
    assert row["size"] == 0
    assert [row[name] for name in ("density", "constraint", "effective_size", "components", "mean_degree", "share_person")] == [None] * 6


def test_alters_without_ties_between_them_give_constraint_one_over_n():
    assert only(measure_maps(one_map(4, [])))["constraint"] == pytest.approx(0.25)


@pytest.mark.parametrize("alters", [64, 65, 500])
def test_any_number_of_alters_can_be_measured(alters: int):
    ring = [(i, (i + 1) % alters) for i in range(alters)]
    row = only(measure_maps(one_map(alters, ring), measures=("density", "components", "ego_betweenness")))
    # in a ring, alters two steps apart have one alter and ego between them; all others only ego
    pairs = alters * (alters - 1) / 2
    assert row["density"] == pytest.approx(alters / pairs)
    assert (row["components"], row["ego_betweenness"]) == (1, pytest.approx(pairs - alters - alters / 2))


def test_loops_repeats_and_recorded_non_ties_are_left_out_and_counted():
    maker = Maker()
    person, wave = maker.person("P1"), maker.wave(1)
    map_id = maker.map(person, wave)
    a, b, c = (maker.tie(map_id, maker.alter(person)) for _ in range(3))
    maker.alter_tie(map_id, a, b)
    maker.alter_tie(map_id, b, a, relation="supports", weight=2)
    maker.alter_tie(map_id, a, a)
    maker.alter_tie(map_id, b, c, weight=0)
    tables = maker.tables()
    measured = map_measures(tables)
    assert only(measured.frame)["density"] == pytest.approx(1 / 3)
    assert measured.dropped == {"other_relation": 0, "non_tie": 1, "loop": 1, "across_maps": 0, "repeat": 1}
    assert only(map_measures(tables, policy=Policy(is_zero_a_tie=True)).frame)["density"] == pytest.approx(2 / 3)
    assert only(map_measures(tables, policy=Policy(relations=("conflict",))).frame)["density"] == 0


@pytest.mark.parametrize(("asked", "reason"), [("no", "alter_ties_not_asked"), ("partly", "alter_ties_partly")])
def test_alter_ties_not_asked_is_not_the_same_as_none(asked: str, reason: str):
    maker = Maker()
    person, wave = maker.person("P1"), maker.wave(1)
    map_id = maker.map(person, wave, alter_ties=asked)
    for _ in range(3):
        maker.tie(map_id, maker.alter(person))
    measured = map_measures(maker.tables(), measures=("density",))
    assert measured.frame["density"].to_list() == [None]
    assert measured.reasons["reason"].to_list() == [reason]


def test_places_count_in_size_and_join_the_structure_only_when_chosen():
    tables = one_map(3, [(0, 1)], kind="place")
    row, all_kinds = only(measure_maps(tables)), only(measure_maps(tables, kinds=("all",)))
    assert (row["size"], row["density"]) == (3, None)
    assert (all_kinds["size"], all_kinds["density"]) == (3, pytest.approx(1 / 3))


def gap_study() -> StudyTables:
    """P1 named the same two alters at waves 1 and 3 and missed wave 2; the interview was planned and an empty map made."""
    maker = Maker()
    person = maker.person("P1")
    waves = [maker.wave(1, 0), maker.wave(2, 6), maker.wave(3, 12)]
    alters = [maker.alter(person), maker.alter(person)]
    for wave, status in zip(waves, ("held", "missed", "held"), strict=True):
        map_id = maker.map(person, wave, status)
        for alter in alters if status == "held" else []:
            maker.tie(map_id, alter)
    return maker.tables()


def test_a_missed_wave_is_a_gap_and_never_a_loss():
    frame = measure_change(gap_study())
    assert frame.height == 1
    row = only(frame)
    assert (row["from_wave"], row["to_wave"], row["gap_months"], row["waves_missed"]) == (1, 3, 12.0, 1)
    assert (row["lost"], row["turnover"]) == (0, 0)
    assert measure_maps(gap_study())["wave"].to_list() == [1, 3]


def test_circles_that_changed_between_waves_are_not_compared():
    maker = Maker()
    person, first, second = maker.person("P1"), maker.wave(1), maker.wave(2, circle_version=2)
    for version in (1, 2):
        maker.add("circles", version=version, position=1, label="Inner")
    alter = maker.alter(person)
    for wave in (first, second):
        maker.tie(maker.map(person, wave), alter, circle=1)
    measured = change_measures(maker.tables(), measures=("share_stayed", "kept"))
    assert measured.frame["share_stayed"].to_list() == [None]
    assert measured.reasons["reason"].to_list() == ["circles_changed"]
    assert measured.frame["kept"].to_list() == [1]


def test_support_both_ways_may_be_of_two_types():
    maker = Maker()
    person, wave = maker.person("P1"), maker.wave(1)
    map_id = maker.map(person, wave)
    ties = [maker.tie(map_id, maker.alter(person)) for _ in range(4)]
    for tie, code, direction, amount in (
        (ties[0], "comfort", "to_me", 1),
        (ties[0], "shopping", "from_me", 2),
        (ties[1], "comfort", "both", None),
        (ties[2], "comfort", "to_me", 3),
        (ties[3], "shopping", "both", 0),
    ):
        maker.add("supports", tie_id=tie, support_type=code, direction=direction, amount=amount)
    row = only(measure_maps(maker.tables()))
    assert (row["reciprocal_share"], row["support_coverage"], row["support_gaps"], row["support_redundancy"]) == (0.5, 0.5, 1, 3)


def test_a_misspelt_measure_is_told_with_its_near_name():
    with pytest.raises(SelectionError) as told:
        measure_maps(one_map(1, []), measures=("densty",))
    assert str(told.value) == "There is no measure of a map named 'densty'. Did you mean 'density'?"


def test_a_relation_that_the_study_does_not_know_is_told_and_not_taken_for_none():
    with pytest.raises(SelectionError) as told:
        map_measures(one_map(2, [(0, 1)]), policy=Policy(relations=("konws",)))
    assert str(told.value) == "No relation between alters is called 'konws' in this study. Did you mean 'knows'?"


def test_one_column_of_a_family_can_be_asked_for():
    assert measure_maps(one_map(1, []), measures=("share_place", "density")).columns == [
        "participant",
        "wave",
        "state",
        "share_place",
        "density",
    ]


@pytest.mark.skipif(not (DATA / "egor").is_dir(), reason="the shared data is not here")
def test_density_and_constraint_equal_those_of_egor_on_its_own_example():
    """egor's density counts rows; so does ours here, for its example holds each alter tie once."""
    from kithwork.formats import read

    folder = DATA / "egor" / "csv"
    reading = read([folder / name for name in ("egos32.csv", "alters32.csv", "aaties32.csv")])
    frame = measure_maps(reading.tables, kinds=("all",))
    compare_with_reference(frame, DATA / "egor" / "reference_egor_egor32_ego.csv", 32)


@pytest.mark.skipif(not (DATA / "networkcanvas_working_with_data").is_dir(), reason="the shared data is not here")
@pytest.mark.parametrize("relation", ["Close", "SexTie", "DrugTie"])
def test_density_and_constraint_equal_those_of_egor_on_network_canvas_sessions(relation: str):
    """One relation at a time, unweighted, as the reference was computed."""
    from kithwork.formats import read

    folder = DATA / "networkcanvas_working_with_data"
    reading = read([folder / "networkCanvasExport", folder / "IJE_RADAR_Protocol.netcanvas"])
    frame = map_measures(reading.tables, kinds=("all",), policy=Policy(relations=(relation,))).frame
    compare_with_reference(frame, folder / f"reference_egor_nc_{relation}_ego.csv", 10)


@pytest.mark.skipif(not (DATA / "egocentric_r_book").is_dir(), reason="the shared data is not here")
def test_structure_equals_that_of_ideanet_on_real_maps_of_45_alters():
    from kithwork.formats import read

    folder = DATA / "egocentric_r_book"
    reading = read([folder / name for name in ("ego_data.csv", "alter_attributes.csv", "alter_ties.csv")])
    frame = measure_maps(reading.tables, kinds=("all",))
    names = {
        "size": "network_size",
        "mean_degree": "mean_degree",
        "density": "density",
        "isolates": "num_isolates",
        "components": "num_weakcomponent",
        "largest_component_share": "prop_largest_weakcomponent",
        "effective_size": "effective_size",
        "efficiency": "efficiency",
        "constraint": "constraint",
        "ego_betweenness": "betweenness",
        "ego_betweenness_share": "norm_betweenness",
    }
    with (folder / "reference_ideanet_book_summaries.csv").open(encoding="utf-8") as stream:
        wanted = {row["original_ego_id"]: row for row in csv.DictReader(stream)}
    assert frame.height == len(wanted) == 102
    for row in frame.iter_rows(named=True):
        for ours, theirs in names.items():
            assert row[ours] == pytest.approx(float(wanted[row["participant"]][theirs]), rel=1e-9, abs=1e-9), ours


def compare_with_reference(frame: pl.DataFrame, reference: Path, count: int) -> None:
    """As sets of values: the reference names egos by ids that an import does not keep as they are."""
    with reference.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert frame.height == len(rows) == count

    def number(text: str) -> float:
        return math.nan if text in ("NaN", "NA") else float(text)

    wanted = sorted((int(row["n_alters"]), number(row["density"]), number(row["constraint"])) for row in rows)
    found = sorted(
        (size, math.nan if density is None else density, math.nan if constraint is None else constraint)
        for size, density, constraint in frame.select("size", "density", "constraint").rows()
    )
    for one, other in zip(found, wanted, strict=True):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9, nan_ok=True)
