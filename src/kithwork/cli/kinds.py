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
    type=click.Choice(["rules", "change", "structure", "measures"]),
    default="rules",
    show_default=True,
    help="rules: one label a map; change: one a person; structure: subgroups of alters; measures: grouping by --measures.",
)
@click.option("--measures", default="size,density", show_default=True, help="Measures to group maps by, by comma.")
@click.option("--method", default="k-medoids", show_default=True, help="How to group: k-medoids or k-means.")
@click.option("--types", type=click.IntRange(2, 100), help="How many types; the best silhouette decides when left out.")
@click.option("--kinds", default="person", show_default=True, help="Kinds among which alter ties are measured, by comma; or all.")
@with_passphrase
def command(
    study: str, output: Path | None, by: str, measures: str, method: str, types: int | None, kinds: str, passphrase_file: Path | None
) -> None:
    """Tell the kind of each network of STUDY, with the rule, what it rests on, and how near it was to another.

    A label opens a talk and judges nobody; what was answered to the map's question `network_type` or `all_kinds_type` stands in its place.
    docs/kinds-of-network.md tells every rule. Without -o the table is printed as CSV.

    Example: kith kinds STUDY.kith -o kinds.csv
    """
    from kithwork.measures import map_measures
    from kithwork.measures.typology import change_types, cluster, kinds_of_network, structural_types

    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        tables = opened.tables()
    if by in ("rules", "change"):
        write_frame(kinds_of_network(tables) if by == "rules" else change_types(tables), output)
        return
    chosen = listed(kinds) or ()
    if by == "structure":
        frame, made = structural_types(tables, chosen, k=types, method=method)
    else:
        names = listed(measures) or ()
        frame = map_measures(tables, chosen, measures=names).frame.filter(state="everyday")
        made = cluster(frame, names, method=method, k=types)
        if made.labels is not None:
            import polars as pl

            frame = frame.with_columns(type=pl.Series([int(label) or None for label in made.labels], dtype=pl.Int64))
    for problem in made.problems:
        click.echo(problem, err=True)
    if made.k is not None:
        best = made.quality.filter(k=made.k).row(0, named=True)
        quality = f"silhouette {best['silhouette']:.2f}, Caliński–Harabasz {best['calinski_harabasz']:.1f}"
        steady = f"adjusted Rand {made.between_seeds:.2f} between starts, {made.between_samples:.2f} between maps drawn anew"
        click.echo(f"{made.k} types; {quality}; {steady}.", err=True)
    write_frame(frame, output)
