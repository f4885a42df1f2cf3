"""A tie model that was found, and how it is told in plain words."""

from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from kithwork.measures.models.design import is_share
from kithwork.measures.models.rows import Outcome

Method = Literal["mixed", "gee", "counts"]

_VARIES = {"person": "between people", "map": "between maps of one person", "alter": "between alters of one person"}
_TO_BE = {"kept": "to be named again", "moved_inward": "to have moved inward", "trusted": "to be trusted", "supportive": "to give support"}


@dataclass(frozen=True)
class TieModel:
    """What was found.

    effects     one row a term: `predictor`, `level`, `reference`, `label`, `estimate` (log odds, or units of the outcome), `error`, `low`,
                `high` (95 %), `p`, and `ratio`, `ratio_low`, `ratio_high` (odds ratios; null for a number). Empty: no model was fitted.
    counts      exact counts by each level with intervals from drawing people anew; always there
    variation   level → standard deviation of its random intercepts, on the scale of `estimate`
    problems    sentences a reader must know before the effects
    left_out    why ties are not in the model → how many
    """

    outcome: Outcome
    by: tuple[str, ...]
    method: Method
    people: int
    maps: int
    ties: int
    mean: float | None
    effects: pl.DataFrame
    counts: pl.DataFrame
    intercept: float | None = None
    variation: dict[str, float] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)

    def sentences(self) -> list[str]:
        """What was found, in plain words: how many, what to be careful of, each effect with its interval."""
        lines = [_count(self), *self.problems]
        lines += [_effect(self, row) for row in self.effects.iter_rows(named=True)]
        if self.method == "counts" or self.effects.is_empty():
            lines += [_shares(self, row) for row in self.counts.filter(pl.col("predictor") != "all ties").iter_rows(named=True)]
        if self.variation:
            scale = self.outcome.said if self.outcome.is_number else "log odds"
            parts = [f"{size:.2f} {_VARIES[level]}" for level, size in self.variation.items()]
            lines.append(f"What the predictors leave open varies by a standard deviation of {' and '.join(parts)} ({scale}).")
        return lines + [f"{count} {'tie was' if count == 1 else 'ties were'} left out: {why}." for why, count in self.left_out.items()]


def _count(model: TieModel) -> str:
    where = f"on {_many(model.maps, 'map')} of {_many(model.people, 'person', 'people')}"
    if model.mean is None:
        return "There is no tie for which the outcome and every predictor are known."
    if model.outcome.is_number:
        return f"Over {_many(model.ties, 'tie')} {where}, {model.outcome.said} is {model.mean:.2f} on average."
    having = round(model.mean * model.ties)
    return f"Of {_many(model.ties, 'tie')} {where}, {having} ({model.mean:.0%}) {model.outcome.said}."


def _effect(model: TieModel, row: dict[str, Any]) -> str:
    name = row["predictor"].replace("_", " ")
    more = f"Where {name} is 1 rather than 0, ties" if is_share(row["predictor"]) else f"With each one more of {name}, ties"
    who = f"Ties with {name} '{row['level']}'" if row["level"] is not None else more
    against = f" than ties with '{row['reference']}'" if row["level"] is not None else ""
    if row["low"] is None:
        return f"{who}: no interval could be worked out."
    if model.outcome.is_number:
        amount = f"{row['estimate']:+.2f}, 95 % interval {row['low']:+.2f} to {row['high']:+.2f}"
        if row["low"] <= 0 <= row["high"]:
            return f"{who} cannot be told apart in {model.outcome.said}{against.replace(' than', ' from', 1)} ({amount})."
        return f"{who} have {'more' if row['estimate'] > 0 else 'less'} {model.outcome.said}{against} ({amount})."
    amount = f"odds ratio {row['ratio']:.2f}, 95 % interval {row['ratio_low']:.2f} to {row['ratio_high']:.2f}"
    to_be = _TO_BE[model.outcome.name]
    if row["low"] <= 0 <= row["high"]:
        return f"{who}: it cannot be told whether they are more or less likely {to_be}{against} ({amount})."
    return f"{who} are {'more' if row['estimate'] > 0 else 'less'} likely {to_be}{against} ({amount})."


def _shares(model: TieModel, row: dict[str, Any]) -> str:
    what = f"{row['predictor'].replace('_', ' ')} '{row['level']}'"
    if model.outcome.is_number:
        value, low, high = (None if v is None else f"{v:.2f}" for v in (row["share"], row["low"], row["high"]))
        said = f"{model.outcome.said} {value} on average over {_many(row['ties'], 'tie')}"
    else:
        value, low, high = (None if v is None else f"{v:.0%}" for v in (row["share"], row["low"], row["high"]))
        said = f"{round(row['with_outcome'])} of {_many(row['ties'], 'tie')} ({value}) {model.outcome.said}"
    interval = "" if low is None else f"; drawing people anew: {low} to {high}"
    return f"With {what}, {said}, from {_many(row['people'], 'person', 'people')}{interval}."


def _many(count: int, one: str, more: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"
