"""On how many ties support rests, and what would be left without one of them and those reached through it."""

import numpy as np

from kithwork.cohort import Cohort
from kithwork.cohort.columns import first_of_each
from kithwork.measures.composition import share
from kithwork.measures.diversity import share_of
from kithwork.measures.families import BY_SUPPORT_TYPE
from kithwork.measures.reasons import NO_TIES, NO_TYPES, Rule, by_kind, each_kind, not_asked
from kithwork.measures.registry import BY_KIND, Family, measure, once
from kithwork.measures.support import RATED, RATED_BY_TYPE, goes, is_given, once_a_tie, providers, support_map
from kithwork.model.schema import SUFFICIENCY

_OURS = "our definition"
_ASKED = not_asked("supports")
_FUNCTIONS = "our definition, after Perry & Pescosolido (2010), Social Networks 32:345, functional specificity"


@once
def types_of_tie(cohort: Cohort) -> np.ndarray:
    """(ties,) types of support over each tie, whichever way."""
    return np.bincount(cohort.supports["tie"][once_a_tie(cohort, is_given(cohort))], minlength=cohort.tie_map.size)


@once
def units_of_tie(cohort: Cohort) -> np.ndarray:
    """(ties,) types of support that come to ego over each tie."""
    rows = once_a_tie(cohort, goes(cohort, "to_me", "both"))
    return np.bincount(cohort.supports["tie"][rows], minlength=cohort.tie_map.size).astype(float)


_NOTHING_COMES = Rule("no_support", lambda cohort: cohort.sum(units_of_tie(cohort)) == 0)


@measure(
    label="Multiplex ties",
    unit="share of ties",
    bounds=(0, 1),
    group="support",
    source="Verbrugge (1979), Social Forces 57",
    missing=(_ASKED, NO_TIES),
)
def multiplex_share(cohort: Cohort) -> np.ndarray:
    """Share of the ties over which two or more types of support go.

    Definition  ties with m_i ≥ 2 / n, m_i = types of support on tie i, whichever way.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n = 0 and where support was not asked.
    """
    return share(cohort.sum((types_of_tie(cohort) >= 2).astype(float)), cohort.sizes)


@measure(label="Functional specificity", unit="share of ties", bounds=(0, 1), group="support", source=_FUNCTIONS, missing=(_ASKED, NO_TIES))
def single_type_share(cohort: Cohort) -> np.ndarray:
    """Share of the ties over which exactly one type of support goes.

    Definition  ties with m_i = 1 / n, m_i = types of support on tie i, whichever way.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n = 0 and where support was not asked.
    """
    return share(cohort.sum((types_of_tie(cohort) == 1).astype(float)), cohort.sizes)


@measure(
    label="Concentration of support (HHI)",
    unit="index",
    bounds=(0, 1),
    group="support",
    source="Herfindahl–Hirschman index",
    missing=(_ASKED, NO_TIES, _NOTHING_COMES),
)
def support_concentration(cohort: Cohort) -> np.ndarray:
    """How far the support that comes to ego rests on few ties.

    Definition  Σ s_i², s_i = tie i's share of all supports that come to ego, each type once a tie.
    Returns     (maps,) floats in 1/n..1; 1 when all comes over one tie.
    Missing     NaN where no support comes to ego, and where support was not asked.
    """
    units = units_of_tie(cohort)
    return share(cohort.sum(units**2), cohort.sum(units) ** 2)


@measure(
    label="Concentration of support (Gini)",
    unit="index",
    bounds=(0, 1),
    group="support",
    source="Gini (1912)",
    missing=(_ASKED, NO_TIES, _NOTHING_COMES),
)
def support_gini(cohort: Cohort) -> np.ndarray:
    """How unevenly the support that comes to ego is spread over all ties, those that give none included.

    Definition  Σ_i Σ_j |x_i − x_j| / (2 n Σ x_i), x_i = types of support that come over tie i.
    Returns     (maps,) floats in 0..1 − 1/n.
    Missing     NaN where no support comes to ego, and where support was not asked.
    """
    units = units_of_tie(cohort)
    most = int(units.max(initial=0)) + 1
    order = np.argsort(cohort.tie_map * most + units.astype(np.int64), kind="stable")
    rank = np.arange(units.size) - cohort.offsets[cohort.tie_map] + 1
    n = cohort.sizes.astype(float)
    weighed = cohort.sum((2 * rank - n[cohort.tie_map] - 1) * units[order])
    return share(weighed, n * cohort.sum(units))


@measure(
    label="Providers",
    unit="ties",
    bounds=(0, None),
    group="support",
    source=_OURS,
    missing=(_ASKED, NO_TYPES),
    family=BY_SUPPORT_TYPE,
    stem="providers",
    is_whole=True,
)
def providers_by_type(cohort: Cohort) -> np.ndarray:
    """Over how many ties each type of support comes to ego: 0 is a gap, 1 rests on one tie.

    Definition  R_k, ties with support of type k to ego or both ways.
    Returns     (maps, types) whole numbers ≥ 0.
    Missing     NaN where support was not asked.
    """
    return providers(cohort).astype(float)


@measure(
    label="Reciprocal ties",
    unit="share of ties",
    bounds=(0, 1),
    group="support",
    source=_OURS,
    missing=(_ASKED, NO_TYPES, NO_TIES),
    family=BY_SUPPORT_TYPE,
    stem="reciprocal_share",
    is_on_request=True,
)
def reciprocal_share_by_type(cohort: Cohort) -> np.ndarray:
    """Share of the ties over which support of one type goes both ways.

    Definition  ties with support of type k both to ego and from ego / n.
    Returns     (maps, types) floats in 0..1.
    Missing     NaN where n = 0 and where support was not asked.
    """
    count = len(cohort.support_types)
    cells = cohort.supports["tie"] * count + cohort.supports["support_type"]
    there = np.intersect1d(cells[goes(cohort, "to_me", "both")], cells[goes(cohort, "from_me", "both")])
    tie, kind = np.divmod(there, max(count, 1))
    grid = np.bincount(cohort.tie_map[tie] * count + kind, minlength=len(cohort) * count).reshape(len(cohort), count)
    return share(grid[:, cohort.scheme].astype(float), cohort.sizes)


def _ratings(cohort: Cohort, *answers: str) -> np.ndarray:
    """(maps, types in the scheme) supports with one of these ratings, or with any."""
    rated, count = cohort.supports["sufficiency"], len(cohort.support_types)
    mask = is_given(cohort) & (np.isin(rated, cohort.code("sufficiency", *answers)) if answers else rated >= 0)
    cells = support_map(cohort)[mask] * count + cohort.supports["support_type"][mask]
    return np.bincount(cells, minlength=len(cohort) * count).reshape(len(cohort), count)[:, cohort.scheme].astype(float)


BY_SUFFICIENCY = Family("answer", lambda _: tuple((code, label.lower()) for code, label in SUFFICIENCY.items()))


@measure(
    label="Support that is",
    unit="share of rated supports",
    bounds=(0, 1),
    group="support",
    source="our definition, after Brooks et al. (2020), BMC Psychiatry 20:50",
    missing=(not_asked("sufficiency"), NO_TIES, Rule("no_answer", lambda cohort: _rated(cohort).sum(axis=1) == 0, *RATED)),
    family=BY_SUFFICIENCY,
    stem="support",
)
def share_by_sufficiency(cohort: Cohort) -> np.ndarray:
    """Share of the supports that ego calls enough, some but not quite enough, and not enough.

    Definition  supports with the rating / supports rated; the shares add up to 1.
    Returns     (maps, ratings) floats in 0..1.
    Missing     NaN where it was not asked, and where no support is rated.
    """
    return share(_rated(cohort), _rated(cohort).sum(axis=1))


def _rated(cohort: Cohort) -> np.ndarray:
    """(maps, ratings) supports with each rating."""
    count = len(SUFFICIENCY)
    mask = is_given(cohort) & (cohort.supports["sufficiency"] >= 0)
    cells = support_map(cohort)[mask] * count + cohort.supports["sufficiency"][mask]
    return np.bincount(cells, minlength=len(cohort) * count).reshape(len(cohort), count).astype(float)


@measure(
    label="Sufficient",
    unit="share of rated supports",
    bounds=(0, 1),
    group="support",
    source="our definition, after Brooks et al. (2020), BMC Psychiatry 20:50",
    missing=(not_asked("sufficiency"), NO_TIES, Rule("no_answer", lambda cohort: _ratings(cohort) == 0, *RATED_BY_TYPE)),
    family=BY_SUPPORT_TYPE,
    stem="sufficiency",
)
def sufficiency_by_type(cohort: Cohort) -> np.ndarray:
    """Share of the supports of each type that ego calls enough.

    Definition  supports of the type rated "enough" / supports of the type rated.
    Returns     (maps, types) floats in 0..1.
    Missing     NaN where it was not asked, and where no support of the type is rated.
    """
    return share_of(_ratings(cohort, "enough"), _ratings(cohort))


# -- what would be left without a tie ----------------------------------------------------------------------------------


def _ways(cohort: Cohort) -> tuple[np.ndarray, np.ndarray]:
    """Every (tie, tie it depends on), itself included: those through which it is reached, however far back."""
    tie = np.arange(cohort.tie_map.size)
    pairs = [(tie, tie)]
    via = cohort.ties.get("via")
    if via is not None:
        here, at = tie, tie
        for _ in range(int(cohort.sizes.max(initial=0))):  # ties that reach each other in a ring end the walk here
            forward = via[at] >= 0
            here, at = here[forward], via[at[forward]]
            if not here.size:
                break
            pairs.append((here, at))
    return np.concatenate([one for one, _ in pairs]), np.concatenate([other for _, other in pairs])


def providers_of_all(cohort: Cohort) -> np.ndarray:
    """(maps, types recorded) ties over which each type comes to ego; types no longer asked about count none."""
    grid = np.zeros((len(cohort), len(cohort.support_types)))
    grid[:, cohort.scheme] = providers(cohort)
    return grid


@once
def types_lost(cohort: Cohort) -> np.ndarray:
    """(ties,) types of support that would no longer come to ego without the tie and all that is reached through it."""
    rows = np.flatnonzero(goes(cohort, "to_me", "both") & np.isin(cohort.supports["support_type"], cohort.scheme))
    of_tie, of_type = cohort.supports["tie"][rows], cohort.supports["support_type"][rows]
    count = len(cohort.support_types)
    recorded = np.bincount(cohort.tie_map[of_tie] * count + of_type, minlength=len(cohort) * count)
    if "via" not in cohort.ties and "via" not in cohort.supports:  # only a type's one provider loses it
        rows = first_of_each(of_tie * count + of_type, cohort.tie_map.size * count)
        is_only = providers_of_all(cohort)[cohort.tie_map[of_tie[rows]], of_type[rows]] == 1
        return np.bincount(of_tie[rows][is_only], minlength=cohort.tie_map.size)
    depends, on = _ways(cohort)
    order = np.argsort(depends, kind="stable")
    starts = np.searchsorted(depends[order], np.arange(cohort.tie_map.size + 1))
    ends = [of_tie] if "via" not in cohort.supports else [of_tie, cohort.supports["via"][rows]]
    killers = []
    for end in ends:
        own = np.flatnonzero(end >= 0)
        counts = starts[end[own] + 1] - starts[end[own]]
        places = np.repeat(starts[end[own]] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        killers.append(np.column_stack([np.repeat(own, counts), on[order][places]]))
    support, tie = np.concatenate(killers).T
    support, tie = np.divmod(np.unique(support * max(cohort.tie_map.size, 1) + tie), max(cohort.tie_map.size, 1))
    cells, gone = np.unique(tie * count + of_type[support], return_counts=True)
    tie, kind = np.divmod(cells, max(count, 1))
    return np.bincount(tie[gone == recorded[cohort.tie_map[tie] * count + kind]], minlength=cohort.tie_map.size)


def coverage_without(cohort: Cohort) -> np.ndarray:
    """(ties,) coverage that would be left without the tie and all that is reached through it."""
    covered = (providers(cohort) > 0).sum(axis=1)[cohort.tie_map]
    return share((covered - types_lost(cohort)).astype(float), np.full(cohort.tie_map.size, cohort.scheme.size))


@measure(
    label="Coverage without the tie that matters most",
    unit="share of support types",
    bounds=(0, 1),
    group="support",
    source=_OURS,
    missing=(_ASKED, NO_TYPES, NO_TIES),
)
def knock_out_worst(cohort: Cohort) -> np.ndarray:
    """Support coverage that would be left if the one tie were gone whose loss leaves least, with all reached through it.

    Definition  min_i of coverage without tie i, the ties reached via it (however far), and supports that come via any of them.
    Returns     (maps,) floats in 0..support coverage.
    Missing     NaN where n = 0, where support was not asked, and where the study lists no types.
    """
    worst = np.full(len(cohort), np.inf)
    with np.errstate(invalid="ignore"):  # a map without any coverage at all is told so by its rules
        np.minimum.at(worst, cohort.tie_map, coverage_without(cohort))
    return np.where(np.isinf(worst), np.nan, worst)


@measure(
    label="Coverage without a tie, on average",
    unit="share of support types",
    bounds=(0, 1),
    group="support",
    source=_OURS,
    missing=(_ASKED, NO_TYPES, NO_TIES),
)
def knock_out_mean(cohort: Cohort) -> np.ndarray:
    """Support coverage that would be left if one tie were gone with all reached through it, on average over ties.

    Definition  mean over i of coverage without tie i, as for `knock_out_worst`.
    Returns     (maps,) floats in 0..support coverage.
    Missing     NaN where n = 0, where support was not asked, and where the study lists no types.
    """
    return share(cohort.sum(coverage_without(cohort)), cohort.sizes)


# -- giving and taking -------------------------------------------------------------------------------------------------


@once
def effort_balance_of_tie(cohort: Cohort) -> np.ndarray:
    """(ties,) effort / 4 − largest amount of support that comes to ego / 3; 0 where none comes, NaN where either is not known."""
    rows = np.flatnonzero(goes(cohort, "to_me", "both"))
    amount = cohort.supports["amount"][rows]
    largest, unknown = np.zeros(cohort.tie_map.size), np.zeros(cohort.tie_map.size, dtype=bool)
    np.maximum.at(largest, cohort.supports["tie"][rows], np.nan_to_num(amount))
    unknown[cohort.supports["tie"][rows[np.isnan(amount)]]] = True
    not_told = ~cohort.asked["supports"][cohort.tie_map] | (unknown & (largest < 3))
    return np.where(not_told, np.nan, cohort.ties["effort"] / 4 - largest / 3)


_BALANCE = (
    not_asked("effort"),
    _ASKED,
    NO_TIES,
    Rule(
        "no_answer",
        lambda cohort: cohort.sum((~np.isnan(effort_balance_of_tie(cohort))).astype(float)) == 0,
        lambda cohort: ~np.isnan(effort_balance_of_tie(cohort)),
    ),
)


@measure(label="Effort balance", unit="ties of full effort", bounds=(None, None), group="support", source=_OURS, missing=_BALANCE)
def effort_balance(cohort: Cohort) -> np.ndarray:
    """What ties take from ego beyond what they give, over the whole map; above 0 they take more.

    Definition  Σ_i (effort_i / 4 − largest amount of support to ego over tie i / 3) over ties of which both are known.
    Returns     (maps,) floats in −n..n.
    Missing     NaN where effort or support was not asked, and where both are known of no tie.
    """
    return cohort.sum(np.nan_to_num(effort_balance_of_tie(cohort)))


@measure(
    label="Effort balance",
    unit="ties of full effort",
    bounds=(None, None),
    group="support",
    source=_OURS,
    missing=(
        not_asked("effort"),
        _ASKED,
        NO_TIES,
        Rule(
            "no_answer",
            lambda cohort: by_kind(cohort, (~np.isnan(effort_balance_of_tie(cohort))).astype(float)) == 0,
            lambda cohort: ~np.isnan(effort_balance_of_tie(cohort)),
            each_kind,
        ),
    ),
    family=BY_KIND,
    stem="effort_balance",
)
def effort_balance_by_kind(cohort: Cohort) -> np.ndarray:
    """What ties of each kind take from ego beyond what they give.

    Definition  as `effort_balance`, within each kind.
    Returns     (maps, kinds) floats in −n_k..n_k.
    Missing     NaN where effort or support was not asked, and where both are known of no tie of the kind.
    """
    return by_kind(cohort, np.nan_to_num(effort_balance_of_tie(cohort)))
