"""Invented people on lists, linked with known errors, and reviewers who err: to see what an audit restores."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corroborate.estimation.audit import Answer, Frame, Linked, Person, Place
from corroborate.values import OverlapTable, Pattern


@dataclass(frozen=True, slots=True)
class World:
    """Lists of ``people`` people; who each entry is about (strangers are nobody); and how linkage put them together."""

    people: int
    truth: OverlapTable
    frame: Frame
    person: dict[Place, int]

    def linked(self) -> OverlapTable:
        return OverlapTable(self.frame.lists, {p: len(n) for p, n in self.frame.strata().items()})


def world(
    people: int, chances: Sequence[float], chance: np.random.Generator, *, recall: float = 0.9, false: float = 0.0,
    strangers: float = 0.0,
) -> World:  # fmt: skip
    """``recall``: chance that an entry stays with its person's first one. ``false``: share of linked people that are
    joined with another one's, on other lists. ``strangers``: share of each list's rows about nobody of the population.
    """
    lists = tuple("ABCDEFGH"[: len(chances)])
    on = chance.random((people, len(lists))) < np.array(chances)
    entries: dict[int, list[Place]] = {}
    rows = dict.fromkeys(lists, 0)
    for who in range(people):
        for name, there in zip(lists, on[who], strict=True):
            if there:
                rows[name] += 1
                entries.setdefault(who, []).append((name, rows[name]))
    person = {place: who for who, places in entries.items() for place in places}
    pieces = [piece for who in sorted(entries) for piece in _cut(entries[who], recall, chance)]
    for name in lists:
        for _ in range(round(strangers / (1 - strangers) * rows[name])):
            rows[name] += 1
            pieces.append([(name, rows[name])])
    for at in np.flatnonzero(chance.random(len(pieces)) < false):
        other = int(chance.integers(len(pieces)))
        if other != at and not {name for name, _ in pieces[at]} & {name for name, _ in pieces[other]}:
            pieces[other] = pieces[other] + pieces[at]
            pieces[at] = []
    frame = Frame(lists, {number: tuple(sorted(one)) for number, one in enumerate(filter(None, pieces), start=1)})
    counts: dict[Pattern, int] = {}
    for places in entries.values():
        pattern = frame.pattern(places)
        counts[pattern] = counts.get(pattern, 0) + 1
    return World(people, OverlapTable(lists, counts), frame, person)


def _cut(places: list[Place], recall: float, chance: np.random.Generator) -> list[list[Place]]:
    whole: list[Place] = [places[0]]
    apart: list[Place] = []
    for place in places[1:]:
        (whole if chance.random() < recall else apart).append(place)
    return [whole, *([one] for one in apart)]


def answers(made: World, drawn: Sequence[Linked], chance: np.random.Generator, *, errs: float = 0.0) -> list[Answer]:
    """What a reviewer finds in each: each entry elsewhere, each person joined wrongly and each stranger is missed with
    the chance ``errs``."""
    everywhere: dict[int, list[Place]] = {}
    for place, who in made.person.items():
        everywhere.setdefault(who, []).append(place)
    return [_answer(made, number, everywhere, chance, errs) for number in drawn]


def _answer(
    made: World, number: Linked, everywhere: dict[int, list[Place]], chance: np.random.Generator, errs: float
) -> Answer:
    own = made.frame.members[number]
    found: dict[int, set[Place]] = {}
    first: int | None = None
    for place in own:
        who = made.person.get(place)
        if who is None:
            if chance.random() >= errs:
                continue
            who = -1 - own.index(place) if first is None else first
        elif first is not None and who != first and chance.random() < errs:
            who = first
        first = who if first is None else first
        found.setdefault(who, set()).add(place)
    for who, places in found.items():
        places |= {one for one in everywhere.get(who, ()) if one not in own and chance.random() >= errs}
    people: tuple[Person, ...] = tuple(frozenset(places) for places in found.values())
    return Answer(number, people)
