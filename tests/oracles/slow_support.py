"""Strength and reliance on support once more, slowly: tie by tie, removing one after another."""

from collections.abc import Callable
from itertools import product
from statistics import mean, pstdev
from typing import Any

from tests.oracles.slow import Row, SlowMap, _by_kind, _divide, _each_kind, _providers, _supported

CONTACT = {"daily": 1, "weekly": 0.75, "monthly": 0.5, "yearly": 0.25, "never": 0}
TRUST = {"absent": 0, "breached": 0, "tentative": 1 / 3, "rebuilding": 1 / 3, "present": 2 / 3, "strong": 1}
RECIPROCITY = {"balanced": 1, "to_me": 0, "from_me": 0}


def rings(m: SlowMap) -> int:
    return max((row["position"] for row in m.study.rows["circles"] if row["version"] == m.wave["circle_version"]), default=0)


def parts(m: SlowMap, tie: Row) -> dict[str, float | None]:
    return {
        "contact": CONTACT.get(tie.get("contact", "")),
        "circle": (rings(m) + 1 - tie["circle"]) / rings(m) if "circle" in tie else None,
        "trust": TRUST.get(tie.get("trust", "")),
        "reciprocity": RECIPROCITY.get(tie.get("reciprocity", "")),
    }


def strength(m: SlowMap, tie: Row) -> float | None:
    known = [part for part in parts(m, tie).values() if part is not None]
    return mean(known) if len(known) > 1 else None


def over(value: Callable[[SlowMap, Row], float | None], fold: Callable[[list[float]], float]) -> Callable[[SlowMap], float | None]:
    def folded(m: SlowMap) -> float | None:
        known = [found for tie in m.ties if (found := value(m, tie)) is not None]
        return fold(known) if known else None

    return folded


def part(name: str) -> Callable[[SlowMap, Row], float | None]:
    return lambda m, tie: parts(m, tie)[name]


def weak(m: SlowMap, tie: Row) -> bool | None:
    """By the outermost circle or by contact."""
    told = [tie["circle"] == rings(m)] if "circle" in tie else []
    told += [tie["contact"] in ("yearly", "never")] if "contact" in tie else []
    return any(told) if told else None


def inner(m: SlowMap) -> SlowMap:
    return m.with_ties([tie for tie in m.ties if tie.get("circle") == 1])


def size_by_circle(m: SlowMap) -> dict[str, int | None]:
    return {
        str(ring): sum(tie.get("circle") == ring for tie in m.ties) if ring <= rings(m) else None for ring in range(1, m.study.circles + 1)
    }


def size_by_role_group(m: SlowMap) -> dict[str, int | None]:
    if m.ties and not any(tie["role"] for tie in m.ties):
        return dict.fromkeys(m.study.groups)
    return {group: sum(tie["group"] == group for tie in m.ties) for group in m.study.groups}


def types(tie: Row) -> set[str]:
    return {s["support_type"] for s in tie["supports"]}


def taken(tie: Row) -> list[Row]:
    return [s for s in tie["supports"] if s["direction"] != "from_me"]


def units(m: SlowMap) -> list[int]:
    return [len({s["support_type"] for s in taken(tie)}) for tie in m.ties]


def when_any(function: Callable[[list[int]], float]) -> Callable[[SlowMap], float | None]:
    return _supported(lambda m: function(units(m)) if sum(units(m)) else None)


def gini(x: list[int]) -> float:
    return sum(abs(a - b) for a, b in product(x, x)) / (2 * len(x) * sum(x))


def without(m: SlowMap, tie: Row) -> float:
    """Coverage without a tie and all that is reached through it."""
    gone, by_id = {tie["id"]}, {own["id"]: own for own in m.ties}
    for _ in m.ties:
        gone |= {own["id"] for own in m.ties if own.get("via_tie_id") in gone}
    left = {s["support_type"] for own in by_id.values() if own["id"] not in gone for s in taken(own) if s.get("via_tie_id") not in gone}
    return mean(code in left for code in m.study.types)


def balance(m: SlowMap, tie: Row) -> float | None:
    amounts = [s.get("amount") for s in taken(tie)]
    most = max((amount for amount in amounts if amount is not None), default=0)
    if "effort" not in tie or "supports" not in m.asked or (None in amounts and most < 3):
        return None
    return tie["effort"] / 4 - most / 3


def ratings(m: SlowMap) -> dict[str, float | None]:
    found = {}
    for code in m.study.types:
        own = [s["sufficiency"] == "enough" for tie in m.ties for s in tie["supports"] if s["support_type"] == code and "sufficiency" in s]
        found[code] = mean(own) if own else None
    return found


def providers_by_type(m: SlowMap) -> dict[str, int | None]:
    return dict(_providers(m)) if "supports" in m.asked else dict.fromkeys(m.study.types)


def knock_out(fold: Callable[[list[float]], float]) -> Callable[[SlowMap], float | None]:
    return _supported(lambda m: fold([without(m, tie) for tie in m.ties]) if m.ties else None)


MAP_ORACLES: dict[str, Callable[[SlowMap], Any]] = {
    "size_by_circle": size_by_circle,
    "size_by_role_group": size_by_role_group,
    "inner_share_by_kind": lambda m: {kind: _divide(n, len(inner(m).ties)) for kind, n in _by_kind(inner(m)).items()},
    "inner_non_person_share": lambda m: _divide(sum(tie["kind"] != "person" for tie in inner(m).ties), len(inner(m).ties)),
    "inner_concentration": over(lambda _, tie: tie["circle"] == 1 if "circle" in tie else None, mean),
    "weak_share": over(weak, mean),
    "mean_circle_weight": over(part("circle"), mean),
    "deviation_circle_weight": over(part("circle"), pstdev),
    "mean_circle_weight_by_kind": _each_kind(over(part("circle"), mean)),
    "mean_strength": over(strength, mean),
    "deviation_strength": over(strength, pstdev),
    "mean_strength_by_kind": _each_kind(over(strength, mean)),
    "strength_by_component": lambda m: {name: over(part(name), mean)(m) for name in ("contact", "circle", "trust", "reciprocity")},
    "multiplex_share": _supported(lambda m: mean(len(types(tie)) > 1 for tie in m.ties) if m.ties else None),
    "single_type_share": _supported(lambda m: mean(len(types(tie)) == 1 for tie in m.ties) if m.ties else None),
    "support_concentration": when_any(lambda x: sum((own / sum(x)) ** 2 for own in x)),
    "support_gini": when_any(gini),
    "providers_by_type": providers_by_type,
    "sufficiency_by_type": ratings,
    "knock_out_worst": knock_out(min),
    "knock_out_mean": knock_out(mean),
    "effort_balance": over(balance, sum),
    "effort_balance_by_kind": _each_kind(over(balance, sum)),
}
