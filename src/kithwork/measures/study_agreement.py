"""Agreement of the coders of one study: every coefficient by code, unit and text, with codes and texts by name."""

from collections.abc import Mapping, Sequence

import polars as pl

from kithwork.measures.agreement import agreement, alpha_by_code
from kithwork.measures.coded import Coded, Sentences
from kithwork.model.errors import SelectionError

POOLED = "all texts"
COLUMNS = {
    "units": "Units compared",
    "both": "Units both coded",
    "only_first": "Units only the first coded",
    "only_second": "Units only the second coded",
    "neither": "Units neither coded",
    "share_agreed": "Share of units both treat alike",
    "kappa": "Cohen's kappa",
    "brennan_prediger": "Brennan–Prediger coefficient",
    "positive_agreement": "Positive agreement",
    "prevalence": "Prevalence: the mean share coded",
    "bias": "Bias: how much more the first coded",
    "alpha": "Krippendorff's alpha",
    "unitised": "Unitised alpha, by character",
}


def study_agreement(
    work: Coded,
    coders: Sequence[str],
    codes: Mapping[str, str],
    titles: Mapping[str, str],
    divide: Sentences | None = None,
) -> pl.DataFrame:
    """Every coefficient for two coders, over the texts both finished; for more than two, the alphas.

    Shapes      a row a unit, code and text, and one for all texts together (`document` is `POOLED`), which alone has the alphas:
                `unit`, `code`, `document`, then `COLUMNS`, and `reason`. `codes` and `titles` are the names by id.
    Missing     as `agreement` and `alpha_by_code` say; `reason` tells why.
    Raises      SelectionError where fewer than two coders are given, or no text was finished by all of them.
    """
    if len(set(coders)) < 2:
        raise SelectionError("Agreement needs two coders or more; choose them.")
    documents = work.by(coders)
    if not documents:
        raise SelectionError("No text was finished by all of these coders, so there is nothing to compare; see who codes what.")
    used = work.codings.filter(pl.col("document").is_in(documents) & pl.col("coder").is_in(list(coders)))["code"].unique().to_list()
    chosen = [code for code in codes if code in set(used)]
    given = (work.codings, work.lengths(documents), work.units(documents, divide), list(coders), chosen)
    alphas = alpha_by_code(*given).select(
        "unit", "code", "units", "alpha", "unitised", alpha_reason="reason", document=pl.lit(None, pl.String)
    )
    if len(coders) == 2:
        table = agreement(*given).join(alphas.drop("units"), on=["unit", "code", "document"], how="left", nulls_equal=True)
    else:
        table = alphas.with_columns(reason=pl.lit(None, pl.String))
    table = table.with_columns(reason=pl.coalesce("reason", "alpha_reason"))
    known = [name for name in COLUMNS if name in table.columns]
    places = {code: place for place, code in enumerate(chosen)}
    return (
        table.with_columns(place=pl.col("code").replace_strict(places, return_dtype=pl.Int64))
        .sort("place", "document", maintain_order=True)
        .sort(pl.col("unit").replace_strict({"character": 0, "turn": 1, "sentence": 2}, return_dtype=pl.Int8), maintain_order=True)
        .select(
            "unit",
            pl.col("code").replace_strict(dict(codes), return_dtype=pl.String),
            pl.col("document").replace_strict(dict(titles), return_dtype=pl.String, default=None).fill_null(POOLED),
            *known,
            "reason",
        )
    )
