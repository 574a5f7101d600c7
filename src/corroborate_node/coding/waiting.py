"""Keeps the words that imports could not code: filled when records are taken in, emptied when they are withdrawn."""

from collections.abc import Iterable, Iterator, Sequence

from corroborate import records
from corroborate.importers import CodingTable
from corroborate.languages.telling import folded
from corroborate.records import Text
from corroborate_node.coding.limits import LONGEST
from corroborate_node.coding.models import Filled, LearnedFrom, Taught, Waiting
from corroborate_node.coding.table import own_table
from corroborate_node.core.desk import Desk
from corroborate_node.core.storing import insert, storing
from corroborate_node.records import queries
from corroborate_node.records import rows as written
from corroborate_node.records.actions import CONSENT
from corroborate_node.records.models import Claim

PREFIX = "violation: "  # before the words of a cell about what was done, as an import keeps them
RULES = 1
_BLOCK = 5_000


def key_of(words: str) -> str:
    """Words as they are compared: without case, marks and space that say nothing."""
    return folded(words)[:LONGEST]


def cell_of(claim: records.Claim) -> str:
    """The words of a cell about what was done that a claim keeps; empty where it keeps none."""
    value = claim.value
    if claim.property != "told" or not isinstance(value, Text) or not value.text.startswith(PREFIX):
        return ""
    return value.text.removeprefix(PREFIX)


def _unread(claims: Iterable[records.Claim], table: CodingTable) -> Iterator[Waiting]:
    for claim in claims:
        if cell := cell_of(claim):
            for words in table.read(cell).unread:
                yield Waiting(claim_id=claim.id, key=key_of(words), words=words)


def taken_in(claims: Sequence[records.Claim], *_: object) -> None:
    """What of new claims waits for a coder."""
    told = [one for one in claims if one.property == "told"]
    if told:
        insert(Waiting, list(_unread(told, own_table())))


def taken_back(_desk: Desk, ids: Sequence[str], reason: str) -> None:
    """Words of what was withdrawn or corrected wait no longer; what was learned from withdrawn sources alone is
    forgotten."""
    if reason == CONSENT:
        return
    for start in range(0, len(ids), queries.BATCH):
        part = ids[start : start + queries.BATCH]
        Waiting.objects.filter(claim_id__in=part).delete()
        gone = LearnedFrom.objects.filter(source_id__in=part)
        taught = set(gone.values_list("taught_id", flat=True))
        gone.delete()
        Taught.objects.filter(id__in=taught, sources=None).delete()


def opened() -> None:
    """Look once through what an earlier version took in."""
    if Filled.objects.filter(rules=RULES).exists():
        return
    with storing():
        Waiting.objects.all().delete()
        Filled.objects.all().delete()
        told = Claim.objects.filter(property="told", superseded=False).exclude(value=None).order_by("id")
        table, block = own_table(), list[records.Claim]()
        for row in told.iterator(chunk_size=_BLOCK):
            block.append(written.claim(row))
            if len(block) >= _BLOCK:
                insert(Waiting, list(_unread(block, table)))
                block = []
        insert(Waiting, list(_unread(block, table)))
        Filled.objects.create(rules=RULES)
