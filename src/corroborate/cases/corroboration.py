"""How far accounts of one thing agree: on who, what, where and when; and of what kind their differences are.

Two accounts agree only as far as both say something. A difference is no lie: years are counted in two ways, places
were renamed, names are written in four scripts. It is typed, laid beside its sources, and left to a person to judge.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Final, Literal, get_args

from corroborate.cases.findings import FIRST_HAND, Spoken
from corroborate.cases.independence import Fewest, Origins, fewest
from corroborate.languages.names import name_keys
from corroborate.languages.places import facility_key, place_key, spot
from corroborate.records import Claim, Term
from corroborate.values import DateSpan, Name, PartialDate
from corroborate.vocabulary import load

Side = Literal["who", "what", "where", "when"]
Likeness = Literal[
    "same",  # to the letter
    "another_form",  # of a name: another script or spelling, the same sounds
    "renamed",  # a place under another of its names or spellings
    "less_exact",  # one says a month and the other its year, one a county and the other its province
    "broader",  # one kind of act includes the other
    "a_year_off",
    "turned",  # day and month the other way round
    "another_act",  # of the same person: neither agrees nor contradicts
    "conflict",
    "denied",  # one says that it was so, the other that it was not
]
Level = Literal["one_origin", "corroborated", "unspecific", "in_conflict", "denied"]

SIDES: Final[tuple[Side, ...]] = get_args(Side)
AGREE: Final[frozenset[Likeness]] = frozenset({"same", "another_form", "renamed", "less_exact", "broader"})
CLOSE: Final[frozenset[Likeness]] = frozenset({"a_year_off", "turned", "another_act"})
MOST_ACCOUNTS = 40  # of one person that are compared with one another: 780 pairs
_A_YEAR = timedelta(days=366)
_WHERE = ("facility", "place", "event_place")
_WHEN = ("date", "event_date")
_WHO = ("name", "alias", "nickname")
_BY = "perpetrator"
PROPERTIES: Final = (*_WHO, *_WHERE, *_WHEN, _BY)  # what is read of a person and an act, beside the act itself


@dataclass(frozen=True, slots=True)
class Account:
    """What one source tells of one act. Empty where it says nothing of a side."""

    source: str
    act: str
    claim: str
    speaks: Literal["for", "against"]
    who: tuple[Name, ...] = ()
    what: tuple[str, ...] = ()  # terms of the vocabulary of violations
    where: tuple[str, ...] = ()
    when: tuple[PartialDate | DateSpan, ...] = ()
    by: tuple[str, ...] = ()  # who did it, as its source names them
    by_first_hand: bool = False  # whether its source saw that, or has it from a document


@dataclass(frozen=True, slots=True)
class Difference:
    """Two accounts on one side: how alike, and in which words."""

    side: Side
    kind: Likeness
    left: str  # source
    right: str
    said: tuple[str, str]


@dataclass(frozen=True, slots=True)
class SaidToHaveDoneIt:
    """Somebody whom sources name as having done it: by how many origins, and whether anybody saw it. A name is no
    finding, and goes to nobody without a decision."""

    name: str
    independent: Fewest
    hearsay: bool  # nobody who saw it, and no document


@dataclass(frozen=True, slots=True)
class Corroboration:
    """What is told of one person, by which accounts, and how far these agree.

    ``agreed``: sides on which two accounts of different origins agree. ``bounded``: there are more accounts than are
    compared. ``neutral``: sources that tell of this person, and nothing to this.
    """

    person: str
    accounts: tuple[Account, ...]
    independent: Fewest
    level: Level
    agreed: tuple[Side, ...]
    differences: tuple[Difference, ...]
    neutral: tuple[str, ...] = ()
    bounded: bool = False
    named: tuple[SaidToHaveDoneIt, ...] = ()


def accounts(spoken: Iterable[Spoken], claims: Iterable[Claim]) -> tuple[Account, ...]:
    """What each source tells of each act, from claims about these acts and the people to whom they were done.

    Where an act has no day or place of its own, those that its source tells of the person are taken: a list has one
    row for both."""
    said: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        said.setdefault((claim.source, claim.subject), []).append(claim)
    made = []
    for one in spoken:
        act = said.get((one.source, one.act), [])
        victim = said.get((one.source, one.victim), []) if one.victim != one.act else []
        by = [claim for claim in act if claim.property == _BY]
        made.append(
            Account(
                one.source,
                one.act,
                one.claim,
                one.speaks,
                tuple(claim.value for claim in victim if claim.property in _WHO and isinstance(claim.value, Name)),
                tuple(claim.value.id for claim in act if claim.id == one.claim and isinstance(claim.value, Term)),
                _texts(act) or _texts(victim),
                _days(act) or _days(victim),
                tuple(str(getattr(claim.value, "text", "")) for claim in by),
                any(claim.basis in FIRST_HAND for claim in by),
            )
        )
    return tuple(made)


def _named(told: Iterable[Account], known: Origins) -> tuple[SaidToHaveDoneIt, ...]:
    """Who is said to have done it, those of most origins first."""
    by: dict[str, list[Account]] = {}
    for one in told:
        for name in one.by if one.speaks == "for" else ():
            by.setdefault(name, []).append(one)
    found = [
        SaidToHaveDoneIt(
            name,
            fewest(known.origins(one.source) for one in ones),
            not any(one.by_first_hand for one in ones),
        )
        for name, ones in by.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.independent.number, one.name)))


def _texts(claims: Sequence[Claim]) -> tuple[str, ...]:
    found = (getattr(claim.value, "text", "") for claim in claims if claim.property in _WHERE)
    return tuple(dict.fromkeys(str(text) for text in found if text))


def _days(claims: Sequence[Claim]) -> tuple[PartialDate | DateSpan, ...]:
    found = (claim.value for claim in claims if claim.property in _WHEN)
    return tuple(day for day in found if isinstance(day, PartialDate | DateSpan))


def corroborated(person: str, told: Sequence[Account], known: Origins, neutral: Iterable[str] = ()) -> Corroboration:
    """How far what is told of one person agrees. Accounts of one origin repeat one another, and are not compared."""
    looked = told[:MOST_ACCOUNTS]
    pairs = [
        (one, other)
        for one, other in combinations(looked, 2)
        if known.origins(one.source).isdisjoint(known.origins(other.source))
    ]
    every = [each for one, other in pairs for each in compared(one, other)]
    agreed = tuple(side for side in SIDES if any(one.side == side and one.kind in AGREE for one in every))
    differences = tuple(dict.fromkeys(one for one in every if one.kind != "same"))
    independent = fewest(known.origins(one.source) for one in told if one.speaks == "for")
    return Corroboration(
        person,
        tuple(told),
        independent,
        _level(looked, independent, agreed, differences),
        agreed,
        differences,
        tuple(sorted(set(neutral) - {one.source for one in told})),
        len(told) > len(looked),
        _named(told, known),
    )


def _level(
    told: Sequence[Account], independent: Fewest, agreed: Sequence[Side], differences: Sequence[Difference]
) -> Level:
    if {one.speaks for one in told} == {"for", "against"}:
        return "denied"
    if any(one.kind == "conflict" for one in differences):
        return "in_conflict"
    if independent.number < 2:
        return "one_origin"
    return "corroborated" if {"where", "when"} & set(agreed) and "what" in agreed else "unspecific"


def compared(one: Account, other: Account) -> tuple[Difference, ...]:
    """Two accounts, side by side: of each side of which both say something, the likest of what they say."""
    found: list[Difference] = []

    def add(side: Side, likest: tuple[Likeness, str, str] | None) -> None:
        if likest is not None:
            kind, left, right = likest
            found.append(Difference(side, kind, one.source, other.source, (left, right)))

    add("who", _likest((name_likeness(a, b), str(a), str(b)) for a in one.who for b in other.who))
    what = _likest((act_likeness(a, b), a, b) for a in one.what for b in other.what)
    if what is not None and one.speaks != other.speaks:
        what = ("denied" if what[0] in AGREE else "another_act", *what[1:])
    add("what", what)
    add("where", _likest((place_likeness(a, b), a, b) for a in one.where for b in other.where))
    add("when", _likest((day_likeness(a, b), str(a), str(b)) for a in one.when for b in other.when))
    return tuple(found)


_ORDER: Final[Mapping[Likeness, int]] = {kind: at for at, kind in enumerate(get_args(Likeness))}


def _likest(pairs: Iterable[tuple[Likeness, str, str]]) -> tuple[Likeness, str, str] | None:
    return min(pairs, key=lambda pair: _ORDER[pair[0]], default=None)


def name_likeness(one: Name, other: Name) -> Likeness:
    """Same letters; another form with the same sounds; else two names."""
    if one.text == other.text:
        return "same"
    return "another_form" if name_keys(one.text) & name_keys(other.text) else "conflict"


def act_likeness(one: str, other: str) -> Likeness:
    """The same term; one above the other in the vocabulary's tree; or another act."""
    if one == other:
        return "same"
    return "broader" if one in _above(other) or other in _above(one) else "another_act"


def _above(term: str) -> set[str]:
    entries, found = load("violations").entries, set[str]()
    while term in entries and (parent := entries[term].more.get("parent")) and parent not in found:
        found.add(parent)
        term = parent
    return found


def place_likeness(one: str, other: str) -> Likeness:
    """The same letters; one place under two of its names; a county and its province; or two places."""
    if one == other:
        return "same"
    numbered = any(letter.isdecimal() for letter in one + other)  # a county's key forgets a camp's number
    keys = (facility_key,) if numbered else (place_key, facility_key)
    if any(key(one) and key(one) == key(other) for key in keys):
        return "renamed"
    mine, theirs = spot(one), spot(other)
    if mine and theirs and mine.province == theirs.province and None in (mine.lat, theirs.lat):
        return "less_exact"
    return "conflict"


def day_likeness(one: PartialDate | DateSpan, other: PartialDate | DateSpan) -> Likeness:
    """The same; one within the other; day and month turned; at most a year apart; or two times."""
    if one == other:
        return "same"
    gap = max(one.earliest, other.earliest) - min(one.latest, other.latest)
    if gap <= timedelta(0):
        return "less_exact"
    if _turned(one.earliest, one.latest, other):
        return "turned"
    return "a_year_off" if gap <= _A_YEAR else "conflict"


def _turned(first: date, last: date, other: PartialDate | DateSpan) -> bool:
    if first != last or other.earliest != other.latest or first.year != other.earliest.year:
        return False
    return (first.day, first.month) == (other.earliest.month, other.earliest.day)
