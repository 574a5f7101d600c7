"""The code on a sheet and the word that is told apart from it: made and ended by a member.

handed = make(desk, source)  # the code goes on the sheet, the word another way
end(desk, source)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from corroborate.errors import InvalidValue, NotAllowed
from corroborate_node.core.accounts import one_time
from corroborate_node.core.acts import act
from corroborate_node.core.codes import keyed, plain
from corroborate_node.core.desk import Desk
from corroborate_node.core.models import Line, Touched
from corroborate_node.core.opened import Vault
from corroborate_node.core.queries import visible
from corroborate_node.core.storing import storing
from corroborate_node.records import queries
from corroborate_node.records.actions import WITHDRAWN
from corroborate_node.records.models import Source
from corroborate_node.survivor.models import Code

LETTERS, WORD = 12, 8  # letters and digits of a code and of a word, five bits each
MOST_USES = 100  # lines that the page of a code shows
_WAYS = ("page source-code",)


@dataclass(frozen=True, slots=True)
class Handed:
    """What somebody comes in with, shown once."""

    code: str
    word: str


def digest_of(vault: Vault, code: str) -> str:
    """Of a code, however it was typed."""
    return keyed(vault.session_key, "survivor code", plain(code))


def word_digest(vault: Vault, code: str, word: str) -> str:
    """Of a word beside its code, however it was typed: it opens no other."""
    return keyed(vault.session_key, "survivor word", f"{plain(code)}\n{plain(word)}")


def told_by_somebody(row: Source) -> bool:
    """Whether a source is what a person told us: no list, document or broadcast, and no account that another member
    let us have, whose sheet is theirs to print."""
    return row.kind == "witness" and row.part_of_id is None and not queries.from_members([row.id])


def _of_source(source: str, *_: object) -> list[str]:
    return [source]


@act("code.make", "source.withdraw", ways=_WAYS, objects=_of_source)
def make(desk: Desk, source: str) -> Handed:
    """Make a code and a word for whoever told a source. An earlier code opens nothing any more. Raises InvalidValue,
    NotAllowed."""
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    row = visible(desk, Source).filter(id=source, withdrawn=None).first()
    if row is None:
        raise InvalidValue("no source {id} stands here; the address of its page ends in its id", id=source)
    if not told_by_somebody(row):
        raise NotAllowed("no person told this to us: a code is for whoever told something")
    handed = Handed(one_time(desk.entropy, LETTERS).upper(), one_time(desk.entropy, WORD))
    with storing():
        _end(desk, source)
        Code.objects.create(
            source=row,
            code=handed.code,
            digest=digest_of(desk.vault, handed.code),
            word=word_digest(desk.vault, handed.code, handed.word),
            made=desk.at,
            made_by=desk.by,
        )
    return handed


@act("code.end", "source.withdraw", ways=_WAYS, objects=_of_source)
def end(desk: Desk, source: str) -> None:
    """End the code of a source: it opens nothing any more. Raises InvalidValue."""
    if not visible(desk, Source).filter(id=source).exists() or not _end(desk, source):
        raise InvalidValue("there is no code that could be ended")


def _end(desk: Desk, source: str) -> int:
    current = Code.objects.filter(source_id=source, ended=None)
    return int(current.update(ended=desk.at, ended_by=desk.by, code="", visit="", visit_until=None))


def code_of(who: object, source: str) -> Code | None:
    """The code of a source that opens, for who may see who people are."""
    found: Code | None = visible(who, Code).filter(source_id=source, ended=None).first()
    return found


def standing() -> list[str]:
    """The sources that stand and whose code opens, over the whole vault."""
    found = Code.objects.filter(ended=None, source__withdrawn=None).order_by("source_id")
    return list(found.values_list("source_id", flat=True))


def uses(who: object, source: str) -> list[Line]:
    """When the codes of a source were used and for what, the newest first: lines of the journal, for who may see who
    people are."""
    if not visible(who, Code).filter(source_id=source).exists():
        return []
    lines = Touched.objects.filter(object=source).values("line_id")  # numbers of codes begin anew where an export goes
    return list(Line.objects.filter(id__in=lines, actor="code").order_by("-at", "-id")[:MOST_USES])


def taken_back(_desk: Desk, ids: Sequence[str], reason: str) -> None:
    """With a source that is withdrawn its code is erased. Its digest stays: whoever has code and word is told that it
    was withdrawn, and on which day."""
    sources = [one for one in ids if one.startswith("source_")] if reason == WITHDRAWN else []
    for start in range(0, len(sources), queries.BATCH):
        Code.objects.filter(source_id__in=sources[start : start + queries.BATCH]).update(code="")


__all__ = ["Handed", "code_of", "digest_of", "end", "make", "standing", "told_by_somebody", "uses", "word_digest"]
