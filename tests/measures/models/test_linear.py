"""The mixed linear model against exact sums of balanced data, a dense likelihood, lme4 and statsmodels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.measures.models.linear import mixed_linear


def ones(rows: int) -> np.ndarray:
    return np.ones((rows, 1))


def worked() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Person, map, alter, x and y of a small study made by rule, unbalanced."""
    rows = [(i, j, k) for i in range(8) for j in range(3) for k in range(2 + (i + j) % 4)]
    i, j, k = np.array(rows).T
    x = ((i * 7 + j * 3 + k * 5) % 4).astype(float)
    parts = (i * 37 % 11) / 2, (i * 13 + j * 29) % 7 / 3, (i * 5 + k * 17) % 9 / 2, (i * 3 + j * 5 + k * 7 + i * j * k) % 5 / 4
    return i, i * 3 + j, i * 5 + k, x, sum(parts) - 0.3 * x


def test_lme4_gives_the_same_numbers():
    person, map_, alter, x, y = worked()
    for levels, beta, errors, spread, residual in (  # lmer of lme4 1.1-31, REML
        ([person], (5.648159, -0.278832), (0.730480, 0.142096), (1.951774,), 1.424772),
        ([person, map_], (5.658943, -0.293753), (0.717974, 0.134691), (1.894946, 0.626043), 1.330704),
        ([person, map_, alter], (5.670509, -0.259592), (0.677277, 0.034882), (1.777273, 0.566826, 1.344135), 0.278742),
    ):
        found = mixed_linear(y, np.column_stack([np.ones(y.size), x]), levels)
        assert found.has_converged
        assert found.beta == pytest.approx(beta, abs=2e-5)
        assert np.sqrt(np.diag(found.covariance)) == pytest.approx(errors, abs=2e-5)
        assert found.spread == pytest.approx(spread, abs=1e-4)
        assert found.residual == pytest.approx(residual, abs=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_balanced_data_give_the_sums_of_squares_of_every_textbook(seed: int):
    people, maps, ties = 12, 3, 4
    rng = np.random.default_rng(seed)
    b, c, e = rng.normal(0, 2, people), rng.normal(0, 1.5, (people, maps)), rng.normal(0, 1, (people, maps, ties))
    y = 5 + b[:, None, None] + c[:, :, None] + e
    within = ((y - y.mean(axis=2, keepdims=True)) ** 2).sum() / (people * maps * (ties - 1))
    of_maps = ties * ((y.mean(axis=2) - y.mean(axis=(1, 2))[:, None]) ** 2).sum() / (people * (maps - 1))
    of_people = ties * maps * ((y.mean(axis=(1, 2)) - y.mean()) ** 2).sum() / (people - 1)
    person = np.repeat(np.arange(people), maps * ties)
    found = mixed_linear(y.ravel(), ones(y.size), [person, np.repeat(np.arange(people * maps), ties)])
    assert found.residual**2 == pytest.approx(within, rel=1e-4)
    assert found.spread**2 == pytest.approx(((of_people - of_maps) / (maps * ties), (of_maps - within) / ties), rel=1e-3)
    assert found.beta[0] == pytest.approx(y.mean())
    assert found.covariance[0, 0] == pytest.approx(of_people / y.size, rel=1e-3)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.floats(0, 3), min_size=2, max_size=2))
def test_no_other_spreads_are_more_likely(seed: int, spreads: list[float]):
    """The restricted likelihood written out with one matrix for all rows."""
    rng = np.random.default_rng(seed)
    person = rng.integers(0, 6, 40)
    map_ = person * 3 + rng.integers(0, 3, 40)
    x = np.column_stack([np.ones(40), rng.normal(size=40)])
    y = rng.normal(size=6)[person] * rng.uniform(0, 2) + rng.normal(size=18)[map_] + rng.normal(size=40)

    def dense(ratios: np.ndarray) -> float:
        v = np.eye(40) + sum(r**2 * (codes[:, None] == codes[None, :]) for r, codes in zip(ratios, (person, map_), strict=True))
        inverse = np.linalg.inv(v)
        seen = x.T @ inverse @ x
        left = y - x @ np.linalg.solve(seen, x.T @ inverse @ y)
        return np.linalg.slogdet(v)[1] + np.linalg.slogdet(seen)[1] + 38 * np.log(left @ inverse @ left)

    found = mixed_linear(y, x, [person, map_])
    assert found.criterion == pytest.approx(dense(found.spread / found.residual), rel=1e-9)
    assert found.criterion <= dense(np.array(spreads)) + 1e-6


def test_statsmodels_agrees_with_people_alone():
    api = pytest.importorskip("statsmodels.api")
    person, _, _, x, y = worked()
    design = np.column_stack([np.ones(y.size), x])
    found, peer = mixed_linear(y, design, [person]), api.MixedLM(y, design, person).fit(reml=True)
    assert found.beta == pytest.approx(peer.fe_params, abs=1e-4)
    assert found.spread[0] ** 2 == pytest.approx(peer.cov_re[0, 0], rel=1e-3)


def test_people_who_never_differ_from_themselves_are_no_sound_fit():
    person = np.repeat(np.arange(6), 4)
    found = mixed_linear(person.astype(float), ones(24), [person])
    assert not found.has_converged
    assert np.isnan(found.covariance).all()
