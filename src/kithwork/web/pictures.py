"""Pictures of `figures` put into a page: their SVG is our own and safe, so it is not escaped again."""

from typing import Any

from markupsafe import Markup

from kithwork.figures import figure_named
from kithwork.figures.render import pdf_of, png_of

PICTURE_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".pdf": "application/pdf"}


def picture(name: str, *arguments: Any, names: bool = False, **more: Any) -> Markup:
    """A figure as inline SVG, with row ids to light up by; names or pseudonyms where it shows any, and what else it takes."""
    figure = figure_named(name)
    options: dict[str, Any] = {"names": names, "is_for_page": True} if figure.shows_labels else {}
    return drawn(figure.draw(*arguments, **options, **more))


def picture_bytes(svg: str, ending: str) -> bytes:
    """The picture as a file of one of `PICTURE_TYPES`."""
    return png_of(svg) if ending == ".png" else pdf_of(svg) if ending == ".pdf" else svg.encode()


def drawn(svg: str) -> Markup:
    """A picture that was drawn already."""
    return Markup(svg)  # noqa: S704 - figures escape every text they are given
