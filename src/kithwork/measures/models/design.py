"""From predictors to the columns of a model, and whether the model can be told from the data at all."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy.optimize import linprog

from kithwork.measures.models.rows import TieRows
from kithwork.measures.registry import MEASURES


@dataclass(frozen=True)
class Term:
    """One column of the model. For words `level` is compared with `reference`, the level most ties have; for numbers both are None."""

    predictor: str
    level: str | None = None
    reference: str | None = None

    @property
    def label(self) -> str:
        """Such as `kind: animal (person)` or `circle, each one more`."""
        said = self.predictor.replace("_", " ")
        if self.level is None:
            return f"{said}, 1 against 0" if is_share(self.predictor) else f"{said}, each one more"
        return f"{said}: {self.level} (against {self.reference})"


def is_share(predictor: str) -> bool:
    """Whether one more is the whole way, from none to all, as for density."""
    return predictor in MEASURES and MEASURES[predictor].bounds == (0, 1)


@dataclass(frozen=True)
class Design:
    """`x` (rows, 1 + terms): ones, then a column a term. `constant`: predictors with one value only, left out."""

    terms: tuple[Term, ...]
    x: np.ndarray
    constant: tuple[str, ...]


def design_of(rows: TieRows) -> Design:
    """Numbers as they are, words as a column a level against the level most ties have."""
    terms: list[Term] = []
    columns, constant = [np.ones(rows.frame.height)], []
    for name in rows.by:
        values = rows.frame[name]
        if values.n_unique() < 2:
            constant.append(name)
        elif values.dtype == pl.String:
            reference, *others = levels_of(values)
            terms += [Term(name, level, reference) for level in others]
            columns += [(values == level).to_numpy().astype(float) for level in others]
        else:
            terms.append(Term(name))
            columns.append(values.to_numpy().astype(float))
    return Design(tuple(terms), np.column_stack(columns), tuple(constant))


def set_aside(rows: TieRows) -> tuple[TieRows, list[str]]:
    """The rows without the levels whose ties all, or none, have the outcome, and a sentence for each.

    Such a level has an endless effect; beside it the other effects are the same without its ties.
    """
    told: list[str] = []
    frame = rows.frame
    while not rows.outcome.is_number and frame["outcome"].n_unique() > 1:
        for name in (name for name in rows.by if frame[name].dtype == pl.String):
            by_level = frame.group_by(name).agg(pl.len().alias("ties"), pl.col("outcome").sum().alias("having")).sort(name)
            same = by_level.filter((pl.col("having") == 0) | (pl.col("having") == pl.col("ties")))
            for row in same.iter_rows(named=True):
                share = f"{'All' if row['having'] else 'None'} of the {row['ties']} ties with {name.replace('_', ' ')} '{row[name]}'"
                told.append(f"{share} {rows.outcome.said}: an endless effect, so these ties are only counted; the model is of the others.")
            frame = frame.filter(pl.col(name).is_in(same[name].implode()).not_())
            if same.height:
                break
        else:
            break
    return replace(rows, frame=frame), told


def levels_of(values: pl.Series) -> list[str]:
    """The words of a predictor, the most frequent first."""
    counts = values.value_counts(name="ties").sort(["ties", values.name], descending=[True, False])
    return counts[values.name].to_list()


def muddled(design: Design) -> tuple[str, ...]:
    """Predictors of which one says the same as others together; empty when each can be told apart."""
    scaled = design.x / np.maximum(np.abs(design.x).max(axis=0), 1e-12)
    found, kept = [], [0]
    for column, term in enumerate(design.terms, start=1):
        if np.linalg.matrix_rank(scaled[:, [*kept, column]]) > len(kept):
            kept.append(column)
        else:
            found.append(term.predictor)
    return tuple(dict.fromkeys(found))


def separating(design: Design, y: np.ndarray) -> tuple[Term, ...]:
    """Terms that divide all ties with the outcome from all without, in whole or in part, so that a log odds would be endless.

    Definition  there is a direction d ≠ 0 with s_i x_i d ≥ 0 for every tie and > 0 for one, s_i = 1 with the outcome, −1 without;
                found by linear programming over −1 ≤ d ≤ 1.
    Source      Albert & Anderson (1984); Konis (2007).
    """
    if not 0 < y.mean() < 1:
        return design.terms
    x = design.x / np.maximum(np.abs(design.x).max(axis=0), 1e-12)
    signed = np.unique(x * np.where(y > 0, 1.0, -1.0)[:, np.newaxis], axis=0)
    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=[(-1, 1)] * x.shape[1])
    if found.status != 0 or -found.fun < 1e-7:
        return ()
    return tuple(term for term, size in zip(design.terms, found.x[1:], strict=True) if abs(size) > 1e-7)
