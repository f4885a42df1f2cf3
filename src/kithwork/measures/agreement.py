"""Agreement between coders: Cohen's kappa, Brennan–Prediger and Krippendorff's alpha by character, turn or sentence, and where they differ.

Frames in, frames out. A coder takes part in a document by being named for it: there, a passage without the code is a decision
against it. Each coder's own overlapping codings with one code count once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from kithwork.measures.intervals import Ints, Spans, depths, merged
from kithwork.model.errors import SelectionError

REASONS = {
    "no_units": "There is nothing to code in the documents chosen.",
    "never_coded": "Neither coder used the code, so agreement beyond chance has no meaning.",
    "all_coded": "Both coders put the code on everything, so agreement beyond chance has no meaning.",
    "one_coder": "Agreement needs two coders or more.",
    "one_value": "Only one value was ever used, so agreement beyond chance has no meaning.",
    "overlap": "Passages of one coder overlap, so they do not divide the text; compare one code at a time.",
}
"""Why a coefficient is empty, by the code in the column `reason`."""


@dataclass(frozen=True)
class _Coded:
    """Codings as numbers: spans a coder, grouped by code and document."""

    codes: list[str]
    documents: list[str]
    coders: list[str]
    spans: list[Spans]  # one a coder, merged; group = code × documents + document
    lengths: Ints  # of each document, in the unit counted

    @property
    def reach(self) -> int:
        return max(1, int(self.lengths.max(initial=0)))

    def sums(self, group: Ints, weights: Ints) -> Ints:
        """Sums by (code, document)."""
        total = np.bincount(group, weights=weights, minlength=len(self.codes) * len(self.documents))
        return total.reshape(len(self.codes), len(self.documents))


def agreement(
    codings: pl.DataFrame,
    documents: pl.DataFrame,
    units: Mapping[str, pl.DataFrame] | None = None,
    coders: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
) -> pl.DataFrame:
    """Agreement of two coders on each code, pooled over documents and in each.

    Definition  per unit (a character, turn or sentence; coded where a coding touches it): po share of units both treat alike;
                pe = ab + (1−a)(1−b) for a, b the shares each coded; kappa = (po − pe) / (1 − pe); Brennan–Prediger = 2 po − 1;
                positive agreement = 2 both / (first + second). Pooled over documents by adding their cells, never by averaging.
    Shapes      codings (`document`, `code`, `coder`, `start`, `stop`), documents (`document`, `length`) both coders finished,
                units: name → (`document`, `start`, `stop`), not overlapping. Returns a row a unit, code and document, and one with an
                empty document for all together: `unit`, `code`, `document`, `units`, `both`, `only_first`, `only_second`, `neither`,
                `share_agreed`, `kappa`, `brennan_prediger`, `positive_agreement`, `prevalence`, `bias`, `reason`.
    Missing     kappa is empty where chance agreement is certain, everything where there are no units; `reason` says which.
    Raises      SelectionError unless the coders are two.
    Source      Cohen 1960; Brennan & Prediger 1981; by character as NVivo counts, Byrt, Bishop & Carlin 1993 for prevalence and bias.
    """
    names = list(coders) if coders is not None else codings["coder"].unique().sort().to_list()
    if len(names) != 2:
        raise SelectionError("Kappa compares two coders; choose two.")
    frames = []
    for unit in ("character", *(units or {})):
        coded = _coded(codings, documents, names, codes, None if unit == "character" else (units or {})[unit])
        group, _, length, depth, bits = depths(coded.spans, coded.reach)
        both = coded.sums(group[depth == 2], length[depth == 2])
        first, second = (coded.sums(group[bits == who], length[bits == who]) for who in (1, 2))
        frames.append(_kappas(unit, coded, both, first, second))
    return pl.concat(frames)


def _coded(
    codings: pl.DataFrame, documents: pl.DataFrame, coders: list[str], codes: Sequence[str] | None, units: pl.DataFrame | None
) -> _Coded:
    names = documents["document"].to_list()
    wanted = list(codes) if codes is not None else codings["code"].unique().sort().to_list()
    rows = codings.filter(pl.col("document").is_in(names) & pl.col("code").is_in(wanted) & pl.col("coder").is_in(coders))
    at = {
        column: rows[column].replace_strict(known, list(range(len(known))), return_dtype=pl.Int64).to_numpy()
        if len(rows)
        else np.zeros(0, np.int64)
        for column, known in (("document", names), ("code", wanted), ("coder", coders))
    }
    start, stop = (rows[column].cast(pl.Int64).to_numpy() for column in ("start", "stop"))
    lengths = documents["length"].cast(pl.Int64).to_numpy()
    start, stop = np.clip(start, 0, lengths[at["document"]]), np.clip(stop, 0, lengths[at["document"]])
    if units is not None:
        lengths, start, stop = _in_units(units, names, lengths, at["document"], start, stop)
    group = at["code"] * len(names) + at["document"]
    reach = max(1, int(lengths.max(initial=0)))
    spans = Spans(group, start, stop)
    return _Coded(wanted, names, coders, [merged(spans.where(at["coder"] == who), reach) for who in range(len(coders))], lengths)


def _in_units(units: pl.DataFrame, names: list[str], lengths: Ints, document: Ints, start: Ints, stop: Ints) -> tuple[Ints, Ints, Ints]:
    """Units a document, and spans as the units they touch, counted within their document."""
    rows = units.filter(pl.col("document").is_in(names))
    of = (
        rows["document"].replace_strict(names, list(range(len(names))), return_dtype=pl.Int64).to_numpy() if len(rows) else np.zeros(0, int)
    )
    wide = int(lengths.max(initial=0)) + 1
    starts = of * wide + rows["start"].cast(pl.Int64).to_numpy()
    order = np.argsort(starts, kind="stable")
    starts, stops = starts[order], (of * wide + rows["stop"].cast(pl.Int64).to_numpy())[order]
    counts = np.bincount(of, minlength=len(names))
    firsts = np.cumsum(counts) - counts
    low = np.searchsorted(stops, document * wide + start, side="right")
    high = np.where(stop > start, np.searchsorted(starts, document * wide + stop, side="left"), low)
    return counts, low - firsts[document], high - firsts[document]


def _kappas(unit: str, coded: _Coded, both: Ints, first: Ints, second: Ints) -> pl.DataFrame:
    """Coefficients from cells (codes, documents), pooled ones before those of each document."""
    whole = np.broadcast_to(coded.lengths.astype(float), both.shape)
    n, c, a, b = (np.column_stack([cells.sum(axis=1), cells]).ravel() for cells in (whole, both, first, second))
    with np.errstate(invalid="ignore", divide="ignore"):
        agreed = (n - a - b) / n
        share_a, share_b = (a + c) / n, (b + c) / n
        chance = share_a * share_b + (1 - share_a) * (1 - share_b)
        is_certain = ((a + c == 0) & (b + c == 0)) | ((a + c == n) & (b + c == n))
        kappa = np.where(is_certain, np.nan, (agreed - chance) / (1 - chance))
        positive = 2 * c / (a + b + 2 * c)
    reason = np.select([n == 0, is_certain & (c == 0), is_certain], ["no_units", "never_coded", "all_coded"], "")
    width = len(coded.documents) + 1
    cells = {"units": n, "both": c, "only_first": a, "only_second": b, "neither": n - a - b - c}
    values = {
        "share_agreed": agreed,
        "kappa": kappa,
        "brennan_prediger": 2 * agreed - 1,
        "positive_agreement": positive,
        "prevalence": (share_a + share_b) / 2,
        "bias": share_a - share_b,
    }
    return pl.DataFrame(
        {
            "unit": pl.Series([unit] * len(n), dtype=pl.String),
            "code": pl.Series(np.repeat(np.array(coded.codes, dtype=object), width), dtype=pl.String),
            "document": pl.Series([None, *coded.documents] * len(coded.codes), dtype=pl.String),
            **{name: column.astype(np.int64) for name, column in cells.items()},
            **{name: pl.Series(column).fill_nan(None) for name, column in values.items()},
            "reason": pl.Series(reason.tolist(), dtype=pl.String).replace("", None),
        }
    )


def disagreements(codings: pl.DataFrame, documents: pl.DataFrame, coders: Sequence[str]) -> pl.DataFrame:
    """Every stretch where two coders differ on a code: `code`, `document`, `start`, `stop`, `coder` (who put it there), in order.

    What to talk about before any number.
    """
    if len(coders) != 2:
        raise SelectionError("Two coders are set side by side; choose two.")
    coded = _coded(codings, documents, list(coders), None, None)
    group, start, length, depth, bits = depths(coded.spans, coded.reach)
    differ = depth == 1
    code, document = np.divmod(group[differ], max(1, len(coded.documents)))
    return pl.DataFrame(
        {
            "code": pl.Series([coded.codes[k] for k in code], dtype=pl.String),
            "document": pl.Series([coded.documents[k] for k in document], dtype=pl.String),
            "start": start[differ],
            "stop": (start + length)[differ],
            "coder": pl.Series([coders[0] if who == 1 else coders[1] for who in bits[differ]], dtype=pl.String),
        }
    )


# -- Krippendorff's alpha ------------------------------------------------------------------------------------------------------


def alpha_nominal(values: np.ndarray) -> tuple[float, str | None]:
    """Krippendorff's alpha for unordered values, any number of coders, values missing.

    Definition  α = 1 − (n − 1) Σ o_ck / Σ n_c n_k over c ≠ k, where o is the coincidence matrix (pairs within a unit, each unit
                weighted by 1 / (values in it − 1)), n_c its row sums and n their total.
    Shapes      values (coders, units), NaN where a coder gave none; numbers are labels. Returns alpha and the reason it is empty.
    Missing     NaN where no unit has two values, or only one value occurs.
    Source      Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
    """
    values = np.asarray(values, dtype=float)
    known = ~np.isnan(values)
    labels, index = np.unique(values[known], return_inverse=True)
    unit = np.broadcast_to(np.arange(values.shape[1]), values.shape)[known]
    counts = np.zeros((values.shape[1], len(labels)))
    np.add.at(counts, (unit, index), 1)
    size = counts.sum(axis=1)
    counts, size = counts[size > 1], size[size > 1]
    if not len(size):
        return float("nan"), "one_coder" if values.shape[0] < 2 else "no_units"
    weights = 1 / (size - 1)
    coincidences = counts.T @ (counts * weights[:, None]) - np.diag(counts.T @ weights)
    totals = coincidences.sum(axis=1)
    expected = totals.sum() ** 2 - (totals**2).sum()
    if expected == 0:
        return float("nan"), "one_value"
    return float(1 - (totals.sum() - 1) * (coincidences.sum() - np.trace(coincidences)) / expected), None


def alpha_by_code(
    codings: pl.DataFrame,
    documents: pl.DataFrame,
    units: Mapping[str, pl.DataFrame] | None = None,
    coders: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
) -> pl.DataFrame:
    """Krippendorff's alpha for each code, by character and each other unit, and its unitised alpha; any number of coders.

    Definition  `alpha`: nominal, coded or not, over units. `unitised`: u-alpha of the code against no code, where the lengths of
                passages count, over the documents laid end to end (by character only).
    Shapes      as `agreement`. Returns a row a unit and code: `unit`, `code`, `coders`, `units`, `alpha`, `unitised`, `reason`.
    Missing     both are empty where nobody coded, or all did everything; `reason` says which.
    Source      Krippendorff 2011; Krippendorff, Mathet, Bouvry & Widlöcher 2016, doi 10.1007/s11135-015-0266-1.
    """
    names = list(coders) if coders is not None else codings["coder"].unique().sort().to_list()
    if len(names) < 2:
        raise SelectionError("Agreement needs two coders or more; choose them.")
    frames = []
    for unit in ("character", *(units or {})):
        coded = _coded(codings, documents, names, codes, None if unit == "character" else (units or {})[unit])
        frames.append(_alphas(unit, coded))
    return pl.concat(frames)


def _alphas(unit: str, coded: _Coded) -> pl.DataFrame:
    m, codes = len(coded.coders), len(coded.codes)
    group, _, length, depth, _ = depths(coded.spans, coded.reach)
    code = group // max(1, len(coded.documents))
    total = float(coded.lengths.sum())
    ones = np.bincount(code, weights=length * depth, minlength=codes)  # values "coded" over all coders
    split = np.bincount(code, weights=length * depth * (m - depth), minlength=codes) / (m - 1)  # pairs that differ, one way
    n, zeros = m * total, m * total - ones
    squares = np.zeros(codes)
    for spans in coded.spans:
        squares += np.bincount(spans.group // max(1, len(coded.documents)), weights=(spans.stop - spans.start) ** 2, minlength=codes)
    with np.errstate(invalid="ignore", divide="ignore"):
        alpha = 1 - (n - 1) * split / (ones * zeros)
        # expected pairs leave out a passage met with itself; gaps have no units and count by length
        expected = ones * zeros / (n - (squares + zeros) / n)
        unitised = 1 - split / expected
    reason = np.select([np.full(codes, total == 0), ones == 0, zeros == 0], ["no_units", "never_coded", "all_coded"], "")
    is_known = reason == ""
    return pl.DataFrame(
        {
            "unit": pl.Series([unit] * codes, dtype=pl.String),
            "code": pl.Series(coded.codes, dtype=pl.String),
            "coders": pl.Series([m] * codes, dtype=pl.Int64),
            "units": pl.Series([int(total)] * codes, dtype=pl.Int64),
            "alpha": pl.Series(np.where(is_known, alpha, np.nan)).fill_nan(None),
            "unitised": pl.Series(np.where(is_known & (unit == "character"), unitised, np.nan)).fill_nan(None),
            "reason": pl.Series(reason.tolist(), dtype=pl.String).replace("", None),
        }
    )
