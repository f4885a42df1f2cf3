"""EgoWeb's files, read, with the design in its `.study` files."""

from kithwork.formats.egoweb.reader import read, recognises

__all__ = ["read", "recognises"]
