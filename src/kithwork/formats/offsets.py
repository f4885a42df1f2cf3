"""Which text a file's positions count, found out by trying: REFI-QDA says code points, files in the wild say other things too.

A position may count code points, UTF-16 units or UTF-8 bytes; a line end of two characters as one or as two; a byte order
mark or not; and an end may be the last character or one past it. The quotation beside a selection tells which; where a program
writes none, that people seldom begin or end a passage inside a word does.
"""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

ENOUGH = 0.95  # share of quotations that must agree before a way of counting is believed without a doubt
MAJORITY = 0.5  # share from which it is believed, and said to be doubtful: names that somebody gave stand among quotations
LONG = 12  # characters from which a quotation is telling
MOST_TRIED = 400
FEWEST_EDGES = 8  # beginnings and ends from which they tell by themselves
CUT_WORDS, WHOLE_WORDS = 0.25, 0.1  # shares of edges inside a word: more is a wrong way of counting, at most this a right one
BOM = "\ufeff"
_CUT = ("…", "...", "[…]", "[...]")
_LETTER, _OTHER = re.compile(r"\w"), re.compile(r"[^1]", re.DOTALL)
_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Counting:
    """One way of counting positions in a text."""

    unit: str = "code points"
    line_ends: str = "as they are"  # or "two as one", "one as two"
    counts_bom: bool = False
    is_inclusive: bool = False

    @property
    def words(self) -> str:
        """The way of counting, in words."""
        parts = [self.unit]
        if self.line_ends != "as they are":
            parts.append(f"line ends counted {self.line_ends}")
        if self.counts_bom:
            parts.append("the byte order mark counted")
        parts.append("the end included" if self.is_inclusive else "the end not included")
        return ", ".join(parts)


PLAIN = Counting()
DEFAULTS = {"atlas": Counting(line_ends="two as one"), "qualcoder": Counting(line_ends="two as one"), "nvivo": PLAIN}


@dataclass
class Spans:
    """A text and the ways its positions may be counted; `text` is without a byte order mark."""

    text: str
    has_bom: bool = False
    _starts: dict[tuple[str, str, bool], np.ndarray] = field(default_factory=dict)

    @cached_property
    def _points(self) -> np.ndarray:
        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")

    def ways(self) -> list[Counting]:
        """Ways of counting that differ for this text, the plain one first."""
        units = ["code points"]
        if self._points.size and int(self._points.max()) > 0xFFFF:
            units.append("UTF-16 units")
        if not self.text.isascii():
            units.append("UTF-8 bytes")
        ends = ["as they are"]
        if "\r\n" in self.text:
            ends.append("two as one")
        if "\n" in self.text.replace("\r\n", ""):
            ends.append("one as two")
        boms = [False, True] if self.has_bom else [False]
        return [Counting(u, e, b, i) for i, b, e, u in itertools.product([False, True], boms, ends, units)]

    def place(self, counting: Counting, start: int, stop: int) -> tuple[int, int] | None:
        """The span in code points of `text`, or None where it lies outside or within a character."""
        starts = self._table(counting)
        stop += counting.is_inclusive
        if not 0 <= start <= stop <= int(starts[-1]) or start < int(starts[0]):
            return None
        first, last = (int(place) for place in np.searchsorted(starts, (start, stop)))
        if starts[first] != start or starts[last] != stop:
            return None
        return first, last

    def cut(self, counting: Counting, selections: Sequence[tuple[int, int]]) -> float:
        """The share of beginnings and ends that lie inside a word, or nowhere in the text."""
        starts = self._table(counting)
        places = np.array(selections, dtype=np.int64) + np.array([0, counting.is_inclusive])
        found = np.clip(np.searchsorted(starts, places), 0, starts.size - 1)
        return float((self._inside[found] | (starts[found] != places)).mean())

    @cached_property
    def _inside(self) -> np.ndarray:
        """Whether each place of the text has a letter or digit on both sides."""
        letters = np.frombuffer(_OTHER.sub("0", _LETTER.sub("1", self.text)).encode("ascii"), dtype=np.uint8) == ord("1")
        inside = np.zeros(letters.size + 1, dtype=bool)
        inside[1:-1] = letters[:-1] & letters[1:]
        return inside

    def _table(self, counting: Counting) -> np.ndarray:
        key = (counting.unit, counting.line_ends, counting.counts_bom)
        if key not in self._starts:
            points = self._points
            widths = np.ones(points.size, dtype=np.int64)
            bom = 1
            if counting.unit == "UTF-16 units":
                widths += points > 0xFFFF
            elif counting.unit == "UTF-8 bytes":
                widths += (points > 0x7F).astype(np.int64) + (points > 0x7FF) + (points > 0xFFFF)
                bom = 3
            pairs = np.flatnonzero((points[:-1] == 13) & (points[1:] == 10))
            if counting.line_ends == "two as one":
                widths[pairs] = 0
            elif counting.line_ends == "one as two":
                widths[np.setdiff1d(np.flatnonzero(points == 10), pairs + 1)] = 2
            self._starts[key] = np.concatenate(([0], np.cumsum(widths))) + (bom if counting.counts_bom else 0)
        return self._starts[key]


def said(value: object) -> str:
    """Words as XML may hold them; a character it may not becomes U+FFFD, one for one."""
    return _UNSAYABLE.sub("\ufffd", str(value))


def fold(text: str) -> str:
    """Words with every run of white space as one blank and accents in one form: how quotations are compared."""
    folded = " ".join(said(text).replace(BOM, "").split())
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)


def agreement(words: str, quotation: str) -> float:
    """1 where a span's words are the quotation, 0.9 where a quotation cut short is part of them, else 0. Both folded."""
    if words == quotation:
        return 1.0
    for mark in _CUT:
        if mark in quotation:
            begins, _, ends = quotation.partition(mark)
            begins, ends = begins.rstrip(), ends.lstrip()
            if len(begins + ends) >= 3 and len(begins + ends) <= len(words) and words.startswith(begins) and words.endswith(ends):
                return 0.9
    if len(quotation) < LONG:
        return 0.0
    return 0.9 if words.startswith(quotation) or words.replace(" ", "") == quotation.replace(" ", "") else 0.0


def calibrate(spans: Spans, selections: Sequence[tuple[int, int, str]], default: Counting = PLAIN) -> tuple[Counting, float | None]:
    """The way of counting under which spans hold their quotations, and the share that do; None where no quotation tells.

    `selections` are start, stop and folded quotation. Where fewer than half agree under any way, it is `default`; where none tells, the
    way under which they begin and end between words, if `default` plainly is not and another is.
    """
    telling = [each for each in selections if len(each[2]) >= LONG] or [each for each in selections if len(each[2]) >= 3]
    if not telling:
        return between_words(spans, [each[:2] for each in selections], default), None
    step = max(1, len(telling) // MOST_TRIED)
    telling = telling[::step]
    best, most, share = default, -1.0, 0.0
    for way in sorted(spans.ways(), key=lambda way: way != default):
        found = [spans.place(way, start, stop) for start, stop, _ in telling]
        scores = [agreement(fold(spans.text[p[0] : p[1]]), q) if p else 0.0 for p, (_, _, q) in zip(found, telling, strict=True)]
        if sum(scores) > most:
            best, most, share = way, sum(scores), sum(score > 0 for score in scores) / len(telling)
        if most == len(telling):
            break
    return (best, share) if share >= MAJORITY else (default, share)


def between_words(spans: Spans, selections: Sequence[tuple[int, int]], default: Counting) -> Counting:
    """The first way of counting under which hardly a selection begins or ends inside a word; `default` unless it is plainly wrong."""
    if 2 * len(selections) < FEWEST_EDGES or spans.cut(default, selections) <= CUT_WORDS:
        return default
    tried = [(spans.cut(way, selections), way) for way in spans.ways()]
    share, best = min(tried, key=lambda each: each[0])
    return best if share <= WHOLE_WORDS else default
