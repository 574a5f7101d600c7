"""Pages of registers: who disappeared, who was executed, tortured, made to work, as rows and by year; and who is said
to have done it, and which posts were held."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from corroborate.errors import InvalidValue
from corroborate.registers.acts import ACTS
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.rooms import invented
from corroborate_node.core.wording import Words, language_of
from corroborate_node.finding import criteria, doers, places, registers
from corroborate_node.finding.forms import DoersForm, RegisterForm
from corroborate_node.finding.narrowing import Look
from corroborate_node.records import proceedings
from corroborate_node.records import queries as records


def _words(request: HttpRequest) -> Words:
    if desk_of(request).vault.hub:
        raise Http404
    return Words(language_of(request), "finding")


def every(request: HttpRequest) -> HttpResponse:
    """All registers, and how many rows each has."""
    words = _words(request)
    seen(request, ["registers"])
    counted = registers.counted(request.user, datetime.now(UTC).date())
    if desk_of(request).may("identity.read"):
        counted |= {name: doers.number(request.user, name) for name in doers.REGISTERS}
    listed = [(f"registers/{name}", words[f"register_{name}"], number) for name, number in counted.items()]
    listed.append(("proceedings", words["register_proceedings"], len(proceedings.every(request.user))))
    context = {
        "words": words,
        "registers": listed,
        "invented": invented(request.user),
    }
    return render(request, "registers.html", context)


def one(request: HttpRequest, name: str) -> HttpResponse:
    """One register: narrowed, in an order, by year."""
    words = _words(request)
    if name in doers.REGISTERS:
        return _doers(request, words, name)
    if name not in ACTS:
        raise Http404
    form = RegisterForm(words, records.lists_seen(request.user), request.GET or None, auto_id="asked-%s")
    found = _found(request, form, name) if not form.is_bound or form.is_valid() else None
    context: dict[str, Any] = {
        "words": words,
        "name": name,
        "title": words[f"register_{name}"],
        "form": form,
        "may_see_names": desk_of(request).may("identity.read"),
        "invented": invented(request.user),
        **(found or {}),
    }
    return render(request, "register.html", context, status=400 if found is None else 200)


def _doers(request: HttpRequest, words: Words, name: str) -> HttpResponse:
    """Who is said to have done it, or posts: for who may see who people are."""
    if not desk_of(request).may("identity.read"):
        raise Http404
    form = DoersForm(words, request.GET or None, auto_id="asked-%s").of(name)
    fine = not form.is_bound or form.is_valid()
    given = form.cleaned_data if form.is_bound and fine else {}
    known, unit = str(given.get("known") or ""), str(given.get("unit") or "")
    page = doers.page(request.user, name, known, int(given.get("page") or 1), unit) if fine else None
    if page is not None:
        seen(request, [doers.id_of(one) for one in page.rows])
    context = {
        "words": words,
        "name": name,
        "title": words[f"register_{name}"],
        "form": form,
        "page": page,
        "at": urlencode({key: given[key] for key in ("known", "unit") if given.get(key)}),
        "may_decide": desk_of(request).may("naming.decide"),
        "invented": invented(request.user),
    }
    return render(request, "doers.html", context, status=200 if fine else 400)


def _found(request: HttpRequest, form: RegisterForm, name: str) -> dict[str, Any] | None:
    """What a page of a register shows; None where its form says what is wrong."""
    given = form.cleaned_data if form.is_bound else {}
    order = str(given.get("order") or "taken")
    asked = {"place": "place", "from_": "from", "to": "to", "list_": "list"}
    try:
        question = criteria.criteria_of({key: str(given.get(field) or "") for field, key in asked.items()})
        look = Look(request.user, question, datetime.now(UTC).date())
        page = registers.page(look, name, order, str(given.get("after") or ""))
    except InvalidValue as refused:
        form.refuse(refused)
        return None
    by_year = registers.years(look, name)
    seen(request, [row.id for row in page.rows])
    kept = {key: value for key, value in request.GET.items() if key != "after" and value}
    return {
        "page": page,
        "number": registers.number(look, name),
        "years": by_year,
        "bars": places.bars(by_year),
        "tall": places.TALL,
        "first": urlencode(kept) if given.get("after") else "",
        "next": urlencode({**kept, "after": page.after}) if page.after else "",
        "began": bool(given.get("after")),
    }
