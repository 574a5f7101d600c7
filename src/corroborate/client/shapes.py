"""What programs read of a vault: the same from `--json` of a command and from the HTTP API. Keys are stable.

Times are ISO 8601 in UTC, days are ISO 8601-1 and as exact as their source, and null says that there is none.
"""

from typing import Generic, TypeVar

from typing_extensions import TypedDict  # typing's own says too little of itself before Python 3.12

T = TypeVar("T")


class Page(TypedDict, Generic[T]):
    """A part of a list. ``more``: a next page follows."""

    items: list[T]
    page: int
    more: bool


class ClaimSaid(TypedDict):
    """One statement with its source. ``stands``: it was neither corrected nor withdrawn."""

    id: str
    about: str
    property: str
    value: str
    source: str
    said_by: str
    locator: str
    basis: str
    stands: bool


class Record(TypedDict):
    """A person, an act or a source, with the claims about it, those that point to it, or those it told."""

    id: str
    kind: str
    title: str
    withdrawn: bool
    claims: list[ClaimSaid]


class Named(TypedDict):
    """A person in a list. ``name`` is empty for who has none; ``words``: what a source says of them instead."""

    id: str
    name: str
    words: str


class SourceSaid(TypedDict):
    """A source in a list."""

    id: str
    kind: str
    title: str
    withdrawn: str | None


class _Answer(TypedDict):
    id: str
    title: str
    why: str


class Answer(_Answer, total=False):
    """One answer to a search, and why it answers. ``excerpt``: parts of a passage, and whether each was asked for."""

    kind: str
    where: str
    told_in: str
    excerpt: list[tuple[str, bool]]


class Answers(TypedDict):
    """Answers of one kind. ``number``: how many there are at least."""

    number: int
    more: bool
    found: list[Answer]


ImportSaid = TypedDict(
    "ImportSaid",
    {
        "import": int,
        "id": str,
        "list": str,
        "source": str | None,
        "file": str,
        "sha256": str,
        "program": str | None,
        "by": str,
        "at": str,
        "rows": dict[str, int],
        "claims": int | None,
        "sources_current": int | None,
        "undone": str | None,
    },
)


class RowCame(TypedDict):
    """A row or record that an import added or changed."""

    source: str
    called: str
    about: str | None
    changed: bool
    withdrawn: bool
    claims: int


class UploadSaid(TypedDict):
    """A file that was given and waits until somebody decides, or what became of it.

    ``state``: open, waiting, running, checked, done, failed, interrupted, cancelled or discarded. ``found``: what the
    check found, with words of the list; ``report``: what was taken in, without.
    """

    id: str
    name: str
    size: int
    sha256: str
    state: str
    step: str
    share: float
    choices: dict[str, object]
    found: dict[str, object] | None
    report: dict[str, object] | None


class GivenSaid(TypedDict):
    """That a release was written for somebody."""

    form: str
    to: str
    sha256: str
    by: str
    at: str


class _Release(TypedDict):
    release: int
    id: str
    title: str
    case: str
    audience: str
    body: str
    on: str
    until: str | None
    needs_second: bool
    made_by: str
    at: str
    confirmed_by: str | None
    confirmed: str | None
    sha256: str
    erased: bool
    state: str
    withdrawn_since: int
    recalls: list[str]
    given: list[GivenSaid]


class ReleaseNumbers(TypedDict, total=False):
    """What a release holds, in numbers for our own eyes: what goes for which use, what stays and why."""

    goes: list[dict[str, object]]
    stays: list[dict[str, object]]
    differences: list[dict[str, object]]
    people_apart: list[dict[str, object]]
    figures_under_ten: int
    words_named: list[str]
    named_untold: int
    named_namesakes: int
    findings_weaker: list[dict[str, object]]


class ReleaseSaid(_Release, ReleaseNumbers):
    """A release with what became of it."""


class ReleasePreview(ReleaseNumbers):
    """A release as it would be; nothing is made."""

    title: str
    audience: str
    body: str
    until: str | None
    needs_second: bool


class GrantSaid(TypedDict):
    """What a named person outside may read. ``state``: waits (for a second person), early, open, over, closed (what it
    shows may go no more), revoked."""

    grant: int
    id: str
    release: int
    reader: str
    body: str
    purpose: str
    case: str
    begins: str
    until: str
    download: bool
    state: str
    needs_second: bool
    made_by: str
    at: str
    confirmed_by: str | None
    revoked: str | None
    revoked_by: str | None


class GrantSeen(TypedDict):
    """One page that the reader of a grant saw, or what they did. ``what``: name of the page or the act; ``kind``: view,
    act, export, refused; ``number``: of the records that it showed, of which ``records`` names the first."""

    at: str
    what: str
    kind: str
    number: int
    records: list[str]


class GrantQuestion(TypedDict):
    """What the reader of a grant asked. ``item``: id of the record, person or file that it is about; empty: none."""

    question: int
    item: str
    text: str
    at: str
    answer: str | None
    answered: str | None
    answered_by: str | None


class GrantWhole(GrantSaid):
    """A grant with what was asked under it. ``closed``: why what it shows may go no more."""

    closed: str | None
    questions: list[GrantQuestion]


class GrantHanded(TypedDict):
    """With what the reader of a grant comes in, once: the link goes one way, the word another."""

    grant: int
    link: str
    word: str
    until: str


class CaseSaid(TypedDict):
    """A case. ``open``: sources can be filed in it."""

    id: str
    name: str
    open: bool


class CaseListed(TypedDict):
    """A case as whoever keeps cases sees it. ``members``: accounts that see no more than their cases."""

    case: str
    id: str
    opened: str
    opened_by: str
    closed: str | None
    sources: int
    members: list[str]


class CaseWhole(CaseSaid):
    """A case with a part of the sources that are filed in it."""

    sources: list[SourceSaid]
    page: int
    more: bool


class ClaimCoded(TypedDict):
    """A claim that was coded from words of a passage."""

    id: str
    about: str
    property: str
    value: str
    locator: str
    basis: str
    stands: bool


class CodingSaid(TypedDict):
    """What somebody coded in one go: it is taken back as a whole."""

    coding: str
    claims: list[ClaimCoded]


class PassageSaid(TypedDict):
    """A passage of a document or an interview, and what was coded from it."""

    number: int
    locator: str
    speaker: str
    text: str
    codings: list[CodingSaid]


class PassagesOf(TypedDict):
    """All passages of one source."""

    source: str
    passages: list[PassageSaid]


class WordsUnread(TypedDict):
    """Words that nobody coded: in how many cells they stand, and where the first one is."""

    words: str
    cells: int
    source: str
    list: str
    at: str


class WordsTaught(TypedDict):
    """Words that a coder taught the vault. ``acts``: term and how it is told of each."""

    words: str
    acts: list[list[str]]
    by: str
    on: str


class WordsKnown(TypedDict):
    """Words that wait for a coder, and those that were taught."""

    waiting: list[WordsUnread]
    taught: list[WordsTaught]


class CellChanged(TypedDict):
    """A cell that taught words tell otherwise than it was coded: what would be added, what a person corrects."""

    claim: str
    person: str
    source: str
    locator: str
    cell: str
    adds: list[list[str]]
    stands: list[list[str]]


class ConsentBlocked(TypedDict):
    """A consent that is not relied on. ``allowed_again``: a later one of its source says the same."""

    consent: str
    source: str
    title: str
    why: str
    allowed_again: bool


class PackageLeft(TypedDict):
    """A package in which records stand that nothing allows today."""

    package: str
    number: str
    audience: str
    body: str
    at: str
    records: list[str]


class ConsentsSaid(TypedDict):
    """Consents that the vault does not rely on, and what left under them."""

    blocked: list[ConsentBlocked]
    left: list[PackageLeft]


class SearchSaved(TypedDict):
    """A saved search of one's own."""

    id: int
    name: str
    asks: dict[str, str]
    saved: str


class PersonMeant(TypedDict):
    """One of the vault's people whose name a text may hold."""

    id: str
    name: str
    why: str
    likely: float


class MentionSaid(TypedDict):
    """A name in a text, and who it may be. ``doubt``: weak, some or strong."""

    text: str
    line: int
    at: int
    doubt: str
    because: str
    people: list[PersonMeant]


FindingSaid = TypedDict(
    "FindingSaid",
    {
        "crime": str,
        "article": str,
        "title": str,
        "element": str,
        "kind": str,
        "proposition": str,
        "for": list[str],
        "against": list[str],
        "roots": list[str],
        "first_hand": int,
        "victims": int,
        "support": str,
        "hangs_on": str | None,
        "standard": str,
        "status": str,
        "dissent": list[str],
        "independent": int,
        "apart": int,
        "exact": bool,
        "circular": int,
        "groups": list[int | None],
    },
)


class SaidToFinding(TypedDict):
    """What one claim says to a finding, of whom, and who says it; of an act that was done to several, once for each."""

    claim: str
    speaks: str
    act: str
    about: str
    source: str
    basis: str


class FallsWith(TypedDict):
    """How many people a finding tells of by this origin alone, and groups beside them, each with how many it is told to
    be."""

    origin: str
    people: int
    groups: list[int | None]


class HangsOnSaid(TypedDict):
    """What makes a finding fall. ``whole``: the origin with which all of it falls; ``smallest``: the smallest sets of
    origins that still carry all of it; ``bounded``: there may be others."""

    whole: str | None
    falls: list[FallsWith]
    smallest: list[list[str]]
    bounded: bool


class AccountsDiffer(TypedDict):
    """Two accounts on one side (who, what, where, when): of what kind their difference is, and in which words."""

    side: str
    kind: str
    left: str
    right: str
    said: list[str]


class SaidToHaveDone(TypedDict):
    """Somebody whom sources name as having done it. ``hearsay``: nobody who saw it, and no document."""

    name: str
    independent: int
    hearsay: bool


class CorroborationSaid(TypedDict):
    """How far what is told of one person agrees. ``exact``: else there are at least so many origins."""

    about: str
    level: str
    independent: int
    exact: bool
    agreed: list[str]
    differences: list[AccountsDiffer]
    neutral: list[str]
    bounded: bool
    named: list[SaidToHaveDone]


class FindingWhole(TypedDict):
    """One finding, each claim that is said to it, what it stands on, and what is told of each person."""

    finding: FindingSaid
    said: list[SaidToFinding]
    stands_on: HangsOnSaid
    people: list[CorroborationSaid]


class EvidenceSaid(TypedDict):
    """That a person set a claim beside an element. ``because`` and ``by`` are empty where they may not be told."""

    id: str
    claim: str
    source: str
    speaks: str
    weight: str
    because: str
    by: str


AssessmentSaid = TypedDict(
    "AssessmentSaid",
    {
        "id": str,
        "by": str,
        "at": str,
        "conclusion": str,
        "standard": str,
        "reasons": str,
        "gaps": str,
        "contrary": str,
        "for": int,
        "against": int,
        "independent": int,
        "after_reading": bool,
        "before_reading": str | None,
    },
)
CellSaid = TypedDict(
    "CellSaid",
    {
        "element": str,
        "crime": str,
        "kind": str,
        "proposition": str,
        "for": int,
        "against": int,
        "independent": int,
        "state": str,
        "doubts": list[str],
        "evidence": list[EvidenceSaid],
        "assessments": list[AssessmentSaid],
    },
)


class AssessorsSaid(TypedDict):
    """How far two assessors agree, over the elements that both judged under one standard."""

    assessors: list[str]
    elements: int
    agreed: int
    kappa: float | None


class MatrixSaid(TypedDict):
    """Elements of crimes with what stands beside each. ``hidden``: judgements that one may not read yet."""

    case: str | None
    cells: list[CellSaid]
    agreement: list[AssessorsSaid]
    hidden: int


class JudgedDone(TypedDict):
    """What was judged, set beside an element, or taken back."""

    id: str
    element: str
    conclusion: str | None
    case: str | None


class TieSaid(TypedDict):
    """That two sources do not know independently of one another, who said so, and why."""

    id: str
    kind: str
    source: str
    other: str
    because: str
    by: str
    at: str
    taken_back: str | None


class PostHeld(TypedDict):
    """A post in a unit. ``held_by``: the name of who held it, empty where none is told; ``when``: from–until."""

    title: str
    held_by: str
    when: str


class UnitSaid(TypedDict):
    """A unit by its name, with the units over it (the nearest first) and under it, and posts in it."""

    id: str
    names: list[str]
    over: list[str]
    under: list[str]
    posts: list[PostHeld]
    sources: list[str]
    cautions: list[str]


class StepSaid(TypedDict):
    """A step of a proceeding. ``date``: as exact as it is known, empty where it is not; ``record``, ``source``: where
    it is told, empty of one that is published."""

    step: str
    date: str
    record: str
    source: str


class SomebodySaid(TypedDict):
    """Who filed a proceeding, or against whom it is. ``name``: empty where it is not told."""

    id: str
    name: str


class ProceedingSaid(TypedDict):
    """A judgment, complaint, warrant, sanction or trial with what became of it. ``body``, ``what``,
    ``became_words``: by language. ``looked_at_to``: the day up to which anybody looked for what is published."""

    id: str
    published: bool
    kind: str
    state: str
    body: dict[str, str]
    date: str
    what: dict[str, str]
    became: str
    became_words: dict[str, str]
    steps: list[StepSaid]
    reference: str
    filed_by: list[SomebodySaid]
    against: list[SomebodySaid]
    about: list[str]
    cautions: list[str]
    how_sure: list[str]
    links: list[str]
    checked: str
    looked_at_to: str


class NamingSaid(TypedDict):
    """That somebody who is said to have done something may be named: to whom, why, with what caution, until when.
    ``state``: waits (for a second person), stands, over, taken_back. ``unread``: names of theirs for which it does not
    hold, because they were corrected or added since."""

    id: str
    who: str
    name: str
    audience: str
    body: str
    sure: str
    because: str
    until: str | None
    by: str
    at: str
    confirmed_by: str
    confirmed: str | None
    taken_back: str | None
    state: str
    unread: list[str]


class DraftSaid(TypedDict):
    """What one's own account is typing. ``version``: to be sent back with what replaces it."""

    id: str
    source: str | None
    typed: dict[str, object]
    version: int
    began: str
    changed: str
    files: list[dict[str, object]]


class RemarkSaid(TypedDict):
    """What somebody said of a draft or a source. ``place``: the row, passage or entity; empty: the whole. ``asks``:
    that something be mended. ``kind``: what whoever told it did or asks by their code (narrow, withdraw, widen,
    correct, ask, call); empty: said by somebody who works on it."""

    id: str
    kind: str
    place: str
    text: str
    asks: bool
    by: str
    to: str
    at: str
    settled: str | None
    settled_by: str


class DeadlineSaid(TypedDict):
    """A day of a source. ``kind``: feedback or retention; ``then``: ask or erase. ``kept``: null while it waits."""

    id: str
    source: str
    kind: str
    then: str
    on: str
    what: str
    by: str
    kept: bool | None
    how: str


class FileSaid(TypedDict):
    """A sealed file. ``shown``: pages, picture, sound, film, text, or empty where it is not shown. ``original``: the
    file that it is a copy of; then ``made`` says how: redacted, stripped, transcribed or translated, and ``out`` what
    was taken out, one part a line."""

    id: str
    name: str
    size: int
    sha256: str
    shown: str
    media: str
    sources: list[str]
    original: str
    made: str
    out: list[str]
    copies: list[str]


class DraftWaiting(TypedDict):
    """A draft that was submitted. ``state``: submitted, returned or approved; ``reviewer``: empty: anybody who may."""

    id: str
    title: str
    author: str
    state: str
    submitted: str
    reviewer: str
    approved_by: str
    case: str | None


class DraftRead(DraftWaiting):
    """The same with what stands in it. ``looked``: the digest that whoever approves it gives back. ``understood``: by
    row of acts, the acts as which its words will be sealed."""

    typed: dict[str, object]
    understood: dict[str, list[str]]
    files: list[dict[str, object]]
    remarks: list[RemarkSaid]
    looked: str


class AgreementOfField(TypedDict):
    """Krippendorff's α of a field; null: nothing could differ. ``units``: places that both coded, ``agreed``: alike."""

    field: str
    alpha: float | None
    units: int
    agreed: int


class UnitCompared(TypedDict):
    """One place of a source as each of two coded it: rows of acts, and the fields in which they differ."""

    place: str
    first: list[dict[str, object]]
    second: list[dict[str, object]]
    differs: list[str]


class OtherDiffers(TypedDict):
    """What two coders said otherwise beside the acts. ``field`` is empty where one of them has no such row."""

    part: str
    unit: str
    field: str
    first: str
    second: str


class DoubleCoding(TypedDict):
    """A source that two people code. ``waits_for``: who has not said that theirs is done."""

    id: str
    source: str
    first: str
    second: str
    waits_for: list[str]
    resolved: str | None
    resolved_by: str
    why: str


class DoubleCompared(DoubleCoding):
    """The same with both codings beside each other: empty before both are done."""

    agreement: list[AgreementOfField]
    units: list[UnitCompared]
    others: list[OtherDiffers]


class JudgementSaid(TypedDict):
    """A judgement on a pair. ``withdrawn``: when it was taken back."""

    judgement: str
    left: str
    right: str
    verdict: str
    by: str
    why: str
    at: str
    withdrawn: str | None


class Contrasted(TypedDict):
    """One property of two entries: values of both, and how alike they are."""

    property: str
    left: list[str]
    right: list[str]
    likeness: str


class PairWhole(TypedDict):
    """A pair with what both entries say, and judgements on it as far as a reviewer may see them before their own."""

    pair: int
    left: str
    right: str
    names: list[str]
    probability: float
    contrasts: list[Contrasted]
    judgements: list[JudgementSaid]


class AgreementSaid(TypedDict):
    """How far two reviewers agree on pairs that both judged: Cohen's kappa with its 95% interval."""

    reviewers: list[str]
    pairs: int
    agreed: int
    kappa: float | None
    low: float | None
    high: float | None
    table: list[list[object]]


class ListHere(TypedDict):
    """A list of the vault that can be counted."""

    id: str
    title: str
    rows: int
    invented: bool


class StepDone(TypedDict):
    """One thing that was done to a record, and whose clock says when."""

    what: str
    clock: str
    at: str | None


class CustodySaid(TypedDict):
    """What became of a record since it was taken in. ``index``: of its entry in the log."""

    record: str
    kind: str
    index: int
    steps: list[StepDone]


class LogSaid(TypedDict):
    """The newest signed checkpoint, and who cosigned it. ``waiting``: entries that no checkpoint holds yet."""

    size: int
    origin: str | None
    root: str | None
    at: str | None
    key: str
    witnesses: list[str]
    waiting: int
    alarms: int
    rollback: str | None


class LogEntrySaid(TypedDict):
    """One entry of the log: what kind of record it seals, never what stands in it."""

    index: int
    kind: str
    record: str
    at: str
    commitment: str


class WitnessSaid(TypedDict):
    """A member's log as this node watches it, and its last cosignature under ours."""

    origin: str
    organisation: str
    voice: str
    seen: int | None
    seen_at: str | None
    cosigned: int | None
    cosigned_at: str | None
    heard: int


class AlarmSaid(TypedDict):
    """What does not fit; settled by a person in a sentence."""

    id: int
    kind: str
    about: str
    found: str
    at: str
    settled: str | None
    settled_by: str
    how: str


class KeysSaid(TypedDict):
    """What opens the vault, how its log's key changed, and the copies that were noted."""

    key: str
    slots: list[dict[str, object]]
    changes: list[dict[str, object]]
    staged: bool
    backups: list[dict[str, object]]
    advice: str


class VerdictSaid(TypedDict):
    """The verdict on a package: valid, invalid or incomplete, with every failure."""

    verdict: str
    checked: dict[str, object]
    failures: list[str]


class DocumentSaid(TypedDict):
    """A result or public text that this node was given to show: of an estimate, findings, members, statements."""

    kind: str
    invented: bool
    at: str
    body: object


class PairSaid(TypedDict):
    """Two entries that may be one person, and how likely the linkage held it. Their claims are under ``records``."""

    pair: int
    left: str
    right: str
    probability: float
    origin: str


class HeldSaid(TypedDict):
    """A person of ours whom another member holds too: how near, what was agreed, what they told, and how it was
    judged (an empty word while it is not)."""

    pair: int
    person: str
    people: list[str]
    held_by: str
    difference: float
    terms: dict[str, object]
    told: dict[str, list[str]]
    judged: str


class EstimateSaid(TypedDict):
    """An estimate that was asked for. ``result`` is null while it runs, and in a list."""

    id: str
    title: str
    state: str
    step: str
    share: float
    asked: dict[str, object]
    counted: dict[str, object] | None
    tables: list[dict[str, object]]
    by: str
    at: str
    ended: str | None
    invented: bool
    discarded: bool
    same_as: str | None
    sealed: dict[str, object] | None
    result: dict[str, object] | None


class JournalLine(TypedDict):
    """Who saw or did what: ids and names of acts, never content. ``number``: objects in all."""

    at: str
    kind: str
    what: str
    by: str
    actor: str
    number: int
    objects: list[str]


class StatementSaid(TypedDict):
    """A joint statement of the coalition, and in which phase it is."""

    name: str
    title: str
    phase: str
    deadline: str | None
    changed: str


class Corrected(TypedDict):
    """``new`` stands in the place of ``old``, which stays to be read."""

    correction: str
    old: str
    new: str


class About(TypedDict):
    """Who asks, and where."""

    organisation: str
    hub: bool
    account: str
    roles: list[str]
    may: list[str]
    version: str


class Done(TypedDict):
    """What an act gave back. Bytes are in base64."""

    result: object


class Problem(TypedDict):
    """Why something was refused (RFC 9457). ``code`` is stable; ``detail`` says what happened and ``remedy`` what to
    do, in the language that was asked for. Beside them stand ``values``, what the sentence names, or ``errors``."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    remedy: str
