"""A REFI-QDA project's elements as our tables, and every loss said."""

import datetime
import re
from collections import defaultdict
from collections.abc import Callable

from kithwork.formats.building import Question, number_of, slug, truth_of
from kithwork.formats.offsets import BOM, DEFAULTS, PLAIN
from kithwork.formats.reading import Notes
from kithwork.formats.refi.project import Case, Coded, Node, Project, Selection, Text
from kithwork.formats.talk import NAMELESS, Placing, Talk, whole
from kithwork.model.rows import utc_text
from kithwork.model.schema import KINDS, TABLES

ReadMember = Callable[[str | None], str | None]
_COLUMNS = {"site": "site", "gender": "gender", "age_band": "age_band", "housing": "housing", "education": "education"}
_COLUMNS |= {"employment": "employment", "lives_alone": "lives_alone"}
_WAVE_NAMES = ("wave", "time", "occasion", "timepoint", "time_point")
_DATE_NAMES = ("wave_date", "held_on", "interview_date", "date")
_ANSWERS = {"Integer": "number", "Float": "number", "Boolean": "boolean"}
MENTIONS = "mentions"
OF_ALTER = "alter"


class Incoming(Talk):
    """Rows out of one project. `words_of` gives the text of a member by its path."""

    def __init__(self, project: Project, words_of: ReadMember, notes: Notes, file: str) -> None:
        super().__init__(notes)
        self.project, self._words_of, self._file = project, words_of, file
        self._default = next((way for name, way in DEFAULTS.items() if name in project.origin.lower()), PLAIN)
        self._from = whole(project.origin).strip() or "a REFI-QDA project"
        self._code_ids: dict[str, str] = {}
        self._targets: dict[str, tuple[str, str]] = {}  # guid -> memo column and row id
        self._texts_of: dict[str, tuple[str, str | None]] = {}  # source guid -> document, revision
        self._placings: dict[str, Placing] = {}
        self._note_of: dict[str, Text] = {note.guid: note for note in project.memos if note.guid}
        self._used_notes: set[str] = set()
        self._questions: dict[tuple[str, str], Question] = {}
        self._cases: dict[str, tuple[str, str]] = {}  # guid -> participants | alters, row id
        self._later: list[tuple[list[str], str, str]] = []  # notes to attach once all are known
        self._described: list[tuple[str, str, str, str | None, str | None]] = []  # descriptions, which may only repeat those notes

    def build(self) -> None:
        """Everything, in the order in which things need one another."""
        for user in self.project.users:
            self.coder(user.name, user.guid)
        self._tree(self.project.codes, None, ())
        self._people()
        owners = self._owners()
        for source in self.project.sources:
            self._source(source, owners)
        self._sets()
        self._links()
        if self.project.notes or self.project.description.strip():
            self._later.append((self.project.notes, "study_id", self.study()))
            self._described.append(("study_id", self.study(), self.project.description, None, None))
        self._notes()
        self._descriptions()
        self._say_losses()

    def who(self, guid: str | None) -> str | None:
        """The coder of a guid; an unknown one stays unknown, and is never taken for somebody else."""
        return self.coder(None, guid) if guid else None

    # -- codes -------------------------------------------------------------------------------------------------------------------

    def _tree(self, codes: list[Node], parent: str | None, path: tuple[str, ...]) -> None:
        for position, code in enumerate(codes, 1):
            name = whole(code.name).strip() or NAMELESS
            row_id = self.own("codes", code.guid, *path, name)
            if code.guid and code.guid in self._code_ids:
                self.notes.meet("repeated_guid", "Two codes have the same GUID; codings of it are given to the first.", self._file)
            color = color_of(code.color)
            self.add("codes", id=row_id, parent_id=parent, name=name, definition=whole(code.description), color=color, position=position)
            if code.guid:
                self._code_ids.setdefault(code.guid, row_id)
                self._targets.setdefault(code.guid, ("code_id", row_id))
            if not code.is_codable:
                self.notes.lose("Codes that only hold other codes (not codable) become ordinary codes.")
            self._later.append((code.notes, "code_id", row_id))
            self._tree(code.children, row_id, (*path, name))

    # -- cases -------------------------------------------------------------------------------------------------------------------

    def _people(self) -> None:
        names = {guid: slug(name) for guid, (name, _, _) in self.project.variables.items()}
        for number, case in enumerate(self.project.cases, 1):
            values = {names.get(guid, ""): value for guid, value in case.values.items()}
            if values.get("case") != OF_ALTER:
                self._participant(case, number, names)
        by_name = {row["pseudonym"]: row["id"] for row in self.rows["participants"]}
        for case in self.project.cases:
            values = {names.get(guid, ""): value for guid, value in case.values.items()}
            owner = by_name.get(whole(values.get("participant", "")))
            if values.get("case") == OF_ALTER and owner and values.get("kind"):
                name = whole(case.name).rpartition(" · ")[2].strip() or NAMELESS
                row_id = self.own("alters", case.guid, owner, name)
                kind = values["kind"] if values["kind"] in KINDS else "person"
                self.add("alters", id=row_id, participant_id=owner, kind=kind, role=values.get("role"), pseudonym=name)
                self._target(case.guid, "alters", row_id)

    def _participant(self, case: Case, number: int, names: dict[str, str]) -> None:
        name = self.free("participants", whole(case.name).strip() or f"Case {number}")
        row_id = self.own("participants", case.guid, name)
        columns: dict[str, object] = {}
        answers = []
        for guid, value in case.values.items():
            column = _COLUMNS.get(names.get(guid, ""))
            if names.get(guid) in ("case", "participant") or guid not in self.project.variables:
                continue
            if column == "lives_alone" and truth_of(value) is not None:
                columns[column] = truth_of(value)
            elif column and column != "lives_alone" and column not in columns:
                columns[column] = whole(value)
            else:
                answers.append((guid, value))
        self.add("participants", id=row_id, pseudonym=name, status="enrolled", **columns)
        self._target(case.guid, "participants", row_id)
        for guid, value in answers:
            self._answer("participant", guid, row_id, value)
        self._described.append(("participant_id", row_id, case.description, None, None))
        if case.codes:
            self.notes.lose("Codes given to a whole case are not kept; code its documents.")
        if case.selections:
            self.notes.lose("Passages assigned to a case without its document are not kept.")

    def _target(self, guid: str | None, table: str, row_id: str) -> None:
        if guid:
            self._cases.setdefault(guid, (table, row_id))
            self._targets.setdefault(guid, ("participant_id" if table == "participants" else "alter_id", row_id))

    def _answer(self, subject: str, variable: str, owner: str, value: str) -> None:
        name, kind, description = self.project.variables[variable]
        key = (subject, variable)
        if key not in self._questions:
            wording = whole(description).strip() or whole(name).strip() or NAMELESS
            made = Question(slug(name), subject, wording, _ANSWERS.get(kind, "text"), f"From {self._from}")
            made.id = self.own("questions", None, subject, name)
            self._questions[key] = self.question(made)
        question = self._questions[key]
        cell = whole(value)
        if question.answer_kind == "number" and number_of(cell) is None:
            self.notes.meet("not_a_number", f"An answer to '{question.code}' is not a number.", self._file)
            question = Question(question.code, subject, "", "text", "", id=question.id)
        self.answer(question, owner, cell)

    def _owners(self) -> dict[str, list[str]]:
        owners: defaultdict[str, list[str]] = defaultdict(list)
        for case in self.project.cases:
            table, row_id = self._cases.get(case.guid or "", ("", ""))
            if table == "participants":
                for source in case.sources:
                    owners[source].append(row_id)
        return owners

    # -- sources -----------------------------------------------------------------------------------------------------------------

    def _source(self, source: Text, owners: dict[str, list[str]]) -> None:
        if source.regions:
            self.notes.lose("Coded regions of PDFs, pictures and recordings are not kept; coded words of their texts are.")
        texts = [source] if source.element == "TextSource" else source.inner
        if source.element != "TextSource":
            self.notes.lose("PDFs, pictures and recordings themselves are not kept; the text that stands for them is.")
            if texts:
                texts[0].codings += source.codings
                texts[0].values, texts[0].notes = source.values, [*texts[0].notes, *source.notes]
        for number, text in enumerate(texts, 1):
            title = source.name or text.name
            self._text(text, title if len(texts) == 1 else f"{title} ({number})", source.guid if number == 1 else text.guid, owners)

    def _text(self, source: Text, title: str, guid: str | None, owners: dict[str, list[str]]) -> None:
        words = self._words_of(source.path) if source.path else None
        if words is None and source.content is not None:
            words = source.content
        if words is None:
            count = len(source.selections)
            sentence = f"A source has no text in the file; it and its {count} selection(s) are left out."
            self.notes.meet("no_text", sentence, self._file)
            return
        text = words.removeprefix(BOM)
        if not text:
            self.notes.meet("empty_text", "A source's text is empty and is left out.", self._file)
            return
        place = self._place_of(source, owners.get(guid or "", []))
        document, revision = self.text(title, text, guid, self._from, **place, document_kind="transcript")
        if guid:
            self._texts_of.setdefault(guid, (document, revision))
            self._targets.setdefault(guid, ("document_id", document))
        self._described.append(("document_id", document, source.description, None, None))
        self._later.append((source.notes, "document_id", document))
        self._selections(source, revision, title, words.startswith(BOM))
        for coding in source.codings:
            if coding.code in self._code_ids:
                self._coding(coding, self.segment(revision, 0, len(text)))
        self._values(source, place)

    def _selections(self, source: Text, revision: str, title: str, has_bom: bool) -> None:
        spans: list[tuple[int, int, str, Selection]] = []
        for selection in source.selections:
            start, stop = selection.start, selection.stop
            if selection.between:
                first, last = (source.syncs.get(guid or "", (None, 0))[0] for guid in selection.between)
                start, stop = first, last
            if start is None or stop is None:
                self.notes.meet("no_positions", "A selection has no positions and is left out.", self._file)
            else:
                spans.append((start, stop, whole(quotation_of(selection)), selection))
        placing = Placing(self, revision, None, has_bom, [each[:3] for each in spans], self._default)
        if source.guid:
            self._placings[source.guid] = placing
        for start, stop, quotation, selection in spans:
            segment = placing.segment(start, stop, quotation, selection.guid)
            if selection.guid:
                self._targets.setdefault(selection.guid, ("segment_id", segment))
            for coding in selection.codings:
                coding.user, coding.at = coding.user or selection.user, coding.at or selection.at
                self._coding(coding, segment)
                self._later.append((coding.notes, "segment_id", segment))
            if selection.description.strip() and selection.description != selection.name:
                who, at = self.who(selection.user), moment(selection.at)
                self._described.append(("segment_id", segment, selection.description, who, at))
            self._later.append((selection.notes, "segment_id", segment))

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
        return {"interview_id": self._interview(owners[0], wave, held), "participant_id": owners[0]}

    def _interview(self, participant: str, wave: int, held_on: str | None) -> str:
        wave_id = self.wave(wave)
        for row in self.rows["interviews"]:
            if (row["participant_id"], row["wave_id"]) == (participant, wave_id):
                return row["id"]
        row_id = self.own("interviews", None, participant, wave)
        return self.add("interviews", id=row_id, participant_id=participant, wave_id=wave_id, status="held", held_on=held_on)

    def _values(self, source: Text, place: dict[str, str]) -> None:
        for guid, value in source.values.items():
            if guid not in self.project.variables or (slug(self.project.variables[guid][0]) in (*_WAVE_NAMES, *_DATE_NAMES) and place):
                continue
            if "interview_id" in place:
                self._answer("interview", guid, place["interview_id"], value)
            else:
                self.notes.lose("Variables of a source without a participant and wave are not kept.")

    # -- sets, links, notes ------------------------------------------------------------------------------------------------------

    def _sets(self) -> None:
        for each in self.project.sets:
            codes = list(dict.fromkeys(self._code_ids[guid] for guid in each.codes if guid in self._code_ids))
            if codes:
                name = self.free("themes", whole(each.name).strip() or NAMELESS)
                theme = self.own("themes", each.guid, name)
                self.add("themes", id=theme, name=name, central_idea=whole(each.description), position=len(self.rows["themes"]) + 1)
                if each.guid:
                    self._targets.setdefault(each.guid, ("theme_id", theme))
                for code in codes:
                    self.add("theme_codes", id=self.own("theme_codes", None, theme, code), theme_id=theme, code_id=code)
            if each.members > len(codes) and not (each.sources and re.match(r"(?i)(wave|t|time)\W*\d", each.name)):
                self.notes.lose(
                    "Sets of sources and notes are not kept; sets of codes become themes, and the wave is read from its variable."
                )

    def _links(self) -> None:
        seen = set()
        for link in self.project.links:
            start, end = self._targets.get(link.origin or ""), self._targets.get(link.target or "")
            if link.origin in self._note_of and end:
                self._attach(link.origin, *end)
            elif link.target in self._note_of and start:
                self._attach(link.target, *start)
            elif start and end and start[0] == "segment_id" and end[0] == "alter_id":
                if (start[1], end[1]) not in seen:
                    seen.add((start[1], end[1]))
                    row_id = self.own("mentions", link.guid, start[1], end[1])
                    self.add("mentions", id=row_id, segment_id=start[1], alter_id=end[1])
            else:
                self.notes.lose("Links between two things other than a note and what it is about are not kept.")

    def _attach(self, note: str, column: str, row_id: str) -> None:
        """A note on something, as a memo."""
        source = self._note_of[note]
        words = (self._words_of(source.path) if source.path else None) or source.content or source.description
        is_first = note not in self._used_notes
        self._used_notes.add(note)
        self.memo(column, row_id, words.removeprefix(BOM), self.who(source.user), source.guid if is_first else None, moment(source.at))

    def _notes(self) -> None:
        for guids, column, row_id in self._later:
            for guid in guids:
                note = self._note_of.get(guid)
                if note is None:
                    self.notes.meet("no_note", "Something names a note that is not in the file.", self._file)
                elif not (column == "document_id" and self._annotation(note, row_id)):
                    self._attach(guid, column, row_id)
        for note in self.project.memos:
            is_used = note.guid in self._used_notes
            if not is_used or any(selection.codings for selection in note.selections) or note.codings:
                title = note.name or "Note"
                words = (self._words_of(note.path) if note.path else None) or note.content or note.description
                if not words.removeprefix(BOM).strip():
                    continue
                _, revision = self.text(
                    title, words.removeprefix(BOM), None if is_used else note.guid, self._from, document_kind="field_notes"
                )
                self._selections(note, revision, title, words.startswith(BOM))

    def _descriptions(self) -> None:
        """A description is a memo, unless it says again what notes and mentions say, as ours do for programs that show nothing else."""
        said: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for row in self.rows["memos"]:
            column = next(name for name in TABLES["memos"].exactly_one if name in row)
            said[column, row[column]].append(row["text"])
        mentioned = {row["segment_id"] for row in self.rows["mentions"]}
        for column, row_id, words, who, at in self._described:
            left = whole(words)
            for text in said[column, row_id]:
                left = left.replace(text, "", 1)
            if left.strip() and not (row_id in mentioned and left.startswith(f"{MENTIONS} ")):
                self.memo(column, row_id, words, who, written_at=at)

    def _annotation(self, note: Text, document: str) -> bool:
        """QualCoder's annotations: a note whose own selection counts in the document it is on."""
        source = next((guid for guid, (found, _) in self._texts_of.items() if found == document), None)
        if source not in self._placings or len(note.selections) != 1 or note.selections[0].codings:
            return False
        selection = note.selections[0]
        if selection.name or selection.start is None or selection.stop is None:
            return False
        segment = self._placings[source].segment(selection.start, selection.stop, "")
        self._attach(note.guid or "", "segment_id", segment)
        return True

    def _say_losses(self) -> None:
        if self.project.graphs:
            self.notes.lose(f"{self.project.graphs} graph(s) are not kept.")
        known = {user.guid for user in self.project.users}
        if any(row["name"].startswith("Unknown coder") for row in self.rows["coders"]) or None in known:
            self.notes.meet(
                "unknown_coder", "Something was made by a user the file does not list; it is kept as an unknown coder's.", self._file
            )


def quotation_of(selection: Selection) -> str:
    """The words a selection says it covers."""
    return selection.name


def wave_of(text: str) -> int | None:
    """The number of a wave out of '2', 'T2' or 'Wave 2'."""
    match = re.fullmatch(r"\D{0,12}?(\d{1,3})(\.0+)?", text.strip())
    return int(match.group(1)) if match and 1 <= int(match.group(1)) <= 999 else None


def date_of(text: str) -> str | None:
    """A date as YYYY-MM-DD, or None."""
    try:
        return datetime.date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None


def moment(text: str | None) -> str | None:
    """A time in UTC; one without its zone is taken as UTC, one that cannot be read is None."""
    try:
        value = datetime.datetime.fromisoformat((text or "").strip().replace(" ", "T", 1))
        return utc_text(value if value.tzinfo else value.replace(tzinfo=datetime.UTC))
    except (ValueError, OverflowError):
        return None


def color_of(text: str | None) -> str | None:
    """A colour as #RRGGBB, or None."""
    text = (text or "").strip()
    if re.fullmatch(r"#[0-9a-fA-F]{3}", text):
        text = "#" + "".join(2 * digit for digit in text[1:])
    return text[:7].upper() if re.fullmatch(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?", text) else None
