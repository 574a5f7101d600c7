"""What members sent, before it is taken in: who, under which terms; and taking it in, whole or in part.

What is not taken in is erased with the file it came in: its sender can send it again.
"""

import hashlib
import io
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from corroborate.custody import new_file
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.exchange import Bundle, read_bundle
from corroborate.exchange.records import Handed, Terms, chosen, read_records
from corroborate.records import USES, Reference, Source
from corroborate.translation import Sentence
from corroborate.values import Digest, Name, new_id
from corroborate.values.digests import Digesting
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.queries import visible
from corroborate_node.core.storing import insert, storing
from corroborate_node.exchange import models
from corroborate_node.log import queries as log
from corroborate_node.log.models import Carried, ExchangeKey
from corroborate_node.records import cases as filing
from corroborate_node.records import received
from corroborate_node.records.actions import CONSENT
from corroborate_node.release.giving import RECORDS

WAITING, TAKEN, DECLINED, RECALLED = "waiting", "taken", "declined", "recalled"
_DECIDED = {
    TAKEN: "what came in {bundle} was taken in already; `corroborate imports list` shows it",
    DECLINED: "what came in {bundle} was declined, and erased: ask {member} for it again",
    RECALLED: "something in {bundle} was taken back by {member}, and all of it was erased: ask for the rest again",
}
READ = (RECORDS, "recalls/")  # paths in a bundle that are read here; other files are for a folder
REACHES = ("own", "coalition", "public")


@dataclass(frozen=True, slots=True)
class Only:
    """Which part of a parcel is taken in; None: all. ``sources``, ``people``: ids; ``kinds``: of sources."""

    sources: frozenset[str] | None = None
    people: frozenset[str] | None = None
    kinds: frozenset[str] | None = None


# --- what came --------------------------------------------------------------------------------------------------------


def records_in(bundle: Bundle, vault: Vault) -> Handed | None:
    """The records in a bundle; None where it has none. Raises InvalidValue, NotVerified."""
    if RECORDS not in bundle.files:
        return None
    if vault.hub:
        raise NotAllowed("a hub holds no records: let {sender} send them to a member's vault", sender=bundle.sender)
    handed = read_records(bundle.files[RECORDS])
    if handed.head.sender != bundle.sender:
        raise NotVerified(
            "the records are of {other}, and {sender} signed the bundle", other=handed.head.sender, sender=bundle.sender
        )
    if handed.head.body not in ("", vault.signer.name):
        raise NotVerified("the records are for {body}, and not for us", body=handed.head.body)
    return handed


def kept_as(bundle: Bundle) -> str:
    """Under which id a bundle is kept here: its own, which another sender may have used for one that came before."""
    came = Carried.objects.filter(direction="in", bundle=bundle.id)
    if not came.exclude(other=bundle.sender).exists():
        return bundle.id
    drawn = hashlib.sha256(f"{bundle.sender}\n{bundle.id}".encode()).digest()[:10]
    return new_id("bundle", milliseconds=int(bundle.at.timestamp() * 1000), randomness=drawn)


def came(desk: Desk, bundle: Bundle, digest: str, handed: Handed, id_: str) -> models.Parcel:
    """Keep that records came, and what whoever decides is to see. Part of the act that receives."""
    head, gone = handed.head, _taken_back(bundle.sender, handed) or _not_allowed_now(bundle.sender, handed)
    row = models.Parcel.objects.create(
        bundle=id_,
        member=bundle.sender,
        release=head.release,
        number=head.number,
        title=head.title,
        audience=head.audience,
        body=head.body,
        until=head.until,
        at=desk.at,
        digest=digest,
        sources=len({one.source for one in handed.claims}),
        people=len(_people(handed)),
        claims=len(handed.claims),
        state=RECALLED if gone else WAITING,
    )
    if not gone:
        insert(models.Offer, _offers(row, handed))
    return row


def _taken_back(member: str, handed: Handed) -> bool:
    """Whether something in it was taken back before it came."""
    back = set(models.Gone.objects.filter(member=member).values_list("record", flat=True))
    return not back.isdisjoint({*(one.id for one in handed.claims), *(one.id for one in handed.sources)})


def _not_allowed_now(member: str, handed: Handed) -> bool:
    """Whether a consent under which its release left had ended before it came: a later release has the new terms."""
    ended = models.Obeyed.objects.filter(member=member, number=handed.head.number, reason=CONSENT)
    return bool(ended.exists())


def _people(handed: Handed) -> set[str]:
    return {one.id for one in handed.entities if one.kind == "person"}


def _offers(parcel: models.Parcel, handed: Handed) -> list[models.Offer]:
    names, acts = dict[str, str](), dict[str, set[str]]()
    for claim in handed.claims:
        if isinstance(claim.value, Name):
            names.setdefault(claim.subject, claim.value.text)
        elif isinstance(claim.value, Reference) and claim.value.entity.startswith("person_"):
            acts.setdefault(claim.subject, set()).add(claim.value.entity)
    about, number = dict[str, dict[str, None]](), dict[str, int]()
    for claim in handed.claims:
        whom = [claim.subject] if claim.subject.startswith("person_") else sorted(acts.get(claim.subject, ()))
        about.setdefault(claim.source, {}).update(dict.fromkeys(whom))
        number[claim.source] = number.get(claim.source, 0) + 1
    terms = dict[str, list[Terms]]()
    for one in handed.terms:
        terms.setdefault(one.source, []).append(one)
    listed = {one.id: one.title for one in handed.sources}
    return [
        models.Offer(
            parcel=parcel,
            source=source.id,
            kind=source.kind,
            called=_called(source, listed),
            people=[[one, names.get(one, "")] for one in about[source.id]],
            claims=number[source.id],
            may=_may(terms.get(source.id, ())),
            ends=_ends(terms.get(source.id, ())),
        )
        for source in handed.sources
        if source.id in number
    ]


def _called(source: Source, titles: Mapping[str, str]) -> str:
    if source.title or not source.part_of:
        return source.title
    return f"{titles[source.part_of]} · {source.number}".removeprefix(" · ")


def _may(terms: Sequence[Terms]) -> dict[str, list[str]]:
    """Before whom we may use it, and how: what reaches further holds for the nearer as well."""
    found: dict[str, list[str]] = {}
    for at, reach in enumerate(REACHES):
        uses = {use for one in terms for use in one.uses if REACHES.index(one.reach) >= at}
        if uses:
            found[reach] = [one for one in USES if one in uses]
    return found


def _ends(terms: Sequence[Terms]) -> date | None:
    return min((one.ends for one in terms if one.ends is not None), default=None)


# --- seen -------------------------------------------------------------------------------------------------------------


def parcels(user: Any) -> QuerySet[models.Parcel]:
    """What came, the newest first."""
    return visible(user, models.Parcel).order_by("-at", "bundle")


def parcel(user: Any, bundle: str) -> models.Parcel:
    """One of them, by its bundle's id, or as many of its first letters as tell it from others. Raises InvalidValue."""
    found = list(visible(user, models.Parcel).filter(bundle__startswith=bundle).order_by("-at")[:2])
    if len(found) != 1:
        raise InvalidValue(
            "no records came in a bundle {bundle}; `corroborate exchange inbox` lists them", bundle=bundle
        )
    row: models.Parcel = found[0]
    return row


def offers(user: Any, row: models.Parcel) -> QuerySet[models.Offer]:
    """What waits in a parcel, source by source, for who may see who people are."""
    return visible(user, models.Offer).filter(parcel=row).order_by("id")


# --- decided ----------------------------------------------------------------------------------------------------------


def _ids(bundle: str, *_: object, **__: object) -> list[str]:
    return [bundle]


@act("bundle.accept", "record.receive", ways=("command exchange", "page received-one"), objects=_ids)
def accept(desk: Desk, bundle: str, only: Only = Only(), cases: Sequence[str] = ()) -> received.TakenIn:
    """Take in what a member sent, or a part of it, as one import that can be undone. The rest is erased.

    ``cases``: ids of the open cases in which its sources are filed. Raises InvalidValue, NotAllowed.
    """
    row = _undecided(desk, bundle)
    _check_key(desk.vault, row)
    handed = chosen(_opened(desk.vault, row), sources=only.sources, people=only.people, kinds=only.kinds)
    if not handed.claims:
        raise InvalidValue("nothing of it is from these sources, about these people or of these kinds")
    origin = received.Origin(row.member, row.bundle, row.digest)
    with storing():
        taken = received.take_in(desk, handed, origin, filing.open_now(desk, list(cases)))
        _decide(desk, row, TAKEN, taken.number)
    _forget(desk.vault, [row.bundle])
    return taken


@act("bundle.decline", "record.receive", ways=("command exchange", "page received-one"), objects=_ids)
def decline(desk: Desk, bundle: str) -> None:
    """Erase what a member sent, and take nothing of it in."""
    row = _undecided(desk, bundle)
    with storing():
        _decide(desk, row, DECLINED)
    _forget(desk.vault, [row.bundle])


def _undecided(desk: Desk, bundle: str) -> models.Parcel:
    row = parcel(desk, bundle)
    if row.state != WAITING:
        raise NotAllowed(_DECIDED[row.state], bundle=row.bundle, member=row.member)
    return row


def _decide(desk: Desk, row: models.Parcel, state: str, taken: int | None = None) -> None:
    models.Offer.objects.filter(parcel=row).delete()
    models.Parcel.objects.filter(pk=row.pk).update(state=state, decided=desk.at, by=desk.by, taken=taken)


def file_of(vault: Vault, bundle: str) -> Path:
    """Where a bundle waits as it came."""
    return vault.folder / "inbox" / f"{bundle}.age"


def digest_of(content: bytes | Path) -> Digest:
    """Of a bundle, as bytes or as a file."""
    seen = Digesting()
    with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
        while part := file.read(1 << 20):
            seen.add(part)
    return seen.digest()


def keep(vault: Vault, bundle: str, content: bytes | Path) -> None:
    """A bundle as it came, for who decides on it or unpacks it later."""
    with (
        io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file,
        new_file(file_of(vault, bundle)) as kept,
    ):
        shutil.copyfileobj(file, kept, 1 << 20)


def keep_no_longer(vault: Vault, bundle: str) -> None:
    """Its files were unpacked: what was kept of it goes, where no records in it wait."""
    if not models.Parcel.objects.filter(bundle=bundle, state=WAITING).exists():
        _forget(vault, [bundle])


def _forget(vault: Vault, bundles: Collection[str]) -> None:
    for one in bundles:
        file_of(vault, one).unlink(missing_ok=True)


def _check_key(vault: Vault, row: models.Parcel) -> None:
    """Raises NotVerified where the key that signed a parcel was revoked while it waited: who had that key may have
    sent it."""
    if _bundle(vault, row).key in log.revoked():
        error = NotVerified(
            "the key of {member} that signed {bundle} was revoked since, so that another may have sent it",
            member=row.member,
            bundle=row.bundle,
        )
        error.remedy = Sentence(
            "Decline it (corroborate exchange inbox decline), and ask {member} to send it again.", member=row.member
        )
        raise error


def _opened(vault: Vault, row: models.Parcel) -> Handed:
    """The records of a parcel that waits. Raises NotVerified where the file is not what came."""
    return read_records(_bundle(vault, row).files[RECORDS])


def _bundle(vault: Vault, row: models.Parcel) -> Bundle:
    file = file_of(vault, row.bundle)
    if not file.exists():
        raise NotVerified(
            "the file of {bundle} is gone: ask {member} for it again", bundle=row.bundle, member=row.member
        )
    if str(digest_of(file)) != row.digest:
        raise NotVerified(
            "the file of {bundle} is not what came: ask {member} for it again", bundle=row.bundle, member=row.member
        )
    for key in ExchangeKey.objects.order_by("-id"):
        return read_bundle(file, key.secret, log.histories()[row.member].keys, whole=READ)
    raise NotVerified("nobody has an address of this vault yet: corroborate exchange address")


def taken_back(desk: Desk, member: str, records: Collection[str], release: int | None = None) -> int:
    """Erase parcels that wait and hold something that their sender takes back; how many. It can send the rest again.
    ``release``: of this release of its alone."""
    gone = [
        row
        for row in models.Parcel.objects.filter(member=member, state=WAITING)
        if release in (None, row.number) and not set(records).isdisjoint(_records_of(desk.vault, row))
    ]
    for row in gone:
        _decide(desk, row, RECALLED)
    _forget(desk.vault, [row.bundle for row in gone])
    return len(gone)


def _records_of(vault: Vault, row: models.Parcel) -> set[str]:
    try:
        handed = _opened(vault, row)
    except NotVerified:  # nobody can take it in any more: it goes with the rest
        return set()
    return {*(one.id for one in handed.claims), *(one.id for one in handed.sources)}
