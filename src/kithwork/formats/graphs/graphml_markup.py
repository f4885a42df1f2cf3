"""GraphML of any program, as graphs of nodes and edges with their data by key; what GraphML has beside them is counted.

A key may be declared for nodes, edges, graphs or all, with a default, and its name may stand twice. A graph inside a node is
read as part of the one around it; ports and hyperedges are counted and left out.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from kithwork.formats.markup import Element, elements
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import MOST_CELLS, MOST_COLUMNS
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError

LABEL = "\x00label"  # words drawn on a node or an edge, inside what draws it
_DRAWN_WORDS = ("NodeLabel", "EdgeLabel", "label")  # of yEd and visone


@dataclass(frozen=True, slots=True)
class Key:
    """What the data of one key are called, whose they are (graph, node, edge or all), of which type, and what is meant by none."""

    name: str
    scope: str
    type: str = ""
    default: str | None = None


@dataclass(slots=True)
class Thing:
    """A node or an edge: its attributes, its data by key, its place in the file."""

    attributes: dict[str, str]
    data: dict[str, str]
    number: int


@dataclass
class Graph:
    """One graph."""

    attributes: dict[str, str]
    data: dict[str, str] = field(default_factory=dict)
    nodes: list[Thing] = field(default_factory=list)
    edges: list[Thing] = field(default_factory=list)


@dataclass
class Markup:
    """A file: its graphs, its keys by id, and how often it has what a map has no place for."""

    graphs: list[Graph]
    keys: dict[str, Key]
    beside: Counter[str]


def read_markup(source: Source, notes: Notes) -> Markup:
    """The graphs of a file. Raises `FormatError` where it is not whole, not GraphML, or beyond the limits."""
    reader = _Reader(source.name, notes)
    for element in elements(source):
        if element.text is None:
            reader.begin(element)
        else:
            reader.end(element, element.text)
    return Markup(reader.graphs, reader.keys, reader.beside)


class _Reader:
    """Where in the file the reading is: graphs, nodes and edges that are open, the innermost last."""

    def __init__(self, name: str, notes: Notes) -> None:
        self.graphs: list[Graph] = []
        self.keys: dict[str, Key] = {}
        self.beside: Counter[str] = Counter()
        self._name, self._notes = name, notes
        self._open: list[Graph | Thing] = []
        self._key = ""
        self._counts: Counter[str] = Counter()

    def begin(self, element: Element) -> None:
        local = element.local
        if local == "key":
            self._declare(element)
        elif local == "graph":
            around = next((each for each in self._open if isinstance(each, Graph)), None)
            if around is None:
                self.graphs.append(around := Graph(element.attributes))
            else:
                self.beside["nested"] += 1
            self._open.append(around)
        elif local in ("node", "edge"):
            self._counts[local] += 1
            self._thing(element)
        elif local in ("port", "hyperedge", "locator"):
            self.beside[local] += 1
            self._open.append(Thing({}, {}, 0))

    def end(self, element: Element, text: str) -> None:
        local = element.local
        if local == "data":
            self._counts["data"] += 1
            if self._counts["data"] > MOST_CELLS:
                raise FormatError(f"'{self._name}' has more than {MOST_CELLS:,} values; import it in parts.")
            if self._open and element.attributes.get("key"):
                self._open[-1].data[element.attributes["key"]] = text
        elif local == "default" and self._key:
            self.keys[self._key] = replace(self.keys[self._key], default=text)
        elif local == "key":
            self._key = ""
        elif local in ("graph", "node", "edge", "port", "hyperedge", "locator"):
            self._open.pop()
        elif local in _DRAWN_WORDS and self._open and isinstance(self._open[-1], Thing):
            self.beside["drawing"] += 1
            if text.strip():
                self._open[-1].data.setdefault(LABEL, text.strip())

    def _thing(self, element: Element) -> None:
        inside = self._open[-1] if self._open else None
        if not isinstance(inside, Graph):
            raise FormatError(f"'{self._name}' holds a {element.local} where none belongs, near line {element.line}; export it again.")
        thing = Thing(element.attributes, {}, self._counts[element.local])
        (inside.nodes if element.local == "node" else inside.edges).append(thing)
        self._open.append(thing)

    def _declare(self, element: Element) -> None:
        """What a key's data are called; the same may be declared twice, alike."""
        get = element.attributes.get
        ident = get("id", "")
        key = Key(get("attr.name", "") or ident, get("for", "all"), get("attr.type", "").lower())
        known = self.keys.setdefault(ident, key) if ident else key
        if (known.name, known.scope) != (key.name, key.scope):
            self._notes.meet("repeated_key", "A key is declared twice with different names; the first is read.", self._name, element.line)
        else:
            self._key = ident
        if len(self.keys) > MOST_COLUMNS:
            raise FormatError(f"'{self._name}' declares more than {MOST_COLUMNS:,} keys; leave out those not needed.")
