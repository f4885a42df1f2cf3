"""QualCoder projects: the folder `X.qda` with its database `data.qda`, as tables. Positions are code points of the text it keeps."""

from collections import defaultdict
from typing import Any

from kithwork.formats.building import Question, slug
from kithwork.formats.offsets import BOM, PLAIN
from kithwork.formats.reading import Notes
from kithwork.formats.refi.values import color_of, moment, wave_of
from kithwork.formats.sources import Source
from kithwork.formats.talk import NAMELESS, Placing, Talk, whole
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables

Rows = dict[str, list[dict[str, Any]]]
WANTED: dict[str, tuple[str, ...]] = {
    "project": ("databaseversion", "memo"),
    "source": ("id", "name", "fulltext", "mediapath", "memo", "owner"),
    "code_cat": ("catid", "name", "memo", "supercatid"),
    "code_name": ("cid", "name", "memo", "catid", "color", "supercid"),
    "code_text": ("cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo", "important", "weight"),
    "annotation": ("fid", "pos0", "pos1", "memo", "owner", "date"),
    "cases": ("caseid", "name", "memo"),
    "case_text": ("caseid", "fid", "pos0", "pos1"),
    "attribute_type": ("name", "memo", "caseOrFile", "valuetype"),
    "attribute": ("name", "attr_type", "value", "id"),
    "journal": ("name", "jentry", "owner", "date"),
    "code_image": ("imid",),
    "code_av": ("avid",),
    "coder_names": ("visibility",),
    "ris": ("risid",),
    "graph": ("grid",),
    "stored_sql": ("title",),
}
WAVES = ("wave", "time", "timepoint")  # what the attribute of a file is called that says its wave


def recognises(sources: list[Source], notes: Notes) -> bool:
    """A database called `data.qda`, or any `.qda`."""
    return any(source.name.lower().endswith(".qda") for source in sources)


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """The project of one database."""
    return tables_from(rows_of_one(sources, ".qda", "QualCoder", WANTED, notes), notes)


def rows_of_one(sources: list[Source], ending: str, program: str, wanted: dict[str, tuple[str, ...]], notes: Notes) -> Rows:
    """Rows of the one database among the files, by the reader the store lends."""
    found = [source for source in sources if source.name.lower().endswith(ending)]
    if len(found) != 1:
        raise FormatError(f"{len(found)} {program} projects were given; import them one at a time.")
    if notes.rows_of is None:
        raise FormatError(f"'{found[0].name}' is a database; bring it in with kith import or the import page.")
    rows = notes.rows_of(found[0].data, found[0].name, wanted)
    if not any(rows.values()):
        raise FormatError(f"'{found[0].name}' is not a {program} project: none of its tables is there.")
    return rows


def tables_from(rows: Rows, notes: Notes) -> StudyTables:
    """Tables from the rows of a QualCoder project."""
    project = _Project(rows, notes)
    project.build()
    return project.tables()


class _Project(Talk):
    def __init__(self, rows: Rows, notes: Notes) -> None:
        super().__init__(notes)
        self._from = rows
        self._sources: dict[Any, tuple[str, str, Placing]] = {}  # fid -> document, revision, placing
        self._code_of: dict[Any, str] = {}

    def build(self) -> None:
        """Everything, in the order in which things need one another."""
        self._tree()
        self._cases()
        self._texts()
        for row in self._from["code_text"]:
            self._coded(row)
        for row in self._from["annotation"]:
            if row.get("fid") in self._sources and _is_span(row):
                segment = self._sources[row["fid"]][2].segment(row["pos0"], row["pos1"], "")
                self.memo(
                    "segment_id", segment, text_of(row, "memo"), self.coder(text_of(row, "owner")), written_at=moment(text_of(row, "date"))
                )
        for row in self._from["journal"]:
            entry = text_of(row, "jentry")
            if entry.strip():
                self.text(text_of(row, "name") or "Journal", entry, None, "a QualCoder journal", document_kind="field_notes")
        self._say_losses()

    def _tree(self) -> None:
        categories = {row.get("catid"): row for row in self._from["code_cat"]}
        codes = {row.get("cid"): row for row in self._from["code_name"]}
        parents: dict[tuple[str, Any], tuple[str, Any] | None] = {}
        for key, row in categories.items():
            parents["cat", key] = ("cat", row["supercatid"]) if row.get("supercatid") in categories else None
        for key, row in codes.items():
            above = ("code", row["supercid"]) if row.get("supercid") in codes else None
            parents["code", key] = above or (("cat", row["catid"]) if row.get("catid") in categories else None)
        if categories:
            notes = "Codes that only hold other codes (not codable) become ordinary codes."
            self.notes.lose(notes)
        named = {("cat", key): row for key, row in categories.items()} | {("code", key): row for key, row in codes.items()}
        ids = tree(self, parents, named)
        self._code_of = {key: ids["code", key] for key in codes}

    def _cases(self) -> None:
        self._participants: dict[Any, str] = {}
        for row in self._from["cases"]:
            name = self.free("participants", whole(text_of(row, "name")).strip() or NAMELESS)
            person = self.add("participants", id=self.own("participants", None, name), pseudonym=name, status="enrolled")
            self._participants[row.get("caseid")] = person
            self.memo("participant_id", person, text_of(row, "memo"))
        kinds = {(row.get("name"), row.get("caseOrFile")): row for row in self._from["attribute_type"]}
        questions: dict[Any, Question] = {}
        for row in self._from["attribute"]:
            person, value = self._participants.get(row.get("id")), text_of(row, "value")
            if row.get("attr_type") != "case" or person is None or not value:
                continue
            name = text_of(row, "name")
            if name not in questions:
                kind = kinds.get((name, "case"), {})
                answered = "number" if kind.get("valuetype") == "numeric" else "text"
                wording = whole(text_of(kind, "memo")).strip() or whole(name).strip() or NAMELESS
                question = Question(slug(name), "participant", wording, answered, "From QualCoder", id=self.own("questions", None, name))
                questions[name] = self.question(question)
            self.answer(questions[name], person, whole(value))

    def _texts(self) -> None:
        owners: defaultdict[Any, list[str]] = defaultdict(list)
        for row in self._from["case_text"]:
            person = self._participants.get(row.get("caseid"))
            if person and person not in owners[row.get("fid")]:
                owners[row.get("fid")].append(person)
        waves = {
            row.get("id"): wave_of(text_of(row, "value"))
            for row in self._from["attribute"]
            if row.get("attr_type") == "file" and slug(text_of(row, "name")) in WAVES
        }
        if any(_is_left(row, waves) for row in self._from["attribute"]):
            self.notes.lose("Attributes of files other than the wave, and of journals, are not kept.")
        selections: defaultdict[Any, list[tuple[int, int, str]]] = defaultdict(list)
        for row in self._from["code_text"]:
            if _is_span(row):
                selections[row.get("fid")].append((row["pos0"], row["pos1"], text_of(row, "seltext")))
        for row in self._from["source"]:
            words = text_of(row, "fulltext")
            if not words.removeprefix(BOM):
                if row.get("mediapath"):
                    self.notes.lose("Pictures, sound and films are not kept; texts are.")
                else:
                    self.notes.meet("empty_text", "A source's text is empty and is left out.")
                continue
            place: dict[str, str] = {}
            people = owners[row.get("id")]
            if len(people) == 1:
                place["participant_id"] = people[0]
                wave = waves.get(row.get("id"))
                if wave:
                    place["interview_id"] = self.interview(people[0], wave)
            elif people:
                self.notes.lose("A source that belongs to several cases is kept without a participant.")
            title = text_of(row, "name")
            text = words.removeprefix(BOM)
            document, revision = self.text(title, text, None, "QualCoder", document_kind="transcript", **place)
            placing = Placing(self, revision, None, words.startswith(BOM), selections[row.get("id")], PLAIN)
            self._sources[row.get("id")] = (document, revision, placing)
            self.memo("document_id", document, text_of(row, "memo"), self.coder(text_of(row, "owner")))

    def _coded(self, row: dict[str, Any]) -> None:
        code, coder = self._code_of.get(row.get("cid")), self.coder(text_of(row, "owner"))
        if code is None or row.get("fid") not in self._sources or not _is_span(row):
            self.notes.meet("no_code", "A coding names a code or a text that is not in the project and is left out.")
            return
        segment = self._sources[row["fid"]][2].segment(row["pos0"], row["pos1"], text_of(row, "seltext"))
        self.coding(segment, code, coder, coded_at=moment(text_of(row, "date")))
        self.memo("segment_id", segment, text_of(row, "memo"), coder)

    def _say_losses(self) -> None:
        for table, sentence in (
            ("code_image", "{} coding(s) of pictures and pages are not kept."),
            ("code_av", "{} coding(s) of sound and film are not kept; codings of their transcripts are."),
            ("graph", "{} graph(s) are not kept."),
            ("stored_sql", "{} stored quer(ies) are not kept."),
            ("ris", "References to literature are not kept."),
        ):
            if self._from.get(table):
                self.notes.lose(sentence.format(len(self._from[table])))
        if any(row.get("important") or row.get("weight") for row in self._from["code_text"]):
            self.notes.lose("Which codings are marked as important, or weighted, is not kept; the codings are.")
        if any(row.get("visibility") == 0 for row in self._from.get("coder_names", ())):
            self.notes.meet("hidden_coder", "A coder is hidden in the project; what they coded is read too.")
        for row in self._from["project"]:
            self.study_memo(text_of(row, "memo"))


def tree(talk: Talk, parents: dict[Any, Any], named: dict[Any, dict[str, Any]]) -> dict[Any, str]:
    """Codes of a tree given by parents, parents first; a circle is cut. Returns the id of each."""
    ids: dict[Any, str] = {}
    paths: dict[Any, tuple[str, ...]] = {}

    def place(key: Any) -> None:
        chain = [key]
        while parents.get(chain[-1]) is not None and parents[chain[-1]] not in ids and parents[chain[-1]] not in chain:
            chain.append(parents[chain[-1]])
        for each in reversed(chain):
            above = parents.get(each) if parents.get(each) in ids else None
            row = named[each]
            name = whole(text_of(row, "name")).strip() or NAMELESS
            paths[each] = (*paths.get(above, ()), name)
            memo = whole(text_of(row, "memo"))
            values = {"definition": memo, "color": color_of(text_of(row, "color")), "position": len(ids) + 1}
            ids[each] = talk.add("codes", id=talk.own("codes", None, *paths[each]), parent_id=ids.get(above), name=name, **values)

    for key in named:
        if key not in ids:
            place(key)
    return ids


def text_of(row: dict[str, Any], column: str) -> str:
    """A cell as text; what is empty or no text is ''."""
    value = row.get(column)
    return value if isinstance(value, str) else "" if value is None or isinstance(value, bytes) else str(value)


def _is_left(row: dict[str, Any], waves: dict[Any, Any]) -> bool:
    is_wave = row.get("id") in waves and slug(text_of(row, "name")) in WAVES
    return row.get("attr_type") != "case" and bool(text_of(row, "value")) and not (row.get("attr_type") == "file" and is_wave)


def _is_span(row: dict[str, Any]) -> bool:
    return isinstance(row.get("pos0"), int) and isinstance(row.get("pos1"), int)
