"""Writing SVG: escaped text, presentation attributes only, widths of text in the house typeface."""

import re
import unicodedata
from collections.abc import Sequence
from html import escape
from math import cos, radians, sin

TYPEFACE = "'Atkinson Hyperlegible Next', 'DejaVu Sans', sans-serif"
INK = "#1f2933"
QUIET = "#52606d"  # second voice; 6:1 on white
LINE = "#9aa5b1"
FAINT = "#e4e7eb"
PAPER = "#ffffff"
WASH = "#f5f7fa"

# Advance widths of characters 32 to 126 of Atkinson Hyperlegible Next Regular, in hundredths of an em.
_WIDTHS = tuple(
    bytes.fromhex(
        "1c1d1e413b5c49101e1e303d152415274129373a3d3b3c33"
        "3e3c1515373f37304e3f3d40433937454527333f36524547"
        "3b483d3b38453b563e3a3d20272237251834393038361f38"
        "371918311a5437373939232f21362e44302d2e22182238"
    )
)
# Characters XML may not hold, and marks that turn the direction of the text after them.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def tidy(text: str) -> str:
    """Text on one line, without control characters or marks that would turn the words around it."""
    return " ".join(_UNFIT.sub(" ", text).split())


def text_width(text: str, size: float) -> float:
    """Width of text in the house typeface; close for Latin letters, an estimate for others."""
    return sum(map(_width, text)) * size / 100


def _width(character: str) -> int:
    return _WIDTHS[ord(character) - 32] if 32 <= ord(character) < 127 else _other_width(character)


def _other_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 105 if unicodedata.east_asian_width(character) in "WF" or ord(character) > 0xFFFF else 58


def cut(text: str, size: float, width: float) -> str:
    """The text, shortened with … so that it fits the width."""
    text = tidy(text)
    if text_width(text, size) <= width:
        return text
    room, kept = (width - text_width("…", size)) * 100 / size, 0
    for character in text:  # one walk, however long the text is
        room -= _width(character)
        if room < 0:
            break
        kept += 1
    return text[:kept].rstrip(" \u200d") + "…"


def wrapped(text: str, size: float, width: float, lines: int = 99) -> list[str]:
    """The text broken between words into lines that fit; what does not fit in the last is cut."""
    found: list[str] = []
    all_words = tidy(text).split()
    for place, word in enumerate(all_words):
        if found and text_width(f"{found[-1]} {word}", size) <= width:
            found[-1] += f" {word}"
        elif len(found) < lines:
            found.append(word)
        else:
            found[-1] = " ".join([found[-1], *all_words[place:]])
            break
    return [cut(line, size, width) for line in found]


def number(value: float) -> str:
    """A coordinate with at most two decimals."""
    return f"{round(value, 2) + 0.0:g}"


def element(name: str, *children: str, **attributes: object) -> str:
    """One element; children are SVG already, attribute names have _ for -, empty attributes are left out."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"' for key, value in attributes.items() if value is not None)
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def _value(value: object) -> str:
    return number(value) if isinstance(value, (int, float)) else escape(_UNFIT.sub(" ", str(value)))


def words(
    text: str, x: float, y: float, size: float = 13, *, fill: str = INK, anchor: str | None = None, bold: bool = False, halo: bool = False
) -> str:
    """One line of text with its baseline at y."""
    return element(
        "text",
        escape(tidy(text), quote=False),
        x=x,
        y=y,
        font_size=size,
        fill=fill,
        text_anchor=anchor,
        font_weight=600 if bold else None,
        stroke=PAPER if halo else None,
        stroke_width=3 if halo else None,
        stroke_linejoin="round" if halo else None,
        paint_order="stroke" if halo else None,
    )


def title(text: str) -> str:
    """What a pointer resting on the element is told."""
    return element("title", escape(tidy(text), quote=False))


def group(*children: str, **attributes: object) -> str:
    """A group of elements."""
    return element("g", *children, **attributes)


def polar(x: float, y: float, radius: float, angle: float) -> tuple[float, float]:
    """The point at an angle in degrees clockwise from twelve o'clock."""
    return x + radius * sin(radians(angle)), y - radius * cos(radians(angle))


def picture(width: float, height: float, name: str, description: str, body: Sequence[str]) -> str:
    """A standalone SVG on white paper."""
    return element(
        "svg",
        title(name),
        element("desc", escape(tidy(description), quote=False)),
        element("rect", width=width, height=height, fill=PAPER),
        *body,
        xmlns="http://www.w3.org/2000/svg",
        width=width,
        height=height,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        font_family=TYPEFACE,
        fill=INK,
    )
