"""One action under way: rows inserted, updated and deleted in one transaction, and the journal entry that tells of it."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from kithwork.model.errors import ConflictError, SelectionError
from kithwork.model.ids import new_id
from kithwork.model.rows import Row, clean_row, now
from kithwork.model.schema import LIVE, TABLES
from kithwork.store.journal import RowChange, entry_hash, seal
from kithwork.store.sql import SQL

BATCH = 500  # ids in one statement


@dataclass(frozen=True)
class Entry:
    """One committed action. `changed` holds each row touched as it is now, or None where it is gone."""

    id: str
    at: str
    verb: str
    changed: dict[str, dict[str, Row | None]] = field(default_factory=dict)
    is_repeat: bool = False


class Change:
    """What an action does. Rows go in clean or not at all; each step is remembered for the journal."""

    entry: Entry
    is_repeat: bool = False
    participant: str | None = None  # whom the action turned out to concern, where its arguments could not say

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.changes: list[RowChange] = []

    # -- reading inside the action -------------------------------------------------------------------------------------

    def rows(self, table: str, **where: Any) -> list[Row]:
        """Rows by equality, as this action has left them so far."""
        sql = _live(table)
        query = sa.select(sql).where(*(sql.c[name] == value for name, value in where.items())).order_by(sql.c.id)
        return [dict(row._mapping) for row in self._connection.execute(query)]

    def row(self, table: str, row_id: str) -> Row:
        """One row; `SelectionError` when it is not there."""
        found = self.rows(table, id=row_id)
        if not found:
            raise SelectionError(f"This row of '{table}' is not there any more; reload the page.")
        return found[0]

    def last(self, table: str, by: str, **where: Any) -> Row | None:
        """The row whose `by` is highest, by equality; None where there is none."""
        sql = _live(table)
        query = sa.select(sql).where(*(sql.c[name] == value for name, value in where.items())).order_by(sql.c[by].desc()).limit(1)
        found = self._connection.execute(query).mappings().first()
        return dict(found) if found else None

    # -- writing --------------------------------------------------------------------------------------------------------

    def insert(self, table: str, row: Row) -> Row:
        """Add a row; an `id` is made when none is given."""
        return self.insert_all(table, [row])[0]

    def insert_all(self, table: str, rows: Iterable[Row]) -> list[Row]:
        """Add many rows at once."""
        sql = _live(table)
        whole: list[Row] = [clean_row(table, {**row, "id": row.get("id") or new_id()}) for row in rows]
        names = sql.c.keys()
        whole = [{name: row.get(name) for name in names} for row in whole]
        if whole:
            self._connection.execute(sa.insert(sql), whole)
        for row in whole:
            self.changes.append(RowChange(table, row["id"], None, {k: v for k, v in row.items() if v is not None and k != "id"}))
        return whole

    def update(self, table: str, row_id: str, values: Row) -> Row:
        """Change columns of a row that is there; columns already so are not journalled."""
        sql = _live(table)
        old = self.row(table, row_id)
        after = _after(table, old, values)
        if not after:
            return old
        self._connection.execute(sa.update(sql).where(sql.c.id == row_id).values(after))
        self.changes.append(RowChange(table, row_id, {name: old[name] for name in after}, after))
        return {**old, **after}

    def update_all(self, table: str, values: Mapping[str, Row]) -> None:
        """Change columns of many rows, by their ids; as `update`, without a question to the database for each."""
        sql, found = _live(table), self._by_id(table, list(values))
        changed: list[RowChange] = []
        for row_id, given in values.items():
            if row_id not in found:
                raise SelectionError(f"This row of '{table}' is not there any more; reload the page.")
            if after := _after(table, found[row_id], given):
                changed.append(RowChange(table, row_id, {name: found[row_id][name] for name in after}, after))
        names = dict.fromkeys(name for one in changed for name in one.after or ())
        if changed:  # one statement for all of them, in their order: what is unique may change hands
            query = sa.update(sql).where(sql.c.id == sa.bindparam("of_id")).values({name: sa.bindparam(f"to_{name}") for name in names})
            rows = [{**found[one.row_id], **(one.after or {})} for one in changed]
            self._connection.execute(query, [{"of_id": row["id"], **{f"to_{name}": row[name] for name in names}} for row in rows])
        self.changes += changed

    def _by_id(self, table: str, ids: list[str]) -> dict[str, Row]:
        sql = _live(table)
        found: dict[str, Row] = {}
        for first in range(0, len(ids), BATCH):
            query = sa.select(sql).where(sql.c.id.in_(ids[first : first + BATCH]))
            found |= {row["id"]: dict(row) for row in self._connection.execute(query).mappings()}
        return found

    def delete(self, table: str, row_id: str) -> None:
        """Take a row away; rows that point to it must go in the same action."""
        sql = _live(table)
        old = self.row(table, row_id)
        self._connection.execute(sa.delete(sql).where(sql.c.id == row_id))
        self.changes.append(RowChange(table, row_id, {k: v for k, v in old.items() if v is not None and k != "id"}, None))

    def take_back(self, inverses: Iterable[RowChange]) -> None:
        """Carry out inverse changes, each only if its row is still as the action left it."""
        for (table, is_return, is_removal), group in itertools.groupby(
            inverses, key=lambda c: (c.table, c.before is None, c.after is None)
        ):
            steps = list(group)
            if is_return:
                self.insert_all(table, [{**(step.after or {}), "id": step.row_id} for step in steps])
            elif is_removal:
                self._remove_unchanged(table, steps)
            else:
                self._change_unchanged(table, steps)

    def _change_unchanged(self, table: str, steps: list[RowChange]) -> None:
        rounds: list[dict[str, RowChange]] = [{}]  # a row that was changed twice is taken back twice, one after the other
        for step in steps:
            if step.row_id in rounds[-1]:
                rounds.append({})
            rounds[-1][step.row_id] = step
        for some in rounds:
            found = self._by_id(table, list(some))
            for row_id, step in some.items():
                self._check_unchanged(step, [found[row_id]] if row_id in found else [])
            self.update_all(table, {row_id: step.after or {} for row_id, step in some.items()})

    def _remove_unchanged(self, table: str, steps: list[RowChange]) -> None:
        sql = _live(table)
        for some in (steps[first : first + BATCH] for first in range(0, len(steps), BATCH)):
            ids = [step.row_id for step in some]
            found = {row["id"]: row for row in map(dict, self._connection.execute(sa.select(sql).where(sql.c.id.in_(ids))).mappings())}
            for step in some:
                self._check_unchanged(step, [found[step.row_id]] if step.row_id in found else [], is_whole=True)
            self._connection.execute(sa.delete(sql).where(sql.c.id.in_(ids)))
            self.changes.extend(some)

    def _check_unchanged(self, step: RowChange, found: list[Row], *, is_whole: bool = False) -> None:
        before = step.before or {}
        changed = not found or any(found[0][name] != value for name, value in before.items())
        if changed or (is_whole and any(value is not None and name not in before and name != "id" for name, value in found[0].items())):
            raise ConflictError("This was changed again since; undo the later change first.")

    def touched(self) -> dict[str, dict[str, Row | None]]:
        """Each row touched as the action left it, None where it is gone."""
        touched: dict[str, dict[str, Row | None]] = {}
        for step in self.changes:
            rows = touched.setdefault(step.table, {})
            row = rows.get(step.row_id)
            if step.after is None:
                rows[step.row_id] = None
            elif step.before is None:
                rows[step.row_id] = {**dict.fromkeys(SQL[step.table].c.keys()), **step.after, "id": step.row_id}
            else:
                rows[step.row_id] = {**(row or {"id": step.row_id}), **step.after}
        return touched


def write_entry(connection: sa.Connection, device: str, header: Row, changes: list[RowChange]) -> Row:
    """Chain one entry onto this device's journal and return its header."""
    sql = SQL["journal"]
    last = connection.execute(
        sa.select(sql.c.sequence, sql.c.hash).where(sql.c.device == device).order_by(sql.c.sequence.desc()).limit(1)
    ).first()
    place = connection.execute(sa.select(sa.func.coalesce(sa.func.max(sql.c.place), 0))).scalar_one() + 1
    head = {**header, "id": new_id(), "device": device, "sequence": (last.sequence if last else 0) + 1, "at": now()}
    contents = [seal(change) for change in changes]
    previous = last.hash if last else None
    digest = entry_hash(previous, head, contents)
    connection.execute(sa.insert(sql), {**head, "previous": previous, "hash": digest, "place": place, "contents": contents})
    return head


def _after(table: str, old: Row, values: Row) -> Row:
    """The columns that change, tidy; what is kept already was looked at when it came in."""
    clean = clean_row(table, values, is_whole=False)
    after = {name: value for name, value in clean.items() if old[name] != value and name != "id"}
    if after and TABLES[table].exactly_one:
        clean_row(table, {**old, **after})
    return after


def _live(table: str) -> sa.Table:
    if table not in LIVE:
        raise SelectionError(f"Table '{table}' cannot be changed by an action.")
    return SQL[table]
