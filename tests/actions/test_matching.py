"""The same alters in a later export: by a key, or by names that a person confirmed."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from formats.foreign import session

from kithwork.actions.imports import import_reading, preview
from kithwork.actions.matching import confirm, match_by_key, suggest, suggestions_file
from kithwork.formats import Options, Reading, read
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import read_sheet
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError, SelectionError
from kithwork.store import Study, create_study

ONE = ["name,roster", "1,Anna Berg,r1", "2,Bo,r2", "3,=Cy,r3"]
TWO = ["name,roster", "1,Anna Burg,r1", "2,Dee,r4", "3,=cy,r3"]


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    session(tmp_path / "one", "P1", {"Person": ONE}, {"Close": ["1,2"]}, key="k1")
    session(tmp_path / "two", "P1", {"Person": TWO}, {"Close": ["1,3"]}, key="k2")
    with create_study(tmp_path / "study.kith") as made:
        import_reading(made, read([tmp_path / "one"]))
        yield made


def second(tmp_path: Path) -> Reading:
    return read([tmp_path / "two"], options=Options(wave=2))


def filled(data: bytes, answers: dict[str, str]) -> Source:
    """The suggestions file with `same` filled in by the new name."""
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, "same": answers.get(row["new_name"], "")} for row in rows)
    return Source("same.csv", stream.getvalue().encode())


def test_look_alike_names_are_suggested_and_nothing_is_merged_by_itself(study: Study, tmp_path: Path) -> None:
    pairs = suggest(study, second(tmp_path))
    assert [(pair.coming_name, pair.known_name) for pair in pairs] == [("=cy", "=Cy"), ("Anna Burg", "Anna Berg")]
    assert pairs[0].likeness >= pairs[1].likeness > 0.8
    reading = second(tmp_path)
    before = preview(study, reading)["adds"]["alters"]
    confirm(study, reading, read_sheet(filled(suggestions_file(pairs), {}), Notes()))
    assert preview(study, reading)["adds"]["alters"] == before == 3


def test_what_a_person_confirmed_is_the_same_alter_and_can_be_undone(study: Study, tmp_path: Path) -> None:
    reading = second(tmp_path)
    source = filled(suggestions_file(suggest(study, reading)), {"Anna Burg": "yes", "'=cy": "No"})
    reading = second(tmp_path)
    problems = confirm(study, reading, read_sheet(source, Notes()))
    assert [problem.code for problem in problems] == ["alters_matched"]
    entry = import_reading(study, reading)
    assert len(study.rows("alters")) == 5
    ties = [row["alter_id"] for row in study.rows("ties")]
    assert max(ties.count(alter) for alter in ties) == 2
    assert study.verify().is_sound
    assert study.tables().problems() == []
    study.undo(entry.id)
    assert len(study.rows("alters")) == 3


def test_a_key_makes_the_same_alter(study: Study, tmp_path: Path) -> None:
    reading = second(tmp_path)
    match_by_key(study, reading, "roster")
    import_reading(study, reading)
    assert len(study.rows("alters")) == 4
    assert len(study.rows("ties")) == 6


def test_a_key_of_two_alters_matches_none(study: Study, tmp_path: Path) -> None:
    session(tmp_path / "three", "P1", {"Person": ["name,roster", "1,Ann,r1", "2,Ben,r1"]}, {}, key="k3")
    reading = read([tmp_path / "three"], options=Options(wave=2))
    assert "key_of_two" in [problem.code for problem in match_by_key(study, reading, "roster")]
    assert reading.matches == {}


def test_a_column_that_is_not_there_is_told(study: Study, tmp_path: Path) -> None:
    with pytest.raises(SelectionError, match=r"No column 'rooster'.*Did you mean 'roster'"):
        match_by_key(study, second(tmp_path), "rooster")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("same", "other"), "no column 'same'"),
        (lambda text: text.replace("yes", "perhaps"), "must say yes or no"),
        (lambda text: text + text.splitlines()[-1] + "\r\n", "same as two others"),
    ],
)
def test_a_file_filled_in_wrongly_is_one_sentence(study: Study, tmp_path: Path, change: object, words: str) -> None:
    reading = second(tmp_path)
    source = filled(suggestions_file(suggest(study, reading)), {"Anna Burg": "yes", "'=cy": "yes"})
    text = change(source.data.decode())  # type: ignore[operator]
    with pytest.raises(FormatError, match=words) as told:
        confirm(study, reading, read_sheet(Source("same.csv", text.encode()), Notes()))
    assert "Anna" not in str(told.value)


def test_alters_of_another_person_are_never_matched(study: Study, tmp_path: Path) -> None:
    session(tmp_path / "other", "P2", {"Person": ONE}, {}, key="k9")
    reading = read([tmp_path / "other"], options=Options(wave=2))
    assert suggest(study, reading) == []
    match_by_key(study, reading, "roster")
    assert reading.matches == {}
