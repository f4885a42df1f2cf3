"""Change between waves once more, slowly: sets of alters, pairs of alters, one support after another."""

import datetime
from collections.abc import Callable
from itertools import combinations
from typing import Any

from kithwork.measures.turnover import DELTAS
from kithwork.model.schema import KINDS
from tests.oracles import slow, slow_attributes, slow_structure, slow_support
from tests.oracles.slow import Pair, SlowMap, _divide, _sets
from tests.oracles.slow_attributes import CATEGORIES, counts

OF_MAPS: dict[str, Callable[[SlowMap], Any]] = {
    **slow.MAP_ORACLES,
    **slow_attributes.MAP_ORACLES,
    **slow_structure.MAP_ORACLES,
    **slow_support.MAP_ORACLES,
}


def people(pair: Pair) -> Pair:
    return pair[0].within(("person",)), pair[1].within(("person",))


def difference(name: str, pair: Pair) -> float | None:
    before, after = (OF_MAPS[name](m) for m in pair)
    return None if before is None or after is None else after - before


STRUCTURAL = DELTAS[: DELTAS.index("kind_diversity")]


def months(pair: Pair) -> float | None:
    planned = [m.wave.get("months") for m in pair]
    if None not in planned:
        return planned[1] - planned[0]
    if None in (pair[0].held_on, pair[1].held_on):
        return None
    one, other = (datetime.date.fromisoformat(m.held_on or "") for m in pair)
    return (other - one).days / (365.25 / 12)


def per_month(part: Callable[[set[str], set[str]], tuple[int, int]]) -> Callable[[Pair], float | None]:
    def rate(pair: Pair) -> float | None:
        some, whole = part(*_sets(pair))
        gap = months(pair)
        return some / whole / gap if whole and gap and gap > 0 else None

    return rate


def named_before(pair: Pair) -> set[str]:
    earlier = [m for m in pair[0].study.maps if m.participant == pair[0].participant and m.wave["position"] < pair[0].wave["position"]]
    return {tie["alter_id"] for m in earlier for tie in m.ties}


def gained(pair: Pair) -> set[str]:
    before, after = _sets(pair)
    return after - before


def by_kind(pair: Pair) -> dict[str, float | None]:
    found = {}
    for kind in KINDS:
        before, after = _sets((pair[0].within((kind,)), pair[1].within((kind,))))
        found[kind] = _divide(len(before & after), len(before))
    return found


def drift(pair: Pair) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for name in CATEGORIES:
        one, other = counts(pair[0], name), counts(pair[1], name)
        some, more = sum(one.values()), sum(other.values())
        found[name] = sum(abs(one[c] / some - other[c] / more) for c in one) / 2 if some and more else None
    return found


def links(pair: Pair) -> tuple[set[frozenset[str]], set[frozenset[str]]] | None:
    """Pairs of kept people that are tied, at each wave."""
    if any(m.alter_ties_asked != "yes" for m in pair):
        return None
    before, after = people(pair)
    kept = set.intersection(*_sets((before, after)))
    found = []
    for m in (before, after):
        tie_of, graph = {tie["alter_id"]: tie["id"] for tie in m.ties}, m.graph
        found.append({frozenset(two) for two in combinations(kept, 2) if graph.has_edge(*(tie_of[alter] for alter in two))})
    return found[0], found[1]


def of_links(function: Callable[[set, set], float | None]) -> Callable[[Pair], float | None]:
    return lambda pair: function(*found) if (found := links(pair)) else None


def supports(m: SlowMap, alters: set[str]) -> list[str]:
    found = []
    for tie in m.ties:
        if tie["alter_id"] in alters:
            found += {s["support_type"] for s in slow_support.taken(tie) if s["support_type"] in m.study.types}
    return found


def substituted(*who: str) -> Callable[[Pair], float | None]:
    def part(pair: Pair) -> float | None:
        before, after = _sets(pair)
        if any("supports" not in m.asked for m in pair):
            return None
        later = supports(pair[1], {"kept": before & after, "new": after - before, "any": after}[who[0]])
        lost = supports(pair[0], before - after)
        return _divide(sum(code in later for code in lost), len(lost))

    return part


CHANGE_ORACLES: dict[str, Callable[[Pair], Any]] = {
    "structural_change": lambda pair: {name: difference(name, people(pair)) for name in STRUCTURAL},
    "other_change": lambda pair: {name: difference(name, pair) for name in DELTAS if name not in STRUCTURAL},
    "churn": lambda pair: _divide(len(set.symmetric_difference(*_sets(pair))), sum(map(len, _sets(pair)))),
    "loss_per_month": per_month(lambda s, t: (len(s - t), len(s))),
    "gain_per_month": per_month(lambda s, t: (len(t - s), len(t))),
    "returned": lambda pair: len(gained(pair) & named_before(pair)),
    "first_named": lambda pair: len(gained(pair) - named_before(pair)),
    "stability_by_kind": by_kind,
    "attribute_drift": drift,
    "alter_tie_persistence": of_links(lambda s, t: _divide(len(s & t), len(s))),
    "alter_tie_stability": of_links(lambda s, t: _divide(len(s & t), len(s | t))),
    "substituted_share": substituted("any"),
    "substituted_by_kept_share": substituted("kept"),
    "substituted_by_new_share": substituted("new"),
}
