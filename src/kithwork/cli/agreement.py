"""`kith agreement`: how far coders put the same codes on the same words."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.cli.writing import listed, write_frame, writes_table

if TYPE_CHECKING:
    from kithwork.measures.coded import Coded
    from kithwork.store import Study


@click.command()
@click.argument("study")
@writes_table
@click.option("--coders", help="Names of two coders or more, by comma; else the two with the most finished texts in common.")
@click.option("--pooled", is_flag=True, help="Only the rows for all texts together.")
@with_passphrase
def command(study: str, output: Path | None, coders: str | None, pooled: bool, passphrase_file: Path | None) -> None:
    """Agreement of coders on each code by character, turn and sentence, over the texts all of them finished.

    Two coders have Cohen's kappa and its companions; any number have Krippendorff's alphas. What has no meaning is empty, with its reason.

    Example: kith agreement STUDY.kith --pooled -o agreement.xlsx
    """
    import polars as pl

    from kithwork.formats.codebook import paths_of
    from kithwork.measures.agreement import REASONS
    from kithwork.measures.coded import NEEDED, coded
    from kithwork.measures.study_agreement import POOLED, study_agreement

    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        work = coded(opened.columns(NEEDED))
        chosen = _chosen(opened, work, listed(coders))
        titles = {row["id"]: row["title"] for row in opened.rows("documents")}
        codes = dict(sorted(paths_of(opened.tables("codes")).items(), key=lambda each: each[1].casefold()))
        family = next((row["analytic_family"] for row in opened.rows("studies")), None)
    table = study_agreement(work, chosen, codes, titles).with_columns(pl.col("reason").replace(REASONS))
    write_frame(table.filter(pl.col("document") == POOLED) if pooled else table, output)
    if family == "reflexive":
        click.echo(
            "This study does reflexive thematic analysis: agreement is a reason to talk there, not a mark for the analysis.", err=True
        )


def _chosen(study: "Study", work: "Coded", names: tuple[str, ...] | None) -> list[str]:
    """The coders meant, by their ids."""
    from kithwork.model.errors import SelectionError, near

    if names is None:
        if not work.pairs:
            raise SelectionError("No two coders have finished the same text yet; say so on the page 'Who codes what'.")
        return list(work.pairs[0][0])
    ids = {row["name"]: row["id"] for row in study.rows("coders")}
    unknown = next((name for name in names if name not in ids), None)
    if unknown is not None:
        raise SelectionError(f"There is no coder of that name in the study.{near(unknown, ids)}")
    return [ids[name] for name in names]
