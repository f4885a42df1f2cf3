"""Weighted means and shares against a slow count, textbook cases, a robust regression and the jackknife."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwork.measures.weighted import design_of, summary, weighted_mean, weighted_ratio
from kithwork.model.errors import SelectionError, StudyError


def drawn(seed: int, strata: int = 3, clusters: int = 5, rows: int = 90) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    stratum, cluster = np.arange(rows) % strata, rng.integers(0, clusters, rows)
    cluster[: strata * 2] = np.repeat([0, 1], strata)  # two clusters in every stratum at least
    value = rng.normal(size=rows) + 0.5 * cluster
    return pl.DataFrame(
        {"w": rng.uniform(0.5, 4, rows), "town": cluster, "region": stratum, "y": value, "x": rng.uniform(1, 3, rows), "yes": value > 1}
    )


def slow(frame: pl.DataFrame, x: str | None = None) -> tuple[float, float]:
    """Ratio and standard error, cluster by cluster."""
    rows = frame.to_dicts()
    total = sum(row["w"] * (row[x] if x else 1) for row in rows)
    ratio = sum(row["w"] * row["y"] for row in rows) / total
    variance = 0.0
    for stratum in {row["region"] for row in rows}:
        sums: dict[int, float] = {}
        for row in rows:
            if row["region"] == stratum:
                sums[row["town"]] = sums.get(row["town"], 0) + row["w"] * (row["y"] - ratio * (row[x] if x else 1)) / total
        mean = sum(sums.values()) / len(sums)
        variance += len(sums) / (len(sums) - 1) * sum((part - mean) ** 2 for part in sums.values())
    return ratio, variance**0.5


@pytest.mark.parametrize("seed", range(8))
def test_means_and_ratios_agree_with_a_slow_count(seed: int):
    frame = drawn(seed)
    design = design_of(frame, "w", "town", "region")
    y, x = frame["y"].to_numpy(), frame["x"].to_numpy()
    mean, ratio = weighted_mean(y, design), weighted_ratio(y, x, design)
    assert (mean.mean, mean.error) == pytest.approx(slow(frame), rel=1e-12)
    assert (ratio.mean, ratio.error) == pytest.approx(slow(frame, "x"), rel=1e-12)
    assert mean.clusters == frame.select("region", "town").n_unique()


def test_samplics_gives_the_same_numbers():
    rng = np.random.default_rng(0)
    region, town, w = np.arange(120) % 3, rng.integers(0, 6, 120), rng.uniform(0.5, 4, 120)
    y, x = rng.normal(size=120) + town, rng.uniform(1, 3, 120)
    design = design_of(pl.DataFrame({"w": w, "town": town, "region": region}), "w", "town", "region")
    mean, ratio = weighted_mean(y, design), weighted_ratio(y, x, design)  # against TaylorEstimator of samplics 0.6.1
    assert (mean.mean, mean.error) == pytest.approx((2.432251255964667, 0.4108625067930327), rel=1e-12)
    assert (mean.low, mean.high) == pytest.approx((1.5565185525731073, 3.307983959356227), rel=1e-12)
    assert (ratio.mean, ratio.error) == pytest.approx((1.2072645946690654, 0.19753784010803876), rel=1e-12)


def test_survey_of_r_gives_the_same_numbers():
    frame = drawn(0)
    design = design_of(frame, "w", "town", "region")
    y, x = frame["y"].to_numpy(), frame["x"].to_numpy()
    mean, ratio = weighted_mean(y, design), weighted_ratio(y, x, design)  # svymean with deff="replace", svyratio and svyby of survey 4.1-1
    assert (mean.mean, mean.error) == pytest.approx((1.09349420473575, 0.162413907801489), rel=1e-12)
    assert (mean.low, mean.high) == pytest.approx((0.739624698701479, 1.44736371077003), rel=1e-12)
    assert mean.design_effect == pytest.approx(1.99689067968859, rel=1e-12)
    assert (ratio.mean, ratio.error) == pytest.approx((0.51467679195749, 0.0687919344159736), rel=1e-12)
    groups = summary(frame, ["y"], weights="w", cluster="town", strata="region", by=["yes"]).sort("yes")
    assert groups["mean"].to_list() == pytest.approx([0.164952534639321, 1.96187743684884], rel=1e-12)
    assert groups["error"].to_list() == pytest.approx([0.135295634304102, 0.118352957948421], rel=1e-12)


def test_without_a_design_it_is_the_plain_mean_and_its_standard_error():
    y = np.array([2.0, 4, 4, 7, 9, 1, 3])
    made = weighted_mean(y, design_of(pl.DataFrame({"y": y})))
    assert made.mean == pytest.approx(y.mean())
    assert made.error == pytest.approx(y.std(ddof=1) / np.sqrt(7))
    assert made.design_effect == pytest.approx(1)
    assert (made.low, made.high) == pytest.approx((y.mean() - 2.446912 * made.error, y.mean() + 2.446912 * made.error), rel=1e-6)


def test_clusters_of_one_size_give_the_spread_of_their_means():
    rng = np.random.default_rng(2)
    y, town = rng.normal(size=60), np.repeat(np.arange(12), 5)
    made = weighted_mean(y, design_of(pl.DataFrame({"town": town}), cluster="town"))
    means = y.reshape(12, 5).mean(axis=1)
    assert made.error == pytest.approx(means.std(ddof=1) / np.sqrt(12))


def test_it_agrees_with_a_regression_on_a_constant_with_robust_errors():
    api = pytest.importorskip("statsmodels.api")
    frame = drawn(5, strata=1, clusters=12)
    made = weighted_mean(frame["y"].to_numpy(), design_of(frame, "w", "town"))
    model = api.WLS(frame["y"].to_numpy(), np.ones(frame.height), weights=frame["w"].to_numpy())
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": frame["town"].to_numpy(), "use_correction": False})
    assert made.mean == pytest.approx(fit.params[0])
    assert made.error == pytest.approx(fit.bse[0] * np.sqrt(12 / 11))


def test_leaving_out_one_cluster_at_a_time_gives_nearly_the_same_error():
    frame = drawn(7, strata=1, clusters=30, rows=600)
    design = design_of(frame, "w", "town")
    made = weighted_mean(frame["yes"].cast(pl.Float64).to_numpy(), design)
    left = [frame.filter(pl.col("town") != town) for town in range(30)]
    means = np.array([np.average(part["yes"].cast(pl.Float64), weights=part["w"]) for part in left])
    assert made.error == pytest.approx(np.sqrt(29 / 30 * ((means - means.mean()) ** 2).sum()), rel=0.03)


@given(st.integers(0, 50), st.floats(0.01, 1000))
def test_the_unit_of_the_weights_changes_nothing(seed: int, factor: float):
    frame = drawn(seed)
    y = frame["y"].to_numpy()
    one = weighted_mean(y, design_of(frame, "w", "town", "region"))
    other = weighted_mean(y, design_of(frame.with_columns(w=pl.col("w") * factor), "w", "town", "region"))
    assert (one.mean, one.error, one.design_effect) == pytest.approx((other.mean, other.error, other.design_effect), rel=1e-9)


def test_a_group_is_a_part_of_the_whole_design():
    frame = drawn(9)
    made = summary(frame, ["y"], weights="w", cluster="town", strata="region", by=["yes"])
    row = made.filter(yes=True).row(0, named=True)
    flags = frame["yes"].cast(pl.Float64).to_numpy()
    whole = weighted_ratio(frame["y"].to_numpy() * flags, flags, design_of(frame, "w", "town", "region"))
    assert (row["mean"], row["error"], row["clusters"]) == pytest.approx((whole.mean, whole.error, whole.clusters))


def test_an_empty_value_is_left_out_and_counted_never_zero():
    frame = pl.DataFrame({"w": [1.0, 1, 2, 4], "size": [2, None, 4, None], "density": [None, None, None, None]}).with_columns(
        density=pl.lit(None, dtype=pl.Float64)
    )
    made = summary(frame, weights="w")
    size, density = made.filter(measure="size").row(0, named=True), made.filter(measure="density").row(0, named=True)
    assert (size["mean"], size["rows"], size["empty"], size["weight"]) == (pytest.approx(10 / 3), 2, 2, 3.0)
    assert (density["mean"], density["why"]) == (None, "no row with a weight has a value")


def test_a_stratum_of_one_cluster_has_a_mean_but_no_error():
    frame = pl.DataFrame({"y": [1.0, 2, 3], "town": ["a", "b", "c"], "region": ["n", "n", "s"]})
    row = summary(frame, ["y"], cluster="town", strata="region").row(0, named=True)
    assert (row["mean"], row["error"], row["low"]) == (2.0, None, None)
    assert row["why"] == "a stratum has one cluster only, so its variance is not known"


def test_of_a_population_that_is_counted_the_part_drawn_has_no_error():
    y = np.array([3.0, 5, 4, 8, 1, 7])
    frame = pl.DataFrame({"y": y, "many": [20] * 6})
    made = weighted_mean(y, design_of(frame, population="many"))
    assert made.error == pytest.approx(((1 - 6 / 20) * y.var(ddof=1) / 6) ** 0.5)  # Cochran (1977), eq. 2.20
    assert weighted_mean(y, design_of(frame.with_columns(many=6), population="many")).error == 0


def test_strata_of_a_counted_population_are_those_of_the_textbook():
    y, region = np.array([2.0, 4, 9, 5, 6, 10, 12, 14]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
    sizes = np.array([10, 30])
    frame = pl.DataFrame({"y": y, "region": region, "w": sizes[region] / 4, "many": sizes[region]})
    made = weighted_mean(y, design_of(frame, "w", strata="region", population="many"))
    wanted = sum((n / 40) ** 2 * (1 - 4 / n) * y[region == h].var(ddof=1) / 4 for h, n in enumerate(sizes))  # Cochran (1977), eq. 5.7
    assert (made.mean, made.error) == pytest.approx((sum(n / 40 * y[region == h].mean() for h, n in enumerate(sizes)), wanted**0.5))


def test_a_stratum_of_one_cluster_that_is_all_of_it_adds_no_error():
    frame = pl.DataFrame({"y": [1.0, 2, 3], "town": ["a", "b", "c"], "region": ["n", "n", "s"], "many": [9, 9, 1]})
    with_it = summary(frame, ["y"], cluster="town", strata="region", population="many").row(0, named=True)
    assert with_it["why"] is None
    assert with_it["error"] == pytest.approx(((1 - 2 / 9) * 2 * 2 * (0.5 / 3) ** 2) ** 0.5)


@pytest.mark.parametrize(("many", "said"), [([1, 1, 1], "smaller than"), ([9, 8, 1], "differs"), ([9, None, 1], "every row")])
def test_a_population_that_cannot_be_is_told(many: list, said: str):
    frame = pl.DataFrame({"y": [1.0, 2, 3], "town": ["a", "b", "c"], "region": ["n", "n", "s"], "many": many})
    with pytest.raises(StudyError, match=said):
        design_of(frame, cluster="town", strata="region", population="many")


def test_what_cannot_be_a_design_is_refused_in_one_sentence():
    frame = pl.DataFrame({"y": [1.0, 2], "weight": [1.0, None], "minus": [1.0, -1], "town": ["a", None], "words": ["a", "b"]})
    for call, kind, said in (
        (dict(weights="wieght"), SelectionError, "Did you mean 'weight'?"),
        (dict(weights="weight"), StudyError, "fill in those that are empty"),
        (dict(weights="minus"), StudyError, "0 or more"),
        (dict(weights="words"), StudyError, "must be numbers"),
        (dict(cluster="town"), StudyError, "'town' is empty in 1 row(s)"),
        (dict(by=["place"]), SelectionError, "no column 'place'"),
    ):
        with pytest.raises(kind) as told:
            summary(frame, ["y"], **call)  # type: ignore[arg-type]
        assert said in str(told.value)
    with pytest.raises(SelectionError):
        summary(frame, ["words"])
