"""The first measure set over many maps, against a plain python-igraph loop; reading the files included on both sides.

Both sides read the same columns of the same tables with Polars, and every value of the loop is checked against ours. The loop builds
one graph a map and asks igraph for structure, and counts composition, ratings and support in Python; Kithwork computes every
measure of a map that it has.
"""

import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import igraph
import numpy as np
import polars as pl

from kithwork.cohort import COLUMNS
from kithwork.measures import map_measures
from kithwork.model import schema
from kithwork.model.tables import StudyTables, frame_schema

MAPS, ALTERS, LINKS, ROUNDS = 10_000, 15, 35, 3
KINDS = ("person", "person", "person", "animal", "place", "activity")
TYPES = [f"type_{number}" for number in range(8)]
TABLES = ("waves", "circles", "participants", "interviews", "maps", "alters", "ties", "support_types", "supports", "alter_ties")
EVERY_KIND = tuple(schema.KINDS)


def run() -> Iterator[dict[str, Any]]:
    """Yield times and ratios; the values of both sides are compared before anything is told."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for table, frame in make_study(MAPS).items():
            frame.write_parquet(folder / f"{table}.parquet")
            frame.write_csv(folder / f"{table}.csv")
        for ending in ("parquet", "csv"):
            read = READERS[ending]
            _check(measure_all(folder, read), igraph_loop(folder, read))
            ours, theirs = _race(lambda read=read: measure_all(folder, read), lambda read=read: igraph_loop(folder, read))
            what = f"{MAPS:,} maps, {ALTERS} alters, {LINKS} alter ties each, read from {ending}"
            yield {"name": f"measures_{ending}_seconds", "value": round(ours, 3), "unit": "s", "against": what}
            yield {"name": f"igraph_loop_{ending}_seconds", "value": round(theirs, 3), "unit": "s", "against": what}
            yield {
                "name": f"measures_vs_igraph_{ending}",
                "value": round(theirs / ours, 2),
                "unit": "times faster",
                "against": f"plain python-igraph loop, load included; {what}; wanted: at least 10",
            }


def make_study(maps: int, alters: int = ALTERS, links: int = LINKS, seed: int = 1) -> dict[str, pl.DataFrame]:
    """Tables of a study with one wave; ids are UUID-shaped text, as in a real one."""
    rng = np.random.default_rng(seed)
    count, own = maps * alters, np.repeat(np.arange(maps), alters)
    pairs = np.array([(i, j) for i in range(alters) for j in range(i + 1, alters)])
    ends = pairs[np.argsort(rng.random((maps, len(pairs))), axis=1)[:, :links]] + (np.arange(maps) * alters)[:, None, None]
    ends = ends.reshape(-1, 2)
    wave, people, interviews, map_ids, alter_ids, tie_ids = (_ids(n, k) for k, n in enumerate((1, maps, maps, maps, count, count)))
    same = "everyday", "finished", "yes"
    return {
        "waves": _frame("waves", id=wave, position=1, label="Wave 1", circle_version=1),
        "circles": _frame("circles", id=_ids(3, 7), version=1, position=np.arange(1, 4), label="Circle"),
        "participants": _frame("participants", id=people, pseudonym=[f"P{i:07}" for i in range(maps)], status="enrolled"),
        "interviews": _frame("interviews", id=interviews, participant_id=people, wave_id=wave[0], status="held"),
        "maps": _frame("maps", id=map_ids, interview_id=interviews, **dict(zip(("state", "stage", "alter_ties_asked"), same, strict=True))),
        "alters": _frame("alters", id=alter_ids, participant_id=people[own], kind=rng.choice(KINDS, count), pseudonym="someone"),
        "ties": _frame(
            "ties",
            id=tie_ids,
            map_id=map_ids[own],
            alter_id=alter_ids,
            circle=rng.integers(1, 4, count),
            trust=rng.choice(("absent", "present", "strong"), count),
            reliability=rng.integers(0, 5, count),
        ),
        "support_types": _frame("support_types", id=_ids(len(TYPES), 8), code=TYPES, label=TYPES),
        "supports": _frame(
            "supports",
            id=_ids(count, 9),
            tie_id=tie_ids,
            support_type=rng.choice(TYPES, count),
            direction=rng.choice(("to_me", "from_me", "both"), count),
        ),
        "alter_ties": _frame(
            "alter_ties",
            id=_ids(len(ends), 6),
            map_id=np.repeat(map_ids, links),
            from_tie_id=tie_ids[ends[:, 0]],
            to_tie_id=tie_ids[ends[:, 1]],
            relation="knows",
        ),
    }


def _ids(count: int, kind: int) -> np.ndarray:
    return np.array(
        [f"0190{i:04x}-{kind:04x}-7{i >> 16 & 0xFFF:03x}-8000-{i * 2654435761 & 0xFFFFFFFFFFFF:012x}"[-36:] for i in range(count)]
    )


def _frame(table: str, **columns: Any) -> pl.DataFrame:
    """Every plain column of the table; one value stands for all rows, and columns not given are empty."""
    height = len(columns["id"])
    given = {name: pl.Series([values] * height if isinstance(values, (str, int)) else values) for name, values in columns.items()}
    return pl.DataFrame({name: given.get(name, pl.Series([None] * height)).cast(kind) for name, kind in _plain(table).items()})


def _plain(table: str) -> dict[str, Any]:
    """Columns that a CSV can hold."""
    return {name: kind for name, kind in frame_schema(table).items() if kind not in (pl.Object, pl.List(pl.String))}


def _read_parquet(folder: Path, table: str, columns: list[str]) -> pl.DataFrame:
    return pl.read_parquet(folder / f"{table}.parquet", columns=columns)


def _read_csv(folder: Path, table: str, columns: list[str]) -> pl.DataFrame:
    return pl.scan_csv(folder / f"{table}.csv", schema=_plain(table)).select(columns).collect()


Reader = Callable[[Path, str, list[str]], pl.DataFrame]
READERS: dict[str, Reader] = {"parquet": _read_parquet, "csv": _read_csv}


def measure_all(folder: Path, read: Reader) -> pl.DataFrame:
    """Kithwork's way: every measure of a map that it has."""
    frames = {}
    for table in TABLES:
        types, plain = frame_schema(table), _plain(table)
        lists = [pl.lit(None, dtype=types[name]).alias(name) for name in COLUMNS[table] if name not in plain]
        frames[table] = read(folder, table, [name for name in COLUMNS[table] if name in plain]).with_columns(lists)
    return map_measures(StudyTables(frames), kinds=("all",)).frame


def igraph_loop(folder: Path, read: Reader) -> list[dict[str, float]]:
    """The usual way: group rows by map, build a graph a map, ask it and count."""
    kind_of = dict(read(folder, "alters", ["id", "kind"]).iter_rows())
    types = read(folder, "support_types", ["code"])["code"].to_list()
    ties_of, links_of, supports_of = defaultdict(list), defaultdict(list), defaultdict(list)
    for tie, map_id, alter, *answers in read(folder, "ties", ["id", "map_id", "alter_id", "circle", "trust", "reliability"]).iter_rows():
        ties_of[map_id].append((tie, kind_of[alter], *answers))
    for map_id, one, other in read(folder, "alter_ties", ["map_id", "from_tie_id", "to_tie_id"]).iter_rows():
        links_of[map_id].append((one, other))
    for tie, support_type, direction in read(folder, "supports", ["tie_id", "support_type", "direction"]).iter_rows():
        supports_of[tie].append((support_type, direction))
    found = []
    for map_id in read(folder, "maps", ["id"])["id"]:
        ties = ties_of[map_id]
        supports = [supports_of[tie[0]] for tie in ties]
        found.append({**_structure(ties, links_of[map_id]), **_composition(ties), **_support(supports, types)})
    return found


def _structure(ties: list[tuple], links: list[tuple[str, str]]) -> dict[str, float]:
    n = len(ties)
    place = {tie[0]: i for i, tie in enumerate(ties)}
    graph = igraph.Graph(n, [(place[one], place[other]) for one, other in links]).simplify()
    with_ego = graph.copy()
    with_ego.add_vertex()
    with_ego.add_edges([(n, i) for i in range(n)])
    degrees, parts, between = graph.degree(), graph.connected_components().sizes(), with_ego.betweenness(n)
    return {
        "alter_tie_count": graph.ecount(),
        "density": graph.density(),
        "mean_degree": sum(degrees) / n,
        "isolates": degrees.count(0),
        "components": len(parts),
        "largest_component_share": max(parts) / n,
        "effective_size": n - 2 * graph.ecount() / n,
        "efficiency": (n - 2 * graph.ecount() / n) / n,
        "constraint": with_ego.constraint(n),
        "ego_betweenness": between,
        "ego_betweenness_share": between / (n * (n - 1) / 2),
    }


def _composition(ties: list[tuple]) -> dict[str, float | None]:
    n = len(ties)
    kinds, circles = Counter(tie[1] for tie in ties), Counter(tie[2] for tie in ties)
    blau = 1 - sum((count / n) ** 2 for count in kinds.values())
    by_kind = defaultdict(list)
    for tie in ties:
        by_kind[tie[1]].append(tie)

    def mean_of(own: list[tuple]) -> float | None:
        return sum(tie[4] for tie in own) / len(own) if own else None

    def trust_of(own: list[tuple]) -> float | None:
        return sum(tie[3] in ("present", "strong") for tie in own) / len(own) if own else None

    return {
        "size": n,
        **{f"size_{kind}": kinds[kind] for kind in EVERY_KIND},
        **{f"share_{kind}": kinds[kind] / n for kind in EVERY_KIND},
        **{f"share_circle_{ring}": circles[ring] / n for ring in (1, 2, 3)},
        "non_person_share": 1 - kinds["person"] / n,
        "kind_diversity": blau,
        "kind_diversity_iqv": blau * 7 / 6,
        "mean_reliability": mean_of(ties),
        **{f"mean_reliability_{kind}": mean_of(by_kind[kind]) for kind in EVERY_KIND},
        "trust_share": trust_of(ties),
        **{f"trust_share_{kind}": trust_of(by_kind[kind]) for kind in EVERY_KIND},
    }


def _support(supports: list[list[tuple[str, str]]], types: list[str]) -> dict[str, float | None]:
    providers = Counter(kind for own in supports for kind, direction in own if direction != "from_me")
    ways = [{direction for _, direction in own} for own in supports]
    return {
        "support_coverage": len(providers) / len(types),
        "support_gaps": len(types) - len(providers),
        "single_provider_types": sum(count == 1 for count in providers.values()),
        "support_redundancy": sum(providers.values()) / len(providers) if providers else None,
        "reciprocal_share": sum("both" in way or {"to_me", "from_me"} <= way for way in ways) / len(supports),
        "mean_multiplexity": sum(len(own) for own in supports) / len(supports),
    }


def _check(frame: pl.DataFrame, rows: list[dict[str, float | None]]) -> None:
    """Every value of the loop, against ours."""
    theirs = pl.DataFrame(rows, infer_schema_length=None)
    for name in theirs.columns:
        one, other = frame[name].cast(pl.Float64).fill_null(np.nan), theirs[name].cast(pl.Float64).fill_null(np.nan)
        np.testing.assert_allclose(one.to_numpy(), other.to_numpy(), rtol=1e-9, atol=1e-9, err_msg=name)


def _race(*ways: Callable[[], Any]) -> list[float]:
    """Median seconds of each, in turns, so that a busy moment of the machine meets them all."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(ROUNDS):
        for way, times in zip(ways, taken, strict=True):
            start = time.perf_counter()
            way()
            times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in taken]
