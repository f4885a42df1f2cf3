"""Reading tables: rows that meet conditions, or whole columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa

from kithwork.model.errors import SelectionError, near
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES, Column
from kithwork.model.tables import column_type
from kithwork.store.sql import SQL, loaded

_AT_ONCE = 4096  # rows fetched together
_APART = "\x1f"  # in no id, number or word of ours
_PACKED = frozenset(("id", "reference", "integer", "boolean", "choice"))  # kinds that never hold words somebody typed


def table_of(name: str) -> sa.Table:
    """The table of that name; `SelectionError` where there is none."""
    if name not in SQL:
        raise SelectionError(f"There is no table '{name}' in a study.{near(name, SQL)}")
    return SQL[name]


def column_of(sql: sa.Table, name: str) -> sa.Column[Any]:
    """The column of that name; `SelectionError` where there is none."""
    if name not in sql.c:
        raise SelectionError(f"Table '{sql.name}' has no column '{name}'.{near(name, sql.c.keys())}")
    return sql.c[name]


def conditions(sql: sa.Table, where: dict[str, Any]) -> list[Any]:
    """Equality for one value, membership for several."""
    found = []
    for name, value in where.items():
        column = column_of(sql, name)
        found.append(column.in_(list(value)) if isinstance(value, (list, tuple, set, frozenset)) else column == value)
    return found


def select_rows(connection: sa.Connection, table: str, where: dict[str, Any]) -> list[Row]:
    """The rows that meet all conditions, in the order they were made."""
    sql = table_of(table)
    return as_rows(connection.execute(sa.select(sql).where(*conditions(sql, where)).order_by(sql.c.id)))


def as_rows(result: sa.CursorResult[Any]) -> list[Row]:
    """Every row of a result by the names of its columns; a mapping of SQLAlchemy's own for each would take three times as long."""
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result.all()]


def frame_of(connection: sa.Connection, name: str, wanted: Sequence[str] = ()) -> pl.DataFrame:
    """A whole table by id, or the columns named in no order."""
    sql = table_of(name)
    columns = [TABLES[name][column_of(sql, column).name] for column in wanted]
    if columns and all(column.kind in _PACKED for column in columns):
        return packed(connection, {column.name: sql.c[column.name] for column in columns}, sql)
    return _fetched(connection, name, columns or TABLES[name].columns, "" if wanted else " ORDER BY id")


def packed(connection: sa.Connection, wanted: Mapping[str, sa.Column[Any]], source: sa.FromClause, *where: Any) -> pl.DataFrame:
    """Columns that hold no words, each as one long text that the database writes and Polars takes apart: no work of Python's a row, a
    quarter of the time.
    """
    columns = [TABLES[sql.table.name][sql.name] for sql in wanted.values()]
    packs = []
    for sql, column in zip(wanted.values(), columns, strict=True):
        value = sa.cast(sql, sa.Integer) if column.kind == "boolean" else sql
        packs.append(sa.func.aggregate_strings(sa.func.coalesce(sa.cast(value, sa.Text), ""), _APART))
    row = connection.execute(sa.select(sa.func.count(), *packs).select_from(source).where(*where)).one()
    series = [_unpacked(column, pack if row[0] else None) for column, pack in zip(columns, row[1:], strict=True)]
    return pl.DataFrame([one.alias(name) for one, name in zip(series, wanted, strict=True)])


def _unpacked(column: Column, pack: str | None) -> pl.Series:
    if pack is None:
        return pl.Series(column.name, [], dtype=column_type(column))
    values = pl.Series(column.name, [pack]).str.split(_APART).explode()
    values = values.set(values == "", None)
    if column.kind == "boolean":
        return values == "1"
    return values.cast(column_type(column))


def _fetched(connection: sa.Connection, name: str, columns: Sequence[Column], order: str) -> pl.DataFrame:
    """The driver's rows, read as they are: SQLAlchemy's own work a row would cost several times the query."""
    names = ", ".join(f'"{column.name}"' for column in columns)
    cursor = connection.exec_driver_sql(f"SELECT {names} FROM {name}{order}").cursor  # noqa: S608 - names of our own schema
    held: list[list[Any]] = [[] for _ in columns]
    while cursor is not None and (rows := cursor.fetchmany(_AT_ONCE)):  # all rows at once would be walked over by the garbage collector
        for values, more in zip(held, zip(*rows, strict=True), strict=True):
            values.extend(more)
    return pl.DataFrame([_series(column, values) for column, values in zip(columns, held, strict=True)])


def _series(column: Column, values: list[Any]) -> pl.Series:
    kind = column_type(column)
    if column.kind in ("choices", "json"):
        values = [None if value is None else loaded(value) for value in values]
    elif column.kind == "boolean":
        values = [None if value is None else bool(value) for value in values]
    return pl.Series(column.name, values, dtype=kind, strict=kind != pl.Object)
