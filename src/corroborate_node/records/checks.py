"""Are the records as they were sealed, and the log as it was signed?"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Literal

from corroborate.custody import Checkpoint, Log, Note, Seal, Verifier, check_seal
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.records.consent import checked_clock
from corroborate.translation import Sentence
from corroborate_node.core.checks import Check
from corroborate_node.core.opened import Vault
from corroborate_node.log import queries as log
from corroborate_node.log.models import Alarm, LogEntry, SigningHalt
from corroborate_node.records import documents, entering, imports, queries
from corroborate_node.records.models import Entered, Import
from corroborate_node.records.relied import blocked


def checks(vault: Vault, at: datetime | None = None) -> Iterator[Check]:
    """Every check of what was recorded here. ``at``: now, to compare the clock with the log."""
    if at is not None:
        yield _clock(at)
    yield _consents()
    yield _withdrawals()
    yield _signed(vault)
    yield _on_disk(vault)
    yield from _seals()
    yield from _alarms()


def _clock(at: datetime) -> Check:
    try:
        checked_clock(at, log.last_entry_at())
    except NotAllowed as error:
        return Check("clock", "wrong", error.sentence)
    return Check("clock", "good", Sentence("not earlier than the log's last entry"))


def _consents() -> Check:
    waiting = sum(not one.allowed_again for one in blocked())
    if waiting:
        return Check(
            "consents",
            "advice",
            Sentence(
                "{waiting} are not relied on: `corroborate consent list` shows them and what left", waiting=waiting
            ),
        )
    return Check(
        "consents", "good", Sentence("each says in which words it was given, or allows nothing beyond this vault")
    )


def _withdrawals() -> Check:
    """Versions before this one erased a witness, and left what rows of a list told by that witness alone."""
    derives, gone = queries.derivations()
    left = [before for one, before in derives.items() if one not in gone and before and gone.issuperset(before)]
    if left:
        again = " and ".join(f"`corroborate withdraw {one}`" for one in sorted({each for one in left for each in one}))
        return Check(
            "withdrawals",
            "wrong",
            Sentence(
                (
                    "{number} source goes back to withdrawn ones alone and stands: {again}",
                    "{number} sources go back to withdrawn ones alone and stand: {again}",
                ),
                number=len(left),
                again=again,
            ),
        )
    return Check("withdrawals", "good", Sentence("nothing stands that goes back to withdrawn sources alone"))


def _signed(vault: Vault) -> Check:
    note, size = log.newest_checkpoint(), log.log_size()
    if note is None:
        state: Literal["good", "advice"] = "advice" if size else "good"
        return Check(
            "checkpoint",
            state,
            Sentence(
                (
                    "{size} entry, and it is not under a checkpoint yet",
                    "{size} entries, and none of them under a checkpoint yet",
                ),
                size=size,
            ),
        )
    parsed = Note.parse(note)
    checkpoint = Checkpoint.parse(parsed.text)
    if not parsed.check(_keys(vault)):
        return Check("checkpoint", "wrong", Sentence("the newest checkpoint is not signed by this vault"))
    if checkpoint.size > size or log.whole_tree().root(checkpoint.size) != checkpoint.root:
        return Check("checkpoint", "wrong", Sentence("the entries are not those that were signed"))
    others = len(parsed.signatures) - 1
    if checkpoint.size < size:
        return Check(
            "checkpoint",
            "advice",
            Sentence(
                ("{size} entry is not under a checkpoint yet", "{size} entries are not under a checkpoint yet"),
                size=size - checkpoint.size,
            ),
        )
    if not others:
        return Check(
            "checkpoint",
            "advice",
            Sentence(
                (
                    "{size} entry, signed; no other member has cosigned yet",
                    "{size} entries, signed; no other member has cosigned yet",
                ),
                size=size,
            ),
        )
    return Check(
        "checkpoint",
        "good",
        Sentence(
            ("{size} entry, signed, cosigned by {others}", "{size} entries, signed, cosigned by {others}"),
            size=size,
            others=others,
        ),
    )


def _keys(vault: Vault) -> tuple[Verifier, ...]:
    """The keys that this vault's log has had: a checkpoint from before a rotation is still this vault's."""
    history = log.histories().get(vault.signer.name)
    return (vault.signer.verifier(),) if history is None else (vault.signer.verifier(), *history.keys)


def _on_disk(vault: Vault) -> Check:
    folder = Log.at(vault.log)
    try:
        if folder.checkpoint() is None:
            return Check("log folder", "advice", Sentence("no checkpoint was written yet"))
        return Check(
            "log folder",
            "good",
            Sentence(
                ("all tiles of {size} entry lead to their root", "all tiles of {size} entries lead to their root"),
                size=folder.check(),
            ),
        )
    except (InvalidValue, NotVerified) as error:
        return Check("log folder", "wrong", error.sentence)


def _alarms() -> Iterator[Check]:
    """An open alarm is wrong until a person has settled it: a timer that runs `doctor` must not pass over it."""
    if halt := SigningHalt.objects.first():
        yield Check("alarms", "advice", Sentence("this vault signs nothing: {found}", found=halt.said))
    count = Alarm.objects.filter(settled=None).count()
    if count:
        said = Sentence("{count} open: see the page Alarms, and settle each in a sentence", count=count)
        yield Check("alarms", "wrong", said)
    else:
        yield Check("alarms", "good", Sentence("none open"))


def _seals() -> Iterator[Check]:
    seals = {
        entry.record: Seal(bytes(entry.salt), bytes(entry.commitment))
        for entry in LogEntry.objects.filter(kind__in=("claim", "source", "passage", "file", "import", "entry"))
        if entry.salt is not None
    }
    checked = 0
    claims = ((one.id, one.canonical()) for one in queries.claims_kept())
    sources = ((one.id, one.canonical()) for one in queries.sources().values())
    came = (
        (one.id, imports.sealed_bytes(one))
        for one in Import.objects.filter(undone=None).exclude(name="").order_by("id")
    )
    by_hand = (
        (one.id, entering.sealed_bytes(one)) for one in Entered.objects.filter(source__withdrawn=None).order_by("id")
    )
    for id_, content in chain(claims, sources, documents.sealed_records(), came, by_hand):
        try:
            check_seal(content, seals[id_])
            checked += 1
        except NotVerified:
            yield Check("seals", "wrong", Sentence("{id} is not what was sealed", id=id_))
        except KeyError:
            yield Check("seals", "wrong", Sentence("{id} was never sealed", id=id_))
    gone = LogEntry.objects.filter(kind="withdrawal").count()
    yield Check(
        "seals",
        "good",
        Sentence(
            (
                "{checked} record is what was sealed; {gone} sources were withdrawn",
                "{checked} records are what was sealed; {gone} sources were withdrawn",
            ),
            checked=checked,
            gone=gone,
        ),
    )
