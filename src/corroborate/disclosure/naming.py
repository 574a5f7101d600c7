"""Who of those who are said to have done something may be named, and to whom: nobody, until two people decided it.

A source's consent lets a name go as far as that source is concerned; it was never asked of whom it accuses. So beyond
ourselves and the coalition, whose members decide for themselves, the name of somebody who is said to have had a part in
an act, or to have held a post, or against whom a proceeding is, goes only under a decision for that reader which stands
on the day. Without one the reader is told a pseudonym, or nothing. Silence is "no". Against whom a proceeding is by
hearsay alone is named by no decision.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, get_args

from corroborate.cases.findings import FIRST_HAND
from corroborate.errors import InvalidValue
from corroborate.languages.finding import plain_letters
from corroborate.records import Claim, Permissions, Reference, Source, Text
from corroborate.records.schema import free_words, names_of_type
from corroborate.values import Digest, Name, canonical

NamedTo = Literal["named body", "public"]
Sure = Literal["surely_them", "probably_them", "possibly_them"]
TO: Final[tuple[NamedTo, ...]] = get_args(NamedTo)
SURE: Final[tuple[Sure, ...]] = get_args(Sure)
_NAMES = names_of_type("name")
_OWN_WORDS = free_words()
_WITNESS = "witness"
_SHORT = 6  # letters of an alphabet
ACCUSING: Final = ("person", "degree", "against")  # what is read to know who is said to have done something


@dataclass(frozen=True, slots=True)
class Naming:
    """That somebody may be named: to whom, since when and until when, with what caution. ``who``: an entity, or the act
    or person whose own words name somebody. ``body``: the one body, where the reader is a named body. ``names``: what
    its two people read, by :func:`name_digest`; None where an earlier version kept none, and then those hold that were
    recorded no later than ``read``."""

    id: str
    who: str
    audience: NamedTo
    body: str
    sure: Sure
    decided: date
    until: date | None = None
    names: frozenset[str] | None = None
    read: datetime | None = None

    def __post_init__(self) -> None:
        if self.audience not in TO or self.sure not in SURE:
            raise InvalidValue("no such decision: {audience}, {sure}", audience=self.audience, sure=self.sure)
        if (self.audience == "named body") != bool(self.body):
            raise InvalidValue("a decision for a named body names it, and no other does")
        if self.until is not None and self.until < self.decided:
            raise InvalidValue("nobody can be named until {until}: it is decided later", until=self.until)

    def stands_before(self, asked: Permissions) -> bool:
        """Whether it stands before a reader on each day asked about. What everybody may be told, one body may be."""
        days = [asked.on, *([] if asked.also is None else [asked.also])]
        if self.until is not None and max(days) > self.until:
            return False
        return self.audience == "public" or (asked.audience == "named body" and asked.body == self.body)

    def lets(self, claim: Claim) -> bool:
        """Whether its two people read the name that a claim says. One that was corrected or added since is another's,
        as far as they know."""
        if self.names is not None:
            return name_digest(self.id, getattr(claim.value, "text", "")) in self.names
        return self.read is None or claim.recorded_at <= self.read


def name_digest(decision: str, name: str) -> str:
    """By what a decision keeps a name: another digest in every decision, so that a name is no more there than read."""
    return Digest.of(canonical([decision, unicodedata.normalize("NFC", name).strip()])).hex


def accused(claims: Iterable[Claim]) -> frozenset[str]:
    """Entities that are said to have had a part in an act, or to have held a post, or against whom a proceeding is. Who
    only saw it is none, and no unit is somebody."""
    told = [one for one in claims if one.property in ACCUSING]
    saw = _only_saw(told)
    return frozenset(one.value.entity for one in told if isinstance(one.value, Reference) and _accuses(one, saw))


def _only_saw(told: Iterable[Claim]) -> set[str]:
    return {one.subject for one in told if isinstance(one.value, Text) and one.value.text == _WITNESS}


def _accuses(one: Claim, saw: set[str]) -> bool:
    """Whether a claim that points at somebody says that they did something, or is a proceeding against them."""
    if one.property == "against":
        return one.subject.startswith("proceeding_") and not getattr(one.value, "entity", "").startswith("unit_")
    if one.property != "person":
        return False
    return one.subject.startswith("post_") or (one.subject.startswith("involvement_") and one.subject not in saw)


def accused_by_hearsay(claims: Iterable[Claim], same: Mapping[str, str]) -> frozenset[str]:
    """Entities against whom a proceeding is of which everybody who tells it only heard: no decision names them. Who is
    said by somebody who saw it, or by a document, to have done something or held a post is none."""
    every = [one for one in claims if one.property in ACCUSING]
    saw = _only_saw(every)
    bases, sued = dict[str, set[str]](), set[str]()
    people = accused(every)
    for one in every:
        if isinstance(one.value, Reference) and _accuses(one, saw):
            who = same.get(one.value.entity, one.value.entity)
            bases.setdefault(who, set()).add(one.basis)
            sued |= {who} if one.property == "against" else set()
    only = {who for who in sued if not bases[who] & {*FIRST_HAND, "unknown"}}
    return frozenset(one for one in people if same.get(one, one) in only)


@dataclass(frozen=True, slots=True)
class Guard:
    """Whose names are kept from a reader. ``people``: entities that are said to have done something, with all that were
    judged the same; ``decided``: by entity, or by the act whose words name somebody, the decision that lets it go."""

    people: frozenset[str] = frozenset()
    decided: Mapping[str, Naming] = field(default_factory=dict)
    asks: bool = False  # whether this reader is one before whom a decision is needed
    parts: frozenset[str] = frozenset()  # parts in acts, and posts, of people who are named to everybody
    acts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # all who had a part are named: who they are
    kept: re.Pattern[str] | None = None  # names that no words may hold, as letters alone
    parts_of_names: re.Pattern[str] | None = None  # the same, as words of somebody's name: "the son of …"

    @classmethod
    def of(
        cls, asked: Permissions, claims: Iterable[Claim], same: Mapping[str, str], namings: Iterable[Naming]
    ) -> "Guard":
        """What holds before one reader on a day. ``same``: entity -> the person it was judged to be."""
        every = list(claims)
        found = accused(every)
        whose = {same.get(one, one) for one in found}
        people = frozenset(found | whose | {one for one, person in same.items() if person in whose})
        if asked.audience not in TO:
            return cls(people)
        stand = {same.get(one.who, one.who): one for one in sorted(namings, key=_longest) if one.stands_before(asked)}
        heard = {same.get(one, one) for one in accused_by_hearsay(every, same)}
        decided = {one: stand[same.get(one, one)] for one in people if same.get(one, one) in stand.keys() - heard}
        decided |= {one.who: one for one in stand.values() if one.who not in people}
        names = {
            one.value.text.strip()
            for one in every
            if one.subject in people
            and not (one.subject in decided and decided[one.subject].lets(one))
            and one.property in _NAMES
            and isinstance(one.value, Name)
        }
        return cls(people, decided, True, *_told_with(every, decided), *_sought(names))

    def keeps(self, claim: Claim) -> bool:
        """Whether a claim stays because nobody decided that this reader is told a name that it holds."""
        if not self.asks:
            return False
        if claim.property == "perpetrator":
            named = self.acts.get(claim.subject, () if claim.subject in self.people else (claim.subject,))
            by = [self.decided[one] for one in named if one in self.decided]
            return not any(one.lets(claim) for one in by) or self._holds(claim)
        if claim.subject in self.people and claim.subject not in self.decided:
            return not isinstance(claim.value, Reference) and _names_its_subject(claim)
        return self.unread(claim) or self._holds(claim)

    def unread(self, claim: Claim) -> bool:
        """Whether a claim calls somebody who is named by a name that the two people who decided it did not read."""
        by = self.decided.get(claim.subject) if self.asks and claim.subject in self.people else None
        return by is not None and (isinstance(claim.value, Name) or claim.property in _NAMES) and not by.lets(claim)

    def keeps_title(self, source: Source) -> bool:
        """The same of the title of a source."""
        return self.asks and self._within(source.title)

    def keeps_words(self, words: str) -> bool:
        """The same of words that are of nobody's record: what a release is called. A short name of an alphabet stands
        in many words that are not it, and counts there as a word alone."""
        found = None if not self.asks or self.kept is None else self.kept.search(_letters(words))
        if found is None or not found[0].isascii() or len(found[0]) >= _SHORT:
            return found is not None
        return self.parts_of_names is not None and self.parts_of_names.search(plain_letters(words)) is not None

    def _holds(self, claim: Claim) -> bool:
        """Whether words, the place where they stand, or what a unit is called hold such a name; or somebody's own name
        does that says more than it. Somebody who is only called as they are is a namesake."""
        if self._within(claim.locator):
            return True
        if isinstance(claim.value, Text):
            return self._within(claim.value.text)
        if not isinstance(claim.value, Name) or claim.subject in self.decided:
            return False
        written = (claim.value.text, claim.value.printed)
        if claim.subject.startswith(("person_", "party_")):
            return any(self._is_part_of(one) for one in written)
        return any(map(self._within, written))

    def _is_part_of(self, name: str) -> bool:
        words = plain_letters(name)
        found = None if self.parts_of_names is None else self.parts_of_names.search(words)
        return found is not None and _letters(found[0]) != _letters(words)

    def _within(self, text: str) -> bool:
        return self.kept is not None and bool(text) and self.kept.search(_letters(text)) is not None

    def unnamed(self, entity: str) -> bool:
        """Whether somebody who is said to have done something is not named to this reader."""
        return self.asks and entity in self.people and entity not in self.decided

    def tells(self, claim: Claim) -> bool:
        """Whether a claim is of the part or the post of somebody who is named, and so may be told with the name."""
        return claim.subject in self.parts and claim.property not in _OWN_WORDS

    def until(self, claim: Claim) -> date | None:
        """The last day on which a decision lets a claim go; None: no decision ends."""
        by = self.decided.get(claim.subject)
        return None if by is None or not (_names_its_subject(claim) or claim.property == "perpetrator") else by.until


def _letters(text: str) -> str:
    """What words are compared by: their letters, however they are spaced, hyphenated, composed or seen."""
    return re.sub(r"[\W_]+", "", plain_letters(text))


def _sought(names: Iterable[str]) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """Names as they are sought in words, the family's first or last; and in other people's names, where they stand as
    words: before the end of one, or before what makes somebody theirs."""
    every = {order for one in names for words in [one.split()] for order in (one, " ".join(words[1:] + words[:1]))}
    orders = sorted((one for one in every if len(_letters(one)) > 1), key=lambda one: (-len(one), one))
    if not orders:
        return None, None
    within = "|".join(dict.fromkeys(re.escape(_letters(one)) for one in orders))
    beside = "|".join(dict.fromkeys(re.escape(plain_letters(one)) for one in orders))
    return re.compile(within), re.compile(rf"(?<!\w)(?:{beside})(?!\w(?<![의の]))")


def _told_with(
    claims: Iterable[Claim], decided: Mapping[str, Naming]
) -> tuple[frozenset[str], Mapping[str, tuple[str, ...]]]:
    """Parts in acts and posts of those who are named; and the acts of which all who had a part are named."""
    whose: dict[str, str] = {}
    acts: dict[str, list[str]] = {}
    for one in claims:
        if isinstance(one.value, Reference) and one.subject.startswith(("involvement_", "post_")):
            if one.property == "person":
                whose[one.subject] = one.value.entity
            elif one.property == "act":
                acts.setdefault(one.value.entity, []).append(one.subject)
    parts = frozenset(part for part, who in whose.items() if who in decided)
    return parts, {
        act: tuple(whose[one] for one in mine) for act, mine in acts.items() if all(one in parts for one in mine)
    }


def _names_its_subject(claim: Claim) -> bool:
    """Whether a claim tells who its subject is: a name, or words that no field divides."""
    return isinstance(claim.value, Name) or claim.property in _NAMES or isinstance(claim.value, Text)


def _longest(one: Naming) -> tuple[date, str]:
    """The decision that holds longest comes last, and so is the one that a reader is told."""
    return one.until or date.max, one.id


__all__ = [
    "ACCUSING",
    "SURE",
    "TO",
    "Guard",
    "NamedTo",
    "Naming",
    "Sure",
    "accused",
    "accused_by_hearsay",
    "name_digest",
]
