"""egor's files, read and written: three, two, one, or one an ego; wide or long, of one wave or several."""

from kithwork.formats.egor.reader import read, read_tables, recognises
from kithwork.formats.egor.writer import write

__all__ = ["read", "read_tables", "recognises", "write"]
