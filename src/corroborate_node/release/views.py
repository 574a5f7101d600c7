"""Pages of what left, and of what waits to leave."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from corroborate.errors import CorroborateError, InvalidValue
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.queries import PAGE, limited
from corroborate_node.core.wording import Words, language_of
from corroborate_node.records import queries
from corroborate_node.records.queries import invented
from corroborate_node.records.relied import blocked
from corroborate_node.release import making, named, summaries, wording
from corroborate_node.release.forms import ReleaseForm
from corroborate_node.release.left import left


@login_required
def consents(request: HttpRequest) -> HttpResponse:
    """Consents that are not relied on, and every package that left under one."""
    waiting = [one for one in blocked(request.user) if not one.allowed_again]
    page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    seen(request, [one.source for one in page])
    words = Words(language_of(request), "core")
    gone = [(one, one.body or words[f"audience_{one.audience}"]) for one in left(request.user)]
    return render(request, "consents.html", {"page": page, "left": gone, "invented": invented(request.user)})


def _shown(
    request: HttpRequest, words: Words, number: int, error: CorroborateError | None = None, status: int = 200
) -> HttpResponse:
    desk = desk_of(request)
    one = summaries.one_release(desk, number, words.language)
    before = summaries.earlier(desk, one, words.language)
    context = {
        "words": words,
        "one": one,
        "heading": wording.filled(words, "release", n=one.number),
        "to": wording.receiver(words, one.audience, one.body),
        "sentence": wording.sentence(words, one.audience, one.body, one.until, one.told, taken_back=one.erased),
        "recall": wording.recall_command(number) if "waits" in one.recalls else "",
        "goes": wording.goes(words, one.told),
        "stays": wording.stays(words, one.told),
        "beside": wording.beside(words, one.told),
        "made": wording.filled(words, "made_by", by=one.made_by, day=f"{one.at:%Y-%m-%d}"),
        "earlier": [(wording.filled(words, "release", n=row.number), row) for row in before],
        "given": [(words[f"form_{row.form}"], row) for row in one.given],
        "compared": wording.compared(words, before[0], one) if before else None,
        "error": error,
        **({} if one.erased else _named(request, named.of_release(desk, number, words.language), one.told)),
        "waits": one.needs_second and one.confirmed is None,
        "invented": one.invented,
        "may_confirm": desk.may("release.confirm") and making.may_confirm(desk, number),
    }
    return render(request, "release.html", context, status=status)


def _named(request: HttpRequest, going: named.Going | None, told: Mapping[str, Any]) -> dict[str, Any]:
    """Who is named, for whoever may see it; the journal is told whom the page showed."""
    hidden = going is None and any(one["use"] in ("name", "whole") for one in told["goes"])
    if going is None:
        return {"hidden": hidden}
    people = Paginator(going.people, PAGE).get_page(request.GET.get("named"))
    seen(request, [*(one.person for one in people), *(one.file for one in going.files)])
    return {"named": going, "people": people}


def release(request: HttpRequest, number: int) -> HttpResponse:
    """One release: the sentence, what goes, what stays and why; what a second person sees who is to confirm it."""
    try:
        return _shown(request, Words(language_of(request), wording.ROOM), number)
    except InvalidValue as error:
        raise Http404 from error


def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """The second person's word. Who had to give a passphrase again comes back to the release, and reads it again."""
    if request.method == "POST":
        try:
            making.seen(desk_of(request), number)
        except InvalidValue as error:
            raise Http404 from error
        try:
            making.confirm(desk_of(request), number)
        except CorroborateError as error:
            return _shown(request, Words(language_of(request), wording.ROOM), number, error, 400)
    return HttpResponseRedirect(f"/releases/{number}")


def releases(request: HttpRequest) -> HttpResponse:
    """Everything that left, the newest first; and a new release, shown before it is made."""
    words, desk = Words(language_of(request), wording.ROOM), desk_of(request)
    cases = list(queries.cases_seen(desk).values_list("id", "name"))
    form = ReleaseForm(
        words,
        request.POST if request.method == "POST" else None,
        cases=cases,
        whole=not limited(desk),
        initial={"sealed": request.GET.get("file", "")[:80]},
    )
    context: dict[str, Any] = {"words": words, "form": form, "invented": False}
    if form.is_valid():
        try:
            asked = _asked(form.cleaned_data)
            if pressed(request) == "make":
                return HttpResponseRedirect(f"/releases/{making.make(desk, asked)}")
            context |= _previewed(request, words, asked)
        except CorroborateError as error:
            form.refuse(error)
    rows = summaries.all_releases(desk, words.language)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    seen(request, [f"release/{one.number}" for one in page.object_list])
    context |= {
        "page": page,
        "rows": [(one, wording.receiver(words, one.audience, one.body)) for one in page.object_list],
        "may_make": desk.may("release.make"),
        "invented": context["invented"] or any(one.invented for one in page.object_list),
    }
    return render(request, "releases.html", context, status=400 if form.errors else 200)


def _previewed(request: HttpRequest, words: Words, asked: making.Asked) -> dict[str, Any]:
    """A release before it is made: the sentence, what would go, what would stay."""
    desk = desk_of(request)
    shown = making.preview(desk, asked)
    until = None if shown.release.until is None else shown.release.until.isoformat()
    told = shown.as_json()
    return {
        "sentence": wording.sentence(words, asked.audience, asked.body, until, told),
        "goes": wording.goes(words, told),
        "stays": wording.stays(words, told),
        "invented": shown.release.invented,
        "asked_title": shown.release.title,
        "beside": wording.beside(words, told),
        **_named_at_once(
            request, words, named.going(desk, shown.release.items, words.language, shown.release.words_beside), told
        ),
    }


def _named_at_once(
    request: HttpRequest, words: Words, going: named.Going | None, told: Mapping[str, Any]
) -> dict[str, Any]:
    """The same before a release is made: it has no address, so one page of them, and how many more there are."""
    found = _named(request, going, told)
    if going is not None and (more := len(going.people) - len(found["people"])):
        found["more_named"] = wording.filled(words, "more_named", n=more)
    if going is not None:
        found["people"] = list(found["people"])
    return found


def _asked(given: Mapping[str, Any]) -> making.Asked:
    """What the form asks for."""
    return making.Asked(
        given["audience"],
        given["body"],
        given["title"],
        case=given.get("case", ""),
        until=given["until"],
        names=not given["no_names"],
        files=given["sealed"],
        claims=frozenset() if given["alone"] else None,
    )
