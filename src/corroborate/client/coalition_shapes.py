"""What programs read of the coalition: members, statements, decisions, demands, actions, States. Keys are stable."""

from typing_extensions import TypedDict


class MemberSaid(TypedDict):
    """A member as the register lists it."""

    id: str
    name: str
    kind: str
    country: str
    role: str
    left: str | None
    key: str
    doubtful: bool


class PlaceSaid(TypedDict):
    """One place where a member's name appears, and on what it rests."""

    kind: str
    id: str
    title: str
    what: str
    since: str
    stands: bool


class MemberWhole(MemberSaid):
    """One member with everything that stands under its name. ``contact``: for the secretariat and itself alone."""

    region: str
    abbreviation: str
    also_called: list[str]
    languages: list[str]
    field_of_work: str
    site: str
    contact: str | None
    affiliation: str
    capacity: str
    joined: str
    founding: bool
    keys: list[dict[str, str | None]]
    key_waits: str | None
    signatories: list[dict[str, str | None]]
    flags: list[str]
    places: list[PlaceSaid]


class ResponseSaid(TypedDict):
    """What stands beside one member's name under the newest text. ``state``: signed, lapsed, abstains, withdrawn or
    silent; ``waits``: a letter on paper that nobody has confirmed."""

    member: str
    name: str
    state: str
    sha256: str | None
    at: str | None
    on_paper: bool
    waits: bool
    words: str


class VersionSaid(TypedDict):
    """One exact text of a statement. ``sha256``: of its bytes."""

    number: int
    language: str
    sha256: str
    text: str


class CommentSaid(TypedDict):
    """A remark about one version; nobody's position."""

    id: str
    version: int
    by: str
    text: str
    at: str
    resolved_by: str


class TranslationSaid(TypedDict):
    """A version in another language. ``stale``: the original was changed since; ``official_for``: members who approved
    exactly these bytes by their key."""

    language: str
    sha256: str
    of: str
    translator: str
    at: str
    text: str
    stale: bool
    official_for: list[str]


class QuoteSaid(TypedDict):
    """Words of a member's spokesperson; shown once the member approved them."""

    member: str
    spokesperson: str
    role: str
    words: str
    sha256: str
    approved: bool


class SuggestionSaid(TypedDict):
    """Other words for one passage. ``outcome``: empty while nobody decided, else taken, declined or withdrawn."""

    id: str
    version: int
    by: str
    member: str
    passage: str
    words: str
    why: str
    at: str
    outcome: str


class StatementWhole(TypedDict):
    """A joint statement with its round."""

    name: str
    title: str
    phase: str
    deadline: str | None
    embargo: str | None
    grouping: str
    current: int
    versions: list[VersionSaid]
    responses: list[ResponseSaid]
    comments: list[CommentSaid]
    suggestions: list[SuggestionSaid]
    translations: list[TranslationSaid]
    quotes: list[QuoteSaid]


class PieceSaid(TypedDict):
    """Words of two texts: ``same``, ``removed`` or ``added``."""

    kind: str
    text: str


class DifferenceSaid(TypedDict):
    """Two versions as one text."""

    before: int
    after: int
    pieces: list[PieceSaid]


class DecisionSaid(TypedDict):
    """A question to members, and what follows from the positions that were taken."""

    id: str
    title: str
    closes: str
    rule: str
    outcome: str
    why: str
    support: int
    abstain: int
    object: int
    silent: int


class PositionSaid(TypedDict):
    """A member's position. ``recorded_by``: who wrote it down, where it was heard in a meeting. ``counts``: it was
    taken on the question as it is asked now, its words, its rule and its closing time."""

    member: str
    name: str
    position: str | None
    reason: str
    at: str | None
    recorded_by: str
    counts: bool


class DecisionWhole(DecisionSaid):
    """One question: its words, who was asked, who said what."""

    text: str
    opened: str
    positions: list[PositionSaid]


class EventSaid(TypedDict):
    """A dated public event."""

    id: str
    date: str
    event: str
    body: str
    symbol: str | None
    source: str
    entered_by: str | None


class ReadingSaid(TypedDict):
    """How somebody read the evidence on a criterion, on a day."""

    status: str
    by: str
    on: str
    note: str | None
    evidence: list[EventSaid]
    entered_by: str | None


class CriterionSaid(TypedDict):
    """One thing that must be so for a demand to be met; the last reading stands."""

    id: str
    criterion: str
    status: str
    readings: list[ReadingSaid]


class AccessSaid(TypedDict):
    """A request to be let in, and the answer to it."""

    on: str
    by: str
    what: str
    answer: str
    source: str
    entered_by: str | None


class DemandSaid(TypedDict):
    """What is asked of whom, and what came of it."""

    id: str
    demand: str
    addressee: str
    since: str
    words: str
    status: str
    as_of: str
    note: str | None
    voice: str | None
    statement: str | None
    citation: str
    evidence: list[EventSaid]
    criteria: list[CriterionSaid]
    access: list[AccessSaid]


class ActionSaid(TypedDict):
    """What one or several members did, under their own names."""

    id: str
    kind: str
    title: str
    members: list[str]
    begins: str
    ends: str
    language: str
    country: str | None
    place: str | None
    demands: list[str]
    text: str | None
    address: str | None
    entered_by: str | None


class PairOfActions(TypedDict):
    """Two entries that may be one event, and why."""

    first: str
    second: str
    why: str


class ActionsSaid(TypedDict):
    """Actions, newest first, and pairs that nobody has decided yet."""

    actions: list[ActionSaid]
    proposals: list[PairOfActions]


class ActionBefore(TypedDict):
    """How an action stood before it was changed."""

    what: str
    by: str
    at: str
    before: ActionSaid


class ActionWhole(TypedDict):
    """One action, entries that were joined to it, and its history for whoever may change it."""

    action: ActionSaid
    joined: list[str]
    history: list[ActionBefore]


class VoteSaid(TypedDict):
    """How one State stood on one resolution."""

    state: str
    body: str
    resolution: str
    date: str
    vote: str
    source: str


class CommitmentSaid(TypedDict):
    """What a State said it would do. ``kept``: open, kept or broken."""

    state: str
    what: str
    on: str
    source: str
    demand: str
    kept: str
    entered_by: str | None


class ContactSaid(TypedDict):
    """A person at a State who allowed to be kept here."""

    id: str
    name: str
    role: str
    reach: str


class StateWhole(TypedDict):
    """One State: votes, commitments, what letters to it say, contacts in a member's vault."""

    state: str
    votes: list[VoteSaid]
    commitments: list[CommitmentSaid]
    paragraph: str
    contacts: list[ContactSaid]


class StatesSaid(TypedDict):
    """Every State that something is known of, and all votes."""

    states: list[str]
    votes: list[VoteSaid]


class PostedSaid(TypedDict):
    """A bundle in the hub's mailbox, as one of its two members sees it. ``other``: the other one's name; ``here``: how
    many of its bytes came; ``state``: coming, waiting, taken, or lost where a restored hub has it no more."""

    id: str
    ours: bool
    other: str
    size: int
    here: int
    sha256: str
    state: str
    at: str
    taken: str | None
