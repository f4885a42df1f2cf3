"""Numbers as something to count by: intervals whose keys carry their bounds, so that a key alone says what it holds.

`[2,5)` is 2 to under 5, `[2,5]` 2 to 5, `[,2)` under 2, `[5,]` 5 and more, `[3,3]` just 3.
"""

import itertools
import math
import re
from collections.abc import Iterable, Sequence

from kithwork.model.errors import SelectionError

FEW = 12  # different numbers, up to which each is shown by itself where no cut points are given
MOST = 30  # cut points; a table of more cannot be read
_NUMBER = r"-?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|inf)"
_KEY = re.compile(rf"\[({_NUMBER})?,({_NUMBER})?([\])])", re.IGNORECASE)


def plain(value: float) -> str:
    """A number as it stands in a key: whole ones without a point, others so that nothing of them is lost."""
    return str(int(value)) if math.isfinite(value) and value == int(value) and abs(value) < 1e15 else repr(float(value))


def between(low: float | None, high: float | None, *, is_closed: bool = True) -> str:
    """The key of the numbers from `low` to `high`, the upper bound in it where it is closed; an end that is None stays open."""
    return f"[{'' if low is None else plain(low)},{'' if high is None else plain(high)}{']' if is_closed else ')'}"


def just(value: float) -> str:
    """The key of one number."""
    return between(value, value)


def bounds(key: str) -> tuple[float, float, bool] | None:
    """Lower and upper bound, and whether the upper one is in it; None for a key of something else."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    return float(found[1] or -math.inf), float(found[2] or math.inf), found[3] == "]"


def holds(key: str, value: float) -> bool:
    """Whether the interval of a key holds a number."""
    found = bounds(key)
    return found is not None and found[0] <= value and (value < found[1] or (found[2] and value == found[1]))


def in_words(key: str) -> str | None:
    """The bounds for people; None for a key of something else."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    low, high = (_shown(float(one)) if one else None for one in found.groups()[:2])
    if found[1] == found[2]:
        return low or "any number"
    if low is None:
        return f"{'up to' if found[3] == ']' else 'under'} {high}"
    if high is None:
        return f"{low} and more"
    return f"{low} to {high}" if found[3] == "]" else f"{low} to under {high}"


def _shown(value: float) -> str:
    if math.isfinite(value) and value == int(value):
        return f"{int(value):,}" if abs(value) >= 10_000 else str(int(value))
    return f"{value:.6g}"


def number_of(text: str) -> float | None:
    """A bound as a person types it; None for nothing. Raises `SelectionError` for what is no number."""
    word = text.strip()
    if word and (not re.fullmatch(_NUMBER, word, re.IGNORECASE) or not math.isfinite(float(word))):
        raise SelectionError("A bound is a number, such as 3 or 2.5; leave it empty for no bound.")
    return float(word) if word else None


def cut_points(text: str) -> tuple[float, ...]:
    """Cut points as a person types them, `0, 5, 10`, in order; none for nothing. Raises `SelectionError` for what is no number."""
    words = [word for word in re.split(r"[\s,;]+", text.strip()) if word]
    if any(not re.fullmatch(_NUMBER, word, re.IGNORECASE) or not math.isfinite(float(word)) for word in words):
        raise SelectionError("Cut points are numbers with commas between them, such as 0, 5, 10; a decimal has a point, such as 2.5.")
    points = tuple(sorted({float(word) for word in words}))
    if len(points) > MOST:
        raise SelectionError(f"There are {len(points)} cut points; at most {MOST} make a table that can be read.")
    return points


def members(values: Iterable[float], points: Sequence[float] = ()) -> dict[str, str]:
    """Key → label of the intervals that numbers are counted in, from the lowest.

    points  cut points; each begins an interval, below the first and from the last on all is open. Left out: each number by itself
            where few differ, else the quarters of `values`, from the lowest to the highest of them.
    """
    if points:
        keys = [between(None, points[0], is_closed=False)]
        keys += [between(low, high, is_closed=False) for low, high in itertools.pairwise(points)]
        return _labelled([*keys, between(points[-1], None)])
    ordered = sorted(values)
    different = sorted(set(ordered))
    if len(different) <= FEW:
        return _labelled([just(value) for value in different])
    # a quarter begins at a number that occurs; where many have the lowest, the first interval holds just those
    quarters = [max(ordered[place * len(ordered) // 4], different[1]) for place in (1, 2, 3)]
    ends = [different[0], *sorted(set(quarters)), different[-1]]
    keys = [between(low, high, is_closed=False) for low, high in itertools.pairwise(ends[:-1])]
    return _labelled([*keys, between(ends[-2], ends[-1])])


def _labelled(keys: Iterable[str]) -> dict[str, str]:
    return {key: in_words(key) or key for key in keys}
