"""How each person's network moved across the waves: a label by an open rule, with what it rests on."""

from itertools import pairwise

import numpy as np
import polars as pl

from kithwork.cohort import PairedWaves, cohort_of
from kithwork.cohort.columns import CODES, Cohort
from kithwork.model.tables import StudyTables

CHANGE_TYPES = {
    "stable_core": "About the same size, mostly the same ties",
    "expanding": "Growing",
    "contracting": "Shrinking",
    "replacing": "About the same size, mostly other ties",
    "crisis_dip_and_return": "Smaller for a while, around a crisis, then back",
    "dip_and_return": "Smaller for a while, then back",
    "fluctuating": "Up and down",
}


def change_types(tables: StudyTables, counted: tuple[str, ...] = ("all",)) -> pl.DataFrame:
    """The change type of each participant over their observed everyday maps; a missed wave is a gap that is bridged.

    Definition  n_1 … n_m sizes, s = 0.2: a step rises or falls when it changes by more than s of the larger of the two sizes. Turnover is
                (lost + gained) / either between the first and the last map. The first that holds of:
                dip and return: a map between the first and last is smaller than both by more than s, and at least half of the ties lost to
                it are back on the last (crisis, where a tie was set aside in a crisis or a crisis map was drawn then);
                fluctuating: steps rise and fall; expanding, contracting: the last is larger, smaller than the first by more than s;
                replacing: turnover ≥ 0.5; stable core: any other.
    Returns     one row a participant: `change_type`, `change_label`, `change_rule`, `change_near` (labels with s of 0.1 and 0.3, and
                turnover of 0.4 and 0.6), `is_change_borderline`, `sizes`,
                `turnover`, `months`, `maps`, `why`.
    Missing     null, with `why`: fewer than two observed everyday maps, or nothing named on any.
    Source      our rule; types as this study's domain notes propose them.
    """
    cohort = cohort_of(tables, counted)
    maps, pairs = cohort.maps.with_row_index("map"), PairedWaves.of(cohort).pairs
    gaps = dict(
        pairs.group_by("participant").agg(pl.when(pl.col("gap_months").null_count() == 0).then(pl.col("gap_months").sum())).iter_rows()
    )
    rows = []
    for own in maps.partition_by("participant", maintain_order=True) if maps.height else []:
        person = own["participant"][0]
        everyday = own.filter(state="everyday").sort("wave")
        drawn = everyday["map"].to_list()
        named = [set(cohort.ties["alter"][cohort.offsets[m] : cohort.offsets[m + 1]].tolist()) for m in drawn]
        crises = set(own.filter(state="crisis")["wave"].to_list()) | _suspended(cohort, everyday)
        rows.append((person, *_told(named, everyday["wave"].to_list(), crises), gaps.get(person)))
    names = (
        "change_type",
        "change_label",
        "change_rule",
        "change_near",
        "is_change_borderline",
        "sizes",
        "turnover",
        "maps",
        "why",
        "months",
    )
    types = (pl.String, pl.String, pl.String, pl.String, pl.Boolean, pl.String, pl.Float64, pl.Int64, pl.String, pl.Float64)
    schema = {"participant": pl.String, **dict(zip(names, types, strict=True))}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _told(named: list[set[int]], waves: list[int], crises: set[int]) -> tuple:
    sizes = " ".join(str(len(alters)) for alters in named)
    if len(named) < 2 or not any(named):
        why = "there are fewer than two everyday maps" if len(named) < 2 else "nothing is named on any map"
        return None, None, None, None, None, sizes, None, len(named), why
    either = named[0] | named[-1]
    turnover = len(named[0] ^ named[-1]) / len(either) if either else 0.0
    code, rule = _type(named, waves, crises, turnover, 0.2, 0.5)
    tries = {"a step of 0.1": (0.1, 0.5), "a step of 0.3": (0.3, 0.5), "a turnover of 0.4": (0.2, 0.4), "a turnover of 0.6": (0.2, 0.6)}
    others = {what: _type(named, waves, crises, turnover, *limits)[0] for what, limits in tries.items()}
    near = "; ".join(f"{other} with {what}" for what, other in others.items() if other != code)
    return code, CHANGE_TYPES[code], rule, near, bool(near), sizes, turnover, len(named), None


def _type(named: list[set[int]], waves: list[int], crises: set[int], turnover: float, step: float, limit: float) -> tuple[str, str]:
    sizes = np.array([len(alters) for alters in named])
    for place in range(1, len(named) - 1):
        lost = named[0] - named[place]
        if _falls(sizes[0], sizes[place], step) and _falls(sizes[-1], sizes[place], step) and 2 * len(lost & named[-1]) >= len(lost) > 0:
            code = "crisis_dip_and_return" if waves[place] in crises else "dip_and_return"
            return code, "Smaller in between, and at least half of what was away is back"
    steps = list(pairwise(sizes))
    if any(_falls(one, other, step) for one, other in steps) and any(_falls(other, one, step) for one, other in steps):
        return "fluctuating", f"Steps up and steps down of more than {step:.0%}"
    if _falls(sizes[-1], sizes[0], step):
        return "expanding", f"The last map is larger than the first by more than {step:.0%}"
    if _falls(sizes[0], sizes[-1], step):
        return "contracting", f"The last map is smaller than the first by more than {step:.0%}"
    if turnover >= limit - 1e-12:
        return "replacing", f"About the same size, turnover of {limit:g} or more"
    return "stable_core", f"About the same size, turnover below {limit:g}"


def _falls(one: int, other: int, step: float) -> bool:
    return bool(one - other > step * max(one, other) + 1e-12)


def _suspended(cohort: Cohort, everyday: pl.DataFrame) -> set[int]:
    wave_of = dict(everyday.select("map", "wave").iter_rows())
    code = CODES["fate"].index("suspended")
    return {wave_of[m] for m, _, fate in cohort.fates.tolist() if fate == code and m in wave_of}
