"""`kith measure` and `kith change` as others script against them."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import polars as pl
import pytest
from click.testing import CliRunner, Result
from polars.testing import assert_frame_equal

import kithwork
from kithwork.actions.design import keep_tables
from kithwork.cli.change import command as change
from kithwork.cli.export import command as export
from kithwork.cli.measure import command as measure
from kithwork.cohort import cohort_of
from kithwork.cohort.files import write_cohort
from kithwork.formats.egor import large
from kithwork.measures import partitions
from kithwork.measures.partitions import Job
from kithwork.model.errors import FormatError, SelectionError
from kithwork.store import Study, create_study
from tests.measures.test_measures import gap_study
from tests.oracles.studies import random_study

ORDER = ("waves", "circles", "questions", "participants", "interviews", "maps", "alters", "ties")


def fill(study: Study, hostile: str = "P1") -> None:
    tables = gap_study()
    with study.change("fill") as made:
        for name in ORDER:
            for row in tables.rows(name):
                made.insert(name, {**row, "pseudonym": hostile} if name == "participants" else row)


@pytest.fixture
def place(tmp_path: Path) -> str:
    with create_study(tmp_path / "study.kith") as study:
        fill(study)
    return str(tmp_path / "study.kith")


def run(command, *words: str) -> Result:
    return CliRunner().invoke(command, words, catch_exceptions=False)


def test_without_a_file_the_table_is_printed_as_csv(place: str):
    printed = run(measure, place, "--measures", "size,density").output
    assert printed == "participant,wave,state,size,density\nP1,1,everyday,2,0.0\nP1,3,everyday,2,0.0\n"
    assert run(change, place, "--measures", "kept,turnover").output == (
        "participant,from_wave,to_wave,gap_months,waves_missed,kept,turnover\nP1,1,3,12.0,1,2,0.0\n"
    )


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_every_ending_holds_the_same_table(place: str, tmp_path: Path, ending: str):
    file = tmp_path / f"out{ending}"
    run(measure, place, "-o", str(file), "--measures", "size,constraint")
    read = {".csv": pl.read_csv, ".parquet": pl.read_parquet, ".xlsx": pl.read_excel}[ending]
    assert read(file).rows() == [("P1", 1, "everyday", 2, 0.5), ("P1", 3, "everyday", 2, 0.5)]
    assert file.stat().st_mode & 0o077 == 0


def test_an_unknown_ending_is_refused_before_any_work(place: str, tmp_path: Path):
    with pytest.raises(SelectionError) as told:
        run(measure, place, "-o", str(tmp_path / "out.cvs"))
    assert str(told.value) == "'out.cvs' ends in '.cvs'; a table is written as .csv, .parquet or .xlsx. Did you mean '.csv'?"
    assert not (tmp_path / "out.cvs").exists()


def test_a_name_that_looks_like_a_formula_is_defused(tmp_path: Path):
    with create_study(tmp_path / "hostile.kith") as study:
        fill(study, "=1+1")
    place = str(tmp_path / "hostile.kith")
    assert "\n'=1+1,1," in run(measure, place).output
    run(measure, place, "-o", str(tmp_path / "out.xlsx"))
    assert pl.read_excel(tmp_path / "out.xlsx")["participant"].to_list() == ["'=1+1"] * 2
    run(measure, place, "-o", str(tmp_path / "out.parquet"))
    assert pl.read_parquet(tmp_path / "out.parquet")["participant"].to_list() == ["=1+1"] * 2


def test_the_reasons_of_empty_values_can_be_written_too(place: str, tmp_path: Path):
    run(measure, place, "--measures", "mean_effort", "--reasons", str(tmp_path / "why.csv"))
    assert pl.read_csv(tmp_path / "why.csv")["reason"].to_list() == ["not_asked", "not_asked"]


def test_a_study_opened_in_python_gives_the_same_tables(place: str):
    with kithwork.open_study(place) as study:
        assert study.measures(measures=("size",))["size"].to_list() == [2, 2]
        assert study.change()["waves_missed"].to_list() == [1]
        assert study.tables()["maps"].height == 3
        assert "not_asked" in study.reasons()["reason"].to_list()


def test_importing_the_package_loads_nothing_heavy():
    program = "import sys, kithwork; print([name for name in ('polars', 'scipy', 'sqlalchemy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cohort on disk of more maps than a part holds."""
    kinds = [[number % 3] * (number % 5) for number in range(20_050)]
    links = [[0] if number % 5 > 1 else [] for number in range(20_050)]
    folder = tmp_path / "cohort"
    folder.mkdir()
    frame = pl.DataFrame({"participant": range(20_050), "kind": kinds, "u": links, "v": [[1] * len(one) for one in links]})
    frame.write_parquet(folder / "maps.parquet")
    return folder


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_a_folder_of_rows_is_measured_in_its_own_order_part_by_part(folder: Path, tmp_path: Path, ending: str, engine: str):
    if engine == "compiled":
        pytest.importorskip("numba")
    file = tmp_path / f"out{ending}"
    run(measure, str(folder), "-o", str(file), "--measures", "size,density", "--kinds", "all", "--engine", engine)
    frame = {".csv": pl.read_csv, ".parquet": pl.read_parquet}[ending](file)
    assert frame["participant"].to_list() == list(range(20_050))
    assert frame["size"].to_list() == [number % 5 for number in range(20_050)]
    assert frame["density"].to_list()[:5] == [None, None, 1.0, 1 / 3, 1 / 6]
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_rows_measured_part_by_part_are_printed_with_one_header(folder: Path):
    printed = run(measure, str(folder), "--measures", "size").output.splitlines()
    assert printed[0] == "participant,wave,state,size"
    assert len(printed) == 20_051


def test_files_of_another_tool_are_measured_without_making_a_study(tmp_path: Path):
    folder = tmp_path / "egor"
    folder.mkdir()
    (folder / "egos.csv").write_text("egoID\n1\n2\n")
    (folder / "alters.csv").write_text("egoID,alterID\n1,a\n1,b\n1,c\n2,a\n")
    (folder / "ties.csv").write_text("egoID,Source,Target\n1,a,b\n")
    printed = run(measure, str(folder), "--measures", "size,density").output.splitlines()
    assert [line.split(",")[3:] for line in printed] == [["size", "density"], ["3", "0.3333333333333333"], ["1", ""]]


def test_workers_need_a_place_for_the_result(place: str):
    with pytest.raises(SelectionError, match="say where with -o"):
        run(measure, place, "--dask")


def test_a_study_measured_by_workers_is_the_same_table_whatever_another_run_left_half_done(place: str, tmp_path: Path):
    pytest.importorskip("distributed")
    left = tmp_path / ".out.parquet.parts"
    write_cohort(cohort_of(random_study(3)), left / "cohort", 1)  # more maps, of other people
    job = Job(left / "cohort", kinds=("all",), measures=("size",))
    partitions.keep_part(job, 0, left, partitions.part_names(job, job.open())[0])
    run(measure, place, "-o", str(tmp_path / "out.parquet"), "--measures", "size,constraint", "--dask")
    assert pl.read_parquet(tmp_path / "out.parquet").rows() == [("P1", 1, "everyday", 2, 0.5), ("P1", 3, "everyday", 2, 0.5)]
    assert not (tmp_path / ".out.parquet.parts").exists()


def test_a_study_exported_as_a_cohort_is_measured_as_the_study(place: str, tmp_path: Path):
    told = run(export, place, str(tmp_path / "cohort"), "--format", "cohort").output
    assert told.splitlines()[-1].startswith("wrote 2 files into ")
    names = "size,density,constraint"
    assert run(measure, str(tmp_path / "cohort"), "--measures", names).output == run(measure, place, "--measures", names).output


@pytest.mark.parametrize("is_odd", [False, True])
def test_egors_files_too_large_to_be_read_whole_are_measured_alike(is_odd: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    draw, folder = Random(1), tmp_path / "data"
    folder.mkdir()
    egos = [str(number) for number in range(1, 41)]
    kinds = ["person", "animal", "place"]
    alters = [(ego, alter, draw.choice(kinds), draw.randint(1, 4)) for ego in egos for alter in range(1, draw.randint(1, 9))]
    draw.shuffle(alters)
    ties = [(ego, draw.randint(0, 9), draw.randint(0, 9), draw.choice([-1, 0, 1, 2])) for ego in egos for _ in range(12)]
    if is_odd:
        alters += [alters[3], ("", 1, "person", 1), ("99", 1, "person", 1), ("1", "NA", "person", 2)]
        ties = [(f"{ego}.0", f" {source}", f"0{target}", weight) for ego, source, target, weight in ties]
        egos += ["3", ""]
    (folder / "egos.csv").write_text("\n".join(["egoID", *egos]))
    tables = (("alters", "egoID,alterID,kind,circle", alters), ("aaties", "egoID,Source,Target,weight", ties))
    for name, header, rows in tables:
        (folder / f"{name}.csv").write_text("\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n")
    measured = []
    for is_large in (False, True):
        monkeypatch.setattr(large, "_is_large", lambda *_, is_large=is_large: is_large)
        monkeypatch.setattr(large, "EGOS_AT_A_TIME", 7)
        told = run(measure, str(folder), "-o", str(tmp_path / "out.parquet"), "--kinds", "all", "--most-weight", "2", "--measures", "all")
        assert ("Too large" in told.stderr) == is_large
        measured.append(pl.read_parquet(tmp_path / "out.parquet"))
    of_files, of_cohort = measured
    shared = [name for name in of_cohort.columns if name in of_files.columns]
    assert {"density", "constraint", "share_circle_1", "size_animal", "density_weighted"} <= set(shared)
    assert of_files["alter_tie_count"].sum() > 50
    assert_frame_equal(of_cohort.select(shared), of_files.select(shared), rel_tol=1e-9, abs_tol=1e-9)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_only_a_whole_reading_understands_is_refused_where_it_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(large, "_is_large", lambda *_: True)
    (tmp_path / "alters.csv").write_text("egoID,alterID,wave\n1,1,1\n")
    with pytest.raises(FormatError, match=r"'alters.csv' is too large .* several waves"):
        run(measure, str(tmp_path))
    (tmp_path / "alters.csv").write_text("egoID,alterID,sex\n1,1,f\n")
    with pytest.raises(SelectionError, match="leave --by out"):
        run(measure, str(tmp_path), "--by", "sex")


def test_ties_used_stand_beside_each_value_in_parts_too_and_their_sums_in_the_policy(tmp_path: Path):
    tables = random_study(2)
    with create_study(tmp_path / "study.kith") as study:
        keep_tables(study, tables, "fill")
    whole, parts = tmp_path / "whole.csv", tmp_path / "parts.parquet"
    chosen = ["--measures", "size,mean_effort", "--ties-used"]
    run(measure, str(tmp_path / "study.kith"), *chosen, "-o", str(whole))
    write_cohort(cohort_of(tables), tmp_path / "cohort", 3)
    run(measure, str(tmp_path / "cohort"), *chosen, "-o", str(parts))
    made = pl.read_csv(whole)
    ends = ("", "_ties_used", "_ties_missing")
    assert made.columns == ["participant", "wave", "state", *(f"{name}{end}" for name in ("size", "mean_effort") for end in ends)]
    assert pl.read_parquet(parts).select("^.*_ties_.*$").rows() == made.select("^.*_ties_.*$").rows()
    for path in (whole, parts):
        told = json.loads(path.with_name(f"{path.name}.policy.json").read_text())["ties_each_column_rests_on"]
        assert told["mean_effort"] == {
            "used": made["mean_effort_ties_used"].sum(),
            "without_an_answer": made["mean_effort_ties_missing"].sum(),
        }
    run(measure, str(tmp_path / "study.kith"), "--measures", "size", "-o", str(whole))
    assert pl.read_csv(whole).columns == ["participant", "wave", "state", "size"]
