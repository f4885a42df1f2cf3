"""Each tie one row over the waves: where it stood, why it was away, what happened to it."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from kithwork.cohort.order import natural
from kithwork.figures.change import WENT, why_away
from kithwork.figures.course import Course, Occasion, course
from kithwork.figures.kinds import shape
from kithwork.figures.support_map import SYNTHETIC, Sheet, counted, sheet_of, whole_label
from kithwork.figures.svg import FAINT, INK, LINE, PAPER, QUIET, WASH, cut, element, group, number, picture, text_width, title, words
from kithwork.model.schema import REASONS, TABLES
from kithwork.model.tables import StudyTables

_LEFT, _TOP, _STEP, _ROW = 230.0, 84.0, 210.0, 27.0
_EVENTS = TABLES["events"]["event"].choices


@dataclass(frozen=True)
class Mark:
    """One silhouette for a family of events."""

    label: str
    events: tuple[str, ...]
    path: str  # in a box from −1 to 1
    is_hollow: bool = False


MARKS = (
    Mark("Asked, offered or accepted support", ("asked", "offered", "accepted"), "M0 -.9L.95 .75H-.95Z"),
    Mark("Refused or declined", ("refused", "declined"), "M0 .9L.95 -.75H-.95Z", True),
    Mark("Told about their mental health", ("disclosed",), "M-.8 -.8H.8V.8H-.8Z"),
    Mark("Hid it", ("hid",), "M-.8 -.8H.8V.8H-.8Z", True),
    Mark("Stepped back or turned to another", ("withdrew", "set_boundary", "substituted"), "M-.95 -.3H.95V.3H-.95Z"),
    Mark(
        "Stigma, felt or enacted",
        ("felt_stigma", "enacted_stigma"),
        "M-.9 -.5L-.5 -.9L0 -.4L.5 -.9L.9 -.5L.4 0L.9 .5L.5 .9L0 .4L-.5 .9L-.9 .5L-.4 0Z",
    ),
    Mark("Trust broken", ("trust_broken",), "M0 -1L1 0L0 1L-1 0Z", True),
    Mark("Repaired", ("repaired",), "M0 -1L1 0L0 1L-1 0Z"),
    Mark("Lost", ("lost",), "M-.9 -.6L0 .1L.9 -.6V.1L0 .8L-.9 .1Z", True),
    Mark("Returned", ("returned",), "M-.9 .6L0 -.1L.9 .6V-.1L0 -.8L-.9 -.1Z"),
    Mark("Something else", ("other",), "M-.5 0A.5 .5 0 1 1 .5 0A.5 .5 0 1 1 -.5 0Z"),
)
_MARK_OF = {event: mark for mark in MARKS for event in mark.events}


def presence(told: Course, alter: str) -> str:
    """Presence pattern over the waves: 1 on the map, 0 not on it, ? where there is no map. Such as `1?1`."""
    return "".join("?" if not seen.is_seen else "1" if alter in seen.ties else "0" for seen in told.occasions)


def presence_timeline(
    tables: StudyTables, participant_id: str, *, names: bool = False, is_for_page: bool = False, state: str = "everyday"
) -> str:
    """One row a tie: the number of its circle at each map, why it is away, ? where nothing is known, and events as marks.

    Definition  Rows are sorted by how often the tie was on a map, then by when it first was, then by its first circle.
                An event stands at the interview in which it was told; one told in none stands in a column of its own.
    Returns     A standalone SVG.
    Raises      SelectionError when there is no such participant.
    """
    told = course(tables, participant_id, state=state, names=names)
    sheet = sheet_of(tables, participant_id, names=names, is_for_page=is_for_page)
    events = _events_by_wave(tables, told)
    alters = sorted((a for a in told.alters if "1" in presence(told, a) or a in events), key=lambda alter: _order(told, alter))
    is_loose = any(None in found for found in events.values())
    columns = len(told.occasions) + is_loose
    legend, legend_height = _legend(
        {row["event"] for found in events.values() for rows in found.values() for row in rows}, _LEFT + columns * _STEP
    )
    height = _TOP + max(len(alters), 1) * _ROW + legend_height + 46
    width = _LEFT + columns * _STEP + 10
    body = [words("Each tie through the waves", 24, 30, 17, bold=True)]
    for place, seen in enumerate(told.occasions):
        body.append(_heading(seen, _LEFT + place * _STEP, len(alters) * _ROW))
    if is_loose:
        body.append(words("At another time", _LEFT + len(told.occasions) * _STEP + 20, 62, 13, bold=True))
    for row, alter in enumerate(alters):
        body.append(_row(told, sheet, alter, _TOP + row * _ROW + _ROW / 2, events.get(alter, {})))
    body.append(group(legend, transform=f"translate(0 {number(_TOP + max(len(alters), 1) * _ROW + 26)})"))
    if told.is_synthetic:
        body.append(words(SYNTHETIC, width - 24, height - 8, 11, fill=QUIET, anchor="end"))
    return picture(width, height, "Each tie through the waves", _told(told, alters), body)


def _order(told: Course, alter: str) -> tuple[Any, ...]:
    pattern = presence(told, alter)
    first = next((seen for seen in told.seen if alter in seen.ties), None)
    circle = (first.ties[alter]["circle"] or 99) if first else 100
    return -pattern.count("1"), pattern.find("1"), circle, natural(told.labels[alter]), alter


def _events_by_wave(tables: StudyTables, told: Course) -> dict[str, dict[int | None, list[dict[str, Any]]]]:
    """Alter id → position of the wave in which it was told (None: in no interview) → events."""
    interview_of = {row["id"]: row["interview_id"] for row in tables["maps"].iter_rows(named=True)}
    wave_of = {seen.interview["id"]: seen.wave["position"] for seen in told.occasions if seen.interview}
    found: dict[str, dict[int | None, list[dict[str, Any]]]] = {}
    for row in tables["events"].sort("id").iter_rows(named=True):
        if row["alter_id"] in told.alters:
            wave = wave_of.get(row["interview_id"] or interview_of.get(row["map_id"], ""))
            found.setdefault(row["alter_id"], {}).setdefault(wave, []).append(row)
    return found


def _heading(seen: Occasion, x: float, height: float) -> str:
    parts = [words(cut(seen.wave["label"], 14, _STEP - 24), x + 20, 56, 13, bold=True)]
    if seen.is_seen:
        return group(*parts, words(counted(len(seen.ties), "tie", "ties"), x + 20, 73, 12, fill=QUIET))
    wash = element("rect", x=x + 8, y=_TOP - 4, width=_STEP - 16, height=height + 8, rx=8, fill=WASH)
    return group(wash, *parts, words(cut(seen.gap, 12, _STEP - 24), x + 20, 73, 12, fill=QUIET), class_="gap")


def _row(told: Course, sheet: Sheet, alter: str, y: float, events: dict[int | None, list[dict[str, Any]]]) -> str:
    parts = [
        title(whole_label(sheet, alter)),
        element("line", x1=24, y1=y + _ROW / 2, x2=_LEFT + len(told.occasions) * _STEP, y2=y + _ROW / 2, stroke=FAINT),
        shape(sheet.alters[alter]["kind"], 34, y, 7),
        words(cut(sheet.labels[alter], 13, _LEFT - 62), 50, y + 4.5, 13),
        *_joins(told, alter, y),
    ]
    was_seen = False
    for place, seen in enumerate(told.occasions):
        x = _LEFT + place * _STEP + 28
        told_here = events.get(seen.wave["position"], [])
        if not seen.is_seen:
            parts.append(words("?", x, y + 4.5, 13, fill=QUIET, anchor="middle", halo=True))
        elif alter in seen.ties:
            parts.append(_present(seen, alter, x, y))
            was_seen = True
        elif was_seen:
            parts.append(_away(told, place, seen, alter, x, y, (19 if told_here else 10) + 17 * len(told_here)))
        for rank, row in enumerate(told_here):
            parts.append(_event(row, x + 24 + rank * 17, y))
    loose = _LEFT + len(told.occasions) * _STEP + 28
    parts += [_event(row, loose + rank * 17, y) for rank, row in enumerate(events.get(None, []))]
    return sheet.group_of(alter, *parts)


def _joins(told: Course, alter: str, y: float) -> list[str]:
    """A line from map to map while the tie is there; dashed where a wave between them has no map."""
    seen = [place for place, occasion in enumerate(told.occasions) if occasion.is_seen]
    lines = []
    for first, second in pairwise(seen):
        if alter in told.occasions[first].ties and alter in told.occasions[second].ties:
            x1, x2 = (_LEFT + place * _STEP + 28 for place in (first, second))
            lines.append(
                element(
                    "line", x1=x1, y1=y, x2=x2, y2=y, stroke=LINE, stroke_width=2, stroke_dasharray="2 5" if second - first > 1 else None
                )
            )
    return lines


def _present(seen: Occasion, alter: str, x: float, y: float) -> str:
    circle = seen.ties[alter]["circle"]
    label = f"{seen.wave['label']}: {seen.circles[circle - 1]}" if circle else f"{seen.wave['label']}: named, in no circle"
    radius = max(11.5 - 1.5 * (circle - 1), 7.5) if circle else 8
    return group(
        title(label),
        element("circle", cx=x, cy=y, r=radius, fill=INK if circle else PAPER, stroke=INK, stroke_width=1.5),
        words(str(circle) if circle else "–", x, y + 4, 11.5, fill=PAPER if circle else INK, anchor="middle", bold=True),
    )


def _away(told: Course, place: int, seen: Occasion, alter: str, x: float, y: float, aside: float) -> str:
    """Why it is away, in words beside its events, at the first map without it; a small ring at the later ones."""
    before = [occasion for occasion in told.occasions[:place] if occasion.is_seen]
    fate = seen.fates.get(alter)
    ring = element("circle", cx=x, cy=y, r=3.5, fill=PAPER, stroke=LINE, stroke_width=1.2)
    if fate is None and alter not in before[-1].ties:
        return ring
    code = why_away(fate)
    reasons = ", ".join(REASONS[reason].lower() for reason in (fate["reasons"] or [])) if fate else ""
    said = "not named" if code == "unsaid" else WENT[code]
    text = said + (f": {reasons}" if reasons else "")
    return group(
        title(f"{seen.wave['label']}: {text}"),
        ring,
        words(cut(text, 11.5, _STEP - 36 - aside), x + aside, y + 4, 11.5, fill=QUIET, halo=True),
    )


def _event(row: dict[str, Any], x: float, y: float) -> str:
    when = f", {row['happened_on']}" if row["happened_on"] else ""
    return group(title(f"{_EVENTS[row['event']]}{when}"), _mark(_MARK_OF[row["event"]], x, y), class_=f"event event-{row['event']}")


def _mark(mark: Mark, x: float, y: float, size: float = 6) -> str:
    return element(
        "path",
        d=mark.path,
        transform=f"translate({number(x)} {number(y)}) scale({number(size)})",
        fill=PAPER if mark.is_hollow else QUIET,
        stroke=QUIET,
        stroke_width=1.5 / size,
    )


def _legend(events: set[str], width: float) -> tuple[str, float]:
    """What the numbers and marks mean, broken into lines that fit; and its height."""
    parts = [words("Number: circle, 1 = innermost.  –: named, in no circle.  ?: no map, so not known.", 24, 0, 12, fill=QUIET)]
    x, y = 24.0, 22.0
    for mark in MARKS:
        if events & set(mark.events):
            wide = 18 + text_width(mark.label, 12) + 18
            if x + wide > width - 20:
                x, y = 24.0, y + 20
            parts += [_mark(mark, x + 6, y - 4), words(mark.label, x + 18, y, 12, fill=QUIET)]
            x += wide
    return group(*parts, class_="legend"), y + 20


def _told(told: Course, alters: list[str]) -> str:
    always = sum("0" not in presence(told, alter) for alter in alters)
    gaps = [f"{seen.wave['label']}: {seen.gap}" for seen in told.occasions if not seen.is_seen]
    return f"{counted(len(alters), 'tie', 'ties')}; {always} on every map there is. {'. '.join(gaps)}"
