"""What Kithwork wrote for another tool, read back into the same study: nothing doubles. And into an empty one: the same maps."""

from pathlib import Path

import pytest

from kithwork.actions.design import keep_tables
from kithwork.actions.imports import import_reading, preview
from kithwork.formats import FORMATS, read, write
from kithwork.formats.demo import demo_tables
from kithwork.store import create_study

MAPS = ("egor", "networkcanvas", "easynwk", "xlsx", "spss", "stata")


def test_every_format_of_maps_that_is_read_and_written_is_tried_here() -> None:
    talk = {"refi-qda", "refi-codebook"}
    assert {each.name for each in FORMATS if each.read and each.write} - talk == set(MAPS)


@pytest.mark.parametrize("name", MAPS)
def test_a_study_that_reads_its_own_export_gains_nothing(name: str, tmp_path: Path) -> None:
    if name in ("spss", "stata"):
        pytest.importorskip("pyreadstat")
    tables = demo_tables(participants=4, waves=2, ties=6)
    folder = tmp_path / "written"
    folder.mkdir()
    for file, data in write(tables, name, with_personal_text=True).files.items():
        (folder / file).write_bytes(data)
    with create_study(tmp_path / "study.kith") as study:
        keep_tables(study, tables, "make demo study")
        reading = read([folder], name)
        assert preview(study, reading)["adds"] == {}
    with create_study(tmp_path / "empty.kith") as study:
        import_reading(study, read([folder], name))
        held = study.tables()
        assert held.problems() == []
        assert [held.counts()[table] for table in ("maps", "alters", "ties")] == [
            tables.counts()[table] for table in ("maps", "alters", "ties")
        ]
        assert preview(study, read([folder], name))["adds"] == {}
