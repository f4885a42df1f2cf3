"""How near the centre and how strong the ties of each kind, group of roles or circle are, and how far they differ. On request."""

from collections.abc import Callable

import numpy as np

from kithwork.cohort import Cohort
from kithwork.measures.diversity import share_of
from kithwork.measures.reasons import NO_TIES, Rule, not_asked
from kithwork.measures.registry import BY_CIRCLE, BY_KIND, BY_ROLE_GROUP, Family, measure
from kithwork.measures.strength import GRANOVETTER, circle_weight, tie_strength

Sort = tuple[Callable[[Cohort], np.ndarray], Callable[[Cohort], int], Family, str]


def _kind(cohort: Cohort) -> np.ndarray:
    place = {code: number for number, code in enumerate(cohort.code("kind", *cohort.kinds))}
    return np.array([place.get(code, -1) for code in range(-1, max(place) + 1)])[cohort.ties["kind"] + 1]


def _role_group(cohort: Cohort) -> np.ndarray:
    return cohort.ties["role_group"]


def _circle(cohort: Cohort) -> np.ndarray:
    return np.minimum(cohort.ties["circle"], cohort.rings) - 1


_SORTS: dict[str, Sort] = {
    "kind": (_kind, lambda cohort: len(cohort.kinds), BY_KIND, ""),
    "role_group": (_role_group, lambda cohort: len(cohort.role_groups), BY_ROLE_GROUP, "_role"),
    "circle": (_circle, lambda cohort: cohort.rings, BY_CIRCLE, "_circle"),
}
_OF_TIES = {
    "circle_weight": (circle_weight, "circle weight", "weight", "our convention", "none_placed"),
    "strength": (tie_strength, "strength", "index", GRANOVETTER, "too_few_components"),
}


def _sums(cohort: Cohort, values: np.ndarray, sort: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(maps, sorts) ties with a value, and sums of the value and of how far it is from the mean of its sort, squared."""
    of_tie, count = _SORTS[sort][0](cohort), _SORTS[sort][1](cohort)
    known = np.where(np.isnan(values), -1, of_tie)
    counts, sums = cohort.sum_by(known, count), cohort.sum_by(known, count, np.nan_to_num(values))
    means = np.column_stack([np.zeros(len(cohort)), share_of(sums, counts)])  # the first column is of what is in no sort
    apart = np.nan_to_num(values - means[cohort.tie_map, known + 1]) ** 2
    return counts, sums, cohort.sum_by(known, count, apart)


def _by_sort(what: str, sort: str, *, is_deviation: bool) -> None:
    values, words, unit, source, why = _OF_TIES[what]
    _, _, family, end = _SORTS[sort]
    one = "deviation" if is_deviation else "mean"

    def each(cohort: Cohort) -> np.ndarray:
        counts, sums, apart = _sums(cohort, values(cohort), sort)
        return np.sqrt(share_of(apart, counts)) if is_deviation else share_of(sums, counts)

    each.__name__ = f"{one}_{what}_by_{sort}"
    said = (
        f"How far the ties of each {family.one_a} differ in {words}" if is_deviation else f"The mean {words} of each {family.one_a}'s ties"
    )
    each.__doc__ = f"""{said}.

    Definition  as `{one}_{what}`, within each {family.one_a}.
    Returns     (maps, {family.one_a}s) floats in 0..1.
    Missing     NaN where it is known of no tie of the {family.one_a}.
    """
    none = Rule(
        why,
        lambda cohort: _sums(cohort, values(cohort), sort)[0] == 0,
        lambda cohort: ~np.isnan(values(cohort)),
        lambda cohort: [_SORTS[sort][0](cohort) == place for place in range(_SORTS[sort][1](cohort))],
    )
    asked = (not_asked("circle"),) if what == "circle_weight" else ()
    label = f"{'Spread of' if is_deviation else 'Mean'} {words}"
    how: dict = {"unit": unit, "bounds": (0, 1), "source": source, "group": "quality", "is_on_request": True}
    measure(label=label, missing=(*asked, NO_TIES, none), family=family, stem=f"{one}_{what}{end}", **how)(each)


for _sort in ("kind", "role_group", "circle"):
    for _what in ("circle_weight", "strength"):
        if (_sort, _what) == ("circle", "circle_weight"):  # the same for every tie of a circle
            continue
        for _is_deviation in (False, True):
            if not (_sort == "kind" and not _is_deviation):  # means by kind stand in `strength`
                _by_sort(_what, _sort, is_deviation=_is_deviation)
