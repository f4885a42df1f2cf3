"""Structure once more, slowly: networkx on weighted and directed graphs, triples of alters one by one."""

import math
from collections.abc import Callable
from itertools import combinations
from statistics import mean
from typing import Any

import networkx as nx

from tests.oracles.slow import MAP_ORACLES as PLAIN
from tests.oracles.slow import SlowMap, _structural

MOST = 2.5


def _rows(m: SlowMap, label: str | None = None) -> list[dict[str, Any]]:
    own = {tie["id"] for tie in m.ties}
    ends = ("from_tie_id", "to_tie_id")
    rows = [row for row in m.links if all(row[end] in own for end in ends) and row[ends[0]] != row[ends[1]] and row.get("weight") != 0]
    return [row for row in rows if label in (None, row.get("relation_label", row["relation"]))]


def weights(m: SlowMap) -> dict[frozenset[str], float | None]:
    found: dict[frozenset[str], float | None] = {}
    for row in _rows(m):
        pair = frozenset((row["from_tie_id"], row["to_tie_id"]))
        told = [w for w in (found.get(pair), row.get("weight")) if w is not None]
        found[pair] = max(told) if told else None
    return found


def directed(m: SlowMap) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(tie["id"] for tie in m.ties)
    for row in _rows(m):
        graph.add_edge(row["from_tie_id"], row["to_tie_id"])
        if not row.get("is_directed"):
            graph.add_edge(row["to_tie_id"], row["from_tie_id"])
    return graph


def directed_with_ego(m: SlowMap) -> nx.DiGraph:
    graph = directed(m)
    graph.add_node("ego")
    for tie in m.ties:
        graph.add_edges_from([("ego", tie["id"]), (tie["id"], "ego")])
    return graph


def weighted_with_ego(m: SlowMap) -> nx.Graph:
    graph = nx.Graph()
    graph.add_node("ego")
    graph.add_weighted_edges_from(("ego", tie["id"], 1.0) for tie in m.ties)
    graph.add_weighted_edges_from((*pair, weight / MOST) for pair, weight in weights(m).items() if weight is not None)
    return graph


def weighed(function: Callable[[SlowMap], float], least: int) -> Callable[[SlowMap], float | None]:
    def when_weighed(m: SlowMap) -> float | None:
        is_recorded = any(row.get("weight") and _is_counted(m, row) for row in m.study.rows["alter_ties"])
        if not is_recorded or None in weights(m).values():
            return None
        return _structural(function, least)(m)

    return when_weighed


def _is_counted(m: SlowMap, row: dict[str, Any]) -> bool:
    return row["from_tie_id"] != row["to_tie_id"] and row.get("weight") != 0


def in_directions(function: Callable[[SlowMap], float], least: int) -> Callable[[SlowMap], float | None]:
    def when_directed(m: SlowMap) -> float | None:
        is_recorded = any(row.get("is_directed") and _is_counted(m, row) for row in m.study.rows["alter_ties"])
        return _structural(function, least)(m) if is_recorded else None

    return when_directed


def reachability(m: SlowMap) -> float:
    return mean(nx.has_path(m.graph, one["id"], other["id"]) for one, other in combinations(m.ties, 2))


def triads(links: int) -> Callable[[SlowMap], float]:
    def count(m: SlowMap) -> float:
        graph = m.graph
        return sum(sum(graph.has_edge(*pair) for pair in combinations(three, 2)) == links for three in combinations(graph, 3))

    return count


def transitivity(m: SlowMap) -> float | None:
    return nx.transitivity(m.graph) if any(degree > 1 for _, degree in m.graph.degree()) else None


def centralisation(m: SlowMap) -> float:
    degrees, n = [degree for _, degree in m.graph.degree()], len(m.ties)
    return sum(max(degrees) - degree for degree in degrees) / ((n - 1) * (n - 2))


def hierarchy(m: SlowMap) -> float:
    graph, n = m.with_ego, len(m.ties)
    parts = [nx.local_constraint(graph, "ego", tie["id"]) for tie in m.ties]
    relative = [part / (sum(parts) / n) for part in parts]
    return sum(r * math.log(r) for r in relative) / (n * math.log(n))


def labels(m: SlowMap) -> list[str]:
    own = {tie["id"]: held for held in m.study.maps for tie in held.ties}
    rows = [row for row in m.study.rows["alter_ties"] if _is_counted(m, row) and row["from_tie_id"] in own]
    found = sorted({row.get("relation_label", row["relation"]) for row in rows})
    return found if len(found) > 1 else []


def of_relation(name: str) -> Callable[[SlowMap], dict[str, Any]]:
    def each(m: SlowMap) -> dict[str, Any]:
        found = {}
        for label in labels(m):
            rows = _rows(m, label)
            found[label.lower().replace(" ", "_")] = PLAIN[name](m.with_links(rows))
        return found

    return each


MAP_ORACLES: dict[str, Callable[[SlowMap], Any]] = {
    "reachability": _structural(reachability, 2),
    "fragmentation": _structural(lambda m: 1 - reachability(m), 2),
    "component_ratio": _structural(lambda m: (nx.number_connected_components(m.graph) - 1) / (len(m.ties) - 1), 2),
    "degree_centralisation": _structural(centralisation, 3),
    **{f"triads_{links}": _structural(triads(links), 0) for links in range(4)},
    "transitivity": _structural(transitivity, 3),
    "density_weighted": weighed(lambda m: sum(w / MOST for w in weights(m).values() if w) / math.comb(len(m.ties), 2), 2),
    "density_directed": in_directions(lambda m: nx.density(directed(m)), 2),
    "constraint_weighted": weighed(lambda m: nx.constraint(weighted_with_ego(m), ["ego"], weight="weight")["ego"], 1),
    "constraint_directed": in_directions(lambda m: nx.constraint(directed_with_ego(m), ["ego"])["ego"], 1),
    "effective_size_weighted": weighed(lambda m: nx.effective_size(weighted_with_ego(m), ["ego"], weight="weight")["ego"], 1),
    "effective_size_directed": in_directions(lambda m: nx.effective_size(directed_with_ego(m), ["ego"])["ego"], 1),
    "hierarchy": _structural(hierarchy, 2),
    **{
        f"{name}_by_relation": of_relation(name)
        for name in ("alter_tie_count", "density", "mean_degree", "isolates", "components", "effective_size", "constraint")
    },
}
