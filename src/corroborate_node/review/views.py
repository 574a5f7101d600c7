"""The review pages: one pair at a time, made for the keyboard, right without a script."""

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from corroborate.errors import CorroborateError, InvalidValue
from corroborate.records import Claim, write_value
from corroborate.records.reviewing import Contrast, contrasts, marked
from corroborate_node.core import opened
from corroborate_node.core.filters import shown, titled
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, scripted, seen
from corroborate_node.core.queries import PAGE
from corroborate_node.core.wording import Words, language_of
from corroborate_node.records import queries as kept
from corroborate_node.review import actions, held_queries, queries
from corroborate_node.review.forms import JudgeForm, PartForm, QueueForm

needs_script = scripted({"script-src": ["'self'"]})
MARKED = ("name", "alias", "nickname", "birth_date", "event_date", "facility", "origin", "event_place")
_SIGNS = {"same": "=", "alike": "≈", "differs": "≠", "one side": "–"}


def words(request: HttpRequest) -> Words:
    """The page's words in the reader's language."""
    return Words(language_of(request), "review")


def on_page(request: HttpRequest, template: str, more: dict[str, Any]) -> HttpResponse:
    here = {"w": words(request), "page_lang": language_of(request), "invented": kept.invented(request.user)}
    return render(request, template, here | more)


def spoken_around(request: HttpRequest) -> Words:
    return Words(language_of(request), "core")


def vault_only() -> opened.Vault:
    vault = opened.current()
    if vault.hub:
        raise Http404
    return vault


@cache
def _keys() -> bytes:
    return resources.files(__package__).joinpath("keys.js").read_bytes()


def keys(_request: HttpRequest) -> HttpResponse:
    """The keys' script. It says nothing of anybody, so it may be kept."""
    return HttpResponse(_keys(), content_type="text/javascript", headers={"Cache-Control": "max-age=3600"})


def _second(request: HttpRequest) -> bool:
    form = QueueForm(request.POST or request.GET)
    return form.is_valid() and form.cleaned_data["queue"] == "second"


def _to(pair: queries.Candidate | None, second: bool, said: str = "") -> HttpResponse:
    address = "/review" if pair is None else f"/review/{pair.id}"
    asked = "&".join([*(["queue=second"] if second else []), *([said] if said else [])])
    return redirect(f"{address}?{asked}" if asked else address)


@login_required
@needs_script
def queue(request: HttpRequest) -> HttpResponse:
    """The pair worth most that waits, or what to do when none does."""
    vault_only()
    second = _second(request)
    first = queries.waiting(request.user, second=second).first()
    if first is not None:
        return _to(first, second)
    return on_page(
        request,
        "review-empty.html",
        {
            "second": second,
            "last": queries.last_of(request.user),
            "held": held_queries.waiting(request.user).exists(),
        },
    )


def _fields(
    found: Sequence[Contrast], sources: dict[str, queries.Source], w: Words, around: Words
) -> list[dict[str, Any]]:
    """Rows of the page; ``around``: the words that pages of evidence have for properties and values."""

    def side(claims: Sequence[Claim], others: Sequence[Claim]) -> list[dict[str, Any]]:
        return [
            {"value": write_value(one.value), "claim": one, "source": sources.get(one.source),
             "pieces": _pieces(one, others, w, around)}
            for one in claims
        ]  # fmt: skip

    return [
        {"title": titled(one.property, around), "left": side(one.left, one.right),
         "right": side(one.right, one.left), "sign": _SIGNS[one.likeness], "kind": one.likeness.replace(" ", "-"),
         "likeness": w["m_" + one.likeness.split(" ")[0]]}
        for one in found
    ]  # fmt: skip


def _pieces(claim: Claim, others: Sequence[Claim], w: Words, around: Words) -> tuple[tuple[str, bool], ...]:
    """A value as it is shown, with what the other side's one value has not marked."""
    mine, *theirs = (
        w.get(f"v_{text}", text) for text in (shown(write_value(one.value), around) for one in (claim, *others))
    )  # fmt: skip
    if len(theirs) != 1 or mine == theirs[0] or claim.property not in MARKED:
        return ((mine, False),)
    return marked(mine, theirs[0])


def _by_marks(found: Sequence[Contrast], w: Words, around: Words) -> str:
    """The reason recorded when a reviewer gives none: what the page showed."""
    parts = []
    for kind in ("same", "alike", "differs"):
        titles = [titled(one.property, around) for one in found if one.likeness == kind]
        if titles:
            parts.append(f"{w['m_' + kind]}: {', '.join(titles)}")
    return f"{w['by_marks']} ({'; '.join(parts)})" if parts else w["by_marks"]


def _both(request: HttpRequest, number: int) -> tuple[queries.Candidate, tuple[Contrast, ...]]:
    pair = get_object_or_404(queries.pairs(request.user), id=number)
    left, right = (queries.claims_about(request.user, one) for one in (pair.left, pair.right))
    return pair, contrasts(left, right)


@login_required
@needs_script
def pair(request: HttpRequest, number: int) -> HttpResponse:
    """Two entries side by side."""
    vault_only()
    one, found = _both(request, number)
    return _shown(request, one, found, JudgeForm(words(request), initial={"queue": request.GET.get("queue", "")}))


def _shown(request: HttpRequest, one: queries.Candidate, found: Sequence[Contrast], judging: JudgeForm) -> HttpResponse:
    second, w = _second(request), words(request)
    seen(request, [one.left, one.right])
    sources = queries.sources_of(request.user, {c.source for each in found for c in (*each.left, *each.right)})
    line = queries.waiting(request.user, second=second)
    said = queries.of_pair(request.user, one.left, one.right)
    mine = [each for each in said if each.by == request.user.get_username()]
    blind = second and not any(each.withdrawn is None for each in mine)
    around = queries.joined(request.user, one.left)
    others = sorted((around.people | queries.joined(request.user, one.right).people) - {one.left, one.right})
    names = kept.names_of(request.user, [one.left, one.right, *others])
    return on_page(
        request, "review-pair.html",
        {"pair": one, "judging": judging, "fields": _fields(found, sources, w, spoken_around(request)),
         "names": [names.get(p, "") for p in (one.left, one.right)],
         "next": queries.beside(line, one, after=True), "previous": queries.beside(line, one, after=False),
         "second": second, "blind": blind, "said": mine if blind else said, "waiting_here": line.count(),
         "joined": [] if blind else [(p, names.get(p, p)) for p in others],
         "conflict": not blind and any({c.left, c.right} <= around.people for c in around.conflicts),
         "done": w.get(request.GET.get("judged", "-"), ""), "undone": request.GET.get("undone") == "1"},
    )  # fmt: skip


@login_required
@require_POST
@needs_script
def judge(request: HttpRequest, number: int) -> HttpResponse:
    """Record a verdict and go on to the next pair."""
    vault_only()
    w = words(request)
    second = _second(request)
    one, found = _both(request, number)
    form, verdict = JudgeForm(words(request), request.POST), pressed(request, "verdict")
    if not form.is_valid():
        return _shown(request, one, found, form)
    why = form.cleaned_data["why"].strip() or _by_marks(found, w, spoken_around(request))
    try:
        actions.judge(desk_of(request), one, verdict, why)
    except InvalidValue as error:
        raise Http404 from error
    line = queries.waiting(request.user, second=second)
    return _to(queries.beside(line, one, after=True) or line.first(), second, f"judged={verdict}")


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back this user's last judgement, and show its pair as it was."""
    vault_only()
    last = queries.last_of(request.user)
    if last is None:
        return _to(None, _second(request))
    actions.take_back(desk_of(request), last.id)
    return _to(queries.candidate_of(last.left, last.right), _second(request), "undone=1")


@login_required
@require_POST
def take_back(request: HttpRequest, judgement: str) -> HttpResponse:
    """Take one judgement back, from the history or a pair."""
    vault_only()
    row = get_object_or_404(queries.history(request.user), id=judgement, withdrawn=None)
    actions.take_back(desk_of(request), row.id)
    return _to(queries.candidate_of(row.left, row.right), False, "undone=1")


@login_required
@require_POST
def split(request: HttpRequest, person: str) -> HttpResponse:
    """Split a person off all others it was judged the same as."""
    vault_only()
    found = get_object_or_404(kept.entities_seen(request.user, "person"), id=person)
    try:
        actions.split(desk_of(request), found.id)
    except InvalidValue as error:
        raise Http404 from error
    return redirect("/review/history")


@login_required
def part(request: HttpRequest, person: str) -> HttpResponse:
    """People who are judged one, each with what its own sources say; part some of them from the person of the page."""
    vault_only()
    found = get_object_or_404(kept.entities_seen(request.user, "person"), id=person)
    desk, w, did = desk_of(request), words(request), pressed(request)
    members = {end for one in queries.judged_one(request.user, person) for end in (one.left, one.right)} - {person}
    ids = [person, *sorted(members)]
    names = kept.names_of(request.user, ids)
    seen(request, ids)
    called = [(one, names.get(one) or w["somebody_nameless"]) for one in ids]
    told = _told_apart(request, ids)
    labels = [(one, f"{name} ({one[-6:]})") for one, name in called[1:]]
    form = PartForm(w, labels, request.POST if did else None)
    done = None
    if did and form.is_valid():
        try:
            done = actions.part(desk, found.id, form.cleaned_data["others"], form.cleaned_data["why"])
        except CorroborateError as refused:
            form.refuse(refused)
    more = {
        "person": found.id,
        "called": dict(called),
        "rows": [(one, name, told.get(one, [])) for one, name in called],
        "form": form,
        "done": done,
        "may_part": desk.may("pair.judge"),
    }
    answer = on_page(request, "review-part.html", more)
    answer.status_code = 400 if did and done is None else 200
    return answer


def _told_apart(request: HttpRequest, people: Sequence[str]) -> dict[str, list[tuple[str, str, str]]]:
    """What tells people apart, by person: heading, words, source."""
    frame = spoken_around(request)
    claims = kept.current_among_seen(request.user).filter(subject_id__in=people)
    told: dict[str, list[tuple[str, str, str]]] = {}
    for one in claims.filter(property__in=[*MARKED, "sex", "kin", "described"]).order_by("property", "id")[:500]:
        told.setdefault(one.subject_id, []).append(
            (titled(one.property, frame), shown(one.value, frame), one.source_id)
        )
    return told


@login_required
@needs_script
def history(request: HttpRequest) -> HttpResponse:
    """All judgements, newest first, and how far reviewers agree."""
    vault_only()
    page = Paginator(queries.history(request.user), PAGE).get_page(request.GET.get("page"))
    names = kept.names_of(request.user, {end for row in page for end in (row.left, row.right)})
    seen(request, [end for row in page for end in (row.left, row.right)])
    w = words(request)
    rows = [(row, names.get(row.left, row.left), names.get(row.right, row.right), w[row.verdict]) for row in page]
    return on_page(
        request,
        "review-history.html",
        {
            "page": page,
            "rows": rows,
            "agreements": queries.agreement(request.user),
            "counts": held_queries.counted(request.user),
        },
    )
