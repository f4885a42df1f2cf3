"""`kith figure`: a picture of a study as SVG, PNG or PDF."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.cli.writing import listed
from kithwork.model.errors import SelectionError, near

if TYPE_CHECKING:
    from kithwork.figures import Figure
    from kithwork.model.tables import StudyTables

FORMATS = (".svg", ".png", ".pdf")
_OF = {"map": "one map", "participant": "one participant", "study": "the whole study", "measures": "measures, with --measure"}


@click.command()
@click.argument("study")
@click.argument("name", required=False)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write: .svg, .png or .pdf.")
@click.option("--participant", help="Pseudonym, such as P07; for figures of one person.")
@click.option("--wave", type=int, help="Position of the wave, from 1; for figures of one map.")
@click.option("--state", default="everyday", show_default=True, help="Which state of the network; for figures of one map or of measures.")
@click.option("--measure", "measures", multiple=True, help="The measure or column to draw; twice for one against another.")
@click.option("--kinds", default="person", show_default=True, help="For measures: kinds among which alter ties are measured.")
@click.option("--counted", default="all", show_default=True, help="For measures: kinds counted by every other measure.")
@click.option("--by", default="", help="For measures: attributes to sort alters by, by comma: NAME, NAME=EGO'S NAME or NAME:codes.")
@click.option("--names", "is_named", is_flag=True, help="Show names as said instead of pseudonyms.")
@click.option("--list", "is_listing", is_flag=True, help="List the figures.")
@with_passphrase
def command(study: str, name: str | None, output: Path | None, is_listing: bool, passphrase_file: Path | None, **choices: Any) -> None:
    """Draw a picture of a study.

    Example: kith figure STUDY.kith support_map --participant P07 --wave 2 -o map.svg

    Example: kith figure STUDY.kith measure_by_wave --measure size -o size.png
    """
    from kithwork.figures import FIGURES, figure_named

    if is_listing:
        for figure in FIGURES.values():
            click.echo(f"{figure.name:20} {figure.title} (of {_OF[figure.needs]})")
        return
    if name is None or output is None:
        raise click.UsageError("Give the name of a figure and a file to write: kith figure STUDY NAME -o FILE.svg, or --list.")
    figure = figure_named(name)
    if output.suffix.lower() not in FORMATS:
        raise SelectionError(f"A figure is written as {', '.join(FORMATS)}; '{output.suffix}' is not one of them.")
    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        svg = _drawn(figure, opened.tables(), **choices)
    write_picture(svg, output)
    click.echo(f"{figure.name}: written to {output.name}")


def _drawn(
    figure: "Figure",
    tables: "StudyTables",
    *,
    participant: str | None,
    wave: int | None,
    state: str,
    is_named: bool,
    measures: tuple[str, ...],
    kinds: str,
    counted: str,
    by: str,
) -> str:
    if figure.needs == "study":
        return figure.draw(tables)
    if figure.needs == "measures":
        if len(measures) != figure.measures:
            many = "one measure; name it" if figure.measures == 1 else "two measures; name each"
            raise SelectionError(f"This figure is of {many} with --measure NAME.")
        return figure.draw(tables, measures, kinds=listed(kinds), counted=listed(counted), state=state, by=listed(by))
    person = _participant(tables, participant)
    subject = person if figure.needs == "participant" else _map(tables, person, wave, state)
    return figure.draw(tables, subject, names=is_named) if figure.shows_labels else figure.draw(tables, subject)


def _participant(tables: "StudyTables", pseudonym: str | None) -> str:
    known = dict(tables["participants"].select("pseudonym", "id").iter_rows())
    if pseudonym is None:
        raise SelectionError("This figure is of one person; choose one with --participant.")
    if pseudonym not in known:
        raise SelectionError("There is no participant of that pseudonym in the study; `kith info` counts them and the register lists them.")
    return known[pseudonym]


def _map(tables: "StudyTables", participant: str, wave: int | None, state: str) -> str:
    from kithwork.model.schema import MAP_STATES

    if state not in MAP_STATES:
        raise SelectionError(f"There is no state '{state}'; the states are {', '.join(MAP_STATES)}.{near(state, MAP_STATES)}")
    if wave is None:
        raise SelectionError("This figure is of one map; choose its wave with --wave.")
    waves = dict(tables["waves"].select("position", "id").iter_rows())
    if wave not in waves:
        raise SelectionError(f"There is no wave {wave}; the study has waves {', '.join(str(position) for position in sorted(waves))}.")
    interviews = tables["interviews"].filter(participant_id=participant, wave_id=waves[wave])["id"].to_list()
    maps = tables["maps"].filter(tables["maps"]["interview_id"].is_in(interviews), state=state)["id"].to_list()
    if not maps:
        raise SelectionError(f"This participant has no map ({MAP_STATES[state].lower()}) at wave {wave}; choose another wave or --state.")
    return maps[0]


def write_picture(svg: str, output: Path) -> None:
    """Write a picture as its ending says."""
    from kithwork.figures.render import pdf_of, png_of

    kind = output.suffix.lower()
    made = svg.encode("utf-8") if kind == ".svg" else png_of(svg) if kind == ".png" else pdf_of(svg)
    try:
        output.write_bytes(made)
    except OSError as error:
        raise SelectionError(f"The file '{output.name}' cannot be written ({error.strerror}); choose another place.") from None
