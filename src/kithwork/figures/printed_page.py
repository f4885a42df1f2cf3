"""The page a participant may keep: their maps, the same as a list, and what changed."""

import datetime
import re
from collections.abc import Sequence
from importlib.resources import files

from kithwork.cohort.order import natural
from kithwork.figures.change_story import change_story
from kithwork.figures.course import Occasion, Row, ego_label, is_synthetic, map_of
from kithwork.figures.kinds import KINDS, shape
from kithwork.figures.render import compiled_pdf
from kithwork.figures.support_map import SYNTHETIC, description, heading, sheet_of, support_map
from kithwork.figures.svg import element, tidy
from kithwork.model.errors import SelectionError
from kithwork.model.tables import StudyTables

_ABOUT = (
    "This is a picture of who and what matters in your life, as you put it together in the interview. "
    "The circles show how near each one is, in the words written on them. "
    "No map is right or wrong, large or small as it may be, and people, animals, places, things and activities all count."
)
_OPENING = (_ABOUT, "The page is yours: keep it, change it, show it or throw it away.")


def printed_page(
    tables: StudyTables, participant_id: str, map_ids: Sequence[str], names: bool = False, *, printed_on: datetime.date | None = None
) -> bytes:
    """A4 page for the participant, as tagged PDF (PDF/UA-1).

    Definition  Each map as picture and as list; then `change_story` where more than one map is printed. With pseudonyms,
                what was said in the participant's own words is left out, since it may hold names.
    Returns     The PDF; the same input and date give the same bytes.
    Raises      SelectionError when a map is not this participant's.
    """
    maps = []
    for map_id in map_ids:
        seen, participant = map_of(tables, map_id)
        if participant["id"] != participant_id:
            raise SelectionError("That map belongs to another participant; choose maps of this one.")
        maps.append(_map(tables, participant_id, map_id, seen, names))
    head = ["Who or what", "Kind", "Circle", "What it means to me"]
    columns = [5, 2, 4, 6]
    shown = 4 if names else 3
    return compiled_pdf(
        files("kithwork.figures").joinpath("printed_page.typ").read_text(encoding="utf-8"),
        {
            "title": "My support network",
            "under": f"{ego_label(tables, participant_id, names=names)} · printed on {_day(printed_on or datetime.datetime.now().date())}",  # noqa: DTZ005 - the day on the wall
            "mark": SYNTHETIC if is_synthetic(tables) else "",
            "foot": "Made with Kithwork for the person whose map this is.",
            "language": next(iter(tables["studies"]["language"].drop_nulls().to_list()), "en")[:2].lower(),
            "opening": [*_OPENING, *([] if names else ["Pseudonyms stand for names, and what you said in your own words is left out."])],
            "maps": maps,
            "head": head[:shown],
            "columns": columns[:shown],
            "shapes": {kind: _small(kind) for kind in KINDS},
            "story": change_story(tables, participant_id, names=names) if len(maps) > 1 else [],
            "story_title": "What changed, in words",
        },
    )


_LONG_WORD = re.compile(r"\S{20}(?=\S{4})")  # may be broken after that many letters, to stay within its column


def _map(tables: StudyTables, participant_id: str, map_id: str, seen: Occasion, names: bool) -> Row:
    sheet = sheet_of(tables, participant_id, names=names)
    order = sorted(seen.ties.values(), key=lambda tie: (tie["circle"] or 99, natural(sheet.labels[tie["alter_id"]]), tie["alter_id"]))
    rows = []
    for tie in order:
        kind = sheet.alters[tie["alter_id"]]["kind"]
        circle = seen.circles[tie["circle"] - 1] if tie["circle"] else "In no circle"
        cells = [sheet.labels[tie["alter_id"]], KINDS[kind]["label"], tidy(circle), tidy(tie["meaning"] or "")]
        rows.append({"kind": kind, "cells": [_LONG_WORD.sub("\\g<0>\u00ad", cell) for cell in (cells if names else cells[:3])]})
    held = seen.interview["held_on"] if seen.interview else None
    return {
        "title": heading(seen),
        "under": _day(datetime.date.fromisoformat(held)) if held else "",
        "svg": support_map(tables, map_id, names=names, is_for_paper=True),
        "alt": description(seen, sheet),
        "list_title": f"{heading(seen)}, as a list",
        "rows": rows,
    }


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _small(kind: str) -> str:
    return element("svg", shape(kind, 10, 10, 9), xmlns="http://www.w3.org/2000/svg", width=20, height=20, viewBox="0 0 20 20")
