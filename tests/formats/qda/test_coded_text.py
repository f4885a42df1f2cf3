"""Coded transcripts: every word is there once, in order, and nothing in them runs."""

import io
import re

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from lxml import etree, html

from kithwork.formats import coded_text
from kithwork.formats.coded_text import Meaning, Passage, Piece, Put, Transcript, cut, render
from kithwork.formats.offsets import said
from kithwork.model.tables import StudyTables
from tests.formats.qda.coded import any_coded_study

SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NASTY = '<script>alert(1)</script> #include("/etc/passwd") $x$ `a` *b* &lt; ]]> \x0b \x00'.replace("\x00", "")


@SOME
@given(any_coded_study())
def test_pieces_put_together_are_the_text_and_each_is_as_deep_as_its_passages(tables: StudyTables) -> None:
    for transcript, revision in zip(coded_text.transcripts(tables, include_unsigned=True), tables.rows("revisions"), strict=True):
        lines = re.split("\r\n|[\r\n\u2028\u2029]", revision["text"])
        assert ["".join(piece.words for piece in line) for line in transcript.paragraphs] == lines
        numbers = [number for line in transcript.paragraphs for piece in line for number in piece.ends]
        assert sorted(numbers) == [passage.number for passage in transcript.passages]


def test_overlapping_passages_are_cut_where_they_begin_and_end() -> None:
    passages = [Passage(1, 0, 5, "", ()), Passage(2, 3, 8, "", ())]
    (line,) = cut("abcdefghij", passages)
    assert [(piece.words, piece.depth) for piece in line if piece.words] == [("abc", 1), ("de", 2), ("fgh", 1), ("ij", 0)]


def hostile() -> Transcript:
    text = NASTY + "\nsecond"
    passages = [Passage(1, 0, len(NASTY), NASTY, (Put(NASTY, (NASTY,)),))]
    return Transcript(NASTY, (NASTY,), cut(text, passages), passages, [[1], []], [Meaning(NASTY, "#112233", NASTY, 1)], (NASTY,))


def test_a_script_in_every_field_of_the_page_is_only_words() -> None:
    page = html.fromstring(render(hostile(), ".html"))
    assert page.xpath("//script") == []
    assert page.xpath("//*[@onclick or @onload]") == []
    assert "<script>alert(1)</script>" in page.text_content()


def test_words_reach_the_document_and_the_printed_page_as_words() -> None:
    document = Document(io.BytesIO(render(hostile(), ".docx")))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert sum(said(NASTY) in words for words in [*cells, *(paragraph.text for paragraph in document.paragraphs)]) >= 6
    assert render(hostile(), ".pdf").startswith(b"%PDF")


def test_a_paragraph_runs_as_the_script_of_its_words_does() -> None:
    text = "I: How?\nدلال: ليلى (form 7) وأنا.\n"
    passages = [Passage(1, text.index("ليلى"), text.index(" وأنا"), "", (Put("Kin"),))]
    lines = [[Piece("I: ", 0, is_label=True), Piece("من كان؟", 0)], *cut(text, passages)]
    talk = Transcript("A talk", (), lines, passages, [[], [], [1], []])
    page = html.fromstring(render(talk, ".html"))
    assert page.xpath("//div[@class='turn']/p/@dir | //div[@class='turn']/p[not(@dir)]/text()") == ["rtl", "I: How?", "rtl"]
    rows = Document(io.BytesIO(render(talk, ".docx"))).tables[0].rows
    assert [bool(row.cells[0].paragraphs[0]._p.xpath("w:pPr/w:bidi")) for row in rows] == [True, False, True, False]
    assert [{run.font.rtl for run in row.cells[0].paragraphs[0].runs if run.text} for row in rows][:3] == [{True}, {None}, {True, None}]
    assert render(talk, ".pdf").startswith(b"%PDF")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_coded_study())
def test_every_transcript_can_be_written_in_every_way(tables: StudyTables) -> None:
    writing = coded_text.write(tables, include_unsigned=True)
    assert len(writing.files) == 3 * tables["documents"].height
    for name, data in writing.files.items():
        if name.endswith(".html"):
            etree.fromstring(data, etree.HTMLParser())


def test_a_text_nobody_signed_off_stays_behind() -> None:
    from tests.formats.qda.coded import row

    document = row(title="T")
    tables = StudyTables.from_rows({"documents": [document], "revisions": [row(document_id=document["id"], number=1, text="secret")]})
    assert coded_text.write(tables).files == {}
    with pytest.raises(Exception, match="written as"):
        render(hostile(), ".odt")
