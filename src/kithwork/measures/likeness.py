"""Likeness between ego and alters, in any attribute named with `--by` that is known of both."""

from collections.abc import Callable

import numpy as np

from kithwork.cohort import Cohort
from kithwork.cohort.attributes import NOBODY
from kithwork.cohort.columns import Attribute
from kithwork.measures.composition import share
from kithwork.measures.diversity import knowing
from kithwork.measures.families import BY_EGO_ATTRIBUTE, BY_EGO_NUMBER, categorical, numeric, of_ego, side_by_side
from kithwork.measures.reasons import NO_TIES, Rule
from kithwork.measures.registry import measure

_KRACKHARDT = "Krackhardt & Stern (1988), Social Psychology Quarterly 51:123; egor, comp_ei"


def _of_ego(cohort: Cohort, attribute: Attribute) -> np.ndarray:
    """(ties,) ego's own category or number."""
    assert attribute.ego is not None
    return attribute.ego[cohort.tie_map]


def _with_ego(cohort: Cohort, attribute: Attribute) -> tuple[np.ndarray, np.ndarray]:
    """(maps,) ties of ego's own category, and of another; pairs in which either is not known are neither."""
    ego, alter = _of_ego(cohort, attribute), cohort.ties[attribute.column]
    known = (ego != NOBODY) & (alter >= 0)
    return cohort.sum((known & (alter == ego)).astype(float)), cohort.sum((known & (alter != ego)).astype(float))


def _ego_rule(code: str, holds: Callable[[Cohort, Attribute], np.ndarray], is_number: bool = False) -> Rule:
    def attributes(cohort: Cohort) -> list[Attribute]:
        return of_ego(numeric(cohort) if is_number else categorical(cohort))

    def each(cohort: Cohort) -> np.ndarray:
        return side_by_side(cohort, (holds(cohort, attribute) for attribute in attributes(cohort))) > 0

    return Rule(code, each, lambda cohort: [knowing(cohort, attribute) for attribute in attributes(cohort)])


def _is_ego_unknown(_: Cohort, attribute: Attribute) -> np.ndarray:
    assert attribute.ego is not None
    return np.isnan(attribute.ego) if attribute.is_number else attribute.ego == NOBODY


def _is_no_pair_known(cohort: Cohort, attribute: Attribute) -> np.ndarray:
    if attribute.is_number:
        return cohort.sum((~np.isnan(cohort.ties[attribute.column])).astype(float)) == 0
    like, unlike = _with_ego(cohort, attribute)
    return like + unlike == 0


_EGO_MISSING = (_ego_rule("ego_not_known", _is_ego_unknown), NO_TIES, _ego_rule("no_answer", _is_no_pair_known))
_EGO_NUMBER_MISSING = (_ego_rule("ego_not_known", _is_ego_unknown, True), NO_TIES, _ego_rule("no_answer", _is_no_pair_known, True))


@measure(
    label="E-I with ego",
    unit="index",
    bounds=(-1, 1),
    group="composition",
    source=_KRACKHARDT,
    missing=_EGO_MISSING,
    family=BY_EGO_ATTRIBUTE,
    stem="ei",
)
def ei(cohort: Cohort) -> np.ndarray:
    """Whether alters are mostly unlike ego (1) or like ego (−1) in an attribute.

    Definition  (E − I) / (E + I), E = ties to alters unlike ego, I = like ego; pairs in which either is not known are left out.
    Returns     (maps, attributes) floats in −1..1.
    Missing     NaN where ego's own is not known, and where no tie has an answer.
    """
    pairs = (_with_ego(cohort, attribute) for attribute in of_ego(categorical(cohort)))
    return side_by_side(cohort, (share(unlike - like, unlike + like) for like, unlike in pairs))


@measure(
    label="Like ego",
    unit="share of ties with an answer",
    bounds=(0, 1),
    group="composition",
    source="McCarty, Lubbers, Vacca, Molina (2019), Conducting Personal Network Research",
    missing=_EGO_MISSING,
    family=BY_EGO_ATTRIBUTE,
    stem="share_same",
)
def share_same(cohort: Cohort) -> np.ndarray:
    """Share of the ties to alters who are like ego in an attribute.

    Definition  I / (E + I); pairs in which either is not known are left out of both.
    Returns     (maps, attributes) floats in 0..1.
    Missing     NaN where ego's own is not known, and where no tie has an answer.
    """
    pairs = (_with_ego(cohort, attribute) for attribute in of_ego(categorical(cohort)))
    return side_by_side(cohort, (share(like, unlike + like) for like, unlike in pairs))


@measure(
    label="Number like ego",
    unit="ties",
    bounds=(0, None),
    group="size",
    source="ideanet, num_same",
    missing=_EGO_MISSING,
    family=BY_EGO_ATTRIBUTE,
    stem="count_same",
    is_whole=True,
)
def count_same(cohort: Cohort) -> np.ndarray:
    """How many ties go to alters who are like ego in an attribute.

    Definition  I; pairs in which either is not known do not count.
    Returns     (maps, attributes) whole numbers ≥ 0.
    Missing     NaN where ego's own is not known, and where no tie has an answer.
    """
    return side_by_side(cohort, (_with_ego(cohort, attribute)[0] for attribute in of_ego(categorical(cohort))))


@measure(
    label="Distance from ego",
    unit="as asked",
    bounds=(0, None),
    group="composition",
    source="our definition; ideanet's euclidean distance is √Σd² / n, which shrinks as maps grow",
    missing=_EGO_NUMBER_MISSING,
    family=BY_EGO_NUMBER,
    stem="ego_distance",
)
def ego_distance(cohort: Cohort) -> np.ndarray:
    """By how much alters differ from ego in a number, on average.

    Definition  Σ |x_i − x_ego| / (ties with an answer).
    Returns     (maps, attributes) floats ≥ 0.
    Missing     NaN where ego's own is not known, and where no tie has an answer.
    """
    columns = []
    for number in of_ego(numeric(cohort)):
        apart = np.abs(cohort.ties[number.column] - _of_ego(cohort, number))
        columns.append(share(cohort.sum(np.nan_to_num(apart)), cohort.sum((~np.isnan(apart)).astype(float))))
    return side_by_side(cohort, columns)
