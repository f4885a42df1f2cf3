# All of it works in a fresh clone: each target sets up what it needs, in this folder.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test lint bench docs assets build lock format clean

help:  ## say what there is
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## */make \1\t/' | expand -t 16

demo:  ## make the synthetic study and open it in the browser
	@$(PYTHON) scripts/environment.py runtime
	@test -e demo.kith || $(BIN)/kith demo demo.kith
	@$(BIN)/kith serve demo.kith

test:  ## run every check
	@$(PYTHON) scripts/environment.py dev
	@$(BIN)/python scripts/check.py

lint:  ## run the quick checks: style, types, layers
	@$(PYTHON) scripts/environment.py dev
	@$(BIN)/python scripts/check.py style types layers

format:  ## put the code in its usual form
	@$(PYTHON) scripts/environment.py dev
	@$(BIN)/ruff check --fix-only --quiet . && $(BIN)/ruff format --quiet .

bench:  ## measure what is claimed about speed; one JSON object a line
	@$(PYTHON) scripts/environment.py dev >&2
	@$(BIN)/python benchmarks/run.py

docs:  ## write the pages that are derived from code
	@$(PYTHON) scripts/environment.py dev
	@$(BIN)/python scripts/docs.py

assets:  ## bundle the front end
	@$(PYTHON) scripts/environment.py dev

build:  ## make the source archive and the wheel in dist/
	@$(PYTHON) scripts/environment.py dev
	@$(BIN)/uv build --no-build-isolation --python $(BIN)/python --quiet && ls dist

lock:  ## make the locks again, with the newest versions
	@$(PYTHON) scripts/environment.py dev
	@scripts/lock.sh

clean:  ## remove everything that was made here, but no study
	rm -rf .venv build dist frontend/node_modules .ruff_cache .pytest_cache .hypothesis
