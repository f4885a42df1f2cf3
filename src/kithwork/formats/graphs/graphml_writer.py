"""GraphML, written: a file a map, all maps in one graph (`all.graphml`), and each participant's waves on top of each other.

`union.graphml` has every alter once, with a flag a wave: true where it was on the map, false where it was not, and no value
where there was no interview, since a missed wave says nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kithwork.formats.graphs.nets import ALTER_TIE, EGO_TIE, Net, kinds_of, nets_of, value_text, xml_attribute, xml_text
from kithwork.formats.reading import Writing
from kithwork.formats.sheets import write_sheet
from kithwork.model.tables import StudyTables

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'


@dataclass
class _Graph:
    """Nodes and edges with their values, ids already made."""

    nodes: list[tuple[str, dict[str, Any]]]
    edges: list[tuple[str, str, dict[str, Any]]]


def write(tables: StudyTables, *, with_personal_text: bool = False) -> Writing:
    """`map-0001.graphml` and so on, `maps.csv` that says whose they are, `all.graphml` and `union.graphml`."""
    found = nets_of(tables, with_personal_text=with_personal_text)
    files: dict[str, bytes] = {}
    lines = []
    for number, net in enumerate(found.nets, 1):
        name = f"map-{number:04}.graphml"
        files[name] = _written(_graph(net, ""))
        lines.append([name, net.key, net.pseudonym, net.wave, net.state, len(net.nodes) - 1, len(net.edges) - len(net.nodes) + 1])
    files["maps.csv"] = write_sheet(["file", "map", "pseudonym", "wave", "state", "alters", "alter_ties"], lines)
    graphs = [_graph(net, f"{net.key}:") for net in found.nets]
    files["all.graphml"] = _written(_Graph([n for g in graphs for n in g.nodes], [e for g in graphs for e in g.edges]))
    files["union.graphml"] = _written(_union(found.nets))
    return Writing(files, found.losses)


def _graph(net: Net, prefix: str) -> _Graph:
    own = {"map": net.key, "wave": net.wave, "state": net.state}
    nodes = []
    for node in net.nodes:
        values = {"label": node.label, "participant": net.pseudonym, "alter": node.number or None, **own, **node.values}
        nodes.append((f"{prefix}{node.number or 'ego'}", values))
    edges = [
        (f"{prefix}{edge.source or 'ego'}", f"{prefix}{edge.target or 'ego'}", {"sort": edge.sort, **edge.values}) for edge in net.edges
    ]
    return _Graph(nodes, edges)


def _union(nets: list[Net]) -> _Graph:
    groups: defaultdict[str, list[Net]] = defaultdict(list)
    for net in nets:
        groups[net.pseudonym if net.state == "everyday" else f"{net.pseudonym}.{net.state}"].append(net)
    nodes: list[tuple[str, dict[str, Any]]] = []
    edges: list[tuple[str, str, dict[str, Any]]] = []
    for key, group in groups.items():
        known: dict[int, dict[str, Any]] = {}
        for net in group:
            for node in net.nodes:
                still = {name: node.values[name] for name in ("is_ego", "kind", "role") if name in node.values}
                known.setdefault(node.number, {"label": node.label, "participant": net.pseudonym, "state": net.state, **still})
        for net in group:
            there = {node.number for node in net.nodes}
            for number, values in known.items():
                values[f"present_w{net.wave}"] = number in there
            known[0][f"alter_ties_asked_w{net.wave}"] = net.nodes[0].values["alter_ties_asked"]
        nodes += [(f"{key}:{number or 'ego'}", values) for number, values in known.items()]
        edges += [(f"{key}:{source or 'ego'}", f"{key}:{target or 'ego'}", values) for source, target, values in _pairs(group)]
    return _Graph(nodes, edges)


def _pairs(group: list[Net]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Each pair of a participant's waves once a relation; a flag a wave, where it was asked and both were on the map."""
    known: dict[tuple[Any, ...], dict[str, Any]] = {}
    for net in group:
        for edge in net.edges:
            relation = (edge.values.get("relation"), edge.values.get("relation_label"))
            ends = (edge.source, edge.target) if edge.values.get("is_directed") else tuple(sorted((edge.source, edge.target)))
            values = known.setdefault(
                (edge.sort, *ends, *relation), {"sort": edge.sort, "relation": relation[0], "relation_label": relation[1]}
            )
            values[f"present_w{net.wave}"] = True
            if "weight" in edge.values:
                values[f"weight_w{net.wave}"] = edge.values["weight"]
    for (sort, source, target, *_), values in known.items():
        for net in group:
            there = {node.number for node in net.nodes}
            if sort == EGO_TIE or (sort == ALTER_TIE and net.is_asked and {source, target} <= there):
                values.setdefault(f"present_w{net.wave}", False)
        yield source, target, values


def _written(graph: _Graph) -> bytes:
    of_nodes, of_edges = kinds_of([values for _, values in graph.nodes]), kinds_of([values for *_, values in graph.edges])
    parts = [_HEAD]
    keys: dict[tuple[str, str], str] = {}
    for scope, kinds in (("node", of_nodes), ("edge", of_edges)):
        for name, kind in kinds.items():
            key = keys[scope, name] = f"{scope[0]}{len(keys)}"
            parts.append(f'<key id="{key}" for="{scope}" attr.name={xml_attribute(name)} attr.type="{kind}"/>\n')
    parts.append('<graph edgedefault="undirected">\n')
    for node, values in graph.nodes:
        parts.append(f"<node id={xml_attribute(node)}>{_data('node', values, keys, of_nodes)}</node>\n")
    for number, (source, target, values) in enumerate(graph.edges):
        # no edge says that it is directed but by its value: networkx refuses a graph that holds both sorts
        data = _data("edge", values, keys, of_edges)
        parts.append(f'<edge id="e{number}" source={xml_attribute(source)} target={xml_attribute(target)}>{data}</edge>\n')
    parts.append("</graph>\n</graphml>\n")
    return "".join(parts).encode()


def _data(scope: str, values: dict[str, Any], keys: dict[tuple[str, str], str], kinds: dict[str, str]) -> str:
    """A missing value is left out: missing is not false and not zero."""
    return "".join(
        f'<data key="{keys[scope, name]}">{xml_text(value_text(value, kinds[name]))}</data>'
        for name, value in values.items()
        if value is not None
    )
