"""Measures of maps as something to count by, `measure:NAME`: what is measured is told from outside, and looked for only when it is used."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from kithwork.joint.invented import REASON, Invented
from kithwork.joint.numbers import just

MEASURE = "measure"


@dataclass(frozen=True)
class Shape:
    """What maps can be measured by.

    named     name of a measure → its label and what it means in a sentence
    reasons   code → why a value is empty, in a sentence
    measured  gives one row a map and measure: `map_id`, `measure`, `value`, and where that is empty `reason`; maps of any state
    """

    named: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    measured: Callable[[], pl.DataFrame] = pl.DataFrame

    def attributes(self, taken: Collection[str]) -> dict[str, Invented]:
        """Name → each measure as an attribute; a label that is `taken`, or that another has, says the name of the measure too."""
        found: dict[str, Invented] = {}
        labels, reasons = set(taken), {code: f"no value: {_inside(words)}" for code, words in self.reasons.items()}
        for name, (label, meaning) in self.named.items():
            label = f"{label} ({name})" if label in labels else label
            labels.add(label)
            found[f"{MEASURE}:{name}"] = Invented(f"{MEASURE}:{name}", label, {}, (), meaning, reasons)
        return found

    def told(self, one: Invented, maps: pl.DataFrame) -> pl.DataFrame:
        """`interview_id` and a column of the attribute's name: the key of what was measured on each of `maps`, or why there is no value."""
        own = self.measured().filter(pl.col("measure") == one.name.partition(":")[2])
        rows = own.join(maps.select("map_id", "interview_id"), on="map_id").select("interview_id", "value", "reason")
        keys = [
            REASON + (why or "undefined") if value is None else just(value) for value, why in rows.select("value", "reason").iter_rows()
        ]
        return rows.select("interview_id", pl.Series(one.name, keys, dtype=pl.String))


def _inside(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")
