"""Alter ties as a cohort holds them: each pair once, with its strength, its directions and its relations."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from kithwork.cohort.columns import Policy, first_of_each
from kithwork.model.errors import SelectionError, near
from kithwork.model.schema import TABLES

FORWARD, BACKWARD, BOTH = 1, 2, 3
_MOST_RELATIONS = 62  # as many as fit into the bits of a whole number


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs u < v of tie rows, what is known of each, what was left out, and what the study records at all.

    columns   each only where the study records any: `weight` (NaN where there is none; the largest where a pair is recorded more
              than once), `arcs` (1 from u to v, 2 from v to u, 3 both: an alter tie without a direction goes both ways),
              `relations` (a bit for each label)
    labels    relations recorded: a study's own labels, else the codes
    most_weight   the largest strength recorded, NaN where there is none
    """

    pairs: np.ndarray
    columns: dict[str, np.ndarray]
    labels: tuple[str, ...]
    dropped: dict[str, int]
    most_weight: float


def links_of(rows: pl.DataFrame, one: np.ndarray, other: np.ndarray, tie_map: np.ndarray, policy: Policy) -> Links:
    """From rows and the places of their ends among the ties (−1 where there is none)."""
    kept, dropped = _chosen(rows, policy)
    there = kept & (one >= 0) & (other >= 0)
    loop, across = there & (one == other), there.copy()
    across[there] = tie_map[one[there]] != tie_map[other[there]]
    dropped |= {"loop": int(loop.sum()), "across_maps": int(across.sum())}
    places = np.flatnonzero(there & ~loop & ~across)
    one, other = one[places], other[places]
    known = rows if places.size == rows.height else rows[places]
    u, v = np.minimum(one, other), np.maximum(one, other)
    labels, columns = _recorded(known, one == u)
    keys, span = _keys(u, v, tie_map)
    first = first_of_each(keys, span)
    dropped["repeat"] = keys.size - first.size
    most = float(np.nanmax(columns["weight"])) if "weight" in columns else np.nan
    columns = _merged(columns, keys, first) if first.size < keys.size else {name: values[first] for name, values in columns.items()}
    order = np.argsort(tie_map[u[first]], kind="stable")
    pairs = np.column_stack((u[first[order]], v[first[order]]))
    return Links(pairs, {name: values[order] for name, values in columns.items()}, labels, dropped, most)


def _recorded(rows: pl.DataFrame, is_forward: np.ndarray) -> tuple[tuple[str, ...], dict[str, np.ndarray]]:
    """What is recorded of each row; what the study never records is left out, so that it costs nothing."""
    labels, bits = _relations(rows)
    columns = {} if bits is None else {"relations": bits}
    one_way = rows["is_directed"].fill_null(False).to_numpy()
    if one_way.any():
        columns["arcs"] = np.where(one_way, np.where(is_forward, FORWARD, BACKWARD), BOTH).astype(np.int8)
    if rows["weight"].null_count() < rows.height:
        columns["weight"] = rows["weight"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return labels, columns


def _chosen(rows: pl.DataFrame, policy: Policy) -> tuple[np.ndarray, dict[str, int]]:
    kept, dropped = np.ones(rows.height, dtype=bool), {"other_relation": 0, "non_tie": 0}
    if policy.relations is not None:
        _check_relations(policy.relations, rows["relation_label"])
        kept = (rows["relation"].is_in(policy.relations) | rows["relation_label"].is_in(policy.relations).fill_null(False)).to_numpy()
        dropped["other_relation"] = int((~kept).sum())
    if not policy.is_zero_a_tie:
        is_tie = (rows["weight"].is_null() | (rows["weight"] != 0).fill_null(True)).to_numpy()
        dropped["non_tie"] = int((kept & ~is_tie).sum())
        kept = kept & is_tie
    return kept, dropped


def _keys(u: np.ndarray, v: np.ndarray, tie_map: np.ndarray) -> tuple[np.ndarray, int]:
    """A number for each pair, and how many there could be: each map has a square of cells, a cell a pair."""
    sizes = np.bincount(tie_map)
    cells = np.concatenate(([0], np.cumsum(sizes**2)))
    starts, of_map = np.cumsum(sizes) - sizes, tie_map[u]
    return cells[of_map] + (u - starts[of_map]) * sizes[of_map] + v - starts[of_map], int(cells[-1])


def _merged(columns: dict[str, np.ndarray], keys: np.ndarray, first: np.ndarray) -> dict[str, np.ndarray]:
    """What repeated rows say of one pair, taken together, in the order of the rows at which pairs stand first."""
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    how = {"weight": np.fmax, "arcs": np.bitwise_or, "relations": np.bitwise_or}
    together = {name: how[name].reduceat(values[order], starts) for name, values in columns.items()}
    place = np.searchsorted(keys[order][starts], keys[first])
    return {name: values[place] for name, values in together.items()}


def _relations(rows: pl.DataFrame) -> tuple[tuple[str, ...], np.ndarray | None]:
    """Labels in use, and a bit for the label of each row; none where there is one, or more than can be told apart."""
    if rows["relation_label"].null_count() == rows.height and rows["relation"].n_unique() < 2:
        return (), None
    labels = rows.select(pl.coalesce("relation_label", "relation")).to_series()
    found = tuple(sorted(labels.drop_nulls().unique().to_list()))
    if not 1 < len(found) <= _MOST_RELATIONS:
        return (), None
    return found, np.left_shift(1, labels.cast(pl.Enum(found)).to_physical().cast(pl.Int64).to_numpy())


def _check_relations(relations: tuple[str, ...], labels: pl.Series) -> None:
    known = [*TABLES["alter_ties"]["relation"].choices, *labels.drop_nulls().unique().sort().to_list()]
    for relation in relations:
        if relation not in known:
            raise SelectionError(f"No relation between alters is called '{relation}' in this study.{near(relation, known)}")
