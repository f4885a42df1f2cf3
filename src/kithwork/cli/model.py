"""`kith model`: what predicts that a tie is kept, moves inward, is trusted, gives support."""

from pathlib import Path

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.cli.writing import listed, write_frame, writes_table
from kithwork.model.errors import SelectionError


@click.command()
@click.argument("study")
@click.option(
    "--predict", default="kept", show_default=True, help="kept, moved_inward, trusted, supportive, reliability, security or effort."
)
@click.option(
    "--by", default="kind,circle", show_default=True, help="Predictors, by comma: of the tie, the person, or a measure of the map."
)
@click.option("--method", default="mixed", show_default=True, help="mixed (effects within people), gee (on average over people) or counts.")
@click.option("--levels", default="person,map", show_default=True, help="What random intercepts are of: person, map, alter; by comma.")
@click.option("--counted", default="all", show_default=True, help="Kinds of tie that are modelled, by comma; or all.")
@writes_table
@click.option("--counts", type=click.Path(path_type=Path), help="Also write the exact counts, with intervals from drawing people anew.")
@click.option("--figure", type=click.Path(dir_okay=False, path_type=Path), help="Also draw the effects: .svg, .png or .pdf.")
@click.option("--draws", default=2000, show_default=True, type=click.IntRange(100, 100_000), help="How often people are drawn anew.")
@click.option("--seed", default=1, show_default=True, help="Where chance begins, so that the same call gives the same numbers.")
@with_passphrase
def command(
    study: str,
    predict: str,
    by: str,
    method: str,
    levels: str,
    counted: str,
    output: Path | None,
    counts: Path | None,
    figure: Path | None,
    draws: int,
    seed: int,
    passphrase_file: Path | None,
) -> None:
    """Say what goes with a tie of STUDY being kept (or what --predict names): sentences, and with -o a table of effects.

    A missed wave is never a loss: only ties whose person has a later map count, and the months between are taken into account. With few
    people, rest on the counts. docs/models.md tells outcomes, predictors and methods.

    Example: kith model STUDY.kith --predict kept --by kind,circle -o effects.csv --figure effects.svg
    """
    from kithwork.measures.models import tie_model

    if figure is not None and figure.suffix.lower() not in (".svg", ".png", ".pdf"):
        raise SelectionError(f"'{figure.name}' is not a picture's name; a picture is written as .svg, .png or .pdf.")
    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        tables = opened.tables()
    model = tie_model(
        tables,
        predict,
        listed(by) or (),
        method=method,
        counted=listed(counted) or (),
        levels=listed(levels) or (),
        draws=draws,
        seed=seed,
    )
    for sentence in model.sentences():
        click.echo(sentence)
    if output is not None:
        write_frame(model.effects, output)
    if counts is not None:
        write_frame(model.counts, counts)
    if figure is not None:
        from kithwork.cli.figure import write_picture
        from kithwork.figures.course import is_synthetic
        from kithwork.figures.forest_plot import forest_plot_of

        write_picture(forest_plot_of(model, is_made_up=is_synthetic(tables)), figure)
