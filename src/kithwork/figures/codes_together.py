"""Which codes stand together, and how often: the darker, the more passages."""

from kithwork.figures.course import is_synthetic
from kithwork.figures.support_map import SYNTHETIC
from kithwork.figures.svg import FAINT, INK, LINE, PAPER, QUIET, cut, element, group, picture, text_width, title, words
from kithwork.joint.dimensions import code_tree
from kithwork.joint.said import Said
from kithwork.joint.tables import co_occurrence, most_together
from kithwork.model.tables import StudyTables

MOST = 40  # codes side by side that can still be read
_CELL, _TOP, _NAME, _COLOR = 30.0, 74.0, 210.0, "#1f4b82"
_WORDS = {"overlap": "Passages of the row's code that share words with one of the column's", "passage": "Passages that carry both codes"}


def codes_together(tables: StudyTables, unit: str = "overlap", *, is_whole: bool = False) -> str:
    """Codes against codes: how many passages of the one stand with the other.

    Definition  See `joint.tables.co_occurrence`; each code holds what stands under it. Codes at the top of the codebook, or all of
                them (`is_whole`); of more than 40 those that stand with others most. The darkness of a cell is its share of the
                largest.
    Returns     A standalone SVG; names of codes, and numbers.
    Missing     A code with itself, and with codes it stands under or that stand under it, has no number: the cell is crossed out.
    """
    said = Said(tables)
    found = {(row, column): number for row, column, number in co_occurrence(said, unit).iter_rows()}
    listed = [(code, name) for code, name, depth in code_tree(said) if depth == 0 or is_whole]
    shown = most_together(listed, found, MOST)
    left_out = len(listed) - len(shown)
    within = set(said.under.select("code_id", "as_id").iter_rows())
    names = {code: cut(name, 13, _NAME - 20) for code, name in shown}
    slant = max((text_width(name, 13) for name in names.values()), default=0.0) * 0.87  # written upwards at 60 degrees
    top, left = _TOP + slant + 14, _NAME + 14
    most = max((found.get((row, column), 0) for row, _ in shown for column, _ in shown), default=0)
    body = [words("Codes that stand together", 24, 30, 17, bold=True), words(_WORDS[unit], 24, 50, 13, fill=QUIET)]
    for place, (code, _) in enumerate(shown):
        x, y = left + (place + 0.65) * _CELL, top + (place + 0.65) * _CELL
        body.append(group(words(names[code], 0, 0, 13), transform=f"translate({x:.2f} {top - 8:.2f}) rotate(-60)"))
        body.append(words(names[code], left - 10, y, 13, anchor="end"))
    for down, (row, name) in enumerate(shown):
        for across, (column, other) in enumerate(shown):
            x, y = left + across * _CELL, top + down * _CELL
            if (row, column) in within or (column, row) in within:
                body.append(_crossed(x, y))
            else:
                body.append(_cell(x, y, found.get((row, column), 0), most, f"{name}, {other}"))
    if not shown:
        body.append(words("No code yet", 24, top + 20, 13, fill=QUIET))
    height = top + max(1, len(shown)) * _CELL + 44
    width = max(left + len(shown) * _CELL + slant * 0.6 + 24, 560.0)
    if left_out:
        body.append(words(f"{left_out} more codes stand with others less often and are left out.", 24, height - 12, 12, fill=QUIET))
    if is_synthetic(tables):
        body.append(words(SYNTHETIC, width - 24, height - 12, 11, fill=QUIET, anchor="end"))
    return picture(width, height, "Codes that stand together", _told(dict(shown), found), body)


def _cell(x: float, y: float, number: int, most: int, said: str) -> str:
    share = number / most if most else 0.0
    size = _CELL - 2
    parts = [element("rect", x=x + 1, y=y + 1, width=size, height=size, fill=PAPER, stroke=FAINT)]
    if number:
        parts.append(element("rect", x=x + 1, y=y + 1, width=size, height=size, fill=_COLOR, fill_opacity=round(0.12 + 0.88 * share, 3)))
        fill = PAPER if share > 0.5 else INK
        parts.append(words(str(number), x + _CELL / 2, y + _CELL / 2 + 4, 11, anchor="middle", fill=fill))
    return group(title(f"{said}: {number}"), *parts)


def _crossed(x: float, y: float) -> str:
    size = _CELL - 2
    return group(
        element("rect", x=x + 1, y=y + 1, width=size, height=size, fill=FAINT),
        element("line", x1=x + 9, y1=y + _CELL - 9, x2=x + _CELL - 9, y2=y + 9, stroke=LINE),
    )


def _told(names: dict[str, str], found: dict[tuple[str, str], int]) -> str:
    pairs = [(number, names[row], names[column]) for (row, column), number in found.items() if row in names and column in names]
    told = [f"{row} with {column}: {number}" for number, row, column in sorted(pairs, key=lambda one: (-one[0], one[1], one[2]))[:12]]
    return f"Most often: {'; '.join(told)}." if told else "No two codes stand together."
