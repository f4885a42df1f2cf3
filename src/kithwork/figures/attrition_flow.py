"""Who took part when: enrolled, then held, missed and why, left, wave by wave."""

from collections import Counter

from kithwork.figures.bands import BLOCK, Band, bands, block, color_legend, column, stacked
from kithwork.figures.course import is_synthetic, waves
from kithwork.figures.support_map import SYNTHETIC
from kithwork.figures.svg import QUIET, cut, picture, words
from kithwork.model.schema import MISSED
from kithwork.model.tables import StudyTables

STANDINGS = {"held": "Held", "missed": "Missed", "withdrawn": "Left the study", "due": "Not held yet"}
_COLORS = {"enrolled": "#4a5560", "held": "#2f6f8f", "missed": "#b0803c", "withdrawn": "#7b8794", "due": "#c3cad2"}
_LEFT, _TOP, _STEP = 120.0, 104.0, 240.0


def standings(tables: StudyTables) -> dict[int, dict[str, str]]:
    """For each wave, by its position: where every participant stands, as a key of STANDINGS.

    A participant without a row for the wave has left if their status says so, and is due otherwise.
    """
    left = {row["id"]: row["status"] in ("withdrawn", "died") for row in tables["participants"].iter_rows(named=True)}
    rows = {(row["wave_id"], row["participant_id"]): row["status"] for row in tables["interviews"].iter_rows(named=True)}
    return {
        wave["position"]: {person: rows.get((wave["id"], person)) or ("withdrawn" if left[person] else "due") for person in left}
        for wave in waves(tables)
    }


def missed_reasons(tables: StudyTables, wave_id: str) -> Counter[str]:
    """How many interviews of a wave were missed, by the reason's words."""
    rows = tables["interviews"].filter(tables["interviews"]["wave_id"] == wave_id).iter_rows(named=True)
    return Counter(MISSED.get(row["missed_reason"] or "", "Reason not recorded") for row in rows if row["status"] == "missed")


def attrition_flow(tables: StudyTables) -> str:
    """Flow of participants through the waves, with the reasons for interviews missed.

    Definition  One column a wave, one block a standing (held, missed, left, not held yet), bands from wave to wave.
                A missed wave does not end taking part: bands lead back from missed to held.
    Returns     A standalone SVG; numbers only, nobody's pseudonym.
    """
    stands, all_waves = standings(tables), waves(tables)
    people = tables["participants"].height
    columns = [Counter(found.values()) for found in stands.values()]
    lanes = [name for name in STANDINGS if name == "held" or any(found[name] for found in columns)]  # all begin where held is
    unit = max(min(9.0, 300.0 / max(people, 1)), 0.4)
    tops = stacked(lanes, [{"held": people}, *columns], unit, 22)
    looks = {name: (_COLORS[name], STANDINGS[name].lower()) for name in lanes}
    held = sum(found["held"] for found in columns)
    planned = people * len(all_waves)
    reasons = {wave["position"]: missed_reasons(tables, wave["id"]) for wave in all_waves}
    most = max((len(found) for found in reasons.values()), default=0)
    width, height = _LEFT + len(all_waves) * _STEP + 140, _TOP + tops[""] + 20 + 16 * most + 58
    body = [
        words("Who took part when", 24, 30, 17, bold=True),
        words(f"{people} enrolled; {held} of {planned} interviews held", 24, 50, 13, fill=QUIET),
        words("Enrolled", _LEFT + BLOCK / 2, 82, 13, anchor="middle", bold=True),
        block(_LEFT, _TOP + tops["held"], people, unit, _COLORS["enrolled"], f"Enrolled: {people}") if people else "",
        words(str(people), _LEFT - 5, _TOP + tops["held"] + 12, 13, anchor="end", bold=True),
    ]
    before = dict.fromkeys(next(iter(stands.values()), {}), "held")
    for place, wave in enumerate(all_waves, start=1):
        now, x = stands[wave["position"]], _LEFT + place * _STEP
        flows = Counter((before[person], now[person]) for person in now)
        drawn = [
            Band(source, target, count, _COLORS[target], f"{STANDINGS[target]} at {wave['label']}", 0.4)
            for (source, target), count in flows.items()
        ]
        body += bands(drawn, lanes, tops, x - _STEP + BLOCK, x, _TOP, unit)
        body.append(column(cut(wave["label"], 14, _STEP - 20), x, _TOP, Counter(now.values()), tops, unit, looks))
        body += [
            words(f"{reason}: {count}", x - 60, _TOP + tops[""] + 16 * (line + 1), 11.5, fill=QUIET)
            for line, (reason, count) in enumerate(sorted(reasons[wave["position"]].items(), key=lambda item: (-item[1], item[0])))
        ]
        before = now
    if most:
        body.append(words("Missed because", _LEFT, _TOP + tops[""] + 16, 11.5, fill=QUIET))
    body.append(color_legend([(_COLORS[name], STANDINGS[name]) for name in lanes], 24, height - 18, 1))
    if is_synthetic(tables):
        body.append(words(SYNTHETIC, width - 24, height - 18, 11, fill=QUIET, anchor="end"))
    told = ". ".join(
        f"{wave['label']}: " + ", ".join(f"{STANDINGS[name].lower()} {found[name]}" for name in lanes)
        for wave, found in zip(all_waves, columns, strict=True)
    )
    return picture(width, height, "Who took part when", f"{people} enrolled; {held} of {planned} interviews held. {told}.", body)
