"""easyNWK maps, both ways."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from formats.studies import any_study
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithwork.actions.imports import import_reading, preview
from kithwork.formats import Options, Reading, easynwk, read
from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables
from kithwork.store import create_study

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data" / "easynwk"
ANN = {"id": 1, "name": "Ann", "role": "Mutter", "human": True, "angle": 0, "distance": 20, "edgeType": 1, "supportEmotional": 1}
REX = {"id": 2, "name": "Rex", "role": "Hund", "human": False, "angle": 90, "distance": 50, "supportPractical": 3, "note": "barks"}
DEE = {"id": 3, "name": "Dee", "role": "Oma", "human": True, "angle": -135, "distance": 103, "deceased": True, "conflict": True}


def nwk(*alteri: dict[str, Any], connections: tuple[tuple[int, int], ...] = ()) -> dict[str, Any]:
    return {"ego": {"name": "Rosa", "age": "45"}, "alteri": list(alteri), "connections": [{"id1": a, "id2": b} for a, b in connections]}


def whole(*versions: dict[str, Any]) -> dict[str, Any]:
    return {"versions": [{"id": n, "title": f"T{n}", "date": f"2024-0{n}-01", "nwk": each} for n, each in enumerate(versions, 1)]}


def reading(tmp_path: Path, content: Any, **options: Any) -> Reading:
    path = tmp_path / "map.json"
    path.write_bytes(content if isinstance(content, bytes) else b"\xef\xbb\xbf" + json.dumps(content).encode())
    return read([path], options=Options(**options))


def codes(found: Reading) -> list[str]:
    return [problem.code for problem in found.problems]


def test_versions_are_waves_and_an_id_is_the_same_alter_in_each(tmp_path: Path) -> None:
    tables = reading(tmp_path, whole(nwk(ANN, REX, connections=((1, 2),)), nwk(ANN, DEE))).tables
    assert tables.problems() == []
    assert tables["waves"]["position"].to_list() == [1, 2]
    assert tables["interviews"]["held_on"].to_list() == ["2024-01-01", "2024-02-01"]
    assert (tables.counts()["alters"], tables.counts()["ties"], tables.counts()["alter_ties"]) == (3, 4, 1)
    assert sorted(tables["identities"]["name"]) == ["Ann", "Dee", "Rex", "Rosa"]
    assert not any("Rosa" in str(frame.to_dicts()) for name, frame in tables.frames.items() if name != "identities")


def test_horizons_are_circles_and_angles_turn_from_theirs_to_ours(tmp_path: Path) -> None:
    tables = reading(tmp_path, whole(nwk(ANN, REX, DEE))).tables
    assert tables["ties"].select("circle", "angle", "distance").rows() == [(1, 90.0, 0.2), (2, 0.0, 0.5), (None, 225.0, 1.0)]


def test_kinds_roles_support_and_answers_are_kept(tmp_path: Path) -> None:
    tables = reading(tmp_path, whole(nwk(ANN, REX, DEE))).tables
    assert tables["alters"].select("kind", "role").rows() == [("person", "nwk_mutter"), ("animal", "nwk_hund"), ("person", "nwk_oma")]
    assert sorted(tables["supports"].select("support_type", "direction").rows()) == [("nwk_emotional", "to_me"), ("nwk_practical", "both")]
    question = {row["id"]: row["code"] for row in tables.rows("questions")}
    given_ = {(question[row["question_id"]], row.get("text", row.get("number"))) for row in tables.rows("answers")}
    assert {("nwk_edge", "1"), ("nwk_deceased", "yes"), ("nwk_conflict", "yes"), ("nwk_note", "barks"), ("nwk_distance", 103.0)} <= given_


def test_a_bare_map_of_an_early_version_with_fields_missing_is_read(tmp_path: Path) -> None:
    found = reading(tmp_path, {"ego": {}, "alteri": [{"id": 1, "name": "X", "angle": 1, "distance": 1}], "connections": []})
    assert found.format == "easynwk"
    assert found.tables.counts()["ties"] == 1


def test_the_same_id_with_another_name_is_kept_apart(tmp_path: Path) -> None:
    found = reading(tmp_path, whole(nwk(ANN), nwk({**ANN, "name": "Zoe"})))
    assert found.tables.counts()["alters"] == 2
    assert "same_id_other_name" in codes(found)


def test_flaws_are_lines(tmp_path: Path) -> None:
    found = reading(tmp_path, whole(nwk(ANN, ANN, {"name": "no id"}, REX, connections=((1, 2), (2, 1), (1, 1), (1, 9)))))
    assert {"repeated_alter", "no_id", "repeated_pair", "loop", "dangling_alter_tie"} <= set(codes(found))
    assert found.tables.counts()["alter_ties"] == 1


def test_a_file_imported_again_adds_nothing_and_a_new_version_only_itself(tmp_path: Path) -> None:
    with create_study(tmp_path / "s.kith") as study:
        import_reading(study, reading(tmp_path, whole(nwk(ANN, REX))))
        assert preview(study, reading(tmp_path, whole(nwk(ANN, REX))))["adds"] == {}
        adds = preview(study, reading(tmp_path, whole(nwk(ANN, REX), nwk(ANN, DEE))))["adds"]
        assert (adds["maps"], adds["alters"], adds["ties"], adds["roles"]) == (1, 1, 2, 1)
        import_reading(study, reading(tmp_path, whole(nwk(ANN, REX), nwk(ANN, DEE))))
        assert study.verify().is_sound
        assert study.tables().problems() == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"alteri": [', "not whole JSON"),
        (b'{"alteri": NaN}', "not whole JSON"),
        (b'{"nwk": 3}', "holds no map"),
        (b'["alteri"]', "no map"),
        (b'{"alteri":' + b"[" * 200 + b"]" * 200 + b"}", "no map"),
        (b'{"alteri":' + b"[" * 500_000, "not whole JSON"),
        (b'E;"alteri";1', "before its web version"),
    ],
)
def test_broken_files_are_told_in_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(FormatError, match=words):
        read([tmp_path / "x.json"], format="easynwk")


ALTERI = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(1, 99),
            "name": st.sampled_from(["a", "b", "c"]),
            "role": st.sampled_from(["Freund*in", "Tante", ""]),
            "human": st.booleans(),
            "angle": st.floats(-180, 180, exclude_min=True),
            "distance": st.floats(0, 130),
            "edgeType": st.integers(0, 2),
            "deceased": st.booleans(),
            "conflict": st.booleans(),
            "supportEmotional": st.integers(0, 3),
            "supportLinking": st.integers(0, 3),
        },
        optional={"note": st.text("xyz", max_size=4), "age": st.text("123", max_size=2), "edgeTypeByUser": st.integers(-1, 2)},
    ),
    max_size=6,
    unique_by=lambda alter: alter["id"],
)


def through(tables: StudyTables) -> list[dict[str, Any]]:
    files = easynwk.write(tables, with_personal_text=True).files
    return [json.loads(data.decode("utf-8-sig")) for _, data in sorted(files.items())]


def taken(content: Any) -> StudyTables:
    return easynwk.read([Source("x.json", json.dumps(content).encode())], Notes())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ALTERI, min_size=1, max_size=3))
def test_a_map_read_and_written_is_the_same_map(maps: list[list[dict[str, Any]]]) -> None:
    for alter in itertools.chain(*maps):
        alter["human"] = alter["id"] % 3 != 0  # an alter is one thing in all versions: one that changes is told as a loss
    theirs = whole(*(nwk(*alteri) for alteri in maps))
    mine = through(taken(theirs))[0]
    for before, after in zip(theirs["versions"], mine["versions"], strict=True):
        assert (after["title"], after["date"]) == (before["title"], before["date"])
        for one, other in zip(before["nwk"]["alteri"], after["nwk"]["alteri"], strict=True):
            turn = abs(one["angle"] - other["angle"])
            assert min(turn, 360 - turn) < 1e-9
            assert other["distance"] == pytest.approx(one["distance"], abs=1e-9)
            for field in set(one) - {"id", "name", "angle", "distance", "note", "age", "role"}:
                assert other.get(field, 0) == one[field], field
            assert other["note"] == one.get("note", "")
            assert other["age"] == one.get("age", "")
            first = next(each for each in maps for each in each if (each["id"], each["name"]) == (one["id"], one["name"]))
            assert other["role"] == first["role"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_study())
def test_any_study_written_and_read_again_has_the_same_maps(tables: StudyTables) -> None:
    count = 0
    for content in through(tables):
        again = taken(content)
        assert again.problems() == []
        count += again.counts().get("ties", 0)
    assert count == tables.counts().get("ties", 0)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
def test_the_sample_map_is_read_and_written_without_loss_of_geometry() -> None:
    path = SHARED / "Rosa_Braunsteigl-Mueller.json"
    theirs = json.loads(path.read_text(encoding="utf-8-sig"))["versions"][0]["nwk"]
    mine = through(read([path]).tables)[0]["versions"][0]["nwk"]
    assert len(mine["connections"]) == len(theirs["connections"]) == 5
    for before, after in zip(theirs["alteri"], mine["alteri"], strict=True):
        assert after["angle"] == pytest.approx(before["angle"], abs=1e-9)
        assert after["distance"] == pytest.approx(before["distance"], abs=1e-9)
        assert (after["role"], after["human"], after["edgeType"]) == (before["role"], before["human"], before["edgeType"])


def test_alters_joined_twice_are_written_once_and_told() -> None:
    tables = taken(whole(nwk(ANN, DEE, connections=((1, 3),))))
    row = tables.rows("alter_ties")[0]
    rows = {name: tables.rows(name) for name in tables.frames}
    back = {"id": tables.rows("ties")[0]["id"], "from_tie_id": row["to_tie_id"], "to_tie_id": row["from_tie_id"], "relation": "conflict"}
    rows["alter_ties"] = [row, {**row, **back}]
    writing = easynwk.write(StudyTables.from_rows(rows))
    assert len(json.loads(next(iter(writing.files.values())).decode("utf-8-sig"))["versions"][0]["nwk"]["connections"]) == 1
    assert any("join two alters again" in sentence for sentence in writing.losses)
