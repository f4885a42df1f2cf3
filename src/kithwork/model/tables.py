"""`StudyTables`: a study as named tables of columns, the one container that store, formats and cohorts share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from kithwork.model.errors import SelectionError, near
from kithwork.model.rows import Row, clean_row
from kithwork.model.schema import LIVE, TABLES, Column

_TYPES: dict[str, Any] = {
    "id": pl.String,
    "reference": pl.String,
    "text": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.String,
    "time": pl.String,
    "choice": pl.String,
    "choices": pl.List(pl.String),
    "json": pl.Object,
    "packed": pl.Object,
}


def column_type(column: Column) -> Any:
    """The Polars type of a column; dates and times stay ISO text, so that a row is the same everywhere."""
    return _TYPES[column.kind]


def frame_schema(table: str) -> dict[str, Any]:
    """Column name → Polars type, `id` first."""
    return {column.name: column_type(column) for column in TABLES[table].columns}


@dataclass
class StudyTables:
    """Frames by table name; a table that is absent is empty.

    `tables["ties"]` is a Polars frame with every column of the schema, in schema order.
    """

    frames: dict[str, pl.DataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.frames:
            _known(name)

    @classmethod
    def from_rows(cls, rows: Mapping[str, Iterable[Row]]) -> "StudyTables":
        """Frames from rows of plain values; each row is checked, columns left out are empty."""
        return cls({_known(name): frame_of(name, [clean_row(name, row) for row in group]) for name, group in rows.items()})

    def __getitem__(self, name: str) -> pl.DataFrame:
        _known(name)
        return self.frames[name] if name in self.frames else frame_of(name, [])

    def rows(self, name: str) -> list[Row]:
        """The table as rows of plain values, empty columns left out."""
        return [{key: value for key, value in row.items() if value is not None} for row in self[name].to_dicts()]

    def counts(self) -> dict[str, int]:
        """Rows a table, for tables that have any."""
        return {name: self.frames[name].height for name in LIVE if name in self.frames and self.frames[name].height}

    def problems(self) -> list[str]:
        """What makes the tables unsound, one sentence each; an empty list when they may be kept.

        Checked: ids and unique columns repeat nowhere, every reference points to a row that is there.
        """
        found = []
        for name in LIVE:
            frame = self.frames.get(name)
            if frame is None or frame.is_empty():
                continue
            for group in (("id",), *TABLES[name].unique):
                filled = frame.drop_nulls(list(group))
                repeats = filled.height - filled.select(group).n_unique()
                if repeats:
                    found.append(f"{repeats} row(s) of '{name}' repeat {' and '.join(group)}; each may stand only once.")
            for column in TABLES[name].columns:
                if column.table:
                    missing = frame[column.name].drop_nulls().is_in(self[column.table]["id"].implode()).not_().sum()
                    if missing:
                        found.append(f"{missing} row(s) of '{name}' name a '{column.name}' that is not in '{column.table}'.")
        return found


def frame_of(table: str, rows: Iterable[Row]) -> pl.DataFrame:
    """A frame with every column of a table, from rows that are already clean."""
    rows = list(rows)
    return pl.DataFrame(
        [
            pl.Series(
                column.name, [row.get(column.name) for row in rows], dtype=column_type(column), strict=column_type(column) != pl.Object
            )
            for column in TABLES[table].columns
        ]
    )


def _known(name: str) -> str:
    if name not in TABLES:
        raise SelectionError(f"There is no table '{name}' in a study.{near(name, TABLES)}")
    return name
