"""Composition and homophily by attribute once more, slowly: loops over ties, alter ties and pairs of alters."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations, combinations_with_replacement
from statistics import mean, pstdev
from typing import Any

from kithwork.model.schema import TABLES
from tests.oracles.slow import Row, SlowMap, _by_kind, _divide

CATEGORIES = ("sex", "mood", "role_group", "trust")
Values = dict[str, float | None]
Table = tuple[int, int, int, int]


def answer(m: SlowMap, code: str, key: str, wanted: str) -> Any:
    """The last answer to a question, or None."""
    question = next(row["id"] for row in m.study.rows["questions"] if row["code"] == code)
    rows = [row for row in m.study.rows["answers"] if row["question_id"] == question and row.get(key) == wanted]
    return rows[-1].get("number", rows[-1].get("text")) if rows else None


def value(m: SlowMap, tie: Row, name: str) -> Any:
    if name == "sex":
        return answer(m, "alter_sex", "alter_id", tie["alter_id"])
    if name in ("mood", "miles"):
        return answer(m, f"tie_{name}", "tie_id", tie["id"])
    return tie.get("group" if name == "role_group" else name)


def of_ego(m: SlowMap, name: str) -> Any:
    if name == "sex":
        return answer(m, "interview_sex", "interview_id", m.interview_id)
    participant = next(row["id"] for row in m.study.rows["participants"] if row["pseudonym"] == m.participant)
    return answer(m, "participant_miles", "participant_id", participant)


def categories(m: SlowMap, name: str) -> list[str]:
    if name == "sex":
        return ["m", "w", "x"]
    if name == "role_group":
        return m.study.groups
    if name == "trust":
        return list(TABLES["ties"]["trust"].choices)
    question = next(row for row in m.study.rows["questions"] if row["code"] == "tie_mood")
    if question.get("options"):
        return [code for code, _ in question["options"]]
    own = {tie["id"] for held in m.study.maps for tie in held.ties}
    return sorted({r["text"] for r in m.study.rows["answers"] if r["question_id"] == question["id"] and "text" in r and r["tie_id"] in own})


def counts(m: SlowMap, name: str) -> dict[str, int]:
    found = Counter(value(m, tie, name) for tie in m.ties)
    return {category: found[category] for category in categories(m, name)}


def blau(found: dict[str, int]) -> float | None:
    n = sum(found.values())
    return 1 - sum((count / n) ** 2 for count in found.values()) if n else None


def simpson(found: dict[str, int]) -> float | None:
    drawn = [category for category, count in found.items() for _ in range(count)]
    return mean(one != other for one, other in combinations(drawn, 2)) if len(drawn) > 1 else None


def entropy(found: dict[str, int]) -> float | None:
    n = sum(found.values())
    return sum(count / n * math.log2(n / count) for count in found.values() if count) if n else None


def iqv(found: dict[str, int]) -> float | None:
    most = len(found)
    heterogeneity = blau(found)
    return None if most < 2 or heterogeneity is None else heterogeneity * most / (most - 1)


def each(function: Callable[[dict[str, int]], float | None]) -> Callable[[SlowMap], Values]:
    return lambda m: {name: function(counts(m, name)) for name in CATEGORIES}


def category_count(m: SlowMap, name: str) -> int | None:
    found = [count for count in counts(m, name).values() if count]
    return len(found) if found or not m.ties else None


def by_category(m: SlowMap, is_share: bool) -> Values:
    found: Values = {}
    for name in CATEGORIES:
        own = counts(m, name)
        if not is_share and m.ties and not sum(own.values()):  # of nobody is it known: then it is not known how many there are
            found |= dict.fromkeys(f"{name}_{c}" for c in own)
            continue
        found |= {f"{name}_{c}": _divide(k, sum(own.values())) if is_share else k for c, k in own.items()}
    return found


def miles(m: SlowMap, ties: list[Row]) -> list[float]:
    return [distance for tie in ties if (distance := value(m, tie, "miles")) is not None]


def miles_by_category(m: SlowMap) -> Values:
    found: Values = {}
    for name in CATEGORIES:
        for category in categories(m, name):
            own = miles(m, [tie for tie in m.ties if value(m, tie, name) == category])
            found[f"miles_{name}_{category}"] = mean(own) if own else None
    return found


def likeness(m: SlowMap) -> tuple[int, int] | None:
    ego, own = of_ego(m, "sex"), [sex for tie in m.ties if (sex := value(m, tie, "sex")) is not None]
    return None if ego is None or not own else (sum(sex == ego for sex in own), sum(sex != ego for sex in own))


def with_ego(function: Callable[[int, int], float]) -> Callable[[SlowMap], Values]:
    return lambda m: {"sex": function(*pair) if (pair := likeness(m)) else None}


def ego_distance(m: SlowMap) -> Values:
    ego, own = of_ego(m, "miles"), miles(m, m.ties)
    return {"miles": mean(abs(x - ego) for x in own) if own and ego is not None else None}


def answered_pairs(m: SlowMap, name: str) -> Iterator[tuple[str, str, bool]]:
    """Categories of each pair of alters with an answer, and whether they are tied."""
    graph = m.graph
    for one, other in combinations(m.ties, 2):
        a, b = value(m, one, name), value(m, other, name)
        if a is not None and b is not None:
            yield a, b, graph.has_edge(one["id"], other["id"])


def table(m: SlowMap, name: str, category: str | None = None) -> Table:
    """Alter ties within and across categories; pairs within and across."""
    pairs = [(a == b, tied) for a, b, tied in answered_pairs(m, name) if category is None or category in (a, b)]
    return (
        sum(alike and tied for alike, tied in pairs),
        sum(tied and not alike for alike, tied in pairs),
        sum(alike for alike, _ in pairs),
        sum(not alike for alike, _ in pairs),
    )


def rescaled(i: int, e: int, own: int, across: int) -> float | None:
    if not own or not across:
        return None
    inside, outside = i / own, e / across
    return _divide(outside - inside, outside + inside)


def phi(i: int, e: int, own: int, across: int) -> float | None:
    c, d = own - i, across - e
    margins = (i + e) * (c + d) * (i + c) * (e + d)
    return (i * d - e * c) / math.sqrt(margins) if margins else None


def yule(i: int, e: int, own: int, across: int) -> float | None:
    ad, bc = i * (across - e), e * (own - i)
    return _divide(ad - bc, ad + bc)


def asked(function: Callable[[SlowMap], Values]) -> Callable[[SlowMap], Values]:
    def when_asked(m: SlowMap) -> Values:
        found = function(m)
        return found if m.alter_ties_asked == "yes" else dict.fromkeys(found)

    return when_asked


def alters(function: Callable[[int, int, int, int], float | None]) -> Callable[[SlowMap], Values]:
    return asked(lambda m: {name: function(*table(m, name)) for name in CATEGORIES})


def ei_of(i: int, e: int, _: int, __: int) -> float | None:
    return _divide(e - i, e + i)


def ei_by_category(m: SlowMap) -> Values:
    return {f"{name}_{c}": ei_of(*table(m, name, c)) for name in CATEGORIES for c in categories(m, name)}


def by_pair(m: SlowMap, is_share: bool) -> Values:
    found: Values = {}
    for name in CATEGORIES:
        pairs = list(answered_pairs(m, name))
        for one, other in combinations_with_replacement(categories(m, name), 2):
            own = [tied for a, b, tied in pairs if {a, b} == {one, other}]
            is_told = not m.ties or any(counts(m, name).values())
            found[f"{name}_{one}_{other}"] = (mean(own) if own else None) if is_share else sum(own) if is_told else None
    return found


MAP_ORACLES: dict[str, Callable[[SlowMap], Any]] = {
    "kind_count": lambda m: len({tie["kind"] for tie in m.ties}),
    "kind_diversity_unbiased": lambda m: simpson(_by_kind(m)),
    "kind_entropy": lambda m: entropy(_by_kind(m)),
    "share_by_category": lambda m: by_category(m, True),
    "size_by_category": lambda m: by_category(m, False),
    "category_count": lambda m: {name: category_count(m, name) for name in CATEGORIES},
    "diversity": each(blau),
    "iqv": each(iqv),
    "diversity_unbiased": each(simpson),
    "entropy": each(entropy),
    "mean_of": lambda m: {"miles": mean(own) if (own := miles(m, m.ties)) else None},
    "deviation_of": lambda m: {"miles": pstdev(own) if (own := miles(m, m.ties)) else None},
    "mean_in_category": miles_by_category,
    "ei": with_ego(lambda like, unlike: (unlike - like) / (unlike + like)),
    "share_same": with_ego(lambda like, unlike: like / (unlike + like)),
    "ego_distance": ego_distance,
    "alter_ei": alters(ei_of),
    "alter_ei_rescaled": alters(rescaled),
    "alter_phi": alters(phi),
    "alter_yule_q": alters(yule),
    "density_within": alters(lambda i, _, own, __: _divide(i, own)),
    "density_between": alters(lambda _, e, __, across: _divide(e, across)),
    "alter_ei_by_category": asked(ei_by_category),
    "dyads": asked(lambda m: by_pair(m, False)),
    "density_of_pair": asked(lambda m: by_pair(m, True)),
}
