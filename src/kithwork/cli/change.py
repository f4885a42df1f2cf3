"""`kith change`: one row a person and pair of waves, and what happened to alters, circles and people over all waves."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.cli.recording import write_policy
from kithwork.cli.writing import listed, write_frame, writes_table
from kithwork.model.errors import SelectionError

if TYPE_CHECKING:
    import polars as pl

    from kithwork.cohort import Cohort
    from kithwork.model.tables import StudyTables

TABLES = ("pairs", "ties", "alters", "people", "moves", "durability", "attrition")


@click.command()
@click.argument("study")
@writes_table
@click.option(
    "--table",
    type=click.Choice(TABLES),
    default="pairs",
    show_default=True,
    help="pairs: one row a person and two waves; ties: what became of each alter between them; "
    "alters: presence of each alter ever named; people: core and returns of each person; "
    "moves: between circles; durability: how long ties last, by kind or --by; attrition: what became of each interview.",
)
@click.option("--counted", default="all", show_default=True, help="Kinds counted, by comma; or all.")
@click.option("--kinds", default="person", show_default=True, help="Kinds among which alter ties are measured, by comma; or all.")
@click.option("--measures", default=None, help="Only these measures, by comma; or all.")
@click.option("--state", default="everyday", show_default=True, help="In which state of the network; for pairs, ties and moves.")
@click.option("--against", default=None, help="Set maps of another state at the same wave against them, such as crisis.")
@click.option("--by", default=None, help="Attributes to sort alters by, by comma: NAME, NAME=EGO'S NAME or NAME:codes.")
@click.option(
    "--ties-used",
    is_flag=True,
    help="Beside each value, on how many ties it rests and how many have no answer: …_ties_used, …_ties_missing.",
)
@click.option("--reasons", type=click.Path(path_type=Path), help="Also write why each empty value is empty, one row a value.")
@with_passphrase
def command(
    study: str,
    output: Path | None,
    table: str,
    counted: str,
    kinds: str,
    measures: str | None,
    state: str,
    against: str | None,
    by: str | None,
    ties_used: bool,
    reasons: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Measure what changed between each participant's consecutive observed waves.

    A missed wave is a gap, never a loss: the pair bridges it, and waves_missed and gap_months tell of it. What the numbers rest on is
    written beside them, as change.csv.policy.json.

    Example: kith change STUDY.kith -o change.csv

    Example: kith change STUDY.kith --state everyday --against crisis --table ties -o crisis.csv
    """
    from kithwork.cohort import COLUMNS, Policy, cohort_of
    from kithwork.cohort.build import ATTRIBUTE_TABLES
    from kithwork.measures import change_measures
    from kithwork.measures.rested_on import ties_told

    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        tables = opened.tables(*COLUMNS, *(ATTRIBUTE_TABLES if by else ()))
    policy, scope, attributes = Policy(), listed(counted) or (), listed(by) or ()
    cohort, ties = cohort_of(tables, policy=policy, by=attributes), None
    if table == "pairs":
        measured = change_measures(tables, scope, listed(measures), listed(kinds) or (), policy, attributes, state, against, ties_used)
        write_frame(measured.frame, output)
        ties = ties_told(measured.frame)
        if reasons is not None:
            write_frame(measured.reasons, reasons)
    elif measures is not None or reasons is not None or ties_used:
        raise SelectionError(f"The table of {table} has columns of its own; leave --measures, --ties-used and --reasons out.")
    else:
        write_frame(_table(table, tables, cohort.within(scope), attributes, state, against), output)
    if output is not None:
        write_policy(output, policy, listed(kinds) or (), scope, cohort, ties)


def _table(name: str, tables: "StudyTables", cohort: "Cohort", by: tuple[str, ...], state: str, against: str | None) -> "pl.DataFrame":
    from kithwork.measures.run import paired
    from kithwork.measures.tables import alter_table, attrition_table, durability_table, move_table, pair_table, person_table

    if by and name != "durability":
        raise SelectionError(f"The table of {name} is not sorted by attributes; leave --by out.")
    if name in ("ties", "moves"):
        pairs = paired(cohort, state, against)
        return pair_table(pairs) if name == "ties" else move_table(pairs)
    if (state, against) != ("everyday", None):
        raise SelectionError(f"The table of {name} is of everyday maps; leave --state and --against out.")
    if name == "attrition":
        return attrition_table(tables)
    if name == "durability":
        return durability_table(cohort, cohort.attributes[0].name if by else None)
    return alter_table(cohort) if name == "alters" else person_table(cohort)
