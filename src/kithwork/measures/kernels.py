"""The loops of the compiled engine: one pass over the ties and alter ties of each map. Imported only where numba is installed.

Alters of a map are rows of bits, one bit an alter: whom two alters are both joined to is one `and`, how many one count of bits.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numba
import numpy as np
import platformdirs
from numba.core import types
from numba.extending import intrinsic

ONE_WORD = 64  # alters whose bits fit in one word


@contextlib.contextmanager
def _kept_compiled() -> Iterator[bool]:
    """Whether compiled code can be kept between runs: in the person's own cache folder, never beside the source."""
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or Path(platformdirs.user_cache_dir("kithwork", appauthor=False)) / "compiled")
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            is_writable = True
    except OSError:
        is_writable = False
    numba.config.CACHE_DIR = str(folder) if is_writable else before  # type: ignore[attr-defined]
    try:
        yield is_writable
    finally:
        numba.config.CACHE_DIR = before  # type: ignore[attr-defined]


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled when first called. Threads may run it side by side: it holds no lock and writes only its own rows."""
    with _kept_compiled() as is_kept:
        return numba.njit(nogil=True, cache=is_kept, error_model="numpy")(function)


def _count_bits(typing: Any, word: Any) -> Any:
    """How many bits of a word are set."""

    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), build


def _find_lowest(typing: Any, word: Any) -> Any:
    """The place of the lowest bit that is set; the word must not be 0."""

    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        from llvmlite import ir

        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), build


_bits: Any = intrinsic(_count_bits)  # one instruction each
_lowest: Any = intrinsic(_find_lowest)


@_compiled
def kinds_of_maps(first: int, last: int, offsets: np.ndarray, kind: np.ndarray, place: np.ndarray, counts: np.ndarray) -> None:
    """Ties of each kind in scope on maps first..last − 1, into counts[map, place of the kind]."""
    for at in range(first, last):
        for tie in range(offsets[at], offsets[at + 1]):
            counts[at, place[kind[tie]]] += 1


@_compiled
def links_by_category(first: int, last: int, offsets: np.ndarray, links: np.ndarray, values: np.ndarray, counts: np.ndarray) -> None:
    """Alter ties of maps first..last − 1 within and across categories, into counts[map]; those of alters without one are left out."""
    for at in range(first, last):
        within = 0
        known = 0
        for link in range(offsets[at], offsets[at + 1]):  # without branches: which way they go cannot be guessed
            u, v = values[links[link, 0]], values[links[link, 1]]
            is_known = (u >= 0) & (v >= 0)
            known += is_known
            within += is_known & (u == v)
        counts[at, 0] = within
        counts[at, 1] = known - within


@_compiled
def structure_of_maps(
    first: int,
    last: int,
    offsets: np.ndarray,
    link_offsets: np.ndarray,
    links: np.ndarray,
    inverse: np.ndarray,
    with_between: bool,
    found: np.ndarray,
) -> None:
    """Structure of maps first..last − 1, into found[map]: isolates, components, largest component, Σ reach², betweenness, closed
    triads, largest degree, Σ degree², and ordered pairs of alters that reach each other.

    inverse[k] is 1 / k. A map of more than 64 alters takes several words a row.
    """
    rows = np.zeros(ONE_WORD, dtype=np.uint64)
    reach = np.ones(ONE_WORD)
    one = np.uint64(1)
    none = np.uint64(0)
    for at in range(first, last):
        start = offsets[at]
        size = offsets[at + 1] - start
        if size > ONE_WORD:
            _large_map(start, size, links[link_offsets[at] : link_offsets[at + 1]], inverse, with_between, found[at])
            continue
        for link in range(link_offsets[at], link_offsets[at + 1]):
            u, v = links[link, 0] - start, links[link, 1] - start
            rows[u] |= one << np.uint64(v)
            rows[v] |= one << np.uint64(u)
        for alter in range(size):
            reach[alter] = inverse[_bits(rows[alter]) + one]
        squares = 0.0
        isolates = 0
        closed = none
        most = none
        degrees = none
        for alter in range(size):
            mine = rows[alter]
            degree = _bits(mine)
            most = max(most, degree)
            degrees += degree * degree
            isolates += mine == none
            rest = mine
            sum_reached = 1.0
            while rest != none:
                other = _lowest(rest)
                sum_reached += reach[other]
                closed += _bits(mine & rows[other])
                rest &= rest - one
            squares += sum_reached * sum_reached
        left = (one << np.uint64(size)) - one if size < ONE_WORD else ~none
        between = 0.0
        if with_between:
            everyone = left
            for alter in range(size):
                mine = rows[alter]
                rest = everyone & ~mine & ~((one << np.uint64(alter)) | ((one << np.uint64(alter)) - one))
                while rest != none:  # those after this alter who are not joined to it
                    between += inverse[_bits(mine & rows[_lowest(rest)]) + one]
                    rest &= rest - one
        components = 0
        largest = none
        reachable = none
        while left != none:
            part = left & (~left + one)
            fresh = part
            while fresh != none:
                near = rows[_lowest(fresh)] & ~part
                fresh = (fresh & (fresh - one)) | near
                part |= near
            components += 1
            count = _bits(part)
            largest = max(largest, count)
            reachable += count * (count - one)
            left &= ~part
        found[at, 0] = isolates
        found[at, 1] = components
        found[at, 2] = largest
        found[at, 3] = squares
        found[at, 4] = between
        found[at, 5] = closed // np.uint64(6)
        found[at, 6] = most
        found[at, 7] = degrees
        found[at, 8] = reachable
        rows[:size] = none


@_compiled
def _large_map(start: int, size: int, links: np.ndarray, inverse: np.ndarray, with_between: bool, found: np.ndarray) -> None:
    """The same for one map of any size."""
    one = np.uint64(1)
    none = np.uint64(0)
    words = (size + 63) // 64
    rows = np.zeros((size, words), dtype=np.uint64)
    degree = np.zeros(size, dtype=np.int64)
    for link in range(links.shape[0]):
        u, v = links[link, 0] - start, links[link, 1] - start
        rows[u, v >> 6] |= one << np.uint64(v & 63)
        rows[v, u >> 6] |= one << np.uint64(u & 63)
        degree[u] += 1
        degree[v] += 1
    reach = np.ones(size)
    for link in range(links.shape[0]):
        u, v = links[link, 0] - start, links[link, 1] - start
        reach[u] += inverse[degree[v] + 1]
        reach[v] += inverse[degree[u] + 1]
    between = 0.0
    if with_between:
        for u in range(size):
            for v in range(u + 1, size):
                if not (rows[u, v >> 6] >> np.uint64(v & 63)) & one:
                    shared = none
                    for word in range(words):
                        shared += _bits(rows[u, word] & rows[v, word])
                    between += inverse[shared + one]
    found[0] = (degree == 0).sum()
    found[1], found[2], found[8] = _large_components(rows)
    found[3] = (reach * reach).sum()
    found[4] = between
    closed = none
    for link in range(links.shape[0]):
        u, v = links[link, 0] - start, links[link, 1] - start
        for word in range(words):
            closed += _bits(rows[u, word] & rows[v, word])
    found[5] = closed // np.uint64(3)
    found[6] = degree.max()
    found[7] = (degree * degree).sum()


@_compiled
def _large_components(rows: np.ndarray) -> tuple[int, int, int]:
    """How many components, the size of the largest, and ordered pairs that reach each other."""
    one = np.uint64(1)
    none = np.uint64(0)
    size, words = rows.shape
    seen = np.zeros(size, dtype=np.bool_)
    waiting = np.zeros(size, dtype=np.int64)
    components = 0
    largest = 0
    reachable = 0
    for alter in range(size):
        if seen[alter]:
            continue
        seen[alter] = True
        waiting[0] = alter
        done, known = 0, 1
        while done < known:
            mine = rows[waiting[done]]
            done += 1
            for word in range(words):
                rest = mine[word]
                while rest != none:
                    other = word * 64 + np.int64(_lowest(rest))
                    rest &= rest - one
                    if not seen[other]:
                        seen[other] = True
                        waiting[known] = other
                        known += 1
        components += 1
        largest = max(largest, known)
        reachable += known * (known - 1)
    return components, largest, reachable
