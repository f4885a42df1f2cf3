"""`kith verify`: 0 sound, 1 damaged, 2 cannot tell."""

import sys
from pathlib import Path

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.model.errors import KithworkError


@click.command()
@click.argument("study")
@with_passphrase
def command(study: str, passphrase_file: Path | None) -> None:
    """Check that a study is sound: its file, its references, its journal, and that the journal replayed gives its tables.

    Exit code 0: sound. 1: damaged. 2: cannot tell.

    Example: kith verify STUDY.kith
    """
    from kithwork.store.place import looks_damaged, place_of

    try:
        with open_from_command(study, passphrase_file, is_read_only=True) as opened:
            findings = opened.verify()
    except KithworkError as error:
        click.echo(f"kith: {error}", err=True)
        sys.exit(1 if looks_damaged(place_of(study)) else 2)
    for sentence in findings.damage:
        click.echo(sentence, err=True)
    click.echo(f"{'sound' if findings.is_sound else 'damaged'}: {findings.entries} journal entries, {findings.rows} rows")
    for device, head in findings.heads.items():
        click.echo(f"head of {device[:8]}: {head[:16]}")
    sys.exit(0 if findings.is_sound else 1)
