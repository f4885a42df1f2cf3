"""Which rows of a study leave it, under which ids, and what stays behind, each loss in a sentence."""

from kithwork.formats.guids import outside
from kithwork.formats.signed_off import may_leave
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES, Table
from kithwork.model.tables import StudyTables

_RESEARCH = {table.name: table for table in TABLES.values() if table.domain == "research"}
_ALWAYS = {"revisions": ("text",), "segments": ("quotation", "before", "after")}
"""Personal columns that leave with a text that was signed off: they are that text."""


class Leaving:
    """The rows that leave, by table, ids and references already those of the outside."""

    def __init__(self, tables: StudyTables, *, include_unsigned: bool, with_personal_text: bool) -> None:
        self.losses: list[str] = ["Names and contact details, replaced words and the journal never leave the study."]
        self.rows: dict[str, list[Row]] = {name: tables.rows(name) for name in _RESEARCH}
        self._revisions(None if include_unsigned else may_leave(tables))
        if not with_personal_text:
            self._leave_out_words()
        self._close()
        known = _Known()
        for name, table in _RESEARCH.items():
            references = [column.name for column in table.columns if column.table]
            self.rows[name] = [_outside(row, references, known) for row in self.rows[name]]
        self.by_id = {name: {row["id"]: row for row in rows} for name, rows in self.rows.items()}

    def latest(self) -> dict[str, Row]:
        """The newest revision that leaves, by document."""
        latest: dict[str, Row] = {}
        for row in self.rows["revisions"]:
            if row["number"] >= latest.get(row["document_id"], row)["number"]:
                latest[row["document_id"]] = row
        return latest

    def _revisions(self, leaving: set[str] | None) -> None:
        if leaving is None:
            return
        every = self.rows["revisions"]
        self.rows["revisions"] = [row for row in every if row["id"] in leaving]
        documents = {row["document_id"] for row in self.rows["revisions"]}
        left = [row for row in self.rows["documents"] if row["id"] not in documents]
        self.rows["documents"] = [row for row in self.rows["documents"] if row["id"] in documents]
        older = len(every) - len(self.rows["revisions"])
        if older:
            why = "nobody signed off, or with names that were replaced since,"
            whole = f", {len(left)} document(s) whole" if left else ""
            self.losses.append(f"{older} version(s) of texts {why} stay behind with what rests on them{whole}.")

    def _leave_out_words(self) -> None:
        """Free text about people is left out: the column, or the row where the words are all it is."""
        rows = {"memos", "summaries", "decisions"}
        counted = sum(len(self.rows[name]) for name in rows)
        coded = {row["id"] for row in self.rows["questions"] if row.get("answer_kind") in ("choice", "choices", "boolean")}
        for name, table in _RESEARCH.items():
            personal = {column.name for column in table.columns if column.is_personal} - set(_ALWAYS.get(name, ()))
            if name in rows:
                self.rows[name] = []
            elif name == "coders":
                self.rows[name] = [{**row, "name": f"Coder {number}"} for number, row in enumerate(self.rows[name], 1)]
            elif name == "answers":
                self.rows[name] = [_without(row, personal if row["question_id"] not in coded else set()) for row in self.rows[name]]
            elif personal:
                self.rows[name] = [_without(row, personal) for row in self.rows[name]]
        self.losses.append(f"Free text about people is left out, {counted} memo(s), summaries and decisions among it, and coders' names.")

    def _close(self) -> None:
        """Leave out what points to something that stays; empty a reference that may be empty."""
        dropped = 0
        is_done = False
        while not is_done:
            is_done = True
            ids = {name: {row["id"] for row in rows} for name, rows in self.rows.items()}
            for name, table in _RESEARCH.items():
                kept = [row for row in (_closed(row, table, ids) for row in self.rows[name]) if row is not None]
                if len(kept) < len(self.rows[name]):
                    dropped += len(self.rows[name]) - len(kept)
                    self.rows[name] = kept
                    is_done = False
                    break
                self.rows[name] = kept
        if dropped:
            self.losses.append(f"{dropped} row(s) that rest on what stays behind, such as codings of a text not signed off, stay with it.")


def _closed(row: Row, table: Table, ids: dict[str, set[str]]) -> Row | None:
    for column in table.columns:
        if column.table and row.get(column.name) is not None and row[column.name] not in ids.get(column.table, ()):
            if column.is_required or column.name in table.exactly_one:
                return None
            row = _without(row, {column.name})
    return row


def _without(row: Row, names: set[str]) -> Row:
    return {name: value for name, value in row.items() if name not in names}


class _Known(dict[str, str]):
    """Ids of the outside, each worked out once."""

    def __missing__(self, row_id: str) -> str:
        self[row_id] = made = outside(row_id)
        return made


def _outside(row: Row, references: list[str], known: _Known) -> Row:
    changed = {name: known[row[name]] for name in references if row.get(name) is not None}
    return {**row, "id": known[row["id"]], **changed}
