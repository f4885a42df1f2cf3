"""How a made-up network changes from one map to the next: what became of each alter, and why."""

from dataclasses import dataclass

from kithwork.formats.demo.cast import Alter, Cast
from kithwork.formats.demo.chance import Chance
from kithwork.model.rows import Row
from kithwork.model.schema import REASONS

_LEAVE = {"person": 0.16, "animal": 0.07, "group": 0.15, "place": 0.10, "object": 0.09, "activity": 0.14, "digital": 0.17}
_FATES = {"dormant": 0.27, "lost": 0.32, "suspended": 0.13, "forgotten": 0.14, "not_relevant": 0.14}
STILL_THERE = ("kept", "forgotten")  # forgotten in free recall, put on the map on looking back
_ARRIVALS = {"new_true": 0.5, "new_reactivated": 0.3, "new_forgotten": 0.2}
_REASONS: dict[str, dict[str, float]] = {
    "kin": {"death": 2, "moved": 1, "conflict": 3, "drift": 2, "stigma": 2, "their_health": 2, "i_ended": 1, "life_event": 1},
    "chosen": {"moved": 2, "drift": 4, "conflict": 2, "stigma": 2, "they_ended": 1, "i_ended": 1, "life_event": 2, "death": 1},
    "weak": {"moved": 3, "drift": 3, "closed": 1, "other": 1, "life_event": 1},
    "peer": {"drift": 2, "their_health": 2, "illness": 2, "moved": 1},
    "professional": {"service_ended": 8, "moved": 1, "they_ended": 1},
    "activity": {"drift": 2, "life_event": 2, "they_ended": 1, "stigma": 1},
    "animal": {"death": 4, "moved": 1, "life_event": 1},
    "group": {"closed": 4, "transport": 2, "cost": 1, "stigma": 1, "service_ended": 2},
    "place": {"closed": 4, "moved": 2, "transport": 2, "cost": 1},
    "object": {"thing_gone": 6, "replaced": 2, "cost": 1},
    "doing": {"cost": 2, "illness": 3, "closed": 1, "life_event": 2, "replaced": 1},
    "digital": {"closed": 2, "i_ended": 3, "replaced": 2, "conflict": 1},
}


@dataclass(slots=True)
class Fate:
    """What became of an alter between two maps."""

    alter: Alter
    fate: str
    reasons: list[str] | None = None
    replaced_by: Alter | None = None

    def row(self, chance: Chance, map_id: str) -> Row:
        """As a row of `fates`."""
        row: Row = {"id": chance.id(), "map_id": map_id, "alter_id": self.alter.id, "fate": self.fate, "reasons": self.reasons}
        row["replaced_by_id"] = self.replaced_by.id if self.replaced_by else None
        return row


def first_map(cast: Cast, size: int, chance: Chance, *, has_pet: bool) -> list[Alter]:
    """The alters of the first map."""
    if has_pet:
        cast.add("animal", role="pet")
    while len(cast.members) < size:
        cast.add()
    for alter in cast.members:
        _settle(alter, chance)
    return list(cast.members)


def next_map(cast: Cast, size: int, chance: Chance) -> tuple[list[Alter], list[Fate]]:
    """The alters of the next map of about this size, and what became of each between the two."""
    before = [alter for alter in cast.members if alter.state == "on"]
    away = [alter for alter in cast.members if alter.state in ("dormant", "suspended")]
    fates: list[Fate] = []
    for alter in before:
        weight = 0.55 if alter.circle == 1 else 1.0 if alter.circle == 2 else 1.45
        fates.append(_leave(alter, chance) if chance.is_so(_LEAVE[alter.kind] * weight) else Fate(alter, "kept"))
    kept = [fate.alter for fate in fates if fate.fate in STILL_THERE]
    for alter in away:
        if len(kept) < size and chance.is_so(0.45):
            fates.append(Fate(alter, "returned"))
            alter.state = "on"
            kept.append(alter)
    gone = [fate for fate in fates if fate.fate == "lost"]
    while len(kept) < size:
        replaces = gone.pop() if gone and chance.is_so(0.2) else None
        same_sort = replaces is not None and chance.is_so(0.6)
        new = cast.add(*((replaces.alter.kind, replaces.alter.sort) if replaces and same_sort else (None, None)))
        if replaces:
            replaces.replaced_by = new
            replaces.reasons = _ordered(*(replaces.reasons or []), "replaced")
        fates.append(Fate(new, chance.weighted(_ARRIVALS) if new.is_old else "new_true"))
        kept.append(new)
    for alter in kept:
        _live_on(alter, chance)
        _settle(alter, chance)
    return kept, fates


def _leave(alter: Alter, chance: Chance) -> Fate:
    fate = chance.weighted(_FATES)
    if fate == "suspended" and alter.kind not in ("person", "group"):
        fate = "dormant"
    if fate in STILL_THERE:
        return Fate(alter, fate)
    alter.state = fate
    reasons = None
    if fate == "lost":
        first = chance.weighted(_REASONS[alter.sort])
        second = chance.weighted(_REASONS[alter.sort])
        reasons = _ordered(first, second) if first != "death" and chance.is_so(0.3) else [first]
    elif fate == "suspended":
        reasons = ["illness"]
    elif fate == "dormant" and chance.is_so(0.5):
        reasons = [chance.weighted({"life_event": 1, "drift": 2, "illness": 2, "transport": 1, "cost": 1})]
    return Fate(alter, fate, reasons)


def _ordered(*codes: str) -> list[str]:
    return [code for code in REASONS if code in codes]


def _live_on(alter: Alter, chance: Chance) -> None:
    """Trust is broken now and then, and mends or does not; everything else drifts a little."""
    alter.break_state = {"breached": chance.weighted({"rebuilding": 0.6, "breached": 0.4}), "rebuilding": ""}.get(alter.break_state, "")
    if alter.kind == "person" and not alter.break_state and chance.is_so(0.04):
        alter.break_state = "breached"
        alter.trust -= 0.8
    alter.trust += chance.normal(0.05, 0.3)
    alter.steadiness += chance.normal(0, 0.35)
    alter.safety += chance.normal(0.02, 0.35)
    alter.nearness += chance.normal(0, 0.35) + (0.6 if alter.break_state == "breached" else 0)


def _settle(alter: Alter, chance: Chance) -> None:
    """The circle that fits, or none; a tie moves only when it has come some way."""
    if not alter.is_placed:
        alter.is_placed = True
        alter.circle = None if chance.is_so(0.08 if alter.kind == "animal" else 0.05) else min(3, max(1, round(alter.nearness)))
    elif alter.circle is None:
        alter.circle = min(3, max(1, round(alter.nearness))) if chance.is_so(0.4) else None
    elif abs(alter.nearness - alter.circle) > 0.65:
        alter.circle = min(3, max(1, round(alter.nearness)))
    elif chance.is_so(0.015):
        alter.circle = None
