"""Mixed-effects logistic regression against published results, numerical integration and known effects."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.special import gammaln

from kithwork.measures.models.laplace import blocks_of, mixed_logistic

# Herds of cattle: new cases, animals, period; Lesnoff et al. (2004), as in lme4's `cbpp`.
HERDS = """1 2 14 1|1 3 12 2|1 4 9 3|1 0 5 4|2 3 22 1|2 1 18 2|2 1 21 3|3 8 22 1|3 2 16 2|3 0 16 3|3 2 20 4|4 2 10 1|4 0 10 2|4 2 9 3
|4 0 6 4
|5 5 18 1|5 0 25 2|5 0 24 3|5 1 4 4|6 3 17 1|6 0 17 2|6 0 18 3|6 1 20 4|7 8 16 1|7 1 10 2|7 3 9 3|7 0 5 4|8 12 34 1|9 2 9 1|9 0 6 2|9 0 8 3
|9 0 6 4|10 1 22 1|10 1 22 2|10 0 18 3|10 2 22 4|11 0 25 1|11 5 27 2|11 3 22 3|11 1 22 4|12 2 10 1|12 1 8 2|12 0 6 3|12 0 5 4|13 1 21 1
|13 2 24 2|13 0 19 3|13 0 23 4|14 11 19 1|14 0 2 2|14 0 3 3|14 0 2 4|15 1 19 1|15 1 15 2|15 1 15 3|15 0 15 4"""


def herds() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rows = np.array([[float(value) for value in row.split()] for row in HERDS.split("|")])
    x = np.column_stack([np.ones(len(rows)), *(rows[:, 3] == period for period in (2, 3, 4))]).astype(float)
    return rows[:, 1], x, rows[:, 0].astype(int), rows[:, 2]


def nested(seed: int, people: int = 60, maps: int = 3, ties: int = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Ties in maps in people; effects 0.5 (constant), 0.8 (of ties), 0.5 (of people); spreads 1 and 0.5."""
    rng = np.random.default_rng(seed)
    person, of_map = np.repeat(np.arange(people), maps * ties), np.repeat(np.arange(people * maps), ties)
    of_tie, of_person = rng.normal(size=person.size), rng.normal(size=people)[person]
    eta = 0.5 + 0.8 * of_tie + 0.5 * of_person + rng.normal(size=people)[person] + 0.5 * rng.normal(size=people * maps)[of_map]
    y = (rng.random(person.size) < 1 / (1 + np.exp(-eta))).astype(float)
    return y, np.column_stack([np.ones(person.size), of_tie, of_person]), person, of_map


def test_published_results_of_lme4_are_found():
    y, x, herd, animals = herds()
    fit = mixed_logistic(y, x, [herd], animals)
    assert fit.has_converged
    assert fit.beta == pytest.approx([-1.3983, -0.9919, -1.1282, -1.5797], abs=1e-3)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx([0.2325, 0.3067, 0.3266, 0.4274], abs=1e-3)
    assert fit.spread == pytest.approx([0.6421], abs=1e-3)
    constant = 2 * (gammaln(animals + 1) - gammaln(y + 1) - gammaln(animals - y + 1)).sum()
    assert fit.deviance - constant == pytest.approx(184.1, abs=0.05)


def test_the_deviance_is_close_to_the_integral_it_stands_for():
    y, x, person, _ = nested(2, people=30, maps=1, ties=25)
    beta, spread = np.array([0.4, 0.7, 0.3]), 0.9
    told = blocks_of(y, np.ones_like(y), x, [person]).deviance(np.array([*beta, spread]))[0]
    points, weights = np.polynomial.hermite_e.hermegauss(60)
    eta = (x @ beta)[:, np.newaxis] + spread * points
    logs = y[:, np.newaxis] * eta - np.logaddexp(0, eta)
    by_person = np.array([np.exp(logs[person == one].sum(axis=0)) @ weights for one in range(30)]) / np.sqrt(2 * np.pi)
    assert told == pytest.approx(-2 * np.log(by_person).sum(), rel=2e-3)


def test_the_slope_is_that_of_the_deviance():
    y, x, person, of_map = nested(3, people=8)
    blocks = blocks_of(y, np.ones_like(y), x, [person, of_map])
    at = np.array([0.3, 0.6, 0.2, 0.8, 0.4])
    assert blocks.deviance(at)[1] == pytest.approx(approx_fprime(at, lambda p: blocks.deviance(p)[0], 1e-6), abs=2e-3)


def test_known_effects_are_found_and_intervals_hold_them():
    fits = [mixed_logistic(y, x, [person, of_map]) for y, x, person, of_map in (nested(seed) for seed in range(20))]
    betas, truth = np.array([fit.beta for fit in fits]), np.array([0.5, 0.8, 0.5])
    errors = np.array([np.sqrt(np.diag(fit.covariance)) for fit in fits])
    assert betas.mean(axis=0) == pytest.approx(truth, abs=0.1)
    assert np.mean([fit.spread for fit in fits], axis=0) == pytest.approx([1, 0.5], abs=0.12)
    assert (np.abs(betas - truth) < 1.96 * errors).mean() > 0.85
    # errors are as large as estimates really differ, also for what differs only between people
    assert errors.mean(axis=0) == pytest.approx(betas.std(axis=0), rel=0.4)


def test_without_any_difference_between_people_it_is_a_plain_logistic_regression():
    rng = np.random.default_rng(5)
    x = np.column_stack([np.ones(400), rng.normal(size=400)])
    person = np.repeat(np.arange(40), 10)
    y = np.tile([1.0, 0, 1, 0, 1, 0, 1, 0, 1, 1], 40)  # the same share for everyone
    fit = mixed_logistic(y, x, [person])
    assert fit.spread[0] == 0
    assert fit.has_converged
    share = 1 / (1 + np.exp(-x @ fit.beta))
    assert x.T @ (y - share) == pytest.approx([0, 0], abs=1e-2)


def test_units_of_a_predictor_change_its_effect_and_nothing_else():
    y, x, person, of_map = nested(6, people=30)
    one, thousand = (mixed_logistic(y, x * np.array([1, factor, 1]), [person, of_map]) for factor in (1, 1000))
    assert thousand.beta * np.array([1, 1000, 1]) == pytest.approx(one.beta, abs=1e-3)
    assert thousand.deviance == pytest.approx(one.deviance, abs=1e-4)
