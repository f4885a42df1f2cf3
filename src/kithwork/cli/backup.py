"""`kith backup`: a verified copy; never copy a live study file by hand."""

from pathlib import Path

import click

from kithwork.cli.main import open_from_command, with_passphrase


@click.command()
@click.argument("study")
@click.argument("target", type=click.Path(path_type=Path))
@with_passphrase
def command(study: str, target: Path, passphrase_file: Path | None) -> None:
    """Make a verified copy of a study file, also while it is in use.

    Example: kith backup STUDY.kith STUDY-2026-11-23.backup
    """
    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        kept = opened.back_up(target)
    click.echo(f"Backed up to {kept} and verified.")
