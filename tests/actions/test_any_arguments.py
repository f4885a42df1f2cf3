"""Whatever arguments a verb is given, right or wrong, it is done whole or refused in one sentence, and the study stays sound."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kithwork.actions import ACTIONS, act
from kithwork.actions.design import keep_tables
from kithwork.formats.demo import demo_tables
from kithwork.model.errors import KithworkError
from kithwork.model.ids import new_id
from kithwork.model.schema import LIVE, TABLES
from kithwork.store import Study, create_study

JUNK: list[Any] = [
    *(None, "", " ", "x" * 10_001, "\x00", "a\x00b", "\u202e", "\ud800", 0, -1, 10**30, 1.5, float("nan"), float("inf"), True, False),
    *([], {}, [None], ["\ud800"], {"a": 1}, {"": None}, {"a": {"b": "\ud800"}}, [[]], {1: 2}, "2024-02-30", "=1+1", "../x", b"x"),
]
CODES = sorted({code for table in TABLES.values() for column in table.columns for code in column.choices if isinstance(code, str)})
POINTS_TO = {"from_tie_id": "ties", "to_tie_id": "ties", "same_as_id": "alters", "copy_map_id": "maps", "into_id": "codes"}
DICTS = {  # what a list of dicts holds, where it is not the columns of a row
    "mentions": ("start", "stop", "alter_id", "tie_id", "event_id"),
    "turns": ("start", "stop", "speaker", "role"),
    "edits": ("start", "stop", "text"),
    "parts": ("name", "definition", "segment_ids", "coding_ids"),
    "circles": ("label", "prompt", "meaning"),
    "documents": ("document_id", "revision_id", "replacements"),
}


class Guesser:
    """Arguments for any verb: mostly such as belong together, often one that does not."""

    def __init__(self, study: Study, seed: int) -> None:
        self.study, self.chance = study, random.Random(seed)
        self.look()

    def look(self) -> None:
        """What there is now, and one map whose rows belong together."""
        self.ids = {table: [row["id"] for row in self.study.rows(table)] for table in LIVE}
        maps = self.study.rows("maps")
        self.near: dict[str, list[str]] = {}
        if maps:
            drawn = self.chance.choice(maps)
            interview = self.study.row("interviews", drawn["interview_id"])
            ties = self.study.rows("ties", map_id=drawn["id"])
            self.near = {
                "maps": [drawn["id"]],
                "interviews": [interview["id"]],
                "waves": [interview["wave_id"]],
                "participants": [interview["participant_id"]],
                "ties": [tie["id"] for tie in ties],
                "alters": [tie["alter_id"] for tie in ties],
            }

    def id_in(self, table: str) -> str:
        near = self.near.get(table)
        chosen = near if near and self.chance.random() < 0.85 else self.ids.get(table)
        return self.chance.choice(chosen or [new_id()])

    def id_for(self, name: str) -> str | None:
        table = POINTS_TO.get(name, name.removesuffix("_id") + "s" if name.endswith("_id") else "")
        if name == "replaced_by_id":
            table = "alters"
        if table in TABLES:
            return self.id_in(table)
        return self.id_in(self.chance.choice(list(LIVE))) if name.endswith("_id") else None

    def row(self, names: tuple[str, ...] | list[str]) -> dict[str, Any]:
        return {name: self.value(name, "") for name in names if self.chance.random() < 0.8}

    def columns(self, verb: str) -> dict[str, Any]:
        tables = [table for table in TABLES if table.removesuffix("s") in verb.replace(" ", "_")] or list(TABLES)
        table = TABLES[self.chance.choice(tables)]
        columns = self.chance.sample(table.columns, min(len(table.columns), self.chance.randint(0, 3)))
        return {column.name: self.fitting(column.name, column.kind, list(column.choices)) for column in columns}

    def fitting(self, name: str, kind: str, choices: list[Any]) -> Any:
        if self.chance.random() < 0.15:
            return self.chance.choice(JUNK)
        if choices:
            return self.chance.sample(choices, 1) if kind == "choices" else self.chance.choice(choices)
        made = {"integer": 2, "number": 0.5, "boolean": True, "date": "2024-02-03", "time": "2024-02-03T09:30:00Z", "json": [["a", "A"]]}
        return made.get(kind) or self.id_for(name) or "a word or two"

    def value(self, name: str, kind: str, verb: str = "") -> Any:
        chance = self.chance
        if chance.random() < 0.08:
            return chance.choice(JUNK)
        if name == "values" or kind.startswith("dict[str, typing.Any"):
            return self.columns(verb)
        if "list[dict" in kind:
            return [self.row(DICTS.get(name, ["start", "stop", "text"])) for _ in range(chance.randint(0, 3))]
        if "dict[str" in kind:
            return {chance.choice(["P", "I", "Speaker"]): chance.choice(["participant", "other", "nobody"])}
        if name.endswith("_ids"):
            return [self.id_for(name.removesuffix("s")) for _ in range(chance.randint(0, 3))]
        if name in ("start", "stop", "circle", "position"):
            return chance.randint(0, 4) + (3 if name == "stop" else 0)
        if name in ("angle", "months", "weight", "distance"):
            return chance.choice([0.0, 0.5, 1.0, 120.0, 359.9, float("nan"), 1e300])
        if "bool" in kind:
            return chance.choice([True, False])
        if name in ("id", "alter_id", "tie_id") and chance.random() < 0.2:
            return new_id()
        return self.id_for(name) or chance.choice([*self.words(name), chance.choice(CODES), "a word or two"])

    def words(self, name: str) -> list[str]:
        """Words the verbs know: kinds, fates, codes of questions and supports."""
        columns = {"kind": "alters", "fate": "fates", "state": "maps", "relation": "alter_ties", "subject": "questions"}
        if name in columns:
            return list(TABLES[columns[name]][name].choices)
        found = {"code": "questions", "support_type": "support_types", "about": "memos"}.get(name)
        return [row["code"] for row in self.study.rows(found)] if found in ("questions", "support_types") else []

    def arguments(self, verb: str) -> dict[str, Any]:
        fields = ACTIONS[verb].arguments.model_fields
        left = [name for name, field in fields.items() if field.is_required() or self.chance.random() < 0.6]
        given = {name: self.value(name, str(fields[name].annotation), verb) for name in left}
        if self.chance.random() < 0.02:
            given["bogus"] = 1
        return given


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    with create_study(tmp_path / "study.kith") as made:
        keep_tables(made, demo_tables(participants=3, waves=2, ties=6), "make demo study")
        yield made


def refused(study: Study, verb: str, arguments: dict[str, Any]) -> str | None:
    """The sentence that says why it was not done; None when it was."""
    try:
        act(study, verb, arguments)
    except KithworkError as error:
        return str(error)
    return None


@pytest.mark.parametrize("seed", range(2))
def test_any_arguments_are_carried_out_or_refused_in_one_sentence_and_the_study_verifies(study: Study, seed: int) -> None:
    guesser = Guesser(study, seed)
    done: Counter[str] = Counter()
    for number in range(700):
        if number % 10 == 0:
            guesser.look()
        verb = guesser.chance.choice(list(ACTIONS))
        arguments = guesser.arguments(verb)
        before = study.count("journal", by="verb")
        refusal = refused(study, verb, arguments)
        done[verb] += refusal is None
        if refusal is not None:
            assert "\n" not in refusal, (verb, refusal)
            assert len(refusal) < 500, verb
            assert study.count("journal", by="verb") == before, verb
    assert sum(done.values()) > 100
    assert len(+done) > len(ACTIONS) / 3, sorted(set(ACTIONS) - set(done))
    assert study.verify().damage == []


@pytest.mark.parametrize("arguments", [[1, 2], "text", 7, {"map_id": "\ud800"}, {1: 2}, None])
def test_arguments_of_no_sensible_shape_are_refused(study: Study, arguments: Any) -> None:
    with pytest.raises(KithworkError):
        act(study, "name alter", arguments)
