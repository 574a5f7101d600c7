"""Document numbers that two vaults have both, by private set intersection: enter, answer, compare."""

from collections.abc import Callable, Mapping

from corroborate.errors import InvalidValue, NotAllowed, NotLinkable, NotVerified
from corroborate.linkage import private
from corroborate.linkage.private import intersection
from corroborate.records.consent import checked_clock
from corroborate.values import Digest
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.storing import storing
from corroborate_node.log import queries as log
from corroborate_node.release import giving
from corroborate_node.release.making import about
from corroborate_node.review import models
from corroborate_node.review.private import check_own_id, claims_of, linking, new, node_of, towards

Entropy = Callable[[int], bytes]


@act(
    "numbers.enter",
    "linkage.private",
    ways=("command private",),
    objects=lambda note, numbers, release: about(release),
    kind="export",
)
def enter(desk: Desk, note: bytes, numbers: Mapping[str, str], release: int) -> tuple[bytes, int, int]:
    """Enter numbers (number -> person) of people whose sources allow linking before the other side.

    Returns the file for the other side, how many numbers stand in it, and how many could not. Both sides will learn
    which numbers both have, with no deciding afterwards; so consent is asked here.
    """
    vault, at, entropy = desk.vault, desk.at, desk.entropy
    checked_clock(at, log.last_entry_at())
    agreed = private.agreed(note, node_of(vault), at.date())
    check_own_id(agreed)
    claims = claims_of(sorted(set(numbers.values())))
    if unknown := sorted(person for person, about in claims.items() if not about):
        raise InvalidValue("nobody here has the id {unknown}", unknown=unknown[0])
    allowed, goes = towards(agreed, at.date()), linking(desk, release, agreed).going("link")
    entered = {
        number: person
        for number, person in numbers.items()
        if private.shown([one for one in claims[person] if one.id in goes], allowed, "held").reveal == "held"
    }
    if not entered:
        raise NotLinkable("no number may be entered: no source of these people allows linking before the other side")
    kept, points = intersection.enter(list(entered), agreed, entropy)
    sent = private.write_sent(
        "offer", points, agreed.agreement, identifier=new("offer", at, entropy), at=at, signer=vault.signer,
        to=agreed.other,
    )  # fmt: skip
    earlier = models.PrivateNumbers.objects.filter(agreement=agreed.agreement.id)
    with storing():
        models.PrivateNumbers.objects.create(
            digest=Digest.of(sent).hex, agreement=agreed.agreement.id, secret=kept.secret, points=list(kept.whose),
            people=list(entered.values()), at=at, number=models.next_number(earlier),
        )  # fmt: skip
        giving.record(desk, release, "numbers", Digest.of(sent).hex)
    return sent, len(entered), len(numbers) - len(entered)


def _entered(agreed: private.Agreed) -> tuple[models.PrivateNumbers, intersection.Entered]:
    found = models.PrivateNumbers.objects.filter(agreement=agreed.agreement.id).first()
    if found is None:
        raise NotAllowed("this vault has entered no numbers under the agreement: `private numbers enter` comes first")
    return found, intersection.Entered(bytes(found.secret), tuple(found.points))


def _theirs(content: bytes, kind: "private.Kind", agreed: private.Agreed) -> private.Sent:
    return private.read_sent(content, kind, agreed.agreement, half=agreed.half, senders=agreed.from_other)


@act("numbers.answer", "linkage.private", ways=("command private",), kind="export")
def answer(desk: Desk, note: bytes, theirs: bytes) -> bytes:
    """Multiply the other side's points by our secret, and send them back.

    One file of the other side is answered for each that we entered, as often as it is lost: with more of them it could
    try all numbers there are, some at a time, and no size would tell. Raises NotAllowed for another one.
    """
    vault, at, entropy = desk.vault, desk.at, desk.entropy
    agreed = private.agreed(note, node_of(vault), at.date())
    offer = _theirs(theirs, "offer", agreed)
    row, entered = _entered(agreed)
    if row.answered not in ("", offer.digest.hex):
        error = NotAllowed(
            "other numbers of {other} were answered with those entered here", other=agreed.other.key.name
        )
        error.remedy = "To compare again, enter numbers anew: corroborate private numbers enter."
        raise error
    models.PrivateNumbers.objects.filter(pk=row.pk).update(answered=offer.digest.hex)
    return private.write_sent(
        "answer", intersection.answer(offer, entered), agreed.agreement,
        identifier=new("answer", at, entropy), at=at, signer=vault.signer,
        to=agreed.other, answers=[offer.digest],
    )  # fmt: skip


@act("numbers.compare", "linkage.private", ways=("command private",))
def compare(desk: Desk, note: bytes, theirs: bytes, answered: bytes) -> list[str]:
    """The people of ours whose number the other side has too. Raises NotVerified for an answer to another offer."""
    vault, at = desk.vault, desk.at
    agreed = private.agreed(note, node_of(vault), at.date())
    row, entered = _entered(agreed)
    back = _theirs(answered, "answer", agreed)
    if back.answers != (Digest(row.digest),):
        raise NotVerified("the answer is to other numbers than the last that this vault entered under the agreement")
    return [row.people[at_] for at_ in intersection.common(entered, back, _theirs(theirs, "offer", agreed))]
