"""REFI-QDA 1.5, the exchange format of the field's coding programs: `.qdpx` both ways."""

from kithwork.formats.refi.reader import read, recognises
from kithwork.formats.refi.writer import write

__all__ = ["read", "recognises", "write"]
