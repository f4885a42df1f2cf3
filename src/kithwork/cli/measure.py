"""`kith measure`: one row a map, one column a measure."""

from pathlib import Path

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.cli.writing import listed, write_frame, writes_table


@click.command()
@click.argument("study")
@writes_table
@click.option("--kinds", default="person", show_default=True, help="Kinds among which alter ties are measured, by comma; or all.")
@click.option("--counted", default="all", show_default=True, help="Kinds counted by every other measure, by comma; or all.")
@click.option("--measures", default=None, help="Only these measures or columns, by comma.")
@click.option("--relations", default=None, help="Count only alter ties of these relations, or of a study's own labels, by comma.")
@click.option("--reasons", type=click.Path(path_type=Path), help="Also write why each empty value is empty, one row a value.")
@with_passphrase
def command(
    study: str,
    output: Path | None,
    kinds: str,
    counted: str,
    measures: str | None,
    relations: str | None,
    reasons: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Measure every map of STUDY: participant, wave, state, then a column a measure. An undefined value is empty, never 0.

    Without -o the table is printed as CSV. Every measure is explained in docs/measures.md.

    Example: kith measure STUDY.kith -o measures.csv --kinds person,animal
    """
    from kithwork.cohort import COLUMNS, Policy
    from kithwork.measures import map_measures

    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        tables = opened.tables(*COLUMNS)
    measured = map_measures(tables, listed(kinds) or (), listed(counted) or (), listed(measures), Policy(relations=listed(relations)))
    write_frame(measured.frame, output)
    if reasons is not None:
        write_frame(measured.reasons, reasons)
