"""What ties are like to ego: trust, reliability, security, effort, whether they help or hinder. Comparable across kinds."""

import numpy as np

from kithwork.cohort import Cohort
from kithwork.cohort.columns import any_of
from kithwork.measures.composition import share
from kithwork.measures.reasons import NO_TIES, NONE_OF_KIND, Rule, answered, by_kind, no_answer, no_answer_by_kind, not_asked
from kithwork.measures.registry import BY_KIND, BY_VALENCE, measure

_SEED = "our definition, after Brooks et al. (2020), BMC Psychiatry 20:50"
_NOT_TRUST = "not_applicable"


def _missing(column: str, *but: str) -> tuple[Rule, ...]:
    return not_asked(column), NO_TIES, no_answer(column, *but)


def _missing_by_kind(column: str, *but: str) -> tuple[Rule, ...]:
    return not_asked(column), NONE_OF_KIND, no_answer_by_kind(column, *but)


def _mean(cohort: Cohort, column: str) -> np.ndarray:
    return share(cohort.sum(np.nan_to_num(cohort.ties[column])), cohort.sum(answered(cohort, column)))


def _mean_by_kind(cohort: Cohort, column: str) -> np.ndarray:
    whole = by_kind(cohort, answered(cohort, column))
    return np.divide(by_kind(cohort, np.nan_to_num(cohort.ties[column])), whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def _is_trusted(cohort: Cohort) -> np.ndarray:
    return any_of(cohort.ties["trust"], cohort.code("trust", "present", "strong"))


@measure(label="Trust", unit="share of rated ties", bounds=(0, 1), group="quality", source=_SEED, missing=_missing("trust", _NOT_TRUST))
def trust_share(cohort: Cohort) -> np.ndarray:
    """Share of the ties in which there is trust.

    Definition  ties with trust "present" or "strong" / ties whose trust is told and for which it is a matter of trust.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where trust was not asked, and where no tie has an answer.
    """
    return share(cohort.sum(_is_trusted(cohort)), cohort.sum(answered(cohort, "trust", _NOT_TRUST)))


@measure(
    label="Trust",
    unit="share of rated ties",
    bounds=(0, 1),
    group="quality",
    source=_SEED,
    missing=_missing_by_kind("trust", _NOT_TRUST),
    family=BY_KIND,
    stem="trust_share",
)
def trust_share_by_kind(cohort: Cohort) -> np.ndarray:
    """Share of the ties of each kind in which there is trust.

    Definition  as `trust_share`, within each kind.
    Returns     (maps, kinds) floats in 0..1.
    Missing     NaN where trust was not asked, and where no tie of the kind has an answer.
    """
    whole = by_kind(cohort, answered(cohort, "trust", _NOT_TRUST))
    return np.divide(by_kind(cohort, _is_trusted(cohort)), whole, out=np.full(whole.shape, np.nan), where=whole > 0)


@measure(label="Mean reliability", unit="scale 0–4", bounds=(0, 4), group="quality", source=_SEED, missing=_missing("reliability"))
def mean_reliability(cohort: Cohort) -> np.ndarray:
    """How far ties can be relied on to be there, on average.

    Definition  mean of reliability over ties with an answer.
    Returns     (maps,) floats in 0..4.
    Missing     NaN where it was not asked, and where no tie has an answer.
    """
    return _mean(cohort, "reliability")


@measure(
    label="Mean reliability",
    unit="scale 0–4",
    bounds=(0, 4),
    group="quality",
    source=_SEED,
    missing=_missing_by_kind("reliability"),
    family=BY_KIND,
    stem="mean_reliability",
)
def mean_reliability_by_kind(cohort: Cohort) -> np.ndarray:
    """How far ties of each kind can be relied on, on average.

    Definition  mean of reliability over ties of the kind with an answer.
    Returns     (maps, kinds) floats in 0..4.
    Missing     NaN where it was not asked, and where no tie of the kind has an answer.
    """
    return _mean_by_kind(cohort, "reliability")


@measure(label="Mean security", unit="scale 0–4", bounds=(0, 4), group="quality", source=_SEED, missing=_missing("security"))
def mean_security(cohort: Cohort) -> np.ndarray:
    """How safe and steady ties make ego feel, on average.

    Definition  mean of security over ties with an answer.
    Returns     (maps,) floats in 0..4.
    Missing     NaN where it was not asked, and where no tie has an answer.
    """
    return _mean(cohort, "security")


@measure(
    label="Mean security",
    unit="scale 0–4",
    bounds=(0, 4),
    group="quality",
    source=_SEED,
    missing=_missing_by_kind("security"),
    family=BY_KIND,
    stem="mean_security",
)
def mean_security_by_kind(cohort: Cohort) -> np.ndarray:
    """How safe and steady ties of each kind make ego feel, on average.

    Definition  mean of security over ties of the kind with an answer.
    Returns     (maps, kinds) floats in 0..4.
    Missing     NaN where it was not asked, and where no tie of the kind has an answer.
    """
    return _mean_by_kind(cohort, "security")


@measure(label="Mean effort", unit="scale 0–4", bounds=(0, 4), group="quality", source=_SEED, missing=_missing("effort"))
def mean_effort(cohort: Cohort) -> np.ndarray:
    """What ties take from ego to keep up, on average.

    Definition  mean of effort over ties with an answer.
    Returns     (maps,) floats in 0..4.
    Missing     NaN where it was not asked, and where no tie has an answer.
    """
    return _mean(cohort, "effort")


@measure(
    label="Share",
    unit="share of rated ties",
    bounds=(0, 1),
    group="quality",
    source=_SEED,
    missing=_missing("valence"),
    family=BY_VALENCE,
    stem="share",
)
def share_by_valence(cohort: Cohort) -> np.ndarray:
    """Share of the ties that help, hinder, do both, or neither.

    Definition  ties with the answer / ties with any answer; the shares add up to 1.
    Returns     (maps, answers) floats in 0..1.
    Missing     NaN where it was not asked, and where no tie has an answer.
    """
    answers = cohort.sum_by(cohort.ties["valence"], 4)
    return share(answers, answers.sum(axis=1))
