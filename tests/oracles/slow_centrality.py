"""Centrality, directed triads and groups once more, slowly, with networkx."""

from collections.abc import Callable
from typing import Any

import networkx as nx

from tests.oracles.slow import SlowMap, _structural
from tests.oracles.slow_structure import directed, in_directions

TRIADS = ("003", "012", "102", "021D", "021U", "021C", "111D", "111U", "030T", "030C", "201", "120D", "120U", "120C", "210", "300")


def between(m: SlowMap) -> dict[str, float]:
    return nx.betweenness_centrality(m.graph, normalized=False)


def centralised(values: list[float], most: float) -> float:
    return sum(max(values) - value for value in values) / most


def betweenness(m: SlowMap) -> float:
    n = len(m.ties)
    return centralised(list(between(m).values()), (n - 1) ** 2 * (n - 2) / 2)


def closeness(m: SlowMap) -> float:
    n = len(m.ties)
    return centralised(list(nx.closeness_centrality(m.graph).values()), (n - 1) * (n - 2) / (2 * n - 3))


def role(m: SlowMap) -> str | None:
    values = between(m)
    roles = {tie["role"] for tie in m.ties if values[tie["id"]] > max(values.values()) - 1e-9}
    return roles.pop() if len(roles) == 1 else None


def triads(m: SlowMap) -> dict[str, Any]:
    counted = in_directions(lambda m: nx.triadic_census(directed(m)) if len(m.ties) > 2 else dict.fromkeys(TRIADS, 0), 0)(m)
    return {name.lower(): counted[name] if counted else None for name in TRIADS}


def girvan_newman(m: SlowMap) -> list[set[str]]:
    """Of ties that are equally between, the first in the order of naming goes first; of divisions equally good, the first is kept."""
    graph, place = m.graph, {tie["id"]: number for number, tie in enumerate(m.ties)}

    def next_tie(left: nx.Graph) -> tuple[str, str]:
        values = nx.edge_betweenness_centrality(left, normalized=False)
        return min(values, key=lambda tie: (-round(values[tie], 9), sorted(place[end] for end in tie)))

    best = list(nx.connected_components(graph))
    left = graph.copy()
    while left.edges:
        left.remove_edge(*next_tie(left))
        division = list(nx.connected_components(left))
        if nx.community.modularity(graph, division) > nx.community.modularity(graph, best) + 1e-9:
            best = division
    return best


def louvain(m: SlowMap) -> list[set[str]]:
    """Alters one by one in the order named, then groups as alters, until nothing moves."""
    graph, names = m.graph, [{tie["id"]} for tie in m.ties]
    while True:
        group = list(range(len(names)))

        def value(group: list[int], names: list[set[str]] = names) -> float:
            joined = {number: set().union(*(names[i] for i in range(len(names)) if group[i] == number)) for number in set(group)}
            return nx.community.modularity(graph, joined.values())

        is_moving = True
        while is_moving:
            is_moving = False
            for one in range(len(names)):
                values = [value([*group[:one], other, *group[one + 1 :]]) for other in range(len(names))]
                # a move to any empty group is the same move; the first of the best is taken
                best = next(i for i, found in enumerate(values) if found > max(values) - 1e-12)
                if values[best] > values[group[one]] + 1e-9 / graph.number_of_edges():
                    group[one], is_moving = best, True
        merged = [set().union(*(names[i] for i in range(len(names)) if group[i] == number)) for number in sorted(set(group))]
        if len(merged) == len(names):
            return merged
        names = merged


def grouped(function: Callable[[list[set[str]], SlowMap], float]) -> Callable[[SlowMap], dict[str, float | None]]:
    def each(m: SlowMap) -> dict[str, float | None]:
        if m.alter_ties_asked != "yes" or len(m.ties) < 2 or not m.graph.edges:
            return {"girvan_newman": None, "louvain": None}
        return {"girvan_newman": function(girvan_newman(m), m), "louvain": function(louvain(m), m)}

    return each


MAP_ORACLES: dict[str, Callable[[SlowMap], Any]] = {
    "betweenness_centralisation": _structural(betweenness, 3),
    "closeness_centralisation": _structural(closeness, 3),
    "max_alter_betweenness": _structural(lambda m: max(between(m).values()), 3),
    "max_alter_betweenness_role": _structural(role, 3),  # type: ignore[arg-type]
    "triads_directed": triads,
    "groups_of_three": grouped(lambda groups, _: sum(len(group) > 2 for group in groups)),
    "groups_of_two": grouped(lambda groups, _: sum(len(group) < 3 for group in groups)),
    "groups": grouped(lambda groups, _: len(groups)),
    "modularity_of": grouped(lambda groups, m: nx.community.modularity(m.graph, groups)),
}
