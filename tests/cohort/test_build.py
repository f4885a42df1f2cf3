"""From tables to columns."""

import polars as pl
import polars.testing
import pytest

from kithwork.cohort import COLUMNS, cohort_of
from kithwork.measures import measure_maps
from kithwork.model.schema import TABLES
from kithwork.model.tables import StudyTables
from tests.oracles.studies import random_study


def test_ids_that_share_a_hash_are_still_told_apart(monkeypatch: pytest.MonkeyPatch):
    tables = random_study(7, 5, 3)
    wanted = measure_maps(tables)
    monkeypatch.setattr(pl.Series, "hash", lambda ids: pl.Series([0] * len(ids), dtype=pl.UInt64))
    assert measure_maps(tables).equals(wanted)


def test_only_the_columns_declared_are_read():
    tables = random_study(11, 5, 3)
    few = StudyTables({name: tables[name].select(columns) for name, columns in COLUMNS.items()})
    assert measure_maps(few).equals(measure_maps(tables))
    assert all(name in TABLES[table].names for table, columns in COLUMNS.items() for name in columns)


def test_the_order_of_rows_does_not_matter():
    tables = random_study(13, 5, 3)
    turned = StudyTables({name: frame.reverse() for name, frame in tables.frames.items()})
    one, other = measure_maps(tables), measure_maps(turned)
    pl.testing.assert_frame_equal(one.select(sorted(one.columns)), other.select(sorted(one.columns)))


def test_a_study_without_maps_gives_an_empty_table_with_its_columns():
    frame = measure_maps(StudyTables({}))
    assert frame.height == 0
    assert frame.columns[:4] == ["participant", "wave", "state", "size"]
    assert len(cohort_of(StudyTables({}))) == 0
