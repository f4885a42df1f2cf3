"""`kith change`: one row a person and pair of waves."""

from pathlib import Path

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.cli.writing import listed, write_frame, writes_table


@click.command()
@click.argument("study")
@writes_table
@click.option("--counted", default="all", show_default=True, help="Kinds counted, by comma; or all.")
@click.option("--measures", default=None, help="Only these measures, by comma.")
@click.option("--reasons", type=click.Path(path_type=Path), help="Also write why each empty value is empty, one row a value.")
@with_passphrase
def command(
    study: str, output: Path | None, counted: str, measures: str | None, reasons: Path | None, passphrase_file: Path | None
) -> None:
    """Measure what changed between each participant's consecutive observed waves.

    A missed wave is a gap, never a loss: the pair bridges it, and waves_missed and gap_months tell of it.

    Example: kith change STUDY.kith -o change.csv
    """
    from kithwork.cohort import COLUMNS
    from kithwork.measures import change_measures

    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        tables = opened.tables(*COLUMNS)
    measured = change_measures(tables, listed(counted) or (), listed(measures))
    write_frame(measured.frame, output)
    if reasons is not None:
        write_frame(measured.reasons, reasons)
