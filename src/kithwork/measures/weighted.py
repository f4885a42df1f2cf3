"""Means and shares for people drawn with unequal chances, in clusters or strata, with standard errors by Taylor linearisation.

Ours, because it is short and published: samplics is superseded, its successor svy is young and brings an engine of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy.stats import t as student

from kithwork.model.errors import SelectionError, StudyError, near
from kithwork.model.tables import StudyTables

_OF_PEOPLE = ("site", "gender", "age_band", "lives_alone", "housing", "education", "employment")
_SCHEMA = {
    "measure": pl.String,
    "rows": pl.Int64,
    "empty": pl.Int64,
    "clusters": pl.Int64,
    "strata": pl.Int64,
    "weight": pl.Float64,
    "mean": pl.Float64,
    "error": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "design_effect": pl.Float64,
    "why": pl.String,
}


@dataclass(frozen=True)
class Design:
    """How rows were drawn: `weights` (rows,) how many each stands for, and codes (rows,) of clusters and of strata.

    population   (rows,) how many clusters there are in the row's stratum, drawn or not; None where they are far more than were drawn
    """

    weights: np.ndarray
    clusters: np.ndarray
    strata: np.ndarray
    population: np.ndarray | None = None


@dataclass(frozen=True)
class Estimate:
    """A mean or ratio, its standard error, 95 % interval, design effect, and the clusters and strata it rests on."""

    mean: float
    error: float
    low: float
    high: float
    design_effect: float
    clusters: int
    strata: int


def design_of(
    frame: pl.DataFrame, weights: str | None = None, cluster: str | None = None, strata: str | None = None, population: str | None = None
) -> Design:
    """The design in a table's columns: equal weights, each row a cluster, one stratum, drawn from endlessly many, where none is named."""
    for name in (weights, cluster, strata, population):
        if name is not None and name not in frame.columns:
            raise SelectionError(f"The table has no column '{name}'.{near(name, frame.columns)}")
    held = np.ones(frame.height)
    if weights is not None:
        if not frame[weights].dtype.is_numeric():
            raise StudyError(f"The weights in '{weights}' must be numbers.")
        held = frame[weights].cast(pl.Float64).to_numpy()
        if frame[weights].null_count() or not np.isfinite(held).all() or (held < 0).any():
            raise StudyError(
                f"Every weight in '{weights}' must be a number of 0 or more; fill in those that are empty, or leave the rows out."
            )
    for name in (cluster, strata):
        if name is not None and frame[name].null_count():
            raise StudyError(f"'{name}' is empty in {frame[name].null_count()} row(s); say where every row belongs.")
    codes = [np.zeros(frame.height, dtype=np.int64) if name is None else _codes(frame[name]) for name in (strata, cluster)]
    clusters = np.arange(frame.height) if cluster is None else codes[1]
    drawn = np.unique(np.column_stack([codes[0], clusters]), axis=0, return_inverse=True)[1].ravel()
    design = Design(held, drawn, codes[0])
    return design if population is None else replace(design, population=_population(frame[population], design))


def _population(told: pl.Series, design: Design) -> np.ndarray:
    """How many clusters each row's stratum has, checked against those that were drawn."""
    if not told.dtype.is_numeric() or told.null_count():
        raise StudyError(f"'{told.name}' must say in every row how many clusters its stratum has; fill in a number.")
    many = told.cast(pl.Float64).to_numpy()
    for stratum in np.unique(design.strata):
        own = design.strata == stratum
        if np.unique(many[own]).size > 1:
            raise StudyError(f"'{told.name}' differs within one stratum; it is how many clusters the whole stratum has.")
        if not many[own][0] >= np.unique(design.clusters[own]).size:
            raise StudyError(f"'{told.name}' is smaller than the number of clusters drawn from a stratum; it counts all there are.")
    return many


def weighted_mean(values: np.ndarray, design: Design) -> Estimate:
    """The mean of what the rows stand for (a share, where values are 0 and 1), and its standard error.

    Definition  Σ w y / Σ w over rows with a value; see `weighted_ratio` with x = 1.
    Shapes      values (rows,), NaN where empty.
    Missing     NaN where no row with a weight has a value; no error where a stratum has one cluster only.
    Source      Särndal, Swensson & Wretman (1992), §5.6–5.7; Lumley (2010), ch. 2 and 3.
    """
    return weighted_ratio(values, np.where(np.isnan(values), np.nan, 1.0), design)


def weighted_ratio(y: np.ndarray, x: np.ndarray, design: Design) -> Estimate:
    """The ratio of two totals, such as ties kept among all ties, and its standard error.

    Definition  r = Σ w y / Σ w x; z_i = w_i (y_i − r x_i) / Σ w x, Z_hc the sum of z over cluster c of stratum h, n_h clusters in h:
                var r = Σ_h (1 − f_h) n_h / (n_h − 1) Σ_c (Z_hc − mean_h Z)², f_h = n_h / N_h where the design says that a stratum has N_h
                clusters, else 0: taken as drawn with replacement. A stratum all of whose clusters were drawn adds nothing, even where it
                has one only. Rows without a value stay in the design with z = 0, as for a part of the sample. Interval: Student's t,
                clusters − strata degrees of freedom.
                Design effect: var r / (variance of the same rows drawn one by one, with equal weights).
    Shapes      y, x (rows,), NaN where empty.
    Missing     NaN where Σ w x = 0; no error where a stratum has one cluster only, or all clusters lie in strata of their own.
    Source      Särndal, Swensson & Wretman (1992), §5.6; Woodruff (1971); Kish (1965) for the design effect.
    """
    known = ~(np.isnan(y) | np.isnan(x))
    w, ys, xs = np.where(known, design.weights, 0.0), np.where(known, y, 0.0), np.where(known, x, 0.0)
    total = float(w @ xs)
    clusters, strata = np.unique(design.clusters).size, np.unique(design.strata).size
    if total == 0:
        return Estimate(np.nan, np.nan, np.nan, np.nan, np.nan, clusters, strata)
    ratio = float(w @ ys) / total
    variance = _variance(w * (ys - ratio * xs) / total, design)
    alone = _alone(w, ys, xs, ratio, total, known)
    error = float(np.sqrt(variance))
    reach = float(student.ppf(0.975, clusters - strata)) * error if clusters > strata else np.nan
    return Estimate(ratio, error, ratio - reach, ratio + reach, variance / alone if alone > 0 else np.nan, clusters, strata)


def summary(
    frame: pl.DataFrame,
    columns: Iterable[str] | None = None,
    *,
    weights: str | None = None,
    cluster: str | None = None,
    strata: str | None = None,
    population: str | None = None,
    by: Sequence[str] = (),
) -> pl.DataFrame:
    """Weighted mean of each numeric column of a table, such as `map_measures(…).frame`, one row a column (and group of `by`).

    Returns     `by` columns, `measure`, `rows` with a value, `empty`, `clusters`, `strata`, `weight` (of the rows with a value), `mean`,
                `error`, `low`, `high`, `design_effect`, `why` (why an error is empty).
    Missing     null, with `why`. A group is a part of the whole design: clusters without a row in it still count.
    """
    for name in by:
        if name not in frame.columns:
            raise SelectionError(f"The table has no column '{name}'.{near(name, frame.columns)}")
    design = design_of(frame, weights, cluster, strata, population)
    aside = {weights, cluster, strata, population, *by}
    numeric = [name for name in frame.columns if frame[name].dtype.is_numeric() or frame[name].dtype == pl.Boolean]
    chosen = [name for name in numeric if name not in aside] if columns is None else list(columns)
    for name in chosen:
        if name not in numeric:
            raise SelectionError(f"The table has no column of numbers '{name}'.{near(name, numeric)}")
    groups = frame.select(by).unique(maintain_order=True).rows() if by else [()]
    of_row = frame.select(by).rows() if by else [()] * frame.height
    found = []
    for group in groups:
        is_in = np.array([row == group for row in of_row], dtype=bool)
        for name in chosen:
            values = frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
            found.append((*group, *_row(name, values, is_in, design)))
    schema = {**{name: frame.schema[name] for name in by}, **_SCHEMA}
    return pl.DataFrame(found, schema=schema, orient="row").with_columns(pl.col(pl.Float64).fill_nan(None))


def with_people(frame: pl.DataFrame, tables: StudyTables, names: Iterable[str]) -> pl.DataFrame:
    """The table with what is known of each row's `participant`: columns of participants, or answers to questions the study asked of them.

    An answer in numbers is a number, any other is its words; the last version of a question answered counts. Null where nothing is known.
    """
    people = tables["participants"].select("id", pl.col("pseudonym").alias("participant"), *_OF_PEOPLE)
    questions = tables["questions"].filter(pl.col("subject") == "participant")
    offered = [*_OF_PEOPLE, *questions["code"].unique(maintain_order=True).to_list()]
    for name in names:
        if name in _OF_PEOPLE:
            column = people.select("participant", name)
        elif name in offered:
            asked = questions.filter(pl.col("code") == name).select(pl.col("id").alias("question_id"), "version")
            said = tables["answers"].join(asked, on="question_id").sort("version", "id").unique("participant_id", keep="last")
            value = "number" if said["number"].is_not_null().any() else "text"
            said = said.select(pl.col("participant_id").alias("id"), pl.col(value).alias(name))
            column = people.select("id", "participant").join(said, on="id", how="left").drop("id")
        else:
            raise SelectionError(f"Nothing called '{name}' is known of participants.{near(name, offered)}")
        frame = frame.join(column, on="participant", how="left", maintain_order="left")
    return frame


def _row(name: str, values: np.ndarray, is_in: np.ndarray, design: Design) -> tuple[object, ...]:
    told = is_in & ~np.isnan(values)
    made = weighted_mean(np.where(is_in, values, np.nan), design)
    why = None
    if np.isnan(made.mean):
        why = "no row with a weight has a value"
    elif np.isnan(made.error):
        why = "a stratum has one cluster only, so its variance is not known"
    weight = float(design.weights[told].sum())
    numbers = (made.mean, made.error, made.low, made.high, made.design_effect)
    return (name, int(told.sum()), int((is_in & ~told).sum()), made.clusters, made.strata, weight, *numbers, why)


def _variance(z: np.ndarray, design: Design) -> float:
    sums = np.bincount(design.clusters, weights=z)
    of_cluster = np.zeros(sums.size, dtype=np.int64)
    of_cluster[design.clusters] = design.strata
    count = np.bincount(of_cluster)
    left = np.ones(count.size)  # 1 − f: the share of a stratum's clusters that were not drawn
    if design.population is not None:
        left[design.strata] = 1 - count[design.strata] / design.population
    if ((count < 2) & (left > 0))[np.unique(of_cluster)].any():
        return float("nan")
    mean = np.bincount(of_cluster, weights=sums) / np.maximum(count, 1)
    spread = np.bincount(of_cluster, weights=(sums - mean[of_cluster]) ** 2)
    return float((left * np.divide(count, count - 1, out=np.zeros(count.size), where=count > 1) * spread).sum())


def _alone(w: np.ndarray, y: np.ndarray, x: np.ndarray, ratio: float, total: float, known: np.ndarray) -> float:
    """Variance of the ratio had the rows with a value been drawn one by one with equal chances."""
    rows = int((known & (w > 0)).sum())
    if rows < 2:
        return 0.0
    weight = float(w.sum())
    residual = float(w @ (y - ratio * x) ** 2) / weight * rows / (rows - 1)
    return residual / rows / (total / weight) ** 2


def _codes(values: pl.Series) -> np.ndarray:
    return np.unique(values.cast(pl.String).to_numpy().astype(str), return_inverse=True)[1].ravel()
