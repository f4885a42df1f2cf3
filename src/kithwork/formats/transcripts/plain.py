"""Plain text and Markdown, as they are: from f4, noScribe, Whisper, or typed. Marks of Markdown stay, for the text is kept exactly."""

from kithwork.formats.reading import Notes
from kithwork.formats.sheets import decode
from kithwork.formats.sources import Source
from kithwork.formats.transcripts.shape import Turn, tidy
from kithwork.formats.transcripts.turns import find_turns


def read(source: Source, notes: Notes) -> tuple[str, list[Turn]]:
    """Text and turns of a plain text file."""
    text = tidy(decode(source, notes), source, notes)
    return text, find_turns(text)
