"""Who and what is in a made-up life: alters with a kind, a role, a name and a nature that lasts across waves."""

from dataclasses import dataclass

from kithwork.formats.demo.chance import Chance
from kithwork.formats.demo.words import PERSON_NAMES, PET_NAMES, ROLE_NAMES, SHORT_ROLES, SURNAMES
from kithwork.model.rows import Row

PROFILES: dict[str, tuple[float, dict[str, float]]] = {
    "people_led": (0.38, {"person": 0.69, "animal": 0.01, "group": 0.06, "place": 0.08, "object": 0.05, "activity": 0.08, "digital": 0.03}),
    "mixed": (0.30, {"person": 0.51, "animal": 0.01, "group": 0.08, "place": 0.13, "object": 0.08, "activity": 0.13, "digital": 0.06}),
    "place_activity_led": (0.18, {"person": 0.28, "animal": 0.04, "group": 0.09, "place": 0.23, "object": 0.11, "activity": 0.19, "digital": 0.06}),
    "service_led": (0.14, {"person": 0.58, "group": 0.12, "place": 0.12, "object": 0.06, "activity": 0.07, "digital": 0.05}),
}
GROUPS = {"kin": 0.40, "chosen": 0.26, "weak": 0.12, "peer": 0.06, "professional": 0.12, "activity": 0.04}
SERVICE_GROUPS = {"kin": 0.22, "chosen": 0.14, "weak": 0.12, "peer": 0.14, "professional": 0.34, "activity": 0.04}
AT_MOST = {
    "partner": 1, "ex_partner": 1, "parent": 2, "gp": 1, "psychiatrist": 1, "community_nurse": 1, "therapist": 1, "social_worker": 1, "pharmacist": 1,
    "advocate": 1, "employment_adviser": 1, "home": 1, "own_room": 1, "phone": 1, "medicine": 1, "work": 1, "workplace": 1, "recovery_college": 1,
    "faith_leader": 1, "assistance_animal": 1, "in_law": 2, "grandparent": 2, "peer_worker": 1, "care_team": 1,
}  # fmt: skip
COMMON = {"parent": 3, "sibling": 4, "child": 3, "friend": 5, "close_friend": 4, "neighbour": 3, "pet": 6, "home": 2, "park": 2, "phone": 2, "walking": 3, "music": 2}
NEAR = {"kin": 1.7, "chosen": 1.9, "weak": 2.8, "peer": 2.2, "professional": 2.4, "activity": 2.5, "animal": 1.2, "group": 2.2, "place": 2.0, "object": 2.1, "doing": 2.0, "digital": 2.4}
STEADY = {"kin": 2.6, "chosen": 2.6, "weak": 3.0, "peer": 2.7, "professional": 2.4, "activity": 2.7, "animal": 3.8, "group": 2.9, "place": 3.5, "object": 3.5, "doing": 3.0, "digital": 3.1}
SAFE = {"kin": 2.5, "chosen": 2.6, "weak": 2.4, "peer": 2.6, "professional": 2.3, "activity": 2.3, "animal": 3.7, "group": 2.5, "place": 3.3, "object": 3.0, "doing": 2.9, "digital": 2.2}
COST = {"kin": 2.0, "chosen": 1.6, "weak": 0.6, "peer": 1.4, "professional": 1.5, "activity": 1.3, "animal": 1.4, "group": 1.7, "place": 0.8, "object": 0.3, "doing": 1.4, "digital": 0.6}
TRUST = {"kin": 2.1, "chosen": 2.2, "weak": 1.5, "peer": 2.0, "professional": 1.8, "activity": 1.6, "animal": 2.8, "group": 1.8, "place": 2.4, "object": 2.2, "doing": 2.2, "digital": 1.5}
SECTORS = {"kin": 30, "chosen": 90, "peer": 135, "professional": 160, "activity": 115, "weak": 185, "group": 205, "animal": 350, "place": 240, "object": 300, "doing": 270, "digital": 325}
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
        self._counts[role] = number = self._counts.get(role, 0) + 1
        alter = Alter(
            id=chance.id(),
            kind=kind,
            role=role,
            sort=sort,
            name=self._name(kind, role),
            pseudonym=f"{SHORT_ROLES.get(role) or _short(self._label(sort, role))} {number}",
            nearness=chance.normal(NEAR[sort], 0.75),
            steadiness=chance.normal(STEADY[sort], 0.7),
            safety=chance.normal(SAFE[sort], 0.7),
            cost=chance.normal(COST[sort], 0.7),
            trust=chance.normal(TRUST[sort], 0.7),
            valence=_valence(chance, kind, sort),
            direction=(SECTORS[sort] + chance.between(-28, 28)) % 360,
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

    def _label(self, sort: str, role: str) -> str:
        return next(r["label"] for r in self._roles[sort] if r["code"] == role)

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
    return label.split(" or ")[0].split(",")[0]


def _valence(chance: Chance, kind: str, sort: str) -> str:
    if sort == "kin":
        return chance.weighted({"helps": 0.68, "both": 0.25, "hinders": 0.06, "neither": 0.01})
    if kind in ("person", "digital", "group", "object"):
        return chance.weighted({"helps": 0.82, "both": 0.13, "hinders": 0.03, "neither": 0.02})
    return chance.weighted({"helps": 0.93, "both": 0.06, "neither": 0.01})
