"""Studies made up at random, with the dirt that real ones hold: loops, repeats, recorded non-ties, missed waves, questions not asked."""

import random
from collections import defaultdict
from typing import Any

from kithwork.model.ids import new_id
from kithwork.model.schema import FATES, KINDS, SUFFICIENCY, TABLES
from kithwork.model.tables import StudyTables

ROLES = (
    ("friend", "person", "chosen"),
    ("sister", "person", "kin"),
    ("nurse", "person", "professional"),
    ("odd", "person", None),
    ("cat", "animal", "animal"),
)
_COLUMNS = ("trust", "reliability", "security", "effort", "valence", "contact", "reciprocity")
TYPES = (("comfort", False), ("shopping", False), ("company", False), ("gone", True))


class Maker:
    """Adds rows by table and gives back their ids."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, table: str, **row: Any) -> str:
        row = {"id": new_id(), **row}
        self.rows[table].append(row)
        return row["id"]

    def tables(self) -> StudyTables:
        return StudyTables.from_rows(self.rows)

    def person(self, pseudonym: str) -> str:
        return self.add("participants", pseudonym=pseudonym, status="enrolled")

    def wave(self, position: int, months: float | None = None, circle_version: int = 1) -> str:
        return self.add("waves", position=position, label=f"Wave {position}", months=months, circle_version=circle_version)

    def map(self, person: str, wave: str, status: str = "held", alter_ties: str = "yes", held_on: str | None = None) -> str:
        interview = self.add("interviews", participant_id=person, wave_id=wave, status=status, held_on=held_on)
        return self.add("maps", interview_id=interview, state="everyday", stage="finished", alter_ties_asked=alter_ties)

    def alter(self, person: str, kind: str = "person", role: str | None = None) -> str:
        return self.add("alters", participant_id=person, kind=kind, role=role, pseudonym="someone")

    def tie(self, map_id: str, alter: str, **values: Any) -> str:
        return self.add("ties", map_id=map_id, alter_id=alter, **values)

    def alter_tie(self, map_id: str, one: str, other: str, **values: Any) -> str:
        return self.add("alter_ties", map_id=map_id, from_tie_id=one, to_tie_id=other, **{"relation": "knows", **values})


def one_map(alters: int, links: list[tuple[int, int]], kind: str = "person") -> StudyTables:
    """One person, one wave, one map."""
    maker = Maker()
    person, wave = maker.person("P1"), maker.wave(1)
    map_id = maker.map(person, wave)
    ties = [maker.tie(map_id, maker.alter(person, kind)) for _ in range(alters)]
    for one, other in links:
        maker.alter_tie(map_id, ties[one], ties[other])
    return maker.tables()


def random_study(seed: int, people: int = 4, waves: int = 3, most: int = 9) -> StudyTables:
    """A whole study from a seed; some maps are empty, some waves are missed, some questions are asked only at some waves."""
    rng, maker = random.Random(seed), Maker()
    for version, count in ((1, 3), (2, 4)):
        for position in range(1, count + 1):
            maker.add("circles", version=version, position=position, label=f"Circle {position}")
    for position, (code, kind, group) in enumerate(ROLES):
        maker.add("roles", code=code, kind=kind, label=code, role_group=group, position=position)
    for position, (code, is_retired) in enumerate(TYPES):
        maker.add("support_types", code=code, label=code, position=position, is_retired=is_retired)
    wave_ids = [maker.wave(n + 1, 6.0 * n if rng.random() < 0.8 else None, 1 if rng.random() < 0.7 else 2) for n in range(waves)]
    said = {wave: {column for column in (*_COLUMNS, "supports") if rng.random() < 0.8} for wave in wave_ids}
    for column in ("trust", "effort"):
        question = maker.add("questions", code=column, version=1, subject="tie", column_name=column, wording="?")
        maker.add("asked", question_id=question, wave_id=rng.choice(wave_ids))
    invented = _random_questions(rng, maker)
    for number in range(people):
        _random_person(rng, maker, f"P{number}", wave_ids, said, most, invented)
    return maker.tables()


def _random_questions(rng: random.Random, maker: Maker) -> dict[str, str]:
    """Questions the study invented: of ties, of alters, and of ego; one lists more answers than anyone gives."""

    def question(code: str, subject: str, kind: str, options: list[list[str]] | None = None) -> str:
        return maker.add("questions", code=code, version=1, subject=subject, wording="?", answer_kind=kind, options=options)

    sexes = [["m", "Man"], ["w", "Woman"], ["x", "Neither"]]
    return {
        "tie_mood": question("tie_mood", "tie", "choice", [["good", "Good"], ["bad", "Bad"]] if rng.random() < 0.7 else None),
        "alter_sex": question("alter_sex", "alter", "choice", sexes),
        "tie_miles": question("tie_miles", "tie", "number"),
        "interview_sex": question("interview_sex", "interview", "choice", sexes),
        "participant_miles": question("participant_miles", "participant", "number"),
    }


def _random_person(
    rng: random.Random, maker: Maker, pseudonym: str, wave_ids: list[str], said: dict[str, set[str]], most: int, invented: dict[str, str]
) -> None:
    person = maker.person(pseudonym)
    alters = _random_alters(rng, maker, person, most, invented)
    usual = [tuple(rng.choices(alters, k=2)) for _ in alters]  # pairs that are mostly tied, wave after wave
    for number, wave in enumerate(wave_ids):
        if rng.random() < 0.25:
            maker.add("interviews", participant_id=person, wave_id=wave, status="missed", missed_reason="too_unwell")
            continue
        day = f"2024-{number + 1:02}-{rng.randint(1, 28):02}" if rng.random() < 0.8 else None
        map_id = maker.map(person, wave, alter_ties=rng.choice(["yes", "yes", "yes", "partly", "no"]), held_on=day)
        if rng.random() < 0.8:
            interview = maker.rows["maps"][-1]["interview_id"]
            maker.add("answers", question_id=invented["interview_sex"], interview_id=interview, text=rng.choice(["m", "w", "unlisted"]))
        chance = rng.choice([0.0, 0.3, 0.6, 0.9, 0.9])
        named = [alter for alter in alters if rng.random() < chance]
        ties: list[str] = []
        for alter in named:
            via = rng.choice(ties) if ties and rng.random() < 0.3 else None
            ties.append(maker.tie(map_id, alter, via_tie_id=via, **_tie_values(rng, said[wave])))
        _random_answers(rng, maker, ties, invented)
        _random_alter_ties(rng, maker, map_id, ties)
        tie_of = dict(zip(named, ties, strict=True))
        for one, other in usual:
            if one in tie_of and other in tie_of and rng.random() < 0.8:
                maker.alter_tie(map_id, tie_of[one], tie_of[other], weight=1)
        for tie in ties if "supports" in said[wave] else []:
            for code in rng.sample([code for code, _ in TYPES], rng.randint(0, 3)):
                via = rng.choice(ties) if rng.random() < 0.2 else None
                maker.add("supports", tie_id=tie, support_type=code, via_tie_id=via, **_support_values(rng))
        for alter in alters if rng.random() < 0.7 else []:
            if rng.random() < 0.6:
                maker.add("fates", map_id=map_id, alter_id=alter, fate=rng.choice(list(FATES)))


def _random_alters(rng: random.Random, maker: Maker, person: str, most: int, invented: dict[str, str]) -> list[str]:
    if rng.random() < 0.8:
        maker.add("answers", question_id=invented["participant_miles"], participant_id=person, number=rng.choice([0, 3, 2.5]))
    kinds = rng.choice([["person"], ["person", "person", *KINDS]])  # maps of people alone hold most structure
    alters = [(maker.alter(person, *_kind_and_role(rng, kinds))) for _ in range(rng.randint(0, most))]
    for alter in alters:
        if rng.random() < 0.7:
            maker.add("answers", question_id=invented["alter_sex"], alter_id=alter, text=rng.choice([None, "m", "w", "w"]))
    return alters


def _random_alter_ties(rng: random.Random, maker: Maker, map_id: str, ties: list[str]) -> None:
    weights = rng.choice([[None, 0, 1, 2.5], [0, 0.5, 1, 2.5]])
    for _ in range(rng.randint(0, rng.choice([2, 2, 5]) * len(ties))):
        label = rng.choice([None, "Close", "Drinks with"])
        values = {"weight": rng.choice(weights), "is_directed": rng.choice([None, False, True]), "relation_label": label}
        maker.alter_tie(map_id, rng.choice(ties), rng.choice(ties), **values)


def _random_answers(rng: random.Random, maker: Maker, ties: list[str], invented: dict[str, str]) -> None:
    for tie in ties:
        if rng.random() < 0.7:
            maker.add("answers", question_id=invented["tie_mood"], tie_id=tie, text=rng.choice([None, "good", "bad"]))
        if rng.random() < 0.7:
            maker.add("answers", question_id=invented["tie_miles"], tie_id=tie, number=rng.choice([None, 0, 1, 2.5, 7]))


def _kind_and_role(rng: random.Random, kinds: list[str]) -> tuple[str, str | None]:
    kind = rng.choice(kinds)
    fitting = [code for code, of_kind, _ in ROLES if of_kind == kind]
    return kind, rng.choice([*fitting, None])


def _tie_values(rng: random.Random, said: set[str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "circle": rng.choice([None, 1, 2, 3]),
        "trust": rng.choice([None, *TABLES["ties"]["trust"].choices]),
        "valence": rng.choice([None, *TABLES["ties"]["valence"].choices]),
        "contact": rng.choice([None, *TABLES["ties"]["contact"].choices]),
        "reciprocity": rng.choice([None, *TABLES["ties"]["reciprocity"].choices]),
        **{name: rng.choice([None, 0, 1, 2, 3, 4]) for name in ("reliability", "security", "effort")},
    }
    kept = {name: value for name, value in values.items() if name in said or name == "circle"}
    return {**kept, "conditional_on": rng.choice([None, None, ["money"]])}


def _support_values(rng: random.Random) -> dict[str, Any]:
    return {
        "direction": rng.choice(["to_me", "from_me", "both"]),
        "amount": rng.choice([None, 0, 1, 3]),
        "sufficiency": rng.choice([None, *SUFFICIENCY]),
        "conditional_on": rng.choice([None, None, ["time"]]),
    }
