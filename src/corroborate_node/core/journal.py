"""Who saw and did what, and when: ids and names of acts, never content, never a name of a person in a record.

A search keeps a keyed digest of what was asked: whoever knows a name can ask whether it was searched for, and nobody
reads the names from the journal. The key is the vault's own.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import QuerySet

from corroborate.client.shapes import JournalLine
from corroborate_node.core.desk import Desk
from corroborate_node.core.models import Line, Touched
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import storing

Kind = Literal["view", "search", "act", "export", "refused"]
MOST = 1000  # ids named in one line; of more, the number is kept
PAGE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as it is shown."""

    at: datetime
    kind: str
    what: str
    by: str
    actor: str
    number: int
    objects: tuple[str, ...]

    def as_json(self) -> JournalLine:
        return {
            "at": self.at.isoformat(),
            "kind": self.kind,
            "what": self.what,
            "by": self.by,
            "actor": self.actor,
            "number": self.number,
            "objects": list(self.objects),
        }


def write(desk: Desk, kind: Kind, what: str, objects: Iterable[str] = (), *, asked: str = "") -> None:
    """Write one line, in the transaction of the caller."""
    ids = list(dict.fromkeys(objects))
    line = Line.objects.create(
        at=desk.at, kind=kind, what=what, actor=desk.actor.kind, by=desk.by, number=len(ids),
        asked=digest(desk.vault, asked) if asked.strip() else "",
    )  # fmt: skip
    Touched.objects.bulk_create([Touched(line=line, object=one) for one in ids[:MOST]], batch_size=500)


def viewed(desk: Desk, what: str, objects: Iterable[str] = ()) -> None:
    """Write down what a command shows, before it shows it: what could not be written down is not shown."""
    with storing():
        write(desk, "view", what, objects)


def digest(vault: Vault, asked: str) -> str:
    """Equal for equal words in this vault, and no way back to them without its key."""
    words = " ".join(asked.casefold().split())
    return hmac.new(vault.session_key, b"journal\n" + words.encode(), hashlib.sha256).hexdigest()


def lines(desk: Desk, *, about: str = "", by: str = "", asked: str = "") -> QuerySet[Line]:
    """Lines of the journal, newest first. Raises NotAllowed.

    ``about``: id of an entity, a source or another object; ``by``: an actor; ``asked``: words of a search.
    """
    desk.require("journal.read")
    found = Line.objects.order_by("-at", "-id").prefetch_related("touched")
    if about:
        found = found.filter(id__in=Touched.objects.filter(object=about).values("line_id"))
    if by:
        found = found.filter(by=by)
    return found.filter(asked=digest(desk.vault, asked)) if asked.strip() else found


def entries(found: Sequence[Line]) -> list[Entry]:
    return [
        Entry(one.at, one.kind, one.what, one.by, one.actor, one.number, tuple(t.object for t in one.touched.all()))
        for one in found
    ]
