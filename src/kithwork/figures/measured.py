"""What pictures of measures are drawn of: the columns chosen on maps of one state, wave by wave, and what is empty and why."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kithwork.figures.course import is_synthetic, waves
from kithwork.figures.support_map import SYNTHETIC, counted
from kithwork.figures.svg import QUIET, picture, words, wrapped
from kithwork.measures import REASONS, Measures
from kithwork.measures.run import PEOPLE, Column, measures_named
from kithwork.model.errors import SelectionError, near
from kithwork.model.schema import KINDS, MAP_STATES
from kithwork.model.tables import StudyTables

COLOR = "#2f6f8f"
"""One colour for every value: none is good or bad."""
_CODES = ("", *REASONS)


@dataclass(frozen=True)
class Drawn:
    """Columns of measures on maps of one state: `at` has the wave's position and `who` the participant of each row.

    Of change, a row is a pair of maps, and `at` the wave of the later; `one` is what a row is called.
    """

    waves: list[tuple[int, str]]  # position, label
    columns: tuple[Column, ...]
    at: np.ndarray
    who: np.ndarray
    rows: np.ndarray  # rows of the columns that are maps of this state
    scope: str
    is_synthetic: bool
    one: tuple[str, str] = ("map", "maps")

    def values(self, column: Column) -> np.ndarray:
        """(rows,) values, NaN where empty."""
        return column.values[self.rows]

    def at_wave(self, column: Column, position: int) -> list[float]:
        """The values there are at a wave, sorted."""
        found = self.values(column)[self.at == position]
        return np.sort(found[~np.isnan(found)]).tolist()

    def empty_at(self, column: Column, position: int) -> int:
        return int(np.isnan(self.values(column)[self.at == position]).sum())

    def missing(self, columns: Sequence[Column]) -> str:
        """How many maps are not drawn because a value is empty, by reason."""
        rows = len(self.rows)
        empty = np.any([np.isnan(self.values(column)) for column in columns], axis=0)
        if not rows or not empty.any():
            return f"{counted(rows, *self.one)}; none is left out."
        reasons: Counter[str] = Counter()
        for column in columns:
            reasons.update(_CODES[place] or "undefined" for place in column.reasons[self.rows][np.isnan(self.values(column))])
        why = "; ".join(f"{REASONS[code].rstrip('.')} ({count})" for code, count in reasons.most_common(4))
        return f"{counted(rows, *self.one)}; {int(empty.sum())} not drawn, as the value is empty: {why}."


def drawn_of(
    tables: StudyTables,
    measures: Iterable[str],
    kinds: Iterable[str] = PEOPLE,
    counted: Iterable[str] = ("all",),
    state: str = "everyday",
    by: Iterable[str] = (),
    measured: Measures | None = None,
) -> Drawn:
    """Measure what a picture shows, or take it from what was measured already."""
    if state not in MAP_STATES:
        raise SelectionError(f"There is no state '{state}'; the states are {', '.join(MAP_STATES)}.{near(state, MAP_STATES)}")
    found = measured or measures_named(tables, kinds, counted, measures, by=by)
    if "to_wave" in found.keys.columns:
        return _of_pairs(tables, found, state)
    rows = np.flatnonzero((found.keys["state"] == state).to_numpy())
    keys = found.keys[rows]
    scope = f"{MAP_STATES[state]}; kinds counted: {_kinds(found.counted)}; alter ties among: {_kinds(found.kinds)}"
    labels = [(row["position"], row["label"]) for row in waves(tables)]
    return Drawn(labels, found.columns, keys["wave"].to_numpy(), keys["participant"].to_numpy(), rows, scope, is_synthetic(tables))


def _of_pairs(tables: StudyTables, found: Measures, state: str) -> Drawn:
    if state != "everyday":
        raise SelectionError("Change is measured between everyday maps; choose the everyday state.")
    keys = found.keys
    bridging = int((keys["waves_missed"] > 0).sum())
    scope = f"Since the person's everyday map before, {bridging} across a missed wave; kinds counted: {_kinds(found.counted)}"
    scope += f"; alter ties among: {_kinds(found.kinds)}"
    labels = [(row["position"], row["label"]) for row in waves(tables)][1:]
    rows, one = np.arange(len(keys)), ("pair of maps", "pairs of maps")
    return Drawn(labels, found.columns, keys["to_wave"].to_numpy(), keys["participant"].to_numpy(), rows, scope, is_synthetic(tables), one)


def single(drawn: Drawn, name: str) -> Column:
    """The one column of a measure; a measure with a column a kind or circle has to say which."""
    found = [column for column in drawn.columns if name in (column.name, column.measure.name)]
    exact = [column for column in found if column.name == name] or found
    if len(exact) != 1:
        raise SelectionError(f"'{name}' has a column {_one_a(found)}; choose one: {', '.join(column.name for column in found)}.")
    if exact[0].words:
        raise SelectionError(f"'{name}' is a word, not a number, so it cannot be drawn on an axis; see it in the table.")
    return exact[0]


def _one_a(columns: Sequence[Column]) -> str:
    family = columns[0].measure.family if columns else None
    return f"a {family.one_a}" if family else "for each category"


def _kinds(kinds: Sequence[str]) -> str:
    return "all" if len(kinds) == len(KINDS) else ", ".join(KINDS[kind].lower() for kind in kinds)


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile, between values by straight lines (type 7)."""
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75))
    return float(low), float(middle), float(high)


def finished(drawn: Drawn, name: str, told: str, notes: Sequence[str], body: list[str], width: float, y: float) -> str:
    """The picture with its notes at the foot, broken into lines."""
    for note in (*notes, *([SYNTHETIC] if drawn.is_synthetic else [])):
        for line in wrapped(note, 12, width - 48):
            body.append(words(line, 24, y, 12, fill=QUIET))
            y += 17
    return picture(width, y + 8, name, told, body)
