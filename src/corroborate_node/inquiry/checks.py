"""Do judgements stand as they were sealed, and does any report go round in a circle?"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from corroborate.cases import origins
from corroborate.custody import Seal, check_seal
from corroborate.errors import NotVerified
from corroborate.translation import Sentence
from corroborate_node.core.checks import Check
from corroborate_node.core.opened import Vault
from corroborate_node.inquiry import assessing, models, naming, standing, tying
from corroborate_node.log.models import LogEntry
from corroborate_node.records import queries

SHOWN = 6  # sources of a circle


def checks(vault: Vault, _at: datetime | None = None) -> Iterator[Check]:
    """Of a vault; a hub judges nothing."""
    if not vault.hub:
        yield _circles()
        yield _seals()


def _circles() -> Check:
    """Such a circle cannot be entered here; a file that was taken in may bring one."""
    circles = origins(queries.derivations()[0]).circles
    if not circles:
        return Check("independence", "good", Sentence("no report goes round in a circle"))
    first = ", ".join(circles[0][:SHOWN])
    return Check(
        "independence",
        "advice",
        Sentence(
            (
                "{number} circle of reports counts for nobody: {first}",
                "{number} circles of reports count for nobody, the first: {first}",
            ),
            number=len(circles),
            first=first,
        ),
    )


def _seals() -> Check:
    """Each tie, evidence and judgement against its first seal; of what was withdrawn no seal can be opened."""
    kinds = (tying.KIND, assessing.WEIGHED, assessing.ASSESSED, standing.KIND, naming.KIND)
    seals: dict[str, Seal] = {}
    for entry in LogEntry.objects.filter(kind__in=kinds).exclude(salt=None).order_by("index"):
        seals.setdefault(entry.record, Seal(bytes(entry.salt or b""), bytes(entry.commitment)))
    sealed = chain(
        ((row.id, tying.sealed_bytes(row)) for row in models.Tie.objects.exclude(by="")),  # empty: withdrawn
        ((row.id, assessing.weighed_bytes(row)) for row in models.Weighed.objects.exclude(by="")),
        ((row.id, assessing.assessed_bytes(row)) for row in models.Assessment.objects.all()),
        ((row.id, standing.heard_bytes(row)) for row in models.Stand.objects.all()),
        ((row.id, naming.sealed_bytes(row)) for row in models.Naming.objects.exclude(by="")),
    )
    number = 0
    for id_, content in sealed:
        if id_ not in seals:
            return Check("judgements", "wrong", Sentence("{id} was never sealed", id=id_))
        try:
            check_seal(content, seals[id_])
        except NotVerified:
            return Check("judgements", "wrong", Sentence("{id} is not what was sealed", id=id_))
        number += 1
    return Check(
        "judgements",
        "good",
        Sentence(
            (
                "{number} tie or judgement of an element is what was sealed",
                "{number} ties and judgements of elements are what was sealed",
            ),
            number=number,
        ),
    )
