"""The one door out: consent, small numbers, and what is never published."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from corroborate.cases import Finding, findings
from corroborate.coalition import Demand, Event, Member, Round, compare
from corroborate.disclosure.shown import (
    CellShown,
    DemandShown,
    EstimateShown,
    EventShown,
    FindingShown,
    MemberShown,
    PersonShown,
    PointShown,
    Release,
    SignOnShown,
    StatementShown,
)
from corroborate.errors import NotAllowed
from corroborate.estimation import Estimate
from corroborate.records import Audience, Claim, Consent, Source, Use, allows
from corroborate.values import Name, OverlapTable
from corroborate.vocabulary import load

SMALL = 10  # counts of people below this are not published
LANGUAGES = {"Hang": "ko", "Hani": "ja", "Kana": "ja", "Latn": "en"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a coalition holds, before anybody decided what may be seen of it."""

    claims: Sequence[Claim] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    consents: Sequence[Consent] = ()
    same: Mapping[str, str] = field(default_factory=dict)  # entity -> the person it was judged to be


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is public already: members, statements with their rounds, demands, dated events."""

    members: Sequence[Member] = ()
    names: Mapping[str, str] = field(default_factory=dict)  # key name -> the member's own name
    statements: Sequence[tuple[str, Round]] = ()  # title, round
    demands: Sequence[Demand] = ()
    timeline: Sequence[Event] = ()


def release(
    *,
    title: str,
    coalition: str,
    audience: Audience,
    on: date,
    evidence: Evidence,
    campaign: Campaign,
    body: str = "",
    estimate: Estimate | None = None,
    overlap: OverlapTable | None = None,
    truth: str = "",
) -> Release:
    """Decide what an audience may see on a day. Silence of a source is no; each refusal is counted with its reason.

    A person is named only with a consent for the use ``name``, in one written form, without birth, place, date, kin or
    what was done to them: together these say who someone is. Counts of people below ten are not given, nor what would
    reveal them by subtraction.
    """
    withheld: Counter[str] = Counter()
    by_source: dict[str, list[Consent]] = defaultdict(list)
    for consent in evidence.consents:
        by_source[consent.source].append(consent)
    granted: dict[tuple[str, Use], bool] = {}

    def may(source: str, use: Use) -> bool:
        if (source, use) not in granted:
            granted[source, use] = allows(by_source.get(source, ()), use, audience, on, body)
        return granted[source, use]

    counted = [claim for claim in evidence.claims if may(claim.source, "count")]
    withheld["claims whose source does not allow counting for this audience"] += len(evidence.claims) - len(counted)
    shown = tuple(_finding(one) for one in findings(counted, evidence.sources, evidence.same))
    return Release(
        title, coalition, audience if not body else f"{audience}: {body}", on,
        any(source.invented for source in evidence.sources.values()),
        tuple(MemberShown(m.name, m.kind, m.country, m.region, m.abbreviation, m.affiliation, m.flag)
              for m in campaign.members),
        tuple(_statement(name, round_, campaign.names) for name, round_ in campaign.statements),
        tuple(DemandShown(d.what, d.addressee, str(d.since), d.words, d.status, str(d.as_of),
                          tuple(map(_event, d.evidence))) for d in campaign.demands),
        tuple(map(_event, campaign.timeline)), None if estimate is None else _estimate(estimate),
        () if overlap is None else _cells(overlap, withheld), shown, _persons(evidence, may, withheld),
        tuple(sorted((reason, count) for reason, count in withheld.items() if count)), truth,
    )  # fmt: skip


def _persons(evidence: Evidence, may: Callable[[str, Use], bool], withheld: Counter[str]) -> tuple[PersonShown, ...]:
    names: dict[str, list[Claim]] = defaultdict(list)
    refused: set[str] = set()
    for claim in evidence.claims:
        if claim.property != "name" or not isinstance(claim.value, Name):
            continue
        person = evidence.same.get(claim.subject, claim.subject)
        if may(claim.source, "name"):
            names[person].append(claim)
        else:
            refused.add(person)
    withheld["people whose sources do not allow naming them"] += len(refused - set(names))
    shown = []
    for claims in names.values():
        name = claims[0].value
        assert isinstance(name, Name)  # noqa: S101 - for the type checker
        shown.append(PersonShown(name.text, LANGUAGES.get(name.script, "und"), len({c.source for c in claims})))
    return tuple(sorted(shown, key=lambda one: (one.language, one.name, one.sources)))


def _finding(one: Finding) -> FindingShown:
    crime = load("crimes")[one.crime]
    return FindingShown(
        one.crime, str(crime.more["article"]), crime.label["en"], crime.in_language("ko"), crime.in_language("ja"),
        one.element, one.kind, one.proposition, len(one.for_), len(one.against), len(one.roots), one.first_hand,
        str(one.victims) if one.victims >= SMALL or one.victims == 0 else f"fewer than {SMALL}", one.support,
        bool(one.hangs_on), load("standards")[one.standard].label["en"], one.status, one.dissent,
    )  # fmt: skip


def _cells(overlap: OverlapTable, withheld: Counter[str]) -> tuple[CellShown, ...]:
    """Cells of at least ten. Whoever knows the total could subtract, so never one small cell alone is left out, and
    those left out are at least ten people together."""
    counts = {pattern: n for pattern, n in overlap.counts.items() if n}
    hidden = {pattern for pattern, n in counts.items() if n < SMALL}
    rest = sorted((n, pattern) for pattern, n in counts.items() if pattern not in hidden)
    while hidden and rest and (len(hidden) < 2 or sum(counts[p] for p in hidden) < SMALL):
        hidden.add(rest.pop(0)[1])
    withheld["cells of the overlap that are small, or would give a small one away"] += len(hidden)
    return tuple(
        CellShown(
            tuple(name for name, on in zip(overlap.lists, pattern, strict=True) if on),
            None if pattern in hidden else n,
        )
        for pattern, n in sorted(counts.items(), reverse=True)
    )


def _estimate(one: Estimate) -> EstimateShown:
    head = one.headline
    return EstimateShown(
        one.documented, round(one.at_least), PointShown(one.method, *map(float, map(round, (head.median, head.low, head.high)))),
        one.level,
        tuple(PointShown(f"{p.odds_ratio:g}", *map(float, map(round, (p.median, p.low, p.high)))) for p in one.sensitivity),
        tuple(PointShown(name, *map(float, map(round, (m.median, m.low, m.high))), m.note) for name, m in one.methods.items()),
        one.tipping, one.assumptions, one.warnings, one.lists,
        None if one.r_hat is None else round(one.r_hat, 4), None if one.ess is None else float(round(one.ess)),
    )  # fmt: skip


def _event(one: Event) -> EventShown:
    return EventShown(str(one.date), one.what, one.body, one.symbol, one.source)


def _statement(title: str, round_: Round, names: Mapping[str, str]) -> StatementShown:
    current = round_.current
    notes = {one.member: one for one in round_.received}
    sign_ons = tuple(
        SignOnShown(
            names.get(one.member, one.member), one.state, one.at.strftime("%Y-%m-%dT%H:%M:%SZ") if one.at else "",
            one.digest.hex if one.digest else "", str(round_.members[one.member]), notes[one.member].note.decode(),
        )
        for one in round_.standing() if one.state != "silent"
    )  # fmt: skip
    earlier = round_.versions[:-1]
    if any(version.language != current.language for version in earlier):
        raise NotAllowed("a statement's versions must be in one language; a translation is a statement of its own")
    return StatementShown(
        current.statement, title, current.language, current.number, current.text.decode(), current.digest.hex, sign_ons,
        tuple(version.digest.hex for version in earlier),
        compare(earlier[-1].text.decode(), current.text.decode()) if earlier else (),
    )  # fmt: skip
