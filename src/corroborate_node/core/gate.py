"""The way in to every page: who is logged in, with a passphrase of their own, and may. Then it is written down.

    path("persons/<slug:entity>", page("identity.read", people.person, shows="entity"))

Views behind it translate; what an act asks beyond reading, the act asks itself.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import TypeVar, cast
from urllib.parse import quote

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from corroborate.errors import StorageFull
from corroborate.translation import label_of
from corroborate_node.core import accounts, factors, journal, opened, sessions
from corroborate_node.core.actors import actor_of
from corroborate_node.core.desk import Desk, cases_of
from corroborate_node.core.permissions import table
from corroborate_node.core.storing import storing
from corroborate_node.core.wording import Words, language_of

View = Callable[..., HttpResponse]
_View = TypeVar("_View", bound=View)
CHOOSE, CONFIRM, LOG_IN, SECOND = "/choose-passphrase", "/confirm", "/log-in", "/second-factors"


def desk_of(request: HttpRequest) -> Desk:
    """The desk of whoever asks for a page, for as long as the request lasts."""
    known: Desk | None = getattr(request, "_desk", None)
    if known is None:
        known = Desk(opened.current(), actor_of(getattr(request, "user", None)), sessions.now())
        request._desk = known  # type: ignore[attr-defined]  # a request carries what belongs to it
    return known


def seen(request: HttpRequest, objects: Iterable[str], asked: str = "") -> None:
    """What a page shows, for the journal, beside what was said before: ids of records, and what was searched."""
    before, words = getattr(request, "_seen", ([], ""))
    request._seen = ([*before, *objects], asked or words)  # type: ignore[attr-defined]


def page(
    permission: str, view: View, *, posts: tuple[str, ...] = (), shows: str = "", kind: journal.Kind = "view"
) -> View:
    """A page for those who have a permission. ``posts``: what its forms do asks one of these, before they are read.
    ``shows``: the part of its address that names an object. Where one of them asks the passphrase again, so does the
    page of whoever may do it: what they sign there is theirs, and not of who sits down at an open session.

    What everybody may see, and a page that shows no object and is no export, leaves no line.
    """
    asked = table()[permission]

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: object, **named: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to(LOG_IN, request)
        desk = desk_of(request)
        if not accounts.chosen(request.user):
            return HttpResponseRedirect(CHOOSE)
        if factors.missing(request.user):
            return HttpResponseRedirect(SECOND)
        sessions.touched(request, desk.at)
        if not desk.may(permission):
            return refused(request, permission)
        if request.method == "POST" and posts and not any(desk.may(one) for one in posts):
            return refused(request, posts[0])
        again = asked.recent or any(table()[one].recent and desk.may(one) for one in posts)
        if again and not sessions.is_recent(request, desk.at):
            return _to(CONFIRM, request)
        answer = view(request, *arguments, **named)
        objects, words = getattr(request, "_seen", ([], ""))
        objects = ([str(named[shows])] if shows else []) + objects
        if answer.status_code == 200 and (objects or words or kind == "export"):
            return _written(desk, "search" if words else kind, request, objects, words) or answer
        return answer

    vars(guarded)["permission"] = permission  # a test reads it of every address
    return guarded


def scripted(policy: Mapping[str, list[str]]) -> Callable[[_View], _View]:
    """A page that runs a script of ours. ``policy``: what it may besides, as django-csp takes it.

    The view keeps its type: django-csp hands on every argument and the answer, and declares less than that.
    """
    return cast("Callable[[_View], _View]", csp_update(dict(policy)))


def _written(
    desk: Desk, kind: journal.Kind, request: HttpRequest, objects: list[str], words: str
) -> HttpResponse | None:
    """Nothing is shown that could not be written down."""
    match = request.resolver_match
    what = (match.url_name or match.route if match else request.path)[:60]
    try:
        with storing():
            journal.write(desk, kind, what, objects, asked=words)
    except StorageFull as error:
        return HttpResponse(f"{error}\n{error.remedy}\n", status=503, content_type="text/plain; charset=utf-8")
    return None


def open_to_all(view: View) -> View:
    """A page that nobody needs to log in for; it shows nothing of a vault."""

    @wraps(view)
    def unguarded(request: HttpRequest, *arguments: object, **named: object) -> HttpResponse:
        return view(request, *arguments, **named)

    vars(unguarded)["permission"] = None
    return unguarded


def logged_in(view: View) -> View:
    """A page for whoever logged in, even before they chose a passphrase of their own."""

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: object, **named: object) -> HttpResponse:
        return view(request, *arguments, **named) if request.user.is_authenticated else _to(LOG_IN, request)

    vars(guarded)["permission"] = "account.own"
    return guarded


def refused(request: HttpRequest, permission: str) -> HttpResponse:
    """A page that says who may, and leads to the explanation. The try is written down."""
    desk = desk_of(request)
    with storing():
        journal.write(desk, "refused", permission)
    language, asked = language_of(request), table()[permission]
    where = "hub" if desk.vault.hub else "vault"
    roles = [label_of(role.words, language) for name, role in table().roles.items()
             if name in asked.roles and where in role.where]  # fmt: skip
    context = {
        "words": Words(language, "core.access"),
        "what": label_of(asked.words, language),
        "roles": roles,
        "needs_whole": asked.whole and desk.actor.has(asked) and cases_of(desk.actor) is not None,
        "permission": permission,
    }
    return render(request, "core/refused.html", context, status=403)


def _to(address: str, request: HttpRequest) -> HttpResponse:
    back = request.get_full_path() if request.method == "GET" else request.path
    return HttpResponseRedirect(f"{address}?next={quote(back)}")
