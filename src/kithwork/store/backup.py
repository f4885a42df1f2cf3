"""A copy of a study file that is known to be good: SQLite's backup, checked, then renamed into place."""

import os
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from kithwork.model.errors import StudyError


def back_up(source: Path, target: Path, passphrase: str | None = None) -> Path:
    """Copy a study file, live or not, to `target`; an older target is replaced only by a verified copy.

    Raises `StudyError` when the copy is not sound; nothing is left behind then.
    """
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connections = []
    try:
        for path in (source, partial):
            connection = sqlcipher.connect(str(path))
            connections.append(connection)
            connection.execute("PRAGMA cipher_log_level=NONE")
            if passphrase:
                connection.execute(f"PRAGMA hexkey='{passphrase.encode().hex()}'")
        origin, copy = connections
        origin.backup(copy)
        counts = [c.execute("SELECT count(*), max(place) FROM journal").fetchone() for c in connections]
        is_sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok" and counts[0] == counts[1]
    except sqlcipher.DatabaseError:
        is_sound = False
    finally:
        for connection in connections:
            connection.close()
    if not is_sound:
        partial.unlink(missing_ok=True)
        raise StudyError(f"The backup of '{source.name}' did not come out sound; check the disk, then try again.")
    with open(partial, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(partial, target)
    return target
