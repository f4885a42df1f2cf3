"""The order in which people read names with numbers: P2 before P10."""

import re

import polars as pl

_NAME_AND_NUMBER = r"^(?<word>\D*)(?<number>\d{1,18})$"
_PARTS = re.compile(r"\d{1,400}|\D+")  # a number of any length that Python reads


def natural_rank(names: pl.Series) -> pl.Series:
    """Where each name stands when the names are sorted as people count; equal names share a rank.

    Names that are a word and a number are sorted as columns; only if one is not does each name get a key of its own.
    """
    unique = names.unique()
    found = unique.str.extract_groups(_NAME_AND_NUMBER).struct
    frame = pl.DataFrame({"name": unique, "word": found["word"].str.to_lowercase(), "number": found["number"].cast(pl.Int64)})
    if frame["number"].null_count():
        ordered = pl.DataFrame({"name": sorted(unique.to_list(), key=lambda name: (natural(name), name))}, schema={"name": pl.String})
    else:
        ordered = frame.sort("word", "number", "name").select("name")
    ranks = ordered.with_row_index("rank")
    return names.to_frame("name").join(ranks, on="name", how="left", maintain_order="left")["rank"]


def natural(name: str) -> list[tuple[int, int, str]]:
    """A key that puts P2 before P10, whatever the letters' case."""
    parts = _PARTS.findall(name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
