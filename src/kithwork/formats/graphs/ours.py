"""Graphs that Kithwork wrote, as maps: their nodes say whose map each is, which wave it shows and which alter they are."""

import re
from collections.abc import Iterable, Iterator

from kithwork.formats.graphs.drawn import Drawn, Link, Map, Vertex, truth, wave_of
from kithwork.formats.reading import Notes

PRESENT = re.compile(r"present_w(\d{1,3})")
_STRUCTURE = ("label", "participant", "alter", "map", "wave", "state", "is_ego", "seen", "sort", "weight", "recorded_weight", "id")


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


def maps_of_ours(graphs: list[Drawn], notes: Notes) -> Iterator[Map]:
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


def each_once(maps: Iterable[Map], notes: Notes) -> list[Map]:
    """Each map once, from the first file that holds it."""
    found: dict[tuple[str, int, str], Map] = {}
    again = 0
    for each in maps:
        again += found.setdefault((each.person, each.wave, each.state), each) is not each
    if again:
        notes.meet("same_map", f"{again} map(s) stand in more than one of the files and are read once.")
    return list(found.values())
