"""Pages of words: what waits, what was taught, what would be coded otherwise by it."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from corroborate.errors import CorroborateError, InvalidValue
from corroborate.importers.coding import Act
from corroborate.vocabulary import load
from corroborate_node.coding import actions, choosing, queries
from corroborate_node.coding.forms import AskedForm, ChosenForm, WordsForm
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.queries import PAGE
from corroborate_node.core.rooms import invented
from corroborate_node.core.wording import Words, language_of

SHOWN = 200  # cells of one page of changes


def words(request: HttpRequest) -> HttpResponse:
    """Words that nobody coded, each with a form; and those that were taught."""
    desk, said = desk_of(request), Words(language_of(request), "coding")
    if desk.vault.hub:
        raise Http404
    did = pressed(request)
    form: WordsForm | ChosenForm | None = None
    if did:
        taught = WordsForm(said, request.POST, auto_id="sent-%s")
        form = taught if did == "code" else ChosenForm(said, request.POST)
        if (back := _done(request, did, form)) is not None:
            return HttpResponseRedirect(back)
    found = queries.waiting(request.user, most=PAGE)
    seen(request, [one.people for one in found])
    known = [(one, _in_words([Act(*act) for act in one.acts], said)) for one in queries.taught(request.user)]
    context = {
        "words": said,
        "waiting": [_row(number, one, said) for number, one in enumerate(found)],
        "number": queries.number(request.user),
        "sent": form,
        "own": form if isinstance(form, WordsForm) else WordsForm(said, auto_id="own-%s"),
        "taught": known,
        "terms": choosing.shown(said.language),
        "invented": invented(request.user),
    }
    return render(request, "words.html", context, status=400 if form is not None else 200)


def _row(number: int, one: queries.Unread, said: Words) -> dict[str, Any]:
    """Words that wait, with the form beside them."""
    initial = {"words": one.words, "stance": "for"}
    return {"one": one, "form": WordsForm(said, initial=initial, auto_id=f"waiting-{number}-%s").beside()}


def _done(request: HttpRequest, did: str, form: WordsForm | ChosenForm) -> str | None:
    """Do what a form asks; where to go on. None where it was refused."""
    if not form.is_valid():
        return None
    desk, words_ = desk_of(request), str(form.cleaned_data["words"])
    try:
        if did == "code" and isinstance(form, WordsForm):
            actions.code(desk, words_, form.acts())
        elif did == "forget":
            actions.forget(desk, words_)
            return "/words"
        elif did == "apply":
            actions.apply(desk, words_)
        else:
            raise InvalidValue("this page has no such act; load it again")
    except CorroborateError as refused:
        form.refuse(refused)
        return None
    return f"/words/changes?{urlencode({'words': words_})}"


def _in_words(acts: list[Act] | tuple[Act, ...], said: Words) -> list[str]:
    """Acts in the reader's language: what, and how it is told."""
    terms = load("violations").entries
    return [f"{terms[one.term].in_language(said.language)} ({said[f'stance_{one.said}']})" for one in acts]


def changes(request: HttpRequest) -> HttpResponse:
    """What was taken in before and would be coded otherwise by taught words."""
    desk, said, form = desk_of(request), Words(language_of(request), "coding"), AskedForm(request.GET)
    row = queries.taught_word(request.user, form.cleaned_data["words"]) if form.is_valid() else None
    if desk.vault.hub or row is None:
        raise Http404
    found = queries.changes(request.user, row)
    seen(request, [one.person for one in found[:SHOWN]])
    context = {
        "words": said,
        "row": row,
        "told": _in_words([Act(*act) for act in row.acts], said),
        "changes": [(one, _in_words(one.adds, said), _in_words(one.stands, said)) for one in found[:SHOWN]],
        "number": len(found),
        "adds": sum(1 for one in found if one.adds),
        "invented": invented(request.user),
    }
    return render(request, "words_changes.html", context)
