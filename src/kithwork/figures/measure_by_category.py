"""A measure with a column a kind, circle or other category: each category's middle half and median, wave by wave."""

from collections.abc import Sequence

from kithwork.figures.axes import Axis, across, axis_of, value_words
from kithwork.figures.kinds import KINDS, shape
from kithwork.figures.measured import COLOR, PEOPLE, drawn_of, finished, quartiles
from kithwork.figures.support_map import counted as number_of
from kithwork.figures.svg import FAINT, INK, QUIET, cut, element, group, title, words
from kithwork.measures import Measures
from kithwork.measures.run import Column
from kithwork.model.errors import SelectionError
from kithwork.model.schema import KINDS as KIND_LABELS
from kithwork.model.tables import StudyTables

_LEFT, _WIDTH, _LINE = 270.0, 470.0, 24.0
_KIND_CODES = {label.lower(): code for code, label in KIND_LABELS.items()}


def measure_by_category(
    tables: StudyTables,
    measures: Sequence[str],
    *,
    kinds: Sequence[str] = PEOPLE,
    counted: Sequence[str] = ("all",),
    state: str = "everyday",
    by: Sequence[str] = (),
    measured: Measures | None = None,
) -> str:
    """One measure category by category, in the order of the categories, never by rank.

    Definition  At each wave and for each column of the measure: a thin line from least to greatest value, a thick one from
                lower to upper quartile (type 7), the median; the number of maps that have a value stands beside it.
    Returns     A standalone SVG; numbers only. Maps without a value are counted, not drawn.
    Raises      SelectionError for an unknown measure, or one without columns a category.
    """
    drawn = drawn_of(tables, measures, kinds, counted, state, by, measured)
    named = next((column.measure for column in drawn.columns if measures[0] in (column.name, column.measure.name)), None)
    if named and named.name != measures[0] and measured is None:  # one of its columns was named: draw them all
        drawn = drawn_of(tables, [named.name], kinds, counted, state, by)
    columns = [column for column in drawn.columns if column.measure is named]
    if named is None or named.family is None or any(column.words for column in columns):
        raise SelectionError(f"'{measures[0]}' has no column a kind, circle or other category; choose a measure that has.")
    label, one_a = named.label, named.family.short
    every = [value for column in columns for position, _ in drawn.waves for value in drawn.at_wave(column, position)]
    axis = axis_of(every, named.bounds, is_whole=named.is_whole)
    body = [words(f"{label}, by {one_a}", 24, 30, 17, bold=True)]
    body.append(
        words(f"Thick: the middle half of {drawn.one[1]}; the dot is the median; thin: from least to greatest", 24, 50, 13, fill=QUIET)
    )
    rows, told, y = [], [], 78.0
    for position, wave in drawn.waves:
        rows.append(words(cut(wave, 14, 200), 24, y + 8, 14, bold=True))
        y += 28
        for column in columns:
            found, empty = drawn.at_wave(column, position), drawn.empty_at(column, position)
            rows.append(_row(column, found, empty, axis, y))
            y += _LINE
            if found:
                told.append(f"{wave}, {_end(column)}: {number_of(len(found), *drawn.one)}, median {value_words(quartiles(found)[1])}")
        y += 10
    body += [*across(axis, _LEFT, _WIDTH, 70, y), *rows]
    body.append(words(named.unit, _LEFT + _WIDTH, y + 36, 12, fill=QUIET, anchor="end"))
    notes = [f"Numbers beside each {one_a} are {drawn.one[1]} that have a value, and those where it is empty.", drawn.scope]
    return finished(drawn, f"{label}, by {one_a}", ". ".join(told) + ".", notes, body, _LEFT + _WIDTH + 50, y + 62)


def _end(column: Column) -> str:
    return column.label.partition(": ")[2] or column.label


def _row(column: Column, found: list[float], empty: int, axis: Axis, y: float) -> str:
    counts = f"{len(found):,}" + (f", {empty:,} empty" if empty else "")
    parts = [
        words(cut(_end(column), 13, 130), 46, y + 4, 13),
        words(counts, _LEFT - 14, y + 4, 12, fill=QUIET, anchor="end"),
        element("line", x1=_LEFT, y1=y, x2=_LEFT + _WIDTH, y2=y, stroke=FAINT),
    ]
    kind = _KIND_CODES.get(_end(column))
    if kind:
        parts.append(shape(kind, 34, y, 6))
    color = KINDS[kind]["color"] if kind else COLOR
    if found:
        low, middle, high = (_LEFT + axis.share(value) * _WIDTH for value in quartiles(found))
        least, most = (_LEFT + axis.share(value) * _WIDTH for value in (found[0], found[-1]))
        parts.append(element("line", x1=least, y1=y, x2=most, y2=y, stroke=color, stroke_width=1.5))
        parts.append(element("line", x1=low, y1=y, x2=high, y2=y, stroke=color, stroke_width=7, stroke_opacity=0.6))
        parts.append(element("circle", cx=middle, cy=y, r=4.5, fill=INK))
    return group(title(f"{column.label}: {counts}"), *parts, class_="category")
