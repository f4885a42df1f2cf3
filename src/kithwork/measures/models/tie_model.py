"""`tie_model`: what predicts that a tie is kept, moves inward, is trusted, gives support."""

from collections.abc import Iterable
from typing import get_args

import numpy as np
import polars as pl
from scipy.stats import norm

from kithwork.measures.models.counts import exact_counts
from kithwork.measures.models.design import Design, Term, design_of, muddled, separating, set_aside
from kithwork.measures.models.fits import FEW_PEOPLE, Fit, gee, mixed_number, mixed_yes_or_no
from kithwork.measures.models.rows import TieRows, tie_rows
from kithwork.measures.models.telling import Method, TieModel
from kithwork.model.errors import SelectionError, near
from kithwork.model.tables import StudyTables

LEVELS = ("person", "map", "alter")
_A_TERM = 10  # ties with, and ties without the outcome, for each term
_EFFECTS = {
    "predictor": pl.String,
    "level": pl.String,
    "reference": pl.String,
    "label": pl.String,
    "estimate": pl.Float64,
    "error": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "p": pl.Float64,
    "ratio": pl.Float64,
    "ratio_low": pl.Float64,
    "ratio_high": pl.Float64,
}


def tie_model(
    tables: StudyTables,
    outcome: str = "kept",
    by: Iterable[str] = ("kind", "circle"),
    *,
    method: str = "mixed",
    counted: Iterable[str] = ("all",),
    levels: Iterable[str] = ("person", "map"),
    draws: int = 2000,
    seed: int = 1,
) -> TieModel:
    """Model an outcome of ties that lie in maps, that lie in people, over waves.

    Definition  mixed: logit P(y = 1) = xβ + b_person + b_map (or y = xβ + … + e for a number), b normal with mean 0;
                gee: the same without b, people being clusters; counts: no model, shares with intervals from drawing people anew.
                Intervals are estimate ± 1.96 errors.
    Shapes      one row a tie and everyday map; see `tie_rows` for outcomes, predictors and what is left out.
    Missing     no effects (and a sentence why) where nothing varies, where terms say the same, or where they divide the outcome wholly;
                a level whose ties all, or none, have the outcome is set aside with its ties, and told.
    Raises      SelectionError for an unknown outcome, predictor, method or level, and where statsmodels is needed and not installed.
    Source      domain practice: Lubbers et al. (2010), Vacca (2018); methods as told in each fit.
    """
    if method not in get_args(Method):
        raise SelectionError(f"There is no method '{method}'; methods are {', '.join(get_args(Method))}.{near(method, get_args(Method))}")
    within = tuple(dict.fromkeys(levels))
    for level in within:
        if level not in LEVELS:
            raise SelectionError(f"There is no level '{level}'; levels are {', '.join(LEVELS)}.{near(level, LEVELS)}")
    rows = tie_rows(tables, outcome, by, counted)
    return model_of(rows, method, ("person", *(level for level in within if level != "person")), draws, seed)  # type: ignore[arg-type]


def model_of(rows: TieRows, method: Method, levels: tuple[str, ...] = ("person", "map"), draws: int = 2000, seed: int = 1) -> TieModel:
    """As `tie_model`, for rows that are there already."""
    modelled, problems = (rows, []) if method == "counts" else set_aside(rows)
    frame, design = modelled.frame, design_of(modelled)
    people, y = frame["person"].n_unique(), frame["outcome"].to_numpy()
    problems += [f"Every tie has the same {name.replace('_', ' ')}, so it is left out." for name in design.constant]
    fit = None
    if method != "counts":
        why = _unfit(modelled, design, y)
        problems += why or _cautions(modelled, design, y, people)
        if not why:
            fit = _fitted(modelled, design, y, method, levels)
            problems += fit.problems
    return TieModel(
        rows.outcome,
        rows.by,
        method,
        people,
        frame["map"].n_unique(),
        frame.height,
        float(y.mean()) if y.size else None,
        pl.DataFrame(schema=_EFFECTS) if fit is None else _effects(design.terms, fit, rows.outcome.is_number),
        exact_counts(rows, draws, seed),
        None if fit is None else float(fit.beta[0]),
        {} if fit is None else fit.variation,
        tuple(problems),
        rows.left_out,
    )


def _unfit(rows: TieRows, design: Design, y: np.ndarray) -> list[str]:
    """Why no model can be fitted; empty when one can."""
    if not design.terms:
        return ["No predictor differs between the ties there are, so there is nothing to model."]
    if y.size <= design.x.shape[1]:
        return [f"There are {y.size} ties for {design.x.shape[1]} numbers to be found; name fewer predictors."]
    if y.min() == y.max():
        return ["The outcome is the same for every tie, so nothing can predict it."]
    if same := muddled(design):
        return [f"{_listed(same)} can be worked out from the other predictors, so their effects cannot be told apart; leave something out."]
    if not rows.outcome.is_number and (dividing := separating(design, y)):
        terms = _listed(tuple(term.label for term in dividing))
        why = "no tie on one side differs, so a model would give an endless effect"
        return [f"The outcome is divided completely, or nearly so, by {terms}: {why}. Read the counts, or leave predictors out."]
    return []


def _cautions(rows: TieRows, design: Design, y: np.ndarray, people: int) -> list[str]:
    found = []
    if people < FEW_PEOPLE:
        found.append(
            f"There are {people} people. With fewer than {FEW_PEOPLE} the intervals of such a model are too narrow as a rule; "
            "read it as a description, and rest on the counts, whose intervals come from drawing people anew."
        )
    if not rows.outcome.is_number:
        rarer = int(min(y.sum(), (1 - y).sum()))
        if rarer < _A_TERM * len(design.terms):
            few = f"There are {rarer} ties of the rarer outcome for {len(design.terms)} effect{'s' if len(design.terms) > 1 else ''}"
            found.append(f"{few}; below {_A_TERM} for each, effects tend to be overstated. Name fewer predictors.")
    return found


def _fitted(rows: TieRows, design: Design, y: np.ndarray, method: str, levels: tuple[str, ...]) -> Fit:
    codes = {level: rows.frame[level].to_numpy() for level in levels}
    if method == "gee":
        return gee(y, design.x, codes["person"], is_number=rows.outcome.is_number)
    fit = (mixed_number if rows.outcome.is_number else mixed_yes_or_no)(y, design.x, codes)
    if not np.isfinite(fit.covariance).all():
        return Fit(fit.beta, fit.covariance, fit.variation, (*fit.problems, "The intervals could not be worked out."))
    return fit


def _effects(terms: tuple[Term, ...], fit: Fit, is_number: bool) -> pl.DataFrame:
    estimate = fit.beta[1:]
    error = np.sqrt(np.clip(np.diag(fit.covariance)[1:], 0, None))
    reach = norm.ppf(0.975) * error
    low, high = estimate - reach, estimate + reach
    size = np.divide(np.abs(estimate), error, out=np.full(error.shape, np.nan), where=error > 0)
    ratios = [np.full(estimate.shape, np.nan)] * 3 if is_number else [np.exp(np.clip(v, -700, 700)) for v in (estimate, low, high)]
    words = [[t.predictor for t in terms], [t.level for t in terms], [t.reference for t in terms], [t.label for t in terms]]
    values = [*words, estimate, error, low, high, 2 * norm.sf(size), *ratios]
    frame = pl.DataFrame(dict(zip(_EFFECTS, values, strict=True)), schema=_EFFECTS)
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def _listed(words: tuple[str, ...]) -> str:
    quoted = [f"'{word}'" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
