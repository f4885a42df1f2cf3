"""XML of other tools, read as a stream of elements within limits: no document type, no entities, nothing fetched, not deep."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError

DEEPEST = 60
MOST_ELEMENTS = 4_000_000
LONGEST = 2_000_000  # characters of one attribute or text
_PIECE = 1 << 16


@dataclass(slots=True)
class Element:
    """An element's beginning (`text` is None) or end, with the text directly in it; names are `namespace local` or `local`."""

    name: str
    attributes: dict[str, str]
    text: str | None = None
    line: int = 0

    @property
    def local(self) -> str:
        return self.name.rpartition(" ")[2]


def elements(source: Source) -> Iterator[Element]:
    """Beginnings and ends of the file's elements in order; `FormatError` where it is not whole XML or is beyond the limits."""
    reader = _Reader(source.name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: reader.start(name, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    try:
        for at in range(0, len(source.data), _PIECE):
            parser.Parse(source.data[at : at + _PIECE], False)
            if at - parser.CurrentByteIndex > 2 * LONGEST:  # one tag without an end, read from its beginning again with each piece
                raise FormatError(f"'{source.name}' has a tag longer than {LONGEST:,} characters; check what it is.")
            yield from reader.taken()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FormatError(f"'{source.name}' is not whole XML, near line {error.lineno}; export it again.") from None
    except (ValueError, LookupError):
        raise FormatError(f"'{source.name}' is XML in an encoding that is not read; export it again as UTF-8.") from None
    yield from reader.taken()


class _Reader:
    """Collects what the parser finds until it is taken."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: list[Element] = []
        self._open: list[tuple[Element, list[str]]] = []
        self._count = 0
        self._length = 0  # of text since an element ended

    def taken(self) -> list[Element]:
        found, self._found = self._found, []
        return found

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        self._count += 1
        if len(self._open) >= DEEPEST:
            raise FormatError(f"'{self._name}' is nested deeper than {DEEPEST} levels and is not read.")
        if self._count > MOST_ELEMENTS:
            raise FormatError(f"'{self._name}' has more than {MOST_ELEMENTS:,} elements; import it in parts.")
        if sum(map(len, attributes.values())) > LONGEST:
            raise FormatError(f"'{self._name}' has an attribute longer than {LONGEST:,} characters, near line {line}; check what it is.")
        element = Element(name, attributes, None, line)
        self._open.append((element, []))
        self._found.append(element)

    def end(self, name: str) -> None:
        element, texts = self._open.pop()
        self._length = 0
        self._found.append(Element(name, element.attributes, "".join(texts), element.line))

    def text(self, words: str) -> None:
        if self._open:
            self._open[-1][1].append(words)
            self._length += len(words)
            if self._length > LONGEST:
                raise FormatError(f"'{self._name}' has a text longer than {LONGEST:,} characters; check what it is.")

    def refuse(self, *_: object) -> None:
        raise FormatError(f"'{self._name}' declares a document type or entities, which may do harm, and is not read; export it again.")
