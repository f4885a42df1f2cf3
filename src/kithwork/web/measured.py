"""Measures as pages show them: values in words, and the reason where there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from kithwork.measures import REASONS, Measures
from kithwork.measures.registry import Measure

CODES = ("", *REASONS)
GROUPS = {
    "size": "Size",
    "composition": "Who and what is there",
    "structure": "How alters are tied",
    "support": "Support",
    "quality": "What the ties are like",
    "change": "Change",
}


@dataclass(frozen=True)
class Value:
    """One value: its words, or the code of the reason why it is empty."""

    words: str
    reason: str = ""
    number: float | None = None


def value(measure: Measure, number: float, reason: int) -> Value:
    """Whole numbers as they are, others to two decimals."""
    if np.isnan(number):
        return Value("–", CODES[reason] or "undefined")
    return Value(f"{number:,.0f}" if measure.is_whole or (number == int(number) and abs(number) >= 10) else f"{number:.2f}", "", number)


def rows_of(measured: Measures, group: str | None = None, rows: Sequence[int] | None = None) -> list[tuple[dict[str, Any], list[Value]]]:
    """Per row of the result, or of those named: its keys, and the values of the columns of a group, or of all."""
    rows = range(len(measured.keys)) if rows is None else rows
    columns = [column for column in measured.columns if group in (None, column.measure.group)]
    keys = measured.keys[list(rows)].to_dicts()
    return [(key, [value(c.measure, c.values[i], c.reasons[i]) for c in columns]) for key, i in zip(keys, rows, strict=True)]


def by_wave(measured: Measures, group: str) -> list[tuple[int, str, str, list[str]]]:
    """Wave, state, what (mean, median, n), and the words for each column of the group; a value that is empty is not counted."""
    columns = [column for column in measured.columns if column.measure.group == group]
    found = []
    for keys, rows in measured.keys.with_row_index("row").group_by("wave", "state", maintain_order=True):
        places = rows["row"].to_numpy()
        told: dict[str, list[str]] = {"mean": [], "median": [], "maps counted": []}
        for column in columns:
            series = pl.Series(column.values[places]).drop_nans()
            mean, median = series.mean(), series.median()
            told["mean"].append("–" if mean is None else f"{mean:.2f}")
            told["median"].append("–" if median is None else f"{median:.2f}")
            told["maps counted"].append(str(series.len()))
        found += [(keys[0], keys[1], what, words) for what, words in told.items()]
    return sorted(found, key=lambda line: (line[0], line[1] != "everyday", line[1]))
