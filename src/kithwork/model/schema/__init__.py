"""Every table and column of a study, declared once.

SQL, frames, forms, the data dictionary and export headers are derived from `TABLES`. What Kithwork understands is a
column here; what one study invented is a row in `questions`. Every table has an `id` (UUIDv7) that is not repeated below.

Missing has three faces and none is zero: not asked at this wave (`asked` has no row), asked and not answered (the value
is empty), and answered "none" (a value that says so).
"""

import graphlib
from dataclasses import replace

from kithwork.model.schema.choices import CONDITIONS, DIRECTIONS, FAMILIES, FATES, KINDS, MAP_STATES, MISSED, REASONS, SUFFICIENCY
from kithwork.model.schema.columns import Column, ColumnKind, Domain, Table
from kithwork.model.schema.design import DESIGN
from kithwork.model.schema.house import HOUSE
from kithwork.model.schema.maps import MAPS
from kithwork.model.schema.people import PEOPLE
from kithwork.model.schema.practice import PRACTICE
from kithwork.model.schema.talk import TALK

__all__ = [
    "CONDITIONS",
    "DIRECTIONS",
    "FAMILIES",
    "FATES",
    "KINDS",
    "LIVE",
    "MAP_STATES",
    "MISSED",
    "REASONS",
    "REFERRED_FIRST",
    "SUFFICIENCY",
    "TABLES",
    "Column",
    "ColumnKind",
    "Domain",
    "Table",
]

_ID = Column("id", "id", "Row id (UUIDv7).", is_required=True)

TABLES: dict[str, Table] = {
    table.name: replace(table, columns=(_ID, *table.columns)) for table in (*DESIGN, *PEOPLE, *MAPS, *TALK, *PRACTICE, *HOUSE)
}
LIVE: tuple[str, ...] = tuple(name for name, table in TABLES.items() if table.domain != "house")
"""Tables that actions change and the journal replays to."""
REFERRED_FIRST: tuple[str, ...] = tuple(
    graphlib.TopologicalSorter({name: sorted({c.table for c in TABLES[name].columns if c.table} - {name}) for name in LIVE}).static_order()
)
"""The same in an order in which rows can be added: each table after those it points to."""
