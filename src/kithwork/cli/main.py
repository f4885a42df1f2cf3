"""`kith`: the list of commands, and where their errors become one sentence and an exit code."""

import getpass
import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kithwork.model.errors import KithworkError, StudyError, near

if TYPE_CHECKING:
    from kithwork.store import Study

COMMANDS = {
    "new": ("kithwork.cli.new", "Make a study."),
    "demo": ("kithwork.cli.demo", "Make the synthetic demo study."),
    "serve": ("kithwork.cli.serve", "Open a study in the browser."),
    "info": ("kithwork.cli.info", "Count what a study holds."),
    "verify": ("kithwork.cli.verify", "Check that a study is sound."),
    "undo": ("kithwork.cli.undo", "Take back the last action."),
    "backup": ("kithwork.cli.backup", "Make a verified copy of a study."),
    "measure": ("kithwork.cli.measure", "Measure every map."),
    "change": ("kithwork.cli.change", "Measure change between waves."),
    "summary": ("kithwork.cli.summary", "Mean of each measure, weighed for how people were drawn."),
    "kinds": ("kithwork.cli.kinds", "Tell the kind of each network."),
    "model": ("kithwork.cli.model", "Say what goes with a tie being kept, trusted, supportive."),
    "agreement": ("kithwork.cli.agreement", "Say how far coders agree."),
    "figure": ("kithwork.cli.figure", "Draw a picture of a study."),
    "history": ("kithwork.cli.history", "Tell how the codebook came to be."),
    "view": ("kithwork.cli.view", "Repeat a saved view: its picture or its table."),
    "ask": ("kithwork.cli.ask", "Answer a question across talk and ties: counts, passages, ties."),
    "import": ("kithwork.cli.import_", "Bring in data from another tool."),
    "export": ("kithwork.cli.export", "Write a study for other tools."),
    "template": ("kithwork.cli.template", "Write a study's template, to use again."),
}


class Commands(click.Group):
    """Loads a command's file only when it is called, so that `kith --help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return importlib.import_module(COMMANDS[cmd_name][0]).command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"There is no command '{args[0]}'.{near(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kithwork")
def kith() -> None:
    """Follow personal support networks through time.

    Example: kith demo demo.kith, then kith serve demo.kith
    """


def with_passphrase(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --passphrase-file to a command that opens a study."""
    return click.option(
        "--passphrase-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="File whose first line is the passphrase; else KITH_PASSPHRASE, else you are asked.",
    )(function)


def passphrase_from(file: Path | None) -> str | None:
    """The passphrase from a file or the environment; never from the command line, where others could read it."""
    if file is not None:
        lines = file.read_text(encoding="utf-8").splitlines()
        if not lines or not lines[0]:
            raise StudyError("The passphrase file is empty; put the passphrase on its first line.")
        return lines[0]
    return os.environ.get("KITH_PASSPHRASE") or None


def open_from_command(where: str, passphrase_file: Path | None = None, *, is_read_only: bool = False) -> "Study":
    """Open the study a command names, asking for its passphrase if it needs one and somebody is there to answer."""
    from kithwork.store import open_study
    from kithwork.store.place import is_encrypted, place_of

    passphrase = passphrase_from(passphrase_file)
    if passphrase is None and is_encrypted(place_of(where)) and sys.stdin.isatty():
        passphrase = getpass.getpass("Passphrase: ")
    return open_study(where, passphrase, is_read_only=is_read_only)


def main() -> None:
    """Run `kith`: 0 done, 1 an error told in one sentence, 2 a mistake in the call."""
    try:
        kith()
    except KithworkError as error:
        click.echo(f"kith: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)


if __name__ == "__main__":
    main()
