"""Change told in plain sentences, with its numbers and without judgement."""

from collections.abc import Iterable

from kithwork.figures.change import CAME, STAYED, WENT, Step, steps
from kithwork.figures.course import Course, Occasion, course
from kithwork.figures.kinds import KINDS
from kithwork.figures.svg import tidy
from kithwork.model.schema import REASONS
from kithwork.model.tables import StudyTables

_SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PLURALS = {"person": "people", "activity": "activities", "digital": "digital ties"}
_UNKNOWN = "so we do not know how things were then"
_LISTED = 8  # more labels than this make a sentence hard to follow


def change_story(tables: StudyTables, participant_id: str, *, names: bool = False, state: str = "everyday") -> list[str]:
    """What stayed, moved, came and went from map to map, and what is not known.

    Definition  Counts over neighbouring maps there are (`change.steps`); waves without a map are named as gaps.
    Returns     Sentences in order of time.
    Raises      SelectionError when there is no such participant.
    """
    told = course(tables, participant_id, state=state, names=names)
    if not told.seen:
        return ["No map has been drawn yet.", *(_gap(occasion) for occasion in told.occasions if _is_worth_saying(occasion))]
    first, last = told.seen[0], told.seen[-1]
    untold = [occasion for occasion in told.occasions if not occasion.is_seen and _is_worth_saying(occasion)]
    found = [_gap(occasion) for occasion in untold if occasion.wave["position"] < first.wave["position"]]
    found.append(_opening(told, first))
    for step in steps(told):
        found += [_gap(occasion) for occasion in step.gaps if _is_worth_saying(occasion)]
        found += _step(told, step)
    found += [_gap(occasion) for occasion in untold if occasion.wave["position"] > last.wave["position"]]
    if len(told.seen) > 1:
        found.append(_core(told))
    unfinished = [_wave(seen) for seen in told.seen if not seen.is_finished]
    return [*found, *(f"The map of {label} is not finished yet, so its numbers may still change." for label in unfinished)]


def spelled(count: int) -> str:
    """A small number as a word."""
    return _SPELLED[count] if count < len(_SPELLED) else str(count)


def listed(parts: Iterable[str]) -> str:
    """a, b and c."""
    words = list(parts)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _wave(occasion: Occasion) -> str:
    return f"“{tidy(occasion.wave['label'])}”"


def _ties(count: int) -> str:
    return f"{spelled(count)} tie{'' if count == 1 else 's'}"


def _opening(told: Course, first: Occasion) -> str:
    kinds = [told.alters[alter]["kind"] for alter in first.ties]
    parts = [_of_kind(kind, kinds.count(kind)) for kind in KINDS if kind in kinds]
    return f"The map of {_wave(first)} holds {_ties(len(kinds))}{f': {listed(parts)}' if parts else ''}."


def _of_kind(kind: str, count: int) -> str:
    one = "digital tie" if kind == "digital" else kind
    return f"{spelled(count)} {one if count == 1 else _PLURALS.get(kind, f'{kind}s')}"


def _is_worth_saying(occasion: Occasion) -> bool:
    return occasion.gap != "Not held yet"


def _gap(occasion: Occasion) -> str:
    label, gap = _wave(occasion), occasion.gap
    if gap.startswith("No interview: "):
        return f"{label} did not take place ({gap.removeprefix('No interview: ')}), {_UNKNOWN}; nothing counts as lost because of it."
    if gap.startswith("No interview"):
        return f"{label} did not take place, {_UNKNOWN}; nothing counts as lost because of it."
    return f"{label}: {gap[0].lower()}{gap[1:]}, {_UNKNOWN}."


def _step(told: Course, step: Step) -> list[str]:
    became = {code: [alter for alter, word in step.became.items() if word == code] for code in (*STAYED, *CAME, *WENT)}
    between = f"Between {_wave(step.before)} and {_wave(step.after)}"
    stayed = sum(len(became[code]) for code in STAYED)
    parts = [f"{spelled(len(became[code]))} {meaning}" for code, meaning in STAYED.items() if became[code] and code != "uncompared"]
    found = [f"{between}, {_ties(stayed)} stayed{f': {listed(parts)}' if parts else ''}."]
    if not step.is_comparable:
        found.append("The circles changed between these two maps, so places are not compared.")
    found += [f"{STAYED[code].capitalize()}: {_labels(told, became[code])}." for code in ("nearer", "farther") if became[code]]
    found += _came_and_went(told, step, became)
    return found


def _came_and_went(told: Course, step: Step, became: dict[str, list[str]]) -> list[str]:
    found = []
    came, went = sum(len(became[code]) for code in CAME), sum(len(became[code]) for code in WENT)
    if came:
        parts = [_part(told, became[code], meaning) for code, meaning in CAME.items() if became[code]]
        found.append(f"{_ties(came).capitalize()} came onto the map: {listed(parts)}.")
    if went:
        parts = [_part(told, became[code], meaning, step) for code, meaning in WENT.items() if became[code]]
        found.append(f"{_ties(went).capitalize()} {'is' if went == 1 else 'are'} not on the later map: {listed(parts)}.")
    return found


def _part(told: Course, alters: list[str], meaning: str, step: Step | None = None) -> str:
    return f"{spelled(len(alters))} {meaning} ({_labels(told, alters, step)})"


def _labels(told: Course, alters: list[str], step: Step | None = None) -> str:
    shown = [told.labels[alter] + _why(step, alter) for alter in alters[:_LISTED]]
    return listed([*shown, f"{len(alters) - _LISTED} more"] if len(alters) > _LISTED else shown)


def _why(step: Step | None, alter: str) -> str:
    reasons = (step.after.fates.get(alter, {}).get("reasons") or []) if step else []
    return f", {listed(REASONS[reason].lower() for reason in reasons)}" if reasons else ""


def _core(told: Course) -> str:
    core = set.intersection(*(set(seen.ties) for seen in told.seen))
    ever = set().union(*(seen.ties for seen in told.seen))
    return (
        f"{_ties(len(core)).capitalize()} {'is' if len(core) == 1 else 'are'} on every map we have, out of {spelled(len(ever))} ever named."
    )
