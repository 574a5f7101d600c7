"""Parts of a sealed file: a page drawn, a stretch to be played, all of it as an attachment.

What is drawn and played is given under a ticket that the file's page hands out, so each file that was seen stands in
the journal, and a film of two hours leaves one line and not thousands. Every part is an attachment of a type that we
say, in a sandbox: no browser runs anything of it.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from django.core import signing
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.utils.http import content_disposition_header

from corroborate.copies import picture as drawn
from corroborate.errors import CorroborateError
from corroborate_node.core.gate import desk_of, scripted
from corroborate_node.files import queries

AT_ONCE = 4 << 20  # bytes of a recording that one answer holds
WIDTHS = {"": 1200, "large": 2400, "small": 480}  # pixels
_VALID = 12 * 3600  # seconds; longer than anybody stays logged in
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_sandboxed = scripted({"sandbox": [""]})


def ticket(request: HttpRequest, file: str) -> str:
    """What a file's page hands out, for whoever opened it in this session."""
    return signing.dumps([file, request.session.session_key], salt="part of a file")


def _admitted(request: HttpRequest, file: str) -> bool:
    try:
        given = signing.loads(request.GET.get("ticket", ""), salt="part of a file", max_age=_VALID)
    except signing.BadSignature:
        return False
    return bool(given == [file, request.session.session_key])


def _of(request: HttpRequest, id_: str) -> Any:
    found = queries.file_seen(request.user, id_)
    if found is None:
        raise Http404
    return found


@_sandboxed
def picture(request: HttpRequest, id_: str, number: int) -> HttpResponse:
    """A page of a PDF, or a picture, drawn anew."""
    found = _of(request, id_)
    if not _admitted(request, id_):
        return HttpResponseRedirect(f"/files/{id_}")
    desk = desk_of(request)
    kind = queries.kind(desk, found)
    if kind.shown not in ("pages", "picture"):
        raise Http404
    widest = WIDTHS.get(request.GET.get("size", ""), WIDTHS[""])
    try:
        content = drawn(kind, queries.whole(desk, found), number, widest)
    except CorroborateError as error:
        return _headed(HttpResponse(f"{error}\n", status=422, content_type="text/plain; charset=utf-8"))
    return _headed(HttpResponse(content, content_type="image/png"))


@_sandboxed
def stream(request: HttpRequest, id_: str) -> HttpResponse:
    """A stretch of a recording or film, as a player asks for it; decrypted in memory, part by part."""
    found = _of(request, id_)
    if not _admitted(request, id_):
        return HttpResponseRedirect(f"/files/{id_}")
    desk = desk_of(request)
    kind = queries.kind(desk, found)
    if kind.shown not in ("sound", "film"):
        raise Http404
    place = _asked(request.headers.get("Range", "bytes=0-"), found.size)
    if place is None:
        refused = HttpResponse(status=416, content_type="text/plain")
        refused["Content-Range"] = f"bytes */{found.size}"
        return _headed(refused)
    start, stop = place
    content = b"".join(queries.stretch(desk, found, start, stop))
    answer = HttpResponse(content, status=206, content_type=kind.media)
    answer["Content-Range"] = f"bytes {start}-{stop - 1}/{found.size}"
    answer["Accept-Ranges"] = "bytes"
    return _headed(answer)


def _asked(range_: str, size: int) -> tuple[int, int] | None:
    """From where to before where; None: there is nothing. More than one range is answered by the first bytes."""
    found = _RANGE.fullmatch(range_.replace(" ", ""))
    first, last = found.groups() if found else ("0", "")
    if not first and not last:
        return None
    if not first:
        start, stop = max(0, size - int(last[:18])), size
    else:
        start, stop = int(first[:18]), int(last[:18]) + 1 if last else size
    stop = min(stop, size, start + AT_ONCE)
    return (start, stop) if start < stop else None


@_sandboxed
def original(request: HttpRequest, id_: str) -> HttpResponse:
    """All of a file as it was taken in, to be kept outside of the vault: for whoever may, and written down."""
    found, desk = _of(request, id_), desk_of(request)
    parts = queries.whole(desk, found)
    answer = StreamingHttpResponse(
        _given(parts) if isinstance(request, ASGIRequest) else parts, content_type="application/octet-stream"
    )
    answer["Content-Length"] = str(found.size)
    return _headed(answer, found.name)


async def _given(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Read beside the server's own work, some parts at a time."""

    def some() -> bytes:
        return b"".join(part for _, part in zip(range(16), parts, strict=False))

    while block := await asyncio.to_thread(some):
        yield block


def _headed(answer: HttpResponse | StreamingHttpResponse, name: str = "part") -> HttpResponse:
    """Never opened in a page of the vault, and not told to other sites."""
    answer.headers["Content-Disposition"] = _attachment(name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer  # type: ignore[return-value]  # a streamed answer goes the same ways


def _attachment(name: str) -> str:
    return content_disposition_header(True, name) or "attachment"


__all__ = ["AT_ONCE", "WIDTHS", "original", "picture", "stream", "ticket"]
