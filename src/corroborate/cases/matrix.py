"""The matrix of a case: element by element, what speaks for it, what against it, what is missing, and what people who
looked at it independently of one another judged, under a standard of proof that has a name.

Nothing here is called proven. A judgement says that an element meets a standard, that it does not, or that it cannot be
said yet; it stands beside its doubts and beside whoever judges otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Final, Literal, get_args

from corroborate.cases import law
from corroborate.cases.findings import FIRST_HAND, Finding, Lineup, Spoken
from corroborate.errors import InvalidValue
from corroborate.records.reviewing import cohen
from corroborate.vocabulary import load

Conclusion = Literal["meets", "falls_short", "open"]
Weight = Literal["strong", "some", "little"]
Stance = Literal["for", "against", "neutral"]
State = Literal["untouched", "one_assessor", "agreed", "after_reading", "differ", "two_standards"]
Doubt = Literal[
    "nothing_for",  # no claim and no evidence speaks for it
    "one_origin",  # everything for it goes back to one origin
    "circular",  # some of it goes round in a circle
    "hearsay",  # nobody who saw it, and no document
    "denied",  # something speaks against it
    "shaped",  # independent only if relatives, or one interpreter's sources, had not shaped one another
    "bounded",  # origins could not be counted exactly
    "changed",  # the evidence is another than when it was assessed
]
CONCLUSIONS: Final[tuple[Conclusion, ...]] = get_args(Conclusion)
WEIGHTS: Final[tuple[Weight, ...]] = get_args(Weight)
STANCES: Final[tuple[Stance, ...]] = get_args(Stance)


@dataclass(frozen=True, slots=True)
class Evidence:
    """That a person set a claim beside an element: how it speaks to it, with what weight, and why."""

    id: str
    element: str
    claim: str
    source: str
    basis: str
    speaks: Stance
    weight: Weight
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class StandsOn:
    """What an assessor had before them: how many claims for and against, and from how many independent origins."""

    for_: int
    against: int
    independent: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one person judged of one element. ``gaps``: what is missing; ``contrary``: what speaks against it, and how
    it was weighed."""

    id: str
    element: str
    by: str
    conclusion: Conclusion
    standard: str  # of the vocabulary of standards of proof
    reasons: str
    gaps: str
    contrary: str
    at: datetime
    on: StandsOn
    read: bool = False  # made when its assessor could read another's: it is no independent judgement
    first: "Unread | None" = None  # where it was read: what its assessor had judged before, if anything

    def __post_init__(self) -> None:
        if self.conclusion not in CONCLUSIONS:
            listed = ", ".join(CONCLUSIONS)
            raise InvalidValue("{words!r} is no conclusion; there are {listed}", words=self.conclusion, listed=listed)
        load("standards")[self.standard]

    @property
    def unread(self) -> "Unread | None":
        """What its assessor judged before they could read another's: this, or the one whose place it took."""
        return self.first if self.read else Unread(self.conclusion, self.standard)


@dataclass(frozen=True, slots=True)
class Unread:
    """What somebody judged before they could read another's."""

    conclusion: Conclusion
    standard: str


@dataclass(frozen=True, slots=True)
class Given:
    """A judgement with how long it stood, from one place in the log to another. ``sees_all``: its assessor reads
    others' without having judged."""

    made: Assessment
    since: int
    undone: int | None = None  # where it was taken back; None: it was not
    stands: bool = True
    sees_all: bool = False


def standing(given: Iterable[Given]) -> tuple[Assessment, ...]:
    """Judgements that stand, in one case, each with whether its assessor could have read another's before it.

    Others' judgements of an element are shown to whoever has judged it. So what somebody judges anew counts as
    independent only if no other judgement stood while theirs did: else whoever wanted to agree could judge anything,
    read, and judge again.
    """
    by_element: dict[str, list[Given]] = {}
    for one in sorted(given, key=lambda one: one.since):
        by_element.setdefault(one.made.element, []).append(one)
    made: dict[str, Assessment] = {}
    for all_ in by_element.values():
        unread: dict[str, Unread] = {}
        for at, one in enumerate(all_):
            by = one.made.by
            others = [other for other in all_[:at] if other.made.by != by]
            own = [other for other in all_[:at] if other.made.by == by]
            read = bool(others) if one.sees_all else _together(own, others, one.since)
            if not read:
                unread[by] = Unread(one.made.conclusion, one.made.standard)
            if one.stands:
                made[one.made.id] = replace(one.made, read=read, first=unread.get(by) if read else None)
    return tuple(made[id_] for id_ in sorted(made))


def _together(own: Sequence[Given], others: Sequence[Given], now: int) -> bool:
    """Whether a judgement of somebody's own stood, before this one, while another's did."""
    for at, one in enumerate(own):
        until = one.undone if one.undone is not None else own[at + 1].since if at + 1 < len(own) else now
        if any(other.since < until and (other.undone is None or one.since < other.undone) for other in others):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Cell:
    """One element: the finding from claims, the evidence that people set beside it, and how it was assessed."""

    finding: Finding
    evidence: tuple[Evidence, ...]
    assessments: tuple[Assessment, ...]
    on: StandsOn
    state: State
    doubts: tuple[Doubt, ...]

    @property
    def conclusion(self) -> Conclusion | None:
        """What all who assessed it say, under one standard; None where they differ, or there are fewer than two."""
        return self.assessments[0].conclusion if self.state == "agreed" else None


def matrix(
    lineup: Lineup,
    evidence: Iterable[Evidence] = (),
    assessments: Iterable[Assessment] = (),
    under: law.Law = "article_7",
) -> tuple[Cell, ...]:
    """Every element, in the order of the law."""
    set_beside: dict[str, list[Evidence]] = {}
    for one in evidence:
        set_beside.setdefault(one.element, []).append(one)
    judged: dict[str, list[Assessment]] = {}
    for each in assessments:
        judged.setdefault(each.element, []).append(each)
    return tuple(
        cell(lineup, one, tuple(set_beside.get(one.element, ())), tuple(judged.get(one.element, ())))
        for one in (*lineup.findings, *lineup.others)
        if law.law_of(law.crime(one.crime)) == under
    )


def cell(lineup: Lineup, finding: Finding, evidence: tuple[Evidence, ...], assessments: tuple[Assessment, ...]) -> Cell:
    """One element with all that stands beside it. A claim that is read and weighed too counts once, as weighed."""
    told = _told(lineup, finding, evidence) if evidence else _read(finding)
    doubts: dict[Doubt, bool] = {
        "nothing_for": not told.on.for_,
        "one_origin": told.on.for_ > 0 and told.on.independent <= 1,
        "circular": told.circular,
        "hearsay": told.on.for_ > 0 and not told.first_hand,
        "denied": told.on.against > 0,
        "shaped": told.on.independent < told.apart,
        "bounded": not told.exact,
        "changed": any(one.on != told.on for one in assessments),
    }
    holding = tuple(doubt for doubt, holds in doubts.items() if holds)
    return Cell(finding, evidence, assessments, told.on, _state(assessments), holding)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said to an element, in numbers."""

    on: StandsOn
    apart: int
    exact: bool
    circular: bool
    first_hand: bool


def _read(finding: Finding) -> _Told:
    """Of an element beside which nobody set anything, as the finding has it already."""
    on = StandsOn(len(finding.for_), len(finding.against), finding.independent)
    return _Told(on, finding.apart, finding.exact, finding.circular > 0, finding.first_hand > 0)


def _told(lineup: Lineup, finding: Finding, evidence: Iterable[Evidence]) -> _Told:
    """Of claims that were read and those that were set beside it; how a person weighed one goes before how it reads."""
    said: dict[str, Spoken | Evidence] = {one.claim: one for one in lineup.about(finding)}
    said.update({one.claim: one for one in evidence})
    for_ = [one for one in said.values() if one.speaks == "for"]
    sources = {one.source for one in for_}
    independent = lineup.independent(sources)
    on = StandsOn(len(for_), sum(one.speaks == "against" for one in said.values()), independent.number)
    return _Told(
        on,
        lineup.apart(sources).number,
        independent.exact,
        any(map(lineup.known.circular, sources)),
        any(one.basis in FIRST_HAND for one in for_),
    )


def _state(assessments: Sequence[Assessment]) -> State:
    if len({one.by for one in assessments}) < 2:
        return "one_assessor" if assessments else "untouched"
    if len({one.standard for one in assessments}) > 1:
        return "two_standards"
    if len({one.conclusion for one in assessments}) > 1:
        return "differ"
    unread = [one.unread for one in assessments]
    return "agreed" if sum(one is not None for one in unread) > 1 and len({*unread} - {None}) == 1 else "after_reading"


def checked(made: Assessment) -> Assessment:
    """An assessment that can be recorded. Raises InvalidValue with what is missing.

    Nothing meets a standard without anything for it; what speaks against it has to be weighed in words; and what cannot
    be said yet says what is missing."""
    if not made.reasons.strip():
        raise InvalidValue("say why: whoever reads an assessment must be able to judge again")
    if made.conclusion == "meets" and made.on.for_ == 0:
        raise InvalidValue("nothing here speaks for this element: set evidence beside it first, or leave it open")
    if made.conclusion == "meets" and made.on.independent == 0:
        raise InvalidValue("all that speaks for this element goes round in a circle: nobody knows who said it first")
    if made.conclusion == "meets" and made.on.against and not made.contrary.strip():
        raise InvalidValue("something speaks against this element: say how it was weighed")
    if made.conclusion == "open" and not made.gaps.strip():
        raise InvalidValue("say what is missing: an element that is left open is a gap that somebody can close")
    return made


@dataclass(frozen=True, slots=True)
class AssessorsAgree:
    """How far two assessors agree, over the elements that both judged under one standard, neither of them after the
    other's could be read. ``kappa``: Cohen's; None
    where chance alone would do as well, or there is no such element."""

    assessors: tuple[str, str]
    elements: int
    agreed: int
    kappa: float | None


def agreement(assessments: Iterable[Assessment]) -> tuple[AssessorsAgree, ...]:
    """Every two assessors who judged an element both. What was judged after reading another's is not compared."""
    by_element: dict[tuple[str, str], dict[str, Conclusion]] = {}
    for one in assessments:
        if one.unread is not None:
            by_element.setdefault((one.element, one.unread.standard), {})[one.by] = one.unread.conclusion
    tables: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for said in by_element.values():
        for first, second in combinations(sorted(said), 2):
            table = tables.setdefault((first, second), {})
            pair = (said[first], said[second])
            table[pair] = table.get(pair, 0) + 1
    return tuple(_agreement(who, tables[who]) for who in sorted(tables))


def _agreement(who: tuple[str, str], table: Mapping[tuple[str, str], int]) -> AssessorsAgree:
    found = cohen(table)
    agreed = sum(count for (one, other), count in table.items() if one == other)
    return AssessorsAgree(who, sum(table.values()), agreed, None if found is None else found[0])


__all__ = [
    "CONCLUSIONS",
    "STANCES",
    "WEIGHTS",
    "Assessment",
    "AssessorsAgree",
    "Cell",
    "Conclusion",
    "Doubt",
    "Evidence",
    "Given",
    "Stance",
    "StandsOn",
    "State",
    "Unread",
    "Weight",
    "agreement",
    "cell",
    "checked",
    "matrix",
    "standing",
]
