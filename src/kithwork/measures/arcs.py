"""Which way alter ties go, how strong they are alter by alter, and which relations go together; ego left out."""

from collections.abc import Callable
from itertools import combinations

import numpy as np

from kithwork.cohort import Cohort
from kithwork.cohort.links import BACKWARD, BOTH, FORWARD
from kithwork.measures.cohesion import DIRECTED, WEIGHED, has_directions, has_weights, strengths_of_links
from kithwork.measures.composition import share
from kithwork.measures.families import BY_RELATION_PAIR, side_by_side
from kithwork.measures.reasons import ALTER_TIES_NOT_ASKED, ALTER_TIES_PARTLY, FEWER_THAN_TWO, NO_ALTER_TIES, NO_TIES, Rule
from kithwork.measures.registry import Family, measure, once
from kithwork.measures.structure import largest_of_map

_ASKED = (ALTER_TIES_NOT_ASKED, ALTER_TIES_PARTLY)
_HOLLAND = "Holland & Leinhardt (1976); ideanet, dyad census"
_WASSERMAN = "Wasserman & Faust (1994), Social Network Analysis"


def _structure(**how: object) -> Callable[[Callable], Callable]:
    options: dict = {"group": "structure", "scope": "structure", **how}
    return measure(**options)


def _of_links(cohort: Cohort, chosen: np.ndarray) -> np.ndarray:
    """(maps,) alter ties chosen."""
    return np.bincount(cohort.tie_map[cohort.alter_ties[chosen, 0]], minlength=len(cohort)).astype(float)


# -- directions --------------------------------------------------------------------------------------------------------


@once
def _ways(cohort: Cohort) -> np.ndarray:
    """(maps, 3) pairs of alters tied both ways, tied one way, not tied."""
    both = cohort.links["arcs"] == BOTH if has_directions(cohort) else np.ones(len(cohort.alter_ties), dtype=bool)
    mutual, one_way = _of_links(cohort, both), _of_links(cohort, ~both)
    return np.column_stack([mutual, one_way, cohort.sizes * (cohort.sizes - 1) / 2 - mutual - one_way])


BY_WAY = Family("way they are tied", lambda _: (("mutual", "both ways"), ("one_way", "one way"), ("none", "not tied")))


@_structure(
    label="Alter pairs",
    unit="pairs of alters",
    bounds=(0, None),
    source=_HOLLAND,
    applies=has_directions,
    missing=DIRECTED,
    family=BY_WAY,
    stem="dyads_directed",
    is_whole=True,
)
def dyads_directed(cohort: Cohort) -> np.ndarray:
    """How many pairs of alters are tied both ways, one way, or not at all.

    Definition  M, A and N of the dyad census, M + A + N = n (n − 1) / 2; an alter tie without a direction goes both ways.
    Returns     (maps, 3) whole numbers ≥ 0.
    Missing     NaN where the study records no directions, and where alter ties were not asked, or only in part.
    """
    return _ways(cohort)


@_structure(
    label="Reciprocity between alters",
    unit="share of directed alter ties",
    bounds=(0, 1),
    source=_WASSERMAN + ", p. 515; igraph, reciprocity",
    applies=has_directions,
    missing=(*DIRECTED, NO_ALTER_TIES),
)
def alter_reciprocity(cohort: Cohort) -> np.ndarray:
    """Share of the directed alter ties that are returned.

    Definition  2 M / (2 M + A), M pairs tied both ways, A one way; an alter tie without a direction goes both ways.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where there is no alter tie, and where the study records no directions.
    """
    mutual, one_way, _ = _ways(cohort).T
    return share(2 * mutual, 2 * mutual + one_way)


def directed_degrees(cohort: Cohort) -> np.ndarray:
    """(ties, 2) alter ties that come to each alter, and that go out."""
    arcs = cohort.links.get("arcs", np.full(len(cohort.alter_ties), BOTH))
    (u, v), count = cohort.alter_ties.T, cohort.tie_map.size
    forward, backward = (arcs & FORWARD) > 0, (arcs & BACKWARD) > 0
    out = np.bincount(u[forward], minlength=count) + np.bincount(v[backward], minlength=count)
    come = np.bincount(v[forward], minlength=count) + np.bincount(u[backward], minlength=count)
    return np.column_stack([come, out]).astype(float)


BY_END = Family("way", lambda _: (("in", "coming in"), ("out", "going out")))


@_structure(
    label="Degree centralisation",
    unit="index",
    bounds=(0, 1),
    source="Freeman (1979), Social Networks 1:215; " + _WASSERMAN + ", p. 199",
    applies=has_directions,
    missing=(*DIRECTED, FEWER_THAN_TWO),
    family=BY_END,
    stem="degree_centralisation",
)
def degree_centralisation_directed(cohort: Cohort) -> np.ndarray:
    """How far alter ties that come in, or go out, gather at one alter: 1 for a star.

    Definition  Σ_i (d_max − d_i) / (n − 1)², d the alter ties that come to alter i, or go out from it.
    Returns     (maps, 2) floats in 0..1.
    Missing     NaN where n < 2, and where the study records no directions.
    """
    degrees, n = directed_degrees(cohort), cohort.sizes.astype(float)
    largest = (largest_of_map(cohort.tie_map, column, len(cohort)) for column in degrees.T)
    totals = (cohort.sum(column) for column in degrees.T)
    return side_by_side(cohort, (share(n * top - total, (n - 1) ** 2) for top, total in zip(largest, totals, strict=True)))


# -- strengths ---------------------------------------------------------------------------------------------------------


@_structure(
    label="Mean degree, weighted",
    unit="strength of alter ties an alter",
    bounds=(0, None),
    source="Barrat et al. (2004), PNAS 101:3747, strength of a vertex",
    applies=has_weights,
    missing=(*WEIGHED, NO_TIES),
)
def mean_degree_weighted(cohort: Cohort) -> np.ndarray:
    """How strongly an alter is joined to the others, all their ties together, on average.

    Definition  2 Σ (w_ij / w_max) / n, w_max the largest strength declared (1 unless declared), a pair once.
    Returns     (maps,) floats in 0..n − 1.
    Missing     NaN where n = 0, where an alter tie has no strength, and where a strength exceeds the largest declared.
    """
    total = np.bincount(cohort.tie_map[cohort.alter_ties[:, 0]], weights=strengths_of_links(cohort), minlength=len(cohort))
    return share(2 * total, cohort.sizes)


# -- relations ---------------------------------------------------------------------------------------------------------


def _has_relations(cohort: Cohort) -> bool:
    return len(cohort.relations) > 1


_NO_RELATIONS = Rule("no_relations", lambda cohort: np.full(len(cohort), not _has_relations(cohort)))


def _in_relation(cohort: Cohort, place: int) -> np.ndarray:
    """(alter ties,) whether the pair is recorded in a relation."""
    bits = cohort.links.get("relations", np.zeros(len(cohort.alter_ties), dtype=np.int64))
    return (bits >> place & 1) > 0


@_structure(
    label="Multiplex alter ties",
    unit="share of alter ties",
    bounds=(0, 1),
    source="Verbrugge (1979), Social Forces 57; VennMaker, multiplexity",
    applies=_has_relations,
    missing=(*_ASKED, _NO_RELATIONS, NO_ALTER_TIES),
)
def multiplex_alter_ties(cohort: Cohort) -> np.ndarray:
    """Share of the alter ties that are recorded in two or more relations.

    Definition  pairs of alters recorded in ≥ 2 relations / L.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where there is no alter tie, and where the study records fewer than two relations.
    """
    counts = np.zeros(len(cohort.alter_ties), dtype=np.int64)
    for place in range(len(cohort.relations)):
        counts += _in_relation(cohort, place)
    return share(_of_links(cohort, counts >= 2), cohort.alter_tie_counts)


@once
def _together(cohort: Cohort) -> np.ndarray:
    """(maps, pairs of relations, 3) alter ties recorded in both, in the one, in the other."""
    found = []
    for one, other in combinations(range(len(cohort.relations)), 2):
        a, b = _in_relation(cohort, one), _in_relation(cohort, other)
        found.append(np.column_stack([_of_links(cohort, mask) for mask in (a & b, a, b)]))
    return np.stack(found, axis=1) if found else np.zeros((len(cohort), 0, 3))


def _spread(cohort: Cohort) -> np.ndarray:
    """(maps, pairs of relations) the product of the margins; 0 where all pairs of alters, or none, are tied in one of the two."""
    pairs, (_, a, b) = (cohort.sizes * (cohort.sizes - 1) / 2)[:, np.newaxis], np.moveaxis(_together(cohort), 2, 0)
    return a * b * (pairs - a) * (pairs - b)


@_structure(
    label="Relations going together",
    unit="correlation",
    bounds=(-1, 1),
    source="Pearson (1900), phi of a 2 × 2 table; ideanet, correlation of tie types",
    applies=_has_relations,
    missing=(*_ASKED, FEWER_THAN_TWO, Rule("no_spread", lambda cohort: _spread(cohort) == 0)),
    family=BY_RELATION_PAIR,
    stem="relations",
    is_on_request=True,
)
def relation_correlation(cohort: Cohort) -> np.ndarray:
    """How far being tied in one relation and being tied in another go together, over all pairs of alters.

    Definition  phi = (a P − b c) / √(b (P − b) c (P − c)); P pairs of alters, a tied in both relations, b in the one, c in the other.
    Returns     (maps, pairs of relations) floats in −1..1.
    Missing     NaN where n < 2, where all pairs or none are tied in one of the two, and where alter ties were not asked, or only in part.
    """
    pairs, (both, a, b) = (cohort.sizes * (cohort.sizes - 1) / 2)[:, np.newaxis], np.moveaxis(_together(cohort), 2, 0)
    part, whole = both * pairs - a * b, np.sqrt(_spread(cohort))
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
