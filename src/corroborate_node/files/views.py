"""Pages of a sealed file: it is shown, and copies of it are made."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from corroborate.copies import Kind, text_of
from corroborate.copies.regions import seconds
from corroborate.errors import CorroborateError, InvalidValue
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, scripted
from corroborate_node.core.rooms import invented
from corroborate_node.core.wording import Words, language_of
from corroborate_node.files import copies, forms, parts, queries, vouching
from corroborate_node.records import codings, documents

_script = scripted({"script-src": ["'self'"], "media-src": ["'self'"]})
_AT = re.compile(r"(?:\d{1,3}:)?\d{1,3}:\d\d")
MOST_PASSAGES = 500


@dataclass(frozen=True, slots=True)
class _Viewed:
    """What a page shows of a file: how, which page of how many, words, and why nothing can be shown."""

    kind: Kind
    page: int = 1
    pages: int = 1
    text: str = ""
    more: bool = False
    refused: CorroborateError | None = None


def _words(request: HttpRequest) -> Words:
    return Words(language_of(request), "files")


def _file(request: HttpRequest, id_: str) -> Any:
    found = queries.file_seen(request.user, id_)
    if found is None:
        raise Http404
    return found


@_script
def file(request: HttpRequest, id_: str) -> HttpResponse:
    """A file, shown without running anything of it; where it came from, and what was made of it."""
    found, desk = _file(request, id_), desk_of(request)
    viewed = _viewed(request, desk, found)
    sources, words = queries.sources_of(request.user, found), _words(request)
    original = queries.original_of(request.user, found)
    context = {
        **_common(request, found, viewed),
        **_vouched(request, desk, found, viewed, sources),
        "sources": sources,
        "copies": [_said(one, words) for one in queries.copies_of(request.user, found)],
        "original": None if original is None else _said(original, words),
        "what": words[f"shown_{viewed.kind.shown or 'other'}"],
        "passages": _passages(request, sources) if viewed.kind.shown in ("sound", "film") else [],
        "at": _at(request),
        "may_derive": desk.may("file.derive"),
        "may_release": desk.may("release.make"),
        "may_take": desk.may("file.take"),
        "as_text": request.GET.get("as") == "text",
        "large": request.GET.get("size") == "large",
    }
    return render(request, "files/file.html", context)


def _vouched(request: HttpRequest, desk: Desk, found: Any, viewed: _Viewed, sources: list[Any]) -> dict[str, Any]:
    """What the file says of its own making, and the time stamps that are of it."""
    said = vouching.said_by(desk, found, viewed.kind)
    return {
        "vouching": said,
        "stamp_of": vouching.stamped(request.user, said),
        "stamps": vouching.stamps_of(desk, request.user, found, sources),
    }


def _said(one: queries.Copy, words: Words) -> dict[str, Any]:
    """A copy, or the original of one, with the words for how it was made."""
    return {"file": one.file, "said": words[f"copy_{one.kind}"], "how": one.how, "by": one.by, "at": one.at}


def _common(request: HttpRequest, found: Any, viewed: _Viewed) -> dict[str, Any]:
    return {
        "words": _words(request),
        "file": found,
        "viewed": viewed,
        "ticket": parts.ticket(request, found.id),
        "invented": invented(request.user),
    }


def _viewed(request: HttpRequest, desk: Desk, found: Any, page_asked: str = "") -> _Viewed:
    kind = queries.kind(desk, found)
    page = _number(page_asked or request.GET.get("page", ""))
    try:
        if kind.shown == "text":
            return _Viewed(kind, 1, 1, *queries.text(desk, found))
        if kind.shown != "pages":
            return _Viewed(kind)
        count = queries.pages(desk, found)
        page = min(page, max(count, 1))
        asked = request.GET.get("as") == "text"
        return _Viewed(kind, page, count, text_of(queries.whole(desk, found), page) if asked else "")
    except CorroborateError as error:
        return _Viewed(kind, refused=error)


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def _at(request: HttpRequest) -> str:
    """The time code at which a recording is to begin, in seconds."""
    try:
        return f"{seconds(request.GET.get('at', '0')):g}"
    except InvalidValue:
        return "0"


def _passages(request: HttpRequest, sources: list[Any]) -> list[dict[str, Any]]:
    """What the sources say, each passage with the second at which it begins, where its place names one."""
    said = []
    for source in sources[:5]:
        of = documents.passages_seen(request.user, source.id)[:MOST_PASSAGES]
        for shown in codings.shown(request.user, list(of)):
            found = _AT.search(shown.passage.locator)
            said.append({"shown": shown, "at": f"{seconds(found.group()):g}" if found else ""})
    return said


@_script
def copy(request: HttpRequest, id_: str) -> HttpResponse:
    """Make a copy of a file with something taken out, keep one that was made elsewhere, or erase one."""
    found, desk, words, did = _file(request, id_), desk_of(request), _words(request), pressed(request)
    turned = did.removeprefix("page-") if did.startswith("page-") else ""  # what was typed goes along
    viewed = _viewed(request, desk, found, turned)
    form = forms.CopyForm(words, viewed.kind, request.POST if did == "derive" or turned else None)
    given = forms.GivenForm(words, *((request.POST, request.FILES) if did == "add" else ()), auto_id="given-%s")
    erased = forms.EraseForm(words, request.POST if did == "erase" else None)
    done = _done(desk, id_, did, {"derive": form, "add": given, "erase": erased})
    if done is not None:
        back = done.original if did == "erase" else done.id
        return HttpResponseRedirect(f"/files/{back}" + ("#copies" if did == "erase" else ""))
    context = {
        **_common(request, found, viewed),
        "form": form,
        "given": given,
        "erased": erased,
        "erase": request.GET.get("erase", ""),
        "makes": viewed.kind.shown in ("pages", "picture") or viewed.kind.format == "wav",
    }
    return render(request, "files/copy.html", context, status=400 if did and not turned else 200)


def _done(desk: Desk, file: str, did: str, by: dict[str, Any]) -> copies.Made | None:
    """What was asked; None where nothing was, or where it was refused and its form says why."""
    form = by.get(did)
    if form is None or not form.is_valid():
        return None
    asked = form.cleaned_data
    try:
        if did == "derive":
            what = copies.Asked(asked["out"], bool(asked.get("tone")), asked["name"])
            return copies.derive(desk, file, what)
        if did == "erase":
            return copies.erase(desk, asked["copy"])
        name, content = asked["file"] or ("", b"")
        return copies.add(desk, file, asked["kind"], name, content)
    except CorroborateError as error:
        form.refuse(error)
        return None


@cache
def _script_file() -> str:
    return (Path(__file__).parent / "viewer.js").read_text(encoding="utf-8")


def script(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(_script_file(), content_type="text/javascript", headers={"Cache-Control": "max-age=3600"})
