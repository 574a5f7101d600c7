"""Findings as they stand now, computed by the page and the command alike."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corroborate import records
from corroborate.cases import Corroboration, Finding, Lineup, Spoken, accounts, corroborated
from corroborate.cases.corroboration import PROPERTIES
from corroborate.records import Clusters
from corroborate_node.core.queries import limited, may, visible
from corroborate_node.core.rooms import ties
from corroborate_node.log.kept import UntilTheLogGrows
from corroborate_node.records import models, queries, rows

_lineups = UntilTheLogGrows[Lineup]()  # by what is filed in a case. Ids, and no content
MOST_NODES = 60  # sources in the picture of where one comes from


def found(user: Any) -> tuple[Finding, ...]:
    """What a user may see of :func:`assessed`; no user, nothing. For an account that is limited to cases: what the
    claims of these cases alone say, where they count as independent only if they are so in the whole vault."""
    return lined_up(user).findings


def lined_up(user: Any, case: str = "") -> Lineup:
    """The same with what each finding stands on; of a case by its id, what claims of its sources say."""
    if not may(user, "finding.read"):
        return Lineup.of((), {})
    if case:
        if not queries.cases_seen(user).filter(id=case).exists():
            return Lineup.of((), {})
        made = _current(case)
        return _without_others(user, made) if limited(user) else made
    if not limited(user):
        return _current()
    return _without_others(user, Lineup.of(queries.claims_seen(user), queries.sources(), _same(), ties()))


def _without_others(user: Any, made: Lineup) -> Lineup:
    """Origins are counted over the whole vault; which of them are of another case is not told, not even by their id."""
    every = {root for one in made.findings for root in one.roots}
    seen = set(queries.sources_among(user, sorted(every)))
    return made.telling(seen)


def assessed(crime: str | None = None) -> tuple[Finding, ...]:
    """This vault's claims against the elements of crimes against humanity, or of one crime of any law."""
    made = _current()
    return (
        made.findings if crime is None else tuple(one for one in (*made.findings, *made.others) if one.crime == crime)
    )


def _current(case: str = "") -> Lineup:
    """Kept in memory until the log grows: whatever changes it, a claim, a judgement, a tie, a withdrawal, is an entry
    there."""
    filed = queries.sources_of_case(case) if case else None  # filing is no entry of the log

    def read() -> Lineup:
        told = (one for one in queries.claims() if filed is None or one.source in filed)
        return Lineup.of(told, queries.sources(), _same(), ties())

    return _lineups.of(filed, read)


def _same() -> dict[str, str]:
    """Who was judged to be whom."""
    people = [one.id for one in queries.entities() if one.kind == "person"]
    clusters = Clusters.of(people, queries.judgements())
    return {one: min(members) for members in clusters.members for one in members}


_SIDES = {*PROPERTIES, "violation", "no_violation"}


def corroborations(user: Any, lineup: Lineup, finding: Finding, people: Collection[str]) -> list[Corroboration]:
    """How far what is told of some people agrees, in their order. Names are compared for who may see who people are."""
    wanted = set(people)
    spoken = [one for one in lineup.about(finding) if one.person in wanted]
    by_person: dict[str, list[Spoken]] = {one: [] for one in people}
    for one in spoken:
        by_person[one.person].append(one)
    about = {one.victim for one in spoken} | {one.act for one in spoken}
    told: dict[str, list[records.Claim]] = {}
    for claim in _of_sides(user, sorted(about)):
        told.setdefault(claim.subject, []).append(claim)
    made = []
    for person, ones in by_person.items():
        subjects = dict.fromkeys(each for one in ones for each in (one.act, one.victim))
        claims = [claim for subject in subjects for claim in told.get(subject, [])]
        neutral = {claim.source for one in ones for claim in told.get(one.victim, [])}
        made.append(corroborated(person, accounts(ones, claims), lineup.known, neutral))
    return made


def _of_sides(user: Any, subjects: Sequence[str]) -> Iterator[records.Claim]:
    """Claims of some acts and people that say who, what, where and when."""
    shown = _SIDES if may(user, "identity.read") else _SIDES & set(queries.FACTS)
    found = visible(user, models.Claim).filter(superseded=False, property__in=shown).exclude(value=None)
    for start in range(0, len(subjects), queries.BATCH):
        for row in found.filter(subject_id__in=subjects[start : start + queries.BATCH]).order_by("id"):
            yield rows.claim(row)


@dataclass(frozen=True, slots=True)
class Named:
    """A source as a page names it. ``title``: empty where it may not be told; ``seen``: whether it has a page here."""

    id: str
    title: str = ""
    kind: str = ""
    seen: bool = False
    withdrawn: bool = False


def named(user: Any, sources: Collection[str]) -> Mapping[str, Named]:
    """Some sources as a user may see them; one that they may not see has neither title nor kind."""
    known = {one: Named(one) for one in sources}
    asked = sorted(known)
    for start in range(0, len(asked), queries.BATCH):
        for row in queries.sources_seen(user).filter(id__in=asked[start : start + queries.BATCH]):
            known[row.id] = Named(row.id, row.shown, row.kind, True, row.withdrawn is not None)
    return known


@dataclass(frozen=True, slots=True)
class Step:
    """One source in the picture of where another comes from. ``depth``: how many steps back; ``again``: it stands
    above already, with what it goes back to."""

    id: str
    depth: int
    root: bool
    again: bool = False


def ways_back(source: str) -> tuple[Step, ...]:
    """Where a source comes from, depth first, at most ``MOST_NODES`` steps."""
    derives, _ = queries.derivations()
    steps: list[Step] = []
    work, seen = [(source, 0)], set[str]()
    while work and len(steps) < MOST_NODES:
        one, depth = work.pop()
        before = derives.get(one, [])
        again = one in seen
        steps.append(Step(one, depth, not before, again))
        seen.add(one)
        if not again:
            work += [(each, depth + 1) for each in reversed(before)]
    return tuple(steps)
