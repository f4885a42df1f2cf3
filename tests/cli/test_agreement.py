"""`kith agreement` as others script against it."""

from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from kithwork.actions.design import keep_tables
from kithwork.cli.agreement import command
from kithwork.formats.demo import demo_tables
from kithwork.measures.coded import NEEDED, coded
from kithwork.model.errors import SelectionError
from kithwork.store import create_study


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("agreement") / "demo.kith"
    with create_study(path) as study:
        keep_tables(study, demo_tables(participants=8), "make demo study")
    return path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_every_kappa_by_character_is_the_one_counted_character_by_character(place: Path, tmp_path: Path) -> None:
    from kithwork.store import open_study

    run(str(place), "--pooled", "-o", str(tmp_path / "a.csv"))
    table = pl.read_csv(tmp_path / "a.csv").filter(pl.col("unit") == "character")
    with open_study(place, is_read_only=True) as study:
        work = coded(study.columns(NEEDED))
        names = {row["id"]: row for row in study.rows("codes")}
    (pair, _), *_ = work.pairs
    told = dict(table.select("code", "kappa").iter_rows())
    checked = 0
    for code in work.codings["code"].unique().to_list():
        marks = {coder: [] for coder in pair}
        for document in work.by(pair):
            for coder in pair:
                line = [0] * len(work.texts[document])
                rows = work.codings.filter((pl.col("document") == document) & (pl.col("code") == code) & (pl.col("coder") == coder))
                for start, stop in rows.select("start", "stop").iter_rows():
                    line[start:stop] = [1] * (stop - start)
                marks[coder] += line
        if any(map(any, marks.values())):
            path = " › ".join(reversed(_names(names, code)))
            assert told[path] == pytest.approx(_kappa(*marks.values()), abs=1e-6)
            checked += 1
    assert checked == len(told) > 5


def _kappa(first: list[int], second: list[int]) -> float:
    n, a, b = len(first), sum(first), sum(second)
    agreed = sum(one == other for one, other in zip(first, second, strict=True)) / n
    chance = (a * b + (n - a) * (n - b)) / n**2
    return (agreed - chance) / (1 - chance)


def _names(codes: dict, code: str | None) -> list[str]:
    return [codes[code]["name"], *_names(codes, codes[code]["parent_id"])] if code else []


def test_a_reason_stands_where_a_number_has_no_meaning_and_texts_stand_beside_the_whole(place: Path) -> None:
    table = pl.read_csv(run(str(place)).encode())
    assert set(table["unit"]) == {"character", "turn", "sentence"}
    texts = table.filter(pl.col("document") != "all texts")
    empty = texts.filter(pl.col("kappa").is_null())
    assert empty.height > 0
    assert empty["reason"].null_count() == 0
    whole = table.filter(pl.col("document") == "all texts")
    assert whole["alpha"].null_count() < whole.height
    summed = texts.group_by("unit", "code").agg(pl.col("both", "units").sum())
    assert whole.select("unit", "code", "both", "units").sort("unit", "code").equals(summed.sort("unit", "code"))


def test_a_coder_that_is_not_there_is_told_in_one_sentence(place: Path) -> None:
    with pytest.raises(SelectionError, match="no coder of that name"):
        CliRunner().invoke(command, [str(place), "--coders", "First interviewer,Anyone"], catch_exceptions=False)
