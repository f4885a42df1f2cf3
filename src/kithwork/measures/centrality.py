"""Which alters stand between or near the others, ego left out, and into which groups alters fall. On request: these take longer."""

import numpy as np

from kithwork.cohort import Cohort
from kithwork.measures.cohesion import stacks
from kithwork.measures.composition import share
from kithwork.measures.families import side_by_side
from kithwork.measures.reasons import (
    ALTER_TIES_NOT_ASKED,
    ALTER_TIES_PARTLY,
    FEWER_THAN_THREE,
    FEWER_THAN_TWO,
    NO_ALTER_TIES,
    Rule,
)
from kithwork.measures.registry import Family, measure, once

_ASKED = (ALTER_TIES_NOT_ASKED, ALTER_TIES_PARTLY)
_FREEMAN = "Freeman (1979), Social Networks 1:215"
_SAME = 1e-9  # values nearer than this are the same, whatever order they were added in


def paths(joined: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(maps, alters, alters) steps between alters, infinite where they cannot reach each other, and how many shortest ways."""
    count = joined.shape[1]
    steps = np.full(joined.shape, np.inf)
    ways = np.zeros(joined.shape)
    steps[:, np.arange(count), np.arange(count)], ways[:, np.arange(count), np.arange(count)] = 0, 1
    reached = ways.copy()
    for step in range(1, count):
        reached = (reached @ joined) * np.isinf(steps)
        if not reached.any():
            break
        steps[reached > 0] = step
        ways += reached
    return steps, ways


@once
def _centralities(cohort: Cohort) -> tuple[np.ndarray, np.ndarray]:
    """(ties,) betweenness and closeness of each alter."""
    between, close = np.zeros(cohort.tie_map.size), np.zeros(cohort.tie_map.size)
    for maps, joined in stacks(cohort):
        alters = joined.shape[1]
        places = cohort.offsets[maps][:, np.newaxis] + np.arange(alters)
        steps, ways = paths(joined)
        farness = np.where(np.isinf(steps), 0, steps).sum(axis=2)
        reached = np.isfinite(steps).sum(axis=2) - 1.0
        close[places] = share(reached * reached, farness * (alters - 1)) if alters > 1 else np.nan
        for alter in range(alters):
            detour = steps[:, :, alter, np.newaxis] + steps[:, alter, np.newaxis, :]
            on_way = np.isfinite(detour) & (detour == steps)
            on_way[:, alter, :] = on_way[:, :, alter] = False
            through = ways[:, :, alter, np.newaxis] * ways[:, alter, np.newaxis, :]
            shares = np.divide(through, ways, out=np.zeros(ways.shape), where=on_way & (ways > 0))
            between[places[:, alter]] = shares.sum(axis=(1, 2)) / 2
    return between, np.nan_to_num(close)


def alter_betweenness(cohort: Cohort) -> np.ndarray:
    """(ties,) pairs of other alters whose shortest way leads through the alter, shared between ways; ego left out."""
    return _centralities(cohort)[0]


def alter_closeness(cohort: Cohort) -> np.ndarray:
    """(ties,) alters reached / (n − 1) × alters reached / steps to them; 0 for one joined to nobody; ego left out."""
    return _centralities(cohort)[1]


def _largest(cohort: Cohort, values: np.ndarray) -> np.ndarray:
    largest = np.full(len(cohort), -np.inf)
    np.maximum.at(largest, cohort.tie_map, values)
    return np.where(np.isinf(largest), np.nan, largest)


@measure(
    label="Betweenness centralisation",
    unit="index",
    bounds=(0, 1),
    group="structure",
    source=_FREEMAN,
    scope="structure",
    missing=(*_ASKED, FEWER_THAN_THREE),
    is_on_request=True,
)
def betweenness_centralisation(cohort: Cohort) -> np.ndarray:
    """How far one alter alone stands between the others: 1 for a star, 0 when all do as much.

    Definition  Σ_i (b_max − b_i) / ((n − 1)² (n − 2) / 2), b the betweenness of alters, ego left out.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n < 3, and where alter ties were not asked, or only in part.
    """
    between, n = alter_betweenness(cohort), cohort.sizes.astype(float)
    return share(n * _largest(cohort, between) - cohort.sum(between), (n - 1) ** 2 * (n - 2) / 2)


@measure(
    label="Closeness centralisation",
    unit="index",
    bounds=(0, 1),
    group="structure",
    source=_FREEMAN + "; closeness after Wasserman & Faust (1994), p. 201, for alters that cannot all reach each other",
    scope="structure",
    missing=(*_ASKED, FEWER_THAN_THREE),
    is_on_request=True,
)
def closeness_centralisation(cohort: Cohort) -> np.ndarray:
    """How far one alter alone is near to all others: 1 for a star, 0 when all are equally near.

    Definition  Σ_i (c_max − c_i) / ((n − 1)(n − 2) / (2n − 3)); c = (reached / (n − 1)) (reached / steps to them), 0 if none.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n < 3, and where alter ties were not asked, or only in part.
    """
    close, n = alter_closeness(cohort), cohort.sizes.astype(float)
    return share(n * _largest(cohort, close) - cohort.sum(close), (n - 1) * (n - 2) / (2 * n - 3))


@measure(
    label="Largest betweenness of an alter",
    unit="alter pairs",
    bounds=(0, None),
    group="structure",
    source=_FREEMAN + "; McCarty, Lubbers, Vacca, Molina (2019)",
    scope="structure",
    missing=(*_ASKED, FEWER_THAN_THREE),
    is_on_request=True,
)
def max_alter_betweenness(cohort: Cohort) -> np.ndarray:
    """How many pairs of alters have the alter between them who stands most between others.

    Definition  max_i b_i, b_i = Σ over pairs of other alters of the share of their shortest ways through i, ego left out.
    Returns     (maps,) floats in 0..(n − 1)(n − 2) / 2.
    Missing     NaN where n < 3, and where alter ties were not asked, or only in part.
    """
    return _largest(cohort, alter_betweenness(cohort))


@once
def _roles_at_most(cohort: Cohort) -> tuple[np.ndarray, np.ndarray]:
    """(maps,) lowest and highest role among the alters with the largest betweenness; −1 without a role."""
    at_most = alter_betweenness(cohort) >= _largest(cohort, alter_betweenness(cohort))[cohort.tie_map] - _SAME
    low, high = np.full(len(cohort), len(cohort.roles)), np.full(len(cohort), -1)
    np.minimum.at(low, cohort.tie_map[at_most], cohort.ties["role"][at_most])
    np.maximum.at(high, cohort.tie_map[at_most], cohort.ties["role"][at_most])
    return low, high


@measure(
    label="Role of the alter most between",
    unit="role",
    bounds=(0, None),
    group="structure",
    source="McCarty, Lubbers, Vacca, Molina (2019), Conducting Personal Network Research",
    scope="structure",
    missing=(
        *_ASKED,
        FEWER_THAN_THREE,
        Rule("several", lambda cohort: np.not_equal(*_roles_at_most(cohort))),
        Rule("no_role", lambda cohort: _roles_at_most(cohort)[1] < 0),
    ),
    is_on_request=True,
    words=lambda cohort: cohort.roles,
)
def max_alter_betweenness_role(cohort: Cohort) -> np.ndarray:
    """The role of the alter who stands most between other alters.

    Definition  the role of the alter i with b_i = max b; of all of them, where several share it and their roles are the same.
    Returns     (maps,) codes of roles.
    Missing     empty where n < 3, where the alter has no role, and where several share the largest betweenness and differ in role.
    """
    return _roles_at_most(cohort)[1].astype(float)


# -- directed triads ---------------------------------------------------------------------------------------------------

TRIADS = ("003", "012", "102", "021D", "021U", "021C", "111D", "111U", "030T", "030C", "201", "120D", "120U", "120C", "210", "300")
_CODES = (1, 2, 2, 3, 2, 4, 6, 8, 2, 6, 5, 7, 3, 8, 7, 11, 2, 6, 4, 8, 5, 9, 9, 13, 6, 10, 9, 14, 7, 14, 12, 15)
_CODES += (2, 5, 6, 7, 6, 9, 10, 14, 4, 9, 9, 12, 8, 13, 14, 15, 3, 7, 8, 11, 7, 12, 14, 15, 8, 14, 13, 15, 11, 15, 15, 16)
BY_TRIAD = Family("type of triad", lambda _: tuple((name.lower(), name) for name in TRIADS))


def _arc_stacks(cohort: Cohort, alter_joined: np.ndarray, maps: np.ndarray) -> np.ndarray:
    """(maps, alters, alters) 1 where an alter tie goes from one to the other."""
    alters = alter_joined.shape[1]
    lookup = np.full(len(cohort), -1)
    lookup[maps] = np.arange(maps.size)
    layer = lookup[cohort.tie_map[cohort.alter_ties[:, 0]]]
    rows = np.flatnonzero(layer >= 0)
    u, v = (cohort.alter_ties[rows] - cohort.offsets[maps][layer[rows], np.newaxis]).T
    arcs, table = cohort.links["arcs"][rows], np.zeros((maps.size, alters, alters), dtype=np.int8)
    table[layer[rows], u, v], table[layer[rows], v, u] = arcs & 1, arcs >> 1
    return table


@measure(
    label="Triads",
    unit="triads",
    bounds=(0, None),
    group="structure",
    source="Holland & Leinhardt (1976); Batagelj & Mrvar (2001), Social Networks 23:237",
    scope="structure",
    missing=(*_ASKED, Rule("no_directions", lambda cohort: np.full(len(cohort), "arcs" not in cohort.links))),
    family=BY_TRIAD,
    stem="triads_directed",
    is_whole=True,
    is_on_request=True,
)
def triads_directed(cohort: Cohort) -> np.ndarray:
    """How many triads of alters are of each of the sixteen types of the directed census.

    Definition  sets of three alters by mutual, one-way and absent ties (M-A-N); an alter tie without a direction goes both ways.
    Returns     (maps, 16) whole numbers ≥ 0.
    Missing     NaN where the study records no directions, and where alter ties were not asked, or only in part.
    """
    counts = np.zeros((len(cohort), 16))
    if "arcs" not in cohort.links:
        return counts
    place = np.array(_CODES) - 1
    for maps, joined in stacks(cohort, 3):
        arcs = _arc_stacks(cohort, joined, maps)
        for first in range(joined.shape[1] - 2):
            second, third = np.triu_indices(joined.shape[1] - first - 1, 1)
            v, u, w = first, second + first + 1, third + first + 1
            code = arcs[:, v, u] + 2 * arcs[:, u, v] + 4 * arcs[:, v, w] + 8 * arcs[:, w, v]
            code = place[code + 16 * arcs[:, u, w].astype(np.int64) + 32 * arcs[:, w, u].astype(np.int64)]
            cells = np.arange(maps.size)[:, np.newaxis] * 16 + code
            counts[maps] += np.bincount(cells.ravel(), minlength=maps.size * 16).reshape(maps.size, 16)
    return counts


# -- groups ------------------------------------------------------------------------------------------------------------


def modularity(joined: np.ndarray, group: np.ndarray) -> float:
    """Newman's Q of a division of one map's alters: Σ over pairs of the same group of A_ij − d_i d_j / 2L, over 2L."""
    degree = joined.sum(axis=1)
    total = degree.sum()
    same = group[:, np.newaxis] == group
    return float(((joined - np.outer(degree, degree) / total) * same).sum() / total)


def _edge_betweenness(joined: np.ndarray, steps: np.ndarray, ways: np.ndarray) -> np.ndarray:
    """(alters, alters) how many shortest ways lead over each alter tie, above the diagonal; from the last step inwards (Brandes 2008)."""
    over, further = np.zeros(joined.shape), np.zeros(joined.shape)  # further: ways from an alter that go on through another
    for step in range(int(steps[np.isfinite(steps)].max()), 0, -1):
        a_way = np.divide(1 + further, ways, out=np.zeros(ways.shape), where=steps == step)
        before = np.where(steps == step - 1, ways, 0)
        over += joined * (before.T @ a_way)
        further += before * (a_way @ joined)
    return np.triu(over + over.T) / 2


def girvan_newman(joined: np.ndarray) -> np.ndarray:
    """(alters,) the group of each alter: ties are taken away, most between first, and the division with the largest modularity kept.

    Of several ties that are most between, the one whose alters were named first goes first.
    """
    left = joined.astype(float)
    steps, ways = (table[0] for table in paths(left[np.newaxis]))
    best = group = np.isfinite(steps).argmax(axis=1)  # each alter's group is named by its first member
    found = modularity(joined, best)
    while left.any():
        over = np.round(_edge_betweenness(left, steps, ways), 9)
        u, v = np.unravel_index(over.argmax(), over.shape)
        left[u, v] = left[v, u] = 0
        steps, ways = (table[0] for table in paths(left[np.newaxis]))
        before, group = group, np.isfinite(steps).argmax(axis=1)
        if np.array_equal(before, group):
            continue
        value = modularity(joined, group)
        if value > found + _SAME:
            best, found = group, value
    return best


def louvain(joined: np.ndarray) -> np.ndarray:
    """(alters,) the group of each alter by Louvain's two steps, repeated; alters are taken in the order named, so it is repeatable."""
    weights, member = joined.astype(float), np.arange(joined.shape[0])
    total = weights.sum()
    while True:
        degree, group = weights.sum(axis=1), np.arange(weights.shape[0])
        is_moving = is_changed = True
        while is_moving:
            is_moving = False
            for alter in range(weights.shape[0]):
                own, group[alter] = group[alter], -1
                towards = np.zeros(weights.shape[0])
                others = np.flatnonzero(group >= 0)
                np.add.at(towards, group[others], weights[alter, others])
                strength = np.zeros(weights.shape[0])
                np.add.at(strength, group[others], degree[others])
                gain = towards - strength * degree[alter] / total
                best = int((gain > gain.max() - _SAME).argmax())  # of groups as good, the first, whatever rounding says
                group[alter] = best if gain[best] > gain[own] + _SAME else own
                is_moving |= group[alter] != own
        names, group = np.unique(group, return_inverse=True)
        is_changed = names.size < weights.shape[0]
        member = group[member]
        if not is_changed:
            return member
        joins = np.eye(names.size)[group]
        weights = joins.T @ weights @ joins


@once
def _groups(cohort: Cohort) -> dict[str, np.ndarray]:
    """(maps, 4) a method: groups of three or more, of one or two, all, modularity. One map after another: this takes long."""
    ways = {"girvan_newman": girvan_newman, "louvain": louvain}
    found = {name: np.full((len(cohort), 4), np.nan) for name in ways}
    wanted = (cohort.asked["alter_ties"] == 2) & (cohort.alter_tie_counts > 0)
    for maps, joined in stacks(cohort, 2):
        for row in np.flatnonzero(wanted[maps]):
            for name, way in ways.items():
                group = way(joined[row])
                sizes = np.unique(group, return_counts=True)[1]
                found[name][maps[row]] = (sizes >= 3).sum(), (sizes < 3).sum(), sizes.size, modularity(joined[row], group)
    return found


_GROUPED = (*_ASKED, FEWER_THAN_TWO, NO_ALTER_TIES)
_BY_WAY = Family("way of grouping", lambda _: (("girvan_newman", "Girvan–Newman"), ("louvain", "Louvain")))
_GROUPING = "Girvan & Newman (2002), PNAS 99:7821; Blondel et al. (2008); groups as counted by Vacca (2020)"


def _count_of(cohort: Cohort, what: int) -> np.ndarray:
    return side_by_side(cohort, (table[:, what] for table in _groups(cohort).values()))


def _grouping(name: str, what: int, label: str, words: str, formula: str, is_whole: bool = True) -> None:
    def count(cohort: Cohort) -> np.ndarray:
        return _count_of(cohort, what)

    count.__name__ = name
    count.__doc__ = f"""{words}, when alters are divided into groups by who is tied to whom, ego left out.

    Definition  {formula}, in the division with the largest modularity: by taking away ties most between others, or by Louvain's steps.
    Returns     (maps, ways of grouping).
    Missing     NaN where n < 2, where there is no alter tie, and where alter ties were not asked, or only in part.
    """
    bounds = (0, None) if is_whole else (-0.5, 1)
    how = {"group": "structure", "scope": "structure", "source": _GROUPING, "family": _BY_WAY, "is_on_request": True}
    measure(label=label, unit="groups" if is_whole else "modularity", bounds=bounds, missing=_GROUPED, stem=name, is_whole=is_whole, **how)(
        count
    )


_grouping("groups_of_three", 0, "Groups of three or more", "How many groups have three or more alters", "groups with s ≥ 3")
_grouping("groups_of_two", 1, "Groups of one or two", "How many groups have one or two alters", "groups with s ≤ 2")
_grouping("groups", 2, "Groups", "How many groups there are", "groups")
_grouping(
    "modularity_of", 3, "Modularity", "How far alter ties stay within groups", "Q = Σ_ij (A_ij − d_i d_j / 2L) [same group] / 2L", False
)
