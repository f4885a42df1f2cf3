"""What Kithwork wrote for another tool, read back into the same study: nothing doubles. And into an empty one: the same maps."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kithwork import formats
from kithwork.actions.design import keep_tables
from kithwork.actions.imports import import_reading, preview
from kithwork.formats import FORMATS, Reading, read, write
from kithwork.formats.demo import demo_tables
from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source
from kithwork.formats.tidy_read import READ
from kithwork.model.errors import FormatError
from kithwork.model.ids import new_id
from kithwork.model.schema import TABLES
from kithwork.model.tables import StudyTables
from kithwork.store import create_study

MAPS = ("egor", "networkcanvas", "easynwk", "xlsx", "spss", "stata", "csv", "parquet", "graphml", "gexf", "gephi")


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


@pytest.mark.parametrize("name", ["csv", "parquet", "xlsx"])
def test_the_tidy_set_loses_nothing_of_people_and_maps(name: str, tmp_path: Path) -> None:
    tables = demo_tables(participants=5, waves=3, ties=8)
    circles = tables.rows("circles")
    more = [{**row, "id": new_id(), "version": 2} for row in circles[:2]]  # the last wave drew other rings
    waves = [{**row, "circle_version": 2 if row["position"] == 3 else 1} for row in tables.rows("waves")]
    tables = StudyTables({**tables.frames, **StudyTables.from_rows({"circles": [*circles, *more], "waves": waves}).frames})
    written = write(tables, name, with_personal_text=True).files
    reading = formats.named(name, "read").read([Source(file, data) for file, data in written.items()], Notes())  # type: ignore[misc]
    with create_study(tmp_path / "empty.kith") as study:
        import_reading(study, Reading(reading, format=name))
        held = study.tables()
    assert held.problems() == []
    for table in READ:
        assert values(held, table) == values(tables, table), table


def values(tables: StudyTables, table: str) -> list[str]:
    """The rows without ids: what they say, and how many say it."""
    ours = [column.name for column in TABLES[table].columns if column.kind not in ("id", "reference") and column.name != "source_key"]
    rows = ({name: row[name] for name in ours if name in row} for row in tables.rows(table))
    return sorted(repr({name: round(v, 9) if isinstance(v, float) else v for name, v in row.items()}) for row in rows)


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        ("ties.csv", lambda text: text.replace("id,", "no,", 1), "has no column 'id'"),
        ("ties.csv", lambda text: text + text.splitlines()[1] + "\r\n", "have the same id"),
        ("maps.csv", lambda text: text.replace("everyday", "every day"), r"'maps.csv', row \d+:"),
        ("waves.csv", lambda _: "", "has no table 'waves'|is empty"),
    ],
)
def test_a_tidy_set_that_was_changed_is_one_sentence(file: str, change: Callable[[str], str], words: str, tmp_path: Path) -> None:
    folder = tidy_folder(tmp_path)
    (folder / file).write_text(change((folder / file).read_text(encoding="utf-8")), encoding="utf-8", newline="")
    with pytest.raises(FormatError, match=words) as told:
        read([folder])
    assert "\n" not in str(told.value)


def test_rows_of_a_tidy_set_that_point_nowhere_are_told_and_left_out(tmp_path: Path) -> None:
    folder = tidy_folder(tmp_path)
    lines = (folder / "participants.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "participants.csv").write_text("".join(lines[:-1]), encoding="utf-8", newline="")
    reading = read([folder])
    assert reading.format == "csv"
    assert reading.tables.problems() == []
    assert reading.tables.counts()["participants"] == 1
    assert {problem.code for problem in reading.problems} == {"unknown_ego"}


def test_another_wave_of_the_tidy_set_finds_its_alters_by_pseudonym(tmp_path: Path) -> None:
    tables = demo_tables(participants=3, waves=2, ties=6)
    first = {row["id"] for row in tables.rows("waves") if row["position"] == 1}
    held = {row["id"] for row in tables.rows("interviews") if row["wave_id"] in first}
    maps = {row["id"] for row in tables.rows("maps") if row["interview_id"] in held}
    with create_study(tmp_path / "study.kith") as study:
        keep = {name: tables.rows(name) for name in ("waves", "circles", "participants", "alters", "roles")}
        interviews = [row for row in tables.rows("interviews") if row["id"] in held]
        keep["interviews"] = [{name: value for name, value in row.items() if name != "coder_id"} for row in interviews]
        keep |= {"maps": [row for row in tables.rows("maps") if row["id"] in maps]}
        keep |= {"ties": [row for row in tables.rows("ties") if row["map_id"] in maps]}
        keep_tables(study, StudyTables.from_rows(keep), "make study")
        import_reading(study, read([tidy_folder(tmp_path, tables)]))
        assert len(study.rows("alters")) == len(tables.rows("alters"))
        assert len(study.rows("ties")) == len(tables.rows("ties"))


def tidy_folder(tmp_path: Path, tables: StudyTables | None = None) -> Path:
    folder = tmp_path / "tidy"
    folder.mkdir()
    for name, data in write(tables or demo_tables(participants=2, waves=2, ties=5), "csv", with_personal_text=True).files.items():
        (folder / name).write_bytes(data)
    return folder
