"""Chance whose every byte is known beforehand."""

import hashlib


class Chance:
    """Bytes from a seed, for a demonstration whose every byte must come out the same. Never for a real vault."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def __call__(self, length: int) -> bytes:
        self._count += 1
        return hashlib.shake_256(f"demonstration {self._seed} {self._count}".encode()).digest(length)
