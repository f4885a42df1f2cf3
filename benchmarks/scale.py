"""Both engines over a large cohort on disk: against a plain python-igraph loop, against reading the columns, and in memory.

The cohort is Parquet with a row a map (docs/cohort-files.md). "Reading once" is what any program does before it can count: the columns
from disk into flat NumPy arrays, nothing else. What is measured against it includes that same reading, the checks, and the table made.

The machine may be busy, so the time compared is processor time, the least of several rounds taken in turns, the loop's too. All threads
are counted against us, while the loop runs on one core. Seconds on the clock are told beside it.
"""

import itertools
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import igraph
import numpy as np
import polars as pl

from kithwork.cohort import Cohort
from kithwork.cohort.files import write_rows
from kithwork.measures.compiled import cores
from kithwork.measures.partitions import Job, streamed
from kithwork.measures.run import measures_of
from kithwork.model.schema import KINDS

MAPS, MORE_MAPS, ALTERS, LINKS, ROUNDS = 100_000, 1_000_000, 15, 35, 3
COLUMNS = ("participant", "kind", "u", "v")
CORE = (
    "size",
    "density",
    "mean_degree",
    "components",
    "effective_size",
    "efficiency",
    "constraint",
    "kind_diversity",
    "kind_diversity_iqv",
    "alter_ei",
)
CORE_AND_BETWEENNESS = (*CORE, "ego_betweenness")
OF_IGRAPH = (
    *CORE_AND_BETWEENNESS,
    "alter_tie_count",
    "isolates",
    "largest_component_share",
    "degree_centralisation",
    "transitivity",
    "ego_betweenness_share",
)
Times = tuple[float, float]  # seconds of the processor, and on the clock


def run() -> Iterator[dict[str, Any]]:
    """Yield ratios and what they are made of; every value of the loop is compared with ours before anything is told."""
    with tempfile.TemporaryDirectory() as name:
        folder = make_cohort(Path(name) / "cohort", MAPS)
        _check(folder)
        flat = read_once(folder)
        held = [job.read(part) for job in [_job(folder, OF_IGRAPH, "numpy").open()] for part in job.parts]
        loop, numpy, compiled, streamed_compiled, core, with_between, read = _race(
            ROUNDS,
            lambda: igraph_loop(flat),
            lambda: measure_held(held, "numpy"),
            lambda: measure_held(held, "compiled"),
            lambda: measure(folder, OF_IGRAPH, "compiled"),
            lambda: measure(folder, CORE, "compiled"),
            lambda: measure(folder, CORE_AND_BETWEENNESS, "compiled"),
            lambda: read_once(folder),
        )
        copy = _race(ROUNDS, lambda: [column.copy() for column in flat.values()])[0]
        what = f"{MAPS:,} maps, {ALTERS} alters, {LINKS} alter ties each, {len(OF_IGRAPH)} measures; processor time"
        against = f"plain python-igraph loop over columns in memory, ours over the same; {what}"
        yield _ratio("numpy_vs_igraph", loop, numpy, f"{against}; wanted: at least 15")
        yield _ratio("compiled_vs_igraph", loop, compiled, f"{against}; wanted: at least 100")
        yield _ratio(
            "compiled_from_disk_vs_igraph", loop, streamed_compiled, f"the same, with reading on our side only; {what}; not a target"
        )
        reading = f"reading {', '.join(COLUMNS)} from Parquet into NumPy once; the reading is in both; wanted: at most"
        yield _ratio("core_vs_read", core, read, f"{reading} 8", "times as long")
        yield _ratio("all_vs_read", with_between, read, f"{reading} 20", "times as long")
        size = sum(column.nbytes for column in flat.values())
        yield _ratio(
            "core_vs_copy", core, copy, f"copying the same columns, {size / 1e6:.0f} MB, within memory; not a target", "times as long"
        )
        for label, taken in (("igraph_loop", loop), ("numpy", numpy), ("compiled", compiled), ("core", core), ("read", read)):
            yield {"name": f"scale_{label}_seconds", "value": round(taken[1], 3), "unit": "s on the clock", "against": f"{cores()} cores"}
        yield from _memory(folder, MAPS)
    with tempfile.TemporaryDirectory() as name:
        folder = make_cohort(Path(name) / "cohort", MORE_MAPS)
        more = _race(ROUNDS, lambda: [len(part.keys) for part in streamed(_job(folder, OF_IGRAPH, "compiled"))])[0]
        yield {
            "name": "time_of_ten_times_the_maps",
            "value": round(more[0] / streamed_compiled[0], 2),
            "unit": "times as long",
            "against": f"{MAPS:,} maps against {MORE_MAPS:,}, compiled; 10 is linear",
        }
        yield from _memory(folder, MORE_MAPS)


def make_cohort(folder: Path, maps: int, seed: int = 1) -> Path:
    """Maps of one size with alter ties drawn at random, in files of 100,000."""
    folder.mkdir()
    pairs = np.array(list(itertools.combinations(range(ALTERS), 2)), dtype=np.uint8)
    for number, first in enumerate(range(0, maps, 100_000)):
        count = min(100_000, maps - first)
        rng = np.random.default_rng(seed + number)
        chosen = np.sort(np.argpartition(rng.random((count, len(pairs)), dtype=np.float32), LINKS, axis=1)[:, :LINKS], axis=1)
        ends = pairs[chosen]
        kinds = rng.choice([0, 0, 0, 1, 3, 5], (count, ALTERS)).astype(np.uint8)
        frame = pl.DataFrame({"participant": np.arange(first + 1, first + count + 1, dtype=np.uint32)}).with_columns(
            kind=pl.Series(kinds).arr.to_list(), u=pl.Series(ends[:, :, 0]).arr.to_list(), v=pl.Series(ends[:, :, 1]).arr.to_list()
        )
        write_rows(frame, folder / f"maps-{number:05}.parquet")
    return folder


def _job(folder: Path, measures: tuple[str, ...], engine: str) -> Job:
    return Job(folder, kinds=("all",), measures=measures, by=("kind",), engine=engine)


def measure(folder: Path, measures: tuple[str, ...], engine: str) -> pl.DataFrame:
    """Kithwork's way: from the files to a table with a row a map."""
    return pl.concat([part.frame for part in streamed(_job(folder, measures, engine))])


def read_once(folder: Path) -> dict[str, np.ndarray]:
    """The columns from disk as flat arrays, and no more."""
    frame = pl.read_parquet(sorted(folder.glob("*.parquet")), columns=list(COLUMNS), glob=False)
    flat = {"participant": frame["participant"].to_numpy()}
    for name in ("kind", "u", "v"):
        flat[f"{name} lengths"] = frame[name].list.len().to_numpy()
        flat[name] = frame[name].explode(empty_as_null=False, keep_nulls=False).to_numpy()
    return flat


def measure_held(held: list[Cohort], engine: str) -> pl.DataFrame:
    """The same from columns in memory; copies of the cohort, so that nothing counted before is remembered."""
    return pl.concat([measures_of(replace(part), ("all",), ("all",), OF_IGRAPH, engine).frame for part in held])


def igraph_loop(columns: dict[str, np.ndarray]) -> list[dict[str, float | None]]:
    """The usual way: take each map's rows out of the columns, build a graph, ask it, and count what it does not know."""
    found = []
    alter, link = 0, 0
    for size, ties in zip(columns["kind lengths"].tolist(), columns["u lengths"].tolist(), strict=True):
        kind = columns["kind"][alter : alter + size].tolist()
        u, v = columns["u"][link : link + ties].tolist(), columns["v"][link : link + ties].tolist()
        alter, link = alter + size, link + ties
        n = len(kind)
        graph = igraph.Graph(n, list(zip(u, v, strict=True)))
        with_ego = graph.copy()
        with_ego.add_vertex()
        with_ego.add_edges([(n, i) for i in range(n)])
        degrees, parts, between, links = graph.degree(), graph.connected_components().sizes(), with_ego.betweenness(n), graph.ecount()
        blau = 1 - sum((count / n) ** 2 for count in Counter(kind).values())
        across = sum(kind[one] != kind[other] for one, other in zip(u, v, strict=True))
        found.append(
            {
                "size": n,
                "density": graph.density(),
                "mean_degree": sum(degrees) / n,
                "components": len(parts),
                "effective_size": n - 2 * links / n,
                "efficiency": (n - 2 * links / n) / n,
                "constraint": with_ego.constraint(n),
                "kind_diversity": blau,
                "kind_diversity_iqv": blau / (1 - 1 / len(KINDS)),
                "alter_ei_kind": (2 * across - links) / links,
                "ego_betweenness": between,
                "alter_tie_count": links,
                "isolates": degrees.count(0),
                "largest_component_share": max(parts) / n,
                "degree_centralisation": sum(max(degrees) - degree for degree in degrees) / ((n - 1) * (n - 2)),
                "transitivity": graph.transitivity_undirected(),
                "ego_betweenness_share": between / (n * (n - 1) / 2),
            }
        )
    return found


def _check(folder: Path) -> None:
    """On the first maps, every value of the loop against both engines; this also compiles what is timed after."""
    with tempfile.TemporaryDirectory() as name:
        first = Path(name)
        pl.read_parquet(folder / "maps-00000.parquet").head(2_000).write_parquet(first / "maps-00000.parquet")
        theirs = pl.DataFrame(igraph_loop(read_once(first)))
        for engine in ("numpy", "compiled"):
            ours = measure(first, OF_IGRAPH, engine)
            assert set(theirs.columns) == set(ours.columns[3:])
            for column in theirs.columns:
                np.testing.assert_allclose(ours[column].to_numpy(), theirs[column].to_numpy(), rtol=1e-9, atol=1e-9, err_msg=column)


def _race(rounds: int, *ways: Callable[[], Any]) -> list[Times]:
    """The least processor time, and the least time on the clock, of each; in turns, so that a busy moment meets them all."""
    best = [(float("inf"), float("inf"))] * len(ways)
    for _ in range(rounds):
        for at, way in enumerate(ways):
            clock, processor = time.perf_counter(), time.process_time()
            way()
            taken = time.process_time() - processor, time.perf_counter() - clock
            best[at] = min(best[at][0], taken[0]), min(best[at][1], taken[1])
    return best


def _ratio(name: str, long: Times, short: Times, against: str, unit: str = "times faster") -> dict[str, Any]:
    return {
        "name": name,
        "value": round(long[0] / short[0], 2),
        "unit": unit,
        "against": f"{against}; on the clock {long[1] / short[1]:.2f}",
    }


def _memory(folder: Path, maps: int) -> Iterator[dict[str, Any]]:
    """Peak memory above a program that has loaded the same libraries and measured a few maps, as a share of the columns."""
    columns = maps * (4 + 8 + ALTERS + 2 * LINKS)  # ids, where each map begins, kinds, both ends of each alter tie: a byte each
    columns_usual = maps * (8 + ALTERS * 2 + LINKS * 12)  # the same with the ends as 32-bit rows and a strength, as most programs hold them
    for engine in ("numpy", "compiled"):
        done = subprocess.run([sys.executable, __file__, str(folder), engine], capture_output=True, text=True, check=True)
        peak = int(done.stdout) * 1024
        name = "memory_vs_columns" if (engine, maps) == ("compiled", MAPS) else f"memory_vs_columns_{engine}_{maps}"
        yield {
            "name": name,
            "value": round(peak / columns_usual, 2),
            "unit": "times the columns",
            "against": f"{maps:,} maps, {columns_usual / 1e6:.0f} MB of columns, 32-bit ends and strengths ({columns / 1e6:.0f} packed); "
            f"peak {peak / 1e6:.0f} MB above a started program; {engine}; wanted: below 3",
        }


def _peak() -> None:
    """Run by itself: print by how many KiB measuring a cohort raised the peak."""
    folder, engine = Path(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as name:
        first = Path(name)
        pl.read_parquet(folder / "maps-00000.parquet", n_rows=500).write_parquet(first / "maps-00000.parquet")
        measure(first, OF_IGRAPH, engine)
        before = _highest()
        for number, part in enumerate(streamed(_job(folder, OF_IGRAPH, engine))):
            part.frame.write_parquet(first / f"{number}.parquet")
    print(_highest() - before)


def _highest() -> int:
    """The most memory this program held so far, in KiB; unlike what `resource` tells, it forgets the program that started this one."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    _peak()
