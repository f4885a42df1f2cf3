"""Runs every check, or those named, and fails if any fails.

    .venv/bin/python scripts/check.py [style] [types] [layers] [frontend] [tests]

The tests get a real Chromium and a PostgreSQL server of their own, which is stopped and removed at the end.
"""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from environment import PROGRAMS, PYTHON, ROOT

sys.path.insert(0, str(ROOT))
from hatch_build import FRONTEND, node

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def checks() -> dict[str, list[tuple[list[str], Path]]]:
    """Name → commands and the folder each runs in."""
    modules = FRONTEND / "node_modules"
    return {
        "style": [
            ([f"{PROGRAMS / 'ruff'}", "check", "--no-cache", "."], ROOT),
            ([f"{PROGRAMS / 'ruff'}", "format", "--no-cache", "--check", "."], ROOT),
        ],
        "types": [([f"{PROGRAMS / 'pyright'}"], ROOT)],
        "layers": [([f"{PROGRAMS / 'lint-imports'}", "--no-cache"], ROOT)],
        "frontend": [
            ([node(), f"{modules / 'typescript' / 'bin' / 'tsc'}", "--noEmit"], FRONTEND),
            ([node(), f"{modules / 'vitest' / 'vitest.mjs'}", "run"], FRONTEND),
        ],
        "tests": [([str(PYTHON), "-m", "pytest", "-n", "2", "--durations=30", "--durations-min=4"], ROOT)],
    }


def main() -> None:
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit("Stopped."))  # so that the server is stopped as well
    begun = time.monotonic()
    known = checks()
    names = sys.argv[1:] or list(known)
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"There is no check '{unknown[0]}'; there are {', '.join(known)}.")
    failed = [name for name in names if not (run_tests(known[name]) if name == "tests" else run(name, known[name]))]
    took = f"in {time.monotonic() - begun:.0f} s"
    if failed:
        sys.exit(f"\nFAILED: {', '.join(failed)} (of {', '.join(names)}) {took}.")
    print(f"\nAll is well: {', '.join(names)} passed {took}.")


def run(name: str, commands: list[tuple[list[str], Path]], **environment: str) -> bool:
    """Run a check's commands, all of them even when one fails."""
    good = True
    for command, folder in commands:
        print(f"\n== {name}: {Path(command[0]).name} {' '.join(Path(part).name for part in command[1:])}", flush=True)
        good &= (
            subprocess.run(command, cwd=folder, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, check=False).returncode == 0
        )
    return good


def run_tests(commands: list[tuple[list[str], Path]]) -> bool:
    """The tests, with what of Chromium and PostgreSQL can be had; without either they count as failed, and it is said why."""
    missing = install_programs()
    with contextlib.ExitStack() as stack:
        environment = {}
        if browser := chromium():
            environment["KITH_TEST_CHROMIUM"] = browser
        if os.environ.get("KITH_TEST_POSTGRES") or initdb():
            environment["KITH_TEST_POSTGRES"] = os.environ.get("KITH_TEST_POSTGRES") or stack.enter_context(postgres())
        passed = run("tests", commands, **environment)
    if missing:
        print(f"\nThe tests need {' and '.join(missing)}, which could not be installed here; install it, then run this again.")
    return passed and not missing


def install_programs() -> list[str]:
    """Install Chromium and PostgreSQL where Debian's packages can; what is still missing."""

    def missing() -> list[str]:
        found = {"chromium": chromium(), "postgresql": os.environ.get("KITH_TEST_POSTGRES") or initdb()}
        return [name for name, place in found.items() if not place]

    if missing() and shutil.which("apt-get"):
        print(f"Installing {' and '.join(missing())}, which the tests need.", flush=True)
        apt = [*([] if os.geteuid() == 0 else ["sudo", "-n"]), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
        for command in (["update"], ["install", "-y", "--no-install-recommends", *missing()]):
            with contextlib.suppress(FileNotFoundError):  # no sudo: said below, as missing
                subprocess.run([*apt, *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    return missing()


def chromium() -> str | None:
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


def initdb() -> Path | None:
    """PostgreSQL's `initdb`: the newest that Debian keeps off the path, or the one on it."""
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4].split(".")[0]))
    on_path = shutil.which("initdb")
    return kept[-1] if kept else Path(on_path) if on_path else None


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The address of a throw-away server on loopback; it does not run as root, so as root it runs as `postgres`."""
    programs = initdb()
    assert programs is not None
    owner = "postgres" if os.geteuid() == 0 else None
    as_owner = {"user": owner, "group": owner, "extra_groups": []} if owner else {}
    password = secrets.token_urlsafe(16)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="kith-postgres-") as made:
        folder = Path(made)
        (folder / "password").write_text(password)
        if owner:
            shutil.chown(folder, owner)
            shutil.chown(folder / "password", owner)

        def call(program: str, *arguments: str) -> None:
            command = [str(programs.with_name(program)), "-D", str(folder / "data"), *arguments]
            subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, **as_owner)

        secret = f"--pwfile={folder / 'password'}"
        call("initdb", "-U", "kith", "-A", "scram-sha-256", secret, "-E", "UTF8", "--locale=C", "--no-sync")
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        call("pg_ctl", "-w", "-l", str(folder / "log"), "-o", settings, "start")
        try:
            yield f"postgresql://kith:{password}@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "-m", "immediate", "stop")


if __name__ == "__main__":
    main()
