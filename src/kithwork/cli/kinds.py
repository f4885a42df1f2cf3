"""`kith kinds`: kinds of network, by rule, by structure, or by change."""

from pathlib import Path

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.cli.writing import listed, write_frame, writes_table


@click.command()
@click.argument("study")
@writes_table
@click.option(
    "--by",
    type=click.Choice(["rules", "moves", "change", "structure", "measures"]),
    default="rules",
    show_default=True,
    help="rules: one label a map; moves: from label to label, one row a person and pair of maps; change: one a person; "
    "structure: subgroups of alters; measures: grouping by --measures.",
)
@click.option("--measures", default="size,density", show_default=True, help="Measures to group maps by, by comma.")
@click.option("--method", default="k-medoids", show_default=True, help="How to group: k-medoids or k-means.")
@click.option("--types", type=click.IntRange(2, 100), help="How many types; the best silhouette decides when left out.")
@click.option("--kinds", default="person", show_default=True, help="Kinds among which alter ties are measured, by comma; or all.")
@click.option(
    "--state", default="everyday", show_default=True, help="Maps of which state of the network are grouped by structure or measures."
)
@click.option("--labels", type=click.Choice(["people", "all_kinds"]), default="people", show_default=True, help="Whose moves: which label.")
@with_passphrase
def command(
    study: str,
    output: Path | None,
    by: str,
    measures: str,
    method: str,
    types: int | None,
    kinds: str,
    state: str,
    labels: str,
    passphrase_file: Path | None,
) -> None:
    """Tell the kind of each network of STUDY, with the rule, what it rests on, and how near it was to another.

    A label opens a talk and judges nobody; what was answered to the map's question `network_type` or `all_kinds_type` stands in its place.
    docs/kinds-of-network.md tells every rule. Without -o the table is printed as CSV.

    Example: kith kinds STUDY.kith -o kinds.csv

    Example: kith kinds STUDY.kith --by moves -o moves.csv
    """
    from kithwork.measures.typology import change_types, kinds_of_network, measured_types, structural_types, type_moves

    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        tables = opened.tables()
    if by in ("rules", "change", "moves"):
        made = {"rules": kinds_of_network, "change": change_types, "moves": lambda tables: type_moves(tables, labels)}
        write_frame(made[by](tables), output)
        return
    scope, how = listed(kinds) or (), {"k": types, "method": method, "state": state}
    if by == "structure":
        frame, found = structural_types(tables, scope, **how)
    else:
        frame, found = measured_types(tables, listed(measures) or (), scope, **how)
    for sentence in (*found.problems, *filter(None, (found.told,))):
        click.echo(sentence, err=True)
    write_frame(frame, output)
