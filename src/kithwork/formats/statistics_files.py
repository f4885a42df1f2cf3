"""SPSS `.sav` and Stata `.dta`, both ways, through pyreadstat: the three tables with labels and user-missing values.

A file is read in a process of its own with bounds on time and memory, since the library is C and the file may be built to do
harm; nothing is written to disk for it.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from kithwork.formats import egor
from kithwork.formats.labelled import FIRST_REASON, LOWEST_REASON, Variable, labelled_tables
from kithwork.formats.reading import MISSING, Notes, Writing
from kithwork.formats.sheets import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Coded, Sheet, defuse
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError, StudyError
from kithwork.model.tables import StudyTables

SECONDS = 60
_NEEDED = "SPSS and Stata files need pyreadstat; install kithwork[statistics]."
_SPSS_TEXT, _STATA_TEXT = 32_000, 2_000
_STATA_NAME = 28  # of 32; pyreadstat names a set of value labels by its variable and a number of up to four digits
_NAMED = {"refused": "refused", "don't know": "dont_know", "dont know": "dont_know", "skipped": "skipped", "not yet": "not_yet"}


# -- written ------------------------------------------------------------------------------------------------------------------


def write_spss(tables: StudyTables, *, with_personal_text: bool = False) -> Writing:
    """`egos.sav`, `alters.sav`, `aaties.sav`; why an answer is missing is a user-missing value from −91 downwards."""
    found, losses = labelled_tables(tables, lambda name: _name(name, 60), _SPSS_TEXT, with_personal_text=with_personal_text)
    return Writing({f"{name}.sav": _written(variables, ".sav") for name, variables in found.items()}, losses)


def write_stata(tables: StudyTables, *, with_personal_text: bool = False) -> Writing:
    """`egos.dta`, `alters.dta`, `aaties.dta`; why an answer is missing is one of Stata's `.a` to `.z`."""
    found, losses = labelled_tables(tables, lambda name: _name(name, _STATA_NAME), _STATA_TEXT, with_personal_text=with_personal_text)
    return Writing({f"{name}.dta": _written(variables, ".dta") for name, variables in found.items()}, losses)


def _name(name: str, longest: int) -> str:
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name).strip("_") or "v"
    return (plain if plain[0].isalpha() else f"v_{plain}")[:longest]


def _written(variables: list[Variable], ending: str) -> bytes:
    import polars as pl

    try:
        import pyreadstat
    except ImportError:
        raise StudyError(_NEEDED) from None
    is_stata = ending == ".dta"
    series, labels, missing = [], {}, {}
    for variable in variables:
        cells, own = variable.cells, dict(variable.labels)
        values: dict[Any, str] = dict(own)
        if variable.reasons and is_stata:
            letter = {value: chr(ord("a") + at) for at, value in enumerate(variable.reasons)}
            cells = [letter.get(cell, cell) if cell is not None else None for cell in cells]
            values |= {letter[value]: MISSING + reason for value, reason in variable.reasons.items()}
            missing[variable.name] = list(letter.values())
            series.append(pl.Series(variable.name, [float(c) if isinstance(c, (int, float)) else c for c in cells], dtype=pl.Object))
        elif variable.is_text:
            series.append(pl.Series(variable.name, cells, dtype=pl.String))
        else:
            series.append(pl.Series(variable.name, cells, dtype=pl.Float64, strict=False))
            if variable.reasons:
                missing[variable.name] = [{"lo": LOWEST_REASON, "hi": FIRST_REASON}]
                values |= {value: MISSING + reason for value, reason in variable.reasons.items()}
        if values:
            labels[variable.name] = values
    words = {v.name: v.wording[:80] if is_stata else v.wording.encode()[:250].decode("utf-8", "ignore") for v in variables}
    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        path = Path(folder) / f"table{ending}"
        more = {"missing_user_values": missing} if is_stata else {"missing_ranges": missing}
        write: Any = pyreadstat.write_dta if is_stata else pyreadstat.write_sav
        write(pl.DataFrame(series), str(path), column_labels=words, variable_value_labels=labels, **{k: v for k, v in more.items() if v})
        return path.read_bytes()


# -- read ---------------------------------------------------------------------------------------------------------------------


def recognises_spss(sources: list[Source], notes: Notes) -> bool:
    """Whether a file is an SPSS one, by its ending and first bytes."""
    return any(source.name.lower().endswith(".sav") and source.data[:4] in (b"$FL2", b"$FL3") for source in sources)


def recognises_stata(sources: list[Source], notes: Notes) -> bool:
    """Whether a file is a Stata one, by its ending."""
    return any(source.name.lower().endswith(".dta") for source in sources)


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """Tables from SPSS or Stata files laid out as egor's: egos, alters, alter ties, or wide.

    Raises `FormatError` where a file is damaged, too large, or takes too long.
    """
    sheets = []
    for source in sources:
        if source.name.lower().endswith((".sav", ".dta")):
            sheets.append(_sheet(source))
        else:
            notes.meet("not_read", "The file is no SPSS or Stata file and is not read beside one.", source.name)
    return egor.read_tables(sheets, notes)


def _sheet(source: Source) -> Sheet:
    """The file as text cells, what its labels say beside them."""
    ending = source.name.lower()[-4:]
    command = [sys.executable, "-I", str(Path(__file__).with_name("statistics_worker.py")), ending]
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
        raise StudyError(_NEEDED)
    if problem or done.returncode:
        raise FormatError(f"'{source.name}' is no whole {'SPSS' if ending == '.sav' else 'Stata'} file; save it again.")
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
