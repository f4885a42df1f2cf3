"""EgoNet's raw file and VennMaker's set, one way."""

from pathlib import Path

import pytest

from kithwork.formats import Reading, read
from kithwork.model.errors import FormatError

EGONET = """EgoID,EgoName,AlterID,AlterName,mood,close
1,Rosa,0,Ann,3,1
1,Rosa,1,Bo,3,2
1,Rosa,2,Cy,3,2
2,Max,0,Dee,4,5

EgoID,EgoName,AlterID1,AlterName1,AlterID2,AlterName2,know
1,Rosa,0,Ann,1,Bo,1
1,Rosa,0,Ann,2,Cy,0
1,Rosa,1,Bo,9,X,1
"""
ALTER = "id_Alter;id_Ego;x_first;y_first;age_first;Indegree_first;x_second;y_second;age_second\n"
VENN = {
    "EGO_1.csv": "id_Ego;x_first;y_first\nE1;0;0\n",
    "ALTER_1.csv": ALTER + "A;E1;10;20;3;1;11;21;4\nB;E1;5;5;2;1;;;\nC;E1;7;7;1;0;8;8;1\n",
    "ADJACENCY_E1_first.csv": "id;A;B;C\nA;0;1;0\nB;1;0;0\nC;0;0;0\n",
    "ADJACENCY_E1_second.csv": "id;A;C\nA;0;2\nC;2;0\n",
    "COMPUTE_1.csv": "a;b\n1;2\n",
}


def reading(tmp_path: Path, files: dict[str, str]) -> Reading:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return read([tmp_path / name for name in files])


def test_both_tables_of_egonets_file_are_read(tmp_path: Path) -> None:
    found = reading(tmp_path, {"raw.csv": EGONET})
    tables = found.tables
    assert found.format == "egonet"
    assert tables.problems() == []
    assert (tables.counts()["participants"], tables.counts()["alters"]) == (2, 4)
    assert tables["alter_ties"]["weight"].to_list() == [1.0, 0.0]
    assert sorted(tables["identities"]["name"]) == ["Ann", "Bo", "Cy", "Dee"]
    assert {row["code"]: row["subject"] for row in tables.rows("questions")} == {"interview_mood": "interview", "tie_close": "tie"}
    assert {"dangling_alter_tie", "zero_weight", "tie_rule"} <= {problem.code for problem in found.problems}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (EGONET.replace("AlterID1", "Other"), "second table"),
        (EGONET + "\n" + EGONET, "where EgoNet writes two"),
        (EGONET.replace("EgoName,AlterID,", "X,Y,"), "does not begin with"),
    ],
)
def test_a_file_unlike_egonets_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "raw.csv").write_text(text)
    with pytest.raises(FormatError, match=words):
        read([tmp_path / "raw.csv"], format="egonet")


def test_the_maps_of_vennmaker_are_waves(tmp_path: Path) -> None:
    found = reading(tmp_path, VENN)
    tables = found.tables
    assert found.format == "vennmaker"
    assert tables.problems() == []
    assert (tables.counts()["maps"], tables.counts()["alters"], tables.counts()["ties"]) == (2, 3, 5)
    assert tables["alter_ties"]["weight"].to_list() == [1.0, 2.0]
    assert not any("degree" in row["code"] for row in tables.rows("questions"))
    assert any("no circle" in loss for loss in found.losses)


def test_a_set_without_alters_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "EGO_1.csv").write_text(VENN["EGO_1.csv"])
    with pytest.raises(FormatError, match="No file lists alters"):
        read([tmp_path / "EGO_1.csv"], format="vennmaker")
