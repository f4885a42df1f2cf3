"""The study as columns for measuring: dense rows, chosen maps, paired waves."""

from kithwork.cohort.build import COLUMNS, cohort_of
from kithwork.cohort.columns import Cohort, Policy
from kithwork.cohort.pairs import PairedWaves, presence_patterns

__all__ = ["COLUMNS", "Cohort", "PairedWaves", "Policy", "cohort_of", "presence_patterns"]
