"""Verbs of coding in parallel: who codes which document, who has finished it, and what coders see of each other before that.

A document is open to all once at least one coder is named for it and all who are named have finished. Until then, where it is blind,
each coder sees only what they coded themselves.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import polars as pl

from kithwork.actions.verbs import action
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row, now
from kithwork.model.tables import StudyTables
from kithwork.store import Change, Study

# -- reading ---------------------------------------------------------------------------------------------------------------------


def blind_documents(study: Study, document_id: str | None = None) -> set[str]:
    """Documents, or the one named, in which each coder sees only their own codings for now."""
    where: dict[str, Any] = {"id": document_id} if document_id else {}
    of_study = any(row["is_blind"] for row in study.rows("studies"))
    blind = {row["id"] for row in study.rows("documents", **where) if (of_study if row["is_blind"] is None else row["is_blind"])}
    if not blind:
        return blind
    where = {"document_id": document_id} if document_id else {}
    named: defaultdict[str, list[Row]] = defaultdict(list)
    for row in study.rows("assignments", **where):
        named[row["document_id"]].append(row)
    return {one for one in blind if not named[one] or any(row["finished_at"] is None for row in named[one])}


def open_to(tables: StudyTables, shut: Collection[str], coder_id: str | None) -> StudyTables:
    """The tables without what others than one coder coded, decided and noted in documents that are shut to them, and without the passages
    only that rests on. Of whom a passage speaks all may see.
    """
    texts = tables["revisions"].filter(pl.col("document_id").is_in(list(shut)))["id"]
    hidden = tables["segments"].filter(pl.col("revision_id").is_in(texts.implode()))["id"]
    own = pl.col("coder_id").eq_missing(pl.lit(coder_id, dtype=pl.String))
    seen = {}
    for name in ("codings", "decisions", "memos"):
        is_hidden = pl.col("segment_id").is_in(hidden.implode()).fill_null(value=False)
        if name == "memos":
            is_hidden |= pl.col("document_id").is_in(list(shut)).fill_null(value=False)
        seen[name] = tables[name].filter(~is_hidden | own)
    used = pl.concat([*(frame["segment_id"] for frame in seen.values()), tables["mentions"]["segment_id"], tables["events"]["segment_id"]])
    is_used = pl.col("id").is_in(used.drop_nulls().unique().implode())
    seen["segments"] = tables["segments"].filter(~pl.col("id").is_in(hidden.implode()) | is_used)
    return StudyTables({**tables.frames, **seen})


# -- who codes what ------------------------------------------------------------------------------------------------------------


@action
def assign_coders(change: Change, document_ids: list[str], coder_ids: list[str]) -> list[Row]:
    """Name coders for documents; who is named already stays so, finished or not."""
    if not document_ids or not coder_ids:
        raise StudyError("Choose at least one document and one coder.")
    for coder_id in coder_ids:
        change.row("coders", coder_id)
    return [_named(change, document_id, coder_id) for document_id in document_ids for coder_id in coder_ids]


@action
def unassign_coder(change: Change, document_id: str, coder_id: str) -> None:
    """Take a coder off a document; what they coded in it stays."""
    for row in change.rows("assignments", document_id=document_id, coder_id=coder_id):
        change.delete("assignments", row["id"])


@action
def finish_coding(change: Change, document_id: str, coder_id: str) -> Row:
    """Say that a coder has finished a document: what they left alone in it is now a decision."""
    row = _named(change, document_id, coder_id)
    return row if row["finished_at"] else change.update("assignments", row["id"], {"finished_at": now()})


@action
def reopen_coding(change: Change, document_id: str, coder_id: str) -> None:
    """Say that a coder goes on coding a document they had finished."""
    for row in change.rows("assignments", document_id=document_id, coder_id=coder_id):
        change.update("assignments", row["id"], {"finished_at": None})


@action
def code_blind(change: Change, is_blind: bool | None, document_ids: list[str] | None = None) -> None:
    """Set whether coders see only their own codings until all have finished: for the study, or for documents (empty = as the study)."""
    if document_ids is None:
        (study,) = change.rows("studies")
        change.update("studies", study["id"], {"is_blind": bool(is_blind)})
    for document_id in document_ids or ():
        change.update("documents", document_id, {"is_blind": is_blind})


@action
def finish_what_is_coded(change: Change) -> None:
    """Take each coder to have finished every document they coded in and are not named for: for work that came from elsewhere."""
    named = {(row["document_id"], row["coder_id"]) for row in change.rows("assignments")}
    document_of = {row["id"]: row["document_id"] for row in change.rows("revisions")}
    revision_of = {row["id"]: row["revision_id"] for row in change.rows("segments")}
    coded = {(document_of[revision_of[row["segment_id"]]], row["coder_id"]) for row in change.rows("codings") if row["coder_id"]}
    if not coded - named:
        raise StudyError("Everyone is named already for what they coded.")
    rows = ({"document_id": document, "coder_id": coder, "finished_at": now()} for document, coder in sorted(coded - named))
    change.insert_all("assignments", rows)


def _named(change: Change, document_id: str, coder_id: str) -> Row:
    found = change.rows("assignments", document_id=document_id, coder_id=coder_id)
    if found:
        return found[0]
    change.row("documents", document_id)
    return change.insert("assignments", {"document_id": document_id, "coder_id": coder_id})
