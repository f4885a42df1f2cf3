"""What a transcript is when read: its text exactly, and who speaks from where to where."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kithwork.formats.reading import Notes, Problem
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError

LONGEST = 10_000_000  # code points; a two-hour interview has some 100,000
MOST_TURNS = 200_000
_LINE_ENDS = re.compile(r"\r\n?")


@dataclass(frozen=True)
class Turn:
    """One turn of talk: half-open span of the words spoken in code points, and seconds in the recording where known."""

    start: int
    stop: int
    speaker: str | None = None
    starts_at: float | None = None
    stops_at: float | None = None


@dataclass
class Transcript:
    """One file read. `text` is exact but for line ends, which are all `\\n`; what could not be carried is in `losses`."""

    name: str
    format: str
    text: str
    turns: list[Turn] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    @property
    def speakers(self) -> list[str]:
        """Labels of speakers, in order of first speaking."""
        return list(dict.fromkeys(turn.speaker for turn in self.turns if turn.speaker))


@dataclass(frozen=True)
class Utterance:
    """Words with their speaker and time, in formats that keep them apart from the text."""

    words: str
    speaker: str | None = None
    starts_at: float | None = None
    stops_at: float | None = None


def tidy(text: str, source: Source, notes: Notes) -> str:
    """Line ends as `\\n`, and nothing else changed; `FormatError` for what no text holds."""
    if len(text) > LONGEST:
        raise FormatError(f"'{source.name}' holds more than {LONGEST:,} characters; split it into its interviews.")
    if _LINE_ENDS.search(text):
        text = _LINE_ENDS.sub("\n", text)
        notes.lose("Line ends were made alike (one line feed each).")
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in re.findall("[\ud800-\udfff]", text)):
        raise FormatError(f"'{source.name}' holds characters that no text has; export it again.")
    return text


def lay_out(utterances: list[Utterance]) -> tuple[str, list[Turn]]:
    """Utterances as a text of one line a turn, `Speaker: words`, and the turns; neighbours of one speaker are one turn."""
    if len(utterances) > MOST_TURNS:
        raise FormatError(f"The file holds more than {MOST_TURNS:,} captions or turns; split it into its interviews.")
    groups: list[list[Utterance]] = []
    for utterance in utterances:
        if not utterance.words:
            continue
        if groups and utterance.speaker and groups[-1][0].speaker == utterance.speaker:
            groups[-1].append(utterance)
        else:
            groups.append([utterance])
    parts: list[str] = []
    turns: list[Turn] = []
    at = 0
    for group in groups:
        speaker = group[0].speaker
        label = f"{speaker}: " if speaker else ""
        words = " ".join(utterance.words for utterance in group)
        ends = [utterance.stops_at for utterance in group if utterance.stops_at is not None]
        turns.append(Turn(at + len(label), at + len(label) + len(words), speaker, group[0].starts_at, ends[-1] if ends else None))
        parts.append(f"{label}{words}\n")
        at += len(parts[-1])
    return "".join(parts), turns


def as_seconds(told: Sequence[float | int | None]) -> list[float | None]:
    """Times as seconds; whole numbers that grow too fast for seconds are milliseconds."""
    known = [time for time in told if time is not None]
    are_whole = all(float(time).is_integer() for time in known)
    # nobody speaks ten minutes a row throughout
    are_milliseconds = bool(known) and are_whole and max(known) / len(known) > 600
    return [None if time is None else time / 1000 if are_milliseconds else float(time) for time in told]


def seconds(clock: str) -> float | None:
    """`1:02:03.5`, `02:03,500`, `00:01:23-4` (tenths) or `75.2` as seconds; None for anything else."""
    match = re.fullmatch(r"(?:(\d{1,3}):)?(?:(\d{1,2}):)?(\d{1,6})(?:[.,-](\d{1,9}))?", clock.strip())
    if match is None:
        return None
    hours, minutes, whole, part = match.groups()
    if minutes is None:
        hours, minutes = None, hours  # `02:03` is minutes and seconds
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(whole) + (float(f"0.{part}") if part else 0.0)
