"""What core asks of the rooms above it, and knows of them no other way.

Each room says it in a ``room.py``; the top of the node enters them all once, when it is loaded.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from corroborate.cases import Tie
from corroborate.coalition.stands import Stand
from corroborate.disclosure import Naming, Results
from corroborate.records import Claim, Source
from corroborate_node.core.checks import Check
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault


@dataclass(frozen=True, slots=True)
class Link:
    """A page that stands above every other page."""

    word: str  # of the frame
    address: str
    group: int  # pages of one group stand together: 1 work, 2 records, 3 inquiry, 4 leaving, 5 coalition, 6 keeping
    order: int  # within its group
    on: Literal["vault", "hub", "both"] = "both"
    permission: str = ""  # without it the link is not shown; the page asks for itself
    waiting: Callable[[Any], int] | None = None  # how much a user finds to do there


@dataclass(frozen=True, slots=True)
class Waiting:
    """A piece of work that waits for somebody, as *Today* shows it: in their words, and where to go on with it."""

    text: str
    address: str
    about: str = ""  # what it is called: in whatever language that is
    on: date | None = None  # the day by which it is to be done, or since when it waits
    late: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What a role is limited to, kept by the room that knows it: a representative acts for one member."""

    choices: Callable[[], Sequence[tuple[str, str]]]  # id and name of each
    give: Callable[[Any, str], None]  # raises InvalidValue
    of: Callable[[Any], str]  # name; empty where none
    id_of: Callable[[Any], str]
    names: Callable[[], Sequence[tuple[str, ...]]]  # id, name, and whatever else each is or was called
    called: Callable[[str], Collection[str]]  # ids of those whom somebody can mean by a name, also for short


@dataclass(frozen=True, slots=True)
class Background:
    """What goes on beside the pages while a vault is served: ``run(vault, now, days)`` again and again."""

    title: str  # as the terminal names it
    pause: Callable[[], float]  # seconds
    run: Callable[[Vault, datetime, int], object]
    always: bool = False  # also where nothing is to be re-checked (``days`` 0)


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of long work that somebody asks for on a page, carried out by :mod:`corroborate_node.core.jobs`."""

    name: str
    rows: Callable[[], Any]  # the model whose rows are such jobs: a Work of core/models.py
    carry_out: Callable[[Any], Mapping[str, Any]]  # gets a Progress; gives the fields with which the row ends


@dataclass(frozen=True, slots=True)
class Room:
    """A part of the node, as core sees it."""

    name: str
    links: tuple[Link, ...] = ()
    sealed_addresses: Callable[[], Iterable[str]] = tuple  # sealed files that the room's records rely on
    checks: Callable[[Vault, datetime | None], Iterable[Check]] = lambda _vault, _at: ()
    opened: Callable[[], object] = tuple  # what is to be put right each time a vault is opened
    invented: Callable[[Any], bool] = lambda _user: False  # whether a user sees something about invented people
    scopes: Mapping[str, Scope] = field(default_factory=dict)  # by role
    cases: Callable[[], Sequence[tuple[str, str]]] = tuple  # id and name of each case an account can be limited to
    background: tuple[Background, ...] = ()
    jobs: tuple[Job, ...] = ()
    for_release: Callable[[Desk], Results] = lambda _desk: Results()  # what is public here, beside records
    before: Callable[[Desk], object] = lambda _desk: None  # asked before an act; raises NotAllowed where none may be
    ties: Callable[[], Iterable[Tie]] = tuple  # which sources do not know independently, as people judged
    # whom of the people here a text may name: each name as it stands there, whether that is more than a common word,
    # and the people who may be meant
    names_in: Callable[[Desk, str], Iterable[tuple[str, bool, Sequence[str]]]] = lambda _desk, _text: ()
    stands: Callable[[], Iterable[Stand]] = tuple  # what members said of findings under their own keys
    namings: Callable[[], Iterable[Naming]] = tuple  # who may be named as having done something, as two people decided
    waits: Callable[[Any, str], Iterable[Waiting]] = lambda _user, _language: ()  # what somebody finds to do on Today
    # what follows, in the same transaction, when records are taken in: the claims, the sources, and the ids of the
    # passages that are new
    taken_in: Callable[[Sequence[Claim], Sequence[Source], Sequence[str]], object] = lambda *_: None
    # what follows, in the same transaction, when records are withdrawn: the desk, their ids, the reason
    taken_back: Callable[[Desk, Sequence[str], str], object] = lambda *_: None


_ROOMS: dict[str, Room] = {}


def enter(*rooms: Room) -> None:
    """Make rooms known, in the order in which they are asked. A room that is entered again stays where it is."""
    _ROOMS.update({one.name: one for one in rooms})


def rooms() -> tuple[Room, ...]:
    """Every room, the lowest floor first."""
    return tuple(_ROOMS.values())


def links() -> list[Link]:
    """Every room's pages for the frame, in order."""
    return sorted((link for room in rooms() for link in room.links), key=lambda link: (link.group, link.order))


def waits(user: Any, language: str) -> list[Waiting]:
    """What waits for somebody in any room: what is late first, then by its day."""
    found = [one for room in rooms() for one in room.waits(user, language)]
    return sorted(found, key=lambda one: (not one.late, one.on or date.max, one.text, one.about))


def invented(user: Any) -> bool:
    """Whether anything here is about people who do not exist."""
    return any(room.invented(user) for room in rooms())


def scopes() -> dict[str, Scope]:
    """Roles that are limited to something, and to what."""
    return {role: scope for room in rooms() for role, scope in room.scopes.items()}


def cases() -> dict[str, str]:
    """Cases that an account can be limited to: id and name."""
    return {id_: name for room in rooms() for id_, name in room.cases()}


def before(desk: Desk) -> None:
    """What each room asks before an act changes anything."""
    for room in rooms():
        room.before(desk)


def ties() -> tuple[Tie, ...]:
    """Which sources do not know independently of one another, beside what each was taken in with."""
    return tuple(tie for room in rooms() for tie in room.ties())


def stands() -> tuple[Stand, ...]:
    """What members said last of findings, each under its own key; nothing of who took its word back."""
    return tuple(one for one in last_words() if one.choice != "withdraws")


def last_words() -> tuple[Stand, ...]:
    """The same, with words that were taken back."""
    return tuple(one for room in rooms() for one in room.stands())


def namings() -> tuple[Naming, ...]:
    """Decisions that stand: who of those who are said to have done something may be named, and to whom."""
    return tuple(one for room in rooms() for one in room.namings())


def taken_in(claims: Sequence[Claim], sources: Sequence[Source] = (), passages: Sequence[str] = ()) -> None:
    """What each room does when records are taken in. To be called within the act that takes them, after its rows."""
    for room in rooms():
        room.taken_in(claims, sources, passages)


def taken_back(desk: Desk, records: Sequence[str], reason: str) -> None:
    """What each room does when records are withdrawn. To be called within the act that withdraws them."""
    for room in rooms():
        room.taken_back(desk, records, reason)


def checks(vault: Vault, at: datetime | None = None) -> Iterator[Check]:
    """What each room checks of its own records, floor by floor. ``at``: now, where what is overdue is to be said."""
    for room in rooms():
        yield from room.checks(vault, at)


def named_files() -> set[str]:
    """Sealed files that a room's records rely on."""
    return {address for room in rooms() for address in room.sealed_addresses()}


def missing_files(addresses: Iterable[str]) -> list[str]:
    """Those that are not there."""
    return sorted(named_files() - set(addresses))


def names_in(desk: Desk, text: str) -> tuple[tuple[str, bool, Sequence[str]], ...]:
    """Whom of the people here a text may name."""
    return tuple(one for room in rooms() for one in room.names_in(desk, text))
