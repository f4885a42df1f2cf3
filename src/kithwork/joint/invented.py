"""Attributes that one study invented: its questions of participants, interviews, alters and ties, answered by options or yes and no."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from kithwork.model.rows import Row
from kithwork.model.schema import KINDS
from kithwork.model.tables import StudyTables

SIDES: dict[str, Literal["tie", "world"]] = {"participant": "world", "interview": "world", "alter": "tie", "tie": "tie"}
OTHER, NO_ANSWER, NOT_ASKED = "=", "?", "-"  # keys beside those of options, which are `=` and the option's code
ANSWERS = {"answers": ("question_id", "participant_id", "interview_id", "alter_id", "tie_id", "text", "codes")}
"""Read besides `said.COLUMNS` where a question counts by answers, or filters by them."""
_KINDS_OF_ANSWER = ("choice", "choices", "boolean")
_APART = {OTHER: "another answer", NO_ANSWER: "no answer", NOT_ASKED: "not asked"}
_TRUTHS = [["yes", "Yes"], ["no", "No"]]


@dataclass(frozen=True)
class Invented:
    """One question of a study, in all its wordings, as something to count by. Named by what it is asked of and its code: `tie:mood`."""

    name: str
    label: str
    members: dict[str, str]  # key → label, in order
    wordings: tuple[Row, ...]  # oldest first

    @property
    def key(self) -> str:
        """The column that says of what it was asked."""
        return f"{self.wordings[-1]['subject']}_id"

    def keys_of(self, answer: Row) -> list[str]:
        """The members that an answer gives; several where several options were chosen."""
        chosen = [answer["text"]] if answer["text"] is not None else answer["codes"] or []
        told = [f"={code}" for code in chosen if not str(code).startswith("missing:")]
        return [key if key in self.members else OTHER for key in dict.fromkeys(told)] or [NO_ANSWER]


def invented(tables: StudyTables) -> dict[str, Invented]:
    """Name → every attribute a study invented whose answers are listed; no two have the same label."""
    asked = tables["questions"].filter(
        pl.col("subject").is_in(list(SIDES)), pl.col("column_name").is_null(), pl.col("answer_kind").is_in(_KINDS_OF_ANSWER)
    )
    wordings: dict[str, list[Row]] = {}
    for row in sorted(asked.to_dicts(), key=lambda row: (row["position"] or 0, row["code"], row["version"])):
        wordings.setdefault(f"{row['subject']}:{row['code']}", []).append(row)
    found: dict[str, Invented] = {}
    labels = set()
    for name, rows in wordings.items():
        rows.sort(key=lambda row: row["version"])
        members = _members(rows)
        if not members:
            continue
        label = textwrap.shorten(rows[-1]["wording"], 48, placeholder=" …")
        label = f"{label} ({rows[-1]['code']})" if label in labels else label
        labels.add(label)
        found[name] = Invented(name, label, members | _APART, tuple(rows))
    return found


def _members(wordings: list[Row]) -> dict[str, str]:
    listed: dict[str, str] = {}
    for row in reversed(wordings):
        for code, label in _TRUTHS if row["answer_kind"] == "boolean" else row["options"] or []:
            listed.setdefault(f"={code}", str(label))
    return listed


def answered(tables: StudyTables, one: Invented, stood: pl.DataFrame) -> pl.DataFrame:
    """What was answered: the key of each it was asked of, and a column of the attribute's name; a row a member.

    stood   of what it can be asked: the key, `wave`, and `kind` of alters; whoever is there at a wave at which it was asked, and is of a
            kind it was asked of, and has no answer, gave none. What is not in the frame was not asked.
    """
    version = {row["id"]: row["version"] for row in one.wordings}
    of = tables["answers"].filter(pl.col("question_id").is_in(list(version))).drop_nulls(one.key)
    told: dict[str, list[str]] = {}  # the newest wording's holds
    for row in sorted(of.select("question_id", one.key, "text", "codes").to_dicts(), key=lambda row: version[row["question_id"]]):
        told[row[one.key]] = one.keys_of(row)
    silent = stood.join(_places(tables, one), on=[name for name in ("wave", "kind") if name in stood.columns], how="semi")
    for key in silent[one.key].unique(maintain_order=True):
        told.setdefault(key, [NO_ANSWER])
    rows = [(key, member) for key, members in told.items() for member in members]
    return pl.DataFrame(rows, schema={one.key: pl.String, one.name: pl.String}, orient="row")


def _places(tables: StudyTables, one: Invented) -> pl.DataFrame:
    """`wave` and `kind` at which and of which any wording was asked."""
    waves = dict(tables["waves"].select("id", "position").iter_rows())
    kinds = {row["id"]: row["kinds"] or list(KINDS) for row in one.wordings}

    def places() -> Iterator[tuple[int, str]]:
        for question, wave in tables["asked"].select("question_id", "wave_id").iter_rows():
            yield from ((waves[wave], kind) for kind in kinds.get(question, ()))

    return pl.DataFrame(sorted(set(places())), schema={"wave": pl.Int64, "kind": pl.String}, orient="row")
