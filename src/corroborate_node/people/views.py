"""Pages: what is asked, queries answer, templates show. Nothing here decides what may be seen."""

from collections.abc import Callable
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from corroborate.custody import Checkpoint, Note
from corroborate.disclosure import estimate_shown
from corroborate.figures import Figure, estimate_figure, ranks_figure, sensitivity_figure
from corroborate.figures.fonts import FONTS, folder
from corroborate.records import AUDIENCES, USES
from corroborate_node.core import opened
from corroborate_node.core.marks import PROPERTIES
from corroborate_node.core.wording import Words, language_of
from corroborate_node.log import queries as witnessing
from corroborate_node.records import models, queries

View = Callable[..., HttpResponse]


@cache
def _file(name: str) -> bytes:
    return resources.files("corroborate_node.core").joinpath("static", name).read_bytes()


def style(_request: HttpRequest) -> HttpResponse:
    """The one style sheet. It says nothing of anybody, so it may be kept."""
    return HttpResponse(_file("style.css"), content_type="text/css", headers={"Cache-Control": "max-age=3600"})


def font(_request: HttpRequest, language: str) -> HttpResponse:
    """The fonts that the style sheet names, the same that set the dossier."""
    if language not in FONTS:
        raise Http404
    content = (folder() / FONTS[language]).read_bytes()
    return HttpResponse(content, content_type="font/otf", headers={"Cache-Control": "max-age=31536000"})


def icon(_request: HttpRequest) -> HttpResponse:
    """None: a browser's tab should not say what is open in it."""
    return HttpResponse(status=204)


@login_required
def today(request: HttpRequest) -> HttpResponse:
    """What stands here, and what to do first."""
    counts = {
        "people": queries.people(request.user).count(),
        "sources": queries.visible(request.user, models.Source).count(),
        "claims": queries.visible(request.user, models.Claim).count(),
    }
    return render(
        request,
        "today.html",
        {
            "counts": counts,
            "invented": queries.invented(request.user),
            "log": _log(request),
            "open_alarms": witnessing.open_alarms(request.user),
        },
    )


@login_required
def persons(request: HttpRequest) -> HttpResponse:
    """People by name; a search of two Hangul syllables is enough."""
    asked, sort = request.GET.get("q", ""), request.GET.get("sort", "name")
    found = Paginator(queries.people(request.user, asked, sort), queries.PAGE)
    page = found.get_page(request.GET.get("page"))
    return render(
        request,
        "persons.html",
        {"page": page, "asked": asked, "sort": sort, "total": found.count, "invented": queries.invented(request.user)},
    )


def _grouped(claims: Any) -> list[tuple[str, list[Any]]]:
    """Claims by property; two that differ stand side by side."""
    order = list(PROPERTIES)
    groups = [(name, list(rows)) for name, rows in groupby(claims, key=lambda claim: claim.property)]
    return sorted(groups, key=lambda group: order.index(group[0]) if group[0] in order else len(order))


def _conflicts(groups: list[tuple[str, list[Any]]]) -> set[str]:
    single = {"sex", "birth_date", "fate", "event_date"}
    return {name for name, rows in groups if name in single and len({str(row.value) for row in rows if row.value}) > 1}


@login_required
def person(request: HttpRequest, entity: str) -> HttpResponse:
    """A person: facts with their sources, acts, contradictions side by side."""
    found = get_object_or_404(queries.visible(request.user, models.Entity), id=entity, kind="person")
    groups = _grouped(queries.claims_about(request.user, found.id))
    pointing = queries.claims_pointing_to(request.user, found.id)
    acts = []
    for claim in pointing:
        done = [one for one in queries.claims_about(request.user, claim.subject_id) if one.property == "violation"]
        acts += [(claim.subject_id, one) for one in done]
    name = queries.names_of(request.user, [found.id]).get(found.id, "")
    sources = {claim.source for _, rows in groups for claim in rows}
    return render(
        request, "person.html",
        {"entity": found, "name": name, "groups": groups, "conflicts": _conflicts(groups), "acts": acts,
         "invented": any(source.invented for source in sources)},
    )  # fmt: skip


@login_required
def act(request: HttpRequest, entity: str) -> HttpResponse:
    """Who did what to whom, when, where; claims for and against."""
    found = get_object_or_404(queries.visible(request.user, models.Entity), id=entity, kind="act")
    groups = _grouped(queries.claims_about(request.user, found.id))
    victims = [claim.target for _, rows in groups for claim in rows if claim.target]
    names = queries.names_of(request.user, victims)
    invented = any(claim.source.invented for _, rows in groups for claim in rows)
    return render(request, "act.html", {"entity": found, "groups": groups, "names": names, "invented": invented})


@login_required
def source(request: HttpRequest, entity: str) -> HttpResponse:
    """A source: what it derives from, what it allows, what stands on it."""
    found = get_object_or_404(queries.visible(request.user, models.Source), id=entity)
    before = queries.visible(request.user, models.Source).filter(id__in=found.derives_from)
    consents = list(found.consents.order_by("id"))
    words = Words(language_of(request), "core")
    standing = [one for one in consents if one.withdrawn is None]
    matrix = [
        (words[f"use_{use}"], [any(use in c.uses and _reaches(c.audience, audience) for c in standing)
                               for audience in AUDIENCES])
        for use in USES
    ]  # fmt: skip
    claims = Paginator(queries.claims_of(request.user, found.id), queries.PAGE).get_page(request.GET.get("page"))
    return render(
        request, "source.html",
        {"source": found, "before": before, "matrix": matrix, "page": claims,
         "audiences": [words[f"audience_{one}"] for one in AUDIENCES], "invented": found.invented},
    )  # fmt: skip


def _reaches(given: str, asked: str) -> bool:
    """Whether a consent for one audience covers another; a named body is always asked for by name."""
    if given == "named body" or asked == "named body":
        return given == "public" or given == asked
    return AUDIENCES.index(asked) <= AUDIENCES.index(given)  # type: ignore[arg-type]


def _log(request: HttpRequest) -> dict[str, Any]:
    row = queries.visible(request.user, models.Checkpoint).order_by("-size").first()
    if row is None:
        return {"size": 0, "witnesses": []}
    note = Note.parse(bytes(row.note))
    checkpoint = Checkpoint.parse(note.text)
    own = opened.current().signer.name
    return {
        "size": checkpoint.size, "origin": checkpoint.origin, "at": row.at, "root": checkpoint.root.hex(),
        "witnesses": sorted({one.name for one in note.signatures} - {own}),
        "waiting": queries.visible(request.user, models.LogEntry).count() - checkpoint.size,
        "key": opened.current().signer.verifier(),
    }  # fmt: skip


@login_required
def log(request: HttpRequest) -> HttpResponse:
    """The log's state and who cosigned it."""
    entries = queries.visible(request.user, models.LogEntry).order_by("-index")
    page = Paginator(entries, queries.PAGE).get_page(request.GET.get("page"))
    return render(
        request, "log.html",
        {"log": _log(request), "page": page, "invented": queries.invented(request.user),
         "standing": witnessing.standing(request.user), "open_alarms": witnessing.open_alarms(request.user),
         "fixity": witnessing.fixity(request.user), "tokens": witnessing.tokens(request.user)[:20]},
    )  # fmt: skip


def _kept(kind: str, template: str) -> View:
    @login_required
    def view(request: HttpRequest) -> HttpResponse:
        document = queries.document(request.user, kind)
        body, invented = (document.body, document.invented) if document else (None, False)
        return render(request, template, {"document": document, "body": body, "invented": invented})

    return view


members, statements = _kept("members", "members.html"), _kept("statements", "statements.html")


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


@login_required
def findings(request: HttpRequest) -> HttpResponse:
    """Elements of crimes against evidence, roots and gaps."""
    document = queries.document(request.user, "findings")
    rows = document.body if document else []
    crimes = [
        (title, sum(bool(one["for"]) for one in each), each)
        for title, each in ((title, list(each)) for title, each in groupby(rows, key=lambda one: one["title"]))
    ]
    return render(
        request, "findings.html",
        {"crimes": crimes, "elements": len(rows), "spoken_to": sum(known for _, known, _ in crimes),
         "invented": document is not None and document.invented},
    )  # fmt: skip
