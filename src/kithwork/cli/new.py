"""`kith new`: make a study from a template."""

import contextlib
import getpass
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kithwork.cli.main import passphrase_from, with_passphrase
from kithwork.model.errors import StudyError

if TYPE_CHECKING:
    from kithwork.store import Study


def without_password(where: str) -> str:
    """The place as it was given, less a password in a server's address."""
    return re.sub(r"(//[^:/@]*):[^@/]*@", r"\1@", where)


@click.command()
@click.argument("study")
@click.option("--title", help="Title of the study; else the template's.")
@click.option(
    "--template",
    default="personal-support-network",
    show_default=True,
    help="Name of a built-in template, a YAML file, or a .netcanvas protocol.",
)
@click.option("--waves", type=click.IntRange(1, 200), help="How many waves; else as many as the template has.")
@click.option("--encrypt", is_flag=True, help="Encrypt the study; you are asked for a passphrase.")
@with_passphrase
def command(study: str, title: str | None, template: str, waves: int | None, encrypt: bool, passphrase_file: Path | None) -> None:
    """Make a new study at STUDY from a template; with a passphrase it is encrypted. What is there already is left alone.

    Example: kith new STUDY.kith --title "Our study" --waves 4

    Example: kith new STUDY.kith --template protocol.netcanvas
    """
    from kithwork.actions.design import make_study
    from kithwork.formats.reading import Notes
    from kithwork.formats.template import find_template, with_waves

    notes = Notes()
    design = find_template(template, notes)
    if waves:
        design = with_waves(design, waves)
    passphrase = new_passphrase(passphrase_file, encrypt=encrypt)
    with new_study(study, passphrase) as made:
        make_study(made, design, title)
    for line in (*(f"problem: {problem.line}" for problem in notes.problems), *(f"cannot keep: {loss}" for loss in notes.losses)):
        click.echo(line)
    click.echo(
        f"Made {without_password(study)}{' (encrypted)' if passphrase else ''}: {len(design.waves)} waves, template {design.template.name}."
    )


def new_passphrase(file: Path | None, *, encrypt: bool) -> str | None:
    """A passphrase from a file, the environment, or, where encryption is asked for, typed twice."""
    passphrase = passphrase_from(file)
    if passphrase or not encrypt:
        return passphrase
    if not sys.stdin.isatty():
        raise StudyError("There is nobody to ask for a passphrase; give --passphrase-file or KITH_PASSPHRASE.")
    passphrase = getpass.getpass("New passphrase: ")
    if not passphrase or passphrase != getpass.getpass("The same again: "):
        raise StudyError("The two passphrases differ or are empty; nothing was made.")
    return passphrase


@contextlib.contextmanager
def new_study(where: str, passphrase: str | None) -> Iterator["Study"]:
    """An empty study for the time of a block; when the block fails, no file is left behind."""
    from kithwork.store import create_study

    study = create_study(where, passphrase)
    path = study.place.path
    try:
        yield study
    except BaseException:
        study.close()
        if path is not None:
            for ending in ("", "-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
        raise
    study.close()
