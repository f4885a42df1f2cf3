"""Projects shaped as each of the field's programs writes them, habits and all: every coding is on its words, every loss is said."""

import pytest

from kithwork.formats import refi
from kithwork.formats.reading import Notes
from kithwork.model.tables import StudyTables
from tests.formats.qda.test_refi import packed
from tests.formats.qda.test_traps import guid

TEXT = "I: How was it? 🙂\nZoë: Café again, with Muriel.\nI: And then?\nZoë: Then nothing happened, really nothing at all.\n"
SAID = ["Café again, with Muriel", "nothing happened", "really nothing at all"]


def counted(text: str, words: str, *, unit: str = "points", ends: int = 1) -> tuple[int, int]:
    """Where words stand, as a program counts: code points or UTF-16 units, a line end as one or two."""
    start = text.index(words)

    def place(at: int) -> int:
        before = text[:at]
        size = len(before.encode("utf-16-le")) // 2 if unit == "utf-16" else len(before)
        return size + (ends - 1) * before.count("\n")

    return place(start), place(start + len(words))


def selection(number: int, span: tuple[int, int], name: str, codes: list[int], user: str = "", inner: str = "") -> str:
    """One selection with a Coding for each code."""
    by = f' creatingUser="{user}"' if user else ""
    codings = "".join(
        f'<Coding guid="{guid(1000 + 10 * number + place)}"{by}><CodeRef targetGUID="{guid(code)}"/></Coding>'
        for place, code in enumerate(codes)
    )
    at = f'startPosition="{span[0]}" endPosition="{span[1]}"'
    return f'<PlainTextSelection guid="{guid(500 + number)}" name="{name}" {at}{by}>{inner}{codings}</PlainTextSelection>'


def read(qde: str, members: dict[str, bytes], inner: str = "project.qde") -> tuple[StudyTables, Notes]:
    notes = Notes()
    tables = refi.read([packed({inner: qde.encode(), **members})], notes)
    assert tables.problems() == []
    return tables, notes


def coded(tables: StudyTables) -> set[tuple[str, str]]:
    """Code and words of every coding whose passage has its place; the words out of the text itself."""
    texts = {row["id"]: row["text"] for row in tables.rows("revisions")}
    segments = {row["id"]: row for row in tables.rows("segments") if not row.get("is_lost")}
    codes = {row["id"]: row["name"] for row in tables.rows("codes")}
    placed = [(codes[row["code_id"]], segments[row["segment_id"]]) for row in tables.rows("codings") if row["segment_id"] in segments]
    return {(code, texts[one["revision_id"]][one["start"] : one["stop"]]) for code, one in placed}


def test_atlas_ti_two_characters_a_line_end_counted_as_one_and_several_codes_on_one_quotation():
    user = "C32A2BD5-537F-4838-8B17-DF9EFBAFDF4B"
    marks = selection(1, counted(TEXT, SAID[0]), SAID[0], [1, 2], user, "<Description>why here?</Description>")
    marks += selection(2, counted(TEXT, SAID[1]), SAID[1], [2], user) + selection(3, counted(TEXT, SAID[2]), SAID[2], [1], user)
    marks += selection(4, (20, 20), "", [1], user)
    qde = f"""<?xml version="1.0" encoding="utf-8"?><Project name="Trial" origin="ATLAS.ti 24" xmlns="urn:QDA-XML:project:1.0">
<Users><User guid="{user}" name="ATLAS.ti"/></Users><CodeBook><Codes>
<Code guid="{guid(1)}" name="Coffee::outside" isCodable="true" color="#ff0000"/>
<Code guid="{guid(2)}" name="Nothing" isCodable="true"/></Codes></CodeBook><Sources><TextSource guid="{guid(3)}" name="Talk 1"
richTextPath="internal://{guid(3)}.docx" plainTextPath="internal://{guid(3)}.txt" creatingUser="{user}"
creationDateTime="2026-01-01T10:00:00Z">{marks}
</TextSource></Sources><Sets><Set guid="{guid(5)}" name="Group"><MemberCode targetGUID="{guid(1)}"/></Set></Sets></Project>"""
    text = TEXT.replace("\n", "\r\n").encode()
    tables, _ = read(qde, {f"sources/{guid(3)}.txt": text, f"sources/{guid(3)}.docx": b"PK"}, "Trial.qde")
    first, second, third = SAID
    assert coded(tables) - {("Coffee::outside", "")} == {
        ("Coffee::outside", first),
        ("Nothing", first),
        ("Nothing", second),
        ("Coffee::outside", third),
    }
    assert tables.rows("revisions")[0]["text"].count("\r\n") == 4  # kept exactly
    assert [row["text"] for row in tables.rows("memos")] == ["why here?"]
    assert [row["name"] for row in tables.rows("themes")] == ["Group"]
    assert [row["name"] for row in tables.rows("coders")] == ["ATLAS.ti"]


def test_nvivo_line_ends_counted_as_two_a_capital_folder_case_codings_and_a_text_that_is_not_there():
    marks = "".join(selection(at, counted(TEXT, words, ends=2), words, [1]) for at, words in enumerate(SAID))
    gone = selection(8, (0, 4), "I: H", [1]) + selection(9, (4, 8), "ow w", [1])
    case_coding = f'<Coding guid="{guid(40)}"><CodeRef targetGUID="{guid(7)}"/></Coding>'
    qde = f"""<Project name="n" origin="NVivo 15.0" xmlns="urn:QDA-XML:project:1.0"><CodeBook><Codes>
<Code guid="{guid(2)}" name="Codes" isCodable="false"><Code guid="{guid(1)}" name="care" isCodable="true"/></Code></Codes></CodeBook>
<Variables><Variable guid="{guid(30)}" name="Person:Gender" typeOfVariable="Text"/></Variables>
<Cases><Case guid="{guid(7)}" name="Zoë">
<VariableValue><VariableRef targetGUID="{guid(30)}"/><TextValue>woman</TextValue></VariableValue></Case></Cases>
<Sources><TextSource guid="{guid(3)}" name="Zoë T1" plainTextPath="internal://{guid(3)}.txt">{marks}{case_coding}</TextSource>
<TextSource guid="{guid(4)}" name="Lost" plainTextPath="internal://elsewhere.txt">{gone}</TextSource></Sources></Project>"""
    tables, notes = read(qde, {f"Sources/{guid(3).upper()}.TXT": TEXT.replace("\n", "\r\n").encode(), "sources/.root": b""})
    assert coded(tables) == {("care", words) for words in SAID}
    assert [row["title"] for row in tables.rows("documents")] == ["Zoë T1"]
    assert tables.rows("documents")[0]["participant_id"] == tables.rows("participants")[0]["id"]
    assert any("2 selection(s)" in problem.sentence for problem in notes.problems)  # never dropped without a word
    assert any("folder" in loss or "only hold" in loss for loss in notes.losses)


def test_nvivo_line_feeds_alone_in_the_file_and_still_counted_as_two():
    marks = "".join(selection(at, counted(TEXT, words, ends=2), words, [1]) for at, words in enumerate(SAID))
    qde = f"""<Project name="n" origin="NVivo 12"><CodeBook><Codes><Code guid="{guid(1)}" name="care" isCodable="true"/></Codes></CodeBook>
<Sources><TextSource guid="{guid(3)}" name="s" plainTextPath="internal://a.txt">{marks}</TextSource></Sources></Project>"""
    tables, _ = read(qde, {"sources/a.txt": TEXT.encode()})
    assert coded(tables) == {("care", words) for words in SAID}


def test_maxqda_a_document_a_row_of_one_name_a_nameless_case_and_regions_of_a_pdf():
    rows = [f"Answer {number}: it was fine, number {number} of many." for number in range(4)]
    sources = "".join(
        f'<TextSource guid="{guid(10 + at)}" name="Survey"><PlainTextContent>{words}</PlainTextContent>'
        f"{selection(at, (10, len(words)), words[10:], [1])}</TextSource>"
        for at, words in enumerate(rows)
    )
    region = f'<PDFSelection guid="{guid(60)}" page="0" firstX="10" firstY="700" secondX="90" secondY="650"><Coding guid="{guid(61)}">'
    region += f'<CodeRef targetGUID="{guid(1)}"/></Coding></PDFSelection>'
    pdf = f'<PDFSource guid="{guid(50)}" name="Letter" path="internal://{guid(50)}.pdf">{region}'
    pdf += f'<Representation guid="{guid(50)}" name="Letter" '
    pdf += f'plainTextPath="internal://{guid(50)}.txt">{selection(20, counted(TEXT, SAID[0]), SAID[0], [1])}</Representation></PDFSource>'
    qde = f"""<Project name="m" origin="MAXQDA 24"><CodeBook><Codes>
<Code guid="{guid(1)}" name="fine" isCodable="1" color="#0a0"/></Codes></CodeBook>
<Cases><Case guid="{guid(70)}"><SourceRef targetGUID="{guid(10)}"/></Case></Cases>
<Sources>{sources}{pdf}</Sources></Project>"""
    tables, notes = read(qde, {f"sources/{guid(50)}.txt": b"\xef\xbb\xbf" + TEXT.encode(), f"sources/{guid(50)}.pdf": b"%PDF"})
    assert coded(tables) == {("fine", words[10:]) for words in rows} | {("fine", SAID[0])}
    assert tables["documents"].height == 5
    assert tables.rows("participants")[0]["pseudonym"].startswith("Case")
    assert any("regions" in loss.lower() for loss in notes.losses)


def test_a_web_program_counting_utf16_units_with_a_blank_in_its_times_and_double_escapes():
    marks = "".join(selection(at, counted(TEXT, words, unit="utf-16"), words, [1], guid(80)) for at, words in enumerate(SAID))
    marks = marks.replace("startPosition", 'creationDateTime="2026-01-01 10:00:00" startPosition')
    variables = f'<Variables><Variable guid="{guid(30)}" name="Site &amp;amp; place" typeOfVariable="Text"/></Variables>'
    value = f'<VariableValue><VariableRef targetGUID="{guid(30)}"/><TextValue>north</TextValue></VariableValue>'
    qde = f"""<Project name="d" origin="Dedoose"><Users><User guid="{guid(80)}" name="A &amp;amp; B"/></Users>
<CodeBook><Codes><Code guid="{guid(1)}" name="R&amp;D" isCodable="true"/></Codes></CodeBook>{variables}
<Sources><TextSource guid="{guid(3)}" name="s" plainTextPath="sources/a.txt">{marks}{value}</TextSource></Sources></Project>"""
    tables, notes = read(qde, {"sources/a.txt": TEXT.encode()})
    assert coded(tables) == {("R&D", words) for words in SAID}
    assert {row["coded_at"] for row in tables.rows("codings")} <= {None, "2026-01-01T10:00:00.000Z"}
    assert any("Variables of a source" in loss for loss in notes.losses)


@pytest.mark.parametrize("unit", ["points", "utf-16"])
@pytest.mark.parametrize("ends", [1, 2])
def test_without_any_quotation_nothing_is_shifted_and_it_is_said(unit: str, ends: int):
    marks = "".join(selection(at, counted(TEXT, words, unit=unit, ends=ends), "", [1]) for at, words in enumerate(SAID))
    qde = f"""<Project name="x" origin="Somebody's"><CodeBook><Codes><Code guid="{guid(1)}" name="c" isCodable="true"/></Codes></CodeBook>
<Sources><TextSource guid="{guid(3)}" name="s" plainTextPath="internal://a.txt">{marks}</TextSource></Sources></Project>"""
    tables, notes = read(qde, {"sources/a.txt": TEXT.encode()})
    assert tables["codings"].height == 3
    assert any("quotation" in problem.sentence for problem in notes.problems)
    if (unit, ends) == ("points", 1):
        assert coded(tables) == {("c", words) for words in SAID}
