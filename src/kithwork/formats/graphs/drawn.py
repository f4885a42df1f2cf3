"""What a graph file holds, whichever format it came in, and the maps it is read as."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kithwork.formats.building import number_of

_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")


@dataclass(slots=True)
class Vertex:
    """A node of a graph: its id and its attributes as text, where it stands in the file."""

    id: str
    values: dict[str, str]
    number: int


@dataclass(slots=True)
class Link:
    """An edge of a graph."""

    source: str
    target: str
    is_directed: bool
    values: dict[str, str]
    number: int


@dataclass
class Drawn:
    """One graph of a file; `name` tells it from others, `wave` is there where the file has time in it."""

    file: str
    name: str
    vertices: list[Vertex]
    links: list[Link]
    values: dict[str, str] = field(default_factory=dict)
    types: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (graph, node or edge; attribute) -> its type as declared
    wave: int | None = None
    is_through_time: bool = False  # whether it is one graph at one of its moments, so that an id is the same node at each


@dataclass
class Map:
    """One map: whose, when, and egor's rows of it; an alter is told apart by the first of its pair."""

    person: str
    wave: int
    state: str
    ego: dict[str, str]
    alters: list[tuple[str, Vertex]]
    ties: list[tuple[str, str, Link]]
    file: str = ""
    are_names: bool = False  # whether alters are known by what they are called


def truth(text: str) -> bool | None:
    """True or false as graph files write it."""
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def wave_of(text: str) -> int | None:
    """A wave as files write it: 2, or 2.0."""
    value = number_of(text)
    return int(value) if value is not None and value.is_integer() and 0 < value < 1000 else None
