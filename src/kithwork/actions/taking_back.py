"""Undo and redo of an action, however long ago: passages that come back find their place in the texts as they are now."""

from itertools import pairwise
from typing import Any

from kithwork.actions.talk import move_passages
from kithwork.store import Change, Entry, Study
from kithwork.talk.stand_ins import span_map

_OF_TEXTS = ("revisions", "segments")


def take_back(study: Study, entry_id: str, **told: Any) -> Entry:
    """Take one action back (or, given an undo, bring it again), as `Study.undo`; passages of texts that were changed since move along."""
    return study.undo(entry_id, finish=_follow_texts, **told)


def _follow_texts(change: Change) -> None:
    """Move passages on an earlier version of a text to the latest, or list them as having lost their place.

    Passages that came back may stand on an earlier version; where a version came back, so do those made since it was taken back.
    """
    came = {table: {one.row_id for one in change.changes if one.table == table and one.after is not None} for table in _OF_TEXTS}
    revisions = came["revisions"] | {row["revision_id"] for row_id in came["segments"] for row in change.rows("segments", id=row_id)}
    documents = {row["document_id"] for row_id in revisions for row in change.rows("revisions", id=row_id)}
    for document_id in sorted(documents):
        versions = sorted(change.rows("revisions", document_id=document_id), key=lambda row: row["number"])
        for earlier, later in pairwise(versions):
            if passages := [row for row in change.rows("segments", revision_id=earlier["id"]) if not row["is_lost"]]:
                moved = span_map(change.rows("replacements", revision_id=later["id"]), earlier["text"])[1]
                move_passages(change, passages, moved, earlier, later)
