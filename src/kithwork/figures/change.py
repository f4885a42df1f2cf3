"""What became of each tie between two maps, one word each; a missed wave is a gap, never a loss."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from kithwork.figures.course import Course, Occasion, Row
from kithwork.joint.fates import CAME, STAYED, WENT


@dataclass(frozen=True)
class Step:
    """From one map to the next one there is, across the gaps between them."""

    before: Occasion
    after: Occasion
    gaps: list[Occasion]
    became: dict[str, str]  # alter id → a key of STAYED, CAME or WENT; those on either map
    still_away: list[str]  # on neither map, but on an earlier one

    @property
    def is_comparable(self) -> bool:
        """Whether places may be compared: the circles were the same."""
        return self.before.version == self.after.version

    def counts(self) -> Counter[str]:
        return Counter(self.became.values())


def steps(course: Course) -> list[Step]:
    """Each pair of neighbouring maps of a participant.

    Definition  An alter on both maps stayed; on the later only, it came (returned when a map before both holds it);
                on the earlier only, it went, for the reason given then. Waves without a map are passed over and named.
    """
    found, earlier = [], set()
    seen = [place for place, occasion in enumerate(course.occasions) if occasion.is_seen]
    for first, second in pairwise(seen):
        before, after = course.occasions[first], course.occasions[second]
        became = {alter: _became(alter, before, after, earlier) for alter in course.alters if alter in before.ties or alter in after.ties}
        away = [alter for alter in course.alters if alter in earlier and alter not in became]
        found.append(Step(before, after, course.occasions[first + 1 : second], became, away))
        earlier |= set(before.ties)
    return found


def _became(alter: str, before: Occasion, after: Occasion, earlier: set[str]) -> str:
    fate = after.fates[alter]["fate"] if alter in after.fates else ""
    if alter in before.ties and alter in after.ties:
        return _moved(before.ties[alter], after.ties[alter]) if before.version == after.version else "uncompared"
    if alter in after.ties:
        if alter in earlier:
            return "returned"
        return {"new_reactivated": "old_tie_back", "new_forgotten": "named_late", "returned": "returned"}.get(fate, "new")
    return why_away(after.fates.get(alter))


def why_away(fate: Row | None) -> str:
    """Why an alter is not on a map, as a key of WENT, from what was said of it there."""
    said = fate["fate"] if fate else "unsaid"
    if said in ("kept", "forgotten"):
        return "undrawn"
    return said if said in WENT else "unsaid"


def _moved(old: Row, new: Row) -> str:
    was, now = old["circle"], new["circle"]
    if was == now:
        return "same"
    if was is None:
        return "placed"
    if now is None:
        return "unplaced"
    return "nearer" if now < was else "farther"


__all__ = ["CAME", "STAYED", "WENT", "Step", "steps", "why_away"]
