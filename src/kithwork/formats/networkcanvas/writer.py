"""Network Canvas's CSV, written: per map an ego file, an attribute list a kind and an edge list a relation, with its columns and codes.

An any-of question becomes one true-or-false column an option, as there. Network Canvas lets two columns of one name overwrite each
other; here that is refused. Ids are fresh; rings have no place in its files, positions do, as shares of a canvas of 16 by 9.
"""

import math
import re
import uuid
from collections import defaultdict
from typing import Any

from kithwork.formats.egor.writer import alter_numbers, ego_ids
from kithwork.formats.networkcanvas.parts import FIXED
from kithwork.formats.reading import MISSING, Writing
from kithwork.formats.sheets import write_sheet
from kithwork.model.errors import SelectionError
from kithwork.model.rows import Row
from kithwork.model.schema import KINDS
from kithwork.model.tables import StudyTables

_TABLES = ("waves", "participants", "interviews", "maps", "alters", "ties", "nominations", "alter_ties")
_ASPECT = (16.0, 9.0)


def write(tables: StudyTables, *, with_personal_text: bool = False) -> Writing:
    """The files of every map; raises `SelectionError` where two columns would have one name."""
    rows = {name: tables.rows(name) for name in _TABLES}
    columns = _Columns(tables, with_personal_text)
    cases, numbers = ego_ids(rows), alter_numbers(rows)
    people = {row["id"]: row["pseudonym"] for row in rows["participants"]}
    waves = {row["id"]: row["position"] for row in rows["waves"]}
    interviews = {row["id"]: row for row in rows["interviews"]}
    alters = {row["id"]: row for row in rows["alters"]}
    order = {row["tie_id"]: row.get("position", 10**9) for row in rows["nominations"]}
    ties: defaultdict[str, list[Row]] = defaultdict(list)
    edges: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows["ties"], key=lambda row: order.get(row["id"], 10**9)):
        ties[row["map_id"]].append(row)
    for row in rows["alter_ties"]:
        if row.get("weight") != 0:
            edges[row["map_id"]].append(row)
    files: dict[str, bytes] = {}
    for number, drawn in enumerate(sorted(rows["maps"], key=lambda row: cases[row["id"]]), 1):
        interview = interviews[drawn["interview_id"]]
        ego, session = str(uuid.uuid4()), str(uuid.uuid4())
        stem = f"{re.sub(r'[^A-Za-z0-9._-]', '', cases[drawn['id']])[:80].lstrip('.') or f'map{number}'}_{session}"
        start = interview.get("started_at") or (f"{interview['held_on']}T00:00:00.000Z" if "held_on" in interview else None)
        wave = waves[interview["wave_id"]]
        own = [ego, cases[drawn["id"]], session, f"Kithwork wave {wave}", start, start or "unknown", None]
        own += [people[interview["participant_id"]], wave, drawn["state"]]
        header, values = columns.of("ego", ("interview", "map"), [interview["id"], drawn["id"]])
        files[f"{stem}_ego.csv"] = write_sheet([*FIXED["ego"][:7], *FIXED["ego"][-3:], *header], [[*own, *values]])
        ids = _nodes(files, stem, ego, ties[drawn["id"]], alters, numbers, columns)
        _edges(files, stem, ego, edges[drawn["id"]], ids, columns)
    losses = ["Rings have no place in Network Canvas's files; positions are shares of a canvas of 16 by 9."]
    losses.append("Trust, supports, events, fates and all talk have no place in them either; recorded non-ties are left out.")
    if columns.withheld:
        losses.append(f"{columns.withheld} answer(s) in free words are left out; --with-personal-text keeps them.")
    return Writing(files, losses)


def _nodes(
    files: dict[str, bytes],
    stem: str,
    ego: str,
    ties: list[Row],
    alters: dict[str, Row],
    numbers: dict[str, int],
    columns: "_Columns",
) -> dict[str, tuple[int, str]]:
    ids = {tie["id"]: (number, str(uuid.uuid4())) for number, tie in enumerate(ties, 1)}
    by_kind: defaultdict[str, list[Row]] = defaultdict(list)
    for tie in ties:
        by_kind[alters[tie["alter_id"]]["kind"]].append(tie)
    for kind, group in by_kind.items():
        lines: list[list[Any]] = []
        header: list[str] = []
        for tie in group:
            number, own = ids[tie["id"]]
            header, values = columns.of("node", ("tie", "alter"), [tie["id"], tie["alter_id"]])
            named = alters[tie["alter_id"]]["pseudonym"]
            lines.append([number, ego, own, numbers[tie["alter_id"]], named, *_position(tie), *values])
        files[f"{stem}_attributeList_{KINDS[kind]}.csv"] = write_sheet([*FIXED["node"], "name", "map_x", "map_y", *header], lines)
    if not ties:
        files[f"{stem}_attributeList.csv"] = write_sheet(FIXED["node"], [])
    return ids


def _edges(files: dict[str, bytes], stem: str, ego: str, edges: list[Row], ids: dict[str, tuple[int, str]], columns: "_Columns") -> None:
    by_type: defaultdict[str, list[list[Any]]] = defaultdict(list)
    header: list[str] = []
    for number, edge in enumerate(edges, 1):
        one, other = ids[edge["from_tie_id"]], ids[edge["to_tie_id"]]
        header, values = columns.of("edge", ("alter_tie",), [edge["id"]])
        name = re.sub(r"\W", "", edge.get("relation_label") or edge["relation"], flags=re.ASCII)[:80] or "edge"
        by_type[name].append([number, one[0], other[0], ego, str(uuid.uuid4()), one[1], other[1], edge.get("weight"), *values])
    for name, lines in by_type.items():
        files[f"{stem}_edgeList_{name}.csv"] = write_sheet([*FIXED["edge"], "weight", *header], lines)
    if not edges:
        files[f"{stem}_edgeList.csv"] = write_sheet(FIXED["edge"], [])


def _position(tie: Row) -> tuple[float | None, float | None]:
    """Shares of the canvas, y downwards; the circles fill its shorter side."""
    if "angle" not in tie or "distance" not in tie:
        return None, None
    radius, turn = tie["distance"] * min(_ASPECT) / 2, math.radians(tie["angle"])
    return 0.5 + radius * math.sin(turn) / _ASPECT[0], 0.5 - radius * math.cos(turn) / _ASPECT[1]


class _Columns:
    """Answers as Network Canvas's columns: one a question, or one an option of an any-of question."""

    def __init__(self, tables: StudyTables, with_personal_text: bool) -> None:
        self.questions = [row for row in tables.rows("questions") if not row.get("column_name")]
        self.withheld = 0
        free = {row["id"] for row in self.questions if row.get("answer_kind", "text") == "text"}
        self.given: dict[tuple[str, str], Row] = {}
        for row in tables.rows("answers"):
            if row["question_id"] in free and "text" in row and not with_personal_text:
                self.withheld += 1
            elif not str((row.get("codes") or [""])[0]).startswith(MISSING):
                owner = next(
                    row[f"{name}_id"] for name in ("interview", "map", "participant", "alter", "tie", "alter_tie") if f"{name}_id" in row
                )
                self.given[row["question_id"], owner] = row
        answered = {question for question, _ in self.given}
        self.questions = [row for row in self.questions if row["id"] in answered]
        for what, subjects in (("ego", ("interview", "map")), ("node", ("tie", "alter")), ("edge", ("alter_tie",))):
            names = [*FIXED[what], "name", "map_x", "map_y", "weight", *(name for q in self._of(subjects) for name in _names(q))]
            twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
            if twice:
                raise SelectionError(f"Two columns would be called '{twice[:80]}', and one would overwrite the other; rename a question.")

    def _of(self, subjects: tuple[str, ...]) -> list[Row]:
        return [row for row in self.questions if row["subject"] in subjects]

    def of(self, what: str, subjects: tuple[str, ...], owners: list[str]) -> tuple[list[str], list[Any]]:
        """Column names, and the values that belong to any of the owners."""
        header: list[str] = []
        values: list[Any] = []
        for question in self._of(subjects):
            answer = next((self.given[question["id"], owner] for owner in owners if (question["id"], owner) in self.given), None)
            header += _names(question)
            values += _cells(question, answer)
        return header, values


def _names(question: Row) -> list[str]:
    code = question["code"] if question["version"] == 1 else f"{question['code']}_v{question['version']}"
    return [f"{code}_{option}" for option, _ in question["options"]] if _is_any_of(question) else [code]


def _is_any_of(question: Row) -> bool:
    return question.get("answer_kind") == "choices" and bool(question.get("options"))


def _cells(question: Row, answer: Row | None) -> list[Any]:
    if _is_any_of(question):
        return [None if answer is None else option in (answer.get("codes") or []) for option, _ in question["options"]]
    if answer is None:
        return [None]
    value = answer.get("number", answer.get("text", answer.get("codes")))
    return [{"yes": True, "no": False}.get(str(value), value) if question.get("answer_kind") == "boolean" else value]
