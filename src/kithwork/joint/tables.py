"""Two tables of the codebook: which codes stand together, and how many were new in each interview."""

from collections.abc import Mapping, Sequence

import polars as pl

from kithwork.joint.overlap import overlapping
from kithwork.joint.said import Said


def co_occurrence(said: Said, unit: str = "overlap") -> pl.DataFrame:
    """One row a pair of codes that stand together anywhere: `row`, `column` (ids), `passages`.

    Definition  Passages of the row's code that share words with a passage of the column's (`overlap`), or that carry both themselves
                (`passage`). A code holds what stands under it, so codes one of which stands under the other are left out.
    """
    codes = said.tables["codes"].select(as_id="id").with_row_index("code")  # numbers join and group faster than ids
    carried = said.codings.join(said.under, on="code_id").join(codes, on="as_id").select("passage", "code").unique()
    if unit == "passage":
        pairs = carried.select("passage", pl.col("passage").alias("other")).unique()
    else:
        standing = said.passages.filter(~pl.col("is_lost")).join(carried.select("passage").unique(), on="passage", how="semi")
        left, right = overlapping(standing, standing)
        pairs = pl.DataFrame({"passage": standing["passage"].gather(left), "other": standing["passage"].gather(right)})
    whole = pairs.join(carried.rename({"code": "row"}), on="passage").join(
        carried.rename({"passage": "other", "code": "column"}), on="other"
    )
    counted = whole.group_by("row", "column").agg(pl.col("passage").n_unique().cast(pl.Int64).alias("passages"))
    named = counted.with_columns(row=codes["as_id"].gather(counted["row"]), column=codes["as_id"].gather(counted["column"]))
    above = pl.concat([said.under.select(row="code_id", column="as_id"), said.under.select(row="as_id", column="code_id")])
    return named.join(above.unique(), on=["row", "column"], how="anti").sort("row", "column")


def most_together(codes: Sequence[tuple[str, str]], together: Mapping[tuple[str, str], int], most: int) -> list[tuple[str, str]]:
    """The codes (id, name) that stand with others most often, at most so many, in the order given; `together` counts pairs of ids."""
    weights = {code: 0 for code, _ in codes}
    for (row, column), number in together.items():
        if row in weights and column in weights:
            weights[row] += number
    kept = {code for code, _ in sorted(codes, key=lambda one: -weights[one[0]])[:most]}
    return [one for one in codes if one[0] in kept]


def new_codes(said: Said) -> pl.DataFrame:
    """One row an interview with a coded text, in the order held: `interview_id`, `participant_id`, `wave`, `held_on`, `codes` used,
    `new` among them, `so_far` in all. Information about the codebook, never a sign that enough was heard."""
    of = said.passages.select("passage", "interview_id").drop_nulls("interview_id")
    used = said.codings.join(of, on="passage").select("interview_id", "code_id").unique()
    order = said.interviews.join(used.select("interview_id").unique(), on="interview_id", how="semi")
    order = order.sort("held_on", "wave", "interview_id", nulls_last=True).with_row_index("place")
    first = used.join(order.select("interview_id", "place"), on="interview_id").with_columns(
        is_new=pl.col("place") == pl.col("place").min().over("code_id")
    )
    counted = first.group_by("interview_id").agg(codes=pl.len().cast(pl.Int64), new=pl.col("is_new").sum().cast(pl.Int64))
    whole = order.join(counted, on="interview_id", how="left", maintain_order="left").with_columns(so_far=pl.col("new").cum_sum())
    return whole.select("interview_id", "participant_id", "wave", "held_on", "codes", "new", "so_far")
