"""What members do to evidence. Each act is whole or not at all: rows and their seals in one transaction."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from corroborate import records
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.records.sources import Fallen, fallen_with
from corroborate.values import canonical
from corroborate_node.core import journal
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import limited, visible
from corroborate_node.core.rooms import taken_back, taken_in
from corroborate_node.core.storing import destroy_keys, insert, insert_values, storing
from corroborate_node.log.sealing import seal_all, unsalt
from corroborate_node.records import cases as filing
from corroborate_node.records import models, queries, rows

BATCH = queries.BATCH
WITHDRAWN = "withdrawn"  # the reason that rooms are given
CONSENT = "consent"  # the same, where a consent is relied on no more: nothing is erased


@dataclass(frozen=True, slots=True)
class Received:
    """How much was taken in, and the log's size afterwards."""

    claims: int
    sources: int
    consents: int
    entities: int
    size: int


def _lists(_entities: object, sources: Iterable[records.Source], *_: object) -> list[str]:
    """What an import is known by in the journal: its lists. Each row's own seal in the log says when it came."""
    return [one.id for one in sources if one.kind == "list"]


@act("record.receive", ways=("command import",), objects=_lists)
def receive(
    desk: Desk,
    entities: Iterable[records.Entity],
    sources: Iterable[records.Source],
    consents: Iterable[records.Consent],
    claims: Iterable[records.Claim],
    cases: Sequence[str] = (),
) -> Received:
    """Take records in and seal each. Raises NotAllowed on a hub, InvalidValue, StorageFull; then nothing was kept.

    ``cases``: ids of the open cases in which their sources are filed.
    """
    filing.for_import(desk, cases)
    at, entropy = desk.at, desk.entropy
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records; import into the vault of the member whose records they are")
    entities, sources, consents, claims = list(entities), list(sources), list(consents), list(claims)
    _refuse_wider(sources, consents)
    sealed = [("entity", one.id, rows.entity_bytes(one)) for one in entities]
    sealed += [("source", one.id, one.canonical()) for one in sources]
    sealed += [("consent", one.id, one.canonical()) for one in consents]
    sealed += [("claim", one.id, one.canonical()) for one in claims]
    people = {one.id for one in entities if one.kind == "person"}
    known = {one.subject for one in claims} - {one.id for one in entities}
    with storing():
        people |= queries.people_among(known)
        insert_values(models.Entity, rows.ENTITY, map(rows.entity_values, entities))
        insert_values(models.Source, rows.SOURCE, map(rows.source_values, sources))
        filing.file_in(cases, [one.id for one in sources])
        insert_values(models.Consent, rows.CONSENT, map(rows.consent_values, consents))
        insert_values(models.Claim, rows.CLAIM, map(rows.claim_values, claims))
        rows.insert_names(rows.name_rows(claims, people))
        taken_in(claims, sources)
        size = seal_all(sealed, at, entropy)
    return Received(len(claims), len(sources), len(consents), len(entities), size)


def _refuse_wider(sources: Sequence[records.Source], consents: Sequence[records.Consent]) -> None:
    """What another member let us have is under the terms with which it came: no consent is given to it here."""
    new = {one.id for one in sources}
    asked = {one.source for one in consents} - new
    if asked and (member := queries.member_among(asked)):
        raise NotAllowed(
            "what {member} let us have is under the terms with which it came: ask {member} for more", member=member
        )


def _people(judgements: Iterable[records.Judgement]) -> list[str]:
    return [end for one in judgements for end in (one.left, one.right)]


@act("judgements.record", "pair.judge", ways=("command demo",), objects=_people)
def judge(desk: Desk, judgements: Iterable[records.Judgement]) -> int:
    """Record judgements and seal them; return the log's size."""
    at, entropy = desk.at, desk.entropy
    if desk.vault.hub:
        raise NotAllowed("a hub judges nobody's entries")
    given = list(judgements)
    with storing():
        insert(models.Judgement, map(rows.judgement_row, given))
        return seal_all([("judgement", one.id, rows.judgement_bytes(one)) for one in given], at, entropy)


@act("judgement.take-back", "pair.judge", ways=("page review", "command review"), objects=lambda one: [one])
def take_back(desk: Desk, judgement: str) -> None:
    """Undo a judgement: it stays on record as taken back, and clusters are as if it had never been."""
    at, entropy = desk.at, desk.entropy
    with storing():
        if not models.Judgement.objects.filter(id=judgement, withdrawn=None).update(withdrawn=at):
            raise InvalidValue("no standing judgement {judgement}", judgement=judgement)
        content = canonical({"version": 1, "taken_back": judgement, "at": at.isoformat()})
        seal_all([("judgement", judgement, content)], at, entropy)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a withdrawal erased: sources, the one asked for first, and how many claims of theirs about whom.

    ``also_told``: sources that repeat it and stand, for they have another root. ``records``: every source and claim
    that was erased, by id.
    """

    sources: tuple[str, ...]
    claims: int
    people: tuple[str, ...]
    also_told: tuple[str, ...]
    records: tuple[str, ...]


def would_fall(desk: Desk, source: str) -> Fallen:
    """What would be withdrawn with a source, and what repeats it and would stay. Raises NotAllowed."""
    desk.require("source.withdraw")
    if not visible(desk, models.Source).filter(id=source).exists():
        return Fallen((), ())
    fallen = _falls([queries.first_version(source)])
    seen = set(queries.sources_among(desk, [*fallen.gone, *fallen.also_told]))
    return Fallen(
        tuple(one for one in fallen.gone if one in seen), tuple(one for one in fallen.also_told if one in seen)
    )


def _falls(sources: Sequence[str], apart: Collection[str] = ()) -> Fallen:
    """The same over the whole vault: what goes back to the sources alone is erased, in whichever case it is filed.
    ``apart``: sources that stand, whatever they go back to."""
    derives, before = queries.derivations()
    derives.update((one, []) for one in apart if one in derives)
    known = [one for one in sources if one in derives]
    return fallen_with(known, derives, before) if known else Fallen((), ())


def as_seen(desk: Desk, done: Withdrawn) -> Withdrawn:
    """What somebody may see of a withdrawal: for an account that is limited to cases, what was erased in these."""
    if not limited(desk):
        return done
    sources = set(queries.sources_among(desk, [*done.sources, *done.also_told]))
    claims = sum(1 for one in done.records if one not in done.sources and queries.record_seen(desk, one))
    people = tuple(one for one in done.people if queries.record_seen(desk, one))
    kept = tuple(one for one in done.sources if one in sources)
    return Withdrawn(kept, claims, people, tuple(one for one in done.also_told if one in sources), done.records)


def _withdrawn_ids(done: Withdrawn) -> list[str]:
    return [done.sources[0], f"sources/{len(done.sources)}", f"claims/{done.claims}", *done.sources[1:], *done.people]


@act("source.withdraw", ways=("command withdraw", "page withdraw-source"), of_effects=_withdrawn_ids)
def withdraw(desk: Desk, source: str, on: date) -> Withdrawn:
    """Erase what a source told, and what every source told that goes back to nothing but withdrawn ones.

    Their seals stay without their salts. The log's new entries commit to *which* sources were withdrawn and when;
    without its salt a reader of the log sees only that there is one more entry. A source withdrawn before may be
    withdrawn again as long as something stands on it alone. Raises InvalidValue when nothing of it stands.
    """
    with storing():
        fallen = _falls([queries.first_version(source)]) if would_fall(desk, source).gone else Fallen((), ())
        if not fallen.gone:
            raise InvalidValue(
                "no source {source} that still stands; the address of its page, /sources/source_…, ends in its id",
                source=source,
            )
        return _withdrawn(desk, fallen, on)


def withdraw_all(desk: Desk, sources: Sequence[str], on: date, *, apart: Collection[str] = ()) -> Withdrawn:
    """The same of several sources at once, within a larger act that was allowed. ``apart``: what stands."""
    return _withdrawn(desk, _falls(sources, apart), on)


def withdraw_again(desk: Desk, sources: Sequence[str], on: date) -> tuple[str, ...]:
    """Erase what was withdrawn after the backup from which a vault is being restored; the sources that it still held.

    No act of its own: whoever restores has the passphrase, and nobody comes to it by a page or a program.
    """
    desk.require("source.withdraw")
    held = models.Source.objects.filter(id__in=list(sources), withdrawn=None).values_list("id", flat=True)
    if not held:
        return ()
    with storing():
        done = _withdrawn(desk, _falls(sorted(held)), on)
        journal.write(desk, "act", "source.withdraw", _withdrawn_ids(done))
    return done.sources


def falling(sources: Sequence[str]) -> tuple[str, ...]:
    """What would be withdrawn with some sources, in whichever case it is filed."""
    return _falls(sources).gone


def _withdrawn(desk: Desk, fallen: Fallen, on: date) -> Withdrawn:
    with storing():
        counts, claims, people = dict.fromkeys(fallen.gone, 0), list[str](), dict[str, None]()
        for start in range(0, len(fallen.gone), BATCH):
            part = fallen.gone[start : start + BATCH]
            for claim, of, whom in queries.erased_with(part):
                counts[of] += 1
                claims.append(claim)
                people.update(dict.fromkeys(whom))
        taken_back(desk, [*fallen.gone, *claims], WITHDRAWN)
        for start in range(0, len(fallen.gone), BATCH):
            _erase(fallen.gone[start : start + BATCH], on)
        unsalt("claim", claims)
        for person in queries.people_without_first_name():
            queries.make_first_name(person)
        seal_all([("withdrawal", one, _withdrawal(one, on, counts[one])) for one in fallen.gone], desk.at, desk.entropy)
    return Withdrawn(fallen.gone, len(claims), tuple(people), fallen.also_told, (*fallen.gone, *claims))


def _withdrawal(source: str, on: date, claims: int) -> bytes:
    return canonical({"version": 1, "withdrawn": source, "on": on.isoformat(), "claims": claims})


def _erase(sources: Sequence[str], on: date) -> None:
    """Erase the content of some sources, of their claims and of the words in which their consents were given."""
    models.Source.objects.filter(id__in=sources).update(withdrawn=on, title="")
    models.PersonName.objects.filter(claim__source_id__in=sources).delete()
    models.Claim.objects.filter(source_id__in=sources).update(value=None, target="", locator="", recorder="")
    corrections = models.Correction.objects.filter(old__source_id__in=sources)
    corrections.update(why="", by="", taken_back_by="")
    unsalt("correction", corrections.values_list("id", flat=True))
    _end(models.Consent.objects.filter(source_id__in=sources), on)
    unsalt("source", sources)
    destroy_keys(sources)


def _end(given: QuerySet[models.Consent], on: date) -> None:
    """Consents end, and the words in which they were given go."""
    unsalt("consent", given.values_list("id", flat=True))
    given.update(withdrawn=on, given_by="", asked="", language="", conditions="", proof="", words="")


def no_longer(consent: str, why: str, desk: Desk) -> bytes:
    """What is sealed of a consent that is relied on no more."""
    return canonical({"version": 1, "no_longer_relied_on": consent, "why": why, "at": desk.at.isoformat()})


def end_consents(ids: Sequence[str], on: date) -> int:
    """Within a larger act: consents that stand end; how many."""
    current = models.Consent.objects.filter(id__in=ids, withdrawn=None)
    number = current.count()
    _end(models.Consent.objects.filter(id__in=list(current.values_list("id", flat=True))), on)
    return number


@act("document.keep", ways=("command estimate", "command findings", "command demo"))
def keep(desk: Desk, kind: str, document: object, *, invented: bool = False) -> None:
    """Store a result or public text for pages to show; the newest of a kind is shown."""
    at = desk.at
    if kind not in queries.KINDS:
        raise InvalidValue(
            "no kind {kind!r} of document; there are {listed}", kind=kind, listed=", ".join(queries.KINDS)
        )
    with storing():
        models.Document.objects.create(kind=kind, body=document, at=at, invented=invented)


__all__ = [
    "Received",
    "Withdrawn",
    "judge",
    "keep",
    "receive",
    "take_back",
    "withdraw",
]
