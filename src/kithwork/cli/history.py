"""`kith history`: how the codebook came to be, as a table."""

from pathlib import Path

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.cli.writing import write_frame, writes_table


@click.command()
@click.argument("study")
@writes_table
@click.option("--with-memos", is_flag=True, help="Also the reasons given, which are free text.")
@with_passphrase
def command(study: str, output: Path | None, with_memos: bool, passphrase_file: Path | None) -> None:
    """Tell how the codebook of STUDY came to be: one row a thing done to codes, themes, a lens or their links.

    It is read from the journal, in order: when, who, what was done, what was before and after. Without a file it is printed as CSV.

    Example: kith history STUDY.kith -o history.xlsx
    """
    from kithwork.actions.history import history_frame

    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        frame = history_frame(opened, with_memos=with_memos)
    write_frame(frame, output)
    if output is not None:
        click.echo(f"history: {frame.height:,} row(s) written to {output.name}")
