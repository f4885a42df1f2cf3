"""The coded transcript as a Word document: the text in one column, its codes in the other, a legend at the end."""

import io
from typing import Any

from kithwork.formats.coded_text import Passage, Piece, Transcript, is_from_right, tint
from kithwork.formats.offsets import said

_WIDTHS = (11.5, 5.5)  # centimetres: the words, and the margin


def word(transcript: Transcript) -> bytes:
    """A4, with page numbers; every word is text, none is markup."""
    from docx import Document
    from docx.shared import Cm, Pt

    document = Document()
    document.core_properties.author = "Kithwork"
    document.core_properties.title = said(transcript.title)[:255]
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(10.5)
    style.paragraph_format.space_after = Pt(4)
    document.add_heading(said(transcript.title), 1)
    if transcript.about:
        document.add_paragraph().add_run(said(" · ".join(transcript.about))).bold = True
    _quiet(document.add_paragraph(), "; ".join(transcript.notes))
    _text(document, transcript)
    if transcript.legend:
        _legend(document, transcript)
    _page_number(section.footer.paragraphs[0], transcript)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _text(document: Any, transcript: Transcript) -> None:
    from docx.shared import Cm

    by_number = {passage.number: passage for passage in transcript.passages}
    beside = transcript.beside or [[] for _ in transcript.paragraphs]
    table = document.add_table(rows=len(transcript.paragraphs), cols=2)
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = Cm(width)
    left, right = table.columns[0].cells, table.columns[1].cells
    for pieces, numbers, words, margin in zip(transcript.paragraphs, beside, left, right, strict=True):
        words.width, margin.width = Cm(_WIDTHS[0]), Cm(_WIDTHS[1])
        _words(words.paragraphs[0], pieces)
        for place, number in enumerate(numbers):
            _margin(margin.paragraphs[0] if place == 0 else margin.add_paragraph(), by_number[number])


def _words(paragraph: Any, pieces: list[Piece]) -> None:
    from_right = is_from_right(pieces)
    if from_right:
        _run_from_right(paragraph)
    for piece in pieces:
        if piece.ends:
            paragraph.add_run(", ".join(map(str, piece.ends))).font.superscript = True
        if piece.words:
            run = paragraph.add_run(said(piece.words))
            run.bold = run.font.cs_bold = piece.is_label or None
            run.font.rtl = from_right or None
            if piece.depth and piece.color:
                _shade(run, tint(piece.color, 0.25))


def _run_from_right(paragraph: Any) -> None:
    from docx.oxml import OxmlElement

    after = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
    paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *after)


def _margin(paragraph: Any, passage: Passage) -> None:
    from docx.shared import Pt, RGBColor

    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.add_run(f"{passage.number} ").font.size = Pt(8.5)
    for place, put in enumerate(passage.codes):
        run = paragraph.add_run(("; " if place else "") + said(put.code))
        run.font.size, run.font.color.rgb = Pt(8.5), RGBColor.from_string(_dark(put.color))
        if put.coders:
            _quiet(paragraph, f" {', '.join(put.coders)}", 8)


def _dark(color: str) -> str:
    """The colour, darkened until it can be read on white."""
    parts = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    light = sum(weight * part for weight, part in zip((0.299, 0.587, 0.114), parts, strict=True))
    share = min(1.0, 110 / light) if light else 1.0
    return "".join(f"{round(part * share):02X}" for part in parts)


def _legend(document: Any, transcript: Transcript) -> None:
    from docx.shared import Cm, Pt

    document.add_heading("Codes in this text", 2)
    table = document.add_table(rows=1, cols=3)
    table.style = "Light List"
    for cell, words in zip(table.rows[0].cells, ("Code", "What it covers", "Here"), strict=True):
        cell.text = words
    for each in transcript.legend:
        cells = table.add_row().cells
        run = cells[0].paragraphs[0].add_run(said(each.code))
        run.font.size = Pt(9.5)
        _shade(run, tint(each.color, 0.25))
        cells[1].paragraphs[0].add_run(said(each.definition)).font.size = Pt(9.5)
        cells[2].text = str(each.count)
    table.autofit = False
    for column, width in zip(table.columns, (5.5, 10, 1.5), strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _quiet(paragraph: Any, words: str, size: float = 9) -> None:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(said(words))
    run.font.size, run.font.color.rgb = Pt(size), RGBColor(0x54, 0x5C, 0x6B)


def _shade(run: Any, color: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", color.removeprefix("#"))):
        shade.set(qn(f"w:{name}"), value)
    run._r.get_or_add_rPr().append(shade)


def _page_number(paragraph: Any, transcript: Transcript) -> None:
    """Whose text it is, and the page, which Word counts itself."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    _quiet(paragraph, " · ".join((*transcript.about[:2], "page ")))
    run = paragraph.add_run()
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = words
        run._r.append(part)
