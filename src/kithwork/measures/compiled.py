"""The compiled engine: the same measures as `composition` and `structure`, from one pass over each map instead of one a measure.

NumPy is the reference and is always there; this engine needs numba (`pip install kithwork[scale]`), and every value it gives is tested
to equal NumPy's. What it does not give is taken from NumPy, so that both engines always give the same columns.
"""

import importlib.util
import os
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from kithwork.cohort import Cohort
from kithwork.measures.cohesion import triads
from kithwork.measures.composition import share
from kithwork.measures.homophily import category_tables
from kithwork.measures.registry import give, once
from kithwork.model.errors import SelectionError, near

Engine = Literal["numpy", "compiled"]
ENGINES: tuple[Engine, ...] = ("numpy", "compiled")
MANY_MAPS = 50_000
"""From here on starting the compiled engine, a second or two, is paid back."""

OF_PAIRS = (4, 5)
"""Counts of the loop over alter ties that look at every pair of alters: betweenness and closed triads."""

_PARTS_A_CORE = 4  # more parts than cores, so that no core waits long for another


def engine_for(maps: int, wanted: str | None = None) -> Engine:
    """The engine to measure with: the one wanted, else the compiled one where it is installed and the maps are many.

    Raises `SelectionError` for an engine that does not exist, or is wanted and not installed.
    """
    is_there = importlib.util.find_spec("numba") is not None
    if wanted is None:
        return "compiled" if is_there and maps >= MANY_MAPS else "numpy"
    for engine in ENGINES:
        if engine == wanted:
            if engine == "compiled" and not is_there:
                raise SelectionError(
                    "The compiled engine needs numba, which is not here; install kithwork[scale], or use the engine numpy."
                )
            return engine
    raise SelectionError(f"There is no engine '{wanted}'; there are {', '.join(ENGINES)}.{near(wanted, ENGINES)}")


def cores() -> int:
    """Processor cores this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, eq=False)
class Parts:
    """What the loops count on each map; measures are formulas over them. Each is counted when first asked for."""

    held: "weakref.ref[Cohort]"  # kept by `once` as long as the cohort is: it must not keep the cohort

    @property
    def cohort(self) -> Cohort:
        """The cohort counted."""
        cohort = self.held()
        assert cohort is not None
        return cohort

    @cached_property
    def sizes(self) -> np.ndarray:
        """(maps,) n."""
        return self.cohort.sizes.astype(float)

    @cached_property
    def pairs(self) -> np.ndarray:
        """(maps,) n (n − 1) / 2."""
        return self.sizes * (self.sizes - 1) / 2

    @cached_property
    def links(self) -> np.ndarray:
        """(maps,) L."""
        return self.cohort.alter_tie_counts.astype(float)

    @cached_property
    def _kinds(self) -> tuple[np.ndarray, np.ndarray]:
        from kithwork.measures.kernels import kinds_of_maps

        cohort = self.cohort
        codes = cohort.code("kind", *cohort.kinds)
        place = np.full(int(cohort.ties["kind"].max(initial=0)) + 2, len(codes))  # the last column gathers what is in no kind
        for member, code in enumerate(codes):
            if code < place.size:
                place[code] = member
        counts, squares = np.zeros((len(cohort), len(codes) + 1), dtype=np.int64), np.zeros(len(cohort))
        _over_maps(len(cohort), kinds_of_maps, cohort.offsets, np.ascontiguousarray(cohort.ties["kind"]), place, counts, squares)
        return counts[:, :-1].astype(float), squares

    @property
    def kinds(self) -> np.ndarray:
        """(maps, kinds in scope) ties of each kind."""
        return self._kinds[0]

    @cached_property
    def kind_shares(self) -> np.ndarray:
        """(maps, kinds in scope) p."""
        return share(self.kinds, self.sizes)

    @cached_property
    def blau(self) -> np.ndarray:
        """(maps,) 1 − Σ p²."""
        return 1 - share(self._kinds[1], self.sizes**2)

    def structure(self, column: int) -> np.ndarray:
        """(maps,) one count of the loop over alter ties; what looks at every pair of alters only when that is asked for."""
        if column in OF_PAIRS:
            return self._structure_and_pairs[:, column]
        made = self.__dict__.get("_structure_and_pairs")
        return (self._structure if made is None else made)[:, column]

    @cached_property
    def _structure(self) -> np.ndarray:
        return self._walk(with_pairs=False)

    @cached_property
    def _structure_and_pairs(self) -> np.ndarray:
        return self._walk(with_pairs=True)

    def _walk(self, with_pairs: bool) -> np.ndarray:
        from kithwork.measures.kernels import structure_of_maps

        cohort = self.cohort
        inverse = np.concatenate(([0.0], 1 / np.arange(1, int(cohort.sizes.max(initial=0)) + 2)))
        found = np.zeros((len(cohort), 9))
        u, v = _ends(cohort)
        _over_maps(len(cohort), structure_of_maps, cohort.offsets, cohort.alter_tie_offsets, u, v, inverse, with_pairs, found)
        return found


@once
def _parts(cohort: Cohort) -> Parts:
    return Parts(weakref.ref(cohort))


def _ends(cohort: Cohort) -> tuple[np.ndarray, np.ndarray]:
    return np.ascontiguousarray(cohort.alter_ties[:, 0]), np.ascontiguousarray(cohort.alter_ties[:, 1])


def _over_maps(maps: int, loop: Callable[..., None], *arguments: Any) -> None:
    """Run a loop over all maps, on every core; each part writes its own rows only."""
    count = cores()
    edges = np.linspace(0, maps, (count * _PARTS_A_CORE if count > 1 and maps > 1_000 else 1) + 1).astype(np.int64)
    spans = list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
    if len(spans) == 1:
        loop(*spans[0], *arguments)
        return
    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(loop, *span, *arguments) for span in spans]:
            done.result()


def _effective_size(parts: Parts) -> np.ndarray:
    return parts.sizes - share(2 * parts.links, parts.sizes)


def _degree_centralisation(parts: Parts) -> np.ndarray:
    n = parts.sizes
    return share(n * parts.structure(6) - 2 * parts.links, (n - 1) * (n - 2))


def _triads(parts: Parts) -> np.ndarray:
    """(maps, 4) as `cohesion.triads`."""
    n, links, closed = parts.sizes, parts.links, parts.structure(5)
    paths = (parts.structure(7) - 2 * links) / 2 - 3 * closed
    one = np.where(n < 3, 0, links * (n - 2) - 2 * paths - 3 * closed)
    return np.column_stack([n * (n - 1) * (n - 2) / 6 - one - paths - closed, one, paths, closed])


def _between_categories(cohort: Cohort) -> list[tuple[np.ndarray, ...]]:
    """An attribute: alter ties within and across categories, possible pairs within and across; as `homophily.category_tables`."""
    from kithwork.measures.kernels import links_by_category

    tables = []
    for attribute in cohort.attributes:
        if not attribute.is_number:
            values, found = np.ascontiguousarray(cohort.ties[attribute.column]), np.zeros((len(cohort), 4))
            of_map = cohort.offsets, cohort.alter_tie_offsets, *_ends(cohort)
            _over_maps(len(cohort), links_by_category, *of_map, values, len(attribute.categories), found)
            tables.append(tuple(np.ascontiguousarray(found.T)))
    return tables


def _iqv(parts: Parts) -> np.ndarray:
    kinds = len(parts.cohort.kinds)
    return parts.blau / (1 - 1 / kinds) if kinds > 1 else np.full(parts.sizes.size, np.nan)


GIVES: dict[str, Callable[[Parts], np.ndarray]] = {
    "size": lambda parts: parts.sizes,
    "size_by_kind": lambda parts: parts.kinds,
    "share_by_kind": lambda parts: parts.kind_shares,
    "kind_diversity": lambda parts: parts.blau,
    "kind_diversity_iqv": _iqv,
    "alter_tie_count": lambda parts: parts.links,
    "density": lambda parts: share(parts.links, parts.pairs),
    "mean_degree": lambda parts: share(2 * parts.links, parts.sizes),
    "isolates": lambda parts: parts.structure(0),
    "components": lambda parts: parts.structure(1),
    "largest_component_share": lambda parts: share(parts.structure(2), parts.sizes),
    "effective_size": _effective_size,
    "efficiency": lambda parts: share(_effective_size(parts), parts.sizes),
    "reachability": lambda parts: share(parts.structure(8), 2 * parts.pairs),
    "fragmentation": lambda parts: 1 - share(parts.structure(8), 2 * parts.pairs),
    "component_ratio": lambda parts: share(parts.structure(1) - 1, parts.sizes - 1),
    "degree_centralisation": _degree_centralisation,
    "constraint": lambda parts: share(parts.structure(3), parts.sizes**2),
    "ego_betweenness": lambda parts: parts.structure(4),
    "ego_betweenness_share": lambda parts: share(parts.structure(4), parts.pairs),
}
"""Measure → its formula over what the loops count; definitions, bounds and missing rules stand with the measure itself."""


def prepare(cohort: Cohort, measures: set[str]) -> None:
    """Tell what will be asked for, so that the loop over alter ties runs once."""
    parts = _parts(cohort)
    if any(name.startswith(("ego_betweenness", "triads_")) or name == "transitivity" for name in measures):
        parts.structure(OF_PAIRS[0])
    if any(name.startswith("triads_") or name == "transitivity" for name in measures):
        give(triads, cohort, _triads(parts))
    if any(name.startswith("alter_") for name in measures):
        give(category_tables, cohort, _between_categories(cohort))


def values(measure: str, cohort: Cohort) -> np.ndarray | None:
    """The values of a measure over a cohort, or None where this engine leaves it to NumPy."""
    return GIVES[measure](_parts(cohort)) if measure in GIVES else None
