"""Whether a row may stand in its table: types, choices, bounds, required values.

A row is a dict of plain JSON values: text, int, float, bool, list, None; dates `YYYY-MM-DD`, times ISO 8601 in UTC.
"""

import datetime
import json
import math
import re
from collections.abc import Mapping
from typing import Any

from kithwork.model.errors import StudyError, near
from kithwork.model.ids import is_id
from kithwork.model.schema import TABLES, Column

Row = dict[str, Any]
LONGEST_TEXT = 20_000_000
LONGEST_NAME = 200  # characters of a name that somebody gives; more cannot be read as one, and a page of them cannot be used
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BROKEN = re.compile("[\x00\ud800-\udfff]")
_COLUMNS = {name: {column.name: column for column in table.columns} for name, table in TABLES.items()}
_REQUIRED = {name: [column.name for column in table.columns if column.is_required] for name, table in TABLES.items()}


def clean_row(table: str, row: Mapping[str, Any], *, is_whole: bool = True) -> Row:
    """The row with tidy values, or `StudyError` naming table and column (never the value).

    `is_whole=False` checks only the columns given, as for a change to a row that exists.
    """
    spec = TABLES[table]
    columns = _COLUMNS[table]
    for name in row:
        if name not in columns:
            raise StudyError(f"Table '{table}' has no column '{name}'.{near(name, spec.names)}")
    cleaned = {name: None if value is None else clean_value(table, columns[name], value) for name, value in row.items()}
    for name in _REQUIRED[table]:
        if (is_whole or name in cleaned) and cleaned.get(name) in (None, ""):
            raise StudyError(f"{_where(table, name)} is needed and is empty; fill it in.")
    if is_whole and spec.exactly_one:
        filled = [name for name in spec.exactly_one if cleaned.get(name) is not None]
        if len(filled) != 1:
            raise StudyError(f"A row of '{table}' belongs to exactly one of {', '.join(spec.exactly_one)}; {len(filled)} were given.")
    return cleaned


def clean_value(table: str, column: Column, value: Any) -> Any:
    """One tidy value; an empty text, list or not-a-number becomes None."""
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    cleaned = _CLEANERS[column.kind](table, column, value)
    if (column.low is not None and cleaned < column.low) or (column.high is not None and cleaned > column.high):
        raise StudyError(f"{_where(table, column.name)} lies outside {_bounds(column)}; give a value inside.")
    return cleaned


def is_kept_whole(value: Any) -> bool:
    """Whether a value has only texts, however deep inside, that a study can keep: no NUL, no half of a character."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str) and _BROKEN.search(part):
            return False
        if isinstance(part, Mapping):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, (list, tuple)):
            waiting += part
    return True


def _where(table: str, name: str) -> str:
    return f"'{name}' in '{table}'"


def _bounds(column: Column) -> str:
    low = "…" if column.low is None else f"{column.low:g}"
    high = "…" if column.high is None else f"{column.high:g}"
    return f"{low} to {high}"


def _refuse(table: str, column: Column, wanted: str) -> StudyError:
    return StudyError(f"{_where(table, column.name)} must be {wanted}.")


def _text(table: str, column: Column, value: Any) -> str:
    if not isinstance(value, str):
        raise _refuse(table, column, "text")
    if _BROKEN.search(value):
        raise _refuse(table, column, "text without NUL or broken characters")
    if len(value) > LONGEST_TEXT:
        raise _refuse(table, column, f"at most {LONGEST_TEXT:,} characters long")
    return value


def _id(table: str, column: Column, value: Any) -> str:
    if not is_id(value):
        raise _refuse(table, column, "a row id (UUID)")
    return value


def _integer(table: str, column: Column, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value) or abs(value) >= 2**53:
        raise _refuse(table, column, "a whole number")
    return int(value)


def _number(table: str, column: Column, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise _refuse(table, column, "a number")
    return float(value)


def _boolean(table: str, column: Column, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _refuse(table, column, "yes or no")
    return value


def _date(table: str, column: Column, value: Any) -> str:
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise _refuse(table, column, "a date such as 2026-03-14") from None


def _time(table: str, column: Column, value: Any) -> str:
    try:
        moment = datetime.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _refuse(table, column, "a time such as 2026-03-14T09:30:00Z") from None
    if moment.tzinfo is None:
        raise _refuse(table, column, "a time with its zone, such as 2026-03-14T09:30:00Z")
    return utc_text(moment)


def _choice(table: str, column: Column, value: Any) -> str:
    if not isinstance(value, str) or value not in column.choices:
        raise StudyError(f"{_where(table, column.name)} must be one of {', '.join(column.choices)}.{near(str(value)[:40], column.choices)}")
    return value


def _choices(table: str, column: Column, value: Any) -> list[str] | None:
    if not isinstance(value, (list, tuple)):
        raise _refuse(table, column, "a list")
    chosen = {_choice(table, column, item) for item in value}
    return [code for code in column.choices if code in chosen] or None


def _json(table: str, column: Column, value: Any) -> Any:
    if not isinstance(value, (list, dict)):
        raise _refuse(table, column, "a list")
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise _refuse(table, column, "made of texts, finite numbers and lists") from None
    if not is_kept_whole(value):
        raise _refuse(table, column, "text without NUL or broken characters")
    return value or None


_CLEANERS = {
    "id": _id,
    "reference": _id,
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "choice": _choice,
    "choices": _choices,
    "json": _json,
    "packed": _json,
}


def utc_text(moment: datetime.datetime) -> str:
    """A moment as ISO 8601 in UTC with milliseconds, such as `2026-03-14T09:30:00.000Z`."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def now() -> str:
    """The present moment as `utc_text`."""
    return utc_text(datetime.datetime.now(datetime.UTC))


def day(text: str | None) -> str:
    """`2026-03-14` as `14 Mar 2026`; an empty one as an empty text."""
    if not text:
        return ""
    date = datetime.date.fromisoformat(text[:10])
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"
