"""Passages that share words: whom a passage speaks of, though the mention may stand on other words of it than the code."""

from collections.abc import Collection

import sqlalchemy as sa

from kithwork.model.rows import Row
from kithwork.store.reads import as_rows
from kithwork.store.sql import SQL
from kithwork.store.study import Study


def mentions_over(study: Study, segment_ids: Collection[str]) -> list[Row]:
    """Mentions on words that each of these passages shares; each row has the passage as `passage_id` beside its own columns.

    A passage that lost its place has only the mentions made on itself.
    """
    passages, segments, mentions = SQL["segments"].alias("passages"), SQL["segments"], SQL["mentions"]
    stands = sa.and_(sa.not_(sa.func.coalesce(passages.c.is_lost, sa.false())), sa.not_(sa.func.coalesce(segments.c.is_lost, sa.false())))
    shares = sa.and_(segments.c.start < passages.c.stop, segments.c.stop > passages.c.start)
    query = (
        sa.select(passages.c.id.label("passage_id"), mentions)
        .select_from(passages)
        .join(segments, segments.c.revision_id == passages.c.revision_id)
        .join(mentions, mentions.c.segment_id == segments.c.id)
        .where(passages.c.id.in_(list(segment_ids)), sa.or_(segments.c.id == passages.c.id, sa.and_(stands, shares)))
        .order_by(passages.c.id, segments.c.start, mentions.c.id)
    )
    with study.reading() as connection:
        return as_rows(connection.execute(query))
