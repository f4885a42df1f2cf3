"""How alters move between circles from map to map."""

from collections import Counter

from kithwork.figures.bands import BLOCK, Band, bands, block, color_legend, stacked
from kithwork.figures.change import CAME, STAYED, WENT, Step, steps
from kithwork.figures.course import Course, Occasion, course
from kithwork.figures.maps_side_by_side import gap_panel
from kithwork.figures.support_map import SYNTHETIC, counted
from kithwork.figures.svg import INK, QUIET, cut, group, picture, words, wrapped
from kithwork.model.tables import StudyTables

NONE, AWAY, LATER = "none", "away", "later"
_COLORS = {
    "stayed": ("#8a97a5", "same circle"),
    "nearer": ("#2f6f8f", "nearer"),
    "farther": ("#b0803c", "farther out"),
    "shifted": ("#8c7fa8", "into or out of the circles"),
    "came": ("#4f8a5b", "new"),
    "returned": ("#9cb84e", "back after being away"),
    "went": ("#4a5560", "no longer on the map"),
    "rest": ("#dfe3e8", "not on either map"),
}
_LEFT, _TOP, _STEP = 190.0, 92.0, 250.0


def lane(alter: str, seen: Occasion, named_before: set[str]) -> str:
    """Where an alter is at a map: its circle, in none, away (named at an earlier map), or named only later."""
    if alter in seen.ties:
        circle = seen.ties[alter]["circle"]
        return NONE if circle is None else str(circle)
    return AWAY if alter in named_before else LATER


def lanes_by_wave(told: Course) -> dict[int, dict[str, str]]:
    """For each map there is, by the wave's position: the lane of every alter ever drawn. Every alter stands once in each."""
    ever = [alter for alter in told.alters if any(alter in seen.ties for seen in told.seen)]
    found, before = {}, set()
    for seen in told.seen:
        found[seen.wave["position"]] = {alter: lane(alter, seen, before) for alter in ever}
        before |= set(seen.ties)
    return found


def circle_flow(tables: StudyTables, participant_id: str, *, state: str = "everyday") -> str:
    """Flow of alters between circles over the waves: kept, moved in, moved out, gone, new, returned.

    Definition  One column a map, one lane a circle, and lanes for "in no circle", "named before, not on this map" and
                "named only later"; every alter ever drawn stands once in each column. A wave without a map is a gap that
                bands pass behind. Where the circles changed between two maps no bands are drawn.
    Returns     A standalone SVG; numbers only, no labels of alters.
    Raises      SelectionError when there is no such participant.
    """
    told = course(tables, participant_id, state=state)
    where = lanes_by_wave(told)
    columns = [Counter(found.values()) for found in where.values()]
    circles = max((len(seen.circles) for seen in told.seen), default=0)
    lanes = [*(str(place) for place in range(1, circles + 1)), NONE, AWAY, LATER]
    lanes = [name for name in lanes if name not in (NONE, AWAY, LATER) or any(column[name] for column in columns)]
    total = max((sum(column.values()) for column in columns), default=1)
    unit = max(min(13.0, 380.0 / max(total, 1)), 3.0)
    tops = stacked(lanes, columns, unit, 18)
    xs = {wave.wave["position"]: _LEFT + place * _STEP for place, wave in enumerate(told.occasions)}
    margin = 130 if len({seen.version for seen in told.seen}) < 2 else 210  # changed circles are named on the right
    width, height = _LEFT + (len(told.occasions) - 1) * _STEP + margin, _TOP + tops[""] + 74
    body = [words("Ties through the circles", 24, 30, 17, bold=True)]
    body += [_step_bands(step, where, lanes, tops, xs, unit) for step in steps(told)]
    for place, seen in enumerate(told.occasions):
        body.append(_column(told, place, seen, where, lanes, tops, xs, unit))
    used = {code for step in steps(told) for code in _codes(step)}
    body.append(color_legend([look for code, look in _COLORS.items() if code in used and code != "rest"], 24, height - 34))
    if told.is_synthetic:
        body.append(words(SYNTHETIC, width - 24, height - 8, 11, fill=QUIET, anchor="end"))
    return picture(max(width, 760), height, "Ties through the circles", _told(told), body)


def _codes(step: Step) -> set[str]:
    return {_color_code(word) for word in step.became.values()} if step.is_comparable else set()


def _color_code(word: str) -> str:
    if word in CAME:
        return "returned" if word in ("returned", "old_tie_back") else "came"
    if word in WENT:
        return "went"
    return {"same": "stayed", "nearer": "nearer", "farther": "farther"}.get(word, "shifted")


def _step_bands(
    step: Step, where: dict[int, dict[str, str]], lanes: list[str], tops: dict[str, float], xs: dict[int, float], unit: float
) -> str:
    first, second = step.before.wave["position"], step.after.wave["position"]
    x, end = xs[first] + BLOCK, xs[second]
    if not step.is_comparable:
        return _not_compared(step, (x + end) / 2, _TOP + tops[""] / 2)
    flows = Counter((where[first][alter], where[second][alter], step.became.get(alter, "rest")) for alter in where[first])
    merged: Counter[tuple[str, str, str]] = Counter()
    for (source, target, word), count in flows.items():
        merged[source, target, "rest" if word == "rest" else _color_code(word)] += count
    drawn = [
        Band(source, target, count, _COLORS[code][0], _COLORS[code][1].capitalize(), 0.25 if code == "rest" else 0.6)
        for (source, target, code), count in merged.items()
    ]
    return group(*bands(drawn, lanes, tops, x, end, _TOP, unit), class_="flow")


def _not_compared(step: Step, x: float, y: float) -> str:
    counts = step.counts()
    stayed, came, went = (sum(counts[code] for code in codes) for codes in (STAYED, CAME, WENT))
    text = f"The circles changed here, so places are not compared. {stayed} still there, {came} came, {went} not on the later map."
    return group(
        *(words(line, x, y - 24 + 16 * place, 12, fill=QUIET, anchor="middle") for place, line in enumerate(wrapped(text, 12, 180)))
    )


def _column(
    told: Course,
    place: int,
    seen: Occasion,
    where: dict[int, dict[str, str]],
    lanes: list[str],
    tops: dict[str, float],
    xs: dict[int, float],
    unit: float,
) -> str:
    x = xs[seen.wave["position"]]
    head = [words(cut(seen.wave["label"], 14, _STEP - 20), x + BLOCK / 2, 62, 13, anchor="middle", bold=True)]
    if not seen.is_seen:
        return group(*head, gap_panel(seen.gap, x - 60, _TOP - 8, 134, tops[""]), class_="missed")
    head.append(words(counted(len(seen.ties), "tie", "ties"), x + BLOCK / 2, 79, 12, fill=QUIET, anchor="middle"))
    counts = Counter(where[seen.wave["position"]].values())
    earlier = [before for before in told.occasions[:place] if before.is_seen]
    is_named = not earlier or earlier[-1].version != seen.version
    for name in lanes:
        y = _TOP + tops[name]
        color = {LATER: "#e4e7eb", AWAY: "#aab4bf", NONE: "#7b8794"}.get(name, INK)
        label = _lane_label(name, seen)
        if counts[name]:
            head.append(block(x, y, counts[name], unit, color, f"{seen.wave['label']}, {label}: {counts[name]}"))
        if counts[name] and name != LATER:
            at, anchor = (x + BLOCK + 3, None) if place == len(told.occasions) - 1 else (x - 5, "end")
            head.append(words(str(counts[name]), at, y + 11, 12, anchor=anchor, bold=True, halo=True))
        if is_named and (name.isdigit() or not earlier):
            at, anchor = (x + BLOCK + 22, None) if earlier else (_LEFT - 28, "end")
            for row, line in enumerate(wrapped(label, 12, 140, 2)):
                head.append(words(line, at, y + 11 + 14 * row, 12, fill=QUIET, anchor=anchor, halo=True))
    return group(*head, class_=f"wave-{seen.wave['position']}")


def _lane_label(name: str, seen: Occasion) -> str:
    if name.isdigit():
        return seen.circles[int(name) - 1] if int(name) <= len(seen.circles) else ""
    return {NONE: "In no circle", AWAY: "Not on this map", LATER: "Named only later"}[name]


def _told(told: Course) -> str:
    parts = [f"{seen.wave['label']}: {counted(len(seen.ties), 'tie', 'ties') if seen.is_seen else seen.gap}." for seen in told.occasions]
    for step in steps(told):
        counts = step.counts()
        meanings = {**STAYED, **CAME, **WENT}
        became = ", ".join(f"{counts[code]} {meaning}" for code, meaning in meanings.items() if counts[code])
        parts.append(f"From {step.before.wave['label']} to {step.after.wave['label']}: {became or 'no ties'}.")
    return " ".join(parts)
