"""SPSS `.sav` and Stata `.dta`, both ways, through pyreadstat: the three tables with labels and user-missing values.

A file is read in a process of its own (`apart`), since the library is C and the file may be built to do harm.
"""

import re
import tempfile
from pathlib import Path
from typing import Any

from kithwork.formats import egor
from kithwork.formats.apart import NEEDED, sheet_apart
from kithwork.formats.labelled import FIRST_REASON, LOWEST_REASON, Variable, labelled_tables
from kithwork.formats.reading import MISSING, Notes, Writing
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError, StudyError
from kithwork.model.tables import StudyTables

_SPSS_TEXT, _STATA_TEXT = 32_000, 2_000
_STATA_NAME = 28  # of 32; pyreadstat names a set of value labels by its variable and a number of up to four digits


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
        raise StudyError(NEEDED) from None
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
        if source.data.startswith(b"<stata_dta>") and not source.data.rstrip().endswith(b"</stata_dta>"):
            raise FormatError(f"'{source.name}' is no whole Stata file: its end is missing; save it again.")  # the library reads on
        if source.name.lower().endswith((".sav", ".dta")):
            sheets.append(sheet_apart(source, "SPSS" if source.name.lower().endswith(".sav") else "Stata"))
        else:
            notes.meet("not_read", "The file is no SPSS or Stata file and is not read beside one.", source.name)
    return egor.read_tables(sheets, notes)
