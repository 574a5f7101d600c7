"""The page on which what a recording says is written down, beside its player."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from corroborate.errors import CorroborateError
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, scripted
from corroborate_node.core.rooms import invented
from corroborate_node.core.wording import Words, language_of
from corroborate_node.files import parts, queries, transcribing
from corroborate_node.files.forms import TranscriptForm

_script = scripted({"script-src": ["'self'"], "media-src": ["'self'"], "connect-src": ["'self'"]})


@_script
def transcript(request: HttpRequest, id_: str) -> HttpResponse:
    """Type it, keep it, read a file into it, seal it."""
    found = queries.file_seen(request.user, id_)
    desk, words, did = desk_of(request), Words(language_of(request), "files"), pressed(request)
    if found is None or queries.kind(desk, found).shown not in ("sound", "film"):
        raise Http404
    sources = [(one.id, one.title or one.id) for one in queries.sources_of(request.user, found)]
    form = TranscriptForm(words, sources, *((request.POST, request.FILES) if did else ()),
                          initial={"text": transcribing.typed(desk, found)})  # fmt: skip
    made, failed = _done(desk, id_, did, form)
    if request.headers.get("Accept") == "application/json":
        told = {"kept": not failed, "said": words["is_kept"] if not failed else str(form.refusal[0])}
        return JsonResponse(told, status=400 if failed else 200)
    if made is not None:
        return HttpResponseRedirect(f"/files/{id_}")
    if did == "read" and not failed:
        return HttpResponseRedirect(f"/files/{id_}/transcript")
    context = {
        "words": words,
        "file": found,
        "viewed": {"kind": queries.kind(desk, found)},
        "ticket": parts.ticket(request, found.id),
        "form": form,
        "kept": did == "keep" and not failed,
        "invented": invented(request.user),
    }
    return render(request, "files/transcript.html", context, status=400 if failed else 200)


def _done(desk: Desk, file: str, did: str, form: TranscriptForm) -> tuple[Any, bool]:
    """What was sealed, if anything, and whether something was refused. Whatever was pressed, what was typed is kept."""
    if not did:
        return None, False
    if not form.is_valid():
        return None, True
    asked = form.cleaned_data
    try:
        transcribing.keep(desk, file, asked["text"])
        if did == "read" and asked["file"]:
            transcribing.keep(desk, file, transcribing.read_in(*asked["file"]))
        return (transcribing.seal(desk, file, asked["source"], asked["text"]) if did == "seal" else None), False
    except CorroborateError as error:
        form.refuse(error)
        return None, True
