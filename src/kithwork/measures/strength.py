"""How strong ties are, by rules that are declared: circles, contact, trust, giving and taking. Strong is not better than weak."""

from collections.abc import Callable, Mapping

import numpy as np

from kithwork.cohort import Cohort
from kithwork.measures.composition import share
from kithwork.measures.diversity import share_of
from kithwork.measures.families import BY_COMPONENT, COMPONENTS, side_by_side
from kithwork.measures.reasons import NO_SUCH_CIRCLE, NO_TIES, NONE_PLACED, Rule, by_kind, each_kind, not_asked
from kithwork.measures.registry import BY_CIRCLE, BY_KIND, BY_ROLE_GROUP, measure, once

_TEXTBOOK = "McCarty, Lubbers, Vacca, Molina (2019), Conducting Personal Network Research"
GRANOVETTER = "our index, after Granovetter (1973), American Journal of Sociology 78:1361"
_PLACEMENT = "Brooks et al. (2016), BMC Psychiatry 16:409, placement in circles"
_CONTACT = (1, 0.75, 0.5, 0.25, 0)  # daily … hardly ever
_TRUST = {"absent": 0, "breached": 0, "tentative": 1 / 3, "rebuilding": 1 / 3, "present": 2 / 3, "strong": 1}
_RECIPROCITY = {"balanced": 1, "to_me": 0, "from_me": 0}


def circle_weight(cohort: Cohort) -> np.ndarray:
    """(ties,) (R + 1 − r) / R: 1 in the innermost of R circles, 1/R in the outermost, NaN in none."""
    rings, ring = cohort.circle_counts[cohort.tie_map].astype(float), cohort.ties["circle"]
    return np.divide(rings + 1 - ring, rings, out=np.full(ring.shape, np.nan), where=(ring > 0) & (rings > 0))


def _coded(cohort: Cohort, column: str, values: Mapping[str, float]) -> np.ndarray:
    found = np.full(cohort.tie_map.size, np.nan)
    for choice, value in values.items():
        found[cohort.ties[column] == cohort.code(column, choice)[0]] = value
    return found


@once
def components_of_strength(cohort: Cohort) -> np.ndarray:
    """(ties, components) each 0..1, NaN where it is not known."""
    contact = cohort.ties["contact"]
    time = np.where(contact >= 0, np.array(_CONTACT)[contact], np.nan)
    parts = {
        "contact": time,
        "circle": circle_weight(cohort),
        "trust": _coded(cohort, "trust", _TRUST),
        "reciprocity": _coded(cohort, "reciprocity", _RECIPROCITY),
    }
    return np.column_stack([parts[name] for name in COMPONENTS])


@once
def tie_strength(cohort: Cohort) -> np.ndarray:
    """(ties,) mean of the components that are known; NaN where fewer than two are."""
    parts = components_of_strength(cohort)
    known = (~np.isnan(parts)).sum(axis=1)
    return np.divide(np.nan_to_num(parts).sum(axis=1), known, out=np.full(known.shape, np.nan), where=known >= 2)


def _mean(cohort: Cohort, values: np.ndarray) -> np.ndarray:
    return share(cohort.sum(np.nan_to_num(values)), cohort.sum((~np.isnan(values)).astype(float)))


def _deviation(cohort: Cohort, values: np.ndarray) -> np.ndarray:
    return np.sqrt(_mean(cohort, (values - _mean(cohort, values)[cohort.tie_map]) ** 2))


def _mean_by_kind(cohort: Cohort, values: np.ndarray) -> np.ndarray:
    return share_of(by_kind(cohort, np.nan_to_num(values)), by_kind(cohort, (~np.isnan(values)).astype(float)))


def _none(values: Callable[[Cohort], np.ndarray], code: str, is_by_kind: bool = False) -> Rule:
    def holds(cohort: Cohort) -> np.ndarray:
        known = (~np.isnan(values(cohort))).astype(float)
        return by_kind(cohort, known) == 0 if is_by_kind else cohort.sum(known) == 0

    return Rule(code, holds, lambda cohort: ~np.isnan(values(cohort)), each_kind if is_by_kind else None)


_PLACED = (not_asked("circle"), NO_TIES, NONE_PLACED)
_STRENGTH = (NO_TIES, _none(tie_strength, "too_few_components"))


def _inner(cohort: Cohort) -> np.ndarray:
    return (cohort.ties["circle"] == 1).astype(float)


_NONE_INNER = Rule(
    "none_placed",
    lambda cohort: cohort.sum(_inner(cohort)) == 0,
    lambda cohort: cohort.ties["circle"] == 1,
    lambda cohort: cohort.ties["circle"] <= 1,  # a tie in no circle might be in this one
)


@measure(
    label="Number",
    unit="ties",
    bounds=(0, None),
    group="size",
    source=_PLACEMENT,
    missing=(not_asked("circle"), NO_SUCH_CIRCLE),
    family=BY_CIRCLE,
    stem="size_circle",
    is_whole=True,
)
def size_by_circle(cohort: Cohort) -> np.ndarray:
    """How many ties stand in each circle, 1 = innermost.

    Definition  n_r.
    Returns     (maps, circles) whole numbers ≥ 0.
    Missing     NaN where circles were not drawn, and for a circle the wave's map did not have.
    """
    return cohort.sum_by(np.minimum(cohort.ties["circle"], cohort.rings) - 1, cohort.rings)


@measure(
    label="Number",
    unit="ties",
    bounds=(0, None),
    group="size",
    source=_TEXTBOOK,
    missing=(
        Rule(
            "no_role",
            lambda cohort: (cohort.sizes > 0) & (cohort.sum((cohort.ties["role"] >= 0).astype(float)) == 0),
            lambda cohort: cohort.ties["role"] >= 0,
        ),
    ),
    family=BY_ROLE_GROUP,
    stem="size_role",
    is_whole=True,
)
def size_by_role_group(cohort: Cohort) -> np.ndarray:
    """How many ties there are in each group of roles.

    Definition  n_g; a tie without a role is in no group.
    Returns     (maps, role groups) whole numbers ≥ 0; 0 on an empty map.
    Missing     NaN where there are ties and none has a role.
    """
    return cohort.sum_by(cohort.ties["role_group"], len(cohort.role_groups))


@measure(
    label="Share of the innermost circle",
    unit="share of ties in the innermost circle",
    bounds=(0, 1),
    group="composition",
    source=_PLACEMENT,
    missing=(not_asked("circle"), NO_TIES, _NONE_INNER),
    family=BY_KIND,
    stem="inner_share",
)
def inner_share_by_kind(cohort: Cohort) -> np.ndarray:
    """Share of the ties in the innermost circle that are of each kind.

    Definition  n_1k / n_1; the shares add up to 1.
    Returns     (maps, kinds) floats in 0..1.
    Missing     NaN where the innermost circle is empty, and where circles were not drawn.
    """
    return share(by_kind(cohort, _inner(cohort)), cohort.sum(_inner(cohort)))


@measure(
    label="Not people, in the innermost circle",
    unit="share of ties in the innermost circle",
    bounds=(0, 1),
    group="composition",
    source="our definition, after Brooks et al. (2020), BMC Psychiatry 20:50",
    missing=(not_asked("circle"), NO_TIES, _NONE_INNER),
)
def inner_non_person_share(cohort: Cohort) -> np.ndarray:
    """Share of the ties in the innermost circle that are animals, groups, places, objects, activities or digital.

    Definition  ties in circle 1 whose kind is not person / n_1.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where the innermost circle is empty, and where circles were not drawn.
    """
    inner = _inner(cohort)
    return share(cohort.sum(inner * ~cohort.of_kind("person")), cohort.sum(inner))


@measure(
    label="Inner concentration",
    unit="share of placed ties",
    bounds=(0, 1),
    group="composition",
    source=_PLACEMENT,
    missing=_PLACED,
)
def inner_concentration(cohort: Cohort) -> np.ndarray:
    """Share of the placed ties that stand in the innermost circle.

    Definition  n_1 / (ties placed in any circle); the same as `share_circle_1`.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where no tie is placed, and where circles were not drawn.
    """
    return share(cohort.sum(_inner(cohort)), cohort.sum((cohort.ties["circle"] > 0).astype(float)))


def _weak(cohort: Cohort) -> tuple[np.ndarray, np.ndarray]:
    """(ties,) whether any rule of the policy calls the tie weak, and whether any could tell."""
    ring, contact, group = cohort.ties["circle"], cohort.ties["contact"], cohort.ties["role_group"]
    weak_group = cohort.role_groups.index("weak") if "weak" in cohort.role_groups else -2
    rules = {
        "outer_circle": (ring == cohort.circle_counts[cohort.tie_map], ring > 0),
        "contact": (np.isin(contact, cohort.code("contact", "yearly", "never")), contact >= 0),
        "role_group": (group == weak_group, group >= 0),
    }
    weak = known = np.zeros(cohort.tie_map.size, dtype=bool)
    for rule in cohort.policy.weak:
        is_weak, can_tell = rules[rule]
        weak, known = weak | (is_weak & can_tell), known | can_tell
    return weak, known


@measure(
    label="Weak ties",
    unit="share of ties the rule can tell",
    bounds=(0, 1),
    group="composition",
    source="our rules, declared with --weak; Granovetter (1973); Rogers et al. (2014) do not state theirs",
    missing=(NO_TIES, Rule("no_rule", lambda cohort: cohort.sum(_weak(cohort)[1].astype(float)) == 0, lambda cohort: _weak(cohort)[1])),
)
def weak_share(cohort: Cohort) -> np.ndarray:
    """Share of the ties that are weak by a declared rule.

    Definition  weak / ties of which a rule can tell; weak by any of: in the outermost circle; contact a few times a year or
                less; role in the group "weak". By the circle alone unless declared; where circles mean importance, so does weak.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n = 0, and where nothing the rule rests on is known of any tie.
    """
    weak, known = _weak(cohort)
    return share(cohort.sum(weak.astype(float)), cohort.sum(known.astype(float)))


@measure(label="Mean circle weight", unit="weight", bounds=(0, 1), group="quality", source="our convention", missing=_PLACED)
def mean_circle_weight(cohort: Cohort) -> np.ndarray:
    """How near to the centre ties stand, on average; comparable between maps with different numbers of circles.

    Definition  mean of w = (R + 1 − r) / R over placed ties, r the circle (1 = innermost) of R.
    Returns     (maps,) floats in 1/R..1.
    Missing     NaN where no tie is placed, and where circles were not drawn.
    """
    return _mean(cohort, circle_weight(cohort))


@measure(label="Spread of circle weight", unit="weight", bounds=(0, 1), group="quality", source="our convention", missing=_PLACED)
def deviation_circle_weight(cohort: Cohort) -> np.ndarray:
    """How far ties differ in how near to the centre they stand.

    Definition  √(Σ (w_i − w̄)² / placed ties).
    Returns     (maps,) floats ≥ 0.
    Missing     NaN where no tie is placed, and where circles were not drawn.
    """
    return _deviation(cohort, circle_weight(cohort))


@measure(
    label="Mean circle weight",
    unit="weight",
    bounds=(0, 1),
    group="quality",
    source="our convention",
    missing=(not_asked("circle"), NO_TIES, _none(circle_weight, "none_placed", is_by_kind=True)),
    family=BY_KIND,
    stem="mean_circle_weight",
)
def mean_circle_weight_by_kind(cohort: Cohort) -> np.ndarray:
    """How near to the centre ties of each kind stand, on average.

    Definition  as `mean_circle_weight`, within each kind.
    Returns     (maps, kinds) floats in 1/R..1.
    Missing     NaN where no tie of the kind is placed, and where circles were not drawn.
    """
    return _mean_by_kind(cohort, circle_weight(cohort))


@measure(label="Mean strength", unit="index", bounds=(0, 1), group="quality", source=GRANOVETTER, missing=_STRENGTH)
def mean_strength(cohort: Cohort) -> np.ndarray:
    """How strong ties are by contact, circle, trust and reciprocity together; look at the components beside it.

    Definition  mean over ties of the mean of the components known, at least two: contact (daily 1, weekly ¾, monthly ½, a few times
                a year ¼, hardly ever 0); circle weight; trust (strong 1, present ⅔, tentative and rebuilding ⅓, absent and
                breached 0); giving and taking about even 1, leaning one way 0.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where of no tie two components are known.
    """
    return _mean(cohort, tie_strength(cohort))


@measure(label="Spread of strength", unit="index", bounds=(0, 1), group="quality", source=GRANOVETTER, missing=_STRENGTH)
def deviation_strength(cohort: Cohort) -> np.ndarray:
    """How far ties differ in strength.

    Definition  √(Σ (s_i − s̄)² / ties with a strength), s as for `mean_strength`.
    Returns     (maps,) floats ≥ 0.
    Missing     NaN where of no tie two components are known.
    """
    return _deviation(cohort, tie_strength(cohort))


@measure(
    label="Mean strength",
    unit="index",
    bounds=(0, 1),
    group="quality",
    source=GRANOVETTER,
    missing=(NO_TIES, _none(tie_strength, "too_few_components", is_by_kind=True)),
    family=BY_KIND,
    stem="mean_strength",
)
def mean_strength_by_kind(cohort: Cohort) -> np.ndarray:
    """How strong ties of each kind are.

    Definition  as `mean_strength`, within each kind.
    Returns     (maps, kinds) floats in 0..1.
    Missing     NaN where of no tie of the kind two components are known.
    """
    return _mean_by_kind(cohort, tie_strength(cohort))


@measure(
    label="Component of strength",
    unit="index",
    bounds=(0, 1),
    group="quality",
    source=GRANOVETTER,
    missing=(
        NO_TIES,
        Rule(
            "no_answer",
            lambda c: side_by_side(c, (c.sum((~np.isnan(p)).astype(float)) == 0 for p in components_of_strength(c).T)) > 0,
            lambda c: [~np.isnan(part) for part in components_of_strength(c).T],
        ),
    ),
    family=BY_COMPONENT,
    stem="strength_by",
)
def strength_by_component(cohort: Cohort) -> np.ndarray:
    """The mean of each component of strength over the ties of which it is known.

    Definition  as in `mean_strength`, one component at a time.
    Returns     (maps, components) floats in 0..1.
    Missing     NaN where the component is known of no tie.
    """
    return side_by_side(cohort, (_mean(cohort, part) for part in components_of_strength(cohort).T))
