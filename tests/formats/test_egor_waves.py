"""Long files of several waves: however a file says the wave, each ego has the same map at each wave."""

from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from formats.test_egor_layouts import csv
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.formats import Options, Reading, read
from kithwork.formats.egor.waves import positions
from kithwork.measures import change_measures
from kithwork.model.errors import FormatError

Waves = dict[tuple[int, int], tuple[list[int], set[tuple[int, int]]]]
WRITTEN: dict[str, list[str]] = {
    "numbers": ["1", "2", "3"],
    "numbers with a point": ["1.0", "2.0", "3.0"],
    "from nought": ["0", "1", "2"],
    "letters": ["T1", "T2", "T3"],
    "years": ["2015", "2017", "2018"],
    "dates": ["2015-03-01", "2015-09-01", "2016-03-01"],
}


@st.composite
def waves(draw: st.DrawFn) -> Waves:
    """For each ego and wave held, the alters named, in order, and the pairs tied; every ego and every wave is there with somebody."""
    found: Waves = {}
    for ego in range(1, draw(st.integers(1, 3)) + 1):
        for wave in (1, 2, 3):
            if wave == ego or draw(st.booleans()):
                alters = draw(st.lists(st.integers(11, 16), unique=True, min_size=1, max_size=5))
                found[ego, wave] = alters, {pair for pair in combinations(sorted(alters), 2) if draw(st.booleans())}
    for wave in (1, 2, 3):
        found.setdefault((1, wave), ([11, 12], {(11, 12)}))
    return found


def rows(found: Waves, label: list[str]) -> tuple[list[list[Any]], list[list[Any]]]:
    alters = [[ego, a, label[wave - 1], 20 + a] for (ego, wave), (named, _) in found.items() for a in named]
    ties = [[ego, *pair, 1, label[wave - 1]] for (ego, wave), (_, pairs) in found.items() for pair in sorted(pairs)]
    return alters, ties


def seen(reading: Reading) -> Waves:
    """What was read, by pseudonyms."""
    tables = reading.tables
    wave_of = {row["id"]: row["position"] for row in tables.rows("waves")}
    people = {row["id"]: int(row["pseudonym"]) for row in tables.rows("participants")}
    places = {row["id"]: (people[row["participant_id"]], wave_of[row["wave_id"]]) for row in tables.rows("interviews")}
    maps = {row["id"]: places[row["interview_id"]] for row in tables.rows("maps")}
    alters = {row["id"]: int(row["pseudonym"]) for row in tables.rows("alters")}
    tie_of = {row["id"]: (maps[row["map_id"]], alters[row["alter_id"]]) for row in tables.rows("ties")}
    found: Waves = {place: ([], set()) for place in maps.values()}
    for place, alter in tie_of.values():
        found[place][0].append(alter)
    for row in tables.rows("alter_ties"):
        (place, one), (_, other) = tie_of[row["from_tie_id"]], tie_of[row["to_tie_id"]]
        found[place][1].add((min(one, other), max(one, other)))
    return found


@settings(max_examples=25, deadline=None)
@given(waves(), st.sampled_from(sorted(WRITTEN)), st.booleans())
def test_a_column_that_says_the_wave_makes_a_map_of_each(found: Waves, how: str, has_egos: bool) -> None:
    alters, ties = rows(found, WRITTEN[how])
    with TemporaryDirectory() as folder:
        csv(Path(folder, "alters.csv"), ["egoID", "alterID", "wave", "age"], alters)
        csv(Path(folder, "aaties.csv"), ["egoID", "Source", "Target", "weight", "Wave"], ties or [[1, 11, 12, 0, WRITTEN[how][0]]])
        if has_egos:
            csv(Path(folder, "egos.csv"), ["egoID", "gender"], [[ego, "woman"] for ego in sorted({ego for ego, _ in found})])
        reading = read([Path(folder)])
    assert seen(reading) == found or not ties
    assert {row["position"] for row in reading.tables.rows("waves")} == {wave for _, wave in found}
    assert len(reading.tables.rows("alters")) == len({(ego, a) for (ego, _), (named, _) in found.items() for a in named})


@settings(max_examples=10, deadline=None)
@given(waves())
def test_files_called_by_their_wave_are_the_same(found: Waves) -> None:
    alters, ties = rows(found, ["1", "2", "3"])
    with TemporaryDirectory() as folder:
        for wave in "123":
            csv(Path(folder, f"alters_w{wave}.csv"), ["egoID", "alterID", "age"], [[*r[:2], r[3]] for r in alters if r[2] == wave])
            csv(Path(folder, f"ties_w{wave}.csv"), ["egoID", "Source", "Target", "weight"], [r[:4] for r in ties if r[4] == wave])
        assert seen(read([Path(folder)])) == found


def test_a_column_of_another_name_counts_where_it_alone_tells_repeated_rows_apart(tmp_path: Path) -> None:
    long = [[1, "a", 1], [1, "b", 1], [1, "a", 2], [2, "a", 1], [2, "a", 2]]
    path = csv(tmp_path / "long.csv", ["egoID", "alterID", "time"], long)
    assert len(read([path]).tables.rows("maps")) == 4
    path = csv(tmp_path / "short.csv", ["egoID", "alterID", "time"], [[1, "a", 1], [1, "b", 2], [2, "a", 1]])  # how long they are known
    assert len(read([path]).tables.rows("maps")) == 2
    told = read([path], options=Options(columns={"wave": "time"}))
    assert len(told.tables.rows("maps")) == 3


def test_alters_numbered_anew_at_each_wave_are_kept_apart_unless_said_otherwise(tmp_path: Path) -> None:
    csv(tmp_path / "alters.csv", ["egoID", "alterID", "wave"], [[1, 1, 1], [1, 2, 1], [1, 1, 2], [1, 2, 2], [1, 3, 2]])
    csv(tmp_path / "ties.csv", ["egoID", "Source", "Target", "wave"], [[1, 1, 2, 1], [1, 2, 3, 2]])
    apart = read([tmp_path])
    assert "alter_numbers" in [problem.code for problem in apart.problems]
    assert (len(apart.tables.rows("alters")), len(apart.tables.rows("alter_ties"))) == (5, 2)
    same = read([tmp_path], options=Options(choices={"alter_numbers": "same"}))
    assert (len(same.tables.rows("alters")), len(same.tables.rows("alter_ties"))) == (3, 2)


def test_ids_under_their_other_usual_names_are_known(tmp_path: Path) -> None:
    path = csv(tmp_path / "survey.csv", ["respondent_id", "alter_no", "Wave"], [[1, 1, 1], [1, 2, 1], [1, 1, 2]])
    assert len(read([path]).tables.rows("maps")) == 2
    path = csv(tmp_path / "deutsch.csv", ["egoID", "Alter", "Geschlecht"], [[1, 44, "w"], [2, 51, "m"]])  # age, and no list of alters
    with pytest.raises(FormatError):
        read([path])


def test_a_wave_column_can_be_left_a_question(tmp_path: Path) -> None:
    path = csv(tmp_path / "long.csv", ["egoID", "alterID", "wave"], [[1, "a", 1], [1, "b", 2]])
    reading = read([path], options=Options(choices={"wave_column": "question"}))
    assert len(reading.tables.rows("maps")) == 1
    assert [row["code"] for row in reading.tables.rows("questions")] == ["tie_wave"]


def test_a_row_without_a_wave_is_told_and_left_out(tmp_path: Path) -> None:
    path = csv(tmp_path / "long.csv", ["egoID", "alterID", "wave"], [[1, "a", 1], [1, "b", ""], [1, "b", 2], [1, "c", "NA"]])
    reading = read([path])
    assert [(p.code, p.row) for p in reading.problems if p.code == "no_wave"] == [("no_wave", 3), ("no_wave", 5)]
    assert len(reading.tables.rows("ties")) == 2


def test_what_is_asked_of_an_ego_once_is_answered_once(tmp_path: Path) -> None:
    csv(tmp_path / "alters.csv", ["egoID", "alterID", "wave"], [[1, "a", 1], [1, "a", 2], [2, "b", 2]])
    csv(tmp_path / "egos.csv", ["egoID", "score"], [[1, 7.5], [2, 4], [3, 5]])
    tables = read([tmp_path]).tables
    assert sorted(row["number"] for row in tables.rows("answers")) == [4, 5, 7.5]
    assert len(tables.rows("maps")) == 4  # ego 3 named nobody, at the first wave there is


def test_egos_at_each_wave_keep_their_answers_and_an_empty_map_where_they_named_nobody(tmp_path: Path) -> None:
    csv(tmp_path / "alters.csv", ["egoID", "alterID", "wave"], [[1, "a", 1], [1, "a", 3]])
    csv(tmp_path / "egos.csv", ["egoID", "wave", "score"], [[1, 1, 7], [1, 2, 8], [1, 3, 9]])
    tables = read([tmp_path]).tables
    assert sorted(row["number"] for row in tables.rows("answers")) == [7, 8, 9]
    change = change_measures(tables).frame.select("from_wave", "to_wave", "kept", "lost", "gained").rows()
    assert change == [(1, 2, 0, 1, 0), (2, 3, 0, 0, 1)]


def test_dates_of_the_interviews_make_months_between(tmp_path: Path) -> None:
    long = [[1, "a", 1, "2015-02-15"], [1, "b", 1, "2015-02-15"], [1, "a", 2, "2015-08-15"]]
    tables = read([csv(tmp_path / "long.csv", ["egoID", "alterID", "wave", "Survey Date"], long)]).tables
    assert [row["held_on"] for row in tables.rows("interviews")] == ["2015-02-15", "2015-08-15"]
    assert change_measures(tables).frame["gap_months"].to_list() == pytest.approx([6.0], abs=0.1)
    long[1][3] = "2015-03-01"  # two dates of one interview: a question about the alter
    tables = read([csv(tmp_path / "long.csv", ["egoID", "alterID", "wave", "Survey Date"], long)]).tables
    assert all("held_on" not in row for row in tables.rows("interviews"))


@pytest.mark.parametrize("cells", [["baseline", "follow-up"], ["W1", "w2"], ["10", "20"], ["1999", "2001"]])
def test_waves_are_numbered_in_order(cells: list[str]) -> None:
    found, _ = positions([*cells, "", *cells])
    assert list(found) == cells
    assert sorted(found.values()) == list(found.values())


def test_too_many_values_are_no_waves() -> None:
    assert positions(f"day {n}" for n in range(300)) == ({}, False)
