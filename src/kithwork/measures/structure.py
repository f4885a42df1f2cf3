"""How alters are joined to each other, as ego says. People only unless other kinds are chosen; ego left out unless said."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse.csgraph import connected_components

from kithwork.cohort import Cohort
from kithwork.cohort.columns import sum_of_runs
from kithwork.measures.composition import share
from kithwork.measures.reasons import ALTER_TIES_NOT_ASKED, ALTER_TIES_PARTLY, FEWER_THAN_TWO, NO_TIES
from kithwork.measures.registry import measure, once

_ASKED = (ALTER_TIES_NOT_ASKED, ALTER_TIES_PARTLY)
_BURT = "Burt (1992), Structural Holes"
_BORGATTI = "Borgatti (1997), Structural Holes: Unpacking Burt's Redundancy Measures"
_EVERETT = "Everett & Borgatti (2005), Ego network betweenness"
_WASSERMAN = "Wasserman & Faust (1994), Social Network Analysis"
WORD = 64  # alters whose bits fit into one word
_BITS = np.left_shift(np.uint64(1), np.arange(WORD, dtype=np.uint64))[:, np.newaxis]
_CELLS = 500_000  # cells of alter × alter tables at a time, so that they stay near the processor


def _pairs(cohort: Cohort) -> np.ndarray:
    return cohort.sizes * (cohort.sizes - 1) / 2


@measure(
    label="Alter ties",
    unit="alter ties",
    bounds=(0, None),
    group="structure",
    source=_WASSERMAN,
    scope="structure",
    missing=_ASKED,
    is_whole=True,
)
def alter_tie_count(cohort: Cohort) -> np.ndarray:
    """How many pairs of alters are joined on each map.

    Definition  L, undirected alter ties; loops and recorded non-ties left out, a pair recorded twice counts once.
    Returns     (maps,) whole numbers ≥ 0.
    Missing     NaN where alter ties were not asked, or only in part.
    """
    return cohort.alter_tie_counts.astype(float)


@measure(
    label="Density",
    unit="share of alter pairs",
    bounds=(0, 1),
    group="structure",
    source=_WASSERMAN + ", p. 101",
    scope="structure",
    missing=(*_ASKED, FEWER_THAN_TWO),
)
def density(cohort: Cohort) -> np.ndarray:
    """Share of possible alter ties that exist on each map, ego left out.

    Definition  L / (n (n − 1) / 2) for n alters and L undirected alter ties; a pair counts once.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n < 2, and where alter ties were not asked, or only in part.
    """
    return share(cohort.alter_tie_counts.astype(float), _pairs(cohort))


@measure(
    label="Mean degree",
    unit="alter ties an alter",
    bounds=(0, None),
    group="structure",
    source=_WASSERMAN + ", p. 100",
    scope="structure",
    missing=(*_ASKED, NO_TIES),
)
def mean_degree(cohort: Cohort) -> np.ndarray:
    """How many other alters an alter is joined to, on average.

    Definition  2 L / n.
    Returns     (maps,) floats in 0..n − 1.
    Missing     NaN where n = 0, and where alter ties were not asked, or only in part.
    """
    return share(2.0 * cohort.alter_tie_counts, cohort.sizes)


@measure(
    label="Isolates",
    unit="alters",
    bounds=(0, None),
    group="structure",
    source=_WASSERMAN,
    scope="structure",
    missing=(*_ASKED, NO_TIES),
    is_whole=True,
)
def isolates(cohort: Cohort) -> np.ndarray:
    """How many alters are joined to no other alter.

    Definition  alters of degree 0, ego left out.
    Returns     (maps,) whole numbers in 0..n.
    Missing     NaN where n = 0, and where alter ties were not asked, or only in part.
    """
    return cohort.sum(cohort.degree == 0)


def largest_of_map(of_map: np.ndarray, values: np.ndarray, maps: int) -> np.ndarray:
    """(maps,) the largest value on each map, 0 where there is none; values of one map lie together, maps in order."""
    largest = np.zeros(maps)
    if of_map.size:
        firsts = np.flatnonzero(np.concatenate(([True], of_map[1:] != of_map[:-1])))
        np.maximum.at(largest, of_map[firsts], np.maximum.reduceat(values, firsts))
    return largest


@once
def component_sizes(cohort: Cohort) -> tuple[np.ndarray, np.ndarray]:
    """Map and size of each component, maps in order."""
    sizes, is_first = np.zeros(cohort.tie_map.size, dtype=np.int64), np.zeros(cohort.tie_map.size, dtype=bool)
    for maps, alters in by_size(cohort, 1, WORD):
        ties, own = cohort.offsets[maps] + np.arange(alters)[:, np.newaxis], _BITS[:alters]
        rows = _words(cohort)[ties] | own
        for alter in range(alters):  # who reaches an alter reaches everyone whom that one reaches; on all maps at once
            rows |= rows[alter] * (rows >> np.uint64(alter) & np.uint64(1))
        sizes[ties], is_first[ties] = np.bitwise_count(rows), (rows & (own - np.uint64(1))) == 0
    is_large = cohort.sizes[cohort.tie_map] > WORD
    if is_large.any():
        labels = connected_components(cohort.adjacency, directed=False)[1]
        sizes[is_large] = np.bincount(labels)[labels[is_large]]
        firsts = np.unique(labels, return_index=True)[1]
        is_first[firsts[is_large[firsts]]] = True
    return cohort.tie_map[is_first], sizes[is_first]


@measure(
    label="Components",
    unit="components",
    bounds=(0, None),
    group="structure",
    source=_WASSERMAN + ", p. 109",
    scope="structure",
    missing=(*_ASKED, NO_TIES),
    is_whole=True,
)
def components(cohort: Cohort) -> np.ndarray:
    """Into how many unconnected parts the alters fall when ego is left out; an isolate is a part of its own.

    Definition  the number of connected components of the alters.
    Returns     (maps,) whole numbers in 1..n.
    Missing     NaN where n = 0, and where alter ties were not asked, or only in part.
    """
    return np.bincount(component_sizes(cohort)[0], minlength=len(cohort)).astype(float)


@measure(
    label="Largest component",
    unit="share of alters",
    bounds=(0, 1),
    group="structure",
    source=_WASSERMAN + ", p. 109",
    scope="structure",
    missing=(*_ASKED, NO_TIES),
)
def largest_component_share(cohort: Cohort) -> np.ndarray:
    """Share of the alters that stand in the largest connected part, ego left out.

    Definition  max_k s_k / n for components of size s_k.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n = 0, and where alter ties were not asked, or only in part.
    """
    of_map, sizes = component_sizes(cohort)
    largest = largest_of_map(of_map, sizes, len(cohort))
    return share(largest, cohort.sizes)


@measure(
    label="Effective size",
    unit="alters",
    bounds=(0, None),
    group="structure",
    source=_BORGATTI,
    scope="structure",
    missing=(*_ASKED, NO_TIES),
)
def effective_size(cohort: Cohort) -> np.ndarray:
    """How many alters remain when those joined to each other are discounted.

    Definition  n − 2 L / n (Burt's effective size for undirected ties without weights).
    Returns     (maps,) floats in 1..n.
    Missing     NaN where n = 0, and where alter ties were not asked, or only in part.
    """
    return cohort.sizes - mean_degree(cohort)


@measure(
    label="Efficiency",
    unit="share of alters",
    bounds=(0, 1),
    group="structure",
    source=_BURT + ", ch. 2",
    scope="structure",
    missing=(*_ASKED, NO_TIES),
)
def efficiency(cohort: Cohort) -> np.ndarray:
    """Effective size as a share of size.

    Definition  (n − 2 L / n) / n.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n = 0, and where alter ties were not asked, or only in part.
    """
    return share(effective_size(cohort), cohort.sizes)


@measure(
    label="Constraint",
    unit="index",
    bounds=(0, None),
    group="structure",
    source=_BURT + ", eq. 2.4",
    scope="structure",
    missing=(*_ASKED, NO_TIES),
)
def constraint(cohort: Cohort) -> np.ndarray:
    """How far ego's ties lead back to the same few alters; ego is part of the network, ties have no weights.

    Definition  Σ_j (p_ej + Σ_{q ≠ e, j} p_eq p_qj)², p_uv = 1 / (ties of u, ego among them) where u and v are joined.
    Returns     (maps,) floats > 0; 1 for one alter, 1 / n without alter ties; may exceed 1 on small dense maps.
    Missing     NaN where n = 0, and where alter ties were not asked, or only in part.
    """
    u, v = cohort.alter_ties[:, 0], cohort.alter_ties[:, 1]
    passed_on = 1 / (cohort.degree + 1)  # p_qj is the same for every j that q is joined to
    count = cohort.tie_map.size
    reached = 1 + np.bincount(u, weights=passed_on[v], minlength=count) + np.bincount(v, weights=passed_on[u], minlength=count)
    return share(cohort.sum(reached**2), cohort.sizes.astype(float) ** 2)


@measure(
    label="Ego betweenness",
    unit="alter pairs",
    bounds=(0, None),
    group="structure",
    source=_EVERETT,
    scope="structure",
    missing=(*_ASKED, FEWER_THAN_TWO),
)
@once
def ego_betweenness(cohort: Cohort) -> np.ndarray:
    """How many pairs of alters can reach each other only through ego, shared where other alters also join them.

    Definition  Σ over pairs of alters not joined to each other of 1 / (1 + alters joined to both), ego being one way.
    Returns     (maps,) floats in 0..n (n − 1) / 2.
    Missing     NaN where n < 2, and where alter ties were not asked, or only in part.
    """
    between = _squares(cohort)[0].copy()
    words = _words(cohort)
    for maps, alters in by_size(cohort, 2, WORD):
        rows = words[cohort.offsets[maps] + np.arange(alters)[:, np.newaxis]]
        for alter in range(alters - 1):  # with all after it, on all maps at once
            others = rows[alter + 1 :]
            is_apart = (rows[alter] & _BITS[alter + 1 : alters]) == 0
            between[maps] += (is_apart / (1.0 + np.bitwise_count(rows[alter] & others))).sum(axis=0)
    return between


@once
def closed_triads(cohort: Cohort) -> np.ndarray:
    """(maps,) sets of three alters who are all joined."""
    words = _words(cohort)
    u, v = cohort.alter_ties.T
    return _squares(cohort)[1] + sum_of_runs(np.bitwise_count(words[u] & words[v]), cohort.alter_tie_offsets) / 3


def by_size(cohort: Cohort, least: int, most: int | None = None) -> Iterator[tuple[np.ndarray, int]]:
    """Maps of one size and that size, for every size from least to most; not more of them at a time than stay near the processor."""
    sizes = cohort.sizes
    for alters in np.unique(sizes[(sizes >= least) & (sizes <= (most or sizes.max(initial=0)))]).tolist():
        maps, step = np.flatnonzero(sizes == alters), max(_CELLS // alters**2, 1)
        for first in range(0, maps.size, step):
            yield maps[first : first + step], alters


@once
def _words(cohort: Cohort) -> np.ndarray:
    """(ties,) whom each alter is joined to, a bit an alter of its map; 0 on maps with more alters than a word has bits."""
    words = np.zeros(cohort.tie_map.size, dtype=np.uint64)
    u, v = cohort.alter_ties.T
    start = np.repeat(cohort.offsets[:-1], cohort.alter_tie_counts)
    for one, other in ((u, v), (v, u)):  # each pair stands once, so that adding its bit sets it
        np.add.at(words, one, np.left_shift(np.uint64(1), ((other - start) & (WORD - 1)).astype(np.uint64)))
    if cohort.sizes.max(initial=0) > WORD:
        words[cohort.sizes[cohort.tie_map] > WORD] = 0
    return words


@once
def _squares(cohort: Cohort) -> tuple[np.ndarray, np.ndarray]:
    """(maps,) ego betweenness and (maps,) closed triads of maps with more alters than a word has bits; 0 on the others.

    Both ask how many alters two alters are both joined to: the square of the matrix of who is joined to whom.
    """
    between, closed = np.zeros(len(cohort)), np.zeros(len(cohort))
    for maps, alters in by_size(cohort, WORD + 1):
        joined = joined_alters(cohort, maps, alters, np.float32)  # whole numbers below 2²⁴ are exact
        shared = joined @ joined
        closed[maps] = np.einsum("kij,kij->k", shared, joined, dtype=np.float64) / 6
        shared += 1
        shared[joined > 0] = np.inf  # alters joined to each other need nobody in between
        shared[:, np.arange(alters), np.arange(alters)] = np.inf
        between[maps] = np.divide(1.0, shared, dtype=np.float64).sum(axis=(1, 2)) / 2
    return between, closed


def joined_alters(cohort: Cohort, maps: np.ndarray, alters: int, kind: type = np.float64) -> np.ndarray:
    """(maps, alters, alters) which alters are joined, for maps of one size."""
    starts, counts = cohort.alter_tie_offsets[maps], cohort.alter_tie_counts[maps]
    layer = np.repeat(np.arange(maps.size), counts)
    rows = np.arange(layer.size) + np.repeat(starts - np.cumsum(counts) + counts, counts)
    own = cohort.offsets[maps][layer]
    u, v = cohort.alter_ties[rows].T
    joined = np.zeros(maps.size * alters * alters, dtype=kind)
    row = layer * alters - own  # a tie's row in the cohort, moved to its row in the stack
    joined[(u + row) * alters + v - own] = joined[(v + row) * alters + u - own] = 1
    return joined.reshape(maps.size, alters, alters)


@measure(
    label="Ego betweenness, normalised",
    unit="share of alter pairs",
    bounds=(0, 1),
    group="structure",
    source=_EVERETT,
    scope="structure",
    missing=(*_ASKED, FEWER_THAN_TWO),
)
def ego_betweenness_share(cohort: Cohort) -> np.ndarray:
    """Ego betweenness as a share of the most it can be.

    Definition  ego betweenness / (n (n − 1) / 2).
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n < 2, and where alter ties were not asked, or only in part.
    """
    return share(ego_betweenness(cohort), _pairs(cohort))
