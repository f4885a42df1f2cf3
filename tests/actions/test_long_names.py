"""A name is short enough to be read as one; of a longer one in a file nothing is lost."""

from pathlib import Path

import pytest

from kithwork.actions import act
from kithwork.actions.imports import import_reading, preview, read_files
from kithwork.formats.codebook import qdc
from kithwork.model.errors import StudyError
from kithwork.model.ids import new_id
from kithwork.model.rows import LONGEST_NAME
from kithwork.model.tables import StudyTables
from kithwork.store import Study

LONG = "ä" * 9_000


@pytest.mark.parametrize(
    ("verb", "name"), [("add code", "name"), ("add theme", "name"), ("enrol participant", "pseudonym"), ("add coder", "name")]
)
def test_a_name_may_have_so_many_characters_and_no_more(study: Study, verb: str, name: str) -> None:
    act(study, verb, {name: "ä" * LONGEST_NAME})
    with pytest.raises(StudyError, match="at most 200 characters; choose a shorter one"):
        act(study, verb, {name: "ä" * (LONGEST_NAME + 1)})


def test_a_name_given_among_other_values_is_no_longer_either(study: Study) -> None:
    made = act(study, "add code", {"name": "Trust"})
    with pytest.raises(StudyError, match="at most 200 characters"):
        act(study, "describe code", {"code_id": next(iter(made.changed["codes"])), "values": {"name": LONG}})


def test_long_names_of_a_file_are_shortened_told_and_kept_whole_and_come_in_once(study: Study, tmp_path: Path) -> None:
    names = [LONG + "a", LONG + "b", "Trust"]
    rows = [{"id": new_id(), "name": name, "definition": "What it covers.", "position": at} for at, name in enumerate(names)]
    themes = [{"id": new_id(), "name": LONG, "position": 1}]
    file = tmp_path / "codes.qdc"
    file.write_bytes(qdc(StudyTables.from_rows({"codes": rows, "themes": themes})))
    reading = read_files([file])
    told = preview(study, reading)["losses"]
    assert [loss for loss in told if "2 of the codes had names of more than 200 characters" in loss], told
    import_reading(study, reading)
    held = {row["name"]: row["definition"] for row in study.rows("codes") if row["name"].startswith(("ä", "Trust"))}
    assert len(held) == 3
    assert all(len(name) <= LONGEST_NAME for name in held)
    assert {words.split("\n\n")[0] for name, words in held.items() if name != "Trust"} == set(names[:2])
    assert all(words.endswith("What it covers.") for words in held.values())
    assert all(len(row["name"]) <= LONGEST_NAME for row in study.rows("themes"))
    assert not import_reading(study, read_files([file])).id
