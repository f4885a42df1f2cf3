"""`kith model`, `kith kinds` and `kith summary` as others script against them."""

from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from kithwork.actions.design import keep_tables
from kithwork.cli.kinds import command as kinds
from kithwork.cli.model import command as model
from kithwork.cli.summary import command as summary
from kithwork.model.errors import SelectionError
from kithwork.model.tables import StudyTables
from kithwork.store import create_study
from tests.oracles.studies import random_study


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A study of twelve people, with a weight asked of each."""
    where = tmp_path_factory.mktemp("study") / "study.kith"
    tables = random_study(3, people=12)
    rows = {name: tables.rows(name) for name in tables.counts()}
    question = {"id": "019f0000-0000-7000-8000-000000000001", "code": "weight", "version": 1, "subject": "participant", "wording": "?"}
    rows["questions"] = [*rows["questions"], {**question, "answer_kind": "number"}]
    rows["answers"] = [
        {"id": f"019f0000-0000-7000-8000-0000000001{n:02}", "question_id": question["id"], "participant_id": row["id"], "number": 1 + n % 3}
        for n, row in enumerate(rows["participants"])
    ]
    for n, row in enumerate(rows["participants"]):
        row["site"] = f"Site {n % 4}"
    with create_study(where) as study:
        keep_tables(study, StudyTables.from_rows(rows), "fill")
    return str(where)


def run(command, *words: str) -> Result:
    return CliRunner().invoke(command, words, catch_exceptions=False)


def test_a_model_is_told_in_sentences_and_kept_as_tables_and_a_picture(place: str, tmp_path: Path):
    files = [tmp_path / name for name in ("effects.csv", "counts.csv", "effects.svg")]
    told = run(model, place, "--by", "circle", "-o", str(files[0]), "--counts", str(files[1]), "--figure", str(files[2]), "--draws", "100")
    assert told.output.startswith("Of ")
    assert "With fewer than 50 the intervals" in told.output
    assert pl.read_csv(files[0]).columns[:3] == ["predictor", "level", "reference"]
    assert pl.read_csv(files[1])["predictor"][0] == "all ties"
    assert files[2].read_text().startswith("<svg")


def test_the_same_call_gives_the_same_words(place: str):
    one, other = (run(model, place, "--predict", "trusted", "--method", "counts", "--draws", "200").output for _ in range(2))
    assert one == other


def test_a_wrong_word_is_refused_before_the_study_is_read(tmp_path: Path):
    with pytest.raises(SelectionError, match="is not a picture"):
        run(model, str(tmp_path / "none.kith"), "--figure", str(tmp_path / "a.gif"))


def test_kinds_by_rule_and_by_change_have_a_row_a_map_and_a_row_a_person(place: str, tmp_path: Path):
    run(kinds, place, "-o", str(tmp_path / "kinds.csv"))
    by_rule = pl.read_csv(tmp_path / "kinds.csv")
    assert by_rule.select("participant", "wave", "state").is_unique().all()
    run(kinds, place, "--by", "change", "-o", str(tmp_path / "change.csv"))
    assert pl.read_csv(tmp_path / "change.csv")["participant"].is_unique().all()


@pytest.mark.parametrize("by", ["structure", "measures"])
def test_too_few_people_to_group_are_told(place: str, by: str):
    told = run(kinds, place, "--by", by, "--measures", "size,density")
    assert "so no types are made" in told.stderr
    assert told.stdout.startswith("participant,wave,state,")


def test_a_summary_is_weighed_by_an_answer_and_clustered_by_site(place: str, tmp_path: Path):
    run(summary, place, "--weights", "weight", "--cluster", "site", "--measures", "size", "-o", str(tmp_path / "mean.csv"))
    made = pl.read_csv(tmp_path / "mean.csv")
    assert made["measure"].unique().to_list() == ["size"]
    assert (made["clusters"] == 4).all()
    plain = run(summary, place, "--measures", "size", "--by", "wave").stdout
    assert "wave,measure,rows,empty" in plain


def test_an_unknown_column_of_people_is_answered_with_a_near_one(place: str):
    with pytest.raises(SelectionError, match="Did you mean 'site'"):
        run(summary, place, "--cluster", "sites")
