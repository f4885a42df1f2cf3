"""How a measure is distributed at each wave: every map a dot, with the median and the quartiles."""

from collections import Counter
from collections.abc import Sequence

from kithwork.figures.axes import Axis, across, axis_of, value_words
from kithwork.figures.measured import COLOR, PEOPLE, drawn_of, finished, quartiles, single
from kithwork.figures.support_map import counted as number_of
from kithwork.figures.svg import INK, LINE, QUIET, cut, element, group, title, words
from kithwork.measures import Measures
from kithwork.model.tables import StudyTables

_LEFT, _WIDTH, _HIGH = 190.0, 520.0, 96.0
_PLACES = 104  # places along the axis where dots pile up: as wide as a dot


def measure_by_wave(
    tables: StudyTables,
    measures: Sequence[str],
    *,
    kinds: Sequence[str] = PEOPLE,
    counted: Sequence[str] = ("all",),
    state: str = "everyday",
    by: Sequence[str] = (),
    measured: Measures | None = None,
) -> str:
    """A measure on each map, wave by wave.

    Definition  Dots stand at their value to the nearest of 104 places along the axis; where piles are high, dots become
                bars in the same scale at every wave. Box: lower to upper quartile (type 7), with the median.
    Returns     A standalone SVG; numbers only. Maps without a value are counted, by wave and by reason, not drawn.
    Raises      SelectionError for an unknown measure, or one with several columns.
    """
    drawn = drawn_of(tables, measures, kinds, counted, state, by, measured)
    column = single(drawn, measures[0])
    by_wave = {position: drawn.at_wave(column, position) for position, _ in drawn.waves}
    every = [value for found in by_wave.values() for value in found]
    axis = axis_of(every, column.measure.bounds, is_whole=column.measure.is_whole)
    piles = {wave: Counter(round(axis.share(value) * _PLACES) for value in found) for wave, found in by_wave.items()}
    tallest = max((count for pile in piles.values() for count in pile.values()), default=1)
    step = min(5.0, (_HIGH - 40) / tallest)
    body = [words(column.label, 24, 30, 17, bold=True)]
    dots = f"One dot a {drawn.one[0]}" if step >= 2 else f"Height: number of {drawn.one[1]}, the highest {tallest:,}"
    body.append(words(f"{dots}; the box holds the middle half, its line is the median", 24, 50, 13, fill=QUIET))
    first, y, told = 76.0, 76.0, []
    rows = []
    for position, label in drawn.waves:
        y += _HIGH
        empty = drawn.empty_at(column, position)
        said = _said(by_wave[position], empty, drawn.one)
        told.append(f"{label}: {said}")
        counts = number_of(len(by_wave[position]), *drawn.one) + (f", {empty:,} empty" if empty else "")
        rows.append(_row(label, said, by_wave[position], counts, piles[position], axis, y, step))
    body += [*across(axis, _LEFT, _WIDTH, first, y), *rows]
    body.append(words(column.measure.unit, _LEFT + _WIDTH, y + 36, 12, fill=QUIET, anchor="end"))
    notes = [drawn.missing([column]), drawn.scope]
    return finished(drawn, f"{column.label}, by wave", ". ".join(told) + ".", notes, body, _LEFT + _WIDTH + 50, y + 62)


def _said(found: list[float], empty: int, one: tuple[str, str]) -> str:
    if not found:
        return f"no values, {number_of(empty, *one)} empty" if empty else f"no {one[1]}"
    low, middle, high = quartiles(found)
    ends = f"quartiles {value_words(low)} to {value_words(high)}, from {value_words(found[0])} to {value_words(found[-1])}"
    return f"{number_of(len(found), *one)}, median {value_words(middle)}, {ends}" + (f", {empty} empty" if empty else "")


def _row(label: str, said: str, found: list[float], counts: str, pile: Counter[int], axis: Axis, base: float, step: float) -> str:
    line = base - 22  # dots pile up above it, the box lies below
    parts = [
        element("line", x1=_LEFT, y1=line, x2=_LEFT + _WIDTH, y2=line, stroke=LINE),
        words(cut(label, 14, _LEFT - 40), _LEFT - 16, line - 14, 13, anchor="end", bold=True),
        words(counts, _LEFT - 16, line + 3, 12, fill=QUIET, anchor="end"),
    ]
    for place, count in sorted(pile.items()):
        x = _LEFT + place / _PLACES * _WIDTH
        if step < 2:
            parts.append(element("rect", x=x - 2, y=line - count * step, width=4, height=count * step, fill=COLOR))
        else:
            radius = min(step / 2, 2.4)
            parts += [element("circle", cx=x, cy=line - (row + 0.5) * step - 1, r=radius, fill=COLOR) for row in range(count)]
    if found:
        low, middle, high = (_LEFT + axis.share(value) * _WIDTH for value in quartiles(found))
        parts.append(element("rect", x=low, y=line + 4, width=max(high - low, 1), height=10, fill="none", stroke=INK, rx=2))
        parts.append(element("line", x1=middle, y1=line + 1, x2=middle, y2=line + 17, stroke=INK, stroke_width=2.5))
    return group(title(f"{label}: {said}"), *parts, class_="wave")
