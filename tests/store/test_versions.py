"""An older study is backed up, then brought up in one transaction; a failure leaves it as it was."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from kithwork.model.errors import StudyError
from kithwork.store import Study, create_study, open_study, versions
from kithwork.store.sql import METADATA
from kithwork.store.talk_index import DERIVED

LATEST = versions.LATEST

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "{new:04}"
down_revision = "{old:04}"


def upgrade() -> None:
    op.add_column("resources", sa.Column("telephone", sa.Text))
    {more}
"""


def test_migrations_lead_exactly_to_the_schema(anywhere: Study) -> None:
    def is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
        return kind != "table" or name not in DERIVED

    with anywhere._writer.connect() as connection:
        options = {"compare_type": True, "include_object": is_ours}
        difference = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    assert [step for step in difference if "alembic_version" not in str(step)] == []


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A Kithwork one version on, whose migration may go wrong."""

    def arrive(more: str) -> None:
        scripts = tmp_path / "migrations"
        shutil.rmtree(scripts, ignore_errors=True)
        shutil.copytree(Path(versions.__file__).parent / "migrations", scripts, ignore=shutil.ignore_patterns("__pycache__"))
        (scripts / "versions" / f"v{LATEST + 1:04}_next.py").write_text(NEXT.format(more=more, new=LATEST + 1, old=LATEST))
        monkeypatch.setattr(versions, "SCRIPTS", scripts)
        monkeypatch.setattr(versions, "LATEST", LATEST + 1)

    return arrive


def enrol(study: Study) -> None:
    with study.change("enrol participant") as change:
        change.insert("participants", {"pseudonym": "P01", "status": "enrolled"})


OLD = {
    "participants": {"pseudonym": "P01", "status": "enrolled"},
    "documents": {"title": "A talk", "document_kind": "transcript"},
    "revisions": {"document_id": "documents", "number": 1, "text": "[Friend 1] came"},
    "replacements": {"revision_id": "revisions", "what": "name", "start": 0, "stop": 5, "original": "Doris", "replacement": "[Friend 1]"},
    "codes": {"name": "care"},
    "memos": {"code_id": "codes", "text": "why"},
}


@pytest.mark.parametrize("version", range(1, LATEST))
def test_what_a_study_of_any_earlier_version_holds_is_kept_when_it_is_brought_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    scripts = tmp_path / "migrations"
    shutil.copytree(versions.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    for script in (scripts / "versions").glob("v*.py"):
        if int(script.name[1:5]) > version:
            script.unlink()
    with monkeypatch.context() as then:
        then.setattr(versions, "SCRIPTS", scripts)
        then.setattr(versions, "LATEST", version)
        with create_study(tmp_path / "old.kith") as study, study._writer.begin() as connection:
            for table, values in OLD.items():
                row = {"id": table, **values}
                names = ", ".join(f'"{name}"' for name in row)
                connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})"), row)
    with open_study(tmp_path / "old.kith") as study:
        for table, values in OLD.items():
            assert values.items() <= study.row(table, table).items()


@pytest.mark.parametrize("passphrase", [None, "blue kettle"])
def test_an_older_study_is_backed_up_and_brought_up(tmp_path: Path, next_version, passphrase: str | None) -> None:
    path = tmp_path / "old.kith"
    with create_study(path, passphrase) as study:
        enrol(study)
    next_version("pass")
    with open_study(path, passphrase) as study:
        with study._reader.connect() as connection:
            assert "telephone" in {column["name"] for column in sa.inspect(connection).get_columns("resources")}
        assert study.verify().is_sound
    backup = tmp_path / f"old.kith-before-{LATEST + 1}.backup"
    assert backup.is_file()
    assert backup.read_bytes().startswith(b"SQLite format 3") is (passphrase is None)


def test_a_migration_that_fails_leaves_the_study_as_it_was(tmp_path: Path, next_version) -> None:
    path = tmp_path / "old.kith"
    with create_study(path) as study:
        enrol(study)
    next_version("raise ValueError('half way')")
    with pytest.raises(ValueError, match="half way"):
        open_study(path)
    next_version("pass")
    with open_study(path) as study:
        assert study.rows("participants")[0]["pseudonym"] == "P01"
        assert study.verify().is_sound


@pytest.mark.postgres
def test_a_study_on_a_server_is_brought_up_too(next_version) -> None:
    from tests.conftest import new_place

    where, _ = new_place("server", Path())
    with create_study(where) as study:
        enrol(study)
    next_version("pass")
    with open_study(where) as study:
        assert study.verify().is_sound


def test_an_older_study_is_not_updated_by_one_who_only_reads(tmp_path: Path, next_version) -> None:
    path = tmp_path / "old.kith"
    create_study(path).close()
    next_version("pass")
    with pytest.raises(StudyError, match="older Kithwork"):
        open_study(path, is_read_only=True)
