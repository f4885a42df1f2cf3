"""JSON of programs that write down speech: Whisper and what is built on it, and services that tell utterances apart."""

import json
from collections.abc import Iterator
from typing import Any

from kithwork.formats.reading import Notes
from kithwork.formats.sheets import decode
from kithwork.formats.sources import Source
from kithwork.formats.transcripts.shape import MOST_TURNS, Turn, Utterance, as_seconds, lay_out, seconds, tidy
from kithwork.model.errors import FormatError

LARGEST = 64 * 2**20  # with a time for each word, two hours take some 5 MB
_LISTS = ("utterances", "segments", "transcription", "paragraphs", "results", "captions", "transcript")
_WORDS = ("text", "transcript", "content", "words", "value")
_SPEAKER = ("speaker", "speaker_name", "speakerName", "speaker_label", "name")
_BEGINS = ("start", "start_time", "startTime", "begin", "from", "start_s")
_ENDS = ("end", "end_time", "endTime", "stop", "to", "end_s")


def read(source: Source, notes: Notes) -> tuple[str, list[Turn]]:
    """Text and turns of a list of segments or utterances, with speakers and times where they are told."""
    if len(source.data) > LARGEST:
        raise FormatError(f"'{source.name}' is larger than {LARGEST // 2**20} MB; save the transcript as .vtt or .txt.")
    try:
        rows = _rows(json.loads(decode(source, notes)))
    except (ValueError, RecursionError):
        raise FormatError(f"'{source.name}' is not whole JSON; export the transcript again.") from None
    if not rows:
        raise FormatError(f"'{source.name}' holds no list of segments or utterances with words; save the transcript as .vtt or .txt.")
    if len(rows) > MOST_TURNS:
        raise FormatError(f"'{source.name}' holds more than {MOST_TURNS:,} segments; split it into its interviews.")
    starts, stops = (as_seconds([_time(row, names) for row in rows]) for names in (_BEGINS, _ENDS))
    notes.lose("What the program tells besides words, speakers and times (each word's own time, how sure it is) is left out.")
    spoken = [
        Utterance(" ".join(tidy(str(_first(row, _WORDS)), source, notes).split("\n")).strip(), _speaker(row, source, notes), start, stop)
        for row, start, stop in zip(rows, starts, stops, strict=True)
    ]
    return lay_out(spoken)


def _rows(held: Any) -> list[dict[str, Any]]:
    """The first list there is of things with words."""
    for found in _lists(held):
        rows = [row for row in found if isinstance(row, dict) and isinstance(_first(row, _WORDS), str)]
        if rows:
            return rows
    return []


def _lists(held: Any) -> Iterator[list[Any]]:
    if isinstance(held, list):
        yield held
    if isinstance(held, dict):
        yield from (held[name] for name in _LISTS if isinstance(held.get(name), list))
        yield from (found for name in _LISTS for found in _lists(held.get(name)) if isinstance(held.get(name), dict))


def _first(row: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)


def _speaker(row: dict[str, Any], source: Source, notes: Notes) -> str | None:
    told = _first(row, _SPEAKER)
    told = _first(told, ("name", "label", "id")) if isinstance(told, dict) else told
    if isinstance(told, bool) or not isinstance(told, (str, int)):
        return None
    return tidy(" ".join(str(told).split())[:100], source, notes) or None


def _time(row: dict[str, Any], names: tuple[str, ...]) -> float | int | None:
    """As told: a number, or a clock; whisper.cpp tells milliseconds as `offsets` and clocks as `timestamps`."""
    inner = row.get("timestamps")
    told = _first(inner if isinstance(inner, dict) else row, names)
    if isinstance(told, bool) or told is None:
        return None
    if isinstance(told, (int, float)):
        return told if 0 <= told < 1e9 else None
    return seconds(told) if isinstance(told, str) else None
