"""Network Canvas GraphML, as the parts that its CSV would have: several graphs in a file, keys that repeat, no formula prefix.

Two columns of one type may have one name here (an any-of option and a text question); CSV lets one overwrite the other, and
GraphML keeps both: the option keeps the name and the other is told apart by a number.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from kithwork.formats.graphs.graphml_markup import Graph, Key, read_markup
from kithwork.formats.networkcanvas.parts import CASE, EGO, SESSION, SOURCE, TARGET, UUID, Part
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import MOST_CELLS, Sheet
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError

_SPACE = "http://schema.networkcanvas.com/xmlns"
_EGO_COLUMNS = {
    "caseId": CASE,
    "sessionUUID": SESSION,
    "protocolName": "networkCanvasProtocolName",
    "sessionStartTime": "sessionStart",
    "sessionFinishTime": "sessionFinish",
    "sessionExportTime": "sessionExported",
    "interviewLocale": "networkCanvasInterviewLocale",
    "finishOutcome": "networkCanvasFinishOutcome",
}
_TYPE, _LABEL = "networkCanvasType", "label"
_OPTION = re.compile(r".+_[0-9a-f]{40}")
_ENDING = re.compile(r"_([0-9a-f]{40}|[XY]|screenSpace[XY])$")
_SCOPES = {"ego": "graph", "node": "node", "edge": "edge"}
_OWN = {UUID, _TYPE, _LABEL, SOURCE, TARGET}


def is_graphml(source: Source) -> bool:
    """Whether a file is a Network Canvas GraphML, by its first lines."""
    head = source.data[:4000]
    return source.name.lower().endswith((".graphml", ".xml")) and _SPACE.encode() in head and b"<graphml" in head


def graphml_parts(source: Source, known: set[str], owners: Mapping[str, str], notes: Notes) -> list[Part]:
    """Egos, nodes and edges of the sessions in a file; those in `known` (session ids) are in another file and are left out.

    `owners` names the type each variable (by id) of the protocol belongs to, so that a column without any value is a column too.
    """
    graphs, keys = _graphs(source, notes)
    kept = [graph for graph in graphs if _own(graph, "sessionUUID") not in known]
    if len(kept) < len(graphs):
        count = len(graphs) - len(kept)
        notes.meet("session_twice", f"{count} session(s) are in a CSV file of the export too and are read there.", source.name)
    if not kept:
        return []
    notes.lose("GraphML leaves an unanswered any-of question out: not reached and not answered cannot be told apart in it.")
    groups = [("ego", "", _rows_of_egos(kept)), *_rows_of_things(kept)]
    alone = Counter(what for what, _, _ in groups)
    parts = []
    for what, name, rows in groups:
        mine = {
            ident
            for ident, key in keys.items()
            if key.scope == _SCOPES[what]
            and ident not in _OWN
            and (owners[_stem(ident)] == name if _stem(ident) in owners else alone[what] == 1)
        }
        parts.append(_part(what, name, source.name, rows, keys, mine))
    return parts


def _stem(key: str) -> str:
    """The variable's id in a key's."""
    return _ENDING.sub("", key)


def _graphs(source: Source, notes: Notes) -> tuple[list[Graph], dict[str, Key]]:
    """Sessions and keys; a coordinate is named as the CSV names it."""
    markup = read_markup(source, notes)
    if markup.beside["nested"]:
        raise FormatError(f"'{source.name}' holds a graph inside another; export it again from Network Canvas.")
    keys = {
        ident: replace(key, name=key.name[:-1] + key.name[-1].lower())
        if ident.endswith(("_X", "_Y")) and key.name.endswith(ident[-2:])
        else key
        for ident, key in markup.keys.items()
    }
    return markup.graphs, keys


def _own(graph: Graph, name: str) -> str:
    """An attribute of Network Canvas's own of a session."""
    return graph.attributes.get(f"{_SPACE} {name}", "")


_Rows = list[tuple[dict[str, str], dict[str, str], int]]  # fixed columns, data by key, number in the file


def _rows_of_egos(graphs: list[Graph]) -> _Rows:
    rows: _Rows = []
    for number, graph in enumerate(graphs, 1):
        own = {column: _own(graph, name) for name, column in _EGO_COLUMNS.items()}
        rows.append(({EGO: graph.data.get(UUID, ""), **own}, graph.data, number))
    return rows


def _rows_of_things(graphs: list[Graph]) -> Iterator[tuple[str, str, _Rows]]:
    """Rows a type: nodes first."""
    nodes: defaultdict[str, _Rows] = defaultdict(list)
    edges: defaultdict[str, _Rows] = defaultdict(list)
    for graph in graphs:
        ego = graph.data.get(UUID, "")
        for node in graph.nodes:
            own = {"nodeID": node.attributes.get("id", ""), EGO: ego, UUID: node.data.get(UUID, "")}
            nodes[node.data.get(_TYPE, "Person")].append((own, node.data, node.number))
        for edge in graph.edges:
            get = edge.attributes.get
            own = {"edgeID": get("id", ""), "from": get("source", ""), "to": get("target", ""), EGO: ego}
            own |= {name: edge.data.get(name, "") for name in (UUID, SOURCE, TARGET)}
            edges[edge.data.get(_TYPE, "Edge")].append((own, edge.data, edge.number))
    for what, group in (("node", nodes), ("edge", edges)):
        for name, rows in group.items():
            yield what, name, rows


def _part(what: str, type_name: str, file: str, rows: _Rows, keys: dict[str, Key], declared: set[str]) -> Part:
    fixed = list(rows[0][0])
    places = {ident: at for at, ident in enumerate(keys)}

    def place(ident: str) -> tuple[int, str]:
        return places.get(ident, len(places)), ident

    used = ({ident for _, data, _ in rows for ident in data} - _OWN) | declared
    taken, columns = set(fixed), {}
    for ident in sorted(used, key=lambda ident: (not _OPTION.fullmatch(ident), place(ident))):
        wanted = keys[ident].name if ident in keys else ident
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted}_{number}", number + 1
        taken.add(name)
        columns[ident] = name
    order = sorted(columns, key=place)
    if len(rows) * len(taken) > MOST_CELLS:
        raise FormatError(f"'{file}' has more than {MOST_CELLS:,} cells; import it in parts.")
    cells = [[*own.values(), *(data.get(ident, "") for ident in order)] for own, data, _ in rows]
    sheet = Sheet(file, [*fixed, *(columns[ident] for ident in order)], cells, [number for *_, number in rows], ",")
    return Part(what, type_name, sheet, is_defused=False)
