"""Gephi's two tables, written: `nodes.csv` and `edges.csv`, all maps side by side; isolates stay, since every node has a row."""

from typing import Any

from kithwork.formats.graphs.nets import Net, nets_of, value_text
from kithwork.formats.reading import Writing
from kithwork.formats.sheets import write_sheet
from kithwork.model.tables import StudyTables


def write(tables: StudyTables, *, with_personal_text: bool = False) -> Writing:
    """Nodes (Id, Label …) and edges (Source, Target, Type, Id, Label, Weight …), ids as ego:wave:alter."""
    found = nets_of(tables, with_personal_text=with_personal_text)
    return Writing({"nodes.csv": _nodes(found.nets), "edges.csv": _edges(found.nets)}, found.losses)


def _id(net: Net, number: int) -> str:
    return f"{net.key}:{number or 'ego'}"


def _cells(columns: list[str], values: dict[str, Any]) -> list[Any]:
    """Lists are joined; nothing recorded is an empty cell."""
    return [value_text(values[name], "string") if isinstance(values.get(name), (list, tuple)) else values.get(name) for name in columns]


def _nodes(nets: list[Net]) -> bytes:
    columns = list(dict.fromkeys(name for net in nets for node in net.nodes for name in node.values))
    rows = [
        [_id(net, node.number), node.label, net.pseudonym, net.wave, net.state, *_cells(columns, node.values)]
        for net in nets
        for node in net.nodes
    ]
    return write_sheet(["Id", "Label", "participant", "wave", "state", *columns], rows)


def _edges(nets: list[Net]) -> bytes:
    taken = ("weight", "relation_label", "is_directed")
    columns = list(dict.fromkeys(name for net in nets for edge in net.edges for name in edge.values if name not in taken))
    rows: list[list[Any]] = []
    for net in nets:
        for edge in net.edges:
            sort = "Directed" if edge.values.get("is_directed") else "Undirected"
            ends = [_id(net, edge.source), _id(net, edge.target), sort, f"e{len(rows)}"]
            label, weight = edge.values.get("relation_label"), edge.values.get("weight", 1.0)
            rows.append([*ends, label, weight, edge.values.get("weight"), net.wave, edge.sort, *_cells(columns, edge.values)])
    return write_sheet(["Source", "Target", "Type", "Id", "Label", "Weight", "recorded_weight", "wave", "sort", *columns], rows)
