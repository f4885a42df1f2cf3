"""What real projects of other programs do, each a small file of its own; and a whole study with maps out and in again."""

from pathlib import Path

import pytest
import xmlschema
from lxml import etree

from kithwork.actions.imports import import_reading
from kithwork.formats import qualcoder, refi, rqda
from kithwork.formats.demo import demo_tables
from kithwork.formats.reading import Notes, Reading
from kithwork.formats.refi.extension import MEMBER
from kithwork.model.tables import StudyTables
from kithwork.store import Study
from tests.formats.qda.coded import AT, row
from tests.formats.qda.test_refi import SCHEMA, from_outside, packed, written


def guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def read(inner: str, members: dict[str, bytes] | None = None, head: str = '<Project name="p" origin="x">') -> tuple[StudyTables, Notes]:
    notes = Notes()
    return refi.read([packed({"Project.QDE": f"{head}{inner}</Project>".encode(), **(members or {})})], notes), notes


CODE = f'<CodeBook><Codes><Code guid="{guid(1)}" name="c" isCodable="true"/></Codes></CodeBook>'
CODED = f'<Coding guid="{guid(90)}" creatingUser="{guid(99)}"><CodeRef targetGUID="{guid(1)}"/></Coding>'


@pytest.mark.parametrize("space", ["urn:QDA-XML:project:0:10", "urn:QDA-XML:project:1.0", ""])
def test_any_namespace_or_none_is_read(space: str) -> None:
    text = f'<Sources><TextSource guid="{guid(2)}" name="s"><PlainTextContent>words</PlainTextContent></TextSource></Sources>'
    tables, _ = read(CODE + text, head=f'<Project name="p" xmlns="{space}">')
    assert tables["codes"].height == tables["documents"].height == 1


def test_a_whole_source_coding_a_point_and_an_annotation_are_kept() -> None:
    selections = f'<PlainTextSelection guid="{guid(3)}" startPosition="2" endPosition="2">{CODED}</PlainTextSelection>'
    selections += (
        f'<PlainTextSelection guid="{guid(4)}" startPosition="0" endPosition="3"><Description>hm</Description></PlainTextSelection>'
    )
    source = f'<TextSource guid="{guid(2)}" name="s"><PlainTextContent>one two</PlainTextContent>{selections}{CODED}</TextSource>'
    tables, notes = read(f"{CODE}<Sources>{source}</Sources>")
    assert sorted((r["start"], r["stop"]) for r in tables.rows("segments")) == [(0, 3), (0, 7), (2, 2)]
    assert [r["text"] for r in tables.rows("memos")] == ["hm"]
    assert tables["codings"].height == 2
    assert [r["name"] for r in tables.rows("coders")] == ["Unknown coder"]
    assert "unknown_coder" in {problem.code for problem in notes.problems}


def test_nameless_and_like_named_cases_and_sources_stay_apart() -> None:
    cases = f'<Cases><Case guid="{guid(5)}"/><Case guid="{guid(6)}" name="A"/><Case guid="{guid(7)}" name="A"/></Cases>'
    one = '<TextSource guid="{}" name="s"><PlainTextContent>{}</PlainTextContent></TextSource>'
    tables, _ = read(f"{cases}<Sources>{one.format(guid(8), 'a')}{one.format(guid(9), 'a')}{one.format(guid(9), 'b')}</Sources>")
    assert sorted(r["pseudonym"] for r in tables.rows("participants")) == ["A", "A (2)", "Case 1"]
    assert tables["documents"].height == 3
    assert tables.problems() == []


def test_a_coding_with_a_case_gives_the_source_its_participant_and_a_wave_its_interview() -> None:
    variables = f'<Variables><Variable guid="{guid(10)}" name="Wave" typeOfVariable="Integer"/></Variables>'
    value = f'<VariableValue><VariableRef targetGUID="{guid(10)}"/><IntegerValue>2</IntegerValue></VariableValue>'
    coding = f'<Coding guid="{guid(11)}"><CodeRef targetGUID="{guid(5)}"/></Coding>'
    source = f'<TextSource guid="{guid(2)}" name="s"><PlainTextContent>a</PlainTextContent>{coding}{value}</TextSource>'
    tables, _ = read(f'{variables}<Cases><Case guid="{guid(5)}" name="P"/></Cases><Sources>{source}</Sources>')
    (interview,) = tables.rows("interviews")
    assert tables.rows("waves")[0]["position"] == 2
    assert tables.rows("documents")[0]["interview_id"] == interview["id"]


def test_a_pdf_is_its_words_and_its_regions_are_a_loss() -> None:
    words = f'<Representation guid="{guid(13)}" name="r"><PlainTextContent>one two</PlainTextContent><PlainTextSelection guid="{guid(14)}" '
    words += f'name="two" startPosition="4" endPosition="7">{CODED}</PlainTextSelection></Representation>'
    region = f'<PDFSelection guid="{guid(15)}" page="0" firstX="1" firstY="1" secondX="2" secondY="2">{CODED}</PDFSelection>'
    tables, notes = read(f'{CODE}<Sources><PDFSource guid="{guid(12)}" name="pdf">{region}{words}</PDFSource></Sources>')
    assert [r["quotation"] for r in tables.rows("segments")] == ["two"]
    assert any("regions" in loss.lower() for loss in notes.losses)


def test_a_source_whose_text_is_missing_is_said_with_its_selections() -> None:
    selection = f'<PlainTextSelection guid="{guid(3)}" startPosition="0" endPosition="1">{CODED}</PlainTextSelection>'
    tables, notes = read(
        f'{CODE}<Sources><TextSource guid="{guid(2)}" name="s" plainTextPath="internal://no.txt">{selection}</TextSource></Sources>'
    )
    assert tables["documents"].height == 0
    assert "its 1 selection(s)" in next(p.sentence for p in notes.problems if p.code == "no_text")


def test_a_note_linked_to_a_selection_is_its_memo_and_a_free_note_is_a_document() -> None:
    selection = f'<PlainTextSelection guid="{guid(3)}" startPosition="0" endPosition="3"/>'
    note = '<Note guid="{}" name="n"><PlainTextContent>{}</PlainTextContent></Note>'
    links = f'<Links><Link guid="{guid(22)}" originGUID="{guid(20)}" targetGUID="{guid(3)}"/></Links>'
    source = f'<TextSource guid="{guid(2)}" name="s"><PlainTextContent>one two</PlainTextContent>{selection}</TextSource>'
    tables, _ = read(f"<Sources>{source}</Sources><Notes>{note.format(guid(20), 'on it')}{note.format(guid(21), 'free')}</Notes>{links}")
    assert [r["text"] for r in tables.rows("memos")] == ["on it"]
    assert sorted(r["text"] for r in tables.rows("revisions")) == ["free", "one two"]


def coded_demo() -> StudyTables:
    """The demo study with a document, coded and spoken of, beside its maps."""
    frames = dict(demo_tables(participants=6, talk=False).frames)
    base = StudyTables(frames)
    interview = next(r for r in base.rows("interviews") if r["status"] == "held")
    alter = next(r for r in base.rows("alters") if r["participant_id"] == interview["participant_id"])
    rows = {name: base.rows(name) for name in frames if name != "identities"}
    document = row(interview_id=interview["id"], title="T1")
    revision = row(document_id=document["id"], number=1, text="one\r\ntwo three", signed_off_at=AT)
    segment = row(revision_id=revision["id"], start=5, stop=8, quotation="two", before="one\r\n", after=" three")
    code = rows["codes"][0] if rows.get("codes") else row(name="c")
    coding = row(segment_id=segment["id"], code_id=code["id"], coded_at=AT)
    mention = row(segment_id=segment["id"], alter_id=alter["id"])
    added = {"documents": document, "revisions": revision, "segments": segment, "codings": coding, "mentions": mention}
    for name, each in added.items():
        rows[name] = [*rows.get(name, []), each]
    if not rows.get("codes"):
        rows["codes"] = [code]
    return StudyTables.from_rows(rows)


def test_a_study_with_maps_is_valid_and_comes_back_the_same_and_without_our_member_keeps_who_and_what() -> None:
    tables = coded_demo()
    members = written(tables, with_personal_text=True, include_unsigned=True)
    tree = etree.fromstring(members["project.qde"])
    xmlschema.XMLSchema(str(SCHEMA)).validate(members["project.qde"].decode())
    spaces = {"q": "urn:QDA-XML:project:1.0"}
    assert len(tree.findall(".//q:Graph", spaces)) == tables["maps"].height
    assert len(tree.findall(".//q:Vertex", spaces)) == tables["maps"].height + tables["ties"].height
    guids = [each.get("guid") for each in tree.iter() if each.get("guid")]
    assert len(guids) == len(set(guids))
    targets = {each.get(name) for each in tree.iter() for name in ("targetGUID", "representedGUID", "creatingUser") if each.get(name)}
    assert targets <= set(guids)
    assert not [each for each in guids if each[14] == "7"]
    assert from_outside(refi.read([packed(members)], Notes())) == from_outside(tables)
    del members[MEMBER]
    bare = refi.read([packed(members)], Notes())
    assert bare["participants"].height == tables["participants"].height
    assert bare["alters"].height == tables["alters"].height
    assert bare["mentions"].height == 1
    assert bare.rows("segments")[0]["quotation"] == "two"


def test_a_file_changed_by_another_program_is_read_by_what_the_standard_carries() -> None:
    members = written(coded_demo(), with_personal_text=True)
    members["project.qde"] = members["project.qde"].replace(b'name="T1"', b'name="Renamed"')
    notes = Notes()
    tables = refi.read([packed(members)], notes)
    assert "changed_since" in {problem.code for problem in notes.problems}
    assert [r["title"] for r in tables.rows("documents")] == ["Renamed"]


def test_what_nobody_signed_off_and_what_is_private_is_nowhere_in_the_file() -> None:
    document, code, coder = row(title="D"), row(name="c"), row(name="Anna Secretname")
    signed = row(document_id=document["id"], number=1, text="open words", signed_off_at=AT)
    later = row(document_id=document["id"], number=2, text="open words of SECRETPERSON")
    segment = row(revision_id=later["id"], start=14, stop=26, quotation="SECRETPERSON")
    coding = row(segment_id=segment["id"], code_id=code["id"], coder_id=coder["id"])
    memo = row(code_id=code["id"], text="PRIVATE thought")
    rows = {"documents": [document], "codes": [code], "coders": [coder], "revisions": [signed, later], "segments": [segment]}
    tables = StudyTables.from_rows({**rows, "codings": [coding], "memos": [memo]})
    whole = b"".join(written(tables).values())
    assert b"open words" in whole
    for word in (b"SECRETPERSON", b"PRIVATE", b"Secretname", *(r["id"].encode() for r in (document, signed, code, coder))):
        assert word not in whole
    losses = " ".join(refi.write(tables).losses)
    assert "1 version(s)" in losses
    assert "memo" in losses


def test_an_rqda_project_is_read_with_both_coders_and_without_what_was_deleted() -> None:
    rows = {name: [] for name in rqda.WANTED}
    rows["source"] = [{"id": 1, "name": "s", "file": "one 🙂 two", "status": 1}, {"id": 2, "name": "gone", "file": "x", "status": 0}]
    rows["freecode"] = [{"id": 1, "name": "c", "status": 1}]
    rows["codecat"] = [{"catid": 1, "name": "cat", "status": 1}]
    rows["treecode"] = [{"cid": 1, "catid": 1, "status": 1}]
    span = {"cid": 1, "fid": 1, "seltext": "🙂 two", "selfirst": 4.0, "selend": 9.0, "status": 1}
    rows["coding"], rows["coding2"] = [{**span, "owner": "a"}], [{**span, "owner": "b"}]
    notes = Notes()
    tables = rqda.tables_from(rows, notes)
    assert [r["quotation"] for r in tables.rows("segments")] == ["🙂 two"]
    assert tables["codings"].height == 2
    assert any("deleted" in loss for loss in notes.losses)


def test_a_circle_of_codes_is_cut() -> None:
    rows = {name: [] for name in qualcoder.WANTED}
    rows["code_name"] = [
        {"cid": 1, "name": "a", "supercid": 2},
        {"cid": 2, "name": "b", "supercid": 1},
        {"cid": 3, "name": "c", "supercid": 3},
    ]
    tables = qualcoder.tables_from(rows, Notes())
    assert tables["codes"].height == 3
    assert tables.problems() == []


def test_a_project_folder_is_not_mistaken(tmp_path: Path) -> None:
    from kithwork.actions.imports import read_files
    from kithwork.model.errors import FormatError

    (tmp_path / "x.qda").mkdir()
    (tmp_path / "x.qda" / "data.qda").write_bytes(b"not a database")
    with pytest.raises(FormatError, match="not an SQLite database"):
        read_files([tmp_path / "x.qda"])


def test_what_a_project_says_of_itself_is_a_memo_on_the_study_it_comes_into(study: Study) -> None:
    note = f'<Notes><Note guid="{guid(20)}" name="Project memo"><PlainTextContent>Why we ask.</PlainTextContent></Note></Notes>'
    source = f'<Sources><TextSource guid="{guid(2)}" name="s"><PlainTextContent>one two</PlainTextContent></TextSource></Sources>'
    body = f'{source}{note}<Description>What it is about.</Description><NoteRef targetGUID="{guid(20)}"/>'
    tables, notes = read(body)
    assert sorted(row["text"] for row in tables.rows("memos")) == ["What it is about.", "Why we ask."]
    assert [row["text"] for row in tables.rows("revisions")] == ["one two"]
    assert not [sentence for sentence in notes.losses if "description" in sentence]
    with study.change("begin") as change:
        own = change.insert("studies", {"title": "Ours"})["id"]
    for _ in range(2):
        import_reading(study, Reading(tables, format="refi-qda"))
        assert [row["title"] for row in study.rows("studies")] == ["Ours"]
        assert [(row["study_id"], row["text"]) for row in sorted(study.rows("memos"), key=lambda row: row["text"])] == [
            (own, "What it is about."),
            (own, "Why we ask."),
        ]


def test_a_project_that_says_nothing_of_itself_makes_no_study() -> None:
    source = f'<Sources><TextSource guid="{guid(2)}" name="s"><PlainTextContent>one two</PlainTextContent></TextSource></Sources>'
    assert read(source)[0]["studies"].is_empty()
