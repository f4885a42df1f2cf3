"""Undo and redo of an action, however long ago: passages that come back find their place in the texts as they are now."""

from itertools import pairwise
from typing import Any

from kithwork.actions.talk import move_passages
from kithwork.model.rows import Row
from kithwork.store import Change, Entry, Study
from kithwork.talk.stand_ins import span_map


def take_back(study: Study, entry_id: str, **told: Any) -> Entry:
    """Take one action back (or, given an undo, bring it again), as `Study.undo`; passages of texts that were changed since move along."""
    return study.undo(entry_id, finish=_follow_texts, **told)


def _follow_texts(change: Change) -> None:
    """Move each passage that came back on an earlier version of its text to the latest, or list it as having lost its place."""
    touched = {one.row_id for one in change.changes if one.table == "segments" and one.after is not None}
    waiting: dict[str, list[Row]] = {}
    for row_id in sorted(touched):
        for row in change.rows("segments", id=row_id):
            if not row["is_lost"]:
                waiting.setdefault(row["revision_id"], []).append(row)
    for revision_id, passages in waiting.items():
        revision = change.row("revisions", revision_id)
        versions = [row for row in change.rows("revisions", document_id=revision["document_id"]) if row["number"] >= revision["number"]]
        for earlier, later in pairwise(sorted(versions, key=lambda row: row["number"])):
            moved = span_map(change.rows("replacements", revision_id=later["id"]), earlier["text"])[1]
            came = [change.row("segments", row["id"]) for row in passages]
            move_passages(change, [row for row in came if not row["is_lost"]], moved, earlier, later)
