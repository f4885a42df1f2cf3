"""Keeps a study, in SQLite or PostgreSQL. The only room with SQL."""

from kithwork.store.backup import back_up
from kithwork.store.change import Change, Entry
from kithwork.store.overlaps import mentions_over
from kithwork.store.study import Study, create_study, open_study
from kithwork.store.talk_index import Hit, Hits
from kithwork.store.verify import Findings

__all__ = ["Change", "Entry", "Findings", "Hit", "Hits", "Study", "back_up", "create_study", "mentions_over", "open_study"]
