"""Gephi's two tables, read: nodes (`Id`, `Label` …) and edges (`Source`, `Target`, `Type` …); what Kithwork wrote among them."""

import re
from pathlib import PurePosixPath

from kithwork.formats.graphs.drawn import Drawn, Link, Vertex
from kithwork.formats.graphs.maps import read_graphs
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import Sheet, read_header, read_sheet, restore
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables

ENDINGS = (".csv", ".tsv")
_PART = re.compile(r"[ ._\-\[\]()]*(nodes?|edges?|vertices|links)[ ._\-\[\]()]*(table)?[ ._\-\[\]()]*", re.IGNORECASE)
_TIMES = ("timeset", "interval", "timestamp")
_EDGE = {"source", "target", "type", "id", "label", "weight", *_TIMES}
_TYPES = ("directed", "undirected", "mixed", "mutual", "")


def recognises(sources: list[Source], notes: Notes) -> bool:
    """Whether the tables are nodes and edges alone, and the edges have Gephi's `Type`, or nothing but what Gephi asks for."""
    parts = [(_part_of(header), header) for source in sources if (header := _header(source)) is not None]
    edges = [header for part, header in parts if part == "edges"]
    return bool(edges) and all(part for part, _ in parts) and all("type" in header or header <= _EDGE for header in edges)


def _header(source: Source) -> set[str] | None:
    """The columns of a table in lower case; None for what is no table."""
    if not source.name.lower().endswith(ENDINGS):
        return None
    try:
        return {name.lower() for name in read_header(source).header}
    except FormatError:
        return None


def _part_of(header: set[str] | None) -> str | None:
    """Whether a table is Gephi's nodes or edges; None for another."""
    if header is None:
        return None
    return "edges" if {"source", "target"} <= header else "nodes" if "id" in header and "source" not in header else None


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """Tables from pairs of files, each pair a graph; one of edges alone has the nodes that its edges name.

    Raises `FormatError` where a file is damaged or two play the same part.
    """
    pairs: dict[str, dict[str, Sheet]] = {}
    for source in sources:
        part = _part_of(_header(source))
        if part is None:
            if not source.name.lower().endswith(".txt"):
                notes.meet("not_read", "The file is neither Gephi's nodes nor its edges and is not read.", source.name)
            continue
        name = _PART.sub(" ", PurePosixPath(source.name).stem).strip() or "Graph"
        pair = pairs.setdefault(name, {})
        if part in pair:
            raise FormatError(f"'{pair[part].name}' and '{source.name}' both look like Gephi's {part}; import them one by one.")
        pair[part] = read_sheet(source, notes)
    if len(pairs) == 2 and all(len(pair) == 1 for pair in pairs.values()):  # called after what they hold, such as people.csv and ties.csv
        first, second = pairs.values()
        if set(first) != set(second):
            pairs = {"Graph": first | second}
    return read_graphs([_drawn(name, pair, notes) for name, pair in pairs.items()], notes)


def _drawn(name: str, pair: dict[str, Sheet], notes: Notes) -> Drawn:
    nodes, edges = pair.get("nodes"), pair.get("edges")
    types = {(scope, "recorded_weight"): "double" for scope in ("edge",) if edges and "recorded_weight" in edges.header}
    vertices = [
        Vertex(values.pop("id", ""), values, number)
        for values, number in (_rows(nodes, notes) if nodes else [])
        if values.get("id") or notes.meet("no_id", "The row names no node.", nodes.name if nodes else None, number) != "drop"
    ]
    links = []
    for values, number in _rows(edges, notes) if edges else []:
        kind = values.pop("type", "")
        if kind.lower() not in _TYPES:
            values["type"], kind = kind, ""
        values.pop("id", None)
        source, target = values.pop("source", ""), values.pop("target", "")
        if not (source and target):
            notes.meet("no_id", "The row names no two nodes.", edges.name if edges else None, number)
            continue
        links.append(Link(source, target, kind.lower() == "directed", values, number))
    if nodes is None:
        notes.meet("no_nodes", "No file of nodes is there: those that the edges name are read, and nodes without edges are missing.")
        vertices = [
            Vertex(ident, {}, number) for number, ident in enumerate(dict.fromkeys(i for x in links for i in (x.source, x.target)), 1)
        ]
    return Drawn(next(iter(pair.values())).name, name, vertices, links, types=types)


def _rows(sheet: Sheet, notes: Notes) -> list[tuple[dict[str, str], int]]:
    """Rows as attributes, Gephi's own columns in lower case; its times are left out."""
    own = ("id", "label", "source", "target", "type", "weight")
    names = [name.lower() if name.lower() in own and name.lower() not in sheet.header else name for name in sheet.header]
    found = []
    for cells, number in zip(sheet.rows, sheet.numbers, strict=True):
        values = {name: restore(cell.strip()) for name, cell in zip(names, cells, strict=True)}
        for name in [name for name in values if name.lower() in _TIMES]:
            if values.pop(name):
                notes.lose("When a node or edge was there (Gephi's Interval or Timeset) is not read from CSV; export GEXF for that.")
        found.append((values, number))
    return found
