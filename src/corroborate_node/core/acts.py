"""Whatever changes something is an act: it is asked for, done whole or not at all, and written into the journal.

    @act("source.withdraw", ways=("command withdraw",), objects=lambda source, *_: [source])
    def withdraw(desk: Desk, source: str, on: date) -> int: ...

The permission has the act's name unless another is given. ``ways``: how people come to it, ``page /accounts``,
``command accounts add``, ``api /witness/add-checkpoint`` or ``job fixity``. The registry feeds pages, commands and the
matrix of roles; a test holds that each act has a permission, a way in that exists, and a line in the matrix.
"""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from corroborate_node.core import journal
from corroborate_node.core.desk import Desk, refusal
from corroborate_node.core.permissions import table
from corroborate_node.core.rooms import before
from corroborate_node.core.storing import storing

P = ParamSpec("P")
R = TypeVar("R")
Objects = Callable[..., Iterable[str]]


@dataclass(frozen=True, slots=True)
class Act:
    """What can be done here: its name, the permission that it asks, and how people come to it."""

    name: str
    permission: str
    ways: tuple[str, ...]
    kind: journal.Kind
    standing_back: bool
    function: Callable[..., Any]


REGISTRY: dict[str, Act] = {}
_under_way: ContextVar[str] = ContextVar("act under way", default="")


def act(
    name: str,
    permission: str = "",
    *,
    ways: tuple[str, ...],
    objects: Objects | None = None,
    of_effects: Callable[[Any], Iterable[str]] = lambda _effects: (),
    kind: journal.Kind = "act",
    whole: bool = True,
    worth: Callable[[Any], bool] = lambda _effects: True,
    standing_back: bool = False,
) -> Callable[[Callable[Concatenate[Desk, P], R]], Callable[Concatenate[Desk, P], R]]:
    """Make a function whose first argument is a desk an act.

    ``objects`` gets the other arguments and gives the ids of what is touched; ``of_effects`` gets what the act gives
    back, and adds the ids that are known only then. ``whole=False``: the act keeps its own
    order of files and rows, or sends letters; then its line is written after it. ``worth``: whether effects are worth a
    line, where anybody may ask: a stranger must not fill the journal. ``standing_back``: also where the vault is an
    older copy of itself, which otherwise changes nothing: what finds out what it lacks, or shuts somebody out.
    """
    asked = permission or name

    def made(function: Callable[Concatenate[Desk, P], R]) -> Callable[Concatenate[Desk, P], R]:
        @wraps(function)
        def done(desk: Desk, /, *arguments: P.args, **named: P.kwargs) -> R:
            if _under_way.get():  # part of a larger act, which was allowed and writes the line
                return function(desk, *arguments, **named)
            _asked(desk, asked)
            if not standing_back:
                before(desk)
            token = _under_way.set(name)
            try:
                with storing() if whole else nullcontext():
                    effects = function(desk, *arguments, **named)
                    if worth(effects):
                        with storing():
                            ids = objects(*arguments, **named) if objects is not None else ()
                            journal.write(desk, kind, name, [*ids, *of_effects(effects)])
            finally:
                _under_way.reset(token)
            return effects

        if name in REGISTRY and REGISTRY[name].function.__qualname__ != function.__qualname__:
            raise ValueError(f"two acts are named {name}")
        REGISTRY[name] = Act(name, asked, ways, kind, standing_back, done)
        return done

    return made


def _asked(desk: Desk, permission: str) -> None:
    """Raises NotAllowed, and leaves a line that somebody tried."""
    table()[permission]
    if desk.may(permission):
        return
    with storing():
        journal.write(desk, "refused", permission)
    raise refusal(desk, permission)
