"""A study keeps what it is given, tells it once, and takes it back; in a plain file, an encrypted one and on a server."""

import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithwork.model.errors import ConflictError, SelectionError, StudyError
from kithwork.model.ids import new_id
from kithwork.store import Study, create_study, open_study
from kithwork.store.place import place_of
from tests.conftest import PASSPHRASE

PERSON = {"pseudonym": "P01", "status": "enrolled"}


def enrol(study: Study, pseudonym: str = "P01", **more: object) -> str:
    with study.change("enrol participant") as change:
        return change.insert("participants", {**PERSON, "pseudonym": pseudonym, **more})["id"]


def test_what_was_kept_is_there_after_opening_again(place: tuple[str, str | None]) -> None:
    with create_study(*place) as study:
        person = enrol(study, notes="ünïcode 🐕 'quotes' -- \n", lives_alone=True)
    with open_study(*place) as study:
        row = study.row("participants", person)
        assert (row["notes"], row["lives_alone"], row["housing"]) == ("ünïcode 🐕 'quotes' -- \n", True, None)
        assert study.verify().is_sound


def test_every_kind_of_value_comes_back_as_it_went_in(anywhere: Study) -> None:
    with anywhere.change("set up") as change:
        wave = change.insert("waves", {"position": 1, "label": "First", "months": 0, "circle_version": 1})
        person = change.insert("participants", PERSON)
        interview = change.insert(
            "interviews", {"participant_id": person["id"], "wave_id": wave["id"], "status": "held", "held_on": "2026-03-14"}
        )
        drawn = change.insert("maps", {"interview_id": interview["id"], "state": "everyday", "stage": "details", "alter_ties_asked": "no"})
        alter = change.insert("alters", {"participant_id": person["id"], "kind": "place", "pseudonym": "Place 1"})
        given_tie = {"trust_basis": ["history", "being_there"], "angle": 359.5, "is_local": False, "reliability": 0}
        tie = change.insert("ties", {"map_id": drawn["id"], "alter_id": alter["id"], **given_tie})
        question = change.insert(
            "questions", {"code": "q", "version": 1, "subject": "tie", "wording": "?", "kinds": ["place"], "options": [["a", "A"]]}
        )
    row = anywhere.row("ties", tie["id"])
    assert (row["trust_basis"], row["angle"], row["is_local"], row["reliability"]) == (["being_there", "history"], 359.5, False, 0)
    assert anywhere.row("questions", question["id"])["options"] == [["a", "A"]]
    assert anywhere.tables("ties")["ties"]["trust_basis"].to_list() == [["being_there", "history"]]
    assert anywhere.rows("ties", id=[tie["id"]], map_id=drawn["id"])[0] == row
    assert anywhere.count("ties", by="map_id") == {drawn["id"]: 1}


def test_an_action_that_fails_leaves_nothing(anywhere: Study) -> None:
    enrol(anywhere)
    with pytest.raises(ConflictError), anywhere.change("enrol two") as change:
        change.insert_all("participants", [{**PERSON, "pseudonym": "P02"}, PERSON])
    assert [row["pseudonym"] for row in anywhere.rows("participants")] == ["P01"]
    assert len(anywhere.entries()) == 1


def test_a_reference_to_nothing_is_refused_when_the_action_ends(anywhere: Study) -> None:
    with pytest.raises(ConflictError), anywhere.change("dangle") as change:
        change.insert("alters", {"participant_id": new_id(), "kind": "person", "pseudonym": "Person 1"})
    assert anywhere.rows("alters") == []


def test_the_same_request_is_carried_out_once(anywhere: Study) -> None:
    for expected in (False, True):
        with anywhere.change("enrol participant", request="key-0001") as change:
            assert change.is_repeat is expected
            if not change.is_repeat:
                change.insert("participants", PERSON)
        assert change.entry.is_repeat is expected
        assert list(change.entry.changed) == ["participants"]
    assert len(anywhere.rows("participants")) == 1


def test_an_action_that_changes_nothing_writes_no_entry(anywhere: Study) -> None:
    person = enrol(anywhere)
    with anywhere.change("describe") as change:
        change.update("participants", person, {"pseudonym": "P01"})
    assert len(anywhere.entries()) == 1


def test_undo_and_redo_give_back_each_state(anywhere: Study) -> None:
    person = enrol(anywhere, site="north")
    with anywhere.change("describe") as change:
        change.update("participants", person, {"site": "south", "housing": "own"})
    with anywhere.change("remove") as change:
        change.delete("participants", person)
    done, undone = anywhere.undoable()
    assert (len(done), len(undone)) == (3, 0)
    anywhere.undo(done[2])
    assert anywhere.row("participants", person)["site"] == "south"
    second = anywhere.undo(done[1])
    assert anywhere.row("participants", person)["site"] == "north"
    assert anywhere.row("participants", person)["housing"] is None
    done, undone = anywhere.undoable()
    assert len(done) == 1
    assert undone[-1] == second.id
    assert anywhere.undo(undone[-1]).verb == "redo"
    assert anywhere.row("participants", person)["housing"] == "own"
    assert anywhere.verify().is_sound


def test_undo_refuses_what_was_changed_since(anywhere: Study) -> None:
    person = enrol(anywhere)
    first = anywhere.entries()[0]["id"]
    with anywhere.change("describe") as change:
        change.update("participants", person, {"site": "south"})
    with pytest.raises(ConflictError, match="undo the later change first"):
        anywhere.undo(first)


def test_writers_from_many_threads_lose_nothing(anywhere: Study) -> None:
    person = enrol(anywhere)

    def work(number: int) -> None:
        for step in range(20):
            with anywhere.change("note", request=f"request-{number}-{step}") as change:
                change.insert("memos", {"participant_id": person, "text": f"{number}.{step}"})

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(anywhere.rows("memos")) == 160
    assert [row["place"] for row in anywhere.entries()] == list(range(1, 162))
    assert anywhere.verify().is_sound


def test_two_openers_of_one_study_keep_one_sound_journal(place: tuple[str, str | None]) -> None:
    with create_study(*place) as first, open_study(*place) as second:
        enrol(first, "P01")
        enrol(second, "P02")
        enrol(first, "P03")
        assert len(second.rows("participants")) == 3
        assert first.verify().is_sound


def test_a_study_is_not_made_over_something(place: tuple[str, str | None]) -> None:
    create_study(*place).close()
    with pytest.raises(StudyError, match="already"):
        create_study(*place)


def test_opening_what_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"no study at 'nothing\.kith'"):
        open_study(tmp_path / "nothing.kith")


@pytest.mark.parametrize("passphrase", [None, "wrong"])
def test_an_encrypted_study_needs_its_passphrase(tmp_path: Path, passphrase: str | None) -> None:
    path = tmp_path / "closed.kith"
    with create_study(path, PASSPHRASE) as study:
        enrol(study, "Marker-Pseudonym")
    with pytest.raises(StudyError, match="passphrase"):
        open_study(path, passphrase)
    assert b"Marker-Pseudonym" not in path.read_bytes()
    assert not path.read_bytes().startswith(b"SQLite")


def test_nothing_of_an_encrypted_study_lies_open_beside_it(tmp_path: Path) -> None:
    with create_study(tmp_path / "closed.kith", PASSPHRASE) as study:
        enrol(study, "Marker-Pseudonym")
        for file in tmp_path.iterdir():
            assert b"Marker-Pseudonym" not in file.read_bytes()
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_is_not_a_study_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.kith"
    path.write_bytes(b"SQLite format 3\x00" + os.urandom(5000))
    before = path.read_bytes()
    with pytest.raises(StudyError):
        open_study(path)
    assert path.read_bytes() == before


def test_a_newer_study_is_refused_with_a_clear_sentence(tmp_path: Path) -> None:
    path = tmp_path / "newer.kith"
    create_study(path).close()
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(str(path))
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StudyError, match="newer Kithwork"):
        open_study(path)


def test_the_journal_cannot_be_rewritten(anywhere: Study) -> None:
    import sqlalchemy as sa

    enrol(anywhere)
    for statement in ("DELETE FROM journal", "UPDATE journal SET hash = 'x'"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), anywhere._writer.begin() as connection:
            connection.execute(sa.text(statement))


def test_a_read_only_study_refuses_changes(tmp_path: Path) -> None:
    create_study(tmp_path / "s.kith").close()
    with open_study(tmp_path / "s.kith", is_read_only=True) as study, pytest.raises(StudyError, match="reading only"), study.change("x"):
        pass


def test_misspelt_tables_and_columns_are_told_with_a_near_name(study: Study) -> None:
    with pytest.raises(SelectionError, match="Did you mean 'alters'"):
        study.rows("alter")
    with pytest.raises(SelectionError, match="Did you mean 'pseudonym'"):
        study.rows("participants", pseudonim="x")
    with pytest.raises(SelectionError, match="cannot be changed"), study.change("x") as change:
        change.insert("journal", {})


def test_a_server_study_needs_a_plain_name() -> None:
    for bad in ("postgresql://h/db", "postgresql://h/db?study=A-B", "postgresql://h/db?study=x;drop"):
        with pytest.raises(StudyError, match="small letters"):
            place_of(bad)
    assert place_of("postgresql://u:secret@h/db?study=one").name == "one"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["insert", "update", "delete", "undo", "redo", "fail"]), st.integers(0, 5), st.text(max_size=8)),
        max_size=25,
    )
)
def test_replaying_the_journal_always_gives_the_live_tables(tmp_path: Path, steps: list[tuple[str, int, str]]) -> None:
    with create_study(tmp_path / f"{new_id()}.kith") as study:
        for verb, number, text in steps:
            text = text.replace("\x00", "")
            people = study.rows("participants")
            try:
                _step(study, verb, people, number, text)
            except (ConflictError, StudyError):
                pass
        findings = study.verify()
        assert findings.damage == []


def _step(study: Study, verb: str, people: list[dict], number: int, text: str) -> None:
    if verb in ("undo", "redo"):
        stack = study.undoable()[verb == "redo"]
        if stack:
            study.undo(stack[-1])
        return
    with study.change(verb) as change:
        if verb in ("insert", "fail"):
            change.insert("participants", {"pseudonym": f"P{number}{text}", "status": "enrolled"})
        elif people:
            person = people[number % len(people)]["id"]
            change.update("participants", person, {"notes": text, "site": None}) if verb == "update" else change.delete(
                "participants", person
            )
        if verb == "fail":
            raise StudyError("given up")


def test_many_rows_changed_at_once_are_journalled_and_taken_back_as_one_by_one(anywhere: Study) -> None:
    people = [enrol(anywhere, f"P{number}") for number in range(4)]
    before = anywhere.rows("participants")
    with anywhere.change("describe many") as change:
        change.update_all(
            "participants",
            {
                people[0]: {"notes": "ü", "lives_alone": True},
                people[1]: {"notes": "b"},
                people[2]: {"notes": None},
                people[3]: {"notes": "d"},
            },
        )
        change.update("participants", people[3], {"notes": "e"})
        assert [step.row_id for step in change.changes] == [people[0], people[1], people[3], people[3]]
    told = {row["id"]: (row["notes"], row["lives_alone"]) for row in anywhere.rows("participants")}
    assert told == {people[0]: ("ü", True), people[1]: ("b", None), people[2]: (None, None), people[3]: ("e", None)}
    anywhere.undo(anywhere.entries()[-1]["id"])
    assert anywhere.rows("participants") == before
    with pytest.raises(SelectionError), anywhere.change("describe many") as change:
        change.update_all("participants", {people[0]: {"notes": "x"}, new_id(): {"notes": "y"}})
    assert anywhere.rows("participants") == before
    assert anywhere.verify().is_sound
