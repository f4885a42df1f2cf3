"""Turns of talk in running text: `Anna: …`, `[P1] …`, a name and a time on a line of their own, or paragraphs."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kithwork.formats.transcripts.shape import MOST_TURNS, Turn, seconds

_CLOCK = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_STAMP = rf"(?:[\[({{#<]\s?{_CLOCK}(?:-\d{{1,3}})?\s?[\])}}#>]|#{_CLOCK}-\d{{1,3}}#|{_CLOCK}(?=\s))"
_NAME = r"[^\W\d_][\w .'’()&/-]{0,38}?"
_LABEL = re.compile(
    rf"[ \t]*(?:\d{{1,5}}[.)]?[ \t]+)?(?:(?P<before>{_STAMP})[ \t]*)?[*_]{{0,2}}(?P<name>{_NAME})(?P<inside>[ \t]+{_STAMP})?"
    r"[ \t]*[*_]{0,2}:[*_]{0,2}(?:[ \t]+|$)"
)
_BRACKET = re.compile(r"[ \t]*\[(?P<name>[^\W\d_][\w .'’-]{0,30})\]:?[ \t]+(?=\S)")
_HEAD = re.compile(rf"[ \t]*(?P<name>{_NAME})[ \t]+(?P<clock>[\[(]?{_CLOCK}[\])]?)[ \t]*$")
_CLOCK_FIRST = re.compile(rf"[ \t]*(?P<clock>[\[(]?{_CLOCK}[\])]?)[ \t]+(?P<name>{_NAME})[ \t]*$")
_LOOSE = r"\d{1,3}:\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
_ARROW = re.compile(rf"[ \t]*(?P<from>{_LOOSE})\s?-->\s?(?P<to>{_LOOSE})[ \t]*$")
_ANY_STAMP = re.compile(rf"[\[({{#<]\s?(?P<clock>{_CLOCK}(?:-\d{{1,3}})?)\s?[\])}}#>]")
_LONE_STAMP = re.compile(rf"[ \t]*{_STAMP}[ \t]*")
_ALONE = re.compile(
    r"[ \t]*[*_]{0,2}(?P<name>(?i:interviewer|participant|respondent|researcher|moderator|interviewee|(?:speaker|person)[ _]?\d+)|P\d{1,4})"
    r"[*_]{0,2}[ \t]*$"
)
_SHORT = re.compile(
    r"[A-ZÄÖÜ]{1,3}\d{0,3}"
    r"|(?i:int|interviewer|participant|respondent|researcher|moderator|interviewee|speaker[ _]?\d+|person[ _]?\d+)"
)


@dataclass
class _Line:
    """A line with where it begins, and the speaker and time its head tells."""

    start: int
    stop: int
    words: int  # where the words begin
    speaker: str | None = None
    starts_at: float | None = None
    stops_at: float | None = None
    above: int | None = None  # where a line of its own begins that tells the time


def find_turns(text: str) -> list[Turn]:
    """Turns by whichever way of writing speakers the text follows; without speakers each paragraph is a turn.

    Times are those written in the text (`[00:01:23]`, `#00:01:23-4#`): at the head of a turn its start, at its end its stop.
    """
    lines = list(_lines(text))
    heads = _heads(text, lines) if len(lines) <= MOST_TURNS else {}
    if not heads:
        return [_turn(text, [line]) for line in lines][:MOST_TURNS]
    above = {head.above for head in heads.values()}
    turns, group = [], []
    for line in lines:
        if line.start in above:
            continue
        if line.start in heads:
            if group:
                turns.append(_turn(text, group))
            group = [heads[line.start]]
        elif group:
            group.append(line)
        else:
            turns.append(_turn(text, [line]))  # a title before the first speaker
    if group:
        turns.append(_turn(text, group))
    return [turn for turn in turns if turn.start < turn.stop][:MOST_TURNS]


def _lines(text: str) -> Iterator[_Line]:
    """Lines that hold something."""
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield _Line(at, at + len(line), at)
        at += len(line) + 1


def _heads(text: str, lines: list[_Line]) -> dict[int, _Line]:
    """Lines that begin a turn, by place, in the one way of writing that the text follows most."""
    patterns = (_HEAD, _CLOCK_FIRST, _LABEL, _BRACKET, _ALONE)
    ways = [_by_arrow(text, lines), *(_by_pattern(text, lines, pattern) for pattern in patterns)]
    return max(ways, key=len)


def _by_pattern(text: str, lines: list[_Line], pattern: re.Pattern[str]) -> dict[int, _Line]:
    found: list[tuple[_Line, str]] = []
    for line in lines:
        # labels are short, so a long line is only looked at where it begins
        head = text[line.start : min(line.stop, line.start + 120)]
        match = pattern.match(head)
        if match is None or (pattern in (_HEAD, _CLOCK_FIRST, _ALONE) and line.stop - line.start > 120):
            continue
        name = match.group("name").strip(" *_")
        groups = match.groupdict()
        clock = groups.get("before") or groups.get("inside") or groups.get("clock")
        at = seconds(clock.strip(" \t[](){}#<>")) if clock else None
        found.append((_Line(line.start, line.stop, line.start + match.end(), name, at), name))
    times = Counter(name for _, name in found)
    _take_times_above(text, lines, [line for line, _ in found])
    return {line.start: line for line, name in found if times[name] > 1 or _SHORT.fullmatch(name) or line.starts_at is not None}


def _take_times_above(text: str, lines: list[_Line], heads: list[_Line]) -> None:
    """Times that stand on a line of their own above each speaker are the start of that turn; below, they would be the end of one."""
    above = {following.start: line for line, following in itertools.pairwise(lines)}
    if not heads or (first := above.get(heads[0].start)) is None or not _LONE_STAMP.fullmatch(text[first.start : first.stop]):
        return
    for head in heads:
        line = above.get(head.start)
        stamp = _ANY_STAMP.search(text, line.start, line.stop) if line else None
        if line and stamp and head.starts_at is None and _LONE_STAMP.fullmatch(text[line.start : line.stop]):
            head.starts_at, head.above = seconds(stamp.group("clock")), line.start


def _by_arrow(text: str, lines: list[_Line]) -> dict[int, _Line]:
    """Times on a line, the speaker on the next, then the words: Teams before it wrote names and times together."""
    found = {}
    for line, following in itertools.pairwise(lines):
        match = _ARROW.match(text[line.start : line.stop][:80])
        if match:
            name = text[following.start : following.stop].strip()
            is_name = len(name) <= 60 and not name.endswith((".", "?", "!", ","))
            words = following.stop if is_name else following.start
            times = seconds(match.group("from")), seconds(match.group("to"))
            found[line.start] = _Line(line.start, line.stop, words, name if is_name else None, *times)
    return found


def _turn(text: str, group: list[_Line]) -> Turn:
    """One turn from its first line to its last; times written at its edges are no words of it."""
    first = group[0]
    start, stop = first.words, group[-1].stop
    starts_at, stops_at = first.starts_at, first.stops_at
    start, stop = _trimmed(text, start, stop)
    head = _LONE_STAMP.match(text[start : min(stop, start + 40)])
    if head and starts_at is None and (stamp := _ANY_STAMP.search(head.group())):
        starts_at = seconds(stamp.group("clock"))
        start, stop = _trimmed(text, start + head.end(), stop)
    tail = list(_ANY_STAMP.finditer(text, max(start, stop - 24), stop))
    if tail and tail[-1].end() == stop and stops_at is None:
        stops_at = seconds(tail[-1].group("clock"))
        start, stop = _trimmed(text, start, tail[-1].start())
    return Turn(start, stop, first.speaker, starts_at, stops_at)


def _trimmed(text: str, start: int, stop: int) -> tuple[int, int]:
    stop = max(start, stop)
    while start < stop and text[start].isspace():
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return start, stop
