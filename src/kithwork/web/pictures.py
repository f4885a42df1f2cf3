"""Pictures of `figures` put into a page: their SVG is our own and safe, so it is not escaped again."""

from typing import Any

from markupsafe import Markup

from kithwork.figures import figure_named


def picture(name: str, *arguments: Any, names: bool = False, **more: Any) -> Markup:
    """A figure as inline SVG, with row ids to light up by; names or pseudonyms where it shows any, and what else it takes."""
    figure = figure_named(name)
    options: dict[str, Any] = {"names": names, "is_for_page": True} if figure.shows_labels else {}
    return drawn(figure.draw(*arguments, **options, **more))


def drawn(svg: str) -> Markup:
    """A picture that was drawn already."""
    return Markup(svg)  # noqa: S704 - figures escape every text they are given
