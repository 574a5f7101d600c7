"""The door: what is asked for becomes a release, shown before it is made, kept, sealed and, where names go, confirmed.

shown = preview(desk, asked)      nothing is kept
number = make(desk, asked)
confirm(desk_of_another, number)
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal

from django.db.models import QuerySet

from corroborate.cases import findings, origins
from corroborate.disclosure import (
    FILE,
    Decided,
    Difference,
    Guard,
    LogShown,
    Order,
    Records,
    Release,
    Results,
    chosen,
    differences,
    earliest_end,
    permissions_of,
    release,
    with_stands,
    without,
)
from corroborate.disclosure.small_numbers import LEAST
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.languages.finding import folded
from corroborate.records import Audience, Clusters, Consent, Reference
from corroborate.records.consent import leaving_day
from corroborate.registers.courts import before_courts
from corroborate.registers.responsible import reader_before, responsible
from corroborate.translation import Sentence
from corroborate.values import JSON, Digest, Name, canonical, new_id
from corroborate_node.core import persons
from corroborate_node.core.actors import Account
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk, owner
from corroborate_node.core.queries import in_cases, limited
from corroborate_node.core.rooms import names_in, namings, stands, ties
from corroborate_node.core.storing import insert, storing
from corroborate_node.deadlines import actions as deadlines
from corroborate_node.files import queries as files
from corroborate_node.log import queries as log
from corroborate_node.log.sealing import seal_record
from corroborate_node.records import cases, queries
from corroborate_node.release import models
from corroborate_node.release.attaching import attached
from corroborate_node.release.pseudonyms import called
from corroborate_node.release.supplying import public_record, supplied

KIND = "release"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a release is to hold, and for whom. There is no default audience."""

    audience: Audience
    body: str = ""
    title: str = ""
    case: str = ""
    on: date | None = None  # the day on which it is handed over, where that is later than today
    until: date | None = None  # last day on which the receiver may use it
    claims: frozenset[str] | None = None  # None: all
    names: bool = True  # whether names, and what was done to a body, may go
    linking: Literal["", "held", "fields"] = ""
    estimate: bool = False  # with the sealed estimate that pages name
    public: bool = False  # with what is public at this node: members, statements, demands, actions
    include: Sequence[Path] = ()  # folders of other members' packages
    words: frozenset[str] = frozenset()  # properties of free words that may go
    coalition: str = ""  # in whose name, where others' records are in it; else this vault's
    files: frozenset[str] = frozenset()  # sealed files, or copies made of them, that go whole
    record: bool = False  # of the public record alone: at a hub, which holds no records of its own


@dataclass(frozen=True, slots=True)
class Part:
    """What goes for one use: how many people, records and consents, and the first day on which one of them ends."""

    use: str
    people: int
    records: int
    consents: int
    ends: date | None


@dataclass(frozen=True, slots=True)
class Stays:
    """What stays, and why (a key of ``disclosure.REASONS``): how many people it is about, how many records."""

    why: str
    people: int
    records: int


@dataclass(frozen=True, slots=True)
class Apart:
    """One to nine people stand for a use in one of two releases only: whoever holds both can look for these few.

    ``more``: in the later alone; ``fewer``: in the earlier alone. Of who is counted, numbers are kept and no ids: there
    it is the difference of two numbers.
    """

    release: int
    use: str
    more: int
    fewer: int


@dataclass(frozen=True, slots=True)
class Weaker:
    """A finding that rests on less before this reader than here: what carries it stays."""

    element: str
    here: str  # its support
    there: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A release as it would be, in numbers for our own eyes. ``differences``: to an earlier one, by its number."""

    release: Release
    parts: tuple[Part, ...]
    stays: tuple[Stays, ...]
    differences: tuple[tuple[int, Difference], ...]
    apart: tuple[Apart, ...] = ()
    words: tuple[str, ...] = ()  # properties of free words that this release names
    untold: int = 0  # people who are named, and what was done to whose body stays: beside others, a reader may guess it
    namesakes: int = 0  # people who are named, and whose name stays of another entry that nobody judged to be another
    weaker: tuple[Weaker, ...] = ()

    def as_json(self) -> dict[str, JSON]:
        parts: list[JSON] = [asdict(one) | {"ends": _day(one.ends)} for one in self.parts]
        stays: list[JSON] = [asdict(one) for one in self.stays]
        small: list[JSON] = [{"release": number, **asdict(one)} for number, one in self.differences]
        figures = sum(one.count is None for one in self.release.overlap.cells) if self.release.overlap else 0
        small_figures = figures + sum(one.victims is None for one in self.release.findings if one.claims_for != 0)
        return {
            "goes": parts,
            "stays": stays,
            "differences": small,
            "people_apart": [asdict(one) for one in self.apart],
            "figures_under_ten": small_figures,
            "words_named": list[JSON](self.words),
            "named_untold": self.untold,
            "named_namesakes": self.namesakes,
            "findings_weaker": [asdict(one) for one in self.weaker],
        }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def gathered(named: Iterable[str] = ()) -> Records:
    """All that this vault holds, and who was judged to be whom. ``named``: sealed files that a release names."""
    people = [one.id for one in queries.entities() if one.kind == "person"]
    clusters = Clusters.of(people, queries.judgements())
    same = {one: min(members) for members in clusters.members if len(members) > 1 for one in members}
    consents = deadlines.while_kept(queries.consents())
    return Records(
        list(queries.claims()),
        queries.sources(),
        consents,
        same,
        frozenset(queries.people_erased(consents)),
        ties(),
        files.whole_files(named),
        tuple(namings()),
    )


def preview(desk: Desk, asked: Asked, *, results: Results | None = None, others: Records | None = None) -> Preview:
    """What would leave and what would stay. Nothing is kept. Raises NotAllowed, InvalidValue.

    ``results``: what other rooms made, where the caller has more than this vault; ``others``: records that other
    members released to us, with the consents that came with them.
    """
    desk.require("release.make")
    shown, here = _decided(desk, asked, results, others), in_cases(desk, models.Release)
    numbers = set(here.values_list("number", flat=True))
    return replace(
        shown,
        differences=tuple(one for one in shown.differences if one[0] in numbers),
        apart=tuple(one for one in shown.apart if one.release in numbers),
    )


def case_of(desk: Desk, asked: Asked) -> tuple[str, str]:
    """Id and name of the case that a release is made of; empty for the whole vault. Raises InvalidValue, NotAllowed."""
    if asked.case.strip():
        row = cases.named(desk, asked.case)
        return row.id, row.name
    if limited(desk):
        raise NotAllowed("your account sees some cases only: say of which of them the release is to be (--case)")
    return "", ""


def _decided(desk: Desk, asked: Asked, results: Results | None, others: Records | None) -> Preview:
    on = leaving_day(asked.on, desk.at, log.last_entry_at())
    if asked.estimate:
        desk.require("estimate.read")
    records = Records() if desk.vault.hub else gathered(_files(desk, asked))
    if others is not None:
        records = _joined(records, others)
    title = asked.title or f"Records of {desk.vault.name}"
    order = Order(
        title,
        asked.coalition or desk.vault.name,
        asked.audience,
        on,
        asked.body,
        today=desk.at.date(),
        until=asked.until,
        claims=_wanted(case_of(desk, asked)[0], asked, records),
        names=asked.names,
        linking=asked.linking,
        words=asked.words,
        files=asked.files,
    )
    given = _results(desk, asked, order, records, results)
    made = release(order, records, given)
    counted = replace(order, claims=None) if asked.estimate else order  # an estimate counts everybody who is here
    names = _names(records)
    parts = [*_counted(counted, records), *_parts(made.items, names)]
    made = replace(made, until=_last_day(asked.until, parts), attached=attached(asked, on), log=_log())
    made = _with_told(desk, order, records, made)
    earlier = list(_earlier(made))
    found = [(number, one) for number, before in earlier for one in differences(before, made)]
    made = with_stands(without(made, frozenset(one.figure for _, one in found)), stands())
    _check_words(desk, asked, made, records)
    if made.attached:
        parts.append(Part("file", 0, len(made.attached), 0, None))
    return Preview(
        made,
        tuple(parts),
        tuple(_stays(made.items)),
        tuple(found),
        tuple(_apart(made, parts)),
        tuple(sorted(asked.words)),
        *_beside(made.items, names, frozenset(one.id for one in records.claims if one.property == "violation")),
        weaker=tuple(_weaker(given, made)),
    )


def _with_told(desk: Desk, order: Order, records: Records, made: Release) -> Release:
    """With those who are said to be responsible, and what was brought before courts, of what goes."""
    if made.linking or not records.claims:
        return made
    guard = Guard.of(permissions_of(records, order), records.claims, records.same, records.namings)
    known = origins({one.id: one.derives_from for one in records.sources.values()}, records.ties)
    reader = reader_before(made, records.claims, known, guard, partial(called, desk.vault, made))
    return replace(made, responsible=responsible(reader), proceedings=before_courts(reader))


def _check_words(desk: Desk, asked: Asked, made: Release, records: Records) -> None:
    """Raises NotAllowed where somebody's own words beside a finding hold the name of somebody whose name stays: no
    record says so, and nobody was asked. A name that is also a common word counts where nobody at all is named."""
    if made.audience == "own" or not made.words_beside:
        return
    going = {one.record for one in made.items if one.goes and one.use == "name"}
    goes = {one.subject for one in records.claims if one.id in going and isinstance(one.value, Name)}
    goes |= {records.same.get(one, one) for one in goes}
    nobody = not asked.names or (made.audience == "public" and not made.persons)
    for finding, member, words in made.words_beside:
        for name, surely, people in names_in(owner(desk.vault, desk.at), words):
            named = any(one in goes or records.same.get(one, one) in goes for one in people)
            if not named and (surely or nobody):
                error = NotAllowed(
                    "the words beside {finding} ({whose}) may name somebody whose name does not go: {name!r}",
                    finding=finding,
                    whose=member or desk.vault.name,
                    name=name,
                )
                error.remedy = Sentence(
                    "Ask whoever wrote them to say it without the name and to sign that (findings stand); take it in "
                    "(findings hear), and make the release again."
                )
                raise error


def _weaker(given: Results, made: Release) -> Iterable[Weaker]:
    """Findings that several origins, or one, support here, and fewer before this reader."""
    order = ("none", "one root", "several roots")
    here = {one.element: one.support for one in given.findings if one.support in order}
    for one in made.findings:
        if one.element in here and one.support in order[: order.index(here[one.element])]:
            yield Weaker(one.element, here[one.element], one.support)


def _files(desk: Desk, asked: Asked) -> frozenset[str]:
    """The sealed files asked for. Raises InvalidValue for one that is not kept, or lies outside the case."""
    case = case_of(desk, asked)[0]
    filed = queries.sources_of_case(case) if case and asked.files else frozenset()
    for id_ in sorted(asked.files):
        if files.file_seen(desk, id_) is None:
            raise InvalidValue("no file {of_file} is kept here; a withdrawal erases it", of_file=id_)
    for one in files.whole_files(asked.files) if case else ():
        if not filed.issuperset(one.sources):
            raise InvalidValue("sources outside this case were read from the file {of_file} too", of_file=one.id)
    return asked.files


def _log() -> LogShown | None:
    """The newest checkpoint here, so that a dossier names the log that packages prove."""
    newest, _ = log.newest()
    return None if newest is None else LogShown(newest.origin, newest.size, newest.root.hex())


def _last_day(asked: date | None, parts: Iterable[Part]) -> date | None:
    """The last day on which the receiver may use it: the one asked for, or an earlier one on which a consent ends under
    which something of it goes, of what is only counted too."""
    return min((day for day in (asked, *(one.ends for one in parts)) if day is not None), default=None)


def _wanted(case: str, asked: Asked, records: Records) -> frozenset[str] | None:
    """Which claims are asked for; None: all. Of a case, those of the sources that are filed in it, and no others: what
    other records refuse holds for these too, so they are not taken away before."""
    if not case:
        return asked.claims
    filed = queries.sources_of_case(case)
    own = frozenset(one.id for one in records.claims if one.source in filed)
    if asked.claims is not None and (missing := asked.claims - own):
        raise InvalidValue(
            "{number} of the claims are unknown in this case or withdrawn, such as {missing}",
            number=len(missing),
            missing=min(missing),
        )
    return own if asked.claims is None else asked.claims


def _joined(one: Records, other: Records) -> Records:
    return Records(
        [*one.claims, *other.claims],
        {**one.sources, **other.sources},
        [*one.consents, *other.consents],
        {**one.same, **other.same},
        one.unnamed | other.unnamed,
        (*one.ties, *other.ties),
        [*one.files, *other.files],
        one.namings,  # theirs are not handed on: of what they let us have nobody is named by them
    )


def _results(desk: Desk, asked: Asked, order: Order, records: Records, given: Results | None) -> Results:
    """What stands beside the records: findings over the chosen claims, the estimate, what is public here."""
    if given is not None or asked.linking:
        return given or Results()
    if asked.record:
        if not desk.vault.hub:
            raise NotAllowed("the public record is released by a hub, which holds no records of its own")
        return public_record()
    results = supplied(desk) if asked.public or desk.vault.hub else Results()
    if not desk.vault.hub and records.claims:
        wanted = chosen(records, order)
        victims = () if order.claims is None else [one for one in records.claims if one.property == "victim"]
        told = {one.id: one for one in (*wanted, *victims)}
        results = replace(results, findings=findings(told.values(), records.sources, records.same, records.ties))
    if asked.estimate:
        body = queries.kept("estimate")
        if not isinstance(body, dict):
            raise InvalidValue("no sealed estimate is here; `corroborate estimate` makes one")
        results = replace(results, estimate=body)
    return results


def _counted(order: Order, records: Records) -> Iterable[Part]:
    """People of whom something may be counted in what this audience sees, under the consents of all that is counted."""
    if order.linking:
        return
    permissions, people, consents = permissions_of(records, order), set[str](), dict[str, Consent]()
    for claim in chosen(records, order):
        if consent := permissions.under("count", claim.source):
            consents[consent.id] = consent
            who = claim.value.entity if isinstance(claim.value, Reference) else claim.subject
            if who.startswith("person_"):
                people.add(records.same.get(who, who))
    if consents:
        ends = min((one.ends for one in consents.values() if one.ends is not None), default=None)
        yield Part("count", len(people), len(people), len(consents), ends)


def _names(records: Records) -> dict[str, str]:
    """Each claim of a name, by its id: the name as names are compared."""
    return {one.id: folded(one.value.text) for one in records.claims if isinstance(one.value, Name)}


def _beside(items: Sequence[Decided], names: Mapping[str, str], done: frozenset[str]) -> tuple[int, int]:
    """Of how many named people what was done to the body stays (``done``: the claims that say so); and how many have
    the name of another entry whose name stays, and who may be the same person."""
    named, stay = dict[str, set[str]](), dict[str, set[str]]()
    for one in items:
        if one.record in names and one.person:
            (named if one.goes else stay).setdefault(one.person, set()).add(names[one.record])
    untold = {one.person for one in items if one.why == "body" and one.record in done} & named.keys()
    kept = {name for person, theirs in stay.items() if person not in named for name in theirs}
    return len(untold), sum(bool(theirs & kept) for theirs in named.values())


def _parts(items: Sequence[Decided], names: Mapping[str, str]) -> Iterable[Part]:
    for use in ("link", "quote", "name"):
        mine = [one for one in items if one.goes and one.use == use and one.kind != FILE]
        if mine:
            of = [one for one in mine if use != "name" or one.record in names] or mine
            people, consents = {one.person for one in of} - {""}, {one.consent for one in mine}
            yield Part(use, len(people), len(mine), len(consents), earliest_end(mine))
    if whole := [one for one in items if one.goes and one.kind == FILE]:
        yield Part("whole", 0, len(whole), len({one.consent for one in whole}), earliest_end(whole))


def _stays(items: Sequence[Decided]) -> Iterable[Stays]:
    people: dict[str, set[str]] = {}
    records: Counter[str] = Counter()
    for one in items:
        if not one.goes:
            people.setdefault(one.why, set()).add(one.person)
            records[one.why] += 1
    for why, count in records.most_common():
        yield Stays(why, len(people[why] - {""}), count)


def _apart(made: Release, parts: Sequence[Part]) -> Iterable[Apart]:
    """Few people who stand in this release and not in one that its receiver may hold already, or the other way."""
    counted = {one.use: one.people for one in parts}
    for row in _held(made).defer("content").order_by("-number")[:10]:
        before = {str(one["use"]): int(one["people"]) for one in row.told["goes"]}
        more = counted.get("count", 0) - before.get("count", 0)
        found = [("count", max(more, 0), max(-more, 0))]
        for use in ("link", "quote", "name"):
            then = set(row.records.filter(use=use, why="").exclude(person="").values_list("person", flat=True))
            now = {one.person for one in made.items if one.goes and one.use == use} - {""}
            found.append((use, len(now - then), len(then - now)))
        for use, came, went in found:
            if 0 < came < LEAST or 0 < went < LEAST:
                yield Apart(row.number, use, came, went)


def _earlier(made: Release) -> Iterable[tuple[int, Release]]:
    """What these releases showed, where it was not erased since; the newest first."""
    for row in _held(made).exclude(content=None).order_by("-number")[:10]:
        if row.content is not None:
            yield row.number, Release.from_json(bytes(row.content))


def _held(made: Release) -> QuerySet[models.Release]:
    """Releases that this receiver may hold already: to it, and to everybody."""
    found = models.Release.objects.filter(audience=made.audience, body=made.body)
    if made.audience != "public":
        found |= models.Release.objects.filter(audience="public")
    return found


def about(number: int) -> list[str]:
    """What the journal knows a release by: its number, the sources and the people of whom something goes."""
    goes = models.ReleasedRecord.objects.filter(release_id=number, why="")
    told = queries.sources_and_people(goes.values("record"))
    whole = goes.filter(kind=FILE).order_by("record").values_list("record", flat=True)
    judged = goes.exclude(person="").order_by("person").values_list("person", flat=True).distinct()
    return [f"release/{number}", *told.sources, *told.people, *judged, *whole]


@act("release.make", ways=("command release", "command file", "page releases"), of_effects=about)
def make(desk: Desk, asked: Asked, *, results: Results | None = None, others: Records | None = None) -> int:
    """Decide what leaves, keep it and seal it; the release's number. Nothing has left by that."""
    shown = _decided(desk, asked, results, others)
    number = (models.Release.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    id_ = new_id(KIND, milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10))
    made, (case, case_name) = replace(shown.release, id=id_), case_of(desk, asked)
    content, items = made.to_json(), items_digest(made.items)
    row = models.Release(
        number=number,
        id=id_,
        title=made.title,
        case=case_name,
        of_case=case,
        audience=made.audience,
        body=made.body,
        on=made.on,
        until=made.until,
        linking=made.linking,
        content=content,
        digest=Digest.of(content).hex,
        items_digest=items,
        told=shown.as_json(),
        needs_second=made.needs_second,
        invented=made.invented,
        made_by=desk.by,
        by_account=isinstance(desk.actor, Account),
        at=desk.at,
    )
    with storing():
        row.save(force_insert=True)
        insert(models.ReleasedRecord, (_item_row(number, one) for one in made.items))
        seal_record(KIND, id_, sealed(row), desk.at, entropy=desk.entropy)
    return number


def _item_row(number: int, one: Decided) -> models.ReleasedRecord:
    return models.ReleasedRecord(
        release_id=number,
        record=one.record,
        kind=one.kind,
        use=one.use,
        consent=one.consent,
        until=one.until,
        why=one.why,
        of_body=one.of_body,
        person=one.person,
    )


def items_digest(items: Iterable[Decided]) -> str:
    """SHA-256 over what was decided of each record."""
    rows = sorted((one.record, one.kind, one.use, one.consent, _day(one.until) or "", one.why) for one in items)
    listed: list[JSON] = [list[JSON](row) for row in rows]
    return Digest.of(canonical(listed)).hex


def sealed(row: models.Release) -> bytes:
    """The record of a release, as it is sealed: what was decided stands in it by digest."""
    return canonical(
        {
            "version": 1,
            "id": row.id,
            "number": row.number,
            "title": row.title,
            "audience": row.audience,
            "body": row.body,
            "on": row.on.isoformat(),
            "until": _day(row.until),
            "made_by": row.made_by,
            "at": row.at.isoformat(),
            "release": row.digest,
            "items": row.items_digest,
        }
    )


def seen(desk: Desk, number: int) -> models.Release:
    """A release for a desk. One of another case is not there, for an account that is limited to cases."""
    if not in_cases(desk, models.Release).filter(number=number).exists():
        raise _unknown(number)
    return known(number)


def known(number: int) -> models.Release:
    """Raises InvalidValue for a number that is none of ours."""
    found: models.Release | None = models.Release.objects.filter(number=number).first()
    if found is None:
        raise _unknown(number)
    return found


def _unknown(number: int) -> InvalidValue:
    return InvalidValue("there is no release {number} here; `corroborate release list` shows them", number=number)


@act(
    "release.confirm",
    ways=("command release", "command file", "page confirm-release"),
    objects=lambda number: [f"release/{number}"],
)
def confirm(desk: Desk, number: int) -> None:
    """Confirm a release as its second person. Raises NotAllowed for whoever made it, or is behind who did."""
    row = seen(desk, number)
    if row.confirmed is not None:
        raise NotAllowed(
            "release {number} is confirmed already, by {confirmed_by}", number=number, confirmed_by=row.confirmed_by
        )
    second_person(row, desk)
    content = canonical({"version": 1, "release": row.id, "confirmed_by": desk.by, "at": desk.at.isoformat()})
    with storing():
        models.Release.objects.filter(number=number).update(confirmed_by=desk.by, confirmed=desk.at)
        seal_record(KIND, row.id, content, desk.at, entropy=desk.entropy)


def may_confirm(desk: Desk, number: int) -> bool:
    """Whether whoever sits at a desk is a second person to a release that waits for one."""
    row = seen(desk, number)
    try:
        second_person(row, desk)
    except NotAllowed:
        return False
    return row.needs_second and row.confirmed is None


def second_person(row: models.Release, desk: Desk) -> None:
    """Raises NotAllowed unless whoever sits here is another person than who made a release, as far as accounts tell."""
    if row.by_account:
        persons.second(desk, row.made_by)
    elif persons.owner_second(desk):
        raise NotAllowed(
            "the owner made this release, and made or reset this account or one behind it: make it as an "
            "account (--as NAME), so that another can confirm it"
        )
