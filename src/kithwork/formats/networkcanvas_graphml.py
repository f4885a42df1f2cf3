"""Network Canvas GraphML, as the parts that its CSV would have: several graphs in a file, keys that repeat, no formula prefix.

Two columns of one type may have one name here (an any-of option and a text question); CSV lets one overwrite the other, and
GraphML keeps both: the option keeps the name and the other is told apart by a number.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kithwork.formats.markup import Element, elements
from kithwork.formats.networkcanvas_parts import CASE, EGO, SESSION, SOURCE, TARGET, UUID, Part
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import MOST_CELLS, MOST_COLUMNS, Sheet
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


@dataclass(frozen=True, slots=True)
class _Key:
    """What the data of one key are called, and whose they are: graph, node, edge or all."""

    name: str
    scope: str


@dataclass(slots=True)
class _Thing:
    """A node or an edge: its attributes, its data by key, its place in the file."""

    attributes: dict[str, str]
    data: dict[str, str]
    number: int


@dataclass
class _Graph:
    """One session."""

    attributes: dict[str, str]
    data: dict[str, str] = field(default_factory=dict)
    nodes: list[_Thing] = field(default_factory=list)
    edges: list[_Thing] = field(default_factory=list)

    def own(self, name: str) -> str:
        return self.attributes.get(f"{_SPACE} {name}", "")


def is_graphml(source: Source) -> bool:
    """Whether a file is a Network Canvas GraphML, by its first lines."""
    head = source.data[:4000]
    return source.name.lower().endswith((".graphml", ".xml")) and _SPACE.encode() in head and b"<graphml" in head


def graphml_parts(source: Source, known: set[str], owners: Mapping[str, str], notes: Notes) -> list[Part]:
    """Egos, nodes and edges of the sessions in a file; those in `known` (session ids) are in another file and are left out.

    `owners` names the type each variable (by id) of the protocol belongs to, so that a column without any value is a column too.
    """
    graphs, keys = _graphs(source, notes)
    kept = [graph for graph in graphs if graph.own("sessionUUID") not in known]
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


def _graphs(source: Source, notes: Notes) -> tuple[list[_Graph], dict[str, _Key]]:
    graphs: list[_Graph] = []
    names: dict[str, _Key] = {}
    inside: _Graph | None = None
    thing: _Thing | None = None
    counts: Counter[str] = Counter()
    for element in elements(source):
        local = element.local
        if element.text is not None:
            if local == "data":
                counts["data"] += 1
                owner = thing or inside
                if owner is not None and element.attributes.get("key"):
                    owner.data[element.attributes["key"]] = element.text
            elif local in ("node", "edge"):
                thing = None
            elif local == "graph":
                inside = None
        elif local == "key":
            _key(element, names, source.name, notes)
        elif local == "graph":
            if inside is not None:
                raise FormatError(f"'{source.name}' holds a graph inside another; export it again from Network Canvas.")
            inside = _Graph(element.attributes)
            graphs.append(inside)
        elif local in ("node", "edge"):
            counts[local] += 1
            thing = _thing(element, inside, thing, counts[local], source.name)
        if counts["data"] > MOST_CELLS:
            raise FormatError(f"'{source.name}' has more than {MOST_CELLS:,} values; import it in parts.")
    return graphs, names


def _thing(element: Element, inside: _Graph | None, before: _Thing | None, number: int, file: str) -> _Thing:
    if inside is None or before is not None:
        raise FormatError(f"'{file}' holds a {element.local} where none belongs, near line {element.line}; export it again.")
    thing = _Thing(element.attributes, {}, number)
    (inside.nodes if element.local == "node" else inside.edges).append(thing)
    return thing


def _key(element: Element, keys: dict[str, _Key], file: str, notes: Notes) -> None:
    """What a key's data are called; an empty session declares two keys twice, alike."""
    ident, name = element.attributes.get("id", ""), element.attributes.get("attr.name", "")
    if ident.endswith(("_X", "_Y")) and name.endswith(ident[-2:]):
        name = name[:-1] + name[-1].lower()  # as the CSV has it
    key = _Key(name or ident, element.attributes.get("for", "all"))
    if ident and keys.setdefault(ident, key) != key:
        notes.meet("repeated_key", "A key is declared twice with different names; the first is read.", file, element.line)
    if len(keys) > MOST_COLUMNS:
        raise FormatError(f"'{file}' declares more than {MOST_COLUMNS:,} keys; leave out those not needed.")


_Rows = list[tuple[dict[str, str], dict[str, str], int]]  # fixed columns, data by key, number in the file


def _rows_of_egos(graphs: list[_Graph]) -> _Rows:
    rows: _Rows = []
    for number, graph in enumerate(graphs, 1):
        own = {column: graph.own(name) for name, column in _EGO_COLUMNS.items()}
        rows.append(({EGO: graph.data.get(UUID, ""), **own}, graph.data, number))
    return rows


def _rows_of_things(graphs: list[_Graph]) -> Iterator[tuple[str, str, _Rows]]:
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


def _part(what: str, type_name: str, file: str, rows: _Rows, keys: dict[str, _Key], declared: set[str]) -> Part:
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
