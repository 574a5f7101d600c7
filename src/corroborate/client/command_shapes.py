"""What commands print with `--json` that no address of the HTTP API answers in the same form. Keys are stable."""

from typing_extensions import TypedDict

from corroborate.client.coalition_shapes import PostedSaid, VoteSaid
from corroborate.client.shapes import ImportSaid, ReleasePreview, ReleaseSaid


class AccountSaid(TypedDict):
    """An account. ``cases``: the only ones it sees; null: the whole vault. ``sessions``: how many are open."""

    account: str
    roles: list[str]
    state: str
    acts_for: str
    cases: list[str] | None
    made_by: str
    vouched_by: list[str]
    second_factor: bool
    sessions: int


TokenSaid = TypedDict(
    "TokenSaid",
    {"account": str, "name": str, "for": list[str], "made": str, "until": str, "used": str | None, "state": str},
)
TokenMade = TypedDict("TokenMade", {"token": str, "for": list[str], "until": str})


class VaultMade(TypedDict):
    """A vault or hub that was made. ``one_time_passphrase``: of its first account, shown this once."""

    folder: str
    name: str
    hub: bool
    account: str | None
    key: str
    fingerprint: str
    one_time_passphrase: str | None


class SlotSaid(TypedDict):
    """What opens a vault, by its number. ``asks``: what it wants of whoever opens."""

    slot: int
    kind: str
    label: str
    asks: str


class CheckSaid(TypedDict):
    """One thing that `doctor` looked at. ``state``: good, advice or wrong."""

    about: str
    state: str
    found: str


class SourceStays(TypedDict):
    """A source that does not go to the successor, and why."""

    source: str
    why: str


class SuccessionSaid(TypedDict):
    """Who takes the archive over, who the trustees are and how many of them it takes; what would go today."""

    successor: str
    trustees: list[str]
    need: int
    goes: list[str]
    stays: list[SourceStays]


class HandedOver(SuccessionSaid):
    """The same of what was handed over. ``file``: where it lies, locked: trustees open it together."""

    file: str
    rows: int
    files: int


class DraftStep(TypedDict):
    """A draft after a step towards being sealed. ``state``: draft, submitted, returned or approved."""

    draft: str
    state: str


class CodingDone(TypedDict):
    """A coding that was made, or taken back (``undone``)."""

    coding: str
    claims: list[str]
    about: str
    act: str | None
    source: str
    undone: bool


class ReleaseTouched(TypedDict):
    """A release that carried what was changed, and the command that tells its receivers; null: nobody received it."""

    release: int
    audience: str
    body: str
    recall: str | None


class ReleaseToTell(ReleaseTouched):
    """The same, with who received it."""

    to: list[str]


class CorrectionDone(TypedDict):
    """``new`` stands in the place of ``old``, or does no more (``undone``)."""

    correction: str
    old: str
    new: str
    undone: bool
    releases: list[ReleaseTouched]


class PreferenceDone(TypedDict):
    """A claim that is preferred, or is no more (``undone``)."""

    preference: str
    claim: str
    about: str
    property: str
    undone: bool


class Withdrawn(TypedDict):
    """What went with a source, and releases that carried some of it."""

    source: str
    sources_withdrawn: list[str]
    claims_erased: int
    people: list[str]
    also_told_by: list[str]
    releases: list[ReleaseToTell]


class InterviewRecorded(TypedDict):
    """``new``: key in the entry -> id. ``size``: of the log."""

    entry: str
    source: str
    claims: int
    new: dict[str, str]
    size: int


class InterviewChecked(TypedDict):
    """What an entry would record; nothing was."""

    would_record: dict[str, int]
    new_people: list[str]
    notes: list[str]


class InterviewsRecorded(TypedDict):
    """Submissions of a form. ``before``: recorded before, and passed over; ``withdrawn``: since, and not again."""

    recorded: list[InterviewRecorded]
    before: int
    withdrawn: int


class InterviewsChecked(TypedDict):
    """What submissions of a form would record; nothing was."""

    would_record: list[InterviewChecked]
    before: int
    withdrawn: int


class EntryTakenBack(TypedDict):
    """Claims of an entry that count no more."""

    entry: str
    source: str
    claims: list[str]


class ImportWhole(ImportSaid):
    """An import with what was chosen for it, and what it added and changed."""

    choices: dict[str, object]
    sources: list[dict[str, object]]


ImportUndone = TypedDict(
    "ImportUndone",
    {
        "import": int,
        "undone": bool,
        "sources": list[str],
        "claims": int,
        "people": list[str],
        "corrections": int,
        "consents": int,
        "releases": list[int],
    },
)


class FactTold(TypedDict):
    """What is told of somebody."""

    what: str
    value: str


class PersonNamed(TypedDict):
    """Somebody whom a release names, and what it tells of them."""

    person: str
    names: list[str]
    told: list[FactTold]


class FileGoing(TypedDict):
    """A sealed file that goes whole; ``copy``: what was done to make it, empty for an original."""

    file: str
    name: str
    copy: str


class _Named(TypedDict):
    named: list[PersonNamed] | None
    named_sources: list[str] | None
    words: list[FactTold] | None
    files: list[FileGoing] | None


class ReleaseShown(ReleaseSaid, _Named):
    """A release, and whom it names; null for who may not see who people are, and for a long list nobody asked for."""


class ReleasePreviewed(ReleasePreview, _Named):
    """A release as it would be, and whom it would name."""


class ReleaseMade(ReleasePreviewed):
    """A release that was made, by its number."""

    release: int


class WaitingPair(TypedDict):
    """A pair that nobody has judged, with the names of both, the one worth most first."""

    pair: int
    left: str
    right: str
    left_names: list[str]
    right_names: list[str]
    probability: float
    worth: float


class PairsTaken(TypedDict):
    """Pairs that came for review: new, here before, and with an entry that is not in this vault."""

    new: int
    before: int
    elsewhere: int


class JudgementMade(TypedDict):
    judgement: str


class JudgementTakenBack(TypedDict):
    taken_back: str


class PeopleParted(TypedDict):
    """``different``: judgements that say so now; ``taken_back``: those that joined them."""

    person: str
    others: list[str]
    taken_back: list[str]
    different: list[str]


class VotesRead(TypedDict):
    """Votes of a file: how many were read, and how many were new here; null: nothing was stored."""

    read: int
    new: int | None
    votes: list[VoteSaid]


class MemberRead(TypedDict, total=False):
    """A member as a published statement names it; `flag` says what a person is to look at."""

    name: str
    kind: str
    flag: str


class Minutes(TypedDict):
    """What follows from positions that were taken, by the rule. ``refused``: files that were not, and why."""

    outcome: str
    why: str
    support: int
    abstain: int
    object: int
    silent: int
    positions: dict[str, str]
    refused: dict[str, str]


class MailPosted(TypedDict):
    """Bundles that lie in the mailbox of a hub for their receiver."""

    posted: list[PostedSaid]


class MailTaken(TypedDict, total=False):
    """A bundle of the mailbox: opened here (``bundle``) or only downloaded (``file``). ``refused``: why it stays."""

    id: str
    bundle: str
    file: str
    refused: str
    alarms: int


class MailCame(TypedDict):
    """What waited in the mailbox of a hub."""

    came: list[MailTaken]


class NoteHandedIn(TypedDict):
    """What became of one note that was handed in. ``fresh``: whether it changed anything; ``note``: its SHA-256."""

    file: str
    kind: str
    member: str
    refused: str
    about: str
    note: str
    fresh: bool
