"""`kith template`: write a study's template, to use again."""

import os
from pathlib import Path

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.model.errors import StudyError


@click.command()
@click.argument("study")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="YAML file to write; else it is printed.")
@with_passphrase
def command(study: str, output: Path | None, passphrase_file: Path | None) -> None:
    """Write the template of STUDY: waves, circles, questions, roles, kinds of support, lens and codebook; nothing anybody said.

    Example: kith template STUDY.kith -o our-template.yaml
    """
    from kithwork.actions.design import study_template
    from kithwork.formats.template import write_template

    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        text = write_template(study_template(opened))
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with os.fdopen(os.open(output, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise StudyError(f"There is already something at '{output.name}'; choose another name.") from None
    except OSError as error:
        raise StudyError(f"'{output.name}' cannot be written: {error.strerror}; choose another place.") from None
