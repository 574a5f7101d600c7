"""What the pages of finding tell the rest of the node."""

from collections.abc import Iterable, Sequence

from corroborate_node.core.desk import Desk
from corroborate_node.core.rooms import Link, Room
from corroborate_node.finding import indexing, saving, screening


def _opened() -> None:
    indexing.opened()
    saving.opened()


def _names_in(desk: Desk, text: str) -> Iterable[tuple[str, bool, Sequence[str]]]:
    for one in screening.screen(desk, text):
        yield one.text, one.doubt != "weak", [person.id for person in one.people]


ROOM = Room(
    "finding",
    links=(
        Link("search", "/search", 1, 15, on="vault", permission="record.read"),
        Link("places", "/places", 2, 22, on="vault", permission="record.read"),
        Link("registers", "/registers", 2, 23, on="vault", permission="record.read"),
    ),
    opened=_opened,
    names_in=_names_in,
    taken_in=indexing.taken_in,
    taken_back=indexing.taken_back,
)
