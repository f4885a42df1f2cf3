"""`kith measure`: one row a map, one column a measure."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kithwork.cli.main import with_passphrase
from kithwork.cli.recording import write_policy
from kithwork.cli.sources import cohort_folder, cohort_from, too_large_to_read
from kithwork.cli.writing import listed, write_frame, write_pieces, writes_table
from kithwork.model.errors import SelectionError

if TYPE_CHECKING:
    import polars as pl

    from kithwork.cohort import Cohort
    from kithwork.measures.partitions import Job

_FEW = 20_000  # maps that are measured before a bar could be read


@click.command()
@click.argument("source")
@writes_table
@click.option("--kinds", default="person", show_default=True, help="Kinds among which alter ties are measured, by comma; or all.")
@click.option("--counted", default="all", show_default=True, help="Kinds counted by every other measure, by comma; or all.")
@click.option("--measures", default=None, help="Only these measures, columns or groups, by comma; or all.")
@click.option("--level", type=click.Choice(["map", "tie"]), default="map", show_default=True, help="One row a map, or one row a tie.")
@click.option("--by", default=None, help="Attributes to sort alters by, by comma: NAME, NAME=EGO'S NAME or NAME:codes.")
@click.option("--relations", default=None, help="Count only alter ties of these relations, or of a study's own labels, by comma.")
@click.option("--most-weight", type=float, default=None, help="The largest strength an alter tie can have; strengths are divided by it.")
@click.option(
    "--missing", type=click.Choice(["left-out", "category"]), default="left-out", show_default=True, help="Ties without an answer."
)
@click.option(
    "--weak", default="outer_circle", show_default=True, help="When a tie is weak, any of, by comma: outer_circle, contact, role_group."
)
@click.option(
    "--ties-used",
    is_flag=True,
    help="Beside each value, on how many ties it rests and how many have no answer: …_ties_used, …_ties_missing.",
)
@click.option("--reasons", type=click.Path(path_type=Path), help="Also write why each empty value is empty, one row a value.")
@click.option(
    "--engine", default=None, help="numpy or compiled (extra scale); they give the same. Unless named, by how many maps there are."
)
@click.option("--dask", is_flag=True, help="Measure on Dask workers of this machine; run the same again to go on where it stopped.")
@click.option("--dask-scheduler", metavar="ADDRESS", help="Measure on the workers of this scheduler, as in tcp://HOST:8786.")
@click.option("--dask-slurm", metavar="JOBS", type=click.IntRange(min=1), help="Measure in so many SLURM jobs; see docs/cohort-files.md.")
@with_passphrase
def command(
    source: str,
    output: Path | None,
    kinds: str,
    counted: str,
    measures: str | None,
    level: str,
    by: str | None,
    relations: str | None,
    most_weight: float | None,
    missing: str,
    weak: str,
    ties_used: bool,
    reasons: Path | None,
    engine: str | None,
    dask: bool,
    dask_scheduler: str | None,
    dask_slurm: int | None,
    passphrase_file: Path | None,
) -> None:
    """Measure every map of SOURCE: participant, wave, state, then a column a measure. An undefined value is empty, never 0.

    SOURCE is a study, a folder of Parquet as docs/cohort-files.md describes it, or files that `kith import` can read. Without -o the
    table is printed as CSV. Rows stand in the order of the source. Every measure is explained in docs/measures.md. What the numbers
    rest on is written beside them, as measures.csv.policy.json.

    Example: kith measure STUDY.kith -o measures.csv --kinds person,animal
    """
    from kithwork.cohort import Policy
    from kithwork.measures.compiled import engine_for
    from kithwork.measures.partitions import Job

    engine_for(0, engine)  # a name that is wrong is told before any work
    policy = Policy(
        relations=listed(relations), most_weight=most_weight, weak=listed(weak) or (), is_missing_a_category=missing == "category"
    )
    how: dict[str, Any] = {
        "kinds": listed(kinds) or (),
        "counted": listed(counted) or (),
        "measures": listed(measures),
        "by": listed(by) or (),
        "policy": policy,
        "engine": engine,
        "with_reasons": reasons is not None,
        "with_ties": ties_used,
    }
    is_spread = dask or dask_scheduler is not None or dask_slurm is not None
    if level == "tie":
        if ties_used:
            raise SelectionError("With --level tie a row is one tie, so there is nothing to count; leave --ties-used out.")
        _measure_ties(source, passphrase_file, how, output)
        return
    if is_spread and output is None:
        raise SelectionError("Rows measured by workers are kept beside the result; say where with -o.")
    with too_large_to_read(source, output, how["by"]) as large:
        folder = large or cohort_folder(source)
        if folder is not None:
            _measure_in_parts(Job(folder.resolve(), **how), None, how, output, reasons, dask_scheduler, dask_slurm, is_spread)
            return
    cohort = cohort_from(source, passphrase_file, policy, how["by"])
    if is_spread:
        _measure_in_parts(None, cohort, how, output, reasons, dask_scheduler, dask_slurm, is_spread)
    else:
        _measure_at_once(cohort, how, output, reasons)


def _measure_ties(source: str, passphrase_file: Path | None, how: dict[str, Any], output: Path | None) -> None:
    """One row a tie; of a cohort on disk, part after part."""
    import polars as pl

    from kithwork.cohort.files import open_cohort
    from kithwork.measures.tables import tie_table

    folder = cohort_folder(source)
    if folder is None:
        cohorts = [cohort_from(source, passphrase_file, how["policy"], how["by"])]
    else:
        files = open_cohort(folder, how["by"], how["policy"])
        cohorts = [files.read(part) for part in files.parts]
    write_frame(pl.concat([tie_table(cohort, how["kinds"], how["counted"]) for cohort in cohorts]), output)
    _record(how, output, cohorts[0] if folder is None else None)


def _record(how: dict[str, Any], output: Path | None, cohort: "Cohort | None", result: "pl.DataFrame | pl.LazyFrame | None" = None) -> None:
    from kithwork.measures.rested_on import ties_told

    if output is not None:
        write_policy(output, how["policy"], how["kinds"], how["counted"], cohort, None if result is None else ties_told(result))


def _measure_at_once(cohort: "Cohort", how: dict[str, Any], output: Path | None, reasons: Path | None) -> None:
    """A cohort that is in memory already."""
    from kithwork.measures.compiled import engine_for
    from kithwork.measures.run import MAPS_AT_A_TIME, joined, measures_of

    engine, done = engine_for(len(cohort), how["engine"]), []
    with _told(len(cohort)) as told:
        for part in cohort.parts(MAPS_AT_A_TIME):
            done.append(measures_of(part, how["kinds"], how["counted"], how["measures"], engine, how["with_ties"]))
            told(len(part))
    measured = joined(done)
    write_frame(measured.frame, output)
    _record(how, output, cohort, measured.frame)
    if reasons is not None:
        write_frame(measured.reasons, reasons)


def _measure_in_parts(
    job: "Job | None",
    cohort: "Cohort | None",
    how: dict[str, Any],
    output: Path | None,
    reasons: Path | None,
    scheduler: str | None,
    slurm_jobs: int | None,
    is_spread: bool,
) -> None:
    """A cohort on disk, a part at a time; or one in memory, written beside the result so that workers can read it."""
    import polars as pl

    from kithwork.measures import partitions

    if output is None:
        assert job is not None
        _print(job, reasons)
        return
    kept = output.with_name(f".{output.name}.parts").resolve()
    partitions.make_folder(kept)
    if job is None:
        from kithwork.cohort.files import write_cohort

        assert cohort is not None
        partitions.forget(kept / "cohort")  # of a run that stopped: it may have had more maps
        write_cohort(cohort, kept / "cohort", _FEW)
        job = partitions.Job(kept / "cohort", **how)
    with _told(len(job.open())) as told:
        if is_spread:
            from kithwork.measures.clusters import keep_all_on, workers

            with workers(scheduler, slurm_jobs) as client:
                names = keep_all_on(client, job, kept, told)
        else:
            names = partitions.keep_all(job, kept, told)
    pieces = partitions.kept_files(kept, names)
    write_pieces(pieces, output)
    _record(how, output, cohort, pl.scan_parquet(pieces, glob=False) if how["with_ties"] else None)
    if reasons is not None:
        write_pieces(partitions.kept_files(kept, names, partitions.REASONS), reasons)
    partitions.forget(kept)


def _print(job: "Job", reasons: Path | None) -> None:
    """Part after part as CSV, one header; nothing is kept but the reasons."""
    import polars as pl

    from kithwork.measures import partitions

    why = []
    for number, measured in enumerate(partitions.streamed(job)):
        write_frame(measured.frame, None, with_header=number == 0)
        if reasons is not None:
            why.append(measured.reasons)
    if reasons is not None:
        write_frame(pl.concat(why), reasons)


@contextlib.contextmanager
def _told(maps: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr that counts maps, where there are many and somebody watches."""
    if maps <= _FEW:
        yield lambda _: None
        return
    with click.progressbar(length=maps, label=f"Measuring {maps:,} maps", file=sys.stderr) as bar:
        yield bar.update
