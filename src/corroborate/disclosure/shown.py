"""What publication rooms see: plain frozen values, and one JSON form that goes there and back."""

import json
import types
from collections import Counter
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from corroborate.disclosure.forms import check_field
from corroborate.errors import InvalidValue
from corroborate.values import JSON, canonical

FORMAT = "corroborate release v1"
_LONGEST = 4000  # characters of a title


@dataclass(frozen=True, slots=True)
class MemberShown:
    name: str
    kind: str  # organisation, individual
    country: str = ""  # ISO 3166-1 alpha-2
    region: str = ""
    abbreviation: str = ""
    affiliation: str = ""
    role: str = ""  # supporter or observer of the coalition; empty: a member


@dataclass(frozen=True, slots=True)
class SignOnShown:
    """What stands beside one member's name. ``note`` is the signed note itself, as received; there is none on paper."""

    member: str
    verifier: str  # the member's public key, as a vkey
    state: str  # signed, lapsed, abstains, withdrawn, silent
    digest: str = ""
    at: str = ""  # UTC, ISO 8601
    note: str = ""
    on_paper: bool = False  # no key proves it: two people compared it with the sealed letter
    name: str = ""  # in the member's own spelling, as the register has it; empty in releases made before it was kept
    kind: str = "organisation"
    words: str = ""  # its reservation, or why it abstains

    @property
    def shown(self) -> str:
        return self.name or self.member

    @property
    def unproved(self) -> bool:
        """Whether only whoever made the release says that this member said something: no note, and no letter."""
        return self.state != "silent" and not self.note and not self.on_paper

    @property
    def signed(self) -> bool:
        """Whether it stands under the text, by a note that is here or by a letter."""
        return self.state == "signed" and not self.unproved


@dataclass(frozen=True, slots=True)
class VersionShown:
    number: int
    digest: str
    text: str  # its UTF-8 bytes are the bytes that were signed


@dataclass(frozen=True, slots=True)
class FinalShown:
    """A statement's final text in one language, as one page that anybody can verify offline."""

    language: str
    title: str
    text: str
    html: str  # the page itself; its UTF-8 bytes are what is verified
    translator: str = ""  # empty for the original
    official: tuple[str, ...] = ()  # of a translation: members that approved exactly these words


@dataclass(frozen=True, slots=True)
class StatementShown:
    name: str
    title: str
    language: str
    versions: tuple[VersionShown, ...]
    sign_ons: tuple[SignOnShown, ...]
    finals: tuple[FinalShown, ...] = ()
    supporters: int = 0  # people and bodies of the public who confirmed, counted apart from members; none is named
    changed: str = ""  # when its text was published: UTC, ISO 8601; empty where nobody kept it

    @property
    def current(self) -> VersionShown:
        return self.versions[-1]


@dataclass(frozen=True, slots=True)
class LabelShown:
    """The same words in one language."""

    language: str  # BCP 47
    text: str


@dataclass(frozen=True, slots=True)
class LinkShown:
    """What a reader opens to see a source for themselves."""

    title: str
    address: str

    @property
    def site_alone(self) -> bool:
        """Whether it opens a whole site, and not the page that is meant."""
        return not self.address.partition("://")[2].partition("/")[2]


@dataclass(frozen=True, slots=True)
class EventShown:
    id: str
    date: str
    what: str
    body: str
    symbol: str
    source: str
    labels: tuple[LabelShown, ...] = ()
    road: bool = False  # on the road to the commission of inquiry
    links: tuple[LinkShown, ...] = ()
    entered_by: str = ""  # by whom it was typed, where it is not in the timeline


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """How somebody read the evidence on one criterion, on a day."""

    status: str  # code
    by: str
    on: str
    evidence: tuple[EventShown, ...]
    note: str = ""
    entered_by: str = ""  # by whom it was put down, and not by who is said to read it so


@dataclass(frozen=True, slots=True)
class CriterionShown:
    """One thing that must be so. The last reading stands."""

    id: str
    what: str
    labels: tuple[LabelShown, ...]
    readings: tuple[ReadingShown, ...]


@dataclass(frozen=True, slots=True)
class AccessShown:
    """One request to be let in, and the answer."""

    on: str
    by: str
    what: str
    answer: str  # code
    source: str
    event: str = ""
    entered_by: str = ""  # by whom it was put down, and not by who is said to have asked


@dataclass(frozen=True, slots=True)
class DemandShown:
    id: str
    what: str
    addressee: str
    since: str
    words: str
    status: str
    as_of: str
    evidence: tuple[EventShown, ...]
    note: str = ""
    code: str = ""  # of the status
    labels: tuple[LabelShown, ...] = ()
    voice: str = ""  # who says it in the statement
    statement: str = ""
    address: str = ""
    citation: str = ""
    criteria: tuple[CriterionShown, ...] = ()
    access: tuple[AccessShown, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionShown:
    """What members do, under their own names. Days are whole, both ends included."""

    id: str
    kind: str
    title: str
    members: tuple[str, ...]
    begins: str
    ends: str
    language: str
    country: str = ""
    place: str = ""
    demands: tuple[str, ...] = ()
    text: str = ""
    address: str = ""
    changed: str = ""  # when it was entered or last changed: UTC, ISO 8601; empty where nobody kept it
    entered_by: str = ""  # by whom it was put down under its members' names; empty: by an account of the member itself


@dataclass(frozen=True, slots=True)
class VoteShown:
    state: str  # ISO 3166-1 alpha-2
    body: str
    resolution: str
    on: str
    vote: str
    source: str


@dataclass(frozen=True, slots=True)
class CommitmentShown:
    state: str  # ISO 3166-1 alpha-2
    what: str
    on: str
    source: str
    demand: str
    kept: str  # open, kept, broken
    entered_by: str = ""  # by whom it was put down


@dataclass(frozen=True, slots=True)
class NumberShown:
    """One method's or one assumption's answer, in people."""

    name: str
    median: float
    low: float
    high: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class EstimateShown:
    """At least, headline with interval, and what if the lists share a blind spot: never one without the others."""

    documented: int
    at_least: float
    median: float
    low: float
    high: float
    level: float
    method: str
    methods: tuple[NumberShown, ...]
    sensitivity: tuple[NumberShown, ...]  # ``name`` is the odds ratio
    without: tuple[NumberShown, ...]
    r_hat: float | None
    ess: float | None
    warnings: tuple[str, ...]
    assumptions: tuple[str, ...]
    tipping: str = ""
    truth: int | None = None  # of invented people alone: how many there were


@dataclass(frozen=True, slots=True)
class PeopleShown:
    """How the people of a release relate, each counted once. Every number is None where it is not told.

    ``entries`` become ``people`` by matching. Of these, ``compared`` have a whole name and stand in the lists that an
    estimate compares; ``beside`` are known in part, and are no part of it. Of the same people ``named`` are named to
    this reader, ``unnamed`` are not, ``taken_back`` are not because a source took its leave back.
    """

    entries: int | None
    people: int | None
    compared: int | None = None
    beside: int | None = None
    named: int | None = None
    unnamed: int | None = None
    taken_back: int | None = None


@dataclass(frozen=True, slots=True)
class CellShown:
    """People on exactly these lists. ``count`` is None when it is withheld."""

    pattern: tuple[int, ...]
    count: int | None


@dataclass(frozen=True, slots=True)
class OverlapShown:
    lists: tuple[str, ...]
    cells: tuple[CellShown, ...]


@dataclass(frozen=True, slots=True)
class KindCount:
    kind: str
    count: int | None  # None: under ten, and not told


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One element of one crime. ``victims`` is None when fewer than ten, or none.

    Beyond ourselves, claims and roots of one to nine are None too, and kinds of roots without their number: few claims
    tell of few people, and few roots are few witnesses.
    """

    crime: str
    article: str
    element: str
    kind: str
    proposition: str
    claims_for: int | None
    claims_against: int | None
    roots: int | None
    root_kinds: tuple[KindCount, ...]
    victims: int | None
    support: str
    hangs_on: str
    standard: str
    status: str
    dissent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandShown:
    """What a member said of a finding under its own key. ``current``: of this very finding; else of an earlier version,
    and the name stands under it no more. ``revoked``: the key that signed it was revoked since, and it is not current.
    ``note``: the signed note, by which anybody checks it."""

    finding: str
    member: str
    choice: str  # stands, abstains, dissents
    words: str
    at: str  # ISO 8601, by the member's own clock
    current: bool
    note: str
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class NameShown:
    text: str
    script: str
    language: str  # BCP 47


@dataclass(frozen=True, slots=True)
class FactShown:
    property: str
    value: str


@dataclass(frozen=True, slots=True)
class PersonShown:
    """Somebody all of whose shown values come from sources that allow naming and quoting before this audience."""

    names: tuple[NameShown, ...]
    facts: tuple[FactShown, ...]
    sources: int  # independent sources behind what is shown


@dataclass(frozen=True, slots=True)
class TermShown:
    """A term of a vocabulary, in every language."""

    id: str
    labels: tuple[LabelShown, ...]


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """By which decision somebody who is said to have done something is named. ``id``: as this reader is told it."""

    id: str
    on: str
    sure: str  # surely_them, probably_them, possibly_them: as decided
    until: str = ""


@dataclass(frozen=True, slots=True)
class DoerShown:
    """Somebody who is said to have had a part in acts; nobody found that they had. ``id``: what this reader is told
    instead of one. Without ``names`` nobody decided that this reader is told who it is.

    ``items``: what a package of this release calls the sealed records behind it. Numbers are None where they are under
    ten and everybody reads them.
    """

    id: str
    names: tuple[NameShown, ...]
    decision: DecisionShown | None
    what: tuple[TermShown, ...]
    when: tuple[str, ...]
    part: tuple[str, ...]
    units: tuple[str, ...]
    ranks: tuple[str, ...]
    posts: tuple[str, ...]
    roots: int | None  # independent origins of what says that it was they
    first_hand: int | None  # sources of it that saw it, or are documents
    cautions: tuple[str, ...]  # the gravest first
    sure: tuple[str, ...]  # as told
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostShown:
    """A post, in a unit and under those over it. ``holder``: a name, or what this reader is told instead; empty where
    nothing is told."""

    title: str
    unit: str
    over: tuple[str, ...]  # the nearest first
    holder: str
    when: str
    commanded_by: tuple[str, ...]  # who held a post over it in days that may be the same
    roots: int | None
    cautions: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitShown:
    """A unit, and the units over and under it, as told."""

    names: tuple[str, ...]
    over: tuple[str, ...]
    under: tuple[str, ...]
    roots: int | None
    cautions: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResponsibleShown:
    """Those who are said to be responsible: what claims say, and no finding."""

    doers: tuple[DoerShown, ...] = ()
    posts: tuple[PostShown, ...] = ()
    units: tuple[UnitShown, ...] = ()


@dataclass(frozen=True, slots=True)
class StepShown:
    """Something that happened in a proceeding. ``step``: a code, or as somebody put it right; ``said``: the words of
    who tells it; ``items``: what a package of this release calls the sealed records that tell it."""

    step: str
    day: str
    said: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartyShown:
    """Who filed a proceeding, or against whom it is. ``id``: what this reader is told instead of one; without ``names``
    that alone. ``decision``: by which somebody accused is named."""

    id: str
    names: tuple[NameShown, ...] = ()
    decision: DecisionShown | None = None


@dataclass(frozen=True, slots=True)
class AboutShown:
    """A crime that a proceeding is about, in every language; ``element``: the number of one element of it, or empty."""

    crime: str
    element: str
    labels: tuple[LabelShown, ...]


@dataclass(frozen=True, slots=True)
class BeforeCourtShown:
    """A proceeding that our own people have, as sources tell it: of what somebody is accused, and no finding.

    ``id``: what this reader is told instead of one, or that of a published one, of which a source told since.
    ``court``: as told; ``bodies``, ``what``, ``links``: of a published one. ``steps``: in the order of time, those of
    no day last. Numbers are None where they are under ten and not told.
    """

    id: str
    kind: str
    state: tuple[LabelShown, ...]
    court: str
    bodies: tuple[LabelShown, ...]
    reference: str
    what: tuple[LabelShown, ...]
    about: tuple[AboutShown, ...]
    filed_by: tuple[PartyShown, ...]
    against: tuple[PartyShown, ...]
    steps: tuple[StepShown, ...]
    became: str
    roots: int | None
    cautions: tuple[str, ...]  # the gravest first
    sure: tuple[str, ...]  # as told
    links: tuple[LinkShown, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceShown:
    id: str
    kind: str
    names: tuple[NameShown, ...]
    status: str
    as_of: str
    source: str
    point: tuple[float, ...] = ()  # latitude, longitude in degrees (WGS 84), as public sources give it
    precision: str = ""
    conflict: str = ""  # what sources dispute
    region: tuple[LabelShown, ...] = ()
    links: tuple[LinkShown, ...] = ()
    number: str = ""
    hanja: str = ""
    spellings: tuple[str, ...] = ()
    province: str = ""  # ISO 3166-2
    opened: str = ""
    closed: str = ""
    run_by: tuple[LabelShown, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundShown:
    """What a commission of inquiry did, found, concluded or asked, in our words; each paragraph can be opened."""

    id: str
    kind: str  # method, finding, survey_evidence, open_allegation, conclusion_of_law, recommendation
    chapter: str
    what: str
    labels: tuple[LabelShown, ...]
    document: str  # symbol
    paragraphs: str
    links: tuple[LinkShown, ...]
    counted: tuple[LabelShown, ...]
    violations: tuple[str, ...]  # ids
    crimes: tuple[str, ...]
    speaks_to: tuple[str, ...]  # elements, by their ids
    limits: bool  # says where a crime was not found, or in part only
    standard: str
    checked: str  # seen, recalled
    read_in: str

    @property
    def exact(self) -> bool:
        """Whether it names a paragraph, and not a section alone."""
        return self.paragraphs[:1].isdigit()


@dataclass(frozen=True, slots=True)
class ElementShown:
    """One element of a crime that a commission found, and the findings that speak to it; none where nothing does."""

    crime: str
    title: str
    article: str
    element: str
    kind: str
    proposition: str
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PopulationShown:
    """One maker's estimate of how many people are held, beside others and never averaged with them."""

    id: str
    as_of: str
    by: tuple[LabelShown, ...]
    low: int
    high: int
    camps: tuple[str, ...]
    number_of_camps: int  # 0: not said
    note: tuple[LabelShown, ...]
    links: tuple[LinkShown, ...]


@dataclass(frozen=True, slots=True)
class ProceedingShown:
    """A judgment, trial, complaint, warrant or sanction, as published, and what became of it."""

    id: str
    kind: str
    date: str
    body: str
    what: tuple[LabelShown, ...]
    became: tuple[LabelShown, ...]
    links: tuple[LinkShown, ...]
    checked: str  # seen, recalled
    bodies: tuple[LabelShown, ...] = ()  # what the court or authority is called, by language


@dataclass(frozen=True, slots=True)
class RecordShown:
    """The public record: published material alone, about which nobody need be asked."""

    found: tuple[FoundShown, ...] = ()
    elements: tuple[ElementShown, ...] = ()
    populations: tuple[PopulationShown, ...] = ()
    areas: tuple[PlaceShown, ...] = ()  # provinces, and classes of facility: what the register of places is divided by
    proceedings: tuple[ProceedingShown, ...] = ()
    proceedings_to: str = ""  # day of the newest page looked at for them

    @property
    def speaking(self) -> frozenset[str]:
        """The lines that speak to at least one element, by their ids."""
        return frozenset(id_ for one in self.elements for id_ in one.found)


@dataclass(frozen=True, slots=True)
class Withheld:
    """What was kept back and why. ``count`` is None when it is under ten."""

    what: str
    reason: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about one record for one use: that it goes, under which consent and until when, or why not.

    For the vault's own eyes, and for what proves a record that stays (a package shows its seal). Nothing of it stands
    in ``release.json``: an id says when a record was made.
    """

    record: str
    kind: str  # claim, source, file
    use: str  # link, count, quote, name
    consent: str = ""  # under which it goes
    until: date | None = None  # last day on which that consent holds
    why: str = ""  # a key of ``REASONS``; empty: it goes
    of_body: bool = False  # tells what was done to somebody's body, or may, in words that no field divides
    person: str = ""  # whom it is about, as judged

    @property
    def goes(self) -> bool:
        return not self.why


@dataclass(frozen=True, slots=True)
class AttachedShown:
    """Another member's package that travels in ours, whole: by its folder's name and its number."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class LogShown:
    """The newest checkpoint of the log of whoever made a release: packages prove that the log grew from it."""

    origin: str
    size: int  # entries
    root: str  # SHA-256, in hex


@dataclass(frozen=True, slots=True)
class Release:
    """Everything that may leave, for one audience on one day. Made by :func:`release`, and by nothing else."""

    title: str
    coalition: str
    audience: str
    body: str
    on: date
    invented: bool
    members: tuple[MemberShown, ...] = ()
    statements: tuple[StatementShown, ...] = ()
    demands: tuple[DemandShown, ...] = ()
    timeline: tuple[EventShown, ...] = ()
    estimate: EstimateShown | None = None
    refused: str = ""  # why there is no estimate
    overlap: OverlapShown | None = None
    findings: tuple[FindingShown, ...] = ()
    persons: tuple[PersonShown, ...] = ()
    places: tuple[PlaceShown, ...] = ()
    sources: tuple[KindCount, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    actions: tuple[ActionShown, ...] = ()
    votes: tuple[VoteShown, ...] = ()
    commitments: tuple[CommitmentShown, ...] = ()
    id: str = ""  # of the vault's record of it; empty where none was kept
    until: date | None = None  # last day on which the receiver may use it
    linking: str = ""  # made for private linkage: what may be told of a person whom both hold
    attached: tuple[AttachedShown, ...] = ()
    record: RecordShown | None = None
    people: PeopleShown | None = None
    log: LogShown | None = None
    stands: tuple[StandShown, ...] = ()
    responsible: ResponsibleShown | None = None
    proceedings: tuple[BeforeCourtShown, ...] = ()  # of which claims tell; those that are published stand in ``record``
    items: tuple[Decided, ...] = field(default=(), compare=False, repr=False)  # no part of what a reader is given

    def to_json(self) -> bytes:
        """Canonical JSON (RFC 8785): equal releases are equal bytes. What was decided of each record is no part."""
        shown = cast(dict[str, JSON], _write(replace(self, items=())))
        del shown["items"]
        return canonical({"format": FORMAT, "release": shown})

    def going(self, *uses: str) -> frozenset[str]:
        """Ids of the records that go for one of these uses; for any where none is named."""
        return frozenset(one.record for one in self.items if one.goes and (not uses or one.use in uses))

    @property
    def named(self) -> tuple[NameShown, ...]:
        """Every name that its reader is told: of people to whom something was done, of those who are said to have done
        it and may be named, and of those who filed a proceeding or are accused in one."""
        doers = self.responsible.doers if self.responsible is not None else ()
        parties = [party for one in self.proceedings for party in (*one.filed_by, *one.against)]
        names = [*(one.names for one in self.persons), *(one.names for one in doers), *(one.names for one in parties)]
        return tuple(name for each in names for name in each)

    @property
    def needs_second(self) -> bool:
        """Whether a second person must confirm it: a name goes, what was done to somebody's body, another member's
        package, or somebody's own words beside a finding, which may tell either."""
        told = any(one.goes and (one.use == "name" or one.of_body) for one in self.items)
        return told or bool(self.persons or self.attached or self.words_beside)

    @property
    def words_beside(self) -> tuple[tuple[str, str, str], ...]:
        """What somebody wrote beside findings in its own words: the finding, whose words (empty: as it was recorded
        here), and the words."""
        stood = ((one.finding, one.member, one.words) for one in self.stands if one.words)
        return (*stood, *((one.element, "", words) for one in self.findings for words in one.dissent))

    @classmethod
    def from_json(cls, content: bytes) -> "Release":
        """Read what :meth:`to_json` wrote. Raises InvalidValue for anything else."""
        try:
            document = json.loads(content, object_pairs_hook=_once_each)
        except (ValueError, RecursionError) as error:
            raise InvalidValue("the release is no JSON: {error}", error=error) from error
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise InvalidValue("the file is no release: it does not say {format!r}", format=FORMAT)
        found = cast(Release, _read(cls, document.get("release"), "release"))
        _each_once(found)
        return found


def _once_each(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    """An object of JSON whose fields have one value each. Of two another reader would show the one we pass over."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidValue("the release says one thing twice, and readers would see different ones")
    return found


def _each_once(made: Release) -> None:
    """Refuse two findings of one id: what a member signed of one would seem to stand under the other. So too two
    statements of one name and language, and two final texts of one statement in one language."""
    ids = [one.element for one in made.findings] + [one.id for one in (made.record.found if made.record else ())]
    twice = next((one for one, times in Counter(ids).items() if times > 1), None)
    if twice is not None:
        raise InvalidValue("the release shows two findings {twice!r}, and a name cannot stand under both", twice=twice)
    known = {one.id for one in made.record.found} if made.record else set()
    if missing := {id_ for one in (made.record.elements if made.record else ()) for id_ in one.found} - known:
        raise InvalidValue("an element rests on {missing!r:.60}, which the release does not show", missing=min(missing))
    texts = [(one.name, one.language) for one in made.statements]
    pages = [(one.name, final.language) for one in made.statements for final in one.finals]
    for name, language in (each for some in (texts, pages) for each, times in Counter(some).items() if times > 1):
        raise InvalidValue("the release shows two texts of {name} in {language}", name=name, language=language)
    for line in (made.title, made.coalition, made.body):
        if len(line) > _LONGEST:  # each finding is signed with them: a long one is read over for every name
            raise InvalidValue("{line!r} is longer than any title", line=line[:60])


def written(value: object) -> JSON:
    """A part of a release as :meth:`Release.to_json` writes it."""
    return _write(value)


def _write(value: object) -> JSON:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_write(one) for one in value]
    if is_dataclass(value):
        return {one.name: _write(getattr(value, one.name)) for one in fields(value)}
    return cast(JSON, value)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any, where: str) -> Any:
    """A value of the annotated kind. Every difference is an error that names its place."""
    if get_origin(kind) in (Union, types.UnionType):
        inner = next(one for one in get_args(kind) if one is not type(None))
        return None if value is None else _read(inner, value, where)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise InvalidValue("{where} must be a list", where=where)
        return tuple(_read(get_args(kind)[0], one, f"{where}[{at}]") for at, one in enumerate(value))
    if is_dataclass(kind):
        if not isinstance(value, dict):
            raise InvalidValue("{where} must be an object", where=where)
        hints = _hints(cast(type, kind))
        # an older version wrote fewer fields; one that this version does not know is never passed over
        optional = {one.name for one in fields(kind) if one.default is not MISSING}
        if different := sorted((set(value) - set(hints)) | (set(hints) - set(value) - optional)):
            raise InvalidValue(
                "{where} has other fields than this version writes: {listed}", where=where, listed=", ".join(different)
            )
        given = {name: hint for name, hint in hints.items() if name in value}
        parts = {name: _read(hint, value[name], f"{where}.{name}") for name, hint in given.items()}
        for name, part in parts.items():
            check_field(cast(type, kind).__name__, name, part, f"{where}.{name}")
        return cast(Any, kind)(**parts)
    if kind is date and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise InvalidValue("{where} is no day: {value!r}", where=where, value=value) from error
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError as error:
            raise InvalidValue("{where} is no number that a release tells", where=where) from error
    if type(value) is not kind:
        raise InvalidValue("{where} must be {name}, not {value!r:.60}", where=where, name=kind.__name__, value=value)
    return value
