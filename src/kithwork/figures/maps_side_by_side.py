"""All maps of one person on the same scale, gaps left open with their reason."""

from collections.abc import Collection
from math import ceil

from kithwork.figures.course import Occasion, course, is_synthetic, occasion, waves
from kithwork.figures.kinds import legend
from kithwork.figures.support_map import SYNTHETIC, TRAY_ROW, Sheet, counted, description, drawn_map, heading, sheet_of, tray_of
from kithwork.figures.svg import LINE, QUIET, cut, element, group, picture, words, wrapped
from kithwork.model.rows import day
from kithwork.model.schema import MAP_STATES
from kithwork.model.tables import StudyTables

_SIDE, _TOP, _GAP = 88.0, 62.0, 8.0


def maps_side_by_side(
    tables: StudyTables, participant_id: str, *, names: bool = False, highlight: Collection[str] = (), is_for_page: bool = False
) -> str:
    """Every map of a participant, wave by wave and state by state, drawn to one scale.

    Definition  Geometry as in `support_map`; each alter's group carries the same `data-alter` in every map. A wave
                without a map is an empty panel that says why.
    Returns     A standalone SVG.
    Raises      SelectionError when there is no such participant.
    """
    panels = _panels(tables, participant_id)
    sheet = sheet_of(tables, participant_id, names=names, highlight=highlight, is_for_page=is_for_page)
    most = max((len(panel.ties) for panel in panels), default=0)
    radius = 190.0 if most <= 25 else 250.0 if most <= 40 else 300.0
    unplaced = max((sum(tie["circle"] is None for tie in panel.ties.values()) for panel in panels), default=0)
    wide, high = 2 * (radius + _SIDE), _TOP + 2 * radius + (66 + TRAY_ROW * ceil(unplaced / 2) if unplaced else 30)
    columns = 2 if len(panels) == 4 else min(len(panels), 3) or 1
    rows = -(-len(panels) // columns)
    width, height = columns * (wide + _GAP) - _GAP, rows * (high + _GAP) + 40
    body = []
    for place, panel in enumerate(panels):
        x, y = place % columns * (wide + _GAP), place // columns * (high + _GAP)
        body.append(_panel(tables, panel, sheet, x, y, radius, ceil(unplaced / 2), most))
    body.append(legend((sheet.alters[alter]["kind"] for panel in panels for alter in panel.ties), 24, height - 18))
    if is_synthetic(tables):
        body.append(words(SYNTHETIC, width - 24, height - 18, 11, fill=QUIET, anchor="end"))
    told = " ".join(f"{heading(panel)}: {description(panel, sheet) if panel.is_seen else panel.gap + '.'}" for panel in panels)
    return picture(width, height, "Support maps side by side", told, body)


def _panels(tables: StudyTables, participant_id: str) -> list[Occasion]:
    """One panel a map, in order of waves, then of states; one for a wave without any."""
    told = course(tables, participant_id)
    found = []
    for wave, everyday in zip(waves(tables), told.occasions, strict=True):
        interview = everyday.interview
        maps = tables["maps"].filter(tables["maps"]["interview_id"] == interview["id"]).to_dicts() if interview else []
        drawn = sorted(maps, key=lambda row: list(MAP_STATES).index(row["state"]))
        found += [occasion(tables, wave, interview, row, "") for row in drawn] or [everyday]
    return found


def _panel(tables: StudyTables, panel: Occasion, sheet: Sheet, x: float, y: float, radius: float, tray_rows: int, most: int) -> str:
    held = day(panel.interview["held_on"]) if panel.interview else ""
    under = counted(len(panel.ties), "tie", "ties") if panel.is_seen else panel.gap
    parts = [
        words(cut(heading(panel), 16, 2 * radius + 150), x + 24, y + 28, 15, bold=True),
        words(f"{held} · {under}" if held and panel.is_seen else under if panel.is_seen else "", x + 24, y + 46, 12, fill=QUIET),
    ]
    cx, cy = x + radius + _SIDE, y + _TOP + radius
    if panel.is_seen:
        parts.append(drawn_map(tables, panel, sheet, (cx, cy), radius, _SIDE, most=most))
        parts.append(tray_of(panel, sheet, x + 24, y + _TOP + 2 * radius + 26, tray_rows))
    else:
        parts.append(gap_panel(panel.gap, cx - radius * 0.8, cy - radius * 0.8, radius * 1.6, radius * 1.6))
    return group(*parts, class_=f"panel wave-{panel.wave['position']}")


def gap_panel(reason: str, x: float, y: float, width: float, height: float, size: float = 13) -> str:
    """A gap in what is known: an empty dashed field with its reason in the middle."""
    lines = wrapped(reason, size, width - 16)
    top = y + height / 2 - (len(lines) - 1) * size * 0.7 + size * 0.35
    return group(
        element("rect", x=x, y=y, width=width, height=height, rx=8, fill="#ffffff", fill_opacity=0.86, stroke=LINE, stroke_dasharray="5 5"),
        *(words(line, x + width / 2, top + place * size * 1.4, size, fill=QUIET, anchor="middle") for place, line in enumerate(lines)),
        class_="gap",
    )
