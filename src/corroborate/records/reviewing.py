"""How pairs are reviewed: what to look at first, what to show of two people, and how far two reviewers agree.

Pure rules on claims, without the linkage engine: a field office reviews on a laptop that has none installed.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeVar, get_args

from corroborate.errors import InvalidValue
from corroborate.languages.names import name_keys, on_key
from corroborate.languages.places import facility_key, place_key
from corroborate.records.claims import Claim
from corroborate.records.judgements import Judgement, Verdict
from corroborate.records.schema import names_of_type, place_of
from corroborate.values import DateSpan, PartialDate, script_of

Likeness = Literal["same", "alike", "differs", "one side"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_Verdict = TypeVar("_Verdict", bound=str)
Z_95 = 1.959964  # two-sided 95% point of the normal distribution


@dataclass(frozen=True, slots=True)
class Stake:
    """By how many people each published number moves when a pair turns out to be other than it is counted now."""

    documented: float = 1.0  # two entries are one person, or are not
    estimate: float = 0.0
    victims: float = 0.0  # over all findings that count both


def worth(probability: float, stake: Stake) -> float:
    """What a judgement is expected to move, in people: min(p, 1 - p) × (documented + estimate + victims).

    A pair is counted today as what it likelier is, so a reviewer overturns that with probability min(p, 1 - p): the
    expected value of perfect information under 0-1 loss (Raiffa & Schlaifer 1961), times what hangs on it. A pair that
    is nearly sure is worth little whatever hangs on it, and so is a doubtful one on which nothing does.
    """
    if not 0 <= probability <= 1:
        raise InvalidValue("{probability} is no probability", probability=probability)
    return min(probability, 1 - probability) * (stake.documented + stake.estimate + stake.victims)


def shift_of_estimate(on_a: int, on_b: int, on_both: int) -> float:
    """By how many people Chapman's estimate from two lists falls when one more person is on both.

    (a + 1)(b + 1) / (m + 1) - 1 at m, less the same at m + 1. For more than two lists it is taken for the two of the
    pair: an order to look in, not an estimate.
    """
    if not 0 <= on_both <= min(on_a, on_b):
        raise InvalidValue(
            (
                "{on_both} person cannot be on both of lists of {on_a} and {on_b}",
                "{on_both} people cannot be on both of lists of {on_a} and {on_b}",
            ),
            on_both=on_both,
            on_a=on_a,
            on_b=on_b,
        )
    return (on_a + 1) * (on_b + 1) / ((on_both + 1) * (on_both + 2))


@dataclass(frozen=True, slots=True)
class Contrast:
    """One property of two people side by side, each claim with its source, and how alike they are."""

    property: str
    left: tuple[Claim, ...]
    right: tuple[Claim, ...]
    likeness: Likeness


_NAMES = names_of_type("name")


def contrasts(left: Iterable[Claim], right: Iterable[Claim]) -> tuple[Contrast, ...]:
    """Every property that either has, names first; properties that are not described stand last, by name."""
    sides: tuple[dict[str, list[Claim]], dict[str, list[Claim]]] = ({}, {})
    for side, claims in zip(sides, (left, right), strict=True):
        for claim in claims:
            side.setdefault(claim.property, []).append(claim)
    names = [[c for name in _NAMES for c in side.get(name, [])] for side in sides]
    found = []
    for name in sorted(sides[0].keys() | sides[1].keys(), key=_rank):
        mine, theirs = (tuple(side.get(name, [])) for side in sides)
        found.append(Contrast(name, mine, theirs, _likeness_of(name, mine, theirs, names)))
    return tuple(found)


def _likeness_of(
    name: str, mine: Sequence[Claim], theirs: Sequence[Claim], names: Sequence[Sequence[Claim]]
) -> Likeness:
    """One list's alias is another's name, so names are compared with all names of the other side. A further name that
    meets none of them is no difference: a nickname that one source knew.
    """
    if name not in _NAMES:
        return likeness(name, mine, theirs)
    across = (likeness(name, mine, names[1]), likeness(name, names[0], theirs))
    best = min(across, key=("same", "alike", "differs", "one side").index)
    return "one side" if best == "differs" and name != "name" else best


def marked(one: str, other: str) -> tuple[tuple[str, bool], ...]:
    """A text in pieces, each with whether the other text has it not there. Texts of two scripts are left whole."""
    if script_of(one) != script_of(other):
        return ((one, False),)
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return tuple((one[start:end], kind != "equal") for kind, start, end, _, _ in steps if end > start)


def _rank(name: str) -> tuple[int, str]:
    return (place_of(name), name)


def likeness(name: str, left: Sequence[Claim], right: Sequence[Claim]) -> Likeness:
    """Same: a value that both have to the letter. Alike: the same sounds, place, or time as far as either is exact."""
    if not left or not right:
        return "one side"
    if {_text(one) for one in left} & {_text(one) for one in right}:
        return "same"
    if name in _NAMES:
        alike = bool(_sounds(left) & _sounds(right))
    elif name.endswith("date"):
        alike = any(_meet(one, other) for one in left for other in right)
    else:
        key = _KEYS.get(name, str.casefold)
        alike = bool({key(_text(one)) for one in left} & {key(_text(one)) for one in right})
    return "alike" if alike else "differs"


_KEYS: Mapping[str, Callable[[str], str]] = {
    "origin": place_key, "event_place": place_key, "place": place_key, "facility": facility_key,
}  # fmt: skip


def _text(claim: Claim) -> str:
    return str(getattr(claim.value, "text", claim.value))


def _sounds(claims: Iterable[Claim]) -> set[str]:
    found: set[str] = set()
    for claim in claims:
        text = _text(claim)
        found |= name_keys(text)
        if script_of(text) == "Hani" and (reading := on_key(text.replace(" ", ""))) is not None:
            found.add(reading)
    return found


def _meet(one: Claim, other: Claim) -> bool:
    mine, theirs = one.value, other.value
    if not isinstance(mine, PartialDate | DateSpan) or not isinstance(theirs, PartialDate | DateSpan):
        return False
    return mine.earliest <= theirs.latest and theirs.earliest <= mine.latest


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers agree on the pairs that both judged. ``kappa`` is None where chance alone would do as well:
    both gave one and the same verdict throughout, or there is no pair."""

    reviewers: tuple[str, str]
    pairs: int
    agreed: int
    kappa: float | None
    low: float | None  # of the 95% interval
    high: float | None
    table: Mapping[tuple[Verdict, Verdict], int]


def cohen(table: Mapping[tuple[_Verdict, _Verdict], int]) -> tuple[float, float] | None:
    """Cohen's kappa (1960) and its standard error (Fleiss, Cohen & Everitt 1969, eq. 13), of counts by verdicts."""
    total = sum(table.values())
    share = {cell: count / total for cell, count in table.items()} if total else {}
    verdicts = sorted({verdict for pair in table for verdict in pair})
    rows = {v: sum(share.get((v, other), 0) for other in verdicts) for v in verdicts}
    columns = {v: sum(share.get((other, v), 0) for other in verdicts) for v in verdicts}
    seen, chance = sum(share.get((v, v), 0) for v in verdicts), sum(rows[v] * columns[v] for v in verdicts)
    if not total or math.isclose(chance, 1):
        return None
    kappa = (seen - chance) / (1 - chance)
    on = sum(share.get((v, v), 0) * (1 - (rows[v] + columns[v]) * (1 - kappa)) ** 2 for v in verdicts)
    off = sum(
        share.get((a, b), 0) * (columns[a] + rows[b]) ** 2 for a in verdicts for b in verdicts if a != b
    ) * (1 - kappa) ** 2  # fmt: skip
    variance = (on + off - (kappa - chance * (1 - kappa)) ** 2) / (total * (1 - chance) ** 2)
    return kappa, math.sqrt(max(0.0, variance))


def agreements(judgements: Iterable[Judgement]) -> tuple[Agreement, ...]:
    """Every two reviewers who judged a pair both. Judgements taken back do not count; of several, the last one does."""
    last: dict[tuple[str, str], dict[str, Judgement]] = {}
    for one in sorted(judgements, key=lambda judgement: (judgement.at, judgement.id)):
        if one.withdrawn is None:
            pair = (min(one.left, one.right), max(one.left, one.right))
            last.setdefault(pair, {})[one.by] = one
    tables: dict[tuple[str, str], dict[tuple[Verdict, Verdict], int]] = {}
    for said in last.values():
        who = sorted(said)
        for at, first in enumerate(who):
            for second in who[at + 1 :]:
                table = tables.setdefault((first, second), {})
                cell = (said[first].verdict, said[second].verdict)
                table[cell] = table.get(cell, 0) + 1
    return tuple(_agreement(who, tables[who]) for who in sorted(tables))


def _agreement(who: tuple[str, str], table: Mapping[tuple[Verdict, Verdict], int]) -> Agreement:
    found = cohen(table)
    agreed = sum(count for (one, other), count in table.items() if one == other)
    if found is None:
        return Agreement(who, sum(table.values()), agreed, None, None, None, table)
    kappa, error = found
    low, high = max(-1.0, kappa - Z_95 * error), min(1.0, kappa + Z_95 * error)
    return Agreement(who, sum(table.values()), agreed, kappa, low, high, table)


def joining(judgements: Iterable[Judgement], person: str) -> tuple[Judgement, ...]:
    """The judgements that join a person to others, not taken back: taking these back splits the person off, no more."""
    current = (one for one in judgements if one.withdrawn is None and one.verdict == "same")
    return tuple(one for one in current if person in (one.left, one.right))
