"""Axes of pictures of measures: from round number to round number, with zero or the measure's own bounds in sight."""

from dataclasses import dataclass
from math import ceil, floor, log10

from kithwork.figures.svg import FAINT, QUIET, element, number, text_width, words


@dataclass(frozen=True)
class Axis:
    """Values from `low` to `high`, with round ticks between."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> list[float]:
        return [self.low + self.step * place for place in range(round((self.high - self.low) / self.step) + 1)]

    def share(self, value: float) -> float:
        """Where a value lies, 0 at the low end to 1 at the high end."""
        return (value - self.low) / (self.high - self.low)

    def words(self, value: float) -> str:
        """A tick's number, as exact as its step."""
        return f"{value:,.{max(0, -floor(log10(self.step) + 1e-9))}f}"


def axis_of(values: list[float], bounds: tuple[float | None, float | None], *, is_whole: bool = False, steps: int = 6) -> Axis:
    """The axis for values of a measure. A measure bounded on both sides is shown whole; any other from zero, so that no
    difference looks larger than it is."""
    low, high = bounds
    if low is None or high is None or high - low > 1000:
        low, high = min([0.0, *values]), max([0.0, *values])
    if high - low < 1e-9:
        low, high = 0.0, 1.0
    step = _round_step((high - low) / steps)
    if is_whole:
        step = max(step, 1.0)
    low, high = floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step
    return Axis(low, high, step)


def _round_step(least: float) -> float:
    size = 10 ** floor(log10(least))
    return next(size * factor for factor in (1, 2, 5, 10) if size * factor >= least * (1 - 1e-9))


def across(axis: Axis, left: float, wide: float, top: float, base: float) -> list[str]:
    """Lines and numbers of an axis from left to right."""
    parts = []
    for tick in axis.ticks:
        x = left + axis.share(tick) * wide
        parts.append(element("line", x1=x, y1=top, x2=x, y2=base, stroke=FAINT))
        parts.append(words(_minus(axis.words(tick)), x, base + 18, 12, fill=QUIET, anchor="middle"))
    return parts


def upward(axis: Axis, left: float, right: float, base: float, high: float, *, is_numbered: bool = True) -> list[str]:
    """Lines and numbers of an axis from the base up."""
    parts = []
    for tick in axis.ticks:
        y = base - axis.share(tick) * high
        parts.append(element("line", x1=left, y1=y, x2=right, y2=y, stroke=FAINT))
        if is_numbered:
            parts.append(words(_minus(axis.words(tick)), left - 8, y + 4, 12, fill=QUIET, anchor="end"))
    return parts


def tick_room(axis: Axis) -> float:
    """Width that the numbers of an axis need."""
    return max(text_width(_minus(axis.words(tick)), 12) for tick in axis.ticks) + 12


def _minus(text: str) -> str:
    return text.replace("-", "−")


def value_words(value: float) -> str:
    """A value as captions say it: whole numbers as they are, others to two decimals."""
    return _minus(number(value) if value == int(value) else f"{value:.2f}")
