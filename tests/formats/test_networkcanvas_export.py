"""Writing Network Canvas's CSV: what it writes is read again as the same maps."""

from pathlib import Path

import pytest
from formats.foreign import protocol, session
from formats.studies import any_study
from hypothesis import HealthCheck, given, settings

from kithwork.formats import networkcanvas, read, write
from kithwork.formats.reading import Notes, Options
from kithwork.formats.sources import Source
from kithwork.model.errors import SelectionError
from kithwork.model.tables import StudyTables


def again(tables: StudyTables) -> StudyTables:
    files = write(tables, "networkcanvas", with_personal_text=True).files
    return networkcanvas.read([Source(name, data) for name, data in files.items()], Notes(Options(choices={"repeated_pair": "keep_all"})))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_study())
def test_any_study_written_and_read_again_has_as_many_of_everything(tables: StudyTables) -> None:
    if not tables.counts().get("maps"):
        return
    found = again(tables)
    assert found.problems() == []
    for name in ("maps", "ties", "alter_ties"):
        assert found.counts().get(name, 0) == tables.counts().get(name, 0)
    pseudonyms = {row["id"]: row["pseudonym"] for row in tables.rows("alters")}
    assert sorted(row["pseudonym"] for row in found.rows("alters")) == sorted(
        pseudonyms[alter] for alter in {row["alter_id"] for row in tables.rows("ties")}
    )
    waves = {row["id"]: row["position"] for row in tables.rows("waves")}
    held = {row["interview_id"] for row in tables.rows("maps")}
    interviews = [row for row in tables.rows("interviews") if row["id"] in held]
    again_at = {row["id"]: row["position"] for row in found.rows("waves")}
    assert sorted(again_at[row["wave_id"]] for row in found.rows("interviews")) == sorted(waves[row["wave_id"]] for row in interviews)


def test_positions_and_any_of_answers_come_back(tmp_path: Path) -> None:
    lines = ["name,help_emo,help_mon,map_x,map_y", "1,Ann,true,false,0.55,0.4", "2,Bo,false,true,0.5,0.2"]
    session(tmp_path / "in", "P 1", {"Person": lines}, {"Close": ["1,2"]})
    node = {"help": {"type": "categorical", "options": ["emo", "mon"]}, "map": {"type": "layout"}}
    tables = read([tmp_path / "in", protocol(tmp_path / "p.netcanvas", node)]).tables
    found = again(tables)
    for column in ("angle", "distance"):
        assert found["ties"][column].to_list() == pytest.approx(tables["ties"][column].to_list(), abs=1e-6)
    columns = {row["id"]: row["wording"] for row in found.rows("questions")}
    given_ = [(columns[row["question_id"]], row["text"]) for row in found.rows("answers") if row.get("tie_id")]
    assert sorted(given_) == sorted(
        [("person_help_emo", "yes"), ("person_help_mon", "no"), ("person_help_emo", "no"), ("person_help_mon", "yes")]
    )


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    lines = ["name,help_emo,help_mon", "1,Ann,true,false"]
    session(tmp_path / "in", "P1", {"Person": lines}, {})
    node = {"help": {"type": "categorical", "options": ["emo", "mon"]}}
    tables = read([tmp_path / "in", protocol(tmp_path / "p.netcanvas", node)]).tables
    questions = tables.rows("questions")
    other = {**questions[0], "id": tables.rows("ties")[0]["id"], "code": "person_help_emo", "answer_kind": "boolean", "options": None}
    answer = {**tables.rows("answers")[0], "id": tables.rows("maps")[0]["id"], "question_id": other["id"], "codes": None, "text": "yes"}
    rows = {name: tables.rows(name) for name in tables.frames}
    rows |= {"questions": [*questions, other], "answers": [*rows["answers"], answer]}
    with pytest.raises(SelectionError, match="overwrite"):
        write(StudyTables.from_rows(rows), "networkcanvas")
