"""What every reader of coded talk shares: coders, codes, documents, passages and codings put together, each once."""

import hashlib
import html
import itertools
import re
from collections import defaultdict
from typing import Any

from kithwork.formats.building import Builder
from kithwork.formats.guids import derived, tidy_guid
from kithwork.formats.offsets import CUT_WORDS, ENOUGH, LONG, MAJORITY, PLAIN, Counting, Spans, agreement, between_words, calibrate, fold
from kithwork.formats.reading import Notes

LABEL = 60  # characters from which a name shorter than its span may be a quotation cut short
FEW = 3  # quotations or labels from which they say something of the others
LONGEST_PLACE = 30  # characters of a name that says two positions
MOST_WORDS = 2_000  # of a quotation that is looked for
AROUND = 32  # characters kept on either side of a passage, to find it again
NAMELESS = "(no name)"


def digest_of(text: str) -> str:
    """SHA-256 of a text, as in `revisions`."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def whole(text: str) -> str:
    """Text as a study may keep it: NUL and broken characters become U+FFFD, one for one, so that no position moves."""
    if "\x00" not in text and text.isascii():
        return text
    return "".join("\ufffd" if c == "\x00" or "\ud800" <= c <= "\udfff" else c for c in text) if _is_broken(text) else text


def _is_broken(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return "\x00" in text


class Talk(Builder):
    """Rows of talk. Ids are the file's own where it has GUIDs, else derived from what a row says, so that a second import knows it."""

    def __init__(self, notes: Notes) -> None:
        super().__init__(notes)
        self.asked_at = ()  # a file of talk does not say at which wave a variable was asked
        self.texts: dict[str, str] = {}  # revision -> text
        self._known: set[tuple[str, str]] = set()
        self._coders: dict[str, str] = {}
        self._segments: dict[tuple[str, int, int], str] = {}
        self._codings: set[tuple[str, str, str | None]] = set()
        self._names: dict[str, set[str]] = {}

    def own(self, table: str, guid: str | None, *parts: object) -> str:
        """The file's GUID where it has one that no row of the table has yet, else an id derived from the parts."""
        row_id = guid if guid and tidy_guid(guid) == guid and (table, guid) not in self._known else derived(table, *parts)
        number = 1
        while (table, row_id) in self._known:
            number += 1
            row_id = derived(table, number, *parts)
        self._known.add((table, row_id))
        return row_id

    def free(self, table: str, name: str) -> str:
        """A name no other row of this reading has in the table: 'Name', 'Name (2)' …"""
        taken = self._names.setdefault(table, set())
        stem, number = name, 1
        while name in taken:
            number += 1
            name = f"{stem} ({number})"
        taken.add(name)
        return name

    def coder(self, name: str | None, guid: str | None = None) -> str | None:
        """A coder by name, made when first met; None where the file does not say who."""
        name = whole(name or "").strip()
        key = guid or name
        if not key:
            return None
        if key not in self._coders:
            named = self.free("coders", name or "Unknown coder")
            self._coders[key] = self.add("coders", id=self.own("coders", guid, named), name=named)
        return self._coders[key]

    def text(self, title: str, text: str, guid: str | None, made_from: str, **values: Any) -> tuple[str, str]:
        """A document and its one revision; returns both ids. Not signed off: that is for a person to do."""
        text, title = whole(text), whole(title).strip() or NAMELESS
        document = self.add("documents", id=self.own("documents", guid, title, digest_of(text)), title=title, **values)
        revision = self.own("revisions", None, document, digest_of(text))
        self.add("revisions", id=revision, document_id=document, number=1, text=text, digest=digest_of(text), reason=f"From {made_from}")
        self.texts[revision] = text
        return document, revision

    def interview(self, participant: str, wave: int, held_on: str | None = None) -> str:
        """The interview of a participant at a wave, made when first met."""
        wave_id = self.wave(wave)
        for row in self.rows["interviews"]:
            if (row["participant_id"], row["wave_id"]) == (participant, wave_id):
                return row["id"]
        row_id = self.own("interviews", None, participant, wave)
        return self.add("interviews", id=row_id, participant_id=participant, wave_id=wave_id, status="held", held_on=held_on)

    def segment(self, revision: str, start: int, stop: int, guid: str | None = None, lost: str | None = None) -> str:
        """A passage, once a span. `lost` is its quotation where its place could not be found."""
        text = self.texts[revision]
        key = (revision, start, stop)
        if lost is None and key in self._segments:
            return self._segments[key]
        words = text[start:stop] if lost is None else whole(lost)
        row = {"revision_id": revision, "start": start, "stop": stop, "quotation": words, "is_lost": True if lost is not None else None}
        if lost is None:
            row |= {"before": text[max(0, start - AROUND) : start], "after": text[stop : stop + AROUND]}
        segment = self.add("segments", id=self.own("segments", guid, revision, start, stop, words), **row)
        if lost is None:
            self._segments[key] = segment
        return segment

    def coding(self, segment: str, code: str, coder: str | None, guid: str | None = None, coded_at: str | None = None) -> None:
        """One coding; the same coder's second of the same code on the same passage is the first."""
        key = (segment, code, coder)
        if key not in self._codings:
            self._codings.add(key)
            ids = {"segment_id": segment, "code_id": code, "coder_id": coder}
            self.add("codings", id=self.own("codings", guid, *key), coded_at=coded_at, **ids)

    def study(self) -> str:
        """The study as a whole, for what a project says of itself; where there is a study already, that is it."""
        if not self.rows["studies"]:
            self.add("studies", id=self.own("studies", None, "project"), title="Imported project")
        return self.rows["studies"][0]["id"]

    def study_memo(self, text: str) -> None:
        """What a project says of itself, as a memo on the study; it makes no study where it says nothing."""
        if text.strip():
            self.memo("study_id", self.study(), text)

    def memo(
        self, about: str, row_id: str, text: str | None, coder: str | None = None, guid: str | None = None, written_at: str | None = None
    ) -> None:
        """A memo on one thing, unless it is empty. `about` is the memo's column."""
        text = whole(text or "")
        if text.strip():
            memo = self.own("memos", guid, about, row_id, text)
            self.add("memos", id=memo, **{about: row_id}, text=text, coder_id=coder, written_at=written_at)


def find(text: str, quotation: str) -> tuple[int, int] | None:
    """The only place of a quotation in a text, to the character, or but for white space; None where it is not there or there twice."""
    words = quotation.split()
    if not words:
        return None
    first = text.find(quotation)
    if first >= 0:
        return (first, first + len(quotation)) if text.find(quotation, first + 1) < 0 else None
    if len(words) == 1 or len(words) > MOST_WORDS or words[0] not in text:
        return None
    found = list(itertools.islice(re.finditer(r"\s+".join(map(re.escape, words)), text), 2))
    return found[0].span() if len(found) == 1 else None


class Placing:
    """Puts the selections of one text on their words: calibrated by their quotations, and each held to its own.

    Where `is_own` is False the text is not the one the file counts, but was taken from a page laid out: positions alone say nothing.
    """

    def __init__(
        self,
        talk: Talk,
        revision: str,
        file: str | None,
        has_bom: bool,
        selections: list[tuple[int, int, str]],
        default: Counting = PLAIN,
        *,
        is_own: bool = True,
    ) -> None:
        self._talk, self._revision, self._file = talk, revision, file
        self._text = talk.texts[revision]
        self._spans = Spans(self._text, has_bom)
        self._folded: str | None = None
        folded = [(*_forwards(start, stop), fold(_quotation(start, stop, name))) for start, stop, name in selections]
        self.counting, self.share = calibrate(self._spans, folded, default)
        self._are_labels = not self.share and self._named_at_will(folded)
        if self._are_labels:
            self.counting = between_words(self._spans, [each[:2] for each in folded], default)
        self._is_sure = self._is_told(folded)
        self._are_places = is_own or self._is_sure
        if selections and is_own:
            self._say_how(len(selections), [each[:2] for each in folded], default)

    def _say_how(self, count: int, spans: list[tuple[int, int]], default: Counting) -> None:
        words = self.counting.words
        if self.share is None and self.counting != default:
            self._say("offsets_told", f"No quotation tells how its {count} selections count; as {words}, they begin and end between words.")
        elif self.share is None:
            untold = f"No quotation tells how its {count} selections count; they are read as {words}"
            cut = self._spans.cut(self.counting, spans)
            self._say("offsets_untold", f"{untold}, though {cut:.0%} of their ends lie inside a word." if cut > CUT_WORDS else f"{untold}.")
        elif self._are_labels:
            self._say("quotation_is_label", f"None of its {count} selections is called by its words; they are read as {words}.")
        elif self.share < ENOUGH:
            self._say(
                "offsets_doubtful", f"Only {self.share:.0%} of its quotations agree with one way of counting positions; each is looked for."
            )
        elif self.counting != PLAIN:
            self._say("offsets_told", f"Its selections count {words}, as their quotations show.")

    def _say(self, code: str, sentence: str) -> str:
        return self._talk.notes.meet(code, sentence, self._file)

    def segment(self, start: int, stop: int, name: str, guid: str | None = None) -> str:
        """The passage on the words of its quotation; elsewhere only where the quotation proves to be a label."""
        (start, stop), quotation = _forwards(start, stop), _quotation(start, stop, name)
        span = self._spans.place(self.counting, start, stop) if self._are_places else None
        if span and self._agrees(span, quotation):
            return self._talk.segment(self._revision, *span, guid)
        moved = self._elsewhere(start, stop, quotation)
        if moved:
            if self._are_places:
                self._say("selection_moved", "A selection stood beside its quotation and is put on it, where alone it occurs.")
            return self._talk.segment(self._revision, *moved, guid)
        if span and self._is_label(quotation, stop - start):
            self._say("quotation_is_label", "A selection is called by words that its text does not hold; it is placed by its positions.")
            return self._talk.segment(self._revision, *span, guid)
        if not self._are_places:
            self._say("selection_differs", "A selection counts a text that is not in the file, and its words are not found in the page.")
        else:
            code, what = (
                ("selection_differs", "holds other words than its quotation") if span else ("selection_outside", "lies outside its text")
            )
            self._say(code, f"A selection {what}, and its place cannot be told.")
        return self._talk.segment(self._revision, 0, 0, guid, lost=quotation)

    def _agrees(self, span: tuple[int, int], quotation: str) -> bool:
        words, quotation = fold(self._text[span[0] : span[1]]), fold(quotation)
        return not quotation or agreement(words, quotation) > 0 or ("&" in quotation and words == fold(html.unescape(quotation)))

    def _elsewhere(self, start: int, stop: int, quotation: str) -> tuple[int, int] | None:
        """Where alone the words of a quotation stand, or the one place that another way of counting gives them."""
        moved = find(self._text, quotation.replace("\r\n", "\n")) or find(self._text, quotation)
        folded = fold(quotation)
        if moved or not self._are_places or len(folded) < LONG // 2:
            return moved
        spans = {self._spans.place(way, start, stop) for way in self._spans.ways()} - {None}
        same = [span for span in spans if span and fold(self._text[span[0] : span[1]]) == folded]
        return same[0] if len(same) == 1 else None

    def _is_label(self, name: str, length: int) -> bool:
        """Whether a name is no quotation: nowhere in the text, and of another length than what it names, unless the others are sure."""
        if self._are_labels:
            return True
        is_cut = name.rstrip().endswith(("…", "...")) or (LABEL <= len(name) < length)
        return not is_cut and (self._is_sure or not _is_as_long(name, length)) and not self._holds(name)

    def _is_told(self, selections: list[tuple[int, int, str]]) -> bool:
        """Whether the quotations are enough to trust positions as well: what they leave is labels, and no sign of another text."""
        if self.share is None or self.share < MAJORITY or len(selections) < FEW:
            return False
        if self.share >= ENOUGH:
            return True
        placed = [(self._spans.place(self.counting, start, stop), name) for start, stop, name in selections if len(name) >= 3]
        others = [name for span, name in placed if not (span and self._agrees(span, name))]
        return len(placed) - len(others) >= FEW and not any(map(self._holds, others))

    def _named_at_will(self, selections: list[tuple[int, int, str]]) -> bool:
        """Whether the selections of a text are called by labels: none is in it, and few are as long as what they name."""
        lengths: defaultdict[str, list[int]] = defaultdict(list)
        for start, stop, name in selections:
            if len(name) >= 3:
                lengths[name].append(stop - start)
        named = [(name, length) for name, each in lengths.items() for length in each]
        if len(named) < FEW:
            return False
        fits = sum(
            name.endswith(("…", "...")) or (_is_as_long(name, length) and max(lengths[name]) - min(lengths[name]) <= 3)
            for name, length in named
        )
        return 2 * fits < len(named) and not any(map(self._holds, lengths))

    def _holds(self, name: str) -> bool:
        if self._folded is None:
            self._folded = fold(self._text)
        return fold(name) in self._folded


def _is_as_long(name: str, length: int) -> bool:
    return abs(len(name) - length) <= max(3, length // 5)


def _forwards(start: int, stop: int) -> tuple[int, int]:
    return (start, stop) if start <= stop else (stop, start)


def _quotation(start: int, stop: int, name: str) -> str:
    """What a selection says it holds: its name, unless that only says its positions again, as MAXQDA's do."""
    numbers = re.fullmatch(r"\D{0,3}(\d+)\D{1,3}(\d+)\D{0,3}", name) if len(name) < LONGEST_PLACE else None
    return "" if numbers and [int(number) for number in numbers.groups()] == [start, stop] else name
