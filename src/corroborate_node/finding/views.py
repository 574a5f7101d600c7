"""Pages of finding: what is asked, queries answer, templates show."""

from datetime import UTC, datetime
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from corroborate.errors import InvalidValue
from corroborate_node.core.components import Shape
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, scripted, seen
from corroborate_node.core.queries import PAGE
from corroborate_node.core.rooms import invented
from corroborate_node.core.wording import Words, language_of
from corroborate_node.finding import criteria, queries, saving, screening
from corroborate_node.finding.forms import ChosenForm, QuestionForm, RenameForm, SaveForm, ScreenForm
from corroborate_node.records import queries as records

SHOWN = 20  # people beside one name of a text
FIRST = 10  # answers of each kind on the page of all
LAST = 2_000  # page of one kind
_KEYS = {"from_": "from", "source_kind": "source-kind", "list_": "list"}  # fields of the form whose name is another


@scripted({"script-src": ["'self'"]})
def search(request: HttpRequest) -> HttpResponse:
    """Answers to a question, by kind, each with why it answers; or all of one kind."""
    if desk_of(request).vault.hub:
        raise Http404
    words = Words(language_of(request), "finding")
    form = QuestionForm(words, records.lists_seen(request.user), request.GET or None, auto_id="asked-%s")
    kind = request.GET.get("in", "")
    kinds = [kind] if kind in criteria.KINDS else list(criteria.KINDS)
    asked = _asked(form)
    groups = _groups(request, words, kinds, asked) if asked else []
    seen(request, [line.id for group in groups for line, _ in group["lines"]], asked.words if asked else "")
    context = {
        "words": words,
        "form": form,
        "asked": asked,
        "groups": [one for one in groups if one["lines"]],
        "one": kind,
        "filtered": asked is not None and asked.filtered,
        "saved": [(one, urlencode(_as_form(one.asked))) for one in saving.searches(request.user)],
        "save": _save_form(words, request, asked),
        "may_screen": desk_of(request).may("identity.read"),
        "invented": invented(request.user),
    }
    return render(request, "search.html", context, status=400 if form.is_bound and asked is None else 200)


def _asked(form: QuestionForm) -> criteria.Criteria | None:
    """The question of a form; None where nothing is asked, or the form says what is wrong."""
    if not form.is_bound or not form.is_valid():
        return None
    given = {_KEYS.get(name, name): str(value) for name, value in form.cleaned_data.items() if value}
    try:
        return criteria.criteria_of(given)
    except InvalidValue as error:
        form.refuse(error)
        return None


def _save_form(words: Words, request: HttpRequest, asked: criteria.Criteria | None) -> SaveForm | None:
    if asked is None or asked.empty:
        return None
    question = urlencode({key: value for key, value in request.GET.items() if key not in ("in", "page")})
    return SaveForm(words, initial={"question": question}, auto_id="save-%s")


def searches(request: HttpRequest) -> HttpResponse:
    """The questions that somebody keeps: asked again, named otherwise, forgotten."""
    words, act = Words(language_of(request), "finding"), pressed(request)
    form = _ACTS[act](words, request.POST, auto_id="given-%s") if act in _ACTS else None
    if form is not None and form.is_valid():
        try:
            return redirect(_done(request, form))
        except InvalidValue as error:
            form.refuse(error)
    if type(form) is ChosenForm:
        raise Http404  # a button for a search that is theirs no longer
    rows = list(saving.searches(request.user))
    context = {
        "words": words,
        "saved": [(one, urlencode(_as_form(one.asked)), _named(words, one, form)) for one in rows],
        "form": form if isinstance(form, SaveForm) else None,
        "invented": invented(request.user),
    }
    return render(request, "searches.html", context, status=400 if form is not None else 200)


_ACTS: dict[str, type[SaveForm] | type[ChosenForm]] = {"save": SaveForm, "rename": RenameForm, "delete": ChosenForm}


def _named(words: Words, one: Any, given: SaveForm | ChosenForm | None) -> RenameForm:
    """The form that renames a search; the one that was given where something in it was wrong."""
    if isinstance(given, RenameForm) and given.cleaned_data.get("search") == one.pk:
        return given
    return RenameForm(words, initial={"name": one.name, "search": one.pk}, auto_id=f"s{one.pk}-%s")


def _done(request: HttpRequest, form: SaveForm | ChosenForm) -> str:
    """Do what was asked; the address to show next. Raises InvalidValue."""
    desk, given = desk_of(request), form.cleaned_data
    if isinstance(form, SaveForm):
        question = str(given["question"])
        saving.save(desk, given["name"], {_KEYS.get(name, name): value for name, value in parse_qsl(question)})
        return f"/search?{question}"
    if isinstance(form, RenameForm):
        saving.rename(desk, given["search"], given["name"])
    else:
        saving.delete(desk, given["search"])
    return "/search/saved"


def _as_form(asked: dict[str, str]) -> dict[str, str]:
    """A kept question with the names of the form's fields."""
    fields = {key: name for name, key in _KEYS.items()}
    return {fields.get(key, key): value for key, value in asked.items()}


def _groups(request: HttpRequest, words: Words, kinds: list[str], asked: criteria.Criteria) -> list[dict[str, Any]]:
    """Answers by kind as the page shows them: the first of each, or a page of one kind."""
    look = queries.Look(request.user, asked, datetime.now(UTC).date())
    alone, made = len(kinds) == 1, []
    for kind in kinds:
        number = _page(request) if alone else 1
        answers = queries.answers(look, kind, (number - 1) * PAGE)
        made.append(_group(request, words, kind, answers, alone))
    return made


def _page(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return min(int(asked), LAST) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else 1


def _group(request: HttpRequest, words: Words, kind: str, answers: queries.Answers, alone: bool) -> dict[str, Any]:
    given = {key: str(value) for key, value in request.GET.items() if key not in ("in", "page")}
    shown = answers.found if alone else answers.found[:FIRST]
    number, address = answers.first // PAGE + 1, f"&{urlencode({**given, 'in': kind})}"
    return {
        "kind": kind,
        "title": words[f"kind_{kind}"],
        "number": answers.counted,
        "more": answers.more,
        "lines": [(line, words[line.why]) for line in queries.lines(request.user, kind, shown, given.get("q", ""))],
        "before": f"?page={number - 1}{address}" if alone and number > 1 else "",
        "page": number,
        "after": f"?page={number + 1}{address}" if alone and answers.more and number < LAST else "",
        "all": ""
        if alone or (len(answers.found) <= FIRST and not answers.more)
        else f"?{urlencode({**given, 'in': kind})}",
        "question": urlencode(given),
    }


def screen(request: HttpRequest) -> HttpResponse:
    """Which of our people a text may name. Nothing of the text is kept."""
    words = Words(language_of(request), "finding")
    form, named = ScreenForm(words, request.POST if request.method == "POST" else None), None
    if request.method == "POST" and form.is_valid():
        named = screening.screen(request.user, form.cleaned_data["text"])
        seen(request, [one.id for each in named for one in each.people])
    told = None if named is None else [_mention(words, one) for one in named]
    context = {"words": words, "form": form, "named": told, "invented": invented(request.user)}
    return render(request, "screen.html", context, status=400 if form.is_bound and told is None else 200)


_SHAPES: dict[str, Shape] = {"weak": "no", "some": "part", "strong": "doubt"}


def _mention(words: Words, one: screening.Mention) -> dict[str, Any]:
    """A name in a text as the page tells of it."""
    return {
        "mention": one,
        "people": [(person, words[person.why]) for person in one.people[:SHOWN]],
        "rest": max(0, len(one.people) - SHOWN),
        "shape": _SHAPES[one.doubt],
        "said": words[f"doubt_{one.doubt}"],
        "because": ", ".join(words[key] for key in one.why),
    }


def keys(_request: HttpRequest) -> HttpResponse:
    """The page's script."""
    script = resources.files(__package__).joinpath("keys.js").read_bytes()
    return HttpResponse(script, content_type="text/javascript")
