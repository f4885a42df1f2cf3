"""One function, one column over all maps. `MEASURES` is the whole list."""

from kithwork.measures import (
    arcs,
    centrality,
    change,
    cohesion,
    composition,
    diversity,
    homophily,
    likeness,
    quality,
    reliance,
    shape,
    strength,
    strength_by_sort,
    structure,
    support,
    turnover,
)
from kithwork.measures.document import measures_page
from kithwork.measures.reasons import REASONS
from kithwork.measures.registry import MEASURES, Measure
from kithwork.measures.run import Measures, change_measures, map_measures, measure_change, measure_maps

__all__ = [
    "MEASURES",
    "REASONS",
    "Measure",
    "Measures",
    "arcs",
    "centrality",
    "change",
    "change_measures",
    "cohesion",
    "composition",
    "diversity",
    "homophily",
    "likeness",
    "map_measures",
    "measure_change",
    "measure_maps",
    "measures_page",
    "quality",
    "reliance",
    "shape",
    "strength",
    "strength_by_sort",
    "structure",
    "support",
    "turnover",
]
