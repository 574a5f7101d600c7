"""Coming in, the own passphrase and sessions, the accounts of a node, who may what, and the journal."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any
from urllib.parse import quote

from django.contrib.auth import get_user_model, login, logout, update_session_auth_hash
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_resolver
from django.utils.http import url_has_allowed_host_and_scheme

from corroborate.errors import CorroborateError, InvalidValue
from corroborate_node.core import accounts as rows
from corroborate_node.core import journal as lines
from corroborate_node.core import opened, sessions, vaults
from corroborate_node.core.access.middleware import client_address
from corroborate_node.core.actors import actor_of
from corroborate_node.core.acts import REGISTRY
from corroborate_node.core.desk import Desk
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
    asked = str(request.POST.get("next") or request.GET.get("next") or "/")
    return asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}) else "/"


def _too_many(request: HttpRequest, template: str, error: TooManyTries, context: dict[str, Any]) -> HttpResponse:
    minutes = -(-error.seconds // 60)
    answer = _page(request, template, {**context, "wait": minutes}, status=429)
    answer["Retry-After"] = str(error.seconds)
    return answer


def log_in(request: HttpRequest) -> HttpResponse:
    """Name and passphrase. Wrong ones are counted, by name and by machine."""
    context = {"next": _back(request), "typed": request.POST.get("username", "")}
    if request.method != "POST":
        return _page(request, "log-in", context)
    name, secret = request.POST.get("username", ""), request.POST.get("password", "")
    try:
        user = rows.proven(
            opened.current(), "log-in", name, secret, client_address(request), sessions.now(), request=request
        )
    except TooManyTries as error:
        return _too_many(request, "log-in", error, context)
    if user is None:
        return _page(request, "log-in", {**context, "wrong": True})
    login(request, user)
    return HttpResponseRedirect(_back(request))


def log_out(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        logout(request)
    return HttpResponseRedirect("/log-in")


def confirm(request: HttpRequest) -> HttpResponse:
    """The passphrase again, before keys, accounts and exports."""
    context: dict[str, Any] = {"next": _back(request)}
    if request.method != "POST":
        return _page(request, "core/confirm", context)
    name, vault = request.user.get_username(), opened.current()
    try:
        user = rows.proven(
            vault, "confirm", name, request.POST.get("password", ""), client_address(request), sessions.now()
        )
    except TooManyTries as error:
        return _too_many(request, "core/confirm", error, context)
    if user is None or user.pk != request.user.pk:
        return _page(request, "core/confirm", {**context, "wrong": True})
    sessions.given(request, sessions.now())
    return HttpResponseRedirect(_back(request))


def choose_passphrase(request: HttpRequest) -> HttpResponse:
    """The own passphrase: at the first log-in, and whenever somebody wants another."""
    context: dict[str, Any] = {"first": not rows.chosen(request.user)}
    if not context["first"] and not sessions.is_recent(request, sessions.now()):
        return HttpResponseRedirect(f"/confirm?next={quote(request.path)}")
    if request.method != "POST":
        return _page(request, "core/choose", context)
    new, again = request.POST.get("new", ""), request.POST.get("again", "")
    try:
        if new != again:
            raise InvalidValue(Words(language_of(request), "core.access")["not_twice"])
        rows.choose(desk_of(request), new, partial(_opens_vault, request.user.pk))
    except CorroborateError as error:
        return _page(request, "core/choose", {**context, "error": error})
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
    sessions.moved(request)
    return HttpResponseRedirect("/")


def _opens_vault(account: int, passphrase: str) -> bool:
    """Whether a passphrase opens the vault. Each question is counted: its answer tells the vault's passphrase."""
    vault = opened.current()
    checked(vault, "choose", f"choose\n{account}", "", sessions.now(), lambda: None)
    return vaults.opens(vault.folder, passphrase)


def vouch(request: HttpRequest) -> HttpResponse:
    """Say, as oneself, who holds an account."""
    context: dict[str, Any] = {"typed": request.POST.get("account", "").strip()}
    if request.method == "POST":
        try:
            rows.vouch(desk_of(request), context["typed"])
            context = {"done": context["typed"], "typed": ""}
        except CorroborateError as error:
            context["error"] = f"{error}. {error.remedy}" if error.remedy else error
    return _page(request, "core/vouch", context, status=400 if "error" in context else 200)


def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is logged in; each can be ended."""
    error = None
    if request.method == "POST":
        try:
            rows.end_own(desk_of(request), request.POST.get("session", ""))
            return HttpResponseRedirect("/own-sessions")
        except CorroborateError as refused:
            error = refused
    open_ = request.user.log_ins.order_by("-seen")
    return _page(request, "core/sessions", {"sessions": open_, "here": request.session.session_key, "error": error})


def _only(typed: Mapping[str, Any]) -> list[str] | None:
    """The cases that an account is to be limited to. Nothing is taken for "all": that is said, or asked again."""
    if typed.get("sees", "") == "cases":
        chosen: list[str] = typed.getlist("case")
        return chosen
    if typed.get("sees", "") == "whole" or not cases():
        return None
    raise InvalidValue("say what the account sees: the whole vault, or only some cases")


_ACTS: dict[str, _Act] = {
    "add": lambda desk, typed: rows.add(
        desk, typed.get("account", ""), typed.getlist("role"), typed.get("scope", ""), _only(typed)
    ),
    "cases": lambda desk, typed: rows.limit(desk, typed.get("account", ""), _only(typed)),
    "reset": lambda desk, typed: rows.reset(desk, typed.get("account", "")),
    "roles": lambda desk, typed: rows.give_roles(
        desk, typed.get("account", ""), typed.getlist("role"), typed.get("scope", "")
    ),
    "block": lambda desk, typed: rows.block(desk, typed.get("account", "")),
    "unblock": lambda desk, typed: rows.block(desk, typed.get("account", ""), lift=True),
    "remove": lambda desk, typed: rows.remove(desk, typed.get("account", "")),
    "end-sessions": lambda desk, typed: rows.end_sessions(desk, typed.get("account", "")),
    "forgive": lambda desk, typed: rows.forgive(desk, typed.get("account", "")),
}


def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody who may come in: roles, sessions; add, block, remove."""
    desk, context = desk_of(request), dict[str, Any]()
    status = 200
    if request.method == "POST":
        try:
            chosen = _ACTS.get(request.POST.get("act", ""))
            if chosen is None:
                raise InvalidValue("this page has no such act; load it again")
            done = chosen(desk, request.POST)
            if not isinstance(done, str):
                return HttpResponseRedirect("/accounts")
            context = {"one_time": done, "for_account": request.POST.get("account", "").strip()}
        except CorroborateError as error:
            context, status = {"error": error, "typed": request.POST}, 400
    here = roles_on(desk.vault.hub)
    language = language_of(request)
    worded = _in(language, here)
    shown = [
        (one, [(role, role.name in one.roles) for role in worded],
         [role.title for role in worded if role.name in one.roles])
        for one in rows.all_shown(desk)
    ]  # fmt: skip
    known = list(cases().items())
    limits = [choice for scope in scopes().values() for choice in scope.choices()] if desk.vault.hub else []
    return _page(
        request,
        "core/accounts",
        {**context, "accounts": shown, "roles": worded, "scopes": limits, "cases": known},
        status,
    )


def _in(language: str, roles: Any) -> list[Any]:
    return [rows.RoleShown(one.name, one.words.get(language, one.words["en"]),
                           one.means.get(language, one.means["en"])) for one in roles]  # fmt: skip


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
    return _page(
        request,
        "core/why",
        {
            "explained": explained,
            "asked": asked,
            "account": user.get_username(),
            "permissions": [(one.name, one.words.get(language, one.words["en"])) for one in known],
            "accounts": [one.name for one in rows.all_shown(desk) if one.state != "removed"] if others else [],
        },
    )


def _explained(one: Permission, seat: Desk, here: set[str], language: str) -> dict[str, Any]:
    def words(role: str) -> str:
        return table().roles[role].words.get(language, table().roles[role].words["en"])

    has = getattr(seat.actor, "roles", frozenset())
    return {
        "name": one.name,
        "what": one.words.get(language, one.words["en"]),
        "may": seat.may(one.name),
        "roles": [words(role) for role in table().roles if role in one.roles & here],
        "by": [words(role) for role in table().roles if role in one.roles & has & here],
        "recent": one.recent,
        "second": one.second,
    }


def journal(request: HttpRequest) -> HttpResponse:
    """Who saw and did what. By object it can be shown to the person concerned."""
    desk, words = desk_of(request), Words(language_of(request), "core.access")
    about, by, asked = (
        request.POST.get(field, request.GET.get(field, "")).strip() for field in ("about", "by", "asked")
    )
    found = Paginator(lines.lines(desk, about=about, by=by, asked=asked), lines.PAGE)
    shown = found.get_page(request.GET.get("page"))
    entries = [(one, _named(one, words)) for one in lines.entries(list(shown))]
    context = {"page": shown, "entries": entries, "about": about, "by": by, "asked": asked, "total": found.count}
    return _page(request, "core/journal", context)


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
    return one.get(words.language, one["en"])


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
