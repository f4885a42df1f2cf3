"""Network Canvas: its exports, read and written, and its protocols, also as templates."""

from kithwork.formats.networkcanvas.reader import read, recognises
from kithwork.formats.networkcanvas.writer import write

__all__ = ["read", "recognises", "write"]
