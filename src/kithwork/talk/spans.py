"""Edits of a text as an exact map from old places to new ones, that can be joined end to end and turned round.

A map is the list of its runs: stretches of text that are in both versions. A run is either *kept* (the same characters)
or a *stand-in* (a pseudonym where a name stood: other characters, same meaning). What lies between runs was deleted from
the old text, or written into the new one. Places are Unicode code points; a span is half-open.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Indel

from kithwork.model.errors import StudyError

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_TOKENS = 40_000  # beyond it, lines are compared before words
_LEAST_ISLAND = 12  # characters that two rewritten stretches must share to be thought the same words


@dataclass(frozen=True)
class Edit:
    """Old text from `start` to `stop` becomes `text`; a stand-in keeps the meaning of what it replaces."""

    start: int
    stop: int
    text: str
    is_stand_in: bool = False


@dataclass(frozen=True)
class Run:
    """Old `start..stop` is found at new `new_start..new_stop`."""

    start: int
    stop: int
    new_start: int
    new_stop: int
    is_stand_in: bool = False


@dataclass(frozen=True)
class SpanMap:
    """Where each stretch of an old text of `old_length` is in a new one of `new_length`; runs in order, never overlapping."""

    old_length: int
    new_length: int
    runs: tuple[Run, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [run.start for run in self.runs]

    @cached_property
    def _stops(self) -> list[int]:
        return [run.stop for run in self.runs]

    def within(self, start: int, stop: int) -> Sequence[Run]:
        """The runs that share a character with an old span."""
        return self.runs[bisect_right(self._stops, start) : bisect_left(self._starts, stop)]

    def move(self, start: int, stop: int) -> tuple[int, int] | None:
        """The new span that holds what is left of an old one and nothing that stood outside it; None when nothing is left.

        A stand-in belongs to the span whole, even where the span held a part of the name. Words written into the
        middle of a span belong to it, words written at its edge do not.
        """
        runs = self.within(start, stop)
        if not runs:
            return None
        first, last = runs[0], runs[-1]
        new_start = first.new_start if first.is_stand_in else first.new_start + max(0, start - first.start)
        new_stop = last.new_stop if last.is_stand_in else last.new_stop - max(0, last.stop - stop)
        return (new_start, new_stop) if new_start < new_stop else None

    def survival(self, start: int, stop: int) -> float:
        """Share of an old span's characters that are in the new text, as themselves or by a stand-in."""
        left = sum(min(stop, run.stop) - max(start, run.start) for run in self.within(start, stop))
        return left / (stop - start) if stop > start else 0.0

    def then(self, later: "SpanMap") -> "SpanMap":
        """This map and then a later one, as one map."""
        if self.new_length != later.old_length:
            raise StudyError("These two changes are not of the same text, so they cannot follow each other; reload the page.")
        runs: list[Run] = []
        back = self.inverse()
        for step in later.runs:
            runs += _through(back, step)
        return SpanMap(self.old_length, later.new_length, tuple(_joined(runs)))

    def inverse(self) -> "SpanMap":
        """The map from new to old."""
        runs = tuple(Run(run.new_start, run.new_stop, run.start, run.stop, run.is_stand_in) for run in self.runs)
        return SpanMap(self.new_length, self.old_length, runs)


def _through(back: SpanMap, step: Run) -> list[Run]:
    """One run of a later map, told from the text before the earlier one."""
    under = back.within(step.start, step.stop)
    if step.is_stand_in:
        # what the stand-in replaced must be whole in the earliest text, or its place there is not known
        is_whole = bool(under) and under[0].start <= step.start and under[-1].stop >= step.stop
        old = back.move(step.start, step.stop) if is_whole else None
        return [Run(*old, step.new_start, step.new_stop, True)] if old else []
    runs = []
    for run in under:
        start, stop = max(run.start, step.start), min(run.stop, step.stop)
        new = (step.new_start + start - step.start, step.new_start + stop - step.start)
        if not run.is_stand_in:
            runs.append(Run(run.new_start + start - run.start, run.new_start + stop - run.start, *new))
        elif (start, stop) == (run.start, run.stop):  # half a stand-in stands for nothing
            runs.append(Run(run.new_start, run.new_stop, *new, True))
    return runs


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Neighbouring kept runs as one, so that equal maps are equal; runs out of order or overlapping are left out."""
    kept: list[Run] = []
    for run in runs:
        last = kept[-1] if kept else None
        if last and (run.start < last.stop or run.new_start < last.new_stop):
            continue
        if last and not last.is_stand_in and not run.is_stand_in and (last.stop, last.new_stop) == (run.start, run.new_start):
            kept[-1] = Run(last.start, run.stop, last.new_start, run.new_stop)
        else:
            kept.append(run)
    return kept


def apply_edits(text: str, edits: Iterable[Edit]) -> tuple[str, SpanMap]:
    """The text after the edits, whose spans are of the text before all of them, and the map from one to the other.

    Raises `StudyError` when edits overlap or lie outside the text: nothing is guessed.
    """
    parts: list[str] = []
    runs: list[Run] = []
    done = new = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.stop)):
        if not done <= edit.start <= edit.stop <= len(text):
            raise StudyError("Two changes overlap, or one lies outside the text; leave one of them out.")
        if edit.start > done:
            runs.append(Run(done, edit.start, new, new + edit.start - done))
            parts.append(text[done : edit.start])
            new += edit.start - done
        if edit.text and edit.stop > edit.start and edit.is_stand_in:
            runs.append(Run(edit.start, edit.stop, new, new + len(edit.text), True))
        parts.append(edit.text)
        new += len(edit.text)
        done = edit.stop
    if done < len(text):
        runs.append(Run(done, len(text), new, new + len(text) - done))
        parts.append(text[done:])
    after = "".join(parts)
    return after, SpanMap(len(text), len(after), tuple(_joined(runs)))


def changes_between(old: str, new: str) -> list[Edit]:
    """Edits that make `new` out of `old`, whole words at a time, few and sure rather than many and clever.

    Words that two rewritten stretches happen to share (fewer than 12 characters in a row) are not taken to be the same words.
    """
    ahead = _shared(old, new)
    behind = _shared(old[ahead:][::-1], new[ahead:][::-1])
    tokens = [_TOKEN.findall(text[ahead : len(text) - behind]) for text in (old, new)]
    if max(map(len, tokens)) > _MOST_TOKENS:
        tokens = [text[ahead : len(text) - behind].splitlines(keepends=True) for text in (old, new)]
    if max(map(len, tokens)) > _MOST_TOKENS:
        return [Edit(ahead, len(old) - behind, new[ahead : len(new) - behind])]
    old_at, new_at = ([ahead, *_ends(group, ahead)] for group in tokens)
    edits: list[list[int]] = []
    for step in Indel.opcodes(*tokens):
        if step.tag == "equal":
            continue
        span = [old_at[step.src_start], old_at[step.src_end], new_at[step.dest_start], new_at[step.dest_end]]
        if edits and span[0] - edits[-1][1] < _LEAST_ISLAND:
            edits[-1][1], edits[-1][3] = span[1], span[3]
        else:
            edits.append(span)
    return [Edit(start, stop, new[new_start:new_stop]) for start, stop, new_start, new_stop in edits]


def _shared(first: str, second: str) -> int:
    """How many characters two texts share at the front, back to the end of a whole word."""
    low, high = 0, min(len(first), len(second))
    while low < high:  # halving: comparing slices is quicker than walking characters
        middle = (low + high + 1) // 2
        if first[:middle] == second[:middle]:
            low = middle
        else:
            high = middle - 1
    if low == len(first) == len(second):
        return low
    while low and first[low - 1].isalnum():
        low -= 1
    return low


def _ends(tokens: Iterable[str], start: int) -> list[int]:
    ends = []
    for token in tokens:
        start += len(token)
        ends.append(start)
    return ends
