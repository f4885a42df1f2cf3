"""GraphML, read: what Kithwork wrote, and graphs of igraph, networkx, Gephi, visone, yEd and others as maps, with losses listed."""

from collections import Counter
from collections.abc import Mapping
from pathlib import PurePosixPath

from kithwork.formats.graphs.drawn import Drawn, Link, Vertex
from kithwork.formats.graphs.graphml_markup import LABEL, Graph, Key, Markup, Thing, read_markup
from kithwork.formats.graphs.maps import read_graphs
from kithwork.formats.networkcanvas.graphml import is_graphml as is_network_canvas
from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source
from kithwork.model.tables import StudyTables

ENDINGS = (".graphml", ".xml")
_BESIDE = {
    "nested": "Graphs inside a node are read as part of the graph around it.",
    "port": "Ports of nodes are not kept; edges that end at one are read as ending at its node.",
    "hyperedge": "Edges of more than two nodes (hyperedges) are not read.",
    "locator": "Parts of a graph that lie in other files are not read.",
    "drawing": "Colours, sizes and places of a picture are not kept.",
}


def recognises(sources: list[Source], notes: Notes) -> bool:
    """Whether a file is GraphML."""
    return any(_is_graphml(source) for source in sources)


def _is_graphml(source: Source) -> bool:
    if not source.name.lower().endswith(ENDINGS) or is_network_canvas(source):
        return False
    head = source.data[:4000].replace(b"\0", b"")  # UTF-16 has a NUL beside each letter
    return source.name.lower().endswith(".graphml") or b"<graphml" in head


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """Tables from GraphML files. Raises `FormatError` where one is damaged, holds what may do harm, or no file holds a graph."""
    graphs: list[Drawn] = []
    files = [source for source in sources if _is_graphml(source)]
    several = {source.name for source in sources if source.name.lower().endswith(ENDINGS)} - {source.name for source in files}
    if several:
        notes.lose("GraphML of Network Canvas is not read beside that of another program; import it by itself.")
    for source in files:
        markup = read_markup(source, notes)
        for code, sentence in _BESIDE.items():
            if markup.beside[code]:
                notes.lose(sentence)
        graphs += _drawn(markup, source.name)
    return read_graphs(graphs, notes)


def _drawn(markup: Markup, file: str) -> list[Drawn]:
    names = {scope: _names(markup.keys, scope) for scope in ("graph", "node", "edge")}
    types = {
        (scope, name): markup.keys[ident].type for scope, group in names.items() for ident, name in group.items() if ident in markup.keys
    }
    stem = PurePosixPath(file).stem
    ids = Counter(graph.attributes.get("id", "") for graph in markup.graphs)
    found = []
    for number, graph in enumerate(markup.graphs, 1):
        own = graph.attributes.get("id", "")
        name = stem if len(markup.graphs) == 1 else own if own and ids[own] == 1 else f"{stem} {number}"
        values = _values(graph.data, names["graph"], markup.keys, {})
        found.append(Drawn(file, name, _vertices(graph, names, markup), _links(graph, names, markup), values, types))
    return found


def _vertices(graph: Graph, names: Mapping[str, dict[str, str]], markup: Markup) -> list[Vertex]:
    defaults = _defaults(markup.keys, names["node"])
    return [
        Vertex(thing.attributes.get("id", ""), _labelled(thing, _values(thing.data, names["node"], markup.keys, defaults)), thing.number)
        for thing in graph.nodes
    ]


def _links(graph: Graph, names: Mapping[str, dict[str, str]], markup: Markup) -> list[Link]:
    defaults, usual = _defaults(markup.keys, names["edge"]), graph.attributes.get("edgedefault", "") == "directed"
    found = []
    for thing in graph.edges:
        get = thing.attributes.get
        said = get("directed", "")
        is_directed = said == "true" if said in ("true", "false") else usual
        values = _labelled(thing, _values(thing.data, names["edge"], markup.keys, defaults))
        found.append(Link(get("source", ""), get("target", ""), is_directed, values, thing.number))
    return found


def _names(keys: Mapping[str, Key], scope: str) -> dict[str, str]:
    """What the data of each key are called on a graph, node or edge; of two keys of one name the second gets a number."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for ident, key in keys.items():
        if key.scope in (scope, "all", ""):
            name, number = key.name, 2
            while name in taken:
                name, number = f"{key.name}_{number}", number + 1
            taken.add(name)
            found[ident] = name
    return found


def _defaults(keys: Mapping[str, Key], names: Mapping[str, str]) -> dict[str, str]:
    """What is meant where a node or edge has no data of a key."""
    return {name: default for ident, name in names.items() if ident in keys and (default := keys[ident].default) is not None}


def _values(data: Mapping[str, str], names: Mapping[str, str], keys: Mapping[str, Key], defaults: dict[str, str]) -> dict[str, str]:
    """Data by name. Data of a key that was not declared keep its id for a name; of one declared for something else, its name."""
    own = {names.get(ident) or (keys[ident].name if ident in keys else ident): text for ident, text in data.items() if ident != LABEL}
    return {**defaults, **own}


def _labelled(thing: Thing, values: dict[str, str]) -> dict[str, str]:
    """The words drawn on a node or edge are its label where it has none."""
    drawn = thing.data.get(LABEL)
    return values if drawn is None or values.get("label") else {**values, "label": drawn}
