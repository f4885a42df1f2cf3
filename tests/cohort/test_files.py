"""A cohort on disk gives the measures of the study it came from, and says where a foreign file is wrong."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithwork.cohort import Policy, cohort_of
from kithwork.cohort.files import DESCRIPTION, is_cohort, open_cohort, write_cohort
from kithwork.measures.run import joined, measures_of
from kithwork.model.errors import FormatError
from tests.oracles.studies import random_study

EVERYWHERE = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows(folder: Path, **columns: list) -> Path:
    folder.mkdir(exist_ok=True)
    pl.DataFrame(columns).write_parquet(folder / "maps.parquet")
    return folder


def measured(folder: Path, by: tuple[str, ...] = (), policy: Policy | None = None, maps_a_part: int = 20_000, **how) -> pl.DataFrame:
    files = open_cohort(folder, by, policy, maps_a_part)
    return joined([measures_of(files.read(part), **how) for part in files.parts]).frame


@EVERYWHERE
@given(seed=st.integers(0, 2**32), people=st.integers(1, 6), most=st.integers(1, 4), maps_a_file=st.integers(1, 7))
def test_a_study_written_as_a_cohort_is_measured_as_the_study(tmp_path_factory, seed: int, people: int, most: int, maps_a_file: int):
    folder = tmp_path_factory.mktemp("cohort")
    cohort = cohort_of(random_study(seed, people), by=("kind", "trust"))
    if not len(cohort):
        return
    write_cohort(cohort, folder, maps_a_file)
    whole = measures_of(cohort, measures=("all",))
    files = open_cohort(folder, maps_a_part=most)
    read = joined([measures_of(files.read(part), measures=("all",)) for part in files.parts])
    assert read.frame.columns == whole.frame.columns
    for name in whole.frame.columns:
        if whole.frame[name].dtype.is_float():
            np.testing.assert_allclose(read.frame[name].to_numpy(), whole.frame[name].to_numpy(), rtol=1e-12, err_msg=name)
        else:
            assert read.frame[name].to_list() == whole.frame[name].to_list(), name
    assert read.reasons.sort(pl.all()).equals(whole.reasons.sort(pl.all()))


def test_only_numbers_and_pseudonyms_are_written(tmp_path: Path):
    write_cohort(cohort_of(random_study(5)), tmp_path)
    for file in tmp_path.glob("*.parquet"):
        assert file.stat().st_mode & 0o077 == 0
        words = [name for name, kind in pl.read_parquet_schema(file).items() if kind == pl.String]
        assert set(words) <= {"participant", "state", "held_on"}


def test_rows_of_another_program_need_only_lists(tmp_path: Path):
    folder = rows(tmp_path / "c", group=[[0, 1, 1], [2], []], u=[[0, 1], [], []], v=[[1, 2], [], []])
    frame = measured(folder, by=("group",), maps_a_part=2, kinds=("all",), measures=("size", "density", "components", "alter_ei"))
    assert frame["participant"].to_list() == [1, 2, 3]
    assert frame["size"].to_list() == [3, 1, 0]
    assert frame["density"].to_list() == [2 / 3, None, None]
    assert frame["components"].to_list() == [1, 1, None]
    assert frame["alter_ei_group"].to_list() == [0.0, None, None]


def test_loops_repeats_non_ties_and_strangers_are_left_out_and_counted(tmp_path: Path):
    folder = rows(
        tmp_path / "c",
        kind=[[0, 0, 0], [0, 0]],
        u=[[0, 1, 1, 0, 0, 2], [1]],
        v=[[1, 0, 1, 9, 2, 1], [0]],
        weight=[[1.0, 1, 1, 1, 0, 2], [1.0]],
    )
    cohort = open_cohort(folder).read(open_cohort(folder).parts[0])
    assert cohort.alter_ties.tolist() == [[0, 1], [1, 2], [3, 4]]
    assert cohort.links["weight"].tolist() == [1, 2, 1]
    assert dict(cohort.dropped) == {"other_relation": 0, "non_tie": 1, "loop": 1, "across_maps": 1, "repeat": 1}
    counted = open_cohort(folder, policy=Policy(is_zero_a_tie=True))
    assert counted.read(counted.parts[0]).alter_ties.tolist() == [[0, 1], [0, 2], [1, 2], [3, 4]]


def test_several_files_are_one_cohort_in_the_order_of_their_names(tmp_path: Path):
    for number, kinds in ((10, [[0, 0]]), (2, [[1], [1, 1, 1]])):
        pl.DataFrame({"participant": [f"P{number}-{n}" for n in range(len(kinds))], "kind": kinds}).write_parquet(
            tmp_path / f"{number:03}.parquet"
        )
    assert measured(tmp_path, measures=("size",)).rows() == [
        ("P2-0", 1, "everyday", 1),
        ("P2-1", 1, "everyday", 3),
        ("P10-0", 1, "everyday", 2),
    ]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"kind": [[0], [0, 1]], "circle": [[1], [1]]}, "'maps.parquet', row 2: the lists 'kind' and 'circle' differ in length"),
        ({"kind": [[0], [99]]}, "'maps.parquet': the list 'kind' holds a code that means nothing"),
        ({"kind": [["person"]]}, "'maps.parquet', row 1: the list 'kind' holds no numbers"),
        ({"kind": [[0]], "u": [[0]], "v": [[]]}, "'maps.parquet', row 1: the lists 'u' and 'v' differ in length"),
        ({"kind": [[0]], "support_tie": [[4]]}, "a support names a tie that is not on its map"),
        ({"size": [3]}, "'maps.parquet' has no column of lists"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_in_one_sentence(tmp_path: Path, columns: dict, sentence: str):
    with pytest.raises(FormatError) as told:
        measured(rows(tmp_path / "c", **columns))
    assert sentence in str(told.value)


def test_a_damaged_file_and_an_empty_folder_are_refused(tmp_path: Path):
    with pytest.raises(FormatError, match="holds no"):
        open_cohort(tmp_path)
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(FormatError, match="damaged"):
        is_cohort(tmp_path)
    write_cohort(cohort_of(random_study(3)), tmp_path / "c")
    (tmp_path / "c" / DESCRIPTION).write_text(json.dumps({"kithwork_cohort": 99}))
    with pytest.raises(FormatError, match="another version"):
        open_cohort(tmp_path / "c")
