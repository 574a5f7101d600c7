"""Pages of people whom another member holds too: one at a time, by the same keys as pairs of our own."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from corroborate.errors import InvalidValue
from corroborate.records import Claim, write_value
from corroborate.records.reviewing import contrasts
from corroborate_node.core.filters import CODED, shown, titled
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.records import queries as kept
from corroborate_node.review import held, held_queries, queries
from corroborate_node.review.forms import JudgeForm
from corroborate_node.review.views import needs_script, on_page, spoken_around, vault_only, words


@login_required
@needs_script
def queue(request: HttpRequest) -> HttpResponse:
    """The nearest of those that wait, or how they were judged when none does."""
    vault_only()
    first = held_queries.waiting(request.user).first()
    if first is not None:
        return _to(first)
    more = {"counts": held_queries.counted(request.user), "last": held_queries.last_of(request.user)}
    return on_page(request, "review-held-empty.html", more)


def _to(pair: held_queries.PrivatePair | None, said: str = "") -> HttpResponse:
    address = "/review/held" if pair is None else f"/review/held/{pair.id}"
    return redirect(f"{address}?{said}" if said else address)


@login_required
@needs_script
def pair(request: HttpRequest, number: int) -> HttpResponse:
    """What is recorded here of one person, beside what the other member told."""
    vault_only()
    one = get_object_or_404(held_queries.pairs(request.user), id=number)
    return _shown(request, one, JudgeForm(words(request)))


def _fields(request: HttpRequest, one: held_queries.PrivatePair) -> list[dict[str, Any]]:
    """Rows: a property, our claims of it with their sources, and what they told of it."""
    spoken, w, told = spoken_around(request), words(request), dict(one.told)
    claims = [claim for person in one.people for claim in queries.claims_about(request.user, person)]
    sources = queries.sources_of(request.user, {claim.source for claim in claims})

    def said(text: str) -> str:
        return w.get(f"v_{text}", text)

    def side(claim: Claim) -> dict[str, Any]:
        value = write_value(claim.value)
        pieces = ((said(shown(value, spoken)), False),)
        return {"value": value, "claim": claim, "source": sources.get(claim.source), "pieces": pieces}

    rows = [
        {"title": titled(one.property, spoken), "ours": [side(claim) for claim in one.left], "told": one.property}
        for one in contrasts(claims, ())
    ]
    known = {row["told"] for row in rows}
    rows += [{"title": titled(name, spoken), "ours": [], "told": name} for name in told if name not in known]
    for row in rows:
        values = told.get(row["told"], [])
        row["told"] = [said(spoken[f"value_{text}"] if text in CODED else text) for text in values]
    return rows


def _shown(request: HttpRequest, one: held_queries.PrivatePair, judging: JudgeForm) -> HttpResponse:
    w, line = words(request), held_queries.waiting(request.user)
    seen(request, list(one.people))
    names = kept.names_of(request.user, one.people)
    return on_page(
        request,
        "review-held-pair.html",
        {
            "pair": one,
            "judging": judging,
            "fields": _fields(request, one),
            "people": [(person, names.get(person, "")) for person in one.people],
            "most": one.terms["nearness"] / 1000,
            "reveal": w[f"reveal_{one.terms['reveal']}"],
            "said": held_queries.of_pair(request.user, one),
            "waiting_here": line.count(),
            "next": held_queries.beside(line, one, after=True),
            "previous": held_queries.beside(line, one, after=False),
            "done": w.get(request.GET.get("judged", "-"), ""),
            "undone": request.GET.get("undone") == "1",
        },
    )


@login_required
@require_POST
@needs_script
def judge(request: HttpRequest, number: int) -> HttpResponse:
    """Record a verdict, and go on to the next one."""
    vault_only()
    one = get_object_or_404(held_queries.pairs(request.user), id=number)
    w = words(request)
    form, verdict = JudgeForm(w, request.POST), pressed(request, "verdict")
    if not form.is_valid():
        return _shown(request, one, form)
    why = form.cleaned_data["why"].strip() or f"{w['distance']}: {one.difference:.3f}"
    try:
        held.judge(desk_of(request), one, verdict, why)
    except InvalidValue as error:
        raise Http404 from error
    line = held_queries.waiting(request.user)
    return _to(held_queries.beside(line, one, after=True) or line.first(), f"judged={verdict}")


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back this user's last such judgement, and show its person again."""
    vault_only()
    last = held_queries.last_of(request.user)
    if last is None:
        return _to(None)
    held.take_back(desk_of(request), last.id)
    return _to(last.pair, "undone=1")


@login_required
@require_POST
def take_back(request: HttpRequest, judgement: str) -> HttpResponse:
    """Take one such judgement back."""
    vault_only()
    row = get_object_or_404(held_queries.judgements(request.user), id=judgement, withdrawn=None)
    held.take_back(desk_of(request), row.id)
    return _to(row.pair, "undone=1")
