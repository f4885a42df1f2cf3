"""A file that a library written in C or Rust reads, as a sheet of text cells: in a process of its own, with bounds on time and memory.

The file may be built to do harm; whatever it does, it does it to that process alone. Nothing is written to disk for it.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kithwork.formats.reading import MISSING
from kithwork.formats.sheets import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Coded, Sheet, defuse
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError, StudyError

SECONDS = 60
NEEDED = "SPSS and Stata files need pyreadstat; install kithwork[statistics]."
_NAMED = {"refused": "refused", "don't know": "dont_know", "dont know": "dont_know", "skipped": "skipped", "not yet": "not_yet"}


def sheets_apart(sources: Sequence[Source], program: str) -> list[Sheet]:
    """Many small files in one process, which takes longer to start than they to read; one by one where any does harm."""
    if len(sources) < 2:
        return [sheet_apart(source, program) for source in sources]
    ending = Path(sources[0].name).suffix.lower()
    command = [sys.executable, "-I", str(Path(__file__).with_name("apart_worker.py")), ending]
    limits = {"rows": MOST_ROWS, "cells": MOST_CELLS, "columns": MOST_COLUMNS}
    sizes = [len(source.data) for source in sources]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            [*command, json.dumps(limits), json.dumps(sizes)],
            input=b"".join(source.data for source in sources),
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env=_environment(),
        )
        answers: list[dict[str, Any]] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        answers = []
    if len(answers) != len(sources) or any("problem" in answer for answer in answers):
        return [sheet_apart(source, program) for source in sources]
    return [_sheet(source, answer) for source, answer in zip(sources, answers, strict=True)]


def sheet_apart(source: Source, program: str) -> Sheet:
    """The file of a program as text cells, what its labels say beside them.

    Raises `FormatError` where it is damaged, too large, or takes too long.
    """
    ending = Path(source.name).suffix.lower()
    command = [sys.executable, "-I", str(Path(__file__).with_name("apart_worker.py")), ending]
    limits = {"rows": MOST_ROWS, "cells": MOST_CELLS, "columns": MOST_COLUMNS}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            [*command, json.dumps(limits)], input=source.data, capture_output=True, timeout=SECONDS, check=False, env=_environment()
        )
    except subprocess.TimeoutExpired:
        raise FormatError(f"'{source.name}' takes longer than {SECONDS} seconds to read; import it in parts.") from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        answer = {"problem": "damaged"}
    problem = answer.get("problem")
    if problem == "large":
        raise FormatError(f"'{source.name}' has more than {MOST_ROWS:,} rows or {MOST_CELLS:,} cells; import it in parts.")
    if problem == "missing":
        raise StudyError(NEEDED)
    if problem or done.returncode:
        raise FormatError(f"'{source.name}' is no whole {program} file; save it again.")
    return _sheet(source, answer)


def _sheet(source: Source, answer: dict[str, Any]) -> Sheet:
    coded = {
        name: Coded(
            spec["wording"],
            spec["labels"],
            {value: _reason(spec["labels"].get(value, ""), value) for value in spec["missing"]},
            spec["is_text"],
        )
        for name, spec in answer["coded"].items()
    }
    # a reader of tables takes a leading ' off again, which these files do not have
    rows = [[defuse(cell) for cell in row] for row in zip(*answer["columns"], strict=True)]
    return Sheet(source.name, answer["header"], rows, list(range(2, len(rows) + 2)), ";", coded)


def _environment() -> dict[str, str]:
    """Nothing of ours goes with the process that reads, such as a passphrase."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "LANG", "LC_ALL")}
    return kept | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def _reason(label: str, value: str) -> str:
    word = label.removeprefix(MISSING) if label.startswith(MISSING) else _NAMED.get(label.strip().lower(), "")
    if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", word):
        return word
    plain = re.sub(r"[^a-z0-9]+", "_", (label or f"value {value}").lower()).strip("_")[:40]
    return plain if plain[:1].isalpha() else f"value_{plain}"[:40]
