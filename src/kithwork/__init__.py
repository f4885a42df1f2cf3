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

    from kithwork.cohort import Policy
    from kithwork.measures import Measures
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
        self,
        kinds: Iterable[str] = ("person",),
        counted: Iterable[str] = ("all",),
        measures: Iterable[str] | None = None,
        by: Iterable[str] = (),
        policy: "Policy | None" = None,
    ) -> "pl.DataFrame":
        """One row a map: `participant`, `wave`, `state`, then a column a measure; null where undefined, with a row in `reasons`.

        kinds     kinds among which alter ties are measured, such as `("person", "animal")` or `("all",)`
        counted   kinds counted by every other measure
        measures  names of measures, columns or groups wanted; every measure that need not be asked for when left out
        by        attributes to sort alters by, such as `("sex", "age=ego_age")`
        policy    what counts as an alter tie, the largest strength, the rule for weak ties: a `kithwork.cohort.Policy`
        """
        return self._measured(kinds, counted, measures, by, policy).frame

    def reasons(
        self,
        kinds: Iterable[str] = ("person",),
        counted: Iterable[str] = ("all",),
        measures: Iterable[str] | None = None,
        by: Iterable[str] = (),
        policy: "Policy | None" = None,
    ) -> "pl.DataFrame":
        """Why each empty value of `measures` is empty: `participant`, `wave`, `state`, `measure`, `reason`, `sentence`."""
        return self._measured(kinds, counted, measures, by, policy).reasons

    def _measured(
        self,
        kinds: Iterable[str],
        counted: Iterable[str],
        measures: Iterable[str] | None,
        by: Iterable[str],
        policy: "Policy | None",
    ) -> "Measures":
        from kithwork.measures import map_measures

        names = tuple(by)
        return map_measures(self._columns(names), kinds, counted, measures, policy, by=names)

    def _columns(self, by: tuple[str, ...] = ()) -> "StudyTables":
        from kithwork.cohort import COLUMNS
        from kithwork.cohort.build import ATTRIBUTE_TABLES

        return self.tables(*COLUMNS, *(ATTRIBUTE_TABLES if by else ()))

    def change(
        self,
        counted: Iterable[str] = ("all",),
        measures: Iterable[str] | None = None,
        state: str = "everyday",
        against: str | None = None,
    ) -> "pl.DataFrame":
        """One row a person and pair of observed waves: `participant`, `from_wave`, `to_wave`, `gap_months`, `waves_missed`, measures.

        state     in which state of the network
        against   another state, whose map of the same wave is set against it, such as `"crisis"`
        """
        from kithwork.measures import change_measures

        return change_measures(self._columns(), counted, measures, state=state, against=against).frame

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
