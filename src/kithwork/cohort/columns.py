"""`Cohort`: every map of a study at once, as dense columns."""

from collections.abc import Iterable, Iterator, Mapping
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


WEAK = ("outer_circle", "contact", "role_group")


@dataclass(frozen=True)
class Policy:
    """What counts, stored beside every result. Loops are dropped, and a pair counts once however often it is recorded.

    relations       relations (or a study's own relation labels) that count; None for all
    is_zero_a_tie   whether a recorded weight of 0 is a tie; as a rule it is a recorded non-tie
    most_weight     the largest strength an alter tie can have; strengths are divided by it. None: recorded strengths must not exceed 1
    weak            rules by which a tie is weak, any one of them: `outer_circle`, `contact` (a few times a year or less), `role_group`
    is_missing_a_category   whether a tie without an answer is a category of its own; as a rule it is left out, of the denominator too
    """

    relations: tuple[str, ...] | None = None
    is_zero_a_tie: bool = False
    most_weight: float | None = None
    weak: tuple[str, ...] = ("outer_circle",)
    is_missing_a_category: bool = False

    def __post_init__(self) -> None:
        for rule in self.weak:
            if rule not in WEAK:
                raise SelectionError(f"There is no rule '{rule}' for weak ties; rules are {', '.join(WEAK)}.{near(rule, WEAK)}")
        if self.most_weight is not None and not self.most_weight > 0:
            raise SelectionError("The largest strength of an alter tie must be above 0.")


@dataclass(frozen=True, eq=False)
class Attribute:
    """What alters are sorted by. Values are in `ties[attribute.column]`: positions in `categories`, −1 empty; or numbers, NaN empty.

    categories  codes, all that could be answered where the study lists them, else all that were; K is their number
    ego         (maps,) ego's own: position in `categories`, −1 not known, −2 none of them; or a number; None where ego was not asked
    """

    name: str
    label: str
    categories: tuple[str, ...]
    labels: tuple[str, ...]
    is_number: bool
    ego: np.ndarray | None

    @property
    def column(self) -> str:
        """Its name among the columns of ties."""
        return f"by {self.name}"

    def with_category(self, code: str, label: str) -> "Attribute":
        """With one category more, the last."""
        return replace(self, categories=(*self.categories, code), labels=(*self.labels, label))


@dataclass(frozen=True, eq=False)
class Cohort:
    """All chosen maps as columns. Rows of one map lie together, so that a sum over a map is one pass.

    maps          (maps,) frame: `map_id`, `participant`, `participant_id`, `wave`, `state`, `months`, `held_on`, `circle_version`;
                  sorted by participant, wave, state
    circle_counts (maps,) circles drawn on each map
    offsets       (maps + 1,) ties of map i are rows offsets[i]:offsets[i + 1]
    ties          (ties,) arrays: `alter` (dense index), codes `kind` `role` `role_group` `trust` `valence` `contact` `reciprocity`
                  (−1 empty), `circle` (0 in no circle), `reliability` `security` `effort` (NaN empty), `is_conditional`;
                  `via` (row of the tie it is reached through, −1 none) where any is; a column for each of `attributes`
    alter_ties    (alter ties, 2) tie rows u < v of one map; each pair once; rows of one map lie together
    alter_tie_offsets   (maps + 1,) alter ties of map i are rows [i]:[i + 1]; looked up unless given
    links         (alter ties,) arrays, each only where the study records any: `weight` (NaN empty), `arcs` (1 u to v, 2 v to u,
                  3 both ways), `relations` (a bit for each of `relations`, the labels recorded)
    supports      (supports,) arrays: `tie` (row), codes `support_type` `direction` `sufficiency`, `amount`, `is_conditional`; `via`
    asked         column → (maps,) whether it was asked at that wave; `alter_ties` 0 no, 1 partly, 2 yes
    dropped       what the policy left out, counted
    rings         circles of the map with the most; a part of a cohort has that of the whole, so that its columns are the same
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
    links: Mapping[str, np.ndarray] = field(default_factory=dict)
    relations: tuple[str, ...] = ()
    most_weight: float = np.nan  # the largest recorded
    attributes: tuple[Attribute, ...] = ()
    rings: int = -1  # counted unless given
    alter_tie_offsets: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __post_init__(self) -> None:
        if not self.alter_tie_offsets.size:  # within a map in any order, but each map after the one before
            starts = np.searchsorted(self.alter_ties[:, 0], self.offsets.astype(self.alter_ties.dtype))  # of one type: no copy
            object.__setattr__(self, "alter_tie_offsets", starts)
        if self.rings < 0:
            object.__setattr__(self, "rings", int(self.circle_counts.max(initial=0)))

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
        return np.bincount(self.alter_ties.ravel(order="K"), minlength=self.tie_map.size)

    @cached_property
    def alter_tie_counts(self) -> np.ndarray:
        """(maps,) alter ties on each map."""
        return np.diff(self.alter_tie_offsets)

    @cached_property
    def adjacency(self) -> sp.csr_matrix:
        """(ties, ties) block-diagonal by map; above the diagonal only, as alter ties have no direction."""
        (u, v), count = self.alter_ties.T, self.tie_map.size
        if (u[1:] < u[:-1]).any():
            return sp.csr_matrix((np.ones(u.size), (u, v)), shape=(count, count))
        rows = np.concatenate(([0], np.cumsum(np.bincount(u, minlength=count))))  # in order already, so nothing need be sorted
        return sp.csr_matrix((np.ones(u.size), v, rows), shape=(count, count))

    def code(self, column: str, *choices: str) -> list[int]:
        """Positions of choices in their column's codes."""
        return [CODES[column].index(choice) for choice in choices]

    def of_kind(self, *kinds: str) -> np.ndarray:
        """(ties,) whether the alter is of one of these kinds."""
        return any_of(self.ties["kind"], self.code("kind", *kinds))

    @cached_property
    def kind_counts(self) -> np.ndarray:
        """(maps, kinds in scope) ties of each kind."""
        return self.sum_by_kind()

    def sum_by_kind(self, weights: np.ndarray | None = None) -> np.ndarray:
        """(maps, kinds in scope) ties, or the sum of a value per tie, of each kind."""
        return self._summed(self._kind_cells, len(self.kinds), weights)

    @cached_property
    def _kind_cells(self) -> np.ndarray:
        place = np.full(len(CODES["kind"]) + 1, -1)  # the last is for a kind that is not known
        place[self.code("kind", *self.kinds)] = np.arange(len(self.kinds))
        return self._cells(place[self.ties["kind"]], len(self.kinds))

    def sum(self, weights: np.ndarray) -> np.ndarray:
        """(maps,) sum over each map of a value per tie."""
        return sum_of_runs(weights, self.offsets)

    @cached_property
    def support_offsets(self) -> np.ndarray:
        """(maps + 1,) supports of map i are rows [i]:[i + 1]."""
        return np.searchsorted(self.supports["tie"], self.offsets)

    def sum_by(self, groups: np.ndarray, count: int, weights: np.ndarray | None = None) -> np.ndarray:
        """(maps, count) ties, or the sum of a value per tie, on each map by group; group −1 is left out."""
        return self._summed(self._cells(groups, count), count, weights)

    def _cells(self, groups: np.ndarray, count: int) -> np.ndarray:
        return self.tie_map * (count + 1) + groups + 1  # the first column gathers what is in no group

    def _summed(self, cells: np.ndarray, count: int, weights: np.ndarray | None) -> np.ndarray:
        return np.bincount(cells, weights=weights, minlength=len(self) * (count + 1)).reshape(len(self), count + 1)[:, 1:].astype(float)

    def within(self, kinds: Iterable[str]) -> "Cohort":
        """The same maps with only alters of these kinds, and what joins them."""
        kinds = known_kinds(kinds)
        if set(kinds) >= set(self.kinds):
            return self
        cohort = self._keep(self.of_kind(*kinds))
        return replace(cohort, kinds=tuple(kind for kind in self.kinds if kind in kinds))

    def of_relation(self, label: str) -> "Cohort":
        """The same ties with only the alter ties of one relation."""
        kept = (self.links["relations"] & (1 << self.relations.index(label))) > 0 if "relations" in self.links else slice(None)
        links = {name: values[kept] for name, values in self.links.items()}
        return replace(self, alter_ties=self.alter_ties[kept], links=links, alter_tie_offsets=np.zeros(0, dtype=np.int64))

    def parts(self, most: int) -> Iterator["Cohort"]:
        """The cohort in parts of at most so many maps, in order; each part is a cohort."""
        if len(self) <= most:
            yield self
            return
        for first in range(0, len(self), most):
            yield self.part(first, min(first + most, len(self)))

    def part(self, first: int, last: int) -> "Cohort":
        """Maps first..last − 1, as a cohort that names its columns as the whole does."""
        ties = slice(self.offsets[first], self.offsets[last])
        links = slice(*self.alter_tie_offsets[[first, last]])
        supports = slice(*self.support_offsets[[first, last]])
        of_part = {name: values[supports] for name, values in self.supports.items()}
        of_part["tie"] = of_part["tie"] - ties.start
        if "via" in of_part:
            of_part["via"] = _moved(of_part["via"], ties.start)
        fates = self.fates[(self.fates[:, 0] >= first) & (self.fates[:, 0] < last)]
        return replace(
            self,
            maps=self.maps[first:last],
            circle_counts=self.circle_counts[first:last],
            offsets=self.offsets[first : last + 1] - ties.start,
            ties={name: _moved(values[ties], ties.start) if name == "via" else values[ties] for name, values in self.ties.items()},
            links={name: values[links] for name, values in self.links.items()},
            attributes=tuple(replace(a, ego=None if a.ego is None else a.ego[first:last]) for a in self.attributes),
            alter_ties=self.alter_ties[links] - self.alter_ties.dtype.type(ties.start),
            alter_tie_offsets=self.alter_tie_offsets[first : last + 1] - links.start,
            supports=of_part,
            asked={name: values[first:last] for name, values in self.asked.items()},
            fates=fates - np.array([first, 0, 0]),
        )

    def _keep(self, mask: np.ndarray) -> "Cohort":
        place = np.cumsum(mask) - 1  # where a kept tie comes to stand
        u, v = self.alter_ties.T
        both = mask[u] & mask[v]
        supports = mask[self.supports["tie"]]
        kept = {name: values[supports] for name, values in self.supports.items()}
        kept["tie"] = place[kept["tie"]]
        ties = {name: values[mask] for name, values in self.ties.items()}
        for columns in (kept, ties):
            if "via" in columns:
                via = columns["via"]
                columns["via"] = np.where((via >= 0) & mask[via], place[via], -1)
        return replace(
            self,
            offsets=np.concatenate(([0], np.cumsum(mask)))[self.offsets],
            ties=ties,
            links={name: values[both] for name, values in self.links.items()},
            alter_ties=pairs_of(place[u[both]], place[v[both]]),
            alter_tie_offsets=np.concatenate(([0], np.cumsum(both)))[self.alter_tie_offsets],
            supports=kept,
        )


def pairs_of(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """(pairs, 2) both ends of each alter tie; one end lies after the other in memory, as most loops walk along one."""
    return np.array((u, v)).T


def _moved(rows: np.ndarray, by: int) -> np.ndarray:
    return np.where(rows < 0, rows, rows - by)


def any_of(codes: np.ndarray, chosen: Iterable[int]) -> np.ndarray:
    """Which codes are among the chosen ones; −1 is none. Looked up in a table, many times faster than `np.isin`."""
    table = np.zeros(int(codes.max(initial=0)) + 2, dtype=bool)  # a code of −1 looks at the last
    table[[code for code in chosen if code < table.size - 1]] = True
    return table[codes]


def sum_of_runs(values: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The sum of each run of values, run i being rows offsets[i]:offsets[i + 1]; 0 for an empty one."""
    found, is_filled = np.zeros(offsets.size - 1), offsets[1:] > offsets[:-1]
    if values.size:
        found[is_filled] = np.add.reduceat(values, offsets[:-1][is_filled], dtype=float)
    return found


def first_of_each(keys: np.ndarray, span: int) -> np.ndarray:
    """Rows at which each different key, a whole number in 0..span − 1, stands for the first time.

    A table of all possible keys is many times faster than sorting, as long as it is not much longer than the keys.
    """
    if span > 64 * keys.size:
        return np.sort(np.unique(keys, return_index=True)[1])
    rows = np.arange(keys.size, dtype=np.int32)
    first = np.empty(span, dtype=np.int32)
    first[keys[::-1]] = rows[::-1]  # the last write wins: the first row
    return np.flatnonzero(first[keys] == rows)


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
