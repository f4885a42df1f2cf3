"""What a column and a table are, and the words to declare them with."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

ColumnKind = Literal["id", "reference", "text", "integer", "number", "boolean", "date", "time", "choice", "choices", "json", "packed"]
Domain = Literal["research", "identity", "house"]


@dataclass(frozen=True)
class Column:
    """One column: `kind` decides its type in SQL, in frames and in forms ("packed" is compressed JSON)."""

    name: str
    kind: ColumnKind
    meaning: str
    choices: dict[str, str] = field(default_factory=dict)  # code -> label, for "choice" and "choices"
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    is_required: bool = False
    is_personal: bool = False  # may hold words that point to a living person
    table: str | None = None  # the table a reference points to


@dataclass(frozen=True)
class Table:
    """One table. `identity` tables hold names, apart from research data; `house` tables are Kithwork's own."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    exactly_one: tuple[str, ...] = ()  # of these references exactly one is filled
    domain: Domain = "research"

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def names(self) -> list[str]:
        """Column names, `id` first."""
        return [column.name for column in self.columns]


# -- words to declare columns with -----------------------------------------------------------------------------------------


def text(name: str, meaning: str, *, required: bool = False, personal: bool = False) -> Column:
    return Column(name, "text", meaning, is_required=required, is_personal=personal)


def choice(name: str, meaning: str, choices: dict[str, str], *, required: bool = False) -> Column:
    return Column(name, "choice", meaning, choices, is_required=required)


def choices(name: str, meaning: str, choices: dict[str, str]) -> Column:
    return Column(name, "choices", meaning, choices)


def scale(name: str, meaning: str, labels: tuple[str, ...]) -> Column:
    """An ordered scale 0..len(labels)−1 whose labels are in `choices`."""
    codes = {str(step): label for step, label in enumerate(labels)}
    return Column(name, "integer", meaning, codes, unit=f"scale 0–{len(labels) - 1}", low=0, high=len(labels) - 1)


def number(name: str, meaning: str, unit: str, low: float | None = None, high: float | None = None) -> Column:
    return Column(name, "number", meaning, unit=unit, low=low, high=high)


def count(name: str, meaning: str, unit: str, low: float = 0, high: float | None = None, required: bool = False) -> Column:
    return Column(name, "integer", meaning, unit=unit, low=low, high=high, is_required=required)


def flag(name: str, meaning: str) -> Column:
    return Column(name, "boolean", meaning)


def date(name: str, meaning: str) -> Column:
    return Column(name, "date", meaning)


def time(name: str, meaning: str) -> Column:
    return Column(name, "time", meaning, unit="UTC")


def ref(name: str, table: str, meaning: str, *, required: bool = True) -> Column:
    return Column(name, "reference", meaning, is_required=required, table=table)


def note(name: str = "note", meaning: str = "Free note.") -> Column:
    return text(name, meaning, personal=True)
