"""Writes the pages of `docs/` that are derived from code: `make docs`. A test fails while one is out of date."""

from collections.abc import Callable
from pathlib import Path

import click

from kithwork.measures import measures_page
from kithwork.model.dictionary import data_model

DOCS = Path(__file__).resolve().parent.parent / "docs"


def commands() -> str:
    """Every command with its help, as `kith COMMAND --help` prints it."""
    from kithwork.cli.main import kith

    parts = ["# Commands", "", "Made by `make docs` from the commands themselves.", ""]
    context = click.Context(kith, info_name="kith", **kith.context_settings)  # as when it is called
    for name in kith.list_commands(context):
        command = kith.get_command(context, name)
        assert command is not None
        command._help_option = None
        shown = command.get_help(click.Context(command, info_name=name, parent=context, max_content_width=110, terminal_width=110))
        parts += [f"## kith {name}", "", "```text", shown.strip(), "```", ""]
    return "\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {"data-model.md": data_model, "commands.md": commands, "measures.md": measures_page}

if __name__ == "__main__":
    for page, text in PAGES.items():
        (DOCS / page).write_text(text(), encoding="utf-8")
        print(f"docs/{page}")
