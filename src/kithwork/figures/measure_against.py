"""A measure against a measure, one panel a wave on the same axes."""

from collections import Counter
from collections.abc import Sequence
from math import ceil, sqrt

import numpy as np

from kithwork.figures.axes import Axis, across, axis_of, tick_room, upward
from kithwork.figures.measured import COLOR, PEOPLE, drawn_of, finished, single
from kithwork.figures.support_map import counted as number_of
from kithwork.figures.svg import LINE, PAPER, QUIET, cut, element, group, text_width, title, words
from kithwork.measures import Measures
from kithwork.model.errors import SelectionError
from kithwork.model.tables import StudyTables

_SIDE, _ACROSS = 220.0, 3
_GRAIN = 2.0  # px: values nearer than this are one dot


def measure_against(
    tables: StudyTables,
    measures: Sequence[str],
    *,
    kinds: Sequence[str] = PEOPLE,
    counted: Sequence[str] = ("all",),
    state: str = "everyday",
    by: Sequence[str] = (),
    measured: Measures | None = None,
) -> str:
    """The first measure across, the second upward, every map a dot at its wave.

    Definition  Maps at the same place, to 2 pixels, are one dot with the area of as many. Axes are the same at every wave.
    Returns     A standalone SVG; numbers only. Maps without either value are counted, not drawn.
    Raises      SelectionError for an unknown measure, one with several columns, or fewer than two.
    """
    if len(measures) < 2:
        raise SelectionError("This picture is of two measures; choose a second one to set the first against.")
    drawn = drawn_of(tables, measures, kinds, counted, state, by, measured)
    first, second = single(drawn, measures[0]), single(drawn, measures[1])
    xs, ys = drawn.values(first), drawn.values(second)
    known = ~(np.isnan(xs) | np.isnan(ys))
    across_axis = axis_of(xs[known].tolist(), first.measure.bounds, is_whole=first.measure.is_whole, steps=4)
    up_axis = axis_of(ys[known].tolist(), second.measure.bounds, is_whole=second.measure.is_whole, steps=4)
    room = 24 + tick_room(up_axis)
    body = [words(cut(f"{second.label} against {first.label.lower()}", 17, 800), 24, 30, 17, bold=True)]
    body.append(words(f"Upward: {second.label} ({second.measure.unit})", 24, 50, 13, fill=QUIET))
    body.append(words(f"Across: {first.label} ({first.measure.unit})", 24, 68, 13, fill=QUIET))
    dots = {
        position: _dots(xs[known & (drawn.at == position)], ys[known & (drawn.at == position)], across_axis, up_axis)
        for position, _ in drawn.waves
    }
    most = max((count for found in dots.values() for count in found.values()), default=1)
    told, height = [], 96.0
    for place, (position, label) in enumerate(drawn.waves):
        at_wave = drawn.at == position
        shown, empty = int((known & at_wave).sum()), int((~known & at_wave).sum())
        counts = number_of(shown, *drawn.one) + (f", {empty:,} empty" if empty else "")
        x, y = room + place % _ACROSS * (_SIDE + room), 96 + place // _ACROSS * (_SIDE + 76)
        body.append(_panel(label, counts, dots[position], most, across_axis, up_axis, x, y))
        told.append(f"{label}: {counts}")
        height = y + _SIDE + 76
    columns = max(min(len(drawn.waves), _ACROSS), 1)
    notes = [f"A larger dot is several {drawn.one[1]}." if most > 1 else "", drawn.missing([first, second]), drawn.scope]
    name = f"{second.label} against {first.label.lower()}, by wave"
    width = max(columns * (_SIDE + room) + 40, 500)
    return finished(drawn, name, ". ".join(told) + ".", notes, body, width, height)


def _dots(xs: np.ndarray, ys: np.ndarray, across_axis: Axis, up_axis: Axis) -> Counter[tuple[float, float]]:
    places = zip(xs.tolist(), ys.tolist(), strict=True)
    steps = _SIDE / _GRAIN
    return Counter((ceil(across_axis.share(x) * steps - 0.5) * _GRAIN, ceil(up_axis.share(y) * steps - 0.5) * _GRAIN) for x, y in places)


def _panel(
    label: str, counts: str, dots: Counter[tuple[float, float]], most: int, across_axis: Axis, up_axis: Axis, x: float, y: float
) -> str:
    base = y + _SIDE + 20
    unit = min(3.0, 14 / sqrt(most))
    parts = [
        words(cut(label, 13, _SIDE - text_width(counts, 12) - 16), x, y + 8, 13, bold=True),
        words(counts, x + _SIDE, y + 8, 12, fill=QUIET, anchor="end"),
        *across(across_axis, x, _SIDE, y + 20, base),
        *upward(up_axis, x, x + _SIDE, base, _SIDE),
        element("path", d=f"M{x} {y + 20}V{base}H{x + _SIDE}", fill="none", stroke=LINE),
    ]
    for (right, up), count in sorted(dots.items(), key=lambda dot: (-dot[1], dot[0])):
        radius = max(unit * sqrt(count), 1.2)
        parts.append(element("circle", cx=x + right, cy=base - up, r=radius, fill=COLOR, fill_opacity=0.75, stroke=PAPER, stroke_width=0.6))
    return group(title(f"{label}: {counts}"), *parts, class_="wave")
