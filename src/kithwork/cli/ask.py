"""`kith ask`: a question across talk and ties, saved on the page Ask or ready-made, answered again as a table."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.cli.writing import write_frame, writes_table
from kithwork.model.errors import SelectionError, near

if TYPE_CHECKING:
    from kithwork.joint import Question, Said, Shape
    from kithwork.store import Study


@click.command()
@click.argument("study")
@click.argument("name", required=False)
@writes_table
@click.option("--passages", "is_of_passages", is_flag=True, help="Write the passages, a row a coding, instead of the counts.")
@click.option("--ties", "is_of_ties", is_flag=True, help="Write the ties never spoken of, where the question asks for those.")
@click.option("--all", "is_whole", is_flag=True, help="With --passages: every passage of the study, whatever is asked.")
@click.option("--include-unsigned", is_flag=True, help="Write passages of texts nobody signed off too.")
@click.option("--list", "is_listing", is_flag=True, help="List the questions: ready-made ones, and those saved.")
@with_passphrase
def command(
    study: str, name: str | None, output: Path | None, is_listing: bool, is_whole: bool, passphrase_file: Path | None, **choices: bool
) -> None:
    """Answer a question of STUDY across talk and ties, by its name.

    Questions are saved on the page Ask; some are ready-made. Without a file, the table is printed as CSV. Of passages, only those of
    texts that were signed off are written.

    Example: kith ask STUDY.kith "Trust talk by kind of tie and circle" -o trust.xlsx

    Example: kith ask STUDY.kith "Ties never spoken of" --ties -o ties.csv

    Example: kith ask STUDY.kith --all --passages -o segments.csv
    """
    if name is None and not is_listing and not is_whole:
        raise click.UsageError("Give the name of a question: kith ask STUDY NAME -o FILE.csv, or --list.")
    if is_whole and not choices["is_of_passages"]:
        raise click.UsageError("--all goes with --passages.")
    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        from kithwork.joint import ANSWERS, COLUMNS, Said
        from kithwork.joint.segments import WORDS

        said = Said(opened.columns({**COLUMNS, **ANSWERS, **WORDS}))
        known = _questions(opened, said)
        if is_listing or (name is None and not is_whole):
            for one in known:
                click.echo(one)
            return
        if name is not None and name not in known:
            raise SelectionError(f"There is no question of that name; `kith ask STUDY --list` lists them.{near(name, known)}")
        question = known[name] if name else None
        frame = _answered(Said(said.tables, _shape(opened, question)), question, **choices)
    write_frame(frame, output)
    if output is not None:
        click.echo(f"ask: {frame.height:,} rows written to {output.name}")


def _questions(opened: "Study", said: "Said") -> "dict[str, Question]":
    from kithwork.joint import Question, ready_made

    saved = {row["name"]: Question.of(row["definition"]) for row in opened.rows("views", view_kind="talk")}
    return {**ready_made(said), **saved}


def _shape(opened: "Study", question: "Question | None") -> "Shape":
    """What the question measures maps by; measured only where it does."""
    from kithwork.joint import Shape

    if question is None or not question.measures:
        return Shape()
    from kithwork.measures.on_maps import REASONS_ON_MAPS, TABLES, named, on_maps

    tables = opened.tables(*TABLES)
    known = named(question.measures, tables)
    return Shape(known, REASONS_ON_MAPS, lambda: on_maps(tables, known))


def _answered(said: "Said", question: "Question | None", *, is_of_passages: bool, is_of_ties: bool, include_unsigned: bool) -> Any:
    from kithwork.joint import answer
    from kithwork.joint.segments import segment_table
    from kithwork.joint.telling import count_table, tie_table

    if question is None:
        return segment_table(said, include_unsigned=include_unsigned)
    found = answer(said, question, said.tables["segments"].rename({"id": "segment_id"}).select("segment_id", "quotation"))
    if is_of_ties and question.asked_of != "never":
        raise SelectionError("This question asks for passages, not for ties never spoken of; leave --ties out.")
    if is_of_passages and question.asked_of == "never":
        raise SelectionError("This question asks for ties of which nothing is said, so it has no passages; say --ties.")
    if is_of_passages:
        return segment_table(said, found.segments(said), include_unsigned=include_unsigned)
    return tie_table(said, found.alters()) if is_of_ties else count_table(found)
