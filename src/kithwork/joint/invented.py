"""Attributes that one study invented: its questions of participants, interviews, maps, topics, alters and ties, answered by options, yes
and no, or a number."""

import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from kithwork.joint.numbers import bounds, holds, just, members, plain
from kithwork.model.rows import Row
from kithwork.model.schema import KINDS
from kithwork.model.tables import StudyTables

SIDES: dict[str, Literal["tie", "world"]] = {
    "participant": "world",
    "interview": "world",
    "map": "world",
    "topic": "world",
    "measure": "world",  # of the everyday map of an interview; see `shape`
    "alter": "tie",
    "tie": "tie",
}
OTHER, NO_ANSWER, NOT_ASKED = "=", "?", "-"  # keys beside those of options, which are `=` and the option's code, and of numbers
REASON = "missing:"  # begins the key of why there is no answer, where that was recorded
ANSWERS = {"answers": ("question_id", "participant_id", "interview_id", "map_id", "alter_id", "tie_id", "text", "number", "codes")}
"""Read besides `said.COLUMNS` where a question counts by answers, or filters by them."""
_KINDS_OF_ANSWER = ("choice", "choices", "boolean", "number")
_NO_MAP = {NOT_ASKED: "no map at that wave"}
_APART = {OTHER: "another answer", NO_ANSWER: "no answer", NOT_ASKED: "not asked"}
_TRUTHS = [["yes", "Yes"], ["no", "No"]]


@dataclass(frozen=True)
class Invented:
    """One question of a study, in all its wordings, as something to count by. Named by what it is asked of and its code: `tie:mood`."""

    name: str
    label: str
    options: dict[str, str]  # key → label, in order; none of a question answered by a number
    wordings: tuple[Row, ...]  # oldest first; none of what is measured
    meaning: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)  # code → why there is no value, of what is measured

    @property
    def subject(self) -> str:
        """Of what it is asked."""
        return self.name.partition(":")[0]

    @property
    def key(self) -> str:
        """The column that says of what it was asked; of a topic its note is kept with the interview, and a map goes with its own."""
        return "interview_id" if self.subject in ("topic", "measure") else f"{self.subject}_id"

    @property
    def is_number(self) -> bool:
        """Whether it is measured, or answered by a number in its newest wording."""
        return self.is_measured or self.wordings[-1]["answer_kind"] == "number"

    @property
    def is_measured(self) -> bool:
        """Whether it is a measure of the map, and asked of nobody."""
        return self.subject == "measure"

    def keys_of(self, answer: Row) -> list[str]:
        """What an answer gives: keys of options, several where several were chosen, or the key of just this number."""
        number = answer["number"]
        chosen = [answer["text"]] if answer["text"] is not None else answer["codes"] or []
        if number is not None and not chosen and not math.isnan(number):
            if self.is_number:
                return [just(number)]
            chosen = [plain(number)]
        told = [f"={code}" for code in chosen if not str(code).startswith(REASON)]
        reasons = [str(code) for code in chosen if str(code).startswith(REASON)]
        return [key if key in self.options else OTHER for key in dict.fromkeys(told)] or reasons[:1] or [NO_ANSWER]

    def members(self, told: Sequence[str] = (), points: Sequence[float] = ()) -> dict[str, str]:
        """Key → label of what can be counted by, in order; `told` are the keys of all answers there are, `points` where numbers are cut."""
        numbers = (bounds(key) for key in told) if self.is_number else ()
        own = (members((found[0] for found in numbers if found), points) if self.is_number else {}) | self.options
        reasons = sorted({key for key in told if key.startswith(REASON)})
        return own | (_NO_MAP if self.is_measured else _APART) | {key: self.reason(key) for key in reasons}

    def reason(self, key: str) -> str:
        """Why there is no answer or no value, in words."""
        return self.reasons.get(key.removeprefix(REASON)) or f"no answer: {key.removeprefix(REASON).replace('_', ' ')}"

    def wanted(self, told: Iterable[str], values: Sequence[str]) -> list[str]:
        """Of the keys of answers, those that are meant by values of a question: options, intervals, or why there is no answer."""
        meant = set(values)
        spans = [value for value in values if bounds(value)] if self.is_number else []
        return [key for key in told if key in meant or ((at := bounds(key)) and any(holds(span, at[0]) for span in spans))]

    def cut(self, told: Iterable[str], keys: Iterable[str]) -> Mapping[str, str]:
        """Key of a number → key of the interval that it is counted in."""
        spans = [key for key in keys if bounds(key)]
        numbers = {key: found[0] for key in told if (found := bounds(key))}
        return {key: span for key, value in numbers.items() for span in spans if holds(span, value)}


def invented(tables: StudyTables) -> dict[str, Invented]:
    """Name → every attribute a study invented whose answers are listed or numbers; no two have the same label."""
    asked = tables["questions"].filter(
        pl.col("subject").is_in([one for one in SIDES if one != "measure"]),
        pl.col("column_name").is_null(),
        pl.col("answer_kind").is_in(_KINDS_OF_ANSWER),
    )
    wordings: dict[str, list[Row]] = {}
    for row in sorted(asked.to_dicts(), key=lambda row: (row["position"] or 0, row["code"], row["version"])):
        wordings.setdefault(f"{row['subject']}:{row['code']}", []).append(row)
    found: dict[str, Invented] = {}
    labels = set()
    for name, rows in wordings.items():
        rows.sort(key=lambda row: row["version"])
        options = _options(rows)
        if not options and rows[-1]["answer_kind"] != "number":
            continue
        label = textwrap.shorten(rows[-1]["wording"], 48, placeholder=" …")
        label = f"{label} ({rows[-1]['code']})" if label in labels else label
        labels.add(label)
        found[name] = Invented(name, label, options, tuple(rows))
    return found


def _options(wordings: list[Row]) -> dict[str, str]:
    listed: dict[str, str] = {}
    for row in reversed(wordings):
        for code, label in _TRUTHS if row["answer_kind"] == "boolean" else row["options"] or []:
            listed.setdefault(f"={code}", str(label))
    return listed


def answered(tables: StudyTables, one: Invented, stood: pl.DataFrame) -> pl.DataFrame:
    """What was answered: the key of each it was asked of, and a column of the attribute's name; a row a member, a number as its own.

    stood   of what it can be asked: the key, `wave`, and `kind` of alters; whoever is there at a wave at which it was asked, and is of a
            kind it was asked of, and has no answer, gave none. What is not in the frame was not asked.
    """
    version = {row["id"]: row["version"] for row in one.wordings}
    of = tables["answers"].filter(pl.col("question_id").is_in(list(version))).drop_nulls(one.key)
    told: dict[str, list[str]] = {}  # the newest wording's holds
    answers = of.select("question_id", one.key, "text", "number", "codes").to_dicts()
    for row in sorted(answers, key=lambda row: version[row["question_id"]]):
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
