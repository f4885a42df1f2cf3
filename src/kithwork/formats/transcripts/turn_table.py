"""Tables of turns: a CSV with columns for speaker, words and times, such as Whisper's TSV or a spreadsheet of utterances."""

from collections.abc import Iterable

from kithwork.formats.reading import Notes
from kithwork.formats.sheets import Sheet, read_sheet, restore
from kithwork.formats.sources import Source
from kithwork.formats.transcripts.shape import Turn, Utterance, as_seconds, lay_out, seconds, tidy
from kithwork.model.errors import FormatError

_COLUMNS = {
    "words": ("text", "words", "utterance", "content", "transcript", "turn", "said", "sentence", "message"),
    "speaker": ("speaker", "name", "who", "role", "participant", "speaker_name", "speaker name"),
    "starts_at": ("start", "begin", "starts_at", "start_time", "start time", "from", "time", "timestamp", "onset"),
    "stops_at": ("end", "stop", "stops_at", "end_time", "end time", "to", "offset"),
}


def read(source: Source, notes: Notes) -> tuple[str, list[Turn]]:
    """Text and turns of a table, a row an utterance; `FormatError` where no column holds the words."""
    source = Source(source.name, tidy_bytes(source, notes))
    sheet = read_sheet(source, notes)
    names = {name.strip().lower(): name for name in sheet.header}
    chosen = {role: next((names[name] for name in known if name in names), None) for role, known in _COLUMNS.items()}
    if chosen["words"] is None:
        raise FormatError(f"'{source.name}' has no column of words; call it 'text', and others 'speaker', 'start' and 'end'.")
    spare = len(sheet.header) - sum(name is not None for name in chosen.values())
    if spare:
        notes.lose(f"{spare} column(s) besides speaker, words and times are left out.")
    words = sheet.column(chosen["words"])
    blank = [""] * len(words)
    speakers = sheet.column(chosen["speaker"]) if chosen["speaker"] else blank
    starts, stops = (_times(sheet, chosen[role]) for role in ("starts_at", "stops_at"))
    notes.lose("Line breaks inside a cell became spaces.")
    return lay_out(
        [
            Utterance(" ".join(tidy(restore(text), source, notes).split("\n")).strip(), restore(speaker).strip() or None, start, stop)
            for text, speaker, start, stop in zip(words, speakers, starts, stops, strict=True)
        ]
    )


def tidy_bytes(source: Source, notes: Notes) -> bytes:
    """The file, refused where it is empty."""
    if not source.data.strip():
        raise FormatError(f"'{source.name}' is empty; export it again.")
    return source.data


def _times(sheet: Sheet, column: str | None) -> Iterable[float | None]:
    """A column of times as seconds: clock times, or numbers, which are milliseconds where they grow too fast for seconds."""
    if column is None:
        return [None] * len(sheet.rows)
    cells = sheet.column(column)
    times = [seconds(cell) for cell in cells]
    return as_seconds(times) if all(cell.strip().isdecimal() for cell in cells if cell.strip()) else times
