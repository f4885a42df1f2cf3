"""What is modelled: one row a tie on a map, its outcome, and what may predict it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from kithwork.cohort import Cohort, PairedWaves, cohort_of
from kithwork.cohort.columns import CODES, any_of
from kithwork.measures.reasons import answered
from kithwork.measures.registry import offered
from kithwork.measures.run import measures_of
from kithwork.model.errors import SelectionError, near
from kithwork.model.schema import TABLES
from kithwork.model.tables import StudyTables


@dataclass(frozen=True)
class Outcome:
    """What is predicted. `said` completes "x of y ties …"; `is_of_pair`: it is known only where the person's next map is."""

    name: str
    meaning: str
    said: str
    is_of_pair: bool = False
    is_number: bool = False


OUTCOMES = {
    outcome.name: outcome
    for outcome in (
        Outcome("kept", "named again on the person's next observed map", "were named again on the next map there is", True),
        Outcome("moved_inward", "kept, and nearer the centre; of ties outside the innermost circle", "moved inward", True),
        Outcome("trusted", "trust is there or strong, against none, tentative, broken or being rebuilt", "were trusted"),
        Outcome("supportive", "gives the person support of at least one kind", "gave support"),
        Outcome("reliability", "how far it can be relied on, 0–4", "reliability", is_number=True),
        Outcome("security", "how safe and steady it makes one feel, 0–4", "security", is_number=True),
        Outcome("effort", "what it takes to keep up, 0–4", "effort", is_number=True),
    )
}
_CHOICES = ("contact", "trust", "valence", "reciprocity")
_NUMBERS = ("reliability", "security", "effort")
_OF_TIE = ("kind", "role_group", "circle", *_CHOICES, *_NUMBERS, "conditional", "supports", "degree", "wave", "months", "gap_months")
_OF_PERSON = ("site", "gender", "age_band", "lives_alone", "housing", "education", "employment")
SAYS_ITSELF = {"trusted": ("trust",), "supportive": ("supports",)}  # an outcome is no predictor of itself


@dataclass(frozen=True)
class TieRows:
    """`frame`: one row a tie: `person`, `map`, `alter` (codes), `outcome`, and a column a predictor (numbers or words, null empty).

    left_out   sentence → ties (or maps) left out for that reason
    """

    outcome: Outcome
    by: tuple[str, ...]
    frame: pl.DataFrame
    left_out: dict[str, int]


def predictors(cohort: Cohort | None = None) -> tuple[str, ...]:
    """Every name that may stand in `by`: of the tie, of the person, and every measure of the map."""
    of_map = [name for m in offered("map").values() for name in ([m.name] if cohort is None else [c for c, _ in m.columns(cohort)])]
    return (*_OF_TIE, *_OF_PERSON, *(name for name in of_map if name not in _OF_TIE))


def tie_rows(tables: StudyTables, outcome: str, by: Iterable[str], counted: Iterable[str] = ("all",)) -> TieRows:
    """The ties of every everyday map, with outcome and predictors; rows without an outcome or with an empty predictor are left out.

    A tie whose person has no later everyday map has no outcome of a pair: a missed wave is never a loss. What predicts is taken
    from the map the tie stands on, `gap_months` is the time to the next map there is.
    """
    if outcome not in OUTCOMES:
        raise SelectionError(f"There is no outcome '{outcome}'; outcomes are {', '.join(OUTCOMES)}.{near(outcome, OUTCOMES)}")
    chosen = OUTCOMES[outcome]
    cohort = cohort_of(tables, counted)
    pairs = PairedWaves.of(cohort)
    names = _checked(cohort, chosen, tuple(dict.fromkeys(by)))
    values, left_out = _outcomes(chosen, cohort, pairs)
    columns: dict[str, pl.Series] = {name: _predictor(name, tables, cohort, pairs) for name in names}
    if chosen.is_of_pair and "gap_months" not in names:
        gap = _predictor("gap_months", tables, cohort, pairs)
        told = gap.filter(pl.Series(~np.isnan(values)))
        if told.null_count() == 0 and told.n_unique() > 1:
            columns, names = {**columns, "gap_months": gap}, (*names, "gap_months")
    person = np.unique(cohort.maps["participant"].to_numpy().astype(str), return_inverse=True)[1]
    frame = pl.DataFrame(
        {"person": person[cohort.tie_map], "map": cohort.tie_map, "alter": cohort.ties["alter"], "outcome": values}
    ).with_columns(**columns)
    frame = frame.filter(pl.col("outcome").is_not_nan())
    for name in names:
        empty = frame[name].null_count()
        if empty:
            left_out[f"'{name}' is not known"] = empty
            frame = frame.filter(pl.col(name).is_not_null())
    return TieRows(chosen, names, frame, left_out)


def _checked(cohort: Cohort, outcome: Outcome, names: tuple[str, ...]) -> tuple[str, ...]:
    known = predictors(cohort)
    if not names:
        raise SelectionError("Name at least one predictor, such as kind or circle.")
    for name in names:
        if name not in known:
            raise SelectionError(f"There is no predictor '{name}'; docs/models.md lists them.{near(name, known)}")
        if name == outcome.name or name in SAYS_ITSELF.get(outcome.name, ()):
            raise SelectionError(f"'{name}' is what '{outcome.name}' is made of, so it cannot predict it; leave it out.")
        if name == "gap_months" and not outcome.is_of_pair:
            raise SelectionError(f"'gap_months' is the time to the next map, so it predicts only {_of_pairs()}; leave it out.")
    return names


def _of_pairs() -> str:
    return " and ".join(outcome.name for outcome in OUTCOMES.values() if outcome.is_of_pair)


def _outcomes(outcome: Outcome, cohort: Cohort, pairs: PairedWaves) -> tuple[np.ndarray, dict[str, int]]:
    """(ties,) 1, 0, or a number; NaN where there is none, with how many and why."""
    is_everyday = (cohort.maps["state"] == "everyday").to_numpy()[cohort.tie_map]
    left_out: dict[str, int] = {}
    values = np.full(cohort.tie_map.size, np.nan)
    if outcome.is_of_pair:
        _fill_pairs(outcome, cohort, pairs, values, left_out, is_everyday)
    elif outcome.name == "supportive":
        to_me = any_of(cohort.supports["direction"], cohort.code("direction", "to_me", "both")) & (cohort.supports["amount"] != 0)
        values[:] = np.bincount(cohort.supports["tie"][to_me], minlength=values.size) > 0
        values[~cohort.asked["supports"][cohort.tie_map]] = np.nan
        left_out["support was not asked about at that wave"] = int((np.isnan(values) & is_everyday).sum())
    else:
        column = "trust" if outcome.name == "trusted" else outcome.name
        told = answered(cohort, column, *(("not_applicable",) if column == "trust" else ()))
        is_trusted = any_of(cohort.ties["trust"], cohort.code("trust", "present", "strong"))
        values = np.where(told, is_trusted if column == "trust" else cohort.ties[column], np.nan)
        left_out[f"'{column}' has no answer there"] = int((~told & is_everyday).sum())
    values[~is_everyday] = np.nan
    return values, {why: count for why, count in left_out.items() if count}


def _fill_pairs(
    outcome: Outcome, cohort: Cohort, pairs: PairedWaves, values: np.ndarray, left_out: dict[str, int], is_everyday: np.ndarray
) -> None:
    before = np.flatnonzero(pairs.is_before)
    tie = _tie_rows_of(cohort, pairs.from_map[pairs.pair[before]], pairs.alter[before])
    left_out["the person has no later map"] = int(is_everyday.sum()) - before.size
    if outcome.name == "kept":
        values[tie] = pairs.is_after[before]
        return
    one, other = pairs.circle_before[before], pairs.circle_after[before]
    is_same, is_kept = pairs.are_circles_same[pairs.pair[before]], pairs.kept[before]
    counts = is_kept & is_same & (one > 1) & (other > 0)
    values[tie[counts]] = (other < one)[counts]
    left_out["it was not named again"] = int((~is_kept).sum())
    left_out["the circles changed in between"] = int((is_kept & ~is_same).sum())
    left_out["it stood in the innermost circle, or in none at one of the two waves"] = int((is_kept & is_same & ~counts).sum())


def _tie_rows_of(cohort: Cohort, maps: np.ndarray, alters: np.ndarray) -> np.ndarray:
    """Rows of ties by map and alter; an alter stands once on a map."""
    count = max(len(cohort.alter_ids), 1)
    keys = cohort.tie_map * count + cohort.ties["alter"]
    order = np.argsort(keys)
    return order[np.searchsorted(keys[order], maps * count + alters)]


def _predictor(name: str, tables: StudyTables, cohort: Cohort, pairs: PairedWaves) -> pl.Series:
    """(ties,) numbers or words, null where empty."""
    if name in _CHOICES or name == "kind":
        return _labelled(cohort.ties[name], CODES[name], list(TABLES["alters" if name == "kind" else "ties"][name].choices.values()))
    if name == "role_group":
        return _labelled(cohort.ties[name], cohort.role_groups, list(cohort.role_groups))
    if name in _OF_TIE:
        return pl.Series(_NUMBER_OF[name](cohort, pairs).astype(float), nan_to_null=True)
    if name in _OF_PERSON:
        column = pl.col(name).replace_strict([True, False], ["yes", "no"], default=None) if name == "lives_alone" else pl.col(name)
        known = dict(tables["participants"].select("pseudonym", column).iter_rows())
        words = [known[person] for person in cohort.maps["participant"].to_list()]
        return pl.Series(words, dtype=pl.String).gather(cohort.tie_map)
    measured = measures_of(cohort, counted=cohort.kinds, measures=(name,)).frame[name]
    return (measured if measured.dtype == pl.String else measured.cast(pl.Float64)).gather(cohort.tie_map)


def _labelled(codes: np.ndarray, known: tuple[str, ...], labels: list[str]) -> pl.Series:
    words = np.array([*(label.lower() for label in labels), None], dtype=object)
    return pl.Series(words[codes].tolist(), dtype=pl.String)


def _circle(cohort: Cohort, _: PairedWaves) -> np.ndarray:
    return np.where(cohort.ties["circle"] > 0, cohort.ties["circle"], np.nan)


def _supports(cohort: Cohort, _: PairedWaves) -> np.ndarray:
    to_me = any_of(cohort.supports["direction"], cohort.code("direction", "to_me", "both")) & (cohort.supports["amount"] != 0)
    count = np.bincount(cohort.supports["tie"][to_me], minlength=cohort.tie_map.size)
    return np.where(cohort.asked["supports"][cohort.tie_map], count, np.nan)


def _degree(cohort: Cohort, _: PairedWaves) -> np.ndarray:
    return np.where(cohort.asked["alter_ties"][cohort.tie_map] == 2, cohort.degree, np.nan)


def _conditional(cohort: Cohort, _: PairedWaves) -> np.ndarray:
    return np.where(cohort.asked["conditional_on"][cohort.tie_map], cohort.ties["is_conditional"], np.nan)


def _gap(cohort: Cohort, pairs: PairedWaves) -> np.ndarray:
    of_map = np.full(len(cohort), np.nan)
    of_map[pairs.from_map] = pairs.pairs["gap_months"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return of_map[cohort.tie_map]


def _of_map(column: str) -> Callable[[Cohort, PairedWaves], np.ndarray]:
    return lambda cohort, _: cohort.maps[column].cast(pl.Float64).fill_null(np.nan).to_numpy()[cohort.tie_map]


_NUMBER_OF: dict[str, Callable[[Cohort, PairedWaves], np.ndarray]] = {
    **{name: (lambda cohort, _, name=name: cohort.ties[name]) for name in _NUMBERS},
    "circle": _circle,
    "conditional": _conditional,
    "supports": _supports,
    "degree": _degree,
    "wave": _of_map("wave"),
    "months": _of_map("months"),
    "gap_months": _gap,
}
