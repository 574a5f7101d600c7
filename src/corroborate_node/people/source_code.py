"""The page of the code of a source, for members: made, shown once with its word, ended; when it was used."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from corroborate.errors import CorroborateError
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of
from corroborate_node.core.wording import Words, language_of
from corroborate_node.people.sheet import reached
from corroborate_node.records import queries
from corroborate_node.survivor import making

_ACTS = ("make", "end")


def page(request: HttpRequest, entity: str) -> HttpResponse:
    """The code of a source. ``make`` shows a new one with its word, once; ``end`` ends it."""
    found = get_object_or_404(queries.sources_seen(request.user), id=entity)
    desk, words, did = desk_of(request), Words(language_of(request), "survivor"), pressed(request)
    error: CorroborateError | None = None
    handed: making.Handed | None = None
    try:
        if did == "make":
            handed = making.make(desk, entity)
        elif did == "end":
            making.end(desk, entity)
    except CorroborateError as refused:
        error = refused
    context = {
        "words": words,
        "source": found,
        "error": error,
        "handed": handed,
        "code": making.code_of(desk, entity),
        "told": making.told_by_somebody(found),
        "may_make": desk.may("source.withdraw") and not found.withdrawn,
        "address": reached(request),
        "uses": [(one, words.get(f"did_{one.what}", one.what)) for one in making.uses(desk, entity)],
        "invented": found.invented,
    }
    failed = error is not None or (request.method == "POST" and did not in _ACTS)
    return render(request, "source_code.html", context, status=400 if failed else 200)
