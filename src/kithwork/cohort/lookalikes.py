"""Names that look alike, so that a person can say whether they are one alter; nothing is ever merged here."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

NEAR = 0.88  # below this a likeness is more often chance than a slip of the pen


@dataclass(frozen=True)
class LookAlike:
    """Two alters whose names look alike. `likeness` is in 0..1; `is_same` when name and kind agree but for case and marks."""

    alter_id: str
    same_as_id: str
    likeness: float
    is_same: bool


def look_alikes(named: Mapping[str, tuple[str, str]], known: Mapping[str, tuple[str, str]]) -> list[LookAlike]:
    """Which alters just named may be ones already known.

    Definition  likeness is the Jaro–Winkler likeness of the names without case, accents and punctuation; for names of several
                words the better of whole names and of the best first words ("Sam" and "Sam from next door"). A pair of
                different kinds must agree exactly. Pairs below `NEAR` are left out.
    Shapes      both take alter id → (name, kind). Returns pairs, the most alike first; each alter named has at most three.
    Missing     an empty name is like nothing.
    Source      Winkler 1990, string comparator metrics; the threshold is our default.
    """
    found = []
    plain_known = {key: (plain(name), kind) for key, (name, kind) in known.items()}
    for alter_id, (name, kind) in named.items():
        mine = plain(name)
        pairs = []
        for other_id, (theirs, other_kind) in plain_known.items():
            likeness = _likeness(mine, theirs)
            if other_id != alter_id and (likeness == 1 or (likeness >= NEAR and kind == other_kind)):
                pairs.append(LookAlike(alter_id, other_id, round(likeness, 3), mine == theirs and kind == other_kind))
        found += sorted(pairs, key=lambda pair: (not pair.is_same, -pair.likeness))[:3]
    return sorted(found, key=lambda pair: (not pair.is_same, -pair.likeness))


def plain(name: str) -> str:
    """A name without case, accents, punctuation and doubled spaces."""
    for _ in range(2):  # some letters fold only once they are decomposed, and some decompose only once folded
        name = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w\s]|_", " ", name).split())


def _likeness(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    whole = JaroWinkler.similarity(one, other)
    words, others = one.split(), other.split()
    shorter = min(len(words[0]), len(others[0]))
    if len(words) == len(others) or shorter < 2 or (shorter < 3 and words[0] != others[0]):
        return whole
    # One name said shorter than the other: never certain, so never 1.
    return max(whole, min(0.95, JaroWinkler.similarity(words[0], others[0]))) if whole < 1 else 1.0
