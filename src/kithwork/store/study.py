"""A study that is kept: reading its tables, and changing them one journalled action at a time."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from kithwork.model.errors import ConflictError, SelectionError, StudyError
from kithwork.model.rows import Row
from kithwork.model.schema import LIVE
from kithwork.model.tables import StudyTables
from kithwork.model.terms import Search
from kithwork.store import talk_index, versions
from kithwork.store.backup import back_up
from kithwork.store.change import Change, Entry, write_entry
from kithwork.store.journal import changes_of, inverse, this_device
from kithwork.store.place import Place, connect, place_of
from kithwork.store.reads import column_of, conditions, frame_of, select_rows, table_of
from kithwork.store.sql import SQL
from kithwork.store.verify import Findings, verify_study

CHECKED_AT_OPENING = 64 * 2**20  # bytes; a larger file takes too long to look through each time, 'kith verify' does


class Study:
    """A study in a `.kith` file or on a server. Open with `open_study`, make with `create_study`."""

    def __init__(self, place: Place, passphrase: str | None, *, is_read_only: bool = False) -> None:
        self.place = place
        self.is_read_only = is_read_only
        self._passphrase = passphrase
        self._reader = connect(place, passphrase, is_writer=False, is_read_only=is_read_only)
        self._writer = connect(place, passphrase, is_writer=True)
        self._lock = threading.Lock()
        self.device = this_device()

    def close(self) -> None:
        """Give the connections back; a file is left as one file."""
        self._reader.dispose()
        if self.place.is_file and not self.is_read_only:
            with contextlib.suppress(exc.DBAPIError), self._writer.connect() as connection:
                connection.rollback()
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._writer.dispose()

    def __enter__(self) -> "Study":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- reading ------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One steady view of all tables while it is open."""
        with _told_plainly(self.place), self._reader.connect() as connection:
            if not self.place.is_file:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    def rows(self, table: str, **where: Any) -> list[Row]:
        """Rows by equality; a list, tuple or set means any of its values. Every column is there, None when empty; by id."""
        with self.reading() as connection:
            return select_rows(connection, table, where)

    def row(self, table: str, row_id: str) -> Row:
        """One row; `SelectionError` when it is not there."""
        found = self.rows(table, id=row_id)
        if not found:
            raise SelectionError(f"This row of '{table}' is not there any more; reload the page.")
        return found[0]

    def count(self, table: str, by: str, **where: Any) -> dict[Any, int]:
        """How many rows there are for each value of the column `by`."""
        sql = table_of(table)
        with self.reading() as connection:
            query = sa.select(column_of(sql, by), sa.func.count()).where(*conditions(sql, where)).group_by(by)
            return {value: number for value, number in connection.execute(query)}  # noqa: C416 - a result has keys() of its own

    def tables(self, *names: str) -> StudyTables:
        """The tables named, or all of them, as frames, from one steady view."""
        with self.reading() as connection:
            return StudyTables({name: frame_of(connection, name) for name in names or LIVE})

    def columns(self, wanted: Mapping[str, Sequence[str]]) -> StudyTables:
        """Some columns of some tables, from one steady view, in no order; long texts that are left out are not read."""
        with self.reading() as connection:
            return StudyTables({name: frame_of(connection, name, names) for name, names in wanted.items()})

    def search(self, search: Search, order: Sequence[str] = (), skip: int = 0, most: int = 20) -> talk_index.Hits:
        """Turns of the latest texts in which everything looked for is said; documents in the order given.

        Raises `StudyError` for a wave, participant or kind there is none of.
        """
        with self.reading() as connection:
            return talk_index.find(connection, search, order, skip, most)

    def sizes(self) -> dict[str, int]:
        """Document id → how many words are said in its latest text."""
        with self.reading() as connection:
            return talk_index.sizes(connection)

    # -- changing -----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def change(
        self,
        verb: str,
        *,
        origin: str = "command",
        actor: str | None = None,
        participant: str | None = None,
        map: str | None = None,  # noqa: A002 - the field's word
        request: str | None = None,
        undoes: str | None = None,
    ) -> Iterator[Change]:
        """One action: every row changed inside is kept, or none; one journal entry tells of it.

        With a `request` key that was carried out before, `change.is_repeat` is true and nothing more should be done:
        the earlier entry is the answer. After the block `change.entry` is committed.
        """
        if self.is_read_only:
            raise StudyError(f"'{self.place.name}' is open for reading only; open it for writing to change it.")
        header = {
            "verb": verb,
            "origin": origin,
            "actor": actor,
            "participant": participant,
            "map": map,
            "request": request,
            "undoes": undoes,
        }
        with _told_plainly(self.place), self._lock, self._writer.connect() as connection, connection.begin() as transaction:
            if not self.place.is_file:
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:schema))"), {"schema": self.place.schema})
            change = Change(connection)
            repeated = _entry_by_request(connection, request)
            change.is_repeat = repeated is not None
            yield change
            header["participant"] = change.participant or header["participant"]
            if repeated is not None or not change.changes:
                transaction.rollback()
            else:
                talk_index.follow(connection, change.changes)
                header = write_entry(connection, self.device, header, change.changes)
        if repeated is not None:
            change.entry = self.entry(repeated["id"], is_repeat=True)
        elif change.changes:
            change.entry = Entry(header["id"], header["at"], verb, change.touched())
        else:
            change.entry = Entry("", "", verb)

    def entries(self, **where: Any) -> list[Row]:
        """Journal entries in the order taken in, without their contents."""
        sql = SQL["journal"]
        with self.reading() as connection:
            query = sa.select(*(c for c in sql.c if c.name != "contents")).where(*conditions(sql, where)).order_by(sql.c.place)
            return [dict(row._mapping) for row in connection.execute(query)]

    def entry(self, entry_id: str, *, is_repeat: bool = False) -> Entry:
        """One entry, with each row it touched as it is now."""
        with self.reading() as connection:
            head = _journal_row(connection, entry_id)
            changed: dict[str, dict[str, Row | None]] = {}
            for change in changes_of(head["contents"] or []):
                changed.setdefault(change.table, {})[change.row_id] = None
            for table, rows in changed.items():
                for row in select_rows(connection, table, {"id": list(rows)}):
                    rows[row["id"]] = row
        return Entry(head["id"], head["at"], head["verb"], changed, is_repeat)

    def undo(
        self,
        entry_id: str,
        *,
        origin: str = "command",
        actor: str | None = None,
        request: str | None = None,
        finish: Callable[[Change], None] | None = None,
    ) -> Entry:
        """Take one action back (or, given an undo, bring it again). `ConflictError` when its rows were changed since.

        `finish` sees to what the rows that come back need in the study as it is now, in the same action.
        """
        with self.reading() as connection:
            head = _journal_row(connection, entry_id)
        verb = "redo" if head["undoes"] else "undo"
        with self.change(
            verb, origin=origin, actor=actor, participant=head["participant"], map=head["map"], request=request, undoes=entry_id
        ) as change:
            if not change.is_repeat:
                change.take_back(inverse(changes_of(head["contents"] or [])))
                if finish:
                    finish(change)
        return change.entry

    def undoable(self, **where: Any) -> tuple[list[str], list[str]]:
        """Ids of the entries that can be undone and redone, latest last, among those `where` selects."""
        done: list[str] = []
        undone: list[str] = []
        for head in self.entries(**where):
            target = head["undoes"]
            if not target:
                done.append(head["id"])
                undone = []
            elif target in done:
                done.remove(target)
                undone.append(head["id"])
            elif target in undone:
                undone.remove(target)
                done.append(head["id"])
        return done, undone

    def verify(self) -> Findings:
        """Whether the study is sound: file, references, chains, commitments, and live tables equal to the journal replayed."""
        with self.reading() as connection:
            return verify_study(connection)

    def back_up(self, target: Path) -> Path:
        """A verified copy of the study file."""
        if self.place.path is None:
            raise StudyError("A study on a server is backed up with the server's own tools (pg_dump).")
        return back_up(self.place.path, target, self._passphrase)


# -- opening and making ------------------------------------------------------------------------------------------------


def open_study(where: str | os.PathLike[str], passphrase: str | None = None, *, is_read_only: bool = False) -> Study:
    """Open a study; an older one is backed up and brought up to this version first.

    Raises `StudyError` when it is not there, not a study, encrypted under another passphrase, or newer than this program.
    """
    place = place_of(where)
    if place.path is not None and not place.path.is_file():
        raise StudyError(f"There is no study at '{place.name}'; check the path, or make one with 'kith new'.")
    study = Study(place, passphrase, is_read_only=is_read_only)
    try:
        with study.reading() as connection:
            version = versions.version_of(connection)
            if version and place.path is not None and place.path.stat().st_size <= CHECKED_AT_OPENING:
                state = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
                if state != "ok":
                    raise StudyError(_REASONS["malformed"].format(name=place.name))
        versions.check_version(version, place)
        if version < versions.LATEST:
            if is_read_only:
                raise StudyError(
                    f"'{place.name}' was made by an older Kithwork; open it once with 'kith serve', which backs it up and updates it."
                )
            versions.bring_up(study._writer, place, passphrase)
        if not is_read_only:
            with _told_plainly(place), study._writer.begin() as connection:
                talk_index.ensure(connection)
    except BaseException:
        study._reader.dispose()
        study._writer.dispose()
        raise
    return study


def create_study(where: str | os.PathLike[str], passphrase: str | None = None) -> Study:
    """Make an empty study (no rows at all) and open it; with a passphrase the file is encrypted.

    Raises `StudyError` when something is there already; it is left as it is.
    """
    place = place_of(where)
    if place.path is not None:
        try:
            os.close(os.open(place.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise StudyError(f"There is already something at '{place.name}'; choose another name.") from None
        except OSError as error:
            raise StudyError(f"'{place.name}' cannot be made: {error.strerror}; choose another folder.") from None
        _make(place, passphrase)
    else:
        _make_schema(place)
    return open_study(where, passphrase)


def _make(place: Place, passphrase: str | None) -> None:
    assert place.path is not None
    engine = connect(place, passphrase, is_writer=True)
    try:
        with _told_plainly(place):
            versions.bring_up(engine, place, passphrase)
    except BaseException:
        place.path.unlink(missing_ok=True)
        raise
    finally:
        engine.dispose()


def _make_schema(place: Place) -> None:
    engine = connect(place, None, is_writer=True)
    try:
        with _told_plainly(place), engine.begin() as connection:
            if connection.dialect.has_schema(connection, str(place.schema)):
                raise StudyError(f"There is already a study '{place.name}' on this server; choose another name.")
            connection.exec_driver_sql(f'CREATE SCHEMA "{place.schema}"')
        with _told_plainly(place):
            versions.bring_up(engine, place, None)
    finally:
        engine.dispose()


# -- parts ------------------------------------------------------------------------------------------------------------------


def _journal_row(connection: sa.Connection, entry_id: str) -> Row:
    found = select_rows(connection, "journal", {"id": entry_id})
    if not found:
        raise SelectionError("This journal entry is not in the study; reload the page.")
    return found[0]


def _entry_by_request(connection: sa.Connection, request: str | None) -> Row | None:
    if request is None:
        return None
    sql = SQL["journal"]
    found = connection.execute(sa.select(sql.c.id).where(sql.c.request == request)).first()
    return dict(found._mapping) if found else None


@contextlib.contextmanager
def _told_plainly(place: Place) -> Iterator[None]:
    """Turns the database's own errors into one sentence; what it says may hold values, so it is never passed on."""
    try:
        yield
    except exc.IntegrityError:
        raise ConflictError(
            "This no longer fits with what is in the study (something is there twice, or is gone); reload the page."
        ) from None
    except UnicodeDecodeError:
        raise StudyError(_REASONS["malformed"].format(name=place.name)) from None
    except exc.DBAPIError as error:
        raise StudyError(_reason(str(error.orig), place)) from None


_REASONS = {
    "file is not a database": "'{name}' cannot be opened: it is not a Kithwork study, or the passphrase is missing or wrong.",
    "malformed": "'{name}' is damaged; keep it as it is, and go back to the newest backup that 'kith verify' finds sound.",
    "disk is full": "The disk is full, so nothing was saved; free some room and try again.",
    "readonly": "'{name}' cannot be written to; check the permissions of the file and its folder.",
    "unable to open": "'{name}' cannot be opened; check the permissions of the file and its folder.",
    "disk I/O error": "The disk refused a write to '{name}', so nothing was saved; check the disk before going on.",
    "locked": "Another program is writing to '{name}'; wait a moment and try again.",
    "no such table": "'{name}' is not a sound Kithwork study: a table is missing; go back to a backup.",
    "append-only": "The journal of '{name}' cannot be rewritten.",
    "connection": "The server of '{name}' cannot be reached; check its address and that it runs.",
}


def _reason(words: str, place: Place) -> str:
    for sign, sentence in _REASONS.items():
        if sign in words:
            return sentence.format(name=place.name)
    return f"The database could not carry this out on '{place.name}'; nothing was changed."
