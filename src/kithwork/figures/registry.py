"""The list of pictures: a new one is a function and its line here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kithwork.figures.support_map import support_map
from kithwork.model.errors import SelectionError, near


@dataclass(frozen=True)
class Figure:
    """One picture. `needs` is what it is drawn of: one map, one participant, or the whole study."""

    name: str
    title: str
    needs: Literal["map", "participant", "study"]
    draw: Callable[..., str]
    shows_labels: bool = True  # takes `names` and `is_for_page`


FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure("support_map", "One map: circles, alters by kind, alter ties", "map", support_map),
    )
}


def figure_named(name: str) -> Figure:
    """The picture of that name, or SelectionError with a near one."""
    if name not in FIGURES:
        raise SelectionError(f"There is no figure '{name}'; the figures are {', '.join(FIGURES)}.{near(name, FIGURES)}")
    return FIGURES[name]
