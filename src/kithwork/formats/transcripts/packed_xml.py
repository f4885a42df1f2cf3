"""The one XML member of an office file, walked as a stream: no document type, no entities, no depth beyond reason."""

from collections.abc import Callable
from xml.parsers import expat

from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source, unpack
from kithwork.model.errors import FormatError

DEEPEST = 200

Start = Callable[[str, dict[str, str]], None]


def walk(source: Source, member: str, notes: Notes, start: Start, end: Callable[[str], None], words: Callable[[str], None]) -> None:
    """Tell of every element (by its name without prefix) and every stretch of words in one member of a zip.

    Raises `FormatError` where the zip or its XML is broken, or built to do harm.
    """
    members = unpack(source.data, source.name, notes, only=member)
    if not members:
        raise FormatError(f"'{source.name}' holds no text that can be read; save it again as .docx or .odt.")
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise FormatError(f"'{source.name}' is nested deeper than any document; it is not opened.")
        start(name.rpartition(":")[2], attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(":")[2])

    def refused(*_: object) -> None:
        raise FormatError(f"'{source.name}' declares a document type, which no office file does; it is not opened.")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refused
    parser.EntityDeclHandler = refused
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = words
    try:
        parser.Parse(members[0][1], True)
    except (expat.ExpatError, ValueError, LookupError):  # an encoding expat does not know is one of the latter
        raise FormatError(f"'{source.name}' is damaged inside; open it in a word processor and save it again.") from None
