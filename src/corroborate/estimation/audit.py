"""What linkage missed and what it made up, as a number: a sample of linked people, searched out by reviewers.

Links that were missed make two people of one, so that fewer are seen on two lists and the estimate rises; rows about
nobody of the population (strangers: other places, other years, invented) raise it as well. Neither shows in an overlap
table. An audit draws linked people by chance, reviewers search out every entry of the people in each, and the table as
it would be had linkage been right is estimated by the generalised weight share method (Lavallée 1995; Deville &
Lavallée 2006, Survey Methodology 32). For each pattern s of lists

    T(s) = sum_b O_b * mean over audited linked people i of pattern b of  sum over true people p in i  [p is on s] / k_p

where O_b linked people have pattern b, and k_p is over how many linked people the entries of p are spread: each true
person counts once in expectation, however often it was cut in pieces. Strangers give nothing. Doubt: a Bayesian
bootstrap within each pattern (Rubin 1981), shrunk by the finite-population factor, so that a pattern that was audited
whole has none.

Unit: people. Assumes that reviewers find every entry of a person in the lists, and know strangers; a second reviewer on
a share of the linked people says how far they do, and corrects for it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from corroborate.errors import InvalidValue, NotEstimable
from corroborate.translation import Sentence
from corroborate.values import JSON, OverlapTable, Pattern

Floats = NDArray[np.float64]
Place = tuple[str, int]  # list and row of an entry
Person = frozenset[Place]  # all entries of one true person, wherever linkage put them
Linked = int  # number of a linked person

LEAST = 3  # linked people audited of each pattern
ENOUGH_RECALL = 0.9  # of the links between lists, under which a number is not given uncorrected
SPREAD = 0.35  # of a linked person's contribution before anything is known: about one in eight is cut or joined wrongly


@dataclass(frozen=True, slots=True)
class Frame:
    """The linked people that can be drawn, each by its number with its entries, and the lists in order."""

    lists: tuple[str, ...]
    members: Mapping[Linked, tuple[Place, ...]]

    def __post_init__(self) -> None:
        if not self.members:
            raise NotEstimable("linkage found nobody, so there is nobody to audit")
        if unknown := {name for entries in self.members.values() for name, _ in entries} - set(self.lists):
            raise InvalidValue("entries of {listed} are on none of the lists", listed=", ".join(sorted(unknown)))

    def pattern(self, entries: Iterable[Place]) -> Pattern:
        on = {name for name, _ in entries}
        return tuple(int(name in on) for name in self.lists)

    def strata(self) -> dict[Pattern, tuple[Linked, ...]]:
        """Linked people by their pattern, each in the order of their numbers."""
        found: dict[Pattern, list[Linked]] = {}
        for number in sorted(self.members):
            found.setdefault(self.pattern(self.members[number]), []).append(number)
        return {pattern: tuple(found[pattern]) for pattern in sorted(found)}

    def places(self) -> dict[Place, Linked]:
        return {entry: number for number, entries in self.members.items() for entry in entries}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reviewer found of one linked person: the true people in it, each with all its entries anywhere. An entry
    of the linked person that is in none of them is a stranger's."""

    linked: Linked
    people: tuple[Person, ...]


def allocation(sizes: Mapping[Pattern, int], people: int) -> dict[Pattern, int]:
    """How many linked people to audit of each pattern: in proportion to the root of how many there are, three at
    least, or all where there are fewer. Patterns of few people, on which an estimate hangs, so get more than their
    part."""
    least = {pattern: min(size, LEAST) for pattern, size in sizes.items()}
    if people < sum(least.values()):
        raise NotEstimable(
            (
                "an audit of {people} linked person is too small: {least} of each of {number} patterns are {values}",
                "an audit of {people} linked people is too small: {least} of each of {number} patterns are {values}",
            ),
            people=people,
            least=LEAST,
            number=len(sizes),
            values=sum(least.values()),
        )

    def parts(factor: float) -> dict[Pattern, float]:
        return {one: min(max(factor * sqrt(size), least[one]), size) for one, size in sizes.items()}

    low, high = 0.0, float(max(sizes.values()))
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(parts(middle).values()) < people else (low, middle)
    exact = parts(high)
    chosen = {one: int(part + 1e-6) for one, part in exact.items()}
    left = min(people, sum(sizes.values())) - sum(chosen.values())
    for one in sorted(exact, key=lambda one: (chosen[one] - exact[one], one))[:left]:  # by the largest part of a person
        chosen[one] += chosen[one] < sizes[one]
    return chosen


def drawn(frame: Frame, people: int, chance: np.random.Generator) -> tuple[Linked, ...]:
    """Numbers of linked people to audit, in an order by chance, so that an audit broken off is still a sample."""
    strata = frame.strata()
    share = allocation({pattern: len(numbers) for pattern, numbers in strata.items()}, people)
    chosen = [
        int(number)
        for pattern, numbers in strata.items()
        for number in chance.choice(np.array(numbers), size=share[pattern], replace=False)
    ]
    return tuple(int(one) for one in chance.permutation(np.array(chosen)))


@dataclass(frozen=True, slots=True)
class Rates:
    """How right the linkage of some pairs of entries of different lists was, by the audit, with its 95 % interval."""

    recall: float
    recall_low: float
    recall_high: float
    precision: float
    precision_low: float
    precision_high: float

    def as_json(self) -> dict[str, JSON]:
        return {
            "recall": self.recall, "recall_low": self.recall_low, "recall_high": self.recall_high,
            "precision": self.precision, "precision_low": self.precision_low, "precision_high": self.precision_high,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit with its answers: what the table would be had linkage been right, in draws, and how right it was.

    ``mean``: people by pattern, (patterns,); ``draws`` (draws, patterns) of the same. ``linked``: the table as linked.
    ``strangers``: share of each list's entries that are about nobody of the population. ``missed``: share of what there
    was to correct that a reviewer alone missed, from those whom two looked at; None without a second reviewer.
    """

    lists: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    mean: Floats
    draws: Floats
    linked: OverlapTable
    audited: int
    twice: int
    overall: Rates
    pairs: Mapping[tuple[str, str], Rates]
    strangers: Mapping[str, float]
    missed: float | None
    warnings: tuple[str, ...]

    @property
    def documented(self) -> float:
        """People on at least one list, had linkage been right: the mean."""
        return float(self.mean.sum())

    def tables(self, number: int, chance: np.random.Generator) -> list[OverlapTable]:
        """``number`` tables for ``over_linkage``: whole people, rounded by chance so that the mean stays."""
        which = chance.choice(len(self.draws), size=number, replace=number > len(self.draws))
        found = []
        for row in self.draws[which]:
            whole = np.floor(row)
            counts = whole + (chance.random(len(row)) < row - whole)
            found.append(
                OverlapTable(self.lists, {one: int(n) for one, n in zip(self.patterns, counts, strict=True) if n})
            )
        return found

    def as_json(self) -> dict[str, JSON]:
        low, high = np.quantile(self.draws.sum(axis=1), [0.025, 0.975])
        return {
            "linked_people": self.linked.documented,
            "audited": self.audited,
            "twice": self.twice,
            "documented": {"mean": self.documented, "low": float(low), "high": float(high)},
            **self.overall.as_json(),
            "pairs": [{"lists": list(pair), **rates.as_json()} for pair, rates in sorted(self.pairs.items())],
            "strangers": {name: self.strangers[name] for name in self.lists},
            "reviewers_missed": self.missed,
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class _Counted:
    """What one linked person gives: people by pattern; of each pair of lists, links that are true, those of them that
    were found, links made, and those of them that are right; entries of strangers by list. The first two by share."""

    people: Mapping[Pattern, float]
    links: Mapping[tuple[str, str], Floats]
    strangers: Mapping[str, float]


def _counted(frame: Frame, places: Mapping[Place, Linked], answer: Answer) -> _Counted:
    people: dict[Pattern, float] = {}
    links: dict[tuple[str, str], Floats] = {}
    own = set(frame.members[answer.linked])
    for person in answer.people:
        share = 1 / len({places[entry] for entry in person if entry in places})
        pattern = frame.pattern(person)
        people[pattern] = people.get(pattern, 0.0) + share
        for pair, one, other in _between(person):
            found = one in places and places[one] == places.get(other)
            links.setdefault(pair, np.zeros(4))[:2] += (share, share * found)
    for pair, one, other in _between(own):
        right = any(one in person and other in person for person in answer.people)
        links.setdefault(pair, np.zeros(4))[2:] += (1.0, float(right))
    strangers: dict[str, float] = {}
    for name, _ in own - frozenset[Place]().union(*answer.people):
        strangers[name] = strangers.get(name, 0.0) + 1.0
    return _Counted(people, links, strangers)


def _between(entries: Collection[Place]) -> Iterator[tuple[tuple[str, str], Place, Place]]:
    """Pairs of entries of different lists."""
    for one, other in combinations(sorted(entries), 2):
        if one[0] != other[0]:
            yield (one[0], other[0]), one, other


def audit(
    frame: Frame, first: Sequence[Answer], second: Sequence[Answer] = (), agreed: Sequence[Answer] = (), *,
    seed: int = 0, draws: int = 1000,
) -> Audit:  # fmt: skip
    """The audit that these answers make.

    ``first``: one answer for each linked person that was drawn. ``second``: another reviewer's, of a share of the same.
    Where the two differ, ``agreed`` says what they found when they looked together; all other answers of the first are
    then corrected, on average, by as much as those that both looked at were (double sampling). Raises NotEstimable
    where a pattern has too few answers, InvalidValue where an answer contradicts itself or the linkage.
    """
    places = frame.places()
    one = {answer.linked: answer for answer in first}
    for answer in (*first, *second, *agreed):
        _checked(frame, answer)
    settled = _settled(one, {answer.linked: answer for answer in second}, {answer.linked: answer for answer in agreed})
    strata = {pattern: [number for number in numbers if number in one] for pattern, numbers in frame.strata().items()}
    sizes = {pattern: len(numbers) for pattern, numbers in frame.strata().items()}
    for pattern, numbers in strata.items():
        if len(numbers) < min(LEAST, sizes[pattern]):
            on = " and ".join(name for name, there in zip(frame.lists, pattern, strict=True) if there)
            raise NotEstimable(
                "only {number} of {sizes} linked people on {on} are answered; {least} at least, or all",
                number=len(numbers),
                sizes=sizes[pattern],
                on=on,
                least=LEAST,
            )
    columns = _Columns.of(frame)
    order = [number for numbers in strata.values() for number in numbers]
    rows = columns.rows(_counted(frame, places, one[number]) for number in order)
    better = columns.rows(
        _counted(frame, places, settled[number] if number in settled else one[number]) for number in order
    )
    looked = np.array([number in settled for number in order])
    weights = _Weights(
        np.repeat(np.arange(len(strata)), [len(numbers) for numbers in strata.values()]),
        np.array([len(numbers) for numbers in strata.values()], dtype=float),
        np.array(list(sizes.values()), dtype=float),
    )
    chance = np.random.default_rng(seed)
    total = columns.corrected(rows, better, looked, weights, None)
    spread = np.array([columns.corrected(rows, better, looked, weights, chance) for _ in range(draws)])
    return columns.audit(frame, total, spread, len(order), settled, one, int(looked.sum()))


def _checked(frame: Frame, answer: Answer) -> None:
    if answer.linked not in frame.members:
        raise InvalidValue(
            "there is no linked person {linked}: was linkage done again since the draw?", linked=answer.linked
        )
    own = set(frame.members[answer.linked])
    for person in answer.people:
        if not person & own:
            raise InvalidValue("a person found in linked person {linked} has none of its entries", linked=answer.linked)
    if sum(map(len, answer.people)) > len(frozenset[Place]().union(*answer.people)):
        raise InvalidValue("in linked person {linked} one entry is two people's", linked=answer.linked)


def _settled(
    first: Mapping[Linked, Answer], second: Mapping[Linked, Answer], agreed: Mapping[Linked, Answer]
) -> dict[Linked, Answer]:
    """Answers that two reviewers gave alike, or found together."""
    found, open_ = {}, []
    for number, answer in second.items():
        if number not in first:
            raise InvalidValue(
                "the second reviewer answered linked person {number}, which the first did not", number=number
            )
        if number in agreed:
            found[number] = agreed[number]
        elif set(answer.people) == set(first[number].people):
            found[number] = answer
        else:
            open_.append(number)
    if open_:
        some = ", ".join(map(str, sorted(open_)[:10]))
        raise NotEstimable(
            (
                (
                    "two reviewers differ on {number} linked person ({some}): let them look together, and "
                    "give what they agree on"
                ),
                (
                    "two reviewers differ on {number} linked people ({some}): let them look together, and "
                    "give what they agree on"
                ),
            ),
            number=len(open_),
            some=some,
        )
    return found


@dataclass(frozen=True, slots=True)
class _Weights:
    """The audited linked people by pattern: which pattern each has, how many of it were audited, and of how many."""

    pattern: NDArray[np.int64]
    audited: Floats
    people: Floats

    def drawn(self, chance: np.random.Generator | None) -> Floats:
        """A weight for each audited linked person: how many it stands for, in one draw of a Bayesian bootstrap.

        Within a pattern of m out of O the Dirichlet's variance is that of a mean of m with m + 1 in the place of m - 1:
        stretched by (m + 1) / (m - 1), and shrunk by 1 - m / O, which is nothing where all were audited.
        """
        even = (self.people / self.audited)[self.pattern]
        if chance is None:
            return even
        gamma = chance.standard_exponential(len(self.pattern))
        share = gamma / np.bincount(self.pattern, gamma)[self.pattern]
        m = self.audited
        stretch = np.sqrt((1 - m / self.people) * np.where(m > 1, (m + 1) / np.maximum(m - 1, 1), 0.0))
        found: Floats = even * (1 + stretch[self.pattern] * (share * m[self.pattern] - 1))
        return found


@dataclass(frozen=True, slots=True)
class _Columns:
    """Places of what is counted in a row of numbers: people by pattern, links by pair of lists, strangers by list."""

    lists: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, frame: Frame) -> "_Columns":
        number = len(frame.lists)
        codes = ((np.arange(1, 2**number)[:, None] >> np.arange(number - 1, -1, -1)) & 1).tolist()
        return cls(frame.lists, tuple(map(tuple, codes)), tuple(combinations(sorted(frame.lists), 2)))

    def rows(self, counted: Iterable[_Counted]) -> Floats:
        """(audited, columns)."""
        first, second = len(self.patterns), len(self.patterns) + 4 * len(self.pairs)
        at = {pattern: place for place, pattern in enumerate(self.patterns)}
        pair_at = {pair: first + 4 * place for place, pair in enumerate(self.pairs)}
        rows = []
        for one in counted:
            row = np.zeros(second + len(self.lists))
            for pattern, share in one.people.items():
                row[at[pattern]] += share
            for pair, four in one.links.items():
                row[pair_at[pair] : pair_at[pair] + 4] += four
            for name, strangers in one.strangers.items():
                row[second + self.lists.index(name)] += strangers
            rows.append(row)
        return np.array(rows)

    def corrected(
        self, rows: Floats, better: Floats, looked: NDArray[np.bool_], weights: _Weights,
        chance: np.random.Generator | None,
    ) -> Floats:  # fmt: skip
        """Totals of every column: the first reviewer's, and the mean correction of those that two looked at."""
        weight = weights.drawn(chance)
        total = weight @ rows
        if looked.any():
            share = weight[looked] * (weight.sum() / weight[looked].sum())
            if looked.all():
                share = weight
            total = total + share @ (better[looked] - rows[looked])
        found: Floats = np.maximum(total, 0.0)
        return found

    def audit(
        self, frame: Frame, total: Floats, spread: Floats, audited: int, settled: Mapping[Linked, Answer],
        first: Mapping[Linked, Answer], twice: int,
    ) -> Audit:  # fmt: skip
        people, strangers = len(self.patterns), len(self.patterns) + 4 * len(self.pairs)
        counts: dict[Pattern, int] = {p: len(n) for p, n in frame.strata().items()}
        on = {name: sum(name == one for e in frame.members.values() for one, _ in e) for name in self.lists}
        four = [slice(people + 4 * at, people + 4 * at + 4) for at in range(len(self.pairs))]
        whole = _rates(np.sum([total[one] for one in four], axis=0), np.sum([spread[:, one] for one in four], axis=0))
        return Audit(
            self.lists, self.patterns, total[:people], spread[:, :people], OverlapTable(self.lists, counts), audited,
            twice, whole,
            {pair: _rates(total[one], spread[:, one]) for pair, one in zip(self.pairs, four, strict=True)
             if total[one].any()},
            {name: float(total[strangers + at] / on[name]) if on[name] else 0.0 for at, name in enumerate(self.lists)},
            _missed(frame, settled, first) if settled else None, tuple(_warnings(frame, first, settled, audited)),
        )  # fmt: skip


def _rates(total: Floats, spread: Floats) -> Rates:
    def ends(right: int, of: int) -> tuple[float, float, float]:
        middle = float(total[right] / total[of]) if total[of] > 0 else 1.0
        there = spread[spread[:, of] > 0]
        if not len(there):
            return middle, middle, middle
        low, high = np.quantile(there[:, right] / there[:, of], [0.025, 0.975])
        return middle, min(float(low), middle), max(float(high), middle)

    return Rates(*(min(one, 1.0) for one in (*ends(1, 0), *ends(3, 2))))


def _as_linked(frame: Frame, answer: Answer) -> bool:
    return answer.people == (frozenset(frame.members[answer.linked]),)


def _missed(frame: Frame, settled: Mapping[Linked, Answer], first: Mapping[Linked, Answer]) -> float | None:
    """Share of the linked people with something to correct, by what two reviewers settled on, where the first alone had
    it otherwise."""
    faulty = [number for number, answer in settled.items() if not _as_linked(frame, answer)]
    if not faulty:
        return None
    return sum(set(first[one].people) != set(settled[one].people) for one in faulty) / len(faulty)


def _warnings(
    frame: Frame, first: Mapping[Linked, Answer], settled: Mapping[Linked, Answer], audited: int
) -> Iterator[str]:
    if audited >= 50 and all(_as_linked(frame, answer) for answer in first.values()):
        yield Sentence(
            "The reviewer found nothing to correct in {audited} linked people. Either linkage is as good as that, or "
            "the reviewer took it as it was: let a second reviewer look at a share.",
            audited=audited,
        )
    if not settled:
        yield "One reviewer only: how much a reviewer misses is not known and not corrected."
    if audited < min(300, len(frame.members)):
        yield Sentence("Only {audited} linked people were audited; fewer than 300 seldom tell enough.", audited=audited)


def needed(found: Audit, width: float) -> int | None:
    """About how many linked people to audit for the doubt of the audit alone to be ``width`` wide.

    ``width``: of the 95 % interval of Chao's estimate, relative to it, were linkage the only doubt. None where the
    answers so far leave no doubt at all. By the root law: half the width takes four times the people.
    """
    seen = _chao_spread(found)
    if seen <= 0:
        return None
    people = ceil(found.audited * (2 * 1.959964 * seen / width) ** 2)
    return min(people, found.linked.documented)


def planned(frame: Frame, width: float) -> int:
    """The same before any answer is there, if one linked person in eight is cut, joined or invented.

    Chao's number of unlisted people goes with once^2 / twice, those on one list and on two, so its logarithm moves by
    twice the share by which the first is wrong and by the share by which the second is.
    """
    strata = {pattern: len(numbers) for pattern, numbers in frame.strata().items()}
    total = sum(strata.values())
    once, twice = (sum(n for pattern, n in strata.items() if sum(pattern) == on) for on in (1, 2))
    share = (len(frame.lists) - 1) / len(frame.lists)
    unlisted = share * once * max(once - 1, 0) / (2 * (twice + 1))
    moves = {1: 2 * unlisted / max(once, 1) + 1, 2: unlisted / (twice + 1) + 1}  # people a person more or less makes
    for people in range(sum(min(LEAST, one) for one in strata.values()), total, max(1, total // 200)):
        chosen = allocation(strata, people)
        variance = sum(
            (SPREAD * moves.get(sum(pattern), 1.0)) ** 2 * n * n / chosen[pattern] * (1 - chosen[pattern] / n)
            for pattern, n in strata.items()
        )
        if 2 * 1.959964 * sqrt(variance) <= width * (total + unlisted):
            return people
    return total


def _chao_spread(found: Audit) -> float:
    """Standard deviation of the logarithm of Chao's number of people over the draws of the audit."""
    on = np.array(found.patterns).sum(axis=1)
    share = (len(found.lists) - 1) / len(found.lists)
    once, twice = found.draws[:, on == 1].sum(axis=1), found.draws[:, on == 2].sum(axis=1)
    people = found.draws.sum(axis=1) + share * once * np.maximum(once - 1, 0) / (2 * (twice + 1))
    return float(np.log(np.maximum(people, 1)).std())


UNAUDITED = "Without an audit of the linkage: the number takes it as right (corroborate review audit)."


def require(recall: float, *, corrected: bool, by: str = "the audit") -> None:
    """Refuse a table of which a tenth of the links or more were missed and that was not corrected for it."""
    if recall < ENOUGH_RECALL and not corrected:
        raise NotEstimable(
            "{by} says that linkage found {recall:.0%} of the links there are ({enough_recall:.0%} at least): the "
            "number would be far too high. Estimate from the audit's own tables (estimate audited_*.csv --draws)",
            by=by,
            recall=recall,
            enough_recall=ENOUGH_RECALL,
        )
