"""A small study with a participant, two waves and a map at each."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kithwork.actions import act
from kithwork.model.ids import new_id
from kithwork.store import Study, create_study


@dataclass
class Small:
    """Ids of what the study holds."""

    study: Study
    participant: str = ""
    waves: list[str] = field(default_factory=list)
    maps: list[str] = field(default_factory=list)

    def do(self, verb: str, **arguments: object):
        return act(self.study, verb, arguments)

    def name(self, map_number: int, kind: str = "person") -> tuple[str, str]:
        """Someone new on a map: the alter's and the tie's id."""
        alter, tie = new_id(), new_id()
        self.do("name alter", map_id=self.maps[map_number], name="Somebody", kind=kind, alter_id=alter, tie_id=tie)
        return alter, tie


def small_study(path: Path) -> Small:
    small = Small(create_study(path))
    with small.study.change("set up") as change:
        change.insert("studies", {"title": "Small", "is_synthetic": True})
        for position in (1, 2):
            small.waves.append(change.insert("waves", {"position": position, "label": f"Wave {position}", "circle_version": 1})["id"])
        for position in (1, 2, 3):
            change.insert("circles", {"version": 1, "position": position, "label": f"Circle {position}"})
        for code in ("emotional", "everyday"):
            change.insert("support_types", {"code": code, "label": code})
        invented = {
            "code": "pet_name",
            "version": 1,
            "subject": "tie",
            "wording": "?",
            "answer_kind": "choice",
            "options": [["a", "A"], ["b", "B"]],
        }
        change.insert("questions", invented)
        change.insert("questions", {**invented, "code": "years", "answer_kind": "number", "options": None})
    small.participant = new_id()
    small.do("enrol participant", pseudonym="P01", id=small.participant, name="A. Real-Name")
    for wave in small.waves:
        small.maps.append(new_id())
        small.do("start map", participant_id=small.participant, wave_id=wave, id=small.maps[-1])
    return small


@pytest.fixture
def small(tmp_path: Path):
    made = small_study(tmp_path / "small.kith")
    yield made
    made.study.close()
