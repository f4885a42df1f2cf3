"""Codings with where each stands: passage, text, participant and wave, without any words of the talk."""

from collections.abc import Iterable

import polars as pl

from kithwork.store.reads import packed
from kithwork.store.sql import SQL
from kithwork.store.study import Study


def codings_in_place(study: Study, code_ids: Iterable[str]) -> pl.DataFrame:
    """One row a coding with the codes given.

    Shapes      (codings,)
    Missing     `participant_id` and `wave_id` are empty where a text is nobody's yet, or of no interview.
    """
    codings, segments, revisions, documents, interviews = (
        SQL[name].c for name in ("codings", "segments", "revisions", "documents", "interviews")
    )
    passages = {"segment_id": segments.id, "start": segments.start, "is_lost": segments.is_lost, "revision_id": segments.revision_id}
    wanted = {"coding_id": codings.id, "code_id": codings.code_id, "coder_id": codings.coder_id, **passages}
    whose = {"of_interview": interviews.participant_id, "of_document": documents.participant_id}
    texts = {"revision_id": revisions.id, "document_id": documents.id, "wave_id": interviews.wave_id, **whose}
    told = SQL["documents"].join(SQL["interviews"], interviews.id == documents.interview_id, isouter=True)
    with study.reading() as connection:
        coded = SQL["codings"].join(SQL["segments"], segments.id == codings.segment_id)
        found = packed(connection, wanted, coded, codings.code_id.in_(list(code_ids)))
        # texts are few: joined here, none of them is looked up again for every passage
        in_texts = SQL["revisions"].join(told, documents.id == revisions.document_id)
        places = packed(connection, texts, in_texts)
    person = pl.coalesce(*whose).alias("participant_id")
    return found.join(places.select("revision_id", "document_id", person, "wave_id"), on="revision_id")
