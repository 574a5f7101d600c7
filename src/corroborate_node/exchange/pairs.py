"""The place of bundles between this vault and each other member: numbers that are given, and what arrives."""

from collections.abc import Sequence
from datetime import datetime

from corroborate.custody import Checkpoint, Note, Verifier
from corroborate.errors import NotVerified
from corroborate.exchange import Bundle, Came, Chain, Place, arrive
from corroborate.exchange.sequence import Effect, Held, Late, Missing, WentBack, absent
from corroborate.translation import Sentence
from corroborate_node.log import actions, models

KIND = "set back"  # the alarm
MOST = 5000  # bundles of one sender that may be missing


def next_place(origin: str) -> Place:
    """Of the next bundle to a member."""
    sent = models.Carried.objects.filter(direction="out", other=origin).exclude(number=None)
    last = sent.order_by("-number").first()
    return Place(1) if last is None or last.number is None else Place(last.number + 1, last.digest)


def shown_size(bundle: Bundle, keys: Sequence[Verifier]) -> int:
    """How many entries of its sender's log a bundle shows, under a key of the sender's; 0 where it shows none."""
    found = 0
    for note in bundle.checkpoints:
        parsed = Note.parse(note)
        checkpoint = Checkpoint.parse(parsed.text)
        if checkpoint.origin == bundle.sender and parsed.check(keys):
            found = max(found, checkpoint.size)
    return found


def chain_of(origin: str) -> Chain:
    """What came from a member, with numbers."""
    rows = models.Carried.objects.filter(direction="in", other=origin).exclude(number=None)
    return Chain(frozenset(_came(row) for row in rows))


def missing() -> dict[str, tuple[int, ...]]:
    """Numbers that did not come, by sender."""
    came = models.Carried.objects.filter(direction="in").exclude(number=None)
    here: dict[str, set[int]] = {}
    for sender, number in came.order_by("other").values_list("other", "number"):
        here.setdefault(sender, set()).add(number or 0)
    return {one: gone for one, numbers in here.items() if (gone := absent(numbers))}


def refuse_a_gap(bundle: Bundle) -> None:
    """A number that leaves thousands missing is no loss on the way. Raises NotVerified."""
    came = models.Carried.objects.filter(direction="in", other=bundle.sender).exclude(number=None)
    number = 0 if bundle.place is None else bundle.place.number
    if number - came.values("number").distinct().count() > MOST:
        raise NotVerified(
            "{sender} gives this bundle the number {number}, and thousands before it did not come: nothing of it was "
            "taken in. Ask {sender}, by another way",
            sender=bundle.sender,
            number=number,
        )


def arrived(row: models.Carried, at: datetime) -> tuple[int, tuple[Sentence, ...]]:
    """How many alarms a bundle raises by its place among its sender's, and what is to be said. To be asked before its
    checkpoints are heard: they are compared with what was known without it."""
    if row.number is None and (after := chain_of(row.other).newest):
        words = Sentence(
            "{origin} sent a bundle without a number after bundle {number}: it works with an older copy of its vault, "
            "or with an older version of the program. Ask it, by another way.",
            origin=row.other,
            number=after,
        )
        return int(actions.alarm(KIND, row.other, words, at)), (words,)
    if row.number is None and not row.log and _held(row.other) is not None:
        words = _silent(row.other)
        return int(actions.alarm(KIND, row.other, words, at)), (words,)
    if row.number is None:
        return 0, (Sentence("It has no number: an earlier version wrote it, and the loss of one like it is not seen."),)
    before = Chain(frozenset(one for one in chain_of(row.other).came if one.digest != row.digest))
    _, effects = arrive(before, _came(row), _held(row.other))
    raised = sum(_alarm(row.other, one, at) for one in effects if isinstance(one, WentBack))
    return raised, tuple(said for one in effects if (said := _said(row.other, one)) is not None)


def named_later(origin: str, digest: str) -> bool:
    """Whether a later bundle of a member, which came here under the key of then, names this one as the one before it:
    then its sender did send it, whatever became of the key that signed it."""
    return bool(models.Carried.objects.filter(direction="in", other=origin, before=digest).exists())


def came_before(row: models.Carried, *, unpacked: bool) -> Sentence:
    if unpacked:
        return Sentence("It came before, on {at:%Y-%m-%d}: now its files are unpacked, and nothing else.", at=row.at)
    return Sentence("It came before, on {at:%Y-%m-%d}: nothing of it was taken in or unpacked again.", at=row.at)


def _came(row: models.Carried) -> Came:
    return Came(Place(row.number or 1, row.before), row.digest, row.log, row.made or row.at)


def _held(origin: str) -> Held | None:
    """The largest size of a log that we cosigned, or that somebody showed us."""
    found = [Held(row.size, row.at) for row in models.WatchedLog.objects.filter(origin=origin)]
    found += [Held(row.size, row.at) for row in models.Heard.objects.filter(origin=origin).order_by("-size")[:1]]
    return max(found, key=lambda one: one.log, default=None)


def _alarm(origin: str, effect: WentBack, at: datetime) -> int:
    words = _said(origin, effect)
    return int(words is not None and actions.alarm(KIND, origin, words, at))


def _silent(origin: str) -> Sentence:
    return Sentence(
        "A bundle of {origin} shows nothing of its log, as every other does: whether it works with an older copy of "
        "its vault cannot be seen. Ask it, by another way.",
        origin=origin,
    )


def _said(origin: str, effect: Effect) -> Sentence | None:
    match effect:
        case Missing(numbers):
            return Sentence(
                (
                    "{n} bundle of {origin} did not come yet: {listed}.",
                    "{n} bundles of {origin} did not come yet: {listed}.",
                ),
                n=len(numbers),
                listed=ranges(numbers),
                origin=origin,
            )
        case Late(number, ()):
            return Sentence(
                "Bundle {number} of {origin} was missing and is here now; none is missing.",
                number=number,
                origin=origin,
            )
        case Late(number, left):
            return Sentence(
                "Bundle {number} of {origin} was missing and is here now; {listed} did not come yet.",
                number=number,
                origin=origin,
                listed=ranges(left),
            )
        case WentBack(number, "number"):
            return Sentence(
                "{origin} sent two different bundles under number {number}: it works with an older copy of its vault, "
                "or tells two stories. Ask it, by another way.",
                origin=origin,
                number=number,
            )
        case WentBack(number, "chain"):
            return Sentence(
                "Bundle {number} of {origin} follows another one than that which came here: it works with an older "
                "copy of its vault, or tells two stories. Ask it, by another way.",
                origin=origin,
                number=number,
            )
        case WentBack(_, "silent"):
            return _silent(origin)
        case WentBack(number, _, log, held):
            return Sentence(
                "Bundle {number} of {origin} shows {log} entries of its log, and {held} were shown here before it was "
                "made: it works with an older copy of its vault, or its clock is wrong. Ask it, by another way.",
                number=number,
                origin=origin,
                log=log,
                held=held,
            )
    return None


def ranges(numbers: tuple[int, ...]) -> str:
    """Numbers as people write them: ``2, 4-6``."""
    found: list[list[int]] = []
    for one in numbers:
        if found and one == found[-1][1] + 1:
            found[-1][1] = one
        else:
            found.append([one, one])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)
