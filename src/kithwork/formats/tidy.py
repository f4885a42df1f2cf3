"""The tidy set, written: one file a research table as CSV or Parquet, and `data-dictionary.csv` that explains every column.

Row ids are fresh random ones in each export, since ours tell when a row was made; identities and the journal never leave.
"""

import io
import json
import uuid
from typing import Any

import polars as pl

from kithwork.formats.reading import Writing
from kithwork.formats.sheets import write_sheet
from kithwork.formats.signed_off import may_leave, silenced
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES, Column
from kithwork.model.tables import StudyTables, column_type

_RESEARCH = [table for table in TABLES.values() if table.domain == "research"]


def write_csv(tables: StudyTables, *, with_personal_text: bool = False, include_unsigned: bool = False) -> Writing:
    """The tidy set as CSV; lists are joined by `;`, other nested values are JSON."""
    return _write(tables, with_personal_text, include_unsigned, ".csv")


def write_parquet(tables: StudyTables, *, with_personal_text: bool = False, include_unsigned: bool = False) -> Writing:
    """The tidy set as Parquet, typed; nested values are JSON text."""
    return _write(tables, with_personal_text, include_unsigned, ".parquet")


def tidy_tables(
    tables: StudyTables, with_personal_text: bool, include_unsigned: bool
) -> tuple[dict[str, tuple[list[str], list[list[Any]]]], list[str]]:
    """Every research table and the data dictionary as column names and rows, and what they leave out."""
    found, losses = _rows(tables, with_personal_text, include_unsigned, ".csv")
    plain = {
        name: ([column.name for column in columns], [[row[column.name] for column in columns] for row in rows])
        for name, (columns, rows) in found.items()
    }
    return plain | {"data-dictionary": _dictionary(with_personal_text)}, losses


def _write(tables: StudyTables, with_personal_text: bool, include_unsigned: bool, ending: str) -> Writing:
    found, losses = _rows(tables, with_personal_text, include_unsigned, ending)
    written = _csv if ending == ".csv" else _parquet
    files = {name + ending: written(columns, rows) for name, (columns, rows) in found.items()}
    files["data-dictionary.csv"] = write_sheet(*_dictionary(with_personal_text))
    return Writing(files, losses)


def _rows(
    tables: StudyTables, with_personal_text: bool, include_unsigned: bool, ending: str
) -> tuple[dict[str, tuple[list[Column], list[Row]]], list[str]]:
    frames = {table.name: tables.rows(table.name) for table in _RESEARCH}
    silent = 0
    if with_personal_text and not include_unsigned:
        frames, silent = silenced(frames, may_leave(tables))
    fresh = {row["id"]: str(uuid.uuid4()) for rows in frames.values() for row in rows}
    coded = {row["id"] for row in frames["questions"] if row.get("answer_kind") in ("choice", "choices", "boolean")}
    found: dict[str, tuple[list[Column], list[Row]]] = {}
    withheld = 0
    for table in _RESEARCH:
        columns = _columns(table.columns, with_personal_text or table.name == "answers")
        rows = []
        for row in frames[table.name]:
            if table.name == "answers" and "text" in row and row["question_id"] not in coded and not with_personal_text:
                row = {name: value for name, value in row.items() if name != "text"}
                withheld += 1
            rows.append({column.name: _value(column, row, fresh, ending) for column in columns})
        # the order of our ids tells the order of typing; only an order that is data is kept
        rows.sort(key=lambda row: (row.get("position") or 0, row["id"]))
        found[table.name] = (columns, rows)
    losses = [
        "Names and contact details (identities) and the journal are never exported.",
        "Ids of import sources are left out; row ids are fresh.",
    ]
    if not with_personal_text:
        losses.append(f"Free text about people is left out, {withheld} answer(s) in words among it; --with-personal-text keeps it.")
    if silent:
        losses.append(f"The words of {silent} version(s) of texts nobody signed off stay behind; --include-unsigned keeps them.")
    return found, losses


def _columns(columns: tuple[Column, ...], with_personal_text: bool) -> list[Column]:
    return [column for column in columns if column.name != "source_key" and (with_personal_text or not column.is_personal)]


def _value(column: Column, row: Row, fresh: dict[str, str], ending: str) -> Any:
    value = row.get(column.name)
    if value is None:
        return None
    if column.kind in ("id", "reference"):
        return fresh.get(value)  # a reference to something that is not exported is empty
    if column.kind == "json":
        return json.dumps(value, ensure_ascii=False)
    return value if column.kind != "choices" or ending == ".parquet" else list(value)


def _csv(columns: list[Column], rows: list[Row]) -> bytes:
    return write_sheet([column.name for column in columns], ([row[column.name] for column in columns] for row in rows))


def _parquet(columns: list[Column], rows: list[Row]) -> bytes:
    types = {column.name: pl.String if column.kind == "json" else column_type(column) for column in columns}
    stream = io.BytesIO()
    pl.DataFrame(rows, schema=types).write_parquet(stream)
    return stream.getvalue()


def _dictionary(with_personal_text: bool) -> tuple[list[str], list[list[Any]]]:
    header = ["table", "column", "kind", "meaning", "unit", "choices", "low", "high", "points_to"]
    header += ["is_required", "is_personal", "is_exported"]
    lines = []
    for table in _RESEARCH:
        kept = {column.name for column in _columns(table.columns, with_personal_text or table.name == "answers")}
        for column in table.columns:
            choices = "; ".join(f"{code} = {label}" for code, label in column.choices.items())
            bounds = [column.low, column.high, column.table, column.is_required, column.is_personal, column.name in kept]
            lines.append([table.name, column.name, column.kind, column.meaning, column.unit, choices or None, *bounds])
    return header, lines
