"""How long a name may be, where people give one and where a file brings one."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from kithwork.formats.reading import Reading
from kithwork.model.errors import StudyError
from kithwork.model.rows import LONGEST_NAME
from kithwork.model.tables import StudyTables

_NAMES = ("name", "pseudonym", "label")
_DESCRIBED = {"codes": "definition", "themes": "central_idea"}  # table → where the whole of a long name is kept


def check_names(arguments: Mapping[str, Any]) -> None:
    """Raises `StudyError` where a name that somebody gives, however deep inside, is too long to be read as one on a page."""
    waiting: list[Any] = [arguments]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            long = next((name for name in _NAMES if isinstance(part.get(name), str) and len(part[name].strip()) > LONGEST_NAME), None)
            if long:
                raise StudyError(
                    f"A {long} has at most {LONGEST_NAME} characters; choose a shorter one, and put the rest where it is described."
                )
            waiting += part.values()
        elif isinstance(part, (list, tuple)):
            waiting += part


def with_short_names(reading: Reading) -> Reading:
    """The reading with long names of codes and themes shortened, each kept whole before what describes it; told as losses.

    A short name ends in letters that only that long one gives, so that two never become one and reading again gives the same.
    """
    frames, losses = dict(reading.tables.frames), list(reading.losses)
    for table, words in _DESCRIBED.items():
        is_long = pl.col("name").str.len_chars() > LONGEST_NAME
        frame = reading.tables[table]
        number = frame.select(is_long.sum()).item()
        if not number:
            continue
        short = pl.col("name").map_elements(_short, return_dtype=pl.String)
        whole = pl.concat_str("name", words, separator="\n\n", ignore_nulls=True)
        frames[table] = frame.with_columns(
            pl.when(is_long).then(short).otherwise("name").alias("name"), pl.when(is_long).then(whole).otherwise(words).alias(words)
        )
        losses.append(
            f"{number} of the {table} had names of more than {LONGEST_NAME} characters; they are shortened, and the whole name stands "
            f"first in what describes each."
        )
    return replace(reading, tables=StudyTables(frames), losses=losses)


def _short(name: str) -> str:
    return f"{name[: LONGEST_NAME - 20].rstrip()}… {hashlib.sha256(name.encode()).hexdigest()[:8]}"
