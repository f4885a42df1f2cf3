"""TALK AND TIES TOGETHER: what is said of whom, at which wave, and what became of the tie. Frames in, frames out."""

from kithwork.joint.answer import Answer, answer
from kithwork.joint.dimensions import DIMENSIONS, dimensions_of, labels_of
from kithwork.joint.invented import ANSWERS
from kithwork.joint.question import Question, ready_made
from kithwork.joint.said import COLUMNS, Said
from kithwork.joint.shape import Shape

__all__ = ["ANSWERS", "COLUMNS", "DIMENSIONS", "Answer", "Question", "Said", "Shape", "answer", "dimensions_of", "labels_of", "ready_made"]
