"""Reading EgoWeb's two CSV files."""

from pathlib import Path
from typing import Any

import pytest

from kithwork.formats import Options, Reading, read, write
from kithwork.formats.reading import MISSING
from kithwork.model.errors import FormatError

ALTERS = """EgoID,Interview ID,Start Time,End Time,case,mood,Density,Alter Number,Alter Name,GEN1,close,kinds,Degree
P1,57,2024-01-02 09:00:00,2024-01-02 09:40:00,P1,-2,0.5,1,Ann,1,4,1; 3,1
P1,57,2024-01-02 09:00:00,2024-01-02 09:40:00,P1,-2,0.5,2,Bo,0,-1,-3,1
P2,58,2024-01-03 09:00:00,,P2,3,0.0,0,,0,-4,-4,
"""
PAIRS = """Interview ID,EgoID,Alter 1 Number,Alter 1 Name,Alter 2 Number,Alter 2 Name,know,Alter 1 ID,Alter 2 ID
57,P1,1,Ann,2,Bo,2,901,902
"""
STUDY = """<?xml version="1.0"?><study id="1" name="S"
valueRefusal="-1" valueDontKnow="-2" valueLogicalSkip="-3" valueNotYetAnswered="-4">

<questions><question id="1" title="case" answerType="TEXTUAL" subjectType="EGO_ID"><prompt>Id</prompt></question>
<question id="2" title="GEN1" answerType="NO_RESPONSE" subjectType="NAME_GENERATOR">
<prompt>&lt;p&gt;Who is &lt;b&gt;near&lt;/b&gt;?&lt;/p&gt;</prompt></question>
<question id="3" title="kinds" answerType="MULTIPLE_SELECTION" subjectType="ALTER"><prompt>What kinds?</prompt>
<option id="1" name="Emotional &lt;b&gt;help&lt;/b&gt;" value="1"/><option id="2" name="Money" value="3"/></question>
<question id="4" title="close, or not" answerType="NUMERICAL" subjectType="ALTER">
<prompt>How close?</prompt></question></questions></study>"""
_EGO = "EgoID_{0},Interview ID_{0},Start Time_{0},End Time_{0},mood_{0}"
_TIMES = "2024-{0}-02 09:00:00,2024-{0}-02 09:40:00"
_LINE = f"P1,a_P1,57,{_TIMES.format('01')},3,b_P1,91,{_TIMES.format('07')},4"
JOINED = f"""Link ID,{_EGO.format(1)},{_EGO.format(2)},Alter Number,Alter Name,close_1,close_2,Alter ID,Base_1,Follow_2
{_LINE},1,Ann,4,5,901,1,1
{_LINE},2,Bo,3,-4,902,1,0
{_LINE},3,Cy,-4,2,903,0,1
"""
JOINED_PAIRS = """Link ID,Interview ID_1,EgoID_1,Interview ID_2,EgoID_2,Alter 1 Number,Alter 2 Number,know_1,know_2,Alter 1 ID,Alter 2 ID
P1,57,a_P1,91,b_P1,1,2,1,-4,901,902
P1,57,a_P1,91,b_P1,1,3,-4,0,901,903
"""


def reading(tmp_path: Path, files: dict[str, str], **options: Any) -> Reading:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return read([tmp_path / name for name in files], options=Options(**options))


def answers(found: Reading) -> dict[str, list[Any]]:
    codes = {row["id"]: row["code"] for row in found.tables.rows("questions")}
    given: dict[str, list[Any]] = {}
    for row in found.tables.rows("answers"):
        given.setdefault(codes[row["question_id"]], []).append(row.get("number", row.get("text", row.get("codes"))))
    return given


def codes(found: Reading) -> list[str]:
    return [problem.code for problem in found.problems]


def test_a_row_an_alter_becomes_interviews_maps_and_ties(tmp_path: Path) -> None:
    found = reading(tmp_path, {"a.csv": ALTERS, "p.csv": PAIRS})
    tables = found.tables
    assert found.format == "egoweb"
    assert tables.problems() == []
    assert tables["participants"]["pseudonym"].to_list() == ["P1", "P2"]
    assert tables["interviews"].select("held_on", "minutes").rows() == [("2024-01-02", 40.0), ("2024-01-03", None)]
    assert tables["maps"].select("stage", "alter_ties_asked").rows() == [("finished", "yes"), ("recall", "no")]
    assert tables["identities"]["name"].to_list() == ["Ann", "Bo"]
    assert tables["alter_ties"].select("weight", "relation_label").rows() == [(2.0, "know")]


def test_why_an_answer_is_missing_is_kept_as_a_code(tmp_path: Path) -> None:
    given = answers(reading(tmp_path, {"a.csv": ALTERS}))
    assert given["tie_close"] == [4.0, [f"{MISSING}refused"]]
    assert given["interview_mood"] == [[f"{MISSING}dont_know"], 3.0]


def test_the_values_that_say_why_are_the_studys_or_told(tmp_path: Path) -> None:
    nine = STUDY.replace('valueRefusal="-1"', 'valueRefusal="-9"')
    given = answers(reading(tmp_path, {"a.csv": ALTERS.replace(",-1,", ",-9,"), "s.study": nine}))
    assert given["tie_close"] == [4.0, [f"{MISSING}refused"]]
    told = answers(reading(tmp_path, {"b.csv": ALTERS.replace(",-1,", ",-7,")}, missing={"-7": "too_tired"}))
    assert told["tie_close"] == [4.0, [f"{MISSING}too_tired"]]


def test_a_study_file_gives_words_options_and_generators(tmp_path: Path) -> None:
    found = reading(tmp_path, {"a.csv": ALTERS, "s.study": STUDY})
    questions = {row["code"]: row for row in found.tables.rows("questions")}
    assert questions["names_gen1"]["wording"] == "Who is near ?"
    assert questions["tie_kinds"]["options"] == [["1", "Emotional help"], ["3", "Money"]]
    assert answers(found)["tie_kinds"] == [["1", "3"], [f"{MISSING}skipped"]]
    assert "interview_case" not in questions
    generators = [row.get("question_id") for row in found.tables.rows("nominations")]
    assert generators == [questions["names_gen1"]["id"], None]


def test_studies_joined_side_by_side_are_waves_with_the_same_alters(tmp_path: Path) -> None:
    found = reading(tmp_path, {"a.csv": JOINED, "p.csv": JOINED_PAIRS})
    tables = found.tables
    assert tables.problems() == []
    waves = {row["id"]: row["position"] for row in tables.rows("waves")}
    held = {row["id"]: waves[row["wave_id"]] for row in tables.rows("interviews")}
    maps = {row["id"]: held[row["interview_id"]] for row in tables.rows("maps")}
    names = {row["alter_id"]: row["name"] for row in tables.rows("identities")}
    assert sorted((maps[row["map_id"]], names[row["alter_id"]]) for row in tables.rows("ties")) == [
        (1, "Ann"),
        (1, "Bo"),
        (2, "Ann"),
        (2, "Cy"),
    ]
    assert tables.counts()["alters"] == 3
    assert answers(found) == {"interview_mood": [3.0, 4.0], "tie_close": [4.0, 5.0, 3.0, 2.0], "alter_tie_know": [1.0, 0.0]}
    assert tables.counts()["asked"] == 6
    ties = sorted((maps[row["map_id"]], row["weight"]) for row in tables.rows("alter_ties"))
    assert ties == [(1, 1.0), (2, 0.0)]


def test_what_means_no_tie_can_be_told(tmp_path: Path) -> None:
    found = reading(tmp_path, {"a.csv": ALTERS, "p.csv": PAIRS}, non_ties=("2",))
    assert found.tables["alter_ties"]["weight"].to_list() == [0.0]
    assert {"zero_weight", "tie_rule"} <= set(codes(found))


def test_a_pair_without_an_answer_is_no_tie_and_is_told(tmp_path: Path) -> None:
    found = reading(tmp_path, {"a.csv": ALTERS, "p.csv": PAIRS.replace("Bo,2,", "Bo,-2,")})
    assert "alter_ties" not in found.tables.counts()
    assert any("no answer" in loss for loss in found.losses)


def test_a_title_with_a_comma_is_one_sentence_or_mended_by_the_study(tmp_path: Path) -> None:
    broken = ALTERS.replace(",close,", ",close, or not,")
    with pytest.raises(FormatError, match=r"takes? the comma|take the comma out") as told:
        reading(tmp_path, {"a.csv": broken})
    assert "\n" not in str(told.value)
    found = reading(tmp_path, {"a.csv": broken, "s.study": STUDY})
    assert answers(found)["tie_close_or_not"] == [4.0, [f"{MISSING}refused"]]


def test_alters_matched_across_studies_are_one_alter_when_imported_one_after_another(tmp_path: Path) -> None:
    one = "EgoID,Interview ID,Dyad Match ID,Match User,Alter Number,Alter Pair ID\nP1,57,5,u,1,77\nP1,57,5,u,2,\n"
    keys = [
        reading(tmp_path, {f"{wave}.csv": one.replace(",57,", f",{wave},")}, wave=wave).tables["alters"]["source_key"].to_list()
        for wave in (1, 2)
    ]
    assert keys[0][0] == keys[1][0]
    assert keys[0][1] != keys[1][1]


def test_reasons_are_empty_cells_for_egor_and_said_to_be(tmp_path: Path) -> None:
    writing = write(reading(tmp_path, {"a.csv": ALTERS}).tables, "egor")
    assert MISSING.encode() not in b"".join(writing.files.values())
    assert any("why there is none" in loss for loss in writing.losses)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("EgoID,Interview ID,Alter 1 Number,Alter 2 Number\n", "No file lists alters"),
        ("EgoID,Interview ID,Alter Number\n1,2\n1", None),
        ("EgoID,Interview ID,Alter Number\n,,\n,5,1\n1,,1\n", None),
    ],
)
def test_malformed_files_are_lines_or_one_sentence(tmp_path: Path, text: str, words: str | None) -> None:
    if words is None:
        assert reading(tmp_path, {"a.csv": text}).problems
    else:
        with pytest.raises(FormatError, match=words):
            reading(tmp_path, {"a.csv": text})
