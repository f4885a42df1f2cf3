"""egor's three files, too large to be read whole, as a cohort on disk: some thousands of egos at a time.

Circles, kinds, weights and ids are all that is read; what `formats/egor.py` leaves out or merges is left out or merged here.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from kithwork.formats.attributes import EMPTY
from kithwork.formats.egor.files import part_of, roles_of
from kithwork.formats.egor.waves import wave_column
from kithwork.formats.egor.wide import wide_columns
from kithwork.formats.sheets import MOST_CELLS, MOST_ROWS, Sheet, read_header
from kithwork.formats.sources import LARGEST_FILE, Source
from kithwork.model.errors import FormatError
from kithwork.model.schema import KINDS

EGOS_AT_A_TIME = 20_000
_CHUNK = 2**24


def large_files(folder: Path) -> dict[str, tuple[Path, Sheet, dict[str, str]]] | None:
    """The files by their part, where they are egor's and one cannot be read whole; else None.

    Raises `FormatError` where such files are laid out as only a whole reading understands.
    """
    found: dict[str, tuple[Path, Sheet, dict[str, str]]] = {}
    is_large = False
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.suffix.lower() not in (".csv", ".tsv", ".txt") or path.name.startswith("."):
            continue
        with path.open("rb") as file:
            sheet = read_header(Source(path.name, file.read(200_000)))
        ids = roles_of(sheet.header, {})
        is_large = is_large or _is_large(path, len(sheet.header))
        if "ego" in ids and part_of(ids) not in found:
            found[part_of(ids)] = path, sheet, ids
    if not is_large or "alters" not in found:
        return None
    for path, sheet, ids in found.values():
        if wave_column(sheet.header, None)[1] or wide_columns(sheet.header, ids).columns:
            raise FormatError(
                f"'{path.name}' is too large to be read whole, and holds several waves or columns an alter; import it in parts."
            )
    return found


def _is_large(path: Path, columns: int) -> bool:
    if path.stat().st_size > LARGEST_FILE:
        return True
    if path.stat().st_size < MOST_ROWS:
        return False
    with path.open("rb") as file:
        rows = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))
    return rows > MOST_ROWS or rows * columns > MOST_CELLS


def write_large(files: Mapping[str, tuple[Path, Sheet, dict[str, str]]], folder: Path) -> None:
    """The cohort's Parquet files, and nothing that was made on the way."""
    scratch = folder / ".columns"
    scratch.mkdir(mode=0o700)
    columns = {which: _columns(path, sheet, ids, scratch / f"{which}.parquet") for which, (path, sheet, ids) in files.items()}
    egos = columns.get("egos", columns["alters"]).select("ego").drop_nulls().unique(maintain_order=True).collect(engine="streaming")
    for number, block in enumerate(egos.iter_slices(EGOS_AT_A_TIME)):
        path = folder / f"maps-{number:05}.parquet"
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _maps(block, columns).write_parquet(path, row_group_size=EGOS_AT_A_TIME)
    for made in scratch.iterdir():
        made.unlink()
    scratch.rmdir()


def _columns(path: Path, sheet: Sheet, ids: Mapping[str, str], made: Path) -> pl.LazyFrame:
    """The columns that count, under our names, as Parquet, which is looked through again and again."""
    wanted = {ids[role]: role for role in ("ego", "alter", "source", "target", "weight") if role in ids}
    wanted |= {name: name for name in ("kind", "circle") if name in sheet.header and part_of(dict(ids)) == "alters"}
    try:
        whole = pl.scan_csv(path, separator=sheet.delimiter, infer_schema=False, encoding="utf8-lossy", null_values=list(EMPTY))
        whole = whole.select(pl.col(name).str.strip_chars().alias(role) for name, role in wanted.items())
        keys = [pl.col(role) for role in ("ego", "alter", "source", "target") if role in wanted.values()]
        # 1.0 and 01 are 1, as where files are read whole
        whole.with_columns(_as_one(key) for key in keys).sink_parquet(made)
    except pl.exceptions.PolarsError:
        raise FormatError(f"'{path.name}' cannot be read as a table; check it for open quotes and rows of other lengths.") from None
    return pl.scan_parquet(made, glob=False)


def _as_one(key: pl.Expr) -> pl.Expr:
    number = key.cast(pl.Float64, strict=False)
    is_whole = number.is_not_null() & (number == number.floor()) & (number.abs() < 2**53)
    return pl.when(is_whole).then(number.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(key)


def _maps(block: pl.DataFrame, columns: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    """The rows of some egos: an alter and a pair once, in the order of the files."""
    here = block.lazy()
    alters = columns["alters"].join(here, on="ego", how="semi", maintain_order="left").drop_nulls("alter")
    alters = alters.unique(["ego", "alter"], keep="first", maintain_order=True)
    alters = alters.with_columns(place=pl.int_range(pl.len(), dtype=pl.Int32).over("ego")).collect().lazy()
    lists = [alters.group_by("ego").agg(*_of_alters(alters))]
    empty = [pl.col(name).fill_null([]) for name in lists[0].collect_schema().names()[1:]]
    if "alter_ties" in columns:
        ties = columns["alter_ties"].join(here, on="ego", how="semi", maintain_order="left")
        for end, name in (("source", "u"), ("target", "v")):
            ends = alters.select("ego", pl.col("alter").alias(end), pl.col("place").alias(name))
            ties = ties.join(ends, on=["ego", end], maintain_order="left")
        pair = {"low": pl.min_horizontal("u", "v"), "high": pl.max_horizontal("u", "v")}
        ties = ties.with_columns(**pair).unique(["ego", *pair], keep="first", maintain_order=True)
        number = pl.col("weight").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        weight = [pl.when(number >= 0).then(number).alias("weight")] if "weight" in ties.collect_schema().names() else []
        lists.append(ties.group_by("ego", maintain_order=True).agg("u", "v", *weight))
        empty += [pl.col(name).fill_null([]) for name in ("u", "v", *(["weight"] if weight else []))]
    rows = here.rename({"ego": "participant"})
    for each in lists:
        rows = rows.join(each, left_on="participant", right_on="ego", how="left", maintain_order="left")
    asked = pl.lit(2 if "alter_ties" in columns else 0, dtype=pl.Int8).alias("asked_alter_ties")
    return rows.with_columns(*empty, asked).collect()


def _of_alters(alters: pl.LazyFrame) -> list[pl.Expr]:
    """Lists of the alters' length: kinds where the file has ours, people otherwise; circles where it has whole numbers."""
    names = alters.collect_schema().names()
    codes = {kind: code for code, kind in enumerate(KINDS)}
    none = pl.col("place") * 0
    kind = pl.col("kind").replace_strict(codes, default=0, return_dtype=pl.Int8) if "kind" in names else none
    circle = pl.col("circle").cast(pl.Int32, strict=False).fill_null(0).clip(0) if "circle" in names else none
    return [kind.cast(pl.Int8).alias("kind"), circle.cast(pl.Int32).alias("circle")]
