"""Whether a study is sound: the file, its references, each device's chain, and the live tables against the journal replayed."""

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import exc

from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.model.schema import LIVE
from kithwork.store import talk_index
from kithwork.store.journal import broken_contents, changes_of, entry_hash, replay
from kithwork.store.sql import SQL


@dataclass
class Findings:
    """What `verify` saw: sentences about damage, and how much was looked at."""

    damage: list[str] = field(default_factory=list)
    entries: int = 0
    rows: int = 0
    heads: dict[str, str] = field(default_factory=dict)  # device -> hash of its last entry, to be noted outside the file

    @property
    def is_sound(self) -> bool:
        return not self.damage


def verify_study(connection: sa.Connection) -> Findings:
    """Look at everything; ids and positions are named, never content."""
    findings = Findings()
    if connection.dialect.name == "sqlite":
        _check_file(connection, findings)
    state: dict[str, dict[str, Row]] = {}
    try:
        erased = _check_journal(connection, findings, state)
        _check_tables(connection, findings, state, is_erased=erased)
        if talk_index.differs(connection):
            findings.damage.append("The search index does not say what the texts say.")
    except (exc.DBAPIError, UnicodeDecodeError, StudyError):
        findings.damage.append("Rows of the study cannot be read.")
    return findings


def _check_file(connection: sa.Connection, findings: Findings) -> None:
    talk_index.look_again(connection)
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(5)"):
        if line != "ok":
            findings.damage.append("The file's own structure is damaged.")
            break
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    for table in sorted({orphan[0] for orphan in orphans}):
        findings.damage.append(f"Rows of '{table}' point to rows that are not there.")
    known = {"journal_keeps_rows", "journal_keeps_entries"}
    made = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view')").scalars()
    found = set(made)
    if found - known:
        findings.damage.append("The file holds triggers or views that are not Kithwork's.")
    if known - found:
        findings.damage.append("The guards that keep the journal append-only are gone.")


def _check_journal(connection: sa.Connection, findings: Findings, state: dict[str, dict[str, Row]]) -> bool:
    sql = SQL["journal"]
    last: dict[str, tuple[int, str]] = {}
    is_erased = False
    for position, row in enumerate(connection.execute(sa.select(sql).order_by(sql.c.place)).mappings(), start=1):
        findings.entries += 1
        contents = row["contents"] or []
        number, previous = last.get(row["device"], (0, None))
        if row["place"] != position:
            findings.damage.append(f"Journal entries are missing before place {row['place']}.")
            break
        if row["sequence"] != number + 1 or row["previous"] != previous:
            findings.damage.append(f"The chain is broken at entry {row['id']}: what came before it is not what it says.")
            break
        if entry_hash(previous, dict(row), contents) != row["hash"]:
            findings.damage.append(f"Entry {row['id']} was altered after it was written.")
            break
        if broken_contents(contents):
            findings.damage.append(f"The contents of entry {row['id']} were altered after they were written.")
            break
        last[row["device"]] = (row["sequence"], row["hash"])
        is_erased = is_erased or any("s" not in content for content in contents)
        replay(changes_of(contents), state)
    findings.heads = {device: digest for device, (_, digest) in last.items()}
    return is_erased


def _check_tables(connection: sa.Connection, findings: Findings, state: dict[str, dict[str, Row]], *, is_erased: bool) -> None:
    for name in LIVE:
        replayed = state.get(name, {})
        different = 0
        seen = 0
        for row in connection.execute(sa.select(SQL[name])).mappings():
            seen += 1
            live = {key: value for key, value in row.items() if value is not None and key != "id"}
            different += replayed.get(row["id"]) != live
        findings.rows += seen
        if not is_erased:
            different += len(replayed) - seen if len(replayed) > seen else 0
        if different:
            findings.damage.append(f"{different} row(s) of '{name}' are not what the journal says.")
