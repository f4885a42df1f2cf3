"""`kith undo`: take back the last action, or one that is named."""

from pathlib import Path

import click

from kithwork.actions import take_back
from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.model.errors import StudyError


@click.command()
@click.argument("study")
@click.option("--entry", help="Id of the journal entry to take back; the last one when left out.")
@with_passphrase
def command(study: str, entry: str | None, passphrase_file: Path | None) -> None:
    """Take back the last action on a study, or the one named; undoing an undo brings it again.

    Example: kith undo STUDY.kith
    """
    with open_from_command(study, passphrase_file) as opened:
        if entry is None:
            done, _ = opened.undoable()
            if not done:
                raise StudyError("There is nothing to undo in this study.")
            entry = done[-1]
        verb = opened.entry(entry).verb
        made = take_back(opened, entry)
    click.echo(f"Took back '{verb}'. To bring it again: kith undo {study} --entry {made.id}")
