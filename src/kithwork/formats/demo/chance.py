"""Chance that repeats: everything random in the demo study comes from one seed, ids included."""

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")
_FIRST_MILLISECOND = 1_704_067_200_000  # 2024-01-01: ids carry a time, and a made-up study has a made-up one


class Chance:
    """Draws from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - it must repeat, not be secret
        self.share = self._random.random
        self.normal = self._random.gauss
        self.between = self._random.uniform
        self.whole = self._random.randint
        self.shuffle = self._random.shuffle
        self.sample = self._random.sample
        self._ids = 0

    def id(self) -> str:
        """A UUIDv7 of its own millisecond."""
        self._ids += 1
        bits = self._random.getrandbits(74)
        value = (_FIRST_MILLISECOND + self._ids) << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (1 << 62) - 1
        digits = f"{value:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def is_so(self, probability: float) -> bool:
        """True with this probability."""
        return self.share() < probability

    def one(self, items: Sequence[Item]) -> Item:
        """One of them, each as likely."""
        return items[int(self.share() * len(items))]

    def weighted(self, weights: dict[Item, float]) -> Item:
        """One key, by its weight."""
        left = self.share() * sum(weights.values())
        for key, weight in weights.items():
            left -= weight
            if left < 0:
                return key
        return next(reversed(weights))

    def step(self, mean: float, spread: float, top: int) -> int:
        """A whole number near the mean on a scale 0..top."""
        return min(top, max(0, round(self.normal(mean, spread))))
