"""The first measure set over many maps, against a plain python-igraph loop; reading the files included on both sides.

Both sides read the same columns of the same tables with Polars, and every value of the loop is checked against ours. The loop builds
one graph a map and asks igraph for structure, and counts composition, ratings and support in Python: the same measures, all of them.

Times are the least of several rounds taken in turns, on the clock, as a person waits; the ratio of processor time, all threads counted
against us, is told beside it.
"""

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

MAPS, ALTERS, LINKS, ROUNDS = 10_000, 15, 35, 5
KINDS = ("person", "person", "person", "animal", "place", "activity")
TYPES = [f"type_{number}" for number in range(8)]
TABLES = ("waves", "circles", "participants", "interviews", "maps", "alters", "ties", "roles", "support_types", "supports", "alter_ties")
ROLES = {"friend": "chosen", "sister": "kin", "nurse": "professional", "neighbour": "weak"}
VALENCES, SCALES = ("helps", "both", "hinders", "neither"), ("reliability", "security", "effort")
Row = dict[str, Any]
Scan = Callable[[Path, str], pl.LazyFrame]
EVERY_KIND = tuple(schema.KINDS)


def run() -> Iterator[dict[str, Any]]:
    """Yield times and ratios; the values of both sides are compared before anything is told."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for table, frame in make_study(MAPS).items():
            frame.write_parquet(folder / f"{table}.parquet")
            frame.write_csv(folder / f"{table}.csv")
        for ending in ("parquet", "csv"):
            scan = SCANS[ending]
            _check(measure_all(folder, scan), igraph_loop(folder, scan))
            ours, theirs = _race(lambda scan=scan: measure_all(folder, scan), lambda scan=scan: igraph_loop(folder, scan))
            what = f"{MAPS:,} maps, {ALTERS} alters, {LINKS} alter ties each, read from {ending}"
            yield {"name": f"measures_{ending}_seconds", "value": round(ours[0], 3), "unit": "s", "against": what}
            yield {"name": f"igraph_loop_{ending}_seconds", "value": round(theirs[0], 3), "unit": "s", "against": what}
            yield {
                "name": f"measures_vs_igraph_{ending}",
                "value": round(theirs[0] / ours[0], 2),
                "unit": "times faster",
                "against": f"plain python-igraph loop, load included; {what}; processor time {theirs[1] / ours[1]:.2f} times; "
                "wanted: at least 10",
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
        "alters": _frame(
            "alters",
            id=alter_ids,
            participant_id=people[own],
            kind=rng.choice(KINDS, count),
            role=rng.choice(list(ROLES), count),
            pseudonym="someone",
        ),
        "ties": _frame(
            "ties",
            id=tie_ids,
            map_id=map_ids[own],
            alter_id=alter_ids,
            circle=rng.integers(1, 4, count),
            trust=rng.choice(("absent", "present", "strong"), count),
            valence=rng.choice(VALENCES, count),
            condition=rng.choice(("when well", None), count),
            **{name: rng.integers(0, 5, count) for name in SCALES},
        ),
        "roles": _frame(
            "roles", id=_ids(len(ROLES), 10), code=list(ROLES), label=list(ROLES), kind="person", role_group=[ROLES[code] for code in ROLES]
        ),
        "support_types": _frame("support_types", id=_ids(len(TYPES), 8), code=TYPES, label=TYPES),
        "supports": _frame(
            "supports",
            id=_ids(count, 9),
            tie_id=tie_ids,
            support_type=rng.choice(TYPES, count),
            direction=rng.choice(("to_me", "from_me", "both"), count),
            sufficiency=rng.choice(("enough", "some", "not_enough"), count),
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


def _scan_parquet(folder: Path, table: str) -> pl.LazyFrame:
    return pl.scan_parquet(folder / f"{table}.parquet")


def _scan_csv(folder: Path, table: str) -> pl.LazyFrame:
    return pl.scan_csv(folder / f"{table}.csv", schema=_plain(table))


def _read(folder: Path, scan: Scan, columns: dict[str, list[str]]) -> dict[str, pl.DataFrame]:
    """The columns named of the tables named, read side by side."""
    return dict(zip(columns, pl.collect_all([scan(folder, table).select(names) for table, names in columns.items()]), strict=True))


SCANS: dict[str, Scan] = {"parquet": _scan_parquet, "csv": _scan_csv}


def measure_all(folder: Path, scan: Scan) -> pl.DataFrame:
    """Kithwork's way."""
    frames = _read(folder, scan, {table: [name for name in COLUMNS[table] if name in _plain(table)] for table in TABLES})
    for table, frame in frames.items():
        types = frame_schema(table)
        frames[table] = frame.with_columns(
            pl.lit(None, dtype=types[name]).alias(name) for name in COLUMNS[table] if name not in frame.columns
        )
    return map_measures(StudyTables(frames), kinds=("all",), measures=MEASURES).frame


MEASURES = [
    "size",
    "size_by_kind",
    "share_by_kind",
    "share_by_circle",
    "share_unplaced",
    "share_by_role_group",
    "non_person_share",
    "professional_share",
    "kind_diversity",
    "kind_diversity_iqv",
    "alter_tie_count",
    "density",
    "mean_degree",
    "isolates",
    "components",
    "largest_component_share",
    "effective_size",
    "efficiency",
    "constraint",
    "ego_betweenness",
    "ego_betweenness_share",
    "support_coverage",
    "support_gaps",
    "single_provider_types",
    "support_redundancy",
    "reciprocal_share",
    "conditional_share",
    "sufficiency_share",
    "mean_multiplexity",
    "trust_share",
    "trust_share_by_kind",
    "mean_reliability",
    "mean_reliability_by_kind",
    "mean_security",
    "mean_security_by_kind",
    "mean_effort",
    "share_by_valence",
]
"""What the loop gives, so that both sides do the same work."""

LOOP_READS = {
    "alters": ["id", "kind", "role"],
    "roles": ["code", "role_group"],
    "support_types": ["code"],
    "ties": ["id", "map_id", "alter_id", "circle", "trust", "valence", "condition", *SCALES],
    "alter_ties": ["map_id", "from_tie_id", "to_tie_id"],
    "supports": ["tie_id", "support_type", "direction", "sufficiency"],
    "maps": ["id"],
}


def igraph_loop(folder: Path, scan: Scan) -> list[dict[str, float | None]]:
    """The usual way: group rows by map, build a graph a map, ask it and count."""
    frames = _read(folder, scan, LOOP_READS)
    alter_of = {alter: (kind, role) for alter, kind, role in frames["alters"].iter_rows()}
    group_of, types = dict(frames["roles"].iter_rows()), frames["support_types"]["code"].to_list()
    ties_of, links_of, supports_of = defaultdict(list), defaultdict(list), defaultdict(list)
    for tie in frames["ties"].iter_rows(named=True):
        tie["kind"], role = alter_of[tie["alter_id"]]
        tie["group"] = group_of[role]
        ties_of[tie["map_id"]].append(tie)
    for map_id, one, other in frames["alter_ties"].iter_rows():
        links_of[map_id].append((one, other))
    for support in frames["supports"].iter_rows(named=True):
        supports_of[support["tie_id"]].append(support)
    found = []
    for map_id in frames["maps"]["id"]:
        ties = ties_of[map_id]
        found.append({**_structure(ties, links_of[map_id]), **_composition(ties), **_quality(ties), **_support(ties, supports_of, types)})
    return found


def _structure(ties: list[Row], links: list[tuple[str, str]]) -> dict[str, float]:
    n = len(ties)
    place = {tie["id"]: i for i, tie in enumerate(ties)}
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


def _composition(ties: list[Row]) -> dict[str, float | None]:
    n = len(ties)
    kinds, circles = Counter(tie["kind"] for tie in ties), Counter(tie["circle"] for tie in ties)
    groups = Counter(tie["group"] for tie in ties)
    people = [tie for tie in ties if tie["kind"] == "person"]
    blau = 1 - sum((count / n) ** 2 for count in kinds.values())
    return {
        "size": n,
        **{f"size_{kind}": kinds[kind] for kind in EVERY_KIND},
        **{f"share_{kind}": kinds[kind] / n for kind in EVERY_KIND},
        **{f"share_circle_{ring}": circles[ring] / n for ring in (1, 2, 3)},
        **{f"share_role_{group}": groups[group] / n for group in ROLES.values()},
        "share_unplaced": circles[None] / n,
        "non_person_share": 1 - kinds["person"] / n,
        "professional_share": sum(tie["group"] == "professional" for tie in people) / len(people) if people else None,
        "kind_diversity": blau,
        "kind_diversity_iqv": blau * 7 / 6,
    }


def _quality(ties: list[Row]) -> dict[str, float | None]:
    by_kind, valences = defaultdict(list), Counter(tie["valence"] for tie in ties)
    for tie in ties:
        by_kind[tie["kind"]].append(tie)

    def mean_of(own: list[Row], column: str) -> float | None:
        return sum(tie[column] for tie in own) / len(own) if own else None

    def trust_of(own: list[Row]) -> float | None:
        return sum(tie["trust"] in ("present", "strong") for tie in own) / len(own) if own else None

    return {
        "trust_share": trust_of(ties),
        **{f"trust_share_{kind}": trust_of(by_kind[kind]) for kind in EVERY_KIND},
        **{f"mean_{column}": mean_of(ties, column) for column in SCALES},
        **{f"mean_{column}_{kind}": mean_of(by_kind[kind], column) for column in ("reliability", "security") for kind in EVERY_KIND},
        **{f"share_{code}": valences[code] / len(ties) for code in VALENCES},
    }


def _support(ties: list[Row], supports_of: dict[str, list[Row]], types: list[str]) -> dict[str, float | None]:
    pairs = [(tie, support) for tie in ties for support in supports_of[tie["id"]]]
    providers = Counter(support["support_type"] for _, support in pairs if support["direction"] != "from_me")
    ways = [{support["direction"] for support in supports_of[tie["id"]]} for tie in ties]
    return {
        "support_coverage": len(providers) / len(types),
        "support_gaps": len(types) - len(providers),
        "single_provider_types": sum(count == 1 for count in providers.values()),
        "support_redundancy": sum(providers.values()) / len(providers) if providers else None,
        "reciprocal_share": sum("both" in way or {"to_me", "from_me"} <= way for way in ways) / len(ties),
        "conditional_share": sum(tie["condition"] is not None for tie, _ in pairs) / len(pairs),
        "sufficiency_share": sum(support["sufficiency"] == "enough" for _, support in pairs) / len(pairs),
        "mean_multiplexity": len(pairs) / len(ties),
    }


def _check(frame: pl.DataFrame, rows: list[dict[str, float | None]]) -> None:
    """Every value of the loop, against ours; the loop leaves no measure out."""
    theirs = pl.DataFrame(rows, infer_schema_length=None)
    assert set(theirs.columns) == set(frame.columns) - {"participant", "wave", "state"}
    for name in theirs.columns:
        one, other = frame[name].cast(pl.Float64).fill_null(np.nan), theirs[name].cast(pl.Float64).fill_null(np.nan)
        np.testing.assert_allclose(one.to_numpy(), other.to_numpy(), rtol=1e-9, atol=1e-9, err_msg=name)


def _race(*ways: Callable[[], Any]) -> list[tuple[float, float]]:
    """The least seconds on the clock, and of the processor, of each; in turns, so that a busy moment of the machine meets them all."""
    best = [(float("inf"), float("inf"))] * len(ways)
    for _ in range(ROUNDS):
        for at, way in enumerate(ways):
            clock, processor = time.perf_counter(), time.process_time()
            way()
            taken = time.perf_counter() - clock, time.process_time() - processor
            best[at] = min(best[at][0], taken[0]), min(best[at][1], taken[1])
    return best
