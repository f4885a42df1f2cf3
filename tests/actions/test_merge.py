"""Coded talk into a study: once, on the same words, and a whole study back as it was."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from kithwork.actions.imports import import_reading, preview, read_files
from kithwork.formats import refi
from kithwork.formats.reading import Notes, Reading
from kithwork.formats.sources import Source
from kithwork.model.tables import StudyTables
from kithwork.store import create_study
from tests.formats.qda.coded import any_whole_study
from tests.formats.qda.test_refi import from_outside

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"


def reading_of(tables: StudyTables) -> Reading:
    """The study exported whole and read again."""
    data = refi.write(tables, with_personal_text=True, include_unsigned=True).files["study.qdpx"]
    notes = Notes()
    return Reading(refi.read([Source("study.qdpx", data)], notes), notes.problems, notes.losses, "refi-qda")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(any_whole_study())
def test_a_study_exported_and_imported_is_the_same_study_and_a_second_time_adds_nothing(
    tmp_path_factory: pytest.TempPathFactory, tables: StudyTables
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    with create_study(folder / "one.kith") as study:
        bare = {name: group for name, group in tables.frames.items() if name != "studies" or not study.rows("studies")}
        import_reading(study, reading_of(StudyTables(bare)))
        kept = from_outside(study.tables())
        expected = from_outside(StudyTables(bare))
        assert {name: kept.get(name) for name in expected} == expected
        assert preview(study, reading_of(study.tables()))["adds"] == {}
        assert preview(study, reading_of(tables))["adds"] == {}


@pytest.mark.skipif(not DATA.exists(), reason="the shared files are not here")
@pytest.mark.parametrize("path", ["qualcoder-export/kwsample_lf.qdpx", "qualcoder-export/kwsample.qda", "taguette-export/project.sqlite3"])
def test_a_project_of_another_program_comes_in_once(tmp_path: Path, path: str) -> None:
    with create_study(tmp_path / "one.kith") as study:
        import_reading(study, read_files([DATA / path]))
        assert study.rows("codings")
        texts = {row["id"]: row["text"] for row in study.rows("revisions")}
        for row in study.rows("segments"):
            assert texts[row["revision_id"]][row["start"] : row["stop"]] == row["quotation"]
        again = preview(study, read_files([DATA / path]))
        assert again["adds"] == {}
