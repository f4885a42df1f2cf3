"""`Cohort`: every map of a study at once, as dense columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import polars as pl
import scipy.sparse as sp

from kithwork.model.errors import SelectionError, near
from kithwork.model.schema import KINDS, TABLES

CODES: dict[str, tuple[str, ...]] = {
    "kind": tuple(KINDS),
    **{name: tuple(TABLES["ties"][name].choices) for name in ("trust", "valence", "contact", "reciprocity")},
    **{name: tuple(TABLES["supports"][name].choices) for name in ("direction", "sufficiency")},
    "fate": tuple(TABLES["fates"]["fate"].choices),
}
"""Column → its codes in schema order; a cohort holds their positions, −1 where empty."""


@dataclass(frozen=True)
class Policy:
    """What counts as an alter tie. Loops are dropped, directions are ignored, and a pair counts once however often it is recorded.

    relations       relations (or a study's own relation labels) that count; None for all
    is_zero_a_tie   whether a recorded weight of 0 is a tie; as a rule it is a recorded non-tie
    """

    relations: tuple[str, ...] | None = None
    is_zero_a_tie: bool = False


@dataclass(frozen=True, eq=False)
class Cohort:
    """All chosen maps as columns. Rows of one map lie together, so that a sum over a map is one pass.

    maps          (maps,) frame: `map_id`, `participant`, `participant_id`, `wave`, `state`, `months`, `held_on`, `circle_version`;
                  sorted by participant, wave, state
    circle_counts (maps,) circles drawn on each map
    offsets       (maps + 1,) ties of map i are rows offsets[i]:offsets[i + 1]
    ties          (ties,) arrays: `alter` (dense index), codes `kind` `role` `role_group` `trust` `valence` `contact` `reciprocity`
                  (−1 empty), `circle` (0 in no circle), `reliability` `security` `effort` (NaN empty), `is_conditional`
    alter_ties    (alter ties, 2) tie rows u < v of one map; each pair once; rows of one map lie together
    supports      (supports,) arrays: `tie` (row), codes `support_type` `direction` `sufficiency`, `amount`, `is_conditional`
    asked         column → (maps,) whether it was asked at that wave; `alter_ties` 0 no, 1 partly, 2 yes
    dropped       what the policy left out, counted
    """

    maps: pl.DataFrame
    circle_counts: np.ndarray
    offsets: np.ndarray
    ties: Mapping[str, np.ndarray]
    alter_ties: np.ndarray
    supports: Mapping[str, np.ndarray]
    asked: Mapping[str, np.ndarray]
    alter_ids: pl.Series
    alter_kinds: np.ndarray
    fates: np.ndarray  # (fates, 3): map, alter, fate code
    wave_positions: tuple[int, ...]
    roles: tuple[str, ...]
    role_groups: tuple[str, ...]
    support_types: tuple[str, ...]
    scheme: np.ndarray  # positions in support_types that the study asks about
    kinds: tuple[str, ...] = tuple(KINDS)
    policy: Policy = field(default_factory=Policy)
    dropped: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.maps.height

    @cached_property
    def tie_map(self) -> np.ndarray:
        """(ties,) the map of each tie."""
        return np.repeat(np.arange(len(self)), self.sizes)

    @cached_property
    def sizes(self) -> np.ndarray:
        """(maps,) ties on each map."""
        return np.diff(self.offsets)

    @cached_property
    def degree(self) -> np.ndarray:
        """(ties,) alter ties of each alter."""
        return np.bincount(self.alter_ties.ravel(), minlength=self.tie_map.size)

    @cached_property
    def alter_tie_counts(self) -> np.ndarray:
        """(maps,) alter ties on each map."""
        return np.bincount(self.tie_map[self.alter_ties[:, 0]], minlength=len(self))

    @cached_property
    def alter_tie_offsets(self) -> np.ndarray:
        """(maps + 1,) alter ties of map i are rows [i]:[i + 1]."""
        return np.concatenate(([0], np.cumsum(self.alter_tie_counts)))

    @cached_property
    def adjacency(self) -> sp.csr_matrix:
        """(ties, ties) block-diagonal by map; above the diagonal only, as alter ties have no direction."""
        u, v = self.alter_ties.T
        return sp.csr_matrix((np.ones(u.size), (u, v)), shape=(self.tie_map.size, self.tie_map.size))

    def code(self, column: str, *choices: str) -> list[int]:
        """Positions of choices in their column's codes."""
        return [CODES[column].index(choice) for choice in choices]

    def of_kind(self, *kinds: str) -> np.ndarray:
        """(ties,) whether the alter is of one of these kinds."""
        return np.isin(self.ties["kind"], self.code("kind", *kinds))

    def sum(self, weights: np.ndarray) -> np.ndarray:
        """(maps,) sum over each map of a value per tie."""
        return np.bincount(self.tie_map, weights=weights, minlength=len(self))

    def sum_by(self, groups: np.ndarray, count: int, weights: np.ndarray | None = None) -> np.ndarray:
        """(maps, count) ties, or the sum of a value per tie, on each map by group; group −1 is left out."""
        cells = self.tie_map * (count + 1) + groups + 1  # the first column gathers what is in no group
        return np.bincount(cells, weights=weights, minlength=len(self) * (count + 1)).reshape(len(self), count + 1)[:, 1:].astype(float)

    def within(self, kinds: Iterable[str]) -> "Cohort":
        """The same maps with only alters of these kinds, and what joins them."""
        kinds = known_kinds(kinds)
        if set(kinds) >= set(self.kinds):
            return self
        cohort = self._keep(self.of_kind(*kinds))
        return replace(cohort, kinds=tuple(kind for kind in self.kinds if kind in kinds))

    def _keep(self, mask: np.ndarray) -> "Cohort":
        place = np.cumsum(mask) - 1  # where a kept tie comes to stand
        both = mask[self.alter_ties].all(axis=1)
        supports = mask[self.supports["tie"]]
        kept = {name: values[supports] for name, values in self.supports.items()}
        kept["tie"] = place[kept["tie"]]
        return replace(
            self,
            offsets=np.concatenate(([0], np.cumsum(mask)))[self.offsets],
            ties={name: values[mask] for name, values in self.ties.items()},
            alter_ties=place[self.alter_ties[both]],
            supports=kept,
        )


def first_of_each(keys: np.ndarray, span: int) -> np.ndarray:
    """Rows at which each different key, a whole number in 0..span − 1, stands for the first time.

    A table of all possible keys is many times faster than sorting, as long as it is not much longer than the keys.
    """
    if span > 64 * keys.size:
        return np.sort(np.unique(keys, return_index=True)[1])
    rows = np.arange(keys.size)
    first = np.empty(span, dtype=np.int64)
    first[keys[::-1]] = rows[::-1]  # the last write wins: the first row
    return rows[first[keys] == rows]


def known_kinds(kinds: Iterable[str]) -> tuple[str, ...]:
    """The kinds named, checked; `("all",)` means every kind."""
    chosen = tuple(kinds)
    if chosen == ("all",):
        return tuple(KINDS)
    if not chosen:
        raise SelectionError("Name at least one kind, or 'all'.")
    for kind in chosen:
        if kind not in KINDS:
            raise SelectionError(f"There is no kind '{kind}'; kinds are {', '.join(KINDS)}.{near(kind, KINDS)}")
    return tuple(kind for kind in KINDS if kind in chosen)
