"""The sources of a REFI-QDA project: texts with their passages and codings, each on its words, and what was coded without words."""

from kithwork.formats.building import slug
from kithwork.formats.offsets import BOM, DEFAULTS, LONG, PLAIN
from kithwork.formats.reading import Notes
from kithwork.formats.refi.people import People, ReadMember
from kithwork.formats.refi.project import Coded, Project, Region, Selection, Text
from kithwork.formats.refi.values import date_of, moment, wave_of
from kithwork.formats.talk import Placing, find, whole

_WAVE_NAMES = ("wave", "time", "occasion", "timepoint", "time_point")
_DATE_NAMES = ("wave_date", "held_on", "interview_date", "date")


class Texts(People):
    """Rows of talk. `words_of` gives the text of a member by its path, `laid_out` the words of a page (.docx, .pdf …)."""

    def __init__(self, project: Project, words_of: ReadMember, notes: Notes, file: str, laid_out: ReadMember = lambda _: None) -> None:
        super().__init__(project, notes, file)
        self._words_of, self._laid_out = words_of, laid_out
        self._default = next((way for name, way in DEFAULTS.items() if name in project.origin.lower()), PLAIN)
        self._texts_of: dict[str, tuple[str, str | None]] = {}  # source guid -> document, revision
        self._placings: dict[str, Placing] = {}
        self._wordless = 0  # codings and memos on what has no words

    def _source(self, source: Text, owners: dict[str, list[str]]) -> None:
        texts = [source]
        if source.element != "TextSource":
            self.notes.lose("PDFs, pictures and recordings themselves are not kept; the text that stands for them is.")
            texts = source.inner or [Text(guid=source.guid, name=source.name, rich_path=source.rich_path)]
            texts[0].codings += source.codings
            texts[0].selections += source.selections
            texts[0].values, texts[0].notes = {**source.values, **texts[0].values}, [*texts[0].notes, *source.notes]
        found = []
        for number, text in enumerate(texts, 1):
            title = source.name or text.name
            is_page = source.element != "TextSource" and not source.inner
            place = self._text(text, title if len(texts) == 1 else f"{title} ({number})", source.guid if number == 1 else text.guid, owners)
            if place:
                found.append((text, *place))
            elif is_page:
                self._wordless += len(text.codings) + sum(map(_marks, text.selections))
        for region in source.regions:
            segment = self._stands_for(region, found)
            if segment is None:
                self._wordless += _marks(region)
            else:
                self._mark(region, segment)

    def _text(self, source: Text, title: str, guid: str | None, owners: dict[str, list[str]]) -> tuple[str, Placing] | None:
        words, is_own = self._words(source)
        if words is None:
            if source.element:
                sentence = f"A source has no text in the file; it and its {len(source.selections)} selection(s) are left out."
                self.notes.meet("no_text", sentence, self._file)
            return None
        text = words.removeprefix(BOM)
        if not text:
            self.notes.meet("empty_text", "A source's text is empty and is left out.", self._file)
            return None
        place = self._place_of(source, owners.get(guid or "", []))
        document, revision = self.text(title, text, guid, self._from, **place, document_kind="transcript")
        if guid:
            self._texts_of.setdefault(guid, (document, revision))
            self._targets.setdefault(guid, ("document_id", document))
        self._described.append(("document_id", document, source.description, None, None))
        self._later.append((source.notes, "document_id", document))
        placing = self._selections(source, revision, has_bom=words.startswith(BOM), is_own=is_own)
        self._placings.setdefault(guid or "", placing)
        for coding in source.codings:
            if coding.code not in self._cases:
                self._coding(coding, self.segment(revision, 0, len(text)))
        self._values(source, place)
        return revision, placing

    def _words(self, source: Text) -> tuple[str | None, bool]:
        """The text that positions count; where it is not in the file, the words of the page it was laid out on."""
        words = self._words_of(source.path)
        if words is None:
            words = source.content
        if words is not None:
            return words, True
        words = self._laid_out(source.path) or self._laid_out(source.rich_path)
        if words is not None:
            sentence = "A text is not in the file, but the page it was taken from is: its words are read from there."
            self.notes.meet("text_from_page", sentence, self._file)
        return words, False

    def _selections(self, source: Text, revision: str, *, has_bom: bool, is_own: bool = True) -> Placing:
        spans: list[tuple[int, int, str, Selection]] = []
        for selection in source.selections:
            start, stop = selection.start, selection.stop
            if selection.between:
                start, stop = _between(source, *selection.between)
            if start is None or stop is None:
                self.notes.meet("no_positions", "A selection has no positions and is left out.", self._file)
            else:
                name = "" if selection.name == source.name else whole(selection.name)  # QualCoder calls a passage of a film after it
                spans.append((start, stop, name, selection))
        placing = Placing(self, revision, None, has_bom, [each[:3] for each in spans], self._default, is_own=is_own)
        if source.guid:
            self._placings[source.guid] = placing
        for start, stop, quotation, selection in spans:
            self._mark(selection, placing.segment(start, stop, quotation, selection.guid))
        return placing

    def _mark(self, selection: Selection, segment: str) -> None:
        """The codings, description and notes of a selection, on its passage."""
        if selection.guid:
            self._targets.setdefault(selection.guid, ("segment_id", segment))
        for coding in selection.codings:
            coding.user, coding.at = coding.user or selection.user, coding.at or selection.at
            self._coding(coding, segment)
            self._later.append((coding.notes, "segment_id", segment))
            if coding.description.strip():
                self._described.append(("segment_id", segment, coding.description, self.who(coding.user), moment(coding.at)))
        if selection.description.strip() and selection.description != selection.name:
            who, at = self.who(selection.user), moment(selection.at)
            self._described.append(("segment_id", segment, selection.description, who, at))
        self._later.append((selection.notes, "segment_id", segment))

    def _stands_for(self, region: Region, texts: list[tuple[Text, str, Placing]]) -> str | None:
        """The passage with the words of a region: those written beside it, where the text holds them once, or those said in its time."""
        words = whole(region.words or self._words_of(region.path) or (region.name if len(region.name) >= LONG else "")).strip()
        for text, revision, placing in texts:
            times = {at: position for position, at in text.syncs.values() if at is not None}
            if region.start in times and region.stop in times:
                return placing.segment(times[region.start], times[region.stop], "", region.guid)
            span = find(self.texts[revision], words)
            if span:
                return self.segment(revision, *span, region.guid)
        return None

    def _coding(self, coding: Coded, segment: str) -> None:
        code = self._code_ids.get(coding.code or "")
        if code:
            self.coding(segment, code, self.who(coding.user), coding.guid, moment(coding.at))
        elif coding.code in self._cases:
            self.notes.lose("Passages coded with a case are not kept as codings; the document's own case is.")
        else:
            self.notes.meet("no_code", "A coding names a code that is not in the codebook and is left out.", self._file)

    def _place_of(self, source: Text, owners: list[str]) -> dict[str, str]:
        """The interview a text records, or the participant it belongs to."""
        coded = {self._cases[c.code][1] for c in source.codings if c.code in self._cases and self._cases[c.code][0] == "participants"}
        owners = list(dict.fromkeys(owners or coded))
        if len(owners) > 1:
            self.notes.lose("A source that belongs to several cases is kept without a participant.")
        if len(owners) != 1:
            return {}
        told = {slug(self.project.variables[guid][0]): value for guid, value in source.values.items() if guid in self.project.variables}
        wave = next((wave_of(told[name]) for name in _WAVE_NAMES if name in told), None)
        if wave is None:
            return {"participant_id": owners[0]}
        held = next((date_of(told[name]) for name in _DATE_NAMES if name in told), None)
        return {"interview_id": self.interview(owners[0], wave, held), "participant_id": owners[0]}

    def _values(self, source: Text, place: dict[str, str]) -> None:
        for guid, value in source.values.items():
            if guid not in self.project.variables or (slug(self.project.variables[guid][0]) in (*_WAVE_NAMES, *_DATE_NAMES) and place):
                continue
            if "interview_id" in place:
                self._answer("interview", guid, place["interview_id"], value)
            else:
                self.notes.lose("Variables of a source without a participant and wave are not kept.")


def _between(source: Text, first: str | None, last: str | None) -> tuple[int | None, int | None]:
    """Where two sync points of a transcript stand; without the second, the next one after the first."""
    start = source.syncs.get(first or "", (None, None))[0]
    stop = source.syncs.get(last or "", (None, None))[0]
    if start is not None and stop is None:
        stop = next((position for position, _ in sorted(source.syncs.values(), key=_place) if position > start), None)
    return start, stop


def _place(sync: tuple[int, int | None]) -> int:
    return sync[0]


def _marks(selection: Selection) -> int:
    return len(selection.codings) + bool(selection.description.strip())
