"""Two people decide that somebody who is said to have done something may be named: to whom, why, with what caution and
until when. The first says it, a second one confirms it; from then on it stands, until its last day or until one of
those who may decide takes it back. Each step is sealed in the log.

It holds for the names that both read, and is sealed with a digest of each: a name that was corrected or added since
waits, until that decision is taken back and made anew."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Q

from corroborate.disclosure import ACCUSING, NamedTo, Naming, Sure, accused, accused_by_hearsay, name_digest
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.records import Claim, Clusters
from corroborate.records.schema import names_of_type
from corroborate.values import JSON, canonical, new_id
from corroborate.values.signs import checked_line
from corroborate_node.core import persons
from corroborate_node.core.actors import Account
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import may, visible
from corroborate_node.core.rooms import Waiting
from corroborate_node.core.storing import storing
from corroborate_node.core.wording import Words
from corroborate_node.inquiry import models
from corroborate_node.log.sealing import seal_all, unsalt
from corroborate_node.records import models as kept
from corroborate_node.records import queries, rows

KIND = "naming"
_WAYS = ("page naming", "command naming")


def _ids(row: models.Naming) -> list[str]:
    return [row.id, row.who_id]


@act("naming.decide", ways=_WAYS, of_effects=_ids)
def decide(
    desk: Desk, who: str, audience: NamedTo, sure: Sure, because: str, body: str = "", until: date | None = None
) -> models.Naming:
    """Say that somebody may be named to a reader; it stands when a second person confirms it.

    ``who``: the id of the party or person, or of the act or person whose own words name somebody. Raises InvalidValue
    for whom nobody says to have done something, NotAllowed.
    """
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    id_ = who.strip()
    in_words = _told_of(desk, id_)
    if in_words and audience == "public":
        raise InvalidValue(
            "{who} names somebody in words alone: record who it is, and decide of them (interview, `by:`)", who=id_
        )
    if not because.strip():
        raise InvalidValue("say why they may be named to this reader: the second person must be able to judge it")
    if until is not None and until < desk.at.date():
        raise InvalidValue("{until} is over: a decision holds from today on", until=until.isoformat())
    Naming(id_, id_, audience, checked_line(body.strip()), sure, desk.at.date(), until)  # refuses what fits not
    same = models.Naming.objects.filter(who_id=id_, audience=audience, taken_back=None)
    if any(one.body == body.strip() and (one.until is None or one.until >= desk.at.date()) for one in same):
        raise InvalidValue("this is decided already, or waits for its second person: take that back first")
    new = new_id(KIND, milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10))
    with storing():
        row: models.Naming = models.Naming.objects.create(
            id=new,
            who_id=id_,
            audience=audience,
            body=body.strip(),
            sure=sure,
            why=because.strip(),
            until=until,
            by=desk.by,
            by_account=isinstance(desk.actor, Account),
            at=desk.at,
            names=json.dumps(_digests(new, _claims_of(desk, [id_])[id_])),
        )
        seal_all([(KIND, row.id, sealed_bytes(row))], desk.at, desk.entropy)
    return row


def _told_of(desk: Desk, who: str) -> bool:
    """Whether somebody is named in words alone. Raises InvalidValue for whom nobody says to have done something."""
    claims = queries.current_among_seen(desk)
    same = dict.fromkeys(_judged_same([who]), who)

    def told(of: Collection[str]) -> list[Claim]:
        parts = claims.filter(target__in=list(of), property__in=("person", "against")).values_list("subject_id")
        return [rows.claim(one) for one in claims.filter(subject_id__in=parts, property__in=ACCUSING)]

    if accused(told([who])):
        if any(same.get(one) == who for one in accused_by_hearsay(told(same), same)):
            raise NotAllowed("a proceeding against {who} is known by hearsay alone: no decision names them", who=who)
        return False
    if claims.filter(subject_id=who, property="perpetrator").exists():
        return True
    raise InvalidValue(
        "of {who!r} nobody says that they did something or held a post; the registers show of whom somebody does",
        who=who,
    )


@act("naming.confirm", "naming.decide", ways=_WAYS, of_effects=_ids)
def confirm(desk: Desk, naming: str) -> models.Naming:
    """Confirm a decision as its second person. Raises InvalidValue, NotAllowed for whoever made it, or is behind who
    did."""
    row = _standing(desk, naming)
    if row.confirmed is not None:
        raise NotAllowed("{id} is confirmed already, by {by}", id=row.id, by=row.confirmed_by)
    if not isinstance(desk.actor, Account):
        raise NotAllowed("an account confirms it, so that it is known who did (--as NAME)")
    if row.by_account:
        persons.second(desk, row.by)
    elif persons.owner_second(desk):
        raise NotAllowed(
            "the owner said this, and made or reset this account or one behind it: say it as an account (--as NAME), "
            "so that another can confirm it"
        )
    if row.names and json.loads(row.names) != _digests(row.id, _claims_of(desk, [row.who_id])[row.who_id]):
        raise NotAllowed(
            "the names of {who} were changed since {by} said this: take it back, and say it anew of them as they stand",
            who=row.who_id,
            by=row.by,
        )
    content = canonical({"version": 1, "confirmed": row.id, "by": desk.by, "at": desk.at.isoformat()})
    return _changed(desk, row, content, confirmed=desk.at, confirmed_by=desk.by)


@act("naming.take-back", "naming.decide", ways=_WAYS, of_effects=_ids)
def take_back(desk: Desk, naming: str) -> models.Naming:
    """Take a decision back: nobody is named by it any more, and a release that does is written no more. One person is
    enough. Raises InvalidValue."""
    row = _standing(desk, naming)
    content = canonical({"version": 1, "taken_back": row.id, "by": desk.by, "at": desk.at.isoformat()})
    return _changed(desk, row, content, taken_back=desk.at, taken_back_by=desk.by)


def _standing(desk: Desk, naming: str) -> models.Naming:
    row: models.Naming | None = visible(desk, models.Naming).filter(id=naming.strip(), taken_back=None).first()
    if row is None:
        raise InvalidValue("no decision {id} that stands or waits; `corroborate naming list` shows them", id=naming)
    return row


def _changed(desk: Desk, row: models.Naming, content: bytes, **values: Any) -> models.Naming:
    with storing():
        models.Naming.objects.filter(id=row.id).update(**values)
        seal_all([(KIND, row.id, content)], desk.at, desk.entropy)
    for name, value in values.items():
        setattr(row, name, value)
    return row


def sealed_bytes(row: models.Naming) -> bytes:
    names: dict[str, JSON] = {"names": json.loads(row.names)} if row.names else {}  # an earlier version sealed none
    return canonical(
        {
            **names,
            "version": 2 if names else 1,
            "id": row.id,
            "who": row.who_id,
            "audience": row.audience,
            "body": row.body,
            "sure": row.sure,
            "because": row.why,
            "until": None if row.until is None else row.until.isoformat(),
            "by": row.by,
            "at": row.at.isoformat(),
        }
    )


def current() -> Iterator[Naming]:
    """Every decision that two people made and none took back; whether it holds on a day is asked of each."""
    for row in models.Naming.objects.exclude(confirmed=None).filter(taken_back=None).order_by("id"):
        if row.confirmed is not None:
            yield _as_decided(row, row.confirmed)


def _as_decided(row: models.Naming, on: datetime) -> Naming:
    to, sure = cast("NamedTo", row.audience), cast("Sure", row.sure)
    names = frozenset(json.loads(row.names)) if row.names else None
    return Naming(row.id, row.who_id, to, row.body, sure, on.date(), row.until, names, row.at)


@dataclass(frozen=True, slots=True)
class Shown:
    """A decision as a page shows it. ``state``: waits, stands, over, taken_back. ``unread``: names of theirs, of now,
    for which it does not hold."""

    row: models.Naming
    name: str
    state: str
    unread: tuple[str, ...] = ()


def listed(user: Any, on: date) -> tuple[Shown, ...]:
    """Every decision, for who may see who people are: those that wait first, then the newest."""
    found = list(visible(user, models.Naming).order_by("-at", "-id"))
    claims = _claims_of(user, {one.who_id for one in found})
    shown = [_shown(one, claims[one.who_id], state_of(one, on)) for one in found]
    return tuple(sorted(shown, key=lambda one: one.state != "waits"))


def _shown(row: models.Naming, claims: Sequence[kept.Claim], state: str) -> Shown:
    made = _as_decided(row, row.at)
    unread = (queries.words_of(one) for one in claims if not made.lets(rows.claim(one)))
    names = " / ".join(dict.fromkeys(queries.words_of(one) for one in claims))
    return Shown(row, names, state, tuple(dict.fromkeys(unread)) if state in ("waits", "stands") else ())


def state_of(row: models.Naming, on: date) -> str:
    if row.taken_back is not None:
        return "taken_back"
    if row.until is not None and row.until < on:
        return "over"
    return "waits" if row.confirmed is None else "stands"


def _claims_of(user: Any, who: Collection[str]) -> dict[str, list[kept.Claim]]:
    """By whom a decision is of, each claim by which it lets them be called: their names, those of everybody who was
    judged to be the same, and the words in which acts of theirs say who did it."""
    whose = _judged_same(who)
    claims = queries.current_among_seen(user)
    parts: dict[str, set[str]] = {}
    for part, person in claims.filter(target__in=list(whose), property="person").values_list("subject_id", "target"):
        parts.setdefault(part, set()).update(whose[person])
    for part, act_ in claims.filter(subject_id__in=list(parts), property="act").values_list("subject_id", "target"):
        whose.setdefault(act_, set()).update(parts[part])
    found: dict[str, list[kept.Claim]] = {one: [] for one in who}
    told = (*names_of_type("name"), "perpetrator")
    for claim in claims.filter(subject_id__in=list(whose), property__in=told).order_by("id"):
        for one in whose[claim.subject_id]:
            found[one].append(claim)
    return found


def _judged_same(who: Collection[str]) -> dict[str, set[str]]:
    """Everybody who is or was judged to be one of some, and which of them each is."""
    people, asked, found = set(who), set(who), dict[str, kept.Judgement]()
    while asked:
        near = kept.Judgement.objects.filter(Q(left__in=asked) | Q(right__in=asked), verdict="same", withdrawn=None)
        found |= {one.id: one for one in near}
        asked = {end for one in near for end in (one.left, one.right)} - people
        people |= asked
    clusters = Clusters.of(sorted(people), [rows.judgement(one) for one in found.values()])
    return {one: set(who) & members for members in clusters.members for one in members}


def _digests(decision: str, claims: Iterable[kept.Claim]) -> list[str]:
    return sorted({name_digest(decision, queries.words_of(one)) for one in claims})


def waits(user: Any, language: str) -> Iterable[Waiting]:
    """Decisions that wait for a second person, whoever made them aside."""
    if not may(user, "naming.decide"):
        return
    words = Words(language, "inquiry")
    found = visible(user, models.Naming).filter(confirmed=None, taken_back=None).order_by("at")
    for one in found:
        if one.by != getattr(user, "username", ""):
            yield Waiting(words["naming_waits"], "/naming", one.body or words["to_public"], on=_day(one.at))


def _day(at: datetime) -> date:
    return at.date()


def taken_back(records: Sequence[str]) -> None:
    """With the last claim that tells of somebody go the words in which it was decided to name them, and the
    decision."""
    gone = set(records)
    for row in models.Naming.objects.exclude(by=""):
        about = kept.Claim.objects.filter(Q(subject_id=row.who_id) | Q(target=row.who_id)).exclude(value=None)
        if not set(about.values_list("id", flat=True)) - gone:
            unsalt(KIND, [row.id])
            models.Naming.objects.filter(id=row.id).update(why="", names="", by="", confirmed_by="", confirmed=None)
