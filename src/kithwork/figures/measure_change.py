"""How a measure changes: one line a participant from wave to wave, broken where a wave was missed or the value is empty."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from kithwork.figures.axes import Axis, axis_of, tick_room, upward, value_words
from kithwork.figures.measured import COLOR, PEOPLE, Drawn, drawn_of, finished, quartiles, single
from kithwork.figures.support_map import counted as number_of
from kithwork.figures.svg import INK, LINE, PAPER, QUIET, element, group, number, title, words, wrapped
from kithwork.measures import Measures
from kithwork.measures.run import Column
from kithwork.model.tables import StudyTables

_TOP, _HIGH, _STEP = 78.0, 340.0, 170.0


def measure_change(
    tables: StudyTables,
    measures: Sequence[str],
    *,
    kinds: Sequence[str] = PEOPLE,
    counted: Sequence[str] = ("all",),
    state: str = "everyday",
    by: Sequence[str] = (),
    measured: Measures | None = None,
) -> str:
    """A measure of each participant through the waves.

    Definition  A line joins values at waves that follow each other; it is never drawn across a wave without a value. Waves
                stand at even distances, in order. The dark bars are medians of all values at a wave.
    Returns     A standalone SVG; numbers only, no participant is named. Maps without a value are counted, not drawn.
    Raises      SelectionError for an unknown measure, or one with several columns.
    """
    drawn = drawn_of(tables, measures, kinds, counted, state, by, measured)
    column = single(drawn, measures[0])
    courses = courses_of(drawn, column)
    values = [value for course in courses for value in course if value is not None]
    axis = axis_of(values, column.measure.bounds, is_whole=column.measure.is_whole)
    left = 32 + tick_room(axis)
    right, base = left + _STEP * max(len(drawn.waves), 1), _TOP + _HIGH
    body = [words(column.label, 24, 30, 17, bold=True)]
    body.append(words(f"One line a participant; a gap where a wave has no value. Unit: {column.measure.unit}", 24, 50, 13, fill=QUIET))
    body += upward(axis, left, right, base, _HIGH)
    xs = [left + _STEP * (place + 0.5) for place in range(len(drawn.waves))]
    body += _lines(courses, xs, axis, base)
    told = []
    for x, (position, label) in zip(xs, drawn.waves, strict=True):
        found, empty = drawn.at_wave(column, position), drawn.empty_at(column, position)
        counts = number_of(len(found), *drawn.one)
        body.append(_foot(label, counts + (f", {empty:,} empty" if empty else ""), x, base))
        if found:
            middle = quartiles(found)[1]
            y = base - axis.share(middle) * _HIGH
            body.append(element("line", x1=x - 22, y1=y, x2=x + 22, y2=y, stroke=PAPER, stroke_width=6))
            body.append(
                group(
                    title(f"{label}: median {value_words(middle)}"),
                    element("line", x1=x - 22, y1=y, x2=x + 22, y2=y, stroke=INK, stroke_width=3),
                )
            )
            body.append(words(value_words(middle), x + 27, y + 4, 12, halo=True))
        median = f", median {value_words(quartiles(found)[1])}" if found else ""
        told.append(f"{label}: {counts}{median}" + (f", {empty} empty" if empty else ""))
    told.append(steps_said(courses))
    notes = [told[-1], drawn.missing([column]), drawn.scope]
    return finished(drawn, f"{column.label}: change from wave to wave", ". ".join(told), notes, body, max(right + 40, 700), base + 82)


def courses_of(drawn: Drawn, column: Column) -> list[list[float | None]]:
    """Each participant's values in order of the waves; None where there is none."""
    place = {position: at for at, (position, _) in enumerate(drawn.waves)}
    found: dict[str, list[float | None]] = {}
    for who, at, value in zip(drawn.who.tolist(), drawn.at.tolist(), drawn.values(column).tolist(), strict=True):
        course = found.setdefault(who, [None] * len(drawn.waves))
        course[place[at]] = None if np.isnan(value) else value
    return [course for course in found.values() if any(value is not None for value in course)]


def steps_said(courses: Sequence[Sequence[float | None]]) -> str:
    """How many participants can be compared between waves that follow each other, and which way their values went."""
    steps = [(a, b) for course in courses for a, b in pairwise(course) if a is not None and b is not None]
    if not steps:
        return "Nobody has a value at two waves that follow each other."
    up, down = sum(b > a for a, b in steps), sum(b < a for a, b in steps)
    counts = f"{up:,} higher, {down:,} lower, {len(steps) - up - down:,} the same"
    return f"Values at two waves that follow each other: {number_of(len(steps), 'pair', 'pairs')}, the later {counts}."


def _lines(courses: Sequence[Sequence[float | None]], xs: Sequence[float], axis: Axis, base: float) -> list[str]:
    """All lines as one path for each opacity, so that thousands of participants stay a small picture."""
    joined, alone = [], []
    for course in courses:
        points = [None if value is None else (x, base - axis.share(value) * _HIGH) for x, value in zip(xs, course, strict=True)]
        for a, b in pairwise(points):
            if a and b:
                joined.append(f"M{number(a[0])} {number(round(a[1], 1))}L{number(b[0])} {number(round(b[1], 1))}")
        alone += [(number(point[0]), number(round(point[1], 1))) for point in points if point]
    faint = max(0.08, min(0.55, 14 / max(len(courses), 1)))
    # one path would not darken where lines overlap, so they are drawn in a few
    parts = [joined[start::24] for start in range(24)] if len(joined) > 240 else [[line] for line in joined]
    found = [element("path", d="".join(part), stroke=COLOR, stroke_width=1.5, stroke_opacity=faint, fill="none") for part in parts if part]
    found += [element("circle", cx=x, cy=y, r=2.6, fill=COLOR, fill_opacity=max(faint, 0.25)) for x, y in sorted(set(alone))]
    return found


def _foot(label: str, counts: str, x: float, base: float) -> str:
    lines = wrapped(label, 13, _STEP - 16, 1)
    return group(
        element("line", x1=x, y1=base, x2=x, y2=base + 5, stroke=LINE),
        words(lines[0] if lines else "", x, base + 22, 13, anchor="middle", bold=True),
        words(counts, x, base + 39, 12, fill=QUIET, anchor="middle"),
    )
