"""How functions on plain arrays are compiled: kept on disk, without Python's lock, faults as numpy has them.

What a function says of its types is for readers and mypy; the compiler sees what it is called with.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])
_njit = njit(cache=True, nogil=True, error_model="numpy")


def compiled(function: Function) -> Function:
    """The same function as machine code, compiled at its first call."""
    return cast(Function, _njit(function))
