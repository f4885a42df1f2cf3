#!/usr/bin/env bash
# Makes the locks again from pyproject.toml and frontend/package.json: newest versions, hashes, and no addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-annotate --no-header "$@"
}
compile pyproject.toml --extra postgres --extra models --extra scale --extra statistics --group dev -o requirements/dev.txt
compile pyproject.toml -c requirements/dev.txt -o requirements/runtime.txt
compile --group pyproject.toml:build -c requirements/dev.txt -o requirements/build.txt

# From an empty folder: with node_modules beside it, npm leaves other machines' packages out of the lock.
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
cp frontend/package.json "$made/"
npm=$(.venv/bin/python -c 'import shlex, hatch_build; print(shlex.join(hatch_build.npm()))')
(cd "$made" && $npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund)
cp "$made/package-lock.json" frontend/
