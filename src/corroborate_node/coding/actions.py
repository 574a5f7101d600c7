"""What coders do with words: teach what they mean, forget it, and code by them what was taken in before."""

from collections.abc import Iterator, Sequence

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.importers.coding import Act, coding_table
from corroborate.importers.recording import acts_of_words
from corroborate.records import Claim, Entity, Value, read_value
from corroborate_node.coding import queries
from corroborate_node.coding.limits import LONGEST
from corroborate_node.coding.models import LearnedFrom, Taught
from corroborate_node.coding.waiting import key_of
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.records import actions as records
from corroborate_node.records import batches
from corroborate_node.records import models as kept
from corroborate_node.records import rows as written

_OF_AN_ACT = {"event_date": "date", "facility": "facility"}


@act("word.code", ways=("page words", "command words code"))
def code(desk: Desk, words: str, acts: Sequence[Act]) -> Taught:
    """Teach the vault what words mean; no acts: that they tell none. What stands is not changed by it.

    Raises InvalidValue for words without letters, too many, and terms that the vocabulary has not.
    """
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records; teach words to the vault that takes in the lists")
    words = words.strip()
    if len(words) > LONGEST:
        raise InvalidValue(
            "these are {number} letters: choose at most {longest} of them that say what was done",
            number=len(words),
            longest=LONGEST,
        )
    coding_table().with_correction(words, acts, desk.by, desk.at.date())
    told = [[one.term, one.said] for one in acts]
    fields = {"words": words, "acts": told, "by": desk.by, "on": desk.at.date()}
    row, _ = Taught.objects.update_or_create(key=key_of(words), defaults=fields)
    sources = queries.sources_waiting(row.key)
    LearnedFrom.objects.bulk_create(
        [LearnedFrom(taught=row, source_id=one) for one in sources], ignore_conflicts=True, batch_size=500
    )
    return row


@act("word.forget", "word.code", ways=("page words", "command words forget"))
def forget(desk: Desk, words: str) -> None:
    """Words are read as the program reads them again. What was coded by them stands. Raises InvalidValue."""
    row = queries.taught_word(desk, words)
    if row is None:
        raise InvalidValue("these words were not taught here: `corroborate words list` shows those that were")
    row.delete()


@act("word.apply", "word.code", ways=("page words", "command words code"), of_effects=lambda people: people)
def apply(desk: Desk, words: str) -> list[str]:
    """Record the acts that taught words tell in cells that were taken in before, as claims beside what stands. The
    people whom it tells of. Raises InvalidValue."""
    row = queries.taught_word(desk, words)
    if row is None:
        raise InvalidValue("these words were not taught here: teach them first")
    desk.require("record.receive")
    new = {kind: batches.ids(kind, desk.at, desk.entropy) for kind in ("act", "claim")}
    changes = [one for one in queries.changes(desk, row) if one.adds]
    claims = [claim for change in changes for claim in _claims(desk, change, new["act"], new["claim"])]
    people = {change.person for change in changes}
    acts = dict.fromkeys(claim.subject for claim in claims if claim.subject not in people)
    records.receive(desk, [Entity(one, "act") for one in acts], [], [], claims)
    return sorted(people)


def _claims(desk: Desk, change: queries.Change, act_ids: Iterator[str], claim_ids: Iterator[str]) -> list[Claim]:
    """The claims of a cell's acts, from the source and the place in it where the cell stands."""
    basis = written.claim(kept.Claim.objects.get(id=change.claim)).basis
    made: list[Claim] = []

    def claim(subject: str, property_: str, value: Value) -> None:
        where = (change.source, change.locator, basis, desk.by, desk.at)
        made.append(Claim(next(claim_ids), subject, property_, value, *where))

    told = queries.around(change.person, change.source)
    around = [(_OF_AN_ACT[one.property], read_value(one.value)) for one in told if one.value is not None]
    acts_of_words(change.adds, change.person, act_ids, claim, around)
    return made
