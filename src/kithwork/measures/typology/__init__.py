"""Kinds of network: by open rules, by structure, by grouping measures, and by change. Labels open a talk; none is good or bad."""

from kithwork.measures.typology.change import CHANGE_TYPES, change_types
from kithwork.measures.typology.clusters import Clusters, cluster
from kithwork.measures.typology.rules import ALL_KINDS_TYPES, PEOPLE_TYPES, QUESTIONS, Sorting, kinds_of_network
from kithwork.measures.typology.structural import structural_types, subgroups

__all__ = [
    "ALL_KINDS_TYPES",
    "CHANGE_TYPES",
    "PEOPLE_TYPES",
    "QUESTIONS",
    "Clusters",
    "Sorting",
    "change_types",
    "cluster",
    "kinds_of_network",
    "structural_types",
    "subgroups",
]
