"""Which texts may leave a study, whatever the format: those somebody signed off, unless names were found in them since."""

from collections.abc import Mapping

from kithwork.model.rows import Row
from kithwork.model.tables import StudyTables

_WORDS = {
    "revisions": ("text",),
    "turns": ("speaker",),
    "segments": ("quotation", "before", "after"),
    "memos": ("text",),
    "decisions": ("reason",),
}
"""Columns that hold words of a text, or words about its passages."""


def may_leave(tables: StudyTables) -> set[str]:
    """Ids of the versions of texts that may leave.

    A version stays when nobody signed it off, and when names were replaced on the way to a later version of the same text: whoever signed
    the earlier one off had not seen them.
    """
    revisions = tables.rows("revisions")
    replaced = {row["revision_id"] for row in tables.rows("replacements") if row.get("what") not in (None, "edit")}
    from_here: dict[str, int] = {}  # per document, the first version without the names that were found
    for row in revisions:
        if row["id"] in replaced:
            from_here[row["document_id"]] = max(row["number"], from_here.get(row["document_id"], 0))
    return {row["id"] for row in revisions if row.get("signed_off_at") and row["number"] >= from_here.get(row["document_id"], 0)}


def silenced(rows: Mapping[str, list[Row]], leaving: set[str]) -> tuple[dict[str, list[Row]], int]:
    """The rows with the words of every other version emptied, and of how many versions they were."""
    on = {row["id"]: row["revision_id"] for row in rows["segments"]} | {row["id"]: row["id"] for row in rows["revisions"]}
    found = dict(rows)
    for table, columns in _WORDS.items():
        empty = dict.fromkeys(columns)
        found[table] = [row if _revision(row, on) in leaving | {None} else {**row, **empty} for row in rows[table]]
    return found, sum(row["id"] not in leaving for row in rows["revisions"])


def _revision(row: Row, on: Mapping[str, str]) -> str | None:
    return row.get("revision_id") or on.get(row.get("segment_id") or row["id"])
