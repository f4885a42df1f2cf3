"""Codings with where each stands: passage, text, participant and wave, from one query, without any words of the talk."""

from collections.abc import Iterable

import polars as pl
import sqlalchemy as sa

from kithwork.store.sql import SQL
from kithwork.store.study import Study

_SCHEMA = {
    "coding_id": pl.String,
    "code_id": pl.String,
    "coder_id": pl.String,
    "segment_id": pl.String,
    "start": pl.Int64,
    "is_lost": pl.Boolean,
    "revision_id": pl.String,
    "document_id": pl.String,
    "participant_id": pl.String,
    "wave_id": pl.String,
}


def codings_in_place(study: Study, code_ids: Iterable[str]) -> pl.DataFrame:
    """One row a coding with the codes given.

    Shapes      (codings,)
    Missing     `participant_id` and `wave_id` are empty where a text is nobody's yet, or of no interview.
    """
    codings, segments, revisions, documents, interviews = (
        SQL[name] for name in ("codings", "segments", "revisions", "documents", "interviews")
    )
    query = sa.select(
        codings.c.id,
        codings.c.code_id,
        codings.c.coder_id,
        segments.c.id,
        segments.c.start,
        segments.c.is_lost,
        revisions.c.id,
        documents.c.id,
        sa.func.coalesce(interviews.c.participant_id, documents.c.participant_id),
        interviews.c.wave_id,
    )
    query = query.where(codings.c.code_id.in_(list(code_ids))).select_from(
        codings.join(segments, segments.c.id == codings.c.segment_id)
        .join(revisions, revisions.c.id == segments.c.revision_id)
        .join(documents, documents.c.id == revisions.c.document_id)
        .join(interviews, interviews.c.id == documents.c.interview_id, isouter=True)
    )
    with study.reading() as connection:
        rows = connection.execute(query).cursor  # the driver's own rows: SQLAlchemy's work a row would cost more than the query
        held = list(zip(*rows.fetchall(), strict=True)) if rows is not None else []
    columns = zip(_SCHEMA.items(), held or [()] * len(_SCHEMA), strict=True)
    return pl.DataFrame([pl.Series(name, values, dtype=kind, strict=False) for (name, kind), values in columns])
