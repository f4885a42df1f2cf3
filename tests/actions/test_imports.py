"""Bringing a reading into a study: one entry, all or nothing, nothing twice, nothing overwritten."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from formats.foreign import ALTERS, egor_files, protocol, session

from kithwork.actions.imports import import_reading, preview
from kithwork.formats import Options, Reading, read
from kithwork.model.errors import StudyError
from kithwork.store import Study, create_study

PEOPLE = ["name,age", "1,Ann,30", "2,Bo,40"]


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    with create_study(tmp_path / "study.kith") as made:
        yield made


def reading_of(folder: Path, **options: object) -> Reading:
    return read([folder], options=Options(**options))  # type: ignore[arg-type]


def codes(outcome: dict) -> list[str]:
    return [problem.code for problem in outcome["problems"]]


def test_an_import_adds_what_the_preview_said_as_one_entry(study: Study, tmp_path: Path) -> None:
    egor_files(tmp_path / "in")
    reading = reading_of(tmp_path / "in")
    said = preview(study, reading)["adds"]
    entry = import_reading(study, reading)
    assert {table: len(rows) for table, rows in entry.changed.items()} == said == study.tables().counts()
    assert len(study.entries()) == 1
    assert study.verify().is_sound


def test_an_import_is_undone_whole(study: Study, tmp_path: Path) -> None:
    egor_files(tmp_path / "in")
    entry = import_reading(study, reading_of(tmp_path / "in"))
    study.undo(entry.id)
    assert study.tables().counts() == {}
    assert study.verify().is_sound


@pytest.mark.parametrize("wave", [1, 2])
def test_the_same_sessions_add_nothing_a_second_time(study: Study, tmp_path: Path, wave: int) -> None:
    session(tmp_path / "in", "c", {"Person": PEOPLE}, {"Close": ["1,2"]})
    import_reading(study, reading_of(tmp_path / "in"))
    again = reading_of(tmp_path / "in", wave=wave)
    assert preview(study, again)["adds"] == {}
    assert "already_there" in codes(preview(study, again))
    assert import_reading(study, again).id == ""
    assert len(study.entries()) == 1


def test_a_second_wave_joins_the_same_participants_with_alters_of_its_own(study: Study, tmp_path: Path) -> None:
    session(tmp_path / "one", "c", {"Person": PEOPLE}, {"Close": ["1,2"]}, key="k1")
    session(tmp_path / "two", "c", {"Person": ["name,age", "1,Cy,50"]}, {}, key="k2")
    import_reading(study, reading_of(tmp_path / "one"))
    import_reading(study, reading_of(tmp_path / "two", wave=2))
    counts = study.tables().counts()
    assert (counts["participants"], counts["waves"], counts["maps"], counts["alters"]) == (1, 2, 2, 3)
    assert sorted(study.tables()["alters"]["pseudonym"]) == ["Person 1", "Person 2", "Person 3"]
    assert counts["questions"] == 1
    assert study.tables("asked").frames["asked"].height == 2


def test_egor_alters_with_the_same_id_are_the_same_alter_at_the_next_wave(study: Study, tmp_path: Path) -> None:
    egor_files(tmp_path / "in")
    import_reading(study, reading_of(tmp_path / "in"))
    import_reading(study, reading_of(tmp_path / "in", wave=2))
    counts = study.tables().counts()
    assert (counts["participants"], counts["maps"], counts["alters"], counts["ties"]) == (3, 6, 4, 8)


def test_a_map_that_is_there_is_never_overwritten(study: Study, tmp_path: Path) -> None:
    egor_files(tmp_path / "one")
    egor_files(tmp_path / "two", alters=ALTERS.replace("1,3,50", "1,8,50"), aaties=None)
    import_reading(study, reading_of(tmp_path / "one"))
    outcome = preview(study, reading_of(tmp_path / "two"))
    assert outcome["adds"] == {}
    assert {"already_there", "map_there"} <= set(codes(outcome))


def test_a_due_interview_becomes_held_and_a_missed_one_stays_missed(study: Study, tmp_path: Path) -> None:
    with study.change("set up") as change:
        wave = change.insert("waves", {"position": 1, "label": "First", "circle_version": 1})
        for pseudonym, status in (("a", "due"), ("b", "missed")):
            person = change.insert("participants", {"pseudonym": pseudonym, "status": "enrolled"})
            change.insert("interviews", {"participant_id": person["id"], "wave_id": wave["id"], "status": status})
    for case in ("a", "b"):
        session(tmp_path / "in", case, {"Person": PEOPLE}, {})
    reading = reading_of(tmp_path / "in")
    assert "interview_missed" in codes(preview(study, reading))
    import_reading(study, reading)
    assert {row["status"]: row["held_on"] for row in study.rows("interviews")} == {"held": "2026-01-01", "missed": None}
    assert len(study.rows("maps")) == 1
    study.undo(study.entries()[-1]["id"])
    assert sorted(row["status"] for row in study.rows("interviews")) == ["due", "missed"]


def plan_circles(study: Study, count: int) -> None:
    with study.change("set up") as change:
        change.insert("waves", {"position": 1, "label": "First", "circle_version": 1})
        for position in range(1, count + 1):
            change.insert("circles", {"version": 1, "position": position, "label": str(position)})


def circles(tmp_path: Path, rings: str, ego: str = "1") -> Path:
    lines = "".join(f"{ego},{at},{ring}\n" for at, ring in enumerate(rings, 1))
    (tmp_path / f"{ego}.csv").write_text(f"egoID,alterID{',circle' if rings.strip() else ''}\n{lines}")
    return tmp_path / f"{ego}.csv"


def test_rings_that_fit_the_circles_of_the_wave_are_kept(study: Study, tmp_path: Path) -> None:
    plan_circles(study, 3)
    import_reading(study, read([circles(tmp_path, "12")]))
    assert sorted(row["circle"] for row in study.rows("ties")) == [1, 2]
    assert study.rows("waves")[0]["circle_version"] == 1


def test_a_planned_wave_without_maps_takes_the_circles_of_the_files_and_can_be_undone(study: Study, tmp_path: Path) -> None:
    plan_circles(study, 2)
    reading = read([circles(tmp_path, "123")])
    assert "circles_differ" in codes(preview(study, reading))
    entry = import_reading(study, reading)
    assert study.rows("waves")[0]["circle_version"] == 2
    assert len(study.rows("circles", version=2)) == 3
    study.undo(entry.id)
    assert study.rows("waves")[0]["circle_version"] == 1
    assert study.rows("circles", version=2) == []


def test_the_planned_circles_can_be_kept(study: Study, tmp_path: Path) -> None:
    plan_circles(study, 2)
    import_reading(study, read([circles(tmp_path, "123")], options=Options(choices={"circles_differ": "keep_plan"})))
    assert {row["circle"] for row in study.rows("ties")} == {None}


def test_a_wave_with_maps_keeps_its_circles_and_the_others_are_told(study: Study, tmp_path: Path) -> None:
    import_reading(study, read([circles(tmp_path, "12")]))
    reading = read([circles(tmp_path, "123", ego="2")])
    assert "circles_unlike" in codes(preview(study, reading))
    import_reading(study, reading)
    assert sorted(str(row["circle"]) for row in study.rows("ties")) == ["1", "2", "None", "None", "None"]


def test_maps_without_circles_leave_a_new_wave_without_circles(study: Study, tmp_path: Path) -> None:
    plan_circles(study, 3)
    egor_files(tmp_path / "in")
    import_reading(study, reading_of(tmp_path / "in", wave=2))
    wave = study.rows("waves", position=2)[0]
    assert study.rows("circles", version=wave["circle_version"]) == []


def test_a_question_with_other_words_becomes_a_new_version(study: Study, tmp_path: Path) -> None:
    for wave, ages in ((1, "1,Ann,30"), (2, "1,Ann,thirty")):
        session(tmp_path / str(wave), "c", {"Person": ["name,age", ages]}, {}, key=f"k{wave}")
        import_reading(study, reading_of(tmp_path / str(wave), wave=wave))
    assert sorted((row["code"], row["version"], row["answer_kind"]) for row in study.rows("questions")) == [
        ("person_age", 1, "number"),
        ("person_age", 2, "text"),
    ]


@pytest.mark.parametrize(("choice", "people", "alters"), [("apart", 2, 4), ("same", 1, 3)])
@pytest.mark.parametrize("is_one_import", [True, False])
def test_a_participant_written_otherwise_is_told_and_joined_only_where_somebody_says_so(
    study: Study, tmp_path: Path, choice: str, people: int, alters: int, is_one_import: bool
) -> None:
    options = Options(choices={"people_alike": choice})
    lines = {1: ("P-01", "a1", "a2"), 2: ("p01 ", "a2", "a3")}
    egos = {wave: f"{wave},{person},{wave}\n" for wave, (person, *_) in lines.items()}
    named = {wave: "".join(f"{wave},{each}\n" for each in who) for wave, (_, *who) in lines.items()}
    for waves in [(1, 2)] if is_one_import else [(1,), (2,)]:
        folder = tmp_path / str(waves)
        head = "egoID,pseudonym,wave\n" + "".join(egos[wave] for wave in waves)
        egor_files(folder, egos=head, alters="egoID,alterID\n" + "".join(named[wave] for wave in waves), aaties=None)
        outcome = preview(study, read([folder], options=options))
        assert ("people_alike" in codes(outcome)) == (2 in waves)
        import_reading(study, read([folder], options=options))
    assert (len(study.rows("participants")), len(study.rows("alters")), len(study.rows("ties"))) == (people, alters, 4)
    assert study.verify().is_sound


def test_participants_alike_at_one_wave_stay_two(study: Study, tmp_path: Path) -> None:
    egor_files(tmp_path / "in", egos="egoID\np01\nP01\n", alters="egoID,alterID\np01,1\nP01,1\n", aaties=None)
    import_reading(study, read([tmp_path / "in"], options=Options(choices={"people_alike": "same"})))
    assert len(study.rows("participants")) == 2


@pytest.mark.parametrize(("second", "is_told"), [("Ann Bee", True), ("ann bee ", True), ("Ánn-Bee", True), ("Cy", False)])
def test_alters_called_alike_are_told_and_stay_apart(study: Study, tmp_path: Path, second: str, is_told: bool) -> None:
    for wave, name in ((1, "Ann Bee"), (2, second)):
        session(tmp_path / str(wave), "c", {"Person": ["name,age", f"1,{name},30"]}, {}, key=f"k{wave}")
    import_reading(study, reading_of(tmp_path / "1"))
    outcome = preview(study, reading_of(tmp_path / "2", wave=2))
    assert ("alters_alike" in codes(outcome)) == is_told
    assert outcome["adds"]["alters"] == 1
    assert not any("Ann" in problem.sentence for problem in outcome["problems"])


def wave_of(folder: Path, wave: int, cells: list[str]) -> Reading:
    """egor's files of one ego whose alters have these moods."""
    lines = "".join(f"1,{wave}{at},{cell}\n" for at, cell in enumerate(cells, 1))
    egor_files(folder / str(wave), egos=None, alters=f"egoID,alterID,mood\n{lines}", aaties=None)
    return reading_of(folder / str(wave), wave=wave)


def versions(study: Study) -> list[tuple[int, str, list[str]]]:
    rows = study.rows("questions", code="tie_mood")
    return sorted((row["version"], row["answer_kind"], [code for code, _ in row["options"] or []]) for row in rows)


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (["calm", "calm", "low", "low"], ["low", "low", "high", "high"], [(1, "choice", ["calm", "low", "high"])]),
        (["calm", "calm", "low", "low"], ["high", "low"], [(1, "choice", ["calm", "low", "high"])]),
        (["calm", "calm", "low", "low"], ["", ""], [(1, "choice", ["calm", "low"])]),
        (["high", "low"], ["calm", "calm", "low", "low"], [(1, "text", [])]),
        (["", ""], ["calm", "calm", "low", "low"], [(1, "choice", ["calm", "low"])]),
        (["", ""], ["3", "4"], [(1, "number", [])]),
        (["3", "4"], ["", ""], [(1, "number", [])]),
        (["3", "4"], ["calm", "low"], [(1, "number", []), (2, "text", [])]),
        (["calm", "calm", "low", "low"], [f"word {at}" for at in range(40)], [(1, "choice", ["calm", "low"]), (2, "text", [])]),
    ],
)
def test_a_column_of_a_later_wave_is_the_same_question_where_nothing_contradicts(
    study: Study, tmp_path: Path, first: list[str], second: list[str], found: list[tuple[int, str, list[str]]]
) -> None:
    import_reading(study, wave_of(tmp_path, 1, first))
    before = study.rows("questions")
    reading = wave_of(tmp_path, 2, second)
    assert ("question_grows" in codes(preview(study, reading))) == (len(found) == 1 and found != versions(study))
    entry = import_reading(study, reading)
    assert versions(study) == found
    assert len(study.rows("asked")) == 2
    assert study.verify().is_sound
    study.undo(entry.id)
    assert study.rows("questions") == before


def test_options_of_a_codebook_that_change_are_a_new_version(study: Study, tmp_path: Path) -> None:
    for wave, options in ((1, ["a", "b"]), (2, ["a", "b", "c"])):
        session(tmp_path / str(wave), "c", {"Person": ["name,mood", "1,Ann,a"]}, {}, key=f"k{wave}")
        codebook = {"mood": {"type": "ordinal", "options": [{"label": each, "value": each} for each in options]}}
        protocol(tmp_path / str(wave) / "p.netcanvas", codebook)
        import_reading(study, reading_of(tmp_path / str(wave), wave=wave))
    assert [row["version"] for row in study.rows("questions", code="person_mood")] == [1, 2]


def test_an_import_that_breaks_half_way_leaves_nothing(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    egor_files(tmp_path / "in")
    reading = reading_of(tmp_path / "in")
    bad = [*reading.tables.rows("nominations"), {"id": "not an id", "tie_id": "x", "phase": "recall"}]
    rows = type(reading.tables).rows
    monkeypatch.setattr(type(reading.tables), "rows", lambda self, name: bad if name == "nominations" else rows(self, name))
    with pytest.raises(StudyError):
        import_reading(study, reading)
    monkeypatch.undo()
    assert study.tables().counts() == {}
    assert study.entries() == []
