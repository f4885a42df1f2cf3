"""egor's other layouts: one file, two files, a file an ego, openeddi; all of them the same networks."""

from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from formats.test_export import network
from formats.test_shared_data import assert_equal_to, measured
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.formats import Options, Reading, read
from kithwork.model.errors import FormatError

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data" / "egor"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")

Ego = tuple[int, dict[tuple[int, int], float]]


@st.composite
def egos(draw: st.DrawFn) -> list[Ego]:
    """For each ego, how many alters and which pairs are tied how strongly."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        size = draw(st.integers(1, 5))
        pairs = [pair for pair in combinations(range(1, size + 1), 2) if draw(st.booleans())]
        found.append((size, {pair: draw(st.sampled_from([0.0, 0.5, 1.0, 2.0])) for pair in pairs}))
    return found


def cell(value: object) -> str:
    return "" if value is None else str(value).replace(".", ",") if isinstance(value, float) else str(value)


def csv(path: Path, header: list[str], rows: list[list[Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(";".join(map(cell, row)) for row in [header, *rows]) + "\n")
    return path


def age(ego: int, alter: int) -> int:
    return 20 + ego * 7 + alter


def three(folder: Path, found: list[Ego]) -> list[Path]:
    numbered = list(enumerate(found, 1))
    alters = [[ego, alter, age(ego, alter)] for ego, (size, _) in numbered for alter in range(1, size + 1)]
    ties = [[ego, *pair, weight] for ego, (_, pairs) in numbered for pair, weight in pairs.items()]
    return [
        csv(folder / "egos.csv", ["egoID", "netsize"], [[ego, size] for ego, (size, _) in numbered]),
        csv(folder / "alters.csv", ["egoID", "alterID", "age"], alters),
        csv(folder / "aaties.csv", ["egoID", "Source", "Target", "weight"], ties),
    ]


def tie_columns(names: str) -> list[str]:
    return [names.format(*pair) for pair in combinations(range(1, 6), 2)]


def ties_of(pairs: dict[tuple[int, int], float]) -> list[float | None]:
    return [pairs.get(pair) for pair in combinations(range(1, 6), 2)]


def two(folder: Path, found: list[Ego], names: str = "X{0}.to.{1}") -> list[Path]:
    numbered = list(enumerate(found, 1))
    alters = [[ego, alter, age(ego, alter)] for ego, (size, _) in numbered for alter in range(1, size + 1)]
    rows = [[ego, size, *ties_of(pairs)] for ego, (size, pairs) in numbered]
    return [
        csv(folder / "two_egos.csv", ["egoID", "netsize", *tie_columns(names)], rows),
        csv(folder / "two_alters.csv", ["egoID", "alterID", "age"], alters),
    ]


def one(folder: Path, found: list[Ego], ages: str = "alter.age.{0}", is_by_variable: bool = False) -> list[Path]:
    header = ["egoID", "netsize"]
    sexes = [f"alter.sex.{n}" for n in range(1, 6)]
    own = [ages.format(n) for n in range(1, 6)]
    header += [*sexes, *own] if is_by_variable else [name for pair in zip(sexes, own, strict=True) for name in pair]
    rows = []
    for ego, (size, pairs) in enumerate(found, 1):
        known: dict[str, object] = {"egoID": ego, "netsize": size} | {own[n - 1]: age(ego, n) for n in range(1, size + 1)}
        rows.append([known.get(name) for name in header] + ties_of(pairs))
    return [csv(folder / "one.csv", header + tie_columns("{0} to {1}"), rows)]


def folders(folder: Path, found: list[Ego]) -> list[Path]:
    paths = [csv(folder / "egos.csv", ["egoID", "netsize"], [[ego, size] for ego, (size, _) in enumerate(found, 1)])]
    for ego, (size, pairs) in enumerate(found, 1):
        csv(folder / "alters" / f"{ego}.csv", ["alterID", "age"], [[alter, age(ego, alter)] for alter in range(1, size + 1)])
        csv(folder / "edges" / f"{ego}.csv", ["Source", "Target", "weight"], [[*pair, weight] for pair, weight in pairs.items()])
    return [*paths, folder / "alters", folder / "edges"]


def openeddi(folder: Path, found: list[Ego]) -> list[Path]:
    names = {"egoID": "puid", "alterID": "nameid", "Source": "nameid", "Target": "targetid"}
    paths = three(folder, found)
    for path in paths:
        text = path.read_text()
        for ours, theirs in names.items():
            text = text.replace(ours, theirs, 1)
        path.write_text(text)
    return paths


LAYOUTS = {
    "two": two,
    "two, 01 to 02": lambda folder, found: two(folder, found, "{0:02} to {1:02}"),
    "two, close12": lambda folder, found: two(folder, found, "close{0}{1}"),
    "one, alter by alter": one,
    "one, variable by variable": lambda folder, found: one(folder, found, "age{0}", is_by_variable=True),
    "folders": folders,
    "openeddi": openeddi,
}


def ages(reading: Reading) -> list[tuple[str, float]]:
    tables = reading.tables
    alters = {row["id"]: row["pseudonym"] for row in tables.rows("alters")}
    ties = {row["id"]: (row["map_id"], alters[row["alter_id"]]) for row in tables.rows("ties")}
    return sorted((ties[row["tie_id"]][1], row["number"]) for row in tables.rows("answers") if row.get("tie_id") and "number" in row)


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=25, deadline=None)
@given(found=egos())
def test_every_layout_of_one_study_gives_the_same_networks(layout: str, found: list[Ego]) -> None:
    with TemporaryDirectory() as folder:
        theirs = read(three(Path(folder) / "three", found))
        mine = read(LAYOUTS[layout](Path(folder) / "other", found), format="egor")
    assert network(mine.tables) == network(theirs.tables)
    assert ages(mine) == ages(theirs)


def test_alters_beyond_the_network_size_are_not_there_and_without_it_those_are_of_whom_anything_is_recorded(tmp_path: Path) -> None:
    header = ["egoID", "netsize", "sex1", "sex2", "sex3", *(f"{a} to {b}" for a, b in combinations((1, 2, 3), 2))]
    told = csv(tmp_path / "a.csv", header, [[1, 2, "f", "m", "f", 1, None, None]])
    assert read([told]).tables.counts()["ties"] == 2
    untold = csv(
        tmp_path / "b.csv", [name for name in header if name != "netsize"], [[1, "f", None, None, None, 1, None], [2, *[None] * 6]]
    )
    tables = read([untold]).tables
    assert tables.counts()["ties"] == 2
    assert tables.counts()["maps"] == 2
    assert tables.counts()["alter_ties"] == 1


def test_only_the_alters_selected_are_rated(tmp_path: Path) -> None:
    egos_path = csv(tmp_path / "e.csv", ["egoID", "1 to 2"], [[1, 3]])
    alters = csv(tmp_path / "a.csv", ["egoID", "alterID", "selected"], [[1, "a1", 0], [1, "a2", 1], [1, "a3", 1]])
    tables = read([egos_path, alters]).tables
    names = {row["id"]: row["pseudonym"] for row in tables.rows("alters")}
    ends = {row["id"]: names[row["alter_id"]] for row in tables.rows("ties")}
    assert [(ends[row["from_tie_id"]], ends[row["to_tie_id"]]) for row in tables.rows("alter_ties")] == [("a2", "a3")]


def test_numbered_columns_may_be_left_to_the_ego(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", ["egoID", "mood1", "mood2", "alter.a.1", "alter.a.2", "1 to 2"], [[1, 1, 2, 3, 4, 1]])
    with pytest.raises(FormatError, match="No file lists alters"):
        read([path], options=Options(choices={"wide_columns": "egos"}))
    with pytest.raises(FormatError, match="wide_columns"):
        read([path], options=Options(choices={"wide_columns": "stop"}))


def test_two_egos_alike_in_files_of_their_own_are_two_egos(tmp_path: Path) -> None:
    for ego in (1, 2):
        csv(tmp_path / "alters" / f"{ego}.csv", ["alterID", "age"], [[1, 30]])
    assert read([tmp_path / "alters"]).tables.counts()["participants"] == 2


@shared
def test_a_file_an_ego_equals_egors_own_values() -> None:
    paths = [SHARED / "extdata" / name for name in ("egos_32.csv", "alters_32", "edges_32")]
    assert_equal_to(SHARED / "reference_egor_egor32_ego.csv", measured(read(paths).tables))


@shared
@pytest.mark.parametrize("other", [["openeddi"], ["egoweb"]])
def test_the_larger_example_is_the_same_in_each_layout(other: list[str]) -> None:
    theirs = read([SHARED / "extdata" / f"{name}_32.csv" for name in ("egos", "alters", "edges")], format="egor")
    mine = read([SHARED / "extdata" / name for name in other], format="egor")
    assert network(mine.tables) == network(theirs.tables)


@shared
def test_the_small_examples_have_the_numbers_in_their_columns() -> None:
    eight = read([SHARED / "extdata" / "one_file_8.csv"]).tables
    assert (eight.counts()["maps"], eight.counts()["ties"], eight.counts()["alter_ties"]) == (16, 128, 448)
    small, apart = read([SHARED / "extdata" / "one_file_ws.csv"]), read([SHARED / "extdata" / name for name in ("alters_ws", "edges_ws")])
    assert small.tables["alter_ties"]["weight"].sum() == apart.tables["alter_ties"]["weight"].sum() == 35
    assert small.tables.counts()["alter_ties"] == apart.tables.counts()["alter_ties"] == 30
    wide, rows = (read([SHARED / "extdata" / name]).tables.counts() for name in ("alters_32_wide.csv", "alters_32.csv"))
    assert wide == rows


def test_alters_side_by_side_in_a_file_of_their_own_join_the_egos(tmp_path: Path) -> None:
    egos = csv(tmp_path / "egos.csv", ["egoID", "edu"], [["a", 1], ["b", 2]])
    wide = csv(tmp_path / "wide.csv", ["egoID", "age.1", "age.2", "sex.1", "sex.2"], [["b", 30, 40, "f", "m"], ["x", 1, 2, "f", "f"]])
    reading = read([egos, wide])
    assert reading.tables.counts()["alters"] == 2
    assert reading.tables.counts()["participants"] == 2
    assert [problem.code for problem in reading.problems].count("unknown_ego") == 1


def test_a_column_of_ours_without_any_value_is_no_question(tmp_path: Path) -> None:
    egos = csv(tmp_path / "egos.csv", ["egoID", "gender"], [["a", None]])
    alters = csv(tmp_path / "alters.csv", ["egoID", "alterID", "trust", "note"], [["a", 1, None, None]])
    assert [row["code"] for row in read([egos, alters]).tables.rows("questions")] == ["tie_note"]
