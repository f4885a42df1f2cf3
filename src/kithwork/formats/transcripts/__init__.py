"""Transcripts in: one file per format. Text kept exactly, offsets in code points, speakers and times kept, losses listed."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from kithwork.formats.reading import Notes
from kithwork.formats.sources import LARGEST_FILE, Source
from kithwork.formats.transcripts import captions, docx, html, odt, pdf, plain, rtf, spoken_json, turn_table
from kithwork.formats.transcripts.matching import Match, guess_match, guess_roles, who_asks
from kithwork.formats.transcripts.shape import Transcript, Turn
from kithwork.model.errors import FormatError, near

__all__ = ["KINDS", "Match", "Transcript", "Turn", "guess_match", "guess_roles", "read_transcript", "who_asks"]

KINDS: dict[str, tuple[str, Callable[[Source, Notes], tuple[str, list[Turn]]]]] = {
    ".txt": ("plain text", plain.read),
    ".md": ("Markdown", plain.read),
    ".docx": ("Word", docx.read),
    ".odt": ("OpenDocument", odt.read),
    ".rtf": ("rich text", rtf.read),
    ".pdf": ("PDF with text", pdf.read),
    ".vtt": ("WebVTT captions", captions.read),
    ".srt": ("SRT captions", captions.read),
    ".html": ("web page", html.read),
    ".htm": ("web page", html.read),
    ".json": ("speech written down", spoken_json.read),
    ".csv": ("table of turns", turn_table.read),
    ".tsv": ("table of turns", turn_table.read),
}
"""What can be read, by the ending of the file's name: title and reader."""


def read_transcript(source: str | Path | bytes, name: str | None = None) -> Transcript:
    """One transcript from a file or from bytes with a name.

    text      exactly as in the file, but that line ends are all `\\n` (said in `losses` where they were not); captions and
              tables, which hold no running text, are laid out a line a turn, `Speaker: words`
    turns     half-open spans of the words spoken, in code points of `text`; speakers and seconds where the file tells them
    problems  what was met, with the row; never a value of the file
    losses    what the text cannot carry, one sentence each

    Raises `FormatError`, one sentence, for a file that is not there, empty, too large, damaged, or built to do harm.
    """
    file = _source(source, name)
    ending = PurePosixPath(file.name).suffix.lower()
    if ending not in KINDS:
        raise FormatError(
            f"A transcript cannot be read from a file ending in '{ending[:12]}'; use {', '.join(KINDS)}.{near(ending, KINDS)}"
        )
    if not file.data:
        raise FormatError(f"'{file.name}' is empty; export it again.")
    if len(file.data) > LARGEST_FILE:
        raise FormatError(f"'{file.name}' is larger than {LARGEST_FILE // 2**20} MB; split it into its interviews.")
    notes = Notes()
    text, turns = KINDS[ending][1](file, notes)
    if not text.strip():
        raise FormatError(f"'{file.name}' holds no words; export it again.")
    notes.finish()
    return Transcript(file.name, ending[1:], text, turns, notes.problems, notes.losses)


def _source(source: str | Path | bytes, name: str | None) -> Source:
    if isinstance(source, bytes):
        # a browser may send a whole path as the name
        return Source(PurePosixPath((name or "transcript.txt").replace("\\", "/")).name, source)
    path = Path(source)
    if not path.is_file():
        raise FormatError(f"There is no file '{path.name}' to read; check the path.")
    if path.stat().st_size > LARGEST_FILE:
        raise FormatError(f"'{path.name}' is larger than {LARGEST_FILE // 2**20} MB; split it into its interviews.")
    return Source(name or path.name, path.read_bytes())
