"""Graph files, read: our own come back as they were, those of igraph, networkx and others as maps, and what is lost is told."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import igraph
import networkx as nx
import pytest
from formats.studies import any_study
from hypothesis import HealthCheck, given, settings

from kithwork.actions.imports import import_reading, preview
from kithwork.formats import Options, Reading, named, read, write
from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables
from kithwork.store import create_study

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MAPS = ("participants", "interviews", "maps", "alters", "ties", "alter_ties")
HEAD = '<?xml version="1.0" encoding="UTF-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'


def again(files: dict[str, bytes], name: str, **options: object) -> StudyTables:
    reader = named(name, "read").read
    assert reader is not None
    return reader([Source(file, data) for file, data in files.items()], Notes(Options(**options)))  # type: ignore[arg-type]


def maps_of(tables: StudyTables) -> dict[str, list[str]]:
    """Whose maps there are, who is on each and how they are tied, without ids; ends of an undirected tie in one order."""
    rows = {name: {row["id"]: row for row in tables.rows(name)} for name in (*MAPS, "waves")}

    def place(drawn: str) -> tuple[str, int, str]:
        row = rows["maps"][drawn]
        interview = rows["interviews"][row["interview_id"]]
        position = rows["waves"][interview["wave_id"]]["position"]
        return rows["participants"][interview["participant_id"]]["pseudonym"], position, row["state"]

    def who(tie: str) -> str:
        return rows["alters"][rows["ties"][tie]["alter_id"]]["pseudonym"]

    def values(row: dict[str, object]) -> dict[str, object]:
        return {k: round(v, 12) if isinstance(v, float) else v for k, v in row.items() if k not in left}

    left = ("id", "map_id", "alter_id", "from_tie_id", "to_tie_id")
    ties = [(*place(row["map_id"]), who(row["id"]), rows["alters"][row["alter_id"]]["kind"], values(row)) for row in rows["ties"].values()]
    known = [
        (*place(row["map_id"]), sorted((who(row["from_tie_id"]), who(row["to_tie_id"]))), values(row))
        for row in rows["alter_ties"].values()
    ]
    found = {"maps": [(*place(drawn), row["alter_ties_asked"]) for drawn, row in rows["maps"].items()], "ties": ties, "alter_ties": known}
    return {name: sorted(map(str, group)) for name, group in found.items()}


@SLOW
@given(any_study())
def test_what_was_written_as_graphs_is_read_as_it_was(tables: StudyTables) -> None:
    for name in ("graphml", "gexf", "gephi"):
        files = write(tables, name).files
        assert maps_of(again(files, name)) == maps_of(tables), name
    files = write(tables, "graphml").files
    assert maps_of(again({"all.graphml": files["all.graphml"]}, "graphml")) == maps_of(tables)


@SLOW
@given(any_study())
def test_the_union_alone_tells_who_was_there_and_how_they_were_tied(tables: StudyTables) -> None:
    union = again({"union.graphml": write(tables, "graphml").files["union.graphml"]}, "graphml")
    assert maps_of(union)["maps"] == maps_of(tables)["maps"]
    assert maps_of(union)["alter_ties"] == maps_of(tables)["alter_ties"]
    there = {row["alter_id"] for row in tables.rows("ties")}
    alters = [(row["pseudonym"], row["kind"]) for row in tables.rows("alters") if row["id"] in there]
    assert sorted((row["pseudonym"], row["kind"]) for row in union.rows("alters")) == sorted(alters)
    assert union.counts().get("ties") == tables.counts().get("ties")


# -- other programs -----------------------------------------------------------------------------------------------------------------


def drawn(folder: Path, *, has_ego: bool, egos: int = 4) -> list[igraph.Graph]:
    """Graphs of igraph, each in a file; ego is the last node, tied to all others."""
    graphs = []
    for ego in range(egos):
        graph = igraph.Graph.Ring(5 + ego, circular=False)
        graph.vs["age"] = [20.5 + at if at % 3 else float("nan") for at in range(5 + ego)]
        graph.es["weight"] = [1e-7 * (at + 1) for at in range(graph.ecount())]
        graphs.append(graph.copy())
        if has_ego:
            graph.add_vertex()
            graph.add_edges([(at, 5 + ego) for at in range(5 + ego)])
        graph.write_graphml(str(folder / f"case{ego}.graphml"))
    return graphs


def densities(tables: StudyTables) -> list[tuple[int, float]]:
    """Size and density a map, counted from the rows."""
    sizes = {row["id"]: 0 for row in tables.rows("maps")}
    counts = dict(sizes)
    for row in tables.rows("ties"):
        sizes[row["map_id"]] += 1
    for row in tables.rows("alter_ties"):
        counts[row["map_id"]] += 1
    return sorted((n, counts[each] / (n * (n - 1) / 2)) for each, n in sizes.items())


@pytest.mark.parametrize("has_ego", [True, False])
def test_graphs_of_igraph_have_its_sizes_and_densities(has_ego: bool, tmp_path: Path) -> None:
    graphs = drawn(tmp_path, has_ego=has_ego)
    reading = read([tmp_path])
    assert reading.format == "graphml"
    for mine, theirs in zip(densities(reading.tables), sorted((graph.vcount(), graph.density()) for graph in graphs), strict=True):
        assert mine == pytest.approx(theirs)
    assert min(row["weight"] for row in reading.tables.rows("alter_ties")) == 1e-7
    assert len(reading.tables.rows("answers")) == sum(at % 3 > 0 for graph in graphs for at in range(graph.vcount()))
    assert {"ego_likely", "alter_numbers"} & codes(reading) == ({"ego_likely", "alter_numbers"} if has_ego else {"alter_numbers"})
    assert reading.tables.rows("identities") == []


def codes(reading: Reading) -> set[str]:
    return {problem.code for problem in reading.problems}


def test_one_graph_with_a_node_tied_to_all_is_asked_about_and_not_guessed(tmp_path: Path) -> None:
    drawn(tmp_path, has_ego=True, egos=1)
    reading = read([tmp_path])
    assert "ego_unsure" in codes(reading)
    assert len(reading.tables.rows("alters")) == 6
    told = read([tmp_path], options=Options(choices={"ego_unsure": "ego"}))
    assert len(told.tables.rows("alters")) == 5


def test_numbers_alone_make_no_alter_of_one_wave_that_of_another(tmp_path: Path) -> None:
    for wave in (1, 2):
        igraph.Graph.Ring(4).write_graphml(str(tmp_path / f"A_w{wave}.graphml"))
    apart, same = read([tmp_path]), read([tmp_path], options=Options(choices={"alter_numbers": "same"}))
    assert [len(reading.tables.rows("participants")) for reading in (apart, same)] == [1, 1]
    assert [len(reading.tables.rows("alters")) for reading in (apart, same)] == [8, 4]
    assert sorted(row["position"] for row in apart.tables.rows("waves")) == [1, 2]


def test_graphs_of_another_program_imported_again_add_nothing(tmp_path: Path) -> None:
    drawn(tmp_path, has_ego=True)
    igraph.Graph.Ring(4).write_graphml(str(tmp_path / "case0_w2.graphml"))
    with create_study(tmp_path / "study.kith") as study:
        import_reading(study, read([tmp_path]))
        held = study.tables().counts()
        assert (held["maps"], held["participants"]) == (5, 4)
        assert preview(study, read([tmp_path]))["adds"] == {}
        assert preview(study, read([tmp_path / "case1.graphml"], options=Options(choices={"ego_unsure": "ego"})))["adds"] == {}


def test_names_stand_apart_and_make_an_alter_the_same_at_the_next_wave(tmp_path: Path) -> None:
    for wave, names in ((1, ["Ann", "Bo", "Cy"]), (2, ["Bo", "Dee"])):
        graph = igraph.Graph.Full(len(names))
        graph.vs["name"] = names
        graph.write_graphml(str(tmp_path / f"A_w{wave}.graphml"))
    tables = read([tmp_path]).tables
    assert sorted(row["name"] for row in tables.rows("identities")) == ["Ann", "Bo", "Cy", "Dee"]
    assert not {"Ann", "Bo", "Cy", "Dee"} & {row["pseudonym"] for row in tables.rows("alters")}
    assert len(tables.rows("ties")) == 5


def test_one_graph_holds_many_egos_where_its_nodes_say_whose_they_are(tmp_path: Path) -> None:
    graph = nx.Graph()
    for ego, size in (("A", 3), ("B", 4)):
        graph.add_node(f"{ego}0", egoID=ego, is_ego=True, mood=size)
        for at in range(1, size + 1):
            graph.add_node(f"{ego}{at}", egoID=ego, is_ego=False, close=at)
            graph.add_edge(f"{ego}0", f"{ego}{at}", years=at)
        graph.add_edge(f"{ego}1", f"{ego}2", weight=0.5)
    graph.add_edge("A1", "B1")
    nx.write_graphml(graph, tmp_path / "all.graphml")
    reading = read([tmp_path])
    assert densities(reading.tables) == [(3, 1 / 3), (4, 1 / 6)]
    assert "edge_across" in codes(reading)
    assert {row["code"]: row["answer_kind"] for row in reading.tables.rows("questions")} == {
        "interview_mood": "number",
        "tie_close": "number",
        "tie_years": "number",
    }
    told = read([tmp_path], options=Options(columns={"ego": "egoID"}))
    assert maps_of(told.tables) == maps_of(reading.tables)


def test_directed_ties_both_ways_are_two_and_repeated_ones_are_told(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph([("a", "b"), ("b", "a"), ("a", "b"), ("c", "c"), ("ego", "a")])
    nx.write_graphml(graph, tmp_path / "X.graphml")
    reading = read([tmp_path])
    assert [row["is_directed"] for row in reading.tables.rows("alter_ties")] == [True, True]
    assert {"repeated_pair", "loop"} <= codes(reading)
    assert any("which way" in loss.lower() for loss in reading.losses)


def test_a_graph_that_went_through_igraph_and_networkx_is_still_ours(tmp_path: Path) -> None:
    from kithwork.formats.demo import demo_tables

    tables = demo_tables(participants=3, waves=2, ties=5)
    (tmp_path / "all.graphml").write_bytes(write(tables, "graphml").files["all.graphml"])
    nx.write_graphml(nx.read_graphml(tmp_path / "all.graphml"), tmp_path / "nx.graphml")
    igraph.Graph.Read_GraphML(str(tmp_path / "all.graphml")).write_graphml(str(tmp_path / "ig.graphml"))
    plain = read([tmp_path / "all.graphml"]).tables
    assert maps_of(read([tmp_path / "nx.graphml"]).tables) == maps_of(plain)
    through_igraph = read([tmp_path / "ig.graphml"]).tables  # where a truth that is missing becomes false
    assert maps_of(through_igraph)["maps"] == maps_of(plain)["maps"]
    assert densities(through_igraph) == densities(plain)


def test_several_graphs_defaults_repeated_names_nested_graphs_ports_and_hyperedges(tmp_path: Path) -> None:
    keys = (
        '<key id="a" for="all" attr.name="mood" attr.type="string"><default>calm</default></key>'
        '<key id="k1" for="node" attr.name="x" attr.type="int"/><key id="k2" for="node" attr.name="x" attr.type="string"/>'
        '<key id="f" for="node" attr.name="sure" attr.type="boolean"><default>false</default></key>'
    )
    one = (
        '<graph id="P1" edgedefault="undirected"><node id="q"><data key="k1">1</data><data key="k2">one</data></node><node id="r">'
        '<port name="p"/><graph id="in" edgedefault="directed"><node id="s"><data key="f">1</data></node></graph></node>'
        '<edge source="q" target="r"/><hyperedge><endpoint node="q"/><endpoint node="r"/></hyperedge></graph>'
    )
    two = '<graph id="P2" edgedefault="undirected"/>'
    (tmp_path / "two.graphml").write_text(f"{HEAD}{keys}{one}{two}</graphml>")
    reading = read([tmp_path / "two.graphml"])
    tables = reading.tables
    assert sorted(row["pseudonym"] for row in tables.rows("participants")) == ["P1", "P2"]
    assert len(tables.rows("ties")) == 3
    kinds = {row["code"]: row["answer_kind"] for row in tables.rows("questions")}
    assert kinds["tie_x"] == "number"
    assert kinds["tie_x_2"] == "text"
    assert kinds["tie_sure"] == "boolean"
    sure = next(row["id"] for row in tables.rows("questions") if row["code"] == "tie_sure")
    assert sorted(row["text"] for row in tables.rows("answers") if row["question_id"] == sure) == ["no", "no", "yes"]
    for word in ("hyperedges", "Ports", "inside a node"):
        assert any(word in loss for loss in reading.losses), word


def test_words_that_yed_draws_are_names_and_gephis_colours_are_not_kept(tmp_path: Path) -> None:
    yed = (
        f'{HEAD}<key for="node" id="d6" yfiles.type="nodegraphics"/><graph edgedefault="directed"><node id="n0"><data key="d6">'
        '<y:ShapeNode xmlns:y="http://www.yworks.com/xml/graphml"><y:Fill color="#FFCC00"/><y:NodeLabel>Anna</y:NodeLabel></y:ShapeNode>'
        '</data></node><node id="n1"/><edge source="n0" target="n1"/></graph></graphml>'
    )
    (tmp_path / "yed.graphml").write_text(yed)
    reading = read([tmp_path / "yed.graphml"])
    assert [row["name"] for row in reading.tables.rows("identities")] == ["Anna"]
    assert any("picture" in loss for loss in reading.losses)
    graph = nx.Graph()
    graph.add_node("a", r=1, g=2, b=3, x=0.5, size=3.0, mood="calm")
    nx.write_graphml(graph, tmp_path / "gephi.graphml")
    reading = read([tmp_path / "gephi.graphml"])
    assert [row["code"] for row in reading.tables.rows("questions")] == ["tie_mood"]
    assert any("picture" in loss for loss in reading.losses)


def test_gephis_own_tables_are_a_map_with_its_isolates(tmp_path: Path) -> None:
    nodes = "Id,Label,timeset,mood\n1,Ann,,calm\n2,Bo,<[2020]>,calm\n3,Cy,,\n"
    edges = "Source,Target,Type,Id,Label,timeset,Weight\n1,2,Undirected,0,friends,,1.0\n"
    (tmp_path / "P7 [Nodes].csv").write_text(nodes)
    (tmp_path / "P7 [Edges].csv").write_text(edges)
    reading = read([tmp_path])
    assert reading.format == "gephi"
    assert reading.tables.rows("participants")[0]["pseudonym"] == "P7"
    assert densities(reading.tables) == [(3, 1 / 3)]
    assert reading.tables.rows("alter_ties")[0]["relation_label"] == "friends"
    assert any("Timeset" in loss for loss in reading.losses)
    (tmp_path / "P7 [Nodes].csv").unlink()
    assert densities(read([tmp_path]).tables) == [(2, 1.0)]


def test_a_graph_through_time_is_a_map_a_moment_with_the_same_alters(tmp_path: Path) -> None:
    graph = nx.Graph()
    for node, start in enumerate(("2020-01-01", "2020-01-01", "2020-01-01", "2021-06-01")):
        graph.add_node(node, start=start)
    graph.add_edge(0, 1, start="2020-01-01", end="2020-12-01")
    graph.add_edge(0, 3)
    nx.write_gexf(graph, tmp_path / "case.gexf")
    reading = read([tmp_path / "case.gexf"])
    assert reading.format == "gexf"
    assert densities(reading.tables) == [(3, 1 / 3), (4, 1 / 6)]
    assert len(reading.tables.rows("alters")) == 4
    assert "times_counted" in codes(reading)


def test_the_zip_of_an_export_is_read_whole(tmp_path: Path) -> None:
    import zipfile

    from kithwork.formats.demo import demo_tables

    tables = demo_tables(participants=2, waves=2, ties=4)
    for name in ("graphml", "gexf", "gephi"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            for file, data in write(tables, name).files.items():
                archive.writestr(file, data)
            archive.writestr("left-out.txt", "Something is left out.\n")
        reading = read([tmp_path / f"{name}.zip"])
        assert reading.format == name
        assert maps_of(reading.tables)["maps"] == maps_of(tables)["maps"]
        assert maps_of(reading.tables)["alter_ties"] == maps_of(tables)["alter_ties"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.graphml", f"{HEAD}<graph><node id='a'>", "not whole XML"),
        ("a.graphml", f"{HEAD}</graphml>", "no graph"),
        ("a.graphml", f"{HEAD}<graph><node id='a'><node id='b'/></node></graph></graphml>", "where none belongs"),
        ("a.graphml", f"<!DOCTYPE g [<!ENTITY a 'b'>]>{HEAD}<graph/></graphml>", "document type"),
        ("a.graphml", HEAD + "<graph>" + "<desc>" * 70, "nested deeper"),
        ("a.gexf", "<gexf><graph><nodes><node id='a'></graph></gexf>", "not whole XML"),
        ("a.gexf", "<!DOCTYPE g [<!ENTITY a 'b'>]><gexf><graph/></gexf>", "document type"),
        ("a.graphml", HEAD + "<graph>" + "".join(f"<node id='{at}'/>" for at in range(20_001)) + "</graph></graphml>", "a map holds"),
    ],
)
def test_a_graph_file_that_cannot_be_read_is_one_sentence(name: str, text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(FormatError, match=words) as told:
        read([tmp_path / name])
    assert "\n" not in str(told.value)


def test_numbers_of_any_spelling_stay_numbers_and_those_without_end_are_told(tmp_path: Path) -> None:
    values = ("1e-05", "NaN", "INF", "1e400", "7")
    nodes = "".join(f'<node id="v{at}x"><data key="k">{value}</data></node>' for at, value in enumerate(values))
    key = '<key id="k" for="node" attr.name="dose" attr.type="double"/>'
    (tmp_path / "a.graphml").write_text(f"{HEAD}{key}<graph>{nodes}</graph></graphml>")
    reading = read([tmp_path / "a.graphml"])
    assert sorted(row["number"] for row in reading.tables.rows("answers")) == [1e-05, 7]
    assert any("not finite" in loss for loss in reading.losses)


def test_hostile_words_come_back_exactly(tmp_path: Path) -> None:
    with TemporaryDirectory() as folder:
        graph = nx.Graph()
        graph.add_node("a", note="=1+1", other="'=1+1", third="@x\ty")
        graph.add_node("b", note="-5 o'clock")
        nx.write_graphml(graph, Path(folder) / "a.graphml")
        tables = read([Path(folder) / "a.graphml"]).tables
    assert sorted(row["text"] for row in tables.rows("answers")) == ["'=1+1", "-5 o'clock", "=1+1", "@x\ty"]
    text = write(tables, "gephi", with_personal_text=True).files["nodes.csv"].decode()
    cells = {cell for row in csv.reader(io.StringIO(text)) for cell in row}
    assert {"'=1+1", "''=1+1", "'-5 o'clock", "'@x\ty"} <= cells
