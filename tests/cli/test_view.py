"""`kith view` repeats what was saved, exactly."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from kithwork.actions import act
from kithwork.cli.view import command
from kithwork.figures import View, figure_named
from kithwork.measures import map_measures
from kithwork.model.errors import SelectionError, StudyError
from kithwork.store import create_study, open_study
from tests.cli.test_measure import fill

VIEW = View("measure_change", ("density",), ("person", "animal"), ("person",), "everyday")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with create_study(tmp_path / "study.kith") as study:
        fill(study)
        act(study, "save view", {"name": "How close-knit", "view_kind": "measures", "definition": VIEW.definition()})
    return tmp_path / "study.kith"


def run(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)


def test_a_view_is_drawn_as_its_figure_is(place: Path, tmp_path: Path) -> None:
    run(place, "How close-knit", "-o", tmp_path / "out.svg")
    with open_study(place) as study:
        tables = study.tables()
    wanted = figure_named("measure_change").draw(tables, ("density",), kinds=("person", "animal"), counted=("person",))
    assert (tmp_path / "out.svg").read_text() == wanted
    run(place, "How close-knit", "-o", tmp_path / "out.png")
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")


def test_the_table_holds_values_and_the_reason_of_each_empty_one(place: Path, tmp_path: Path) -> None:
    run(place, "How close-knit", "-o", tmp_path / "out.csv")
    made = pl.read_csv(tmp_path / "out.csv")
    with open_study(place) as study:
        measured = map_measures(study.tables(), ("person", "animal"), ("person",), ("density",))
    assert made["density"].to_list() == measured.frame["density"].to_list()
    for row in made.rows(named=True):
        assert (row["density"] is None) == (row["density_reason"] is not None)
    assert run(place, "How close-knit").output == (tmp_path / "out.csv").read_text()


def test_the_python_shown_makes_the_same_picture_and_table(place: Path, tmp_path: Path) -> None:
    script = VIEW.python(str(place))
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    run(place, "How close-knit", "-o", tmp_path / "out.svg")
    assert (tmp_path / "picture.svg").read_text() == (tmp_path / "out.svg").read_text()
    run(place, "How close-knit", "-o", tmp_path / "out.csv")
    assert (tmp_path / "table.csv").read_text() == (tmp_path / "out.csv").read_text()


def test_the_command_shown_draws_the_same_picture(place: Path, tmp_path: Path) -> None:
    from kithwork.cli.figure import command as figure

    words = VIEW.command(str(place)).split()[2:]
    CliRunner().invoke(figure, [*words[:-1], str(tmp_path / "shown.svg")], catch_exceptions=False)
    run(place, "How close-knit", "-o", tmp_path / "out.svg")
    assert (tmp_path / "shown.svg").read_text() == (tmp_path / "out.svg").read_text()


def test_views_are_listed_and_one_that_is_not_there_is_refused(place: Path) -> None:
    assert run(place, "--list").output == "How close-knit: measure_change of density\n"
    with pytest.raises(SelectionError, match="no saved view"):
        run(place, "How close")
    with pytest.raises(SelectionError, match=r"\.png"):
        run(place, "How close-knit", "-o", "out.gif")
    assert run(place).exit_code == 2


def test_a_name_is_saved_once_and_a_removed_view_comes_back_with_undo(place: Path) -> None:
    with open_study(place) as study:
        with pytest.raises(StudyError, match="already a view"):
            act(study, "save view", {"name": " How close-knit ", "view_kind": "measures", "definition": {}})
        entry = act(study, "remove view", {"view_id": study.rows("views")[0]["id"]})
        assert not study.rows("views")
        study.undo(entry.id)
        assert View.of(study.rows("views")[0]["definition"]) == VIEW
        assert study.verify().is_sound


@pytest.mark.parametrize(
    "definition",
    [None, {}, {"measures": []}, {"measures": "size"}, {"measures": [1]}, {"measures": ["size"], "colour": "red"}],
)
def test_a_definition_that_is_no_view_is_refused(definition: dict[str, object] | None) -> None:
    with pytest.raises(StudyError, match="cannot be read"):
        View.of(definition)
    assert View.of(json.loads(json.dumps(VIEW.definition()))) == VIEW
