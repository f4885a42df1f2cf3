"""`kith demo`: make the synthetic demo study."""

from pathlib import Path

import click

from kithwork.cli.main import with_passphrase
from kithwork.cli.new import new_passphrase, new_study, without_password


@click.command()
@click.argument("study")
@click.option("--seed", type=int, default=2029, show_default=True, help="The same seed and sizes make the same study.")
@click.option("--participants", type=click.IntRange(1, 5000), default=29, show_default=True, help="How many people.")
@click.option("--waves", type=click.IntRange(1, 200), default=3, show_default=True, help="How many waves.")
@click.option("--ties", type=click.IntRange(1, 500), help="Ties on each map; else 5 to 25.")
@with_passphrase
def command(study: str, seed: int, participants: int, waves: int, ties: int | None, passphrase_file: Path | None) -> None:
    """Make a synthetic study at STUDY: 29 people, three waves, 79 interviews held and 8 missed. Nothing in it comes from a person.

    Example: kith demo demo.kith, then kith serve demo.kith
    """
    from kithwork.actions.demo import work_on_codebook
    from kithwork.actions.design import keep_tables
    from kithwork.formats.demo import demo_tables

    passphrase = new_passphrase(passphrase_file, encrypt=False)
    with new_study(study, passphrase) as made:
        tables = demo_tables(seed, participants, waves, ties)
        keep_tables(made, tables, "make demo study")
        work_on_codebook(made)
    held = tables["interviews"]["status"].eq("held").sum()
    click.echo(f"Made {without_password(study)}: a synthetic study of {participants} participants, {waves} waves and {held} interviews.")
