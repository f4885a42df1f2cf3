"""The main path of an import in each kind of place: a file, an encrypted file, and a server."""

from pathlib import Path

import pytest
from formats.foreign import egor_files

from kithwork.actions.imports import import_reading, preview
from kithwork.formats import Options, read, write
from kithwork.formats.demo import demo_tables
from kithwork.store import Study

FORMATS = ("egor", "networkcanvas", "easynwk", "graphml", "gexf", "gephi", "csv", "xlsx")
STRANGE = (
    "egoID,alterID,note,dose\n"
    '1,é猫\u202e,"=1+1, ""q"" \u2028 \U0001f408",0.1\n'
    "1,b,'); DROP TABLE alters;,123456789012345\n"
    "1,c,\\N,-0.125\n"
)


@pytest.mark.parametrize("name", FORMATS)
def test_an_import_is_one_entry_nothing_doubles_and_it_is_undone_whole(name: str, anywhere: Study, tmp_path: Path) -> None:
    for file, data in write(demo_tables(participants=2, waves=2, ties=4), name).files.items():
        (tmp_path / file).write_bytes(data)
    reading = read([tmp_path], name)
    said = preview(anywhere, reading)["adds"]
    entry = import_reading(anywhere, reading)
    assert anywhere.tables().counts() == said
    assert anywhere.tables().problems() == []
    assert preview(anywhere, read([tmp_path], name))["adds"] == {}
    anywhere.undo(entry.id)
    assert anywhere.tables().counts() == {}
    assert anywhere.verify().is_sound


def test_strange_words_and_numbers_and_a_question_that_grows_are_kept_as_they_were(anywhere: Study, tmp_path: Path) -> None:
    for wave, moods in ((1, ("calm", "calm", "low", "low")), (2, ("high", "high", "low", "low"))):
        lines = "".join(f"1,{wave}{at},{mood}\n" for at, mood in enumerate(moods))
        egor_files(tmp_path / str(wave), egos=None, alters=f"egoID,alterID,mood\n{lines}", aaties=None)
    egor_files(tmp_path / "3", egos=None, alters=STRANGE, aaties=None)
    for wave in (1, 2, 3):
        import_reading(anywhere, read([tmp_path / str(wave)], options=Options(wave=wave)))
    mood = anywhere.rows("questions", code="tie_mood")
    assert [(row["version"], [code for code, _ in row["options"]]) for row in mood] == [(1, ["calm", "low", "high"])]
    answers = anywhere.rows("answers")
    assert {row["number"] for row in answers if row["number"] is not None} == {0.1, 123456789012345, -0.125}
    assert {row["text"] for row in answers} >= {'=1+1, "q" \u2028 \U0001f408', "'); DROP TABLE alters;", "\\N"}
    assert anywhere.verify().is_sound
    anywhere.undo(anywhere.entries()[-1]["id"])
    anywhere.undo(anywhere.entries()[1]["id"])
    assert [code for code, _ in anywhere.rows("questions", code="tie_mood")[0]["options"]] == ["calm", "low"]
    assert anywhere.verify().is_sound
