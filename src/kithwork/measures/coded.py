"""What coders did in a study, as the frames that agreement is measured on: the newest texts, and the documents each coder finished."""

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from kithwork.model.tables import StudyTables
from kithwork.talk import sentences

NEEDED: dict[str, tuple[str, ...]] = {
    "revisions": ("id", "document_id", "number", "text"),
    "turns": ("revision_id", "position", "start", "stop"),
    "segments": ("id", "revision_id", "start", "stop", "is_lost"),
    "codings": ("segment_id", "code_id", "coder_id"),
    "assignments": ("document_id", "coder_id", "finished_at"),
}
UNITS = ("character", "turn", "sentence")
Sentences = Callable[[str, str], list[tuple[int, int]]]


@dataclass(frozen=True)
class Coded:
    """Codings on the newest version of each text, and who has finished what.

    `codings`   (`document`, `code`, `coder`, `segment`, `start`, `stop`), those of passages that lost their place left out.
    `texts`     document → its newest text, `revisions` the id of it; `turns` (`document`, `start`, `stop`).
    `finished`  document → the coders who have finished it.
    `lost`      how many codings are left out because their passage lost its place or stands on an older version.
    """

    codings: pl.DataFrame
    texts: dict[str, str]
    revisions: dict[str, str]
    turns: pl.DataFrame
    finished: dict[str, list[str]]
    lost: int = 0

    def by(self, coders: Sequence[str]) -> list[str]:
        """The documents all of these coders finished."""
        return [document for document, names in self.finished.items() if document in self.texts and set(coders) <= set(names)]

    @property
    def pairs(self) -> list[tuple[tuple[str, str], int]]:
        """Pairs of coders who finished documents in common, and how many, the most first."""
        counted: Counter[tuple[str, str]] = Counter()
        for document, names in self.finished.items():
            if document in self.texts:
                counted.update(itertools.combinations(sorted(names), 2))
        return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))

    def lengths(self, documents: Sequence[str]) -> pl.DataFrame:
        """The documents with the length of their text, as `agreement` takes them."""
        lengths = [len(self.texts[document]) for document in documents]
        return pl.DataFrame({"document": list(documents), "length": lengths}, schema={"document": pl.String, "length": pl.Int64})

    def units(self, documents: Sequence[str], divide: Sentences | None = None) -> dict[str, pl.DataFrame]:
        """Turns, and sentences within turns (or within the text where it has none), of the documents; `divide` may remember."""
        turns = self.turns.filter(pl.col("document").is_in(list(documents)))
        found = [
            (document, start, stop)
            for document in documents
            for start, stop in (divide(document, self.texts[document]) if divide else sentences(self.texts[document]))
        ]
        schema = {"document": pl.String, "start": pl.Int64, "stop": pl.Int64}
        return {"turn": turns, "sentence": pl.DataFrame(found, schema=schema, orient="row")}


def coded(tables: StudyTables) -> Coded:
    """The frames out of a study's tables (`NEEDED`)."""
    newest = (
        tables["revisions"]
        .sort("document_id", "number")
        .group_by("document_id", maintain_order=True)
        .last()
        .select("id", "document_id", "text")
    )
    places = tables["segments"].filter(~pl.col("is_lost").fill_null(value=False)).select("id", "revision_id", "start", "stop")
    of = newest.select("document_id", revision_id="id")
    placed = places.join(of, on="revision_id")
    every = tables["codings"].filter(pl.col("coder_id").is_not_null())
    codings = every.join(placed, left_on="segment_id", right_on="id").select(
        document="document_id", code="code_id", coder="coder_id", segment="segment_id", start="start", stop="stop"
    )
    turns = (
        tables["turns"]
        .join(of, on="revision_id")
        .sort("document_id", "position")
        .select(document="document_id", start="start", stop="stop")
    )
    finished: dict[str, list[str]] = {}
    for document, coder in tables["assignments"].filter(pl.col("finished_at").is_not_null()).select("document_id", "coder_id").iter_rows():
        finished.setdefault(document, []).append(coder)
    texts = dict(newest.select("document_id", "text").iter_rows())
    revisions = dict(newest.select("document_id", "id").iter_rows())
    return Coded(codings, texts, revisions, turns, finished, every.height - codings.height)
