"""A passage keeps its place when the text changes: by offset, then by its words, then by the words around it, or it is lost.

Nothing is ever moved silently onto other words: where no rule is sure, the anchor is listed as lost, with a suggestion where
there is one, and a person decides.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kithwork.model.errors import StudyError
from kithwork.talk.spans import Run, SpanMap

AROUND = 32  # code points kept on either side, to find the place again
_LEAST_QUOTATION = 12  # shorter words are too common to be looked for without their surroundings
_LEAST_LEFT = 0.5  # share of the words that must be left for a place to be kept by offset

How = Literal["offset", "stand_in", "edited", "quotation", "context", "lost"]


@dataclass(frozen=True)
class Anchor:
    """A passage: a half-open span in code points, its words, and the words just before and after."""

    start: int
    stop: int
    quotation: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Moved:
    """Where an anchor is now, and by which rule.

    offset     its words are as they were
    stand_in   names in it were replaced; for a part of a name, it holds the whole stand-in
    edited     words in it were changed, at least half are left
    quotation  its words stood once elsewhere in the new text
    context    its words stood elsewhere, once with the same words around them
    lost       none of these: `anchor` is as it was, of the old text; `suggestion` is where some of its words are, if anywhere
    """

    anchor: Anchor
    how: How
    suggestion: tuple[int, int] | None = None

    @property
    def is_lost(self) -> bool:
        return self.how == "lost"


def anchor_at(text: str, start: int, stop: int) -> Anchor:
    """The anchor of a span of a text; `StudyError` when the span is empty or outside."""
    if not 0 <= start < stop <= len(text):
        raise StudyError("The passage lies outside the text or is empty; select it again.")
    return Anchor(start, stop, text[start:stop], text[max(0, start - AROUND) : start], text[stop : stop + AROUND])


def anchors_problem(text: str, anchor: Anchor) -> bool:
    """Whether an anchor does not stand on its words."""
    return text[anchor.start : anchor.stop] != anchor.quotation or not anchor.quotation


def move_all(anchors: Iterable[Anchor], moved: SpanMap, old: str, new: str) -> list[Moved]:
    """Each anchor of the old text in the new one, in the order given."""
    back = moved.inverse()
    return [_move(anchor, moved, back, old, new) for anchor in anchors]


def _move(anchor: Anchor, moved: SpanMap, back: SpanMap, old: str, new: str) -> Moved:
    if anchors_problem(old, anchor):  # it was not on its words to begin with: say so rather than carry it on
        return Moved(anchor, "lost")
    span = moved.move(anchor.start, anchor.stop)
    if span is not None:
        here = anchor_at(new, *span)
        runs = moved.within(anchor.start, anchor.stop)
        left = moved.survival(anchor.start, anchor.stop)
        written = sum(later.new_start - earlier.new_stop for earlier, later in itertools.pairwise(runs))
        if left == 1 and written == 0:
            return Moved(here, "stand_in" if any(run.is_stand_in for run in runs) else "offset")
        if left >= _LEAST_LEFT and written <= anchor.stop - anchor.start:
            return Moved(here, "edited")
    found = _find(anchor, back, new)
    if found:
        return Moved(anchor_at(new, found[0], found[0] + len(anchor.quotation)), found[1])
    return Moved(anchor, "lost", span)


def _find(anchor: Anchor, back: SpanMap, new: str) -> tuple[int, Literal["quotation", "context"]] | None:
    """The one place where the anchor's words were written anew: words that stood elsewhere before are other words."""
    length = len(anchor.quotation)
    if len(anchor.quotation) >= _LEAST_QUOTATION:
        places = _occurrences(anchor.quotation, new, 0)
        own = [place for place in places if _is_own(anchor, back, place, place + length)]
        if len(own) == 1:
            return own[0], "quotation"
    if len(anchor.before) + len(anchor.after) < _LEAST_QUOTATION:
        return None
    around = anchor.before + anchor.quotation + anchor.after
    places = _occurrences(around, new, len(anchor.before))
    own = [place for place in places if _is_own(anchor, back, place, place + length)]
    return (own[0], "context") if len(own) == 1 else None


def _occurrences(words: str, text: str, shift: int) -> list[int]:
    """Places `shift` characters into each occurrence, the first fifty."""
    found: list[int] = []
    at = text.find(words)
    while at >= 0 and len(found) < 50:
        found.append(at + shift)
        at = text.find(words, at + 1)
    return found


def _is_own(anchor: Anchor, back: SpanMap, start: int, stop: int) -> bool:
    return all(anchor.start <= run.new_start and run.new_stop <= anchor.stop for run in _clipped(back, start, stop))


def _clipped(back: SpanMap, start: int, stop: int) -> Iterator[Run]:
    """What of a new span was in the old text, and where."""
    for run in back.within(start, stop):
        if run.is_stand_in:
            yield run
        else:
            first, last = max(run.start, start), min(run.stop, stop)
            yield Run(first, last, run.new_start + first - run.start, run.new_start + last - run.start)
