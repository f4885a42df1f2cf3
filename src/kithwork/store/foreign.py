"""Another program's SQLite file, read without trusting it: in memory, for reading only, a few named tables, within limits."""

import sqlite3
import time
from collections.abc import Mapping
from typing import Any

from kithwork.model.errors import FormatError

LARGEST = 192 * 2**20
LONGEST_VALUE = 32 * 2**20
MOST_ROWS = 1_500_000
MOST_SECONDS = 60
_HEADER = b"SQLite format 3\x00"
_READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
_STEPS = 100_000


def read_sqlite(data: bytes, name: str, tables: Mapping[str, tuple[str, ...]]) -> dict[str, list[dict[str, Any]]]:
    """Rows of the tables named, with those of the columns asked for that are there; a table that is absent is an empty list.

    Nothing is written and nothing in the file is run: a file with a trigger, a virtual table, or a view where a table is looked for
    is refused; views beside the tables (QualCoder 4 makes four) are never looked at. Text that is not UTF-8 is read as Windows wrote it.
    Raises `FormatError` for a file that is no whole SQLite database, or beyond the limits.
    """
    if not data.startswith(_HEADER) or len(data) < 512:
        raise FormatError(f"'{name}' is not an SQLite database; export the project again.")
    if len(data) > LARGEST:
        raise FormatError(f"'{name}' is larger than {LARGEST // 2**20} MB; import it in parts.")
    connection = sqlite3.connect(":memory:")
    try:
        return _read(connection, data, name, tables)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError, MemoryError):
        raise FormatError(f"'{name}' is damaged; close the project in the program it belongs to and export it again.") from None
    finally:
        connection.close()


def _read(connection: sqlite3.Connection, data: bytes, name: str, tables: Mapping[str, tuple[str, ...]]) -> dict[str, list[dict[str, Any]]]:
    # a database left in write-ahead mode is opened as one that is not: bytes 18 and 19 say which
    connection.deserialize(data[:18] + b"\x01\x01" + data[20:])
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    ends = time.monotonic() + MOST_SECONDS
    connection.set_progress_handler(lambda: int(time.monotonic() > ends), _STEPS)
    for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON", "mmap_size=0"):
        connection.execute(f"PRAGMA {pragma}")
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise FormatError(f"'{name}' is damaged; close the project in the program it belongs to and export it again.")
    connection.text_factory = _text
    schema = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    asked = {table.lower() for table in tables}
    if any(_may_run(kind, known, sql, asked) for kind, known, sql in schema):
        raise FormatError(f"'{name}' holds triggers, or views in place of tables, which no project of this kind has, and is not opened.")
    there = {table for kind, table, _ in schema if kind == "table"}
    columns = {table: [row[1] for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")] for table in tables if table in there}
    connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY)
    found: dict[str, list[dict[str, Any]]] = {}
    left = MOST_ROWS
    for table, wanted in tables.items():
        known = [column for column in wanted if column in columns.get(table, ())]
        found[table] = []
        if known:
            listed = ", ".join(map(_quoted, known))
            rows = connection.execute(f"SELECT {listed} FROM {_quoted(table)} LIMIT {left + 1}")  # noqa: S608 - names are ours, quoted
            found[table] = [dict(zip(known, row, strict=True)) for row in rows]
        left -= len(found[table])
        if left < 0:
            raise FormatError(f"'{name}' has more than {MOST_ROWS:,} rows; import it in parts.")
    return found


def _may_run(kind: str, name: str, sql: str | None, asked: set[str]) -> bool:
    return kind == "trigger" or (kind == "view" and name.lower() in asked) or (kind == "table" and "virtual" in (sql or "")[:40].lower())


def _text(value: bytes) -> str:
    """UTF-8; as Windows wrote it where more of it is broken as UTF-8 than is whole."""
    text = value.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken and 2 * broken > sum(not character.isascii() for character in text):
        return value.decode("cp1252", "replace")
    return text


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
