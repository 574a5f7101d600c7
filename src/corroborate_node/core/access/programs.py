"""The page of tokens: with what programs act for an account."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from corroborate.errors import CorroborateError
from corroborate.translation import label_of
from corroborate_node.core import tokens as rows
from corroborate_node.core.access import forms
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of
from corroborate_node.core.wording import Words, language_of


def tokens(request: HttpRequest) -> HttpResponse:
    """Make a token, see those that are there and when each was used last, revoke one."""
    desk, words = desk_of(request), Words(language_of(request), "core.access")
    titles = {one.name: label_of(one.words, words.language) for one in rows.offered(desk)}
    form, context = forms.TokenForm(words, list(titles.items())), dict[str, Any]()
    try:
        if pressed(request) == "make":
            form = forms.TokenForm(words, list(titles.items()), request.POST)
            if form.is_valid():
                given = form.cleaned_data
                until = desk.at + timedelta(days=int(given["days"]))
                context["secret"] = rows.make(desk, given["name"], given["scope"], until)
                form = forms.TokenForm(words, list(titles.items()))
        elif request.method == "POST":
            revoking = forms.RevokeForm(words, request.POST)
            if revoking.is_valid():
                rows.revoke(desk, revoking.cleaned_data["token"])
    except CorroborateError as error:
        form.refuse(error)
    shown = [(one, [titles.get(scope, scope) for scope in one.scopes]) for one in rows.of(request.user, desk.at)]
    context = {"words": words, "form": form, "tokens": shown, **context}
    return render(request, "core/tokens.html", context, status=400 if form.errors else 200)
