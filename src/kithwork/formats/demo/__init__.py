"""The demo study: made up from a seed, of the source paper's design, in our own words."""

from kithwork.formats.demo.study import demo_tables

__all__ = ["demo_tables"]
