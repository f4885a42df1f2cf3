"""Reading Network Canvas GraphML: the same study as its CSV."""

from pathlib import Path

import polars as pl
import pytest
from formats.compare import written_out
from formats.foreign import session

from kithwork.formats import Reading, read
from kithwork.model.errors import FormatError

CANVAS = Path(__file__).parents[2] / ".." / "shared" / "data" / "networkcanvas_working_with_data"
shared = pytest.mark.skipif(not CANVAS.is_dir(), reason="the shared data are not here")
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
    'xmlns:nc="http://schema.networkcanvas.com/xmlns">'
    '<key id="networkCanvasType" attr.name="networkCanvasType" attr.type="string" for="all"/>'
    '<key id="networkCanvasUUID" attr.name="networkCanvasUUID" attr.type="string" for="all"/>'
)
KEYS = (
    '<key id="v1" attr.name="name" attr.type="string" for="node"/><key id="v2" attr.name="age" attr.type="int" for="node"/>'
    '<key id="v3_X" attr.name="map_X" for="node"/><key id="v3_Y" attr.name="map_Y" for="node"/>'
)


def graph(case: str, inner: str, key: str = "k") -> str:
    own = f'nc:caseId="{case}" nc:sessionUUID="session-{key}" nc:sessionStartTime="2026-01-01T09:00:00.000Z"'
    finish = 'nc:sessionFinishTime="2026-01-01T09:30:00.000Z"'
    return f'<graph edgedefault="undirected" {own} {finish}><data key="networkCanvasUUID">ego-{key}</data>{inner}</graph>'


def node(number: int, key: str = "k", kind: str = "Person", **data: object) -> str:
    values = "".join(f'<data key="{name}">{value}</data>' for name, value in data.items())
    own = f'<data key="networkCanvasUUID">{key}-n{number}</data><data key="networkCanvasType">{kind}</data>'
    return f'<node id="{number}">{own}{values}</node>'


def edge(source: int, target: int, kind: str = "Close", more: str = "") -> str:
    return f'<edge id="1" source="{source}" target="{target}"><data key="networkCanvasType">{kind}</data>{more}</edge>'


def reading(tmp_path: Path, inner: str, keys: str = KEYS, name: str = "export.graphml") -> Reading:
    path = tmp_path / name
    path.write_text(f"{HEAD}{keys}{inner}</graphml>", encoding="utf-8")
    return read([path])


def test_graphml_of_a_session_is_the_same_study_as_its_csv(tmp_path: Path) -> None:
    session(
        tmp_path / "csv", "case 1", {"Person": ["name,age,map_x,map_y", "1,Ann,30,0.5,0.4", "2,Bo,40,0.9,0.5"]}, {"Close": ["1,2"]}, key="k"
    )
    nodes = node(1, v1="Ann", v2=30, v3_X=0.5, v3_Y=0.4) + node(2, v1="Bo", v2=40, v3_X=0.9, v3_Y=0.5)
    mine = reading(tmp_path, graph("case 1", nodes + edge(1, 2)))
    assert written_out(mine.tables) == written_out(read([tmp_path / "csv"]).tables)


def test_several_graphs_in_one_file_are_several_sessions(tmp_path: Path) -> None:
    both = graph("a", node(1, "a", v1="Ann"), "a") + graph("b", node(1, "b", v1="Bo") + node(2, "b", v1="Cy") + edge(1, 2), "b")
    tables = reading(tmp_path, both).tables
    assert sorted(tables["participants"]["pseudonym"]) == ["a", "b"]
    assert tables.counts()["ties"] == 3
    assert tables.counts()["alter_ties"] == 1


def test_two_attributes_of_one_name_are_both_kept(tmp_path: Path) -> None:
    option = f"v9_{'a' * 40}"
    keys = f'{KEYS}<key id="v8" attr.name="help_emo" for="node"/><key id="{option}" attr.name="help_emo" for="node"/>'
    tables = reading(tmp_path, graph("c", node(1, v1="Ann", v8="words", **{option: "true"})), keys).tables
    assert sorted(tables["answers"]["text"].drop_nulls()) == ["words", "yes"]
    wording = {row["id"]: row["wording"] for row in tables.rows("questions")}
    assert {wording[row["question_id"]]: row["text"] for row in tables.rows("answers")} == {"help_emo": "yes", "help_emo_2": "words"}


def test_edge_types_that_share_a_variable_name_stay_apart(tmp_path: Path) -> None:
    keys = f'{KEYS}<key id="s1" attr.name="strength" for="edge"/><key id="s2" attr.name="strength" for="edge"/>'
    inner = node(1) + node(2) + edge(1, 2, "knows", '<data key="s1">3</data>') + edge(1, 2, "visits", '<data key="s2">0</data>')
    tables = reading(tmp_path, graph("c", inner), keys).tables
    assert sorted(tables["questions"].filter(pl.col("subject") == "alter_tie")["code"]) == ["knows_strength", "visits_strength"]
    assert sorted(tables["answers"]["number"]) == [0.0, 3.0]


def test_keys_declared_twice_alike_are_read_and_unlike_are_told(tmp_path: Path) -> None:
    twice = '<key id="networkCanvasType" attr.name="networkCanvasType" attr.type="string" for="all"/>'
    assert "repeated_key" not in [p.code for p in reading(tmp_path, graph("c", node(1)), KEYS + twice).problems]
    unlike = KEYS + '<key id="v1" attr.name="other" for="node"/>'
    assert "repeated_key" in [p.code for p in reading(tmp_path, graph("c", node(1, v1="Ann")), unlike).problems]


def test_a_leading_apostrophe_is_kept_since_graphml_has_no_formula_prefix(tmp_path: Path) -> None:
    assert reading(tmp_path, graph("c", node(1, v1="'=x"))).tables["identities"]["name"].to_list() == ["'=x"]


def test_a_session_that_is_also_in_csv_is_read_once(tmp_path: Path) -> None:
    session(tmp_path, "case 1", {"Person": ["name", "1,Ann"]}, {}, key="k")
    (tmp_path / "s.graphml").write_text(f"{HEAD}{KEYS}{graph('case 1', node(1, v1='Ann'))}</graphml>")
    both = read([tmp_path])
    assert both.tables.counts()["ties"] == 1
    assert "session_twice" in [problem.code for problem in both.problems]


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<graph><graph/></graph>", "inside another"),
        ("<node id='1'/>", "where none belongs"),
        ("<graph><node id='1'><node id='2'/></node></graph>", "where none belongs"),
        ("<graph>", "not whole XML"),
        ("<a>" * 200 + "</a>" * 200, "deeper than"),
        ("&unknown;", "not whole XML"),
        ("<nc2:x/>", "not whole XML"),
    ],
)
def test_broken_graphml_is_told_in_one_sentence(tmp_path: Path, inner: str, words: str) -> None:
    with pytest.raises(FormatError, match=words) as told:
        reading(tmp_path, inner)
    assert "\n" not in str(told.value)


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12))


@pytest.mark.parametrize(
    "dtd",
    [
        "<!DOCTYPE graphml>",
        '<!DOCTYPE graphml SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE g [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
        f"<!DOCTYPE g [{LAUGHS}]>",
    ],
)
def test_a_document_type_or_an_entity_is_refused(tmp_path: Path, dtd: str) -> None:
    path = tmp_path / "x.graphml"
    path.write_text(HEAD.replace("?><", f"?>{dtd}<", 1) + "<graph><data key='x'>&x;&a11;</data></graph></graphml>")
    with pytest.raises(FormatError, match="may do harm"):
        read([path], format="networkcanvas")


def test_two_hundred_thousand_levels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="deeper than"):
        reading(tmp_path, "<a>" * 200_000 + "</a>" * 200_000)


@shared
def test_the_tutorial_sessions_as_graphml_are_the_same_study_as_their_csv() -> None:
    """A skipped any-of question is a row without a value in CSV, and nothing in GraphML."""
    protocol = CANVAS / "IJE_RADAR_Protocol.netcanvas"
    mine, theirs = (
        written_out(read([*paths, protocol]).tables)
        for paths in (sorted((CANVAS / "peer_exporter_output").glob("case_*.graphml")), [CANVAS / "networkCanvasExport"])
    )
    assert {name: rows for name, rows in mine.items() if name != "answers"} == {n: rows for n, rows in theirs.items() if n != "answers"}
    values = ("('text'", "('number'", "('codes'")
    assert mine["answers"] == [row for row in theirs["answers"] if any(value in row for value in values)]


@shared
def test_the_merged_graphml_is_the_same_study_as_ten_files() -> None:
    output, protocol = CANVAS / "peer_exporter_output", CANVAS / "IJE_RADAR_Protocol.netcanvas"
    whole = read([output / "merged_unifyNetworks.graphml", protocol])
    assert written_out(whole.tables) == written_out(read([*sorted(output.glob("case_*.graphml")), protocol]).tables)
