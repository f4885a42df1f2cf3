"""Themes with their codes, and in how many texts of each wave they come up."""

from kithwork.figures.course import Row, is_synthetic
from kithwork.figures.support_map import SYNTHETIC, counted
from kithwork.figures.svg import FAINT, INK, QUIET, cut, element, group, picture, title, words
from kithwork.model.tables import StudyTables

_LEFT, _LINE, _COLUMN, _BAR = 330.0, 23.0, 150.0, 92.0
_COLORS = ("#1f4b82", "#a3460f", "#1d5f4a", "#8a2f6b", "#6b5b00", "#4b3f9b", "#9a1b2f", "#2b6f86")
Texts = dict[str, set[str]]  # wave → texts


def themes_by_wave(tables: StudyTables) -> str:
    """Each theme with its codes, in their order, and the texts of each wave in which they come up.

    Definition  A theme comes up in a text where any of its codes is on a passage of it, by any coder. A bar is the share of the
                wave's texts that have words; the number is texts. A code in two themes stands under both.
    Returns     A standalone SVG; names of themes and codes, and numbers.
    Missing     A wave without texts has no bars.
    """
    waves = sorted(tables.rows("waves"), key=lambda row: row["position"])
    texts, found = _texts(tables)
    codes = {row["id"]: row for row in tables.rows("codes")}
    members: dict[str, list[str]] = {}
    for row in tables.rows("theme_codes"):
        members.setdefault(row["theme_id"], []).append(row["code_id"])
    body = [words("Themes and codes, by wave", 24, 30, 17, bold=True)]
    body.append(words("Texts of the wave in which each comes up; the bar is their share", 24, 50, 13, fill=QUIET))
    for place, wave in enumerate(waves):
        x, of = _LEFT + place * _COLUMN, len(texts.get(wave["id"], ()))
        body.append(words(cut(wave["label"], 13, _COLUMN - 12), x, 82, 13, bold=True))
        body.append(words(counted(of, "text", "texts"), x, 98, 12, fill=QUIET))
    y, told = 112.0, []
    for number, theme in enumerate(sorted(tables.rows("themes"), key=lambda row: (row.get("position") or 0, row["id"]))):
        held = sorted(members.get(theme["id"], ()), key=lambda one: _place(codes, one))
        whole: Texts = {wave["id"]: set().union(*(found.get(one, {}).get(wave["id"], set()) for one in held)) for wave in waves}
        y += 34
        color = _COLORS[number % len(_COLORS)]
        body.append(_row(theme["name"], whole, texts, waves, y, color, is_theme=True))
        told.append(f"{theme['name']}: " + ", ".join(f"{wave['label']} {len(whole[wave['id']])}" for wave in waves))
        for one in held:
            y += _LINE
            body.append(_row(codes[one]["name"], found.get(one, {}), texts, waves, y, color))
    if not told:
        body.append(words("No theme yet", 24, y + 24, 13, fill=QUIET))
        y += 24
    width, height = _LEFT + max(1, len(waves)) * _COLUMN + 10, y + 40
    if is_synthetic(tables):
        body.append(words(SYNTHETIC, width - 24, height - 10, 11, fill=QUIET, anchor="end"))
    return picture(width, height, "Themes and codes, by wave", ". ".join(told) + ".", body)


def _texts(tables: StudyTables) -> tuple[Texts, dict[str, Texts]]:
    """The texts of each wave, and for each code those in which it comes up."""
    wave_of = {row["id"]: row["wave_id"] for row in tables.rows("interviews")}
    waves = {row["id"]: wave_of.get(row.get("interview_id", "")) for row in tables.rows("documents")}
    document_of = dict(tables["revisions"].select("id", "document_id").iter_rows())
    texts: Texts = {}
    for document in set(document_of.values()):
        texts.setdefault(waves[document] or "", set()).add(document)
    placed = tables["codings"].join(tables["segments"].select("revision_id", segment_id="id"), on="segment_id")
    found: dict[str, Texts] = {}
    for code, revision in placed.select("code_id", "revision_id").unique().iter_rows():
        document = document_of[revision]
        found.setdefault(code, {}).setdefault(waves[document] or "", set()).add(document)
    return texts, found


def _place(codes: dict[str, Row], code_id: str) -> list[tuple[int, str]]:
    """Where a code stands in the tree: positions from the top down."""
    found: list[tuple[int, str]] = []
    place: str | None = code_id
    while place in codes and len(found) < len(codes):
        found.insert(0, (codes[place].get("position") or 0, place))
        place = codes[place].get("parent_id")
    return found


def _row(name: str, has: Texts, texts: Texts, waves: list[Row], y: float, color: str, *, is_theme: bool = False) -> str:
    left, size = (24, 14) if is_theme else (42, 13)
    parts = [words(cut(name, size, _LEFT - left - 16), left, y, size, bold=is_theme)]
    if not is_theme:
        parts.append(element("rect", x=28, y=y - 10, width=6, height=12, rx=2, fill=color))
    said = []
    for place, wave in enumerate(waves):
        count, of, x = len(has.get(wave["id"], ())), len(texts.get(wave["id"], ())), _LEFT + place * _COLUMN
        said.append(f"{wave['label']} {count} of {of}")
        if not of:
            continue
        high = 12 if is_theme else 9
        parts.append(element("rect", x=x, y=y - high, width=_BAR, height=high, fill=FAINT))
        wide = _BAR * count / of
        parts.append(element("rect", x=x, y=y - high, width=wide, height=high, fill=color, fill_opacity=None if is_theme else 0.72))
        parts.append(words(str(count), x + _BAR + 6, y, size - 1, bold=is_theme, fill=INK if count else QUIET))
    return group(title(f"{name}: {', '.join(said)}"), *parts)
