"""Coming in, the own passphrase and sessions, the accounts of a node, who may what, and the journal."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib.auth import get_user_model, login, logout, update_session_auth_hash
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_resolver
from django.utils.http import url_has_allowed_host_and_scheme

from corroborate.errors import CorroborateError, InvalidValue
from corroborate.translation import label_of
from corroborate_node.core import accounts as rows
from corroborate_node.core import factors, opened, sessions, vaults
from corroborate_node.core import journal as lines
from corroborate_node.core.access import forms, second
from corroborate_node.core.access.middleware import client_address
from corroborate_node.core.actors import actor_of
from corroborate_node.core.acts import REGISTRY
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import Spoken, pressed
from corroborate_node.core.gate import desk_of
from corroborate_node.core.permissions import Permission, roles_on, table
from corroborate_node.core.rooms import cases, scopes
from corroborate_node.core.throttle import TooManyTries, checked
from corroborate_node.core.wording import Words, language_of

_Act = Callable[[Desk, Mapping[str, Any]], object]


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(
        request, f"{template}.html", {"words": Words(language_of(request), "core.access"), **context}, status=status
    )


def _back(request: HttpRequest) -> str:
    """Where somebody wanted to go: only to a page of this node."""
    sent = forms.NextForm(request.POST or request.GET)
    asked = (sent.cleaned_data["next"] if sent.is_valid() else "") or "/"
    return asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}) else "/"


def _too_many(request: HttpRequest, template: str, error: TooManyTries, context: dict[str, Any]) -> HttpResponse:
    minutes = -(-error.seconds // 60)
    answer = _page(request, template, {**context, "wait": minutes}, status=429)
    answer["Retry-After"] = str(error.seconds)
    return answer


def log_in(request: HttpRequest) -> HttpResponse:
    """Name and passphrase. Wrong ones are counted, by name and by machine."""
    language = language_of(request)
    words, back = Words(language, "core"), _back(request)
    if request.method != "POST":
        return _page(request, "log-in", {"form": forms.LogInForm(words, initial={"next": back}, auto_id="id_%s")})
    form = forms.LogInForm(words, request.POST, auto_id="id_%s")
    if not form.is_valid():
        return _page(request, "log-in", {"form": form})
    name, secret = form.cleaned_data["username"], form.cleaned_data["password"]
    try:
        user = rows.proven(
            opened.current(), "log-in", name, secret, client_address(request), sessions.now(), request=request
        )
    except TooManyTries as error:
        return _too_many(request, "log-in", error, {"form": form})
    if user is None:
        return _page(request, "log-in", {"form": form, "wrong": True})
    if factors.has(user):
        return second.begun(request, user, back)
    login(request, user)
    return HttpResponseRedirect(back)


def log_out(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        logout(request)
    return HttpResponseRedirect("/log-in")


def confirm(request: HttpRequest) -> HttpResponse:
    """The passphrase again, before keys, accounts and exports."""
    words, name = Words(language_of(request), "core.access"), request.user.get_username()
    known = {"username": name, "next": _back(request)}
    if request.method != "POST":
        return _page(request, "core/confirm", {"form": forms.ConfirmForm(words, initial=known)})
    form = forms.ConfirmForm(words, request.POST)
    if not form.is_valid():
        return _page(request, "core/confirm", {"form": form})
    secret, vault = form.cleaned_data["password"], opened.current()
    try:
        user = rows.proven(vault, "confirm", name, secret, client_address(request), sessions.now())
    except TooManyTries as error:
        return _too_many(request, "core/confirm", error, {"form": form})
    if user is None or user.pk != request.user.pk:
        return _page(request, "core/confirm", {"form": form, "wrong": True})
    sessions.given(request, sessions.now())
    return HttpResponseRedirect(_back(request))


def _account(request: HttpRequest) -> User:
    """Of whoever is logged in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def choose_passphrase(request: HttpRequest) -> HttpResponse:
    """The own passphrase: at the first log-in, and whenever somebody wants another."""
    first, words = not rows.chosen(request.user), Words(language_of(request), "core.access")
    if not first and not sessions.is_recent(request, sessions.now()):
        return HttpResponseRedirect(f"/confirm?next={quote(request.path)}")
    form = forms.ChooseForm(words, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "core/choose", {"form": form, "first": first})
    try:
        rows.choose(desk_of(request), form.cleaned_data["new"], partial(_opens_vault, _account(request).pk))
    except CorroborateError as error:
        form.refuse(error, "new")
        return _page(request, "core/choose", {"form": form, "first": first})
    user = _account(request)
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    sessions.moved(request)
    return HttpResponseRedirect("/")


def _opens_vault(account: int, passphrase: str) -> bool:
    """Whether a passphrase opens the vault. Each question is counted: its answer tells the vault's passphrase."""
    vault = opened.current()
    checked(vault, "choose", f"choose\n{account}", "", sessions.now(), lambda: None)
    return vaults.opens(vault.folder, passphrase)


def vouch(request: HttpRequest) -> HttpResponse:
    """Say, as oneself, who holds an account."""
    words, done = Words(language_of(request), "core.access"), ""
    form = forms.VouchForm(words, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            rows.vouch(desk_of(request), form.cleaned_data["account"])
            done, form = form.cleaned_data["account"], forms.VouchForm(words)
        except CorroborateError as error:
            form.refuse(error)
    return _page(request, "core/vouch", {"form": form, "done": done}, status=400 if form.errors else 200)


def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is logged in; each can be ended."""
    refusing = pressed(request) == "not-asked"
    form = forms.SessionForm(Words(language_of(request), "core.access"), None if refusing else request.POST or None)
    error = None
    if refusing or form.is_valid():
        try:
            if refusing:
                rows.refuse_reset(desk_of(request))
            else:
                rows.end_own(desk_of(request), form.cleaned_data["session"])
            return HttpResponseRedirect("/own-sessions")
        except CorroborateError as refused:
            error = refused
    open_ = _account(request).log_ins.order_by("-seen")
    name = request.user.get_username()
    asked = next((one for one in rows.resets(sessions.now()) if one[0] == name), None)
    here = request.session.session_key
    return _page(request, "core/sessions", {"sessions": open_, "here": here, "error": error, "asked": asked})


def _only(given: Mapping[str, Any]) -> list[str] | None:
    """The cases that an account is to be limited to. Nothing is taken for "all": that is said, or asked again."""
    if given.get("sees") == "cases":
        chosen: list[str] = given["case"]
        return chosen
    if given.get("sees") == "whole" or not cases():
        return None
    raise InvalidValue("say what the account sees: the whole vault, or only some cases")


_ACTS: dict[str, _Act] = {
    "add": lambda desk, given: rows.add(desk, given["account"], given["role"], given.get("scope", ""), _only(given)),
    "cases": lambda desk, given: rows.limit(desk, given["account"], _only(given)),
    "reset": lambda desk, given: rows.reset(desk, given["account"]),
    "roles": lambda desk, given: rows.give_roles(desk, given["account"], given["role"], given.get("scope", "")),
    "block": lambda desk, given: rows.block(desk, given["account"]),
    "unblock": lambda desk, given: rows.block(desk, given["account"], lift=True),
    "remove": lambda desk, given: rows.remove(desk, given["account"]),
    "end-sessions": lambda desk, given: rows.end_sessions(desk, given["account"]),
    "require-second": lambda desk, given: factors.require(desk, given["account"]),
    "no-second": lambda desk, given: factors.require(desk, given["account"], lift=True),
    "lost-second": lambda desk, given: factors.ask_reset(desk, given["account"]),
    "forgive": lambda desk, given: rows.forgive(desk, given["account"]),
}


def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody who may come in: roles, sessions; add, block, remove."""
    desk, words = desk_of(request), Words(language_of(request), "core.access")
    worded = _in(words.language, roles_on(desk.vault.hub))
    limits = [choice for scope in scopes().values() for choice in scope.choices()] if desk.vault.hub else []
    titles = [(one.name, one.title) for one in worded]
    choices = forms.AccountChoices(titles, limits, list(cases().items()))
    told = [(one.name, f"{one.title}: {one.means}") for one in worded]
    context, did = dict[str, Any](), pressed(request)
    adding = forms.AccountForm(words, replace(choices, roles=told))
    if did in ("require-all", "no-require-all"):
        factors.require_all(desk, lift=did.startswith("no-"))
        return HttpResponseRedirect("/accounts")
    if request.method == "POST":
        form = forms.AccountForm(words, choices, request.POST)
        try:
            if (done := _done(desk, did, form)) is not None:
                context = {"one_time": done, "for_account": form.cleaned_data["account"],
                           "half": len(done) < len(rows.one_time(desk.entropy))}  # fmt: skip
            elif form.is_valid():
                return HttpResponseRedirect("/accounts")
        except CorroborateError as error:
            form.refuse(error)
        context["refused"] = form if form.errors and did != "add" else None
        adding = form if form.errors and did == "add" else adding
    shown = [(one, _of(one, words, choices), [title for name, title in titles if name in one.roles])
             for one in rows.all_shown(desk)]  # fmt: skip
    wrong = adding.errors or context.get("refused")
    seconds = {
        "with_second": factors.with_factors(), "that_need": factors.that_need(), "all_need": factors.needed_by_all(),
        "lost": {one.account for one in factors.resets(desk.at)}, "resetting": {one[0] for one in rows.resets(desk.at)},
    }  # fmt: skip
    context = {**context, **seconds, "accounts": shown, "adding": adding}
    return _page(request, "core/accounts", context, 400 if wrong else 200)


def _done(desk: Desk, did: str, form: forms.AccountForm) -> str | None:
    """Carry out what a button asks; a one-time passphrase where one was made. Raises CorroborateError."""
    if did not in _ACTS:
        raise InvalidValue("this page has no such act; load it again")
    done = _ACTS[did](desk, form.cleaned_data) if form.is_valid() else None
    return done if isinstance(done, str) else None


def _of(one: rows.Shown, words: Words, choices: forms.AccountChoices) -> Spoken:
    """The form that changes one account."""
    initial = {
        "account": one.name,
        "role": list(one.roles),
        "scope": next((id_ for id_, name in choices.scopes if name == one.scope), ""),
        "sees": "whole" if one.cases is None else "cases",
        "case": [id_ for id_, name in choices.cases if one.cases is not None and name in one.cases],
    }
    return forms.AccountForm(words, choices, initial=initial, known=True, auto_id=f"account-{one.id}-%s")


def _in(language: str, roles: Any) -> list[Any]:
    return [rows.RoleShown(one.name, label_of(one.words, language),
                           label_of(one.means, language)) for one in roles]  # fmt: skip


def why(request: HttpRequest) -> HttpResponse:
    """Explains a decision: which permission, which roles have it, which the account has, and so the answer."""
    desk, language = desk_of(request), language_of(request)
    asked, account = request.GET.get("permission", ""), request.GET.get("account", "")
    others = desk.may("account.keep")
    user = request.user
    if others and account:
        user = get_user_model().objects.filter(username=account).first() or user
    seat = Desk(desk.vault, actor_of(user), desk.at)
    here = {role.name for role in roles_on(desk.vault.hub)}
    known = [one for one in table().permissions.values() if one.roles & here]
    explained = [_explained(one, seat, here, language) for one in known if asked in ("", one.name)]
    names = [one.name for one in rows.all_shown(desk) if one.state != "removed"] if others else []
    form = forms.WhyForm(
        Words(language, "core.access"),
        names,
        [(one.name, label_of(one.words, language)) for one in known],
        initial={"account": user.get_username(), "permission": asked},
    )
    return _page(request, "core/why", {"explained": explained, "account": user.get_username(), "form": form})


def _explained(one: Permission, seat: Desk, here: set[str], language: str) -> dict[str, Any]:
    def words(role: str) -> str:
        return label_of(table().roles[role].words, language)

    has: frozenset[str] = getattr(seat.actor, "roles", frozenset())
    return {
        "name": one.name,
        "what": label_of(one.words, language),
        "may": seat.may(one.name),
        "roles": [words(role) for role in table().roles if role in one.roles & here],
        "by": [words(role) for role in table().roles if role in one.roles & has & here],
        "recent": one.recent,
        "second": one.second,
    }


def journal(request: HttpRequest) -> HttpResponse:
    """Who saw and did what. By object it can be shown to the person concerned."""
    desk, words = desk_of(request), Words(language_of(request), "core.access")
    form = forms.JournalForm(words, request.POST or request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    about, by, asked = (given.get(field, "") for field in ("about", "by", "asked"))
    found = Paginator(lines.lines(desk, about=about, by=by, asked=asked), lines.PAGE)
    shown = found.get_page(request.GET.get("page"))
    entries = [(one, _named(one, words)) for one in lines.entries(list(shown))]
    more = f"&{urlencode({'about': about, 'by': by})}"
    return _page(
        request, "core/journal", {"page": shown, "entries": entries, "form": form, "total": found.count, "more": more}
    )


def _named(entry: lines.Entry, words: Words) -> str:
    """What was done, in the words of the permission that it asked."""
    asked = entry.what
    if entry.kind in ("act", "export") and entry.what in REGISTRY:
        asked = REGISTRY[entry.what].permission
    elif entry.kind != "refused":
        asked = _permission_of_page(entry.what)
    if asked not in table().permissions:
        return ""
    one = table()[asked].words
    return label_of(one, words.language)


@cache
def _permission_of_page(name: str) -> str:
    """The permission that a page of this name asks; empty where there is none."""
    return next((str(one.callback.permission) for one in _patterns(get_resolver()) if one.name == name), "")


def _patterns(resolver: Any) -> Iterator[Any]:
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            yield from _patterns(one)
        else:
            yield one
