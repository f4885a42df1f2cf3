"""The shape of each kind of alter, shared with the browser's map through `kinds.json`."""

import json
from collections.abc import Iterable
from importlib.resources import files

from kithwork.figures.svg import PAPER, QUIET, element, group, number, text_width, words

KINDS: dict[str, dict[str, str]] = json.loads(files("kithwork.figures").joinpath("kinds.json").read_text(encoding="utf-8"))
"""Kind → `path` (SVG path data in a box from −1 to 1), `color` and `label`."""


def shape(kind: str, x: float, y: float, size: float, *, is_ghost: bool = False) -> str:
    """The kind's silhouette with its half width `size`; a ghost is only its outline."""
    look = KINDS[kind]
    return element(
        "path",
        d=look["path"],
        transform=f"translate({number(x)} {number(y)}) scale({number(size)})",
        fill=PAPER if is_ghost else look["color"],
        stroke=look["color"] if is_ghost else PAPER,
        stroke_width=f"{(1.2 if is_ghost else 1.5) / size:.4f}",
        stroke_dasharray=f"{2.5 / size:.3f}" if is_ghost else None,
        paint_order="stroke",
    )


def legend(kinds: Iterable[str], x: float, y: float, size: float = 12) -> str:
    """One row of shapes with their names, in the order of the kinds."""
    shown, parts = set(kinds), []
    for kind, look in KINDS.items():
        if kind in shown:
            parts += [shape(kind, x + 6, y - size * 0.35, 6), words(look["label"], x + 18, y, size, fill=QUIET)]
            x += 18 + text_width(look["label"], size) + 18
    return group(*parts, class_="legend")
