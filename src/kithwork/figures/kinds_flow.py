"""How networks move between kinds from wave to wave: blocks a kind, bands from kind to kind, and missed waves on lanes of their own."""

from collections import Counter
from collections.abc import Mapping

import polars as pl

from kithwork.figures.attrition_flow import STANDINGS, standings
from kithwork.figures.bands import BLOCK, Band, bands, column, stacked
from kithwork.figures.course import is_synthetic, waves
from kithwork.figures.support_map import SYNTHETIC
from kithwork.figures.svg import INK, QUIET, cut, element, group, picture, words, wrapped
from kithwork.measures.typology import ALL_KINDS_TYPES, PEOPLE_TYPES, kinds_of_network
from kithwork.model.tables import StudyTables

NO_LABEL = "no_label"
LANES = {
    NO_LABEL: "A map, and no label",
    "no_map": "Held, and no everyday map",
    **{name: STANDINGS[name] for name in ("missed", "withdrawn", "due")},
}
"""Where a participant stands at a wave without a label: these are no kinds of network, and no step into them is a change of kind."""
_PAINT = ("#2f6f8f", "#8d621b", "#65428a", "#176a57", "#a8516d", "#5a6fb0", "#657f4e", "#9c5a2f")
_REST = {NO_LABEL: "#6b7580", **dict.fromkeys(("no_map", "missed", "withdrawn", "due"), "#8c96a0")}
_TOP, _STEP = 104.0, 230.0


def kinds_flow(tables: StudyTables) -> str:
    """Which kind each network is by people and groups, wave by wave, and who moved; see `typed_flow`."""
    frame = kinds_of_network(tables).filter(state="everyday").select("participant", "wave", type="people_type")
    return typed_flow(tables, frame, PEOPLE_TYPES, "Kinds of network, by people and groups")


def all_kinds_flow(tables: StudyTables) -> str:
    """Which kind each network is by all kinds of tie, wave by wave, and who moved; see `typed_flow`."""
    frame = kinds_of_network(tables).filter(state="everyday").select("participant", "wave", type="all_kinds_type")
    return typed_flow(tables, frame, ALL_KINDS_TYPES, "Kinds of network, by all kinds of tie")


def placed(tables: StudyTables, frame: pl.DataFrame) -> dict[int, dict[str, str]]:
    """Wave position → participant's pseudonym → the type of their map, or the lane of LANES where there is none."""
    people = {row["id"]: row["pseudonym"] for row in tables["participants"].iter_rows(named=True)}
    types = {(row["participant"], row["wave"]): row["type"] or NO_LABEL for row in frame.iter_rows(named=True)}
    return {
        wave: {
            people[person]: types.get((people[person], wave)) or ("no_map" if standing == "held" else standing)
            for person, standing in found.items()
        }
        for wave, found in standings(tables).items()
    }


def typed_flow(tables: StudyTables, frame: pl.DataFrame, meanings: Mapping[str, str], name: str) -> str:
    """Flow of participants between types.

    frame       `participant`, `wave`, `type`: one row an everyday map; null where it has no type
    meanings    type → what it means; a type that is not among them (somebody's own words) stands for itself
    Definition  One column a wave, one block a type with its number of people, bands from wave to wave. A missed wave, and a map without
                a label, have lanes of their own at the foot: whoever goes there and comes back did not change kind by it.
    Returns     A standalone SVG; numbers only, nobody's pseudonym.
    """
    at, all_waves = placed(tables, frame), waves(tables)
    columns = [Counter(found.values()) for found in at.values()]
    seen = dict.fromkeys(lane for found in columns for lane in found)
    own = sorted(lane for lane in seen if lane not in meanings and lane not in LANES)
    lanes = [lane for lane in (*meanings, *own, *LANES) if lane in seen]
    paint = {lane: _PAINT[place % len(_PAINT)] for place, lane in enumerate((*meanings, *own))} | _REST
    told = {lane: meanings.get(lane) or LANES.get(lane, lane) for lane in lanes}
    looks = {lane: (paint[lane], told[lane]) for lane in lanes}
    people = max((sum(found.values()) for found in columns), default=0)
    unit = max(min(9.0, 320.0 / max(people, 1)), 0.4)
    tops = stacked(lanes, columns, unit, 36)
    left = 250.0
    width, height = left + max(len(all_waves) - 1, 0) * _STEP + BLOCK + 80, _TOP + tops[""] + 46
    mapped = sum(found[lane] for found in columns for lane in lanes if lane not in LANES)
    counted = f"{people} participants; {mapped} everyday maps with a label"
    body = [words(name, 24, 30, 17, bold=True), words(counted, 24, 50, 13, fill=QUIET)]
    if lanes and any(lane in LANES for lane in lanes):
        first = next(lane for lane in lanes if lane in LANES)
        y = _TOP + tops[first] - 9
        body.append(element("line", x1=24, y1=y, x2=width - 24, y2=y, stroke=QUIET, stroke_dasharray="2 4"))
    body += [_lane(told[lane], _TOP + tops[lane], left) for lane in lanes]
    before: dict[str, str] = {}
    for place, wave in enumerate(all_waves):
        now, x = at[wave["position"]], left + place * _STEP
        flows = Counter((before[person], now[person]) for person in before)
        drawn = [
            Band(source, target, count, paint[source], f"{told[source]} → {told[target]}, at {wave['label']}", 0.4)
            for (source, target), count in flows.items()
        ]
        body += bands(drawn, lanes, tops, x - _STEP + BLOCK, x, _TOP, unit)
        body.append(column(cut(wave["label"], 14, _STEP - 20), x, _TOP, columns[place], tops, unit, looks))
        before = now
    notes = ["Below the line: no kind of network. Nobody changes kind by missing a wave."] if set(lanes) & set(LANES) else []
    notes += [SYNTHETIC] if is_synthetic(tables) else []
    body += [words(note, 24, height - 12 - 17 * (len(notes) - 1 - line), 12, fill=QUIET) for line, note in enumerate(notes)]
    description = ". ".join(
        f"{wave['label']}: " + ", ".join(f"{told[lane]} {found[lane]}" for lane in lanes if found[lane])
        for wave, found in zip(all_waves, columns, strict=True)
    )
    return picture(width, height, name, f"{counted}. {description}.", body)


def _lane(meaning: str, y: float, left: float) -> str:
    lines = wrapped(meaning, 12, left - 70, 3)
    return group(*(words(line, 24, y + 11 + 14 * place, 12, fill=INK) for place, line in enumerate(lines)))
