"""Mixed-effects linear regression by restricted maximum likelihood: random intercepts of people, and of what lies within them.

Ours, because statsmodels' `MixedLM` does not come to rest with more than one level where one of them is at the edge of none, as on the
demo study, where lme4 does (docs/models.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from kithwork.measures.models.laplace import Blocks, blocks_of

_STARTS = (0.2, 1.0, 4.0)  # spreads in units of the residual's; a level at the edge can hide a better fit
_FLOOR = 1e-4


@dataclass(frozen=True)
class LinearFit:
    """`beta` (terms,) and their `covariance`; standard deviations of the random intercepts (levels,) and of what remains."""

    beta: np.ndarray
    covariance: np.ndarray
    spread: np.ndarray
    residual: float
    criterion: float
    has_converged: bool


def mixed_linear(y: np.ndarray, x: np.ndarray, levels: Sequence[np.ndarray]) -> LinearFit:
    """Linear regression with a random intercept for every unit of every level.

    Definition  y = xβ + Σ_k b_k + e, b_k ~ N(0, σ_k²), e ~ N(0, σ²); the restricted likelihood, profiled over β and σ, is largest over
                σ_k/σ ≥ 0. Covariance of β: σ² (x'V⁻¹x)⁻¹.
    Shapes      y (rows,), x (rows, terms); levels: codes (rows,), the first is people and the others lie within people.
    Missing     Has not converged, with a covariance of NaN, where nothing remains within the units.
    Source      Patterson & Thompson (1971); as `lmer` of lme4, Bates et al. (2015).
    """
    scale = np.maximum(np.abs(x).max(axis=0), 1e-12)
    blocks = blocks_of(y, np.ones_like(y), x / scale, levels)
    found = min(
        (minimize(lambda theta: _profiled(blocks, theta)[0], np.full(len(levels), start), method="L-BFGS-B", jac="3-point",
                  bounds=[(0.0, 1e4)] * len(levels), options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-7}) for start in _STARTS),
        key=lambda result: result.fun,
    )  # fmt: skip
    theta = np.where(found.x < _FLOOR, 0.0, found.x)
    criterion, beta, inverse, variance = _profiled(blocks, theta)
    is_sound = bool(np.isfinite(criterion) and variance > 0 and theta.max(initial=0) < 1e3)
    covariance = variance * inverse if is_sound else np.full_like(inverse, np.nan)
    sigma = float(np.sqrt(max(variance, 0.0)))
    return LinearFit(
        beta / scale, covariance / np.outer(scale, scale), theta * sigma, sigma, criterion + 2 * float(np.log(scale).sum()), is_sound
    )


def _profiled(blocks: Blocks, theta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray, float]:
    """−2 log restricted likelihood but for a constant, and β, (x'V⁻¹x)⁻¹ and σ² where it is largest."""
    rows, terms = blocks.x.shape
    both = np.column_stack([blocks.x, blocks.y])
    h = blocks.h(np.ones(rows), theta)
    sums = np.stack([blocks.gather(column[:, np.newaxis] * theta) for column in both.T], axis=-1)  # (people, size, terms + 1)
    left = both.T @ both - np.einsum("pik,pil->kl", sums, np.linalg.solve(h, sums))
    inverse = np.linalg.inv(left[:terms, :terms])
    beta = inverse @ left[:terms, terms]
    remains = max(float(left[terms, terms] - left[:terms, terms] @ beta), 1e-300)
    value = np.linalg.slogdet(h)[1].sum() + np.linalg.slogdet(left[:terms, :terms])[1] + (rows - terms) * np.log(remains)
    return float(value), beta, inverse, remains / (rows - terms)
