"""JSON that every reader reads alike (I-JSON, RFC 7493, and a little stricter), or none.

Two programs that read one sealed record differently would let its sender say two things under one seal.
"""

import json
import math
import unicodedata
from typing import NoReturn

from corroborate.errors import InvalidValue
from corroborate.values.digests import JSON

DEEPEST = 64  # levels: how many more a program reads depends on its language and its machine
_LARGEST = 2**53 - 1  # a whole number beyond this is another one in JavaScript


def read_json(content: bytes) -> JSON:
    """The value of a JSON text in UTF-8.

    Raises InvalidValue for what two readers may take differently: a key twice (or twice but for its Unicode form), NaN,
    Infinity, a fraction too large, a whole number beyond 2**53, half a character, and too many levels.
    """
    try:
        value = json.loads(content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidValue("this is no JSON that every reader reads alike: {error}", error=error) from error
    _check(value)
    found: JSON = value
    return found


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({unicodedata.normalize("NFC", key) for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _check(value: object) -> None:
    level: list[object] = [value]
    for depth in range(DEEPEST + 1):
        following: list[object] = []
        for one in level:
            if depth == DEEPEST and isinstance(one, dict | list):
                raise InvalidValue(
                    "this JSON has more than {deepest} levels, more than every reader reads", deepest=DEEPEST
                )
            if isinstance(one, dict):
                following += [*one, *one.values()]
            elif isinstance(one, list):
                following += one
            else:
                _leaf(one)
        level = following


def _leaf(value: object) -> None:
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise InvalidValue("this JSON holds half a character, which readers show differently")
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidValue("this JSON holds a number too large for a reader")
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise InvalidValue("this JSON holds a whole number beyond 2**53, which readers round differently")
