"""A map so small that it fits a cell of a table: circles, shapes by kind, no labels."""

from collections.abc import Mapping, Sequence
from typing import Any

from kithwork.figures.kinds import shape
from kithwork.figures.positions import places
from kithwork.figures.svg import INK, LINE, PAPER, element, picture, polar

_SIZE = 92.0


def thumbnail(ties: Sequence[Mapping[str, Any]], circles: int, title: str) -> str:
    """One map in little, from rows of ties that also say `kind`; those in no circle stand in a row underneath.

    Returns     A standalone SVG whose description counts the ties.
    """
    placed = {str(number): dict(tie) for number, tie in enumerate(ties)}
    centre, radius = _SIZE / 2, _SIZE / 2 - 3
    rings = max(circles, *(tie["circle"] or 0 for tie in ties), 1) if ties else max(circles, 1)
    body = [
        element("circle", cx=centre, cy=centre, r=radius * ring / rings, fill=PAPER, stroke=LINE, stroke_width=0.7)
        for ring in range(rings, 0, -1)
    ]
    body.append(element("circle", cx=centre, cy=centre, r=2.2, fill=INK))
    for key, (angle, distance) in places(placed, rings).items():
        x, y = polar(centre, centre, radius * min(distance, 1.0), angle)
        body.append(shape(placed[key]["kind"], x, y, 3.4))
    aside = [tie for tie in ties if tie["circle"] is None]
    body += [shape(tie["kind"], 5 + 8.0 * place, _SIZE + 4, 3.4) for place, tie in enumerate(aside[:11])]
    said = f"{len(ties)} tie{'' if len(ties) == 1 else 's'}, {len(aside)} of them in no circle"
    return picture(_SIZE, _SIZE + (9 if aside else 0), title, said, body)
