"""Tables beside one row a map: ties, alters ever named, people, moves between circles, durability, attrition."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from kithwork.cohort import Cohort, PairedWaves, presence_patterns
from kithwork.cohort.columns import CODES, Attribute, known_kinds
from kithwork.measures.centrality import alter_betweenness, alter_closeness
from kithwork.measures.families import COMPONENTS
from kithwork.measures.reliance import coverage_without, effort_balance_of_tie, types_lost, types_of_tie, units_of_tie
from kithwork.measures.run import PEOPLE
from kithwork.measures.strength import circle_weight, components_of_strength, tie_strength
from kithwork.measures.turnover import is_return
from kithwork.model.tables import StudyTables

_DAYS_A_MONTH = 365.25 / 12


def tie_table(cohort: Cohort, kinds: Iterable[str] = PEOPLE, counted: Iterable[str] = ("all",)) -> pl.DataFrame:
    """One row a tie: what it is, its strength and the components of it, what it carries, what would be left without it.

    `types_lost` and `coverage_without` are of the tie and all that is reached through it; `degree`, `betweenness` and `closeness` of the
    alter among those of the kinds chosen, ego left out, and empty for other kinds and where alter ties were not asked in full.
    """
    cohort = cohort.within(counted)
    parts = components_of_strength(cohort)
    supported, asked = cohort.asked["supports"][cohort.tie_map], cohort.asked["effort"][cohort.tie_map]
    has_types = supported & (cohort.scheme.size > 0)
    values = {
        "circle_weight": circle_weight(cohort),
        **{f"strength_{name}": parts[:, place] for place, name in enumerate(COMPONENTS)},
        "strength": tie_strength(cohort),
        "support_types": np.where(supported, types_of_tie(cohort), np.nan),
        "support_types_to_ego": np.where(supported, units_of_tie(cohort), np.nan),
        "types_lost": np.where(has_types, types_lost(cohort), np.nan),
        "coverage_without": np.where(has_types, coverage_without(cohort), np.nan),
        "effort_balance": np.where(asked, effort_balance_of_tie(cohort), np.nan),
        **_central(cohort, known_kinds(kinds)),
    }
    whole = ("support_types", "support_types_to_ego", "types_lost", "degree")
    columns = [pl.Series(name, column, nan_to_null=True) for name, column in values.items()]
    return _who(cohort).with_columns(column.cast(pl.Int64) if column.name in whole else column for column in columns)


def _who(cohort: Cohort) -> pl.DataFrame:
    ties, maps = cohort.ties, cohort.maps[cohort.tie_map]
    return maps.select("participant", "wave", "state").with_columns(
        alter_id=cohort.alter_ids[ties["alter"]],
        kind=_words(CODES["kind"], ties["kind"]),
        role=_words(cohort.roles, ties["role"]),
        circle=pl.Series(ties["circle"].astype(np.int64)).replace(0, None),
        **{attribute.name: _attribute(attribute, ties[attribute.column]) for attribute in cohort.attributes if attribute.name not in _WHO},
    )


_WHO = ("kind", "role", "circle")


def _attribute(attribute: Attribute, values: np.ndarray) -> pl.Series:
    return pl.Series(values, nan_to_null=True) if attribute.is_number else _words(attribute.categories, values)


def _words(codes: tuple[str, ...], places: np.ndarray) -> pl.Series:
    known = pl.Series(places.astype(np.int64)).replace(-1, None)
    return pl.Series(codes, dtype=pl.String).gather(known) if codes else known.cast(pl.String)


def _central(cohort: Cohort, kinds: tuple[str, ...]) -> dict[str, np.ndarray]:
    within, mask = cohort.within(kinds), cohort.of_kind(*kinds)
    asked = within.asked["alter_ties"][within.tie_map] == 2
    found = {"degree": within.degree, "betweenness": alter_betweenness(within), "closeness": alter_closeness(within)}
    columns = {name: np.full(cohort.tie_map.size, np.nan) for name in found}
    for name, values in found.items():
        columns[name][mask] = np.where(asked, values, np.nan)
    return columns


# -- alters and people over all waves ----------------------------------------------------------------------------------


def alter_table(cohort: Cohort) -> pl.DataFrame:
    """One row an alter ever named: its presence pattern and what follows from it. A missed wave (`?`) says nothing.

    `is_always_there` named at every observed wave; `returns` times named again after being left out; `first_wave`, `last_wave` positions.
    """
    patterns = presence_patterns(cohort)
    places = dict(enumerate(cohort.wave_positions))
    seen = pl.col("pattern").str.replace_all("?", "", literal=True)
    first, last = pl.col("pattern").str.find("1", literal=True), pl.col("pattern").str.reverse().str.find("1", literal=True)
    order = cohort.maps.select("participant").unique(maintain_order=True).with_row_index("order")
    return (
        patterns.join(order, on="participant", how="left", maintain_order="left")
        .with_columns(
            first_wave=first.cast(pl.Int64).replace_strict(places, default=None, return_dtype=pl.Int64),
            last_wave=(len(places) - 1 - last.cast(pl.Int64)).replace_strict(places, default=None, return_dtype=pl.Int64),
            waves_named=pl.col("pattern").str.count_matches("1").cast(pl.Int64),
            waves_observed=seen.str.len_chars().cast(pl.Int64),
            is_always_there=~seen.str.contains("0"),
            returns=seen.str.strip_chars("0").str.count_matches("0+").cast(pl.Int64),
        )
        .sort("order", maintain_order=True)
        .drop("order")
    )


def person_table(cohort: Cohort) -> pl.DataFrame:
    """One row a person with an everyday map: `waves_observed`, alters `ever_named`, `always_there` at every observed wave, `core_share`.

    `core_share` is always_there / ever_named; empty where nobody was ever named. With one observed wave it is 1 by definition.
    """
    everyday = cohort.maps.filter(pl.col("state") == "everyday")
    observed = everyday.group_by("participant", maintain_order=True).agg(pl.len().cast(pl.Int64).alias("waves_observed"))
    named = (
        alter_table(cohort)
        .group_by("participant")
        .agg(
            pl.len().cast(pl.Int64).alias("ever_named"),
            pl.col("is_always_there").sum().cast(pl.Int64).alias("always_there"),
            pl.col("returns").sum(),
        )
    )
    whole = observed.join(named, on="participant", how="left", maintain_order="left")
    share = pl.when(pl.col("ever_named") > 0).then(pl.col("always_there") / pl.col("ever_named"))
    return whole.with_columns(pl.col("ever_named", "always_there", "returns").fill_null(0)).with_columns(core_share=share)


def pair_table(pairs: PairedWaves) -> pl.DataFrame:
    """One row an alter named on either of two maps: what became of the tie, and what it was on each.

    `what` kept, lost or gained; `is_back` gained, and named at a wave still earlier; `fate` what ego said; then `circle`, `strength`,
    `trust` and `support_types_to_ego` on the earlier and on the later map, empty where it is not known or the alter is not named.
    """
    what = np.select([pairs.kept, pairs.lost], ["kept", "lost"], "gained")
    frame = pairs.pairs.select(pl.col("^(participant|from_.*|to_.*|gap_months)$"))[pairs.pair].with_columns(
        alter_id=pairs.cohort.alter_ids[pairs.alter],
        kind=_words(CODES["kind"], pairs.kind),
        what=pl.Series(what, dtype=pl.String),
        is_back=pl.Series(is_return(pairs)),
        fate=_words(CODES["fate"], pairs.fate),
    )
    for when, maps in (("before", pairs.from_map), ("after", pairs.to_map)):
        frame = frame.with_columns(pl.Series(f"{name}_{when}", column) for name, column in _on_map(pairs, maps).items())
    return frame


def _on_map(pairs: PairedWaves, maps: np.ndarray) -> dict[str, pl.Series]:
    """What is known of each alter of the pairs on one of their maps."""
    cohort, count = pairs.cohort, max(len(pairs.cohort.alter_ids), 1)
    keys = cohort.tie_map * count + cohort.ties["alter"]
    order, wanted = np.argsort(keys), maps[pairs.pair] * count + pairs.alter
    place = np.minimum(np.searchsorted(keys[order], wanted), max(keys.size - 1, 0))
    tie = np.where(keys[order][place] == wanted, order[place], -1) if keys.size else np.zeros(0, dtype=np.int64)
    there = pl.Series(tie).replace(-1, None)
    supported = cohort.asked["supports"][cohort.tie_map]
    values = {
        "circle": pl.Series(cohort.ties["circle"].astype(np.int64)).replace(0, None),
        "strength": pl.Series(tie_strength(cohort), nan_to_null=True),
        "trust": _words(CODES["trust"], cohort.ties["trust"]),
        "support_types_to_ego": pl.Series(np.where(supported, units_of_tie(cohort), np.nan), nan_to_null=True).cast(pl.Int64),
    }
    return {name: column.gather(there) for name, column in values.items()}


def move_table(pairs: PairedWaves) -> pl.DataFrame:
    """Moves between circles, all people together: `from_wave`, `to_wave`, `from_circle`, `to_circle`, `ties`, `share` of `from_circle`.

    Circle 0 is named in no circle; an empty circle is not named at that wave. Pairs drawn on different circles are left out.
    """
    same = pairs.are_circles_same[pairs.pair]
    rows = pairs.pairs.select("from_wave", "to_wave")[pairs.pair].with_columns(
        from_circle=pl.Series(np.where(pairs.is_before, pairs.circle_before, -1)).replace(-1, None),
        to_circle=pl.Series(np.where(pairs.is_after, pairs.circle_after, -1)).replace(-1, None),
    )
    keys = ["from_wave", "to_wave", "from_circle"]
    counted = rows.filter(pl.Series(same)).group_by([*keys, "to_circle"]).agg(pl.len().cast(pl.Int64).alias("ties"))
    return counted.with_columns(share=pl.col("ties") / pl.col("ties").sum().over(keys)).sort([*keys, "to_circle"], nulls_last=True)


# -- durability --------------------------------------------------------------------------------------------------------


def durability_table(cohort: Cohort, by: str | None = None) -> pl.DataFrame:
    """How long ties last: Kaplan–Meier, one row a group and time: `group`, `months`, `at_risk`, `lost`, `censored`, `survival`, `error`.

    by    an attribute of the cohort, taken where the tie was first named; kinds unless chosen
    A tie lasts from the first wave at which it is named to the first observed wave at which it is not: that is when its loss is seen, so
    times are upper ends of the interval between two waves. It is censored at the last wave before one that was missed, and at the end.
    Months are as planned, else by the dates held; ties without either are left out. `error` is Greenwood's.
    """
    spells = _spells(cohort, by).drop_nulls("months")
    groups = [
        ("all", spells),
        *(((name[0]), own) for name, own in spells.drop_nulls("group").sort("group").group_by("group", maintain_order=True)),
    ]
    parts = [_kaplan_meier(own["months"].to_numpy(), own["is_lost"].to_numpy()).with_columns(group=pl.lit(name)) for name, own in groups]
    return pl.concat(parts).select("group", "months", "at_risk", "lost", "censored", "survival", "error")


def _spells(cohort: Cohort, by: str | None) -> pl.DataFrame:
    """One row an alter ever named: `group`, `months` its tie lasted, `is_lost` or censored."""
    alters = presence_patterns(cohort)
    signs = alters["pattern"].to_list()
    start = [pattern.index("1") for pattern in signs]
    steps = [len(p[s:]) - len(p[s:].lstrip("1")) for p, s in zip(signs, start, strict=True)]
    ends = [s + n for s, n in zip(start, steps, strict=True)]
    is_lost = [end < len(p) and p[end] == "0" for p, end in zip(signs, ends, strict=True)]
    last = [end if lost else end - 1 for end, lost in zip(ends, is_lost, strict=True)]
    positions = list(cohort.wave_positions)
    spells = alters.with_columns(
        first_wave=pl.Series([positions[place] for place in start], dtype=pl.Int64),
        last_wave=pl.Series([positions[place] for place in last], dtype=pl.Int64),
        is_lost=pl.Series(is_lost, dtype=pl.Boolean),
    )
    times = cohort.maps.filter(pl.col("state") == "everyday").select(
        "participant", pl.col("wave").cast(pl.Int64), "months", day=pl.col("held_on").cast(pl.String).str.to_date(strict=False)
    )
    for end in ("first", "last"):
        own = times.rename({"wave": f"{end}_wave", "months": f"{end}_months", "day": f"{end}_day"})
        spells = spells.join(own, on=["participant", f"{end}_wave"], how="left", maintain_order="left")
    dated = (pl.col("last_day") - pl.col("first_day")).dt.total_days() / _DAYS_A_MONTH
    lasted = (
        pl.when(pl.col("first_wave") == pl.col("last_wave"))
        .then(0.0)
        .otherwise(pl.coalesce(pl.col("last_months") - pl.col("first_months"), dated))
    )
    group = pl.Series("group", spells["kind"]) if by is None else _first_values(cohort, by, spells)
    return spells.with_columns(group, months=lasted)


def _first_values(cohort: Cohort, by: str, spells: pl.DataFrame) -> pl.Series:
    attribute = next(a for a in cohort.attributes if a.name == by)
    values = _who(cohort).filter(pl.col("state") == "everyday").unique(["participant", "alter_id"], keep="first", maintain_order=True)
    told = values.select("participant", "alter_id", pl.col(attribute.name).cast(pl.String).alias("group"))
    return spells.select("participant", "alter_id").join(told, on=["participant", "alter_id"], how="left", maintain_order="left")["group"]


def _kaplan_meier(months: np.ndarray, is_lost: np.ndarray) -> pl.DataFrame:
    times = np.unique(np.concatenate([[0.0], months]))
    at_risk = np.array([(months >= time).sum() for time in times], dtype=np.int64)
    lost = np.array([(is_lost & (months == time)).sum() for time in times], dtype=np.int64)
    censored = np.array([(~is_lost & (months == time)).sum() for time in times], dtype=np.int64)
    survival = np.cumprod(1 - np.divide(lost, at_risk, out=np.zeros(times.size), where=at_risk > 0))
    spread = at_risk * (at_risk - lost)
    error = survival * np.sqrt(np.cumsum(np.divide(lost, spread, out=np.zeros(times.size), where=spread > 0)))
    columns = {"months": times, "at_risk": at_risk, "lost": lost, "censored": censored, "survival": survival, "error": error}
    return pl.DataFrame(columns)


# -- attrition ---------------------------------------------------------------------------------------------------------


def attrition_table(tables: StudyTables) -> pl.DataFrame:
    """One row a wave and what became of the interview: `wave`, `what`, `reason`, `participants`. An empty map is not a missed wave.

    what   `named` (an everyday map with a tie), `named_nobody` (an everyday map without), `no_map` (held, and no everyday map),
           `missed`, `withdrawn`, `due`, `not_recorded` (no interview in the study)
    """
    filled = tables["maps"].filter(pl.col("state") == "everyday").select(pl.col("id").alias("map_id"), "interview_id")
    sizes = tables["ties"].group_by("map_id").agg(pl.len().alias("ties"))
    held = filled.join(sizes, on="map_id", how="left").group_by("interview_id").agg(pl.col("ties").fill_null(0).sum())
    everyone = tables["participants"].select(pl.col("id").alias("participant_id"))
    waves = tables["waves"].select(pl.col("id").alias("wave_id"), pl.col("position").alias("wave"))
    interviews = tables["interviews"].select(pl.col("id").alias("interview_id"), "participant_id", "wave_id", "status", "missed_reason")
    whole = (
        everyone.join(waves, how="cross")
        .join(interviews, on=["participant_id", "wave_id"], how="left")
        .join(held, on="interview_id", how="left")
    )
    what = (
        pl.when(pl.col("status").is_null()).then(pl.lit("not_recorded"))
        .when(pl.col("ties") > 0).then(pl.lit("named"))
        .when(pl.col("status") != "held").then(pl.col("status"))
        .when(pl.col("ties") == 0).then(pl.lit("named_nobody"))
        .otherwise(pl.lit("no_map"))
    )  # fmt: skip
    counted = (
        whole.select("wave", what=what, reason="missed_reason")
        .group_by("wave", "what", "reason")
        .agg(pl.len().cast(pl.Int64).alias("participants"))
    )
    return counted.sort("wave", "what", "reason", nulls_last=True)
