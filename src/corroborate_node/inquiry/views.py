"""Pages of findings."""

from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from corroborate.cases import Finding
from corroborate_node.core import opened
from corroborate_node.core.gate import seen
from corroborate_node.inquiry import queries as findings_of
from corroborate_node.records import queries


@login_required
def findings(request: HttpRequest) -> HttpResponse:
    """Elements of crimes against evidence, roots and gaps."""
    document = queries.document(request.user, "findings") if opened.current().hub else None
    rows = document.body if document else [_row(one) for one in findings_of.found(request.user)]
    seen(request, ["findings"])
    crimes = [
        (title, sum(bool(one["for"]) for one in each), each)
        for title, each in ((title, list(each)) for title, each in groupby(rows, key=lambda one: one["title"]))
    ]
    return render(
        request, "findings.html",
        {"crimes": crimes, "elements": len(rows), "spoken_to": sum(known for _, known, _ in crimes),
         "invented": document.invented if document else queries.invented(request.user)},
    )  # fmt: skip


def _row(one: Finding) -> dict[str, Any]:
    """A finding as the page shows it: how many claims and roots, not which."""
    return {**one.as_json(), "for": len(one.for_), "roots": len(one.roots)}
