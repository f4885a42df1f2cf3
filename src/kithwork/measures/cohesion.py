"""How far alters hang together: reach, centralisation, triads, hierarchy; with strengths and directions where they are recorded."""

from collections.abc import Callable, Iterator

import numpy as np

from kithwork.cohort import Cohort
from kithwork.cohort.links import BOTH
from kithwork.measures.composition import share
from kithwork.measures.families import BY_RELATION, side_by_side
from kithwork.measures.reasons import (
    ALTER_TIES_NOT_ASKED,
    ALTER_TIES_PARTLY,
    FEWER_THAN_THREE,
    FEWER_THAN_TWO,
    NO_TIES,
    Rule,
)
from kithwork.measures.registry import measure, once
from kithwork.measures.structure import (
    alter_tie_count,
    by_size,
    closed_triads,
    component_sizes,
    components,
    constraint,
    density,
    effective_size,
    isolates,
    joined_alters,
    largest_of_map,
    mean_degree,
)

_ASKED = (ALTER_TIES_NOT_ASKED, ALTER_TIES_PARTLY)
_BURT = "Burt (1992), Structural Holes"
_BORGATTI = "Borgatti (2006), Identifying sets of key players"
_FREEMAN = "Freeman (1979), Social Networks 1:215"
_IDEANET = "ideanet, ego_netwrite"


def stacks(cohort: Cohort, least: int = 1) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Maps of one size, and which of their alters are joined as (maps, alters, alters); every map with at least so many alters once."""
    for maps, alters in by_size(cohort, least):
        yield maps, joined_alters(cohort, maps, alters)


def _pairs(cohort: Cohort) -> np.ndarray:
    return cohort.sizes * (cohort.sizes - 1) / 2


def _structure(**how: object) -> Callable[[Callable], Callable]:
    options: dict = {"group": "structure", "scope": "structure", **how}
    return measure(**options)


@once
def _reachable(cohort: Cohort) -> np.ndarray:
    """(maps,) ordered pairs of alters that can reach each other without ego."""
    of_map, sizes = component_sizes(cohort)
    return np.bincount(of_map, weights=sizes * (sizes - 1.0), minlength=len(cohort))


@_structure(
    label="Reachability",
    unit="share of alter pairs",
    bounds=(0, 1),
    source=_IDEANET + "; Krackhardt (1994)",
    missing=(*_ASKED, FEWER_THAN_TWO),
)
def reachability(cohort: Cohort) -> np.ndarray:
    """Share of the pairs of alters that are joined, directly or through other alters, ego left out.

    Definition  Σ_k s_k (s_k − 1) / (n (n − 1)) for components of size s_k.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n < 2, and where alter ties were not asked, or only in part.
    """
    return share(_reachable(cohort), cohort.sizes * (cohort.sizes - 1.0))


@_structure(label="Fragmentation", unit="share of alter pairs", bounds=(0, 1), source=_BORGATTI, missing=(*_ASKED, FEWER_THAN_TWO))
def fragmentation(cohort: Cohort) -> np.ndarray:
    """Share of the pairs of alters that only ego joins.

    Definition  F = 1 − Σ_k s_k (s_k − 1) / (n (n − 1)) for components of size s_k.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n < 2, and where alter ties were not asked, or only in part.
    """
    return 1 - reachability(cohort)


@_structure(label="Component ratio", unit="index", bounds=(0, 1), source=_BORGATTI, missing=(*_ASKED, FEWER_THAN_TWO))
def component_ratio(cohort: Cohort) -> np.ndarray:
    """How near the alters are to being all apart: 0 in one piece, 1 when nobody is joined to anybody.

    Definition  (c − 1) / (n − 1) for c components.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n < 2, and where alter ties were not asked, or only in part.
    """
    return share(components(cohort) - 1, cohort.sizes - 1.0)


@_structure(label="Degree centralisation", unit="index", bounds=(0, 1), source=_FREEMAN, missing=(*_ASKED, FEWER_THAN_THREE))
def degree_centralisation(cohort: Cohort) -> np.ndarray:
    """How far alter ties gather at one alter: 1 for a star, 0 when all alters have as many.

    Definition  Σ_i (d_max − d_i) / ((n − 1)(n − 2)), ego left out.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n < 3, and where alter ties were not asked, or only in part.
    """
    largest = largest_of_map(cohort.tie_map, cohort.degree, len(cohort))
    n = cohort.sizes.astype(float)
    return share(n * largest - 2 * cohort.alter_tie_counts, (n - 1) * (n - 2))


@once
def triads(cohort: Cohort) -> np.ndarray:
    """(maps, 4) triads with 0, 1, 2 and 3 alter ties."""
    n, links, degree = cohort.sizes.astype(float), cohort.alter_tie_counts.astype(float), cohort.degree
    closed = closed_triads(cohort)
    open_paths = cohort.sum(degree * (degree - 1) / 2) - 3 * closed
    one = links * (n - 2) - 2 * open_paths - 3 * closed
    one = np.where(n < 3, 0, one)
    return np.column_stack([n * (n - 1) * (n - 2) / 6 - one - open_paths - closed, one, open_paths, closed])


def _triad_measure(links: int, words: str) -> None:
    def count(cohort: Cohort) -> np.ndarray:
        return triads(cohort)[:, links]

    count.__name__ = f"triads_{links}"
    count.__doc__ = f"""How many triads of alters have {words}.

    Definition  sets of three alters with exactly {links} alter ties among them.
    Returns     (maps,) whole numbers ≥ 0.
    Missing     NaN where alter ties were not asked, or only in part.
    """
    source = "Holland & Leinhardt (1976); ideanet triad_" + ("003", "102", "201", "300")[links]
    _structure(label=f"Triads with {words}", unit="triads", bounds=(0, None), source=source, missing=_ASKED, is_whole=True)(count)


for _links, _words in enumerate(("no alter tie", "one alter tie", "two alter ties", "three alter ties")):
    _triad_measure(_links, _words)

_NO_PATHS = Rule("no_pairs", lambda cohort: triads(cohort)[:, 2] + triads(cohort)[:, 3] == 0)


@_structure(
    label="Transitivity",
    unit="share of paths of two alter ties",
    bounds=(0, 1),
    source="Newman (2003)",
    missing=(*_ASKED, FEWER_THAN_THREE, _NO_PATHS),
)
def transitivity(cohort: Cohort) -> np.ndarray:
    """How often two alters who are both tied to a third are tied to each other.

    Definition  3 T₃ / (3 T₃ + T₂) for triads with three and two alter ties.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n < 3, where no alter is tied to two, and where alter ties were not asked, or only in part.
    """
    counts = triads(cohort)
    return share(3 * counts[:, 3], 3 * counts[:, 3] + counts[:, 2])


# -- strengths and directions ------------------------------------------------------------------------------------------


def strengths_of_links(cohort: Cohort) -> np.ndarray:
    """(alter ties,) strength as a share of the largest declared."""
    weight = cohort.links.get("weight", np.full(len(cohort.alter_ties), np.nan))
    return weight / (cohort.policy.most_weight or 1)


def _is_everywhere(code: str, holds: Callable[[Cohort], bool]) -> Rule:
    return Rule(code, lambda cohort: np.full(len(cohort), holds(cohort)))


def _is_partly_weighed(cohort: Cohort) -> np.ndarray:
    of_map = cohort.tie_map[cohort.alter_ties[:, 0]]
    return np.bincount(of_map[np.isnan(strengths_of_links(cohort))], minlength=len(cohort)) > 0


def has_weights(cohort: Cohort) -> bool:
    return not np.isnan(cohort.most_weight)


def has_directions(cohort: Cohort) -> bool:
    return "arcs" in cohort.links


_NO_WEIGHTS = _is_everywhere("no_weights", lambda cohort: not has_weights(cohort))
_NO_MAXIMUM = _is_everywhere("no_maximum", lambda cohort: cohort.most_weight > (cohort.policy.most_weight or 1))
WEIGHED = (*_ASKED, _NO_WEIGHTS, _NO_MAXIMUM, Rule("weights_partly", _is_partly_weighed))
DIRECTED = (*_ASKED, _is_everywhere("no_directions", lambda cohort: not has_directions(cohort)))


def _arc_counts(cohort: Cohort) -> np.ndarray:
    """(alter ties,) 1 where it goes one way, 2 where both."""
    arcs = cohort.links.get("arcs", np.full(len(cohort.alter_ties), BOTH))
    return 1.0 + (arcs == BOTH)


def _of_links(cohort: Cohort, values: np.ndarray) -> np.ndarray:
    return np.bincount(cohort.tie_map[cohort.alter_ties[:, 0]], weights=values, minlength=len(cohort))


@_structure(
    label="Density, weighted",
    unit="share of the strength possible",
    bounds=(0, 1),
    source="egor, ego_density with weights; McCarty et al. (2019)",
    applies=has_weights,
    missing=(*WEIGHED, FEWER_THAN_TWO),
)
def density_weighted(cohort: Cohort) -> np.ndarray:
    """The strength of the alter ties as a share of the most it could be.

    Definition  Σ (w_ij / w_max) / (n (n − 1) / 2), w_max the largest strength declared (1 unless declared), a pair once.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n < 2, where an alter tie has no strength, and where a strength exceeds the largest declared.
    """
    return share(_of_links(cohort, strengths_of_links(cohort)), _pairs(cohort))


@_structure(
    label="Density, directed",
    unit="share of ordered alter pairs",
    bounds=(0, 1),
    source="Wasserman & Faust (1994), Social Network Analysis, p. 129",
    applies=has_directions,
    missing=(*DIRECTED, FEWER_THAN_TWO),
)
def density_directed(cohort: Cohort) -> np.ndarray:
    """Share of the possible alter ties that exist when each direction counts.

    Definition  arcs / (n (n − 1)); an alter tie without a direction goes both ways.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n < 2, and where the study records no directions.
    """
    return share(_of_links(cohort, _arc_counts(cohort)), 2 * _pairs(cohort))


def _contributions(cohort: Cohort, strength: np.ndarray) -> np.ndarray:
    """(ties,) c_j of Burt's constraint; ego is tied to every alter with strength 1, alters to each other with `strength`."""
    (u, v), count = cohort.alter_ties.T, cohort.tie_map.size
    strength = np.nan_to_num(strength)
    total = 1 + np.bincount(u, strength, count) + np.bincount(v, strength, count)
    n = np.maximum(cohort.sizes, 1).astype(float)[cohort.tie_map]
    through = np.bincount(u, strength / total[v], count) + np.bincount(v, strength / total[u], count)
    return ((1 + through) / n) ** 2


def _effective(cohort: Cohort, strength: np.ndarray) -> np.ndarray:
    """(maps,) Σ_j (1 − Σ_q p_eq m_jq); ego's ties have strength 1, the most there is."""
    (u, v), count = cohort.alter_ties.T, cohort.tie_map.size
    strength = np.nan_to_num(strength)
    largest = np.ones(count)  # of each alter's ties; that to ego is 1
    np.maximum.at(largest, u, strength)
    np.maximum.at(largest, v, strength)
    redundant = np.bincount(u, strength / largest[u], count) + np.bincount(v, strength / largest[v], count)
    return cohort.sizes - share(cohort.sum(redundant), cohort.sizes)


@_structure(
    label="Constraint, weighted",
    unit="index",
    bounds=(0, None),
    source=_BURT + ", eq. 2.4",
    applies=has_weights,
    missing=(*WEIGHED, NO_TIES),
)
def constraint_weighted(cohort: Cohort) -> np.ndarray:
    """Constraint in which a strong alter tie leads back more than a weak one.

    Definition  as `constraint`, p_uv = z_uv / Σ_w z_uw; z = w / w_max between alters, 1 between ego and each alter.
    Returns     (maps,) floats > 0.
    Missing     NaN where n = 0, where an alter tie has no strength, and where a strength exceeds the largest declared.
    """
    return cohort.sum(_contributions(cohort, strengths_of_links(cohort)))


@_structure(
    label="Constraint, directed",
    unit="index",
    bounds=(0, None),
    source=_BURT + ", eq. 2.4",
    applies=has_directions,
    missing=(*DIRECTED, NO_TIES),
)
def constraint_directed(cohort: Cohort) -> np.ndarray:
    """Constraint in which an alter tie that goes both ways leads back more than one that goes one way.

    Definition  as `constraint`, p_uv = (a_uv + a_vu) / Σ_w (a_uw + a_wu); ego and each alter are tied both ways.
    Returns     (maps,) floats > 0.
    Missing     NaN where n = 0, and where the study records no directions.
    """
    return cohort.sum(_contributions(cohort, _arc_counts(cohort) / 2))


@_structure(
    label="Effective size, weighted",
    unit="alters",
    bounds=(0, None),
    source=_BURT + ", ch. 2",
    applies=has_weights,
    missing=(*WEIGHED, NO_TIES),
)
def effective_size_weighted(cohort: Cohort) -> np.ndarray:
    """How many alters remain when those strongly joined to each other are discounted.

    Definition  Σ_j (1 − Σ_q p_eq m_jq), p_eq = 1/n, m_jq = z_jq / max_k z_jk; z as for `constraint_weighted`.
    Returns     (maps,) floats in 1..n.
    Missing     NaN where n = 0, where an alter tie has no strength, and where a strength exceeds the largest declared.
    """
    return _effective(cohort, strengths_of_links(cohort))


@_structure(
    label="Effective size, directed",
    unit="alters",
    bounds=(0, None),
    source=_BURT + ", ch. 2",
    applies=has_directions,
    missing=(*DIRECTED, NO_TIES),
)
def effective_size_directed(cohort: Cohort) -> np.ndarray:
    """How many alters remain when those joined to each other are discounted, a tie one way for half.

    Definition  Σ_j (1 − Σ_q p_eq m_jq), m_jq = (a_jq + a_qj) / 2, ego and each alter tied both ways.
    Returns     (maps,) floats in 1..n.
    Missing     NaN where n = 0, and where the study records no directions.
    """
    return _effective(cohort, _arc_counts(cohort) / 2)


@_structure(label="Hierarchy", unit="index", bounds=(0, 1), source=_BURT + ", eq. 2.9", missing=(*_ASKED, FEWER_THAN_TWO))
def hierarchy(cohort: Cohort) -> np.ndarray:
    """How far constraint comes from one alter (1) rather than evenly from all (0).

    Definition  Σ_j (c_j / (C/n)) ln(c_j / (C/n)) / (n ln n), c_j alter j's part of constraint C; no weights, no directions.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n < 2, and where alter ties were not asked, or only in part.
    """
    parts, n = _contributions(cohort, np.ones(len(cohort.alter_ties))), cohort.sizes.astype(float)
    relative = parts / share(cohort.sum(parts), n)[cohort.tie_map]
    return np.abs(share(cohort.sum(relative * np.log(relative)), n * np.log(np.maximum(n, 1))))


# -- one relation at a time --------------------------------------------------------------------------------------------


@once
def _relations(cohort: Cohort) -> list[Cohort]:
    return [cohort.of_relation(label) for label in cohort.relations] if len(cohort.relations) > 1 else []


def _by_relation(whole: Callable[[Cohort], np.ndarray], label: str, unit: str, least: tuple[Rule, ...], is_whole: bool = False) -> None:
    def each(cohort: Cohort) -> np.ndarray:
        return side_by_side(cohort, (whole(one) for one in _relations(cohort)))

    name = whole.__name__
    each.__name__ = f"{name}_by_relation"
    each.__doc__ = f"""The measure `{name}` with the alter ties of one relation at a time, where a study records several.

    Definition  as `{name}`; an alter tie recorded in two relations counts in each, and once in `{name}`.
    Returns     (maps, relations) values as of `{name}`.
    Missing     NaN as `{name}`.
    """
    how = {"label": label, "unit": unit, "bounds": (0, None), "source": "ideanet, ego_netwrite with several tie types"}
    _structure(**how, missing=(*_ASKED, *least), family=BY_RELATION, stem=name, is_whole=is_whole)(each)


_by_relation(alter_tie_count, "Alter ties", "alter ties", (), is_whole=True)
_by_relation(density, "Density", "share of alter pairs", (FEWER_THAN_TWO,))
_by_relation(mean_degree, "Mean degree", "alter ties an alter", (NO_TIES,))
_by_relation(isolates, "Isolates", "alters", (NO_TIES,), is_whole=True)
_by_relation(components, "Components", "components", (NO_TIES,), is_whole=True)
_by_relation(effective_size, "Effective size", "alters", (NO_TIES,))
_by_relation(constraint, "Constraint", "index", (NO_TIES,))
