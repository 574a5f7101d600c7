"""When an organisation leaves or closes: who takes its archive over, and what goes to them.

What a source's own consent lets go to the successor by name goes, whole and with its seals; all else stays where it is,
sealed under the vault's keys, and is listed. Trustees are members: what goes is written so that a few of them open it
together, each with the key of its own vault, and the successor takes it in as a vault of its own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.apps import apps

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.languages.finding import folded
from corroborate.records import Consent, Permissions
from corroborate.records.sources import fallen_with
from corroborate.sealed import entrusted
from corroborate.sealed.shares import MOST, Share
from corroborate.translation import Sentence
from corroborate.values import canonical, new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.rows_out import exported
from corroborate_node.deadlines import actions as deadlines
from corroborate_node.log import models as log_models
from corroborate_node.log import queries as log_queries
from corroborate_node.log.sealing import seal_record, unsalt
from corroborate_node.records import actions, models, queries
from corroborate_node.release import everything

KIND = "succession"
BATCH = queries.BATCH
NOT_NAMED = Sentence("no consent of it names the successor")
NOT_NOW = Sentence("its consent for the successor is not held to now: ended, withdrawn, or under conditions")
NOT_ALONE = Sentence("it goes back to a source that stays")
# What goes of the sources that go; rows of every other table stay: who works here, cases, releases, what others signed.
_GOES = (
    "Entity", "Source", "Consent", "Claim", "Correction", "PersonName", "NamePart", "Passage", "Coding", "KeptFile",
    "FileOf", "Preference", "Judgement", "FromMember", "TermsOf",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """Who takes the archive over, and which members open it together, by the names of their logs: ``need`` of them."""

    successor: str = ""
    trustees: tuple[str, ...] = ()
    need: int = 0


@dataclass(frozen=True, slots=True)
class Estate:
    """Ids of the sources that go, and why each of the others stays."""

    goes: tuple[str, ...]
    stays: Mapping[str, Sentence]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was handed over, and where it lies."""

    plan: Plan
    estate: Estate
    left: everything.Left


@act("succession.plan", ways=("command succession",), objects=lambda *_, **__: [])
def plan(desk: Desk, successor: str, trustees: Sequence[str], need: int) -> Plan:
    """Write down who takes the archive over, and who the trustees are: members whose addresses are known here, by the
    names of their logs. ``need`` of them open together what is handed over. Raises InvalidValue."""
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    named = tuple(dict.fromkeys(one.strip() for one in trustees if one.strip()))
    if not successor.strip() or folded(successor) == folded(desk.vault.name):
        raise InvalidValue("name the organisation that takes the archive over: another than this one")
    if not 2 <= need <= len(named):
        raise InvalidValue(
            "it takes two trustees or more, and no more than there are: {number} are named", number=len(named)
        )
    if len(named) > MOST:
        raise InvalidValue("there are {most} trustees at the most: {number} are named", most=MOST, number=len(named))
    _keys_of(named)
    body = {"successor": successor.strip(), "trustees": list(named), "need": need}
    models.Document.objects.create(kind=KIND, body=body, at=desk.at)
    return Plan(successor.strip(), named, need)


def planned() -> Plan:
    """The newest plan; an empty one where there is none."""
    row = models.Document.objects.filter(kind=KIND).order_by("-id").first()
    body: Any = {} if row is None else row.body
    return Plan(str(body.get("successor", "")), tuple(body.get("trustees", ())), int(body.get("need", 0)))


def _keys_of(trustees: Sequence[str]) -> dict[str, str]:
    """To which age key each trustee's share is encrypted. Raises InvalidValue where one is no member or was not met."""
    members = log_queries.members()
    known = {row.origin: row.key for row in log_models.Address.objects.filter(origin__in=trustees)}
    if unknown := [one for one in trustees if one not in members or one not in known]:
        error = InvalidValue(
            "no address of {listed} is known here: trustees are members, by the names of their logs",
            listed=", ".join(unknown),
        )
        error.remedy = "Take in what `corroborate exchange address` wrote there: corroborate exchange meet FILE."
        raise error
    return {one: known[one] for one in trustees}


def estate(desk: Desk, successor: str) -> Estate:
    """What would go to a successor today, and why the rest stays."""
    given: dict[str, list[Consent]] = {}
    for one in deadlines.while_kept(queries.consents()):
        if one.audience == "named body" and folded(one.body) == folded(successor):
            given.setdefault(one.source, []).append(one)
    found = queries.sources()
    day = desk.at.date()
    holds = {
        source
        for source, consents in given.items()
        if any(Permissions.of(consents, "named body", day, one.body).allows("hold", source) for one in consents)
    }
    holds |= {whole for part, whole in queries.parts() if part in holds}  # a list goes with the rows of it that go
    stays = {id_: (NOT_NOW if id_ in given else NOT_NAMED) for id_ in found if id_ not in holds}
    for id_ in _falling(list(stays)):
        stays.setdefault(id_, NOT_ALONE)
    return Estate(tuple(id_ for id_ in found if id_ not in stays), stays)


def _falling(sources: Sequence[str]) -> tuple[str, ...]:
    """What goes back to nothing but sources that stay."""
    derives, before = queries.derivations()
    return fallen_with(sources, derives, before).gone if sources else ()


@act(
    "succession.hand-over",
    "vault.export",
    ways=("command succession",),
    of_effects=lambda done: done.estate.goes,
    kind="export",
)
def hand_over(desk: Desk, out: Path) -> HandedOver:
    """Write what goes to the successor into a new file that enough trustees open together, and seal in the log that it
    went. In this vault nothing changes. Raises InvalidValue where nobody is named, nothing may go, or a trustee has no
    address here; InputRefused, StorageFull."""
    said = planned()
    if not said.successor:
        raise InvalidValue("nobody is named to take the archive over: corroborate succession plan")
    keys = _keys_of(said.trustees)
    found = estate(desk, said.successor)
    if not found.goes:
        raise InvalidValue(
            "nothing may go to {successor}: no source's consent names it today", successor=said.successor
        )
    id_ = new_id(KIND, milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10))
    content = canonical(
        {
            "version": 2,
            "id": id_,
            "successor": said.successor,
            "trustees": {**keys},
            "need": said.need,
            "sources": [*sorted(found.goes)],
            "stay": len(found.stays),
            "by": desk.by,
            "at": desk.at.isoformat(),
        }
    )
    seal_record(KIND, id_, content, desk.at, entropy=desk.entropy)
    only = partial(_leave_only, desk, said.successor, found)
    left = everything.entrust(desk, out, list(keys.values()), said.need, only)
    return HandedOver(said, found, left)


@act("succession.share", "bundle.receive", ways=("command succession",), objects=lambda *_, **__: [])
def share(desk: Desk, file: Path) -> Share:
    """As a trustee: the share, in an archive of another member, that this vault's key opens. Raises InputRefused,
    NotVerified where there is none."""
    keys = log_models.ExchangeKey.objects.order_by("-id").values_list("secret", flat=True)
    return entrusted.share_for(file, list(keys))


def _leave_only(desk: Desk, successor: str, found: Estate) -> None:
    """Erase from the rows what does not go; whoever writes them undoes it here."""
    if found.stays:
        actions.withdraw_all(desk, list(found.stays), desk.at.date())
    _end_other_consents(successor)
    _whose_terms(found.goes)
    # who was there, where, and who wrote it down: nobody allowed another to know. These rows stay; so do their salts
    for kind in ("entry", "entry-undo", "entry-review"):
        unsalt(kind, models.Entered.objects.values_list("id", flat=True))
    models.KeptFile.objects.filter(leaves=True).update(address="", leaves=False)
    _judged_among_those_who_go()
    kept = {apps.get_model("evidence", one) for one in _GOES}
    for model in reversed(exported()):
        if model not in kept and model._meta.app_label != "witnessing":
            model._base_manager.all()._raw_delete("default")


def _end_other_consents(successor: str) -> None:
    """What a source allowed this organisation, or another body, it did not allow the successor: these consents stay
    here. What it allowed the successor, the coalition or the public goes with it."""
    others = [
        one.id
        for one in models.Consent.objects.exclude(audience__in=("coalition", "public"))
        if one.audience == "own" or folded(one.body) != folded(successor)
    ]
    for start in range(0, len(others), BATCH):
        part = others[start : start + BATCH]
        unsalt("consent", part)
        models.Consent.objects.filter(id__in=part).delete()


def _whose_terms(goes: Collection[str]) -> None:
    """Which member let us have a source goes with it, as do its terms, which are consents: that member can take it back
    from the successor too. Of what stays nobody learns from whom it came."""
    rows = models.FromMember.objects.values_list("source_id", flat=True)
    others = sorted(set(rows) - set(goes))
    for start in range(0, len(others), BATCH):
        models.TermsOf.objects.filter(source_id__in=others[start : start + BATCH]).delete()
        models.FromMember.objects.filter(source_id__in=others[start : start + BATCH]).delete()


def _judged_among_those_who_go() -> None:
    told = set(models.Claim.objects.exclude(value=None).values_list("subject_id", flat=True))
    gone = [one.id for one in models.Judgement.objects.all() if not {one.left, one.right} <= told]
    for start in range(0, len(gone), BATCH):
        unsalt("judgement", gone[start : start + BATCH])
        models.Judgement.objects.filter(id__in=gone[start : start + BATCH]).delete()


__all__ = ["Estate", "HandedOver", "Plan", "estate", "hand_over", "plan", "planned", "share"]
