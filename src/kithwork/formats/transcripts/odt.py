"""OpenDocument texts: paragraphs and headings in order, tables and lists in their place."""

from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source
from kithwork.formats.transcripts.docx import end_block
from kithwork.formats.transcripts.packed_xml import walk
from kithwork.formats.transcripts.shape import Turn, tidy
from kithwork.formats.transcripts.turns import find_turns

_LEFT_OUT = {
    "tracked-changes": "Words deleted under tracked changes are left out; words inserted are read.",
    "annotation": "Comments are left out.",
    "note": "Footnotes are left out.",
    "frame": "Pictures and frames are left out.",
}
_MOST_SPACES = 10_000


class _Body:
    """Told of the body piece by piece, keeps its words."""

    def __init__(self, notes: Notes) -> None:
        self.parts: list[str] = []
        self._notes = notes
        self._skipping = 0
        self._inside = 0  # depth of paragraphs and headings

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipping or name in _LEFT_OUT:
            if not self._skipping:
                self._notes.lose(_LEFT_OUT[name])
            self._skipping += 1
        elif name in ("p", "h"):
            self._inside += 1
        elif self._inside and name == "s":
            self.parts.append(" " * _count(attributes.get("text:c", "1")))
        elif self._inside and name == "tab":
            self.parts.append("\t")
        elif self._inside and name == "line-break":
            self.parts.append("\n")

    def end(self, name: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        if name in ("p", "h"):
            self._inside -= 1
        end_block(self.parts, name, ("p", "h"), "table-cell", "table-row")

    def words(self, text: str) -> None:
        if self._inside and not self._skipping:
            # runs of space in the XML are one space to the reader; more are written as elements of their own
            words = " ".join(text.split())
            before = " " if text[0].isspace() else ""
            self.parts.append(before + words + (" " if words and text[-1].isspace() else ""))


def _count(told: str) -> int:
    """How many spaces: the number told, or one where it is no number in reason."""
    return min(int(told), _MOST_SPACES) if told.isascii() and told.isdecimal() and len(told) < 9 else 1


def read(source: Source, notes: Notes) -> tuple[str, list[Turn]]:
    """Text and turns of an .odt: one line a paragraph, cells of a table row apart by a tab."""
    body = _Body(notes)
    walk(source, "content.xml", notes, body.start, body.end, body.words)
    notes.lose("Type faces, colours and styles are left out.")
    text = tidy("".join(body.parts), source, notes)
    return text, find_turns(text)
