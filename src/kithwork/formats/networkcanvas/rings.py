"""Where on the circles a Network Canvas node lay: derived, since its exports hold no ring."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kithwork.formats.building import Builder, number_of
from kithwork.formats.networkcanvas.protocol import Entity, Protocol


def layout_of(columns: Iterable[str], entity: Entity | None, protocol: Protocol | None) -> str | None:
    """The layout variable that says where a node lay on the circles, else the first there is."""
    columns = list(columns)
    pairs = [column[:-2] for column in columns if column.endswith("_x") and f"{column[:-2]}_y" in columns]
    if entity:
        pairs = [name for name in pairs if any(v.name == name and v.type == "layout" for v in entity.variables)]
    if protocol and protocol.layout in pairs:
        return protocol.layout
    return pairs[0] if pairs else None


@dataclass
class Placing:
    """Works out circle, angle and distance from a position on the canvas.

    x and y are shares of the canvas's width and height, y downwards; the circles fill the shorter side. Radii as Network
    Canvas draws them: k/n of the outermost, or, skewed towards the centre, (3·√(k/n) + k/n) / 4.
    """

    layout: str | None
    protocol: Protocol | None
    builder: Builder
    counts: Counter[str]

    def of(self, cell: Callable[[str], str]) -> dict[str, Any]:
        """Circle, angle and distance of one tie from the cells of its row; empty where it was not placed."""
        if not self.layout:
            return {}
        x, y = number_of(cell(f"{self.layout}_x")), number_of(cell(f"{self.layout}_y"))
        if x is None or y is None:
            return {}
        width, height = self.builder.options.aspect
        across, down = (x - 0.5) * width, (y - 0.5) * height
        distance = math.hypot(across, down) / (min(width, height) / 2)
        angle = math.degrees(math.atan2(across, -down)) % 360
        self.counts["placed"] += 1
        if distance > 1:
            self.counts["outside"] += 1
        return {"angle": round(angle, 6) % 360, "distance": min(distance, 1.0), "circle": self._circle(distance)}

    def _circle(self, distance: float) -> int | None:
        if self.protocol is None:
            return None
        count = self.protocol.circles
        for position in range(1, count + 1):
            share = position / count
            if distance <= ((3 * math.sqrt(share) + share) / 4 if self.protocol.is_skewed else share) + 1e-12:
                return position
        return None


def tell_placing(counts: Counter[str], protocol: Protocol | None, builder: Builder) -> None:
    """Say what was derived, and keep the rings."""
    width, height = builder.options.aspect
    canvas = f"a canvas of {width:g}:{height:g}"
    assumed = f"{canvas} (say otherwise with --aspect)"
    if counts["placed"]:
        basis = f"Derived on import from the position on the canvas, assuming {canvas}; Network Canvas stores no ring."
        if protocol and protocol.circles:
            builder.circles(protocol.circles, protocol.circle_prompt, basis)
            sentence = f"Circle, angle and distance of {counts['placed']} tie(s) are derived, assuming {assumed}; the export holds no ring."
            builder.notes.meet("circles_derived", sentence)
        else:
            sentence = f"Angle and distance of {counts['placed']} tie(s) are derived, assuming {assumed}; no circles are known."
            builder.notes.meet("position_derived", sentence)
    if counts["outside"]:
        builder.notes.lose(f"{counts['outside']} tie(s) lay outside the outermost circle: in no circle, and their distance kept as 1.")
