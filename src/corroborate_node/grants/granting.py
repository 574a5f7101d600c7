"""Grants as a member makes them: made of a release, confirmed by a second person where identities are seen, handed over
as a link and a word, answered, revoked.

    number = make(desk, release, "Lena Petrov", "for the inquiry …", begins, until)
    confirm(desk_of_another, number)
    handed = hand(desk, number)       # its link goes one way, its word another
    revoke(desk, number)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from corroborate.disclosure import GrantState, GrantTerms, grant_state
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.translation import Sentence
from corroborate.values import canonical, new_id
from corroborate_node.core import persons
from corroborate_node.core.accounts import one_time
from corroborate_node.core.actors import Account
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import in_cases
from corroborate_node.core.storing import destroy_keys, storing
from corroborate_node.grants import secrets
from corroborate_node.grants.models import Grant, Link, Question
from corroborate_node.log.sealing import seal_record
from corroborate_node.release import making
from corroborate_node.release.giving import current_release

KIND = "grant"
LINK_HOLDS = timedelta(days=7)
MOST_NAME, MOST_PURPOSE, MOST_ANSWER = 200, 2_000, 5_000  # letters
_PAGE = "page grant"


@dataclass(frozen=True, slots=True)
class Handed:
    """What its reader comes in with, shown once: the secret of the link, and the word that goes another way."""

    secret: str
    word: str


def _of_grant(number: int, *_: object, **__: object) -> list[str]:
    return [f"grant/{number}"]


def seen(desk: Desk, number: int) -> Grant:
    """A grant for a desk; of another case it is not there. Raises InvalidValue."""
    found: Grant | None = in_cases(desk, Grant).filter(number=number).select_related("release").first()
    if found is None:
        raise InvalidValue("there is no grant {number} here; `corroborate access list` shows them", number=number)
    return found


def terms_of(row: Grant) -> GrantTerms:
    return GrantTerms(row.begins, row.until)


def state_of(row: Grant, on: date, stands: bool) -> GrantState:
    """``stands``: whether its release may be given today."""
    waits = row.needs_second and row.confirmed is None
    return grant_state(terms_of(row), on, waits=waits, revoked=row.revoked is not None, stands=stands)


@act("grant.make", ways=("page grant-new", "command access"), of_effects=lambda number: [f"grant/{number}"])
def make(desk: Desk, release: int, reader: str, purpose: str, begins: date, until: date, download: bool = False) -> int:
    """Let a named person of the release's body read it from one day to another; the grant's number.

    It ends no later than what it shows may be used. Raises InvalidValue, NotAllowed.
    """
    row, said, why = making.seen(desk, release), " ".join(reader.split()), " ".join(purpose.split())
    if not said or len(said) > MOST_NAME or not said.isprintable():
        raise InvalidValue("say who reads it: the name of one person, of {most} letters at most", most=MOST_NAME)
    if not why or len(why) > MOST_PURPOSE:
        raise InvalidValue("say for what it is read, in {most} letters at most", most=MOST_PURPOSE)
    if row.audience != "named body" or not row.body or row.linking or row.content is None:
        error = NotAllowed("release {number} is for no named body, or is given no more", number=release)
        error.remedy = "A grant is for a person of a court or commission: make a release for that body first."
        raise error
    if begins < desk.at.date():
        raise InvalidValue("a grant begins today or later")
    terms = GrantTerms(begins, until).within([row.until])
    number = (Grant.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    made = Grant(
        id=new_id(KIND, milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10)),
        number=number,
        release=row,
        reader=said,
        purpose=why,
        begins=terms.begins,
        until=terms.until,
        download=download,
        needs_second=row.needs_second,
        made_by=desk.by,
        by_account=isinstance(desk.actor, Account),
        at=desk.at,
    )
    with storing():
        made.save(force_insert=True)
        seal_record(KIND, made.id, sealed(made), desk.at, entropy=desk.entropy)
    return number


@act("grant.release", "grant.make", ways=("page grant-new", "command access"), of_effects=lambda n: [f"grant/{n}"])
def make_of(
    desk: Desk, asked: making.Asked, reader: str, purpose: str, begins: date, until: date, download: bool = False
) -> int:
    """The same of a release that is made for it: whole, or neither is."""
    release = making.make(desk, asked)
    return make(desk, release, reader, purpose, begins, until, download)


def sealed(row: Grant) -> bytes:
    """The record of a grant, as it is sealed: its purpose and its reader stand in it by the salted seal alone."""
    return canonical(
        {
            "version": 1,
            "id": row.id,
            "number": row.number,
            "release": row.release.id,
            "reader": row.reader,
            "purpose": row.purpose,
            "begins": row.begins.isoformat(),
            "until": row.until.isoformat(),
            "download": row.download,
            "made_by": row.made_by,
            "at": row.at.isoformat(),
        }
    )


@act("grant.confirm", ways=("page grant-confirm", "command access"), objects=_of_grant)
def confirm(desk: Desk, number: int) -> None:
    """Confirm a grant as its second person, and with it the release that it shows. Raises NotAllowed."""
    row = seen(desk, number)
    if row.confirmed is not None or not row.needs_second:
        raise NotAllowed("grant {number} waits for no second person", number=number)
    second_person(row, desk)
    release = making.known(row.release.number)
    if release.needs_second and release.confirmed is None:
        making.confirm(desk, release.number)
    content = canonical({"version": 1, "grant": row.id, "confirmed_by": desk.by, "at": desk.at.isoformat()})
    with storing():
        Grant.objects.filter(pk=row.pk).update(confirmed_by=desk.by, confirmed=desk.at)
        seal_record(KIND, row.id, content, desk.at, entropy=desk.entropy)


def second_person(row: Grant, desk: Desk) -> None:
    """Raises NotAllowed unless whoever sits here is another person than who made a grant, as far as accounts tell."""
    if row.by_account:
        persons.second(desk, row.made_by)
    elif persons.owner_second(desk):
        raise NotAllowed(
            "the owner made this grant, and made or reset this account or one behind it: make it as an account "
            "(--as NAME), so that another can confirm it"
        )


def may_confirm(desk: Desk, row: Grant) -> bool:
    """Whether whoever sits at a desk is a second person to a grant that waits for one."""
    if not row.needs_second or row.confirmed is not None or row.revoked is not None or not desk.may("grant.confirm"):
        return False
    try:
        second_person(row, desk)
    except NotAllowed:
        return False
    return True


@act("grant.hand", "grant.make", ways=("page grant-link", "command access"), objects=_of_grant)
def hand(desk: Desk, number: int) -> Handed:
    """Make the link with which its reader comes in once, and the word beside it. An earlier link opens no more.

    Raises NotAllowed while a second person is waited for, and where nothing of it may go today.
    """
    row = seen(desk, number)
    state = state_of(row, desk.at.date(), True)
    if state in ("revoked", "over", "waits"):
        error = NotAllowed(_NO_LINK[state], number=number)
        error.remedy = _THEN[state]
        raise error
    current_release(desk, row.release.number)
    handed = Handed(secrets.link_secret(desk.entropy), one_time(desk.entropy, secrets.WORD))
    end_links(row, desk)
    Link.objects.create(
        grant=row,
        digest=secrets.digest(desk.vault, "link", handed.secret),
        word=secrets.word_digest(desk.vault, handed.secret, handed.word),
        made=desk.at,
        until=desk.at + LINK_HOLDS,
    )
    return handed


_NO_LINK = {
    "revoked": Sentence("grant {number} was revoked"),
    "over": Sentence("grant {number} is over"),
    "waits": Sentence("grant {number} shows who people are: nobody has confirmed it yet"),
}
_THEN = {
    "revoked": "Make another grant, if this person is to read again.",
    "over": "Make another grant, if this person is to read again.",
    "waits": "Let a second person confirm it, on its page or by corroborate access confirm.",
}


def end_links(row: Grant, desk: Desk) -> None:
    """No link that was not used opens any more."""
    Link.objects.filter(grant=row, used=None, ended=None).update(ended=desk.at)


@act("grant.revoke", ways=(_PAGE, "command access"), objects=_of_grant, standing_back=True)
def revoke(desk: Desk, number: int) -> None:
    """End a grant: its links open nothing, and the next click of its reader is refused. Raises NotAllowed."""
    row = seen(desk, number)
    if row.revoked is not None:
        raise NotAllowed("grant {number} was revoked already", number=number)
    with storing():
        end_links(row, desk)
        Grant.objects.filter(pk=row.pk).update(revoked=desk.at, revoked_by=desk.by)


@act("grant.answer", ways=(_PAGE, "command access"), objects=lambda question, *_: [f"question/{question}"])
def answer(desk: Desk, question: int, text: str) -> None:
    """Answer what the reader of a grant asked; an answer can be changed by another. Raises InvalidValue."""
    row = in_cases(desk, Question).filter(pk=question).select_related("grant").first()
    if row is None:
        raise InvalidValue(
            "there is no question {question} here; `corroborate access show` lists them", question=question
        )
    if row.grant.erased is not None:
        raise NotAllowed(
            "a source of what this grant shows was withdrawn: nothing is written to its reader here any more"
        )
    said = text.strip()
    if not said or len(said) > MOST_ANSWER:
        raise InvalidValue("write an answer, of {most} letters at most", most=MOST_ANSWER)
    row.answer, row.answered, row.answered_by = said, desk.at, desk.by
    row.save(update_fields=["answer", "answered", "answered_by"])


def taken_back(desk: Desk, _records: Sequence[str], reason: str) -> int:
    """Within an act that withdraws, after the room of releases: whatever may tell of what was withdrawn goes, with the
    key under which it was sealed; how many grants."""
    if reason != "withdrawn":
        return 0
    gone = list(Grant.objects.filter(release__content=None, erased=None))
    for row in gone:
        end_links(row, desk)
        Question.objects.filter(grant=row).update(text="", answer="")
        Grant.objects.filter(pk=row.pk).update(purpose="", erased=desk.at)
    destroy_keys(one.id for one in gone)
    return len(gone)


def all_grants(desk: Desk) -> Iterable[Grant]:
    """Every grant, the newest first. Raises NotAllowed."""
    desk.require("grant.read")
    return (
        in_cases(desk, Grant).select_related("release").defer("release__content", "release__told").order_by("-number")
    )


__all__ = [
    "Handed",
    "all_grants",
    "answer",
    "confirm",
    "hand",
    "make",
    "make_of",
    "may_confirm",
    "revoke",
    "seen",
    "state_of",
    "taken_back",
]
