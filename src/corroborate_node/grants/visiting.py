"""Grants as their readers use them: they come in once by link and word, look, ask, and take along what they may.

A reader has no account and no session of the vault's: what their browser shows opens the pages below ``/access`` and no
other. Every page is asked anew whether the grant holds, and is written into the journal before it is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from corroborate.errors import CorroborateError, InvalidValue, NotAllowed
from corroborate.translation import Sentence
from corroborate_node.core import journal, throttle
from corroborate_node.core.actors import Investigator
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import storing
from corroborate_node.grants import secrets
from corroborate_node.grants.granting import state_of
from corroborate_node.grants.models import Grant, Link, Question, Visit
from corroborate_node.grants.reading import Shown, shown
from corroborate_node.release import giving

VISIT_HOLDS = timedelta(hours=8)
MOST_QUESTION, MOST_QUESTIONS = 2_000, 200  # letters of one; in a grant
_PLACE = "grant"  # where wrong words are counted
_NOT_THIS = "this link and word open nothing"
_LOOK = frozenset({"grant.look"})
_TAKE = frozenset({"grant.look", "grant.take"})


@dataclass(frozen=True, slots=True)
class From:
    """Where a browser asks from."""

    address: str
    program: str


def desk_for(vault: Vault, row: Grant, at: datetime) -> Desk:
    """The desk of a grant's reader: it reads, and asks."""
    return Desk(vault, Investigator(row.id, row.reader, _TAKE if row.download else _LOOK), at)


def come_in(vault: Vault, secret: str, word: str, where: From, at: datetime) -> str | None:
    """What the browser of a grant's reader shows from now on; None where link and word open nothing.

    A link that never was, one that was used and a wrong word are one answer, and take the same way. Raises
    TooManyTries.
    """
    key = secrets.digest(vault, "link", secret)
    link = throttle.checked(
        vault, _PLACE, f"grant link\n{key}", where.address, at, lambda: _right(vault, key, secret, word, at)
    )
    if link is None:
        return None
    token = secrets.link_secret(desk_for(vault, link.grant, at).entropy)
    try:
        enter(desk_for(vault, link.grant, at), link, secrets.digest(vault, "visit", token), where)
    except NotAllowed:  # it was used at the same moment, or nothing of it may be shown
        return None
    return token


def _right(vault: Vault, key: str, secret: str, word: str, at: datetime) -> Link | None:
    found = Link.objects.filter(digest=key).select_related("grant__release").first()
    right = secrets.same(secrets.word_digest(vault, secret, word), found.word if found else "0" * 64)
    if found is None or found.used is not None or found.ended is not None or at >= found.until:
        throttle.as_if_counted(_PLACE, at)
        return None
    if right:
        return found
    wrong = found.wrong + 1
    ended = at if wrong >= secrets.MOST_WRONG else None
    with storing():
        Link.objects.filter(pk=found.pk).update(wrong=wrong, ended=ended)
    return None


@act(
    "grant.enter",
    "grant.look",
    ways=("page access-open",),
    objects=lambda link, *_: [f"grant/{link.grant.number}"],
)
def enter(desk: Desk, link: Link, browser: str, where: From) -> None:
    """Use a link up; an earlier visit of the grant ends. That the release was given is kept. Raises NotAllowed."""
    row = link.grant
    if state_of(row, desk.at.date(), True) not in ("open", "early"):
        raise NotAllowed(_NOT_THIS)
    giving.current_release(desk, row.release.number)
    if not Link.objects.filter(pk=link.pk, used=None, ended=None).update(used=desk.at):
        raise NotAllowed(_NOT_THIS)
    Visit.objects.filter(grant=row, ended=None).update(ended=desk.at)
    Visit.objects.create(
        grant=row,
        digest=browser,
        began=desk.at,
        until=desk.at + VISIT_HOLDS,
        address=where.address,
        program=where.program[:120],
    )
    if not row.release.given.filter(form="grant", to=row.reader).exists():
        giving.record(desk, row.release.number, "grant", row.release.digest, row.reader)


def visit_of(vault: Vault, token: str, at: datetime) -> Visit | None:
    """The visit that a browser shows; None: there is none, or it is over."""
    if not token or len(token) > 80:
        return None
    found: Visit | None = (
        Visit.objects.filter(digest=secrets.digest(vault, "visit", token), ended=None)
        .select_related("grant__release")
        .defer("grant__release__content", "grant__release__told")
        .first()
    )
    return found if found is not None and found.began <= at < found.until else None


def left(vault: Vault, token: str, at: datetime) -> None:
    """End a visit, by what its browser shows."""
    if (visit := visit_of(vault, token, at)) is not None:
        Visit.objects.filter(pk=visit.pk).update(ended=at)


def looked(desk: Desk, row: Grant, page: str, ids: Iterable[str] = ()) -> None:
    """Write down what a page shows, before it is shown."""
    with storing():
        journal.write(desk, "view", page, [f"grant/{row.number}", *ids])


def refused(desk: Desk, row: Grant) -> None:
    """Write down that its reader came, and saw nothing."""
    with storing():
        journal.write(desk, "refused", "grant.look", [f"grant/{row.number}"])


def opened(desk: Desk, row: Grant) -> Shown:
    """What a grant shows today. Raises NotAllowed, with what its reader is told."""
    state = state_of(row, desk.at.date(), True)
    if state != "open":
        raise NotAllowed(_TOLD[state], begins=row.begins.isoformat(), until=row.until.isoformat())
    try:
        return shown(desk, row)
    except CorroborateError as error:
        raise NotAllowed(_TOLD["closed"]) from error


_TOLD = {
    "revoked": Sentence("Your access was ended by the organisation that gave it."),
    "over": Sentence("Your access ended on {until}."),
    "early": Sentence("Your access begins on {begins}."),
    "waits": Sentence("Your access waits for a second person of the organisation that gives it."),
    "closed": Sentence(
        "What you could read here may be shown no more: somebody took back what they told, or their consent ended."
    ),
}


@act(
    "grant.ask",
    "grant.look",
    ways=("page access-questions",),
    objects=lambda row, *_: [f"grant/{row.number}"],
)
def ask(desk: Desk, row: Grant, text: str, item: str = "") -> int:
    """Ask something, in general or of an item by its number before this reader; the question's number. Raises
    InvalidValue, NotAllowed."""
    said, about = text.strip(), item.strip()
    if not said or len(said) > MOST_QUESTION:
        raise InvalidValue("write what you want to know, in {most} letters at most", most=MOST_QUESTION)
    about = opened(desk, row).ids.get(about, "") if about else ""
    if item.strip() and not about:
        raise InvalidValue("nothing of this number is shown here")
    if Question.objects.filter(grant=row).count() >= MOST_QUESTIONS:
        raise NotAllowed(
            "{most} questions were asked here: write to the organisation by another way", most=MOST_QUESTIONS
        )
    return Question.objects.create(grant=row, item=about, text=said, at=desk.at).pk


@act(
    "grant.take",
    ways=("page access-take",),
    objects=lambda row, form, *_: [f"grant/{row.number}", f"form/{form}"],
    kind="export",
    whole=False,
)
def take(desk: Desk, row: Grant, form: str, language: str = "en") -> bytes:
    """What a grant shows as one file to take along: as ``package``, which anybody checks offline, or as ``dossier``.
    Each carries who took it under which grant and when. Raises NotAllowed."""
    opened(desk, row)
    if form not in ("package", "dossier"):
        raise InvalidValue("taken along is a package or a dossier")
    return giving.handed_over(desk, row.release.number, form, row.reader, language, mark_of(row, desk.at))


def mark_of(row: Grant, at: datetime) -> str:
    """Who reads, under which grant, when: laid over all that leaves under it."""
    return Sentence(
        "{reader}, {body} · grant {number} · {time}",
        reader=row.reader,
        body=row.release.body,
        number=str(row.number),
        time=f"{at:%Y-%m-%d %H:%M} UTC",
    )


__all__ = [
    "From",
    "ask",
    "come_in",
    "desk_for",
    "enter",
    "left",
    "looked",
    "mark_of",
    "opened",
    "refused",
    "take",
    "visit_of",
]
