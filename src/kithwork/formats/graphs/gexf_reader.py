"""GEXF 1.1 to 1.3, read: what Kithwork wrote, and static and dynamic graphs of other programs; each moment of time is a wave.

A node or edge is there at a moment where one of its spells holds it; where the attribute `seen` says it itself, that is believed.
Moments are where anything begins. Whole numbers from 1 are waves as they stand; others (dates, seconds) are counted, and told.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath

from kithwork.formats.building import number_of
from kithwork.formats.graphs.drawn import Drawn, Link, Vertex, truth
from kithwork.formats.graphs.maps import read_graphs
from kithwork.formats.markup import Element, elements
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import MOST_CELLS, MOST_COLUMNS
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables

MOST_MOMENTS = 50
MOST_TOLD = 2_000_000  # things and times, at each moment
_VIZ = ("color", "position", "size", "shape", "thickness")
_ALWAYS = (-math.inf, math.inf, False)

Span = tuple[float, float, bool]
"""From, to, and whether the end is left out."""


@dataclass
class _Thing:
    """A node or an edge: attributes, values by attribute id with the time they hold for, and when it is there."""

    attributes: dict[str, str]
    number: int
    values: list[tuple[str, str, Span]] = field(default_factory=list)
    spells: list[Span] = field(default_factory=list)


@dataclass
class _File:
    """What was found in a file."""

    graph: dict[str, str] = field(default_factory=dict)
    names: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)  # (node or edge, id) -> title, type
    defaults: dict[tuple[str, str], str] = field(default_factory=dict)
    nodes: list[_Thing] = field(default_factory=list)
    edges: list[_Thing] = field(default_factory=list)
    are_drawn: bool = False
    are_nested: bool = False


def recognises(sources: list[Source], notes: Notes) -> bool:
    """Whether a file ends in `.gexf`, or is XML that begins as GEXF does."""
    return any(_is_gexf(source) for source in sources)


def _is_gexf(source: Source) -> bool:
    name = source.name.lower()
    return name.endswith(".gexf") or (name.endswith(".xml") and b"<gexf" in source.data[:4000])


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """Tables from GEXF files. Raises `FormatError` where one is damaged, holds what may do harm, or no file holds a graph."""
    graphs: list[Drawn] = []
    for source in sources:
        if _is_gexf(source):
            graphs += _drawn(_file(source), source.name, notes)
    return read_graphs(graphs, notes)


# -- the file -----------------------------------------------------------------------------------------------------------------------


def _file(source: Source) -> _File:
    found = _File()
    scope = key = ""
    inside: list[_Thing] = []
    count = 0
    for element in elements(source):
        local, get = element.local, element.attributes.get
        if element.text is not None:
            if local in ("node", "edge") and inside:
                inside.pop()
            elif local == "default" and key:
                found.defaults[scope, key] = element.text
        elif local == "graph":
            found.graph = element.attributes
        elif local == "attributes":
            scope = get("class", "node")
        elif local == "attribute":
            key = get("id", "")
            found.names[scope, key] = (get("title", "") or key, get("type", "").lower())
        elif local in ("node", "edge"):
            found.are_nested |= bool(inside)
            things = found.nodes if local == "node" else found.edges
            inside.append(_Thing(element.attributes, len(things) + 1, spells=list(_spans(element.attributes, is_own=True))))
            things.append(inside[-1])
        elif local in ("attvalue", "spell", *_VIZ) and inside:
            count += 1
            _inside(element, inside[-1], found)
        if count > MOST_CELLS or len(found.names) > MOST_COLUMNS:
            raise FormatError(f"'{source.name}' has more than {MOST_CELLS:,} values or {MOST_COLUMNS:,} attributes; import it in parts.")
    return found


def _inside(element: Element, thing: _Thing, found: _File) -> None:
    get = element.attributes.get
    if element.local == "attvalue":
        spans = list(_spans(element.attributes, is_own=False)) or [_ALWAYS]
        thing.values += [(get("for") or get("id") or "", get("value", ""), span) for span in spans]
    elif element.local == "spell":
        thing.spells += _spans(element.attributes, is_own=False) or []
    else:
        found.are_drawn = True


def _spans(attributes: Mapping[str, str], *, is_own: bool) -> Iterator[Span]:
    """When something is there: from and to, or moments; `start` and `end` of a node itself are so too."""
    get = attributes.get
    for word in (get("timestamp") or get("timestamps") or "").strip("<[]>").split(","):
        if (moment := _moment(word)) is not None:
            yield (moment, moment, False)
    opened, closed = get("start") or get("startopen"), get("end") or get("endopen")
    if opened or closed or (not is_own and not get("timestamp") and get("for") is None and get("id") is None):
        start, end = _moment(opened), _moment(closed)
        yield (-math.inf if start is None else start, math.inf if end is None else end, not get("end") and bool(get("endopen")))


def _moment(text: str | None) -> float | None:
    """A time as a number: as it stands, or a date in seconds."""
    word = (text or "").strip().strip("[]")
    value = number_of(word)
    if value is not None or not word:
        return value
    try:
        found = datetime.fromisoformat(word)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


# -- as graphs ----------------------------------------------------------------------------------------------------------------------


def _drawn(found: _File, file: str, notes: Notes) -> list[Drawn]:
    if found.are_drawn:
        notes.lose("Colours, sizes and places of a picture are not kept.")
    if found.are_nested:
        notes.lose("Nodes inside a node are read beside it.")
    types = {(scope, title): kind for (scope, _), (title, kind) in found.names.items()} | {("edge", "weight"): "double"}
    name = PurePosixPath(file).stem
    moments = _moments(found)
    if len(moments) > MOST_MOMENTS:
        notes.lose(f"'{file}' has more than {MOST_MOMENTS} moments: who was ever there is read as one map.")
        moments = []
    size = sum(1 + len(thing.spells) + len(thing.values) for thing in (*found.nodes, *found.edges))
    if size * len(moments) > MOST_TOLD:
        raise FormatError(f"'{file}' tells more than {MOST_TOLD:,} times whether something was there; import it in parts.")
    if not moments:
        return [_at(found, None, None, file, name, types)]
    if not all(moment.is_integer() and 0 < moment < 1000 for moment in moments):
        notes.meet("times_counted", f"The {len(moments)} moments at which anything begins are read as waves 1 to {len(moments)}.", file)
        return [_at(found, moment, wave, file, name, types) for wave, moment in enumerate(moments, 1)]
    return [_at(found, moment, int(moment), file, name, types) for moment in moments]


def _moments(found: _File) -> list[float]:
    """Where anything begins, in order."""
    spans = (span for thing in (*found.nodes, *found.edges) for span in (*thing.spells, *(span for *_, span in thing.values)))
    return sorted({start for start, _, _ in spans if math.isfinite(start)})


def _holds(span: Span, moment: float) -> bool:
    start, end, is_open = span
    return start <= moment and (moment < end or (moment == end and not is_open))


def _at(found: _File, moment: float | None, wave: int | None, file: str, name: str, types: Mapping[tuple[str, str], str]) -> Drawn:
    """The graph at a moment; without one, whatever was ever there."""
    vertices = []
    for thing in found.nodes:
        values = _values(thing, "node", found, moment)
        if _is_there(thing, "node", values, found, moment):
            label = {"label": thing.attributes["label"]} if thing.attributes.get("label") else {}
            vertices.append(Vertex(thing.attributes.get("id", ""), label | values, thing.number))
    there = {vertex.id for vertex in vertices}
    everyone = {thing.attributes.get("id", "") for thing in found.nodes}
    links: list[Link] = []
    for thing in found.edges:
        values, get = _values(thing, "edge", found, moment), thing.attributes.get
        ends = {get("source", ""), get("target", "")}
        if _is_there(thing, "edge", values, found, moment) and not (ends - there) & everyone:
            values |= {name: get(name, "") for name in ("label", "weight", "kind") if get(name) and name not in values}
            kind = get("type") or found.graph.get("defaultedgetype", "undirected")
            links.append(Link(get("source", ""), get("target", ""), kind == "directed", values, thing.number))
    return Drawn(file, name, vertices, links, types=types, wave=wave, is_through_time=moment is not None)


def _is_there(thing: _Thing, scope: str, values: dict[str, str], found: _File, moment: float | None) -> bool:
    """By what the thing itself says of being seen, where it does; else by its spells; without any, always."""
    if moment is None:
        return True
    if any(found.names.get((scope, ident), ("", ""))[0] == "seen" for ident, *_ in thing.values):
        return truth(values.get("seen", "")) is True
    return not thing.spells or any(_holds(span, moment) for span in thing.spells)


def _values(thing: _Thing, scope: str, found: _File, moment: float | None) -> dict[str, str]:
    """Values that hold at the moment, by title; a default where there is none."""
    own = {found.names.get((scope, ident), (ident, ""))[0]: default for (each, ident), default in found.defaults.items() if each == scope}
    for ident, value, span in thing.values:
        if moment is None or _holds(span, moment):
            title = found.names.get((scope, ident), (ident, ""))[0]
            own["weight" if title == "Weight" else title] = value
    return own
