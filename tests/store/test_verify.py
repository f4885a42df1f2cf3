"""Damage is found, wherever it is; soundness is not claimed lightly."""

import random
import shutil
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from kithwork.model.errors import KithworkError
from kithwork.store import Study, create_study, open_study


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A study file with some history."""
    path = tmp_path / "kept.kith"
    with create_study(path) as study:
        for number in range(30):
            with study.change("enrol participant") as change:
                change.insert("participants", {"pseudonym": f"P{number:02d}", "status": "enrolled", "notes": "word " * 40})
        with study.change("describe participant") as change:
            change.update("participants", study.rows("participants")[3]["id"], {"site": "north"})
    return path


def tamper(path: Path, *statements: str) -> None:
    connection = dbapi2.connect(str(path))
    guards = [row[0] for row in connection.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")]
    connection.execute("DROP TRIGGER journal_keeps_rows")
    connection.execute("DROP TRIGGER journal_keeps_entries")
    for statement in statements:
        connection.execute(statement)
    for guard in guards:
        connection.execute(guard)
    connection.commit()
    connection.close()


def test_a_study_left_alone_is_sound(kept: Path) -> None:
    with open_study(kept) as study:
        findings = study.verify()
    assert findings.is_sound
    assert (findings.entries, findings.rows) == (31, 30)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE participants SET site = 'south' WHERE pseudonym = 'P05'", "not what the journal says"),
        ("DELETE FROM participants WHERE pseudonym = 'P05'", "not what the journal says"),
        (
            "INSERT INTO participants (id, pseudonym, status) VALUES ('01a206bd-7313-7088-ade0-5377d6651c23', 'P99', 'enrolled')",
            "not what the journal says",
        ),
        ("DELETE FROM journal WHERE place = 7", "missing before place 8"),
        ("UPDATE journal SET verb = 'other' WHERE place = 7", "altered after it was written"),
        ("UPDATE journal SET at = '2020-01-01T00:00:00.000Z' WHERE place = 7", "altered after it was written"),
        ("UPDATE journal SET previous = NULL WHERE place = 7", "chain is broken"),
        ("UPDATE journal SET contents = (SELECT contents FROM journal WHERE place = 8) WHERE place = 7", "altered after it was written"),
        ("CREATE TRIGGER sly AFTER INSERT ON participants BEGIN DELETE FROM participants; END", "not Kithwork's"),
    ],
)
def test_tampering_is_found_and_named(kept: Path, statement: str, told: str) -> None:
    tamper(kept, statement)
    with open_study(kept) as study:
        assert any(told in sentence for sentence in study.verify().damage)


def test_missing_guards_are_told(kept: Path) -> None:
    connection = dbapi2.connect(str(kept))
    connection.execute("DROP TRIGGER journal_keeps_rows")
    connection.close()
    with open_study(kept) as study:
        assert study.verify().damage == ["The guards that keep the journal append-only are gone."]


def state_of(study: Study) -> tuple:
    return study.rows("participants"), study.entries()


def test_a_flipped_or_cut_file_is_never_shown_as_sound_with_other_content(kept: Path, tmp_path: Path) -> None:
    whole = kept.read_bytes()
    with open_study(kept) as study:
        truth = state_of(study)
    choose = random.Random(7)
    noticed = 0
    for round_ in range(60):
        copy = tmp_path / f"torn{round_}.kith"
        torn = bytearray(whole)
        if round_ % 3:
            torn[choose.randrange(100, len(torn))] ^= 1 << choose.randrange(8)
        else:
            torn = torn[: choose.randrange(4096, len(torn) - 1)]
        copy.write_bytes(torn)
        try:
            with open_study(copy, is_read_only=True) as study:
                if study.verify().is_sound:
                    assert state_of(study) == truth
                else:
                    noticed += 1
        except KithworkError:
            noticed += 1
    assert noticed >= 20


def test_a_backup_of_a_study_in_use_is_whole(kept: Path, tmp_path: Path) -> None:
    with open_study(kept) as study:
        with study.change("enrol participant") as change:
            change.insert("participants", {"pseudonym": "late", "status": "enrolled"})
        copy = study.back_up(tmp_path / "copy.kith")
        with open_study(copy) as copied:
            assert state_of(copied) == state_of(study)
            assert copied.verify().is_sound


def test_an_unsound_source_never_replaces_a_good_backup(kept: Path, tmp_path: Path) -> None:
    with open_study(kept) as study:
        good = study.back_up(tmp_path / "copy.kith")
    before = good.read_bytes()
    broken = tmp_path / "broken.kith"
    shutil.copy(kept, broken)
    content = bytearray(broken.read_bytes())
    content[8192:20480] = bytes(12288)
    broken.write_bytes(content)
    from kithwork.store import back_up

    with pytest.raises(KithworkError):
        back_up(broken, good)
    assert good.read_bytes() == before
    assert not list(tmp_path.glob("*.partial"))
