"""Rules of the house that no other tool checks."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "kithwork").rglob("*.py"))


def tracked() -> list[Path]:
    """Files git tracks and that are there; all text files of the project where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git clone")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def imported(path: Path) -> set[str]:
    """Top-level names a file imports, also inside functions."""
    found = set()
    for item in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(item, ast.Import):
            found |= {name.name.split(".")[0] for name in item.names}
        elif isinstance(item, ast.ImportFrom):
            found.add("kithwork" if item.level else (item.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "src" / "kithwork" / "model").rglob("*.py")), ids=lambda path: path.stem)
def test_the_model_needs_only_polars_numpy_and_the_standard_library(path: Path):
    assert imported(path) - set(sys.stdlib_module_names) <= {"polars", "numpy", "kithwork"}


def test_tables_for_spreadsheets_are_written_where_formulas_are_defused():
    writers = {"DictWriter", "write_csv", "write_excel", "Workbook", "writer"}
    found = set()
    for path in SOURCES:
        calls = (item.func for item in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(item, ast.Call))
        if any(isinstance(call, ast.Attribute) and call.attr in writers for call in calls):
            found.add(path.relative_to(ROOT / "src" / "kithwork").as_posix())
    assert found == {"formats/sheets.py", "formats/frames.py", "formats/xlsx.py"}


def test_no_file_is_a_drawer_for_everything():
    drawers = {"utils", "util", "helpers", "common", "core", "base", "misc"}
    assert [path for path in SOURCES if drawers & {path.stem, path.parent.name}] == []


def test_every_file_says_what_it_is():
    texts = {path: path.read_text(encoding="utf-8") for path in SOURCES}
    silent = [path for path, text in texts.items() if text.strip() and not ast.get_docstring(ast.parse(text))]
    assert silent == []


def test_no_tracked_file_names_a_registry_or_a_place_on_one_machine():
    # written in pieces, so that this file does not hold them
    registries = ["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.(org|com)"]
    places = [r"(?<![\w.])/(root|home|work|opt)/\w", r"[A-Z]:\\\\?Users"]
    wrong = re.compile("|".join(registries + places))
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}:{number}" for number, line in enumerate(text.splitlines(), 1) if wrong.search(line)]
    assert found == []


def test_locks_pin_everything_the_project_asks_for_with_a_hash():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    asked = {
        "runtime": project["project"]["dependencies"],
        "build": groups["build"],
        "dev": [*project["project"]["dependencies"], *groups["build"], *(need for need in groups["dev"] if isinstance(need, str))],
    }
    for lock, needs in asked.items():
        pins = pinned(lock)
        assert {re.split(r"[\[<>=;]", need)[0].strip() for need in needs} <= set(pins)
        assert all(pins.values()), f"a pin without a hash in {lock}.txt"


def test_what_a_user_runs_is_what_was_tested():
    assert set(entries("runtime")) <= set(entries("dev"))
    assert set(entries("build")) <= set(entries("dev"))


def entries(lock: str) -> list[str]:
    """One entry a package: `name==version ; marker --hash=…`, lines joined."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text().replace("\\\n", " ")
    return [" ".join(line.split()) for line in text.splitlines() if line and not line.startswith("#")]


def pinned(lock: str) -> dict[str, bool]:
    """Package name → whether every entry has a version and a hash."""
    pins: dict[str, bool] = {}
    for entry in entries(lock):
        name = entry.split("==")[0].strip()
        pins[name] = pins.get(name, True) and "==" in entry and "--hash=sha256:" in entry
    return pins


def test_the_front_end_lock_names_versions_and_contents_but_no_addresses():
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    asked = json.loads((ROOT / "frontend" / "package.json").read_text())
    assert {key: packages[""][key] for key in ("dependencies", "devDependencies")} == {
        key: asked[key] for key in ("dependencies", "devDependencies")
    }
    for name, entry in packages.items():
        if name:
            assert {"version", "integrity"} <= set(entry), name
            assert "resolved" not in entry, name
