"""Dynamic GEXF 1.3, written: the whole study in `study.gexf`, time counted in waves.

A node or edge has a spell from the wave it was first on the map. The spell ends (at the wave it was last seen) only where the
next wave was held and it was not on the map; before a missed wave, and at the last interview, no end is claimed (INF). After
a missed wave a new spell begins. The attribute `seen` has a value at every wave that was held, and none at one that was missed.
"""

from collections import defaultdict
from typing import Any

from kithwork.formats.graphs.nets import Net, kinds_of, nets_of, value_text, xml_attribute
from kithwork.formats.reading import Writing
from kithwork.model.tables import StudyTables

_STATIC = ("label", "participant", "state", "is_ego", "kind", "role", "sort", "relation", "relation_label")
_TYPES = {"boolean": "boolean", "int": "integer", "double": "double", "string": "string"}


class _Thing:
    """A node or edge through the waves."""

    def __init__(self, still: dict[str, Any]) -> None:
        self.still = still
        self.at: dict[int, dict[str, Any]] = {}  # wave -> values; only waves at which it was seen
        self.asked: set[int] = set()  # waves at which it could have been


def write(tables: StudyTables, *, with_personal_text: bool = False) -> Writing:
    """One dynamic graph of all participants, ego included, and what it cannot carry."""
    found = nets_of(tables, with_personal_text=with_personal_text)
    waves = sorted(row["position"] for row in tables.rows("waves"))
    nodes: dict[str, _Thing] = {}
    edges: dict[tuple[Any, ...], _Thing] = {}
    groups: defaultdict[str, list[Net]] = defaultdict(list)
    for net in found.nets:
        groups[net.pseudonym if net.state == "everyday" else f"{net.pseudonym}.{net.state}"].append(net)
    for key, group in groups.items():
        _collect(key, group, nodes, edges)
    return Writing({"study.gexf": _written(nodes, edges, waves)}, found.losses)


def _collect(key: str, group: list[Net], nodes: dict[str, _Thing], edges: dict[tuple[Any, ...], _Thing]) -> None:
    mine: dict[str, _Thing] = {}
    tied: dict[tuple[Any, ...], _Thing] = {}
    for net in group:
        for node in net.nodes:
            name = f"{key}:{node.number or 'ego'}"
            still = {"label": node.label, "participant": net.pseudonym, "state": net.state, **node.values}
            thing = mine.setdefault(name, _Thing({column: still[column] for column in _STATIC if column in still}))
            thing.at[net.wave] = {column: value for column, value in node.values.items() if column not in _STATIC}
        for edge in net.edges:
            ends = (edge.source, edge.target) if edge.values.get("is_directed") else tuple(sorted((edge.source, edge.target)))
            values = {"sort": edge.sort, **edge.values}
            relation = (values.get("relation"), values.get("relation_label"), bool(values.get("is_directed")))
            names = tuple(f"{key}:{end or 'ego'}" for end in ends)
            thing = tied.setdefault((*names, edge.sort, *relation), _Thing({c: values[c] for c in _STATIC if c in values}))
            thing.at[net.wave] = {column: value for column, value in edge.values.items() if column not in _STATIC}
    for thing in mine.values():
        thing.asked = {net.wave for net in group}
    for (source, target, sort, *_), thing in tied.items():
        on_map = {net.wave for net in group if net.wave in mine[source].at and net.wave in mine[target].at and net.is_asked}
        thing.asked = {net.wave for net in group} if sort == "ego_tie" else on_map | set(thing.at)
    nodes |= mine
    edges |= tied


def spells_of(seen: set[int], asked: set[int], waves: list[int]) -> list[tuple[int, int | None]]:
    """Spells as (first wave, last wave or None where no end is claimed)."""
    found: list[tuple[int, int | None]] = []
    start: int | None = None
    last = 0
    for wave in waves:
        if wave in seen:
            start = wave if start is None else start
            last = wave
        elif start is not None:
            found.append((start, last if wave in asked else None))
            start = None
    if start is not None:
        found.append((start, None))
    return found


def _written(nodes: dict[str, _Thing], edges: dict[tuple[Any, ...], _Thing], waves: list[int]) -> bytes:
    span = f' start="{waves[0]}.0" end="{waves[-1]}.0"' if waves else ""
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n',
        "<meta><creator>Kithwork</creator><description>Time is counted in waves.</description></meta>\n",
        f'<graph mode="dynamic" timeformat="double" defaultedgetype="undirected"{span}>\n',
    ]
    declared: dict[str, dict[str, tuple[str, str]]] = {}
    for sort, things in (("node", list(nodes.values())), ("edge", list(edges.values()))):
        declared[sort] = {}
        still = kinds_of([thing.still for thing in things])
        moving = kinds_of([values for thing in things for values in thing.at.values()]) | {"seen": "boolean"}
        for mode, kinds in (("static", still), ("dynamic", moving)):
            kinds = {name: kind for name, kind in kinds.items() if name not in ("label", "weight")}
            parts.append(f'<attributes class="{sort}" mode="{mode}">\n')
            for name, kind in kinds.items():
                key = f"{sort[0]}{len(declared[sort])}"
                declared[sort][name] = (key, kind)
                parts.append(f'<attribute id="{key}" title={xml_attribute(name)} type="{_TYPES[kind]}"/>\n')
            if mode == "dynamic" and sort == "edge" and "weight" in moving:
                declared[sort]["weight"] = ("weight", "double")
                parts.append('<attribute id="weight" title="Weight" type="double"/>\n')
            parts.append("</attributes>\n")
    parts.append("<nodes>\n")
    for name, thing in nodes.items():
        parts.append(f"<node id={xml_attribute(name)} label={xml_attribute(str(thing.still['label']))}>")
        parts += [*_inside(thing, declared["node"], waves), "</node>\n"]
    parts.append("</nodes>\n<edges>\n")
    for number, ((source, target, *_, is_directed), thing) in enumerate(edges.items()):
        sort = ' type="directed"' if is_directed else ""
        parts.append(f'<edge id="e{number}" source={xml_attribute(source)} target={xml_attribute(target)}{sort}>')
        parts += [*_inside(thing, declared["edge"], waves), "</edge>\n"]
    parts.append("</edges>\n</graph>\n</gexf>\n")
    return "".join(parts).encode()


def _inside(thing: _Thing, declared: dict[str, tuple[str, str]], waves: list[int]) -> list[str]:
    parts = ["<attvalues>"]
    for name, value in thing.still.items():
        if name != "label" and value is not None:
            key, kind = declared[name]
            parts.append(f'<attvalue for="{key}" value={xml_attribute(value_text(value, kind))}/>')
    for wave in waves:
        if wave in thing.asked:
            values = {"seen": wave in thing.at, **thing.at.get(wave, {})}
            for name, value in values.items():
                key, kind = declared[name]
                parts.append(f'<attvalue for="{key}" value={xml_attribute(value_text(value, kind))} start="{wave}.0" end="{wave}.0"/>')
    parts.append("</attvalues><spells>")
    for start, end in spells_of(set(thing.at), thing.asked, waves):
        # INF is xsd:double's word for no end, and GEXF's default; networkx wants the attribute there
        parts.append(f'<spell start="{start}.0" end="{"INF" if end is None else f"{end}.0"}"/>')
    parts.append("</spells>")
    return parts
