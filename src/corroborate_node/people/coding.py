"""The page of one passage: words are marked in it and coded as claims; what was coded is shown and taken back."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from corroborate.errors import CorroborateError
from corroborate.records import Term
from corroborate.vocabulary import load
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.wording import Words, language_of
from corroborate_node.people.forms import NEW, CodingForm, TakeBackForm
from corroborate_node.records import codings, documents, queries


def passage(request: HttpRequest, entity: str, number: int) -> HttpResponse:
    """One passage of a source: mark words and say what they mean. Looking for a name changes nothing."""
    found = documents.passages_seen(request.user, entity).filter(number=number).first()
    if found is None:
        raise Http404
    desk, words, did = desk_of(request), Words(language_of(request), "people"), pressed(request)
    form = CodingForm(words, request.POST if did in ("find", "code") else None)
    known = _choices(request, form.asked_for(), words) if did else []
    form.offer(known)
    done = None
    if did == "undo":
        done = _taken_back(desk, TakeBackForm(words, request.POST), form)
    elif did == "code":
        done = _coded(desk, entity, number, form)
    elif did == "find":
        form = form.again(known)
    if done is not None:
        return HttpResponseRedirect(f"/sources/{entity}/passages/{number}#codings")
    return _page(request, words, form, found, refused=did in ("undo", "code"))


def _page(request: HttpRequest, words: Words, form: CodingForm, found: Any, *, refused: bool) -> HttpResponse:
    [shown] = codings.shown(request.user, [found])
    pointed = {claim.target for _, made in shown.codings for claim in made if claim.target}
    subjects = {claim.subject_id for _, made in shown.codings for claim in made}
    names = queries.names_of(request.user, pointed | subjects)
    names |= documents.parties_named(request.user, pointed | subjects)
    context = {
        "words": words,
        "form": form,
        "shown": shown,
        "codings": [(mark, [(one.property, [one]) for one in made]) for mark, made in shown.codings],
        "source": found.source_id,
        "names": names,
        "may_code": desk_of(request).may("passage.code"),
        "may_correct": desk_of(request).may("claim.correct"),
        "invented": found.source.invented,
        "corrections": {},
    }
    return render(request, "passage.html", context, status=400 if refused else 200)


def _choices(request: HttpRequest, name: str, words: Words) -> list[tuple[str, str]]:
    """People and parties of that name who are here, and what was done to them: id and words."""
    if not name:
        return []
    found = dict(codings.known_as(request.user, name))
    acts = codings.acts_of(request.user, list(found))
    seen(request, [*found, *(act for act, _, _ in acts)], name)
    lines = [(id_, f"{text} ({id_[-6:]})") for id_, text in found.items()]
    return [*lines, *((act, f"{found[person]}: {_done(value, words)}") for act, person, value in acts)]


def _done(value: object, words: Words) -> str:
    return load(value.vocabulary)[value.id].in_language(words.language) if isinstance(value, Term) else ""


def _coded(desk: Desk, source: str, number: int, form: CodingForm) -> codings.Coded | None:
    """None where it was refused, and the form says why."""
    if not form.is_valid():
        return None
    try:
        return codings.code(desk, source, number, _asked(form.cleaned_data))
    except CorroborateError as refused:
        form.refuse(refused)
        return None


def _asked(given: Mapping[str, Any]) -> codings.Asked:
    new = given["about"] in NEW
    return codings.Asked(
        property=given["property"],
        value=given["term"] if given["property"] == "violation" and given["term"] else given["value"],
        words=given["words"],
        about="" if new else given["about"],
        name=given["who"] if new else "",
        kind=given["about"].removeprefix("new-") if new else "person",
        stance=given["stance"],
        basis=given["basis"],
    )


def _taken_back(desk: Desk, asked: TakeBackForm, form: CodingForm) -> codings.Coded | None:
    if not asked.is_valid():
        return None
    try:
        return codings.undo(desk, asked.cleaned_data["coding"])
    except CorroborateError as refused:
        form.refuse(refused)
        return None
