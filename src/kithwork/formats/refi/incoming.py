"""A REFI-QDA project's elements as our tables, and every loss said."""

import re
from collections import defaultdict

from kithwork.formats.offsets import BOM
from kithwork.formats.refi.project import Text
from kithwork.formats.refi.texts import Texts
from kithwork.formats.refi.values import moment
from kithwork.formats.talk import NAMELESS, whole
from kithwork.model.schema import TABLES

MENTIONS = "mentions"


class Incoming(Texts):
    """Rows out of one project."""

    def build(self) -> None:
        """Everything, in the order in which things need one another."""
        self._note_of: dict[str, Text] = {note.guid: note for note in self.project.memos if note.guid}
        self._used_notes: set[str] = set()
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
        words = self._words(source)[0] or source.description
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
                self._as_document(note, is_used=is_used)

    def _as_document(self, note: Text, *, is_used: bool) -> None:
        """A note on nothing, or one that is itself coded, as a document."""
        words, is_own = self._words(note)
        words = words or note.description
        text = words.removeprefix(BOM)
        if not text.strip():
            if note.path or note.rich_path or note.selections:
                self.notes.meet("no_text", "A note has no words in the file and is left out.", self._file)
            return
        _, revision = self.text(note.name or "Note", text, None if is_used else note.guid, self._from, document_kind="field_notes")
        self._selections(note, revision, has_bom=words.startswith(BOM), is_own=is_own)
        for coding in note.codings:
            self._coding(coding, self.segment(revision, 0, len(text)))

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
        if self._wordless:
            self.notes.lose(
                f"{self._wordless} coding(s) or memo(s) on regions of pages and pictures or stretches of recordings without words."
            )
        if self.project.stray:
            self.notes.lose(f"{self.project.stray} coding(s) that stand in no source are not read.")
        if self.project.graphs:
            self.notes.lose(f"{self.project.graphs} graph(s) are not kept.")
        known = {user.guid for user in self.project.users}
        if any(row["name"].startswith("Unknown coder") for row in self.rows["coders"]) or None in known:
            self.notes.meet(
                "unknown_coder", "Something was made by a user the file does not list; it is kept as an unknown coder's.", self._file
            )
