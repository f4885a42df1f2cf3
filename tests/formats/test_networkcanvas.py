"""Reading Network Canvas CSV exports."""

import math
from pathlib import Path

import pytest
from formats.foreign import protocol, session, zip_of
from hypothesis import given
from hypothesis import strategies as st

from kithwork.formats import Options, Reading, read
from kithwork.formats.building import Builder
from kithwork.formats.networkcanvas.protocol import DEEPEST, Protocol
from kithwork.formats.networkcanvas.rings import Placing
from kithwork.formats.reading import Notes
from kithwork.model.errors import FormatError

PEOPLE = ["name,age,map_x,map_y", "1,Ann,30,0.5,0.4", "2,Bo,40,0.9,0.5", "3,Cy,,,"]
CIRCLES = {
    "background": {"concentricCircles": 4, "skewedTowardCenter": False},
    "prompts": [{"text": "Place them", "layout": {"layoutVariable": "map"}, "edges": {"create": "e1"}}],
}
NODE = {"name": {"type": "text"}, "age": {"type": "number"}, "map": {"type": "layout"}}


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def test_a_session_is_a_participant_an_interview_and_a_map(tmp_path: Path) -> None:
    session(tmp_path, "case 1", {"Person": PEOPLE}, {"Close": ["1,2"]})
    tables = read([tmp_path], options=Options(wave=2)).tables
    assert tables.problems() == []
    assert tables["participants"]["pseudonym"].to_list() == ["case 1"]
    assert tables["waves"]["position"].to_list() == [2]
    assert tables["interviews"].select("held_on", "minutes").row(0) == ("2026-01-01", 30.0)
    assert tables["maps"].select("state", "stage", "alter_ties_asked").row(0) == ("everyday", "finished", "yes")
    assert tables["alter_ties"].select("relation", "relation_label").row(0) == ("knows", "Close")


def test_names_go_to_identities_and_nowhere_else(tmp_path: Path) -> None:
    session(tmp_path, "c", {"Person": PEOPLE}, {})
    tables = read([tmp_path]).tables
    assert tables["identities"]["name"].to_list() == ["Ann", "Bo", "Cy"]
    assert tables["alters"]["pseudonym"].to_list() == ["Person 1", "Person 2", "Person 3"]
    assert not any("Ann" in str(frame.to_dicts()) for name, frame in tables.frames.items() if name != "identities")


def test_ids_are_read_from_the_ego_file_and_never_from_names(tmp_path: Path) -> None:
    session(tmp_path, "P 1/ä", {"Person": PEOPLE}, {}, key="k")
    for number, path in enumerate(sorted(tmp_path.glob("*_ego.csv"))):
        path.rename(tmp_path / f"{number}.csv")
    assert read([tmp_path]).tables["participants"]["pseudonym"].to_list() == ["P 1/ä"]


def test_columns_that_differ_between_sessions_are_joined_by_name(tmp_path: Path) -> None:
    session(tmp_path, "a", {"Person": ["name,age", "1,Ann,30"]}, {})
    session(tmp_path, "b", {"Person": ["name,since,age,null", "1,Bo,2020-05,40,"]}, {})
    tables = read([tmp_path]).tables
    assert sorted(tables["questions"]["wording"]) == ["age", "since"]
    assert sorted(tables["answers"]["number"].drop_nulls()) == [30.0, 40.0]


def test_an_export_merged_into_one_file_is_read_alike(tmp_path: Path) -> None:
    for case in ("a", "b"):
        session(tmp_path / "apart", case, {"Person": PEOPLE}, {"Close": ["1,2"]})
    (tmp_path / "merged").mkdir()
    for name in ("ego", "attributeList_Person", "edgeList_Close"):
        first, second = (path.read_text() for path in sorted((tmp_path / "apart").glob(f"*_{name}.csv")))
        (tmp_path / "merged" / f"study_{name}.csv").write_text(first + second.split("\n", 1)[1])
    assert read([tmp_path / "merged"]).tables.counts() == read([tmp_path / "apart"]).tables.counts()


def test_formula_prefix_is_taken_off(tmp_path: Path) -> None:
    session(tmp_path, "c", {"Person": ["name,word", "1,'=cmd|A1,'@home"]}, {}, ego=("note", "'=1+1"))
    tables = read([tmp_path]).tables
    assert tables["identities"]["name"].to_list() == ["=cmd|A1"]
    assert sorted(tables["answers"]["text"]) == ["=1+1", "@home"]


def test_an_empty_session_is_an_empty_map_and_an_unfinished_one_is_told(tmp_path: Path) -> None:
    session(tmp_path, "a", {"Person": PEOPLE}, {"Close": ["1,2"]})
    session(tmp_path, "b", {}, {}, finish="")
    reading = read([tmp_path])
    assert reading.tables.counts()["maps"] == 2
    assert set(reading.tables["maps"]["stage"]) == {"finished", "recall"}
    assert "unfinished_session" in codes(reading)
    assert read([tmp_path], options=Options(choices={"unfinished_session": "drop"})).tables.counts()["maps"] == 1


def test_any_of_columns_are_folded_back_by_the_protocol(tmp_path: Path) -> None:
    lines = ["name,help_emo,help_mon", "1,Ann,true,true", "2,Bo,false,false", "3,Cy,,"]
    session(tmp_path, "c", {"Person": lines}, {})
    options = [{"label": "Emotional", "value": "emo"}, {"label": "Money", "value": "mon"}]
    protocol(tmp_path / "p.netcanvas", {"help": {"type": "categorical", "options": options}})
    reading = read([tmp_path])
    answers = reading.tables.rows("answers")
    assert [answer.get("codes") for answer in answers] == [["emo", "mon"], None]  # skipped: a row without a value; not reached: no row
    assert reading.tables["questions"]["options"].to_list() == [[["emo", "Emotional"], ["mon", "Money"]]]
    assert "all_false" in codes(reading)


def test_a_text_that_wrote_over_an_option_is_told(tmp_path: Path) -> None:
    session(tmp_path, "c", {"Person": ["name,help_emo,help_mon", "1,Ann,clash,true"]}, {})
    node = {"help": {"type": "categorical", "options": ["emo", "mon"]}, "help_emo": {"type": "text"}}
    protocol(tmp_path / "p.netcanvas", node)
    reading = read([tmp_path])
    assert "column_clash" in codes(reading)
    assert reading.tables["answers"]["text"].drop_nulls().to_list() == ["clash"]


def test_without_protocol_positions_are_kept_and_no_circle_is_made_up(tmp_path: Path) -> None:
    session(tmp_path, "c", {"Person": PEOPLE}, {})
    tables = read([tmp_path]).tables
    assert tables["ties"]["circle"].null_count() == 3
    assert tables["ties"]["angle"].to_list() == [0.0, 90.0, None]
    assert tables["ties"]["distance"].to_list() == [pytest.approx(0.2), 1.0, None]


def test_rings_are_derived_for_the_aspect_given_and_said_to_be(tmp_path: Path) -> None:
    session(tmp_path, "c", {"Person": PEOPLE}, {})
    protocol(tmp_path / "p.netcanvas", NODE, [CIRCLES])
    wide = read([tmp_path])
    square = read([tmp_path], options=Options(aspect=(1, 1)))
    assert wide.tables["ties"]["circle"].to_list() == [1, None, None]  # 0.9 of a wide canvas lies outside the circles
    assert square.tables["ties"]["circle"].to_list() == [1, 4, None]
    assert wide.tables["circles"]["basis"].str.contains("Derived on import").all()
    assert "circles_derived" in codes(wide)


@given(st.integers(1, 12), st.booleans(), st.floats(0, 1), st.floats(0, 1), st.floats(0.2, 5))
def test_a_ring_lies_between_its_two_radii(count: int, is_skewed: bool, x: float, y: float, ratio: float) -> None:
    """The oracle repeats the peer's drawing: a square of 100 with radii in it."""
    builder = Builder(Notes(Options(aspect=(ratio, 1))))
    placing = Placing("map", Protocol(circles=count, is_skewed=is_skewed), builder, builder.notes.counts)
    found = placing.of({"map_x": repr(x), "map_y": repr(y)}.__getitem__)
    side = min(ratio, 1)
    radius = math.hypot((x - 0.5) * ratio, y - 0.5) / side * 100
    even = [50 * k / count for k in range(count + 1)]
    equal_area = [50 * math.sqrt(k / count) for k in range(count + 1)]
    radii = [(3 * a + r) / 4 for a, r in zip(equal_area, even, strict=True)] if is_skewed else even
    if found["circle"] is None:
        assert radius > radii[-1] - 1e-6
    else:
        assert radii[found["circle"] - 1] - 1e-6 <= radius <= radii[found["circle"]] + 1e-6


def test_node_types_become_kinds_and_can_be_told(tmp_path: Path) -> None:
    session(tmp_path, "c", {"Person": ["name", "1,Ann"], "Venue": ["name", "2,Bar"], "Widget": ["name", "3,X"]}, {})
    reading = read([tmp_path])
    assert sorted(reading.tables["alters"]["kind"]) == ["person", "person", "place"]
    assert "kind_unknown" in codes(reading)
    told = read([tmp_path], options=Options(kinds={"widget": "object"}))
    assert sorted(told.tables["alters"]["kind"]) == ["object", "person", "place"]


def test_edge_types_are_relations_and_can_be_chosen(tmp_path: Path) -> None:
    session(tmp_path, "c", {"Person": PEOPLE}, {"Close": ["1,2", "2,3"], "DrugTie": ["1,3"]})
    tables = read([tmp_path]).tables
    assert sorted(zip(tables["alter_ties"]["relation"], tables["alter_ties"]["relation_label"], strict=True)) == [
        ("knows", "Close"),
        ("knows", "Close"),
        ("other", "DrugTie"),
    ]
    chosen = read([tmp_path], options=Options(relations={"DrugTie": "done_with"}))
    assert chosen.tables["alter_ties"]["relation"].to_list() == ["done_with"]
    assert any("Close" in loss for loss in chosen.losses)


def test_each_flaw_of_an_edge_is_one_line(tmp_path: Path) -> None:
    session(tmp_path, "c", {"Person": PEOPLE}, {"Close": ["1,2", "2,1", "1,9", "3,3"]})
    reading = read([tmp_path])
    assert codes(reading)[2:] == ["repeated_pair", "dangling_alter_tie", "loop"]
    assert reading.tables.counts()["alter_ties"] == 1


def test_sessions_with_the_same_case_id_stay_apart(tmp_path: Path) -> None:
    session(tmp_path, "P1", {"Person": PEOPLE}, {}, key="x")
    session(tmp_path, "P1", {"Person": PEOPLE}, {}, key="y", start="2026-02-01T09:00:00.000Z", finish="")
    reading = read([tmp_path])
    assert reading.tables["participants"]["pseudonym"].to_list() == ["P1", "P1 (2)"]
    assert "repeated_case" in codes(reading)


def test_encrypted_cells_are_left_out_and_counted(tmp_path: Path) -> None:
    session(tmp_path, "c", {"Person": ["name,secret", "1,ENCRYPTED,ENCRYPTED"]}, {})
    reading = read([tmp_path])
    assert reading.tables.counts().get("answers") is None
    assert reading.tables.counts().get("identities") is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zip_of({"other.json": "{}"}), "no protocol.json"),
        (zip_of({"protocol.json": "{"}), "not whole JSON"),
        (zip_of({"protocol.json": '{"codebook":' * 5000}), "not whole JSON"),
        (zip_of({"protocol.json": "[" * 500_000 + "]" * 500_000}), "JSON|times its size"),
        (zip_of({"protocol.json": '{"codebook": {}, "stages": [' + "[" * 200 + "]" * 200 + "]}"}), f"deeper than {DEEPEST}"),
        (zip_of({"protocol.json": "[]"}), "no codebook"),
        (zip_of({"protocol.json": b"\xff\xfe\xfa"}), "not whole JSON"),
        (b"PK nothing", "is damaged"),
    ],
)
def test_a_broken_protocol_is_told_in_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    session(tmp_path, "c", {"Person": PEOPLE}, {})
    (tmp_path / "p.netcanvas").write_bytes(content)
    with pytest.raises(FormatError, match=words):
        read([tmp_path])


def test_a_protocol_of_strange_types_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    session(tmp_path, "c", {"Person": PEOPLE}, {})
    strange = (
        '{"codebook": {"node": {"a": 1, "b": {"name": ["x"], "variables": [1]}}, "edge": 7, "ego": null}, "stages": [3, {"prompts": 4}]}'
    )
    (tmp_path / "p.netcanvas").write_bytes(zip_of({"protocol.json": strange}))
    assert read([tmp_path]).tables.counts()["ties"] == 3


def test_node_files_without_an_ego_file_are_told(tmp_path: Path) -> None:
    session(tmp_path, "c", {"Person": PEOPLE}, {})
    next(tmp_path.glob("*_ego.csv")).unlink()
    with pytest.raises(FormatError, match="No file lists the sessions"):
        read([tmp_path], format="networkcanvas")


def test_a_list_of_nodes_alone_is_told_to_need_its_ego_file(tmp_path: Path) -> None:
    session(tmp_path / "one", "P1", {"Person": ["name", "1,Ann"]}, {})
    with pytest.raises(FormatError, match="No file lists the sessions"):
        read([next((tmp_path / "one").glob("*_attributeList_Person.csv"))])


def test_later_sessions_of_a_case_may_be_its_next_waves(tmp_path: Path) -> None:
    for at, name in ((1, "one"), (2, "two"), (3, "three")):
        lines = ["name,mood", "1,Ann,3"] if at > 1 else ["name", "1,Ann"]
        session(tmp_path / "all", "P1", {"Person": lines}, {}, key=name, start=f"2026-0{at}-01T09:00:00Z")
    assert read([tmp_path / "all"]).tables.counts()["participants"] == 3
    tables = read([tmp_path / "all"], options=Options(choices={"repeated_case": "waves"})).tables
    assert tables.counts()["participants"] == 1
    waves = {row["id"]: row["position"] for row in tables.rows("waves")}
    held = {waves[row["wave_id"]]: row["held_on"] for row in tables.rows("interviews")}
    assert held == {1: "2026-01-01", 2: "2026-02-01", 3: "2026-03-01"}
    assert sorted(waves[row["wave_id"]] for row in tables.rows("asked")) == [2, 3]
    assert tables.problems() == []
