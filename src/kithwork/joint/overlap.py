"""Which spans share a character: all pairs at once, by sorting."""

import numpy as np
import polars as pl


def overlapping(left: pl.DataFrame, right: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Rows of `left` and of `right` that share at least one character, as two arrays of row numbers.

    Both have `text` (a number of the text the span stands in), `start` and `stop`; a span is half-open and texts never touch.
    """
    if left.is_empty() or right.is_empty():
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    wide = int(max(left["stop"].max(), right["stop"].max())) + 1  # type: ignore[arg-type]  # ty: numbers
    own, other = (
        tuple((frame["text"].cast(pl.Int64) * wide + frame[end]).to_numpy() for end in ("start", "stop")) for frame in (left, right)
    )
    order = np.argsort(other[0], kind="stable")
    starts, stops = other[0][order], np.maximum.accumulate(other[1][order])
    first = np.searchsorted(stops, own[0], side="right")  # nothing before it reaches as far as this span
    last = np.searchsorted(starts, own[1], side="left")
    sizes = np.maximum(last - first, 0)
    rows = np.repeat(np.arange(left.height), sizes)
    at = np.arange(rows.size) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(first, sizes)
    found = order[at]
    shares = (other[1][found] > own[0][rows]) & (other[0][found] < own[1][rows])
    return rows[shares], found[shares]
