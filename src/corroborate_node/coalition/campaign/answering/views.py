"""The page Sign of a member's own vault: what a hub asks, dropped there as a file, and the answers to take back."""

from functools import cache
from importlib import resources

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from corroborate.coalition import invitations, statements
from corroborate.custody.enrolment import fingerprint_words
from corroborate.errors import CorroborateError, InvalidValue
from corroborate.values import Digest
from corroborate_node.coalition.campaign import actions, forms
from corroborate_node.coalition.campaign.answering import answers
from corroborate_node.coalition.campaign.pages import SCRIPTS, as_file, drawn, words_of
from corroborate_node.core import opened
from corroborate_node.core.gate import desk_of, scripted


@scripted(SCRIPTS)
@login_required
def sign(request: HttpRequest) -> HttpResponse:
    """What waits for this member's answer: one alone is shown at once. A file that is dropped here is kept."""
    vault = opened.current()
    if vault.hub:
        raise Http404
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = forms.RequestForm(words_of(request), *given)
    if form.is_valid():
        try:
            kept = answers.receive(desk_of(request), form.cleaned_data["request"][1])
        except CorroborateError as refused:
            form.refuse(refused)
        else:
            return HttpResponseRedirect(f"/sign/{kept.id}")
    waits = answers.waiting(request.user)
    if request.method == "GET" and len(waits) == 1 and "all" not in request.GET:
        return HttpResponseRedirect(f"/sign/{waits[0].id}")
    answered = [one for one in answers.requests(request.user) if one.answered is not None]
    return drawn(
        request,
        "sign",
        {
            "form": form,
            "waits": waits,
            "answered": answered[:50],
            "key": vault.signer.verifier(),
            "spoken": " ".join(fingerprint_words(vault.signer.verifier())),
        },
        sent=form,
    )


@scripted(SCRIPTS)
@login_required
def request_(request: HttpRequest, id_: str) -> HttpResponse:
    """One request: its exact words, what changed since the last answer, and the choices, none of them made."""
    if opened.current().hub:
        raise Http404
    try:
        one = answers.asked(id_)
    except InvalidValue:
        raise Http404 from None
    form = forms.AnswerForm(words_of(request), one.packet, *((request.POST,) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            file = answers.answer(
                desk_of(request), id_, form.cleaned_data["choice"], form.approved, form.cleaned_data.get("reason", "")
            )
        except CorroborateError as refused:
            form.refuse(refused)
        else:
            return _answer(one, file)
    return _shown(request, one, form)


def _shown(request: HttpRequest, one: answers.Asked, form: forms.AnswerForm) -> HttpResponse:
    first, before = one.packet.first, answers.answered_before(request.user, one)
    original = Digest.of(first.original.encode()) if first.original else None
    return drawn(
        request,
        "sign-one",
        {
            "one": one,
            "asked": first,
            "others": [one.packet.others[at] for at in forms.own_language_first(one.packet, words_of(request))],
            "form": form,
            "before": before,
            "pieces": statements.difference(before.packet.first.text, first.text) if before else (),
            "digest": first.digest,
            "original_digest": original,
            "key": opened.current().signer.verifier(),
        },
        sent=form,
    )


@login_required
def answer_again(request: HttpRequest, id_: str) -> HttpResponse:
    """The file of an answer that was given, once more."""
    try:
        one = answers.asked(id_)
    except InvalidValue:
        raise Http404 from None
    if opened.current().hub or not one.answer:
        raise Http404
    return _answer(one, one.answer)


def _answer(one: answers.Asked, file: bytes) -> HttpResponse:
    first = one.packet.first
    about, kind = next(iter(first.fields.values()), "answer"), first.kind.partition(" ")[0]
    return as_file(file, "text/plain; charset=utf-8", f"{invitations.file_name(about)}.{kind}.signed")


@login_required
def our_key(request: HttpRequest) -> HttpResponse:
    """This vault's own key, as the file by which a hub records it."""
    if opened.current().hub:
        raise Http404
    name = invitations.file_name(opened.current().name)
    return as_file(actions.offer_key(desk_of(request)), "text/plain; charset=utf-8", f"{name}.enrolment")


@cache
def _script_file() -> bytes:
    return resources.files("corroborate_node.coalition.campaign").joinpath("pages.js").read_bytes()


def script(_request: HttpRequest) -> HttpResponse:
    """What pages of this room do besides: send a dropped file at once, and show times by the reader's clock."""
    return HttpResponse(_script_file(), content_type="text/javascript", headers={"Cache-Control": "max-age=3600"})
