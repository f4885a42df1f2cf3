"""Rich text (RTF), as f4 and older word processors write it."""

from striprtf.striprtf import rtf_to_text

from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source
from kithwork.formats.transcripts.shape import Turn, tidy
from kithwork.formats.transcripts.turns import find_turns
from kithwork.model.errors import FormatError

LARGEST = 16 * 2**20


def read(source: Source, notes: Notes) -> tuple[str, list[Turn]]:
    """Text and turns of an .rtf; styles, pictures and comments are left out."""
    if not source.data.lstrip()[:5] == b"{\\rtf":
        raise FormatError(f"'{source.name}' is not RTF inside; save it again as RTF.")
    if len(source.data) > LARGEST:
        raise FormatError(f"'{source.name}' is larger than {LARGEST // 2**20} MB; take pictures out and save it again.")
    try:
        text = rtf_to_text(source.data.decode("latin-1"), errors="replace")
    except (ValueError, LookupError, IndexError, KeyError, UnicodeError, RecursionError, OverflowError):
        raise FormatError(f"'{source.name}' is damaged RTF; open it in a word processor and save it again.") from None
    notes.lose("Type faces, pictures, footnotes and comments are left out.")
    text = tidy(text, source, notes)
    return text, find_turns(text)
