"""How large the maps are and what stands on them, wave by wave; every map shown, none called good or bad."""

from collections import Counter
from statistics import median

from kithwork.figures.course import Row, is_synthetic, waves
from kithwork.figures.kinds import KINDS, legend, shape
from kithwork.figures.support_map import SYNTHETIC, counted
from kithwork.figures.svg import FAINT, INK, LINE, PAPER, QUIET, cut, element, group, picture, text_width, title, words
from kithwork.model.tables import StudyTables

_LEFT, _WIDTH = 180.0, 520.0
_SMALLEST_DOT = 1.5  # px


def _maps_by_wave(tables: StudyTables, state: str) -> list[tuple[Row, list[str]]]:
    """Each wave with the ids of its maps of one state."""
    joined = (
        tables["maps"]
        .filter(tables["maps"]["state"] == state)
        .join(tables["interviews"].select("id", "wave_id"), left_on="interview_id", right_on="id")
    )
    found: dict[str, list[str]] = {}
    for row in joined.iter_rows(named=True):
        found.setdefault(row["wave_id"], []).append(row["id"])
    return [(wave, found.get(wave["id"], [])) for wave in waves(tables)]


def size_by_wave(tables: StudyTables, *, state: str = "everyday") -> str:
    """Ties a map, one dot a map, with the median of each wave.

    Definition  Ties of all kinds, placed or not, on maps of one state. Waves without a map stay empty.
    Returns     A standalone SVG; numbers only.
    """
    sizes = Counter(tables["ties"]["map_id"].to_list())
    by_wave = [(wave, sorted(sizes[drawn] for drawn in maps)) for wave, maps in _maps_by_wave(tables, state)]
    top = max((size for _, found in by_wave for size in found), default=0)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if top <= step * 10 or step == 1000)
    most = max(top, 1)
    piles = [max(Counter(found).values(), default=1) for _, found in by_wave]
    radius = min(4.5, _WIDTH / most / 2.4, 60 / max(piles, default=1))
    unit = "One dot a map" if radius >= _SMALLEST_DOT else "Height: number of maps"
    body = [words("Ties on each map", 24, 30, 17, bold=True), words(f"{unit}; the line is the median", 24, 50, 13, fill=QUIET)]
    y = 84.0
    first = y
    for (wave, found), pile in zip(by_wave, piles, strict=True):
        high = max(pile * (2 * radius + (0.5 if radius >= _SMALLEST_DOT else 0)) + 24, 52)
        body.append(_dots(wave, found, y + high, high, most, radius))
        y += high
    for value in range(0, most + 1, step):
        x = _LEFT + value / most * _WIDTH
        body.insert(2, element("line", x1=x, y1=first, x2=x, y2=y, stroke=FAINT))
        body.append(words(str(value), x, y + 18, 12, fill=QUIET, anchor="middle"))
    body.append(words("ties", _LEFT + _WIDTH + 24, y + 18, 12, fill=QUIET))
    told = ". ".join(f"{wave['label']}: {_size_words(found)}" for wave, found in by_wave)
    return _finished(tables, "Ties on each map", told + ".", body, y + 60)


def _dots(wave: Row, found: list[int], base: float, high: float, most: int, radius: float) -> str:
    parts = [
        element("line", x1=_LEFT, y1=base, x2=_LEFT + _WIDTH, y2=base, stroke=LINE),
        words(cut(wave["label"], 14, _LEFT - 26), _LEFT - 16, base - 20, 13, anchor="end", bold=True),
        words(counted(len(found), "map", "maps"), _LEFT - 16, base - 4, 12, fill=QUIET, anchor="end"),
    ]
    for size, maps in Counter(found).items():
        x = _LEFT + size / most * _WIDTH
        if radius < _SMALLEST_DOT:  # too many maps for dots: one bar as high as the pile would be
            high_bar = maps * 2 * radius
            parts.append(element("rect", x=x - 3, y=base - high_bar, width=6, height=high_bar, fill="#2f6f8f"))
        else:
            parts += [
                element("circle", cx=x, cy=base - radius - 2 - row * (2 * radius + 0.5), r=radius, fill="#2f6f8f", fill_opacity=0.75)
                for row in range(maps)
            ]
    if found:
        x = _LEFT + median(found) / most * _WIDTH
        parts.append(element("line", x1=x, y1=base, x2=x, y2=base - high + 16, stroke=INK, stroke_width=1.5))
        parts.append(words(f"{median(found):g}", x, base - high + 12, 12, anchor="middle", halo=True))
    return group(title(f"{wave['label']}: {_size_words(found)}"), *parts)


def _size_words(found: list[int]) -> str:
    return f"{counted(len(found), 'map', 'maps')}, median {median(found):g} ties, from {found[0]} to {found[-1]}" if found else "no maps"


def kinds_by_wave(tables: StudyTables, *, state: str = "everyday") -> str:
    """What ties are made of: the share of each kind among all ties of a wave.

    Definition  Ties of one kind over all ties on maps of one state at that wave, maps taken together; numbers in the bars
                are ties. Waves without ties stay empty.
    Returns     A standalone SVG; numbers only.
    """
    kind_of = dict(zip(tables["alters"]["id"].to_list(), tables["alters"]["kind"].to_list(), strict=True))
    on_map: dict[str, list[str]] = {}
    for row in tables["ties"].select("map_id", "alter_id").iter_rows():
        on_map.setdefault(row[0], []).append(kind_of[row[1]])
    body, y, told, shown = [words("Kinds of tie", 24, 30, 17, bold=True)], 60.0, [], set()
    body.append(words("Share of all ties at each wave; the numbers are ties", 24, 50, 13, fill=QUIET))
    for wave, maps in _maps_by_wave(tables, state):
        counts = Counter(kind for drawn in maps for kind in on_map.get(drawn, []))
        shown |= set(counts)
        y += 56
        body.append(_bar(wave, counts, len(maps), y))
        told.append(
            f"{wave['label']}: "
            + (", ".join(f"{KINDS[kind]['label'].lower()} {counts[kind]}" for kind in KINDS if counts[kind]) or "no ties")
        )
    body.append(legend(shown, 24, y + 52))
    return _finished(tables, "Kinds of tie", ". ".join(told) + ".", body, y + 84)


def _bar(wave: Row, counts: Counter[str], maps: int, y: float) -> str:
    total, x = sum(counts.values()), _LEFT
    parts = [
        words(cut(wave["label"], 14, _LEFT - 26), _LEFT - 16, y - 2, 13, anchor="end", bold=True),
        words(counted(maps, "map", "maps"), _LEFT - 16, y + 14, 12, fill=QUIET, anchor="end"),
    ]
    for kind, look in KINDS.items():
        if counts[kind]:
            wide = counts[kind] / total * _WIDTH
            inside = [title(f"{wave['label']}, {look['label'].lower()}: {counts[kind]} of {total}")]
            inside.append(element("rect", x=x, y=y - 14, width=wide, height=32, fill=look["color"], stroke=PAPER, stroke_width=1.5))
            if wide > 16:
                inside.append(shape(kind, x + wide / 2, y - 25, 6))
            if wide > text_width(str(counts[kind]), 12) + 6:
                # white on the lighter colours would fall under 4.5:1
                inside.append(element("rect", x=x + wide / 2 - 13, y=y - 7, width=26, height=18, rx=9, fill=PAPER) if wide > 30 else "")
                inside.append(words(str(counts[kind]), x + wide / 2, y + 6.5, 12, anchor="middle", halo=wide <= 30))
            parts.append(group(*inside))
            x += wide
    if not total:
        parts.append(words("No ties", _LEFT, y + 6, 12, fill=QUIET))
    return group(*parts)


def _finished(tables: StudyTables, name: str, told: str, body: list[str], height: float) -> str:
    width = _LEFT + _WIDTH + 70
    if is_synthetic(tables):
        body.append(words(SYNTHETIC, width - 24, height - 10, 11, fill=QUIET, anchor="end"))
    return picture(width, height, name, told, body)
