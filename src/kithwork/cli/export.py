"""`kith export`: a study as files for other tools."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.model.errors import StudyError

if TYPE_CHECKING:
    from kithwork.store import Study

COHORT = "cohort"


@click.command()
@click.argument("study")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_name",
    required=True,
    help="A name of docs/formats.md (egor, csv, xlsx, networkcanvas …), or a file ending of one only (qdpx, sav …); or cohort.",
)
@click.option("--force", is_flag=True, help="Write into a folder that holds files already; files of the same name are replaced.")
@click.option("--with-personal-text", is_flag=True, help="Keep free text about people: notes, answers in words, quotations.")
@click.option("--include-unsigned", is_flag=True, help="Write texts nobody signed off too.")
@with_passphrase
def command(
    study: str,
    folder: Path,
    format_name: str,
    force: bool,
    with_personal_text: bool,
    include_unsigned: bool,
    passphrase_file: Path | None,
) -> None:
    """Write STUDY into FOLDER for other tools. Names and the journal never leave; free text only when asked for.

    Text that a spreadsheet would run as a formula gets a leading ' which an import takes off again.

    Example: kith export STUDY.kith for-r/ --format egor
    """
    from kithwork.formats import named, write

    is_cohort = format_name == COHORT
    if not is_cohort:
        named(format_name, "write")
    if folder.exists() and not folder.is_dir():
        raise StudyError(f"'{folder.name}' is a file; give a folder to write into.")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise StudyError(f"'{folder.name}' holds files already; choose an empty folder, or say --force.")
    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        if is_cohort:
            _write_cohort(opened, folder)
            return
        writing = write(opened.tables(), format_name, with_personal_text=with_personal_text, include_unsigned=include_unsigned)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in writing.files.items():
            _write_whole(folder / name, data)
    except OSError as error:
        raise StudyError(f"'{folder.name}' cannot be written: {error.strerror}; choose another folder.") from None
    for loss in writing.losses:
        click.echo(f"left out: {loss}")
    click.echo(f"wrote {len(writing.files)} files into {folder}")


def _write_cohort(opened: "Study", folder: Path) -> None:
    """Rows of lists of numbers, for measuring; no format of another tool, and so not among those."""
    from kithwork.cohort import COLUMNS, cohort_of
    from kithwork.cohort.files import write_cohort

    names = write_cohort(cohort_of(opened.tables(*COLUMNS)), folder)
    click.echo("left out: Everything but numbers, pseudonyms and dates of interviews; who is who between waves.")
    click.echo(f"wrote {len(names)} files into {folder}")


def _write_whole(path: Path, data: bytes) -> None:
    """The whole file or none of it, readable by its owner alone."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    part.replace(path)
