"""The list of pictures: a new one is a function and its line here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kithwork.figures.attrition_flow import attrition_flow
from kithwork.figures.circle_flow import circle_flow
from kithwork.figures.codes_together import codes_together
from kithwork.figures.forest_plot import forest_plot
from kithwork.figures.kinds_flow import all_kinds_flow, kinds_flow
from kithwork.figures.maps_side_by_side import maps_side_by_side
from kithwork.figures.measure_against import measure_against
from kithwork.figures.measure_by_category import measure_by_category
from kithwork.figures.measure_by_wave import measure_by_wave
from kithwork.figures.measure_change import measure_change
from kithwork.figures.presence_timeline import presence_timeline
from kithwork.figures.support_map import support_map
from kithwork.figures.themes_by_wave import themes_by_wave
from kithwork.figures.wave_summary import kinds_by_wave, size_by_wave
from kithwork.model.errors import SelectionError, near


@dataclass(frozen=True)
class Figure:
    """One picture. `needs` is what it is drawn of: one map, one participant, the whole study, or
    measures: then it takes the names of `measures` of them, and their scope."""

    name: str
    title: str
    needs: Literal["map", "participant", "study", "measures"]
    draw: Callable[..., str]
    shows_labels: bool = True  # shows what alters are called, so it takes `names` and `is_for_page`
    measures: int = 0


FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure("support_map", "One map: circles, alters by kind, alter ties", "map", support_map),
        Figure("maps_side_by_side", "All maps of one person on one scale", "participant", maps_side_by_side),
        Figure("circle_flow", "How ties move between circles from wave to wave", "participant", circle_flow, shows_labels=False),
        Figure("presence_timeline", "Each tie through the waves, with its events", "participant", presence_timeline),
        Figure("attrition_flow", "Who took part when, and why an interview was missed", "study", attrition_flow, shows_labels=False),
        Figure("size_by_wave", "Ties on each map, by wave", "study", size_by_wave, shows_labels=False),
        Figure("kinds_by_wave", "Kinds of tie, by wave", "study", kinds_by_wave, shows_labels=False),
        Figure("themes_by_wave", "Themes and codes, and the texts of each wave in which they come up", "study", themes_by_wave, False),
        Figure("kinds_flow", "Kinds of network by people and groups, from wave to wave", "study", kinds_flow, shows_labels=False),
        Figure("all_kinds_flow", "Kinds of network by all kinds of tie, from wave to wave", "study", all_kinds_flow, shows_labels=False),
        Figure("codes_together", "Codes that stand together, and on how many passages", "study", codes_together, shows_labels=False),
        Figure("forest_plot", "What goes with a tie being named again, with intervals", "study", forest_plot, shows_labels=False),
        Figure("measure_by_wave", "A measure at each wave: every map, median and quartiles", "measures", measure_by_wave, False, 1),
        Figure("measure_change", "A measure's change: one line a participant", "measures", measure_change, False, 1),
        Figure("measure_against", "A measure against a measure, at each wave", "measures", measure_against, False, 2),
        Figure("measure_by_category", "A measure by kind, circle or other category", "measures", measure_by_category, False, 1),
    )
}


def figure_named(name: str) -> Figure:
    """The picture of that name, or SelectionError with a near one."""
    if name not in FIGURES:
        raise SelectionError(f"There is no figure '{name}'; the figures are {', '.join(FIGURES)}.{near(name, FIGURES)}")
    return FIGURES[name]
