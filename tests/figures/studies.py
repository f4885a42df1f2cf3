"""Small made-up studies for the pictures' tests: every row by hand or from a seeded draw."""

import random
import uuid
from typing import Any

from kithwork.model.tables import StudyTables

KINDS = ("person", "animal", "group", "place", "object", "activity", "digital")
WORDS = (
    "Sister",
    "Neighbour upstairs",
    "Tabby",
    "Allotment",
    "Choir",
    "Library on the corner",
    "Radio",
    "Evening walk",
    "Old school friend",
    "GP",
    "Support worker",
    "Bench by the canal",
    "Chess online",
    "Guitar",
    "Brother-in-law",
    "Tuesday group",
    "Café",
    "Swimming",
    "Photo album",
    "Cousin",
)


class Maker:
    """Collects rows of a study; ids are drawn from a seed so that a study is always the same."""

    def __init__(self, seed: int = 1, waves: int = 3, circles: int = 3) -> None:
        self.draw = random.Random(seed)
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.add("studies", title="Test study", is_synthetic=True)
        for place, label in enumerate(("Most important", "Important", "Less important but there", "Outer")[:circles], start=1):
            self.add("circles", version=1, position=place, label=label)
        self.waves = [
            self.add("waves", position=place, label=f"Interview {place}", months=9.0 * (place - 1), circle_version=1)
            for place in range(1, waves + 1)
        ]

    def id(self) -> str:
        return str(uuid.UUID(int=self.draw.getrandbits(128), version=4))

    def add(self, table: str, **row: Any) -> str:
        row = {"id": self.id(), **row}
        self.rows.setdefault(table, []).append(row)
        return row["id"]

    def participant(self, pseudonym: str = "P01", status: str = "enrolled") -> str:
        return self.add("participants", pseudonym=pseudonym, status=status)

    def held(self, participant: str, wave: int, state: str = "everyday", stage: str = "finished") -> str:
        """An interview held, with a map; gives the map's id."""
        interview = self.add(
            "interviews", participant_id=participant, wave_id=self.waves[wave - 1], status="held", held_on=f"2026-0{wave}-14"
        )
        return self.add("maps", interview_id=interview, state=state, stage=stage, alter_ties_asked="yes")

    def missed(self, participant: str, wave: int, reason: str = "in_hospital") -> None:
        self.add("interviews", participant_id=participant, wave_id=self.waves[wave - 1], status="missed", missed_reason=reason)

    def alter(self, participant: str, label: str, kind: str = "person") -> str:
        return self.add("alters", participant_id=participant, kind=kind, pseudonym=label)

    def tie(self, map_id: str, alter: str, circle: int | None, angle: float | None = None, distance: float | None = None) -> str:
        return self.add("ties", map_id=map_id, alter_id=alter, circle=circle, angle=angle, distance=distance)

    def tables(self) -> StudyTables:
        return StudyTables.from_rows(self.rows)


def crowded(alters: int, seed: int = 1, unplaced: int = 2) -> tuple[StudyTables, str, str]:
    """One participant with one map of so many alters: tables, participant, map."""
    maker = Maker(seed)
    person = maker.participant()
    drawn = maker.held(person, 1)
    ties = []
    for place in range(alters):
        alter = maker.alter(
            person, f"{WORDS[place % len(WORDS)]}{'' if place < len(WORDS) else f' {place}'}", KINDS[place % 7 if place % 3 else 0]
        )
        circle = None if place < unplaced else maker.draw.choice((1, 2, 2, 3, 3, 3))
        distance = None if circle is None else (circle - 1 + maker.draw.uniform(0.25, 0.95)) / 3
        ties.append(maker.tie(drawn, alter, circle, None if circle is None else maker.draw.uniform(0, 359), distance))
    for _ in range(alters):
        maker.add("alter_ties", map_id=drawn, from_tie_id=maker.draw.choice(ties), to_tie_id=maker.draw.choice(ties), relation="knows")
    return maker.tables(), person, drawn


def eventful(seed: int = 7, alters: int = 14, missed: int | None = 2, waves: int = 3) -> tuple[StudyTables, str]:
    """One participant through the waves with moves, losses, returns, events, and one wave missed."""
    maker = Maker(seed, waves)
    person = maker.participant()
    named = [maker.alter(person, f"{WORDS[place % len(WORDS)]}", KINDS[place % 7]) for place in range(alters)]
    before: set[str] = set()
    for wave in range(1, waves + 1):
        if wave == missed:
            maker.missed(person, wave)
            continue
        drawn, now = maker.held(person, wave), set()
        for alter in named:
            if maker.draw.random() < 0.72:
                circle = maker.draw.choice((1, 2, 3, None))
                distance = None if circle is None else (circle - maker.draw.uniform(0.1, 0.9)) / 3
                maker.tie(drawn, alter, circle, None if circle is None else maker.draw.uniform(0, 359), distance)
                now.add(alter)
            elif alter in before and maker.draw.random() < 0.7:
                fate = maker.draw.choice(("lost", "dormant", "suspended", "not_relevant"))
                maker.add("fates", map_id=drawn, alter_id=alter, fate=fate, reasons=["moved"] if fate == "lost" else None)
        for alter in maker.draw.sample(sorted(now), min(4, len(now))):
            event = maker.draw.choice(("asked", "refused", "disclosed", "felt_stigma", "repaired", "trust_broken", "withdrew"))
            maker.add("events", alter_id=alter, map_id=drawn, event=event)
        before = now
    return maker.tables(), person
