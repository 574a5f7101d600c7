"""Findings against the elements of crimes against humanity, counted by independent roots.

The program lines evidence up against elements and counts where it comes from. It decides nothing: each finding is a
draft until a person has judged it under a named standard of proof.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Self

from corroborate.cases import law
from corroborate.cases.independence import Fewest, HangsOn, Origins, Roots, Tie, fewest, hangs_on, origins
from corroborate.errors import InvalidValue
from corroborate.records import Basis, Claim, Reference, Source, Term, Text
from corroborate.translation import Sentence
from corroborate.values import JSON
from corroborate.vocabulary import Entry, load

Support = Literal["none", "one root", "several roots", "contested"]
STANDARD = "proof.reasonable_grounds"  # under which commissions of inquiry find
FIRST_HAND: Final[tuple[Basis, ...]] = ("saw", "document")
_GROUPS_SAID = 5  # of which the size is said one by one


@dataclass(frozen=True, slots=True)
class Finding:
    """One element of one crime, and what the claims say for and against it."""

    crime: str
    element: str
    kind: str  # conduct, circumstance, mental, context
    proposition: str
    for_: tuple[str, ...]  # claim ids
    against: tuple[str, ...]
    roots: tuple[str, ...]  # source ids, the one that most claims trace back to first
    first_hand: int  # of the independent origins, those of somebody who saw it, or of a document
    victims: int  # distinct people, as far as matched, beside those who are told of in groups alone
    support: Support
    hangs_on: str = ""  # the one root without which nothing, or only one root, would be left
    standard: str = STANDARD
    status: str = "draft"
    dissent: tuple[str, ...] = ()
    independent: int = 0  # the fewest origins that account for every claim for it
    apart: int = 0  # the same if relatives, and sources of one interpreter or broker, had not shaped one another
    exact: bool = True  # else there are at least so many
    circular: int = 0  # claims for it whose source goes back to nothing but itself
    groups: tuple[int | None, ...] = ()  # how many people each group is told to be, the largest first; None: not told

    @property
    def people(self) -> Sentence:
        """How many people, and groups beside them, in words."""
        return people_told(self.victims, self.groups)

    def as_json(self) -> dict[str, JSON]:
        """Stable keys. ``for`` and ``against`` are claim ids, ``roots`` source ids."""
        crime = law.crime(self.crime)
        return {
            "crime": self.crime, "article": str(crime.more["article"]), "title": crime.label["en"],
            "element": self.element, "kind": self.kind, "proposition": self.proposition, "for": list(self.for_),
            "against": list(self.against), "roots": list(self.roots), "first_hand": self.first_hand,
            "victims": self.victims, "support": self.support, "hangs_on": self.hangs_on or None,
            "standard": self.standard, "status": self.status, "dissent": list(self.dissent),
            "independent": self.independent, "apart": self.apart, "exact": self.exact, "circular": self.circular,
            "groups": list(self.groups),
        }  # fmt: skip


Speaks = Literal["for", "against"]
_SPEAKS: Final[Mapping[str, Speaks]] = {"violation": "for", "no_violation": "against"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one claim says to the conduct of a crime: of which act, done to whom, and who says it. Ids alone. A claim of
    an act that was done to several is as many."""

    claim: str
    act: str
    person: str  # as far as matched; the act itself where no claim says to whom it was done
    victim: str  # the same before it was matched with others
    source: str
    basis: Basis
    speaks: Speaks


@dataclass(frozen=True, slots=True)
class Lineup:
    """Claims lined up against the elements of crimes: a finding for each element, and what each crime's stand on.

    ``findings``: of article 7; ``others``: of the other law, and of modes of liability."""

    findings: tuple[Finding, ...]
    spoken: Mapping[str, tuple[Spoken, ...]]  # by crime against humanity, to its conduct
    known: Origins
    others: tuple[Finding, ...] = ()
    groups: Mapping[str, int | None] = field(default_factory=dict)  # who is no person but a group, and of how many
    seen: frozenset[str] | None = None  # the sources that may be named to whoever asks; None: all
    _hanging: dict[str, HangsOn] = field(default_factory=dict, repr=False, compare=False)  # worked out when first asked
    _people: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        claims: Iterable[Claim],
        sources: Mapping[str, Source],
        same: Mapping[str, str] | None = None,
        ties: Iterable[Tie] = (),
    ) -> Self:
        """As :func:`findings`."""
        spoken, groups = _spoken(claims, same or {})
        known = origins({one.id: one.derives_from for one in sources.values()}, ties)
        own: dict[bool, list[Finding]] = {True: [], False: []}
        for entry in law.entries().values():
            about = _alike(spoken, entry)
            own[law.law_of(entry) == "article_7"] += [
                _finding(entry.id, element, about if element["kind"] == "conduct" else (), known, groups)
                for element in entry.more["elements"]
            ]
        return cls(tuple(own[True]), spoken, known, tuple(own[False]), groups)

    def finding(self, element: str) -> Finding | None:
        return next((one for one in (*self.findings, *self.others) if one.element == element), None)

    def telling(self, seen: Collection[str]) -> "Lineup":
        """The same, naming only some sources: how many origins there are stands, and not which the others are."""
        findings, others = (tuple(_naming(one, seen) for one in each) for each in (self.findings, self.others))
        return replace(self, findings=findings, others=others, seen=frozenset(seen))

    def about(self, finding: Finding) -> tuple[Spoken, ...]:
        """What is said to a finding's element."""
        return _alike(self.spoken, law.crime(finding.crime)) if finding.kind == "conduct" else ()

    def independent(self, sources: Iterable[str]) -> Fewest:
        """From how many independent origins some sources know."""
        return fewest(self.known.origins(source) for source in set(sources))

    def apart(self, sources: Iterable[str]) -> Fewest:
        """The same if relatives, and sources of one interpreter or broker, had not shaped one another."""
        return fewest(self.known.origins_apart(source) for source in set(sources))

    def hangs_on(self, finding: Finding) -> HangsOn:
        """What makes it fall. Its parts are the people of whom it tells."""
        if finding.element not in self._hanging:
            parts: dict[str, set[Roots]] = {}
            for one in self.about(finding):
                if one.speaks == "for":
                    parts.setdefault(one.person, set()).add(self.known.origins(one.source))
            self._hanging[finding.element] = hangs_on(parts)
        return self._hanging[finding.element]

    def told(self, people: Collection[str]) -> Sentence:
        """How many of some are people, and which groups stand beside them, in words."""
        return people_told(len(set(people) - self.groups.keys()), told_in_groups(people, self.groups))

    def people(self, finding: Finding) -> tuple[str, ...]:
        """Of whom it tells: first of whom somebody denies it, then of whom most sources tell."""
        if finding.element not in self._people:
            sources: dict[str, set[str]] = {}
            denied: set[str] = set()
            for one in self.about(finding):
                sources.setdefault(one.person, set()).add(one.source)
                if one.speaks == "against":
                    denied.add(one.person)
            order = sorted(sources, key=lambda person: (person not in denied, -len(sources[person]), person))
            self._people[finding.element] = tuple(order)
        return self._people[finding.element]


def findings(
    claims: Iterable[Claim],
    sources: Mapping[str, Source],
    same: Mapping[str, str] | None = None,
    ties: Iterable[Tie] = (),
) -> tuple[Finding, ...]:
    """Line up claims of violations against every element of every crime of article 7.

    A claim with the property ``violation`` speaks for the conduct of each crime that its term may engage, one with
    ``no_violation`` against it. Ten claims that trace back to one witness are one root. Elements of circumstance,
    intent and context do not follow from single acts; they stay open for a lawyer, and are shown as open.
    ``same``: entity id -> id of the person it was judged to be. ``ties``: what else sources share.
    """
    return Lineup.of(claims, sources, same, ties).findings


def _spoken(
    claims: Iterable[Claim], same: Mapping[str, str]
) -> tuple[dict[str, tuple[Spoken, ...]], dict[str, int | None]]:
    """By crime, what claims say to its conduct; and groups, each with how many people it is told to be.

    Raises InvalidValue for a violation that is no term."""
    victims: dict[str, dict[str, None]] = {}
    said: list[Claim] = []
    size = dict[str, int | None]()
    kept = set[str]()
    for claim in claims:
        if claim.property == "victim" and isinstance(claim.value, Reference):
            victims.setdefault(claim.subject, {})[claim.value.entity] = None
        elif claim.property in _SPEAKS:
            said.append(claim)
        elif claim.property == "victim_kind" and isinstance(claim.value, Text) and claim.value.text == "group":
            kept.add(claim.subject)
        elif claim.property == "count" and isinstance(claim.value, Text):
            size[claim.subject] = _number(claim.value.text)
    violations = load("violations")
    found: dict[str, list[Spoken]] = {}
    for claim in said:
        if not isinstance(claim.value, Term) or claim.value.vocabulary != "violations":
            raise InvalidValue("claim {id} says a violation in no term of the vocabulary", id=claim.id)
        for victim in victims.get(claim.subject, {claim.subject: None}):
            person = same.get(victim, victim)
            one = Spoken(claim.id, claim.subject, person, victim, claim.source, claim.basis, _SPEAKS[claim.property])
            for crime in violations[claim.value.id].more["crimes"]:
                found.setdefault(crime, []).append(one)
    groups = {same.get(one, one): size.get(one) for one in kept}
    return {crime: tuple(each) for crime, each in found.items()}, groups


def _number(text: str) -> int | None:
    """How many people a group is told to be."""
    return int(text) if text.isascii() and text.isdecimal() else None


def told_in_groups(people: Iterable[str], groups: Mapping[str, int | None]) -> tuple[int | None, ...]:
    """How many people each of those who are groups is told to be, the largest first. They are never added up: the same
    people may stand in two groups, and be named besides."""
    sizes = [groups[one] for one in set(people) if one in groups]
    return tuple(sorted(sizes, key=lambda size: (size is None, -(size or 0))))


def group_told(size: int | None) -> Sentence:
    """A group, by how many people it is told to be."""
    if size is None:
        return Sentence("a group of unknown size, as told")
    return Sentence("a group of {size}, as told", size=f"{size:,}")


def people_told(number: int, groups: Sequence[int | None]) -> Sentence:
    """How many people, and what groups beside them, in words: *2 and a group of 20, as told*."""
    if not groups:
        return Sentence("{number}", number=f"{number:,}")
    if len(groups) == 1:
        return Sentence("{number:,} and {group}", number=number, group=group_told(groups[0]))
    known = [f"{size:,}" for size in groups[:_GROUPS_SAID] if size is not None]
    if not known:
        return Sentence("{number:,} and {groups:,} groups of unknown size, as told", number=number, groups=len(groups))
    listed = ", ".join(known) + (", …" if len(known) < len(groups) else "")
    return Sentence(
        "{number:,} and {groups:,} groups, as told ({listed}), which may overlap",
        number=number, groups=len(groups), listed=listed,
    )  # fmt: skip


def _naming(one: Finding, seen: Collection[str]) -> Finding:
    roots = tuple(root for root in one.roots if root in seen)
    return replace(one, roots=roots, hangs_on=one.hangs_on if one.hangs_on in seen else "")


def _alike(spoken: Mapping[str, tuple[Spoken, ...]], entry: Entry) -> tuple[Spoken, ...]:
    """What is said to the conduct of a crime, and of those that it is like; each claim once
    for each to whom it was done."""
    crimes = [crime for crime in law.like(entry) if spoken.get(crime)]
    if len(crimes) == 1:
        return spoken[crimes[0]]
    return tuple({(one.claim, one.victim): one for crime in crimes for one in spoken[crime]}.values())


def support_of(for_: int, against: int, independent: int) -> Support:
    """By how much an element is carried. What goes round in a circle alone is carried by nobody."""
    if not for_:
        return "none"
    if against:
        return "contested"
    return "none" if independent == 0 else "one root" if independent == 1 else "several roots"


def _finding(
    crime: str,
    element: Mapping[str, str],
    about: Sequence[Spoken],
    known: Origins,
    groups: Mapping[str, int | None],
) -> Finding:
    for_ = {one.claim: one for one in about if one.speaks == "for"}  # each claim once, to however many it was done
    against = dict.fromkeys(one.claim for one in about if one.speaks == "against")
    people = {one.person for one in about if one.speaks == "for"}
    by_source = Counter(one.source for one in for_.values())
    weight = Counter[str]()
    for source, number in by_source.items():
        weight.update(dict.fromkeys(known.of(source), number))
    ordered = sorted(weight, key=lambda root: (-weight[root], root))
    firsts = {one.source for one in for_.values() if one.basis in FIRST_HAND}
    independent = fewest(known.origins(source) for source in by_source)
    support = support_of(len(for_), len(against), independent.number)
    return Finding(
        crime, element["id"], element["kind"], element["text"], tuple(for_),
        tuple(against), tuple(ordered), fewest(known.origins(source) for source in firsts).number,
        len(people - groups.keys()), support,
        ordered[0] if 0 < len(ordered) <= 2 else "",
        independent=independent.number,
        apart=fewest(known.origins_apart(source) for source in by_source).number,
        exact=independent.exact,
        circular=sum(number for source, number in by_source.items() if known.circular(source)),
        groups=told_in_groups(people, groups),
    )  # fmt: skip
