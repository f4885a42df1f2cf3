"""One function, one picture: the same for page, report, command and notebook.

Every picture is a standalone SVG with a title and a description, drawn with presentation attributes only, so that it
may stand in a page under a strict content-security policy. `FIGURES` is the list of pictures.
"""

from kithwork.figures.registry import FIGURES, Figure, figure_named
from kithwork.figures.view import View

__all__ = ["FIGURES", "Figure", "View", "figure_named"]
