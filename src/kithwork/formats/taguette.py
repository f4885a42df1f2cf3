"""Taguette projects (`.sqlite3`): documents are HTML, positions UTF-8 bytes of their text without tags, as tables.

The text kept is the words of the HTML with each block on a line of its own; positions are carried over one by one.
"""

import json
from html.parser import HTMLParser
from typing import Any

import numpy as np

from kithwork.formats.offsets import fold
from kithwork.formats.qualcoder import rows_of_one, text_of, tree
from kithwork.formats.reading import Notes
from kithwork.formats.refi.values import moment
from kithwork.formats.sources import Source
from kithwork.formats.talk import Talk, find
from kithwork.model.tables import StudyTables

WANTED: dict[str, tuple[str, ...]] = {
    "projects": ("id", "name", "description"),
    "documents": ("id", "project_id", "name", "description", "contents"),
    "tags": ("id", "project_id", "parent_id", "path", "description"),
    "highlights": ("id", "document_id", "start_offset", "end_offset", "snippet"),
    "highlight_tags": ("highlight_id", "tag_id"),
    "commands": ("date", "user_login", "document_id", "payload"),
}
_BLOCKS = frozenset(("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "tr", "td", "th", "blockquote", "pre"))
_BLOCKS |= frozenset(("section", "article", "header", "footer", "dl", "dt", "dd", "figure"))
_SILENT = frozenset(("script", "style", "head", "title"))


def recognises(sources: list[Source], notes: Notes) -> bool:
    """A `.sqlite3` file."""
    return any(source.name.lower().endswith(".sqlite3") for source in sources)


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """The project of one database."""
    return tables_from(rows_of_one(sources, ".sqlite3", "Taguette", WANTED, notes), notes)


def tables_from(rows: dict[str, list[dict[str, Any]]], notes: Notes) -> StudyTables:
    """Tables from the rows of a Taguette project, or of several, as a server keeps them: each project's tags stand under its name."""
    talk = Talk(notes)
    projects = {row.get("id"): text_of(row, "name") for row in rows["projects"]}
    for row in rows["projects"]:
        talk.study_memo(text_of(row, "description"))
    if len(projects) > 1:
        sentence = f"The file holds {len(projects)} projects; all are read, the tags of each under a code of its name."
        notes.meet("several_projects", sentence)
    codes = _codes(talk, rows["tags"], projects if len(projects) > 1 else {})
    texts = {}
    for row in rows["documents"]:
        shown = Shown(text_of(row, "contents"))
        if not shown.text.strip():
            notes.meet("empty_text", "A source's text is empty and is left out.")
            continue
        document, revision = talk.text(text_of(row, "name"), shown.text, None, "Taguette", document_kind="transcript")
        talk.memo("document_id", document, text_of(row, "description"))
        texts[row.get("id")] = (revision, shown)
    authors = _authors(rows["commands"])
    tags: dict[Any, list[Any]] = {}
    for row in rows["highlight_tags"]:
        tags.setdefault(row.get("highlight_id"), []).append(row.get("tag_id"))
    for row in rows["highlights"]:
        if row.get("document_id") not in texts:
            notes.meet("no_code", "A coding names a code or a text that is not in the project and is left out.")
            continue
        segment = _segment(talk, row, *texts[row["document_id"]])
        login, at = authors.get(row.get("id"), (None, None))
        for tag in tags.get(row.get("id"), ()):
            if tag in codes:
                talk.coding(segment, codes[tag], talk.coder(login), coded_at=moment(at))
            else:
                notes.meet("no_code", "A coding names a code or a text that is not in the project and is left out.")
    return talk.tables()


def _segment(talk: Talk, row: dict[str, Any], revision: str, shown: "Shown") -> str:
    """The passage of a highlight, held to the words of its snippet."""
    quotation = Shown(text_of(row, "snippet")).text
    start, stop = row.get("start_offset"), row.get("end_offset")
    if isinstance(start, int) and isinstance(stop, int):
        # a browser counts the blanks that a page begins with; where Taguette itself reads the page, they are gone
        for ahead in dict.fromkeys((0, shown.blanks_ahead)):
            span = shown.place(start + ahead, stop + ahead)
            if span and (not quotation or fold(shown.text[span[0] : span[1]]) == fold(quotation)):
                return talk.segment(revision, *span)
    moved = find(shown.text, quotation)
    if moved:
        talk.notes.meet("selection_moved", "A selection stood beside its quotation and is put on it, where alone it occurs.")
        return talk.segment(revision, *moved)
    talk.notes.meet("selection_differs", "A selection holds other words than its quotation, and its place cannot be told.")
    return talk.segment(revision, 0, 0, lost=quotation)


def _codes(talk: Talk, tags: list[dict[str, Any]], projects: dict[Any, str]) -> dict[Any, str]:
    """Tags as a tree: `support.practical` stands under `support` where the project has such a tag, all under one of `projects`."""
    by_path = {(row.get("project_id"), text_of(row, "path")): ("tag", row.get("id")) for row in tags}
    known = set(by_path.values())
    parents: dict[Any, Any] = {}
    named: dict[Any, dict[str, Any]] = {("project", key): {"name": name, "memo": ""} for key, name in projects.items()}
    for row in tags:
        path, above = text_of(row, "path"), None
        while "." in path and above is None:
            path = path.rpartition(".")[0]
            above = by_path.get((row.get("project_id"), path))
        told = ("tag", row.get("parent_id"))
        project = ("project", row.get("project_id"))
        parents["tag", row.get("id")] = (told if told in known else above) or (project if project in named else None)
        name = text_of(row, "path").removeprefix(f"{path}.") if above is not None else text_of(row, "path")
        named["tag", row.get("id")] = {"name": name, "memo": text_of(row, "description")}
    ids = tree(talk, parents, named)
    return {row.get("id"): ids["tag", row.get("id")] for row in tags}


def _authors(commands: list[dict[str, Any]]) -> dict[Any, tuple[str, str]]:
    """Who made each highlight and when: only the log of commands tells."""
    found: dict[Any, tuple[str, str]] = {}
    for row in commands:
        try:
            payload = json.loads(text_of(row, "payload"))
        except (ValueError, RecursionError):
            continue
        if isinstance(payload, dict) and payload.get("type") == "highlight_add":
            highlight = payload.get("highlight_id", payload.get("id"))  # it was called id until 2021
            if isinstance(highlight, int):
                found.setdefault(highlight, (text_of(row, "user_login"), text_of(row, "date")))
    return found


class Shown(HTMLParser):
    """The words of a piece of HTML as `text`, and where each byte of the words without tags stands in it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._is_own: list[bool] = []  # False: a line end put in between blocks
        self._silent = 0
        self._breaks = False
        self._opens = False  # a line end right after <pre> is no text
        self.feed(html.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""))
        self.close()
        self.text = "".join(self._pieces)
        own = "".join(piece for piece, is_own in zip(self._pieces, self._is_own, strict=True) if is_own)
        self.blanks_ahead = len(own) - len(own.lstrip(" \t\n\f"))
        points = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        widths = 1 + (points > 0x7F).astype(np.int64) + (points > 0x7FF) + (points > 0xFFFF)
        widths[np.array([at for at, own in self._marks() if not own], dtype=np.int64)] = 0
        self._starts = np.concatenate(([0], np.cumsum(widths)))

    def _marks(self) -> list[tuple[int, bool]]:
        places, at = [], 0
        for piece, own in zip(self._pieces, self._is_own, strict=True):
            if not own:
                places.append((at, own))
            at += len(piece)
        return places

    def place(self, start: int, stop: int) -> tuple[int, int] | None:
        """A span of bytes as a span of `text`, or None where it lies outside or within a character."""
        if not 0 <= start <= stop <= int(self._starts[-1]):
            return None
        # a passage begins after a line end put in, and ends before it
        first = int(np.searchsorted(self._starts, start, "right")) - 1
        last = int(np.searchsorted(self._starts, stop, "left"))
        if self._starts[first] != start or self._starts[last] != stop:
            return None
        return (first, last) if first <= last else (last, last)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self._breaks |= tag in _BLOCKS or tag == "br"
        self._opens = tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._opens = False
        self._breaks |= tag in _BLOCKS

    def handle_data(self, data: str) -> None:
        data = data[1:] if self._opens and data.startswith("\n") else data
        self._opens = False
        if self._silent or not data:
            return
        if self._breaks and self._pieces and not self._pieces[-1].endswith("\n") and not data.startswith("\n"):
            self._pieces.append("\n")
            self._is_own.append(False)
        self._breaks = False
        self._pieces.append(data)
        self._is_own.append(True)
