"""One fit of each kind as estimates, their covariance and what went wrong: mixed models, ours, and statsmodels' GEE."""

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kithwork.measures.models.laplace import mixed_logistic
from kithwork.measures.models.linear import mixed_linear
from kithwork.model.errors import SelectionError

FEW_PEOPLE = 50
_NONE = 1e-3  # log odds: smaller than any difference one could see
_TOO_WIDE = 5.0  # log odds: Laplace is off where units nearly always say the same
_AT_REST = "The search for the best fit did not come to rest, so the estimates may be off."


@dataclass(frozen=True)
class Fit:
    """Estimates and their covariance, intercept first; standard deviations of the random intercepts; what went wrong."""

    beta: np.ndarray
    covariance: np.ndarray
    variation: dict[str, float] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def mixed_yes_or_no(y: np.ndarray, x: np.ndarray, levels: dict[str, np.ndarray]) -> Fit:
    """Mixed-effects logistic regression; our own, so that it needs no further library."""
    found = mixed_logistic(y, x, list(levels.values()))
    problems = [] if found.has_converged else [_AT_REST]
    if found.spread[0] < _NONE:
        problems.append(_no_more_alike(levels))
    for level, spread in zip(levels, found.spread, strict=True):
        if spread > _TOO_WIDE:
            problems.append(
                f"The outcome hardly changes within one {level}, so effects for one {level} cannot be told; use gee, or leave it out."
            )
    return Fit(found.beta, found.covariance, dict(zip(levels, (float(s) for s in found.spread), strict=True)), tuple(problems))


def mixed_number(y: np.ndarray, x: np.ndarray, levels: dict[str, np.ndarray]) -> Fit:
    """Mixed-effects linear regression by restricted maximum likelihood; `levels` as in the logistic one."""
    found = mixed_linear(y, x, list(levels.values()))
    problems = [] if found.has_converged else [_AT_REST]
    if found.spread[0] < _NONE * found.residual:
        problems.append(_no_more_alike(levels))
    return Fit(found.beta, found.covariance, dict(zip(levels, (float(s) for s in found.spread), strict=True)), tuple(problems))


def _no_more_alike(levels: dict[str, np.ndarray]) -> str:
    return (
        f"Ties of one {next(iter(levels))} are no more alike than any others, as far as can be told: their spread is estimated at 0, "
        "the edge of what it can be."
    )


def gee(y: np.ndarray, x: np.ndarray, person: np.ndarray, *, is_number: bool) -> Fit:
    """Generalised estimating equations: what holds on average over people, who are taken as clusters of exchangeable ties.

    The intervals use the robust covariance, corrected for few people (Mancl & DeRouen 2001) below 50.
    """
    _statsmodels()
    from statsmodels.genmod.cov_struct import Exchangeable
    from statsmodels.genmod.families import Binomial, Gaussian
    from statsmodels.genmod.generalized_estimating_equations import GEE

    order = np.argsort(person, kind="stable")
    model = GEE(y[order], x[order], groups=person[order], family=Gaussian() if is_number else Binomial(), cov_struct=Exchangeable())
    how = "bias_reduced" if np.unique(person).size < FEW_PEOPLE else "robust"
    found, problems = _quietly(lambda: model.fit(cov_type=how))
    return Fit(np.asarray(found.params), np.asarray(found.cov_params()), {}, problems)


def _quietly(fit: Any) -> tuple[Any, tuple[str, ...]]:
    """The fit, with what the library warned of as one sentence."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = fit()
    words = [str(warning.message) for warning in told] + ([] if getattr(found, "converged", True) else ["did not converge"])
    if any("converge" in word.lower() or "Hessian" in word for word in words):
        return found, (_AT_REST,)
    if any("boundary" in word.lower() or "singular" in word.lower() for word in words):
        return found, ("Part of the variation between people or maps is as small as it can be, so it cannot be told from none.",)
    return found, ()


def _statsmodels() -> None:
    try:
        import statsmodels  # noqa: F401
    except ModuleNotFoundError:
        raise SelectionError(
            "This model needs statsmodels, which is not installed; install kithwork[models], or choose the method 'counts'."
        ) from None
