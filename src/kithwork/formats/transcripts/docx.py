"""Word documents: the text of the body in order, tables and lists in their place."""

from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source
from kithwork.formats.transcripts.packed_xml import walk
from kithwork.formats.transcripts.shape import Turn, tidy
from kithwork.formats.transcripts.turns import find_turns

_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_DELETED = "Words deleted under tracked changes are left out; words inserted are read."
_LEFT_OUT = {  # element -> what to tell of it; a fallback says the same again for older programs
    "del": _DELETED,
    "moveFrom": _DELETED,
    "instrText": None,
    "txbxContent": "Text boxes are left out.",
    "Fallback": None,
}
_NOTICED = {
    "footnoteReference": "Footnotes are left out.",
    "endnoteReference": "Endnotes are left out.",
    "commentReference": "Comments are left out.",
    "headerReference": "Headers and footers are left out.",
    "drawing": "Pictures are left out.",
}


class _Body:
    """Told of the body piece by piece, keeps its words."""

    def __init__(self, notes: Notes) -> None:
        self.parts: list[str] = []
        self._notes = notes
        self._skipping = 0  # depth inside something left out
        self._styling = 0  # depth inside properties, where a <w:tab> is a tab stop and no tab
        self._is_words = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipping or name in _LEFT_OUT:
            told = _LEFT_OUT.get(name)
            if not self._skipping and told:
                self._notes.lose(told)
            self._skipping += 1
        elif name == "t":
            self._is_words = True
        elif name in ("pPr", "rPr"):
            self._styling += 1
        elif name in _MARKS and not self._styling:
            self.parts.append(_MARKS[name])
        elif name in _NOTICED:
            self._notes.lose(_NOTICED[name])

    def end(self, name: str) -> None:
        if self._skipping:
            self._skipping -= 1
        elif name == "t":
            self._is_words = False
        elif name in ("pPr", "rPr"):
            self._styling -= 1
        else:
            end_block(self.parts, name, ("p",), "tc", "tr")

    def words(self, text: str) -> None:
        if self._is_words and not self._skipping:
            self.parts.append(text)


def end_block(parts: list[str], name: str, paragraphs: tuple[str, ...], cell: str, row: str) -> None:
    """A line ends with its paragraph; inside a table row, cells stand apart by a tab instead."""
    if name in paragraphs:
        parts.append("\n")
    elif name == cell and parts and parts[-1] == "\n":
        parts[-1] = "\t"
    elif name == row and parts and parts[-1] == "\t":
        parts[-1] = "\n"


def read(source: Source, notes: Notes) -> tuple[str, list[Turn]]:
    """Text and turns of a .docx: one line a paragraph, cells of a table row apart by a tab."""
    body = _Body(notes)
    walk(source, "word/document.xml", notes, body.start, body.end, body.words)
    notes.lose("Type faces, colours and styles are left out.")
    text = tidy("".join(body.parts), source, notes)
    return text, find_turns(text)
