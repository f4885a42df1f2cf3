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


def _compiled(function: Callable[..., Any], is_part: bool = False) -> Callable[..., Any]:
    """Compiled when first called. Threads may run it side by side: it holds no lock and writes only its own rows.

    Sums may be taken in another order, so that several are added at once; a part is compiled into the loop that calls it.
    """
    with _kept_compiled() as is_kept:
        return numba.njit(nogil=True, cache=is_kept, error_model="numpy", fastmath={"reassoc"}, forceinline=is_part)(function)


def _part(function: Callable[..., Any]) -> Callable[..., Any]:
    return _compiled(function, is_part=True)


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
def kinds_of_maps(
    first: int, last: int, offsets: np.ndarray, kind: np.ndarray, place: np.ndarray, counts: np.ndarray, squares: np.ndarray
) -> None:
    """Ties of each kind in scope on maps first..last − 1, into counts[map, place of the kind], and the sum of their squares.

    The last column gathers what is in no kind, and is not in the sum.
    """
    for at in range(first, last):
        for tie in range(offsets[at], offsets[at + 1]):
            counts[at, place[kind[tie]]] += 1
        for member in range(counts.shape[1] - 1):
            squares[at] += counts[at, member] * counts[at, member]


@_compiled
def links_by_category(
    first: int,
    last: int,
    offsets: np.ndarray,
    link_offsets: np.ndarray,
    u: np.ndarray,
    v: np.ndarray,
    values: np.ndarray,
    categories: int,
    found: np.ndarray,
) -> None:
    """Maps first..last − 1, into found[map]: alter ties within and across categories, pairs of alters within and across them.

    Alters without a category, −1, are left out.
    """
    members = np.zeros(categories, dtype=np.int64)
    for at in range(first, last):
        told = 0
        pairs_within = 0
        for tie in range(offsets[at], offsets[at + 1]):
            value = values[tie]
            if 0 <= value < categories:
                told += 1
                pairs_within += members[value]  # with each of those before
                members[value] += 1
        members[:] = 0
        within = 0
        known = 0
        for link in range(link_offsets[at], link_offsets[at + 1]):  # without branches: which way they go cannot be guessed
            one, other = values[u[link]], values[v[link]]
            is_known = (one >= 0) & (other >= 0)
            known += is_known
            within += is_known & (one == other)
        found[at, 0] = within
        found[at, 1] = known - within
        found[at, 2] = pairs_within
        found[at, 3] = told * (told - 1) // 2 - pairs_within


@_compiled
def structure_of_maps(
    first: int,
    last: int,
    offsets: np.ndarray,
    link_offsets: np.ndarray,
    u: np.ndarray,
    v: np.ndarray,
    inverse: np.ndarray,
    with_pairs: bool,
    found: np.ndarray,
) -> None:
    """Structure of maps first..last − 1, into found[map]: isolates, components, largest component, Σ reach², betweenness, closed
    triads, largest degree, Σ degree², and ordered pairs of alters that reach each other.

    inverse[k] is 1 / k, and inverse[0] is 0. Betweenness and triads look at every pair of alters, and are counted `with_pairs` only.
    A map of more than 64 alters takes several words a row.
    """
    rows = np.zeros(ONE_WORD, dtype=np.uint64)
    reach = np.ones(ONE_WORD)
    one = np.uint64(1)
    none = np.uint64(0)
    for at in range(first, last):
        start = offsets[at]
        size = offsets[at + 1] - start
        if size > ONE_WORD:
            own = slice(link_offsets[at], link_offsets[at + 1])
            _large_map(size, u[own] - start, v[own] - start, inverse, with_pairs, found[at])
            continue
        for link in range(link_offsets[at], link_offsets[at + 1]):
            low, high = u[link] - start, v[link] - start
            rows[low] |= one << np.uint64(high)
            rows[high] |= one << np.uint64(low)
        _degrees(rows[:size], reach, inverse, found[at])
        _components(rows[:size], found[at])
        if with_pairs:
            _pairs(rows[:size], inverse, found[at])
        rows[:size] = none


@_part
def _degrees(rows: np.ndarray, reach: np.ndarray, inverse: np.ndarray, found: np.ndarray) -> None:
    """What follows from the alters that each alter is joined to."""
    one = np.uint64(1)
    none = np.uint64(0)
    isolates = 0
    most = none
    squares = none
    for alter in range(rows.size):
        degree = _bits(rows[alter])
        reach[alter] = inverse[degree + one]
        isolates += degree == none
        most = max(most, degree)
        squares += degree * degree
    reached = 0.0
    for alter in range(rows.size):
        mine = rows[alter]
        sum_reached = 1.0
        for other in range(rows.size):  # all of them, times 0 or 1: quicker than to ask who is joined
            sum_reached += reach[other] * np.float64((mine >> np.uint64(other)) & one)
        reached += sum_reached * sum_reached
    found[0] = isolates
    found[3] = reached
    found[6] = most
    found[7] = squares


@_part
def _components(rows: np.ndarray, found: np.ndarray) -> None:
    """Parts grown from their first alter until nobody new is joined to them."""
    one = np.uint64(1)
    none = np.uint64(0)
    left = (one << np.uint64(rows.size)) - one if rows.size < ONE_WORD else ~none
    components = 0
    largest = none
    reachable = none
    while left != none:
        part = left & (~left + one)
        fresh = part
        while fresh != none and part != left:  # nobody can be new once all are in
            near = rows[_lowest(fresh)] & ~part
            fresh = (fresh & (fresh - one)) | near
            part |= near
        components += 1
        count = _bits(part)
        largest = max(largest, count)
        reachable += count * (count - one)
        left &= ~part
    found[1] = components
    found[2] = largest
    found[8] = reachable


@_part
def _pairs(rows: np.ndarray, inverse: np.ndarray, found: np.ndarray) -> None:
    """Whom two alters are both joined to: triads where the two are joined, else ways between them beside ego. Without branches."""
    one = np.uint64(1)
    none = np.uint64(0)
    between = 0.0
    closed = none
    for alter in range(rows.size):
        mine = rows[alter]
        own = 0.0
        for other in range(alter + 1, rows.size):
            is_joined = (mine >> np.uint64(other)) & one
            shared = _bits(mine & rows[other])
            closed += shared & (none - is_joined)  # 0 − 1 has all bits set
            own += inverse[(shared + one) & (is_joined - one)]
        between += own
    found[4] = between
    found[5] = closed // np.uint64(3)


@_compiled
def _large_map(size: int, u: np.ndarray, v: np.ndarray, inverse: np.ndarray, with_pairs: bool, found: np.ndarray) -> None:
    """The same for one map of any size."""
    one = np.uint64(1)
    words = (size + ONE_WORD - 1) // ONE_WORD
    rows = np.zeros((size, words), dtype=np.uint64)
    degree = np.zeros(size, dtype=np.int64)
    for link in range(u.size):
        low, high = u[link], v[link]
        rows[low, high >> 6] |= one << np.uint64(high & 63)
        rows[high, low >> 6] |= one << np.uint64(low & 63)
        degree[low] += 1
        degree[high] += 1
    reach = np.ones(size)
    for link in range(u.size):
        reach[u[link]] += inverse[degree[v[link]] + 1]
        reach[v[link]] += inverse[degree[u[link]] + 1]
    found[0] = (degree == 0).sum()
    found[1], found[2], found[8] = _large_components(rows)
    found[3] = (reach * reach).sum()
    found[6] = degree.max()
    found[7] = (degree * degree).sum()
    if with_pairs:
        _large_pairs(rows, inverse, found)


@_compiled
def _large_pairs(rows: np.ndarray, inverse: np.ndarray, found: np.ndarray) -> None:
    """Betweenness and closed triads."""
    size, words = rows.shape
    between = 0.0
    closed = 0
    for alter in range(size):
        for other in range(alter + 1, size):
            shared = 0
            for word in range(words):
                shared += np.int64(_bits(rows[alter, word] & rows[other, word]))
            if (rows[alter, other >> 6] >> np.uint64(other & 63)) & np.uint64(1):
                closed += shared
            else:
                between += inverse[shared + 1]
    found[4] = between
    found[5] = closed // 3


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
