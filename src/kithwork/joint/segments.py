"""Every coded passage with its words and all that goes with it, as one table to take along."""

from collections.abc import Collection

import polars as pl

from kithwork.joint.dimensions import labels_of
from kithwork.joint.said import Said
from kithwork.model.schema import KINDS, TABLES

WORDS = {"segments": ("id", "revision_id", "start", "stop", "is_lost", "quotation")}
"""Read besides `said.COLUMNS`: the words themselves."""


def segment_table(said: Said, segment_ids: Collection[str] | None = None, *, include_unsigned: bool = False) -> pl.DataFrame:
    """One row a coding of the passages named, or of all: who, when, in which text and where, the words, code and coder, and of whom.

    `speaks_of`, `kinds` and `circles` are joined with `; `, one of each an alter. A passage that only speaks of somebody has no code.
    What stands in a text that nobody signed off, or only in an earlier version of one, is left out unless `include_unsigned`.
    """
    found = said.passages.filter(pl.lit(True) if include_unsigned else pl.col("is_signed") & ~pl.col("is_lost"))
    if segment_ids is not None:
        found = found.filter(pl.col("segment_id").is_in(list(segment_ids)))
    quotations = said.tables["segments"].select(pl.col("id").alias("segment_id"), "quotation")
    titles = said.tables["documents"].select(pl.col("id").alias("document_id"), "title")
    codes = pl.DataFrame({"code_id": list(names := labels_of(said, "code")), "code": list(names.values())}, schema=_NAMED["code"])
    coders = said.tables["coders"].select(pl.col("id").alias("coder_id"), pl.col("name").alias("coder"))
    speakers = {**TABLES["turns"]["speaker_role"].choices}
    whole = (
        found.join(said.people.select("participant_id", pl.col("pseudonym").alias("participant")), on="participant_id", how="left")
        .join(titles, on="document_id", how="left")
        .join(quotations, on="segment_id", how="left")
        .join(said.speakers, on="passage", how="left")
        .join(said.codings.join(codes, on="code_id").join(coders, on="coder_id", how="left"), on="passage", how="left")
        .join(_about(said), on="passage", how="left")
        .sort("participant", "wave", "document_id", "start", "passage", "code", "coder", nulls_last=True)
    )
    return whole.select(
        "participant", "wave", pl.col("title").alias("document"),
        pl.col("speaker").replace_strict(speakers, default=None, return_dtype=pl.String),
        "start", "stop", "quotation", "code", "coder", "speaks_of", "kinds", "circles", "is_lost",
    )  # fmt: skip


_NAMED = {"code": {"code_id": pl.String, "code": pl.String}}


def _about(said: Said) -> pl.DataFrame:
    """`passage`, and whom it speaks of in words."""
    alters = said.alters.select("alter_id", "pseudonym", pl.col("kind").replace_strict(KINDS, default=None, return_dtype=pl.String))
    placed = said.ties.select("alter_id", "interview_id", pl.col("circle").cast(pl.String).fill_null("none"))
    of = said.spoken.join(said.passages.select("passage", "interview_id"), on="passage").join(alters, on="alter_id")
    of = of.join(placed, on=["alter_id", "interview_id"], how="left").with_columns(pl.col("circle").fill_null("not on that map"))
    return (
        of.sort("passage", "pseudonym", "alter_id")
        .group_by("passage")
        .agg(speaks_of=pl.col("pseudonym").str.join("; "), kinds=pl.col("kind").str.join("; "), circles=pl.col("circle").str.join("; "))
    )
