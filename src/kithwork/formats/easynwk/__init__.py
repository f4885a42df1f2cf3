"""easyNWK's maps, read and written."""

from kithwork.formats.easynwk.reader import read, recognises
from kithwork.formats.easynwk.writer import write

__all__ = ["read", "recognises", "write"]
