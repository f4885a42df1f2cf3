"""The compiled engine: the same measures as `composition` and `structure`, from one pass over each map instead of one a measure.

NumPy is the reference and is always there; this engine needs numba (`pip install kithwork[scale]`), and every value it gives is tested
to equal NumPy's. What it does not give is taken from NumPy, so that both engines always give the same columns.
"""

import importlib.util
import os
import weakref
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
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


Loops = list[tuple[Callable[..., None], tuple[Any, ...]]]
"""Loops over maps first..last − 1, each with what it reads and writes after those two numbers."""


@dataclass(frozen=True, eq=False)
class Parts:
    """What the loops count on each map; measures are formulas over them. Each is counted when first asked for."""

    held: "weakref.ref[Cohort]"  # kept by `once` as long as the cohort is: it must not keep the cohort
    found: dict[str, Any] = field(default_factory=dict)

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

    @property
    def kinds(self) -> np.ndarray:
        """(maps, kinds in scope) ties of each kind."""
        return self.counted("kinds")[0].T

    @cached_property
    def kind_shares(self) -> np.ndarray:
        """(maps, kinds in scope) p."""
        return share(self.kinds, self.sizes)

    @cached_property
    def blau(self) -> np.ndarray:
        """(maps,) 1 − Σ p²."""
        return 1 - share(self.counted("kinds")[1], self.sizes**2)

    def structure(self, place: int) -> np.ndarray:
        """(maps,) one count of the loop over alter ties; what needs every pair of alters looked up only when that is asked for."""
        return self.counted("pairs" if place in OF_PAIRS or "pairs" in self.found else "structure")[place]

    def counted(self, what: str) -> Any:
        """What a loop counts: `kinds` (kinds, maps) and their squares; `structure` (9, maps), and with `pairs` all of it; `categories`."""
        if what not in self.found:
            self.count([what])
        return self.found[what]

    def count(self, wanted: Iterable[str]) -> None:
        """Run the loops wanted, in one go: some maps at a time through all of them, while what they read is near the processor."""
        loops: Loops = []
        for what in wanted:
            self.found[what] = _LOOPS[what](self, loops)
        _over_maps(len(self.cohort), loops)

    def words(self, loops: Loops) -> tuple[np.ndarray, ...]:
        """What every loop over alter ties reads: where maps and their alter ties begin, the two ends, and whom each alter is joined to."""
        if "words" not in self.found:
            from kithwork.measures.kernels import words_of_maps

            cohort = self.cohort
            ends = (np.ascontiguousarray(cohort.alter_ties[:, end]) for end in (0, 1))
            found = cohort.offsets, cohort.alter_tie_offsets, *ends, np.empty(int(cohort.offsets[-1]), dtype=np.uint64)
            loops.append((words_of_maps, found))
            self.found["words"] = found
        return self.found["words"]


def _count_kinds(parts: Parts, loops: Loops) -> tuple[np.ndarray, np.ndarray]:
    from kithwork.measures.kernels import kinds_of_maps

    cohort = parts.cohort
    codes = cohort.code("kind", *cohort.kinds)
    place = np.full(max(codes, default=0) + 2, len(codes))
    place[codes] = np.arange(len(codes))
    counts, squares = np.empty((len(codes), len(cohort))), np.empty(len(cohort))
    loops.append((kinds_of_maps, (cohort.offsets, np.ascontiguousarray(cohort.ties["kind"]), place, counts, squares)))
    return counts, squares


def _count_structure(parts: Parts, loops: Loops, with_pairs: bool = False) -> np.ndarray:
    from kithwork.measures.kernels import structure_of_maps

    cohort = parts.cohort
    inverse = np.concatenate(([0.0], 1 / np.arange(1, int(cohort.sizes.max(initial=0)) + 2)))
    found = np.empty((9, len(cohort)))
    loops.append((structure_of_maps, (*parts.words(loops), inverse, with_pairs, found)))
    return found


def _count_pairs(parts: Parts, loops: Loops) -> np.ndarray:
    return _count_structure(parts, loops, with_pairs=True)


def _count_categories(parts: Parts, loops: Loops) -> list[np.ndarray]:
    """An attribute: alter ties within and across categories, possible pairs within and across; as `homophily.category_tables`."""
    from kithwork.measures.kernels import links_by_category

    cohort, tables = parts.cohort, []
    for attribute in cohort.attributes:
        if not attribute.is_number:
            values = np.ascontiguousarray(cohort.ties[attribute.column])
            tables.append(np.empty((4, len(cohort))))
            loops.append((links_by_category, (*parts.words(loops), values, len(attribute.categories), tables[-1])))
    return tables


_LOOPS: dict[str, Callable[..., Any]] = {
    "kinds": _count_kinds,
    "structure": _count_structure,
    "pairs": _count_pairs,
    "categories": _count_categories,
}


@once
def _parts(cohort: Cohort) -> Parts:
    return Parts(weakref.ref(cohort))


def _over_maps(maps: int, loops: Loops) -> None:
    """Run loops over all maps, on every core; each part of them writes its own rows only."""
    count = cores()
    edges = np.linspace(0, maps, (count * _PARTS_A_CORE if count > 1 and maps > 1_000 else 1) + 1).astype(np.int64)
    spans = list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))

    def run(first: int, last: int) -> None:
        for loop, arguments in loops:
            loop(first, last, *arguments)

    if len(spans) == 1 or not loops:
        run(*spans[0])
        return
    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(run, *span) for span in spans]:
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
    return np.array([n * (n - 1) * (n - 2) / 6 - one - paths - closed, one, paths, closed]).T


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

_OF_TRIADS = {"transitivity", *(f"triads_{links}" for links in range(4))}
NEEDED_BY: dict[str, set[str]] = {
    "kinds": {"size_by_kind", "share_by_kind", "kind_diversity", "kind_diversity_iqv"},
    "structure": {
        *("isolates", "components", "largest_component_share", "reachability", "fragmentation", "component_ratio"),
        *("degree_centralisation", "constraint"),
    },
    "pairs": {"ego_betweenness", "ego_betweenness_share", *_OF_TRIADS},
    "categories": {"alter_ei", "alter_ei_rescaled", "alter_phi", "alter_yule_q"},
}
"""What a loop counts → the measures that rest on it."""


def prepare(cohort: Cohort, measures: set[str]) -> None:
    """Tell what will be asked for, so that all loops over the maps run together, and each once."""
    parts, wanted = _parts(cohort), {what for what, named in NEEDED_BY.items() if not named.isdisjoint(measures)}
    if "pairs" in wanted:
        wanted.discard("structure")  # which it gives too
    parts.count(sorted(wanted))
    if not measures.isdisjoint(_OF_TRIADS):
        give(triads, cohort, _triads(parts))
    if "categories" in wanted:
        give(category_tables, cohort, [tuple(table) for table in parts.counted("categories")])


def values(measure: str, cohort: Cohort) -> np.ndarray | None:
    """The values of a measure over a cohort, or None where this engine leaves it to NumPy."""
    return GIVES[measure](_parts(cohort)) if measure in GIVES else None
