"""A REFI-QDA `project.qde` (or `.qdc`) as plain values: what the elements say, nothing worked out yet.

Elements are known by local name, since real files use five namespaces and none. Guids are 36 lower-case characters; an id of
another shape, such as `code-1`, still says what refers to what.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - its types come apart from it

from kithwork.formats.guids import tidy_guid
from kithwork.model.errors import FormatError

MOST_ELEMENTS = 6_000_000
_MADE_OF_TEXT = ("TextSource", "Note", "Representation", "TextDescription", "Transcript")
_SOURCES = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")
_REGIONS = ("PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection")
_HIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
T = TypeVar("T", bound="Made")


@dataclass
class Made:
    """Who made something, and when, as the file says."""

    guid: str | None = None
    name: str = ""
    user: str | None = None
    at: str | None = None
    description: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass
class Coded(Made):
    """One Coding: the guid of what it applies."""

    code: str | None = None


@dataclass
class Selection(Made):
    """A span of a text; `codings` may be empty (an annotation)."""

    start: int | None = None
    stop: int | None = None
    between: tuple[str | None, str | None] | None = None  # sync points of a transcript, in place of positions
    codings: list[Coded] = field(default_factory=list)


@dataclass
class Region(Selection):
    """A rectangle of a page or picture, or a stretch of a recording (`start` and `stop` are milliseconds), and the words beside it."""

    words: str = ""
    path: str | None = None


@dataclass
class Text(Made):
    """A text source, a note, or the text that stands for a PDF, a picture or a recording."""

    element: str = ""
    path: str | None = None
    rich_path: str | None = None  # the same text laid out, or the page it was taken from
    content: str | None = None
    selections: list[Selection] = field(default_factory=list)
    codings: list[Coded] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)  # variable guid -> value
    inner: list["Text"] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    syncs: dict[str, tuple[int, int | None]] = field(default_factory=dict)  # guid -> character position, milliseconds


@dataclass
class Node(Made):
    """A code of the tree."""

    is_codable: bool = True
    color: str | None = None
    children: list["Node"] = field(default_factory=list)


@dataclass
class Case(Made):
    """A case."""

    values: dict[str, str] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    selections: list[str] = field(default_factory=list)


@dataclass
class Link(Made):
    """A link between two things."""

    origin: str | None = None
    target: str | None = None


@dataclass
class Set(Made):
    """A set of codes, sources or notes."""

    codes: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    members: int = 0


@dataclass
class Project(Made):
    """Everything of one file."""

    origin: str = ""
    users: list[Made] = field(default_factory=list)
    codes: list[Node] = field(default_factory=list)
    variables: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # guid -> name, type, description
    cases: list[Case] = field(default_factory=list)
    sources: list[Text] = field(default_factory=list)
    memos: list[Text] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    sets: list[Set] = field(default_factory=list)
    graphs: int = 0
    stray: int = 0  # codings that stand in no source


def read_project(data: bytes, name: str) -> Project:
    """The file's elements as a `Project`. Raises `FormatError` where it is not XML of a kind that may be trusted."""
    if any(mark.decode().encode(encoding) in data for mark in _HIDDEN for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
        raise FormatError(f"'{name}' declares a document type or entities, which no project needs, and is not opened.")
    data = data.lstrip(b"\xef\xbb\xbf") if data[:3] == b"\xef\xbb\xbf" else data
    if not data.strip(b" \t\r\n\0"):
        raise FormatError(f"'{name}' is empty; export it again.")
    try:
        return _Gatherer(name).gather(data)
    except etree.XMLSyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        raise FormatError(f"'{name}' is not well-formed XML of moderate depth{line}; export it again.") from None


class _Gatherer:
    """Goes through the elements as they end, and lets each go once read, so that memory stays small."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.project = Project()
        self._texts: list[Text] = []
        self._codes: list[Node] = []
        self._regions: list[Region] = []  # open ones; the words read within one stand for it, not for the source
        self._count = 0

    def gather(self, data: bytes) -> Project:
        guarded: dict[str, bool] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
        events = etree.iterparse(io.BytesIO(data), ("start", "end"), remove_comments=True, remove_pis=True, **guarded)
        root = None
        for event, element in events:
            if root is None:
                root = element
                self._check_root(root)
            tag = local(element)
            if event == "start":
                self._start(tag)
            else:
                self._end(tag, element)
        if root is not None:
            self._root(root)
        return self.project

    def _check_root(self, root: etree._Element) -> None:
        document = root.getroottree().docinfo
        if document.internalDTD is not None or document.externalDTD is not None:
            raise FormatError(f"'{self._name}' declares a document type or entities, which no project needs, and is not opened.")
        if local(root) not in ("Project", "CodeBook"):
            raise FormatError(f"'{self._name}' is not a REFI-QDA project or codebook: its outermost element is another.")

    def _start(self, tag: str) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise FormatError(f"'{self._name}' has more than {MOST_ELEMENTS:,} elements; export it in parts.")
        if tag in _MADE_OF_TEXT or tag in _SOURCES:
            self._texts.append(Text(element=tag))
        elif tag == "Code":
            self._codes.append(Node())
        elif tag in _REGIONS:
            self._regions.append(Region())

    def _end(self, tag: str, element: etree._Element) -> None:
        if tag in ("PlainTextSelection", "TranscriptSelection"):
            if self._texts:
                self._texts[-1].selections.append(_selection(element, tag))
        elif tag in _MADE_OF_TEXT or tag in _SOURCES:
            self._text(tag, element)
        elif tag in _REGIONS:
            region = _region(self._regions.pop(), element)
            if self._texts:
                self._texts[-1].regions.append(region)
        elif tag == "Code":
            self._code(element)
        elif not self._listed(tag, element):
            return
        element.clear()

    def _listed(self, tag: str, element: etree._Element) -> bool:
        """Keep what stands in a list of its own; False where the element is none of these."""
        if tag == "User":
            user = _made(Made(), element)
            user.name = user.name or element.get("id") or ""
            self.project.users.append(user)
        elif tag == "Variable":
            made = _made(Made(), element)
            if made.guid:
                self.project.variables[made.guid] = (made.name, element.get("typeOfVariable") or "Text", made.description)
        elif tag == "Case":
            self.project.cases.append(_case(element))
        elif tag == "Link":
            link = _made(Link(), element)
            link.origin, link.target = key_of(element.get("originGUID")), key_of(element.get("targetGUID"))
            self.project.links.append(link)
        elif tag == "Set":
            self.project.sets.append(_set(element))
        elif tag == "Graph":
            self.project.graphs += 1
        elif tag == "Coding" and not self._texts:
            self.project.stray += 1
        else:
            return False
        return True

    def _text(self, tag: str, element: etree._Element) -> None:
        text = _made(self._texts.pop(), element)
        text.path = element.get("plainTextPath") or None
        text.rich_path = element.get("richTextPath") or element.get("path") or None
        text.codings = _codings(element)
        for child in element:
            kind = local(child)
            if kind == "PlainTextContent":
                text.content = child.text or ""
            elif kind == "VariableValue":
                _value(child, text.values)
            elif kind == "SyncPoint":
                guid, position = key_of(child.get("guid")), _whole(child.get("position"))
                if guid and position is not None:
                    text.syncs[guid] = (position, _whole(child.get("timeStamp")))
        if self._regions:
            self._regions[-1].words = self._regions[-1].words or text.content or ""
            self._regions[-1].path = self._regions[-1].path or text.path
            return
        if self._texts:
            self._texts[-1].inner.append(text)
        elif tag == "Note":
            self.project.memos.append(text)
        else:
            self.project.sources.append(text)

    def _code(self, element: etree._Element) -> None:
        code = _made(self._codes.pop(), element)
        code.is_codable = (element.get("isCodable") or "true").strip().lower() not in ("false", "0")
        code.color = element.get("color")
        (self._codes[-1].children if self._codes else self.project.codes).append(code)

    def _root(self, root: etree._Element) -> None:
        _made(self.project, root)
        self.project.origin = (root.get("origin") or "")[:200]


def key_of(text: str | None) -> str | None:
    """What a reference is compared by: a GUID without its braces and in small letters, anything else as it stands."""
    return tidy_guid(text) or (text or "").strip()[:200] or None


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _made(made: T, element: etree._Element) -> T:
    made.guid = key_of(element.get("guid"))
    made.name = element.get("name") or ""
    made.user = key_of(element.get("creatingUser") or element.get("creatingUserGUID"))
    made.at = element.get("creationDateTime")
    for child in element:
        kind = local(child)
        if kind == "Description":
            made.description = child.text or ""
        elif kind == "NoteRef":
            made.notes += _target(child)
    return made


def _selection(element: etree._Element, tag: str) -> Selection:
    made = _made(Selection(), element)
    if tag == "PlainTextSelection":
        made.start, made.stop = _whole(element.get("startPosition")), _whole(element.get("endPosition"))
    else:
        made.between = key_of(element.get("fromSyncPoint")), key_of(element.get("toSyncPoint"))
    made.codings = _codings(element)
    return made


def _region(made: Region, element: etree._Element) -> Region:
    _made(made, element)
    made.start, made.stop = _whole(element.get("begin")), _whole(element.get("end"))
    made.codings = _codings(element)
    return made


def _codings(element: etree._Element) -> list[Coded]:
    """The codings of a text, passage or region; some programs leave the Coding out and write its CodeRef alone."""
    found = [_coding(child) for child in element if local(child) == "Coding"]
    bare = [code for child in element if local(child) == "CodeRef" for code in _target(child)]
    return found + [Coded(code=code) for code in bare]


def _coding(element: etree._Element) -> Coded:
    made = _made(Coded(), element)
    for child in element:
        if local(child) == "CodeRef":
            made.code = next(iter(_target(child)), None)
    return made


def _case(element: etree._Element) -> Case:
    case = _made(Case(), element)
    for child in element:
        kind = local(child)
        if kind == "VariableValue":
            _value(child, case.values)
        elif kind in ("CodeRef", "SourceRef", "SelectionRef"):
            {"CodeRef": case.codes, "SourceRef": case.sources, "SelectionRef": case.selections}[kind].extend(_target(child))
    return case


def _set(element: etree._Element) -> Set:
    made = _made(Set(), element)
    for child in element:
        kind = local(child)
        if kind.startswith("Member"):
            made.members += 1
            target = _target(child)
            if kind == "MemberCode":
                made.codes += target
            elif kind == "MemberSource":
                made.sources += target
    return made


def _value(element: etree._Element, values: dict[str, str]) -> None:
    variable, value = None, ""
    for child in element:
        if local(child) == "VariableRef":
            variable = next(iter(_target(child)), None)
        elif local(child).endswith("Value"):
            value = (child.text or "").strip()
    if variable and value:
        values[variable] = value


def _target(element: etree._Element) -> list[str]:
    guid = key_of(element.get("targetGUID") or element.get("guid"))  # a codebook's sets say @guid
    return [guid] if guid else []


def _whole(text: str | None) -> int | None:
    try:
        number = int(text or "")
    except ValueError:
        return None
    return number if abs(number) < 2**53 else None


def walk(codes: list[Node]) -> Iterator[Node]:
    """Every code of a tree, parents first."""
    for code in codes:
        yield code
        yield from walk(code.children)
