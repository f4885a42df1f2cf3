"""A coded transcript to read: HTML, docx and PDF. Coded words are marked, codes stand in the margin, a legend tells what each covers."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kithwork.formats.codebook import paths_of
from kithwork.formats.reading import Writing
from kithwork.formats.refi.values import color_of
from kithwork.formats.signed_off import may_leave
from kithwork.model.errors import SelectionError, near
from kithwork.model.rows import Row
from kithwork.model.tables import StudyTables

ENDINGS = (".html", ".docx", ".pdf")
_COLORS = ("#1F4B82", "#A3460F", "#1D5F4A", "#8A2F6B", "#6B5B00", "#4B3F9B", "#9A1B2F", "#2B6F86", "#5A5F66", "#3F6B1F")
_LINE = re.compile(r"\r\n|[\r\n\u2028\u2029]")


@dataclass(frozen=True)
class Piece:
    """A run of words under the same passages: how many, the colour of the shortest, and the numbers of those that end before it."""

    words: str
    depth: int
    ends: tuple[int, ...] = ()
    color: str = ""
    is_label: bool = False  # the speaker's name, a time: what stands before the words spoken


def is_from_right(pieces: list[Piece]) -> bool:
    """Whether a paragraph runs from right to left: the first letter said does, whatever letters the speaker's label has."""
    kinds = (unicodedata.bidirectional(sign) for piece in pieces if not piece.is_label for sign in piece.words)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


@dataclass(frozen=True)
class Put:
    """A code on a passage, and who put it there."""

    code: str
    coders: tuple[str, ...] = ()
    color: str = _COLORS[0]


@dataclass(frozen=True)
class Passage:
    """One coded passage: its number, words, and the codes on it."""

    number: int
    start: int
    stop: int
    words: str
    codes: tuple[Put, ...]

    @property
    def color(self) -> str:
        return self.codes[0].color if self.codes else _COLORS[0]


@dataclass(frozen=True)
class Meaning:
    """A code in the legend."""

    code: str
    color: str
    definition: str
    count: int


@dataclass
class Transcript:
    """One document's text in paragraphs of pieces, its passages, what is known of it, and the codes it holds.

    `beside` says, a paragraph, which passages begin in it.
    """

    title: str
    about: tuple[str, ...]
    paragraphs: list[list[Piece]] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    beside: list[list[int]] = field(default_factory=list)
    legend: list[Meaning] = field(default_factory=list)
    notes: tuple[str, ...] = ()


def write(tables: StudyTables, *, with_personal_text: bool = False, include_unsigned: bool = False) -> Writing:
    """Each document that may leave, as HTML, docx and PDF."""
    found = transcripts(tables, with_names=with_personal_text, include_unsigned=include_unsigned)
    files = {f"transcript-{at:03d}{ending}": render(each, ending) for at, each in enumerate(found, 1) for ending in ENDINGS}
    left = tables["documents"].height - len(found)
    return Writing(files, [f"{left} document(s) nobody signed off stay behind."] if left else [])


def transcripts(tables: StudyTables, *, with_names: bool = False, include_unsigned: bool = False) -> list[Transcript]:
    """The newest version of each document that may leave, with its passages in the order of the text."""
    leaving, latest = may_leave(tables), dict[str, Row]()
    for row in sorted(tables.rows("revisions"), key=lambda row: row["number"]):
        if include_unsigned or row["id"] in leaving:
            latest[row["document_id"]] = row
    codes, segments, labels = _codes(tables, with_names=with_names), defaultdict(list), defaultdict(list)
    for row in tables.rows("segments"):
        if row["id"] in codes and not row.get("is_lost"):
            segments[row["revision_id"]].append(row)
    for row in tables.rows("turns"):
        labels[row["revision_id"]].append(row["start"])
    abouts, definitions = _abouts(tables), _definitions(tables)
    found = []
    for document in tables.rows("documents"):
        revision = latest.get(document["id"])
        if revision is None:
            continue
        text, rows = revision["text"], sorted(segments[revision["id"]], key=lambda row: (row["start"], row["stop"]))
        passages = [
            Passage(at, row["start"], row["stop"], text[row["start"] : row["stop"]], codes[row["id"]]) for at, row in enumerate(rows, 1)
        ]
        made = Transcript(document["title"], abouts(document), cut(text, passages, labels[revision["id"]]), passages)
        made.beside, made.legend, made.notes = _beside(text, passages), _legend(passages, definitions), _notes(revision)
        found.append(made)
    return found


def _codes(tables: StudyTables, *, with_names: bool) -> dict[str, tuple[Put, ...]]:
    """What was put on each passage, by its id, in the order of codes and coders."""
    coders = {row["id"]: row["name"] if with_names else f"Coder {at}" for at, row in enumerate(tables.rows("coders"), 1)}
    paths = paths_of(tables)
    colors = {row["id"]: color_of(row.get("color")) or _own_color(row["id"]) for row in tables.rows("codes")}
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in tables.rows("codings"):
        found[row["segment_id"]][row["code_id"]].append(coders.get(row.get("coder_id", ""), ""))
    return {
        segment: tuple(
            Put(paths[code], tuple(sorted(filter(None, names))), colors[code])
            for code, names in sorted(codes.items(), key=lambda each: paths[each[0]])
        )
        for segment, codes in found.items()
    }


def _own_color(code_id: str) -> str:
    """The colour the coding page gives a code that has none."""
    total = 0
    for letter in code_id:
        total = (total * 31 + ord(letter)) % 9973
    return _COLORS[total % len(_COLORS)]


def _definitions(tables: StudyTables) -> dict[str, str]:
    paths = paths_of(tables)
    return {paths[row["id"]]: row.get("definition") or "" for row in tables.rows("codes")}


def _abouts(tables: StudyTables):
    """Gives what stands above a document: pseudonym, wave, date."""
    waves = {row["id"]: row["label"] for row in tables.rows("waves")}
    people = {row["id"]: row["pseudonym"] for row in tables.rows("participants")}
    interviews = {row["id"]: row for row in tables.rows("interviews")}

    def about(document: Row) -> tuple[str, ...]:
        interview = interviews.get(document.get("interview_id", ""), {})
        person = people.get(interview.get("participant_id") or document.get("participant_id", ""))
        return tuple(part for part in (person, waves.get(interview.get("wave_id", "")), interview.get("held_on")) if part)

    return about


def _notes(revision: Row) -> tuple[str, ...]:
    """What a reader must know of the text: its version, pseudonyms, and whether it may leave the study."""
    parts = [f"Version {revision['number']} of the text"]
    parts.append("names replaced" if revision.get("is_pseudonymised") else "names as said")
    signed = revision.get("signed_off_at")
    parts.append(f"signed off {signed[:10]}" if signed else "not signed off to leave the study")
    return tuple(parts)


def _beside(text: str, passages: Sequence[Passage]) -> list[list[int]]:
    """Numbers of the passages that begin in each paragraph."""
    ends = [*(match.end() for match in _LINE.finditer(text)), len(text) + 1]
    found: list[list[int]] = [[] for _ in ends]
    at = 0
    for passage in passages:
        while passage.start >= ends[at]:
            at += 1
        found[at].append(passage.number)
    return found


def _legend(passages: Iterable[Passage], definitions: Mapping[str, str]) -> list[Meaning]:
    counts: Counter[str] = Counter(put.code for passage in passages for put in passage.codes)
    colors = {put.code: put.color for passage in passages for put in passage.codes}
    return [Meaning(code, colors[code], definitions.get(code, ""), counts[code]) for code in sorted(counts, key=str.casefold)]


def cut(text: str, passages: Sequence[Passage], starts: Iterable[int] = ()) -> list[list[Piece]]:
    """The text in paragraphs, each cut wherever a passage begins or ends; joined again they are the text without its line ends.

    `starts` are where words spoken begin: what stands before one in its paragraph is the speaker's label.
    """
    begins, ends = defaultdict(list), defaultdict(list)
    for passage in passages:
        begins[passage.start].append(passage)
        ends[passage.stop].append(passage)
    lines, at = [], 0
    for match in _LINE.finditer(text):
        lines.append((at, match.start(), match.end()))
        at = match.end()
    lines.append((at, len(text), len(text)))
    spoken = sorted(starts)
    places = sorted({*begins, *ends, *spoken, *(x for line in lines for x in line)})
    here: dict[int, Passage] = {}
    paragraphs, done, said = [], 0, 0
    for first, last, following in lines:
        while said < len(spoken) and spoken[said] < first:
            said += 1
        label_to = spoken[said] if said < len(spoken) and spoken[said] <= last else first
        pieces: list[Piece] = []
        stop_at = following if following > last else last + 1  # the last line holds the end of the text
        while done < len(places) and places[done] < stop_at:
            place = places[done]
            for passage in ends.get(place, ()):
                here.pop(passage.number, None)
            for passage in begins.get(place, ()):
                if passage.stop > passage.start:
                    here[passage.number] = passage
            done += 1
            until = min(places[done] if done < len(places) else last, last)
            numbers = tuple(passage.number for passage in ends.get(place, ()))
            if numbers:  # a number stands after the words before it
                pieces.append(Piece("", 0, numbers))
            if place < until:
                inner = min(here.values(), key=lambda each: each.stop - each.start, default=None)
                pieces.append(Piece(text[place:until], len(here), (), inner.color if inner else "", is_label=until <= label_to))
        paragraphs.append(pieces)
    return paragraphs


def tint(color: str, share: float = 0.2) -> str:
    """A colour made light enough for dark words to stand on."""
    parts = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02X}" for part in parts)


def render(transcript: Transcript, ending: str) -> bytes:
    """One transcript as `.html`, `.docx` or `.pdf`. Raises `SelectionError` for another ending."""
    if ending == ".html":
        from kithwork.formats.coded_text.page import page as make
    elif ending == ".docx":
        from kithwork.formats.coded_text.word import word as make
    elif ending == ".pdf":
        from kithwork.formats.coded_text.printed import printed as make
    else:
        raise SelectionError(f"A transcript is written as {', '.join(ENDINGS)}.{near(ending, ENDINGS)}")
    return make(transcript)
