"""Reads one SPSS or Stata file from standard input and writes it to standard output as JSON, within bounds; a process of its own.

It is started by `statistics_files` and imports nothing of ours, so that whatever the file does, it does it alone.
"""

import contextlib
import io
import json
import math
import sys
from typing import Any

MOST_MEMORY = 2 * 2**30
MOST_SECONDS = 55


def _bound() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _text(value: Any) -> str:
    """A value as a cell: whole numbers without a point."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


def _missing(meta: Any, name: str, values: set[str]) -> list[str]:
    """Which of a column's values are user-missing: Stata's letters, SPSS's values and ranges."""
    found = [value for value in (meta.missing_user_values or {}).get(name, ()) if value in values]
    for spec in (meta.missing_ranges or {}).get(name, ()):
        low, high = (spec["lo"], spec["hi"]) if isinstance(spec, dict) else (spec, spec)
        for value in values:
            with contextlib.suppress(ValueError, TypeError):
                if float(low) <= float(value) <= float(high):
                    found.append(value)
    return sorted(set(found))


def answer(ending: str, data: bytes, limits: dict[str, int]) -> dict[str, Any]:
    """Header, columns of text cells, and what the file says of each column; or what the problem is.

    Whatever the library raises for a damaged file ends this process, which says enough.
    """
    try:
        import pyreadstat
    except ImportError:
        return {"problem": "missing"}
    read = pyreadstat.read_sav if ending == ".sav" else pyreadstat.read_dta
    options: dict[str, Any] = {"user_missing": True, "output_format": "dict"}
    columns, meta = read(io.BytesIO(data), row_limit=limits["rows"] + 1, **options)
    height = len(next(iter(columns.values()), []))
    if height > limits["rows"] or height * len(columns) > limits["cells"] or len(columns) > limits["columns"]:
        return {"problem": "large"}
    header = list(columns)
    cells = [[_text(value) for value in columns[name]] for name in header]
    coded = {}
    for name, column in zip(header, cells, strict=True):
        labels = {_text(value): str(label) for value, label in (meta.variable_value_labels or {}).get(name, {}).items()}
        values = set(column) | set(labels)
        is_text = (meta.readstat_variable_types or {}).get(name) == "string"
        wording = (meta.column_names_to_labels or {}).get(name)
        coded[name] = {"wording": wording, "labels": labels, "missing": _missing(meta, name, values - {""}), "is_text": is_text}
    return {"header": header, "columns": cells, "coded": coded}


if __name__ == "__main__":
    _bound()
    sys.stdout.write(json.dumps(answer(sys.argv[1], sys.stdin.buffer.read(), json.loads(sys.argv[2]))))
