"""A cohort as rows, one a map, what belongs to a map in lists of numbers; and back. Positions are counted within the map, from 0."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from kithwork.cohort.columns import CODES, Attribute, Cohort, Policy, pairs_of
from kithwork.model.errors import FormatError
from kithwork.model.schema import MAP_STATES

_OF_MAP = ("participant", "wave", "state", "months", "held_on", "circle_version")
_ENDS = ("u", "v")
_LINKS = ("weight", "arcs", "relations")
_EMPTY: dict[str, Any] = {"role": -1, "role_group": -1, "circle": 0, "is_conditional": False, "kind": 0} | {
    **dict.fromkeys(("trust", "valence", "contact", "reciprocity"), -1),
    **dict.fromkeys(("reliability", "security", "effort"), np.nan),
}
_OF_SUPPORTS: dict[str, Any] = {
    "tie": 0,
    "support_type": -1,
    "direction": -1,
    "sufficiency": -1,
    "amount": np.nan,
    "is_conditional": False,
}
_ALTER_TIES = "alter_ties"


def rows_of_cohort(cohort: Cohort) -> pl.DataFrame:
    """One row a map: what is known of it, then its alters, alter ties and supports as lists, in the smallest numbers that hold them."""
    columns = [cohort.maps[name] for name in _OF_MAP if name in cohort.maps.columns]
    columns.append(pl.Series("circle_count", _small(cohort.circle_counts)))
    columns += [pl.Series(f"asked_{name}", _small(values)) for name, values in cohort.asked.items()]
    columns += [pl.Series(f"ego_{a.name}", _small(a.ego)) for a in cohort.attributes if a.ego is not None]
    start = cohort.offsets[:-1]
    lengths, own = cohort.sizes, start[cohort.tie_map]
    for name, values in cohort.ties.items():
        if name != "alter":
            local = np.where(values < 0, -1, values - own) if name == "via" else values
            columns.append(_listed(name.replace("by ", "by_", 1), local, lengths))
    of_link = start[cohort.tie_map[cohort.alter_ties[:, 0]]]
    in_order = np.lexsort((cohort.alter_ties[:, 1], cohort.alter_ties[:, 0]))
    for name, values in (*zip(_ENDS, (cohort.alter_ties - of_link[:, np.newaxis]).T, strict=True), *cohort.links.items()):
        columns.append(_listed(name, values[in_order], cohort.alter_tie_counts))
    tie = cohort.supports["tie"]
    of_map = np.bincount(cohort.tie_map[tie], minlength=len(cohort))
    for name, values in cohort.supports.items():
        local = values - own[tie] if name == "tie" else np.where(values < 0, -1, values - own[tie]) if name == "via" else values
        columns.append(_listed(f"support_{name}", local, of_map))
    return pl.DataFrame(columns)


def cohort_of_rows(frame: pl.DataFrame, about: Mapping[str, Any], policy: Policy, file: str, first: int = 0) -> Cohort:
    """Rows as a cohort. Loops, repeats, recorded non-ties and alters that are not there are left out of the alter ties, and counted.

    Raises `FormatError` naming the file and the row at which lists that belong together differ in length.
    """
    lists = {name: frame[name] for name, kind in frame.schema.items() if isinstance(kind, pl.List)}
    of_support = {name: lists.pop(name) for name in list(lists) if name.startswith("support_")}
    of_link = {name: lists.pop(name) for name in (*_ENDS, *_LINKS) if name in lists}
    where = f"'{file}', row {{row}}"
    attributes = about.get("attributes", ())
    sizes, columns = _unlisted(lists, frame, where, first)
    _check_codes(columns, about, f"'{file}'")
    counts, links = _unlisted(of_link, frame, where, first)
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    start = offsets[:-1]
    pairs, kept, dropped = _sound(links, counts, sizes, start, policy)
    are_all_kept = len(pairs) == counts.sum()
    ties = {name: _filled(columns.get(name), empty, int(offsets[-1])) for name, empty in _EMPTY.items()}
    ties |= {
        a.column: _filled(of_a, np.nan if a.is_number else -1, of_a.size)
        for a in attributes
        if (of_a := _sorted_by(a, columns)) is not None
    }
    ties["alter"] = np.arange(int(offsets[-1]))
    if "via" in columns:
        ties["via"] = np.where(columns["via"] < 0, -1, columns["via"] + np.repeat(start, sizes))
    return Cohort(
        maps=_maps(frame, first),
        circle_counts=_of_maps(frame, "circle_count", about.get("rings", 0)).astype(np.int64),
        offsets=offsets,
        ties=ties,
        alter_ties=pairs,
        alter_tie_offsets=np.concatenate(([0], np.cumsum(counts))) if are_all_kept else np.zeros(0, dtype=np.int64),
        supports=_supports(of_support, frame, where, first, sizes, start, about),
        asked=_asked(frame, columns, of_support),
        alter_ids=pl.Series([], dtype=pl.String),
        alter_kinds=np.zeros(0, dtype=np.int64),
        fates=np.zeros((0, 3), dtype=np.int64),
        wave_positions=about.get("wave_positions", (1,)),
        roles=about.get("roles", ()),
        role_groups=about.get("role_groups", ()),
        support_types=about.get("support_types", ()),
        scheme=about.get("scheme", np.zeros(0, dtype=np.int64)),
        policy=policy,
        dropped=dropped,
        links={name: links[name][kept] for name in _LINKS if name in links},
        relations=about.get("relations", ()),
        most_weight=about.get("most_weight", np.nan),
        attributes=tuple(replace(a, ego=frame[e].to_numpy() if (e := f"ego_{a.name}") in frame.columns else None) for a in attributes),
        rings=about.get("rings", -1),
    )


def _small(values: np.ndarray) -> np.ndarray:
    """The same numbers in the smallest type that holds them."""
    if values.dtype == bool or not values.size:
        return values
    if values.dtype.kind == "f":
        small = values.astype(np.float32)
        return small if np.array_equal(small, values, equal_nan=True) else values
    low, high = int(values.min()), int(values.max())
    kinds = (np.int8, np.int16, np.int32, np.int64) if low < 0 else (np.uint8, np.uint16, np.uint32, np.int64)
    return values.astype(next(kind for kind in kinds if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max))


def _listed(name: str, values: np.ndarray, lengths: np.ndarray) -> pl.Series:
    """Values as one list a map."""
    frame = pl.DataFrame({"map": np.repeat(np.arange(lengths.size), lengths), name: _small(values)})
    lists = frame.group_by("map", maintain_order=True).agg(name)
    filled = pl.DataFrame({"map": np.arange(lengths.size)}).join(lists, on="map", how="left", maintain_order="left")[name]
    return filled.fill_null(pl.Series([[]], dtype=lists.schema[name]))


def _unlisted(lists: Mapping[str, pl.Series], frame: pl.DataFrame, where: str, first: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """How long the lists of each row are, all alike, and their values end to end."""
    lengths, values, one = np.zeros(frame.height, dtype=np.int64), {}, ""
    for name, series in lists.items():
        own = series.list.len().fill_null(0).to_numpy().astype(np.int64)
        if not one:
            one, lengths = name, own
        elif not np.array_equal(own, lengths):
            row = first + int(np.flatnonzero(own != lengths)[0]) + 1
            raise FormatError(f"{where.format(row=f'{row:,}')}: the lists '{one}' and '{name}' differ in length; each alter has one value.")
        flat = series.explode(empty_as_null=False, keep_nulls=False)
        if not (flat.dtype.is_numeric() or flat.dtype == pl.Boolean):
            raise FormatError(f"{where.format(row=f'{first + 1:,}')}: the list '{name}' holds no numbers; a cohort holds numbers only.")
        if flat.null_count():
            flat = flat.cast(pl.Float64).fill_null(np.nan) if flat.dtype.is_float() else flat.cast(pl.Int64).fill_null(-1)
        values[name] = flat.to_numpy()
    return lengths, values


def _sound(
    links: Mapping[str, np.ndarray], counts: np.ndarray, sizes: np.ndarray, start: np.ndarray, policy: Policy
) -> tuple[np.ndarray, Any, dict[str, int]]:
    """Pairs u < v of tie rows, each once and in order; which links they are; and how many were left out and why."""
    dropped = {"other_relation": 0, "non_tie": 0, "loop": 0, "across_maps": 0, "repeat": 0}
    if not all(name in links for name in _ENDS):
        return np.zeros((0, 2), dtype=np.int64), slice(0), dropped
    u, v = (links[name].astype(np.int64) for name in _ENDS)
    most, own = np.repeat(sizes, counts), np.repeat(start, counts)
    kept = slice(None)
    is_tie = np.ones(u.size, dtype=bool) if policy.is_zero_a_tie or "weight" not in links else links["weight"] != 0
    is_sound = (u >= 0) & (u < v) & (v < most) & is_tie
    u, v = u + own, v + own
    keys = (u << 32) | v
    if not (is_sound.all() and (keys[1:] > keys[:-1]).all()):  # as a rule they are, as we write them so
        low, high = np.minimum(u, v), np.maximum(u, v)
        is_here = (low >= own) & (high < own + most)
        dropped["across_maps"], dropped["non_tie"] = int((~is_here).sum()), int((is_here & ~is_tie).sum())
        dropped["loop"] = int((is_here & is_tie & (low == high)).sum())
        rows = np.flatnonzero(is_here & is_tie & (low != high))
        once = np.unique((low[rows] << 32) | high[rows], return_index=True)[1]
        dropped["repeat"] = rows.size - once.size
        kept = rows[once]
        u, v = low[kept], high[kept]
    return pairs_of(u, v), kept, dropped


def _filled(values: np.ndarray | None, empty: Any, count: int) -> np.ndarray:
    """A column of ties in the types measures reckon with, or one that is empty throughout and takes no room."""
    if values is None:
        return np.broadcast_to(np.array(empty), (count,))
    return values if values.dtype == bool else values.astype(np.float64 if isinstance(empty, float) else np.int64)


def _sorted_by(attribute: Attribute, columns: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """The list an attribute was written to; where another program wrote the rows, the list of its name."""
    if f"by_{attribute.name}" in columns or attribute.name not in columns:
        return columns.get(f"by_{attribute.name}")
    values = columns[attribute.name]
    return values.astype(np.int64) - 1 if attribute.name == "circle" else values


def _check_codes(columns: Mapping[str, np.ndarray], about: Mapping[str, Any], where: str) -> None:
    """No code may be outside what it can mean."""
    lists = {
        **CODES,
        "role": about.get("roles", ()),
        "role_group": about.get("role_groups", ()),
        "support_type": about.get("support_types", ()),
    }
    counts = {name: len(codes) for name, codes in lists.items()} | {"circle": about.get("rings", 0) + 1}
    counts |= {
        name: len(a.categories)
        for a in about.get("attributes", ())
        if not a.is_number
        for name in (f"by_{a.name}", a.name)
        if name not in counts
    }
    for name, values in columns.items():
        if name in counts and values.size and not (values.min() >= -1 and values.max() < counts[name]):
            raise FormatError(
                f"{where}: the list '{name}' holds a code that means nothing; codes are 0 to {counts[name] - 1}, or -1 for empty."
            )


def _maps(frame: pl.DataFrame, first: int) -> pl.DataFrame:
    numbers = pl.Series("participant", np.arange(first + 1, first + frame.height + 1))
    maps = frame.select(numbers, *(name for name in _OF_MAP if name in frame.columns and name != "participant"))
    if "participant" in frame.columns:
        maps = maps.with_columns(frame["participant"])
    without = {"participant": pl.lit(0), "wave": pl.lit(1, dtype=pl.Int64), "state": pl.lit("everyday")}
    maps = maps.with_columns(**{name: value for name, value in without.items() if name not in maps.columns})
    if maps.schema["state"] != pl.String:
        raise FormatError(f"The column 'state' holds words: {', '.join(MAP_STATES)}.")
    return maps.with_columns(pl.col("wave").cast(pl.Int64)).select(*without, pl.exclude(*without))


def _of_maps(frame: pl.DataFrame, name: str, empty: Any) -> np.ndarray:
    return frame[name].to_numpy() if name in frame.columns else np.broadcast_to(np.array(empty), (frame.height,))


def _asked(frame: pl.DataFrame, columns: Mapping[str, np.ndarray], of_support: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Column → whether it was asked: as the rows say, else whether there is such a column."""
    asked = {name: _of_maps(frame, f"asked_{name}", name in columns) for name in (*_EMPTY, "conditional_on")}
    asked["supports"] = _of_maps(frame, "asked_supports", bool(of_support))
    asked["sufficiency"] = _of_maps(frame, "asked_sufficiency", "support_sufficiency" in of_support)
    asked[_ALTER_TIES] = _of_maps(frame, "asked_alter_ties", 2).astype(np.int64)
    return asked


def _supports(
    lists: Mapping[str, pl.Series],
    frame: pl.DataFrame,
    where: str,
    first: int,
    sizes: np.ndarray,
    start: np.ndarray,
    about: Mapping[str, Any],
) -> dict[str, np.ndarray]:
    lengths, found = _unlisted(lists, frame, where, first)
    values = {name.removeprefix("support_"): column for name, column in found.items()}
    _check_codes(values, about, where.partition(",")[0])
    tie = values.get("tie", np.zeros(0)).astype(np.int64)
    if tie.size and not ((tie >= 0) & (tie < np.repeat(sizes, lengths))).all():
        raise FormatError(f"{where.format(row=f'{first + 1:,}')} or after: a support names a tie that is not on its map.")
    own = np.repeat(start, lengths)
    supports = {name: _filled(values.get(name), empty, tie.size) for name, empty in _OF_SUPPORTS.items()}
    supports["tie"] = tie + own
    if "via" in values:
        supports["via"] = np.where(values["via"] < 0, -1, values["via"] + own)
    return supports
