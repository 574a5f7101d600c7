"""Members and statements as a vault was given them to show."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from corroborate_node.records import queries

View = Callable[..., HttpResponse]


def _kept(kind: str, template: str) -> View:
    @login_required
    def view(request: HttpRequest) -> HttpResponse:
        document = queries.document(request.user, kind)
        body, invented = (document.body, document.invented) if document else (None, False)
        return render(request, template, {"document": document, "body": body, "invented": invented})

    return view


members, statements = _kept("members", "members.html"), _kept("statements", "statements.html")
