"""Graphs of other programs as maps: which node is ego, whose the map is and which wave it shows, and what an alter is known by.

None of it is told by a rule of the formats. A column may say it (`--column ego=NAME` says whose alters, or which node is ego;
`--column alter=NAME` what an alter is known by); else what programs usually write is looked for, and what was taken is told.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from kithwork.formats.building import is_name_column
from kithwork.formats.graphs.drawn import Drawn, Link, Map, Vertex, truth, wave_of
from kithwork.formats.reading import Notes

_WHOSE = ("egoid", "participant", "pseudonym", "caseid")  # attributes that say whose map it is
_MARKS = ("isego", "ego")  # attributes that say which node is ego
_OWN_IDS = ("id", "vid")
_WAVE = re.compile(r"(.+?)[ ._-]+(?:w|wave|t|time|welle)[ ._-]?0*([1-9]\d{0,2})", re.IGNORECASE)
_DRAWING = ("r", "g", "b", "x", "y", "z", "size", "alpha")
_FEWEST = 3  # graphs that each have one node tied to all others before it is taken for ego
_SMALLEST = 4  # nodes


class _Group:
    """The nodes of one ego in a graph, and the edges among them."""

    def __init__(self, graph: Drawn, person: str, wave: int | None, vertices: list[Vertex], links: list[Link]) -> None:
        self.graph, self.person, self.wave = graph, person, wave
        self.vertices, self.links = vertices, links
        self.ego: str | None = None
        self.values = dict(graph.values)

    def named(self, word: str) -> list[str]:
        """Nodes that are called so, by id or label."""
        return [v.id for v in self.vertices if word.lower() in (v.id.lower(), *(v.values.get(n, "").lower() for n in ("label", "name")))]

    def hubs(self) -> list[str]:
        """Nodes tied to every other."""
        beside: defaultdict[str, set[str]] = defaultdict(set)
        for link in self.links:
            if link.source != link.target:
                beside[link.source].add(link.target)
                beside[link.target].add(link.source)
        return [v.id for v in self.vertices if len(beside[v.id]) == len(self.vertices) - 1 > 0]


def maps_of_others(graphs: list[Drawn], taken: set[tuple[str, int, str]], notes: Notes) -> list[Map]:
    """Graphs of other programs as maps; `taken` are places that have one."""
    groups = [group for graph in graphs for group in _groups(_without_drawing(graph, notes), notes)]
    _waves(groups, notes)
    _egos(groups, notes)
    is_counted = _is_counted(groups, notes)
    maps: list[Map] = []
    taken = set(taken)
    for group in groups:
        wave = group.wave or notes.options.wave
        person, wave = _place(group, wave, taken, notes)
        taken.add((person, wave, notes.options.state))
        maps.append(_map(group, person, wave, is_counted, notes))
    return maps


def _without_drawing(graph: Drawn, notes: Notes) -> Drawn:
    """The graph without the colours, sizes and places of Gephi's picture, which are known by standing together."""
    if {("node", name) for name in "rgb"} <= set(graph.types):
        notes.lose("Colours, sizes and places of a picture are not kept.")
        for vertex in graph.vertices:
            vertex.values = {name: value for name, value in vertex.values.items() if name not in _DRAWING}
    return graph


def _column(graph: Drawn, told: str | None, usual: Iterable[str]) -> str | None:
    """The attribute of nodes that is told, else one called as usual."""
    names = {name: None for vertex in graph.vertices for name in vertex.values}
    if told is not None:
        return told if told in names else None
    plain = {"".join(filter(str.isalnum, name.lower())): name for name in names}
    return next((plain[name] for name in usual if name in plain), None)


def _groups(graph: Drawn, notes: Notes) -> list[_Group]:
    """One group a graph, or one each ego and wave where the nodes say whose alters they are and when."""
    told = notes.options.columns.get("ego")
    whose = _column(graph, told, _WHOSE)
    if whose and all(truth(vertex.values.get(whose, "")) is not None for vertex in graph.vertices):
        whose = None  # it marks ego
    when = _column(graph, None, ("wave",))
    if when and not all(wave_of(vertex.values.get(when, "")) for vertex in graph.vertices):
        when = None
    if whose is None and when is None:
        person = next((graph.values[name] for name in graph.values if _plain(name) in _WHOSE and graph.values[name]), graph.name)
        return [_Group(graph, person, wave_of(graph.values.get("wave", "")) or graph.wave, graph.vertices, graph.links)]
    places = {
        v.id: (v.values.get(whose, "") if whose else graph.name, wave_of(v.values.get(when, "")) if when else graph.wave)
        for v in graph.vertices
    }
    vertices: defaultdict[tuple[str, int | None], list[Vertex]] = defaultdict(list)
    links: defaultdict[tuple[str, int | None], list[Link]] = defaultdict(list)
    for vertex in graph.vertices:
        vertices[places[vertex.id]].append(vertex)
        vertex.values = {name: value for name, value in vertex.values.items() if name not in (whose, when)}
    for link in graph.links:
        ends = {places.get(link.source), places.get(link.target)} - {None}
        place = next(iter(ends), None)
        if place is None or len(ends) > 1:
            notes.meet("edge_across", "The edge joins nodes of two egos or waves and is left out.", graph.file, link.number)
        else:
            links[place].append(link)
    if "" in {person for person, _ in vertices}:
        count = sum(len(group) for (person, _), group in vertices.items() if not person)
        notes.meet("no_id", f"{count} node(s) do not say whose alters they are.", graph.file)
    return [_Group(graph, place[0], place[1], group, links[place]) for place, group in vertices.items() if place[0]]


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


def _waves(groups: list[_Group], notes: Notes) -> None:
    """A wave that the name of a file or graph ends in, such as `P01_w2`."""
    found = [(group, match) for group in groups if group.wave is None and (match := _WAVE.fullmatch(group.person))]
    if found and notes.meet("wave_in_name", f"{len(found)} name(s) of files or graphs end in a wave, such as _w2.") == "waves":
        for group, match in found:
            group.person, group.wave = match.group(1), int(match.group(2))


# -- ego --------------------------------------------------------------------------------------------------------------------------


def _egos(groups: list[_Group], notes: Notes) -> None:
    """Which node is ego: one that is marked, called ego or called as the participant; else one tied to all others, with a choice."""
    told = notes.options.columns.get("ego")
    for group in groups:
        group.ego = _marked(group, told) or _called(group)
    open_groups = [group for group in groups if group.ego is None]
    likely = [(group, group.hubs()) for group in open_groups if group.vertices]
    single = [(group, hubs[0]) for group, hubs in likely if len(hubs) == 1]
    is_rule = len(single) == len(likely) and sum(len(group.vertices) >= _SMALLEST for group, _ in single) >= _FEWEST
    for group, hub in single:
        code = "ego_likely" if is_rule else "ego_unsure"
        if notes.meet(code, "One node is tied to every other, and nothing else says which is ego.", group.graph.file) == "ego":
            group.ego = hub
    without = sum(bool(group.vertices) for group in groups if group.ego is None)
    if without:
        sentence = (
            f"{without} graph(s) have no node that is ego: every node is read as an alter of the participant the graph is named after."
        )
        notes.meet("no_ego", f"{sentence[:-1]}; where nodes say whose alters they are, name that column with --column ego=NAME.")


def _marked(group: _Group, told: str | None) -> str | None:
    """The one node whose mark says that it is ego."""
    for name in {name: None for vertex in group.vertices for name in vertex.values}:
        if name == told or _plain(name) in _MARKS:
            marked = [vertex.id for vertex in group.vertices if truth(vertex.values.get(name, ""))]
            if len(marked) == 1:
                for vertex in group.vertices:
                    vertex.values.pop(name, None)
                return marked[0]
    return None


def _called(group: _Group) -> str | None:
    for word in ("ego", group.person):
        found = group.named(word)
        if len(found) == 1:
            return found[0]
    return None


# -- alters -----------------------------------------------------------------------------------------------------------------------


def _label(vertex: Vertex) -> tuple[str, bool]:
    """What a node is called, or the id another program knew it by, and whether it is a name; '' where it has none but its id."""
    for name in (*(name for name in vertex.values if is_name_column(name)), "label", *_OWN_IDS):
        word = vertex.values.get(name, "")
        if word and word != vertex.id:
            return word, name not in _OWN_IDS
    return "", False


def _is_counted(groups: list[_Group], notes: Notes) -> bool:
    """Whether ids are only numbers counted on in each graph (`n0, n1 …`), which tell no alter from another's at the next wave."""
    alters = [[vertex for vertex in group.vertices if vertex.id != group.ego] for group in groups]
    if "alter" in notes.options.columns or not any(alters) or any(group.graph.is_through_time for group in groups):
        return False
    for group in groups:
        ids = [vertex.id for vertex in group.vertices]
        first = next((int(start) for start in re.findall(r"\d+$", ids[0])), -1) if ids else 0
        stem = re.sub(r"\d+$", "", ids[0]) if ids else ""
        if first not in (0, 1) or ids != [f"{stem}{number}" for number in range(first, first + len(ids))]:
            return False
    if all(_label(vertex)[0] for vertices in alters for vertex in vertices):
        return True  # the name tells who it is
    sentence = "Nodes have numbers and no names, and a number may be somebody else at another wave."
    return notes.meet("alter_numbers", sentence) == "apart"


def _ids(group: _Group, wave: int, is_counted: bool, notes: Notes) -> dict[str, str]:
    """What each alter is known by: the column told, its id, or, where ids are only counted, its name; without one, its own."""
    told = notes.options.columns.get("alter")
    if told is None and not is_counted:
        return {vertex.id: vertex.id for vertex in group.vertices}
    called = {vertex.id: vertex.values.get(told, "") if told else _label(vertex)[0] for vertex in group.vertices}
    often = Counter(called.values())
    state = "" if notes.options.state == "everyday" else f".{notes.options.state}"
    return {ident: word if word and often[word] == 1 else f"w{wave}{state}.{ident}" for ident, word in called.items()}


def _place(group: _Group, wave: int, taken: set[tuple[str, int, str]], notes: Notes) -> tuple[str, int]:
    """Whose map and which wave, where no other stands."""
    state, person = notes.options.state, group.person
    if (person, wave, state) not in taken:
        return person, wave
    choice = notes.meet("repeated_case", "Two graphs are of one participant at one wave.", group.graph.file)
    number = 2
    while (person, wave, state) in taken:
        person, wave = (person, wave + 1) if choice == "waves" else (f"{group.person} ({number})", wave)
        number += 1
    return person, wave


def _map(group: _Group, person: str, wave: int, is_counted: bool, notes: Notes) -> Map:
    known = _ids(group, wave, is_counted, notes)
    to_ego: dict[str, dict[str, str]] = {}
    ties: list[tuple[str, str, Link]] = []
    for link in group.links:
        if group.ego is not None and group.ego in (link.source, link.target) and link.source != link.target:
            alter = link.target if link.source == group.ego else link.source
            if alter in to_ego:
                notes.lose("A second edge between ego and the same alter is not kept.")
            else:
                to_ego[alter] = _of_link(link)
            if link.is_directed:
                notes.lose("Which way a tie between ego and an alter points is not kept.")
        else:
            values = _of_link(link) | ({"is_directed": "true"} if link.is_directed else {})
            ends = (known.get(link.source, link.source), known.get(link.target, link.target))
            ties.append((*ends, Link(link.source, link.target, link.is_directed, values, link.number)))
    ego = next((vertex.values for vertex in group.vertices if vertex.id == group.ego), {})
    ego = {name: value for name, value in ego.items() if _plain(name) not in ("label", *_OWN_IDS) and not is_name_column(name)}
    alters = []
    for vertex in group.vertices:
        if vertex.id != group.ego:
            told = {f"tie_{name}" if name in vertex.values else name: value for name, value in to_ego.get(vertex.id, {}).items()}
            alters.append((known[vertex.id], Vertex(vertex.id, _of_vertex(vertex, known[vertex.id]) | told, vertex.number)))
    found = Map(person, wave, notes.options.state, {name: v for name, v in group.values.items() if name != "wave"} | ego, alters, ties)
    found.file, found.are_names = group.graph.file, is_counted and any(_label(vertex)[1] for vertex in group.vertices)
    return found


def _of_vertex(vertex: Vertex, known: str) -> dict[str, str]:
    """A node's attributes; a label that is not its id is what the alter is called, and stands with the names."""
    found = {}
    for name, value in vertex.values.items():
        plain = _plain(name)
        if plain == "label":
            if value and value != vertex.id:
                found["node name"] = value
        elif plain not in _OWN_IDS or value not in (vertex.id, known):
            found[name] = value
    return found


def _of_link(link: Link) -> dict[str, str]:
    """An edge's attributes; its label is the type of the tie where it has no other."""
    values = {name: value for name, value in link.values.items() if _plain(name) not in ("id", "edgeid")}
    label = next((name for name in values if _plain(name) in ("label", "edgelabel")), None)
    if label is not None:
        word = values.pop(label)
        values.setdefault("type", word)
    return values
