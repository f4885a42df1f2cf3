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
NONE, ONE, TWO, THREE = (np.uint64(number) for number in range(4))  # places too are unsigned: nothing is counted from the end


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
def words_of_maps(
    first: int, last: int, offsets: np.ndarray, link_offsets: np.ndarray, u: np.ndarray, v: np.ndarray, words: np.ndarray
) -> None:
    """Whom each alter of maps first..last − 1 is joined to, into words[tie], bit k being alter k of its map; maps that fit only."""
    for at in range(first, last):
        start = np.uint64(offsets[at])
        if offsets[at + 1] - offsets[at] > ONE_WORD:
            continue
        for tie in range(offsets[at], offsets[at + 1]):
            words[tie] = NONE
        for link in range(link_offsets[at], link_offsets[at + 1]):
            low, high = np.uint64(u[link]), np.uint64(v[link])
            words[low] |= ONE << (high - start)
            words[high] |= ONE << (low - start)


@_compiled
def kinds_of_maps(
    first: int, last: int, offsets: np.ndarray, kind: np.ndarray, place: np.ndarray, counts: np.ndarray, squares: np.ndarray
) -> None:
    """Ties of each kind in scope on maps first..last − 1, into counts[place of the kind, map], and the sum of their squares.

    place[kind] is where a kind is counted; its last is for all others, which are counted after all those in scope and left out.
    """
    members = np.zeros(counts.shape[0] + 1, dtype=np.int64)
    unknown = np.uint64(place.size - 1)
    for at in range(first, last):
        for tie in range(offsets[at], offsets[at + 1]):
            members[place[min(np.uint64(kind[tie]), unknown)]] += 1  # −1 is the largest of unsigned numbers
        sum_of_squares = 0
        for member in range(counts.shape[0]):
            counts[member, at] = members[member]
            sum_of_squares += members[member] * members[member]
        squares[at] = sum_of_squares
        members[:] = 0


@_compiled
def links_by_category(
    first: int,
    last: int,
    offsets: np.ndarray,
    link_offsets: np.ndarray,
    u: np.ndarray,
    v: np.ndarray,
    words: np.ndarray,
    values: np.ndarray,
    categories: int,
    found: np.ndarray,
) -> None:
    """Maps first..last − 1, into found[:, map]: alter ties within and across categories, pairs of alters within and across them.

    Alters without a category, −1, are left out.
    """
    members = np.zeros(categories + 1, dtype=np.uint64)  # who is in each category, as bits; last those in none
    none = np.uint64(categories)
    for at in range(first, last):
        size = offsets[at + 1] - offsets[at]
        if size > ONE_WORD:
            ties, links = slice(offsets[at], offsets[at + 1]), slice(link_offsets[at], link_offsets[at + 1])
            _large_map_by_category(u[links] - offsets[at], v[links] - offsets[at], values[ties], categories, found[:, at])
            continue
        start = np.uint64(offsets[at])
        for alter in range(np.uint64(size)):
            members[min(np.uint64(values[start + alter]), none)] |= ONE << alter  # −1 is the largest of unsigned numbers
        unknown = members[none]
        members[none] = NONE
        told = np.uint64(size) - _bits(unknown)
        pairs_within = NONE
        for category in range(categories):
            count = _bits(members[category])
            pairs_within += count * (count - ONE)
        within = NONE
        known = NONE
        for alter in range(np.uint64(size)):
            mine = words[start + alter]
            within += _bits(mine & members[min(np.uint64(values[start + alter]), none)])
            known += _bits(mine & ~unknown) & (((unknown >> alter) & ONE) - ONE)  # 0 − 1 has all bits set
        members[:] = NONE
        found[0, at] = within // TWO
        found[1, at] = (known - within) // TWO
        found[2, at] = pairs_within // TWO
        found[3, at] = (told * (told - ONE) - pairs_within) // TWO


@_compiled
def _large_map_by_category(u: np.ndarray, v: np.ndarray, values: np.ndarray, categories: int, found: np.ndarray) -> None:
    """The same for one map of any size."""
    members = np.zeros(categories, dtype=np.int64)
    for value in values:
        if 0 <= value < categories:
            members[value] += 1
    within, known = 0, 0
    for link in range(u.size):
        one, other = values[u[link]], values[v[link]]
        if 0 <= one < categories and 0 <= other < categories:
            known += 1
            within += one == other
    told = members.sum()
    pairs_within = (members * (members - 1)).sum() // 2
    found[0] = within
    found[1] = known - within
    found[2] = pairs_within
    found[3] = told * (told - 1) // 2 - pairs_within


@_compiled
def structure_of_maps(
    first: int,
    last: int,
    offsets: np.ndarray,
    link_offsets: np.ndarray,
    u: np.ndarray,
    v: np.ndarray,
    words: np.ndarray,
    inverse: np.ndarray,
    with_pairs: bool,
    found: np.ndarray,
) -> None:
    """Structure of maps first..last − 1, into found[:, map]: isolates, components, largest component, Σ reach², betweenness, closed
    triads, largest degree, Σ degree², and ordered pairs of alters that reach each other.

    inverse[k] is 1 / k, and inverse[0] is 0. Betweenness and triads are counted `with_pairs` only.
    A map of more than 64 alters takes several words a row.
    """
    reach = np.zeros(ONE_WORD)
    for at in range(first, last):
        start = offsets[at]
        size = offsets[at + 1] - start
        if size > ONE_WORD:
            own = slice(link_offsets[at], link_offsets[at + 1])
            _large_map(size, u[own] - start, v[own] - start, inverse, with_pairs, found[:, at])
            continue
        rows = words[start : start + size]
        _pairs(rows, reach, inverse, with_pairs, found, at)
        _components(rows, found, at)


@_part
def _pairs(rows: np.ndarray, reach: np.ndarray, inverse: np.ndarray, with_pairs: bool, found: np.ndarray, at: int) -> None:
    """What follows from whom each alter, and each two alters, are joined to. Without branches, as nobody can guess who is joined.

    With r = 1 / (degree + 1), alter i reaches 1 + Σ r of those it is joined to, and the squares of that come to
    n + Σ (1 − r)(2 + r) + 2 Σ r r' s over all pairs, s being how many the two are both joined to. Those s are also triads where the
    two are joined, else ways between them beside ego.
    """
    isolates = NONE
    most = NONE
    squares = NONE
    closed = NONE
    between = 0.0
    reached = np.float64(rows.size)
    for alter in range(np.uint64(rows.size)):
        mine = rows[alter]
        degree = _bits(mine)
        isolates += np.uint64(degree == NONE)
        most = max(most, degree)
        squares += degree * degree
        own_reach = inverse[degree + ONE]
        reach[alter] = own_reach
        reached_twice = 0.0
        ways = 0.0
        for other in range(alter):
            shared = _bits(mine & rows[other])
            reached_twice += reach[other] * np.float64(shared)
            if with_pairs:
                is_joined = (mine >> other) & ONE
                closed += shared & (NONE - is_joined)  # 0 − 1 has all bits set
                ways += inverse[(shared + ONE) & (is_joined - ONE)]
        reached += (1 - own_reach) * (2 + own_reach) + 2 * own_reach * reached_twice
        between += ways
    found[0, at] = isolates
    found[3, at] = reached
    found[4, at] = between
    found[5, at] = closed // THREE
    found[6, at] = most
    found[7, at] = squares


@_part
def _components(rows: np.ndarray, found: np.ndarray, at: int) -> None:
    """Parts grown from their first alter until nobody new is joined to them."""
    left = (ONE << np.uint64(rows.size)) - ONE if rows.size < ONE_WORD else ~NONE
    components = 0
    largest = NONE
    reachable = NONE
    while left != NONE:
        part = left & (~left + ONE)
        fresh = part
        while fresh != NONE and part != left:  # nobody can be new once all are in
            near = rows[_lowest(fresh)] & ~part
            fresh = (fresh & (fresh - ONE)) | near
            part |= near
        components += 1
        count = _bits(part)
        largest = max(largest, count)
        reachable += count * (count - ONE)
        left &= ~part
    found[1, at] = components
    found[2, at] = largest
    found[8, at] = reachable


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
