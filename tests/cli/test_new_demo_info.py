"""`kith new`, `demo`, `info` and `template`, as another program would call them."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kithwork.cli.main import kith
from kithwork.formats.template import find_template, read_template
from kithwork.model.errors import KithworkError
from kithwork.store import open_study

PASSPHRASE = "four words kept together"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(kith, [str(argument) for argument in arguments])


def info(*arguments: object) -> dict[str, Any]:
    return json.loads(run("info", *arguments, "--json").stdout)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.kith"
    assert run("demo", path).exit_code == 0
    return path


def test_the_demo_is_counted_as_the_papers_design(demo: Path):
    found = info(demo)
    assert (found["participants"], found["waves"], found["is_synthetic"]) == (29, 3, True)
    assert found["interviews"] == {"held": 79, "missed": 8, "due": 0, "withdrawn": 0}
    assert found["maps_by_state"]["everyday"] == 79
    assert found["maps"] == sum(found["maps_by_state"].values())
    assert all(found["alters"][kind] > 0 for kind in ("person", "animal", "group", "place", "object", "activity", "digital"))


def test_counts_are_those_of_the_tables(demo: Path):
    found = info(demo)
    with open_study(demo) as study:
        tables = study.tables()
    for name in ("ties", "alter_ties", "supports", "events", "participants", "waves"):
        assert found[name] == tables[name].height
    assert sum(found["alters"].values()) == tables["alters"].height


def test_the_demo_is_one_entry_and_the_work_on_its_codebook_in_a_sound_private_file(demo: Path):
    with open_study(demo) as study:
        first, *work = [entry["verb"] for entry in study.entries()]
    assert first == "make demo study"
    assert {"split code", "merge codes", "move code", "choose theme codes", "undo"} <= set(work)
    assert run("verify", demo).exit_code == 0
    assert stat.S_IMODE(demo.stat().st_mode) == 0o600


def test_info_for_people_names_no_one(demo: Path):
    said = run("info", demo).stdout
    with open_study(demo) as study:
        names = {row["name"] for row in study.rows("identities")} | {row["pseudonym"] for row in study.rows("alters")}
    assert "79 held, 8 missed" in said
    assert not any(f" {name}" in said for name in names)


@pytest.mark.parametrize("command", ["new", "demo"])
def test_what_is_there_already_is_left_alone(command: str, tmp_path: Path):
    path = tmp_path / "there.kith"
    path.write_bytes(b"mine")
    result = run(command, path)
    assert isinstance(result.exception, KithworkError)
    assert path.read_bytes() == b"mine"


def test_a_new_study_has_the_title_and_the_waves_asked_for(tmp_path: Path):
    path = tmp_path / "new.kith"
    assert run("new", path, "--title", "Ours", "--waves", 5).exit_code == 0
    found = info(path)
    assert (found["title"], found["waves"], found["participants"], found["is_synthetic"]) == ("Ours", 5, 0, False)
    assert found["interviews"] == {"held": 0, "missed": 0, "due": 0, "withdrawn": 0}


def test_a_study_with_a_passphrase_opens_with_it_only(tmp_path: Path):
    path, secret = tmp_path / "new.kith", tmp_path / "secret"
    secret.write_text(PASSPHRASE)
    assert run("new", path, "--passphrase-file", secret).exit_code == 0
    assert not path.read_bytes().startswith(b"SQLite format 3")
    assert info(path, "--passphrase-file", secret)["waves"] == 3
    assert isinstance(run("info", path).exception, KithworkError)


def test_encryption_without_anybody_to_ask_is_refused_and_makes_nothing(tmp_path: Path):
    result = run("new", tmp_path / "new.kith", "--encrypt")
    assert isinstance(result.exception, KithworkError)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_template_makes_nothing(tmp_path: Path):
    template = tmp_path / "broken.yaml"
    template.write_text("template: {name: x}\nwaves: 3\ncircles: [{label: Near}]\n")
    result = run("new", tmp_path / "new.kith", "--template", template)
    assert "line 2, waves: must be a list" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["broken.yaml"]


def test_a_study_that_cannot_be_finished_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise KithworkError("no")

    monkeypatch.setattr("kithwork.actions.design.make_study", fail)
    run("new", tmp_path / "new.kith")
    assert list(tmp_path.iterdir()) == []


def test_a_template_taken_from_a_study_makes_the_same_study(tmp_path: Path):
    first, again, file = tmp_path / "first.kith", tmp_path / "again.kith", tmp_path / "ours.yaml"
    run("new", first)
    assert run("template", first, "-o", file).exit_code == 0
    assert read_template(file).tie_questions == find_template().tie_questions
    assert run("new", again, "--template", file).exit_code == 0
    assert run("template", again).stdout == file.read_text(encoding="utf-8")
    assert isinstance(run("template", first, "-o", file).exception, KithworkError)


def test_interviews_not_yet_recorded_are_due(tmp_path: Path):
    path = tmp_path / "demo.kith"
    run("demo", path, "--participants", 2, "--seed", 4, "--ties", 3)
    with open_study(path) as study, study.change("test") as change:
        change.insert("participants", {"pseudonym": "P98", "status": "enrolled"})
        change.insert("participants", {"pseudonym": "P99", "status": "withdrawn"})
    found = info(path)["interviews"]
    assert (found["due"], found["withdrawn"]) == (3, 3)


def test_the_history_of_the_codebook_is_a_table_whose_reasons_are_asked_for(demo: Path, tmp_path: Path):
    plain, whole = (run("history", demo, *more) for more in ((), ("--with-memos",)))
    assert plain.stdout.splitlines()[0] == "number,at,who,action,taken_back,thing,name,done,before,after,why"
    assert "given another code" in plain.stdout
    reason = "Light contact without company is footing too."
    assert (reason in plain.stdout, reason in whole.stdout) == (False, True)
    assert run("history", demo, "-o", tmp_path / "history.xlsx").exit_code == 0
    assert (tmp_path / "history.xlsx").read_bytes().startswith(b"PK")
