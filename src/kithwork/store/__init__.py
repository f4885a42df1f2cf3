"""Keeps a study, in SQLite or PostgreSQL. The only room with SQL."""

from kithwork.store.backup import back_up
from kithwork.store.change import Change, Entry
from kithwork.store.coded import codings_in_place
from kithwork.store.journal import RowChange
from kithwork.store.overlaps import mentions_over
from kithwork.store.past import changes_to
from kithwork.store.study import Study, create_study, open_study
from kithwork.store.talk_index import Hit, Hits
from kithwork.store.verify import Findings

__all__ = [
    "Change",
    "Entry",
    "Findings",
    "Hit",
    "Hits",
    "RowChange",
    "Study",
    "back_up",
    "changes_to",
    "codings_in_place",
    "create_study",
    "mentions_over",
    "open_study",
]
