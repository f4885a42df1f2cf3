"""Tables compared without their ids: each row with what it points to written out."""

from typing import Any

from kithwork.model.schema import TABLES
from kithwork.model.tables import StudyTables


def written_out(tables: StudyTables, leave: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Rows by table, references replaced by the row pointed to; columns in `leave` (as `table.column`) left out."""
    rows = {name: {row["id"]: row for row in tables.rows(name)} for name in tables.frames}
    known: dict[tuple[str, str], Any] = {}

    def of(name: str, row_id: str) -> Any:
        if (name, row_id) not in known:
            row = rows[name][row_id]
            columns = [c for c in TABLES[name].columns if c.name in row and c.name != "id" and f"{name}.{c.name}" not in leave]
            known[name, row_id] = [(c.name, of(c.table, row[c.name]) if c.table else row[c.name]) for c in columns]
        return known[name, row_id]

    return {name: sorted(str(of(name, row_id)) for row_id in group) for name, group in rows.items() if group}
