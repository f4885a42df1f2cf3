"""What changed between two observed waves of one participant. A missed wave is a gap that the pair bridges, never a loss."""

import numpy as np

from kithwork.cohort import PairedWaves
from kithwork.cohort.columns import CODES
from kithwork.measures.composition import share
from kithwork.measures.reasons import (
    CIRCLES_CHANGED,
    CIRCLES_NOT_ASKED,
    FATES_NOT_TOLD,
    NONE_AFTER,
    NONE_BEFORE,
    NONE_EITHER,
    NONE_KEPT_PLACED,
)
from kithwork.measures.registry import measure

_STANDARD = "standard set measures; Jaccard (1912)"
_MOVES = (CIRCLES_NOT_ASKED, CIRCLES_CHANGED, NONE_KEPT_PLACED)


def _union(pairs: PairedWaves) -> np.ndarray:
    return np.bincount(pairs.pair, minlength=len(pairs)).astype(float)


@measure(label="Kept", unit="ties", bounds=(0, None), group="change", source=_STANDARD, is_whole=True)
def kept(pairs: PairedWaves) -> np.ndarray:
    """How many alters are named at both waves.

    Definition  #(S ∩ T) for alters S at the earlier and T at the later wave.
    Returns     (pairs,) whole numbers ≥ 0.
    Missing     never.
    """
    return pairs.count(pairs.kept)


@measure(label="No longer named", unit="ties", bounds=(0, None), group="change", source=_STANDARD, is_whole=True)
def lost(pairs: PairedWaves) -> np.ndarray:
    """How many alters are named at the earlier wave and not at the later.

    Definition  #(S − T).
    Returns     (pairs,) whole numbers ≥ 0.
    Missing     never.
    """
    return pairs.count(pairs.lost)


@measure(label="Newly named", unit="ties", bounds=(0, None), group="change", source=_STANDARD, is_whole=True)
def gained(pairs: PairedWaves) -> np.ndarray:
    """How many alters are named at the later wave and not at the earlier.

    Definition  #(T − S).
    Returns     (pairs,) whole numbers ≥ 0.
    Missing     never.
    """
    return pairs.count(pairs.gained)


@measure(label="Change in size", unit="ties", bounds=(None, None), group="change", source=_STANDARD, is_whole=True)
def size_change(pairs: PairedWaves) -> np.ndarray:
    """By how many ties the map grew or shrank.

    Definition  #T − #S.
    Returns     (pairs,) whole numbers.
    Missing     never.
    """
    return pairs.count(pairs.is_after) - pairs.count(pairs.is_before)


@measure(label="Stability", unit="share of earlier ties", bounds=(0, 1), group="change", source=_STANDARD, missing=(NONE_BEFORE,))
def stability(pairs: PairedWaves) -> np.ndarray:
    """Share of the earlier ties that are still named.

    Definition  #(S ∩ T) / #S.
    Returns     (pairs,) floats in 0..1.
    Missing     NaN where S is empty.
    """
    return share(pairs.count(pairs.kept), pairs.count(pairs.is_before))


@measure(label="Turnover", unit="share of ties at either wave", bounds=(0, 1), group="change", source=_STANDARD, missing=(NONE_EITHER,))
def turnover(pairs: PairedWaves) -> np.ndarray:
    """Share of all ties named at either wave that are named at only one of them.

    Definition  (#(S − T) + #(T − S)) / #(S ∪ T).
    Returns     (pairs,) floats in 0..1.
    Missing     NaN where both maps are empty.
    """
    return share(pairs.count(~pairs.kept), _union(pairs))


@measure(
    label="Jaccard similarity",
    unit="share of ties at either wave",
    bounds=(0, 1),
    group="change",
    source="Jaccard (1912)",
    missing=(NONE_EITHER,),
)
def jaccard(pairs: PairedWaves) -> np.ndarray:
    """Share of all ties named at either wave that are named at both.

    Definition  #(S ∩ T) / #(S ∪ T) = 1 − turnover.
    Returns     (pairs,) floats in 0..1.
    Missing     NaN where both maps are empty.
    """
    return share(pairs.count(pairs.kept), _union(pairs))


@measure(label="Loss rate", unit="share of earlier ties", bounds=(0, 1), group="change", source=_STANDARD, missing=(NONE_BEFORE,))
def loss_rate(pairs: PairedWaves) -> np.ndarray:
    """Share of the earlier ties that are not named later.

    Definition  #(S − T) / #S.
    Returns     (pairs,) floats in 0..1.
    Missing     NaN where S is empty.
    """
    return share(pairs.count(pairs.lost), pairs.count(pairs.is_before))


@measure(label="Gain rate", unit="share of later ties", bounds=(0, 1), group="change", source=_STANDARD, missing=(NONE_AFTER,))
def gain_rate(pairs: PairedWaves) -> np.ndarray:
    """Share of the later ties that were not named earlier.

    Definition  #(T − S) / #T.
    Returns     (pairs,) floats in 0..1.
    Missing     NaN where T is empty.
    """
    return share(pairs.count(pairs.gained), pairs.count(pairs.is_after))


@measure(
    label="Corrected turnover",
    unit="share of ties at either wave",
    bounds=(0, 1),
    group="change",
    source="our definition; forgetting after Brewer & Webster (1999), Social Networks 21:361",
    missing=(NONE_EITHER, FATES_NOT_TOLD),
)
def corrected_turnover(pairs: PairedWaves) -> np.ndarray:
    """Turnover without what only recall made look like change: ties forgotten at one of the waves, and old ties back.

    Definition  (#Lo′ + #G′) / #(S ∪ T); Lo′ = S − T without "forgotten", G′ = T − S without "new_forgotten" and "new_reactivated".
    Returns     (pairs,) floats in 0..turnover.
    Missing     NaN where both maps are empty, and where alters differ and it was recorded of none what became of it.
    """
    fate = {code: place for place, code in enumerate(CODES["fate"])}
    lost_truly = pairs.lost & (pairs.fate != fate["forgotten"])
    gained_truly = pairs.gained & ~np.isin(pairs.fate, [fate["new_forgotten"], fate["new_reactivated"]])
    return share(pairs.count(lost_truly | gained_truly), _union(pairs))


def _shift(pairs: PairedWaves) -> tuple[np.ndarray, np.ndarray]:
    """Which alters stand in a circle at both waves, and by how many circles each moved outwards."""
    return (pairs.circle_before > 0) & (pairs.circle_after > 0), pairs.circle_after - pairs.circle_before


@measure(label="Moved inwards", unit="share of kept, placed ties", bounds=(0, 1), group="change", source="our definition", missing=_MOVES)
def share_moved_in(pairs: PairedWaves) -> np.ndarray:
    """Share of the kept ties that stand in a circle nearer to the centre than before.

    Definition  ties with circle_t < circle_s / ties placed in a circle at both waves.
    Returns     (pairs,) floats in 0..1.
    Missing     NaN where the circles changed, were not drawn, or no kept tie is placed at both waves.
    """
    placed, shift = _shift(pairs)
    return share(pairs.count(placed & (shift < 0)), pairs.count(placed))


@measure(label="Moved outwards", unit="share of kept, placed ties", bounds=(0, 1), group="change", source="our definition", missing=_MOVES)
def share_moved_out(pairs: PairedWaves) -> np.ndarray:
    """Share of the kept ties that stand in a circle further from the centre than before.

    Definition  ties with circle_t > circle_s / ties placed in a circle at both waves.
    Returns     (pairs,) floats in 0..1.
    Missing     NaN where the circles changed, were not drawn, or no kept tie is placed at both waves.
    """
    placed, shift = _shift(pairs)
    return share(pairs.count(placed & (shift > 0)), pairs.count(placed))


@measure(
    label="In the same circle", unit="share of kept, placed ties", bounds=(0, 1), group="change", source="our definition", missing=_MOVES
)
def share_stayed(pairs: PairedWaves) -> np.ndarray:
    """Share of the kept ties that stand in the same circle as before.

    Definition  ties with circle_t = circle_s / ties placed in a circle at both waves.
    Returns     (pairs,) floats in 0..1.
    Missing     NaN where the circles changed, were not drawn, or no kept tie is placed at both waves.
    """
    placed, shift = _shift(pairs)
    return share(pairs.count(placed & (shift == 0)), pairs.count(placed))


@measure(label="Mean circle shift", unit="circles outwards", bounds=(None, None), group="change", source="our definition", missing=_MOVES)
def mean_circle_shift(pairs: PairedWaves) -> np.ndarray:
    """By how many circles kept ties moved, on average; below 0 is towards the centre.

    Definition  mean of circle_t − circle_s over ties placed in a circle at both waves.
    Returns     (pairs,) floats.
    Missing     NaN where the circles changed, were not drawn, or no kept tie is placed at both waves.
    """
    placed, shift = _shift(pairs)
    return share(np.bincount(pairs.pair[placed], weights=shift[placed], minlength=len(pairs)), pairs.count(placed))


@measure(
    label="Drift in composition",
    unit="share of ties",
    bounds=(0, 1),
    group="change",
    source="our definition",
    missing=(NONE_BEFORE, NONE_AFTER),
)
def composition_drift(pairs: PairedWaves) -> np.ndarray:
    """How far the shares of kinds differ between the two maps.

    Definition  ½ Σ_k |p_k,t − p_k,s| over kinds k.
    Returns     (pairs,) floats in 0..1; 0 when the shares are the same.
    Missing     NaN where either map is empty.
    """
    kinds, shares = len(CODES["kind"]), []
    for named in (pairs.is_before, pairs.is_after):
        cells = pairs.pair[named] * kinds + pairs.kind[named]
        counts = np.bincount(cells, minlength=len(pairs) * kinds).reshape(len(pairs), kinds).astype(float)
        shares.append(share(counts, counts.sum(axis=1)))
    return np.abs(shares[1] - shares[0]).sum(axis=1) / 2
