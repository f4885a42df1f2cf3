"""Where shapes and labels stand: the geometry of the map, and labels that keep out of each other's way."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kithwork.figures.svg import polar

GOLDEN_ANGLE = 137.50776405  # turns each circle against the one inside it, so that alters do not line up


def places(ties: Mapping[str, dict[str, Any]], circles: int) -> dict[str, tuple[float, float]]:
    """Angle (degrees clockwise from twelve o'clock) and distance (share of the outermost radius) of each tie in a circle.

    Definition  As recorded. What an import left out is filled in: evenly around the tie's circle in the order of `ties`,
                in the middle of its band (circle i of R is the band from (i−1)/R to i/R), or a little to either side
                where many share it.
    """
    found = {}
    for circle in sorted({tie["circle"] for tie in ties.values() if tie["circle"] is not None}):
        inside = {key: tie for key, tie in ties.items() if tie["circle"] == circle}
        for rank, (key, tie) in enumerate(inside.items()):
            angle = (circle * GOLDEN_ANGLE + rank * 360 / len(inside)) % 360
            aside = 0.0 if len(inside) <= 6 else 0.22 * (-1) ** rank + (0.12 if circle == 1 else 0)  # clear of ego
            distance = (circle - 0.5 + aside) / max(circles, circle)
            found[key] = angle if tie["angle"] is None else tie["angle"], distance if tie["distance"] is None else tie["distance"]
    return found


def labels_beside(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    radius: float,
    bounds: tuple[float, float, float, float],
    obstacles: Sequence[tuple[float, float, float, float]] = (),
) -> list[tuple[float, float]]:
    """The top left corner of each label, near its point and, as far as there is room, clear of everything else.

    Definition  Every label chooses among places around its shape the one that overlaps least, nearer places first;
                the crowded ones choose first, and all choose again twice. The same input gives the same output.
    Shapes      `points` and `sizes` (width, height) one a label; `bounds` and `obstacles` are boxes (left, top, right, bottom).
    """
    if not points:
        return []
    at, size = np.asarray(points, float), np.asarray(sizes, float)
    shapes = np.concatenate([at - radius, at + radius], axis=1)
    fixed = np.concatenate([shapes, np.asarray(obstacles, float).reshape(-1, 4)])
    crowding = (np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) < 90).sum(axis=1)
    order = sorted(range(len(at)), key=lambda i: (-crowding[i], i))
    boxes = _candidates(at, size, radius)
    costs = [_COSTS + _overlap(around, fixed).sum(axis=1) + _outside(around, bounds) for around in boxes]
    chosen, is_chosen = np.zeros((len(at), 4)), np.zeros(len(at), bool)
    for _ in range(3):
        for i in order:
            is_chosen[i] = False
            cost = costs[i] + _overlap(boxes[i], chosen[is_chosen]).sum(axis=1)
            chosen[i], is_chosen[i] = boxes[i][np.argmin(cost)], True
    return [(float(left), float(top)) for left, top in chosen[:, :2]]


_TURNS = np.array([polar(0, 0, 1, k * 22.5) for k in range(16)])
_REACHES = (3, 9, 18, 30, 44, 60)
_COSTS = np.array(
    [step * 60.0 + (0 if k in (4, 12) else 12 if k in (0, 8) else 18) for step in range(len(_REACHES)) for k in range(len(_TURNS))]
)


def _candidates(at: np.ndarray, size: np.ndarray, radius: float) -> np.ndarray:
    """Boxes around each point, beside it first, then above and below, then farther out; what each place costs is in `_COSTS`.

    Each box is slid so that the side that looks at the point touches the ring of that reach.
    """
    x, y = (np.tile(part, len(_REACHES)) for part in _TURNS.T)
    gap = np.repeat(radius + np.array(_REACHES, float), len(_TURNS))
    width, height = size[:, :1], size[:, 1:]
    left = at[:, :1] + x * gap - width * (1 - x) / 2
    top = at[:, 1:] + y * np.where(np.abs(x) < 0.9, gap, 0) - height * (1 - y) / 2
    return np.stack([left, top, left + width, top + height], axis=2)


def _overlap(boxes: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Shared area of each box with each taken box, and a fixed price for touching at all."""
    wide = np.minimum(boxes[:, None, 2], taken[None, :, 2]) - np.maximum(boxes[:, None, 0], taken[None, :, 0])
    high = np.minimum(boxes[:, None, 3], taken[None, :, 3]) - np.maximum(boxes[:, None, 1], taken[None, :, 1])
    area = np.clip(wide, 0, None) * np.clip(high, 0, None)
    return np.where(area > 0, area * 3 + 60, 0.0)


def _outside(boxes: np.ndarray, bounds: tuple[float, float, float, float]) -> np.ndarray:
    left, top, right, bottom = bounds
    over = np.clip(left - boxes[:, 0], 0, None) + np.clip(boxes[:, 2] - right, 0, None)
    over += np.clip(top - boxes[:, 1], 0, None) + np.clip(boxes[:, 3] - bottom, 0, None)
    return over * 1000
