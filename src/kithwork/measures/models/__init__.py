"""Tie-level questions in two lines: what predicts that a tie is kept, moves inward, is trusted or gives support.

from kithwork.measures.models import tie_model
tie_model(tables, outcome="kept", by=["kind", "circle"]).sentences()
"""

from kithwork.measures.models.rows import OUTCOMES, TieRows, predictors, tie_rows
from kithwork.measures.models.telling import TieModel
from kithwork.measures.models.tie_model import model_of, tie_model

__all__ = ["OUTCOMES", "TieModel", "TieRows", "model_of", "predictors", "tie_model", "tie_rows"]
