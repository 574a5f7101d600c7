"""What pages of the campaign share: how one is drawn, what a form does, who may come in, a file as an answer."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from corroborate.coalition import lifecycle, memberships
from corroborate.errors import CorroborateError, InvalidValue
from corroborate.values import new_id
from corroborate_node.coalition.campaign import forms, queries
from corroborate_node.core import opened
from corroborate_node.core.forms import Spoken
from corroborate_node.core.gate import desk_of, scripted
from corroborate_node.core.wording import Words, language_of

View = Callable[..., HttpResponse]
SCRIPTS = {"script-src": ["'self'"]}


def the_time() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def made_id(kind: str) -> str:
    return new_id(kind, milliseconds=int(datetime.now(UTC).timestamp() * 1000), randomness=secrets.token_bytes(10))


def drawn(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    error: CorroborateError | None = None,
    sent: Spoken | None = None,
) -> HttpResponse:
    """A page. ``sent``: the form that was sent, where it was refused; one that the page does not show says so above."""
    language = language_of(request)
    mine = queries.represented(request.user)
    register = context.get("register")
    name = register.members[mine].details.name if mine and register is not None and mine in register.members else mine
    shown = [*context.get("forms", {}).values(), context.get("form")]
    refused = sent is not None and bool(sent.errors)
    more = {
        "words": Words(language),
        "page_lang": language,
        "as_role": desk_of(request).may("statement.comment"),
        "mine": mine,
        "mine_name": name,
        "office": desk_of(request).may("statement.carry"),
        "error": error,
        "stray": sent if refused and not any(sent is one for one in shown) else None,
    }
    return render(request, f"campaign/{template}.html", {**context, **more}, status=400 if error or refused else 200)


def words_of(request: HttpRequest) -> Words:
    return Words(language_of(request))


def hub_only(view: View) -> View:
    """Pages that only a hub has. They run the room's script, and no other."""

    @wraps(view)
    @scripted(SCRIPTS)
    @login_required
    def inner(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if not opened.current().hub:
            raise Http404
        return view(request, *arguments, **named)

    return inner


def done(form: Spoken, act: Callable[[], object], field: str | None = None) -> bool:
    """Do what a form asks, where it can be read; whether it was done. The form keeps why not."""
    if not form.is_valid():
        return False
    try:
        act()
    except CorroborateError as error:
        form.refuse(error, field)
    return not form.errors


def as_file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def state_of(request: HttpRequest, name: str) -> tuple[lifecycle.Statement, memberships.Register]:
    register = queries.register()
    may = queries.statements_listed(request.user).exists()
    found = queries.state_shown(name, register, the_time().date()) if may else None
    if found is None:
        raise Http404
    return found, register


def sent_form(
    request: HttpRequest, words: Words, did: str, acts: dict[str, type[Spoken]], shown: dict[str, Spoken]
) -> Spoken | None:
    """The form that was sent: one that the page shows, or a button that says all."""
    if request.method != "POST":
        return None
    if did in shown and did in acts:
        return shown[did]
    if did in acts:
        return acts[did](words, request.POST)
    form = forms.Nothing(words, request.POST)
    form.refuse(InvalidValue("nothing was asked for"))
    return form
