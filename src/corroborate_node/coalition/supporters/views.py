"""The open pages on which the public supports a text, and the page on which the secretariat sees what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from corroborate.coalition import supporters as rules
from corroborate.coalition.final import Final
from corroborate.errors import CorroborateError, InvalidValue
from corroborate_node.coalition.supporters import actions, forms, queries
from corroborate_node.core import opened, sessions
from corroborate_node.core.access.middleware import client_address
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import Spoken, pressed
from corroborate_node.core.gate import desk_of
from corroborate_node.core.throttle import TooManyTries
from corroborate_node.core.wording import Words, language_of

ROOM = "coalition.supporters"


def _words(request: HttpRequest) -> Words:
    return Words(language_of(request), ROOM)


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    more = {"words": _words(request), "page_lang": language_of(request)}
    return render(request, f"supporters/{template}.html", {**context, **more}, status=status)


def _public(request: HttpRequest) -> Desk:
    """The desk at which the node itself writes down what somebody of the public typed."""
    return desk_of(request).system("supporters")


def _text(request: HttpRequest, name: str) -> Final:
    if not opened.current().hub:
        raise Http404
    try:
        return queries.text(name, sessions.now())
    except InvalidValue:
        raise Http404 from None


def _texts(request: HttpRequest, name: str) -> tuple[Final, Final | None]:
    """A text as it was signed, and its translation for this reader."""
    if not opened.current().hub:
        raise Http404
    try:
        return queries.texts(name, sessions.now(), language_of(request))
    except InvalidValue:
        raise Http404 from None


def _refused(error: CorroborateError) -> int:
    return 429 if isinstance(error, TooManyTries) else 400


# Open to everybody


def support(request: HttpRequest, name: str) -> HttpResponse:
    """A published text, who supports it, and a form to support it; or a code typed from a letter."""
    (text, translation), did = _texts(request, name), pressed(request)
    if not any(one.statement == name for one in queries.calls()):
        raise Http404
    words, open_ = _words(request), queries.call(name) is not None
    asking = forms.SupportForm(words, request.POST if did == "support" else None, prefix="support")
    code = forms.CodeForm(words, request.POST if did == "code" else None, prefix="code")
    status = 400 if did else 200
    try:
        if did == "support" and asking.is_valid():
            _asked(request, name, asking)
            return _page(request, "asked", {"text": text, "name": name, "days": rules.WAITS.days})
        if did == "code" and code.is_valid():
            return HttpResponseRedirect(f"/support/{name}/{rules.read_code(code.cleaned_data['code'])}")
    except CorroborateError as error:
        (asking if did == "support" else code).refuse(error)
        status = _refused(error)
    context = {
        "text": text,
        "translation": translation,
        "name": name,
        "open": open_,
        "form": asking,
        "code": code,
        "counted": queries.counted(name),
        "named": queries.named(name),
    }
    return _page(request, "support", context, status)


def _asked(request: HttpRequest, name: str, form: forms.SupportForm) -> None:
    """Raises InvalidValue, NotAllowed, TooManyTries. What it does is the same for an address that is known."""
    value, address = form.value(language_of(request)), rules.address_of(form.cleaned_data["address"])
    desk = _public(request)
    actions.tried(desk.vault, client_address(request), desk.at)
    actions.ask(desk, name, value, address)


def supporter(request: HttpRequest, name: str, code: str) -> HttpResponse:
    """What is held of whoever has a letter, with what it can do: confirm, or be erased. To look changes nothing, since
    mail programs follow links by themselves."""
    text, desk, did = _text(request, name), _public(request), pressed(request)
    machine = client_address(request)
    try:
        try:
            row = actions.found(desk.vault, name, code, desk.at)
        except InvalidValue:
            if machine:
                actions.tried(desk.vault, machine, desk.at)
            raise
        if did == "erase":
            receipt = actions.erase_own(desk, name, code).decode()
            return _page(request, "erased", {"text": text, "name": name, "receipt": receipt})
        one = queries.value_of(row)
        form = _own_form(request, one)
        if did == "confirm" and (not form.is_bound or form.is_valid()):
            _confirmed(request, name, code, form)
            if not form.errors:
                return HttpResponseRedirect(request.path)
    except CorroborateError as error:
        return _page(request, "no-code", {"text": text, "name": name, "error": error}, _refused(error))
    context = {"text": text, "name": name, "row": row, "one": one, "form": form}
    return _page(request, "supporter", context, 400 if form.errors else 200)


def _own_form(request: HttpRequest, one: rules.Supporter) -> forms.OwnForm:
    """What is held, to be put right by whoever has the letter; as it is where nothing of it is sent back."""
    return forms.OwnForm(
        _words(request), request.POST if "own-name" in request.POST else None, initial=asdict(one), prefix="own"
    )


def _confirmed(request: HttpRequest, name: str, code: str, form: forms.OwnForm) -> None:
    try:
        actions.confirm(_public(request), name, code, form.value(language_of(request)) if form.is_bound else None)
    except InvalidValue as error:
        if not form.is_bound:
            raise
        form.refuse(error)


# The secretariat


_Act = Callable[[HttpRequest, str, Mapping[str, Any]], HttpResponse | None]


def supporters(request: HttpRequest, name: str) -> HttpResponse:
    """Who supports a text, the letters that wait, sheets taken in, and what was erased."""
    text, did, words, desk = _text(request, name), pressed(request), _words(request), desk_of(request)
    shown: dict[str, Spoken] = {
        "call": forms.CallForm(
            words, request.POST if did == "call" else None, initial={"page": request.build_absolute_uri("/")[:-1]}
        ),
        "read": forms.SheetForm(words, *((request.POST, request.FILES) if did == "read" else ()), prefix="read"),
        "erase": forms.EraseForm(words, request.POST if did == "erase" else None, prefix="erase"),
    }
    form = shown.get(did) or forms.Nothing(words, request.POST if did else None)
    if did and form.is_valid():
        try:
            return _DO.get(did, _nothing)(request, name, form.cleaned_data) or HttpResponseRedirect(request.path)
        except CorroborateError as error:
            form.refuse(error)
    page = Paginator(queries.entries(request.user, name), 100).get_page(request.GET.get("page"))
    context = {
        "text": text,
        "name": name,
        "call": queries.call(name),
        "forms": shown,
        "page": page,
        "rows": page.object_list,
        "held_back": queries.held_back(page.object_list),
        "counted": queries.counted(name),
        "unlettered": queries.unlettered(name),
        "lists": queries.lists(request.user, name)[:20],
        "erased": queries.erased(request.user, name),
        "stray": form if did and form.errors and did not in shown else None,
        "may": desk.may("support.keep"),
    }
    return _page(request, "supporters", context, 400 if did else 200)


def sheet(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """A sheet as it was read, row by row, to be taken in or not; of one taken in, how to take it back."""
    text, words = _text(request, name), _words(request)
    found = queries.list_(request.user, name, number)
    if found is None:
        raise Http404
    form = forms.Nothing(words, request.POST if request.method == "POST" else None)
    if form.is_valid():
        act = {"take": actions.take_list, "undo": actions.undo_list}.get(pressed(request))
        try:
            if act is None:
                raise InvalidValue("nothing was asked for")
            act(desk_of(request), name, number)
            return HttpResponseRedirect(f"/statements/{name}/supporters")
        except CorroborateError as error:
            form.refuse(error)
    rows = [queries.row_of(one) for one in found.rows.get("rows", ())]
    looked_at = sorted(rows, key=lambda one: (not one.refused, not one.doubts))
    context = {
        "text": text,
        "name": name,
        "found": found,
        "rows": looked_at[:500],
        "many": len(rows),
        "good": sum(not one.refused for one in rows),
        "sure": sum(one.confirmed for one in rows),
        "notices": found.rows.get("notices", ()),
        "form": form,
    }
    return _page(request, "sheet", context, 400 if form.errors else 200)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _call(request: HttpRequest, name: str, given: Mapping[str, Any]) -> None:
    actions.call(desk_of(request), name, given["page"])


def _read(request: HttpRequest, name: str, given: Mapping[str, Any]) -> HttpResponse:
    file, content = given["sheet"]
    number = actions.read(desk_of(request), name, file, content, given["language"])
    return HttpResponseRedirect(f"/statements/{name}/supporters/{number}")


def _erase(request: HttpRequest, name: str, given: Mapping[str, Any]) -> HttpResponse:
    receipt = actions.erase_address(desk_of(request), name, given["address"])
    return _file(receipt, "text/plain; charset=utf-8", "erased.txt")


def _erase_entry(request: HttpRequest, name: str, _given: Mapping[str, Any]) -> HttpResponse:
    receipt = actions.erase(desk_of(request), name, pressed(request, "entry"))
    return _file(receipt, "text/plain; charset=utf-8", "erased.txt")


def _show(request: HttpRequest, name: str, _given: Mapping[str, Any]) -> None:
    actions.show(desk_of(request), name, pressed(request, "entry"))


def _letters(request: HttpRequest, name: str, _given: Mapping[str, Any]) -> HttpResponse:
    content = actions.letters(desk_of(request), name, again=pressed(request) == "letters-again")
    return _file(content, "application/zip", f"{name}.letters.zip")


def _export(request: HttpRequest, name: str, _given: Mapping[str, Any]) -> HttpResponse:
    return _file(actions.export(desk_of(request), name), "text/csv; charset=utf-8", f"{name}.supporters.csv")


def _end(request: HttpRequest, name: str, _given: Mapping[str, Any]) -> None:
    actions.end(desk_of(request), name)


def _nothing(_request: HttpRequest, _name: str, _given: Mapping[str, Any]) -> None:
    raise InvalidValue("nothing was asked for")


_DO: Mapping[str, _Act] = {
    "call": _call,
    "end": _end,
    "read": _read,
    "erase": _erase,
    "erase-entry": _erase_entry,
    "show": _show,
    "letters": _letters,
    "letters-again": _letters,
    "export": _export,
}
