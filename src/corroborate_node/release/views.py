"""Pages of what left."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from corroborate_node.core.queries import PAGE
from corroborate_node.core.wording import Words, language_of
from corroborate_node.records.queries import invented
from corroborate_node.records.relied import blocked
from corroborate_node.release.left import left


@login_required
def consents(request: HttpRequest) -> HttpResponse:
    """Consents that are not relied on, and every package that left under one."""
    waiting = [one for one in blocked() if not one.allowed_again]
    page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    words = Words(language_of(request), "core")
    gone = [(one, one.body or words[f"audience_{one.audience}"]) for one in left()]
    return render(request, "consents.html", {"page": page, "left": gone, "invented": invented(request.user)})
