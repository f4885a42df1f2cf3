"""What ties give and receive. A support recorded with amount "none" is an answer, not a support."""

from collections.abc import Callable

import numpy as np

from kithwork.cohort import Cohort
from kithwork.cohort.columns import any_of, first_of_each, sum_of_runs
from kithwork.measures.composition import share
from kithwork.measures.reasons import NO_TIES, NO_TYPES, Rule, not_asked
from kithwork.measures.registry import measure, once

_OURS = "our definition"
_ASKED = not_asked("supports")


def is_given(cohort: Cohort) -> np.ndarray:
    """(supports,) whether there is any: an empty amount means that it was not said how much."""
    return cohort.supports["amount"] != 0


def goes(cohort: Cohort, *directions: str) -> np.ndarray:
    return is_given(cohort) & any_of(cohort.supports["direction"], cohort.code("direction", *directions))


def support_map(cohort: Cohort) -> np.ndarray:
    return cohort.tie_map[cohort.supports["tie"]]


def _per_map(cohort: Cohort, mask: np.ndarray) -> np.ndarray:
    return sum_of_runs(mask, cohort.support_offsets)


def _ties_with(cohort: Cohort, mask: np.ndarray) -> np.ndarray:
    """(ties,) whether any support of the tie is in the mask."""
    found = np.zeros(cohort.tie_map.size, dtype=bool)
    found[cohort.supports["tie"][mask]] = True
    return found


def once_a_tie(cohort: Cohort, mask: np.ndarray) -> np.ndarray:
    """Rows of supports in the mask, each type once a tie."""
    rows, count = np.flatnonzero(mask), len(cohort.support_types)
    keys = cohort.supports["tie"][rows] * count + cohort.supports["support_type"][rows]
    return rows[first_of_each(keys, cohort.tie_map.size * count)]


@once
def providers(cohort: Cohort) -> np.ndarray:
    """(maps, types in the scheme) ties over which each type of support comes to ego."""
    count = len(cohort.support_types)
    rows = once_a_tie(cohort, goes(cohort, "to_me", "both"))
    cells = support_map(cohort)[rows] * count + cohort.supports["support_type"][rows]
    return np.bincount(cells, minlength=len(cohort) * count).reshape(len(cohort), count)[:, cohort.scheme]


_NOTHING_COMES = Rule("no_support", lambda cohort: (providers(cohort) > 0).sum(axis=1) == 0)
_NO_SUPPORT = Rule("no_support", lambda cohort: _per_map(cohort, is_given(cohort)) == 0)


def _with_rating(cohort: Cohort) -> np.ndarray:
    return is_given(cohort) & (cohort.supports["sufficiency"] >= 0)


def _each_type(mask: Callable[[Cohort], np.ndarray]) -> Callable[[Cohort], list[np.ndarray]]:
    """(ties,) a type in the scheme: the ties with such a support of the type."""
    return lambda cohort: [_ties_with(cohort, mask(cohort) & (cohort.supports["support_type"] == place)) for place in cohort.scheme]


RATED = (lambda cohort: _ties_with(cohort, _with_rating(cohort)), lambda cohort: _ties_with(cohort, is_given(cohort)))
"""Of the ties that give any support, those of which any is rated: `known` and `about` of a rule."""
RATED_BY_TYPE = (_each_type(_with_rating), _each_type(is_given))
_NONE_RATED = Rule("no_answer", lambda cohort: _per_map(cohort, _with_rating(cohort)) == 0, *RATED)


@measure(label="Support coverage", unit="share of support types", bounds=(0, 1), group="support", source=_OURS, missing=(_ASKED, NO_TYPES))
def support_coverage(cohort: Cohort) -> np.ndarray:
    """Share of the types of support in the study that come to ego from anyone or anything.

    Definition  types with at least one provider / types the study asks about; a provider is a tie with support to ego or both ways.
    Returns     (maps,) floats in 0..1; 0 where nothing is named.
    Missing     NaN where support was not asked, and where the study lists no types.
    """
    grid = providers(cohort)
    return share((grid > 0).sum(axis=1).astype(float), np.full(len(cohort), grid.shape[1]))


@measure(
    label="Support gaps", unit="support types", bounds=(0, None), group="support", source=_OURS, missing=(_ASKED, NO_TYPES), is_whole=True
)
def support_gaps(cohort: Cohort) -> np.ndarray:
    """How many types of support in the study come to ego from nobody and nothing.

    Definition  types without a provider.
    Returns     (maps,) whole numbers ≥ 0.
    Missing     NaN where support was not asked, and where the study lists no types.
    """
    return (providers(cohort) == 0).sum(axis=1).astype(float)


@measure(
    label="Types from one provider only",
    unit="support types",
    bounds=(0, None),
    group="support",
    source=_OURS,
    missing=(_ASKED, NO_TYPES),
    is_whole=True,
)
def single_provider_types(cohort: Cohort) -> np.ndarray:
    """How many types of support would be gone with one tie.

    Definition  types with exactly one provider.
    Returns     (maps,) whole numbers ≥ 0.
    Missing     NaN where support was not asked, and where the study lists no types.
    """
    return (providers(cohort) == 1).sum(axis=1).astype(float)


@measure(
    label="Redundancy of support",
    unit="providers a type",
    bounds=(1, None),
    group="support",
    source=_OURS,
    missing=(_ASKED, NO_TYPES, _NOTHING_COMES),
)
def support_redundancy(cohort: Cohort) -> np.ndarray:
    """How many ties provide a type of support, on average over the types that anyone or anything provides.

    Definition  Σ_k R_k / (types with R_k ≥ 1), R_k = providers of type k.
    Returns     (maps,) floats ≥ 1.
    Missing     NaN where support was not asked, and where no type has a provider.
    """
    grid = providers(cohort)
    return share(grid.sum(axis=1).astype(float), (grid > 0).sum(axis=1))


@measure(
    label="Reciprocal ties",
    unit="share of ties",
    bounds=(0, 1),
    group="support",
    source=_OURS,
    missing=(_ASKED, NO_TIES),
)
def reciprocal_share(cohort: Cohort) -> np.ndarray:
    """Share of the ties over which support goes both ways, of the same type or of different types.

    Definition  ties with some support to ego and some from ego / n.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n = 0 and where support was not asked.
    """
    both = _ties_with(cohort, goes(cohort, "to_me", "both")) & _ties_with(cohort, goes(cohort, "from_me", "both"))
    return share(cohort.sum(both), cohort.sizes)


@measure(
    label="Conditional support",
    unit="share of supports",
    bounds=(0, 1),
    group="support",
    source=_OURS,
    missing=(_ASKED, NO_TIES, _NO_SUPPORT),
)
def conditional_share(cohort: Cohort) -> np.ndarray:
    """Share of the supports that depend on something: how ego is, how they are, money, time.

    Definition  supports with a condition, their own or that of their tie / all supports on the map.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where support was not asked, and where none is recorded.
    """
    given = is_given(cohort)
    depends = cohort.supports["is_conditional"] | cohort.ties["is_conditional"][cohort.supports["tie"]]
    return share(_per_map(cohort, given & depends), _per_map(cohort, given))


@measure(
    label="Sufficient support",
    unit="share of rated supports",
    bounds=(0, 1),
    group="support",
    source="our definition, after Brooks et al. (2020), BMC Psychiatry 20:50",
    missing=(not_asked("sufficiency"), NO_TIES, _NONE_RATED),
)
def sufficiency_share(cohort: Cohort) -> np.ndarray:
    """Share of the supports that ego calls enough.

    Definition  supports rated "enough" / supports rated.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where it was not asked, and where no support is rated.
    """
    given, rating = is_given(cohort), cohort.supports["sufficiency"]
    return share(_per_map(cohort, given & (rating == cohort.code("sufficiency", "enough")[0])), _per_map(cohort, given & (rating >= 0)))


@measure(
    label="Multiplexity",
    unit="support types a tie",
    bounds=(0, None),
    group="support",
    source="Verbrugge (1979), Social Forces 57",
    missing=(_ASKED, NO_TIES),
)
def mean_multiplexity(cohort: Cohort) -> np.ndarray:
    """How many types of support go over a tie, on average over all ties, whichever way.

    Definition  Σ_i m_i / n, m_i = types of support on tie i.
    Returns     (maps,) floats ≥ 0.
    Missing     NaN where n = 0 and where support was not asked.
    """
    rows = once_a_tie(cohort, is_given(cohort))
    return share(np.bincount(support_map(cohort)[rows], minlength=len(cohort)).astype(float), cohort.sizes)
