"""Which sources know independently of one another, and what a finding hangs on.

A source *goes back to* another when somebody told it or it was quoted; the ends of these ways are its roots. Two
sources may also share an origin (one interview, one broadcast, one satellite pass), or have shaped one another
(relatives, one interpreter, one broker). What shares an origin is counted once. What may have shaped one another is
counted once too, and the number that would stand if it had not is said beside it.

A claim whose source goes back to several roots was told by at least one of them, nobody knows which. So the number of
independent origins is the *fewest* that account for every claim. It can only be too low, and one more report of what
was counted already never raises it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Literal, get_args

from corroborate.errors import InvalidValue
from corroborate.values import checked_id

TieKind = Literal[
    "told_by",
    "quoted_from",
    "same_interview",
    "same_broadcast",
    "same_pass",
    "related",
    "same_interpreter",
    "same_broker",
]
Weight = Literal["derives", "origin", "influence"]

TIES: Final[Mapping[TieKind, Weight]] = {
    "told_by": "derives",
    "quoted_from": "derives",
    "same_interview": "origin",
    "same_broadcast": "origin",
    "same_pass": "origin",
    "related": "influence",
    "same_interpreter": "influence",
    "same_broker": "influence",
}
MOST_STEPS = 5_000  # of a search for the smallest sets; beyond them the answer says that it is bounded
MOST_CLAIMS = 200  # of several origins each, none of which implies another: more are not searched
MOST_SETS = 20  # smallest sets that are shown

Roots = frozenset[str]


@dataclass(frozen=True, slots=True)
class Tie:
    """That two sources do not know independently. Of a kind that derives: ``source`` goes back to ``other``."""

    kind: TieKind
    source: str
    other: str

    def __post_init__(self) -> None:
        for part in (self.source, self.other):
            checked_id(part)
        if self.kind not in TIES:
            listed = ", ".join(get_args(TieKind))
            raise InvalidValue("{kind!r} is no tie between sources; there are {listed}", kind=self.kind, listed=listed)
        if self.source == self.other:
            raise InvalidValue("{source} cannot be tied to itself", source=self.source)

    @property
    def weight(self) -> Weight:
        return TIES[self.kind]


@dataclass(frozen=True, slots=True)
class Origins:
    """Where the sources of a vault begin.

    ``roots``: by source, where it goes back to; empty for one that goes round in a circle and nowhere else.
    ``counted``: by root, as which origin it is counted; ``apart``: the same where only a shared origin joins two.
    ``circles``: sources that go back to themselves by way of one another.
    """

    roots: Mapping[str, Roots]
    counted: Mapping[str, str]
    apart: Mapping[str, str]
    circles: tuple[tuple[str, ...], ...]

    def circular(self, source: str) -> bool:
        """Whether a source goes back to a circle and nothing else."""
        return not self.of(source)

    def of(self, source: str) -> Roots:
        """The roots of a source; of one that is not known here, itself."""
        return self.roots.get(source, frozenset({source}))

    def origins(self, source: str) -> Roots:
        """The independent origins that a source goes back to."""
        return frozenset(self.counted.get(root, root) for root in self.of(source))

    def origins_apart(self, source: str) -> Roots:
        """The same if relatives and those of one interpreter or broker had not shaped one another."""
        return frozenset(self.apart.get(root, root) for root in self.of(source))


@dataclass(frozen=True, slots=True)
class Fewest:
    """The fewest origins that account for some claims. Not ``exact``: at least so many, the search was cut short."""

    number: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class HangsOn:
    """What makes a finding fall. Its parts are what it says of each person or element.

    ``falls``: by origin, the parts that no other origin carries: they fall with it. ``smallest``: the smallest sets of
    origins that still carry every part. ``bounded``: there may be others, for the search was cut short.
    """

    falls: Mapping[str, tuple[str, ...]]
    smallest: tuple[Roots, ...]
    bounded: bool
    uncarried: tuple[str, ...]  # parts without any origin: told in a circle alone

    @property
    def keystone(self) -> str:
        """The one origin with which everything falls; empty where there is none."""
        only = self.smallest[0] if len(self.smallest) == 1 else frozenset[str]()
        return next(iter(only)) if len(only) == 1 and len(self.falls) == 1 else ""


def origins(derives: Mapping[str, Iterable[str]], ties: Iterable[Tie] = ()) -> Origins:
    """Where sources begin. ``derives``: by source, those that it goes back to. A source that is named and not known
    here is a root. Time: proportional to sources and ties."""
    ties = tuple(ties)
    back: dict[str, tuple[str, ...]] = {source: tuple(before) for source, before in derives.items()}
    for tie in ties:
        if tie.weight == "derives":
            back[tie.source] = (*back.get(tie.source, ()), tie.other)
    for tie in ties:
        back.setdefault(tie.source, ())
        back.setdefault(tie.other, ())
    roots, circles = _roots(back)
    shared = [(tie.source, tie.other) for tie in ties if tie.weight == "origin"]
    shaped = [(tie.source, tie.other) for tie in ties if tie.weight == "influence"]
    return Origins(roots, _joined(roots, [*shared, *shaped]), _joined(roots, shared), circles)


def circle_of(derives: Mapping[str, Iterable[str]], source: str, other: str) -> tuple[str, ...]:
    """The way by which ``other`` goes back to ``source`` already: if ``source`` went back to it, they would go round in
    a circle. Empty where there is none."""
    came: dict[str, str] = {other: ""}
    asked = [other]
    while asked:
        one = asked.pop()
        if one == source:
            way = [one]
            while came[way[-1]]:
                way.append(came[way[-1]])
            return tuple(reversed(way))
        for before in derives.get(one, ()):
            if before not in came:
                came[before] = one
                asked.append(before)
    return ()


def fewest(claims: Iterable[Roots]) -> Fewest:
    """The fewest origins that account for every claim: of each claim, the origins that it may come from.

    Exact for nearly all findings, where each claim has one origin; else a bounded search, and then a number that is
    certainly not too high (claims that share no origin)."""
    forced, open_ = _reduced(claims)
    if not open_:
        return Fewest(len(forced))
    least = _apart(open_)
    found, exact = _smallest(open_, most=1)
    return Fewest(len(forced) + (len(found[0]) if exact and found else least), exact)


def hangs_on(parts: Mapping[str, Collection[Roots]]) -> HangsOn:
    """What a finding hangs on. ``parts``: by part, the origins of each claim that tells it.

    A part stands as long as one origin of one of its claims stands, as it is when sources are withdrawn."""
    carried = {part: frozenset(chain.from_iterable(claims)) for part, claims in parts.items()}
    falls: dict[str, list[str]] = {}
    for part, by in carried.items():
        if len(by) == 1:
            falls.setdefault(next(iter(by)), []).append(part)
    forced, open_ = _reduced(by for by in carried.values() if by)
    sets, exact = _smallest(open_, most=MOST_SETS + 1) if open_ else ([frozenset[str]()], True)
    smallest = tuple(sorted((forced | one for one in sets[:MOST_SETS]), key=sorted)) if forced or open_ else ()
    weight = sorted(falls, key=lambda origin: (-len(falls[origin]), origin))
    return HangsOn(
        {origin: tuple(falls[origin]) for origin in weight},
        smallest,
        not exact or len(sets) > MOST_SETS,
        tuple(part for part, by in carried.items() if not by),
    )


def _roots(back: Mapping[str, Sequence[str]]) -> tuple[dict[str, Roots], tuple[tuple[str, ...], ...]]:
    """Roots by source, and the circles."""
    roots: dict[str, Roots] = {}
    circles: list[tuple[str, ...]] = []
    known: dict[Roots, Roots] = {}  # equal sets are kept once
    for group in _components(back):
        within = set(group)
        before = [one for each in group for one in back.get(each, ())]
        outside = [one for one in before if one not in within]
        if len(outside) < len(before):
            circles.append(tuple(group))
        begins = frozenset(chain.from_iterable(roots[one] for one in outside)) if before else frozenset(group)
        roots.update(dict.fromkeys(group, known.setdefault(begins, begins)))
    return roots, tuple(circles)


def _components(back: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Sources, and together those of a circle, each after whatever it goes back to: Tarjan (1972), depth first and
    without recursion."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    work: list[tuple[str, Iterator[str]]] = []

    def begin(one: str) -> None:
        order[one] = low[one] = len(order)
        stack.append(one)
        on_stack.add(one)
        work.append((one, iter(back.get(one, ()))))

    for start in back:
        if start not in order:
            begin(start)
        while work:
            one, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[one])
                if low[one] == order[one]:
                    at = len(stack) - 1
                    while stack[at] != one:
                        at -= 1
                    on_stack.difference_update(stack[at:])
                    yield stack[at:]
                    del stack[at:]
            elif following not in order:
                begin(following)
            elif following in on_stack:
                low[one] = min(low[one], order[following])


def _joined(roots: Mapping[str, Roots], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By root that shares something: the origin as which it is counted, which has the smallest id of them."""
    parent: dict[str, str] = {}

    def top(one: str) -> str:
        parent.setdefault(one, one)
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for this, that in pairs:
        every = sorted({*roots[this], *roots[that]})
        for one in every[1:]:
            first, second = sorted((top(every[0]), top(one)))
            parent[second] = first
    return {one: top(one) for one in parent}


def _reduced(claims: Iterable[Roots]) -> tuple[Roots, list[Roots]]:
    """Origins that some claim has alone, and of the claims without these the ones that no other implies; not more than
    ``MOST_CLAIMS`` + 1 of them, the smallest first."""
    every = {claim for claim in claims if claim}
    forced = frozenset(next(iter(claim)) for claim in every if len(claim) == 1)
    left = sorted((claim for claim in every if not claim & forced), key=lambda claim: (len(claim), sorted(claim)))
    open_: list[Roots] = []
    for claim in left:
        if len(open_) > MOST_CLAIMS:
            break
        if not any(one <= claim for one in open_):
            open_.append(claim)
    return forced, open_


def _apart(claims: Sequence[Roots]) -> int:
    """How many claims share no origin with one another, taken smallest first: so many origins at least."""
    used, number = set[str](), 0
    for claim in claims:
        if used.isdisjoint(claim):
            used |= claim
            number += 1
    return number


def _smallest(claims: Sequence[Roots], most: int) -> tuple[list[Roots], bool]:
    """The smallest sets that share something with every claim, and whether the search was whole.

    Minimal hitting sets, those of the smallest size first found by trying sizes upwards: Reiter (1987), bounded."""
    steps = 0
    if len(claims) > MOST_CLAIMS:
        return [], False
    for size in range(_apart(claims), len(claims) + 1):
        found: dict[Roots, None] = {}
        work: list[tuple[Roots, int]] = [(frozenset(), 0)]
        seen: set[Roots] = set()
        while work:
            steps += 1
            if steps > MOST_STEPS:
                return list(found), False
            chosen, at = work.pop()
            while at < len(claims) and not chosen.isdisjoint(claims[at]):
                at += 1
            if at == len(claims):
                found[chosen] = None
                if len(found) >= most:
                    return list(found), True
                continue
            if len(chosen) == size:
                continue
            for origin in sorted(claims[at], reverse=True):
                one = chosen | {origin}
                if one not in seen:
                    seen.add(one)
                    work.append((one, at + 1))
        if found:
            return list(found), True
    return [], True
