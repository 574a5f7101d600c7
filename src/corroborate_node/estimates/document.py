"""The estimate that a vault was given to show, or that was sealed last: in its three parts, with its charts."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from corroborate.disclosure import estimate_shown
from corroborate.figures import Figure, estimate_figure, ranks_figure, sensitivity_figure
from corroborate.vocabulary.assumptions import ASSUMPTIONS, ASSUMPTIONS_IN
from corroborate_node.core.wording import language_of
from corroborate_node.estimates.wording import InWords, sentence
from corroborate_node.records import queries


@login_required
def estimate(request: HttpRequest) -> HttpResponse:
    """The estimate in its three parts, with its charts."""
    document = queries.document(request.user, "estimate")
    if document is None:
        return render(request, "estimate.html", {"document": None})
    found, body, say = estimate_shown(document.body), document.body, _say(request, document.body)
    pictures = _pictures(body, say)
    return render(
        request, "estimate.html",
        {"document": document, "invented": document.invented, "estimate": found,
         "low": min(p.low for p in found.sensitivity), "high": max(p.high for p in found.sensitivity),
         "table": pictures["estimate"].table, "sensitivity": pictures["sensitivity"].table,
         "pictures": pictures,  # within the page, whose letters an image of its own would not have
         "method": say.get(found.method, found.method), "tipping": sentence(found.tipping, say),
         "rule": sentence(body.get("rule") or "", say), "warnings": [sentence(one, say) for one in found.warnings],
         "assumptions": assumptions_in(body, language_of(request)),
         "changes": [(sentence(name, say), one) for name, one in (body.get("changes") or {}).items()],
         "digest": body.get("digest"), "seed": body.get("seed")},
    )  # fmt: skip


def _say(request: HttpRequest, body: dict[str, Any]) -> InWords:
    return InWords(language_of(request), body.get("places"))


def assumptions_in(body: dict[str, Any], language: str) -> tuple[str, list[str]]:
    """What an estimate assumes, after the language that this is in: the reader's where it was kept so, or where it is
    what every estimate assumes; else English."""
    kept, english = (body.get("assumptions_in") or {}).get(language), list(body["assumptions"])
    if kept is None and english == list(ASSUMPTIONS):
        kept = ASSUMPTIONS_IN.get(language)
    return ("en", english) if kept is None else (language, list(kept))


def _pictures(body: dict[str, Any], say: InWords) -> dict[str, Figure]:
    found = estimate_shown(body)
    made = [estimate_figure(found, say), sensitivity_figure(found, say)]
    if ranks := body["diagnostics"].get("ranks"):
        made.append(ranks_figure(ranks, say))
    return {one.name: one for one in made}


@login_required
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A chart as SVG, for an ``img``: no style and no script of the page reaches it, nor the reverse."""
    document = queries.document(request.user, "estimate")
    figure = None if document is None else _pictures(document.body, _say(request, document.body)).get(name)
    if figure is None:
        raise Http404
    return HttpResponse(figure.svg, content_type="image/svg+xml")
