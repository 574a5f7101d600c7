"""What the codes of survivors tell the rest of the node."""

from collections.abc import Iterable
from typing import Any

from corroborate_node.core.queries import may
from corroborate_node.core.rooms import Room, Waiting
from corroborate_node.core.wording import Words
from corroborate_node.records import remarks
from corroborate_node.survivor import making


def _waits(user: Any, language: str) -> Iterable[Waiting]:
    """What whoever told a source did or asks by their code: until somebody settles it, or erases the source."""
    if not may(user, "record.remark"):
        return
    words = Words(language, "survivor")
    for one in remarks.said_by_the_source(user):
        page = "withdraw" if one.kind == remarks.ERASE else "remarks"
        called = one.source.title if one.source is not None else ""
        erase = one.kind == remarks.ERASE
        address = f"/sources/{one.source_id}/{page}"
        yield Waiting(words[f"today_{one.kind}"], address, called, one.at.date(), late=erase)


ROOM = Room("survivor", taken_back=making.taken_back, waits=_waits)
