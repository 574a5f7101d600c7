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


class ReleaseSaid(_Release, ReleaseNumbers):
    """A release with what became of it."""


class ReleasePreview(ReleaseNumbers):
    """A release as it would be; nothing is made."""

    title: str
    audience: str
    body: str
    until: str | None
    needs_second: bool


class CaseSaid(TypedDict):
    """A case. ``open``: sources can be filed in it."""

    id: str
    name: str
    open: bool


class PairSaid(TypedDict):
    """Two entries that may be one person, and how likely the linkage held it. Their claims are under ``records``."""

    pair: int
    left: str
    right: str
    probability: float
    origin: str


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
    """Why something was refused (RFC 9457). ``code`` is stable; ``remedy`` says what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    remedy: str
