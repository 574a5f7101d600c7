"""Records that another member let us have: taken in under its terms, and erased when it takes them back.

A source keeps the id that it has there, so that a note of withdrawal finds it. What is new of one that is here already
comes as a further version of it, which stands beside the first and derives from it: it can be undone by itself, and its
origin counts once.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corroborate.errors import InvalidValue
from corroborate.exchange.records import Handed, Terms
from corroborate.records import Claim, Consent, Entity, Source
from corroborate.values import canonical, new_id
from corroborate_node.core.desk import Desk
from corroborate_node.core.rooms import taken_back, taken_in
from corroborate_node.core.storing import insert, insert_values, storing
from corroborate_node.log.sealing import seal_all
from corroborate_node.records import actions, entering, imports, models, queries, rows, senders
from corroborate_node.records.batches import Part, ids
from corroborate_node.records.correcting import KIND, REASON

ENDED = "the member that sent it holds to it no more"  # a consent
NARROWED = "another member that sent the same allows less"


@dataclass(frozen=True, slots=True)
class Origin:
    """From whom records came, and in which bundle. ``digest``: of the bundle."""

    member: str
    bundle: str
    digest: str


@dataclass(frozen=True, slots=True)
class Laid:
    """What of records that a member sent is new here, as it is to be taken in. ``here``: claims that were here."""

    entities: tuple[Entity, ...]
    sources: tuple[Source, ...]
    consents: tuple[Consent, ...]
    claims: tuple[Claim, ...]
    theirs: Mapping[str, str]  # source -> its id at the member
    here: int


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was taken in, as which import. ``here``: claims that were here before, or are withdrawn."""

    number: int
    sources: int
    claims: int
    people: int
    here: int


def lay(desk: Desk, handed: Handed, member: str) -> Laid:
    """Set what is new apart from what is here. Nothing that is here is changed."""
    sources = _origins([one.id for one in handed.sources])
    entities = _here(models.Entity, [*(one.id for one in handed.entities), *_whose(handed)])
    fresh = _fresh(handed, member)
    new, called = ids("source", desk.at, desk.entropy), f"{member} · {handed.head.number}"
    version = {one: next(new) for one in dict.fromkeys(each.source for each in fresh) if one in sources}
    mine = _beside(handed, sources, version, member, new)
    back = set(models.Source.objects.filter(id__in=list(version)).exclude(withdrawn=None).values_list("id", flat=True))
    laid, theirs = list[Source](), dict[str, str]()
    for one in handed.sources:
        if one.id in sources and one.id not in version:
            continue
        named = one if one.title or one.part_of else replace(one, title=called)
        named = replace(named, part_of=mine.get(one.part_of, one.part_of))
        if one.id in version:
            laid.append(replace(named, id=version[one.id], derives_from=() if one.id in back else (one.id,)))
        else:
            laid.append(replace(named, derives_from=tuple(mine.get(each, each) for each in one.derives_from)))
        theirs[laid[-1].id] = one.id
    strangers = entities - _known_from(member, entities)
    consents = _consents(desk, handed.terms, version, {one: one for one in theirs.values()} | version, strangers)
    return Laid(
        tuple(one for one in handed.entities if one.id not in entities),
        tuple(laid),
        tuple(one for one in consents if one.source in theirs),
        tuple(replace(one, source=version.get(one.source, one.source)) for one in fresh),
        theirs,
        len(handed.claims) - len(fresh),
    )


def _origins(asked: Sequence[str]) -> dict[str, str]:
    """Those of some sources that are here, with the member that let us have each; empty: none did."""
    found = dict[str, str]()
    for part in _parts(asked):
        rows_ = models.Source.objects.filter(id__in=part).values_list("id", "from_member__member")
        found.update({id_: member or "" for id_, member in rows_})
    return found


def _beside(
    handed: Handed, sources: Mapping[str, str], version: dict[str, str], member: str, new: Iterator[str]
) -> dict[str, str]:
    """Whatever of others' a member's sources are rows of, or go back to, by the id under which they are to say so.

    Nothing of a member is laid into a list of ours, or of another member: a version of the list stands beside it, from
    that member, and goes when it is taken back. ``version`` grows by those that are to be made.
    """
    others = [id_ for id_, origin in sources.items() if origin != member]
    mine = dict[str, str]()
    for part in _parts(others):
        here = models.FromMember.objects.filter(member=member, theirs__in=part, source__withdrawn=None)
        mine.update(here.order_by("-source_id").values_list("theirs", "source_id"))
    laid = [one for one in handed.sources if one.id not in sources or one.id in version]
    grown = True
    while grown:
        wanted = {each for one in laid for each in (one.part_of, *(one.derives_from if one.id not in sources else ()))}
        more = [one for one in handed.sources if one.id in wanted.intersection(others) - mine.keys() - version.keys()]
        version.update((one.id, next(new)) for one in more)
        laid, grown = [*laid, *more], bool(more)
    return mine | {one: made for one, made in version.items() if sources[one] != member}


def _fresh(handed: Handed, member: str) -> list[Claim]:
    """The claims that are not here. Where the import that brought another's under the same id was undone, it comes by
    an id of its own. Raises InvalidValue where other words stand here under its id."""
    known = dict[str, models.Claim]()
    asked = [one for each in handed.claims for one in (each.id, own_id(member, each.id))]
    for part in _parts(asked):
        rows_ = models.Claim.objects.filter(id__in=part).select_related("source__from_member", "source__came")
        known.update((row.id, row) for row in rows_)
    fresh = list[Claim]()
    for one in handed.claims:
        own = own_id(member, one.id)
        row = known.get(own) or known.get(one.id)
        if row is None:
            fresh.append(one)
        elif row.id != own and _undone_of_another(row, member):
            fresh.append(replace(one, id=own))
        elif row.value is not None and replace(rows.claim(row), id=one.id, source=one.source) != one:
            _refuse_other_words(row, one)
    return fresh


def own_id(member: str, claim: str) -> str:
    """Under which id a member's claim is here, where its own is taken by one that should not have come."""
    drawn = hashlib.sha256(f"{member}\n{claim}".encode()).digest()[:10]
    return new_id("claim", milliseconds=int(claim.partition("_")[2][:12], 16), randomness=drawn)


def _undone_of_another(row: models.Claim, member: str) -> bool:
    from_ = getattr(row.source, "from_member", None)
    undone = row.source.withdrawn is not None and getattr(row.source, "came", None) is None
    return from_ is not None and from_.member != member and undone


def _refuse_other_words(row: models.Claim, claim: Claim) -> None:
    from_ = getattr(row.source, "from_member", None)
    if from_ is None:
        raise InvalidValue(
            "{id} is here already, of {source} of our own, and says something else: nothing was taken in. Ask its "
            "sender which of the two is right, or take in the rest with --source",
            id=claim.id,
            source=row.source_id,
        )
    raise InvalidValue(
        "{id} is here already, from {member}, and says something else: nothing was taken in. Ask both which of the two "
        "is right; `corroborate imports undo` takes back what came from {member}, and this can come then",
        id=claim.id,
        member=from_.member,
    )


def _whose(handed: Handed) -> set[str]:
    """The people whose consent some terms are."""
    return {one.subject for one in handed.terms} - {"", *(one.id for one in handed.sources)}


def _here(model: type[models.Entity], asked: Sequence[str]) -> set[str]:
    found = set[str]()
    for part in _parts(asked):
        found.update(model.objects.filter(id__in=part).values_list("id", flat=True))
    return found


def _known_from(member: str, entities: Iterable[str]) -> set[str]:
    """Those of some entities of whom nobody but this member told us anything."""
    told, others = set[str](), set[str]()
    for part in _parts(entities):
        about = models.Claim.objects.filter(subject_id__in=part)
        from_them = about.filter(source__from_member__member=member)
        told.update(from_them.values_list("subject_id", flat=True))
        others.update(about.exclude(source__from_member__member=member).values_list("subject_id", flat=True))
    return told - others


def _consents(
    desk: Desk, terms: Iterable[Terms], version: Mapping[str, str], at: Mapping[str, str], strangers: set[str]
) -> Iterator[Consent]:
    """The terms as consents. Whose one is is kept where nobody else told us of them: a consent in somebody's own right
    opens what other sources say of them, and only those whom we asked can give that for our records."""
    new = ids("consent", desk.at, desk.entropy)
    for one in terms:
        if one.source in at:
            subject = at.get(one.subject, "" if one.subject in strangers else one.subject)
            yield Consent(
                next(new),
                at[one.source],
                one.uses,
                one.reach,
                one.begins,
                one.ends,
                subject=subject,
                right=one.right,
                words=senders.NO if one.refuses else "",
            )


def take_in(desk: Desk, handed: Handed, origin: Origin, cases: Sequence[str] = ()) -> TakenIn:
    """Take records in as one import, which can be undone. Within an act that was allowed. Raises InvalidValue where all
    of it is here."""
    laid = lay(desk, handed, origin.member)
    words = _words(desk, handed, origin.member, laid)
    allowed = senders.allowed_by_all(words.all)
    terms = _renewed(desk, allowed, laid)
    if not laid.claims and not terms and not words.new:
        raise InvalidValue("all of it is here already, or was withdrawn or undone here: nothing was taken in")
    with storing():
        _renew(desk, terms, ENDED if len({one.member for one in words.all}) == 1 else NARROWED)
        consents = _as_allowed(desk, laid, allowed)
        actions.receive(desk, laid.entities, laid.sources, consents, laid.claims, cases)
        head = handed.head
        insert(
            models.FromMember,
            (
                models.FromMember(
                    source_id=source,
                    member=origin.member,
                    theirs=theirs,
                    release=head.release,
                    number=head.number,
                    bundle=origin.bundle,
                )
                for source, theirs in laid.theirs.items()
            ),
        )
        _keep(words, origin.member, head.number)
        counted = {"new": len(laid.sources), "same": laid.here, "claims": len(laid.claims)}
        parts = [Part(one.id, "", "", "") for one in laid.sources]
        row = imports.of_member(desk, f"{origin.member} · {head.number}", origin.digest, parts, counted)
    people = sum(one.kind == "person" for one in laid.entities)
    return TakenIn(row.number, len(laid.sources), len(laid.claims), people, laid.here)


@dataclass(frozen=True, slots=True)
class _Words:
    """What every sender says of the sources that a parcel is of. ``new``: what this one says for the first time, or
    otherwise than before."""

    all: tuple[senders.Word, ...]
    new: tuple[senders.Word, ...]


def _words(desk: Desk, handed: Handed, member: str, laid: Laid) -> _Words:
    told = dict[str, list[str]]()
    for one in handed.claims:
        told.setdefault(one.source, []).extend((one.id, own_id(member, one.id)))
    here = senders.same(told)
    words = senders.said(source for source, _ in here)
    now = {one.key: one for one in _said_now(desk, handed, member, here)}
    new = [one for key, one in now.items() if key not in words or _says_other(words[key], one)]
    of = {source: theirs for source, theirs in laid.theirs.items() if theirs in told}
    given = _by_source(laid.consents)
    first = [
        senders.Word(one, member, theirs, handed.head.number, senders.terms_of(given.get(one, ())))
        for one, theirs in of.items()
    ]
    new += senders.with_others(words.values(), first)
    return _Words(tuple((words | {one.key: one for one in new}).values()), tuple(new))


def _says_other(before: senders.Word, now: senders.Word) -> bool:
    return before.number < now.number and set(before.terms) != set(now.terms)


def _by_source(consents: Iterable[Consent]) -> dict[str, list[Consent]]:
    found = dict[str, list[Consent]]()
    for one in consents:
        found.setdefault(one.source, []).append(one)
    return found


def _said_now(desk: Desk, handed: Handed, member: str, here: Iterable[tuple[str, str]]) -> Iterator[senders.Word]:
    """What a parcel says of sources that are here already, with their ids there. Whose a consent is is kept where the
    source tells of them."""
    of, pairs = dict[str, list[Terms]](), sorted(here)
    for one in handed.terms:
        of.setdefault(one.source, []).append(one)
    told = set[tuple[str, str]]()
    for part in _parts(sorted({source for source, _ in pairs})):
        about = models.Claim.objects.filter(source_id__in=part)
        told.update(about.values_list("source_id", "subject_id"))
    for source, theirs in pairs:
        terms = of.get(theirs, [])
        others = {one.subject for one in terms if (source, one.subject) not in told} - {theirs}
        consents = _consents(desk, terms, {}, {theirs: source}, others)
        yield senders.Word(source, member, theirs, handed.head.number, senders.terms_of(consents))


def _renewed(desk: Desk, allowed: Mapping[str, Sequence[Terms]], laid: Laid) -> dict[str, list[Consent]]:
    """What all senders allow of sources that were here, where that is not what is relied on: by source."""
    here = [one for one in allowed if one not in laid.theirs]
    found = {one: _written(desk, allowed[one]) for one in here}
    now = dict[str, set[tuple[object, ...]]]()
    for given in queries.consents_of(here):
        if not given.blocked and given.withdrawn is None:
            now.setdefault(given.source, set()).add(_allows(given))
    return {one: given for one, given in found.items() if set(map(_allows, given)) != now.get(one, set())}


def _written(desk: Desk, terms: Sequence[Terms]) -> list[Consent]:
    return list(_consents(desk, terms, {}, {one.source: one.source for one in terms}, set()))


def _as_allowed(desk: Desk, laid: Laid, allowed: Mapping[str, Sequence[Terms]]) -> list[Consent]:
    """The consents of sources that are new here, as far as everybody who sent the same goes."""
    found, given = list[Consent](), _by_source(laid.consents)
    for source in dict.fromkeys([*laid.theirs, *given]):
        own = given.get(source, [])
        wanted = allowed.get(source)
        found += own if wanted is None or wanted == senders.terms_of(own) else _written(desk, wanted)
    return found


def _keep(words: _Words, member: str, number: int) -> None:
    """Keep what each sender said of the sources of which one says something new."""
    sources = {one.source for one in words.new}
    senders.keep([one for one in words.all if one.source in sources])
    for part in _parts(sorted(sources)):
        models.FromMember.objects.filter(source_id__in=part, member=member).update(number=number)


def _allows(one: Consent) -> tuple[object, ...]:
    return (one.uses, one.audience, one.begins, one.ends, one.subject, one.right, one.words)


def _renew(desk: Desk, terms: Mapping[str, list[Consent]], why: str) -> None:
    _end(desk, list(terms), why)
    new = [one for each in terms.values() for one in each]
    insert_values(models.Consent, rows.CONSENT, map(rows.consent_values, new))
    seal_all([("consent", one.id, one.canonical()) for one in new], desk.at, desk.entropy)


def _end(desk: Desk, sources: Sequence[str], reason: str = ENDED) -> None:
    """What a member's sources allowed is relied on no more."""
    for part in _parts(sources):
        given = models.Consent.objects.filter(source_id__in=part, blocked="")
        ended = list(given.values_list("id", flat=True))
        given.update(blocked=reason)
        why = {"why": reason, "at": desk.at.isoformat()}
        seal_all(
            [("consent", one, canonical({"version": 1, "no_longer_relied_on": one, **why})) for one in ended],
            desk.at,
            desk.entropy,
        )
        taken_back(desk, [*part, *_claims_that_stand(part)], actions.CONSENT)


def _claims_that_stand(sources: Sequence[str]) -> list[str]:
    told = models.Claim.objects.filter(source_id__in=sources).exclude(value=None)
    return list(told.values_list("id", flat=True))


# --- taken back by whoever let us have it -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Erased:
    """What a member's note erased here: sources and claims of this vault. ``others``: sources that it names and another
    member let us have, which only that one takes back."""

    sources: int
    claims: int
    others: int = 0


def erase(desk: Desk, member: str, records: Sequence[str], on: date) -> Erased:
    """Erase what a member takes back, as a source withdrawn here is erased, within an act that was allowed: a claim of
    the note means its source. What the member did not let us have stays."""
    named = _sources_of(member, records)
    rows = [row for one in _parts(named) for row in models.FromMember.objects.filter(theirs__in=one)]
    rows += [row for one in _parts(named) for row in models.FromMember.objects.filter(source_id__in=one)]
    gone = sorted({row.source_id for row in rows if row.member == member})
    current = [
        each
        for one in _parts(gone)
        for each in models.Source.objects.filter(id__in=one, withdrawn=None).values_list("id", flat=True)
    ]
    others = {row.source_id for row in rows if row.member != member} - set(gone)
    if not current:
        return Erased(0, 0, len(others))
    # what others let us have, or we recorded, is not theirs to take back, whatever it goes back to
    apart = models.Source.objects.exclude(from_member__member=member)
    done = actions.withdraw_all(desk, sorted(current), on, apart=set(apart.values_list("id", flat=True)))
    # as after an undoing: another member that holds the same can still let us have it, whoever passed it on before
    for one in _parts(done.sources):
        models.Imported.objects.filter(source_id__in=one, source__from_member__member=member).delete()
    return Erased(len(done.sources), done.claims, len(others))


def rely_no_more(desk: Desk, member: str, records: Sequence[str], number: int) -> Erased:
    """A consent under which a member sent something ended: nothing of these sources leaves here, until newer terms of
    that member come. ``number``: of the release; what came with a later one has its terms."""
    with storing():
        here = senders.hold_no_more(member, _sources_of(member, records), number)
        _end(desk, here)
    return Erased(len(here), sum(len(_claims_that_stand(part)) for part in _parts(here)))


def count_no_more(desk: Desk, member: str, records: Sequence[str]) -> Erased:
    """Claims that a member corrected count no more here: they stay to be read, beside the new ones when these come."""
    claims = [
        each
        for one in _parts(_claims_of(member, records))
        for each in models.Claim.objects.filter(id__in=one, superseded=False, source__from_member__member=member)
        .exclude(value=None)
        .values_list("id", flat=True)
    ]
    if claims:
        with storing():
            for one in _parts(claims):
                models.Claim.objects.filter(id__in=one).update(superseded=True)
            entering.names_leave(claims)
            taken_in([])
            said = canonical({"version": 1, "corrected_by": member, "claims": [*claims], "at": desk.at.isoformat()})
            seal_all([(KIND, claims[0], said)], desk.at, desk.entropy)
            taken_back(desk, claims, REASON)
    return Erased(0, len(claims))


def _claims_of(member: str, records: Sequence[str]) -> list[str]:
    """The claims among some records of a member, by the ids that they may have here."""
    return [id_ for one in records if one.startswith("claim_") for id_ in (one, own_id(member, one))]


def _sources_of(member: str, records: Sequence[str]) -> list[str]:
    """The sources that some records are, or are claims of."""
    found = {one for one in records if one.startswith("source_")}
    for one in _parts(_claims_of(member, records)):
        found.update(models.Claim.objects.filter(id__in=one).values_list("source_id", flat=True))
    return sorted(found)


def _parts(asked: Iterable[str]) -> Iterator[Sequence[str]]:
    return queries.batched(asked, queries.BATCH)


__all__ = ["Erased", "Laid", "Origin", "TakenIn", "count_no_more", "erase", "lay", "rely_no_more", "take_in"]
