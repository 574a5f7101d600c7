"""Pages of proceedings: judgments, complaints, warrants, sanctions, what became of each, and up to which day anybody
looked."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from corroborate.errors import InvalidValue
from corroborate.public_record import looked_at
from corroborate.registers.proceedings import Asked, table
from corroborate.values.rows import csv_text
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.queries import PAGE
from corroborate_node.core.rooms import invented
from corroborate_node.core.wording import Words, language_of
from corroborate_node.finding.forms import ProceedingsForm
from corroborate_node.records import proceedings


def _words(request: HttpRequest) -> Words:
    if desk_of(request).vault.hub:
        raise Http404
    return Words(language_of(request), "finding")


def every(request: HttpRequest) -> HttpResponse:
    """The register: narrowed, in an order of time."""
    words = _words(request)
    form, asked = _asked(request, words)
    kept = {key: value for key, value in request.GET.items() if key != "page" and value}
    context = {
        "words": words,
        "form": form,
        "narrowed": any(request.GET.get(name) for name in ("body", "became", "from_", "to", "order")),
        "looked_at": looked_at(),
        "invented": invented(request.user),
    }
    if asked is not None:
        latest_first = form.is_bound and form.cleaned_data.get("order") == "-date"
        found = proceedings.told(request.user, asked, latest_first=latest_first)
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        seen(request, [id_ for row in page for id_ in row.records])
        context |= {
            "page": page,
            "rows": [proceedings.listed(row, words.language) for row in page],
            "more": f"&{urlencode(kept)}" if kept else "",
            "asked": urlencode(kept),
        }
    return render(request, "proceedings.html", context, status=400 if asked is None else 200)


def _asked(request: HttpRequest, words: Words) -> tuple[ProceedingsForm, Asked | None]:
    """The form, and what it asks; None where it says what is wrong."""
    states = proceedings.states(proceedings.every(request.user), words.language)
    form = ProceedingsForm(words, states, request.GET or None, auto_id="asked-%s")
    if not form.is_bound:
        return form, Asked()
    if not form.is_valid():
        return form, None
    given = form.cleaned_data
    try:
        return form, Asked(
            given["state"], given["body"], given["kind"], given["became"], given["from_"] or 0, given["to"] or 9999
        )
    except InvalidValue as refused:
        form.refuse(refused)
        return form, None


def as_table(request: HttpRequest) -> HttpResponse:
    """Those that are published as CSV, narrowed as the page is: nothing in it is of this vault."""
    _, asked = _asked(request, _words(request))
    if asked is None:
        return every(request)
    heading, cells = table(proceedings.told(request.user, asked))
    headers = {"Content-Disposition": 'attachment; filename="proceedings.csv"'}
    return HttpResponse(csv_text(heading, cells), content_type="text/csv; charset=utf-8", headers=headers)


def one(request: HttpRequest, which: str) -> HttpResponse:
    """One proceeding with its steps."""
    words = _words(request)
    row = proceedings.one(request.user, which)
    if row is None:
        raise Http404
    seen(request, list(row.records))
    context = {
        "words": words,
        "one": proceedings.listed(row, words.language),
        "claims": proceedings.claims_of(request.user, row) if row.told else [],
        "may_correct": desk_of(request).may("claim.correct"),
        "may_record": desk_of(request).may("record.enter"),
        "looked_at": looked_at(),
        "invented": invented(request.user),
    }
    return render(request, "proceeding.html", context)
