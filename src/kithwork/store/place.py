"""Where a study is kept, and the connections to it: a `.kith` file (SQLite, plain or encrypted) or a PostgreSQL schema."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2 as sqlcipher

from kithwork.model.errors import StudyError

OLDEST_SQLITE = (3, 51, 3)  # before it, two connections could corrupt a WAL file (sqlite.org/wal.html#walresetbug)
APPLICATION_ID = 0x4B495448  # "KITH"
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "fullfsync=1",
    "foreign_keys=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
    "busy_timeout=10000",
)


@dataclass(frozen=True)
class Place:
    """A `.kith` file, or one study's schema on a PostgreSQL server."""

    path: Path | None = None
    server: str | None = None
    schema: str | None = None

    @property
    def is_file(self) -> bool:
        return self.path is not None

    @property
    def name(self) -> str:
        """What to call it in a message: the file's name or the study's; never a password."""
        return self.path.name if self.path is not None else str(self.schema).removeprefix("study_")


def place_of(where: str | os.PathLike[str]) -> Place:
    """A path, or `postgresql://user@host/database?study=NAME`."""
    text = os.fspath(where)
    if not re.match(r"postgres(ql)?://", text):
        return Place(path=Path(text).expanduser())
    url = sa.make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text))
    study = url.query.get("study")
    if not isinstance(study, str) or not re.fullmatch(r"[a-z][a-z0-9_]{0,50}", study):
        raise StudyError(
            "A study on a server is named at the end of its address, as in …/database?study=my_study (small letters, digits, _)."
        )
    return Place(server=url.difference_update_query(["study"]).render_as_string(hide_password=False), schema=f"study_{study}")


def is_encrypted(place: Place) -> bool:
    """Whether a file is there that does not begin as a plain SQLite file does."""
    return place.path is not None and place.path.is_file() and place.path.stat().st_size > 0 and not _begins_as_sqlite(place.path)


def looks_damaged(place: Place) -> bool:
    """Whether a plain study file is there that could not be opened as one, or is cut to nothing."""
    return place.path is not None and place.path.is_file() and (place.path.stat().st_size == 0 or _begins_as_sqlite(place.path))


def _begins_as_sqlite(path: Path) -> bool:
    with open(path, "rb") as file:
        return file.read(16) == b"SQLite format 3\x00"


def connect(place: Place, passphrase: str | None, *, is_writer: bool, is_read_only: bool = False) -> sa.Engine:
    """An engine on the place: one writing connection, or a pool of reading ones."""
    if place.is_file:
        return _file_engine(place, passphrase, is_writer=is_writer, is_read_only=is_read_only)
    return _server_engine(place, is_writer=is_writer)


def _file_engine(place: Place, passphrase: str | None, *, is_writer: bool, is_read_only: bool) -> sa.Engine:
    engine_version = tuple(int(part) for part in sqlcipher.sqlite_version.split("."))
    if engine_version < OLDEST_SQLITE:
        raise StudyError(f"SQLite {sqlcipher.sqlite_version} can damage a study; install sqlcipher3 with SQLite 3.51.3 or newer.")

    def open_connection() -> Any:
        assert place.path is not None
        # A file opened for writing by SQLite, though never written by us, leaves no -wal beside it when it is closed.
        mode = "ro" if is_read_only and not os.access(place.path, os.W_OK) else "rw"
        connection = sqlcipher.connect(f"{place.path.absolute().as_uri()}?mode={mode}", uri=True, check_same_thread=False)
        connection.isolation_level = None  # transactions begin where we say so
        cursor = connection.cursor()
        cursor.execute("PRAGMA cipher_log_level=NONE")
        if passphrase:
            # hexkey keeps any character of the passphrase out of SQL quoting.
            cursor.execute(f"PRAGMA hexkey='{passphrase.encode().hex()}'")
        for pragma in PRAGMAS:
            if not (is_read_only and pragma.startswith("journal_mode")):
                cursor.execute(f"PRAGMA {pragma}")
        if not is_writer:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()
        return connection

    engine = sa.create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=open_connection,
        poolclass=QueuePool,
        pool_size=1 if is_writer else 8,
        max_overflow=0 if is_writer else 8,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    return engine


def _server_engine(place: Place, *, is_writer: bool) -> sa.Engine:
    try:
        import psycopg  # noqa: F401 - only server studies need the driver
    except ImportError:
        raise StudyError("A study on a server needs the PostgreSQL driver; install it with pip install 'kithwork[postgres]'.") from None
    engine = sa.create_engine(str(place.server), pool_size=1 if is_writer else 8, max_overflow=0 if is_writer else 8, pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def settle(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'SET search_path TO "{place.schema}"')
            cursor.execute("SET synchronous_commit TO on")
            if not is_writer:
                cursor.execute("SET default_transaction_read_only TO on")
        connection.commit()

    return engine
