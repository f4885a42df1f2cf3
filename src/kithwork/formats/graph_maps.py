"""Graphs of any program as maps: whose each is, which wave it shows, who is on it; then as egor's three tables, which are read on.

What Kithwork wrote says all of it in its nodes. Any other graph is asked (`graph_egos`): which node is ego, if one is, and what the
alters are known by.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kithwork.formats import egor
from kithwork.formats.building import MOST_ALTERS, number_of
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import MOST_CELLS, Coded, Sheet, defuse
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables

PRESENT = re.compile(r"present_w(\d{1,3})")
_STRUCTURE = ("label", "participant", "alter", "map", "wave", "state", "is_ego", "seen", "sort", "weight", "recorded_weight", "id")
_NUMBERS = ("int", "integer", "long", "short", "byte", "float", "double", "biginteger", "bigdecimal")
_IDS = ("egoID", "alterID", "Source", "Target")
_HOUSE = ("pseudonym", "wave", "state", "alter_ties_asked")
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


def read_graphs(graphs: list[Drawn], notes: Notes) -> StudyTables:
    """Tables from graphs, whichever format they came in; `FormatError` where there is none, or one is too large to be a map."""
    from kithwork.formats.graph_egos import maps_of_others

    if not graphs:
        raise FormatError("The files hold no graph; export them again.")
    ours = [graph for graph in graphs if is_ours(graph)]
    maps = _each_once(_maps_of_ours(ours, notes), notes)
    maps += maps_of_others(
        [graph for graph in graphs if not is_ours(graph)], {(each.person, each.wave, each.state) for each in maps}, notes
    )
    for each in maps:
        if len(each.alters) > MOST_ALTERS:
            raise FormatError(
                f"'{each.file}' has a graph of {len(each.alters):,} nodes, and a map holds {MOST_ALTERS:,}; "
                "where they are several people's alters, name the column that says whose with --column ego=NAME."
            )
    types = {name: kind for graph in graphs for name, kind in graph.types.items()}
    return egor.read_tables(_sheets(maps, types, notes), notes)


# -- what Kithwork wrote --------------------------------------------------------------------------------------------------------


def is_ours(graph: Drawn) -> bool:
    """Whether every node says whose it is and which alter, as our own exports do, also where another program wrote them again."""
    return bool(graph.vertices) and all(
        "participant" in vertex.values and "state" in vertex.values and _number(vertex) is not None for vertex in graph.vertices
    )


def _number(vertex: Vertex) -> str | None:
    """The alter's number, as the node or its id (such as `P01.w2:3`) says, '' for ego; None for a node of another program."""
    if truth(vertex.values.get("is_ego", "")):
        return ""
    for word in (vertex.values.get("alter", "").removesuffix(".0"), vertex.id, vertex.values.get("id", "")):
        number = word.rpartition(":")[2]
        if number.isascii() and number.isdigit():
            return number
    return None


def _maps_of_ours(graphs: list[Drawn], notes: Notes) -> Iterator[Map]:
    # a union says less of each map than the map itself
    for graph in sorted(graphs, key=lambda graph: any(map(_is_union, graph.vertices))):
        for drawn in _waves_of_union(graph) if any(map(_is_union, graph.vertices)) else [graph]:
            yield from _maps_in(drawn, notes)


def _is_union(vertex: Vertex) -> bool:
    return any(PRESENT.fullmatch(name) for name in vertex.values)


def _waves_of_union(graph: Drawn) -> Iterator[Drawn]:
    """A union over waves as one graph a wave: who and what was there."""
    waves = {int(match.group(1)) for vertex in graph.vertices for name in vertex.values if (match := PRESENT.fullmatch(name))}
    ending = re.compile(r"_w\d{1,3}$")
    for wave in sorted(waves):

        def at(values: dict[str, str], wave: int = wave) -> dict[str, str]:
            still = {name: value for name, value in values.items() if not ending.search(name)}
            mine = {name.removesuffix(f"_w{wave}"): value for name, value in values.items() if name.endswith(f"_w{wave}")}
            return still | {name: value for name, value in mine.items() if name != "present"}

        present = f"present_w{wave}"
        vertices = [Vertex(v.id, at(v.values), v.number) for v in graph.vertices if v.values.get(present) == "true"]
        links = [
            Link(link.source, link.target, link.is_directed, at(link.values), link.number)
            for link in graph.links
            if link.values.get(present) == "true"
        ]
        yield Drawn(graph.file, graph.name, vertices, links, types=graph.types, wave=wave)


def _maps_in(graph: Drawn, notes: Notes) -> Iterator[Map]:
    places: dict[str, tuple[tuple[str, int, str], str]] = {}
    found: dict[tuple[str, int, str], Map] = {}
    for vertex in graph.vertices:
        wave = wave_of(vertex.values.get("wave", "")) or graph.wave or notes.options.wave
        place, number = (vertex.values["participant"], wave, vertex.values["state"]), _number(vertex) or ""
        places[vertex.id] = place, number
        drawn = found.setdefault(place, Map(*place, {}, [], [], graph.file))
        rest = {name: value for name, value in vertex.values.items() if name not in _STRUCTURE}
        if number:
            drawn.alters.append((number, Vertex(vertex.id, {"pseudonym": vertex.values.get("label", "")} | rest, vertex.number)))
        else:
            drawn.ego = rest
    for link in graph.links:
        source, target = places.get(link.source), places.get(link.target)
        if source is None or target is None or source[0] != target[0]:
            notes.meet("dangling_alter_tie", "The edge names a node that is not on the same map.", graph.file, link.number)
        elif source[1] and target[1]:
            values = {name: value for name, value in link.values.items() if name not in _STRUCTURE}
            weight = link.values.get("recorded_weight") if ("edge", "recorded_weight") in graph.types else link.values.get("weight")
            values |= {"weight": weight or "", "is_directed": "true" if link.is_directed else link.values.get("is_directed", "")}
            if "label" in link.values and "relation_label" not in values:
                values["relation_label"] = link.values["label"]
            ends = (source[1], target[1])
            found[source[0]].ties.append((*ends, Link(link.source, link.target, link.is_directed, values, link.number)))
    yield from found.values()


def _each_once(maps: Iterable[Map], notes: Notes) -> list[Map]:
    """Each map once, from the first file that holds it."""
    found: dict[tuple[str, int, str], Map] = {}
    again = 0
    for each in maps:
        again += found.setdefault((each.person, each.wave, each.state), each) is not each
    if again:
        notes.meet("same_map", f"{again} map(s) stand in more than one of the files and are read once.")
    return list(found.values())


# -- as egor's tables -----------------------------------------------------------------------------------------------------------


def truth(text: str) -> bool | None:
    """True or false as graph files write it."""
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def wave_of(text: str) -> int | None:
    """A wave as files write it: 2, or 2.0."""
    value = number_of(text)
    return int(value) if value is not None and value.is_integer() and 0 < value < 1000 else None


def _sheets(maps: list[Map], types: Mapping[tuple[str, str], str], notes: Notes) -> list[Sheet]:
    egos: list[tuple[dict[str, str], int]] = []
    alters: list[tuple[dict[str, str], int]] = []
    ties: list[tuple[dict[str, str], int]] = []
    # of two maps of one interview the everyday one speaks for it
    for at, each in enumerate(sorted(maps, key=lambda each: each.state != "everyday"), 1):
        ego = {"egoID": f"{at}", "pseudonym": each.person, "wave": str(each.wave), "state": each.state}
        egos.append((ego | _apart(each.ego, _HOUSE[:3], "ego"), at))
        for alter, vertex in each.alters:
            alters.append(({"egoID": f"{at}", "alterID": alter} | _apart(vertex.values, ("egoID", "alterID"), "node"), vertex.number))
        for source, target, link in each.ties:
            values = _apart(link.values, ("egoID", "Source", "Target"), "edge")
            ties.append(({"egoID": f"{at}", "Source": source, "Target": target} | values, link.number))
    files = {each.file for each in maps}
    name = next(iter(files)) if len(files) == 1 else f"{len(files)} files"
    of = {scope: {name: kind for (each, name), kind in types.items() if each == scope} for scope in ("graph", "node", "edge")}
    found = [
        _sheet(name, ["egoID", *_HOUSE[:3]], egos, of["graph"] | of["node"], notes),
        _sheet(name, ["egoID", "alterID"], alters, of["edge"] | of["node"], notes),
    ]
    if any(each.are_names for each in maps):
        found[1].coded = {**found[1].coded, "alterID": Coded(is_name=True)}
    # without any, whether ties between alters were asked about is what each map says of itself, or nothing
    if ties or any("alter_ties_asked" in each.ego for each in maps):
        found.append(_sheet(name, ["egoID", "Source", "Target", "weight"], ties, of["edge"], notes))
    return found


def _apart(values: dict[str, str], taken: Iterable[str], what: str) -> dict[str, str]:
    """Attributes under names that the table does not use itself."""
    return {f"{what}_{name}" if name in taken else name: value for name, value in values.items()}


def _sheet(name: str, fixed: list[str], rows: list[tuple[dict[str, str], int]], types: Mapping[str, str], notes: Notes) -> Sheet:
    """Rows as a sheet of text cells, as long as its header; what begins like a formula is led by `'`, as `attributes` takes it off."""
    header = list(dict.fromkeys((*fixed, *(column for values, _ in rows for column, value in values.items() if value))))
    if len(header) * len(rows) > MOST_CELLS:
        raise FormatError(f"'{name}' has more than {MOST_CELLS:,} cells; import it in parts.")
    columns: list[list[str]] = []
    coded: dict[str, Coded] = {}
    for column in header:
        cells = [values.get(column, "") for values, _ in rows]
        kind = types.get(column, "")
        if kind == "boolean":
            cells = [{True: "true", False: "false", None: cell}[truth(cell)] for cell in cells]
        elif kind in _NUMBERS:
            coded[column] = Coded(is_number=True)
            finite = ["" if number_of(cell) is None else cell.strip() for cell in cells]
            if any(was.strip() and not cell for was, cell in zip(cells, finite, strict=True)):
                notes.lose("Numbers that are not finite (NaN, Infinity), or are none, are read as not answered.")
            cells = finite
        columns.append(cells if column in _IDS or kind in _NUMBERS else [defuse(cell) for cell in cells])
    lines = [list(line) for line in zip(*columns, strict=True)]
    return Sheet(name, header, lines, [number for _, number in rows], ",", coded)
