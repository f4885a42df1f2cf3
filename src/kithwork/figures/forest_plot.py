"""What predicts something of ties: each effect with its interval, or, where no model could be fitted, each share."""

from collections.abc import Sequence
from math import ceil, exp, floor, log10
from typing import NamedTuple

from kithwork.figures.course import is_synthetic
from kithwork.figures.support_map import SYNTHETIC
from kithwork.figures.svg import FAINT, INK, LINE, QUIET, cut, element, group, picture, title, words, wrapped
from kithwork.measures.models import TieModel, tie_model
from kithwork.model.tables import StudyTables

_LEFT, _WIDTH, _RIGHT, _ROW, _TOP = 330.0, 380.0, 210.0, 26.0, 92.0
_MARK = "#2f6f8f"


class _Line(NamedTuple):
    label: str
    value: float
    low: float | None
    high: float | None
    said: str


def forest_plot(tables: StudyTables, outcome: str = "kept", by: Sequence[str] = ("kind", "circle"), *, method: str = "mixed") -> str:
    """Effects of a tie model with 95 % intervals; what the model is of, and what to be careful of, stand below.

    Definition  `tie_model(tables, outcome, by, method=…)`; odds ratios on a log scale, units of the outcome on a plain one. Where no model
                could be fitted, the shares of exact counts with intervals from drawing people anew.
    Returns     A standalone SVG; numbers only, nobody's pseudonym.
    """
    return forest_plot_of(tie_model(tables, outcome, by, method=method), is_made_up=is_synthetic(tables))


def forest_plot_of(model: TieModel, *, is_made_up: bool = False) -> str:
    """The same for a model that is there already."""
    is_model = not model.effects.is_empty()
    is_ratio = is_model and not model.outcome.is_number
    lines = _effects(model, is_ratio=is_ratio) if is_model else _shares(model)
    name = f"What goes with {_SAID[model.outcome.name]}"
    scale = "Odds ratio" if is_ratio else f"Difference in {model.outcome.said}" if is_model else "Share of ties"
    if not is_model and model.outcome.is_number:
        scale = f"Mean {model.outcome.said}"
    told = f"{scale}, with 95 % intervals" if lines else "No tie has an outcome and every predictor."
    bottom = _TOP + _ROW * len(lines)
    body = [words(name, 24, 30, 17, bold=True), words(told, 24, 50, 13, fill=QUIET)]
    if lines:
        body += _drawn(lines, is_ratio=is_ratio, zero=0.0 if is_model and not is_ratio else None, bottom=bottom)
    notes = [line for sentence in _notes(model) for line in wrapped(sentence, 11.5, _LEFT + _WIDTH + _RIGHT - 48)]
    body += [words(line, 24, bottom + 48 + 16 * place, 11.5, fill=QUIET) for place, line in enumerate(notes)]
    height = bottom + 72 + 16 * len(notes)
    if is_made_up:
        body.append(words(SYNTHETIC, _LEFT + _WIDTH + _RIGHT - 24, height - 14, 11, fill=QUIET, anchor="end"))
    spoken = " ".join([f"{told}.", *(f"{line.label}: {line.said}." for line in lines), *_notes(model)])
    return picture(_LEFT + _WIDTH + _RIGHT, height, name, spoken, body)


_SAID = {
    "kept": "a tie being named again",
    "moved_inward": "a tie moving inward",
    "trusted": "a tie being trusted",
    "supportive": "a tie giving support",
    "reliability": "the reliability of a tie",
    "security": "the security of a tie",
    "effort": "the effort of a tie",
}


def _effects(model: TieModel, *, is_ratio: bool) -> list[_Line]:
    stem = "ratio" if is_ratio else "estimate"
    columns = ("ratio", "ratio_low", "ratio_high") if is_ratio else ("estimate", "low", "high")
    found = []
    for row in model.effects.filter(model.effects[stem].is_not_null()).iter_rows(named=True):
        value, low, high = (row[column] for column in columns)
        found.append(_Line(row["label"], value, low, high, _said(value, low, high, "{:.2f}")))
    return found


def _shares(model: TieModel) -> list[_Line]:
    form = "{:.2f}" if model.outcome.is_number else "{:.0%}"
    found = []
    for row in model.counts.iter_rows(named=True):
        label = "All ties" if row["predictor"] == "all ties" else f"{row['predictor'].replace('_', ' ')}: {row['level']}"
        value, low, high = row["share"], row["low"], row["high"]
        said = f"{_said(value, low, high, form)}, {row['ties']} {'tie' if row['ties'] == 1 else 'ties'}"
        found.append(_Line(label, value, low, high, said))
    return found


def _said(value: float, low: float | None, high: float | None, form: str) -> str:
    return form.format(value) + ("" if low is None or high is None else f" ({form.format(low)} to {form.format(high)})")


def _notes(model: TieModel) -> list[str]:
    said = model.sentences()[0]
    return [said, *model.problems]


def _drawn(lines: list[_Line], *, is_ratio: bool, zero: float | None, bottom: float) -> list[str]:
    ends = [end for line in lines for end in (line.value, line.low, line.high) if end is not None]
    scale = _log_scale(ends) if is_ratio else _plain_scale(ends, zero)
    low, high, ticks = scale

    def x(value: float) -> float:
        value = log10(max(value, 1e-300)) if is_ratio else value
        return _LEFT + (min(max(value, low), high) - low) / (high - low) * _WIDTH

    body = []
    for tick in ticks:
        is_none = tick == (1 if is_ratio else zero)
        body.append(element("line", x1=x(tick), y1=_TOP - 14, x2=x(tick), y2=bottom, stroke=LINE if is_none else FAINT))
        body.append(words(f"{tick:g}", x(tick), bottom + 18, 11.5, fill=QUIET, anchor="middle"))
    for place, line in enumerate(lines):
        y = _TOP + _ROW * place
        parts = [title(f"{line.label}: {line.said}"), words(cut(line.label, 13, _LEFT - 48), _LEFT - 24, y + 4.5, 13, anchor="end")]
        if line.low is not None and line.high is not None:
            parts.append(element("line", x1=x(line.low), y1=y, x2=x(line.high), y2=y, stroke=_MARK, stroke_width=2))
        parts.append(element("rect", x=x(line.value) - 4.5, y=y - 4.5, width=9, height=9, fill=_MARK))
        parts.append(words(line.said, _LEFT + _WIDTH + 18, y + 4.5, 12, fill=INK))
        body.append(group(*parts))
    return body


def _log_scale(ends: list[float]) -> tuple[float, float, list[float]]:
    """Decades at most from a hundredth to a hundred; longer intervals run out of the picture, their numbers stand beside it."""
    least, most = max(min(*ends, 0.8), exp(-4.6)), min(max(*ends, 1.25), exp(4.6))
    ticks = [tick for tick in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100) if least * 0.45 <= tick <= most * 2.2]
    return log10(min(ticks)), log10(max(ticks)), ticks


def _plain_scale(ends: list[float], zero: float | None) -> tuple[float, float, list[float]]:
    least, most = min([*ends, 0.0]), max([*ends, 0.0 if zero is not None else 1e-9])
    width = most - least or 1.0
    power = 10.0 ** floor(log10(width))
    step = power * next(factor for factor in (0.1, 0.2, 0.5, 1, 2, 5) if width / (power * factor) <= 8)
    first, last = floor(least / step + 1e-9), ceil(most / step - 1e-9)
    ticks = [round(place * step, 10) for place in range(first, max(last, first + 1) + 1)]
    return ticks[0], ticks[-1], ticks
