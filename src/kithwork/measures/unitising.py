"""Krippendorff's alphas for unitising: agreement on where passages lie and which one of several codes each has."""

import itertools
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np

Passage = tuple[int, int, Hashable]  # half-open span and its value


@dataclass(frozen=True)
class UnitisedAlpha:
    """u: of a whole division of the text; binary: coded or not; coding: of values where both coded; by_value: one value of them.

    A coefficient is None where it has no meaning, and `reasons` says why. `coding` and `by_value` rest on one worked example: how a
    passage is corrected for meeting itself is not written out in what we could read, and this way gives the value published there.
    """

    u: float | None
    binary: float | None
    coding: float | None
    by_value: dict[Hashable, float | None]
    reasons: dict[str, str] = field(default_factory=dict)


def unitised_alpha(coders: Sequence[Sequence[Passage]], length: int) -> UnitisedAlpha:
    """u-alpha and its kin for two coders or more over a text of `length`, where each coder's passages do not overlap.

    Definition  l_ck = Σ over ordered pairs of coders of the length where one has c and the other k, / (m − 1); gaps have the value
                φ. corr_c = Σ length² over passages of value c (Σ length for φ). e_ck = (l_c l_k − [c=k] corr_c) / (l − corr / l).
                α = 1 − Σ l_ck / Σ e_ck over c ≠ k; binary: with φ against all else; coding (cu): without the row and column of φ;
                by_value (ku): the pairs of one value in cu.
    Missing     None with a reason where there is one coder, no text, overlapping passages, or nothing to disagree on.
    Source      Krippendorff, Mathet, Bouvry & Widlöcher 2016, doi 10.1007/s11135-015-0266-1; Krippendorff 2019, §12.6.
    """
    values = list(dict.fromkeys(value for passages in coders for _, _, value in passages))
    reason = _cannot(coders, length)
    if reason:
        names = ("u", "binary", "coding")
        return UnitisedAlpha(None, None, None, dict.fromkeys(values), dict.fromkeys(names, reason))
    widths, held, passage = _elementary(coders, length, values)
    pairs = _pairs(widths, held, len(values) + 1)
    totals = pairs.sum(axis=1)
    corrections = np.zeros(len(values) + 1)
    for passages in coders:
        for start, stop, value in passages:
            corrections[values.index(value) + 1] += (stop - start) ** 2
    corrections[0] = totals[0]
    expected = _expected(totals, corrections)
    found: dict[str, float | None] = {"u": _alpha(pairs, expected)}
    apart = np.arange(len(values) + 1) == 0
    found["binary"] = _ratio(2 * pairs[apart][:, ~apart].sum(), 2 * expected[apart][:, ~apart].sum())
    inner = pairs[1:, 1:]
    expected = _expected(inner.sum(axis=1), _met_corrections(widths, held, passage, len(values)))
    found["coding"] = _alpha(inner, expected)
    of_one = np.eye(len(values), dtype=bool)
    by_value = {value: _ratio(inner[k][~of_one[k]].sum(), expected[k][~of_one[k]].sum()) for k, value in enumerate(values)}
    reasons = {name: "one_value" for name, alpha in found.items() if alpha is None}
    return UnitisedAlpha(found["u"], found["binary"], found["coding"], by_value, reasons)


def _cannot(coders: Sequence[Sequence[Passage]], length: int) -> str | None:
    if len(coders) < 2:
        return "one_coder"
    if length <= 0:
        return "no_units"
    for passages in coders:
        ordered = sorted((start, stop) for start, stop, _ in passages)
        if any(first[1] > second[0] for first, second in itertools.pairwise(ordered)):
            return "overlap"
    return None


def _elementary(coders: Sequence[Sequence[Passage]], length: int, values: list[Hashable]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Stretches in which nobody's value changes: width, value a coder (0 = φ), and which passage of theirs it is (−1 = none)."""
    edges = np.unique([0, length, *(edge for passages in coders for start, stop, _ in passages for edge in (start, stop))])
    held = np.zeros((len(coders), len(edges) - 1), int)
    passage = np.full(held.shape, -1)
    for who, passages in enumerate(coders):
        for number, (start, stop, value) in enumerate(passages):
            inside = slice(np.searchsorted(edges, start), np.searchsorted(edges, stop))
            held[who, inside], passage[who, inside] = values.index(value) + 1, number
    return np.diff(edges).astype(float), held, passage


def _pairs(widths: np.ndarray, held: np.ndarray, size: int) -> np.ndarray:
    """l_ck: widths shared by every ordered pair of coders, by their values."""
    found = np.zeros(size * size)
    for one, other in itertools.permutations(range(len(held)), 2):
        found += np.bincount(held[one] * size + held[other], weights=widths, minlength=size * size)
    return found.reshape(size, size) / (len(held) - 1)


def _met_corrections(widths: np.ndarray, held: np.ndarray, passage: np.ndarray, size: int) -> np.ndarray:
    """Squares of the length of each passage that meets other coders' passages, on average over them, by value."""
    corrections = np.zeros(size)
    for who in range(len(held)):
        met = (np.delete(held, who, axis=0) > 0).sum(axis=0) / (len(held) - 1) * widths
        is_in = passage[who] >= 0
        if is_in.any():
            lengths = np.bincount(passage[who][is_in], weights=met[is_in])
            value = np.zeros(len(lengths), int)
            value[passage[who][is_in]] = held[who][is_in] - 1
            corrections += np.bincount(value, weights=lengths**2, minlength=size)
    return corrections


def _expected(totals: np.ndarray, corrections: np.ndarray) -> np.ndarray:
    whole = totals.sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        return (np.outer(totals, totals) - np.diag(corrections)) / (whole - corrections.sum() / whole)


def _alpha(pairs: np.ndarray, expected: np.ndarray) -> float | None:
    return _ratio(pairs.sum() - np.trace(pairs), expected.sum() - np.trace(expected))


def _ratio(observed: float, expected: float) -> float | None:
    return float(1 - observed / expected) if np.isfinite(expected) and expected > 0 else None
