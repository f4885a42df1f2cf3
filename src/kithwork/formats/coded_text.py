"""A coded transcript to read: HTML, docx and PDF. Coded words are marked, a number at the end of each passage leads to its codes."""

import html
import io
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field

from kithwork.formats.codebook import paths_of
from kithwork.formats.offsets import said
from kithwork.formats.reading import Writing
from kithwork.model.errors import SelectionError, near
from kithwork.model.tables import StudyTables

ENDINGS = (".html", ".docx", ".pdf")
_LINE = re.compile(r"\r\n|[\r\n\u2028\u2029]")
_SHORT = 120


@dataclass(frozen=True)
class Piece:
    """A run of words under the same passages: how many passages, and the numbers of those that end with it."""

    words: str
    depth: int
    ends: tuple[int, ...] = ()


@dataclass(frozen=True)
class Passage:
    """One coded passage: its number, words, and code with coder."""

    number: int
    start: int
    stop: int
    words: str
    codes: tuple[str, ...]


@dataclass
class Transcript:
    """One document's text in paragraphs of pieces, its passages, and the line above it."""

    title: str
    about: str
    paragraphs: list[list[Piece]] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)


def write(tables: StudyTables, *, with_personal_text: bool = False, include_unsigned: bool = False) -> Writing:
    """Each document that may leave, as HTML, docx and PDF."""
    found = transcripts(tables, with_names=with_personal_text, include_unsigned=include_unsigned)
    files = {f"transcript-{at:03d}{ending}": render(each, ending) for at, each in enumerate(found, 1) for ending in ENDINGS}
    left = tables["documents"].height - len(found)
    return Writing(files, [f"{left} document(s) nobody signed off stay behind."] if left else [])


def transcripts(tables: StudyTables, *, with_names: bool = False, include_unsigned: bool = False) -> list[Transcript]:
    """The newest version of each document that may leave, with its passages in the order of the text."""
    latest = {}
    for row in sorted(tables.rows("revisions"), key=lambda row: row["number"]):
        if include_unsigned or row.get("signed_off_at"):
            latest[row["document_id"]] = row
    coders = {row["id"]: row["name"] if with_names else f"Coder {at}" for at, row in enumerate(tables.rows("coders"), 1)}
    paths, codes, segments = paths_of(tables), defaultdict(list), defaultdict(list)
    for row in tables.rows("codings"):
        who = coders.get(row.get("coder_id", ""))
        codes[row["segment_id"]].append(paths[row["code_id"]] + (f" ({who})" if who else ""))
    for row in tables.rows("segments"):
        if row["id"] in codes and not row.get("is_lost"):
            segments[row["revision_id"]].append(row)
    waves = {row["id"]: row["label"] for row in tables.rows("waves")}
    people = {row["id"]: row["pseudonym"] for row in tables.rows("participants")}
    interviews = {row["id"]: row for row in tables.rows("interviews")}
    found = []
    for document in tables.rows("documents"):
        if document["id"] not in latest:
            continue
        interview = interviews.get(document.get("interview_id", ""), {})
        person = people.get(interview.get("participant_id") or document.get("participant_id", ""))
        about = " · ".join(part for part in (person, waves.get(interview.get("wave_id", "")), interview.get("held_on")) if part)
        text = latest[document["id"]]["text"]
        rows = sorted(segments[latest[document["id"]]["id"]], key=lambda row: (row["start"], row["stop"]))
        passages = [
            Passage(at, row["start"], row["stop"], text[row["start"] : row["stop"]], tuple(sorted(codes[row["id"]])))
            for at, row in enumerate(rows, 1)
        ]
        found.append(Transcript(document["title"], about, cut(text, passages), passages))
    return found


def cut(text: str, passages: list[Passage]) -> list[list[Piece]]:
    """The text in paragraphs, each cut wherever a passage begins or ends; joined again they are the text without its line ends."""
    changes: defaultdict[int, int] = defaultdict(int)
    ends: defaultdict[int, list[int]] = defaultdict(list)
    for passage in passages:
        changes[passage.start] += 1
        changes[passage.stop] -= 1
        ends[passage.stop].append(passage.number)
    lines, at = [], 0
    for match in _LINE.finditer(text):
        lines.append((at, match.start(), match.end()))
        at = match.end()
    lines.append((at, len(text), len(text)))
    places, depth, done = sorted({*changes, *(x for line in lines for x in line)}), 0, 0
    paragraphs = []
    for _, last, following in lines:
        pieces: list[Piece] = []
        stop_at = following if following > last else last + 1  # the last line holds the end of the text
        while done < len(places) and places[done] < stop_at:
            place = places[done]
            depth += changes.get(place, 0)
            done += 1
            until = min(places[done] if done < len(places) else last, last)
            numbers = tuple(ends.get(place, ()))
            if numbers:  # a number stands after the words before it
                pieces.append(Piece("", 0, numbers))
            if place < until:
                pieces.append(Piece(text[place:until], depth))
        paragraphs.append(pieces)
    return paragraphs


def render(transcript: Transcript, ending: str) -> bytes:
    """One transcript as `.html`, `.docx` or `.pdf`. Raises `SelectionError` for another ending."""
    if ending not in ENDINGS:
        raise SelectionError(f"A transcript is written as {', '.join(ENDINGS)}.{near(ending, ENDINGS)}")
    return {".html": _html, ".docx": _docx, ".pdf": _pdf}[ending](transcript)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _SHORT else words[:_SHORT].rstrip() + "…"


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{{font:1rem/1.6 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1d1d1b}}
mark{{background:#fff0b8;color:inherit}}mark.d2{{background:#ffdf7a}}mark.d3{{background:#ffc94d}}
sup a{{color:#124e78}}li{{margin:.5rem 0}}q{{color:#555}}p{{min-height:1em}}</style></head>
<body><h1>{title}</h1><p>{about}</p><main>
{text}
</main><h2>Coded passages</h2><ol>
{passages}
</ol></body></html>
"""


def _html(transcript: Transcript) -> bytes:
    escape = html.escape
    lines = []
    for pieces in transcript.paragraphs:
        parts = []
        for piece in pieces:
            parts += [f'<sup><a href="#p{number}" id="t{number}">{number}</a></sup>' for number in piece.ends]
            words = escape(said(piece.words))
            shade = f' class="d{min(piece.depth, 3)}"' if piece.depth > 1 else ""
            parts.append(f"<mark{shade}>{words}</mark>" if piece.depth and words else words)
        lines.append(f"<p>{''.join(parts)}</p>")
    passages = [
        f'<li id="p{p.number}" value="{p.number}"><a href="#t{p.number}">{escape(said("; ".join(p.codes)))}</a> '
        f"<q>{escape(said(_short(p.words)))}</q></li>"
        for p in transcript.passages
    ]
    title, about = escape(said(transcript.title)), escape(said(transcript.about))
    return _PAGE.format(title=title, about=about, text="\n".join(lines), passages="\n".join(passages)).encode("utf-8")


def _docx(transcript: Transcript) -> bytes:
    from docx import Document
    from docx.enum.text import WD_COLOR_INDEX

    document = Document()
    document.core_properties.author = "Kithwork"
    document.core_properties.title = said(transcript.title)[:255]
    document.add_heading(said(transcript.title), 1)
    if transcript.about:
        document.add_paragraph(said(transcript.about))
    for pieces in transcript.paragraphs:
        paragraph = document.add_paragraph()
        for piece in pieces:
            for number in piece.ends:
                paragraph.add_run(f"{number} ").font.superscript = True
            if piece.words:
                run = paragraph.add_run(said(piece.words))
                if piece.depth:
                    run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    document.add_heading("Coded passages", 2)
    for passage in transcript.passages:
        paragraph = document.add_paragraph(f"{passage.number}. ")
        paragraph.add_run(said("; ".join(passage.codes))).bold = True
        paragraph.add_run(said(f" “{_short(passage.words)}”"))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


_LAYOUT = """#let d = json(bytes(sys.inputs.data))
#set document(title: d.title)
#set page(margin: 2.2cm, numbering: "1")
#set text(size: 10.5pt)
#set par(leading: 0.8em)
#text(size: 16pt, weight: "bold", d.title)

#d.about

#for line in d.paragraphs {
  par(for piece in line {
    for number in piece.ends { super(text(fill: rgb("#124e78"), str(number))) }
    if piece.depth > 0 and piece.words != "" { highlight(fill: rgb("#fff0b8"), text(piece.words)) } else { text(piece.words) }
  })
}
#text(size: 13pt, weight: "bold", "Coded passages")

#for p in d.passages { par[#str(p.number). #strong(text(p.codes)) #text(fill: luma(40%), p.words)] }
"""


def _pdf(transcript: Transcript) -> bytes:
    import typst

    lines = [[{"words": said(p.words), "depth": p.depth, "ends": p.ends} for p in pieces] for pieces in transcript.paragraphs]
    passages = [{"number": p.number, "codes": said("; ".join(p.codes)), "words": said(_short(p.words))} for p in transcript.passages]
    data = {"title": said(transcript.title), "about": said(transcript.about), "paragraphs": lines, "passages": passages}
    # words are data: the layout never runs them
    return typst.compile(_LAYOUT.encode(), sys_inputs={"data": json.dumps(data)})
