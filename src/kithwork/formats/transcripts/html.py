"""Web pages, such as noScribe's transcripts: the words a reader sees, a line a paragraph."""

import bisect
import itertools
import re
from collections.abc import Mapping
from dataclasses import replace

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - its types come apart from it

from kithwork.formats.reading import Notes
from kithwork.formats.sheets import decode
from kithwork.formats.sources import Source
from kithwork.formats.transcripts.shape import Turn, tidy
from kithwork.formats.transcripts.turns import find_turns
from kithwork.model.errors import FormatError

LARGEST = 32 * 2**20
MOST_PIECES = 300_000  # elements and stretches of words; a long interview has some thousands
DEEPEST = 200
_BLOCKS_TEXT = """
address article aside blockquote body dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre
section table tbody thead tr ul
"""
_BLOCKS = frozenset(_BLOCKS_TEXT.split())
_SILENT = frozenset(("head", "script", "style", "template", "noscript", "title", "svg", "math", "iframe", "object"))
_TOLD = re.compile(r"ts_(?P<from>\d{1,9})_(?P<to>\d{1,9})(?:_.*)?")  # noScribe's anchors: milliseconds, and who speaks
_SPACE = re.compile(r"[ \t\r\n\f]+")


class _Seen:
    """Told of a page piece by piece, keeps the words seen."""

    def __init__(self, name: str) -> None:
        self.parts: list[str] = []
        self._name = name
        self._open: list[str] = []
        self._silent = 0
        self._pieces = 0
        self.is_at_line_start = True
        self.times: list[tuple[int, float, float]] = []  # before which part, from and to

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._count()
        if tag == "a" and (told := _TOLD.fullmatch(attributes.get("name") or "")):
            self.times.append((len(self.parts), int(told["from"]) / 1000, int(told["to"]) / 1000))
        self._open.append(tag)
        if len(self._open) > DEEPEST:
            raise FormatError(f"'{self._name}' is nested deeper than any page; it is not opened.")
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self._line()
        elif tag in _BLOCKS:
            self._break()
        elif tag in ("td", "th") and not self.is_at_line_start:
            self.parts.append("\t")

    def end(self, tag: str) -> None:
        if self._open:
            self._open.pop()
        if tag in _SILENT:
            self._silent -= 1
        elif tag in _BLOCKS:
            self._break()

    def _count(self) -> None:
        self._pieces += 1
        if self._pieces > MOST_PIECES:
            raise FormatError(f"'{self._name}' is made of more than {MOST_PIECES:,} pieces; save its text as .txt.")

    def data(self, words: str) -> None:
        self._count()
        if self._silent:
            return
        if "pre" not in self._open:
            words = _SPACE.sub(" ", words)
            if self.is_at_line_start or self.parts[-1][-1:] in " \t":
                words = words.lstrip(" ")
        if words:
            self.parts.append(words)
            self.is_at_line_start = words.endswith("\n")

    def _break(self) -> None:
        if not self.is_at_line_start:
            self._line()

    def _line(self) -> None:
        if self.parts and not self.is_at_line_start:
            self.parts[-1] = self.parts[-1].rstrip(" ")
        self.parts.append("\n")
        self.is_at_line_start = True

    def close(self) -> str:
        return "".join(self.parts)


def read(source: Source, notes: Notes) -> tuple[str, list[Turn]]:
    """Text and turns of a web page; nothing it refers to is fetched and nothing in it is run."""
    if len(source.data) > LARGEST:
        raise FormatError(f"'{source.name}' is larger than {LARGEST // 2**20} MB; save its text as .txt.")
    seen = _Seen(source.name)
    # `str` input: the encoding the page claims for itself is not believed over what its bytes are
    parser = etree.HTMLParser(target=seen, no_network=True, huge_tree=False, recover=True)  # type: ignore[arg-type]
    try:
        parser.feed(decode(source, notes))
        words = parser.close()
    except (etree.LxmlError, ValueError):
        raise FormatError(f"'{source.name}' cannot be read as a web page; save its text as .txt or .docx.") from None
    notes.lose("Pictures, styles, links and scripts of the page are left out.")
    text = tidy(words, source, notes)
    if not text.strip():
        raise FormatError(f"'{source.name}' holds no words; save its text as .txt or .docx.")
    return text, _timed(text, find_turns(text), seen)


def _timed(text: str, turns: list[Turn], seen: _Seen) -> list[Turn]:
    """Turns with the times of the anchors that stand in their lines, where the words themselves tell none."""
    places = [0, *itertools.accumulate(map(len, seen.parts))]
    if not seen.times or places[-1] != len(text) or any(turn.starts_at is not None for turn in turns):
        return turns
    heads = [text.rfind("\n", 0, turn.start) + 1 for turn in turns]
    told: dict[int, list[float]] = {}
    for part, begins, ends in seen.times:
        number = bisect.bisect_right(heads, places[part]) - 1
        if number >= 0 and places[part] < turns[number].stop:
            told.setdefault(number, []).extend((begins, ends))
    return [replace(turn, starts_at=min(told[at]), stops_at=max(told[at])) if at in told else turn for at, turn in enumerate(turns)]
