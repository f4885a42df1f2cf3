"""Agreement between coders in numbers, after the talk about where they differ."""

from datetime import date
from typing import Any

import polars as pl
from flask import Response, render_template, request
from werkzeug.datastructures import MultiDict

from kithwork.formats.frames import frame_bytes
from kithwork.measures.agreement import REASONS
from kithwork.measures.coded import UNITS, Coded
from kithwork.measures.differences import tallies
from kithwork.measures.study_agreement import COLUMNS, POOLED, study_agreement
from kithwork.model.errors import SelectionError
from kithwork.web.coded_work import code_paths, sentences_of, whole_work
from kithwork.web.desk import desk
from kithwork.web.pages.disagreements import decided_in, pair_of
from kithwork.web.pages.measures import TYPES, attachment

SHARES = ("share_agreed", "prevalence", "bias")
SHOWN = ("kappa", "brennan_prediger", "positive_agreement", "share_agreed", "prevalence", "bias", "alpha", "unitised")
ENDINGS = (".csv", ".xlsx")


def agreement() -> str:
    """Coefficients by code for two coders; while differences are open, first the way to them."""
    study, work = desk().study, whole_work()
    pair = pair_of(work, study)
    coders = {row["id"]: row["name"] for row in study.rows("coders")}
    family = next((row["analytic_family"] for row in study.rows("studies")), None)
    unit = request.args.get("unit", "character")
    if unit not in UNITS:
        raise SelectionError("Agreement is counted by character, turn or sentence; choose one.")
    shared: dict[str, Any] = {"coders": coders, "family": family, "unit": unit, "units": UNITS}
    if pair is None or not work.by(pair):
        return render_template("agreement.html", pair=None, **shared)
    told = desk().remembered(("tallies", pair), lambda: tallies(work.codings, work.by(pair), pair))
    decided = desk().remembered(("decided", pair), lambda: decided_in(study, work, work.by(pair), pair))
    left = int(told.filter(pl.col("how") != "same")["number"].sum()) - len(decided)
    is_shown = not left or request.args.get("numbers") == "yes"
    table = _table(work, pair) if is_shown else None
    return render_template(
        "agreement.html",
        pair=pair,
        pairs=work.pairs,
        left=left,
        documents=work.by(pair),
        asked={"first": pair[0], "second": pair[1], "numbers": "yes" if request.args.get("numbers") == "yes" else None},
        is_shown=is_shown,
        rows=_rows(table, unit, request.args) if table is not None else [],
        codes=table["code"].unique(maintain_order=True).to_list() if table is not None else [],
        code=request.args.get("code") or None,
        columns={name: COLUMNS[name] for name in SHOWN},
        shares=SHARES,
        reasons=REASONS,
        endings=ENDINGS,
        **shared,
    )


def _table(work: Coded, pair: tuple[str, str]) -> pl.DataFrame:
    study = desk().study
    titles = {row["id"]: row["title"] for row in study.rows("documents")}

    def measure() -> pl.DataFrame:
        paths = code_paths(study)
        in_order = dict(sorted(paths.items(), key=lambda each: each[1].casefold()))
        return study_agreement(work, pair, in_order, titles, sentences_of(work))

    return desk().remembered(("agreement", pair), measure)


def _rows(table: pl.DataFrame, unit: str, said: MultiDict[str, str]) -> list[dict[str, Any]]:
    """Codes over all texts with the least and greatest kappa of a text; or, for one code, its texts."""
    here = table.filter(pl.col("unit") == unit)
    if said.get("code"):
        rows = here.filter((pl.col("code") == said["code"]) & (pl.col("document") != POOLED)).to_dicts()
        return [{**row, "name": row["document"], "spread": None} for row in rows]
    texts = here.filter(pl.col("document") != POOLED).group_by("code").agg(low=pl.col("kappa").min(), high=pl.col("kappa").max())
    spread = {code: (low, high) for code, low, high in texts.iter_rows()}
    return [{**row, "name": row["code"], "spread": spread.get(row["code"])} for row in here.filter(pl.col("document") == POOLED).to_dicts()]


def download_agreement(ending: str) -> Response:
    """Every coefficient by unit, code and text, as a file."""
    if ending not in ENDINGS:
        raise SelectionError("Agreement is written as .csv or .xlsx; choose one.")
    work = whole_work()
    pair = pair_of(work, desk().study)
    if pair is None:
        raise SelectionError("No two coders have finished the same text yet; see who codes what.")
    name = f"kithwork-agreement-{date.today():%Y-%m-%d}{ending}"  # noqa: DTZ011 - the day on this desk
    table = _table(work, pair).with_columns(pl.col("reason").replace(REASONS))
    return attachment(frame_bytes(table, ending), name, TYPES[ending])
