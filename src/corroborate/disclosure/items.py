"""Record by record: what goes to an audience, under which consent and until when, and why the rest stays.

The one rule for everything that leaves: what a dossier may print, what a package may show, what a linkage file may
encode. A record that stays is still proven by its seal in a package.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from corroborate.disclosure.naming import Guard
from corroborate.disclosure.shown import Decided
from corroborate.disclosure.wide_places import PLACES, leads_home
from corroborate.records import Claim, Consent, Leaving, Permissions, Reference, Source, Text, Use
from corroborate.records.consent import WORDS, of_body
from corroborate.records.schema import compared, names_of_type, public
from corroborate.values import Name

NAMES = names_of_type("name")
# Words that name somebody, though no name of whom the record is about: who is said to have done it, who asked
NAMING = ("kin", "described", "victim_told", "perpetrator", "asked_by")
# A property that is new tells more of who somebody is, and never goes to everybody, until the schema says otherwise.
PUBLIC = public()
COMPARED = compared(privately=True)
# By kind of record: what of an office may be told to everybody beside what is told of people
OFFICES: Mapping[str, frozenset[str]] = {
    "unit": frozenset({"name", "alias", "part_of"}),
    "post": frozenset({"title", "held_by"}),
}
TITLE = "title"  # of a list or paper: named in a release as somebody's own words are
# Kinds of words that a release may name, so that they go once a second person has read them.
NAMEABLE = (*WORDS, TITLE, *PLACES)
REASONS = {
    "unasked": "nobody was asked",
    "use": "the consent does not allow this use",
    "audience": "the consent does not reach this audience",
    "later": "the consent has not begun yet",
    "ended": "the consent has ended: ask again or leave out",
    "withdrawn": "the source has taken its leave back",
    "taken back": "a source refuses that this person is named, or has taken its leave back",
    "condition": "a condition of the consent is not met",
    "blocked": "the consent is not relied on: read its list again",
    "body": "done to a person's body; they were not asked themselves",
    "words": "words that may tell of a body or name others: this release does not name them",
    "public": "of a kind that is never told to everybody",
    "place": "a place that may be a home: this release does not name places",
    "undecided": "they are said to have done something: nobody has decided that this reader is told who they are",
    "second": "names, and what was done to a body, are left out of this release",
}


def _of_office(claim: Claim) -> bool:
    """Whether a claim tells of an office what may be told to everybody: what it is called, and which unit is part of
    which. Who held a post, and when, is neither: the days of a high post are its holder's name."""
    return claim.property in OFFICES.get(claim.subject.partition("_")[0], frozenset())


def use_of(claim: Claim) -> Use:
    """Which permission a claim needs: one that names or leads to a person needs ``name``, any other ``quote``."""
    names = isinstance(claim.value, Name) or claim.property in (*NAMES, *NAMING)
    return "name" if names or isinstance(claim.value, Reference) else "quote"


def why_not(given: Iterable[Consent], use: Use, asked: Permissions) -> str:
    """Why a source's consents do not allow a use: a key of :data:`REASONS`, of the reason that is nearest to a yes."""
    found = {_why(one, use, asked) for one in given}
    order = ("blocked", "condition", "ended", "later", "withdrawn", "audience", "use")
    return next((one for one in order if one in found), "unasked")


def _why(one: Consent, use: Use, asked: Permissions) -> str:
    if use not in one.uses:
        return "use"
    days = [asked.on, *([] if asked.also is None else [asked.also])]
    if one.withdrawn is not None and max(days) >= one.withdrawn:
        return "withdrawn"
    if one.ends is not None and max(days) > one.ends:
        return "ended"
    if min(days) < one.begins:
        return "later"
    if one.blocked:
        return "blocked"
    return "condition" if one.conditions else "audience"


@dataclass(frozen=True, slots=True)
class Deciding:
    """What is asked of each record. ``unnamed``: people whose naming some source refuses or took back, erased claims
    included.

    ``person``: who stands behind an entity, as judged; ``names``: whether names, and what was done to a body, may go;
    ``words``: which properties of free words are named, so that a second person reads them.
    """

    leaving: Leaving
    unnamed: frozenset[str]
    person: Mapping[str, str]
    names: bool = True
    words: frozenset[str] = frozenset()
    guard: Guard = field(default_factory=Guard)  # who of those who are said to have done something is named

    def claim(self, claim: Claim, use: Use) -> Decided:
        """Whether a claim goes for a use."""
        permissions, body = self.leaving.permissions, of_body(claim) or claim.property in WORDS
        home = self._may_be_home(claim)
        consent = permissions.under(use, claim.source)
        why = "" if consent else why_not(permissions.by_source.get(claim.source, ()), use, permissions)
        about = {claim.subject, claim.value.entity if isinstance(claim.value, Reference) else ""}
        if not why and use == "name" and about & self.unnamed:
            why = "taken back"
        if not why and not self.leaving.allows(use, claim):
            why = "body"
        if not why and not self._may_tell(claim, use):
            why = "words"
        office = permissions.audience == "public" and claim.property not in PUBLIC
        if not why and office and not (_of_office(claim) or self.guard.tells(claim)):
            why = "public"
        if not why and self.guard.keeps(claim):
            why = "undecided"
        if not why and home and claim.property not in self.words:
            why = "place"
        read = body or home or office  # a title is somebody's words, and may name who held the post
        if not why and not self.names and use != "link" and (use == "name" or read):
            why = "second"
        made = self._decided(claim.id, "claim", use, consent, why, read, self.whom(claim))
        decided = self.guard.until(claim)
        return made if why or decided is None else replace(made, until=min(made.until or decided, decided))

    def _may_tell(self, claim: Claim, use: Use) -> bool:
        """Whether somebody's own words may go beyond us: named in this release, or allowed by those they are about."""
        if claim.property not in WORDS or self.leaving.permissions.audience == "own" or use in ("link", "count"):
            return True
        return claim.property in self.words or self.leaving.own(use, claim)

    def _may_be_home(self, claim: Claim) -> bool:
        """Whether everybody would read of a place that may be somebody's home, grave or hiding place."""
        if self.leaving.permissions.audience != "public" or claim.property not in PLACES:
            return False
        return not isinstance(claim.value, Text) or leads_home(claim.property, claim.value.text)

    def source(self, source: Source) -> Decided:
        """Whether the record of a source goes: it may name its witness."""
        permissions = self.leaving.permissions
        consent = permissions.under("name", source.id)
        why = "" if consent else why_not(permissions.by_source.get(source.id, ()), "name", permissions)
        if not why and not self.names:
            why = "second"
        # the title of a list or paper is the words of whoever took it in: a file's name often names a witness, who was
        # not asked by a consent that is a row's own
        titled = source.kind == "document" and permissions.audience != "own"
        if not why and titled and TITLE not in self.words:
            why = "words"
        if not why and self.guard.keeps_title(source):
            why = "undecided"
        return self._decided(source.id, "source", "name", consent, why, titled, "")

    def whom(self, claim: Claim) -> str:
        """The person whom a claim is about: its subject, or whom its act was done to. Empty: several, or none."""
        if isinstance(claim.value, Reference) and claim.property == "victim":
            return self.person.get(claim.value.entity, claim.value.entity)
        victims = self.leaving.victims.get(claim.subject)
        if victims is not None:
            alone = min(victims)
            return self.person.get(alone, alone) if len(victims) == 1 else ""
        return self.person.get(claim.subject, claim.subject) if claim.subject.startswith("person_") else ""

    @staticmethod
    def _decided(
        record: str, kind: str, use: Use, consent: Consent | None, why: str, body: bool, person: str
    ) -> Decided:
        if why or consent is None:
            return Decided(record, kind, use, why=why, of_body=body, person=person)
        return Decided(record, kind, use, consent.id, consent.ends, "", body, person)


def decided(deciding: Deciding, claims: Iterable[Claim], sources: Mapping[str, Source]) -> Iterator[Decided]:
    """What becomes of each claim, and then of each source that they stand on, in the order of ids."""
    used = set()
    for claim in sorted(claims, key=lambda one: one.id):
        used.add(claim.source)
        yield deciding.claim(claim, use_of(claim))
    lists: dict[str, Decided] = {}
    for id_ in sorted(used):
        part = deciding.source(sources[id_])
        yield part
        if part.goes and TITLE in deciding.words and (whole := sources[id_].part_of) in sources.keys() - used:
            lists[whole] = max(lists.get(whole, part), part, key=lambda one: one.until or date.max)
    for whole, part in sorted(lists.items()):  # a release that names titles says which list a row is a part of
        yield replace(part, record=whole, of_body=True)


def decided_linking(deciding: Deciding, claims: Iterable[Claim], most: str) -> Iterator[Decided]:
    """The same for private linkage: which claims may be encoded and, where ``most`` is ``fields``, which be told."""
    for claim in sorted(claims, key=lambda one: one.id):
        if claim.property in COMPARED and claim.subject.startswith("person_"):
            yield deciding.claim(claim, "link")
            if most == "fields":
                yield deciding.claim(claim, use_of(claim))


def earliest_end(items: Iterable[Decided]) -> date | None:
    """The first day on which one of the consents of what goes ends; None where none does."""
    return min((one.until for one in items if one.goes and one.until is not None), default=None)
