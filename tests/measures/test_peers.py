"""Values of other tools on real data, equal to 1e-9 where the other tool is right; docs/peers.md says where it is not."""

import csv
import math
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kithwork.cohort import Policy, cohort_of
from kithwork.measures import map_measures

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
FILES = {
    "egor": ("egor/csv", ("egos32.csv", "alters32.csv", "aaties32.csv")),
    "egocentric_r_book": ("egocentric_r_book", ("ego_data.csv", "alter_attributes.csv", "alter_ties.csv")),
    "ideanet": ("ideanet", ("ngq_egos.csv", "ngq_alters.csv", "ngq_aa.csv")),
}
BY = {"egor": ("sex", "age", "country"), "egocentric_r_book": ("alter_sex=ego_sex", "alter_rel", "alter_nat", "alter_age_cat=ego_age_cat")}
PREFIX = {"egor": "reference_egor_egor32", "egocentric_r_book": "reference_egor_book"}
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not here")


@cache
def tables(study: str) -> Any:
    from kithwork.formats import read

    folder, names = FILES[study]
    return read([DATA / folder / name for name in names]).tables


@cache
def measured(study: str, measures: tuple[str, ...], most_weight: float = 1) -> dict[str, dict[str, Any]]:
    how = {"kinds": ("all",), "measures": measures, "by": BY.get(study, ()), "policy": Policy(most_weight=most_weight)}
    return {row["participant"]: row for row in map_measures(tables(study), **how).frame.iter_rows(named=True)}


def reference(study: str, name: str) -> list[dict[str, str]]:
    with (DATA / study / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def number(text: str) -> float | None:
    return None if text in ("NA", "NaN", "") else float(text)


def word(text: str) -> str:
    return "_".join(text.lower().replace("-", " ").split())


def same(ours: float | None, theirs: float | None) -> bool:
    return ours == theirs if ours is None or theirs is None else math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)


ATTRIBUTES = [
    ("egor", "sex", "sex"),
    ("egor", "age", "age"),
    ("egor", "country", "country"),
    ("egocentric_r_book", "alter.sex", "alter_sex"),
    ("egocentric_r_book", "alter.rel", "alter_rel"),
    ("egocentric_r_book", "alter.nat", "alter_nat"),
]


@pytest.mark.parametrize(("study", "theirs", "ours"), ATTRIBUTES)
def test_composition_equals_that_of_egor_but_an_absent_category_is_0_and_not_missing(study: str, theirs: str, ours: str):
    found = measured(study, ("share_by_category", "size_by_category"))
    for kind, stem in (("composition", "share"), ("compositionabs", "size")):
        for row in reference(study, f"{PREFIX[study]}_{kind}_{theirs}.csv"):
            for category, text in row.items():
                if category != ".egoID" and category != "NA":
                    assert same(found[row[".egoID"]][f"{stem}_{ours}_{word(category)}"], number(text) or 0), (row[".egoID"], category)


@pytest.mark.parametrize(("study", "theirs", "ours"), ATTRIBUTES)
def test_diversity_equals_that_of_egor(study: str, theirs: str, ours: str):
    found = measured(study, ("category_count", "entropy"))
    for row in reference(study, f"{PREFIX[study]}_ego.csv"):
        own = found[row[".egoID"]]
        assert same(own[f"category_count_{ours}"], number(row[f"divcount_{theirs}"]))
        assert same(own[f"entropy_{ours}"] or 0, number(row[f"entropy2_{theirs}"]))


@pytest.mark.parametrize(
    ("study", "column", "ours"),
    [
        ("egor", "comp_ei_sex", "ei_sex"),
        ("egor", "comp_ei_age", "ei_age"),
        ("egocentric_r_book", "comp_ei_alter.sex", "ei_alter_sex"),
        ("egocentric_r_book", "comp_ei_alter.age.cat", "ei_alter_age_cat"),
    ],
)
def test_likeness_to_ego_equals_that_of_egor(study: str, column: str, ours: str):
    found = measured(study, ("ei",))
    for row in reference(study, f"{PREFIX[study]}_ego.csv"):
        assert same(found[row[".egoID"]][ours], number(row[column])), row[".egoID"]


@pytest.mark.parametrize(("study", "theirs", "ours"), ATTRIBUTES)
def test_ei_between_alters_equals_that_of_egor_by_category_and_over_all_counts_no_tie_twice(study: str, theirs: str, ours: str):
    found = measured(study, ("alter_ei", "alter_ei_by_category"))
    for row in reference(study, f"{PREFIX[study]}_EI_raw_{theirs}.csv"):
        own = found[row[".egoID"]]
        outside = None if own[f"alter_ei_{ours}"] is None else 1 + own[f"alter_ei_{ours}"]  # 2 E / (E + I); egor has E twice, I once
        theirs = None if outside is None else (3 * outside / 2 - 1) / (outside / 2 + 1)
        assert same(theirs, number(row["ei"])), row[".egoID"]
        for category, text in row.items():
            if category not in (".egoID", "ei", "NA"):
                assert same(own[f"alter_ei_{ours}_{word(category)}"], number(text)), (row[".egoID"], category)


@pytest.mark.parametrize(("study", "theirs", "ours"), ATTRIBUTES)
def test_rescaled_ei_between_alters_equals_that_of_egor(study: str, theirs: str, ours: str):
    found = measured(study, ("alter_ei_rescaled",))
    for row in reference(study, f"{PREFIX[study]}_EI_rescaled_{theirs}.csv"):
        assert same(found[row[".egoID"]][f"alter_ei_rescaled_{ours}"], number(row["ei"])), row[".egoID"]


@pytest.mark.parametrize(("study", "theirs", "ours"), ATTRIBUTES)
def test_dyads_equal_those_of_egor(study: str, theirs: str, ours: str):
    found = measured(study, ("dyads",))
    counted = 0
    for row in reference(study, f"{PREFIX[study]}_dyads_{theirs}.csv"):
        one, other = (word(part) for part in row["dyads"].split("_"))
        own = found[row[".egoID"]]
        names = [f"dyads_{ours}_{one}_{other}", f"dyads_{ours}_{other}_{one}"]
        assert next(own[name] for name in names if name in own) == int(row["n"]), row
        counted += int(row["n"])
    assert counted == sum(row[name] for row in found.values() for name in row if name.startswith(f"dyads_{ours}_"))


@pytest.mark.parametrize(("study", "most"), [("egor", 1.0), ("egocentric_r_book", 2.0)])
def test_weighted_density_equals_that_of_egor_over_the_largest_strength_declared(study: str, most: float):
    found = measured(study, ("density_weighted",), most)
    for row in reference(study, f"{PREFIX[study]}_ego.csv"):
        theirs = number(row["density_weighted"])
        assert same(found[row[".egoID"]]["density_weighted"], None if theirs is None else theirs / most)


def test_strengths_above_the_largest_declared_are_not_measured():
    assert {row["density_weighted"] for row in measured("egocentric_r_book", ("density_weighted",)).values()} == {None}


def test_weighted_constraint_equals_that_of_egor_with_ties_to_ego_of_strength_1():
    found = measured("egor", ("constraint_weighted",))
    for row in reference("egor", "reference_egor_egor32_constraint_weighted_egoalter1.csv"):
        assert same(found[row[".egoID"]]["constraint_weighted"], number(row["constraint"]))


IDEANET = {
    "component_ratio": "component_ratio",
    "reachability": "pairwise_weak_un",
    "fragmentation": "fragmentation_index",
    "triads_0": "triad_003",
    "triads_1": "triad_102",
    "triads_2": "triad_201",
    "triads_3": "triad_300",
    "alter_tie_count": "dyad_mut",
}


@pytest.mark.parametrize(
    ("study", "name"),
    [("egocentric_r_book", "reference_ideanet_book_summaries.csv"), ("ideanet", "reference_ideanet_ngq_simple_summaries.csv")],
)
def test_reach_and_triads_equal_those_of_ideanet(study: str, name: str):
    found = measured(study, tuple(IDEANET))
    for row in reference(study, name):
        own = found[row["original_ego_id"]]
        if row["network_size"] == "0":  # nobody named: ideanet leaves counts empty, here they are 0
            continue
        for ours, theirs in IDEANET.items():
            assert same(own[ours], number(row[theirs])), (row["original_ego_id"], ours)


def test_closeness_of_alters_equals_that_of_ideanet():
    from kithwork.measures.tables import tie_table

    found = tie_table(cohort_of(tables("egocentric_r_book"))).filter(pl.col("participant") == "28")
    rows = [row for row in reference("egocentric_r_book", "reference_ideanet_book_alters.csv") if row["ego_id"] == "1"]
    assert found["closeness"].to_list() == pytest.approx([float(row["closeness"]) for row in rows], rel=1e-9)
    assert found["degree"].to_list() == [int(row["total_degree"]) for row in rows]


@pytest.mark.parametrize(("theirs", "ours"), [("alter.sex", "alter_sex"), ("alter.rel", "alter_rel")])
def test_heterogeneity_equals_that_of_ideanet(theirs: str, ours: str):
    found = measured("egocentric_r_book", ("diversity", "iqv", "category_count"))
    for row in reference("egocentric_r_book", "reference_ideanet_book_homophily_diversity.csv"):
        own = found[row["ego_id"]]
        assert same(own[f"diversity_{ours}"], number(row[f"{theirs}_h_index"]))
        seen, listed = own[f"category_count_{ours}"], {"alter_sex": 2, "alter_rel": 4}[ours]
        if seen == listed:  # ideanet takes K from the map, not from the scheme
            assert same(own[f"iqv_{ours}"], number(row[f"{theirs}_iqv"]))


def test_ei_of_ideanet_is_divided_by_n_once_too_often():
    found = measured("egocentric_r_book", ("ei", "share_same", "count_same", "size"))
    for row in reference("egocentric_r_book", "reference_ideanet_book_homophily_diversity.csv"):
        own = found[row["ego_id"]]
        assert same(own["share_same_alter_sex"], number(row["alter.sex_prop_same"]))
        assert same(own["count_same_alter_sex"], number(row["alter.sex_num_same"]))
        assert same(own["ei_alter_sex"], (number(row["alter.sex_ei_index"]) or 0) * own["size"])


def test_several_relations_are_measured_together_and_one_by_one():
    frame = map_measures(tables("ideanet"), kinds=("all",), measures=("density", "density_by_relation")).frame
    assert frame.columns[3:] == ["density", "density_friends", "density_other_rel", "density_related"]
    together = {
        row["original_ego_id"]: number(row["density"]) for row in reference("ideanet", "reference_ideanet_ngq_simple_summaries.csv")
    }
    assert all(same(row["density"], together[row["participant"]]) for row in frame.iter_rows(named=True))


@pytest.mark.parametrize("relation", ["Close", "SexTie", "DrugTie"])
def test_each_relation_of_network_canvas_sessions_equals_egors_beside_all_together(relation: str):
    from kithwork.formats import read

    folder = DATA / "networkcanvas_working_with_data"
    reading = read([folder / "networkCanvasExport", folder / "IJE_RADAR_Protocol.netcanvas"])
    frame = map_measures(reading.tables, kinds=("all",), measures=("density_by_relation", "constraint_by_relation")).frame
    ours = sorted(frame.select(pl.col(f"{what}_{relation.lower()}").fill_null(-1) for what in ("density", "constraint")).rows())
    rows = reference("networkcanvas_working_with_data", f"reference_egor_nc_{relation}_ego.csv")
    theirs = sorted(tuple(-1.0 if number(row[what]) is None else float(row[what]) for what in ("density", "constraint")) for row in rows)
    assert [value for row in ours for value in row] == pytest.approx([value for row in theirs for value in row], rel=1e-9, abs=1e-9)
