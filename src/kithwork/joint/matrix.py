"""The framework matrix: how many passages stand in each cell of participant × theme or code, wave by wave."""

from typing import Literal

import polars as pl

from kithwork.joint.said import COLUMNS, Said

Columns = Literal["theme", "code"]

READ: dict[str, tuple[str, ...]] = {
    **{name: COLUMNS[name] for name in ("waves", "participants", "interviews", "documents", "revisions", "decisions")},
    **{name: COLUMNS[name] for name in ("codes", "themes", "theme_codes")},
    "segments": ("id", "revision_id"),
    "codings": ("segment_id", "code_id"),
}
"""What is read of a study for the matrix alone: less than for questions."""


def cells_of(said: Said, columns: Columns = "theme") -> pl.DataFrame:
    """One row a cell with any passage: `participant_id`, `wave` (empty where the text has none), `column_id`, `passages`.

    Definition  A passage counts once a cell, whoever coded it. A theme holds its codes and what stands under them; a code what stands
                under it.
    """
    own = said.themed.rename({"theme_id": "column_id"}) if columns == "theme" else said.under.rename({"as_id": "column_id"})
    texts = said.tables["revisions"].select(pl.col("id").alias("revision_id"), "document_id").join(said.documents, on="document_id")
    places = texts.drop_nulls("participant_id").select("revision_id", "participant_id", "wave")
    of = said.tables["segments"].select(pl.col("id").alias("segment_id"), "revision_id").join(places, on="revision_id").drop("revision_id")
    coded = said.held.select("segment_id", "code_id").join(own, on="code_id").select("segment_id", "column_id").unique()
    whole = coded.join(of, on="segment_id")
    return whole.group_by("participant_id", "wave", "column_id").agg(pl.len().cast(pl.Int64).alias("passages"))
