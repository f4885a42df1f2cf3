"""The schema as SQL tables, the same for SQLite and PostgreSQL."""

import json
import zlib
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from kithwork.model.errors import StudyError
from kithwork.model.schema import TABLES, Column, Table


def loaded(text: str | bytes) -> Any:
    """JSON read back; `StudyError` when it is damaged."""
    try:
        return json.loads(text)
    except ValueError:
        raise _unreadable() from None


def unpacked(packed: bytes | None) -> bytes | None:
    """JSON as it was before it was compressed; `StudyError` when it is damaged."""
    try:
        return None if packed is None else zlib.decompress(packed)
    except zlib.error:
        raise _unreadable() from None


def _unreadable() -> StudyError:
    return StudyError("The study is damaged: a stored value cannot be read; run 'kith verify' on it and go back to a backup.")


class JsonText(TypeDecorator[Any]):
    """A list or dict kept as JSON text, so that both databases hold the same characters."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else loaded(value)


class PackedJson(TypeDecorator[Any]):
    """JSON kept compressed; an import's journal entry may hold a hundred thousand rows."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 1)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        text = unpacked(value)
        return None if text is None else loaded(text)


_TYPES: dict[str, Any] = {
    "id": sa.String(36),
    "reference": sa.String(36),
    "integer": sa.BigInteger,
    "number": sa.Double,
    "boolean": sa.Boolean,
    "choices": JsonText,
    "json": JsonText,
    "packed": PackedJson,
}


def _sql_column(column: Column) -> sa.Column[Any]:
    foreign = []
    if column.table:
        # Checked at commit, so that an undo may put rows back in any order.
        foreign = [sa.ForeignKey(f"{column.table}.id", deferrable=True, initially="DEFERRED")]
    return sa.Column(
        column.name,
        _TYPES.get(column.kind, sa.Text),
        *foreign,
        primary_key=column.kind == "id",
        nullable=not column.is_required,
        index=column.kind == "reference",
    )


def _sql_table(table: Table, metadata: sa.MetaData) -> sa.Table:
    uniques = [sa.UniqueConstraint(*group) for group in table.unique]
    extra = [sa.Index(None, "map"), sa.Index(None, "participant")] if table.name == "journal" else []
    return sa.Table(table.name, metadata, *(_sql_column(c) for c in table.columns), *uniques, *extra)


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = sa.MetaData(naming_convention=NAMES)
SQL: dict[str, sa.Table] = {name: _sql_table(table, METADATA) for name, table in TABLES.items()}
