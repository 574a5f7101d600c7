"""The one door out: what of the records and results an audience may see on a day, and what was kept back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from typing import Literal

from corroborate.cases import Finding, Origins, Tie, fewest, origins, support_of
from corroborate.coalition import Action, Commitment, Demand, Event, Member, Round, Vote
from corroborate.coalition.final import Final, statement_html
from corroborate.disclosure.campaign import (
    action_shown,
    commitment_shown,
    demand_shown,
    event_shown,
    places_shown,
    vote_shown,
)
from corroborate.disclosure.counting import people_shown
from corroborate.disclosure.items import NAMEABLE, Deciding, decided, decided_linking
from corroborate.disclosure.naming import Guard, Naming
from corroborate.disclosure.persons import persons_shown
from corroborate.disclosure.published import record_shown
from corroborate.disclosure.shown import (
    Decided,
    EstimateShown,
    FinalShown,
    FindingShown,
    KindCount,
    MemberShown,
    NumberShown,
    OverlapShown,
    Release,
    SignOnShown,
    StatementShown,
    VersionShown,
    Withheld,
)
from corroborate.disclosure.small_numbers import LEAST, at_least_ten, few_withheld, protect
from corroborate.disclosure.whole_files import SealedFile, decided_files
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.public_record import Found, Population, Proceeding
from corroborate.records import AUDIENCES, Audience, Claim, Consent, Leaving, Permissions, Source, Text
from corroborate.translation import Sentence
from corroborate.values import JSON, OverlapTable
from corroborate.values.signs import checked_line
from corroborate.vocabulary import load


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: a release with this title, for this audience, as consent stands on this day."""

    title: str
    coalition: str
    audience: Audience
    on: date
    body: str = ""  # the one body of the audience ``named body``; of ``coalition``, the one member
    invented: bool = False
    today: date | None = None  # where it is handed over later: consent must hold on both days
    until: date | None = None  # last day on which the receiver may use it
    claims: frozenset[str] | None = None  # which claims; None: all
    names: bool = True  # whether names, and what was done to a body, may go at all
    linking: Literal["", "held", "fields"] = ""  # for private linkage, and the most that is told of a person
    words: frozenset[str] = frozenset()  # properties of free words that may go; a second person reads them
    files: frozenset[str] = frozenset()  # sealed files that go whole; a second person reads them

    def __post_init__(self) -> None:
        for line in (self.title, self.coalition, self.body):
            checked_line(line)
        if unknown := self.words - set(NAMEABLE):
            known = ", ".join(NAMEABLE)
            raise InvalidValue(
                "{unknown} holds no free words that can be named; there are {known}", unknown=min(unknown), known=known
            )
        if self.audience not in AUDIENCES:
            raise InvalidValue("no such audience: {audience}", audience=self.audience)
        if (self.audience == "named body" and not self.body) or (
            self.body and self.audience not in ("named body", "coalition")
        ):
            raise InvalidValue("a release to a named body, or to one member of the coalition, names it, and no other")
        if self.linking and (self.audience != "coalition" or not self.body):
            raise InvalidValue("a release for private linkage is for one other member: coalition, and its log's name")
        if self.linking and self.files:
            raise InvalidValue("a release for private linkage gives no files")
        if self.until is not None and self.until < self.on:
            raise InvalidValue("nobody can use it until {until}: it leaves on {on}", until=self.until, on=self.on)


@dataclass(frozen=True, slots=True)
class Records:
    """What the vaults hold. ``same``: entity id -> id of the person it was judged to be."""

    claims: Sequence[Claim] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    consents: Sequence[Consent] = ()
    same: Mapping[str, str] = field(default_factory=dict)
    unnamed: frozenset[str] = frozenset()  # people whose naming a source took back that is erased by now
    ties: Sequence[Tie] = ()  # which sources do not know independently, beside what each derives from
    files: Sequence[SealedFile] = ()  # those that a release names
    namings: Sequence[Naming] = ()  # who of those who are said to have done something may be named, and to whom


@dataclass(frozen=True, slots=True)
class Results:
    """What the other rooms made. ``rounds``: title of a statement and its sign-on round."""

    members: Sequence[Member] = ()
    rounds: Sequence[tuple[str, Round]] = ()
    called: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # label of a member -> its own name, its kind
    finals: Sequence[Final] = ()  # of those statements, sealed by their publisher
    supported: Mapping[str, int] = field(default_factory=dict)  # statement -> people of the public who confirmed
    changed: Mapping[str, str] = field(default_factory=dict)  # action's id or statement's name -> UTC, ISO 8601
    demands: Sequence[Demand] = ()
    timeline: Sequence[Event] = ()
    estimate: Mapping[str, JSON] | None = None  # as ``Estimate.as_json`` gives it
    refused: str = ""  # why there is no estimate
    overlap: OverlapTable | None = None  # of entries whose sources allow counting; see ``countable``
    findings: Sequence[Finding] = ()
    actions: Sequence[Action] = ()
    votes: Sequence[Vote] = ()
    commitments: Sequence[Commitment] = ()
    found: Sequence[Found] = ()  # the public record: what a commission of inquiry found
    populations: Sequence[Population] = ()
    proceedings: Sequence[Proceeding] = ()
    invented: bool = False  # whether something of it is about people who do not exist


def permissions_of(records: Records, order: Order) -> Permissions:
    """What is asked of every consent: before this audience, on the day of leaving and, where it is another, today."""
    also = None if order.today in (None, order.on) else order.today
    return Permissions.of(records.consents, order.audience, order.on, order.body, also)


def countable(records: Records, order: Order) -> frozenset[str]:
    """Entities that may be counted in what this audience sees: some source of theirs allows it on the day."""
    permissions = permissions_of(records, order)
    return frozenset(claim.subject for claim in records.claims if permissions.allows("count", claim.source))


def chosen(records: Records, order: Order) -> Sequence[Claim]:
    """The claims that are asked for. Raises InvalidValue for one that is not here."""
    if order.claims is None:
        return records.claims
    found = [one for one in records.claims if one.id in order.claims]
    if missing := order.claims - {one.id for one in found}:
        raise InvalidValue(
            "{number} of the claims are unknown here or withdrawn, such as {missing}",
            number=len(missing),
            missing=min(missing),
        )
    return found


def _check_title(order: Order, guard: Guard) -> None:
    if guard.keeps_words(order.title):
        error = NotAllowed(
            "the title may name somebody who is said to have done something: {title!r}", title=order.title
        )
        error.remedy = Sentence(
            "Call the release otherwise, or decide first that this reader is told the name (naming)."
        )
        raise error


def release(order: Order, records: Records, results: Results) -> Release:
    """Decide what leaves. Silence is "no"; whatever is kept back is counted with its reason.

    Names of persons need a source that allows ``name``; facts beside a name need ``name`` and ``quote`` of their own
    source; findings count claims whose source allows ``count``. Cells of fewer than ten people are withheld, and what
    would reveal them. ``items`` says the same of each record.
    """
    permissions, wanted = permissions_of(records, order), chosen(records, order)
    leaving = Leaving.of(permissions, records.claims)
    guard = Guard.of(permissions, records.claims, records.same, records.namings)
    _check_title(order, guard)
    deciding = Deciding(leaving, unnamed(leaving, records), records.same, order.names, order.words, guard)
    if order.linking:
        items = tuple(decided_linking(deciding, wanted, order.linking))
        return _headed(order, records, items)
    if results.found and (results.invented or any(one.invented for one in records.sources.values())):
        raise NotAllowed("the public record is never mixed with invented people: make two releases")
    items = (
        *decided(deciding, wanted, records.sources),
        *decided_files(deciding, order.files, records.files, records.claims),
    )
    known = origins({one.id: one.derives_from for one in records.sources.values()}, records.ties)
    persons, kept, named = persons_shown(deciding, wanted, known)
    findings, uncounted = _findings(leaving, records, results.findings, known)
    if uncounted:
        kept["claims behind findings", "their source does not allow counting before this audience"] = uncounted
    estimate, refused, overlap = _figures(order, results)
    if overlap and (cells := sum(cell.count is None for cell in overlap.cells)):
        kept["cells of the overlap table", "under ten people, or would reveal such a cell by subtraction"] = cells
    used = {claim.source for claim in wanted}
    return replace(
        _headed(replace(order, invented=order.invented or results.invented), records, items),
        members=tuple(
            MemberShown(m.name, m.kind, m.country, m.region, m.abbreviation, m.affiliation, m.role)
            for m in results.members
        ),
        statements=tuple(_statement(title, one, results) for title, one in results.rounds),
        demands=tuple(demand_shown(one) for one in results.demands),
        timeline=tuple(event_shown(one) for one in results.timeline),
        estimate=estimate, refused=refused, overlap=overlap, findings=findings, persons=persons, places=places_shown(),
        sources=_kinds_shown(
            order.audience,
            _kinds(
                source.kind
                for source in records.sources.values()
                if permissions.allows("count", source.id) and (order.claims is None or source.id in used)
            ),
        ),
        withheld=tuple(
            Withheld(what, reason, at_least_ten(count)) for (what, reason), count in sorted(kept.items()) if count
        ),
        actions=tuple(action_shown(one, results.changed.get(one.id, "")) for one in results.actions),
        votes=tuple(vote_shown(one) for one in results.votes),
        commitments=tuple(commitment_shown(one) for one in results.commitments),
        record=record_shown(results.found, results.populations, results.proceedings),
        people=people_shown(deciding, wanted, named, estimate),
    )  # fmt: skip


def _headed(order: Order, records: Records, items: tuple[Decided, ...]) -> Release:
    """To whom, on which day, until when, and what was decided of each record; nothing else yet."""
    invented = order.invented or any(source.invented for source in records.sources.values())
    return Release(
        order.title, order.coalition, order.audience, order.body, order.on, invented, until=order.until,
        linking=order.linking, items=items,
    )  # fmt: skip


def unnamed(leaving: Leaving, records: Records) -> frozenset[str]:
    """People whose naming some source refuses or took back, whoever else allows it; entities judged one go together."""
    permissions = leaving.permissions
    back = {source for source in permissions.by_source if permissions.refuses(source)}
    if not back and not records.unnamed:
        return frozenset()
    about = {claim.subject for claim in records.claims if claim.source in back}
    gone = records.unnamed | about.union(*(leaving.victims.get(one, frozenset()) for one in about))
    who = {records.same.get(one, one) for one in gone}
    return frozenset(gone | who | {one for one, person in records.same.items() if person in who})


def _figures(order: Order, results: Results) -> tuple[EstimateShown | None, str, OverlapShown | None]:
    """The estimate, or why there is none, and the table under it."""
    given, refused = results.estimate, results.refused
    overlap = None if results.overlap is None else protect(results.overlap)
    if given is not None and _number(given["documented"]) < LEAST:
        given, refused, overlap = None, "fewer than ten people are documented", None
    if given is not None and (why := _sealed_for_others(given, order)):
        given, refused, overlap = None, why, None
    if given is not None and given.get("estimate", 0) is None:
        given, refused = None, "the overlaps allow several numbers, far apart"
    if given is not None and given.get("truth") is not None and not (order.invented or results.invented):
        given = {**given, "truth": None}  # only of invented people does anybody know how many there were
    return None if given is None else estimate_shown(given), results.refused or refused, overlap


def _sealed_for_others(estimate: Mapping[str, JSON], order: Order) -> str:
    """Why a sealed estimate does not leave for this audience: it counts entries whose sources were asked for less."""
    sealed = estimate.get("sealed")
    if not isinstance(sealed, dict):
        return ""
    given = str(sealed.get("audience") or "own")
    if given == "public" or given == order.audience or (given == "coalition" and order.audience == "own"):
        return ""
    return f"the estimate was sealed for the audience {given!r}: make one that counts for {order.audience!r}"


def _kinds(kinds: Iterable[str]) -> tuple[KindCount, ...]:
    return tuple(KindCount(kind, count) for kind, count in sorted(Counter(kinds).items()))


def _number(value: JSON) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidValue("{value!r} stands where an estimate has a number", value=value)
    return float(value)


def _part(value: JSON) -> dict[str, JSON]:
    if not isinstance(value, dict):
        raise InvalidValue("{value!r:.60} stands where an estimate has an object", value=value)
    return value


def _rows(value: JSON) -> list[JSON]:
    if not isinstance(value, list):
        raise InvalidValue("{value!r:.60} stands where an estimate has a list", value=value)
    return value


def _numbers(name: str, value: JSON) -> NumberShown:
    one = _part(value)
    median, low, high = (_number(one[key]) for key in ("median", "low", "high"))
    return NumberShown(name, median, low, high, str(one.get("note") or ""))


def estimate_shown(given: Mapping[str, JSON]) -> EstimateShown:
    """The frozen form of what ``Estimate.as_json`` gives. Raises InvalidValue when a part is missing."""
    try:
        headline, diagnostics = _part(given["estimate"]), _part(given["diagnostics"])
        return EstimateShown(
            documented=int(_number(given["documented"])),
            at_least=_number(given["at_least"]),
            median=_number(headline["median"]),
            low=_number(headline["low"]),
            high=_number(headline["high"]),
            level=_number(headline["level"]),
            method=str(given["method"]),
            methods=tuple(_numbers(name, one) for name, one in _part(given["methods"]).items()),
            sensitivity=tuple(
                _numbers(f"{_number(_part(one)['odds_ratio']):g}", one) for one in _rows(given["sensitivity"])
            ),
            without=tuple(_numbers(name, one) for name, one in _part(given.get("without") or {}).items()),
            r_hat=None if diagnostics["r_hat"] is None else _number(diagnostics["r_hat"]),
            ess=None if diagnostics["ess"] is None else _number(diagnostics["ess"]),
            warnings=tuple(str(one) for one in _rows(given["warnings"])),
            assumptions=tuple(str(one) for one in _rows(given.get("assumptions") or [])),
            tipping=str(given.get("tipping") or ""),
            truth=None if given.get("truth") is None else int(_number(given["truth"])),
        )
    except KeyError as error:
        raise InvalidValue("the estimate lacks {error}", error=error) from error


def _statement(title: str, round_: Round, results: Results) -> StatementShown:
    said, finals = round_.words(), results.finals
    notes = {member: one.note.decode() for member, one in said.items()}
    sign_ons = tuple(
        SignOnShown(
            one.member, str(round_.members.get(one.member, "")), one.state, one.digest.hex if one.digest else "",
            one.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if one.at else "", notes.get(one.member, ""),
            one.on_paper, *_called(one.member, results.called),
            words=said[one.member].words if one.state in ("signed", "abstains", "withdrawn") else "",
        )
        for one in round_.responses()
    )  # fmt: skip
    versions = tuple(VersionShown(one.number, one.digest.hex, _text(one.text)) for one in round_.versions)
    name, language = round_.current.statement, round_.current.language
    made = tuple(
        _final(one) for one in finals if (one.statement, one.signed_text) == (name, versions[-1].text)
    )  # fmt: skip
    return StatementShown(
        name, title, language, versions, sign_ons, made, results.supported.get(name, 0), results.changed.get(name, "")
    )


def _called(label: str, called: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    return called.get(label, ("", "organisation"))


def _final(one: Final) -> FinalShown:
    return FinalShown(one.language, one.title, one.text, statement_html(one).decode(), one.translator, one.approved_by)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidValue("the text of a statement is not UTF-8 and cannot be shown byte for byte") from error


def _findings(
    leaving: Leaving, records: Records, given: Sequence[Finding], known: Origins
) -> tuple[tuple[FindingShown, ...], int]:
    """Findings told anew from the claims that may be counted, and how many claims may not.

    Of one to nine claims or roots the number stays here: it is told to nobody but ourselves.
    What was done to a body is counted under that person's own consent, like everything else that is told of it. Each
    to whom an act was done is counted; a group is no person, and is not.
    """
    wanted = {claim for one in given for claim in (*one.for_, *one.against)}
    asked = [claim for claim in records.claims if claim.id in wanted]
    source = {claim.id: claim.source for claim in asked}
    allowed = {claim.id for claim in asked if leaving.allows("count", claim)}
    groups = {one.subject for one in records.claims if one.property == "victim_kind" and one.value == Text("group")}
    subject = {claim.id: claim.subject for claim in asked}
    shown = []
    for one in given:
        for_ = [claim for claim in one.for_ if claim in allowed]
        against = [claim for claim in one.against if claim in allowed]
        weight = Counter(root for claim in for_ for root in known.of(source[claim]))
        independent = fewest(known.origins(source[claim]) for claim in for_).number
        done_to = {who for claim in for_ for who in leaving.victims.get(subject[claim], frozenset({subject[claim]}))}
        victims = len({records.same.get(who, who) for who in done_to - groups})
        told = _finding(one, (len(for_), len(against), independent), weight, records.sources, victims)
        shown.append(told if leaving.permissions.audience == "own" else _without_few(told))
    return tuple(shown), len(wanted - allowed)


def _kinds_shown(audience: str, kinds: Iterable[KindCount]) -> tuple[KindCount, ...]:
    """Kinds of sources with their numbers; beyond ourselves, without those of one to nine."""
    if audience == "own":
        return tuple(kinds)
    return tuple(replace(one, count=None if one.count is None else few_withheld(one.count)) for one in kinds)


def _without_few(one: FindingShown) -> FindingShown:
    """A finding as it leaves: small counts withheld, and what it hangs on told without its numbers."""
    counts = (one.claims_for, one.claims_against, one.roots)
    claims_for, claims_against, roots = (None if count is None else few_withheld(count) for count in counts)
    kinds = _kinds_shown("", one.root_kinds)
    hangs_on = one.hangs_on if claims_for is not None and roots is not None else one.hangs_on.partition(",")[0]
    return replace(
        one, claims_for=claims_for, claims_against=claims_against, roots=roots, root_kinds=kinds, hangs_on=hangs_on
    )


def _finding(
    one: Finding, counts: tuple[int, int, int], weight: Counter[str], sources: Mapping[str, Source], victims: int
) -> FindingShown:
    """``counts``: claims for it, claims against it, and the fewest independent origins of those for it."""
    for_, against, independent = counts
    crime = load("crimes")[one.crime]
    kind = {root: sources[root].kind if root in sources else "unknown" for root in weight}
    support = support_of(for_, against, independent)
    hangs_on = ""
    if 0 < len(weight) <= 2:
        first = min(weight, key=lambda root: (-weight[root], root))
        hangs_on = f"one {kind[first]}, behind {weight[first]} of {for_} claims"
    standard = load("standards").entries.get(one.standard)
    return FindingShown(
        crime.label["en"], str(crime.more["article"]), one.element, one.kind, one.proposition, for_, against,
        independent, _kinds(kind.values()), at_least_ten(victims), support, hangs_on,
        standard.label["en"] if standard else one.standard, one.status, one.dissent,
    )  # fmt: skip
