"""What was done to some tables, entry by entry, as the journal holds it."""

from collections.abc import Callable, Iterable

import sqlalchemy as sa

from kithwork.model.rows import Row
from kithwork.store.journal import RowChange, changes_of
from kithwork.store.sql import SQL
from kithwork.store.study import Study


def changes_to(
    study: Study, tables: Iterable[str], *, keep: Callable[[RowChange], bool] | None = None
) -> list[tuple[Row, list[RowChange]]]:
    """Each entry that touched rows of the tables, without its contents, beside what it did to them.

    What was erased is left out, and so are the changes that `keep` does not want; an entry left with none is left out too.
    """
    sql, wanted = SQL["journal"], frozenset(tables)
    found = []
    with study.reading() as connection:
        for row in connection.execute(sa.select(sql).order_by(sql.c.place)):
            head = dict(row._mapping)
            kept = (change for change in changes_of(head.pop("contents") or []) if change.table in wanted)
            changes = [change for change in kept if keep is None or keep(change)]
            if changes:
                found.append((head, changes))
    return found
