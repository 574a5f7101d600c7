"""Pages of findings."""

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from corroborate_node.records import queries


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
