"""What programs read of records beside the records themselves: cases, passages, words, consents, drafts, pairs,
estimates, findings, custody and the log. Each address asks what its page asks."""

import io
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, File, Query, Router, Schema, UploadedFile

from corroborate.cases.law import Law
from corroborate.client import shapes
from corroborate.custody import Checkpoint, Note, verify
from corroborate.errors import InvalidValue
from corroborate.records.reviewing import contrasts
from corroborate_node.coding import queries as coding
from corroborate_node.core import opened
from corroborate_node.core.desk import Desk
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.deadlines import actions as deadlines
from corroborate_node.estimates import comparing
from corroborate_node.estimates import queries as estimating
from corroborate_node.files import queries as files
from corroborate_node.finding import saving, screening
from corroborate_node.grants import granting
from corroborate_node.grants import queries as granted
from corroborate_node.http_api import answers
from corroborate_node.http_api.bodies import Line, Strict, draft_of
from corroborate_node.http_api.door import asks
from corroborate_node.http_api.pages_of_lists import PageNumber, paged
from corroborate_node.http_api.problems import NotFound
from corroborate_node.inquiry import as_json as inquiry_json
from corroborate_node.inquiry import assessing, naming, tying
from corroborate_node.inquiry import queries as inquiry
from corroborate_node.log import keeping
from corroborate_node.log import queries as log
from corroborate_node.recording import actions as recorded
from corroborate_node.recording import doubling
from corroborate_node.recording import queries as recording
from corroborate_node.records import codings, documents, queries, remarks
from corroborate_node.records.relied import blocked
from corroborate_node.release.history import handled
from corroborate_node.release.left import left
from corroborate_node.review import queries as review

MOST_UNPACKED = 1 << 30  # bytes of a package, as on its page
router = Router()


def _none(what: str) -> NotFound:
    return NotFound(what)


# Who outside reads what


@router.get("/grants", response=shapes.Page[shapes.GrantSaid], tags=["releases"])
@asks("grant.read")
def all_grants(request: HttpRequest, page: PageNumber = 1) -> Any:
    """Who outside may read what, the newest first. Whether consents still hold is asked anew of each by itself."""
    desk = desk_of(request)
    rows = list(granting.all_grants(desk))
    seen(request, [f"grant/{one.number}" for one in rows])
    return paged(rows, page, lambda one: granted.as_json(desk, one, granted.state_at_a_glance(desk, one)))


@router.get("/grants/{number}", response=shapes.GrantWhole, tags=["releases"])
@asks("grant.read")
def one_grant(request: HttpRequest, number: int) -> Any:
    """One of them, its state today, and what was asked under it."""
    desk = desk_of(request)
    row = _grant(desk, number)
    state, why = granted.state_now(desk, row)
    asked = [granted.question_json(one) for one in granted.questions(request.user, row)]
    closed = None if why is None else str(why)
    return {**granted.as_json(desk, row, state), "closed": closed, "questions": asked}


@router.get("/grants/{number}/seen", response=shapes.Page[shapes.GrantSeen], tags=["releases"])
@asks("grant.read")
def seen_under_grant(request: HttpRequest, number: int, page: PageNumber = 1) -> Any:
    """What its reader saw, took along and asked, and when; the newest first."""
    desk = desk_of(request)
    lines = granted.seen_lines(desk, _grant(desk, number))
    return paged(lines, page, lambda one: granted.as_seen([one])[0].as_json())


def _grant(desk: Desk, number: int) -> Any:
    try:
        return granting.seen(desk, number)
    except InvalidValue:
        raise _none("there is no grant of this number here that this token may see") from None


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


@router.get("/reviews", response=shapes.Page[shapes.DraftWaiting], tags=["recording"])
@asks("draft.review")
def reviews(request: HttpRequest, page: PageNumber = 1) -> Any:
    """Drafts that wait for a second person, or were read by one and are not sealed yet; the oldest first."""
    return paged(recording.submitted(request.user), page, answers.draft_waiting)


@router.get("/reviews/{id_}", response=shapes.DraftRead, tags=["recording"])
@asks("draft.review")
def draft_to_read(request: HttpRequest, id_: str) -> Any:
    """One of them, with what stands in it and what was said of it. A person approves it, by their own log-in."""
    found = recording.one_submitted(request.user, id_)
    if found is None:
        raise _none("there is no draft of this id here that waits, and that this token may see")
    seen(request, [id_])
    return answers.draft_read(found)


@router.get("/double-codings", response=shapes.Page[shapes.DoubleCoding], tags=["recording"])
@asks("identity.read")
def double_codings(request: HttpRequest, page: PageNumber = 1) -> Any:
    """Sources that two people code without seeing each other's coding."""
    return paged(doubling.seen(request.user), page, answers.double_coding)


@router.get("/double-codings/{id_}", response=shapes.DoubleCompared, tags=["recording"])
@asks("identity.read")
def double_coding(request: HttpRequest, id_: str) -> Any:
    """One of them; both codings beside each other once both are done, and to nobody before."""
    row = doubling.seen(request.user).filter(id=id_).first()
    if row is None:
        raise _none("no source is coded by two people under this id that this token may see")
    seen(request, [id_])
    return answers.double_compared(desk_of(request), row)


@router.get("/sources/{source}/deadlines", response=list[shapes.DeadlineSaid], tags=["recording"])
@asks("identity.read")
def source_deadlines(request: HttpRequest, source: str) -> Any:
    """Days of a source: what whoever told it was promised, until when it is kept."""
    seen(request, [source])
    return [answers.deadline(one) for one in deadlines.of_source(request.user, source)]


@router.get("/sources/{source}/files", response=list[shapes.FileSaid], tags=["records"])
@asks("identity.read")
def source_files(request: HttpRequest, source: str) -> Any:
    """The sealed files that a source was read from, and the copies made of them."""
    seen(request, [source])
    desk = desk_of(request)
    return [answers.file(desk, one) for one in files.files_of(request.user, source)]


@router.get("/files/{file}", response=shapes.FileSaid, tags=["records"])
@asks("identity.read")
def one_file(request: HttpRequest, file: str) -> Any:
    """A sealed file: what it is, where it came from, what was made of it. Its bytes leave by no token."""
    row = files.file_seen(request.user, file)
    if row is None:
        raise _none("no file of this id is kept here that this token may see")
    seen(request, [file])
    return answers.file(desk_of(request), row)


@router.get("/sources/{source}/remarks", response=list[shapes.RemarkSaid], tags=["recording"])
@asks("identity.read")
def source_remarks(request: HttpRequest, source: str) -> Any:
    """What people who work on a source say of it to each other, the oldest first."""
    seen(request, [source])
    return [answers.remark(one) for one in remarks.of_source(request.user, source)]


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


@router.get("/findings/{element}", response=shapes.FindingWhole, tags=["findings"])
@asks("finding.read")
def finding(request: HttpRequest, element: str) -> Any:
    """One finding: every claim for and against it, and what it hangs on."""
    lineup = inquiry.lined_up(request.user)
    found = lineup.finding(element)
    if found is None:
        raise _none("there is no such element of a crime; GET /findings lists them")
    people = inquiry.corroborations(request.user, lineup, found, lineup.people(found))
    seen(request, ["findings"])
    return inquiry_json.whole(lineup, found, people)


@router.get("/matrix", response=shapes.MatrixSaid, tags=["findings"])
@asks("finding.read")
def matrix(request: HttpRequest, case: Annotated[str, Query(max_length=150)] = "", law: Law = "article_7") -> Any:
    """Elements of crimes with their doubts, evidence that people set beside them, and how they were judged."""
    made = assessing.matrix_of(request.user, case, law)
    seen(request, ["findings", *([made.case] if made.case else [])])
    return inquiry_json.matrix(made)


@router.get("/namings", response=list[shapes.NamingSaid], tags=["findings"])
@asks("identity.read")
def namings(request: HttpRequest) -> Any:
    """Decisions on who is named as said to have done something, to whom, and how each stands."""
    listed = naming.listed(request.user, datetime.now(UTC).date())
    seen(request, ["naming", *(one.row.who_id for one in listed)])
    return inquiry_json.namings(listed)


@router.get("/sources/{source}/ties", response=list[shapes.TieSaid], tags=["findings"])
@asks("identity.read")
def ties(request: HttpRequest, source: str) -> Any:
    """What people said of a source and others that do not know independently of it."""
    if not queries.record_seen(request.user, source):
        raise _none("there is no source of this id here that this token may see")
    seen(request, [source])
    return inquiry_json.ties(tying.ties_seen(request.user, source))


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
