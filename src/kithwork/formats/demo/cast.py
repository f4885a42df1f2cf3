"""Who and what is in a made-up life: alters with a kind, a role, a name and a nature that lasts across waves."""

from dataclasses import dataclass
from typing import NamedTuple

from kithwork.formats.demo.chance import Chance
from kithwork.formats.demo.words import PERSON_NAMES, PET_NAMES, ROLE_NAMES, SHORT_ROLES, SURNAMES
from kithwork.model.rows import Row

PROFILES: dict[str, tuple[float, dict[str, float]]] = {
    "people_led": (0.38, {"person": 0.69, "animal": 0.01, "group": 0.06, "place": 0.08, "object": 0.05, "activity": 0.08, "digital": 0.03}),
    "mixed": (0.30, {"person": 0.51, "animal": 0.01, "group": 0.08, "place": 0.13, "object": 0.08, "activity": 0.13, "digital": 0.06}),
    "place_activity_led": (
        0.18,
        {"person": 0.28, "animal": 0.04, "group": 0.09, "place": 0.23, "object": 0.11, "activity": 0.19, "digital": 0.06},
    ),
    "service_led": (0.14, {"person": 0.58, "group": 0.12, "place": 0.12, "object": 0.06, "activity": 0.07, "digital": 0.05}),
}
GROUPS = {"kin": 0.40, "chosen": 0.26, "weak": 0.12, "peer": 0.06, "professional": 0.12, "activity": 0.04}
SERVICE_GROUPS = {"kin": 0.22, "chosen": 0.14, "weak": 0.12, "peer": 0.14, "professional": 0.34, "activity": 0.04}
ONLY_ONE = {
    *(
        "partner",
        "ex_partner",
        "gp",
        "psychiatrist",
        "community_nurse",
        "therapist",
        "social_worker",
        "pharmacist",
        "advocate",
        "peer_worker",
    ),
    *("employment_adviser", "faith_leader", "assistance_animal", "recovery_college", "care_team", "home", "own_room", "workplace", "work"),
    *("phone", "medicine"),
}
AT_MOST = {"parent": 2, "grandparent": 2, "in_law": 2, **dict.fromkeys(ONLY_ONE, 1)}
COMMON = {
    "parent": 3,
    "sibling": 4,
    "child": 3,
    "friend": 5,
    "close_friend": 4,
    "neighbour": 3,
    "pet": 6,
    "park": 2,
    "walking": 3,
    "music": 2,
}


class Nature(NamedTuple):
    """What a sort of alter is like on average: circle, scales 0–4, trust 0–3, and the side of the map it is drawn on."""

    circle: float
    steadiness: float
    safety: float
    cost: float
    trust: float
    degrees: float


NATURES = {
    "kin": Nature(1.7, 2.6, 2.5, 2.0, 2.1, 30),
    "chosen": Nature(1.9, 2.6, 2.6, 1.6, 2.2, 90),
    "weak": Nature(2.8, 3.0, 2.4, 0.6, 1.5, 185),
    "peer": Nature(2.2, 2.7, 2.6, 1.4, 2.0, 135),
    "professional": Nature(2.4, 2.4, 2.3, 1.5, 1.8, 160),
    "activity": Nature(2.5, 2.7, 2.3, 1.3, 1.6, 115),
    "animal": Nature(1.2, 3.8, 3.7, 1.4, 2.8, 350),
    "group": Nature(2.2, 2.9, 2.5, 1.7, 1.8, 205),
    "place": Nature(2.0, 3.5, 3.3, 0.8, 2.4, 240),
    "object": Nature(2.1, 3.5, 3.0, 0.3, 2.2, 300),
    "doing": Nature(2.0, 3.0, 2.9, 1.4, 2.2, 270),
    "digital": Nature(2.4, 3.1, 2.2, 0.6, 1.5, 325),
}
CIRCLES_OF_FRIENDS = {"kin": "family", "peer": "peers", "professional": "care", "activity": "doing", "weak": "street", "animal": "family"}
TALKED_TO = {"person", "animal", "group", "digital"}


@dataclass(slots=True)
class Alter:
    """An alter as the story knows it; `sort` is the role group for people and the sort of thing otherwise."""

    id: str
    kind: str
    role: str
    sort: str
    name: str
    pseudonym: str
    nearness: float
    steadiness: float
    safety: float
    cost: float
    trust: float
    valence: str
    direction: float
    company: str
    is_old: bool
    via: "Alter | None" = None
    circle: int | None = None
    state: str = "on"
    break_state: str = ""
    is_placed: bool = False


class Cast:
    """Makes the alters of one participant, with names that do not repeat within the participant."""

    def __init__(self, chance: Chance, roles: list[Row]) -> None:
        self._chance = chance
        self._roles: dict[str, list[Row]] = {}
        for role in roles:
            self._roles.setdefault(_sort(role), []).append(role)
        shares = {name: share for name, (share, _) in PROFILES.items()}
        self.profile = chance.weighted(shares)
        self._counts: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._names: set[str] = set()
        self.members: list[Alter] = []

    def add(self, kind: str | None = None, sort: str | None = None, role: str | None = None) -> Alter:
        """One more alter, of the kind asked for or one that fits the profile."""
        chance = self._chance
        kind = kind or chance.weighted(PROFILES[self.profile][1])
        if kind == "person":
            sort = sort or chance.weighted(SERVICE_GROUPS if self.profile == "service_led" else GROUPS)
        sort = sort or ("doing" if kind == "activity" else kind)
        role = role or self._role(sort)
        self._counts[role] = self._counts.get(role, 0) + 1
        nature = NATURES[sort]
        alter = Alter(
            id=chance.id(),
            kind=kind,
            role=role,
            sort=sort,
            name=self._name(kind, role),
            pseudonym=self._pseudonym(sort, role),
            nearness=chance.normal(nature.circle, 0.75),
            steadiness=chance.normal(nature.steadiness, 0.7),
            safety=chance.normal(nature.safety, 0.7),
            cost=chance.normal(nature.cost, 0.7),
            trust=chance.normal(nature.trust, 0.7),
            valence=_valence(chance, kind, sort),
            direction=(nature.degrees + chance.between(-28, 28)) % 360,
            company=CIRCLES_OF_FRIENDS.get(sort) or f"friends {chance.whole(1, 2)}",
            is_old=chance.is_so(0.4),
        )
        alter.via = self._via(alter)
        self.members.append(alter)
        return alter

    def _role(self, sort: str) -> str:
        free = [r["code"] for r in self._roles[sort] if self._counts.get(r["code"], 0) < AT_MOST.get(r["code"], 99)]
        codes = free or [r["code"] for r in self._roles[sort]]
        return self._chance.weighted({code: COMMON.get(code, 1) for code in codes})

    def _pseudonym(self, sort: str, role: str) -> str:
        label = SHORT_ROLES.get(role) or _short(next(r["label"] for r in self._roles[sort] if r["code"] == role))
        self._numbers[label] = self._numbers.get(label, 0) + 1
        return f"{label} {self._numbers[label]}"

    def _name(self, kind: str, role: str) -> str:
        chance = self._chance
        if role in ("gp", "psychiatrist"):
            base = f"Dr {chance.one(SURNAMES)}"
        else:
            bank = ROLE_NAMES.get(role) or (PET_NAMES if kind == "animal" else PERSON_NAMES)
            free = [name for name in bank if name not in self._names] if len(bank) < 40 else bank
            base = chance.one(free or bank)
        name, number = base, 1
        while name in self._names:
            number += 1
            name = f"{base} {chr(64 + number)}." if kind == "person" and number < 26 else f"{base} ({number})"
        self._names.add(name)
        return name

    def _via(self, alter: Alter) -> Alter | None:
        if alter.role == "dog_walker":
            return next((other for other in self.members if other.kind == "animal"), None)
        if alter.kind in ("object", "animal") or not self.members or not self._chance.is_so(0.12):
            return None
        doors = [other for other in self.members if other.kind in ("person", "animal", "group")]
        return self._chance.one(doors) if doors else None


def _sort(role: Row) -> str:
    if role["kind"] == "person":
        return role.get("role_group") or "weak"
    return "doing" if role["kind"] == "activity" else role["kind"]


def _short(label: str) -> str:
    return label.partition(" or ")[0].partition(",")[0]


def _valence(chance: Chance, kind: str, sort: str) -> str:
    if sort == "kin":
        return chance.weighted({"helps": 0.68, "both": 0.25, "hinders": 0.06, "neither": 0.01})
    if kind in ("person", "digital", "group", "object"):
        return chance.weighted({"helps": 0.82, "both": 0.13, "hinders": 0.03, "neither": 0.02})
    return chance.weighted({"helps": 0.93, "both": 0.06, "neither": 0.01})
