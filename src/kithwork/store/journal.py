"""Journal entries: what they hold, how they are chained, and what replaying them gives.

An entry's hash covers the entry before it on the same device, its header, and a salted commitment to each row changed; so the
content of one row can be erased later (its salt with it) while the chain still verifies. The header holds ids only.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from kithwork.model.ids import new_id
from kithwork.model.rows import Row

HEADER = ("id", "device", "sequence", "at", "verb", "actor", "origin", "participant", "map", "request", "undoes")
Content = dict[str, Any]  # {"c": commitment, "s": salt, "t": table, "id": row id, "b": before, "a": after}; erased: {"c": …}


@dataclass(frozen=True)
class RowChange:
    """One row before and after: an insert has no before, a delete no after, an update only the columns that changed."""

    table: str
    row_id: str
    before: Row | None
    after: Row | None


_SPELLING = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value that hashes are taken of."""
    return _SPELLING.encode(value).encode()


def seal(change: RowChange) -> Content:
    """A row change with its salted commitment."""
    salt = secrets.token_bytes(16).hex()
    body = {"t": change.table, "id": change.row_id, "b": change.before, "a": change.after}
    return {"c": _commit(salt, body), "s": salt, **body}


def _commit(salt: str, body: Any) -> str:
    return hashlib.sha256(bytes.fromhex(salt) + canonical(body)).hexdigest()


def entry_hash(previous: str | None, header: Row, contents: Iterable[Content]) -> str:
    """SHA-256 over the previous hash, the header's ids and the commitments."""
    return hash_over(previous, header, "".join(content["c"] for content in contents).encode())


def hash_over(previous: str | None, header: Row, joined: bytes) -> str:
    """The same, of commitments written one after the other."""
    commitments = hashlib.sha256(joined).digest()
    head = canonical({name: header.get(name) for name in HEADER})
    return hashlib.sha256((previous or "").encode() + b"\n" + head + b"\n" + commitments).hexdigest()


def changes_of(contents: Iterable[Content]) -> Iterator[RowChange]:
    """The row changes of an entry; erased ones are left out."""
    for content in contents:
        if "s" in content:
            yield RowChange(content["t"], content["id"], content["b"], content["a"])


def broken_contents(contents: Iterable[Content]) -> int:
    """How many contents do not match their commitment."""
    return sum(
        "s" in content and _commit(content["s"], {key: content.get(key) for key in ("t", "id", "b", "a")}) != content["c"]
        for content in contents
    )


def inverse(changes: Iterable[RowChange]) -> list[RowChange]:
    """What takes changes back, in the order to carry out."""
    return [RowChange(c.table, c.row_id, c.after, c.before) for c in reversed(list(changes))]


def replay(changes: Iterable[RowChange], state: dict[str, dict[str, Row]]) -> None:
    """Carry changes out on `state`, table → id → row without empty columns."""
    for change in changes:
        rows = state.setdefault(change.table, {})
        if change.after is None:
            rows.pop(change.row_id, None)
        elif change.before is None:
            rows[change.row_id] = dict(change.after)
        else:
            row = rows.setdefault(change.row_id, {})
            row.update(change.after)
            for name in [name for name, value in row.items() if value is None]:
                del row[name]


def this_device() -> str:
    """The random id of this machine's chain, made once and kept with the user's own data."""
    if chosen := os.environ.get("KITH_DEVICE"):
        return chosen
    path = Path(platformdirs.user_data_dir("kithwork", appauthor=False)) / "device"
    try:
        return path.read_text().strip()
    except OSError:
        device = new_id()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(device)
    except FileExistsError:
        return path.read_text().strip() or device
    except OSError:
        pass  # a home that cannot be written still gets a chain, for this run
    return device
