"""The witness over HTTP (C2SP tlog-witness), and the pages of witnesses and alarms."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from corroborate.custody import Checkpoint, Note
from corroborate.custody.enrolment import fingerprint_words
from corroborate.custody.witness import NOTE_TYPE
from corroborate.errors import CorroborateError, InvalidValue, NotAllowed
from corroborate_node.core import opened
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.queries import PAGE
from corroborate_node.core.rooms import invented
from corroborate_node.core.wording import Words, language_of
from corroborate_node.log import actions, keeping, queries, scheduled, withdrawals
from corroborate_node.log.forms import BackupForm, CopyForm, SettleForm

LARGEST = 1 << 20  # bytes of a request, as Django is told as well


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@csrf_exempt
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """POST …/add-checkpoint. Nobody logs in: the signature under the checkpoint is what is checked."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse("the request is too long\n", status=400, content_type=NOTE_TYPE)
    try:
        answer = actions.answer(desk_of(request).system("witness"), request.body)
    except NotAllowed as error:  # an older copy of itself: it does not know what it cosigned last
        return HttpResponse(f"{error}\n", status=503, content_type=NOTE_TYPE)
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)


def watched(request: HttpRequest, digest: str) -> HttpResponse:
    """GET …/<SHA-256 of the origin>/checkpoint: the newest that this witness cosigned of a log, for monitors."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    for row in queries.cosigned_logs():
        if hashlib.sha256(row.origin.encode()).hexdigest() == digest:
            return HttpResponse(bytes(row.note), content_type=NOTE_TYPE)
    return HttpResponse("no checkpoint of this log was cosigned here\n", status=404, content_type=NOTE_TYPE)


@login_required
def witnesses(request: HttpRequest) -> HttpResponse:
    """Who cosigned whom, when, and what is yet to be compared."""
    vault = opened.current()
    key = vault.signer.verifier()
    return render(
        request, "witnesses.html",
        {"board": queries.board(request.user, vault.signer.name), "key": key, "words": fingerprint_words(key),
         "quorum": _quorum(), "halt": queries.signing_halt(request.user), "open": queries.open_alarms(request.user)},
    )  # fmt: skip


def _quorum() -> tuple[int, int] | None:
    """How many organisations have to cosign, and of how many; None while nobody else is enrolled."""
    try:
        policy = queries.policy(opened.current())
    except CorroborateError:
        return None
    group = policy.groups.get(str(policy.quorum))
    return (group.least, len(group.members)) if group else (1, 1)


_OF_A_COPY: dict[str, Callable[[Desk, int], object]] = {"checked": keeping.checked, "gone": keeping.gone}


def keys(request: HttpRequest) -> HttpResponse:
    """What opens the vault, the log's keys over time, and the copies of it that people noted."""
    desk, words, did = desk_of(request), Words(language_of(request), "log"), pressed(request)
    noting = BackupForm(words, request.POST if did == "note" else None, initial={"made": desk.at.date()})
    form = noting if did == "note" else CopyForm(words, request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            _keep(desk, did, form)
            return redirect("keys")
        except CorroborateError as refused:
            form.refuse(refused)
    copies, key = keeping.backups(request.user), desk.vault.signer.verifier()
    seen(request, ["keys"])
    slots, drilled = keeping.slots(desk), keeping.last_drill(request.user)
    drill = keeping.drill_due(slots, drilled, desk.at.date())
    plan = scheduled.planned(request.user)
    todo = scheduled.warned(copies, plan, desk.at)
    context = {
        "words": words, "noting": noting, "stray": form if did and form is not noting else None,
        "slots": slots, "key": key, "drilled": drilled, "drill": words[drill] if drill else "",
        "changes": [(words[one.why], one) for one in keeping.changes(desk)], "staged": keeping.staged(desk),
        "halt": queries.signing_halt(request.user), "fixity": queries.fixity(request.user), "backups": copies,
        "todo": words[todo] if todo else "", "plan": plan, "carrying": {one.pk for one in withdrawals.carrying(copies)},
    }  # fmt: skip
    return render(request, "keys.html", context, status=400 if request.method == "POST" else 200)


def _keep(desk: Desk, did: str, form: BackupForm | CopyForm) -> None:
    if isinstance(form, BackupForm):
        keeping.note(desk, form.cleaned_data["made"], form.cleaned_data["place"])
    elif did in _OF_A_COPY:
        _OF_A_COPY[did](desk, form.number)
    else:
        raise InvalidValue("this page has no such act; load it again")


@login_required
def alarms(request: HttpRequest) -> HttpResponse:
    """What does not fit; settled by a person in a sentence, and never deleted."""
    words, sent = Words(language_of(request), "core"), None
    if request.method == "POST":
        sent = SettleForm(words, request.POST)
        if sent.is_valid():
            try:
                actions.settle(desk_of(request), sent.number, sent.cleaned_data["how"])
                return redirect("alarms")
            except CorroborateError as refused:
                sent.refuse(refused)
    found = queries.alarms(request.user)
    about = str(sent["alarm"].value()) if sent is not None else ""
    open_ = [
        (one, sent if sent is not None and about == str(one.id) else
         SettleForm(words, initial={"alarm": one.id}, auto_id=f"alarm-{one.id}-%s"))
        for one in found.filter(settled=None)[: queries.KEPT]
    ]  # fmt: skip
    strays = sent is not None and not any(form is sent for _, form in open_)
    return render(
        request, "alarms.html",
        {"open": open_, "settled": found.exclude(settled=None)[: queries.KEPT],
         "error": (sent.refusal[0] or "no open alarm was named") if sent is not None and strays else "",
         "fixity": queries.fixity(request.user), "halt": queries.signing_halt(request.user)},
    )  # fmt: skip


@login_required
def evidence(request: HttpRequest, number: int, which: str) -> HttpResponse:
    """The signed notes behind an alarm, as they came, to be shown to others."""
    row = queries.alarms(request.user).filter(id=number).first()
    content = b"" if row is None else bytes(row.older if which == "older" else row.newer)
    if not content:
        return HttpResponse("not there\n", status=404, content_type=NOTE_TYPE)
    name = f"alarm-{number}-{which}.checkpoint"
    return HttpResponse(
        content, content_type=NOTE_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def backups_shown(request: HttpRequest) -> str:
    """What of the backups is to be looked at, in the reader's language; empty where nothing is."""
    todo = scheduled.warning(request.user, _now())
    return Words(language_of(request), "log")[todo] if todo else ""


def log_shown(request: HttpRequest) -> dict[str, Any]:
    row, entries = queries.last_checkpoint(request.user), queries.entries(request.user).count()
    if row is None:
        return {"size": 0, "entries": entries, "waiting": entries, "witnesses": []}
    note = Note.parse(bytes(row.note))
    checkpoint = Checkpoint.parse(note.text)
    own = opened.current().signer.name
    return {
        "size": checkpoint.size, "origin": checkpoint.origin, "at": row.at, "root": checkpoint.root.hex(),
        "witnesses": sorted({one.name for one in note.signatures} - {own}),
        "entries": entries, "waiting": entries - checkpoint.size,
        "key": opened.current().signer.verifier(),
    }  # fmt: skip


@login_required
def log(request: HttpRequest) -> HttpResponse:
    """The log's state and who cosigned it."""
    page = Paginator(queries.entries(request.user), PAGE).get_page(request.GET.get("page"))
    return render(
        request, "log.html",
        {"log": log_shown(request), "page": page, "invented": invented(request.user),
         "halt": queries.signing_halt(request.user), "open_alarms": queries.open_alarms(request.user),
         "fixity": queries.fixity(request.user), "tokens": queries.tokens(request.user)[:20]},
    )  # fmt: skip
