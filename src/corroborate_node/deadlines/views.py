"""The page of the days of a source: set one, settle one."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from corroborate.errors import CorroborateError
from corroborate_node.core import sessions
from corroborate_node.core.forms import Day, Hidden, Line, Spoken, Text, pressed
from corroborate_node.core.gate import desk_of
from corroborate_node.core.rooms import Waiting
from corroborate_node.core.wording import Words, language_of
from corroborate_node.deadlines import actions
from corroborate_node.records import queries


class DayForm(Spoken):
    """What is to be done, by when."""

    kind = forms.ChoiceField()
    on = Day()
    what = Text(rows=2, required=False)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"kind": [(one, words[one]) for one in ("feedback", "ask", "erase")]}


class SettleForm(Spoken):
    """What became of it."""

    called: ClassVar = {"how": "settle_how"}
    deadline = Hidden()
    how = Line(most=2_000)


def page(request: HttpRequest, entity: str) -> HttpResponse:
    """The days of a source."""
    found = get_object_or_404(queries.sources_seen(request.user), id=entity)
    desk, words, did = desk_of(request), Words(language_of(request), "deadlines"), pressed(request)
    form = DayForm(words, request.POST if did == "set" else None)
    settling = SettleForm(words, request.POST if did in ("kept", "not-kept") else None, auto_id="settle-%s")
    asked = form if did == "set" else settling
    if did and asked.is_valid():
        given = asked.cleaned_data
        try:
            if did == "set":
                kind = "feedback" if given["kind"] == "feedback" else "retention"
                then = "" if kind == "feedback" else given["kind"]
                actions.plan(desk, entity, kind, given["on"], given["what"], then)
            else:
                actions.settle(desk, given["deadline"], given["how"], kept=did == "kept")
            return HttpResponseRedirect(f"/sources/{entity}/deadlines")
        except CorroborateError as refused:
            asked.refuse(refused)
    rows = actions.of_source(request.user, entity)
    today = desk.at.date()
    context = {
        "words": words,
        "source": found,
        "form": form,
        "rows": [(one, words[one.then or one.kind], one.settled is None and one.on < today) for one in rows],
        "settling": [
            (one, SettleForm(words, initial={"deadline": one.id}, auto_id=f"{one.id}-%s"))
            for one in rows
            if one.settled is None
        ],
        "refused": settling if settling.errors else None,
        "may_set": desk.may("record.enter") and not found.withdrawn,
        "invented": found.invented,
    }
    return render(request, "deadlines.html", context, status=400 if did else 200)


def waits(user: Any, language: str) -> Sequence[Waiting]:
    """Days that are near or over."""
    words, today = Words(language, "deadlines"), sessions.now().date()
    return [
        Waiting(
            words[f"today_over_{one.then}" if one.then and one.on < today else f"today_{one.then or one.kind}"],
            f"/sources/{one.source_id}/deadlines",
            one.source.title or one.source_id,
            one.on,
            one.on < today,
        )
        for one in actions.waiting(user, today)
    ]
