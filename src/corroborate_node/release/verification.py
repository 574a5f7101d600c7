"""Drop a package on a page: the same code as the command gives the same answer, and nothing of it is kept.

And what became of one record: taken in, sealed, cosigned, packed, as a picture with its words and its table.
"""

import io
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from corroborate.custody import verify
from corroborate.custody.verdicts import MEANS
from corroborate_node.core import opened
from corroborate_node.core.configuration import LARGEST_UPLOAD
from corroborate_node.core.wording import Words, language_of
from corroborate_node.log import queries as log
from corroborate_node.records import queries as records
from corroborate_node.release.forms import PackageForm
from corroborate_node.release.history import Handled, custody_figure, handled

MOST_UNPACKED = 1 << 30  # bytes; a larger package is verified by the command, which does not keep a page waiting


class InMemory(FileUploadHandler):
    """Keeps an upload in memory, and ends it when it is too large: a package in the clear never lies on the disk."""

    def new_file(self, *args: Any, **more: Any) -> None:
        super().new_file(*args, **more)
        self._file = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > LARGEST_UPLOAD:
            raise StopUpload(connection_reset=True)
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._file.seek(0)
        return InMemoryUploadedFile(
            self._file, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )


def _in_memory(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The handler must be there before anything reads the request, the check against forged requests included."""

    @csrf_exempt
    def before(request: HttpRequest) -> HttpResponse:
        request.upload_handlers = [InMemory(request)]
        return view(request)

    return before


@_in_memory
@csrf_protect
@login_required
@require_http_methods(["GET", "POST"])
def package(request: HttpRequest) -> HttpResponse:
    """The verdict on an uploaded package, under its own policy or one that the reader gives."""
    words = Words(language_of(request), "core")
    if request.method != "POST":
        return render(request, "verify.html", {"form": PackageForm(words)})
    form = PackageForm(words, request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "verify.html", {"form": form}, status=400)
    given, policy = form.cleaned_data["package"], form.cleaned_data["policy"]
    found = verify.verify(given, policy.read() if policy else None, most=MOST_UNPACKED)
    return render(request, "verify.html", {"form": PackageForm(words), **shown(found)})


def shown(result: dict[str, Any]) -> dict[str, Any]:
    """A verdict as the page shows it."""
    checked = result["checked"]
    return {
        "verdict": result["verdict"],
        "words": MEANS[result["verdict"]],
        "checked": {key: value for key, value in checked.items() if key != "items"},
        "proven": checked.get("items"),
        "failures": [verify.plain(one) for one in result["failures"]],
        "notes": [verify.plain(one) for one in checked.get("notes", [])],
        "own_policy": checked.get("policy") == "the package's own",
        "fingerprints": [(verify.plain(name), digits) for name, digits in checked.get("fingerprints", {}).items()],
        "witnessed": [(verify.plain(name), at) for name, at in checked.get("witnessed", {}).items()],
        "inner": [
            (verify.plain(name), one["verdict"], one["checked"].get("items", 0))
            for name, one in checked.get("packages", {}).items()
        ],
        "named_by_log": checked.get("named_by") == "its log",
        "stamps": [verify.plain(verify.stamp_line(one)) for one in checked.get("timestamps", [])],
        "organisation_of": verify.plain(checked.get("organisation", "")),
        "name": verify.plain(checked["package"]),
        "made_up": bool(checked.get("invented")),
    }


def _record(request: HttpRequest, record: str) -> Handled:
    kinds = ("entity", "source", "consent", "claim")
    seen = record if records.record_seen(request.user, record) else ""
    entry = get_object_or_404(log.entries_of(seen), kind__in=kinds)
    return handled(request.user, entry, opened.current())


@login_required
def history(request: HttpRequest, record: str) -> HttpResponse:
    """What became of a record since it was taken in."""
    found = _record(request, record)
    about = {"found": found, "figure": custody_figure(found, language_of(request)), "invented": found.invented}
    return render(request, "custody.html", about)


@login_required
def history_picture(request: HttpRequest, record: str) -> HttpResponse:
    """The same as SVG, for an ``img``."""
    return HttpResponse(
        custody_figure(_record(request, record), language_of(request)).svg, content_type="image/svg+xml"
    )
