"""`kith view`: a view that was saved on the analysis page, drawn or written again."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kithwork.cli.figure import FORMATS, write_picture
from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.cli.writing import write_frame
from kithwork.model.errors import SelectionError, near

if TYPE_CHECKING:
    from kithwork.figures import View
    from kithwork.store import Study

_TABLES = (".csv", ".parquet", ".xlsx")


@click.command()
@click.argument("study")
@click.argument("name", required=False)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help=f"File to write: {', '.join((*FORMATS, *_TABLES))}.")
@click.option("--list", "is_listing", is_flag=True, help="List the views that are saved.")
@with_passphrase
def command(study: str, name: str | None, output: Path | None, is_listing: bool, passphrase_file: Path | None) -> None:
    """Repeat a saved view of STUDY: its picture, or its table, by the ending of the file.

    Views are saved on the page Analysis. Without a file, the table is printed as CSV.

    Example: kith view STUDY.kith "Size by wave" -o size.png
    """
    if name is None and not is_listing:
        raise click.UsageError("Give the name of a view: kith view STUDY NAME -o FILE.svg, or --list.")
    ending = output.suffix.lower() if output else ".csv"
    if ending not in (*FORMATS, *_TABLES):
        raise SelectionError(f"A view is written as {', '.join((*FORMATS, *_TABLES))}; '{ending}' is not one of them.")
    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        views = _saved(opened)
        if is_listing or name is None:
            for saved, view in sorted(views.items()):
                click.echo(f"{saved}: {view.picture} of {' and '.join(view.measures)}")
            return
        if name not in views:
            raise SelectionError(f"There is no saved view of that name; `kith view STUDY --list` lists them.{near(name, views)}")
        tables = opened.tables(*views[name].tables)
    if output is None or ending in _TABLES:
        write_frame(views[name].table(tables), output)
    else:
        write_picture(views[name].draw(tables), output)
    if output is not None:
        click.echo(f"view: written to {output.name}")


def _saved(study: "Study") -> "dict[str, View]":
    from kithwork.figures import View

    return {row["name"]: View.of(row["definition"]) for row in study.rows("views", view_kind="measures")}
