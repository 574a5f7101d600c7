"""What was read from a vault, kept in memory until its log grows: whatever changes it is an entry there."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from corroborate_node.core import opened
from corroborate_node.log import queries

_Read = TypeVar("_Read")


class UntilTheLogGrows(Generic[_Read]):
    """Readings of the vault that is open, by what was asked: of its newest size alone, and ``most`` at a time."""

    def __init__(self, most: int = 24) -> None:
        self._most = most
        self._kept: dict[tuple[str, int, Hashable], _Read] = {}

    def of(self, asked: Hashable, read: Callable[[], _Read]) -> _Read:
        """What was read for this, or what ``read`` gives now."""
        vault, size = str(opened.current().folder), queries.log_size()
        key = (vault, size, asked)
        if (found := self._kept.get(key)) is not None:
            return found
        made = read()
        current = [one for one in self._kept if one[:2] == (vault, size)]
        for one in set(self._kept) - set(current[-(self._most - 1) :]):
            self._kept.pop(one, None)  # another request may have been quicker
        self._kept[key] = made
        return made


__all__ = ["UntilTheLogGrows"]
