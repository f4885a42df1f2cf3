"""On how many ties a value rests: against a slow count tie by tie, and what must hold of every measure."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from kithwork.measures import MEASURES, change_measures, map_measures
from kithwork.measures.rested_on import MISSING, UNANSWERED, USED, ties_told
from kithwork.model.tables import StudyTables
from tests.oracles.studies import random_study

SEEDS = range(8)
SOUGHT = {"no_answer", "none_placed", "no_role", "no_rule", "too_few_components"}
"""Reasons by which ties of one map can differ in what is known of them."""

OF_ONE = ("max_alter_betweenness_role",)
"""Measures that tell of one alter: the role of that one can be unknown while all ties were used to find it."""


def measured(seed: int, *names: str, **how):
    return map_measures(random_study(seed), measures=names or None, with_ties=True, **how)


def ties_of(tables: StudyTables) -> dict[tuple[str, int, str], list[dict]]:
    """(participant, wave, state) → the ties of the map, with the kind, role and role group of their alters."""
    people = {row["id"]: row["pseudonym"] for row in tables.rows("participants")}
    waves = {row["id"]: row["position"] for row in tables.rows("waves")}
    groups = {row["code"]: row.get("role_group") for row in tables.rows("roles")}
    alters = {row["id"]: row for row in tables.rows("alters")}
    interviews = {row["id"]: row for row in tables.rows("interviews")}
    given = {}
    for row in tables.rows("supports"):
        if row.get("amount") != 0:
            given.setdefault(row["tie_id"], []).append(row)
    found = {}
    for drawn in tables.rows("maps"):
        interview = interviews[drawn["interview_id"]]
        own = [row for row in tables.rows("ties") if row["map_id"] == drawn["id"]]
        key = people[interview["participant_id"]], waves[interview["wave_id"]], drawn["state"]
        found[key] = [
            {**row, "kind": alters[row["alter_id"]]["kind"], "role": alters[row["alter_id"]].get("role"), "given": given.get(row["id"], [])}
            | {"group": groups.get(alters[row["alter_id"]].get("role"))}
            for row in own
        ]
    return found


Sort = Callable[[dict], bool | None]
"""Whether a tie is used, is missing (None), or is none of the measure's (False)."""
SLOW: dict[str, Sort] = {
    "size": lambda _: True,
    "trust_share": lambda tie: None if tie.get("trust") is None else tie["trust"] != "not_applicable",
    "trust_share_animal": lambda tie: (
        False if tie["kind"] != "animal" else None if tie.get("trust") is None else tie["trust"] != "not_applicable"
    ),
    "mean_effort": lambda tie: None if tie.get("effort") is None else True,
    "inner_concentration": lambda tie: True if tie.get("circle") else None,
    "inner_share_person": lambda tie: None if not tie.get("circle") else tie["circle"] == 1,
    "share_role_kin": lambda tie: True if tie["group"] else None,
    "professional_share": lambda tie: False if tie["kind"] != "person" else True if tie["role"] else None,
    "strength_by_contact": lambda tie: None if tie.get("contact") is None else True,
    "sufficiency_share": lambda tie: bool(tie["given"]) and (any(one.get("sufficiency") for one in tie["given"]) or None),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", SLOW)
def test_ties_used_and_missing_are_those_of_a_count_tie_by_tie(seed: int, name: str):
    tables = random_study(seed)
    result = map_measures(tables, measures=(name,), with_ties=True)
    own = ties_of(tables)
    unasked = {row[:3] for row in result.reasons.filter(pl.col("reason").is_in(list(UNANSWERED))).rows()}
    for row in result.frame.iter_rows(named=True):
        key = row["participant"], row["wave"], row["state"]
        sorts = [SLOW[name](tie) for tie in own[key]]
        used, missing = sum(sort is True for sort in sorts), sum(sort is None for sort in sorts)
        if key in unasked:
            used, missing = 0, used + missing
        assert (row[name + USED], row[name + MISSING]) == (used, missing), key


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_measured_rests_on_no_more_ties_than_there_are_and_on_none_where_nothing_is_known(seed: int):
    result = measured(seed, "all", by=("role", "trust"), counted=("all",), kinds=("all",))
    size = result.columns[0].values
    assert result.columns[0].name == "size"
    reasons = {
        (row["participant"], row["wave"], row["state"], row["measure"]): row["reason"] for row in result.reasons.iter_rows(named=True)
    }
    keys = result.keys.rows()
    for column in result.columns:
        assert column.used is not None
        assert column.missing is not None
        assert (column.used + column.missing <= size).all(), column.name
        if not any(rule.about for rule in column.measure.missing):
            assert (column.used + column.missing == size).all(), column.name
        for row in np.flatnonzero(column.reasons):
            reason = reasons[(*keys[row], column.name)]
            if reason in UNANSWERED or (reason in SOUGHT and column.measure.name not in OF_ONE):
                assert column.used[row] == 0, (column.name, reason)


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_ties_of_change_lie_between_none_and_all_of_both_maps(seed: int):
    tables = random_study(seed)
    result = change_measures(tables, measures=("all",), with_ties=True)
    sizes = {
        row[:2]: row[2]
        for row in map_measures(tables, measures=("size",)).frame.filter(state="everyday").select("participant", "wave", "size").iter_rows()
    }
    both = [sizes[row["participant"], row["from_wave"]] + sizes[row["participant"], row["to_wave"]] for row in result.keys.to_dicts()]
    for column in result.columns:
        assert column.used is not None
        assert column.missing is not None
        assert (column.used + column.missing <= both).all(), column.name
    frame = result.frame
    assert (frame["stability" + USED] == frame["kept"] + frame["lost"]).all()
    assert (frame["turnover" + USED] == frame["kept"] + frame["lost"] + frame["gained"]).all()


def test_every_measure_that_can_lack_answers_says_which_ties_have_one():
    silent = [
        (measure.name, rule.code)
        for measure in MEASURES.values()
        for rule in measure.missing
        if rule.code in SOUGHT and rule.known is None and measure.name not in OF_ONE
    ]
    assert silent == []


def test_taking_unanswered_ties_out_of_a_study_changes_no_value_that_leaves_them_out():
    tables = random_study(5)
    names = ("mean_reliability", "mean_security", "mean_effort")
    for name in names:
        column = name.removeprefix("mean_")
        before = map_measures(tables, measures=(name,), with_ties=True).frame
        rows = {table: tables.rows(table) for table in tables.counts()}
        kept = {row["id"] for row in rows["ties"] if row.get(column) is not None}
        rows["ties"] = [row for row in rows["ties"] if row["id"] in kept]
        for table, ends in (("supports", ("tie_id",)), ("alter_ties", ("from_tie_id", "to_tie_id")), ("answers", ("tie_id",))):
            rows[table] = [row for row in rows.get(table, []) if all(row.get(end) is None or row[end] in kept for end in ends)]
        after = map_measures(StudyTables.from_rows(rows), measures=(name,), with_ties=True).frame
        same = after.join(before, on=["participant", "wave", "state"], suffix="_before").filter(pl.col(name).is_not_null())
        assert not same.is_empty()
        assert same[name].to_list() == pytest.approx(same[name + "_before"].to_list())
        assert (same[name + USED] == same[name + USED + "_before"]).all()
        assert (same[name + MISSING] == 0).all()


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_both_engines_and_parts_of_a_cohort_tell_the_same(engine: str, monkeypatch: pytest.MonkeyPatch):
    if engine == "compiled":
        pytest.importorskip("numba")
    whole = measured(3, "size", "density", "trust_share", "mean_strength_by_kind").frame
    monkeypatch.setattr("kithwork.measures.run.MAPS_AT_A_TIME", 2)
    parts = measured(3, "size", "density", "trust_share", "mean_strength_by_kind", engine=engine).frame
    assert parts.select(pl.col("^.*_ties_.*$")).equals(whole.select(pl.col("^.*_ties_.*$")))
    told = ties_told(parts)
    assert told["trust_share"]["used"] == whole["trust_share" + USED].sum()
    assert ties_told(measured(3, "size").frame.select("size")) == {}
