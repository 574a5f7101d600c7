"""Pages that the reader of a grant sees, below ``/access``: read only, each asked anew, written down, and marked.

What a browser shows to come in here opens no other page of the vault; and no account's session opens these.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.html import escape
from django.views.decorators.http import require_POST

from corroborate.copies import picture as drawn
from corroborate.errors import CorroborateError, NotAllowed
from corroborate.figures.fonts import folder
from corroborate.translation import in_language
from corroborate_node.core import opened, sessions
from corroborate_node.core.access.middleware import client_address
from corroborate_node.core.desk import Desk
from corroborate_node.core.filters import in_register
from corroborate_node.core.gate import scripted
from corroborate_node.core.queries import PAGE
from corroborate_node.core.throttle import TooManyTries
from corroborate_node.core.wording import Words, language_of
from corroborate_node.files import queries as files
from corroborate_node.grants import queries, visiting
from corroborate_node.grants.forms import AskForm, OpenForm, TakeForm
from corroborate_node.grants.reading import Shown

OPENS = "/access/open/"  # and the secret of a link
WIDTH = 1200  # pixels of a page that is drawn
_sandboxed = scripted({"sandbox": [""]})
Page = Callable[..., HttpResponse]


class Reading:
    """Who reads, what they may see, and how their pages are made."""

    def __init__(self, request: HttpRequest, desk: Desk, row: Any, shown: Shown) -> None:
        self.request, self.desk, self.row, self.shown = request, desk, row, shown
        self.words = Words(language_of(request), queries.ROOM)

    def page(self, template: str, ids: Iterable[str], status: int = 200, **context: Any) -> HttpResponse:
        """A page, marked; what it shows is written down first."""
        visiting.looked(self.desk, self.row, _name(self.request), ids)
        made = self.shown.made
        around = {
            "words": self.words,
            "core": Words(self.words.language, "core"),
            "row": self.row,
            "made": made,
            "mark": in_language(visiting.mark_of(self.row, self.desk.at), self.words.language),
            "registers": [(one, self.words[f"register_{one}"]) for one in self.shown.registers],
            "has": self.shown,
            "invented": made.invented,
            "here": _name(self.request),
        }
        return render(self.request, f"grants/{template}.html", {**around, **context}, status=status)


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return str(match.url_name if match and match.url_name else "access")


def cookie() -> str:
    """Of this vault: cookies are shared by all ports of a machine."""
    return settings.SESSION_COOKIE_NAME.replace("session_", "access_")


def reader(view: Page) -> Page:
    """A page for whoever came in by a grant that is open; anybody else, an account too, is told so and no more."""

    @wraps(view)
    def guarded(request: HttpRequest, **named: Any) -> HttpResponse:
        vault, at = opened.current(), sessions.now()
        visit = visiting.visit_of(vault, request.COOKIES.get(cookie(), ""), at)
        if visit is None:
            return _closed(request, None)
        desk = visiting.desk_for(vault, visit.grant, at)
        try:
            shown = visiting.opened(desk, visit.grant)
        except NotAllowed as error:
            visiting.refused(desk, visit.grant)
            return _closed(request, error)
        try:
            return view(Reading(request, desk, visit.grant, shown), **named)
        except CorroborateError as error:  # nothing is shown that could not be written down: the disk is full
            return _closed(request, error, 503)

    vars(guarded)["permission"] = "grant.look"  # a test reads it of every address
    return guarded


def _closed(request: HttpRequest, error: CorroborateError | None, status: int = 403) -> HttpResponse:
    context = {"words": Words(language_of(request), queries.ROOM), "error": error, "later": status == 503}
    return render(request, "grants/closed.html", context, status=status)


def open_(request: HttpRequest, secret: str) -> HttpResponse:
    """Coming in. To look at the link uses nothing up, since mail programs follow links by themselves; whether it is a
    link at all is told to nobody."""
    if opened.current().hub:
        raise Http404
    words = Words(language_of(request), queries.ROOM)
    form = OpenForm(words, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"words": words, "form": form}
    if not form.is_valid():
        return render(request, "grants/open.html", context, status=400 if form.errors else 200)
    where = visiting.From(client_address(request), str(request.headers.get("User-Agent") or ""))
    try:
        token = visiting.come_in(opened.current(), secret, form.cleaned_data["word"], where, sessions.now())
    except TooManyTries as error:
        answer = render(request, "grants/open.html", {**context, "wait": -(-error.seconds // 60)}, status=429)
        answer["Retry-After"] = str(error.seconds)
        return answer
    except CorroborateError as error:  # an older copy of the vault changes nothing, or the disk is full
        return _closed(request, error, 503)
    if token is None:
        return render(request, "grants/open.html", {**context, "wrong": True}, status=403)
    response = HttpResponseRedirect("/access")
    response.set_cookie(
        cookie(), token, path="/access", secure=bool(settings.SESSION_COOKIE_SECURE), httponly=True, samesite="Strict"
    )
    return response


@reader
def overview(reading: Reading) -> HttpResponse:
    """What is here, under which terms, and what is kept back and why: as the release itself tells it, in which few are
    not counted."""
    return reading.page("overview", [], title=reading.shown.made.title, withheld=reading.shown.made.withheld)


@reader
def people(reading: Reading) -> HttpResponse:
    """Everybody who is named, each with all that goes of them."""
    page = Paginator(reading.shown.people, PAGE).get_page(reading.request.GET.get("page"))
    ids = [one.id for one in page.object_list] + [each.record for one in page.object_list for each in one.items]
    return reading.page("people", ids, page=page)


@reader
def records(reading: Reading) -> HttpResponse:
    """Each record that goes: what was said of whom, how it is known, when it was recorded."""
    page = Paginator(reading.shown.items, PAGE).get_page(reading.request.GET.get("page"))
    return reading.page("records", [one.record for one in page.object_list], page=page)


@reader
def register(reading: Reading, name: str) -> HttpResponse:
    """A register of what was done to whom, as a table."""
    found = reading.shown.registers.get(name)
    if found is None:
        raise Http404
    heading, rows = found
    page = Paginator(list(rows), PAGE).get_page(reading.request.GET.get("page"))
    titled = [reading.words.get(f"column_{one}", one.replace("_", " ")) for one in heading]
    core = Words(reading.words.language, "core")
    told = [
        (
            row[0],
            [(head, *in_register(str(cell), core)) for head, cell in zip(titled, row, strict=True) if str(cell)][1:],
        )
        for row in page
    ]
    title = reading.words[f"register_{name}"]
    return reading.page("register", [f"register/{name}"], page=page, rows=told, title=title)


@reader
def findings(reading: Reading) -> HttpResponse:
    """Elements of crimes, with how many claims and origins stand for and against each."""
    told = [one for one in reading.shown.made.findings if one.claims_for != 0 or one.claims_against != 0]
    return reading.page("findings", [f"finding/{one.element}"[:80] for one in told], told=told)


@reader
def file(reading: Reading, number: str) -> HttpResponse:
    """A sealed file that goes whole: its pages, drawn and marked. Sound and film go in the package alone."""
    id_ = _file(reading, number)
    kept = files.kept(id_)
    kind = files.kind(reading.desk, kept)
    pages, text, refused = 0, "", None
    try:
        pages = files.pages(reading.desk, kept) if kind.shown == "pages" else int(kind.shown == "picture")
        text = files.text(reading.desk, kept)[0] if kind.shown == "text" else ""
    except CorroborateError as error:
        refused = error
    page = Paginator(range(1, pages + 1), 5).get_page(reading.request.GET.get("page"))
    return reading.page("file", [id_], number=number, kept=kept, page=page, text=text, refused=refused, kind=kind)


@_sandboxed
@reader
def picture(reading: Reading, number: str, page: int) -> HttpResponse:
    """A page of a file as a picture, with the mark burnt into it."""
    kept = files.kept(_file(reading, number))
    kind = files.kind(reading.desk, kept)
    if kind.shown not in ("pages", "picture"):
        raise Http404
    mark = visiting.mark_of(reading.row, reading.desk.at)
    try:
        content = drawn(kind, files.whole(reading.desk, kept), page, WIDTH, mark, str(folder()))
    except CorroborateError as error:
        return HttpResponse(f"{error}\n", status=422, content_type="text/plain; charset=utf-8")
    visiting.looked(reading.desk, reading.row, _name(reading.request), [kept.id, f"page/{page}"])
    return HttpResponse(content, content_type="image/png", headers={"Content-Disposition": "attachment"})


def _file(reading: Reading, number: str) -> str:
    if number not in reading.shown.files:
        raise Http404
    return reading.shown.files[number]


@reader
def questions(reading: Reading) -> HttpResponse:
    """What was asked and answered; another question."""
    request, words = reading.request, reading.words
    form = AskForm(
        words, request.POST if request.method == "POST" else None, initial={"item": request.GET.get("item", "")[:40]}
    )
    if form.is_valid():
        try:
            visiting.ask(reading.desk, reading.row, form.cleaned_data["text"], form.cleaned_data["item"])
            return HttpResponseRedirect("/access/questions")
        except CorroborateError as error:
            form.refuse(error)
    known = {id_: number for number, id_ in reading.shown.ids.items()}
    asked = queries.asked_under(reading.row)
    rows = [(one, known.get(one.item, "")) for one in asked]
    return reading.page("questions", [], 400 if form.errors else 200, form=form, rows=rows)


@reader
def take(reading: Reading) -> HttpResponse:
    """What the grant shows as one file, where it may be taken along."""
    form = TakeForm(reading.words, reading.request.POST if reading.request.method == "POST" else None)
    if not reading.row.download or not form.is_valid():
        raise Http404
    which = form.cleaned_data["form"]
    try:
        content = visiting.take(reading.desk, reading.row, which, reading.words.language)
    except CorroborateError as error:
        made = reading.shown.made
        return reading.page("overview", [], 400, error=error, title=made.title, withheld=made.withheld)
    name = f"grant-{reading.row.number}" + (".zip" if which == "package" else ".pdf")
    media = "application/zip" if which == "package" else "application/pdf"
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@reader
def mark(reading: Reading) -> HttpResponse:
    """Who reads under which grant and when, over the whole page, on the screen and on paper."""
    said = in_language(visiting.mark_of(reading.row, reading.desk.at), reading.words.language)
    lines = "".join(
        f'<text x="{x}" y="{y}" transform="rotate(-24 {x} {y})">{escape(said)}</text>'
        for y in range(60, 1400, 190)
        for x in range(-200 + (y % 380) // 2, 1900, 760)
    )
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 1400" preserveAspectRatio="xMidYMid slice">'
        f'<g font-family="sans-serif" font-size="22" fill="#666" fill-opacity=".16">{lines}</g></svg>'
    )
    return HttpResponse(svg, content_type="image/svg+xml")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the visit: another needs another link."""
    visiting.left(opened.current(), request.COOKIES.get(cookie(), ""), sessions.now())
    response = HttpResponseRedirect("/access")
    response.delete_cookie(cookie(), path="/access", samesite="Strict")
    return response


vars(leave)["permission"] = "grant.look"  # it ends what a browser shows, and does nothing else
__all__ = ["OPENS", "cookie", "reader"]
