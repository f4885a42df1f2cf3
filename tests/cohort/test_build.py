"""From tables to columns."""

import polars as pl
import polars.testing
import pytest

from kithwork.cohort import COLUMNS, cohort_of
from kithwork.cohort.attributes import offered_attributes
from kithwork.measures import measure_maps
from kithwork.model.schema import TABLES
from kithwork.model.tables import StudyTables
from tests.oracles.studies import Maker, random_study


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


def test_every_attribute_that_is_offered_can_be_sorted_by() -> None:
    maker = Maker()
    person, wave = maker.person("P1"), maker.wave(1)
    tie = maker.tie(maker.map(person, wave), maker.alter(person))
    asked = [
        ("tie_age", "number"),
        ("tie_sex", "choice"),
        ("tie_trust", "choice"),
        ("tie_word", "text"),
        ("sex", "choice"),
        ("is_near", "boolean"),
    ]
    for code, kind in asked:
        more = {"options": [["a", "A"], ["b", "B"]]} if kind == "choice" else {}
        question = maker.add("questions", code=code, version=1, subject="tie", wording="?", answer_kind=kind, **more)
        maker.add("answers", question_id=question, tie_id=tie, **({"number": 3} if kind == "number" else {"text": "a" if more else "yes"}))
    tables = maker.tables()
    offered = offered_attributes(tables)
    assert list(offered)[-5:] == ["age", "tie_sex", "tie_trust", "sex", "is_near"]
    assert [one.name for one in cohort_of(tables, by=tuple(offered)).attributes] == list(offered)
