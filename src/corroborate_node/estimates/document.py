"""The estimate that a vault was given to show, or that was sealed last: in its three parts, with its charts."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from corroborate.disclosure import estimate_shown
from corroborate.figures import Figure, estimate_figure, ranks_figure, sensitivity_figure
from corroborate_node.records import queries


@login_required
def estimate(request: HttpRequest) -> HttpResponse:
    """The estimate in its three parts, with its charts."""
    document = queries.document(request.user, "estimate")
    if document is None:
        return render(request, "estimate.html", {"document": None})
    found, body = estimate_shown(document.body), document.body
    pictures = _pictures(body)
    return render(
        request, "estimate.html",
        {"document": document, "invented": document.invented, "estimate": found,
         "low": min(p.low for p in found.sensitivity), "high": max(p.high for p in found.sensitivity),
         "table": pictures["estimate"].table, "sensitivity": pictures["sensitivity"].table,
         "alts": [one.alt for one in pictures.values()], "ranks": "ranks" in pictures,
         "rule": body.get("rule"), "changes": list((body.get("changes") or {}).items()),
         "digest": body.get("digest"), "seed": body.get("seed")},
    )  # fmt: skip


def _pictures(body: dict[str, Any]) -> dict[str, Figure]:
    found = estimate_shown(body)
    made = [estimate_figure(found), sensitivity_figure(found)]
    if ranks := body["diagnostics"].get("ranks"):
        made.append(ranks_figure(ranks))
    return {one.name: one for one in made}


@login_required
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A chart as SVG, for an ``img``: no style and no script of the page reaches it, nor the reverse."""
    document = queries.document(request.user, "estimate")
    figure = None if document is None else _pictures(document.body).get(name)
    if figure is None:
        raise Http404
    return HttpResponse(figure.svg, content_type="image/svg+xml")
