"""SPSS, Stata and Excel, both ways."""

import io
import zipfile
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest
from formats.studies import any_study
from formats.test_export import network
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithwork.formats import FORMATS, read, write
from kithwork.formats.reading import MISSING, Notes
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError
from kithwork.model.ids import new_id
from kithwork.model.tables import StudyTables

pyreadstat = pytest.importorskip("pyreadstat")
BOTH = {each.name: each for each in FORMATS if each.name in ("spss", "stata", "xlsx")}


def again(tables: StudyTables, name: str) -> StudyTables:
    reader = BOTH[name].read
    assert reader is not None
    return reader([Source(file, data) for file, data in write(tables, name, with_personal_text=True).files.items()], Notes())


@pytest.mark.parametrize("name", BOTH)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables=any_study())
def test_a_study_written_and_read_again_has_the_same_networks(name: str, tables: StudyTables) -> None:
    for table, column in (("ties", "distance"), ("alter_ties", "weight")):  # a workbook keeps 16 digits
        tables.frames[table] = tables[table].with_columns((pl.col(column) * 64).ceil() / 64)
    found = again(tables, name)
    assert found.problems() == []
    assert network(found) == network(tables)


def with_answers(values: list[Any]) -> StudyTables:
    """One map, an alter a value; a question with options 1 and 2, answered by these codes, or a reason why not."""
    ids = [new_id() for _ in range(4)]
    question = {"version": 1, "subject": "tie", "code": "tie_often", "wording": "How often?", "answer_kind": "choice"}
    rows: dict[str, list[dict[str, Any]]] = {
        "waves": [{"id": ids[0], "position": 1, "label": "W", "circle_version": 1}],
        "participants": [{"id": ids[1], "pseudonym": "P01", "status": "enrolled", "lives_alone": True}],
        "interviews": [{"id": ids[2], "participant_id": ids[1], "wave_id": ids[0], "status": "held"}],
        "maps": [{"id": ids[3], "interview_id": ids[2], "state": "crisis", "stage": "finished", "alter_ties_asked": "yes"}],
        "questions": [{"id": new_id(), **question, "options": [["1", "Daily"], ["2", "Weekly"]]}],
    }
    for table in ("alters", "ties", "nominations", "answers"):
        rows[table] = []
    for at, value in enumerate(values):
        alter = {"id": new_id(), "participant_id": ids[1], "kind": "person", "pseudonym": f"=A{at}"}
        tie = {"id": new_id(), "map_id": ids[3], "alter_id": alter["id"], "trust": "present", "reliability": at % 5}
        rows["alters"].append(alter)
        rows["ties"].append(tie)
        rows["nominations"].append({"id": new_id(), "tie_id": tie["id"], "position": at + 1, "phase": "recall"})
        own = {"codes": [value]} if value.startswith(MISSING) else {"text": value}
        rows["answers"].append({"id": new_id(), "question_id": rows["questions"][0]["id"], "tie_id": tie["id"], **own})
    return StudyTables.from_rows(rows)


REASONS = ["1", "2", f"{MISSING}refused", f"{MISSING}dont_know"]


@pytest.mark.parametrize("name", ["spss", "stata"])
def test_labels_and_reasons_survive(name: str) -> None:
    found = again(with_answers(REASONS), name)
    question = next(row for row in found.rows("questions") if row["wording"] == "How often?")
    assert (question["answer_kind"], question["options"]) == ("choice", [["1", "Daily"], ["2", "Weekly"]])
    given_ = [row.get("text", row.get("codes")) for row in found.rows("answers") if row["question_id"] == question["id"]]
    assert given_ == ["1", "2", [f"{MISSING}refused"], [f"{MISSING}dont_know"]]
    assert found["ties"]["trust"].to_list() == ["present"] * 4
    assert found["ties"]["reliability"].to_list() == [0, 1, 2, 3]
    assert found["participants"]["lives_alone"].to_list() == [True]
    assert found["maps"]["state"].to_list() == ["crisis"]


def test_spss_has_labels_and_user_missing_values(tmp_path: Path) -> None:
    path = tmp_path / "alters.sav"
    path.write_bytes(write(with_answers(REASONS), "spss").files["alters.sav"])
    frame, meta = pyreadstat.read_sav(path, user_missing=True, output_format="polars")
    assert frame["tie_often"].to_list() == [1, 2, -92, -91]
    assert meta.missing_ranges["tie_often"] == [{"lo": -99.0, "hi": -91.0}]
    assert meta.variable_value_labels["tie_often"][-91.0] == "missing:dont_know"
    assert meta.column_names_to_labels["tie_often"] == "How often?"
    assert meta.variable_value_labels["trust"][3.0] == "Trust"
    plain, _ = pyreadstat.read_sav(path, output_format="polars")
    assert plain["tie_often"].to_list() == [1, 2, None, None]


def test_stata_has_extended_missing_values(tmp_path: Path) -> None:
    path = tmp_path / "alters.dta"
    path.write_bytes(write(with_answers(REASONS), "stata").files["alters.dta"])
    columns, meta = pyreadstat.read_dta(path, user_missing=True, output_format="dict")
    assert list(columns["tie_often"]) == [1, 2, "b", "a"]
    assert meta.variable_value_labels["tie_often"]["a"] == "missing:dont_know"


def test_an_spss_file_of_another_program_gives_questions_with_its_labels(tmp_path: Path) -> None:
    frame = pl.DataFrame({"egoID": ["1", "1"], "alterID": [1.0, 2.0], "near": [1.0, 9.0]})
    labels = {"near": {1: "Very near", 2: "Far", 9: "Refused"}}
    pyreadstat.write_sav(
        frame, tmp_path / "a.sav", variable_value_labels=labels, missing_ranges={"near": [9]}, column_labels={"near": "How near?"}
    )
    tables = read([tmp_path / "a.sav"]).tables
    question = tables.rows("questions")[0]
    assert (question["wording"], question["options"]) == ("How near?", [["1", "Very near"], ["2", "Far"]])
    assert [row.get("text", row.get("codes")) for row in tables.rows("answers")] == ["1", [f"{MISSING}refused"]]


def test_an_excel_workbook_has_a_sheet_a_table_and_no_formula() -> None:
    data = write(with_answers(["1", "2"]), "xlsx").files["study.xlsx"]
    book = fastexcel.read_excel(data)
    assert book.sheet_names[:3] == ["egos", "alters", "aaties"]
    assert {"t_ties", "t_alters", "t_data-dictionary"} <= set(book.sheet_names)
    assert "t_identities" not in book.sheet_names
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "worksheets" in name)
    assert "'=A0" in book.load_sheet("alters").to_polars()["pseudonym"].to_list()


FORMULAS = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "'=1", "''=1", "'", '=HYPERLINK("http://x")', "http://x", "{=1}", " =1"]


@given(st.lists(st.sampled_from(FORMULAS) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_text_like_a_formula_is_the_same_text_after_excel(names: list[str]) -> None:
    tables = with_answers(["1"] * len(names))
    names = [name.strip() or "x" for name in names]
    alters = [{**row, "pseudonym": name} for row, name in zip(tables.rows("alters"), names, strict=True)]
    renamed = StudyTables.from_rows({**{name: tables.rows(name) for name in tables.frames}, "alters": alters})
    empty = ("NA", "NaN", "NULL")
    assert sorted(again(renamed, "xlsx")["alters"]["pseudonym"]) == sorted(
        (name if name not in empty else str(at)) for at, name in enumerate(names, 1)
    )


def sheet_xml(inner: str) -> bytes:
    stream = io.BytesIO()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{rels}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        relation = f'<Relationship Id="r1" Type="{rels}/worksheet" Target="worksheets/sheet1.xml"/>'
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relation}</Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{inner}</sheetData></worksheet>')
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        ("a.xlsx", b"PK nothing"),
        ("a.xlsx", sheet_xml("<row><c")),
        ("a.sav", b"$FL2" + b"\xff" * 400),
        ("a.sav", b"$FL2@(#) SPSS DATA FILE" + bytes(200)),
        ("a.dta", b"<stata_dta><header><release>118</release>" + b"\x00" * 100),
        ("a.dta", b"\x71" * 500),
    ],
)
def test_damaged_and_hostile_files_are_one_sentence(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FormatError) as told:
        read([tmp_path / name])
    assert "\n" not in str(told.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


@pytest.mark.parametrize("name", ["spss", "stata"])
def test_text_like_a_formula_stays_as_it_is(name: str) -> None:
    tables = with_answers(["1"] * len(FORMULAS))
    names = [text.strip() for text in FORMULAS]
    alters = [{**row, "pseudonym": text} for row, text in zip(tables.rows("alters"), names, strict=True)]
    renamed = StudyTables.from_rows({**{name: tables.rows(name) for name in tables.frames}, "alters": alters})
    assert sorted(again(renamed, name)["alters"]["pseudonym"]) == sorted(names)


def test_many_long_names_with_labels_fit_into_stata() -> None:
    tables = with_answers(["1"])
    rows = {name: tables.rows(name) for name in tables.frames}
    first, answer = rows["questions"][0], rows["answers"][0]
    for at in range(12):
        question = {**first, "id": new_id(), "code": f"tie_how_often_do_you_see_this_person_in_week_{at}"}
        rows["questions"].append(question)
        rows["answers"].append({**answer, "id": new_id(), "question_id": question["id"]})
    found = again(StudyTables.from_rows(rows), "stata")
    assert found.counts()["answers"] == 13
