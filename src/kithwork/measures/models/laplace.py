"""Mixed-effects logistic regression by Laplace's approximation: random intercepts of people, and of what lies within them.

Ours, because no kept Python library has it: the two ways of statsmodels' `BinomialBayesMixedGLM` were tried, and one gave intervals a
third as wide as they should be for what differs between people, the other did not converge (docs/models.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

_STEPS = 60
_CLOSE = 1e-9
_SEARCH = {"maxiter": 500, "ftol": 1e-12, "gtol": 1e-6}
_STARTS = (0.2, 1.0)  # spreads; with several levels one start can end beside the best
_FLOOR = 1e-4  # a standard deviation below this is none


@dataclass(frozen=True)
class LogisticFit:
    """`beta` (terms,) log odds and their `covariance`; `spread` (levels,) standard deviations of the random intercepts."""

    beta: np.ndarray
    covariance: np.ndarray
    spread: np.ndarray
    deviance: float
    has_converged: bool


@dataclass
class Blocks:
    """Every random intercept of one person is one block, so that all people are solved at once as a stack of small matrices."""

    y: np.ndarray  # (rows,) successes
    trials: np.ndarray
    x: np.ndarray  # (rows, terms)
    block: np.ndarray  # (rows,) person
    cell: np.ndarray  # (rows, levels) place of the row's intercepts in the person's block
    people: int
    size: int
    start: np.ndarray  # (people, size) where the search for the intercepts begins

    def solved(self, beta: np.ndarray, spread: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Intercepts (people, size) in units of their spread at their mode, the matrices H there, and the mean and weight of each row."""
        fixed, u = self.x @ beta, self.start
        value = self._penalised(fixed, u, spread)
        for _ in range(_STEPS):
            mean, weight = self._mean(fixed, u, spread)
            h = self.h(weight, spread)
            slope = self.gather((self.y - mean)[:, np.newaxis] * spread) - u
            step = np.linalg.solve(h, slope[..., np.newaxis])[..., 0]
            size = 1.0
            while (trial := self._penalised(fixed, u + size * step, spread)) > value + 1e-12 and size > 1e-4:
                size /= 2
            u, gain, value = u + size * step, value - trial, trial
            if abs(gain) < _CLOSE * (1 + abs(value)) and np.abs(step).max(initial=0) < 1e-6:
                break
        self.start = u
        mean, weight = self._mean(fixed, u, spread)
        return u, self.h(weight, spread), mean, weight

    def _mean(self, fixed: np.ndarray, u: np.ndarray, spread: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        share = 1 / (1 + np.exp(-np.clip(fixed + self._of_rows(u) @ spread, -35, 35)))
        return self.trials * share, self.trials * share * (1 - share)

    def log_likelihood(self, fixed: np.ndarray, u: np.ndarray, spread: np.ndarray) -> float:
        eta = fixed + self._of_rows(u) @ spread
        return float(self.y @ eta - self.trials @ np.logaddexp(0, eta))

    def _penalised(self, fixed: np.ndarray, u: np.ndarray, spread: np.ndarray) -> float:
        return -2 * self.log_likelihood(fixed, u, spread) + float((u**2).sum())

    def _of_rows(self, u: np.ndarray) -> np.ndarray:
        return u[self.block[:, np.newaxis], self.cell]

    def gather(self, values: np.ndarray) -> np.ndarray:
        """(people, size) sums of values (rows, levels) by intercept."""
        cells = self.block[:, np.newaxis] * self.size + self.cell
        return np.bincount(cells.ravel(), weights=values.ravel(), minlength=self.people * self.size).reshape(self.people, self.size)

    def h(self, weight: np.ndarray, spread: np.ndarray) -> np.ndarray:
        """(people, size, size) 1 + Z'WZ, Z the intercepts of each row in units of their spread."""
        levels, cells = self.cell.shape[1], np.zeros(self.people * self.size**2)
        for one in range(levels):
            for other in range(levels):
                place = (self.block * self.size + self.cell[:, one]) * self.size + self.cell[:, other]
                cells += np.bincount(place, weights=weight * spread[one] * spread[other], minlength=cells.size)
        return cells.reshape(self.people, self.size, self.size) + np.eye(self.size)

    def deviance(self, parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """−2 log likelihood by Laplace, and its slope; parameters are beta, then the spread of each level."""
        terms = self.x.shape[1]
        beta, spread = parameters[:terms], parameters[terms:]
        u, h, mean, weight = self.solved(beta, spread)
        inverse, (_, logs) = np.linalg.inv(h), np.linalg.slogdet(h)
        fixed = self.x @ beta
        value = self._penalised(fixed, u, spread) + logs.sum()
        of_row = inverse[self.block[:, np.newaxis, np.newaxis], self.cell[:, :, np.newaxis], self.cell[:, np.newaxis, :]]
        leverage = np.einsum("ikl,k,l->i", of_row, spread, spread)
        pull = leverage * weight * (1 - 2 * mean / self.trials)  # slope of log |H| in each row's predictor
        residual, own = self.y - mean, self._of_rows(u)
        solved_pull = np.einsum("pij,pj->pi", inverse, self.gather(pull[:, np.newaxis] * spread))
        back = pull - weight * (self._of_rows(solved_pull) @ spread)  # pull on the row itself, and through the intercepts it moves
        slope_beta = -2 * self.x.T @ residual + self.x.T @ back
        slope_spread = np.empty(spread.size)
        for level in range(spread.size):
            direct = 2 * weight @ np.einsum("il,l->i", of_row[:, level, :], spread)
            moved = self.gather(np.eye(spread.size)[level] * residual[:, np.newaxis])
            slope_spread[level] = -2 * residual @ own[:, level] + direct + back @ own[:, level] + float((moved * solved_pull).sum())
        return float(value), np.concatenate([slope_beta, slope_spread])


def mixed_logistic(y: np.ndarray, x: np.ndarray, levels: Sequence[np.ndarray], trials: np.ndarray | None = None) -> LogisticFit:
    """Logistic regression with a random intercept for every unit of every level.

    Definition  logit P(y = 1) = xβ + Σ_k b_k, b_k ~ N(0, σ_k²); −2 log likelihood by Laplace's approximation at the mode of b, least
                over β and σ ≥ 0. Covariance of β from the second derivatives over β and every σ > 0.
    Shapes      y, trials (rows,), x (rows, terms); levels: codes (rows,), the first is people and the others lie within people.
    Source      Breslow & Clayton (1993); as `glmer` of lme4, Bates et al. (2015).
    """
    trials = np.ones_like(y) if trials is None else trials
    scale = np.maximum(np.abs(x).max(axis=0), 1e-12)
    blocks = blocks_of(y, trials, x / scale, levels)
    terms, count = x.shape[1], len(levels)
    plain = _plain(y, trials, x / scale)
    bounds = [(None, None)] * terms + [(0.0, None)] * count
    found = min(
        (
            minimize(
                blocks.deviance, np.concatenate([plain, np.full(count, at)]), jac=True, method="L-BFGS-B", bounds=bounds, options=_SEARCH
            )
            for at in _STARTS
        ),
        key=lambda result: result.fun,
    )
    spread = np.where(found.x[terms:] < _FLOOR, 0.0, found.x[terms:])
    best = np.concatenate([found.x[:terms], spread])
    free = np.concatenate([np.ones(terms, dtype=bool), spread > 0])
    hessian = _curvature(blocks, best, free)
    slope = blocks.deviance(best)[1][free]
    is_flat = bool(np.linalg.eigvalsh(hessian).min() > 1e-8)
    covariance = np.linalg.inv(hessian / 2)[:terms, :terms] if is_flat else np.full((terms, terms), np.nan)
    has_converged = is_flat and float(slope @ np.linalg.solve(hessian, slope)) < 1e-3
    return LogisticFit(best[:terms] / scale, covariance / np.outer(scale, scale), spread, float(found.fun), has_converged)


def _plain(y: np.ndarray, trials: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Logistic regression without random intercepts, to begin with."""
    beta = np.zeros(x.shape[1])
    for _ in range(8):
        share = 1 / (1 + np.exp(-np.clip(x @ beta, -8, 8)))
        weight = trials * share * (1 - share) + 1e-6
        beta = beta + np.linalg.lstsq(x.T @ (weight[:, np.newaxis] * x), x.T @ (y - trials * share), rcond=None)[0]
    return np.clip(beta, -8, 8)


def blocks_of(y: np.ndarray, trials: np.ndarray, x: np.ndarray, levels: Sequence[np.ndarray]) -> Blocks:
    """The rows with the place of each of their intercepts; levels as in `mixed_logistic`."""
    person = np.unique(levels[0], return_inverse=True)[1]
    people, cells, width = int(person.max()) + 1, [], 0
    for codes in levels:
        units, unit = np.unique(np.column_stack([person, codes]), axis=0, return_inverse=True)
        of_person = units[:, 0]
        first = np.searchsorted(of_person, np.arange(people))
        cells.append(width + unit.ravel() - first[person])
        width += int(np.bincount(of_person).max())
    return Blocks(y, trials, x, person, np.column_stack(cells), people, width, np.zeros((people, width)))


def _curvature(blocks: Blocks, best: np.ndarray, free: np.ndarray) -> np.ndarray:
    places = np.flatnonzero(free)
    rows = []
    for place in places:
        step = np.zeros(best.size)
        step[place] = 1e-4 * max(abs(best[place]), 0.1)
        rows.append((blocks.deviance(best + step)[1] - blocks.deviance(best - step)[1])[places] / (2 * step[place]))
    hessian = np.array(rows)
    return (hessian + hessian.T) / 2
