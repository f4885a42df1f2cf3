"""From a study to tables of measures: one row a map, or one row a person and pair of waves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import polars as pl

from kithwork.cohort import Cohort, PairedWaves, Policy, cohort_of
from kithwork.cohort.columns import known_kinds
from kithwork.measures import compiled
from kithwork.measures.compiled import Engine, engine_for
from kithwork.measures.reasons import REASONS
from kithwork.measures.registry import Measure, chosen, holding, per_of
from kithwork.measures.rested_on import MISSING, USED, rested_on
from kithwork.model.errors import SelectionError, near
from kithwork.model.schema import KINDS, MAP_STATES
from kithwork.model.tables import StudyTables

PEOPLE = ("person",)
MAPS_AT_A_TIME = 20_000
"""Maps measured at a time: few enough for their columns to stay near the processor, enough for the work to outweigh the calls."""

_CODES = ("", *REASONS)


@dataclass(frozen=True)
class Column:
    """One column of a result: where its values come from, and why those that are empty are."""

    name: str
    label: str
    measure: Measure
    values: np.ndarray  # (rows,) floats, NaN where empty
    reasons: np.ndarray  # (rows,) positions in the list of reasons, 0 where there is a value
    words: tuple[str, ...] = ()  # where values are positions in a list of words
    used: np.ndarray | None = None  # (rows,) ties the value rests on, where asked for
    missing: np.ndarray | None = None  # (rows,) ties of which what it rests on is not known

    @property
    def series(self) -> list[pl.Series]:
        """The values as a table holds them: whole numbers, numbers or words, null where empty; then the ties, where asked for."""
        is_whole = self.measure.is_whole or self.words
        if is_whole and not self.reasons.any():
            values = pl.Series(self.name, self.values.astype(np.int64))
        else:
            values = pl.Series(self.name, self.values, nan_to_null=True)
            values = values.cast(pl.Int64) if is_whole else values
        if self.words:
            values = pl.Series(self.name, self.words, dtype=pl.String).gather(values).rename(self.name)
        if self.used is None or self.missing is None:
            return [values]
        return [values, pl.Series(self.name + USED, self.used), pl.Series(self.name + MISSING, self.missing)]


@dataclass(frozen=True)
class Measures:
    """What was measured: `frame`, and `reasons` for every empty value; with the scope and policy that were used."""

    keys: pl.DataFrame
    columns: tuple[Column, ...]
    kinds: tuple[str, ...]
    counted: tuple[str, ...]
    policy: Policy
    dropped: dict[str, int] = field(default_factory=dict)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The keys and a column a measure, with the ties it rests on where they were asked for; null where a value is undefined."""
        return self.keys.hstack([series for column in self.columns for series in column.series])

    @cached_property
    def reasons(self) -> pl.DataFrame:
        """The keys, `measure`, `reason` (a short code) and `sentence`: one row an empty value."""
        parts = []
        for column in self.columns:
            rows = np.flatnonzero(column.reasons)
            codes = [_CODES[place] for place in column.reasons[rows]]
            parts.append(self.keys[rows].with_columns(measure=pl.lit(column.name), reason=pl.Series(codes, dtype=pl.String)))
        none = self.keys.clear().with_columns(measure=pl.lit("", dtype=pl.String), reason=pl.lit("", dtype=pl.String))
        found = pl.concat([none, *parts])
        return found.with_columns(sentence=pl.col("reason").replace_strict(REASONS, return_dtype=pl.String))


def map_measures(
    tables: StudyTables,
    kinds: Iterable[str] = PEOPLE,
    counted: Iterable[str] = ("all",),
    measures: Iterable[str] | None = None,
    policy: Policy | None = None,
    engine: str | None = None,
    by: Iterable[str] = (),
    with_ties: bool = False,
) -> Measures:
    """Measure every map of a study, with the reasons for what is empty.

    kinds     kinds among which alter ties are measured; people unless chosen
    counted   kinds counted by every other measure; all unless chosen
    engine    `numpy` or `compiled`, which give the same; unless chosen, by how many maps there are
    by        attributes to sort alters by, as `NAME`, `NAME=EGO'S NAME` or `NAME:codes`
    with_ties whether to tell on how many ties each value rests, and how many have no answer; see `rested_on`
    """
    return measures_of(cohort_of(tables, policy=policy, by=by), kinds, counted, measures, engine, with_ties)


def measures_of(
    cohort: Cohort,
    kinds: Iterable[str] = PEOPLE,
    counted: Iterable[str] = ("all",),
    measures: Iterable[str] | None = None,
    engine: str | None = None,
    with_ties: bool = False,
) -> Measures:
    """As `map_measures`, for a cohort that is there already."""
    chosen_engine, names = engine_for(len(cohort), engine), None if measures is None else tuple(measures)
    kinds, counted = known_kinds(kinds), known_kinds(counted)
    return joined([_measured(part, kinds, counted, names, chosen_engine, with_ties) for part in cohort.parts(MAPS_AT_A_TIME)])


def joined(parts: Sequence[Measures]) -> Measures:
    """Measures of the parts of one cohort as those of the whole, in order."""
    if len(parts) == 1:
        return parts[0]

    def whole(pieces: Sequence[Column]) -> Column:
        own = ("values", "reasons", *(("used", "missing") if pieces[0].used is not None else ()))
        return replace(pieces[0], **{name: np.concatenate([getattr(piece, name) for piece in pieces]) for name in own})

    columns = [whole(pieces) for pieces in zip(*(part.columns for part in parts), strict=True)]
    return replace(parts[0], keys=pl.concat([part.keys for part in parts]), columns=tuple(columns))


def _measured(
    cohort: Cohort, kinds: tuple[str, ...], counted: tuple[str, ...], measures: tuple[str, ...] | None, engine: Engine, with_ties: bool
) -> Measures:
    kinds_of = {"counted": counted, "people": tuple(KINDS), "structure": kinds}
    base = cohort.within(counted)
    wanted = chosen(measures, "map", base)
    scopes = {kinds_of[measure.scope] for measure, _ in wanted}
    within = {scope: base if scope == counted else cohort.within(scope) for scope in scopes}
    if engine == "compiled":
        for scope, scoped in within.items():
            compiled.prepare(scoped, {measure.name for measure, _ in wanted if kinds_of[measure.scope] == scope})
    columns = [c for measure, one in wanted for c in _columns(measure, within[kinds_of[measure.scope]], base, one, with_ties, engine)]
    return Measures(cohort.maps[["participant", "wave", "state"]], tuple(columns), kinds, counted, cohort.policy, dict(cohort.dropped))


def change_measures(
    tables: StudyTables,
    counted: Iterable[str] = ("all",),
    measures: Iterable[str] | None = None,
    kinds: Iterable[str] = PEOPLE,
    policy: Policy | None = None,
    by: Iterable[str] = (),
    state: str = "everyday",
    against: str | None = None,
    with_ties: bool = False,
) -> Measures:
    """Measure change for each participant between consecutive observed maps in a state; or, `against` another, at the same wave.

    counted, kinds, by   as for `map_measures`
    """
    for name in (state, *([against] if against is not None else [])):
        if name not in MAP_STATES:
            raise SelectionError(f"There is no state '{name}'; the states are {', '.join(MAP_STATES)}.{near(name, MAP_STATES)}")
    if state == against:
        raise SelectionError("A state cannot be set against itself; name another, such as crisis against everyday.")
    cohort = cohort_of(tables, policy=policy, by=by)
    kinds_of = {"counted": known_kinds(counted), "structure": known_kinds(kinds)}
    wanted = chosen(measures, "pair", cohort.within(counted))
    scopes = {"counted", *(measure.scope for measure, _ in wanted)}
    within = {scope: paired(cohort.within(kinds_of[scope]), state, against) for scope in scopes}
    columns = [c for measure, one in wanted for c in _columns(measure, within[measure.scope], within["counted"].cohort, one, with_ties)]
    return Measures(
        within["counted"].pairs, tuple(columns), kinds_of["structure"], kinds_of["counted"], cohort.policy, dict(cohort.dropped)
    )


def paired(cohort: Cohort, state: str = "everyday", against: str | None = None) -> PairedWaves:
    """Maps in one state from wave to wave, or in two states wave by wave."""
    return PairedWaves.of(cohort, state) if against is None else PairedWaves.between(cohort, state, against)


def measures_named(
    tables: StudyTables,
    kinds: Iterable[str],
    counted: Iterable[str],
    measures: Iterable[str],
    with_ties: bool = False,
    by: Iterable[str] = (),
) -> Measures:
    """Measures of maps or of change, as their names say."""
    names = tuple(measures)
    if per_of(names) == "pair":
        return change_measures(tables, counted, names, kinds, by=by, with_ties=with_ties)
    return map_measures(tables, kinds, counted, names, by=by, with_ties=with_ties)


def measure_maps(
    tables: StudyTables, kinds: Iterable[str] = PEOPLE, counted: Iterable[str] = ("all",), measures: Iterable[str] | None = None
) -> pl.DataFrame:
    """One row a map: `participant`, `wave`, `state`, then a column a measure, null where undefined. Scopes as in `map_measures`."""
    return map_measures(tables, kinds, counted, measures).frame


def measure_change(tables: StudyTables, counted: Iterable[str] = ("all",), measures: Iterable[str] | None = None) -> pl.DataFrame:
    """One row a person and pair of waves: `participant`, `from_wave`, `to_wave`, `gap_months`, `waves_missed`, then the measures."""
    return change_measures(tables, counted, measures).frame


def _columns(
    measure: Measure, data: Cohort | PairedWaves, cohort: Cohort, one: str | None, with_ties: bool, engine: Engine = "numpy"
) -> list[Column]:
    values = compiled.values(measure.name, data) if engine == "compiled" and isinstance(data, Cohort) else None
    values = np.asarray(measure.function(data) if values is None else values, dtype=float)
    reasons = np.zeros(values.shape, dtype=np.int8)
    for rule in measure.missing:
        holds = holding(rule, data)
        if holds is not None:
            holds = holds[:, np.newaxis] if holds.ndim < values.ndim else holds
            reasons = np.where((reasons == 0) & holds, _CODES.index(rule.code), reasons)
            values = np.where(holds, np.nan, values)  # a copy, as several measures may share the values
    is_empty = np.isnan(values)
    if is_empty.any():
        reasons[is_empty & (reasons == 0)] = _CODES.index("undefined")
    named = measure.columns(cohort)
    if measure.family is None:
        values, reasons = values[:, np.newaxis], reasons[:, np.newaxis]
    words = measure.words(cohort) if measure.words else ()
    columns = [Column(name, label, measure, values[:, i], reasons[:, i], words) for i, (name, label) in enumerate(named)]
    if with_ties:
        used, missing = rested_on(measure, data, len(named))
        columns = [replace(column, used=used[:, i], missing=missing[:, i]) for i, column in enumerate(columns)]
    return [column for column in columns if one in (None, column.name)]
