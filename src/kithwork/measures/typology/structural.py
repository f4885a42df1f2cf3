"""Kinds of network by how alters hang together: Vacca's typing, from the subgroups of each map's alter ties."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl

from kithwork.cohort import Cohort, cohort_of
from kithwork.measures.centrality import girvan_newman, modularity
from kithwork.measures.typology.clusters import Clusters, cluster, known_state
from kithwork.model.tables import StudyTables

COLUMNS = ("larger_subgroups", "smaller_subgroups", "modularity")


def subgroups(cohort: Cohort) -> pl.DataFrame:
    """What Vacca's typing rests on: Girvan–Newman subgroups of each map, ego left out.

    Definition  of the divisions met while the alter tie of largest betweenness is removed again and again, the one of largest modularity;
                `larger_subgroups` of three alters or more, `smaller_subgroups` of one or two, and the `modularity` itself.
    Returns     one row a map: `participant`, `wave`, `state`, the three columns, `why`.
    Missing     null, with `why`: alter ties not asked or only in part, fewer than two alters, or no alter ties (modularity is then 0 / 0).
    Source      Girvan & Newman (2002); Newman & Girvan (2004), eq. 5; Vacca (2020), T1.
    """
    rows = []
    for place in range(len(cohort)):
        first, count = int(cohort.offsets[place]), int(cohort.sizes[place])
        pairs = cohort.alter_ties[cohort.alter_tie_offsets[place] : cohort.alter_tie_offsets[place + 1]] - first
        why = _why(int(cohort.asked["alter_ties"][place]), count, len(pairs))
        if why:
            rows.append((None, None, None, why))
            continue
        joined = np.zeros((count, count))
        joined[pairs[:, 0], pairs[:, 1]] = joined[pairs[:, 1], pairs[:, 0]] = 1
        group = girvan_newman(joined)
        sizes = np.unique(group, return_counts=True)[1]
        rows.append((int((sizes >= 3).sum()), int((sizes < 3).sum()), modularity(joined, group), None))
    schema: Any = dict(zip((*COLUMNS, "why"), (pl.Int64, pl.Int64, pl.Float64, pl.String), strict=True))
    return pl.concat(
        [cohort.maps.select("participant", "wave", "state"), pl.DataFrame(rows, schema=schema, orient="row")], how="horizontal"
    )


def structural_types(
    tables: StudyTables,
    kinds: Iterable[str] = ("person",),
    *,
    k: int | None = None,
    method: str = "k-medoids",
    seed: int = 1,
    state: str = "everyday",
) -> tuple[pl.DataFrame, Clusters]:
    """Vacca's types of every map in a state: the frame of `subgroups` with `structural_type` (from 1, null where none), and how good.

    Maps of other states are another network of the same person, so they are not grouped with these. A map without alter ties in full is in
    no type, and told why; a missed wave has no map, so it has no row. Several maps of one person are typed each for itself; whether there
    are enough is counted in people. Raises SelectionError for an unknown state.
    """
    frame = subgroups(cohort_of(tables, kinds)).filter(state=known_state(state))
    made = cluster(frame, COLUMNS, k=k, method=method, seed=seed)
    return frame.with_columns(structural_type=made.types(frame.height)), made


def _why(asked: int, alters: int, ties: int) -> str | None:
    if asked < 2:
        return "ties between alters were not asked about in full on this map"
    if alters < 2:
        return "there are fewer than two alters in scope on this map"
    return None if ties else "no two alters in scope are joined, so there are no subgroups to hold apart"
