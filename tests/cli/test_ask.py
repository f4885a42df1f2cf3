"""`kith ask` answers what was saved, or is ready-made, as the page does."""

import io
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from kithwork.actions import act
from kithwork.actions.design import keep_tables
from kithwork.cli.ask import command
from kithwork.formats.demo import demo_tables
from kithwork.joint import Question, Said, answer
from kithwork.joint.telling import count_table
from kithwork.model.errors import SelectionError
from kithwork.store import create_study, open_study

ASKED = Question(kinds=("person",), rows="theme", columns="wave")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ask") / "study.kith"
    with create_study(path) as study:
        keep_tables(study, demo_tables(participants=5), "make demo study")
        act(study, "save view", {"name": "People by theme", "view_kind": "talk", "definition": ASKED.definition()})
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)


def test_a_saved_question_is_counted_as_it_was_asked(place: Path, tmp_path: Path) -> None:
    run(place, "People by theme", "-o", tmp_path / "out.parquet")
    with open_study(place) as study:
        said = Said(study.tables())
    assert pl.read_parquet(tmp_path / "out.parquet").equals(count_table(answer(said, ASKED)))


def test_a_saved_question_counts_by_what_the_study_asks_besides(place: Path, tmp_path: Path) -> None:
    asked = Question(attributes=(("interview:confidence", "=1"), ("interview:confidence", "?")), rows="interview:confidence", columns="")
    with open_study(place) as study:
        saved = act(study, "save view", {"name": "By confidence", "view_kind": "talk", "definition": asked.definition()})
        said = Said(study.tables())
    run(place, "By confidence", "-o", tmp_path / "out.csv")
    counts = pl.read_csv(tmp_path / "out.csv")
    assert counts.to_dicts() == count_table(answer(said, asked)).to_dicts()
    assert set(counts.to_series()) == {"A little", "no answer", "all"}
    with open_study(place) as study:
        act(study, "remove view", {"view_id": next(iter(saved.changed["views"]))})


def test_ready_made_questions_are_listed_and_answered(place: Path) -> None:
    names = run(place, "--list").output.splitlines()
    assert {"People by theme", "Ties never spoken of", "Strategies by wave"} <= set(names)
    for name in names:
        assert pl.read_csv(io.StringIO(run(place, name).output)).height > 0


def test_passages_are_written_with_their_words_and_only_where_signed_off(place: Path, tmp_path: Path) -> None:
    with open_study(place) as study, study.change("take a signature back") as change:
        for row in study.rows("revisions")[:1]:
            change.update("revisions", row["id"], {"signed_off_at": None})
    run(place, "--all", "--passages", "-o", tmp_path / "signed.csv")
    run(place, "--all", "--passages", "--include-unsigned", "-o", tmp_path / "all.csv")
    signed, whole = (pl.read_csv(tmp_path / f"{name}.csv") for name in ("signed", "all"))
    assert 0 < signed.height < whole.height
    with open_study(place) as study:
        words = {row["quotation"] for row in study.rows("segments")}
    assert set(whole["quotation"]) == words


def test_what_does_not_fit_is_refused_in_one_sentence(place: Path) -> None:
    for words, sentence in (
        (("Ties never spoken",), "no question of that name"),
        (("Strategies by wave", "--ties"), "leave --ties out"),
        (("Ties never spoken of", "--passages"), "say --ties"),
    ):
        with pytest.raises(SelectionError, match=sentence):
            run(place, *words)
    assert run(place).exit_code == 2
    assert run(place, "--all").exit_code == 2
