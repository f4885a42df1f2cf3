"""Columns of blocks joined by bands as thick as what they carry; for flows of ties and of participants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kithwork.figures.svg import INK, QUIET, element, group, number, text_width, title, words

BLOCK = 14.0  # width of a block


@dataclass(frozen=True)
class Band:
    """So many going from one lane to another; `meaning` is what a resting pointer is told."""

    source: str
    target: str
    count: int
    color: str
    meaning: str
    opacity: float = 0.55


def stacked(lanes: Sequence[str], columns: Sequence[Mapping[str, int]], unit: float, gap: float) -> dict[str, float]:
    """The top of each lane, the same in every column, so that a lane reads as a line; each has room for its largest block."""
    tops, y = {}, 0.0
    for lane in lanes:
        tops[lane] = y
        y += max(unit * max((column.get(lane, 0) for column in columns), default=0), 16) + gap
    tops[""] = y  # where the next lane would begin: the height of all
    return tops


def block(x: float, y: float, count: int, unit: float, color: str, meaning: str) -> str:
    """One block with its number beside it."""
    height = max(unit * count, 1)
    return group(
        title(meaning),
        element("rect", x=x, y=y, width=BLOCK, height=height, rx=2, fill=color),
        class_="block",
    )


def column(
    label: str, x: float, y: float, counts: Mapping[str, int], tops: Mapping[str, float], unit: float, looks: Mapping[str, tuple[str, str]]
) -> str:
    """One column: its label at the top, and the block and number of each lane it has anything in; `looks` gives colour and meaning."""
    parts = [words(label, x + BLOCK / 2, y - 22, 13, anchor="middle", bold=True)]
    for lane, (color, meaning) in looks.items():
        if counts.get(lane):
            top = y + tops[lane]
            parts.append(block(x, top, counts[lane], unit, color, f"{label}, {meaning}: {counts[lane]}"))
            parts.append(words(str(counts[lane]), x - 5, top + 12, 13, anchor="end", bold=True, halo=True))
    return group(*parts)


def bands(flows: Sequence[Band], lanes: Sequence[str], tops: Mapping[str, float], x: float, end: float, y: float, unit: float) -> list[str]:
    """The bands between two columns, stacked in the order of the lanes at both ends, each with its number."""
    place = {lane: rank for rank, lane in enumerate(lanes)}
    starts, ends = dict(tops), dict(tops)
    by_source = sorted(flows, key=lambda band: (place[band.source], place[band.target], band.meaning))
    lefts = {}
    for band in by_source:
        lefts[band] = starts[band.source]
        starts[band.source] += band.count * unit
    parts = []
    for band in sorted(flows, key=lambda band: (place[band.target], place[band.source], band.meaning)):
        parts.append(_band(band, x, y + lefts[band], end, y + ends[band.target], unit))
        ends[band.target] += band.count * unit
    return parts


def _band(band: Band, x: float, top: float, end: float, bottom: float, unit: float) -> str:
    thick, middle = band.count * unit, (x + end) / 2
    xs = [number(value) for value in (x, middle, end)]
    a, b, c, d = (number(value) for value in (top, bottom, bottom + thick, top + thick))
    path = f"M{xs[0]} {a}C{xs[1]} {a} {xs[1]} {b} {xs[2]} {b}V{c}C{xs[1]} {c} {xs[1]} {d} {xs[0]} {d}Z"
    size = min(11.5, max(thick * 0.95, 8))
    label = words(str(band.count), x + 6, top + thick / 2 + size * 0.36, size, fill=INK) if thick >= 7 else ""
    return group(
        title(f"{band.meaning}: {band.count}"), element("path", d=path, fill=band.color, fill_opacity=band.opacity), label, class_="band"
    )


def color_legend(entries: Sequence[tuple[str, str]], x: float, y: float, opacity: float = 0.55) -> str:
    """One row of colours with their meaning."""
    parts = []
    for color, meaning in entries:
        parts.append(element("rect", x=x, y=y - 9, width=16, height=10, rx=2, fill=color, fill_opacity=opacity))
        parts.append(words(meaning, x + 21, y, 12, fill=QUIET))
        x += 21 + text_width(meaning, 12) + 16
    return group(*parts, class_="legend")
