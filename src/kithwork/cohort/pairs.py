"""Two maps of one participant side by side, for measuring change; a missed wave is a gap, never a loss."""

import datetime
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from kithwork.cohort.columns import CODES, Cohort

_DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, eq=False)
class PairedWaves:
    """Two maps of each participant, with every alter named on either: those observed after each other, or of two states at one wave.

    pairs                (pairs,) frame: `participant`, `from_wave`, `to_wave`, `gap_months` (as planned, else by the dates held),
                         `waves_missed` (planned waves in between without a map)
    from_map, to_map     (pairs,) rows of the cohort
    pair                 (alters,) the pair of each row below; rows of one pair lie together
    alter, kind          (alters,) dense index and kind code
    is_before, is_after  (alters,) named at the earlier, at the later wave
    circle_before, …_after  (alters,) position of the circle; 0 in none or not named
    fate                 (alters,) what ego said at the later wave became of it; −1 not said
    are_circles_same     (pairs,) whether both maps were drawn on the same version of the circles
    """

    cohort: Cohort
    pairs: pl.DataFrame
    from_map: np.ndarray
    to_map: np.ndarray
    pair: np.ndarray
    alter: np.ndarray
    kind: np.ndarray
    is_before: np.ndarray
    is_after: np.ndarray
    circle_before: np.ndarray
    circle_after: np.ndarray
    fate: np.ndarray
    are_circles_same: np.ndarray

    def __len__(self) -> int:
        return self.pairs.height

    def count(self, mask: np.ndarray) -> np.ndarray:
        """(pairs,) alters for which the mask holds."""
        return np.bincount(self.pair[mask], minlength=len(self)).astype(float)

    @cached_property
    def kept(self) -> np.ndarray:
        """(alters,) named at both waves."""
        return self.is_before & self.is_after

    @cached_property
    def lost(self) -> np.ndarray:
        """(alters,) named at the earlier wave only."""
        return self.is_before & ~self.is_after

    @cached_property
    def gained(self) -> np.ndarray:
        """(alters,) named at the later wave only."""
        return self.is_after & ~self.is_before

    @cached_property
    def are_fates_told(self) -> np.ndarray:
        """(pairs,) whether ego said of any alter what became of it, at the later wave."""
        return np.isin(self.to_map, self.cohort.fates[:, 0])

    @classmethod
    def of(cls, cohort: Cohort, state: str = "everyday") -> "PairedWaves":
        """Pairs of the cohort's maps in one state, from wave to wave."""
        maps = cohort.maps.with_row_index("map").filter(pl.col("state") == state)
        person, rows = maps["participant"].to_numpy(), maps["map"].to_numpy().astype(np.int64)
        first = np.flatnonzero(person[1:] == person[:-1]) if rows.size else np.zeros(0, dtype=np.int64)
        return cls._joined(cohort, rows[first], rows[first + 1])

    @classmethod
    def between(cls, cohort: Cohort, state: str, other: str) -> "PairedWaves":
        """Pairs of maps of one person at one wave in two states, such as everyday and crisis; `pairs` tells both."""
        maps = cohort.maps.with_row_index("map").select("map", "participant", "wave", "state")
        one, two = (maps.filter(pl.col("state") == which) for which in (state, other))
        both = one.join(two, on=["participant", "wave"], how="inner", maintain_order="left")
        rows = (both[name].to_numpy().astype(np.int64) for name in ("map", "map_right"))
        found = cls._joined(cohort, *rows)
        states = {"from_state": pl.lit(state), "to_state": pl.lit(other)}
        return replace(found, pairs=found.pairs.with_columns(**states, waves_missed=pl.lit(0, pl.Int64)))

    @classmethod
    def _joined(cls, cohort: Cohort, from_map: np.ndarray, to_map: np.ndarray) -> "PairedWaves":
        before, after = _named(cohort, from_map), _named(cohort, to_map)
        count = max(len(cohort.alter_ids), 1)
        keys_before, keys_after = (pair * count + cohort.ties["alter"][tie] for pair, tie in (before, after))
        keys = np.union1d(keys_before, keys_after)
        pair, alter = np.divmod(keys, count)
        circles = []
        for own, (_, tie) in ((keys_before, before), (keys_after, after)):
            circle = np.zeros(keys.size, dtype=np.int64)
            circle[np.searchsorted(keys, own)] = cohort.ties["circle"][tie]
            circles.append(circle)
        version = cohort.maps["circle_version"].to_numpy()
        return cls(
            cohort,
            _keys(cohort, from_map, to_map),
            from_map,
            to_map,
            pair,
            alter,
            cohort.alter_kinds[alter],
            np.isin(keys, keys_before),
            np.isin(keys, keys_after),
            circles[0],
            circles[1],
            _fates(cohort, to_map[pair], alter),
            version[from_map] == version[to_map],
        )


def _named(cohort: Cohort, maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair and tie row of each tie on the maps, one map a pair."""
    sizes = cohort.sizes[maps]
    pair = np.repeat(np.arange(maps.size), sizes)
    within = np.arange(pair.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return pair, cohort.offsets[maps][pair] + within


def _fates(cohort: Cohort, maps: np.ndarray, alters: np.ndarray) -> np.ndarray:
    count = max(len(cohort.alter_ids), 1)
    told = cohort.fates[:, 0] * count + cohort.fates[:, 1]
    order = np.argsort(told)
    wanted = maps * count + alters
    place = np.searchsorted(told[order], wanted)
    found = np.full(wanted.size, -1)
    inside = place < told.size
    inside[inside] = told[order][place[inside]] == wanted[inside]
    found[inside] = cohort.fates[order[place[inside]], 2]
    return found


def _keys(cohort: Cohort, from_map: np.ndarray, to_map: np.ndarray) -> pl.DataFrame:
    before, after = cohort.maps[from_map], cohort.maps[to_map]
    positions = np.array(cohort.wave_positions)
    missed = np.searchsorted(positions, after["wave"].to_numpy()) - np.searchsorted(positions, before["wave"].to_numpy()) - 1
    planned = after["months"] - before["months"]
    days = [_days(one, other) for one, other in zip(before["held_on"].to_list(), after["held_on"].to_list(), strict=True)]
    dated = pl.Series(days, dtype=pl.Float64) / _DAYS_A_MONTH
    return pl.DataFrame(
        {
            "participant": before["participant"],
            "from_wave": before["wave"],
            "to_wave": after["wave"],
            "gap_months": pl.DataFrame({"planned": planned, "dated": dated}).select(pl.coalesce("planned", "dated")).to_series(),
            "waves_missed": pl.Series(missed, dtype=pl.Int64),
        }
    )


def _days(one: str | None, other: str | None) -> float | None:
    if one is None or other is None:
        return None
    return (datetime.date.fromisoformat(other) - datetime.date.fromisoformat(one)).days


def presence_patterns(cohort: Cohort) -> pl.DataFrame:
    """In which waves each alter was named: `participant`, `alter_id`, `kind`, `pattern`, one row an alter ever named.

    The pattern has one sign a planned wave: `1` named, `0` not named, `?` no everyday map at that wave. So `1?1` was named
    before and after a missed wave, and nothing is said about the wave itself.
    """
    maps = cohort.maps.with_row_index("map").filter(pl.col("state") == "everyday")
    people, person_of_row = np.unique(maps["participant"].to_numpy().astype(str), return_inverse=True)
    column = np.searchsorted(np.array(cohort.wave_positions), maps["wave"].to_numpy())
    person_of_map, column_of_map = (np.full(len(cohort), -1), np.full(len(cohort), -1))
    person_of_map[maps["map"].to_numpy()], column_of_map[maps["map"].to_numpy()] = person_of_row, column
    grid = np.full((people.size, len(cohort.wave_positions)), "?")
    grid[person_of_row, column] = "0"
    tie = np.flatnonzero(person_of_map[cohort.tie_map] >= 0)
    alters, row = np.unique(cohort.ties["alter"][tie], return_inverse=True)
    person = np.zeros(alters.size, dtype=np.int64)
    person[row] = person_of_map[cohort.tie_map[tie]]
    signs = grid[person]
    signs[row, column_of_map[cohort.tie_map[tie]]] = "1"
    return pl.DataFrame(
        {
            "participant": people[person].tolist(),
            "alter_id": cohort.alter_ids[alters],
            "kind": [CODES["kind"][code] for code in cohort.alter_kinds[alters]],
            "pattern": ["".join(line) for line in signs],
        },
        schema={"participant": pl.String, "alter_id": pl.String, "kind": pl.String, "pattern": pl.String},
    )
