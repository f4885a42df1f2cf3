"""Kithwork: follow personal support networks through time.

import kithwork

with kithwork.open_study("STUDY.kith") as study:
    maps = study.measures()
    change = study.change()
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from kithwork.model.tables import StudyTables
    from kithwork.store import Study

__all__ = ["OpenStudy", "open_study"]


class OpenStudy:
    """A study opened for reading, as tables and measures. Also a context manager."""

    def __init__(self, study: "Study") -> None:
        self._study = study

    def tables(self, *names: str) -> "StudyTables":
        """The tables named, or all of them: `study.tables()["ties"]` is a Polars frame."""
        return self._study.tables(*names)

    def measures(
        self, kinds: Iterable[str] = ("person",), counted: Iterable[str] = ("all",), measures: Iterable[str] | None = None
    ) -> "pl.DataFrame":
        """One row a map: `participant`, `wave`, `state`, then a column a measure; null where undefined, with a row in `reasons`.

        kinds     kinds among which alter ties are measured, such as `("person", "animal")` or `("all",)`
        counted   kinds counted by every other measure
        measures  names of the measures wanted; all when left out
        """
        from kithwork.cohort import COLUMNS
        from kithwork.measures import map_measures

        return map_measures(self.tables(*COLUMNS), kinds, counted, measures).frame

    def reasons(self, kinds: Iterable[str] = ("person",), counted: Iterable[str] = ("all",)) -> "pl.DataFrame":
        """Why each empty value of `measures` is empty: `participant`, `wave`, `state`, `measure`, `reason`, `sentence`."""
        from kithwork.cohort import COLUMNS
        from kithwork.measures import map_measures

        return map_measures(self.tables(*COLUMNS), kinds, counted).reasons

    def change(self, counted: Iterable[str] = ("all",), measures: Iterable[str] | None = None) -> "pl.DataFrame":
        """One row a person and pair of observed waves: `participant`, `from_wave`, `to_wave`, `gap_months`, `waves_missed`, measures."""
        from kithwork.cohort import COLUMNS
        from kithwork.measures import change_measures

        return change_measures(self.tables(*COLUMNS), counted, measures).frame

    def close(self) -> None:
        """Give the study back."""
        self._study.close()

    def __enter__(self) -> "OpenStudy":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_study(path: str | Path, passphrase: str | None = None) -> OpenStudy:
    """Open a `.kith` file, or a study on a server, for reading; `StudyError` says why it cannot be."""
    from kithwork import store

    return OpenStudy(store.open_study(path, passphrase, is_read_only=True))
