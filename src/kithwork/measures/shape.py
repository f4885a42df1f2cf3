"""How evenly alters are tied, how far apart they stand, and in which pieces and cliques; ego left out."""

from collections.abc import Callable, Iterator

import numpy as np

from kithwork.cohort import Cohort
from kithwork.measures.centrality import paths
from kithwork.measures.cohesion import stacks
from kithwork.measures.composition import share
from kithwork.measures.reasons import ALTER_TIES_NOT_ASKED, ALTER_TIES_PARTLY, FEWER_THAN_TWO, NO_ALTER_TIES, NO_TIES, Rule
from kithwork.measures.registry import measure, once
from kithwork.measures.structure import component_sizes, largest_of_map

_ASKED = (ALTER_TIES_NOT_ASKED, ALTER_TIES_PARTLY)
_WASSERMAN = "Wasserman & Faust (1994), Social Network Analysis"
_EGOWEB = "EgoWeb 2, network statistics"
MOST_CLIQUES = 100_000
"""Cliques counted on one map at most: their number can double with every alter, and no reader could tell such maps apart by it."""


def _structure(**how: object) -> Callable[[Callable], Callable]:
    options: dict = {"group": "structure", "scope": "structure", **how}
    return measure(**options)


@_structure(label="Spread of degree", unit="alter ties", bounds=(0, None), source=_WASSERMAN + ", p. 101", missing=(*_ASKED, NO_TIES))
def degree_deviation(cohort: Cohort) -> np.ndarray:
    """How far alters differ in how many other alters they are joined to.

    Definition  √(Σ_i (d_i − d̄)² / n), d_i the alter ties of alter i.
    Returns     (maps,) floats ≥ 0; 0 when all have as many.
    Missing     NaN where n = 0, and where alter ties were not asked, or only in part.
    """
    degree, n = cohort.degree.astype(float), cohort.sizes
    mean = share(cohort.sum(degree), n)
    return np.sqrt(share(cohort.sum((degree - mean[cohort.tie_map]) ** 2), n))


@_structure(label="Largest degree", unit="alter ties", bounds=(0, None), source=_WASSERMAN, missing=(*_ASKED, NO_TIES), is_whole=True)
def max_degree(cohort: Cohort) -> np.ndarray:
    """To how many other alters the alter with most alter ties is joined.

    Definition  max_i d_i.
    Returns     (maps,) whole numbers in 0..n − 1.
    Missing     NaN where n = 0, and where alter ties were not asked, or only in part.
    """
    return largest_of_map(cohort.tie_map, cohort.degree, len(cohort))


def _components_of(cohort: Cohort, is_counted: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    of_map, sizes = component_sizes(cohort)
    return np.bincount(of_map[is_counted(sizes)], minlength=len(cohort)).astype(float)


@_structure(label="Components of two", unit="components", bounds=(0, None), source=_EGOWEB, missing=(*_ASKED, NO_TIES), is_whole=True)
def components_of_two(cohort: Cohort) -> np.ndarray:
    """How many pairs of alters are joined to each other and to nobody else.

    Definition  components with s_k = 2, ego left out.
    Returns     (maps,) whole numbers ≥ 0.
    Missing     NaN where n = 0, and where alter ties were not asked, or only in part.
    """
    return _components_of(cohort, lambda sizes: sizes == 2)


@_structure(
    label="Components of three or more", unit="components", bounds=(0, None), source=_EGOWEB, missing=(*_ASKED, NO_TIES), is_whole=True
)
def components_of_three(cohort: Cohort) -> np.ndarray:
    """How many unconnected parts of three or more alters there are.

    Definition  components with s_k ≥ 3, ego left out; with `components_of_two` and `isolates` they make `components`.
    Returns     (maps,) whole numbers ≥ 0.
    Missing     NaN where n = 0, and where alter ties were not asked, or only in part.
    """
    return _components_of(cohort, lambda sizes: sizes >= 3)


# -- distances ---------------------------------------------------------------------------------------------------------


@once
def _steps(cohort: Cohort) -> tuple[np.ndarray, np.ndarray]:
    """(maps,) most steps, and mean steps, between alters that can reach each other."""
    most, mean = np.full(len(cohort), np.nan), np.full(len(cohort), np.nan)
    for maps, joined in stacks(cohort, 2):
        steps = paths(joined)[0]
        reached = np.isfinite(steps) & (steps > 0)
        far = np.where(reached, steps, 0)
        most[maps] = far.max(axis=(1, 2))
        mean[maps] = share(far.sum(axis=(1, 2)), reached.sum(axis=(1, 2)))
    return most, mean


_REACHED = (*_ASKED, FEWER_THAN_TWO, NO_ALTER_TIES)


@_structure(
    label="Diameter", unit="steps", bounds=(1, None), source=_WASSERMAN + ", p. 111", missing=_REACHED, is_whole=True, is_on_request=True
)
def diameter(cohort: Cohort) -> np.ndarray:
    """How many steps apart the two alters are that stand furthest from each other, among those who can reach each other without ego.

    Definition  max over pairs of alters in one component of the steps between them.
    Returns     (maps,) whole numbers in 1..n − 1.
    Missing     NaN where n < 2, where there is no alter tie, and where alter ties were not asked, or only in part.
    """
    return _steps(cohort)[0]


@_structure(label="Mean distance", unit="steps", bounds=(1, None), source="Watts & Strogatz (1998)", missing=_REACHED, is_on_request=True)
def mean_distance(cohort: Cohort) -> np.ndarray:
    """How many steps alters are apart on average, among those who can reach each other without ego.

    Definition  mean over pairs of alters in one component of the steps between them.
    Returns     (maps,) floats ≥ 1.
    Missing     NaN where n < 2, where there is no alter tie, and where alter ties were not asked, or only in part.
    """
    return _steps(cohort)[1]


# -- cliques -----------------------------------------------------------------------------------------------------------


def maximal_cliques(neighbours: list[int]) -> Iterator[int]:
    """Size of each maximal clique; `neighbours` are bits, one number an alter.

    Source  Bron & Kerbosch (1973), with the pivot of Tomita, Tanaka & Takahashi (2006).
    """
    stack = [(0, (1 << len(neighbours)) - 1, 0)]
    while stack:
        size, free, used = stack.pop()
        if not free:
            if not used:
                yield size
            continue
        pivot = max(_bits(free | used), key=lambda alter: (free & neighbours[alter]).bit_count())
        for alter in _bits(free & ~neighbours[pivot]):
            stack.append((size + 1, free & neighbours[alter], used & neighbours[alter]))
            free &= ~(1 << alter)
            used |= 1 << alter


def _bits(held: int) -> Iterator[int]:
    while held:
        lowest = held & -held
        yield lowest.bit_length() - 1
        held ^= lowest


@once
def _cliques(cohort: Cohort) -> tuple[np.ndarray, np.ndarray]:
    """(maps,) maximal cliques of three or more, and the size of the largest clique; −1 where there are too many. One map after another."""
    count, largest = np.zeros(len(cohort)), np.zeros(len(cohort))
    wanted = (cohort.asked["alter_ties"] == 2) & (cohort.sizes > 0)
    for maps, joined in stacks(cohort):
        for row in np.flatnonzero(wanted[maps]):
            neighbours = [sum(1 << int(other) for other in np.flatnonzero(line)) for line in joined[row]]
            found = 0
            for met, size in enumerate(maximal_cliques(neighbours)):
                if met == MOST_CLIQUES:
                    count[maps[row]] = largest[maps[row]] = -1
                    break
                found += size >= 3
                largest[maps[row]] = max(largest[maps[row]], size)
            else:
                count[maps[row]] = found
    return count, largest


_TOO_MANY = Rule("too_many_cliques", lambda cohort: _cliques(cohort)[0] < 0)
_CLIQUES = "Luce & Perry (1949); EgoNet and easyNWK, cliques"


@_structure(
    label="Cliques of three or more",
    unit="cliques",
    bounds=(0, None),
    source=_CLIQUES,
    missing=(*_ASKED, NO_TIES, _TOO_MANY),
    is_whole=True,
    is_on_request=True,
)
def cliques(cohort: Cohort) -> np.ndarray:
    """How many sets of three or more alters are all joined to each other, and to no further alter all together.

    Definition  maximal cliques of three or more alters; one alter can stand in several.
    Returns     (maps,) whole numbers ≥ 0.
    Missing     NaN where n = 0, where a map has more than 100,000 maximal cliques, and where alter ties were not asked, or only in part.
    """
    return _cliques(cohort)[0]


@_structure(
    label="Largest clique",
    unit="alters",
    bounds=(0, None),
    source=_CLIQUES,
    missing=(*_ASKED, NO_TIES, _TOO_MANY),
    is_whole=True,
    is_on_request=True,
)
def largest_clique(cohort: Cohort) -> np.ndarray:
    """How many alters the largest set has that are all joined to each other.

    Definition  the size of the largest clique; 1 where no two alters are joined.
    Returns     (maps,) whole numbers in 1..n.
    Missing     NaN where n = 0, where a map has more than 100,000 maximal cliques, and where alter ties were not asked, or only in part.
    """
    return _cliques(cohort)[1]
