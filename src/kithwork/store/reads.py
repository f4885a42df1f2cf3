"""Reading tables: rows that meet conditions, or whole columns."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa

from kithwork.model.errors import SelectionError, near
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES, Column
from kithwork.model.tables import column_type
from kithwork.store.sql import SQL, loaded

_AT_ONCE = 4096  # rows fetched together


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
    result = connection.execute(sa.select(sql).where(*conditions(sql, where)).order_by(sql.c.id))
    return [dict(row._mapping) for row in result]


def frame_of(connection: sa.Connection, name: str, wanted: Sequence[str] = ()) -> pl.DataFrame:
    """A whole table, or the columns named. The driver's rows are read as they are: SQLAlchemy's own work a row would cost several
    times the query."""
    columns = [TABLES[name][column_of(table_of(name), column).name] for column in wanted] or TABLES[table_of(name).name].columns
    names, order = ", ".join(f'"{column.name}"' for column in columns), "" if wanted else " ORDER BY id"
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
