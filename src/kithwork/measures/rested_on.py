"""On how many ties a value rests, and of how many that is not known: one rule for every measure, from its rules for emptiness."""

from collections.abc import Mapping
from functools import reduce

import numpy as np
import polars as pl

from kithwork.cohort import Cohort, PairedWaves
from kithwork.measures.reasons import Masks
from kithwork.measures.registry import Measure, holding

UNANSWERED = {
    "not_asked",
    "alter_ties_not_asked",
    "alter_ties_partly",
    "ego_not_known",
    "no_weights",
    "weights_partly",
    "no_maximum",
    "no_directions",
    "no_relations",
    "fates_not_told",
}
"""Reasons by which what a value rests on is known of no tie of a map, or of a pair of maps."""
USED, MISSING = "_ties_used", "_ties_missing"


def rested_on(measure: Measure, data: Cohort | PairedWaves, members: int) -> tuple[np.ndarray, np.ndarray]:
    """Two tables (rows, members): ties the value rests on, and ties it is about of which what it rests on is not known.

    Definition  A value is about all ties in scope, or those that its rules say (`Rule.about`): of one kind, of people, rated "not a matter
                of trust" left out. It rests on those of them of which its rules' question is answered (`Rule.known`). Where nothing was
                asked of the map (`UNANSWERED`), it rests on none, and all are missing. A measure of alter ties rests on the alters in
                scope whose ties among each other were asked about. Of change, ties are the alters named at either wave, or at the one it
                is a share of; a change of a measure of maps rests on the ties of both maps.
    Missing     never: where a value is empty, the two still say on what it would have rested.
    """
    counted = next((rule.ties for rule in measure.missing if rule.ties), None)
    if counted is not None:
        return counted(data)
    row_of = data.pair if isinstance(data, PairedWaves) else data.tie_map
    joined = np.logical_or if isinstance(data, PairedWaves) else np.logical_and
    about = [rule.about(data) for rule in measure.missing if rule.about]
    known = [rule.known(data) for rule in measure.missing if rule.known]
    blank = [holds for rule in measure.missing if rule.code in UNANSWERED and (holds := holding(rule, data)) is not None]
    used, missing = (np.zeros((len(data), members), dtype=np.int64) for _ in range(2))
    everything = np.ones(row_of.size, dtype=bool)
    for member in range(members):
        own = reduce(joined, (_of(masks, member) for masks in about)) if about else everything
        told = reduce(np.logical_and, (_of(masks, member) for masks in known), everything)
        for holds in blank:
            told = told & ~(holds if holds.ndim == 1 else holds[:, member])[row_of]
        used[:, member] = np.bincount(row_of[own & told], minlength=len(data))
        missing[:, member] = np.bincount(row_of[own & ~told], minlength=len(data))
    return used, missing


def _of(masks: Masks, member: int) -> np.ndarray:
    return masks[member] if isinstance(masks, list) else masks


def ties_told(frame: pl.DataFrame | pl.LazyFrame) -> Mapping[str, dict[str, int]]:
    """Column → ties used and missing over all rows, of a result that was measured with them."""
    lazy = frame.lazy()
    names = [name.removesuffix(USED) for name in lazy.collect_schema().names() if name.endswith(USED)]
    if not names:
        return {}
    sums = lazy.select(pl.col(*(name + end for name in names for end in (USED, MISSING))).sum()).collect().row(0, named=True)
    return {name: {"used": sums[name + USED], "without_an_answer": sums[name + MISSING]} for name in names}
