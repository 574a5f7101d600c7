"""Pages on which whoever told us something sees what became of it, by the code on their sheet and a word that was told
apart from it. They need no account and no script, name nobody before both are given, and keep nothing in a browser.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from corroborate.errors import CorroborateError
from corroborate.records import USES
from corroborate.records.consent import Circle, Taken
from corroborate_node.core import opened, sessions
from corroborate_node.core.access.middleware import client_address
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import LanguageForm, Line, Spoken, Text, pressed
from corroborate_node.core.throttle import TooManyTries
from corroborate_node.core.wording import LANGUAGES, Words, language_of, speaking
from corroborate_node.people.sheet import LOOKS_AT
from corroborate_node.people.sheet import told as told_by
from corroborate_node.records import narrowing, remarks
from corroborate_node.survivor import coming

ASKS = ("widen", "correct", "ask", "call")
_BETWEEN = "\t"  # circle, body and use in the value of a box
Page = Callable[..., HttpResponse]


class ComeInForm(Spoken):
    """What stands on the sheet, and what was told apart from it."""

    called: ClassVar = {"code": "own_code", "word": "own_word"}
    code = Line(most=60, attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})
    # no password field: a browser would offer to keep it, and the code with it, for whoever has the telephone next
    word = Line(most=60, attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})


class NarrowForm(Spoken):
    """What shall end, of what is allowed today."""

    called: ClassVar = {"end": "end"}
    end = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, words: Words, *args: Any, allowed: Mapping[Circle, frozenset[str]], **kwargs: Any) -> None:
        self.allowed, self.frame = allowed, Words(words.language, "core")
        super().__init__(words, *args, **kwargs)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        """Each use before each circle; that we hold what was told ends with everything, not by itself."""
        return {
            "end": [
                (_BETWEEN.join((audience, body, use)), self._said(audience, body, use))
                for (audience, body), uses in self.allowed.items()
                for use in USES
                if use in uses and (audience, use) != ("own", "hold")
            ]
        }

    def _said(self, audience: str, body: str, use: str) -> str:
        whom = body or self.frame[f"audience_{audience}"]
        return f"{whom}{self.frame['colon']}{self.frame[f'use_{use}']}"

    def taken(self) -> list[Taken]:
        boxes = [one.split(_BETWEEN) for one in self.cleaned_data["end"]]
        return [(audience, body, use) for audience, body, use in boxes]


class SureForm(Spoken):
    """That it is meant."""

    sure = forms.BooleanField()


class AskingForm(Spoken):
    """What somebody wants to be done: it waits for a person."""

    called: ClassVar = {"kind": "asking", "text": "asking_text"}
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    text = Text(rows=4, most=remarks.LONGEST, required=False)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"kind": [(one, words[f"asks_{one}"]) for one in ASKS]}


class Looking:
    """Who looks, in which language, and how their pages are made."""

    def __init__(self, request: HttpRequest, language: str) -> None:
        self.request, self.language = request, language
        self.words = Words(language, "survivor")

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        around = {
            "words": self.words,
            "leave_now": self.words["leave_now"],
            "frame": Words(self.language, "core"),
            "language": self.language,
            "others": LANGUAGES,
            "organisation": "",  # whoever finds an open browser, or half of what is needed, learns of no member
        }
        return render(self.request, f"my_words/{template}.html", {**around, **context}, status=status)

    def to(self, page: str, done: str = "") -> HttpResponse:
        return HttpResponseRedirect(f"{LOOKS_AT}{page}?language={self.language}{done}")


def _in_their_language(view: Page) -> Page:
    """The choice stands in the address, and no cookie stays of it."""

    @wraps(view)
    def made(request: HttpRequest) -> HttpResponse:
        if opened.current().hub:
            raise Http404
        asked = LanguageForm({"language": request.GET.get("language", "")})
        language = asked.cleaned_data["language"] if asked.is_valid() else language_of(request)
        with speaking(language):
            answer = view(Looking(request, language))
        answer["Cache-Control"] = "no-store"
        return answer

    return made


def cookie() -> str:
    """Of this vault: cookies are shared by all ports of a machine."""
    return settings.SESSION_COOKIE_NAME.replace("session_", "words_")


@_in_their_language
def come_in(looking: Looking) -> HttpResponse:
    """Code and word. Whether a code is one at all is told to nobody."""
    request = looking.request
    form = ComeInForm(looking.words, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return looking.page("come_in", 400 if form.errors else 200, form=form)
    code, word = form.cleaned_data["code"], form.cleaned_data["word"]
    blank = ComeInForm(looking.words)  # neither is written back into the page
    where = coming.From(client_address(request))
    try:
        token = coming.come_in(opened.current(), code, word, where, sessions.now())
    except TooManyTries as error:
        answer = looking.page("come_in", 429, form=blank, wait=-(-error.seconds // 60))
        answer["Retry-After"] = str(error.seconds)
        return answer
    except CorroborateError as error:  # an older copy of the vault changes nothing, or the disk is full
        return looking.page("come_in", 503, form=blank, error=error)
    if token is None:
        return looking.page("come_in", 403, form=blank, wrong=True)
    answer = looking.to("/told")
    answer.set_cookie(
        cookie(), token, path=LOOKS_AT, secure=bool(settings.SESSION_COOKIE_SECURE), httponly=True, samesite="Strict"
    )
    return answer


def _come_in_by_code(view: Callable[[Looking, Desk, Any], HttpResponse]) -> Page:
    """A page for whoever came in by code and word; anybody else, an account too, is led to where these are asked."""

    @_in_their_language
    def guarded(looking: Looking) -> HttpResponse:
        vault, at = opened.current(), sessions.now()
        row = coming.visit_of(vault, looking.request.COOKIES.get(cookie(), ""), at)
        if row is None:
            return looking.to("")
        desk = coming.desk_for(vault, row, at)
        try:
            coming.looked(desk, row, f"my-words-{view.__name__}")
        except CorroborateError as error:  # nothing is shown that could not be written down
            return looking.page("come_in", 503, form=ComeInForm(looking.words), error=error)
        if row.source.withdrawn is not None:
            return looking.page("withdrawn", source=row.source)
        return view(looking, desk, row)

    vars(guarded)["permission"] = "code.use"  # a test reads it of every address
    return guarded


@_come_in_by_code
def told(looking: Looking, desk: Desk, row: Any) -> HttpResponse:
    """What was recorded, what was allowed and where it went, as the sheet says it; what was asked."""
    of_people = Words(looking.language, "people")
    sheet = told_by(desk, row.source_id, of_people, by_themselves=True)
    context = {
        **sheet,
        "own": looking.words,
        "w": of_people,
        "words": of_people,
        "short": False,
        "invented": row.source.invented,
        "said": _said(looking, desk, row),
        "erase": coming.asked_to_erase(desk, row.source_id),
        "done": "done" in looking.request.GET,
    }
    return looking.page("told", **context)


def _said(looking: Looking, desk: Desk, row: Any) -> list[tuple[Any, str]]:
    said = [one for one in remarks.said_by_the_source(desk, row.source_id) if one.kind != remarks.UNSURE]
    return [(one, looking.words[f"said_{one.kind}"]) for one in said]


@_come_in_by_code
def change(looking: Looking, desk: Desk, row: Any) -> HttpResponse:
    """Take back some, take back all, or ask for what a person has to do."""
    request, did = looking.request, pressed(looking.request)
    allowed = narrowing.allowed(row.source_id, desk.at.date())
    shown = {
        "narrow": NarrowForm(looking.words, request.POST if did == "narrow" else None, allowed=allowed),
        "withdraw": SureForm(looking.words, request.POST if did == "withdraw" else None, auto_id="withdraw-%s"),
        "say": AskingForm(looking.words, request.POST if did == "say" else None),
    }
    asked = shown.get(did)
    refused: CorroborateError | None = None
    if did == "shut" or (asked is not None and asked.is_valid()):
        try:
            _do(desk, row, did, asked)
            return looking.to("/told", "&done=1")
        except CorroborateError as error:
            if asked is None:
                refused = error
            else:
                asked.refuse(error)
    wrong = request.method == "POST"
    return looking.page(
        "change",
        400 if wrong else 200,
        **shown,
        error=refused,
        beyond=any(uses for (audience, _), uses in allowed.items() if audience != "own"),
        anything=any(allowed.values()),
        erase=coming.asked_to_erase(desk, row.source_id),
        invented=row.source.invented,
    )


def _do(desk: Desk, row: Any, did: str, form: forms.Form | None) -> None:
    if did == "shut":
        coming.shut(desk, row)
    elif isinstance(form, NarrowForm):
        coming.narrow(desk, row, form.taken())
    elif isinstance(form, AskingForm):
        coming.say(desk, row, form.cleaned_data["kind"], form.cleaned_data["text"])
    else:
        coming.withdraw(desk, row)


@csrf_exempt  # it ends what a browser shows and does nothing else: it must work from a page that lay open for hours
@_in_their_language
def leave(looking: Looking) -> HttpResponse:
    """End the visit, and show a page that tells nothing."""
    if looking.request.method != "POST":
        return looking.page("left")
    coming.left(opened.current(), looking.request.COOKIES.get(cookie(), ""), sessions.now())
    answer = looking.to("/leave")
    answer.delete_cookie(cookie(), path=LOOKS_AT, samesite="Strict")
    answer.delete_cookie(settings.CSRF_COOKIE_NAME, samesite="Strict")
    answer["Clear-Site-Data"] = '"cache"'
    return answer


__all__ = ["change", "come_in", "cookie", "leave", "told"]
