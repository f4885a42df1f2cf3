"""A view: measures, their scope and a picture, which a page, a command and a script repeat alike."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import polars as pl

from kithwork.cohort import COLUMNS
from kithwork.cohort.build import ATTRIBUTE_TABLES
from kithwork.figures.registry import figure_named
from kithwork.measures import MEASURES, REASONS, Measures
from kithwork.measures.rested_on import MISSING, USED
from kithwork.measures.run import PEOPLE, measures_named
from kithwork.model.errors import SelectionError, StudyError
from kithwork.model.tables import StudyTables

_CODES = ("", *REASONS)
_LISTS = ("measures", "kinds", "counted", "by")


@dataclass(frozen=True)
class View:
    """What is looked at: a picture of `measures` on maps of one state, within kinds as for `map_measures`."""

    picture: str = "measure_by_wave"
    measures: tuple[str, ...] = ("size",)
    kinds: tuple[str, ...] = PEOPLE
    counted: tuple[str, ...] = ("all",)
    state: str = "everyday"
    by: tuple[str, ...] = ()  # attributes that alters are sorted by

    @classmethod
    def of(cls, definition: Mapping[str, Any] | None) -> "View":
        """A view as it was saved. Raises `StudyError` for one that cannot be read."""
        given = dict(definition or {})
        for name in _LISTS:
            if isinstance(given.get(name), list):
                given[name] = tuple(given[name])
        words = [word for value in given.values() for word in (value if isinstance(value, tuple) else (value,))]
        wrong = set(given) - {field.name for field in fields(cls)} or not all(isinstance(word, str) for word in words)
        wrong = wrong or any(isinstance(given.get(name, ()), str) for name in _LISTS) or not given.get("measures")
        if wrong:
            raise StudyError("This view cannot be read; remove it and save it again.")
        return cls(**given)

    def definition(self) -> dict[str, Any]:
        """The view as it is saved."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of a study that it is measured of."""
        return ("studies", *COLUMNS, *(ATTRIBUTE_TABLES if self.by else ()))

    def measured(self, tables: StudyTables) -> Measures:
        """The measures of the view: on maps of every state, or of change between them."""
        return measures_named(tables, self.kinds, self.counted, self.measures, with_ties=True, by=self.by)

    def draw(self, tables: StudyTables, measured: Measures | None = None) -> str:
        """The picture, as SVG. Raises `SelectionError` when it does not fit the measures."""
        figure = figure_named(self.picture)
        if figure.needs != "measures":
            raise SelectionError(f"'{self.picture}' is not a picture of measures; `kith figure` draws it.")
        is_known = figure.measures == 2 or self.measures[0] in MEASURES or self.picture != "measure_by_category"
        scope = {"kinds": self.kinds, "counted": self.counted, "state": self.state, "by": self.by}
        return figure.draw(tables, self.measures[: figure.measures], **scope, measured=measured if is_known else None)

    def table(self, tables: StudyTables, measured: Measures | None = None) -> pl.DataFrame:
        """One row a map of the state, or a pair of maps: its keys, each measure, and beside it the code of the reason where it is empty,
        on how many ties it rests, and how many have no answer."""
        found = measured or self.measured(tables)
        reasons = [
            pl.Series(f"{column.name}_reason", [_CODES[place] or None for place in column.reasons], dtype=pl.String)
            for column in found.columns
        ]
        frame, keys = found.frame.with_columns(reasons), found.keys.columns
        frame = frame.filter(pl.col("state") == self.state) if "state" in keys else frame
        ends = ("", "_reason", USED, MISSING)
        return frame.select(*keys, *(column.name + end for column in found.columns for end in ends if column.name + end in frame.columns))

    def python(self, place: str = "STUDY.kith") -> str:
        """The lines of Python that make the same table and picture."""
        given = ",\n    ".join(f"{name}={value!r}" for name, value in asdict(self).items())
        return "\n".join(
            (
                "from pathlib import Path",
                "",
                "import kithwork",
                "from kithwork.figures import View",
                "",
                f"view = View(\n    {given},\n)",
                f"with kithwork.open_study({place!r}) as study:",
                "    tables = study.tables()",
                'view.table(tables).write_csv("table.csv")',
                'Path("picture.svg").write_text(view.draw(tables), encoding="utf-8")',
            )
        )

    def command(self, place: str = "STUDY.kith") -> str:
        """The command that draws the same picture."""
        measures = " ".join(f"--measure {name}" for name in self.measures)
        scope = f"--kinds {','.join(self.kinds)} --counted {','.join(self.counted)} --state {self.state}"
        scope += f" --by {','.join(self.by)}" if self.by else ""
        return f"kith figure {place} {self.picture} {measures} {scope} -o picture.svg"
