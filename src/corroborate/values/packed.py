"""Many values of one kind, kept small: what a long list says is held in memory as few bytes, not as objects."""

import io
import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any, TypeVar, overload

T = TypeVar("T")
_BLOCK = 250  # values packed together: rows of one list say the same again and again


class Packed(Sequence[T]):
    """A sequence that grows at its end and whose values never change. They are equal to those that were given, and are
    made anew whenever they are asked for: go through it once rather than often."""

    __slots__ = ("_blocks", "_open")

    def __init__(self, values: Iterable[T] = ()) -> None:
        self._blocks: list[bytes] = []
        self._open: list[T] = []  # the last ones, which do not fill a block yet
        self.extend(values)

    def append(self, value: T) -> None:
        self._open.append(value)
        if len(self._open) == _BLOCK:
            self._blocks.append(_pack(self._open))
            self._open = []

    def extend(self, values: Iterable[T]) -> None:
        for one in values:
            self.append(one)

    def __len__(self) -> int:
        return len(self._blocks) * _BLOCK + len(self._open)

    def __iter__(self) -> Iterator[T]:
        for block in self._blocks:
            yield from _unpack(block)
        yield from self._open

    @overload
    def __getitem__(self, at: int, /) -> T: ...
    @overload
    def __getitem__(self, at: slice, /) -> tuple[T, ...]: ...
    def __getitem__(self, at: int | slice, /) -> T | tuple[T, ...]:
        if isinstance(at, slice):
            asked = range(len(self))[at]
            if not asked:
                return ()
            first, last = sorted((asked[0], asked[-1]))
            blocks = range(first // _BLOCK, last // _BLOCK + 1)
            held = [one for block in blocks for one in self._block(block)]
            return tuple(held[one - blocks.start * _BLOCK] for one in asked)
        number = range(len(self))[at]
        return self._block(number // _BLOCK)[number % _BLOCK]

    def _block(self, number: int) -> list[T]:
        return _unpack(self._blocks[number]) if number < len(self._blocks) else self._open

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Packed | tuple | list):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    def __repr__(self) -> str:
        return f"Packed({list(self)!r})"


class _Packer(pickle.Pickler):
    """Values by their fields alone: the way of dataclasses asks for their names with each value."""

    def reducer_override(self, value: Any) -> Any:
        kind: Any = type(value)
        if (read := _reading(kind)) is not None:
            return _made, (kind, read(value))
        if kind is MappingProxyType:
            return _shown, (dict(value),)
        return NotImplemented


def _pack(values: list[Any]) -> bytes:
    out = io.BytesIO()
    _Packer(out, pickle.HIGHEST_PROTOCOL).dump(values)
    return zlib.compress(out.getvalue(), 1)


def _unpack(block: bytes) -> list[Any]:
    found: list[Any] = pickle.loads(zlib.decompress(block))  # noqa: S301 - what we packed ourselves, and never left memory
    return found


@cache
def _reading(kind: Any) -> Callable[[Any], tuple[Any, ...]] | None:
    """The values of a dataclass with slots; None for anything else, or of one field, for which there is no tuple."""
    names = [one.name for one in fields(kind)] if is_dataclass(kind) and "__slots__" in vars(kind) else []
    return attrgetter(*names) if len(names) > 1 else None


@cache
def _writing(kind: Any) -> tuple[Callable[[Any, Any], None], ...]:
    return tuple(getattr(kind, one.name).__set__ for one in fields(kind))


def _made(kind: type, values: tuple[Any, ...]) -> Any:
    """A value of a frozen class as it was: it was checked when it was made first."""
    made: Any = object.__new__(kind)
    for write, value in zip(_writing(kind), values, strict=True):
        write(made, value)
    return made


def _shown(content: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(content)


__all__ = ["Packed"]
