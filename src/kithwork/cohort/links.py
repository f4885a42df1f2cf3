"""Alter ties as a cohort holds them: each pair once, with its strength, its directions and its relations."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from kithwork.cohort.columns import Policy, pairs_of
from kithwork.model.errors import SelectionError, near
from kithwork.model.schema import TABLES

FORWARD, BACKWARD, BOTH = 1, 2, 3
_MOST_RELATIONS = 62  # as many as fit into the bits of a whole number
_LOW = 0xFFFFFFFF
_TOGETHER = {"weight": np.fmax, "arcs": np.bitwise_or, "relations": np.bitwise_or}  # what repeated rows say of one pair, as one


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs u < v of tie rows in order, what is known of each, what was left out, and what the study records at all.

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
    loop = there & (one == other)
    across = there & (tie_map[one] != tie_map[other]) if tie_map.size else there
    dropped |= {"loop": int(loop.sum()), "across_maps": int(across.sum())}
    sound = there & ~loop & ~across
    if not sound.all():
        rows, one, other = rows.filter(pl.Series(sound)), one[sound], other[sound]
    labels, columns = _recorded(rows, one < other)
    keys = (np.minimum(one, other) << 32) | np.maximum(one, other)  # one number a pair, as sorting one number is fast
    if columns:
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        columns = {name: values[order] for name, values in columns.items()}
    else:
        keys.sort()
    first = np.flatnonzero(np.diff(keys, prepend=-1))  # where each pair stands first
    dropped["repeat"] = keys.size - first.size
    if dropped["repeat"]:
        keys, columns = keys[first], {name: _TOGETHER[name].reduceat(values, first) for name, values in columns.items()}
    most = float(np.nanmax(columns["weight"])) if "weight" in columns else np.nan
    return Links(pairs_of(keys >> 32, keys & _LOW), columns, labels, dropped, most)


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
    if not policy.is_zero_a_tie and rows["weight"].null_count() < rows.height:
        is_tie = (rows["weight"].is_null() | (rows["weight"] != 0).fill_null(True)).to_numpy()
        dropped["non_tie"] = int((kept & ~is_tie).sum())
        kept = kept & is_tie
    return kept, dropped


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
