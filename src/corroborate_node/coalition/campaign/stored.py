"""The library's values as JSON and back, by their declared types. Nothing is guessed: what does not fit is an error."""

import base64
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from corroborate.custody import Verifier
from corroborate.errors import VaultDamaged
from corroborate.values import Digest, PartialDate

_TEXT = (Digest, PartialDate, Verifier)


def put(value: Any) -> Any:
    """A value as what JSON can hold."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, _TEXT):
        return str(value)
    if isinstance(value, Mapping):
        return {key: put(one) for key, one in value.items()}
    if isinstance(value, (tuple, frozenset)):
        return [put(one) for one in (sorted(value) if isinstance(value, frozenset) else value)]
    if is_dataclass(value):
        return {one.name: put(getattr(value, one.name)) for one in fields(value)}
    raise TypeError(f"{type(value).__name__} is not stored")


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def get(kind: Any, stored: Any) -> Any:
    """The value of a kind that :func:`put` stored. Raises VaultDamaged."""
    try:
        return _get(kind, stored)
    except (KeyError, TypeError, ValueError) as error:
        raise VaultDamaged(
            "a stored {getattr} cannot be read: {error}", getattr=getattr(kind, "__name__", kind), error=error
        ) from error


def _get(kind: Any, stored: Any) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal or kind in (str, int, bool):
        return stored
    if origin in (Union, types.UnionType):
        return None if stored is None else _get(next(one for one in arguments if one is not type(None)), stored)
    if kind in (datetime, date):
        return kind.fromisoformat(stored)
    if kind is bytes:
        return base64.b64decode(stored)
    if kind is Digest:
        return Digest(stored)
    if kind in (PartialDate, Verifier):
        return kind.parse(stored)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_get(arguments[0], one) for one in stored)
        return tuple(_get(one, part) for one, part in zip(arguments, stored, strict=True))
    if origin is frozenset:
        return frozenset(_get(arguments[0], one) for one in stored)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _get(arguments[1], one) for key, one in stored.items()}
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: _get(hints[name], one) for name, one in stored.items()})  # type: ignore[operator]
    raise TypeError(f"{kind} is not stored")
