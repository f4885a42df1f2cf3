"""Change once more: who came back, what became of support and of ties between alters, and by how much other measures changed."""

from collections.abc import Callable

import numpy as np

from kithwork.cohort import Cohort, PairedWaves
from kithwork.cohort.columns import Attribute
from kithwork.measures.composition import share
from kithwork.measures.families import BY_ATTRIBUTE, categorical, side_by_side
from kithwork.measures.reasons import NONE_AFTER, NONE_BEFORE, NONE_EITHER, Rule
from kithwork.measures.registry import BY_KIND, MEASURES, Family, measure, once
from kithwork.measures.rested_on import rested_on
from kithwork.measures.support import goes, once_a_tie

_STANDARD = "standard set measures"
_OURS = "our definition"
_LUBBERS = "Lubbers et al. (2010), Social Networks 32:91"

DELTAS = (
    "density",
    "mean_degree",
    "isolates",
    "components",
    "largest_component_share",
    "fragmentation",
    "degree_centralisation",
    "transitivity",
    "effective_size",
    "efficiency",
    "constraint",
    "hierarchy",
    "ego_betweenness_share",
    "kind_diversity",
    "mean_strength",
    "support_coverage",
    "support_redundancy",
    "trust_share",
    "mean_reliability",
    "mean_security",
    "mean_effort",
)
"""Measures of a map whose change between waves is a measure."""


def values_of(name: str, cohort: Cohort) -> np.ndarray:
    """(maps,) a measure of maps, NaN where it has no value."""
    values = np.array(MEASURES[name].function(cohort), dtype=float)
    for rule in MEASURES[name].missing:
        values[rule.holds(cohort)] = np.nan
    return values


def _delta(scope: str, name: str) -> None:
    names = [delta for delta in DELTAS if (MEASURES[delta].scope == "structure") == (scope == "structure")]

    def change(pairs: PairedWaves) -> np.ndarray:
        columns = [values_of(delta, pairs.cohort) for delta in names]
        return side_by_side(pairs, (column[pairs.to_map] - column[pairs.from_map] for column in columns))

    change.__name__ = name
    change.__doc__ = f"""By how much measures of a map changed: {", ".join(f"`{delta}`" for delta in names)}.

    Definition  the measure at the later wave − at the earlier.
    Returns     (pairs, measures) floats.
    Missing     NaN where the measure has no value at one of the two waves.
    """
    family = Family("measure", lambda _: tuple((delta, MEASURES[delta].label.lower()) for delta in names))

    def ties(pairs: PairedWaves) -> tuple[np.ndarray, np.ndarray]:
        of_maps = (rested_on(MEASURES[delta], pairs.cohort, 1) for delta in names)
        used, missing = zip(*((used[:, 0], missing[:, 0]) for used, missing in of_maps), strict=True)
        both = (np.column_stack(counts) for counts in (used, missing))
        used, missing = (counts[pairs.from_map] + counts[pairs.to_map] for counts in both)
        return used, missing

    empty = Rule("empty_before_or_after", lambda pairs: np.isnan(change(pairs)), ties=ties)
    options: dict = {"unit": "as the measure", "bounds": (None, None), "group": "change", "source": _LUBBERS, "scope": scope}
    measure(label="Change", missing=(empty,), family=family, stem="change_in", **options)(once(change))


_delta("structure", "structural_change")
_delta("counted", "other_change")


# -- existence ---------------------------------------------------------------------------------------------------------


@measure(label="Churn", unit="share of ties at both waves", bounds=(0, 1), group="change", source=_STANDARD, missing=(NONE_EITHER,))
def churn(pairs: PairedWaves) -> np.ndarray:
    """Ties lost and gained as a share of the ties at both waves, a kept tie counting at each.

    Definition  (#(S − T) + #(T − S)) / (#S + #T).
    Returns     (pairs,) floats in 0..1.
    Missing     NaN where both maps are empty.
    """
    return share(pairs.count(~pairs.kept), pairs.count(pairs.is_before) + pairs.count(pairs.is_after))


_NO_GAP = Rule("no_gap", lambda pairs: ~(_months(pairs) > 0))


def _months(pairs: PairedWaves) -> np.ndarray:
    return pairs.pairs["gap_months"].cast(float).fill_null(np.nan).to_numpy()


@measure(
    label="Loss a month",
    unit="share of earlier ties a month",
    bounds=(0, None),
    group="change",
    source=_STANDARD,
    missing=(NONE_BEFORE, _NO_GAP),
)
def loss_per_month(pairs: PairedWaves) -> np.ndarray:
    """Share of the earlier ties that are not named later, for each month between; comparable between gaps of different length.

    Definition  #(S − T) / #S / gap in months.
    Returns     (pairs,) floats ≥ 0.
    Missing     NaN where S is empty, and where the gap is not known.
    """
    return share(share(pairs.count(pairs.lost), pairs.count(pairs.is_before)), _months(pairs))


@measure(
    label="Gain a month",
    unit="share of later ties a month",
    bounds=(0, None),
    group="change",
    source=_STANDARD,
    missing=(NONE_AFTER, _NO_GAP),
)
def gain_per_month(pairs: PairedWaves) -> np.ndarray:
    """Share of the later ties that were not named earlier, for each month between.

    Definition  #(T − S) / #T / gap in months.
    Returns     (pairs,) floats ≥ 0.
    Missing     NaN where T is empty, and where the gap is not known.
    """
    return share(share(pairs.count(pairs.gained), pairs.count(pairs.is_after)), _months(pairs))


@once
def is_return(pairs: PairedWaves) -> np.ndarray:
    """(alters,) named now, not at the wave before, but at one still earlier."""
    cohort = pairs.cohort
    everyday = (cohort.maps["state"] == "everyday").to_numpy()
    first = np.full(len(cohort.alter_ids), len(cohort))
    named = everyday[cohort.tie_map]
    np.minimum.at(first, cohort.ties["alter"][named], cohort.tie_map[named])
    return pairs.gained & (first[pairs.alter] < pairs.from_map[pairs.pair])


@measure(label="Returned", unit="ties", bounds=(0, None), group="change", source=_OURS, is_whole=True)
def returned(pairs: PairedWaves) -> np.ndarray:
    """How many alters are named again after being left out at the wave before.

    Definition  alters in T − S that are named at an observed wave before S.
    Returns     (pairs,) whole numbers in 0..gained.
    Missing     never.
    """
    return pairs.count(is_return(pairs))


@measure(label="Named for the first time", unit="ties", bounds=(0, None), group="change", source=_OURS, is_whole=True)
def first_named(pairs: PairedWaves) -> np.ndarray:
    """How many alters are named who were not named at any observed wave before.

    Definition  alters in T − S that are named at no observed wave before S.
    Returns     (pairs,) whole numbers in 0..gained.
    Missing     never.
    """
    return pairs.count(pairs.gained & ~is_return(pairs))


@measure(
    label="Stability",
    unit="share of earlier ties",
    bounds=(0, 1),
    group="change",
    source=_STANDARD,
    missing=(
        Rule(
            "none_before",
            lambda pairs: _by_kind(pairs, pairs.is_before) == 0,
            about=lambda pairs: [pairs.is_before & (pairs.kind == code) for code in pairs.cohort.code("kind", *pairs.cohort.kinds)],
        ),
    ),
    family=BY_KIND,
    stem="stability",
)
def stability_by_kind(pairs: PairedWaves) -> np.ndarray:
    """Share of the earlier ties of each kind that are still named.

    Definition  #(S_k ∩ T_k) / #S_k for ties of kind k.
    Returns     (pairs, kinds) floats in 0..1.
    Missing     NaN where the earlier map has no tie of the kind.
    """
    before = _by_kind(pairs, pairs.is_before)
    return np.divide(_by_kind(pairs, pairs.kept), before, out=np.full(before.shape, np.nan), where=before > 0)


def _by_kind(pairs: PairedWaves, mask: np.ndarray) -> np.ndarray:
    codes = np.array(pairs.cohort.code("kind", *pairs.cohort.kinds))
    place = np.full(max(codes.max(), pairs.kind.max(initial=0)) + 1, -1)
    place[codes] = np.arange(codes.size)
    cells = pairs.pair[mask] * codes.size + place[pairs.kind[mask]]
    return np.bincount(cells, minlength=len(pairs) * codes.size).reshape(len(pairs), codes.size).astype(float)


# -- composition by attribute ------------------------------------------------------------------------------------------


def _shares(pairs: PairedWaves, attribute: Attribute) -> np.ndarray:
    counts = pairs.cohort.sum_by(pairs.cohort.ties[attribute.column], len(attribute.categories))
    return share(counts, counts.sum(axis=1))


def _drift(pairs: PairedWaves) -> np.ndarray:
    tables = (_shares(pairs, attribute) for attribute in categorical(pairs.cohort))
    return side_by_side(pairs, (np.abs(table[pairs.to_map] - table[pairs.from_map]).sum(axis=1) / 2 for table in tables))


@measure(
    label="Drift in composition",
    unit="share of ties with an answer",
    bounds=(0, 1),
    group="change",
    source=_OURS,
    missing=(NONE_BEFORE, NONE_AFTER, Rule("empty_before_or_after", lambda pairs: np.isnan(_drift(pairs)))),
    family=BY_ATTRIBUTE,
    stem="drift",
)
def attribute_drift(pairs: PairedWaves) -> np.ndarray:
    """How far the shares of the categories of an attribute differ between the two maps.

    Definition  ½ Σ_c |p_c,t − p_c,s| over ties with an answer.
    Returns     (pairs, attributes) floats in 0..1.
    Missing     NaN where no tie has an answer at one of the two waves.
    """
    return _drift(pairs)


# -- ties between alters who are kept ----------------------------------------------------------------------------------


@once
def _alter_ties_of_kept(pairs: PairedWaves) -> np.ndarray:
    """(pairs, 3) alter ties between kept alters: at the earlier wave, at the later, at both."""
    cohort, count = pairs.cohort, max(len(pairs.cohort.alter_ids), 1)
    kept = np.sort(pairs.pair[pairs.kept] * count + pairs.alter[pairs.kept])
    keys = []
    for maps in (pairs.from_map, pairs.to_map):
        pair_of_map = np.full(len(cohort), -1)
        pair_of_map[maps] = np.arange(len(pairs))
        pair = pair_of_map[cohort.tie_map[cohort.alter_ties[:, 0]]]
        ends = np.sort(cohort.ties["alter"][cohort.alter_ties], axis=1)
        stays = pair >= 0
        for end in (0, 1):
            stays &= np.isin(pair * count + ends[:, end], kept)
        keys.append(np.column_stack([pair[stays], ends[stays]]))
    both = np.unique(np.concatenate(keys), axis=0, return_counts=True)
    shared = both[0][both[1] == 2]
    return np.column_stack([np.bincount(found[:, 0], minlength=len(pairs)) for found in (*keys, shared)]).astype(float)


def _not_asked_at(level: int) -> Callable[[PairedWaves], np.ndarray]:
    def holds(pairs: PairedWaves) -> np.ndarray:
        asked = pairs.cohort.asked["alter_ties"]
        return np.minimum(asked[pairs.from_map], asked[pairs.to_map]) == level

    return holds


_LINKS_ASKED = (Rule("alter_ties_not_asked", _not_asked_at(0)), Rule("alter_ties_partly", _not_asked_at(1)))


@measure(
    label="Alter ties kept",
    unit="share of earlier alter ties between kept alters",
    bounds=(0, 1),
    group="change",
    source=_LUBBERS,
    scope="structure",
    missing=(*_LINKS_ASKED, Rule("no_kept_ties", lambda pairs: _alter_ties_of_kept(pairs)[:, 0] == 0)),
)
def alter_tie_persistence(pairs: PairedWaves) -> np.ndarray:
    """Share of the alter ties between alters named at both waves that are still there.

    Definition  #(E_s ∩ E_t) / #E_s, E = alter ties between alters in S ∩ T.
    Returns     (pairs,) floats in 0..1.
    Missing     NaN where there was none, and where alter ties were not asked at both waves.
    """
    table = _alter_ties_of_kept(pairs)
    return share(table[:, 2], table[:, 0])


@measure(
    label="Alter ties, stability",
    unit="share of alter ties between kept alters at either wave",
    bounds=(0, 1),
    group="change",
    source=_LUBBERS,
    scope="structure",
    missing=(*_LINKS_ASKED, Rule("no_kept_ties", lambda pairs: _alter_ties_of_kept(pairs)[:, :2].sum(axis=1) == 0)),
)
def alter_tie_stability(pairs: PairedWaves) -> np.ndarray:
    """Share of the alter ties between alters named at both waves that are there both times.

    Definition  #(E_s ∩ E_t) / #(E_s ∪ E_t), E = alter ties between alters in S ∩ T.
    Returns     (pairs,) floats in 0..1.
    Missing     NaN where there was none at either wave, and where alter ties were not asked at both waves.
    """
    table = _alter_ties_of_kept(pairs)
    return share(table[:, 2], table[:, 0] + table[:, 1] - table[:, 2])


# -- substitution ------------------------------------------------------------------------------------------------------


@once
def _lost_support(pairs: PairedWaves) -> np.ndarray:
    """(pairs, 4) supports lost with a tie; of these, of a type that comes to ego later: at all, over a kept tie, over a new one."""
    cohort, kinds = pairs.cohort, max(len(pairs.cohort.support_types), 1)
    rows = once_a_tie(cohort, goes(cohort, "to_me", "both") & np.isin(cohort.supports["support_type"], cohort.scheme))
    tie, kind = cohort.supports["tie"][rows], cohort.supports["support_type"][rows]
    count = max(len(cohort.alter_ids), 1)

    def at(maps: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """Pair × type of each support at these maps, over ties of alters in the mask."""
        pair_of_map = np.full(len(cohort), -1)
        pair_of_map[maps] = np.arange(len(pairs))
        pair = pair_of_map[cohort.tie_map[tie]]
        wanted = np.sort(pairs.pair[mask] * count + pairs.alter[mask])
        chosen = (pair >= 0) & np.isin(pair * count + cohort.ties["alter"][tie], wanted)
        return pair[chosen] * kinds + kind[chosen]

    lost, kept, new = at(pairs.from_map, pairs.lost), at(pairs.to_map, pairs.kept), at(pairs.to_map, pairs.gained)
    found = [np.ones(lost.size, dtype=bool), np.isin(lost, kept) | np.isin(lost, new), np.isin(lost, kept), np.isin(lost, new)]
    return np.column_stack([np.bincount(lost[mask] // kinds, minlength=len(pairs)) for mask in found]).astype(float)


def _support_not_asked(pairs: PairedWaves) -> np.ndarray:
    asked = pairs.cohort.asked["supports"]
    return ~(asked[pairs.from_map] & asked[pairs.to_map])


_LOST = (Rule("not_asked", _support_not_asked), Rule("no_loss", lambda pairs: _lost_support(pairs)[:, 0] == 0))


def _substituted(name: str, label: str, column: int, words: str) -> None:
    def substituted(pairs: PairedWaves) -> np.ndarray:
        table = _lost_support(pairs)
        return share(table[:, column], table[:, 0])

    substituted.__name__ = name
    substituted.__doc__ = f"""Share of the supports lost with a tie whose type comes to ego later {words}.

    Definition  (tie, type) with the tie in S − T and the type coming to ego at the later wave {words} / all such (tie, type).
    Returns     (pairs,) floats in 0..1.
    Missing     NaN where no support was lost with a tie, and where support was not asked at both waves.
    """
    source = _OURS + ", after Vassilev et al. (2013)"
    measure(label=label, unit="share of supports lost", bounds=(0, 1), group="change", source=source, missing=_LOST)(substituted)


_substituted("substituted_share", "Substituted support", 1, "over any tie")
_substituted("substituted_by_kept_share", "Substituted by a kept tie", 2, "over a tie that was kept")
_substituted("substituted_by_new_share", "Substituted by a new tie", 3, "over a tie that is new")
