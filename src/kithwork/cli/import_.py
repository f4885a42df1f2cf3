"""`kith import`: what another tool exported, into a study, as one entry that can be undone."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kithwork.cli.main import open_from_command, with_passphrase

if TYPE_CHECKING:
    from kithwork.formats.reading import Options, Reading
    from kithwork.formats.sheets import Sheet
    from kithwork.store import Study

_LINES_SHOWN = 10
_EXAMPLES = {"kind": "Venue=place", "on-problem": "loop=keep", "column": "ego=respondent", "missing": "-9=refused"}


def _options(wave: int, state: str, aspect: str, relation: tuple[str, ...], pairs: dict[str, dict[str, str]]) -> "Options":
    from kithwork.formats.reading import Options, sides

    relations: dict[str, str | None] = {}
    for each in relation:
        name, sign, word = each.rpartition("=")
        relations[name if sign else each] = word if sign else None
    return Options(wave, state, sides(aspect, "--aspect"), relations, pairs["kind"], pairs["on-problem"], pairs["column"], pairs["missing"])


@click.command()
@click.argument("study")
@click.argument("source", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "format_name", help="A name of docs/formats.md, such as egor; known by content when left out.")
@click.option("--wave", default=1, show_default=True, type=click.IntRange(1, 999), help="Wave of the maps, where the files do not say.")
@click.option("--state", default="everyday", show_default=True, help="State the maps show: everyday, crisis, wished_for, retrospective.")
@click.option("--dry-run", is_flag=True, help="Say what would be added and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: adds, problems, losses, entry.")
@click.option("--on-problem", multiple=True, metavar="CODE=CHOICE", help="What to do about a problem: dangling_alter_tie=stop.")
@click.option("--kind", multiple=True, metavar="TYPE=KIND", help="Our kind for a type of node: Venue=place.")
@click.option("--relation", multiple=True, metavar="NAME[=RELATION]", help="Bring in only this type of alter tie.")
@click.option("--aspect", default="16:9", show_default=True, metavar="W:H", help="Shape of the canvas that circles are worked out for.")
@click.option("--column", multiple=True, metavar="ROLE=NAME", help="Which column is ego, alter, source, target, weight, netsize or wave.")
@click.option("--missing", multiple=True, metavar="VALUE=REASON", help="A value that says why there is no answer: -9=refused.")
@click.option("--non-tie", multiple=True, metavar="VALUE", help="An answer to a question on a pair that means: not tied.")
@click.option("--alter-key", metavar="COLUMN", help="The same alters as before have the same value in this column, such as a roster's id.")
@click.option(
    "--match", type=click.Choice(["suggest"]), help="Write which alters look like earlier ones into --matches, and import nothing."
)
@click.option(
    "--matches",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV of alters that may be the same; with --match suggest it is written (alter-matches.csv), else its rows that say yes count.",
)
@with_passphrase
def command(
    study: str,
    source: tuple[Path, ...],
    format_name: str | None,
    wave: int,
    state: str,
    dry_run: bool,
    as_json: bool,
    on_problem: tuple[str, ...],
    kind: tuple[str, ...],
    relation: tuple[str, ...],
    aspect: str,
    column: tuple[str, ...],
    missing: tuple[str, ...],
    non_tie: tuple[str, ...],
    alter_key: str | None,
    match: str | None,
    matches: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Bring data from another tool into STUDY: CSV files, a folder of them, or a zip; with a .netcanvas protocol beside them.

    What would be added is printed, with a line for each problem and for each thing that cannot be kept. The whole import is
    one entry and can be undone. Importing the same files again adds nothing. Options of the form A=B
    may be given several times.

    Example: kith import STUDY.kith networkCanvasExport/ protocol.netcanvas --wave 2 --dry-run

    Example: kith import STUDY.kith wave2.zip --wave 2 --match suggest --matches same.csv; then, with yes and no filled in,
    kith import STUDY.kith wave2.zip --wave 2 --matches same.csv
    """
    from kithwork.actions.imports import import_reading, preview, read_files
    from kithwork.actions.matching import confirm, match_by_key
    from kithwork.formats.reading import named_pairs

    pairs = {
        name: named_pairs(values, f"--{name}", f"--{name} {_EXAMPLES[name]}")
        for name, values in (("kind", kind), ("on-problem", on_problem), ("column", column), ("missing", missing))
    }
    options = _options(wave, state, aspect, relation, pairs)
    options.non_ties = non_tie
    with open_from_command(study, passphrase_file, is_read_only=dry_run or bool(match)) as opened:
        reading = read_files(list(source), format_name, options)
        if alter_key:
            reading.problems += match_by_key(opened, reading, alter_key)
        if match:
            _suggest(opened, reading, matches or Path("alter-matches.csv"))
            return
        if matches:
            reading.problems += confirm(opened, reading, _matches_sheet(matches))
        outcome: dict[str, Any] = preview(opened, reading) | {"entry": None, "format": reading.format}
        if not dry_run and outcome["adds"]:
            outcome["entry"] = import_reading(opened, reading, origin="kith import").id or None
    if as_json:
        problems = [problem.as_dict() for problem in outcome["problems"]]
        click.echo(json.dumps(outcome | {"problems": problems, "is_dry_run": dry_run}, ensure_ascii=False))
    else:
        _tell(outcome, dry_run)


def _suggest(study: "Study", reading: "Reading", path: Path) -> None:
    """Write the suggestions, readable by their owner alone: they hold names."""
    from kithwork.actions.matching import suggest, suggestions_file
    from kithwork.cli.writing import write_new

    pairs = suggest(study, reading)
    write_new(path, suggestions_file(pairs))
    click.echo(f"wrote {len(pairs)} suggestions into {path}; fill in 'same' with yes or no, then import with --matches {path}")


def _matches_sheet(path: Path) -> "Sheet":
    from kithwork.formats.reading import Notes
    from kithwork.formats.sheets import read_sheet
    from kithwork.formats.sources import gather

    return read_sheet(gather([path], Notes())[0], Notes())


def _tell(outcome: dict[str, Any], dry_run: bool) -> None:
    shown: dict[str, int] = {}
    for problem in outcome["problems"]:
        shown[problem.code] = shown.get(problem.code, 0) + 1
        if shown[problem.code] <= _LINES_SHOWN:
            click.echo(f"problem: {problem.line}")
    for code, count in shown.items():
        if count > _LINES_SHOWN:
            click.echo(f"problem: {count - _LINES_SHOWN} more lines of '{code}'; --json lists them.")
    for loss in outcome["losses"]:
        click.echo(f"cannot keep: {loss}")
    named = ((count, table.replace("_", " ")) for table, count in outcome["adds"].items())
    added = ", ".join(f"{count:,} {name.removesuffix('s') if count == 1 else name}" for count, name in named)
    added = added or "nothing new"
    click.echo(f"{'would add' if dry_run else 'added'}: {added}")
    if outcome["entry"]:
        click.echo(f"entry: {outcome['entry']} (can be undone)")
