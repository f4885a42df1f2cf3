"""The rows of one made-up map: ties with their place and their answers, nominations, supports, alter ties."""

from collections.abc import Sequence
from itertools import combinations

from kithwork.formats.demo.cast import TALKED_TO, Alter
from kithwork.formats.demo.chance import Chance
from kithwork.formats.demo.words import CONDITIONS, MEANINGS
from kithwork.model.rows import Row

CIRCLES = 3
_CONTACT: dict[int | None, dict[str, float]] = {
    1: {"daily": 0.52, "weekly": 0.38, "monthly": 0.10},
    2: {"daily": 0.2, "weekly": 0.45, "monthly": 0.25, "yearly": 0.1},
    3: {"daily": 0.06, "weekly": 0.32, "monthly": 0.34, "yearly": 0.23, "never": 0.05},
    None: {"weekly": 0.15, "monthly": 0.3, "yearly": 0.35, "never": 0.2},
}
_BASES = ("being_there", "acceptance", "confidentiality", "competence", "shared_experience", "history", "institution", "outsider")
_BASIS_OF = {
    "kin": ("being_there", "history", "acceptance"),
    "chosen": ("acceptance", "history", "being_there", "confidentiality"),
    "weak": ("being_there", "outsider"),
    "peer": ("shared_experience", "acceptance"),
    "professional": ("competence", "institution", "confidentiality", "outsider"),
    "animal": ("acceptance", "being_there"),
}
_SUPPORTS: dict[str, dict[str, float]] = {
    "kin": {
        "emotional_work": 0.5,
        "companionship": 0.4,
        "everyday_work": 0.45,
        "illness_work": 0.2,
        "contingency_work": 0.25,
        "information": 0.1,
        "biographical_work": 0.15,
        "security": 0.25,
    },
    "chosen": {
        "emotional_work": 0.5,
        "companionship": 0.6,
        "activity_encouragement": 0.3,
        "biographical_work": 0.25,
        "everyday_work": 0.15,
        "bridging": 0.15,
        "contingency_work": 0.12,
    },
    "weak": {"companionship": 0.35, "everyday_work": 0.25, "security": 0.25, "bridging": 0.12, "information": 0.1},
    "peer": {"emotional_work": 0.55, "information": 0.35, "companionship": 0.35, "biographical_work": 0.25, "contingency_work": 0.15},
    "professional": {"illness_work": 0.75, "information": 0.55, "emotional_work": 0.25, "contingency_work": 0.35, "everyday_work": 0.12},
    "activity": {"companionship": 0.4, "biographical_work": 0.35, "activity_encouragement": 0.35, "information": 0.15},
    "animal": {
        "companionship": 0.8,
        "emotional_work": 0.65,
        "activity_encouragement": 0.55,
        "security": 0.45,
        "biographical_work": 0.2,
        "bridging": 0.2,
    },
    "group": {"companionship": 0.6, "bridging": 0.5, "activity_encouragement": 0.4, "information": 0.25, "biographical_work": 0.2},
    "place": {"security": 0.7, "activity_encouragement": 0.25, "bridging": 0.2, "emotional_work": 0.2, "biographical_work": 0.12},
    "object": {"security": 0.5, "emotional_work": 0.35, "biographical_work": 0.3, "bridging": 0.15, "illness_work": 0.1},
    "doing": {"activity_encouragement": 0.5, "biographical_work": 0.45, "security": 0.3, "emotional_work": 0.3, "bridging": 0.2},
    "digital": {"companionship": 0.35, "information": 0.4, "emotional_work": 0.25, "bridging": 0.3, "illness_work": 0.15},
}
_KNOW = {"family": 0.75, "friends 1": 0.6, "friends 2": 0.55, "care": 0.5, "peers": 0.4, "street": 0.25, "doing": 0.5}
_GENERATOR = {"animal": "animals", "place": "places", "object": "things", "activity": "activities", "digital": "things", "group": "company"}
_ORDER = ("everyday", "company", "hard_day", "illness", "places", "things", "activities", "animals", "light_contact", "hard_going")


def places(alters: Sequence[Alter], chance: Chance) -> dict[str, tuple[float, float]]:
    """Angle and distance of each alter that is in a circle, inside its band, and apart from its neighbours."""
    found: dict[str, tuple[float, float]] = {}
    for circle in range(1, CIRCLES + 1):
        ring = sorted((alter for alter in alters if alter.circle == circle), key=lambda alter: alter.direction)
        if not ring:
            continue
        gap = 360 / len(ring)
        start = _mean([_turn(alter.direction - index * gap) for index, alter in enumerate(ring)])
        for index, alter in enumerate(ring):
            angle = (start + index * gap + chance.between(-0.12, 0.12) * min(gap, 60)) % 360
            depth = (0.42, 0.8)[index % 2] if len(ring) > 6 else 0.62
            if circle == 1 and len(ring) <= 6:
                depth = 0.7
            found[alter.id] = (round(angle, 1), round((circle - 1 + depth + chance.between(-0.07, 0.07)) / CIRCLES, 4))
    return found


def _turn(degrees: float) -> float:
    return (degrees + 180) % 360 - 180


def _mean(turns: list[float]) -> float:
    """The middle of some directions, taken around the first of them."""
    first = turns[0]
    return first + sum(_turn(turn - first) for turn in turns) / len(turns)


def tie_rows(map_id: str, alters: Sequence[Alter], chance: Chance) -> list[Row]:
    """One row a tie, in the order of the alters."""
    spots = places(alters, chance)
    rows = [_tie(map_id, alter, spots.get(alter.id), chance) for alter in alters]
    tie_of = {row["alter_id"]: row["id"] for row in rows}
    for alter, row in zip(alters, rows, strict=True):
        if alter.via is not None:
            row["via_tie_id"] = tie_of.get(alter.via.id)
    return rows


def _tie(map_id: str, alter: Alter, spot: tuple[float, float] | None, chance: Chance) -> Row:
    talks = alter.kind in TALKED_TO
    row: Row = {"id": chance.id(), "map_id": map_id, "alter_id": alter.id, "circle": alter.circle, "valence": alter.valence}
    if spot:
        row["angle"], row["distance"] = spot
    row["contact"] = chance.weighted(_CONTACT[alter.circle])
    row["trust"] = _trust(alter, chance)
    row["reliability"] = chance.step(alter.steadiness - (0.9 if alter.break_state == "breached" else 0), 0.35, 4)
    row["security"] = chance.step(alter.safety, 0.35, 4)
    row["effort"] = chance.step(alter.cost + (0.8 if alter.break_state else 0), 0.35, 4)
    if talks:
        row["contact_mode"] = _modes(alter, chance)
        row["reciprocity"] = _reciprocity(alter, chance)
    if alter.kind not in ("object", "digital"):
        row["is_local"] = chance.is_so(0.86 if alter.circle == 1 else 0.74)
    if row["trust"] not in ("not_applicable", "absent") and chance.is_so(0.75):
        bases = _BASIS_OF.get(alter.sort, ("being_there",))
        chosen = {chance.one(bases), chance.one(bases)}
        row["trust_basis"] = [code for code in _BASES if code in chosen]
    if chance.is_so({"person": 0.2, "group": 0.2, "place": 0.15, "activity": 0.18}.get(alter.kind, 0.05)):
        on = chance.weighted(
            {
                "my_health": 4,
                "their_health": 2 if alter.kind == "person" else 0.1,
                "third_person": 1,
                "time": 3,
                "money": 2,
                "transport": 2,
                "place": 1,
                "other": 1,
            }
        )
        row["conditional_on"] = [on]
        row["condition"] = chance.one(CONDITIONS[on])
    if chance.is_so(0.6):
        row["meaning"] = chance.one(MEANINGS[alter.sort])
    for name in ("contact", "trust", "reliability", "security", "effort", "valence"):
        if chance.is_so(0.02):  # asked and not answered
            row[name] = None
    return row


def _trust(alter: Alter, chance: Chance) -> str:
    if alter.break_state:
        return alter.break_state
    if alter.kind in ("place", "object", "activity") and chance.is_so(0.7):
        return "not_applicable"
    level = alter.trust
    return "absent" if level < 0.6 else "tentative" if level < 1.5 else "present" if level < 2.5 else "strong"


def _modes(alter: Alter, chance: Chance) -> list[str]:
    if alter.kind == "digital" or alter.role == "online_friend":
        return ["online"]
    if alter.kind in ("animal", "group"):
        return ["in_person"]
    modes = ["in_person"] if chance.is_so(0.85) else []
    modes += [mode for mode, share in (("phone", 0.45), ("messages", 0.4), ("online", 0.08)) if chance.is_so(share)]
    return modes or (["through_others"] if alter.via else ["phone"])


def _reciprocity(alter: Alter, chance: Chance) -> str:
    if alter.sort == "professional":
        return chance.weighted({"to_me": 0.75, "not_applicable": 0.15, "balanced": 0.1})
    return chance.weighted({"to_me": 0.27, "balanced": 0.52, "from_me": 0.19, "not_applicable": 0.02})


def nomination_rows(
    alters: Sequence[Alter], ties: Sequence[Row], generators: dict[str, str], late_ids: set[str], chance: Chance
) -> list[Row]:
    """Which generator brought each tie up, in what order; those forgotten in free recall come up on looking back."""
    said = []
    for alter, tie in zip(alters, ties, strict=True):
        code = _GENERATOR.get(alter.kind) or _person_generator(alter, chance)
        late = alter.id in late_ids
        phase = "reconcile" if late else "later" if chance.is_so(0.015) else "recall"
        said.append(((late, phase == "later", _ORDER.index(code) + chance.normal(0, 1.2)), tie["id"], code, phase))
    return [
        {
            "id": chance.id(),
            "tie_id": tie,
            "question_id": generators.get(code) if phase == "recall" else None,
            "position": place,
            "phase": phase,
        }
        for place, (_, tie, code, phase) in enumerate(sorted(said), 1)
    ]


def _person_generator(alter: Alter, chance: Chance) -> str:
    if alter.valence == "hinders":
        return "hard_going"
    if alter.sort == "professional":
        return "illness"
    if alter.sort == "weak":
        return chance.weighted({"light_contact": 0.7, "company": 0.3})
    return chance.weighted({"everyday": 0.45, "company": 0.35, "hard_day": 0.2})


def support_rows(alters: Sequence[Alter], ties: Sequence[Row], chance: Chance) -> list[Row]:
    """Kinds of support over each tie."""
    rows = []
    for alter, tie in zip(alters, ties, strict=True):
        share = {1: 1.15, 2: 0.95, 3: 0.7}.get(alter.circle or 0, 0.4) * (0.4 if alter.valence == "hinders" else 1)
        for code, probability in _SUPPORTS[alter.sort].items():
            if not chance.is_so(probability * share):
                continue
            row: Row = {"id": chance.id(), "tie_id": tie["id"], "support_type": code, "direction": "to_me"}
            if alter.kind in ("person", "animal", "group") and alter.sort != "professional":
                row["direction"] = chance.weighted({"to_me": 0.52, "both": 0.36, "from_me": 0.12})
            row["amount"] = 1 + chance.step(2.2 - 0.45 * (alter.circle or 3), 0.6, 2)
            row["sufficiency"] = None if chance.is_so(0.04) else chance.weighted({"enough": 0.66, "some": 0.24, "not_enough": 0.10})
            if alter.kind == "person" and chance.is_so(0.13):
                row["conditional_on"] = [
                    chance.weighted({"my_health": 3, "their_health": 2, "time": 3, "transport": 1, "money": 1, "third_person": 1})
                ]
                row["condition"] = chance.one(CONDITIONS[row["conditional_on"][0]])
            if tie.get("via_tie_id") and chance.is_so(0.5):
                row["via_tie_id"] = tie["via_tie_id"]
            rows.append(row)
    return rows


def alter_tie_rows(
    map_id: str, alters: Sequence[Alter], ties: Sequence[Row], known: dict[tuple[str, str], bool], chance: Chance
) -> list[Row]:
    """Ties between alters; `known` remembers from map to map which people know each other."""
    rows = []
    people = [(alter, tie["id"]) for alter, tie in zip(alters, ties, strict=True) if alter.kind == "person"]
    for (one, one_tie), (other, other_tie) in combinations(people, 2):
        pair = (one.id, other.id) if one.id < other.id else (other.id, one.id)
        if pair not in known:
            known[pair] = chance.is_so(_KNOW.get(one.company, 0.1) if one.company == other.company else _across(one, other))
        if known[pair]:
            relation = chance.weighted({"knows": 0.87, "supports": 0.08, "conflict": 0.05})
            rows.append(_alter_tie(map_id, one_tie, other_tie, relation, chance))
    sites = [(alter, tie["id"]) for alter, tie in zip(alters, ties, strict=True) if alter.kind in ("activity", "group")]
    rest = {
        kind: [tie["id"] for alter, tie in zip(alters, ties, strict=True) if alter.kind == kind] for kind in ("person", "place", "object")
    }
    for alter, tie in sites:
        for kind, relation, share in (("person", "done_with", 0.35), ("place", "happens_at", 0.35), ("object", "uses", 0.3)):
            if rest[kind] and chance.is_so(share) and not (relation == "uses" and alter.kind == "group"):
                rows.append(_alter_tie(map_id, tie, chance.one(rest[kind]), relation, chance))
    return rows


def _across(one: Alter, other: Alter) -> float:
    pair = {one.company, other.company}
    if "family" in pair and len(pair & {"friends 1", "friends 2"}) == 1:
        return 0.14
    return 0.08 if "care" in pair and "family" in pair else 0.03


def _alter_tie(map_id: str, one: str, other: str, relation: str, chance: Chance) -> Row:
    row: Row = {"id": chance.id(), "map_id": map_id, "from_tie_id": one, "to_tie_id": other, "relation": relation}
    row["is_directed"] = relation in ("supports", "uses", "happens_at")
    return row
