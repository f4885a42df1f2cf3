"""The member `kithwork/study.json` of a `.qdpx`: everything of the study that REFI-QDA has no place for, column by column.

It holds the digest of the `project.qde` it was written with. Where another program has changed that since, it is not believed.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from kithwork.formats.building import MOST_ROWS
from kithwork.formats.refi.leaving import Leaving
from kithwork.formats.refi.plain import plain_text
from kithwork.model.errors import FormatError, StudyError
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES
from kithwork.model.tables import StudyTables

MEMBER = "kithwork/study.json"
VERSION = 1
_QUOTED = ("quotation", "before", "after")
_AROUND = 32


def write_extension(leaving: Leaving, qde: bytes, paths: dict[str, str]) -> bytes:
    """The member, for a project already written. `paths` gives the source file of each revision that is one."""
    texts = {row["id"]: row["text"] for row in leaving.rows["revisions"]}
    tables: dict[str, Any] = {}
    for name, rows in leaving.rows.items():
        if name == "revisions":
            rows = [_by_path(row, paths) for row in rows]
        elif name == "segments":
            rows = [_unquoted(row, texts[row["revision_id"]]) for row in rows]
        names = [column.name for column in TABLES[name].columns if any(column.name in row for row in rows)]
        extra = [key for key in ("path", "words") if any(key in row for row in rows)]
        if rows:
            tables[name] = {key: [row.get(key) for row in rows] for key in (*names, *extra)}
    whole = {"kithwork": VERSION, "project_sha256": hashlib.sha256(qde).hexdigest(), "tables": tables}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def read_extension(data: bytes, qde: bytes, text_of: Callable[[str | None], str | None], file: str) -> StudyTables | None:
    """The study's tables, or None where the project or a text was changed since. Raises `FormatError` for a member that is not ours."""
    try:
        whole = json.loads(data)
        if whole["kithwork"] != VERSION or whole["project_sha256"] != hashlib.sha256(qde).hexdigest():
            return None
        rows = {name: _rows(name, columns) for name, columns in whole["tables"].items() if name in TABLES}
        if sum(map(len, rows.values())) > MOST_ROWS:
            raise FormatError(f"'{file}' would add more than {MOST_ROWS:,} rows; import it in parts.")
        if not _fill_texts(rows, text_of):
            return None
        tables = StudyTables.from_rows(rows)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError, StudyError):
        raise FormatError(f"'{file}' holds a '{MEMBER}' that is damaged; take that member out of the zip to import the rest.") from None
    problems = tables.problems()
    if problems:
        raise FormatError(f"'{file}' holds a '{MEMBER}' that is damaged; take that member out of the zip to import the rest.")
    return tables


def _rows(name: str, columns: dict[str, list[Any]]) -> list[Row]:
    if TABLES[name].domain != "research":
        raise ValueError(name)
    keys = list(columns)
    return [{k: v for k, v in zip(keys, values, strict=True) if v is not None} for values in zip(*columns.values(), strict=True)]


def _by_path(row: Row, paths: dict[str, str]) -> Row:
    """A text that stands in a source file exactly is not said twice."""
    if row["id"] not in paths or plain_text(row["text"]) != row["text"]:
        return row
    return {**{key: value for key, value in row.items() if key != "text"}, "path": [paths[row["id"]], _sha256(row["text"])]}


def _fill_texts(rows: dict[str, list[Row]], text_of: Callable[[str | None], str | None]) -> bool:
    texts: dict[str, str] = {}
    for row in rows.get("revisions", ()):
        if "path" in row:
            path, digest = row.pop("path")
            text = text_of(path)
            if text is None or _sha256(text) != digest:
                return False
            row["text"] = text
        texts[row["id"]] = row["text"]
    for row in rows.get("segments", ()):
        words = row.pop("words", None)
        if words is not None:
            row |= _quote(texts[row["revision_id"]], row["start"], row["stop"], words)
    return True


def _unquoted(row: Row, text: str) -> Row:
    """Quotation and surroundings left out where the text gives them: `words` is how many characters either side were kept."""
    for around in (_AROUND, *sorted({len(row.get("before") or ""), len(row.get("after") or "")}, reverse=True)):
        if _quote(text, row["start"], row["stop"], around) == {key: row[key] for key in _QUOTED if row.get(key)}:
            return {**{key: value for key, value in row.items() if key not in _QUOTED}, "words": around}
    return row


def _quote(text: str, start: int, stop: int, around: int) -> dict[str, str]:
    found = {"quotation": text[start:stop], "before": text[max(0, start - around) : start], "after": text[stop : stop + around]}
    return {key: value for key, value in found.items() if value}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
