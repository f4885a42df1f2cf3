"""How alters spread over kinds, and over any attribute named with `--by`; what numbers they have."""

from collections.abc import Callable

import numpy as np

from kithwork.cohort import Cohort
from kithwork.cohort.columns import Attribute
from kithwork.measures.composition import share
from kithwork.measures.families import BY_ATTRIBUTE, BY_CATEGORY, BY_NUMBER, BY_NUMBER_IN_CATEGORY, categorical, numeric, side_by_side
from kithwork.measures.reasons import FEWER_THAN_TWO, NO_TIES, Rule, by_kind
from kithwork.measures.registry import measure

_SIMPSON = "Simpson (1949), Nature 163:688, unbiased form"
_SHANNON = "Shannon (1948); egor, alts_diversity_entropy, base 2"
_BLAU = "Blau (1977), Inequality and Heterogeneity"
_EGOR = "egor, composition and alts_diversity_count"


def _counts(cohort: Cohort, attribute: Attribute) -> np.ndarray:
    """(maps, categories) ties in each."""
    return cohort.sum_by(cohort.ties[attribute.column], len(attribute.categories))


def _told(cohort: Cohort, attribute: Attribute) -> np.ndarray:
    """(maps,) ties with an answer."""
    return cohort.sum(knowing(cohort, attribute).astype(float))


def knowing(cohort: Cohort, attribute: Attribute) -> np.ndarray:
    """(ties,) whether the tie has an answer."""
    values = cohort.ties[attribute.column]
    return ~np.isnan(values) if attribute.is_number else values >= 0


def _each(cohort: Cohort, of_counts: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    return side_by_side(cohort, (of_counts(_counts(cohort, attribute)) for attribute in categorical(cohort)))


def told_at_least(least: int, attributes: Callable[[Cohort], list[Attribute]] = categorical) -> Rule:
    """Fewer ties than these have an answer, attribute by attribute."""

    def holds(cohort: Cohort) -> np.ndarray:
        return side_by_side(cohort, (_told(cohort, attribute) < least for attribute in attributes(cohort))) > 0

    return Rule("no_answer" if least == 1 else "fewer_than_two", holds, lambda cohort: [knowing(cohort, a) for a in attributes(cohort)])


def _blau(counts: np.ndarray) -> np.ndarray:
    return 1 - (share(counts, counts.sum(axis=1)) ** 2).sum(axis=1)


def _simpson(counts: np.ndarray) -> np.ndarray:
    n = counts.sum(axis=1)
    return 1 - share((counts * (counts - 1)).sum(axis=1), n * (n - 1))


def _entropy(counts: np.ndarray) -> np.ndarray:
    p = share(counts, counts.sum(axis=1))
    return -np.where(p > 0, p * np.log2(np.where(p > 0, p, 1)), np.where(np.isnan(p), p, 0)).sum(axis=1) + 0.0


def knowing_each(columns: Callable[[Attribute], int]) -> Callable[[Cohort], list[np.ndarray]]:
    """The ties with an answer, as often as an attribute has columns."""
    return lambda cohort: [knowing(cohort, a) for a in categorical(cohort) for _ in range(columns(a))]


_ONE_CATEGORY = Rule(
    "one_category",
    lambda cohort: np.tile(np.array([len(a.categories) < 2 for a in categorical(cohort)], dtype=bool), (len(cohort), 1)),
)
_NONE_IN_CATEGORY = Rule(
    "no_answer",
    lambda cohort: side_by_side(cohort, (_in_category(cohort, number)[1] == 0 for number in numeric(cohort))) > 0,
    lambda cohort: [knowing(cohort, number) for number in numeric(cohort) for a in categorical(cohort) for _ in a.categories],
    lambda cohort: [
        cohort.ties[a.column] == category for _ in numeric(cohort) for a in categorical(cohort) for category in range(len(a.categories))
    ],
)
_NONE_TOLD_OF_CATEGORIES = Rule(
    "no_answer",
    lambda cohort: (
        side_by_side(cohort, (np.repeat((_told(cohort, a) == 0)[:, np.newaxis], len(a.categories), 1) for a in categorical(cohort))) > 0
    ),
    knowing_each(lambda attribute: len(attribute.categories)),
)


def none_told(columns: Callable[[Attribute], int]) -> Rule:
    """There are ties, and of none of them is the attribute known: how many there are of each category is then not known, and not 0."""

    def holds(cohort: Cohort) -> np.ndarray:
        of_map = ((a, (_told(cohort, a) == 0) & (cohort.sizes > 0)) for a in categorical(cohort))
        return side_by_side(cohort, (np.repeat(is_unknown[:, np.newaxis], columns(a), 1) for a, is_unknown in of_map)) > 0

    return Rule("no_answer", holds, knowing_each(columns))


_ONE_TOLD = told_at_least(1)
_TWO_TOLD = told_at_least(2)
_A_NUMBER = told_at_least(1, numeric)


@measure(label="Kinds", unit="kinds", bounds=(0, None), group="composition", source=_EGOR, is_whole=True)
def kind_count(cohort: Cohort) -> np.ndarray:
    """How many different kinds of alter stand on each map.

    Definition  kinds k with n_k > 0.
    Returns     (maps,) whole numbers ≥ 0; 0 on an empty map.
    Missing     never.
    """
    return (by_kind(cohort) > 0).sum(axis=1).astype(float)


@measure(
    label="Kind diversity (unbiased)", unit="index", bounds=(0, 1), group="composition", source=_SIMPSON, missing=(NO_TIES, FEWER_THAN_TWO)
)
def kind_diversity_unbiased(cohort: Cohort) -> np.ndarray:
    """The chance that two different ties differ in kind; for small maps.

    Definition  1 − Σ n_k (n_k − 1) / (n (n − 1)).
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n < 2.
    """
    return _simpson(by_kind(cohort))


@measure(label="Kind diversity (entropy)", unit="bits", bounds=(0, None), group="composition", source=_SHANNON, missing=(NO_TIES,))
def kind_entropy(cohort: Cohort) -> np.ndarray:
    """How uncertain the kind of a tie drawn at random is.

    Definition  Σ p_k log2(1 / p_k), p_k = n_k / n.
    Returns     (maps,) floats in 0..log2 K.
    Missing     NaN where n = 0.
    """
    return _entropy(by_kind(cohort))


@measure(
    label="Share",
    unit="share of ties with an answer",
    bounds=(0, 1),
    group="composition",
    source=_EGOR,
    missing=(NO_TIES, _NONE_TOLD_OF_CATEGORIES),
    family=BY_CATEGORY,
    stem="share",
)
def share_by_category(cohort: Cohort) -> np.ndarray:
    """Share of the ties in each category of an attribute; 0 for a category that is absent.

    Definition  n_c / (ties with an answer); ties without one are left out of both, or are a category with `--missing category`.
    Returns     (maps, categories) floats in 0..1.
    Missing     NaN where no tie has an answer.
    """
    shares = (_counts(cohort, attribute) for attribute in categorical(cohort))
    return side_by_side(cohort, (share(counts, counts.sum(axis=1)) for counts in shares))


@measure(
    label="Number",
    unit="ties",
    bounds=(0, None),
    group="size",
    source=_EGOR,
    missing=(none_told(lambda attribute: len(attribute.categories)),),
    family=BY_CATEGORY,
    stem="size",
    is_whole=True,
)
def size_by_category(cohort: Cohort) -> np.ndarray:
    """How many ties stand in each category of an attribute.

    Definition  n_c.
    Returns     (maps, categories) whole numbers ≥ 0; 0 on an empty map.
    Missing     NaN where there are ties and none has an answer.
    """
    return side_by_side(cohort, (_counts(cohort, attribute) for attribute in categorical(cohort)))


@measure(
    label="Categories",
    unit="categories",
    bounds=(0, None),
    group="composition",
    source=_EGOR,
    missing=(none_told(lambda _: 1),),
    family=BY_ATTRIBUTE,
    stem="category_count",
    is_whole=True,
)
def category_count(cohort: Cohort) -> np.ndarray:
    """How many categories of an attribute are present; ties without an answer are none.

    Definition  categories c with n_c > 0.
    Returns     (maps, attributes) whole numbers ≥ 0; 0 on an empty map.
    Missing     NaN where there are ties and none has an answer.
    """
    return _each(cohort, lambda counts: (counts > 0).sum(axis=1).astype(float))


@measure(
    label="Diversity (Blau)",
    unit="index",
    bounds=(0, 1),
    group="composition",
    source=_BLAU,
    missing=(NO_TIES, _ONE_TOLD),
    family=BY_ATTRIBUTE,
    stem="diversity",
)
def diversity(cohort: Cohort) -> np.ndarray:
    """How far the ties spread over the categories of an attribute.

    Definition  H = 1 − Σ p_c² over ties with an answer.
    Returns     (maps, attributes) floats in 0..1 − 1/K.
    Missing     NaN where no tie has an answer.
    """
    return _each(cohort, _blau)


@measure(
    label="Diversity (IQV)",
    unit="index",
    bounds=(0, 1),
    group="composition",
    source="Mueller, Schuessler, Costner (1970); Agresti & Agresti (1978)",
    missing=(_ONE_CATEGORY, NO_TIES, _ONE_TOLD),
    family=BY_ATTRIBUTE,
    stem="iqv",
)
def iqv(cohort: Cohort) -> np.ndarray:
    """Blau's index of an attribute as a share of the most it can be.

    Definition  H / (1 − 1/K), K = categories that could be answered where the study lists them, else all seen in the study.
    Returns     (maps, attributes) floats in 0..1.
    Missing     NaN where no tie has an answer, and where K < 2.
    """
    most = np.array([1 - 1 / len(a.categories) if len(a.categories) > 1 else np.nan for a in categorical(cohort)])
    return diversity(cohort) / most


@measure(
    label="Diversity (unbiased)",
    unit="index",
    bounds=(0, 1),
    group="composition",
    source=_SIMPSON,
    missing=(NO_TIES, _ONE_TOLD, _TWO_TOLD),
    family=BY_ATTRIBUTE,
    stem="diversity_unbiased",
)
def diversity_unbiased(cohort: Cohort) -> np.ndarray:
    """The chance that two different ties differ in an attribute; for small maps.

    Definition  1 − Σ n_c (n_c − 1) / (n (n − 1)), n = ties with an answer.
    Returns     (maps, attributes) floats in 0..1.
    Missing     NaN where fewer than two ties have an answer.
    """
    return _each(cohort, _simpson)


@measure(
    label="Diversity (entropy)",
    unit="bits",
    bounds=(0, None),
    group="composition",
    source=_SHANNON,
    missing=(NO_TIES, _ONE_TOLD),
    family=BY_ATTRIBUTE,
    stem="entropy",
)
def entropy(cohort: Cohort) -> np.ndarray:
    """How uncertain an attribute of a tie drawn at random is.

    Definition  Σ p_c log2(1 / p_c) over ties with an answer.
    Returns     (maps, attributes) floats in 0..log2 K.
    Missing     NaN where no tie has an answer.
    """
    return _each(cohort, _entropy)


def _mean(cohort: Cohort, values: np.ndarray) -> np.ndarray:
    return share(cohort.sum(np.nan_to_num(values)), cohort.sum((~np.isnan(values)).astype(float)))


@measure(
    label="Mean",
    unit="as asked",
    bounds=(None, None),
    group="composition",
    source="McCarty, Lubbers, Vacca, Molina (2019), Conducting Personal Network Research",
    missing=(NO_TIES, _A_NUMBER),
    family=BY_NUMBER,
    stem="mean_of",
)
def mean_of(cohort: Cohort) -> np.ndarray:
    """The mean of a number over the ties that have it.

    Definition  Σ x_i / (ties with an answer).
    Returns     (maps, attributes) floats.
    Missing     NaN where no tie has an answer.
    """
    return side_by_side(cohort, (_mean(cohort, cohort.ties[number.column]) for number in numeric(cohort)))


@measure(
    label="Standard deviation",
    unit="as asked",
    bounds=(0, None),
    group="composition",
    source="standard deviation of the map's ties as a whole population",
    missing=(NO_TIES, _A_NUMBER),
    family=BY_NUMBER,
    stem="deviation_of",
)
def deviation_of(cohort: Cohort) -> np.ndarray:
    """How far a number differs between the ties of a map.

    Definition  √(Σ (x_i − x̄)² / (ties with an answer)).
    Returns     (maps, attributes) floats ≥ 0.
    Missing     NaN where no tie has an answer.
    """
    columns = []
    for number in numeric(cohort):
        values = cohort.ties[number.column]
        columns.append(np.sqrt(_mean(cohort, (values - _mean(cohort, values)[cohort.tie_map]) ** 2)))
    return side_by_side(cohort, columns)


def _in_category(cohort: Cohort, number: Attribute, power: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """(maps, categories of every attribute) sums of the number to a power, and ties with both answers."""
    values, sums, counts = cohort.ties[number.column] ** power, [], []
    told = ~np.isnan(values)
    for attribute in categorical(cohort):
        category = np.where(told, cohort.ties[attribute.column], -1)
        sums.append(cohort.sum_by(category, len(attribute.categories), np.nan_to_num(values)))
        counts.append(cohort.sum_by(category, len(attribute.categories)))
    return side_by_side(cohort, sums), side_by_side(cohort, counts)


@measure(
    label="Mean",
    unit="as asked",
    bounds=(None, None),
    group="composition",
    source="McCarty, Lubbers, Vacca, Molina (2019), Conducting Personal Network Research: two attributes",
    missing=(NO_TIES, _NONE_IN_CATEGORY),
    family=BY_NUMBER_IN_CATEGORY,
    stem="mean_of",
)
def mean_in_category(cohort: Cohort) -> np.ndarray:
    """The mean of a number over the ties in a category of another attribute, such as closeness among kin.

    Definition  Σ x_i / (ties in the category with an answer).
    Returns     (maps, numbers × categories) floats.
    Missing     NaN where no tie in the category has an answer.
    """
    return side_by_side(cohort, (share_of(*_in_category(cohort, number)) for number in numeric(cohort)))


def share_of(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole cell by cell, NaN where the whole is 0."""
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
