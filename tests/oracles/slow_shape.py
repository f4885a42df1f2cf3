"""Shape, directions and relations once more, slowly, with networkx; strength sort by sort."""

import math
from collections.abc import Callable
from itertools import combinations
from statistics import mean, pstdev
from typing import Any

import networkx as nx

from kithwork.model.schema import KINDS, SUFFICIENCY
from tests.oracles.slow import SlowMap, _divide, _structural
from tests.oracles.slow_attributes import with_ego
from tests.oracles.slow_structure import MOST, directed, in_directions, labels, weighed, weights
from tests.oracles.slow_support import over, part, strength


def degrees(m: SlowMap) -> list[int]:
    return [degree for _, degree in m.graph.degree()]


def pieces(is_counted: Callable[[int], bool]) -> Callable[[SlowMap], float]:
    return lambda m: sum(is_counted(len(piece)) for piece in nx.connected_components(m.graph))


def distances(m: SlowMap) -> list[int]:
    steps = dict(nx.all_pairs_shortest_path_length(m.graph))
    return [steps[one][other] for one, other in combinations(m.graph, 2) if other in steps[one]]


def joined(function: Callable[[SlowMap], float]) -> Callable[[SlowMap], float | None]:
    return _structural(lambda m: function(m) if m.graph.edges else None, 2)  # type: ignore[arg-type,return-value]


def dyads(m: SlowMap) -> dict[str, float | None]:
    def count(m: SlowMap) -> dict[str, int]:
        graph = directed(m)
        found = [graph.has_edge(one, other) + graph.has_edge(other, one) for one, other in combinations(graph, 2)]
        return {"mutual": found.count(2), "one_way": found.count(1), "none": found.count(0)}

    return in_directions(count, 0)(m) or dict.fromkeys(("mutual", "one_way", "none"))  # type: ignore[arg-type,return-value]


def directed_centralisation(m: SlowMap) -> dict[str, float | None]:
    def of(m: SlowMap) -> dict[str, float]:
        graph, n = directed(m), len(m.ties)
        ways = {"in": dict(graph.in_degree()).values(), "out": dict(graph.out_degree()).values()}
        return {way: sum(max(found) - one for one in found) / (n - 1) ** 2 for way, found in ways.items()}

    return in_directions(of, 2)(m) or {"in": None, "out": None}  # type: ignore[arg-type,return-value]


def reciprocity(m: SlowMap) -> float | None:
    return in_directions(lambda m: nx.overall_reciprocity(directed(m)) if m.graph.edges else None, 0)(m)  # type: ignore[arg-type,return-value]


def graphs(m: SlowMap) -> dict[str, nx.Graph]:
    """The alters joined by one relation, a graph a relation."""
    ends = ("from_tie_id", "to_tie_id")
    found = {}
    for label in labels(m):
        found[label] = m.with_links([row for row in m.links if row.get("relation_label", row["relation"]) == label]).graph
        assert all(row[end] for row in m.links for end in ends)
    return found


def multiplex(m: SlowMap) -> float | None:
    if m.alter_ties_asked != "yes" or not m.graph.edges or not graphs(m):
        return None
    return mean(sum(graph.has_edge(*tie) for graph in graphs(m).values()) > 1 for tie in m.graph.edges)


def correlations(m: SlowMap) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for (one, a), (other, b) in combinations(graphs(m).items(), 2):
        x, y = ([graph.has_edge(*pair) for pair in combinations(m.graph, 2)] for graph in (a, b))
        name = "_".join(label.lower().replace(" ", "_") for label in (one, other))
        is_told = m.alter_ties_asked == "yes" and len(set(x)) > 1 and len(set(y)) > 1
        found[name] = correlation(x, y) if is_told else None
    return found


def correlation(x: list[bool], y: list[bool]) -> float:
    return mean((a - mean(x)) * (b - mean(y)) for a, b in zip(x, y, strict=True)) / pstdev(x) / pstdev(y)


def both_ways(m: SlowMap) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for code in m.study.types:
        ways = [{s["direction"] for s in tie["supports"] if s["support_type"] == code} for tie in m.ties]
        is_known = "supports" in m.asked and m.ties
        found[code] = mean("both" in own or {"to_me", "from_me"} <= own for own in ways) if is_known else None
    return found


def sufficiency(m: SlowMap) -> dict[str, float | None]:
    rated = [s["sufficiency"] for tie in m.ties for s in tie["supports"] if "sufficiency" in s]
    return {code: _divide(rated.count(code), len(rated)) for code in SUFFICIENCY}


def by_sort(value: Callable[..., Any], fold: Callable[[list[float]], float], sort: str) -> Callable[[SlowMap], dict[str, float | None]]:
    def each(m: SlowMap) -> dict[str, float | None]:
        groups: dict[str, Any] = {
            "kind": {kind: kind for kind in KINDS},
            "group": {group: group for group in m.study.groups},
            "circle": {str(ring): ring for ring in range(1, m.study.circles + 1)},
        }[sort]
        # how many circles there are is of the map, so the ties are left out one sort after another
        return {end: over(lambda m, tie, of=of: value(m, tie) if tie.get(sort) == of else None, fold)(m) for end, of in groups.items()}

    return each


_WEIGHT = part("circle")
MAP_ORACLES: dict[str, Callable[[SlowMap], Any]] = {
    "degree_deviation": _structural(lambda m: pstdev(degrees(m)), 1),
    "max_degree": _structural(lambda m: max(degrees(m)), 1),
    "components_of_two": _structural(pieces(lambda size: size == 2), 1),
    "components_of_three": _structural(pieces(lambda size: size > 2), 1),
    "diameter": joined(lambda m: max(distances(m))),
    "mean_distance": joined(lambda m: mean(distances(m))),
    "cliques": _structural(lambda m: sum(len(clique) > 2 for clique in nx.find_cliques(m.graph)), 1),
    "largest_clique": _structural(lambda m: max(len(clique) for clique in nx.find_cliques(m.graph)), 1),
    "dyads_directed": dyads,
    "alter_reciprocity": reciprocity,
    "degree_centralisation_directed": directed_centralisation,
    "mean_degree_weighted": weighed(lambda m: 2 * math.fsum(w / MOST for w in weights(m).values() if w) / len(m.ties), 1),
    "multiplex_alter_ties": multiplex,
    "relation_correlation": correlations,
    "reciprocal_share_by_type": both_ways,
    "share_by_sufficiency": sufficiency,
    "count_same": with_ego(lambda like, _: like),
    "deviation_circle_weight_by_kind": by_sort(_WEIGHT, pstdev, "kind"),
    "deviation_strength_by_kind": by_sort(strength, pstdev, "kind"),
    "mean_circle_weight_by_role_group": by_sort(_WEIGHT, mean, "group"),
    "deviation_circle_weight_by_role_group": by_sort(_WEIGHT, pstdev, "group"),
    "mean_strength_by_role_group": by_sort(strength, mean, "group"),
    "deviation_strength_by_role_group": by_sort(strength, pstdev, "group"),
    "mean_strength_by_circle": by_sort(strength, mean, "circle"),
    "deviation_strength_by_circle": by_sort(strength, pstdev, "circle"),
}
