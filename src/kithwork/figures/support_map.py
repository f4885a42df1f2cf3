"""The map: ego in the centre, circles around, every alter a shape with its label."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import ceil

from kithwork.figures.course import Occasion, Row, alter_labels, is_synthetic, map_of
from kithwork.figures.kinds import KINDS, legend, shape
from kithwork.figures.positions import labels_beside, places
from kithwork.figures.svg import FAINT, INK, LINE, PAPER, QUIET, WASH, cut, element, group, picture, polar, text_width, title, words
from kithwork.model.schema import MAP_STATES
from kithwork.model.tables import StudyTables

TRAY, TRAY_ROW = 180, 22  # px; width of a column and height of a row in the list of those in no circle
LONGEST_LABEL = 150  # px; longer names are cut on the picture and whole in the title
SYNTHETIC = "Synthetic study: made up, nobody's real network"


@dataclass(frozen=True)
class Sheet:
    """What one map is drawn with: whose alters, what they are called, which are lit up, what leaves the house."""

    alters: Mapping[str, Row]
    labels: Mapping[str, str]
    marks: Mapping[str, str]  # alter id → what `data-alter` says
    highlight: Collection[str] = ()

    def group_of(self, alter: str, *inside: str, extra: str = "") -> str:
        """The alter's own group, which a page can light up."""
        is_dim = bool(self.highlight) and alter not in self.highlight
        if is_dim:  # words are dimmed less than shapes: they still have to be read
            inside = tuple(part if part.startswith("<title") else group(part, opacity=0.66 if "<text" in part else 0.3) for part in inside)
        kind = self.alters[alter]["kind"]
        return group(*inside, class_=f"alter kind-{kind}{extra}{' dim' if is_dim else ''}", data_alter=self.marks[alter])


def support_map(
    tables: StudyTables,
    map_id: str,
    *,
    names: bool = False,
    ghost_map_id: str | None = None,
    highlight: Collection[str] = (),
    is_for_page: bool = False,
    is_for_paper: bool = False,
) -> str:
    """One map with its circles, labels, alter ties and, beside it, those named but in no circle.

    Definition  Angles run clockwise from twelve o'clock; a tie stands at its distance from the centre as a share of the
                outermost radius. `ghost_map_id` adds an earlier map in outline; `highlight` dims all other alters.
                `is_for_page` puts row ids into `data-alter`; else there are short local numbers.
                `is_for_paper` leaves the heading to the printed page and draws closer, with the list underneath.
    Returns     A standalone SVG.
    Raises      SelectionError when there is no such map.
    """
    seen, participant = map_of(tables, map_id)
    sheet = sheet_of(tables, participant["id"], names=names, highlight=highlight, is_for_page=is_for_page)
    ghost = map_of(tables, ghost_map_id)[0] if ghost_map_id else None
    unplaced = sum(tie["circle"] is None for tie in seen.ties.values())
    if is_for_paper:
        radius, side, top = 230.0 if len(seen.ties) <= 25 else 300.0, 105.0, 16.0
        width = 2 * (radius + side)
        rows = ceil(unplaced / (width // TRAY))
        tray = tray_of(seen, sheet, 24, top + 2 * radius + 34, rows)
        height = top + 2 * radius + 60 + (40 + TRAY_ROW * rows if unplaced else 0)
    else:
        radius, side, top = 300.0, 150.0, 66.0
        tray = tray_of(seen, sheet, 2 * (radius + side), top + 10, 25)
        width = 2 * (radius + side) + (TRAY * ceil(unplaced / 25) + 20 if unplaced else 0)
        height = top + 2 * radius + 74
    head = [
        words(cut(heading(seen), 18, 860), 24, 30, 17, bold=True),
        words(counted(len(seen.ties), "tie", "ties"), 24, 49, 13, fill=QUIET),
    ]
    body = [
        *([] if is_for_paper else head),
        drawn_map(tables, seen, sheet, (side + radius, top + radius), radius, side - 5, ghost=ghost),
        tray,
        legend((sheet.alters[alter]["kind"] for alter in seen.ties), 24, height - 22),
        *notes(tables, seen, ghost, width, height),
    ]
    return picture(width, height, f"Support map, {heading(seen)}", description(seen, sheet), body)


def sheet_of(
    tables: StudyTables, participant_id: str, *, names: bool = False, highlight: Collection[str] = (), is_for_page: bool = False
) -> Sheet:
    """The participant's alters with their labels; local numbers unless the picture stays in the page."""
    rows = tables["alters"].filter(tables["alters"]["participant_id"] == participant_id).sort("id").to_dicts()
    marks = {row["id"]: row["id"] if is_for_page else str(place) for place, row in enumerate(rows, start=1)}
    return Sheet({row["id"]: row for row in rows}, alter_labels(tables, participant_id, names=names), marks, highlight)


def heading(seen: Occasion) -> str:
    """The wave, and the state of the network where it is not the everyday one."""
    state = seen.map["state"] if seen.map else "everyday"
    return seen.wave["label"] + ("" if state == "everyday" else f" · {MAP_STATES[state]}")


def counted(count: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{count} {one if count == 1 else many}"


def notes(tables: StudyTables, seen: Occasion, ghost: Occasion | None, width: float, height: float) -> list[str]:
    """What a reader must know to read the map rightly, at its foot."""
    found = []
    if any(tie["circle"] is not None and tie["angle"] is None for tie in seen.ties.values()):
        found.append("Only circles were recorded; angles mean nothing here.")
    if ghost:
        found.append(f"Outlines: {heading(ghost)}.")
    if is_synthetic(tables):
        found.append(SYNTHETIC)
    return [words("  ".join(found), width - 24, height - 4, 11, fill=QUIET, anchor="end")] if found else []


def description(seen: Occasion, sheet: Sheet) -> str:
    """The map in words: how many of each kind, in which circles."""
    kinds = [sheet.alters[alter]["kind"] for alter in seen.ties]
    by_kind = ", ".join(f"{KINDS[kind]['label'].lower()} {kinds.count(kind)}" for kind in KINDS if kind in kinds)
    placed = [tie["circle"] for tie in seen.ties.values()]
    by_circle = ", ".join(f"{label}: {placed.count(place)}" for place, label in enumerate(seen.circles, start=1))
    return f"{counted(len(placed), 'tie', 'ties')} ({by_kind or 'none'}). {by_circle}. In no circle: {placed.count(None)}."


def drawn_map(
    tables: StudyTables,
    seen: Occasion,
    sheet: Sheet,
    centre: tuple[float, float],
    radius: float,
    side: float,
    *,
    ghost: Occasion | None = None,
    most: int = 0,
) -> str:
    """Circles, ego, ties and labels around a centre, without tray or legend; labels keep within `side` of the outermost circle.

    Maps beside each other are sized as for the `most` alters on any of them, so that they compare.
    """
    x, y = centre
    at = points(seen, sheet, x, y, radius)
    size, letters = _sizes(max(len(at), most), radius)
    ring_labels, obstacles = _ring_labels(seen, at, x, y, radius, size)
    obstacles.append((x - 9, y - 9, x + 9, y + 9))  # ego
    order = sorted(at, key=lambda alter: (seen.ties[alter]["circle"], at[alter]))
    return group(
        *_rings(len(seen.circles), x, y, radius),
        _ghosts(ghost, sheet, at, x, y, radius, size) if ghost else "",
        _alter_ties(tables, seen, at),
        ring_labels,
        element("circle", cx=x, cy=y, r=9, fill=PAPER, stroke=INK, stroke_width=1.5),
        words("Me", x, y + 3.2, 8.5, anchor="middle"),
        *_alters(order, at, sheet, size, letters, (x - radius - side, y - radius - 12, x + radius + side, y + radius + 12), obstacles),
        class_="map",
    )


def points(seen: Occasion, sheet: Sheet, x: float, y: float, radius: float) -> dict[str, tuple[float, float]]:
    """Where each alter in a circle stands on the paper."""
    ties = {alter: seen.ties[alter] for alter in sheet.alters if alter in seen.ties}
    return {alter: polar(x, y, distance * radius, angle) for alter, (angle, distance) in places(ties, len(seen.circles)).items()}


def _sizes(count: int, radius: float) -> tuple[float, float]:
    """Half width of a shape and letter size, smaller where many stand."""
    size, letters = next((s for s in ((15, 10.5, 13.5), (30, 9.0, 12.5), (45, 7.5, 11.5)) if count <= s[0]), (0, 6.5, 11.0))[1:]
    return (size, letters) if radius >= 220 else (size * 0.9, letters + 0.5)  # maps side by side are shown smaller than drawn


def _rings(circles: int, x: float, y: float, radius: float) -> list[str]:
    """The circles, the innermost band lightly washed so that the eye finds the centre."""
    return [
        element("circle", cx=x, cy=y, r=radius * place / circles, fill=WASH if place == 1 else "none", stroke=LINE, stroke_width=1)
        for place in range(circles, 0, -1)
    ]


def _ring_labels(
    seen: Occasion, at: Mapping[str, tuple[float, float]], x: float, y: float, radius: float, size: float
) -> tuple[str, list[tuple[float, float, float, float]]]:
    """Each circle's label on its line, near twelve o'clock, moved aside where alters stand."""
    parts, boxes = [], []
    for step, label in enumerate(seen.circles, start=1):
        ring = radius * step / len(seen.circles)
        text = cut(label, 11, min(2 * ring - 10, 240))
        half = text_width(text, 11) / 2 + 5
        tries = [turn for aside in range(6) for turn in sorted({aside * 9, -aside * 9})] + [180, 171, 189]
        best = min(tries, key=lambda turn: (_crowded(polar(x, y, ring, turn), half, size, at), abs(turn), turn))
        cx, cy = polar(x, y, ring, best)
        boxes.append((cx - half, cy - 7, cx + half, cy + 7))
        parts.append(element("rect", x=cx - half, y=cy - 7, width=2 * half, height=14, rx=3, fill=PAPER))
        parts.append(words(text, cx, cy + 4, 11, fill=QUIET, anchor="middle"))
    return group(*parts, class_="circles"), boxes


def _crowded(middle: tuple[float, float], half: float, size: float, at: Mapping[str, tuple[float, float]]) -> int:
    return sum(abs(px - middle[0]) < half + size and abs(py - middle[1]) < 8 + size for px, py in at.values())


def _alters(
    order: list[str],
    at: Mapping[str, tuple[float, float]],
    sheet: Sheet,
    size: float,
    letters: float,
    bounds: tuple[float, float, float, float],
    obstacles: list[tuple[float, float, float, float]],
) -> list[str]:
    texts = {alter: cut(sheet.labels[alter], letters, LONGEST_LABEL) for alter in order}
    boxes = [(text_width(texts[alter], letters) + 4, letters * 1.2) for alter in order]
    corners = labels_beside([at[alter] for alter in order], boxes, size, bounds, obstacles)
    leaders, parts = [], []
    for alter, (left, top), (wide, high) in zip(order, corners, boxes, strict=True):
        px, py = at[alter]
        nearest = min(max(px, left), left + wide), min(max(py, top), top + high)
        if (nearest[0] - px) ** 2 + (nearest[1] - py) ** 2 > (size + 8) ** 2:
            leaders.append(element("line", x1=px, y1=py, x2=nearest[0], y2=nearest[1], stroke=LINE, stroke_width=0.8))
        label = words(texts[alter], left + 2, top + letters * 0.95, letters, halo=True)
        parts.append(sheet.group_of(alter, title(whole_label(sheet, alter)), shape(sheet.alters[alter]["kind"], px, py, size), label))
    return [*leaders, *parts]


def whole_label(sheet: Sheet, alter: str) -> str:
    """The uncut label with the kind."""
    return f"{sheet.labels[alter]} ({KINDS[sheet.alters[alter]['kind']]['label'].lower()})"


def _alter_ties(tables: StudyTables, seen: Occasion, at: Mapping[str, tuple[float, float]]) -> str:
    """Alter ties as quiet lines; a recorded non-tie (weight 0) is none."""
    alter_of = {tie["id"]: alter for alter, tie in seen.ties.items()}
    frame, lines, drawn = tables["alter_ties"], [], set()
    for row in frame.filter(frame["map_id"] == (seen.map or {}).get("id")).iter_rows(named=True):
        one, other = alter_of.get(row["from_tie_id"], ""), alter_of.get(row["to_tie_id"], "")
        if row["weight"] == 0 or one not in at or other not in at or one == other or frozenset((one, other)) in drawn:
            continue
        drawn.add(frozenset((one, other)))
        (x1, y1), (x2, y2) = at[one], at[other]
        dashes = "3 3" if row["relation"] == "conflict" else None
        lines.append(element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=LINE, stroke_width=1, stroke_opacity=0.7, stroke_dasharray=dashes))
    return group(*lines, class_="alter-ties") if lines else ""


def _ghosts(ghost: Occasion, sheet: Sheet, now: Mapping[str, tuple[float, float]], x: float, y: float, radius: float, size: float) -> str:
    """The earlier map in outline, a thin line from where an alter was to where it is."""
    parts = []
    for alter, (gx, gy) in points(ghost, sheet, x, y, radius).items():
        if alter in now:
            parts.append(element("line", x1=gx, y1=gy, x2=now[alter][0], y2=now[alter][1], stroke=FAINT, stroke_width=2))
        label = "" if alter in now else words(cut(sheet.labels[alter], 10.5, 110), gx, gy + size + 11, 10.5, fill=QUIET, anchor="middle")
        parts.append(
            group(
                title(f"Earlier: {whole_label(sheet, alter)}"),
                shape(sheet.alters[alter]["kind"], gx, gy, size * 0.8, is_ghost=True),
                label,
                class_="ghost",
                data_ghost=sheet.marks[alter],
            )
        )
    return group(*parts, class_="ghosts")


def tray_of(seen: Occasion, sheet: Sheet, x: float, y: float, rows: int) -> str:
    """Those named but in no circle, as a list in columns; nothing where there are none."""
    alters = sorted((alter for alter, tie in seen.ties.items() if tie["circle"] is None), key=lambda alter: (sheet.labels[alter], alter))
    if not alters:
        return ""
    parts = [words("Named, in no circle", x, y, 12, fill=QUIET)]
    for rank, alter in enumerate(alters):
        left, line = x + rank // rows * TRAY, y + 26 + rank % rows * TRAY_ROW
        label = words(cut(sheet.labels[alter], 12.5, TRAY - 34), left + 20, line + 4, 12.5)
        parts.append(
            sheet.group_of(
                alter, title(whole_label(sheet, alter)), shape(sheet.alters[alter]["kind"], left + 8, line, 7), label, extra=" unplaced"
            )
        )
    return group(*parts, class_="tray")
