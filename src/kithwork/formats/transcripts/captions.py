"""Captions: WebVTT and SRT, as noScribe, Whisper, Teams, Zoom and video players write them."""

import html
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from kithwork.formats.reading import Notes
from kithwork.formats.sheets import decode
from kithwork.formats.sources import Source
from kithwork.formats.transcripts.shape import MOST_TURNS, Turn, Utterance, lay_out, seconds, tidy
from kithwork.model.errors import FormatError

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
_TIMING = re.compile(rf"[ \t]*(?P<from>{_TIME})[ \t]*-->[ \t]*(?P<to>{_TIME})(?:[ \t].{{0,500}})?")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?[ \t]+(?P<name>[^<>\n]{1,200})>")
_TAG = re.compile(r"</?(?:v|c|i|b|u|lang|ruby|rt|font|span)(?:[.\s][^<>]{0,500})?>|<\d[\d:.]{4,15}>|\{\\an?\d{1,2}\}", re.IGNORECASE)
_NAMED = re.compile(r"(?P<name>[^\W\d_][\w .'’()&/-]{0,38}?):[ \t]+(?=\S)")
_SQUARE = re.compile(r"\[(?P<name>SPEAKER[ _]?\d+|S\d{2}|[^\W\d_][\w .'’-]{0,30})\]:?[ \t]+(?=\S)")


def read(source: Source, notes: Notes) -> tuple[str, list[Turn]]:
    """Text and turns of a caption file; a cue that is broken is listed and its words are kept in their place."""
    text = tidy(decode(source, notes), source, notes)
    utterances = [spoken for cue in _cues(text, source, notes) for spoken in _spoken(cue)]
    if not utterances:
        raise FormatError(f"'{source.name}' holds no captions; check that it is a whole VTT or SRT file.")
    spoken_by = _names_in_words(utterances)
    notes.lose("A caption's place on the screen, its colours and its line breaks are left out; times are kept for each turn.")
    return lay_out(spoken_by)


@dataclass
class _Cue:
    """A caption being read; without times where its line of times could not be read."""

    starts_at: float | None
    stops_at: float | None
    lines: list[str] = field(default_factory=list)


def _cues(text: str, source: Source, notes: Notes) -> Iterator[_Cue]:
    """Each cue in the order of the file; comments, styles and regions are passed over."""
    if text.count("-->") > MOST_TURNS:
        raise FormatError(f"'{source.name}' holds more than {MOST_TURNS:,} captions; split it into its interviews.")
    lines = text.split("\n")
    cue: _Cue | None = None
    is_passed_over = lines[0].startswith("WEBVTT")
    for number, line in enumerate(lines, 1):
        if "-->" in line:
            if cue:
                yield _closed(cue)
            cue, is_passed_over = _opened(line, source, notes, number), False
        elif not line.strip():
            if cue and cue.lines:
                yield cue
                cue = None
            is_passed_over = False
        elif cue:
            cue.lines.append(line)
        elif re.match(r"(NOTE|STYLE|REGION)\b", line):
            is_passed_over = True
            notes.lose("Comments and styles of the caption file are left out.")
        elif not is_passed_over and not line.strip().isdecimal() and not _is_identifier(lines, number):
            notes.meet("no_timing", "Words stand outside any caption and are kept without times.", source.name, number)
            yield _Cue(None, None, [line])
    if cue:
        yield cue


def _opened(line: str, source: Source, notes: Notes, number: int) -> _Cue:
    match = _TIMING.fullmatch(line)
    if match is None:
        notes.meet("timing", "A line of times cannot be read; its words are kept without times.", source.name, number)
        return _Cue(None, None)
    return _Cue(seconds(match["from"]), seconds(match["to"]))


def _closed(cue: _Cue) -> _Cue:
    """A cue that another follows without an empty line between: its last line may be the number of the next."""
    if cue.lines and cue.lines[-1].strip().isdecimal():
        cue.lines.pop()
    return cue


def _is_identifier(lines: list[str], number: int) -> bool:
    """Whether the line after this one is a line of times: then this one names the cue."""
    return number < len(lines) and "-->" in lines[number]


def _spoken(cue: _Cue) -> Iterator[Utterance]:
    """The words of one cue by voice; what stands before the first voice has none."""
    text = "\n".join(line.strip() for line in cue.lines)
    voices = list(_VOICE.finditer(text))
    begins = [0, *(match.start() for match in voices), len(text)]
    for place, (start, stop) in enumerate(itertools.pairwise(begins)):
        words = html.unescape(_TAG.sub("", text[start:stop]))
        # a new line that begins with a dash is somebody else speaking; any other is only the edge of the screen
        parts = re.split(r"\n(?=[-–—])", words)
        for part in parts:
            tidy_words = " ".join(filter(None, (line.strip() for line in part.replace("\x00", "").split("\n"))))
            if tidy_words:
                name = voices[place - 1]["name"].strip() if place else None
                yield Utterance(tidy_words, name, cue.starts_at, cue.stops_at)


def _names_in_words(utterances: list[Utterance]) -> list[Utterance]:
    """Zoom and Whisper write the speaker into the words, `Anna: …` or `[SPEAKER_00] …`: taken out where it recurs."""
    if any(utterance.speaker for utterance in utterances):
        return utterances
    matches = [_SQUARE.match(utterance.words) or _NAMED.match(utterance.words) for utterance in utterances]
    names = [match["name"].strip() if match else None for match in matches]
    times = Counter(names)
    is_name = {name for name in times if name and times[name] > 1}
    if sum(name in is_name for name in names) < len(names) / 2:
        return utterances  # a colon now and then is no way of writing speakers
    found = []
    last = None
    for utterance, match, name in zip(utterances, matches, names, strict=True):
        if match and name in is_name:
            last = name
            found.append(Utterance(utterance.words[match.end() :], name, utterance.starts_at, utterance.stops_at))
        else:
            found.append(Utterance(utterance.words, last, utterance.starts_at, utterance.stops_at))
    return found
