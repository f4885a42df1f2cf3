"""Makes `.venv` hold exactly what the locks name, with Kithwork itself, and brings the front end up to date.

    python3 scripts/environment.py runtime|dev

Standard library only: it runs before anything is installed. Does nothing when all is as it should be.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
LOCKS = {"runtime": ["runtime.txt", "build.txt"], "dev": ["dev.txt"]}
PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input"]


def main() -> None:
    kind = sys.argv[1]
    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs on whatever Python is there
        sys.exit(f"Kithwork needs Python 3.11 or newer and this is {sys.version.split()[0]}; name another with: make PYTHON=python3.12 …")
    if not works():
        make()
    if not is_installed(kind):
        install(kind)
    subprocess.run([PYTHON, "hatch_build.py", *(["--dev"] if kind == "dev" else [])], cwd=ROOT, check=True)


def works() -> bool:
    """Whether `.venv` has a Python and a pip that run; one whose Python was since removed has not."""
    return PYTHON.exists() and subprocess.run([PYTHON, *PIP, "--version"], capture_output=True, check=False).returncode == 0


def make() -> None:
    """A fresh `.venv`: with `venv` where Python has it, else with virtualenv fetched into `build`."""
    shutil.rmtree(VENV, ignore_errors=True)
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        return
    if not importlib.util.find_spec("pip"):
        sys.exit(f"This Python ({sys.executable}) has neither venv nor pip; install one of them (on Debian: apt-get install python3-venv).")
    fetched = ROOT / "build" / "virtualenv"
    subprocess.run([sys.executable, *PIP, "install", "-q", "--upgrade", "--target", fetched, "virtualenv>=20.26,<22"], check=True)
    subprocess.run([sys.executable, "-m", "virtualenv", "-q", VENV], env={**os.environ, "PYTHONPATH": str(fetched)}, check=True)


def is_installed(kind: str) -> bool:
    """Whether `.venv` was last filled from these locks; `dev` holds all of `runtime`."""
    return any(stamp(each).is_file() and stamp(each).read_text() == wanted(each) for each in {kind, "dev"})


def install(kind: str) -> None:
    """Everything the locks name, checked against their hashes, then Kithwork itself without fetching any more."""
    print("Fetching what Kithwork needs into .venv; the first time takes a minute or two.", flush=True)
    quiet = [] if sys.stdout.isatty() else ["-q"]
    locks = [part for name in LOCKS[kind] for part in ("-r", str(ROOT / "requirements" / name))]
    subprocess.run([PYTHON, *PIP, "install", *quiet, "--require-hashes", "--no-deps", *locks], check=True)
    subprocess.run([PYTHON, *PIP, "install", "-q", "--no-deps", "--no-build-isolation", "-e", ROOT], check=True)
    for old in LOCKS:
        stamp(old).unlink(missing_ok=True)
    stamp(kind).write_text(wanted(kind))


def stamp(kind: str) -> Path:
    return VENV / f"kithwork-{kind}"


def wanted(kind: str) -> str:
    """What the stamp says: the locks and the project file as they are now, and where the folder lies."""
    files = [ROOT / "pyproject.toml", *(ROOT / "requirements" / name for name in LOCKS[kind])]
    return hashlib.sha256(b"\0".join([str(ROOT).encode(), *(file.read_bytes() for file in files)])).hexdigest()


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"Could not set up .venv: '{' '.join(map(str, error.cmd[:6]))} …' failed; what it said stands above.")
