"""Under whose terms a member's records are here: what each sender said of a source is kept, and what is relied on is
what all of them allow, in whatever order they came."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from django.db.models import Q

from corroborate.exchange.narrowest import narrowest
from corroborate.exchange.records import Reach, Terms, read_terms, terms_record
from corroborate.records import Consent
from corroborate.records.consent import written
from corroborate_node.core.storing import insert
from corroborate_node.records import models, queries

NO = written([("consent to publication", "no")])  # as a list says that nobody may be named: consents keep words


@dataclass(frozen=True, slots=True)
class Word:
    """What one member lets us do with a source that is here: by its release ``number``, as its source ``theirs``."""

    source: str
    member: str
    theirs: str
    number: int
    terms: tuple[Terms, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        return self.source, self.member, self.theirs


def same(told: Mapping[str, Collection[str]]) -> set[tuple[str, str]]:
    """Sources from members that stand here and that some records are, with the id that the records give each.

    ``told``: the records' sources, each with the ids under which its claims may be here. A source is the same by its
    id, or because it holds one of the claims: what came as a further version has a source of its own.
    """
    found = set[tuple[str, str]]()
    for part in queries.batched(sorted(told), queries.BATCH):
        standing = models.FromMember.objects.filter(source__withdrawn=None)
        found.update(standing.filter(theirs__in=part).values_list("source_id", "theirs"))
        found.update((one, one) for one in standing.filter(source_id__in=part).values_list("source_id", flat=True))
    of = {claim: source for source, claims in told.items() for claim in claims}
    for part in queries.batched(sorted(of), queries.BATCH):
        here = models.Claim.objects.filter(id__in=part, source__withdrawn=None, source__from_member__isnull=False)
        found.update((source, of[claim]) for claim, source in here.values_list("id", "source_id"))
    return found


def said(sources: Iterable[str]) -> dict[tuple[str, str, str], Word]:
    """What each sender said last of some sources from members. Of what came before this was kept, its consents say."""
    found = dict[tuple[str, str, str], Word]()
    for part in queries.batched(sorted(set(sources)), queries.BATCH):
        consents = defaultdict[str, list[Consent]](list)
        for given in queries.consents_of(part):
            if not given.blocked and given.withdrawn is None:
                consents[given.source].append(given)
        for first in models.FromMember.objects.filter(source_id__in=part):
            terms = terms_of(consents[first.source_id])
            word = Word(first.source_id, first.member, first.theirs, first.number, terms)
            found[word.key] = word
        for row in models.TermsOf.objects.filter(source_id__in=part):
            word = Word(row.source_id, row.member, row.theirs, row.number, tuple(map(read_terms, row.terms)))
            found[word.key] = word
    return found


def terms_of(consents: Iterable[Consent]) -> tuple[Terms, ...]:
    """The consents of a source from a member, as the terms that they were."""
    return tuple(
        Terms(
            one.source,
            one.uses,
            cast("Reach", one.audience),
            one.begins,
            one.ends,
            one.subject,
            one.right,
            one.words == NO,
        )
        for one in consents
    )


def with_others(words: Iterable[Word], first: Iterable[Word]) -> Iterator[Word]:
    """What a member says of sources that it lets us have now, and what others said of the same before. Where a later
    release of its own was here before this one, that one's terms."""
    said_before = defaultdict[str, dict[str, Word]](dict)
    for one in words:
        known = said_before[one.theirs].get(one.member)
        if known is None or known.number < one.number:
            said_before[one.theirs][one.member] = one
    for now in first:
        of = said_before[now.theirs]
        own = of.get(now.member, now)
        yield now if own.number <= now.number else _at(now.source, own)
        for one in of.values():
            if one.member != now.member:
                yield _at(now.source, one)


def _at(source: str, word: Word) -> Word:
    """What was said of a source, said of another one that is the same."""
    terms = (
        replace(one, source=source, subject=source if one.subject == one.source else one.subject) for one in word.terms
    )
    return replace(word, source=source, terms=tuple(terms))


def allowed_by_all(words: Iterable[Word]) -> dict[str, tuple[Terms, ...]]:
    """Source -> what everybody who sent it allows. Raises InvalidValue."""
    of = defaultdict[str, list[tuple[Terms, ...]]](list)
    for one in words:
        of[one.source].append(one.terms)
    return {source: narrowest(terms) for source, terms in of.items()}


def keep(words: Sequence[Word]) -> None:
    """Keep what was said, in the place of what the same member said before. Within an act that was allowed."""
    by_source = defaultdict[str, set[tuple[str, str, str]]](set)
    for one in words:
        by_source[one.source].add(one.key)
    for part in queries.batched(sorted(by_source), queries.BATCH):
        before = models.TermsOf.objects.filter(source_id__in=part).values_list("pk", "source_id", "member", "theirs")
        gone = [pk for pk, *key in before if tuple(key) in by_source[key[0]]]
        for stale in queries.batched(gone, queries.BATCH):
            models.TermsOf.objects.filter(pk__in=stale).delete()
    insert(
        models.TermsOf,
        (
            models.TermsOf(
                source_id=one.source,
                member=one.member,
                theirs=one.theirs,
                number=one.number,
                terms=[terms_record(each) for each in one.terms],
            )
            for one in words
        ),
    )


def hold_no_more(member: str, sources: Sequence[str], number: int) -> list[str]:
    """Keep that a member's consents for some of its sources ended, by its id or ours, as they were until its release
    ``number``. Sources that are here, whoever let us have them."""
    here = set[str]()
    for part in queries.batched(sources, queries.BATCH):
        named = Q(theirs__in=part) | Q(source_id__in=part)
        for model in (models.FromMember, models.TermsOf):
            rows = model.objects.filter(named, member=member, number__lte=number, source__withdrawn=None)
            here.update(rows.values_list("source_id", flat=True))
    theirs = [one for one in said(here).values() if one.member == member and one.number <= number]
    keep([replace(one, terms=()) for one in theirs])
    return sorted({one.source for one in theirs})


__all__ = ["NO", "Word", "allowed_by_all", "hold_no_more", "keep", "said", "same", "terms_of", "with_others"]
