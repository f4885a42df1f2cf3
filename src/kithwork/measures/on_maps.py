"""Measures beside the map they are of, for what is joined with maps; what is of two waves stands on the later map."""

from collections.abc import Iterable, Mapping

import polars as pl

from kithwork.cohort import Cohort, cohort_of
from kithwork.measures.reasons import REASONS
from kithwork.measures.registry import MEASURES, Measure, offered, per_of
from kithwork.measures.run import Measures, change_measures, measures_of, paired
from kithwork.model.errors import SelectionError
from kithwork.model.schema import KINDS
from kithwork.model.tables import StudyTables

TABLES = (
    *("studies", "waves", "circles", "roles", "support_types", "questions", "asked", "participants", "interviews", "maps"),
    *("alters", "ties", "fates", "supports", "alter_ties"),
)
"""The tables that measures rest on."""

NO_EARLIER = "no_earlier_map"
REASONS_ON_MAPS = REASONS | {NO_EARLIER: "There is no earlier map."}

_ONE_COLUMN = ("non_person_share", "inner_concentration", "density", "isolates", "kept", "stability", "lost", "loss_rate", "turnover")


def usual() -> dict[str, tuple[str, str]]:
    """Name → label and meaning of the few that are offered where there is little room; no study has to be read for them."""
    size, by_kind, share = MEASURES["size"], MEASURES["size_by_kind"], MEASURES["share_by_kind"]
    circle = MEASURES["size_by_circle"]
    found = {"size": (size.label, size.summary)}
    found |= {f"{by_kind.stem}_{kind}": (f"{by_kind.label}: {label.lower()}", by_kind.summary) for kind, label in KINDS.items()}
    found[f"{share.stem}_person"] = (f"{share.label}: {KINDS['person'].lower()}", share.summary)
    found["non_person_share"] = _told(MEASURES["non_person_share"])
    found[f"{circle.stem}_1"] = (f"{circle.label}: circle 1", circle.summary)
    return found | {name: _told(MEASURES[name]) for name in (*_ONE_COLUMN, "jaccard")}


def named(names: Iterable[str], tables: StudyTables) -> dict[str, tuple[str, str]]:
    """Name → label and meaning of any columns of numbers that are measured of maps or of change; names there are none of are left out."""
    found, cohort = usual(), None
    wanted = tuple(names)
    for name in wanted:
        if name not in found and name in MEASURES and MEASURES[name].family is None and MEASURES[name].words is None:
            found[name] = _told(MEASURES[name])
        elif name not in found:
            cohort = cohort or cohort_of(tables)
            if told := _column(name, cohort):
                found[name] = told
    return {name: found[name] for name in wanted if name in found}


def on_maps(tables: StudyTables, names: Iterable[str]) -> pl.DataFrame:
    """One row a map and measure: `map_id`, `measure`, `value`, and where that is empty `reason`, a code of `REASONS_ON_MAPS`.

    Definition  Measured with all kinds counted and alter ties among people, as where nothing else is chosen. A measure of change is of
                the everyday map and the one before that was observed, and stands on the later of the two.
    Missing     As the measure says; change also on a map that no everyday map was before.
    """
    cohort, wanted = cohort_of(tables), tuple(dict.fromkeys(names))
    of_pairs = [name for name in wanted if per_of([name]) == "pair"]
    of_maps = [name for name in wanted if name not in of_pairs]
    parts = [pl.DataFrame(schema={"map_id": pl.String, "measure": pl.String, "value": pl.Float64, "reason": pl.String})]
    if of_maps:
        parts += _long(cohort.maps["map_id"], measures_of(cohort, measures=of_maps))
    if of_pairs:
        later = cohort.maps["map_id"].gather(paired(cohort).to_map)
        parts += _long(later, change_measures(tables, measures=of_pairs))
        first = cohort.maps.filter((pl.col("state") == "everyday") & ~pl.col("map_id").is_in(later.implode()))["map_id"]
        none = {"value": pl.lit(None, pl.Float64), "reason": pl.lit(NO_EARLIER)}
        parts += [pl.DataFrame({"map_id": first}).with_columns(pl.lit(name).alias("measure"), **none) for name in of_pairs]
    return pl.concat(parts)


def _long(maps: pl.Series, measured: Measures) -> list[pl.DataFrame]:
    codes = ("", *REASONS)
    found = []
    for column in measured.columns:
        if column.words:
            raise SelectionError(f"'{column.name}' is a word, not a number, so it cannot be counted by here; choose another measure.")
        values = pl.Series("value", column.values, dtype=pl.Float64, nan_to_null=True)
        why = pl.Series("reason", [codes[place] or None for place in column.reasons], dtype=pl.String)
        found.append(
            pl.DataFrame([maps.alias("map_id"), values, why]).select("map_id", pl.lit(column.name).alias("measure"), "value", "reason")
        )
    return found


def _told(measure: Measure) -> tuple[str, str]:
    return _since(measure, measure.label), measure.summary


def _since(measure: Measure, label: str) -> str:
    return f"{label} since the map before" if measure.per == "pair" else label


def _column(name: str, cohort: Cohort) -> tuple[str, str] | None:
    """Label and meaning of one column of a family of measures."""
    columns: Mapping[str, tuple[str, str]] = {
        column: (_since(measure, label), measure.summary)
        for per in ("map", "pair")
        for measure in offered(per).values()
        if measure.family is not None and measure.words is None
        for column, label in measure.columns(cohort)
    }
    return columns.get(name)
