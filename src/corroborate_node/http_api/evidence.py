"""What programs read of records beside the records themselves: cases, passages, words, consents, drafts, pairs,
estimates, findings, custody and the log. Each address asks what its page asks."""

import io
from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, File, Query, Router, Schema, UploadedFile

from corroborate.client import shapes
from corroborate.custody import Checkpoint, Note, verify
from corroborate.records.reviewing import contrasts
from corroborate_node.coding import queries as coding
from corroborate_node.core import opened
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.estimates import comparing
from corroborate_node.estimates import queries as estimating
from corroborate_node.finding import saving, screening
from corroborate_node.http_api import answers
from corroborate_node.http_api.bodies import Line, Strict, draft_of
from corroborate_node.http_api.door import asks
from corroborate_node.http_api.pages_of_lists import PageNumber, paged
from corroborate_node.http_api.problems import NotFound
from corroborate_node.inquiry import queries as inquiry
from corroborate_node.log import keeping
from corroborate_node.log import queries as log
from corroborate_node.recording import actions as recorded
from corroborate_node.recording import queries as recording
from corroborate_node.records import codings, documents, queries
from corroborate_node.records.relied import blocked
from corroborate_node.release.history import handled
from corroborate_node.release.left import left
from corroborate_node.review import queries as review

MOST_UNPACKED = 1 << 30  # bytes of a package, as on its page
router = Router()


def _none(what: str) -> NotFound:
    return NotFound(what)


# Cases, passages, words


@router.get("/cases/{case}", response=shapes.CaseWhole, tags=["records"])
@asks("record.read")
def case(request: HttpRequest, case: str, page: PageNumber = 1) -> Any:
    """A case with the sources that are filed in it, page by page."""
    found = queries.cases_seen(request.user).filter(id=case).first()
    if found is None:
        raise _none("there is no case of this id here that this token may see")
    part = paged(queries.filed_in(request.user, found.id), page, answers.source)
    seen(request, [found.id, *(one["id"] for one in part["items"])])
    return {**answers.case(found), "sources": part["items"], "page": page, "more": part["more"]}


@router.get("/sources/{source}/passages", response=shapes.PassagesOf, tags=["records"])
@asks("identity.read")
def passages(request: HttpRequest, source: str) -> Any:
    """Passages of a document or an interview, with what was coded from each."""
    found = codings.shown(request.user, list(documents.passages_seen(request.user, source)))
    if not found:
        raise _none("there are no passages of this source here that this token may see")
    seen(request, [source])
    return {"source": source, "passages": [answers.passage(one) for one in found]}


@router.get("/sources/{source}/passages/{number}", response=shapes.PassageSaid, tags=["records"])
@asks("identity.read")
def passage(request: HttpRequest, source: str, number: int) -> Any:
    """One passage with what was coded from it; code more with the act ``passage.code``."""
    row = documents.passages_seen(request.user, source).filter(number=number).first()
    if row is None:
        raise _none("there is no passage of this number here that this token may see")
    seen(request, [source])
    return answers.passage(codings.shown(request.user, [row])[0])


@router.get("/words", response=shapes.WordsKnown, tags=["records"])
@asks("word.code")
def words(request: HttpRequest, most: Annotated[int, Query(ge=1, le=100_000)] = 200) -> Any:
    """Words of lists that nobody coded, those of most cells first, and words that were taught."""
    desk = desk_of(request)
    found = answers.words_known(desk, most)
    seen(request, [one["source"] for one in found["waiting"]])
    return found


class WordsAsked(Strict):
    words: Line


@router.post("/words/changes", response=list[shapes.CellChanged], tags=["records"])
@asks("word.code")
def words_changes(request: HttpRequest, given: WordsAsked) -> Any:
    """Cells that were taken in before, and that taught words tell otherwise; the act ``word.apply`` records it."""
    row = coding.taught_word(request.user, given.words)
    if row is None:
        raise _none("these words were not taught here")
    found = coding.changes(request.user, row)
    seen(request, [one.person for one in found])
    return [answers.cell_changed(one) for one in found]


@router.get("/consents", response=shapes.ConsentsSaid, tags=["records"])
@asks("identity.read")
def consents(request: HttpRequest) -> Any:
    """Consents that the vault does not rely on, and every package that left under one."""
    waiting, gone = blocked(request.user), left(request.user)
    seen(request, [one.source for one in waiting])
    return answers.consents(waiting, gone)


@router.get("/searches", response=list[shapes.SearchSaved], tags=["records"])
@asks("record.read")
def searches(request: HttpRequest) -> Any:
    """One's own saved searches."""
    return [answers.search(one) for one in saving.searches(desk_of(request))]


class Screened(Strict):
    text: Annotated[str, Field(max_length=screening.LONGEST)]


@router.post("/screenings", response=list[shapes.MentionSaid], tags=["records"])
@asks("identity.read")
def screen(request: HttpRequest, given: Screened) -> Any:
    """Whom of the vault's people a text may name, and how little that says. Nothing of the text is kept."""
    found = screening.screen(request.user, given.text)
    seen(request, [person.id for one in found for person in one.people])
    return [answers.mention(one) for one in found]


# Recording by hand


@router.get("/drafts", response=shapes.Page[shapes.DraftSaid], tags=["recording"])
@asks("record.enter")
def drafts(request: HttpRequest, page: PageNumber = 1) -> Any:
    """What one's own account is typing, newest first."""
    return paged(recording.drafts(request.user), page, answers.draft)


@router.get("/drafts/{id_}", response=shapes.DraftSaid, tags=["recording"])
@asks("record.enter")
def draft(request: HttpRequest, id_: str) -> Any:
    """One of one's own drafts; replaced with the act ``draft.keep``, recorded with ``draft.record``."""
    found = recording.draft(request.user, id_)
    if found is None:
        raise _none("you have no draft of this id")
    return answers.draft(found)


@router.post("/drafts/{id_}/files", response=shapes.DraftSaid, tags=["recording"])
@asks("record.enter")
def attach(request: HttpRequest, id_: str, file: File[UploadedFile], passages: bool = False) -> Any:
    """Lay a file beside a draft, sealed: a recording, notes, or a transcript (``passages``) that is read into
    passages."""
    found = draft_of(desk_of(request), id_)
    recorded.attach(desk_of(request), found, file.name or "file", file.read(), passages=passages)
    return answers.draft(found)


# Pairs


@router.get("/pairs/{number}", response=shapes.PairWhole, tags=["review"])
@asks("pair.read")
def pair(request: HttpRequest, number: int, second: bool = False) -> Any:
    """Two entries side by side. ``second``: as for a second judgement, without what others said before one's own."""
    one = review.pairs(request.user).filter(pk=number).first()
    if one is None:
        raise _none("there is no pair of this number here that this token may see")
    seen(request, [one.left, one.right])
    sides = (review.claims_about(request.user, end) for end in (one.left, one.right))
    said = review.of_pair(request.user, one.left, one.right)
    mine = [each for each in said if each.by == desk_of(request).by]
    blind = second and not any(each.withdrawn is None for each in mine)
    names = queries.names_of(request.user, [one.left, one.right])
    return {
        "pair": one.pk,
        "left": one.left,
        "right": one.right,
        "names": [names.get(end, "") for end in (one.left, one.right)],
        "probability": one.probability,
        "contrasts": [answers.contrast(each) for each in contrasts(*sides)],
        "judgements": [answers.judgement(each) for each in (mine if blind else said)],
    }


@router.get("/judgements", response=shapes.Page[shapes.JudgementSaid], tags=["review"])
@asks("pair.read")
def judgements(request: HttpRequest, page: PageNumber = 1) -> Any:
    """All judgements on pairs, newest first, those that were taken back among them."""
    found = paged(review.history(request.user), page, answers.judgement)
    seen(request, [one[side] for one in found["items"] for side in ("left", "right")])
    return found


@router.get("/agreement", response=list[shapes.AgreementSaid], tags=["review"])
@asks("pair.read")
def agreement(request: HttpRequest) -> Any:
    """How far every two reviewers agree on pairs that both judged."""
    return [answers.agreement(one) for one in review.agreement(request.user)]


# Estimates and findings


@router.get("/lists", response=list[shapes.ListHere], tags=["estimates"])
@asks("estimate.make")
def lists(request: HttpRequest) -> Any:
    """Lists of this vault that can be counted; an estimate is asked for with the act ``estimate.make``."""
    return [asdict(one) for one in estimating.lists_here(request.user)]


class Runs(Schema):
    run: Annotated[list[str], Field(min_length=2, max_length=6)]


@router.get("/comparison", response=dict[str, Any], tags=["estimates"])
@asks("estimate.read")
def compare_estimates(request: HttpRequest, given: Query[Runs]) -> Any:
    """Two estimates or more: what differs in their inputs, what is alike, and each result."""
    found = estimating.runs_of(request.user, given.run)
    if len(found) < 2:
        raise _none("give the ids of two estimates at least that this token may see")
    seen(request, [one.id for one in found])
    return comparing.as_json(found)


@router.get("/findings", response=list[shapes.FindingSaid], tags=["findings"])
@asks("finding.read")
def findings(request: HttpRequest) -> Any:
    """Elements of crimes against the evidence: claims for and against, independent roots, and gaps."""
    seen(request, ["findings"])
    return [answers.finding(one) for one in inquiry.found(request.user)]


@router.get("/documents/{kind}", response=shapes.DocumentSaid, tags=["findings"])
@asks("today.read")
def shown_document(request: HttpRequest, kind: str) -> Any:
    """What this node was given to show: estimate, findings, members, statements, demands or overlap."""
    found = queries.document(request.user, kind)
    if found is None:
        raise _none("nothing of this kind was given here that this token may see")
    asked = {"estimate": "estimate.read", "findings": "finding.read"}.get(kind)
    if asked is not None:
        desk_of(request).require(asked)
    seen(request, [f"document/{kind}"])
    return {"kind": kind, "invented": found.invented, "at": found.at.isoformat(), "body": found.body}


# Custody


@router.get("/custody/{record}", response=shapes.CustodySaid, tags=["custody"])
@asks("record.read")
def custody(request: HttpRequest, record: str) -> Any:
    """What became of a record since it was taken in: sealed, cosigned, packed, withdrawn; and whose clock says when."""
    known = record if queries.record_seen(request.user, record) else ""
    entry = log.entries_of(known).filter(kind__in=("entity", "source", "consent", "claim")).first()
    if entry is None:
        raise _none("there is no record of this id here that this token may see")
    seen(request, [record])
    return answers.custody(handled(request.user, entry, opened.current()))


@router.get("/log", response=shapes.LogSaid, tags=["custody"])
@asks("log.read")
def log_(request: HttpRequest) -> Any:
    """The newest signed checkpoint of this node's log, who cosigned it, and what waits."""
    signer, row = opened.current().signer, log.last_checkpoint(request.user)
    own, found = signer.verifier(), log.signing_halt(request.user)
    made: dict[str, Any] = {"size": 0, "origin": None, "root": None, "at": None, "witnesses": []}
    if row is not None:
        note = Note.parse(bytes(row.note))
        checkpoint = Checkpoint.parse(note.text)
        names = sorted({one.name for one in note.signatures} - {signer.name})
        made = {
            "size": checkpoint.size,
            "origin": checkpoint.origin,
            "root": checkpoint.root.hex(),
            "at": row.at.isoformat(),
            "witnesses": names,
        }
    more = {"key": str(own), "alarms": log.open_alarms(request.user), "rollback": found.state if found else None}
    return {**made, **more, "waiting": log.entries(request.user).count() - made["size"]}


@router.get("/log/entries", response=shapes.Page[shapes.LogEntrySaid], tags=["custody"])
@asks("log.read")
def log_entries(request: HttpRequest, page: PageNumber = 1) -> Any:
    """Entries of the log, newest first: commitments, and never what they seal."""
    return paged(log.entries(request.user), page, answers.entry)


@router.get("/witnesses", response=list[shapes.WitnessSaid], tags=["custody"])
@asks("log.read")
def witnesses(request: HttpRequest) -> Any:
    """Members whose logs this node watches, and what they cosigned of its own."""
    return [answers.witness(one) for one in log.board(request.user, opened.current().signer.name)]


@router.get("/alarms", response=shapes.Page[shapes.AlarmSaid], tags=["custody"])
@asks("log.read")
def alarms(request: HttpRequest, page: PageNumber = 1) -> Any:
    """What does not fit, open ones first; settled with the act ``alarm.settle``, and never deleted."""
    return paged(log.alarms(request.user), page, answers.alarm)


@router.get("/keys", response=shapes.KeysSaid, tags=["custody"])
@asks("key.keep")
def keys(request: HttpRequest) -> Any:
    """What opens the vault, how its log's key changed, and the copies that people noted. It asks the passphrase."""
    desk = desk_of(request)
    copies = keeping.backups(request.user)
    seen(request, ["keys"])
    return {
        "key": str(desk.vault.signer.verifier()),
        "slots": [asdict(one) for one in keeping.slots(desk)],
        "changes": [{**asdict(one), "at": one.at.isoformat()} for one in keeping.changes(desk)],
        "staged": keeping.staged(desk),
        "backups": [_backup(one) for one in copies],
        "advice": keeping.advice(copies, desk.at.date()),
    }


def _backup(one: Any) -> dict[str, object]:
    return {
        "number": one.pk,
        "made": one.made.isoformat(),
        "place": one.place,
        "noted_by": one.noted_by,
        "checked": answers.moment(one.checked),
        "checked_by": one.checked_by,
        "gone": answers.moment(one.gone),
    }


@router.post("/verifications", response=shapes.VerdictSaid, tags=["custody"])
@asks("package.verify")
def verify_package(request: HttpRequest, package: File[UploadedFile], policy: File[UploadedFile | None] = None) -> Any:
    """The verdict on a package, under its own policy or one that is given. Nothing of it is kept."""
    content = io.BytesIO(package.read())
    content.name = package.name or "package.zip"
    found = verify.verify(content, policy.read() if policy else None, most=MOST_UNPACKED)
    failures = [str(one) for one in found["failures"]]
    return {"verdict": found["verdict"], "checked": found["checked"], "failures": failures}
