"""Which version of the tables a study has, and bringing it up to ours: backup first, one transaction, forward only."""

import shutil
from pathlib import Path

import sqlalchemy as sa

from kithwork.model.errors import StudyError
from kithwork.store.backup import back_up
from kithwork.store.place import APPLICATION_ID, Place

LATEST = 5
SCRIPTS = Path(__file__).parent / "migrations"

_APPEND_ONLY_SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS journal_keeps_rows BEFORE DELETE ON journal
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS journal_keeps_entries BEFORE UPDATE OF
       id, device, sequence, previous, hash, at, verb, actor, origin, participant, map, request, undoes, place ON journal
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
)
_APPEND_ONLY_SERVER = (
    """CREATE OR REPLACE FUNCTION journal_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'DELETE' OR OLD.hash <> NEW.hash OR OLD.place <> NEW.place OR OLD.id <> NEW.id THEN
           RAISE EXCEPTION 'the journal is append-only';
         END IF;
         RETURN NEW;
       END $$""",
    "CREATE OR REPLACE TRIGGER journal_keeps_entries BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_keeps()",
)


def version_of(connection: sa.Connection) -> int:
    """0 for a place without a study."""
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if not sa.inspect(connection).has_table("alembic_version"):
        return 0
    return int(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one())


def check_version(version: int, place: Place) -> None:
    """`StudyError` for a study newer than this program, or no study at all."""
    if version > LATEST:
        raise StudyError(
            f"'{place.name}' was made by a newer Kithwork (tables {version}, ours {LATEST}); update Kithwork and open it again."
        )
    if version < 1:
        raise StudyError(f"'{place.name}' holds no Kithwork study; choose a .kith file or make one with 'kith new'.")


def bring_up(engine: sa.Engine, place: Place, passphrase: str | None) -> Path | None:
    """Migrate to `LATEST`; returns the verified backup made before, if there was a study to back up."""
    with engine.connect() as connection:
        version = version_of(connection)
    if version == LATEST:
        return None
    kept = None
    if version and place.path is not None:
        if shutil.disk_usage(place.path.parent).free < 3 * place.path.stat().st_size:
            raise StudyError(
                f"There is too little room beside '{place.name}' to update it safely; free three times its size and open it again."
            )
        kept = back_up(place.path, place.path.with_name(f"{place.path.name}-before-{LATEST}.backup"), passphrase)
    with engine.begin() as connection:
        _migrate(connection)
    return kept


def _migrate(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    is_sqlite = connection.dialect.name == "sqlite"
    for statement in _APPEND_ONLY_SQLITE if is_sqlite else _APPEND_ONLY_SERVER:
        connection.exec_driver_sql(statement)
    if is_sqlite:
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version={LATEST}")
