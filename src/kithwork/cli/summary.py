"""`kith summary`: means and shares over maps, weighed for how people were drawn."""

from pathlib import Path

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.cli.writing import listed, write_frame, writes_table


@click.command()
@click.argument("study")
@writes_table
@click.option("--weights", help="What each person stands for: the code of a question asked of participants, answered with a number.")
@click.option("--cluster", help="Where people were drawn together: a column of participants, such as site, or a question's code.")
@click.option("--strata", help="From which part of the population they were drawn: the same.")
@click.option("--population", help="How many clusters a person's stratum has, drawn or not: the code of a question answered with a number.")
@click.option("--by", default="wave", show_default=True, help="One row a group, by comma: wave, state, or what is known of participants.")
@click.option("--measures", default=None, help="Only these measures or columns, by comma.")
@click.option("--kinds", default="person", show_default=True, help="Kinds among which alter ties are measured, by comma; or all.")
@click.option("--state", default="everyday", show_default=True, help="Which state of the network.")
@with_passphrase
def command(
    study: str,
    output: Path | None,
    weights: str | None,
    cluster: str | None,
    strata: str | None,
    population: str | None,
    by: str,
    measures: str | None,
    kinds: str,
    state: str,
    passphrase_file: Path | None,
) -> None:
    """Mean of each measure over the maps of STUDY, with its standard error, 95 % interval and design effect.

    Without --cluster each person is a cluster of their own maps. An empty value is left out and counted. docs/models.md tells the formulas.

    Example: kith summary STUDY.kith --weights weight --cluster site --measures size,density
    """
    import polars as pl

    from kithwork.measures import map_measures
    from kithwork.measures.weighted import summary, with_people

    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        tables = opened.tables()
    groups = listed(by) or ()
    frame = map_measures(tables, listed(kinds) or (), measures=listed(measures)).frame.filter(pl.col("state") == state)
    told = [name for name in frame.columns if name not in ("participant", "wave", "state")]
    known = [
        name
        for name in (weights, cluster, strata, population, *groups)
        if name is not None and name not in ("wave", "state", "participant")
    ]
    frame = with_people(frame, tables, known)
    design = {"weights": weights, "cluster": cluster or "participant", "strata": strata, "population": population}
    write_frame(summary(frame, told, **design, by=groups), output)
