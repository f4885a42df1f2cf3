"""REFI-QDA: what is written is valid, and comes back as it was."""

import io
import zipfile
from pathlib import Path

import xmlschema
from hypothesis import HealthCheck, given, settings
from lxml import etree

from kithwork.formats import refi
from kithwork.formats.guids import outside
from kithwork.formats.reading import Notes
from kithwork.formats.refi.codes import names_apart
from kithwork.formats.refi.extension import MEMBER
from kithwork.formats.sources import Source
from kithwork.model.schema import LIVE, TABLES
from kithwork.model.tables import StudyTables
from tests.formats.qda.coded import any_coded_study, any_whole_study

SCHEMA = Path(__file__).parent / "schema" / "Project.xsd"
QDA = "{urn:QDA-XML:project:1.0}"
TWICE = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def written(tables: StudyTables, **told: bool) -> dict[str, bytes]:
    """The members of the project written."""
    with zipfile.ZipFile(io.BytesIO(refi.write(tables, **told).files["study.qdpx"])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes], name: str = "study.qdpx") -> Source:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members.items():
            archive.writestr(path, data)
    return Source(name, stream.getvalue())


def from_outside(tables: StudyTables) -> dict[str, list[dict]]:
    """Every row under its outside ids, in the order of ids."""
    found = {}
    for name in LIVE:
        references = {column.name for column in TABLES[name].columns if column.table or column.kind == "id"}
        rows = [{k: outside(v) if k in references else v for k, v in row.items()} for row in tables.rows(name)]
        if rows:
            found[name] = sorted(rows, key=lambda row: row["id"])
    return found


@TWICE
@given(any_whole_study())
def test_what_is_written_and_read_again_is_the_same_study(tables: StudyTables) -> None:
    members = written(tables, with_personal_text=True, include_unsigned=True)
    read = refi.read([packed(members)], Notes())
    assert from_outside(read) == from_outside(tables)


@TWICE
@given(any_whole_study())
def test_every_project_written_is_valid_by_two_judges(tables: StudyTables) -> None:
    members = written(tables, with_personal_text=True, include_unsigned=True)
    tree = etree.fromstring(members["project.qde"])
    etree.XMLSchema(etree.parse(str(SCHEMA))).assertValid(tree)
    _SCHEMA.validate(members["project.qde"].decode())


_SCHEMA = xmlschema.XMLSchema(str(SCHEMA))


@TWICE
@given(any_coded_study())
def test_without_the_extra_member_every_coding_stands_on_the_same_words_by_the_same_coder(tables: StudyTables) -> None:
    members = written(tables, with_personal_text=True, include_unsigned=True)
    del members[MEMBER]
    notes = Notes()
    read = refi.read([packed(members)], notes)
    assert _said(read) == _said(tables)
    assert [row for row in read.rows("segments") if row.get("is_lost")] == []


def _said(tables: StudyTables) -> list[tuple[str, ...]]:
    from kithwork.formats.refi.plain import Plain

    revisions = {row["id"]: row for row in tables.rows("revisions")}
    segments = {row["id"]: row for row in tables.rows("segments")}
    codes = {row["id"]: row["name"] for row in tables.rows("codes")}
    coders = {row["id"]: row["name"] for row in tables.rows("coders")}
    found = []
    for row in tables.rows("codings"):
        segment = segments[row["segment_id"]]
        revision = revisions[segment["revision_id"]]
        plain = Plain(revision["text"])
        start, stop = plain.place(segment["start"]), plain.place(segment["stop"])
        if start == stop:
            continue  # a passage of nothing but a byte order mark has no words outside
        found.append(
            (outside(revision["document_id"]), start, stop, plain.text[start:stop], codes[row["code_id"]], coders[row["coder_id"]])
        )
    return sorted(set(found))


def test_codes_of_one_name_in_two_places_are_told_apart() -> None:
    rows = [
        {"id": "1", "name": "Friends"},
        {"id": "2", "name": "Trust"},
        {"id": "3", "name": "Trust", "parent_id": "1"},
        {"id": "4", "name": "Trust", "parent_id": "1"},
        {"id": "5", "name": "Trust (Friends)", "parent_id": "2"},
    ]
    assert list(names_apart(rows).values()) == ["Friends", "Trust", "Trust (Friends)", "Trust (Friends) 2", "Trust (Friends) (Trust)"]


@TWICE
@given(any_whole_study())
def test_nothing_written_makes_qualcoder_stop_or_drop_something(tables: StudyTables) -> None:
    """What QualCoder's import and the unique columns of its database (version 17) ask beyond the schema."""
    members = written(tables, with_personal_text=True, include_unsigned=True)
    project = etree.fromstring(members["project.qde"])
    codes = [code.get("name") for code in project.iter(f"{QDA}Code") if code.get("isCodable") == "true"]
    variables = [variable.get("name") for variable in project.iter(f"{QDA}Variable")]
    journals = [note.get("name") for note in project.iter(f"{QDA}Note")]
    selections = list(project.iter(f"{QDA}PlainTextSelection"))
    notes = [s for s in selections if s.find(f"{QDA}Coding") is None]
    annotations = [(s.getparent().get("guid"), s.get("startPosition"), s.get("endPosition"), s.get("creatingUser")) for s in notes]
    answers = [
        (owner.get("guid"), value.find(f"{QDA}VariableRef").get("targetGUID"))
        for owner in [*project.iter(f"{QDA}Case"), *project.iter(f"{QDA}TextSource")]
        for value in owner.iter(f"{QDA}VariableValue")
    ]
    for names in (codes, variables, journals, annotations, answers):
        assert len(names) == len(set(names))
    assert all(note.findtext(f"{QDA}Description") for note in notes)
    assert all(coding[0].tag == f"{QDA}CodeRef" for coding in project.iter(f"{QDA}Coding"))
    assert all(one.get("creationDateTime") or one.get("modifiedDateTime") for one in [*project.iter(f"{QDA}Note"), *selections])
