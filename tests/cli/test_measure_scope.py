"""What `kith measure` and `kith change` are told about scope, and what they write beside a result."""

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from kithwork.cli.change import TABLES
from kithwork.cli.change import command as change
from kithwork.cli.measure import command as measure
from kithwork.formats.guids import outside
from kithwork.model.errors import SelectionError
from kithwork.store import create_study, open_study
from tests.oracles.studies import random_study

ORDER = ("waves", "circles", "roles", "support_types", "questions", "asked", "participants", "interviews", "maps", "alters", "ties")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    tables = random_study(11, people=6)
    path = tmp_path_factory.mktemp("study") / "study.kith"
    with create_study(path) as study, study.change("fill") as made:
        for name in (*ORDER, "fates", "supports", "alter_ties", "answers"):
            for row in tables.rows(name):
                made.insert(name, row)
    return str(path)


def run(command, *words: str) -> Result:
    return CliRunner().invoke(command, words, catch_exceptions=False)


def test_the_policy_is_written_beside_the_result(place: str, tmp_path: Path):
    file = tmp_path / "out.parquet"
    run(measure, place, "-o", str(file), "--by", "sex", "--measures", "density,iqv,ei", "--most-weight", "2.5", "--weak", "contact")
    assert pl.read_parquet(file).columns == ["participant", "wave", "state", "density", "iqv_sex", "ei_sex"]
    policy = json.loads((tmp_path / "out.parquet.policy.json").read_text(encoding="utf-8"))
    assert policy["kinds_whose_alter_ties_are_measured"] == ["person"]
    assert policy["weak_ties"] == ["contact"]
    assert policy["attributes"] == [{"name": "sex", "categories": ["m", "w", "x"], "K": 3, "is_ego_known": True}]
    ties = policy["alter_ties"]
    assert (ties["largest_strength_declared"], ties["largest_strength_recorded"], ties["are_directions_recorded"]) == (2.5, 2.5, True)
    assert ties["relations_recorded"] == ["Close", "Drinks with", "knows"]
    assert ties["rows_left_out"]["loop"] > 0


def test_several_relations_have_columns_of_their_own_beside_those_of_all(place: str):
    header = run(measure, place).output.splitlines()[0].split(",")
    assert {"density", "density_close", "density_drinks_with", "density_knows", "constraint_close"} <= set(header)
    assert "betweenness_centralisation" not in header


def test_all_measures_can_be_asked_for(place: str):
    header = run(measure, place, "--measures", "all").output.splitlines()[0].split(",")
    assert {"betweenness_centralisation", "modularity_of_louvain", "triads_directed_030t", "max_alter_betweenness_role"} <= set(header)


def test_one_row_a_tie(place: str, tmp_path: Path):
    run(measure, place, "--level", "tie", "--by", "sex", "-o", str(tmp_path / "ties.csv"))
    frame = pl.read_csv(tmp_path / "ties.csv")
    assert {"participant", "wave", "alter_id", "sex", "strength", "coverage_without", "betweenness"} <= set(frame.columns)
    assert (tmp_path / "ties.csv.policy.json").is_file()


@pytest.mark.parametrize("table", TABLES)
def test_every_table_of_change_can_be_written(place: str, tmp_path: Path, table: str):
    run(change, place, "--table", table, "-o", str(tmp_path / "change.csv"))
    assert pl.read_csv(tmp_path / "change.csv").height > 0


@pytest.mark.parametrize("asked", [(measure, "--level", "tie"), (change, "--table", "alters"), (change, "--table", "ties")])
def test_an_alter_has_the_same_id_in_every_table_and_it_does_not_tell_when_it_was_made(place: str, tmp_path: Path, asked: tuple):
    command, *options = asked
    run(command, place, *options, "-o", str(tmp_path / "out.parquet"))
    with open_study(place, is_read_only=True) as study:
        known = {outside(row["id"]) for row in study.rows("alters")}
    written = set(pl.read_parquet(tmp_path / "out.parquet")["alter_id"])
    assert written <= known
    assert written
    assert not any(one[14] == "7" for one in written)


def test_durability_is_told_by_an_attribute(place: str):
    printed = run(change, place, "--table", "durability", "--by", "sex").output
    assert {line.split(",")[0] for line in printed.splitlines()[1:]} == {"all", "m", "w"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--by", "sxe"), "Nothing that was asked of ties or alters is called 'sxe'."),
        (("--weak", "outer"), "There is no rule 'outer' for weak ties; rules are outer_circle, contact, role_group."),
        (("--most-weight", "0"), "The largest strength of an alter tie must be above 0."),
    ],
)
def test_what_is_misspelt_is_told(place: str, words: tuple[str, ...], sentence: str):
    with pytest.raises(SelectionError) as told:
        run(measure, place, *words)
    assert str(told.value).startswith(sentence)
