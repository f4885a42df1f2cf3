"""Plain counts by each predictor, with intervals that take people, not ties, as what was sampled. No further library is needed."""

import numpy as np
import polars as pl

from kithwork.measures.models.design import levels_of
from kithwork.measures.models.rows import TieRows

_SCHEMA = {
    "predictor": pl.String,
    "level": pl.String,
    "people": pl.Int64,
    "ties": pl.Int64,
    "with_outcome": pl.Float64,
    "share": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "difference": pl.Float64,
    "difference_low": pl.Float64,
    "difference_high": pl.Float64,
}
_MOST_VALUES = 6
FEWEST = 5  # people from whom drawing anew says anything


def exact_counts(rows: TieRows, draws: int = 2000, seed: int = 1) -> pl.DataFrame:
    """How many ties have the outcome, by each level of each predictor, with intervals from drawing people anew.

    Definition  share = ties with the outcome / ties of the level (for a number: its mean); low, high: 2.5 and 97.5 % of the share over
                `draws` samples of as many people, drawn with replacement, each with all their ties. `difference`: share − share of the
                predictor's first level, over the same draws. Numbers of more than six values are halved at their median.
                Where all or none of a level's ties have the outcome, drawing anew cannot vary: the open end is then Clopper and Pearson's
                for as many people (c^(1/people), c = 0.025), as if each person's ties were one.
    Returns     a row for all ties, then one row a level, the first level of words being the most frequent.
    Missing     intervals are null with fewer than five people, and where a level was in fewer than half of the draws.
    Source      Efron & Tibshirani (1993); the cluster bootstrap, Davison & Hinkley (1997), §3.8.
    """
    people = int(rows.frame["person"].max() or 0) + 1 if rows.frame.height else 0  # type: ignore[operator]
    person, y = rows.frame["person"].to_numpy(), rows.frame["outcome"].to_numpy()
    there = np.unique(person)
    weights = np.zeros((draws, people))
    if there.size >= FEWEST:
        rng = np.random.default_rng(seed)
        weights[:, there] = rng.multinomial(there.size, np.full(there.size, 1 / there.size), size=draws)
    found: list[dict[str, object]] = []
    for name in ("all ties", *rows.by):
        groups, labels = (np.zeros(y.size, dtype=np.int64), ["all"]) if name == "all ties" else _groups(rows.frame[name])
        if not y.size:
            continue
        first = None
        for level, label in enumerate(labels):
            mask = groups == level
            ties = np.bincount(person[mask], minlength=people)
            having = np.bincount(person[mask], weights=y[mask], minlength=people)
            drawn = _share(weights @ having, weights @ ties)
            share = having.sum() / ties.sum()
            first = (share, drawn) if first is None else first
            low, high = _interval(drawn) if rows.outcome.is_number or 0 < share < 1 else _of_all_or_none(share, there.size, ties)
            difference = (None, None, None) if level == 0 else (share - first[0], *_interval(drawn - first[1]))
            size = ((ties > 0).sum(), ties.sum(), having.sum())
            found.append(dict(zip(_SCHEMA, (name, label, *size, share, low, high, *difference), strict=True)))
    return pl.DataFrame(found, schema=_SCHEMA)


def _groups(values: pl.Series) -> tuple[np.ndarray, list[str]]:
    if values.dtype == pl.String:
        labels = levels_of(values)
        return values.replace_strict(labels, range(len(labels)), return_dtype=pl.Int64).to_numpy(), labels
    numbers = values.to_numpy()
    distinct = np.unique(numbers)
    if distinct.size <= _MOST_VALUES:
        return np.searchsorted(distinct, numbers), [f"{value:g}" for value in distinct]
    middle = float(np.median(numbers))
    return (numbers > middle).astype(np.int64), [f"up to {middle:.3g}", f"more than {middle:.3g}"]


def _share(having: np.ndarray, ties: np.ndarray) -> np.ndarray:
    return np.divide(having, ties, out=np.full(having.shape, np.nan), where=ties > 0)


def _of_all_or_none(share: float, people: int, ties: np.ndarray) -> tuple[float | None, float | None]:
    if people < FEWEST:
        return None, None
    reach = 0.025 ** (1 / int((ties > 0).sum()))
    return (reach, 1.0) if share == 1 else (0.0, 1 - reach)


def _interval(drawn: np.ndarray) -> tuple[float | None, float | None]:
    known = drawn[~np.isnan(drawn)]
    if known.size < drawn.size / 2:
        return None, None
    low, high = np.percentile(known, (2.5, 97.5))
    return float(low), float(high)
