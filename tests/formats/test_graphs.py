"""Graph files, written: read again by the libraries people use."""

import csv
import io
import warnings
import xml.etree.ElementTree as ET
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import igraph
import networkx as nx
from formats.studies import any_study
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithwork.formats import write
from kithwork.formats.graphs.gexf_writer import spells_of
from kithwork.model.ids import new_id
from kithwork.model.tables import StudyTables

SLOW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GEXF = "{http://gexf.net/1.3}"


def study(present: dict[str, set[int]], held: set[int], waves: int = 3) -> StudyTables:
    """One participant; which alters were on the map at which waves; alters on a map together know each other."""
    person = {"id": new_id(), "pseudonym": "P&01 <x>", "status": "enrolled"}
    rows: dict[str, list[dict[str, Any]]] = {"participants": [person], "interviews": [], "maps": [], "ties": [], "alter_ties": []}
    rows["waves"] = [{"id": new_id(), "position": p, "label": str(p), "circle_version": 1} for p in range(1, waves + 1)]
    rows["alters"] = [{"id": new_id(), "participant_id": person["id"], "kind": "place", "pseudonym": name} for name in present]
    for wave in rows["waves"]:
        if wave["position"] not in held:
            continue
        interview = {"id": new_id(), "participant_id": person["id"], "wave_id": wave["id"], "status": "held"}
        drawn = {"id": new_id(), "interview_id": interview["id"], "state": "everyday", "stage": "finished", "alter_ties_asked": "yes"}
        rows["interviews"].append(interview)
        rows["maps"].append(drawn)
        ties = [
            {"id": new_id(), "map_id": drawn["id"], "alter_id": alter["id"], "circle": wave["position"]}
            for alter in rows["alters"]
            if wave["position"] in present[alter["pseudonym"]]
        ]
        rows["ties"] += ties
        if len(ties) > 1:
            ends = {"from_tie_id": ties[0]["id"], "to_tie_id": ties[1]["id"]}
            rows["alter_ties"].append({"id": new_id(), "map_id": drawn["id"], "relation": "knows", "weight": 0.5, **ends})
    return StudyTables.from_rows(rows)


def saved(files: dict[str, bytes], folder: str) -> dict[str, Path]:
    paths = {name: Path(folder) / name for name in files}
    for name, path in paths.items():
        path.write_bytes(files[name])
    return paths


@SLOW
@given(any_study())
def test_each_map_is_a_graph_that_igraph_and_networkx_read_alike(tables: StudyTables) -> None:
    files = write(tables, "graphml").files
    lines = list(csv.DictReader(io.StringIO(files["maps.csv"].decode())))
    assert len(lines) == tables.counts().get("maps", 0)
    with TemporaryDirectory() as folder:
        paths = saved(files, folder)
        for line in lines:
            mine = nx.read_graphml(paths[line["file"]])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs = igraph.Graph.Read_GraphML(str(paths[line["file"]]))
            assert mine.number_of_nodes() == theirs.vcount() == int(line["alters"]) + 1
            assert mine.number_of_edges() == theirs.ecount() == int(line["alters"]) + int(line["alter_ties"])
        whole = nx.read_graphml(paths["all.graphml"])
        assert whole.number_of_nodes() == tables.counts().get("ties", 0) + len(lines)
        assert whole.number_of_edges() == tables.counts().get("ties", 0) + tables.counts().get("alter_ties", 0)
        sizes = list(nx.connected_components(nx.Graph(whole)))
        assert len(sizes) == len(lines)


def test_the_union_has_a_flag_a_wave_and_none_for_a_missed_one() -> None:
    files = write(study({"a": {1, 3}, "b": {1}}, held={1, 3}), "graphml").files
    graph = nx.parse_graphml(files["union.graphml"].decode())
    by_label = {values["label"]: values for _, values in graph.nodes(data=True)}
    assert (by_label["a"]["present_w1"], by_label["a"]["present_w3"]) == (True, True)
    assert (by_label["b"]["present_w1"], by_label["b"]["present_w3"]) == (True, False)
    assert all("present_w2" not in values for values in by_label.values())
    known = [values for *_, values in graph.edges(data=True) if values["sort"] == "alter_tie"]
    assert [(values["present_w1"], values.get("present_w3"), values["weight_w1"]) for values in known] == [(True, None, 0.5)]


def test_a_spell_ends_only_where_the_next_interview_was_held() -> None:
    waves = [1, 2, 3, 4]
    assert spells_of({1, 2}, {1, 2, 3, 4}, waves) == [(1, 2)]
    assert spells_of({1, 3}, {1, 3, 4}, waves) == [(1, None), (3, 3)]
    assert spells_of({1, 2, 3, 4}, {1, 2, 3, 4}, waves) == [(1, None)]
    assert spells_of({1, 4}, {1, 2, 4}, waves) == [(1, 1), (4, None)]
    assert spells_of(set(), {1}, waves) == []


@given(st.sets(st.integers(1, 8)), st.sets(st.integers(1, 8)))
def test_spells_begin_where_a_tie_is_seen_and_cover_what_was_seen(seen: set[int], more: set[int]) -> None:
    asked, waves = seen | more, list(range(1, 9))
    spells = spells_of(seen, asked, waves)
    for start, end in spells:
        assert start in seen
        assert end is None or (end in seen and end + 1 in asked - seen)
    starts = [start for start, _ in spells]
    assert starts == sorted(set(starts))
    assert all(any(start <= wave and (end is None or wave <= end) for start, end in spells) for wave in seen)


def test_gexf_tells_seen_not_seen_and_nothing_of_a_missed_wave() -> None:
    data = write(study({"a": {1, 3}, "b": {1}, "c": {1}}, held={1, 3}), "gexf").files["study.gexf"]
    root = ET.fromstring(data)
    titles = {each.get("id"): each.get("title") for each in root.iter(f"{GEXF}attribute")}
    told = {}
    for node in root.iter(f"{GEXF}node"):
        spells = [(each.get("start"), each.get("end")) for each in node.iter(f"{GEXF}spell")]
        seen = {each.get("start"): each.get("value") for each in node.iter(f"{GEXF}attvalue") if titles[each.get("for")] == "seen"}
        told[node.get("label")] = (spells, seen)
    assert told["a"] == ([("1.0", "INF"), ("3.0", "INF")], {"1.0": "true", "3.0": "true"})
    assert told["b"] == ([("1.0", "INF")], {"1.0": "true", "3.0": "false"})
    edges = [edge.get("id") for edge in root.iter(f"{GEXF}edge")]
    assert len(set(edges)) == len(edges) == 4


@SLOW
@given(any_study())
def test_gexf_is_read_by_networkx_and_has_every_alter_once(tables: StudyTables) -> None:
    data = write(tables, "gexf").files["study.gexf"]
    graph = nx.read_gexf(io.BytesIO(data), version="1.3")
    root = ET.fromstring(data)
    ids = [node.get("id") for node in root.iter(f"{GEXF}node")]
    assert len(set(ids)) == len(ids)
    assert graph.number_of_nodes() == len(ids)
    ends = {edge.get(end) for edge in root.iter(f"{GEXF}edge") for end in ("source", "target")}
    assert ends <= set(ids)


@SLOW
@given(any_study())
def test_gephis_tables_have_a_row_a_node_and_a_row_an_edge(tables: StudyTables) -> None:
    files = write(tables, "gephi").files
    nodes, edges = (list(csv.DictReader(io.StringIO(files[name].decode()))) for name in ("nodes.csv", "edges.csv"))
    ids = [row["Id"] for row in nodes]
    assert len(set(ids)) == len(ids) == tables.counts().get("ties", 0) + tables.counts().get("maps", 0)
    assert {row[end] for row in edges for end in ("Source", "Target")} <= set(ids)
    assert len({row["Id"] for row in edges}) == len(edges) == tables.counts().get("ties", 0) + tables.counts().get("alter_ties", 0)
    assert {row["Type"] for row in edges} <= {"Undirected", "Directed"}


def test_hostile_words_stay_words_in_every_graph_file() -> None:
    tables = study({'=1+1"><a>&\x0b': {1}, "]]>\n": {1}}, held={1})
    for name in ("graphml", "gexf"):
        for file, data in write(tables, name).files.items():
            if not file.endswith(".csv"):
                ET.fromstring(data)
    graph = nx.parse_graphml(write(tables, "graphml").files["all.graphml"].decode())
    assert {values["label"] for _, values in graph.nodes(data=True)} == {'=1+1"><a>&\ufffd', "]]>\n", "P&01 <x>"}
    assert b"'=1+1" in write(tables, "gephi").files["nodes.csv"]


def test_files_without_maps_are_still_whole() -> None:
    for name in ("graphml", "gexf", "gephi"):
        assert write(StudyTables({}), name).files
