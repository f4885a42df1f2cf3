"""Two coders' codings set against each other: the same, other bounds, or only one of them. The list that comes before any number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl

from kithwork.model.errors import SelectionError
from kithwork.model.rows import Row

How = Literal["same", "bounds", "first", "second"]


@dataclass(frozen=True)
class Mark:
    """One coding: its passage and where that is."""

    segment: str
    start: int
    stop: int


@dataclass(frozen=True)
class Difference:
    """Codings of one code by two coders that overlap, or that stand alone.

    `how`: "same" (each once, on the same words), "bounds" (both, on other words), "first" or "second" (only that coder).
    """

    document: str
    code: str
    first: tuple[Mark, ...]
    second: tuple[Mark, ...]

    @cached_property
    def how(self) -> How:
        if not self.second:
            return "first"
        if not self.first:
            return "second"
        return "same" if {(m.start, m.stop) for m in self.first} == {(m.start, m.stop) for m in self.second} else "bounds"

    @property
    def marks(self) -> tuple[Mark, ...]:
        return (*self.first, *self.second)

    @cached_property
    def start(self) -> int:
        return min(mark.start for mark in self.marks)

    @cached_property
    def stop(self) -> int:
        return max(mark.stop for mark in self.marks)

    @cached_property
    def segments(self) -> list[str]:
        """The passages concerned, each once."""
        return list(dict.fromkeys(mark.segment for mark in self.marks))

    @cached_property
    def key(self) -> str:
        """What names it: its first passage and the code. It holds as long as the passage does."""
        return f"{min(self.segments)}.{self.code}"


def differences(codings: pl.DataFrame, documents: Sequence[str], coders: Sequence[str]) -> list[Difference]:
    """Every code two coders put somewhere in the documents, overlapping codings together, in the order of the text.

    Definition  codings of one code in one document belong together where they overlap, however many; not where they only touch.
    Shapes      codings (`document`, `code`, `coder`, `segment`, `start`, `stop`), as `Coded.codings`.
    Raises      SelectionError unless the coders are two.
    """
    rows, begins = _grouped(codings, documents, coders)
    place = {name: number for number, name in enumerate(documents)}
    found: list[Difference] = []
    kept: tuple[list[Mark], list[Mark]] = ([], [])
    names: tuple[str, str] | None = None
    columns = (rows[name].to_list() for name in ("document", "code", "coder", "segment", "start", "stop"))
    for is_new, (document, code, coder, segment, at, end) in zip(begins.tolist(), zip(*columns, strict=True), strict=True):
        if is_new:
            if names:
                found.append(Difference(*names, tuple(kept[0]), tuple(kept[1])))
            names, kept = (document, code), ([], [])
        kept[0 if coder == coders[0] else 1].append(Mark(segment, at, end))
    if names:
        found.append(Difference(*names, tuple(kept[0]), tuple(kept[1])))
    return sorted(found, key=lambda each: (place[each.document], each.start, each.stop, each.code))


def tallies(codings: pl.DataFrame, documents: Sequence[str], coders: Sequence[str]) -> pl.DataFrame:
    """How many differences of each sort there are, without making them one by one: `document`, `code`, `how`, `number`."""
    rows, begins = _grouped(codings, documents, coders)
    is_first = pl.col("coder") == coders[0]
    span = pl.struct("start", "stop").rank("dense").alias("span")
    whole = (
        rows.with_columns(span, group=pl.Series(np.cumsum(begins), dtype=pl.Int64))
        .group_by("group")
        .agg(
            pl.col("document", "code").first(),
            spans=pl.col("span").n_unique(),
            one=pl.col("span").filter(is_first).n_unique(),
            other=pl.col("span").filter(~is_first).n_unique(),
        )
    )
    is_same = (pl.col("one") == pl.col("spans")) & (pl.col("other") == pl.col("spans"))
    how = pl.when(pl.col("other") == 0).then(pl.lit("first")).when(pl.col("one") == 0).then(pl.lit("second"))
    how = how.when(is_same).then(pl.lit("same")).otherwise(pl.lit("bounds"))
    return whole.group_by("document", "code", how=how).agg(number=pl.len())


def _grouped(codings: pl.DataFrame, documents: Sequence[str], coders: Sequence[str]) -> tuple[pl.DataFrame, np.ndarray]:
    """The codings in order, and where one begins that does not overlap those before it."""
    if len(set(coders)) != 2:
        raise SelectionError("Two coders are set side by side; choose two.")
    rows = codings.filter(pl.col("document").is_in(list(documents)) & pl.col("coder").is_in(list(coders)))
    rows = rows.sort("document", "code", "start", "stop", "segment", "coder")
    begins = np.ones(len(rows), bool)
    if len(rows):
        group = rows.select(pl.struct("document", "code").rle_id()).to_series().to_numpy().astype(np.int64)
        start, stop = (rows[name].to_numpy().astype(np.int64) for name in ("start", "stop"))
        reach = int(stop.max()) + 1
        furthest = np.maximum.accumulate(group * reach + stop)
        begins[1:] = ((group * reach + start)[1:] >= furthest[:-1]) | (group[1:] != group[:-1])
    return rows, begins


@dataclass(frozen=True)
class Settled:
    """What was decided on a difference: which passages hold, what was put in their place, why, who, when."""

    kept: tuple[str, ...]
    instead: tuple[Row, ...]
    reason: str
    coder_id: str | None
    decided_at: str | None


def settled(every: Iterable[Difference], decisions: Iterable[Row], places: Mapping[str, tuple[str, int, int]]) -> dict[str, Settled]:
    """The differences that were decided, by `key`: those of whose passages each has its decision.

    `places` says where passages lie (document, start, stop) that hold a decision and no coding: words chosen in place of both.
    """
    made = {(row["segment_id"], row["code_id"]): row for row in decisions}
    if not made:
        return {}
    touched = [each for each in every if any((mark.segment, each.code) in made for mark in each.marks)]
    coded = {(segment, each.code) for each in touched for segment in each.segments}
    apart: dict[tuple[str, str], list[Row]] = {}
    for (segment, code), row in made.items():
        if (segment, code) not in coded and segment in places and row["is_kept"]:
            apart.setdefault((places[segment][0], code), []).append(row)
    found: dict[str, Settled] = {}
    for each in touched:
        rows = [made.get((segment, each.code)) for segment in each.segments]
        known = [row for row in rows if row]
        if each.how == "same" or len(known) < len(rows):
            continue
        there = ((places[row["segment_id"]], row) for row in apart.get((each.document, each.code), ()))
        instead = tuple(row for (_, start, stop), row in there if each.start < stop and start < each.stop)
        last = max((*known, *instead), key=lambda row: row["decided_at"] or "")
        kept = tuple(row["segment_id"] for row in known if row["is_kept"])
        found[each.key] = Settled(kept, instead, last["reason"], last["coder_id"], last["decided_at"])
    return found
