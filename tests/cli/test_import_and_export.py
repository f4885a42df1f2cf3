"""`kith import` and `kith export`, as someone would script them."""

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from formats.foreign import AATIES, EGOS, egor_files, session, zip_of

from kithwork.cli.main import kith
from kithwork.model.errors import KithworkError
from kithwork.store import create_study, open_study


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(kith, [str(word) for word in words])


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "study.kith"
    create_study(path).close()
    return path


def digest(folder: Path) -> dict[str, str]:
    """Every study file, byte by byte (SQLite's -wal and -shm beside it hold nothing of a reader's)."""
    assert all(not path.stat().st_size for path in folder.glob("*-wal"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.kith")}


def test_import_prints_one_json_object(study: Path, tmp_path: Path) -> None:
    paths = egor_files(tmp_path / "in", egos=EGOS.replace(",m", ",NA"), aaties=f"{AATIES}1,1,9,1\n")
    told = json.loads(run("import", study, *paths, "--json").stdout)
    assert told["adds"]["ties"] == 4
    assert told["problems"][-1]["code"] == "dangling_alter_tie"
    assert told["losses"] == ["Cells that hold NA, a lone point or another sign for missing are read as not answered."]
    assert set(told) == {"adds", "problems", "losses", "entry", "format", "is_dry_run"}
    assert all(set(problem) == {"code", "sentence", "file", "row", "choice", "choices"} for problem in told["problems"])
    with open_study(study) as opened:
        assert [row["id"] for row in opened.entries()] == [told["entry"]]


def test_a_dry_run_says_the_same_and_leaves_the_study_byte_identical(study: Path, tmp_path: Path) -> None:
    paths = egor_files(tmp_path / "in")
    before = digest(tmp_path)
    dry = json.loads(run("import", study, *paths, "--dry-run", "--json").stdout)
    assert digest(tmp_path) == before
    real = json.loads(run("import", study, *paths, "--json").stdout)
    assert (dry["adds"], dry["entry"]) == (real["adds"], None)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"PK\x05\x06", b'egoID,alterID\n1,"2\n', b"egoID,alterID\n1,2,3,4\n", zip_of({"../x.csv": "a"})]
)
def test_a_broken_file_leaves_the_study_byte_identical_and_says_one_sentence(study: Path, tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    before = digest(tmp_path)
    result = run("import", study, bad)
    assert isinstance(result.exception, KithworkError)
    assert "\n" not in str(result.exception)
    assert digest(tmp_path) == before


def test_a_second_import_adds_nothing_and_says_so(study: Path, tmp_path: Path) -> None:
    session(tmp_path / "in", "c", {"Person": ["name", "1,Ann"]}, {})
    run("import", study, tmp_path / "in")
    result = run("import", study, tmp_path / "in")
    assert result.exit_code == 0
    assert "nothing new" in result.stdout
    assert "imported before" in result.stdout


def test_problems_are_printed_a_line_each_and_choices_taken(study: Path, tmp_path: Path) -> None:
    paths = egor_files(tmp_path / "in", aaties=f"{AATIES}1,1,1,1\n")
    assert "aaties.csv, row 4: The alter tie joins an alter to itself. [loop=drop" in run("import", study, *paths, "--dry-run").stdout
    told = json.loads(run("import", study, *paths, "--dry-run", "--json", "--on-problem", "loop=keep").stdout)
    assert told["adds"]["alter_ties"] == 3


@pytest.mark.parametrize(
    "words",
    [("--on-problem", "loops=keep"), ("--on-problem", "loop=burn"), ("--kind", "Venue=palace"), ("--aspect", "wide"), ("--aspect", "0:1")],
)
def test_a_misspelt_choice_is_told_with_what_there_is(study: Path, tmp_path: Path, words: tuple[str, str]) -> None:
    result = run("import", study, *egor_files(tmp_path / "in"), *words)
    assert isinstance(result.exception, KithworkError)


def test_an_export_refuses_a_folder_with_files_unless_forced(study: Path, tmp_path: Path) -> None:
    run("import", study, *egor_files(tmp_path / "in"))
    out = tmp_path / "out"
    assert run("export", study, out, "--format", "egor").exit_code == 0
    assert {path.name for path in out.iterdir()} == {"egos.csv", "alters.csv", "aaties.csv"}
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    assert isinstance(run("export", study, out, "--format", "csv").exception, KithworkError)
    assert run("export", study, out, "--format", "csv", "--force").exit_code == 0
    assert (out / "data-dictionary.csv").is_file()


def test_what_was_exported_comes_back_into_an_empty_study(study: Path, tmp_path: Path) -> None:
    run("import", study, *egor_files(tmp_path / "in"))
    run("export", study, tmp_path / "out", "--format", "egor")
    other = tmp_path / "other.kith"
    create_study(other).close()
    told = json.loads(run("import", other, tmp_path / "out", "--json").stdout)
    first = json.loads(run("import", study, tmp_path / "out", "--json").stdout)
    assert (told["adds"]["ties"], told["adds"]["alter_ties"]) == (4, 2)
    assert first["adds"] == {}


def test_an_export_does_not_change_the_study(study: Path, tmp_path: Path) -> None:
    run("import", study, *egor_files(tmp_path / "in"))
    before = digest(tmp_path)
    run("export", study, tmp_path / "out", "--format", "parquet")
    assert digest(tmp_path) == before
