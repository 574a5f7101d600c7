"""What somebody who told us something takes home, in their language: what was recorded, what they allowed, where it
went, and how to change their mind. A page to print."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from corroborate.records import AUDIENCES, USES
from corroborate_node.core.forms import LanguageForm
from corroborate_node.core.gate import desk_of
from corroborate_node.core.wording import LANGUAGES, Words, language_of
from corroborate_node.records import documents, entering, queries
from corroborate_node.release import summaries, wording


def sheet(request: HttpRequest, entity: str) -> HttpResponse:
    """The sheet of a source. ``language``: theirs, which may be another than that of whoever prints it."""
    found = get_object_or_404(queries.sources_seen(request.user).filter(withdrawn=None), id=entity)
    asked = LanguageForm({"language": request.GET.get("language", "")})
    language = asked.cleaned_data["language"] if asked.is_valid() else language_of(request)
    words, frame, desk = Words(language, "people"), Words(language, "core"), desk_of(request)
    claims = [one for one in queries.claims_of(request.user, entity) if one.value and not one.superseded]
    told: dict[str, list[Any]] = {}
    for one in claims:
        if not one.subject_id.startswith("involvement_"):
            told.setdefault(one.subject_id, []).append(one)
    named = {one for subject, made in told.items() for one in (subject, *(claim.target for claim in made))}
    consents = list(queries.consents_of([entity]))
    allowed = queries.allowed(consents, desk.at.date())
    release = Words(language, "release")
    went = summaries.went(desk, [one.id for one in claims]) if desk.may("release.read") else None
    context = {
        "w": words,
        "words": words,
        "frame": frame,
        "source": found,
        "told": list(told.items()),
        "language": language,
        "names": queries.names_of(request.user, named) | documents.parties_named(request.user, named),
        "allowed": [
            (frame[f"audience_{one}"], [frame[f"use_{use}"] for use in USES if use in allowed[one]])
            for one in AUDIENCES
        ],
        "ends": sorted({one.ends for one in consents if one.ends and not one.withdrawn}),
        "conditions": [one.conditions for one in consents if one.conditions],
        "went": None if went is None else [(one, wording.receiver(release, one.audience, one.body)) for one in went],
        "entries": entering.entries_seen(request.user, entity),
        "today": desk.at.date(),
        "others": LANGUAGES,
        "invented": found.invented,
    }
    return render(request, "sheet.html", context)
