"""What programs read and do most: records, lists that come in, releases, statements."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Router, UploadedFile

from corroborate import version
from corroborate.client import shapes
from corroborate.errors import InvalidValue
from corroborate.records import Audience
from corroborate_node.coalition.campaign import queries as campaign
from corroborate_node.core import accounts, opened, sessions, tokens
from corroborate_node.core import journal as journal_lines
from corroborate_node.core.access.middleware import client_address
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.estimates import as_json as estimates_json
from corroborate_node.estimates import queries as estimating
from corroborate_node.finding import telling
from corroborate_node.finding.criteria import KINDS, criteria_of
from corroborate_node.http_api import answers
from corroborate_node.http_api.bodies import Short, Strict
from corroborate_node.http_api.door import asks, bearer_of, file
from corroborate_node.http_api.pages_of_lists import PageNumber, paged
from corroborate_node.http_api.problems import NotFound
from corroborate_node.importing import actions as importing
from corroborate_node.importing import choosing
from corroborate_node.importing import queries as uploads
from corroborate_node.records import correcting, imports, queries
from corroborate_node.release import giving, making, summaries
from corroborate_node.release import named as naming
from corroborate_node.review import held_queries as holding
from corroborate_node.review import queries as review

router = Router()


# Who asks


@router.get("/about", response=shapes.About, tags=["who asks"])
@asks("today.read")
def about(request: HttpRequest) -> shapes.About:
    """Which node this is, who asks, and what the token may do here."""
    desk = desk_of(request)
    actor = bearer_of(request).actor
    return {
        "organisation": desk.vault.name,
        "hub": desk.vault.hub,
        "account": desk.by,
        "roles": sorted(actor.roles),
        "may": sorted(one for one in actor.only or () if desk.may(one)),
        "version": version(),
    }


class Passphrase(Strict):
    passphrase: Annotated[str, Field(max_length=500)]


@router.post("/confirmation", response={204: None}, tags=["who asks"])
@asks("today.read")
def confirm(request: HttpRequest, given: Passphrase) -> tuple[int, None]:
    """Give the account's passphrase again: for ten minutes the token may do what asks it. Wrong ones are counted."""
    bearer, at = bearer_of(request), sessions.now()
    name = bearer.user.get_username()
    user = accounts.proven(opened.current(), "confirm", name, given.passphrase, client_address(request), at)
    if user is None or user.pk != bearer.user.pk:
        raise InvalidValue("this is not the passphrase of this account")
    tokens.confirm(bearer.token, at)
    return 204, None


# Records


class Question(Strict):
    """What is looked for. It is sent in the body: an address is kept by logs on its way, and names people."""

    q: Short = ""
    in_: Annotated[str, Field(alias="in")] = ""
    violation: Short = ""
    place: Short = ""
    from_: Annotated[str, Field(alias="from", max_length=10)] = ""
    to: Annotated[str, Field(max_length=10)] = ""
    source_kind: Short = ""
    consent: Short = ""
    list_: Annotated[str, Field(alias="list", max_length=200)] = ""
    most: Annotated[int, Field(ge=1, le=1000)] = 20


@router.post("/search", response=dict[str, shapes.Answers], tags=["records"])
@asks("record.read", kind="search")
def search(request: HttpRequest, given: Question) -> dict[str, shapes.Answers]:
    """People by any spelling, acts, places, sources and passages by their words, each with why it answers."""
    if given.in_ and given.in_ not in KINDS:
        raise InvalidValue(
            "there is no kind {kind!r} of answers; there are {kinds}", kind=given.in_, kinds=", ".join(KINDS)
        )
    keys = {
        "q": given.q,
        "violation": given.violation,
        "place": given.place,
        "from": given.from_,
        "to": given.to,
        "source-kind": given.source_kind,
        "consent": given.consent,
        "list": given.list_,
    }
    question = criteria_of(keys)
    if question.empty:
        raise InvalidValue("say what to look for: words, or a filter")
    kinds = (given.in_,) if given.in_ else tuple(KINDS)
    found = telling.answers(desk_of(request), question, kinds, given.most)
    seen(request, [one["id"] for group in found.values() for one in group["found"]], question.words)
    return found


@router.get("/persons", response=shapes.Page[shapes.Named], tags=["records"])
@asks("identity.read")
def persons(request: HttpRequest, page: PageNumber = 1) -> Any:
    """People by name, then those without one. Those of a name are found by ``POST /search``."""
    found = paged(telling.Everybody(desk_of(request)), page, lambda one: one)
    seen(request, [one["id"] for one in found["items"]])
    return found


@router.get("/sources", response=shapes.Page[shapes.SourceSaid], tags=["records"])
@asks("record.read")
def sources(request: HttpRequest, page: PageNumber = 1) -> Any:
    """Sources, by id."""
    found = paged(queries.sources_seen(desk_of(request)).order_by("id"), page, answers.source)
    seen(request, [one["id"] for one in found["items"]])
    return found


@router.get("/records/{id_}", response=shapes.Record, tags=["records"])
@asks("record.read")
def record(request: HttpRequest, id_: str) -> shapes.Record:
    """A person, an act or a source by its id: every claim, who said it, and where in the source."""
    found = telling.record(desk_of(request), id_)
    if found is None:
        raise NotFound("there is no record of this id here that this token may see")
    seen(request, [id_])
    return telling.said(found)


class Correction(Strict):
    to: Annotated[str, Field(max_length=100_000)]
    because: Annotated[str, Field(max_length=100_000)]


def _corrected(done: correcting.Corrected) -> shapes.Corrected:
    return {"correction": done.id, "old": done.old, "new": done.new}


@router.post("/claims/{claim}/correction", response=shapes.Corrected, tags=["records"])
@asks("claim.correct")
def correct(request: HttpRequest, claim: str, given: Correction) -> shapes.Corrected:
    """Put a claim right that was recorded wrongly. The old one stays to be read, and is used for nothing more."""
    return _corrected(correcting.correct(desk_of(request), claim, given.to, given.because))


@router.delete("/claims/{claim}/correction", response=shapes.Corrected, tags=["records"])
@asks("claim.correct")
def correct_undo(request: HttpRequest, claim: str) -> shapes.Corrected:
    """Take a correction back."""
    return _corrected(correcting.undo(desk_of(request), claim))


# Lists that come in


@router.get("/imports", response=shapes.Page[shapes.ImportSaid], tags=["imports"])
@asks("record.read")
def imports_(request: HttpRequest, page: PageNumber = 1) -> Any:
    """Files that came in, newest first."""
    return paged(imports.imports_seen(desk_of(request)), page, imports.said)


@router.get("/imports/{number}/rows", response=shapes.Page[shapes.RowCame], tags=["imports"])
@asks("record.read")
def import_rows(request: HttpRequest, number: int, page: PageNumber = 1) -> Any:
    """What an import added and changed."""
    desk = desk_of(request)
    row = imports.import_seen(desk, number)
    seen(request, [row.id])
    return paged(imports.rows_said(imports.came_with(desk, row)), page, lambda one: one)


def _upload(request: HttpRequest, id_: str) -> Any:
    found = None if opened.current().hub else uploads.upload(desk_of(request), id_)
    if found is None:
        raise NotFound("there is no file of this id here")
    return found


def _waiting(one: Any) -> shapes.UploadSaid:
    return {
        "id": one.id,
        "name": one.name,
        "size": one.size,
        "sha256": one.digest,
        "state": one.state,
        "step": one.step,
        "share": one.share,
        "choices": one.choices,
        "found": one.found,
        "report": one.report,
    }


@router.get("/uploads", response=shapes.Page[shapes.UploadSaid], tags=["imports"])
@asks("record.receive")
def given_files(request: HttpRequest, page: PageNumber = 1) -> Any:
    """Files that were given, newest first."""
    return paged(uploads.uploads(desk_of(request)), page, _waiting)


@router.post("/uploads", response=shapes.UploadSaid, tags=["imports"])
@asks("record.receive")
def give(request: HttpRequest, file: File[UploadedFile], case: str = "") -> shapes.UploadSaid:
    """Give a list, an export or a document of at most 64 MB. It waits, encrypted; nothing of it is taken in yet."""
    case_ = case or str(request.POST.get("case", ""))
    return _waiting(importing.give(desk_of(request), file.name or "file", file.read(), case_))


@router.get("/uploads/{id_}", response=shapes.UploadSaid, tags=["imports"])
@asks("record.receive")
def given_file(request: HttpRequest, id_: str) -> shapes.UploadSaid:
    """Where a file stands: what was chosen, how far it is read, what the check found, or what was taken in."""
    return _waiting(_upload(request, id_))


class Chosen(Strict):
    """``choices``: those to change, by the names that the upload has them under."""

    choices: dict[str, Any]


@router.post("/uploads/{id_}/choices", response=shapes.UploadSaid, tags=["imports"])
@asks("record.receive")
def choose(request: HttpRequest, id_: str, given: Chosen) -> shapes.UploadSaid:
    """Change what a list is taken for. What a check found before counts no longer."""
    one = _upload(request, id_)
    importing.choose(desk_of(request), one, _choices({**one.choices, **given.choices}))
    return _waiting(_upload(request, id_))


def _choices(said: dict[str, Any]) -> choosing.Choices:
    try:
        return choosing.Choices.from_json(said)
    except (TypeError, AttributeError, KeyError) as error:
        raise InvalidValue("these are no choices of a list: change those that the upload shows") from error


@router.post("/uploads/{id_}/check", response=shapes.UploadSaid, tags=["imports"])
@asks("record.receive")
def check(request: HttpRequest, id_: str) -> shapes.UploadSaid:
    """Have every row read. It goes on beside; ask the upload until its state is ``checked``."""
    importing.check(desk_of(request), _upload(request, id_))
    return _waiting(_upload(request, id_))


@router.post("/uploads/{id_}/take-in", response=shapes.UploadSaid, tags=["imports"])
@asks("record.receive")
def take_in(request: HttpRequest, id_: str) -> shapes.UploadSaid:
    """Have a checked list taken in. It goes on beside; ask the upload until its state is ``done``."""
    one = _upload(request, id_)
    importing.take_in(desk_of(request), one, _choices(one.choices))
    return _waiting(_upload(request, id_))


@router.post("/uploads/{id_}/cancel", response={204: None}, tags=["imports"])
@asks("record.receive")
def cancel(request: HttpRequest, id_: str) -> tuple[int, None]:
    """End what waits or is under way. What was not taken in whole is not taken in."""
    importing.cancel(desk_of(request), _upload(request, id_))
    return 204, None


@router.delete("/uploads/{id_}", response={204: None}, tags=["imports"])
@asks("record.receive")
def discard(request: HttpRequest, id_: str) -> tuple[int, None]:
    """Put a file aside that was not taken in, and erase it."""
    importing.discard(desk_of(request), _upload(request, id_))
    return 204, None


# Cases, pairs, estimates, the journal


@router.get("/cases", response=shapes.Page[shapes.CaseSaid], tags=["records"])
@asks("record.read")
def cases(request: HttpRequest, page: PageNumber = 1) -> Any:
    """Cases that the account sees, open ones first."""
    return paged(queries.cases_seen(desk_of(request)), page, answers.case)


@router.get("/pairs", response=shapes.Page[shapes.PairSaid], tags=["review"])
@asks("pair.read")
def pairs(request: HttpRequest, second: bool = False, page: PageNumber = 1) -> Any:
    """Pairs that wait for a judgement, the one worth most first. ``second``: those that another reviewer judged and
    you did not, without what was said."""

    def said(row: Any) -> shapes.PairSaid:
        return {
            "pair": row.pk,
            "left": row.left,
            "right": row.right,
            "probability": row.probability,
            "origin": row.origin,
        }

    found = paged(review.waiting(request.user, second=second), page, said)
    seen(request, [one[side] for one in found["items"] for side in ("left", "right")])
    return found


@router.get("/held", response=shapes.Page[shapes.HeldSaid], tags=["review"])
@asks("pair.read")
def held(request: HttpRequest, page: PageNumber = 1) -> Any:
    """People of ours whom another member holds too, as private linkage told, the nearest first, judged or not."""
    found = paged(holding.pairs(request.user), page, holding.told(request.user))
    seen(request, [one["person"] for one in found["items"]])
    return found


@router.get("/estimates", response=shapes.Page[shapes.EstimateSaid], tags=["estimates"])
@asks("estimate.read")
def estimates(request: HttpRequest, page: PageNumber = 1) -> Any:
    """Estimates that were asked for, newest first, without their results."""
    found = paged(
        estimating.runs(request.user), page, lambda row: {**estimates_json.run(row, whole=False), "result": None}
    )
    seen(request, [one["id"] for one in found["items"]])
    return found


@router.get("/estimates/{id_}", response=shapes.EstimateSaid, tags=["estimates"])
@asks("estimate.read")
def estimate(request: HttpRequest, id_: str) -> Any:
    """An estimate with its result in three parts, or why there is none."""
    found = estimating.run(request.user, id_)
    if found is None:
        raise NotFound("there is no estimate of this id here that this token may see")
    seen(request, [id_])
    return estimates_json.run(found)


class Looked(Strict):
    """``about``: an id; ``by``: an account; ``asked``: words of a search. All of them may be empty."""

    about: Short = ""
    by: Short = ""
    asked: Short = ""
    page: Annotated[int, Field(ge=1, le=100_000)] = 1


@router.post("/journal", response=shapes.Page[shapes.JournalLine], tags=["accounts"])
@asks("journal.read")
def journal(request: HttpRequest, given: Looked) -> Any:
    """Who saw and did what, newest first."""
    rows = journal_lines.lines(desk_of(request), about=given.about, by=given.by, asked=given.asked)
    found = paged(rows, given.page, lambda row: row)
    return {**found, "items": [one.as_json() for one in journal_lines.entries(found["items"])]}


# What leaves


class Asked(Strict):
    """What a release is to hold, and for whom. There is no default audience."""

    audience: Audience
    body: str = ""
    title: str = ""
    case: str = ""
    until: date | None = None
    claims: list[str] | None = None
    names: bool = True
    estimate: bool = False
    campaign: bool = False
    words: Annotated[list[str], Field(default_factory=list)]
    files: Annotated[list[str], Field(default_factory=list)]

    def value(self) -> making.Asked:
        wanted = None if self.claims is None else frozenset(self.claims)
        return making.Asked(
            self.audience,
            self.body,
            self.title,
            self.case,
            None,
            self.until,
            wanted,
            self.names,
            estimate=self.estimate,
            public=self.campaign,
            words=frozenset(self.words),
            files=frozenset(self.files),
        )


@router.post("/releases/preview", response=shapes.ReleasePreview, tags=["releases"])
@asks("release.make")
def preview(request: HttpRequest, given: Asked) -> Any:
    """What a release would hold, and what would stay and why. Nothing is made."""
    desk = desk_of(request)
    shown = making.preview(desk, given.value())
    going = naming.going(desk, shown.release.items, written=shown.release.words_beside)
    seen(request, [] if going is None else [one.person for one in going.people])
    until = None if shown.release.until is None else shown.release.until.isoformat()
    return {
        "title": shown.release.title,
        "audience": given.audience,
        "body": given.body,
        "until": until,
        "needs_second": shown.release.needs_second,
        **shown.as_json(),
    }


@router.post("/releases", response=shapes.ReleaseSaid, tags=["releases"])
@asks("release.make")
def make(request: HttpRequest, given: Asked) -> Any:
    """Make a release: kept and sealed. Nothing has left by that. Where names go, a second person confirms it first."""
    desk = desk_of(request)
    number = making.make(desk, given.value())
    return summaries.Summary.as_json(summaries.made(desk, number))


@router.get("/releases", response=shapes.Page[shapes.ReleaseSaid], tags=["releases"])
@asks("release.read")
def releases(request: HttpRequest, page: PageNumber = 1) -> Any:
    """Releases, newest first: to whom, what was given of each, and what was taken back since."""
    found = paged(summaries.all_releases(desk_of(request)), page, summaries.Summary.as_json)
    seen(request, [f"release/{one['release']}" for one in found["items"]])
    return found


@router.get("/releases/{number}", response=shapes.ReleaseSaid, tags=["releases"])
@asks("release.read")
def release(request: HttpRequest, number: int) -> Any:
    """A release with what became of it."""
    seen(request, [f"release/{number}"])
    return summaries.one_release(desk_of(request), number).as_json()


class Form(Strict):
    form: Literal["json", "dossier", "package", "ftm", "uwazi", "bayanat"]
    to: Annotated[str, Field(max_length=200)] = ""


_ENDINGS = {"json": "json", "dossier": "pdf", "package": "zip", "ftm": "ftm.json", "uwazi": "csv", "bayanat": "csv"}


@router.post("/releases/{number}/files", tags=["releases"])
@asks("release.give")
def release_file(request: HttpRequest, number: int, given: Form) -> HttpResponse:
    """A release as one file for its receiver. What was given is kept by its SHA-256. It asks the passphrase again."""
    content = giving.handed_over(desk_of(request), number, given.form, given.to)
    return file(content, f"release-{number}.{_ENDINGS[given.form]}")


# The coalition


@router.get("/statements", response=shapes.Page[shapes.StatementSaid], tags=["coalition"])
@asks("statement.read")
def statements(request: HttpRequest, page: PageNumber = 1) -> Any:
    """Joint statements, the one that changed last first."""

    def said(row: Any) -> shapes.StatementSaid:
        deadline = None if row.deadline is None else row.deadline.isoformat()
        return {
            "name": row.name,
            "title": row.title,
            "phase": row.phase,
            "deadline": deadline,
            "changed": row.changed.isoformat(),
        }

    return paged(campaign.statements_listed(desk_of(request)), page, said)


OWN_ADDRESSES: Sequence[str] = (  # acts that have an address of their own above
    "claim.correct",
    "import.give",
    "import.choose",
    "import.check",
    "import.take-in",
    "import.cancel",
    "import.discard",
    "draft.attach",
    "release.make",
    "release.hand-over",
    "mailbox.post",
    "mailbox.fill",
    "mailbox.take",
    "mailbox.take-back",
)
