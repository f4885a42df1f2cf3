"""Kinds of network: by open rules, by structure, by grouping measures, and by change. Labels open a talk; none is good or bad."""

from kithwork.measures.typology.change import CHANGE_TYPES, change_types
from kithwork.measures.typology.clusters import Clusters, cluster, measured_types
from kithwork.measures.typology.moves import move_counts, type_moves
from kithwork.measures.typology.rules import ALL_KINDS_TYPES, PEOPLE_TYPES, QUESTIONS, REASON_OF, STEMS, Sorting, kinds_of_network
from kithwork.measures.typology.structural import structural_types, subgroups

__all__ = [
    "ALL_KINDS_TYPES",
    "CHANGE_TYPES",
    "PEOPLE_TYPES",
    "QUESTIONS",
    "REASON_OF",
    "STEMS",
    "Clusters",
    "Sorting",
    "change_types",
    "cluster",
    "kinds_of_network",
    "measured_types",
    "move_counts",
    "structural_types",
    "subgroups",
    "type_moves",
]
