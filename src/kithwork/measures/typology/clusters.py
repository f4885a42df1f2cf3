"""Grouping maps by their measures: k-means and k-medoids, how good and how steady the groups are, and when there are too few to group."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy.cluster.vq import ClusterError, kmeans2
from scipy.spatial.distance import cdist

from kithwork.measures.run import map_measures
from kithwork.model.errors import SelectionError, near
from kithwork.model.schema import MAP_STATES
from kithwork.model.tables import StudyTables

METHODS = ("k-medoids", "k-means")
STEADY = 0.75
_STARTS = 20
_SMALLEST = 5


@dataclass(frozen=True)
class Clusters:
    """What grouping found. Types are numbered, never named: names are for people who know the maps.

    labels    (rows,) type of each row, from 1; 0 where a value is empty; None where there are too few to group
    centres   one row a type: `type`, `rows`, and each measure at its centre, in its own unit
    quality   one row a k: `silhouette`, `calinski_harabasz`, `within` (sum of squares, or of distances to the medoid), `smallest`
    problems  sentences to be read first
    """

    method: str
    k: int | None
    labels: np.ndarray | None
    centres: pl.DataFrame
    quality: pl.DataFrame
    between_seeds: float | None = None
    between_samples: float | None = None
    problems: tuple[str, ...] = field(default_factory=tuple)

    def types(self, rows: int) -> pl.Series:
        """The type of each row, from 1; null where it is in none, or where there are too few to group."""
        labels = [None] * rows if self.labels is None else [int(label) or None for label in self.labels]
        return pl.Series("type", labels, dtype=pl.Int64)

    @property
    def told(self) -> str | None:
        """How many types, how good, how steady, in one line; None where none were made."""
        if self.k is None:
            return None
        best = self.quality.filter(k=self.k).row(0, named=True)
        quality = f"silhouette {best['silhouette']:.2f}, Caliński–Harabasz {best['calinski_harabasz']:.1f}"
        steady = f"adjusted Rand {self.between_seeds:.2f} between starts, {self.between_samples:.2f} between maps drawn anew"
        return f"{self.k} types; {quality}; {steady}."


def cluster(
    frame: pl.DataFrame,
    columns: Iterable[str],
    *,
    people: str | None = "participant",
    method: str = "k-medoids",
    k: int | None = None,
    most: int = 20,
    seed: int = 1,
    runs: int = 20,
) -> Clusters:
    """Group the rows of a table by some of its measures, standardised.

    Definition  values are made z scores (x − mean) / sd. k-medoids: PAM, Euclidean distances; k-means: the best of 20 starts (k-means++).
                k, unless given, is the one of 2 … `most` with the largest mean silhouette among those whose smallest type has at least 5
                maps and 5 % of them, and no more than a fifth of the people: maps that are just alike would else draw k up without end.
                between_seeds: mean adjusted Rand index between `runs` runs from other seeds and this one (k-medoids has no chance in it:
                runs over rows in another order); between_samples: the same with runs over rows drawn with replacement, every row given
                to the nearest centre. Below 0.75 the groups are told to be unsteady.
    Missing     rows with an empty value are in no group, and told. Fewer people than 5 · 2^m for m measures: no groups, and it is said.
    Raises      SelectionError for an unknown column or method.
    Source      Kaufman & Rousseeuw (1990) for PAM and the silhouette; Caliński & Harabasz (1974); Hubert & Arabie (1985); Arthur &
                Vassilvitskii (2007); Formann (1984) for the size.
    """
    names = tuple(columns)
    for name in names:
        if name not in frame.columns:
            raise SelectionError(f"The table has no column '{name}'.{near(name, frame.columns)}")
    if method not in METHODS:
        raise SelectionError(f"There is no method '{method}'; methods are {', '.join(METHODS)}.{near(method, METHODS)}")
    values = frame.select(pl.col(names).cast(pl.Float64).fill_null(np.nan)).to_numpy()
    known = np.asarray(~np.isnan(values).any(axis=1))
    x, problems = values[known], []
    if not known.all():
        problems.append(f"{int((~known).sum())} of {known.size} maps have an empty value and are in no type.")
    count = x.shape[0] if people is None else frame.filter(pl.Series(known))[people].n_unique()
    spread = x.std(axis=0) if len(x) else np.zeros(len(names))
    why = _too_few(count, len(names), x, spread, names)
    if why:
        return Clusters(method, None, None, pl.DataFrame(), pl.DataFrame(), problems=(*problems, why))
    z = (x - x.mean(axis=0)) / spread
    ks = [k] if k else list(range(2, max(min(most, count // _SMALLEST, len(np.unique(z, axis=0)) - 1), 2) + 1))
    found = {size: _run(z, size, method, np.random.default_rng(seed)) for size in ks}
    quality = pl.DataFrame([{"k": size, **_quality(z, *made, method)} for size, made in found.items()])
    sound = quality.filter(pl.col("smallest") >= max(_SMALLEST, 0.05 * len(z)))
    best = int((quality if sound.is_empty() else sound).sort("silhouette", descending=True)["k"][0])
    labels, centres = found[best]
    between_seeds, between_samples = _steadiness(z, best, method, labels, seed, runs)
    problems += _unsteady(labels, between_seeds, between_samples)
    whole = np.zeros(known.size, dtype=np.int64)
    whole[known] = labels + 1
    middle = centres * spread + x.mean(axis=0)
    table = pl.DataFrame({"type": np.arange(1, best + 1), "rows": np.bincount(labels, minlength=best)}).with_columns(
        **{name: middle[:, i] for i, name in enumerate(names)}
    )
    return Clusters(method, best, whole, table, quality, between_seeds, between_samples, tuple(problems))


def measured_types(
    tables: StudyTables,
    measures: Iterable[str],
    kinds: Iterable[str] = ("person",),
    *,
    k: int | None = None,
    method: str = "k-medoids",
    seed: int = 1,
    state: str = "everyday",
) -> tuple[pl.DataFrame, Clusters]:
    """Maps of one state grouped by measures: `participant`, `wave`, `state`, the measures, `type` (from 1, null where none); and how good.

    kinds   as for `map_measures`; the rest as for `cluster`, which tells what it raises. Raises SelectionError for an unknown state.
    """
    names = tuple(measures)
    frame = map_measures(tables, kinds, measures=names).frame.filter(state=known_state(state))
    made = cluster(frame, names, k=k, method=method, seed=seed)
    return frame.with_columns(made.types(frame.height)), made


def known_state(state: str) -> str:
    """The state of the network named, checked."""
    if state not in MAP_STATES:
        raise SelectionError(f"There is no state '{state}'; the states are {', '.join(MAP_STATES)}.{near(state, MAP_STATES)}")
    return state


def _too_few(count: int, measures: int, x: np.ndarray, spread: np.ndarray, names: tuple[str, ...]) -> str | None:
    least = 5 * 2**measures
    if count < least:
        return (
            f"There are {count} people with all {measures} measures; grouping them asks for at least {least} (5 · 2^{measures}), "
            "so no types are made. Read the maps one by one, or the types by rule."
        )
    if (spread <= 1e-12).any():
        return f"'{names[int((spread <= 1e-12).argmax())]}' is the same on every map, so it cannot help to group them; leave it out."
    return "There are fewer than three different maps, so there is nothing to group." if len(np.unique(x, axis=0)) < 3 else None


def _unsteady(labels: np.ndarray, between_seeds: float, between_samples: float) -> list[str]:
    problems = []
    for what, index in (("from other starts", between_seeds), ("over maps drawn anew", between_samples)):
        if index < STEADY:
            problems.append(
                f"The types are not steady: {what} the adjusted Rand index is {index:.2f} (below {STEADY}), so do not name them."
            )
    smallest = int(np.bincount(labels).min())
    if smallest < _SMALLEST:
        problems.append(f"The smallest type has {smallest} {'map' if smallest == 1 else 'maps'}; it is hardly a type.")
    return problems


def _run(z: np.ndarray, k: int, method: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Labels (rows,) and centres (k, measures); k-medoids takes the rows in a random order, so that ties break by chance."""
    if method == "k-means":
        return k_means(z, k, rng)
    order = rng.permutation(len(z))
    medoids = order[k_medoids(cdist(z[order], z[order]), k)]
    return cdist(z, z[medoids]).argmin(axis=1), z[medoids]


def k_means(z: np.ndarray, k: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The best of several starts by sum of squares: labels (rows,), centres (k, measures)."""
    best = None
    for _ in range(_STARTS):
        try:
            centres, labels = kmeans2(z, k, iter=100, minit="++", missing="raise", rng=rng)
        except ClusterError:  # a start that lost a group
            continue
        within = float(((z - centres[labels]) ** 2).sum())
        if best is None or within < best[0] - 1e-12:
            best = (within, labels.astype(np.int64), centres)
    if best is None:
        raise SelectionError(f"The maps cannot be put into {k} types; ask for fewer.")
    return best[1], best[2]


def k_medoids(distances: np.ndarray, k: int) -> np.ndarray:
    """Rows of the k medoids: PAM's greedy build, then the best swap until none helps.

    Source  Kaufman & Rousseeuw (1990), ch. 2.
    """
    medoids = [int(distances.sum(axis=0).argmin())]
    while len(medoids) < k:
        nearest = distances[:, medoids].min(axis=1)
        gain = np.maximum(nearest[:, np.newaxis] - distances, 0).sum(axis=0)
        gain[medoids] = -1
        medoids.append(int(gain.argmax()))
    cost = distances[:, medoids].min(axis=1).sum()
    while True:
        best, swap = cost, None
        for place in range(k):
            rest = [m for i, m in enumerate(medoids) if i != place]
            others = distances[:, rest].min(axis=1) if rest else np.full(len(distances), np.inf)
            costs = np.minimum(others[:, np.newaxis], distances).sum(axis=0)
            new = int(costs.argmin())
            if costs[new] < best - 1e-10:
                best, swap = costs[new], (place, new)
        if swap is None:
            return np.array(medoids)
        medoids[swap[0]], cost = swap[1], best


def _quality(z: np.ndarray, labels: np.ndarray, centres: np.ndarray, method: str) -> dict[str, float]:
    away = np.linalg.norm(z - centres[labels], axis=1)
    return {
        "silhouette": silhouette(z, labels),
        "calinski_harabasz": calinski_harabasz(z, labels),
        "within": float((away**2).sum() if method == "k-means" else away.sum()),
        "smallest": int(np.bincount(labels, minlength=len(centres)).min()),
    }


def silhouette(z: np.ndarray, labels: np.ndarray) -> float:
    """Mean of (b − a) / max(a, b): a the mean distance to the own group, b to the nearest other; 0 for a row alone in its group."""
    distances, groups = cdist(z, z), np.unique(labels)
    counts = np.array([(labels == group).sum() for group in groups])
    sums = np.column_stack([distances[:, labels == group].sum(axis=1) for group in groups])
    own = np.searchsorted(groups, labels)
    rows = np.arange(len(z))
    inside = np.divide(sums[rows, own], counts[own] - 1, out=np.zeros(len(z)), where=counts[own] > 1)
    means = sums / counts
    means[rows, own] = np.inf
    outside = means.min(axis=1)
    larger = np.maximum(inside, outside)
    value = np.divide(outside - inside, larger, out=np.zeros(len(z)), where=larger > 0)
    return float(np.where(counts[own] > 1, value, 0).mean())


def calinski_harabasz(z: np.ndarray, labels: np.ndarray) -> float:
    """(between / (k − 1)) / (within / (n − k)) sums of squares around group means."""
    groups, middle = np.unique(labels), z.mean(axis=0)
    means = np.array([z[labels == group].mean(axis=0) for group in groups])
    counts = np.array([(labels == group).sum() for group in groups])
    between = float((counts * ((means - middle) ** 2).sum(axis=1)).sum())
    within = float(((z - means[np.searchsorted(groups, labels)]) ** 2).sum())
    k, n = len(groups), len(z)
    return between / (k - 1) / (within / (n - k)) if within > 0 else float("inf")


def adjusted_rand(one: np.ndarray, other: np.ndarray) -> float:
    """Agreement of two groupings over chance: 1 the same, about 0 by chance (Hubert & Arabie 1985, eq. 5)."""
    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one, other), 1)
    both, rows, columns = (float((part * (part - 1) / 2).sum()) for part in (table, table.sum(axis=1), table.sum(axis=0)))
    pairs = one.size * (one.size - 1) / 2
    chance, most = rows * columns / pairs, (rows + columns) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def _steadiness(z: np.ndarray, k: int, method: str, labels: np.ndarray, seed: int, runs: int) -> tuple[float, float]:
    seeds, samples = [], []
    for run in range(runs):
        rng = np.random.default_rng((seed, run + 1))
        seeds.append(adjusted_rand(labels, _run(z, k, method, rng)[0]))
        drawn = z[rng.integers(0, len(z), len(z))]
        if len(np.unique(drawn, axis=0)) > k:
            centres = _run(drawn, k, method, rng)[1]
            samples.append(adjusted_rand(labels, cdist(z, centres).argmin(axis=1)))
    return float(np.mean(seeds)), float(np.mean(samples)) if samples else float("nan")
