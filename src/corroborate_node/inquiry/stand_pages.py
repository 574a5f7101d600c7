"""The page on which a member stands under findings of a release that it read, and takes in what others signed."""

from dataclasses import asdict
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from corroborate.disclosure import SignedRelease, check_seen, finding_digest, findings_of, read_signed, reader_of
from corroborate.errors import CorroborateError, InvalidValue
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.wording import Words, language_of
from corroborate_node.inquiry import standing
from corroborate_node.inquiry.forms import NotesForm, ReleaseFileForm, StandForm

SHOWN = 200  # findings of a release that a page shows
_SALT, _A_DAY = "finding that was read", 86_400


@login_required
def stand(request: HttpRequest) -> HttpResponse:
    """Read a release and sign under one of its findings; take in files of notes; what members said."""
    words, desk, did = Words(language_of(request), "inquiry"), desk_of(request), pressed(request)
    reading = ReleaseFileForm(words, *((request.POST, request.FILES) if did == "read" else ()), auto_id="read-%s")
    hearing = NotesForm(words, *((request.POST, request.FILES) if did == "hear" else ()), auto_id="hear-%s")
    signing_ = StandForm(words, request.POST) if did == "stand" else None
    found = None
    if did == "read" and reading.is_valid():
        found = _read(reading)
    elif did == "hear" and hearing.is_valid() and _heard(request, hearing):
        return HttpResponseRedirect("/findings/stand#heard")
    elif signing_ is not None and signing_.is_valid() and (file := _signed(request, signing_, words)) is not None:
        return file
    seen(request, ["findings"])
    context = {
        "words": words,
        "reading": reading,
        "hearing": hearing,
        "may_stand": desk.may("finding.stand"),
        "may_hear": desk.may("finding.hear"),
        "heard": standing.all_seen(request.user),
        "refused": signing_ if signing_ is not None and signing_.errors else None,
        **(_shown(found, words) if found is not None else {}),
    }
    return render(request, "inquiry/stand.html", context, status=400 if did and found is None else 200)


def _read(form: ReleaseFileForm) -> SignedRelease | None:
    try:
        found = read_signed(form.cleaned_data["file"][1])
        check_seen(found.release)
        return found
    except CorroborateError as refused:
        form.refuse(refused, "file")
        return None


def _heard(request: HttpRequest, form: NotesForm) -> bool:
    try:
        standing.hear(desk_of(request), form.cleaned_data["file"][1])
    except CorroborateError as refused:
        form.refuse(refused, "file")
        return False
    return True


def _signed(request: HttpRequest, form: StandForm, words: Words) -> HttpResponse | None:
    given = form.cleaned_data
    try:
        told: dict[str, str] = signing.loads(given["read"], salt=_SALT, max_age=_A_DAY)
        read = standing.Read(**told)
        note = standing.sign_read(desk_of(request), read, given["choice"], given["words"])
    except signing.BadSignature:
        form.add_error(None, words["not_ours"])
        return None
    except InvalidValue as refused:
        form.refuse(refused, "words")
        return None
    name = f'attachment; filename="{read.finding}.signed"'
    return HttpResponse(note, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": name})


def _shown(found: SignedRelease, words: Words) -> dict[str, Any]:
    """Each finding of the release as it stands there, with a form to sign under exactly that."""
    made = found.release
    rows = []
    for number, (id_, one) in enumerate(list(findings_of(made).items())[:SHOWN]):
        read = standing.Read(id_, reader_of(made), finding_digest(made, id_).hex)
        sealed = signing.dumps(asdict(read), salt=_SALT)
        form = StandForm(words, initial={"read": sealed}, auto_id=f"stand-{number}-%s")
        rows.append((id_, one, read, form))
    return {"release": made, "signer": found.key, "rows": rows}
