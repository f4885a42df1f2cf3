"""The people of a REFI-QDA project and its codebook: codes as a tree, cases as participants and alters, their variables as answers."""

from collections import defaultdict
from collections.abc import Callable

from kithwork.formats.building import Question, number_of, slug, truth_of
from kithwork.formats.guids import tidy_guid
from kithwork.formats.reading import Notes
from kithwork.formats.refi.project import Case, Node, Project
from kithwork.formats.refi.values import color_of
from kithwork.formats.talk import NAMELESS, Talk, whole
from kithwork.model.schema import KINDS, TABLES

ReadMember = Callable[[str | None], str | None]
OF_ALTER = "alter"
_OURS = ("participant", OF_ALTER)  # what we write as the variable `case`
_STATUSES = next(column.choices for column in TABLES["participants"].columns if column.name == "status") or {}
_COLUMNS = {"site": "site", "gender": "gender", "age_band": "age_band", "housing": "housing", "education": "education"}
_COLUMNS |= {"employment": "employment", "lives_alone": "lives_alone"}
_ANSWERS = {"Integer": "number", "Float": "number", "Boolean": "boolean"}


class People(Talk):
    """Rows of codes and people."""

    def __init__(self, project: Project, notes: Notes, file: str) -> None:
        super().__init__(notes)
        self.project, self._file = project, file
        self._from = whole(project.origin).strip() or "a REFI-QDA project"
        self._code_ids: dict[str, str] = {}
        self._targets: dict[str, tuple[str, str]] = {}  # guid -> memo column and row id
        self._questions: dict[tuple[str, str], Question] = {}
        self._cases: dict[str, tuple[str, str]] = {}  # guid -> participants | alters, row id
        self._later: list[tuple[list[str], str, str]] = []  # notes to attach once all are known
        self._described: list[tuple[str, str, str, str | None, str | None]] = []  # descriptions, which may only repeat those notes

    def who(self, guid: str | None) -> str | None:
        """The coder of a guid; an unknown one stays unknown, and is never taken for somebody else."""
        return self.coder(None if tidy_guid(guid) else guid, guid) if guid else None

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
        alters = []
        for number, case in enumerate(self.project.cases, 1):
            values = {names.get(guid, ""): value for guid, value in case.values.items()}
            if values.get("case") == OF_ALTER and values.get("participant") and values.get("kind"):
                alters.append((case, values))
            else:
                self._participant(case, number, names)
        by_name = {row["pseudonym"]: row["id"] for row in self.rows["participants"]}
        for case, values in alters:
            owner = by_name.get(whole(values["participant"]))
            if owner is None:
                self.notes.meet("no_owner", "An alter names a participant who is not in the file and is left out.", self._file)
                continue
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
        is_ours = any(names.get(guid) == "case" and value in _OURS for guid, value in case.values.items())
        status = "enrolled"
        for guid, value in case.values.items():
            column = _COLUMNS.get(names.get(guid, ""))
            if guid not in names:
                self.notes.meet("no_variable", "A value names a variable that the file does not list and is left out.", self._file)
            elif names[guid] == "case" and is_ours:
                continue
            elif names[guid] == "status" and is_ours and value in _STATUSES:
                status = value
            elif column == "lives_alone" and truth_of(value) is not None:
                columns[column] = truth_of(value)
            elif column and column != "lives_alone" and column not in columns:
                columns[column] = whole(value)
            else:
                answers.append((guid, value))
        self.add("participants", id=row_id, pseudonym=name, status=status, **columns)
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
