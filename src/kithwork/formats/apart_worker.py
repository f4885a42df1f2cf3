"""Reads one SPSS, Stata or Parquet file from standard input and writes it to standard output as JSON, within bounds; a process of its own.

It is started by `apart` and imports nothing of ours, so that whatever the file does, it does it alone.
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
    if ending == ".parquet":
        return _parquet(data, limits)
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


def _parquet(data: bytes, limits: dict[str, int]) -> dict[str, Any]:
    import polars as pl

    schema = pl.read_parquet_schema(io.BytesIO(data))
    if len(schema) > limits["columns"]:
        return {"problem": "large"}
    # what the file says of its length is not believed: rows are taken up to the limit
    frame = pl.scan_parquet(io.BytesIO(data)).head(min(limits["rows"], limits["cells"] // max(len(schema), 1)) + 1).collect()
    if frame.height > limits["rows"] or frame.height * frame.width > limits["cells"]:
        return {"problem": "large"}
    cells = [[_plain(value) for value in column.to_list()] for column in frame.iter_columns()]
    texts = [name for name, kind in schema.items() if kind in (pl.String, pl.Categorical, pl.Enum)]
    coded = {name: {"wording": None, "labels": {}, "missing": [], "is_text": True} for name in texts}
    return {"header": frame.columns, "columns": cells, "coded": coded}


def _plain(value: Any) -> str:
    """A value of a Parquet column as CSV has it: a list joined by `;`, true and false in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ";".join(_text(each) for each in value)
    return _text(value)


if __name__ == "__main__":
    _bound()
    told, bounds = sys.stdin.buffer, json.loads(sys.argv[2])
    if len(sys.argv) > 3:  # several files, one after another, of these sizes
        sys.stdout.write(json.dumps([answer(sys.argv[1], told.read(size), bounds) for size in json.loads(sys.argv[3])]))
    else:
        sys.stdout.write(json.dumps(answer(sys.argv[1], told.read(), bounds)))
