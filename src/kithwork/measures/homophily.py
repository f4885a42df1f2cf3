"""Likeness between alters who are tied, in any attribute named with `--by`."""

from collections.abc import Callable

import numpy as np

from kithwork.cohort import Cohort
from kithwork.cohort.columns import Attribute, sum_of_runs
from kithwork.measures.composition import share
from kithwork.measures.diversity import knowing_each, none_told, share_of
from kithwork.measures.families import (
    BY_ATTRIBUTE,
    BY_CATEGORY,
    BY_PAIR,
    categorical,
    joined_categories,
    side_by_side,
)
from kithwork.measures.reasons import ALTER_TIES_NOT_ASKED, ALTER_TIES_PARTLY, Rule
from kithwork.measures.registry import measure, once

_EGOR_EI = "Krackhardt & Stern (1988); egor, EI"
_ASKED = (ALTER_TIES_NOT_ASKED, ALTER_TIES_PARTLY)


def _pair_count(attribute: Attribute) -> int:
    return len(attribute.categories) * (len(attribute.categories) + 1) // 2


def _pair_place(attribute: Attribute, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Which pair of categories; −1 where either is not known."""
    count = len(attribute.categories)
    low, high = np.minimum(one, other), np.maximum(one, other)
    return np.where(low < 0, -1, low * count - low * (low - 1) // 2 + high - low)


def _tied(cohort: Cohort, attribute: Attribute) -> np.ndarray:
    """(maps, pairs of categories) alter ties between them."""
    values, (u, v) = cohort.ties[attribute.column], cohort.alter_ties.T
    cells = cohort.tie_map[u] * (_pair_count(attribute) + 1) + _pair_place(attribute, values[u], values[v]) + 1
    table = np.bincount(cells, minlength=len(cohort) * (_pair_count(attribute) + 1))
    return table.reshape(len(cohort), _pair_count(attribute) + 1)[:, 1:].astype(float)


def _possible(cohort: Cohort, attribute: Attribute) -> np.ndarray:
    """(maps, pairs of categories) pairs of alters that could be tied."""
    counts = cohort.sum_by(cohort.ties[attribute.column], len(attribute.categories))
    columns = [
        counts[:, one] * (counts[:, one] - 1) / 2 if one == other else counts[:, one] * counts[:, other]
        for one, other in joined_categories(attribute)
    ]
    return side_by_side(cohort, columns)


@once
def category_tables(cohort: Cohort) -> list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """An attribute: alter ties within and across categories, possible pairs within and across."""
    found = []
    for attribute in categorical(cohort):
        values, (u, v) = cohort.ties[attribute.column], cohort.alter_ties.T
        one, other = values[u], values[v]
        is_known = (one >= 0) & (other >= 0)
        known, within = (sum_of_runs(chosen, cohort.alter_tie_offsets) for chosen in (is_known, is_known & (one == other)))
        counts = cohort.sum_by(values, len(attribute.categories))
        told, own = counts.sum(axis=1), (counts * (counts - 1)).sum(axis=1) / 2
        found.append((within, known - within, own, told * (told - 1) / 2 - own))
    return found


def _rule(code: str, holds: Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]) -> Rule:
    def each(cohort: Cohort) -> np.ndarray:
        return side_by_side(cohort, (holds(*table) for table in category_tables(cohort))) > 0

    return Rule(code, each, knowing_each(lambda _: 1))


_NO_LINK = _rule("no_alter_ties", lambda i, e, _, __: i + e == 0)
_NO_PAIR = _rule("no_pairs", lambda _, __, own, across: own + across == 0)
_NONE_WITHIN = _rule("no_pairs", lambda _, __, own, ___: own == 0)
_NONE_ACROSS = _rule("no_pairs", lambda _, __, ___, across: across == 0)


def _phi_parts(i: np.ndarray, e: np.ndarray, own: np.ndarray, across: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """ad − bc and the product of the margins of the table tied × alike."""
    return i * (across - e) - e * (own - i), (i + e) * (own + across - i - e) * own * across


_NO_SPREAD = _rule("no_spread", lambda *table: _phi_parts(*table)[1] == 0)
_NO_CROSS = _rule("no_spread", lambda i, e, own, across: i * (across - e) + e * (own - i) == 0)


def _alter(name: str, **how: object) -> Callable[[Callable], Callable]:
    options: dict = {"label": name, "group": "structure", "scope": "structure", "family": BY_ATTRIBUTE, **how}
    return measure(**options)


@_alter("E-I between alters", unit="index", bounds=(-1, 1), source=_EGOR_EI, missing=(*_ASKED, _NO_LINK), stem="alter_ei")
def alter_ei(cohort: Cohort) -> np.ndarray:
    """Whether alter ties go mostly across (1) or within (−1) the categories of an attribute.

    Definition  (E − I) / (E + I), E = alter ties across categories, I = within; those of alters without an answer are left out.
    Returns     (maps, attributes) floats in −1..1.
    Missing     NaN where there is no alter tie between alters with an answer.
    """
    return side_by_side(cohort, (share(e - i, e + i) for i, e, _, _ in category_tables(cohort)))


@_alter(
    "E-I between alters, rescaled",
    unit="index",
    bounds=(-1, 1),
    source=_EGOR_EI + ", rescale = TRUE",
    missing=(*_ASKED, _NONE_WITHIN, _NONE_ACROSS, _NO_LINK),
    stem="alter_ei_rescaled",
)
def alter_ei_rescaled(cohort: Cohort) -> np.ndarray:
    """E-I between alters, corrected for how many ties across and within were possible.

    Definition  (E/E* − I/I*) / (E/E* + I/I*), E*, I* = pairs of alters across and within categories.
    Returns     (maps, attributes) floats in −1..1.
    Missing     NaN where there is no alter tie between alters with an answer, and where all or none of them are alike.
    """
    columns = []
    for i, e, own, across in category_tables(cohort):
        outside, inside = share(e, across), share(i, own)
        columns.append(share(outside - inside, outside + inside))
    return side_by_side(cohort, columns)


@_alter(
    "Likeness of tied alters (phi)",
    unit="correlation",
    bounds=(-1, 1),
    source="Pearson (1900), phi of a 2 × 2 table",
    missing=(*_ASKED, _NO_PAIR, _NO_SPREAD),
    stem="alter_phi",
)
def alter_phi(cohort: Cohort) -> np.ndarray:
    """How far being tied and being alike go together over all pairs of alters.

    Definition  (a d − b c) / √((a + b)(c + d)(a + c)(b + d)); a tied and alike, b tied and unlike, c untied and alike, d neither.
    Returns     (maps, attributes) floats in −1..1.
    Missing     NaN where all pairs, or none, are tied or alike.
    """
    parts = (_phi_parts(*table) for table in category_tables(cohort))
    return side_by_side(cohort, (share(difference, np.sqrt(margins)) for difference, margins in parts))


@_alter(
    "Likeness of tied alters (Yule's Q)",
    unit="index",
    bounds=(-1, 1),
    source="Yule (1900)",
    missing=(*_ASKED, _NO_PAIR, _NO_CROSS),
    stem="alter_yule_q",
)
def alter_yule_q(cohort: Cohort) -> np.ndarray:
    """How far being tied and being alike go together, whatever their frequencies.

    Definition  (a d − b c) / (a d + b c), with a, b, c, d as for phi.
    Returns     (maps, attributes) floats in −1..1.
    Missing     NaN where a d + b c = 0.
    """
    columns = []
    for i, e, own, across in category_tables(cohort):
        alike, unlike = i * (across - e), e * (own - i)
        columns.append(share(alike - unlike, alike + unlike))
    return side_by_side(cohort, columns)


@_alter(
    "Density within categories",
    unit="share of alter pairs",
    bounds=(0, 1),
    source="egor, EI: density of internal ties",
    missing=(*_ASKED, _NONE_WITHIN),
    stem="density_within",
)
def density_within(cohort: Cohort) -> np.ndarray:
    """Share of possible alter ties that exist between alters of one category of an attribute.

    Definition  I / I*.
    Returns     (maps, attributes) floats in 0..1.
    Missing     NaN where no two alters share a category.
    """
    return side_by_side(cohort, (share(i, own) for i, _, own, _ in category_tables(cohort)))


@_alter(
    "Density between categories",
    unit="share of alter pairs",
    bounds=(0, 1),
    source="egor, EI: density of external ties",
    missing=(*_ASKED, _NONE_ACROSS),
    stem="density_between",
)
def density_between(cohort: Cohort) -> np.ndarray:
    """Share of possible alter ties that exist between alters of different categories of an attribute.

    Definition  E / E*.
    Returns     (maps, attributes) floats in 0..1.
    Missing     NaN where all alters with an answer share a category.
    """
    return side_by_side(cohort, (share(e, across) for _, e, _, across in category_tables(cohort)))


def _of_category(cohort: Cohort, attribute: Attribute) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(maps, categories) as `category_tables`, for the ties and pairs that touch each category."""
    tied, possible = _tied(cohort, attribute), _possible(cohort, attribute)
    count, pairs = len(attribute.categories), list(joined_categories(attribute))
    tables = [np.zeros((len(cohort), count)) for _ in range(4)]
    for place, (one, other) in enumerate(pairs):
        for category in {one, other}:
            tables[0 if one == other else 1][:, category] += tied[:, place]
            tables[2 if one == other else 3][:, category] += possible[:, place]
    return tables[0], tables[1], tables[2], tables[3]


def _category_rule(code: str, holds: Callable[..., np.ndarray]) -> Rule:
    def each(cohort: Cohort) -> np.ndarray:
        return side_by_side(cohort, (holds(*_of_category(cohort, a)) for a in categorical(cohort))) > 0

    return Rule(code, each, knowing_each(lambda attribute: len(attribute.categories)))


@_alter(
    "E-I of a category",
    unit="index",
    bounds=(-1, 1),
    source=_EGOR_EI + ", by group",
    missing=(*_ASKED, _category_rule("no_alter_ties", lambda i, e, _, __: i + e == 0)),
    family=BY_CATEGORY,
    stem="alter_ei",
    is_on_request=True,
)
def alter_ei_by_category(cohort: Cohort) -> np.ndarray:
    """Whether the alter ties of the alters in one category go mostly out of it (1) or stay in it (−1).

    Definition  (E_c − I_c) / (E_c + I_c), E_c = alter ties from category c to others, I_c = within c.
    Returns     (maps, categories) floats in −1..1.
    Missing     NaN where no alter of the category is tied to an alter with an answer.
    """
    tables = (_of_category(cohort, attribute) for attribute in categorical(cohort))
    return side_by_side(cohort, (share_of(e - i, e + i) for i, e, _, _ in tables))


@_alter(
    "Alter ties",
    unit="alter ties",
    bounds=(0, None),
    source="egor, count_dyads",
    missing=(*_ASKED, none_told(_pair_count)),
    family=BY_PAIR,
    stem="dyads",
    is_on_request=True,
    is_whole=True,
)
def dyads(cohort: Cohort) -> np.ndarray:
    """How many alter ties join each pair of categories of an attribute.

    Definition  L_cd, alter ties between an alter of category c and one of d; those of alters without an answer are left out.
    Returns     (maps, pairs of categories) whole numbers ≥ 0.
    Missing     NaN where alter ties were not asked, or only in part, and where there are alters and none has an answer.
    """
    return side_by_side(cohort, (_tied(cohort, attribute) for attribute in categorical(cohort)))


@_alter(
    "Density",
    unit="share of alter pairs",
    bounds=(0, 1),
    source="our definition, after egor's EI",
    missing=(
        *_ASKED,
        Rule("no_pairs", lambda c: side_by_side(c, (_possible(c, a) == 0 for a in categorical(c))) > 0, knowing_each(_pair_count)),
    ),
    family=BY_PAIR,
    stem="density_of",
    is_on_request=True,
)
def density_of_pair(cohort: Cohort) -> np.ndarray:
    """Share of possible alter ties that exist between each pair of categories, such as kin and professionals.

    Definition  L_cd / (n_c n_d), or L_cc / (n_c (n_c − 1) / 2).
    Returns     (maps, pairs of categories) floats in 0..1.
    Missing     NaN where there is no such pair of alters.
    """
    return side_by_side(cohort, (share_of(_tied(cohort, a), _possible(cohort, a)) for a in categorical(cohort)))
