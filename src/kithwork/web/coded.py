"""The codebook as pages show it: the tree in order, how much each code holds, and the passages of codes, narrowed down and paged."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from flask import session

from kithwork.actions.parallel import blind_documents
from kithwork.model.rows import Row
from kithwork.store import Study, codings_in_place
from kithwork.web.desk import desk
from kithwork.web.pages.register import natural
from kithwork.web.passages import Passage, by_id, passages_of

PAGE = 50
COLORS = ("#1f4b82", "#a3460f", "#1d5f4a", "#8a2f6b", "#6b5b00", "#4b3f9b", "#9a1b2f", "#2b6f86", "#5a5f66", "#3f6b1f")


@dataclass(frozen=True)
class Held:
    """How much is coded with a code, or with the codes of a theme; a passage or a person counts once."""

    passages: int = 0
    documents: int = 0
    people: int = 0
    coders: int = 0


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Rows by their position."""
    return sorted(rows, key=lambda row: (row["position"] or 0, row["id"]))


def tree(rows: list[Row]) -> list[tuple[int, Row]]:
    """Rows of a tree from the top down, each with how deep it stands."""
    under: dict[str | None, list[Row]] = {}
    known = {row["id"] for row in rows}
    for row in in_order(rows):
        under.setdefault(row["parent_id"] if row["parent_id"] in known else None, []).append(row)
    found, waiting = [], [(0, row) for row in reversed(under.get(None, []))]
    while waiting:
        depth, row = waiting.pop()
        found.append((depth, row))
        waiting += [(depth + 1, child) for child in reversed(under.get(row["id"], []))]
    return found


def below(rows: list[Row], row_id: str) -> list[str]:
    """Ids of all that stands under a row, at any depth."""
    found, waiting = [], [row_id]
    while waiting:
        place = waiting.pop()
        children = [row["id"] for row in rows if row["parent_id"] == place and row["id"] not in found]
        found += children
        waiting += children
    return found


def color_of(code: Row) -> str:
    """A code's colour, or one that its id always gives; the coding page picks the same."""
    if code["color"]:
        return code["color"]
    total = 0
    for letter in code["id"]:
        total = (total * 31 + ord(letter)) % 9973
    return COLORS[total % len(COLORS)]


# -- how much -----------------------------------------------------------------------------------------------------------------


def codings_held(study: Study) -> pl.DataFrame:
    """Code, passage, text, participant and coder of every coding; kept as long as nothing is changed."""
    mine = session.get("coder_id")
    return desk().remembered(("codings held", mine), lambda: _open_to(study, mine, _codings_held(study)))


def _open_to(study: Study, coder_id: str | None, codings: pl.DataFrame) -> pl.DataFrame:
    """Codings that somebody may see: in a text that is blind for now only their own."""
    blind = blind_documents(study)
    own = pl.col("coder_id").eq_missing(pl.lit(coder_id, dtype=pl.String))
    return codings.filter(pl.col("document_id").is_in(blind).not_() | own) if blind else codings


def _codings_held(study: Study) -> pl.DataFrame:
    wanted = {
        "codings": ("code_id", "coder_id", "segment_id"),
        "segments": ("id", "revision_id"),
        "revisions": ("id", "document_id"),
        "documents": ("id", "interview_id", "participant_id"),
        "interviews": ("id", "participant_id", "wave_id"),
    }
    tables = study.columns(wanted)
    documents = (
        tables["documents"]
        .rename({"id": "document_id"})
        .join(tables["interviews"].rename({"id": "interview_id", "participant_id": "seen"}), on="interview_id", how="left")
        .select("document_id", "wave_id", participant_id=pl.coalesce("seen", "participant_id"))
    )
    places = tables["revisions"].rename({"id": "revision_id"}).join(documents, on="document_id")
    segments = tables["segments"].rename({"id": "segment_id"}).join(places, on="revision_id").drop("revision_id")
    return tables["codings"].join(segments, on="segment_id")


def held_by(codings: pl.DataFrame, by: str) -> dict[str, Held]:
    """How much each value of a column holds."""
    counted = codings.group_by(by).agg(
        pl.col("segment_id").n_unique(),
        pl.col("document_id").n_unique(),
        pl.col("participant_id").drop_nulls().n_unique(),
        pl.col("coder_id").drop_nulls().n_unique(),
    )
    return {row[0]: Held(*row[1:]) for row in counted.iter_rows()}


# -- passages -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Narrowed:
    """Which passages are asked for; empty is all."""

    participant: str = ""
    wave: str = ""
    coder: str = ""
    code: str = ""


@dataclass(frozen=True)
class Found:
    """One page of the passages asked for, how many there are in all, and what can be asked for."""

    passages: list[Passage]
    total: int
    held: dict[str, Held]  # by code, whatever the choices
    whole: Held  # all the codes taken together
    page: int
    pages: int
    codings: dict[str, list[str]]  # passage → its codings with the codes asked for
    participants: list[Row]
    waves: list[tuple[Row, int]]
    coders: list[tuple[Row, int]]

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1


_COLUMNS = {"participant_id": "participant", "wave_id": "wave", "coder_id": "coder", "code_id": "code"}


def passages_with(study: Study, code_ids: Sequence[str], narrowed: Narrowed, page: int = 1) -> Found:
    """Passages with any of the codes, by participant, wave and place in the text; what lost its place comes last in its text."""
    frame = _open_to(study, session.get("coder_id"), codings_in_place(study, code_ids))
    waves = by_id(study.rows("waves"))
    people = by_id(study.rows("participants"))
    chosen = frame
    for column, name in _COLUMNS.items():
        if getattr(narrowed, name):
            chosen = chosen.filter(pl.col(column) == getattr(narrowed, name))
    ids = _ordered(chosen, people, waves)
    pages = max(1, -(-len(ids) // PAGE))
    page = min(max(page, 1), pages)
    shown = ids.slice((page - 1) * PAGE, PAGE).to_list()
    here = chosen.filter(pl.col("segment_id").is_in(shown)).group_by("segment_id").agg("coding_id")
    return Found(
        passages_of(study, shown, session.get("coder_id")),
        len(ids),
        held_by(frame, "code_id"),
        held_by(frame.with_columns(whole=pl.lit("")), "whole").get("", Held()),
        page,
        pages,
        dict(zip(here["segment_id"], here["coding_id"].to_list(), strict=True)),
        sorted((people[one] for one in frame["participant_id"].unique() if one), key=lambda row: natural(row["pseudonym"])),
        [(row, number) for row, number in _counted(frame, "wave_id", in_order(waves.values()))],
        [(row, number) for row, number in _counted(frame, "coder_id", study.rows("coders"))],
    )


def _ordered(frame: pl.DataFrame, people: dict[str, Row], waves: dict[str, Row]) -> pl.Series:
    """Ids of the passages; nobody's come last, those of no wave before the first."""
    in_turn = [row["id"] for row in sorted(people.values(), key=lambda row: natural(row["pseudonym"]))]
    positions = {row["id"]: row["position"] for row in waves.values()}
    place = pl.col("participant_id").replace_strict(in_turn, range(len(in_turn)), default=len(in_turn), return_dtype=pl.Int64)
    wave = pl.col("wave_id").replace_strict(list(positions), list(positions.values()), default=0, return_dtype=pl.Int64)
    placed = frame.unique("segment_id").with_columns(pl.col("is_lost").fill_null(value=False), place=place, wave=wave)
    return placed.sort("place", "wave", "document_id", "is_lost", "start", "segment_id")["segment_id"]


def _counted(frame: pl.DataFrame, column: str, rows: Collection[Row]) -> list[tuple[Row, int]]:
    counts: dict[Any, int] = dict(frame.group_by(column).agg(pl.col("segment_id").n_unique()).iter_rows())
    return [(row, counts[row["id"]]) for row in rows if row["id"] in counts]
