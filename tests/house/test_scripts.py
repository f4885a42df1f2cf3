"""The scripts behind `make`."""

import shutil
import subprocess
import sys
from pathlib import Path

import check  # scripts/check.py
import environment  # scripts/environment.py
import hatch_build
import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.skipif(not check.initdb(), reason="PostgreSQL is not installed")
def test_the_server_for_tests_answers_and_is_gone_afterwards():
    psycopg = pytest.importorskip("psycopg")
    with check.postgres() as address:
        with psycopg.connect(address) as connection:
            assert connection.execute("select current_user").fetchone() == ("kith",)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(address.replace(":" + address.split(":")[2].split("@")[0], ":wrong"))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)


def test_a_check_that_fails_makes_the_whole_fail(monkeypatch: pytest.MonkeyPatch):
    good, bad = ([sys.executable, "-c", "pass"], ROOT), ([sys.executable, "-c", "raise SystemExit(3)"], ROOT)
    monkeypatch.setattr(check, "checks", lambda: {"first": [good], "second": [bad, good], "third": [good]})
    monkeypatch.setattr(sys, "argv", ["check.py"])
    with pytest.raises(SystemExit) as stopped:
        check.main()
    assert "FAILED: second (of first, second, third)" in str(stopped.value.code)


def test_a_changed_lock_is_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path)
    environment.stamp("dev").write_text(environment.wanted("dev"))
    assert environment.is_installed("dev")
    assert environment.is_installed("runtime"), "dev holds all of runtime"
    with (tmp_path / "requirements" / "dev.txt").open("a") as lock:
        lock.write("# changed\n")
    assert not environment.is_installed("dev")


def test_a_changed_source_makes_the_bundle_stale_and_a_changed_test_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shutil.copytree(ROOT / "frontend", tmp_path / "frontend", ignore=shutil.ignore_patterns("node_modules"))
    monkeypatch.setattr(hatch_build, "FRONTEND", tmp_path / "frontend")
    monkeypatch.setattr(hatch_build, "ASSETS", tmp_path / "assets")
    assert not hatch_build.is_fresh()
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "stamp").write_text(hatch_build.digest())
    (tmp_path / "frontend" / "src" / "app.test.ts").write_text("// a test\n")
    assert hatch_build.is_fresh()
    with (tmp_path / "frontend" / "src" / "style.css").open("a") as style:
        style.write("p { color: red }\n")
    assert not hatch_build.is_fresh()


@pytest.mark.parametrize("script", ["Makefile", ".ci/run", "scripts/lock.sh"])
def test_a_shell_script_can_be_parsed(script: str):
    command = ["make", "-n", "help"] if script == "Makefile" else ["bash", "-n", script]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
