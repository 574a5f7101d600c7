"""What was taken back, between members: notes that go with the next bundle, what they erase where they come, and the
signed receipts by which the sender knows who has done it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from corroborate.custody import Verifier
from corroborate.errors import NotVerified
from corroborate.exchange import Bundle, Receipt
from corroborate.exchange.letters import Answered, read_recall
from corroborate.translation import Sentence
from corroborate.values import Digest
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.exchange import inbox, models
from corroborate_node.records import received
from corroborate_node.records.actions import CONSENT
from corroborate_node.release.models import Recall

FOLDER = "recalls/"


def waiting(to: Sequence[str]) -> list[Recall]:
    """Notes that all of some members are to have, and have not answered: of releases that each was sent."""
    found = Recall.objects.order_by("id")
    for member in to:
        found = found.filter(Q(pk__in=_of(member).values("pk")))
    return list(found)


def _of(member: str) -> QuerySet[Recall]:
    answered = models.Told.objects.filter(member=member).exclude(answered=None).values("recall_id")
    return Recall.objects.filter(release__given__form="bundle", release__given__to=member).exclude(pk__in=answered)


def files(notes: Sequence[Recall]) -> dict[str, bytes]:
    """The notes, as they lie in a bundle."""
    return {f"{FOLDER}{one.release_id}-{one.pk}.note": bytes(one.note) for one in notes}


def told(notes: Sequence[Recall], member: str, bundle: str, at: datetime) -> None:
    """Keep that a bundle to a member carried these notes."""
    for one in notes:
        models.Told.objects.update_or_create(recall=one, member=member, defaults={"bundle": bundle, "at": at})
    Recall.objects.filter(pk__in=[one.pk for one in notes], sent=None).update(sent=at)


@dataclass(frozen=True, slots=True)
class Obeyed:
    """What the recalls of a bundle did here, for the receipt and for whoever received it."""

    answers: tuple[Answered, ...] = ()
    said: tuple[Sentence, ...] = ()


def obey(desk: Desk, bundle: Bundle, keys: Sequence[Verifier]) -> Obeyed:
    """Erase what the sender of a bundle takes back in it: what was taken in, and what waits. Part of the act that
    receives; a note that came before is answered as it was then."""
    answers, said = list[Answered](), list[Sentence]()
    for path in sorted(bundle.files):
        if path.startswith(FOLDER):
            row, new = _obeyed(desk, bundle, bundle.files[path], keys)
            answers.append(Answered(Digest(row.note), row.sources, row.claims))
            said += new
    return Obeyed(tuple(answers), tuple(said))


def answers_of(bundle: Bundle) -> tuple[Answered, ...]:
    """What was answered to the notes in a bundle that came before."""
    notes = [str(Digest.of(content)) for path, content in sorted(bundle.files.items()) if path.startswith(FOLDER)]
    rows = models.Obeyed.objects.in_bulk(notes)
    return tuple(Answered(Digest(one), rows[one].sources, rows[one].claims) for one in notes if one in rows)


def _obeyed(desk: Desk, bundle: Bundle, note: bytes, keys: Sequence[Verifier]) -> tuple[models.Obeyed, list[Sentence]]:
    digest = str(Digest.of(note))
    before = models.Obeyed.objects.filter(pk=digest).first()
    if before is not None:
        return before, []
    recall = read_recall(note, keys)
    if recall.origin != bundle.sender:
        raise NotVerified("{sender} sent a recall of {origin}", sender=bundle.sender, origin=recall.origin)
    ended = recall.reason == CONSENT
    if not ended:  # they may come again, under other terms
        gone = [models.Gone(member=recall.origin, record=one) for one in recall.records]
        models.Gone.objects.bulk_create(gone, ignore_conflicts=True)
    parcels = inbox.taken_back(desk, recall.origin, recall.records, recall.number if ended else None)
    if ended:
        done = received.rely_no_more(desk, recall.origin, recall.records, recall.number)
    elif recall.reason == "withdrawn":
        done = received.erase(desk, recall.origin, recall.records, desk.at.date())
    else:
        done = received.count_no_more(desk, recall.origin, recall.records)
    row = models.Obeyed.objects.create(
        note=digest,
        member=recall.origin,
        number=recall.number,
        reason=recall.reason,
        sources=done.sources,
        claims=done.claims,
        parcels=parcels,
        at=desk.at,
    )
    return row, list(_said(row, done.others))


def _said(row: models.Obeyed, others: int) -> list[Sentence]:
    values = {"member": row.member, "number": str(row.number), "claims": row.claims}  # the claims are counted
    if row.reason == "withdrawn":
        first = Sentence(
            (
                "{member} took back something of its release {number}: {claims} claim was erased here.",
                "{member} took back something of its release {number}: {claims} claims were erased here.",
            ),
            **values,
        )
    elif row.reason == CONSENT:
        first = Sentence(
            (
                "A consent under which {member} sent its release {number} ended: {claims} claim is held back here, "
                "until new terms come.",
                "A consent under which {member} sent its release {number} ended: {claims} claims are held back here, "
                "until new terms come.",
            ),
            **values,
        )
    else:
        first = Sentence(
            (
                "{member} corrected something of its release {number}: {claims} claim counts no more here.",
                "{member} corrected something of its release {number}: {claims} claims count no more here.",
            ),
            **values,
        )
    found = [first]
    if row.parcels:
        found.append(
            Sentence(
                (
                    "{n} bundle that waited in the inbox went with it: ask {member} for the rest.",
                    "{n} bundles that waited in the inbox went with it: ask {member} for the rest.",
                ),
                n=row.parcels,
                member=row.member,
            )
        )
    if others:
        found.append(
            Sentence(
                (
                    "{n} source of the same records came from another member, and stays: only that one takes it back.",
                    "{n} sources of the same records came from other members, and stay: only those take them back.",
                ),
                n=others,
            )
        )
    return found


def take_answers(receipt: Receipt, note: bytes, by: str) -> int:
    """Keep what a member did with our recalls, by its signed receipt; how many it answers."""
    number = 0
    rows = list(models.Told.objects.filter(member=by, bundle=receipt.bundle).select_related("recall"))
    for answer in receipt.answers:
        for row in rows:
            if Digest.of(bytes(row.recall.note)) == answer.note:
                row.answered, row.sources, row.claims = receipt.at, answer.sources, answer.claims
                row.receipt = note
                row.save()
                _answered_by_all(row.recall, receipt.at)
                number += 1
    return number


def _answered_by_all(recall: Recall, at: datetime) -> None:
    """A recall is answered when everybody who was given its release has, by whatever way it was given."""
    given = set(recall.release.given.values_list("form", "to"))
    done = set(recall.told.exclude(answered=None).values_list("member", flat=True))
    if all(form == "bundle" and to in done for form, to in given):
        Recall.objects.filter(pk=recall.pk, answered=None).update(answered=at)


def board(user: Any) -> QuerySet[models.Told]:
    """Who was told of what was taken back, and who has answered; who has not, first."""
    return visible(user, models.Told).select_related("recall").order_by("answered", "-at", "id")


def untold(user: Any) -> list[tuple[int, str]]:
    """Number of a release and member: something of it was taken back since, and no bundle to that member carried it."""
    pairs = Recall.objects.filter(pk__in=visible(user, Recall).values("pk"), release__given__form="bundle")
    known = set(models.Told.objects.values_list("recall_id", "member"))
    rows = pairs.values_list("pk", "release_id", "release__given__to").distinct()
    return sorted({(number, member) for pk, number, member in rows if member and (pk, member) not in known})
