"""A cohort as files: Parquet, one row a map, what belongs to a map in lists of numbers. See docs/cohort-files.md.

Nothing here is longer than a part: a cohort of millions of maps is written, read and measured some thousands of maps at a time.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from kithwork.cohort.columns import CODES, Attribute, Cohort, Policy
from kithwork.cohort.rows import cohort_of_rows
from kithwork.model.errors import FormatError, StudyError

DESCRIPTION = "cohort.json"
MAPS_A_PART = 20_000
MAPS_A_FILE = 100_000
VERSION = 1


@dataclass(frozen=True)
class Part:
    """Some maps of one file."""

    file: Path
    first: int
    count: int


@dataclass(frozen=True)
class CohortFiles:
    """A folder of Parquet files in the order of their names; `about` is what its description says, as `Cohort` fields."""

    folder: Path
    parts: tuple[Part, ...]
    about: Mapping[str, Any] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)

    def __len__(self) -> int:
        return sum(part.count for part in self.parts)

    def read(self, part: Part) -> Cohort:
        """The maps of a part as a cohort that names its columns as every other part does."""
        frame = _scan(part.file).slice(part.first, part.count).collect()
        return cohort_of_rows(frame, self.about, self.policy, part.file.name, part.first)


def is_cohort(folder: Path) -> bool:
    """Whether a folder (or a single file) holds maps as rows of lists."""
    files = _files(folder)
    return bool(files) and any(_is_list(kind) for kind in _schema(files[0]).values())


def open_cohort(folder: Path, by: Iterable[str] = (), policy: Policy | None = None, maps_a_part: int = MAPS_A_PART) -> CohortFiles:
    """A cohort on disk, in parts, its columns known and none of its rows read.

    by  names of integer list columns to sort alters by, besides the attributes its description names
    Raises `FormatError` where the folder holds no such file, or its files differ in their columns.
    """
    files = _files(folder)
    if not files:
        raise FormatError(f"'{folder.name}' holds no .parquet file.")
    first = _schema(files[0])
    for file in files[1:]:
        if {name: _is_list(kind) for name, kind in _schema(file).items()} != {name: _is_list(kind) for name, kind in first.items()}:
            raise FormatError(f"'{file.name}' has other columns than '{files[0].name}'; a cohort's files are alike.")
    if not any(_is_list(kind) for kind in first.values()):
        raise FormatError(f"'{files[0].name}' has no column of lists; a cohort has a row a map and lists of numbers in it.")
    parts = []
    for file in files:
        maps = _scan(file).select(pl.len()).collect().item()
        parts += [Part(file, at, min(maps_a_part, maps - at)) for at in range(0, maps, maps_a_part)]
    about = _described(folder) or _looked_through(files, first)
    about["attributes"] = (*about.get("attributes", ()), *_attributes(files, first, by, about))
    return CohortFiles(folder, tuple(parts), about, policy or Policy())


def write_cohort(cohort: Cohort, folder: Path, maps_a_file: int = MAPS_A_FILE) -> list[str]:
    """Write a cohort into a folder, numbers and pseudonyms only; the names of the files written."""
    from kithwork.cohort.rows import rows_of_cohort

    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for number, part in enumerate(cohort.parts(maps_a_file)):
        names.append(f"maps-{number:05}.parquet")
        write_rows(rows_of_cohort(part), folder / names[-1])
    describe(cohort, folder)
    return [*names, DESCRIPTION]


def write_rows(frame: pl.DataFrame, path: Path) -> None:
    """One file of rows, whole or not at all, readable by its owner alone, in groups that are read one by one."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        frame.write_parquet(part, row_group_size=MAPS_A_PART)
        part.replace(path)
    except OSError as error:
        raise StudyError(f"'{path.name}' cannot be written: {error.strerror}; choose another folder.") from None


def describe(cohort: Cohort, folder: Path) -> None:
    """Write what the rows cannot say of themselves: what their codes mean, and what the whole cohort has."""
    said = {
        "kithwork_cohort": VERSION,
        "maps": len(cohort),
        "codes": {name: list(codes) for name, codes in CODES.items()},
        "wave_positions": list(cohort.wave_positions),
        "rings": cohort.rings,
        "roles": list(cohort.roles),
        "role_groups": list(cohort.role_groups),
        "support_types": list(cohort.support_types),
        "scheme": cohort.scheme.tolist(),
        "relations": list(cohort.relations),
        "most_weight": None if np.isnan(cohort.most_weight) else float(cohort.most_weight),
        "dropped": dict(cohort.dropped),
        "attributes": [
            {"name": a.name, "label": a.label, "categories": list(a.categories), "labels": list(a.labels), "is_number": a.is_number}
            for a in cohort.attributes
        ],
    }
    (folder / DESCRIPTION).write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder] if folder.suffix == ".parquet" else []
    return sorted(path for path in folder.glob("*.parquet") if not path.name.startswith("."))


def _scan(file: Path) -> pl.LazyFrame:
    return pl.scan_parquet(file, glob=False)


def _schema(file: Path) -> dict[str, Any]:
    try:
        return dict(pl.read_parquet_schema(file))
    except (pl.exceptions.PolarsError, OSError):
        raise FormatError(f"'{file.name}' is not a Parquet file, or is damaged.") from None


def _described(folder: Path) -> dict[str, Any] | None:
    path = (folder if folder.is_dir() else folder.parent) / DESCRIPTION
    if not path.is_file():
        return None
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["kithwork_cohort"] != VERSION or said["codes"] != {name: list(codes) for name, codes in CODES.items()}:
            raise FormatError(f"'{DESCRIPTION}' describes a cohort of another version of Kithwork; export the study again.")
        most = said["most_weight"]
        return {
            **{name: tuple(said[name]) for name in ("wave_positions", "roles", "role_groups", "support_types", "relations")},
            "rings": int(said["rings"]),
            "scheme": np.array(said["scheme"], dtype=np.int64),
            "most_weight": np.nan if most is None else float(most),
            "attributes": tuple(
                Attribute(a["name"], a["label"], tuple(a["categories"]), tuple(a["labels"]), bool(a["is_number"]), None)
                for a in said["attributes"]
            ),
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FormatError(f"'{DESCRIPTION}' is not the description of a cohort; remove it, or export the study again.") from None


def _looked_through(files: list[Path], schema: Mapping[str, Any]) -> dict[str, Any]:
    """What a description would say, where another program wrote the files: read once, column by column."""
    rings = _most(files, "circle") if "circle" in schema else 0
    waves = {wave for file in files for wave in _scan(file).select(pl.col("wave").unique()).collect()["wave"]} if "wave" in schema else {1}
    about: dict[str, Any] = {"rings": rings, "wave_positions": tuple(sorted(waves - {None}))}
    if "weight" in schema:
        most = pl.col("weight").list.eval(pl.element().cast(pl.Float64).fill_nan(None)).list.max().max()
        found = [_scan(file).select(most).collect(engine="streaming").item() for file in files]
        about["most_weight"] = max((weight for weight in found if weight is not None), default=np.nan)
    return about


def _attributes(files: list[Path], schema: Mapping[str, Any], by: Iterable[str], about: Mapping[str, Any]) -> Iterator[Attribute]:
    known = {attribute.name for attribute in about.get("attributes", ())}
    lists = [name for name, kind in schema.items() if _is_list(kind)]
    for name in dict.fromkeys(by):
        if name in known:
            continue
        if name not in lists:
            raise FormatError(f"The cohort has no list column '{name}' to sort alters by; it has {', '.join(lists)}.")
        rings = tuple(str(ring) for ring in range(1, about.get("rings", 0) + 1))
        listed = {**CODES, "role": about.get("roles", ()), "role_group": about.get("role_groups", ()), "circle": rings}
        if name in listed:
            yield Attribute(name, name.replace("_", " "), listed[name], listed[name], False, None)
            continue
        is_number = not schema[name].inner.is_integer()
        codes = () if is_number else tuple(str(code) for code in range(_most(files, name) + 1))
        yield Attribute(name, name.replace("_", " "), codes, codes, is_number, None)


def _most(files: list[Path], name: str) -> int:
    """The largest number in a list column, read through once."""
    return max(int(_scan(file).select(pl.col(name).list.max().max()).collect(engine="streaming").item() or 0) for file in files)


def _is_list(kind: Any) -> bool:
    return isinstance(kind, pl.List)
