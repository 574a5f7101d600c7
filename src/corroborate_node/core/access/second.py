"""The second step of the log-in, and the pages on which an account sets up, removes and loses its second factors."""

import base64
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any, Literal, cast
from urllib.parse import quote

from django.contrib.auth import get_user_model, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.utils.safestring import SafeString

from corroborate.errors import CorroborateError
from corroborate_node.core import accounts, codes, factors, opened, passkeys, sessions
from corroborate_node.core.access import forms
from corroborate_node.core.access.middleware import client_address
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, scripted
from corroborate_node.core.passkeys import Site
from corroborate_node.core.throttle import TooManyTries
from corroborate_node.core.wording import Words, language_of

WAITS = timedelta(minutes=5)  # so long a right passphrase waits for its second factor
_PENDING, _SECRET, _NEW, _ASKED = "second factor", "new code secret", "new passkey", "passkey asked"
_script = scripted({"script-src": ["'self'"]})


def _words(request: HttpRequest) -> Words:
    return Words(language_of(request), "core.access")


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, f"core/{template}.html", {"words": _words(request), **context}, status=status)


@cache
def _script_file() -> bytes:
    return resources.files(__package__).joinpath("passkey.js").read_bytes()


def script(_request: HttpRequest) -> HttpResponse:
    """What asks the browser for a passkey. It says nothing of anybody."""
    return HttpResponse(_script_file(), content_type="text/javascript", headers={"Cache-Control": "max-age=3600"})


def _site(request: HttpRequest) -> Site:
    return Site(opened.current().name, cast(Literal["http", "https"], request.scheme), request.get_host())


# Coming in


def begun(request: HttpRequest, user: Any, back: str) -> HttpResponse:
    """A right passphrase of an account that has a second factor: nobody is logged in before that is shown as well.

    Whoever was logged in here no longer is, and what stood in the session, its key too, is gone.
    """
    logout(request)
    request.session[_PENDING] = {
        "user": user.pk,
        "at": sessions.now().isoformat(),
        "passphrase": user.get_session_auth_hash(),
        "next": back,
    }
    return HttpResponseRedirect("/second-factor")


def _pending(request: HttpRequest, at: datetime) -> Any:
    """Who waits here with a right passphrase; None where it was too long ago, or where it is right no more."""
    said = request.session.get(_PENDING)
    if not said or not timedelta(0) <= at - datetime.fromisoformat(said["at"]) <= WAITS:
        return None
    user = get_user_model().objects.filter(pk=said["user"], is_active=True, account_state__removed=None).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), said["passphrase"]):
        return None
    return user


@_script
def second_factor(request: HttpRequest) -> HttpResponse:
    """An app's code, a passkey, or a recovery code. Wrong ones are counted, by account and by machine."""
    at, words = sessions.now(), _words(request)
    user = _pending(request, at)
    if user is None:
        request.session.pop(_PENDING, None)
        return HttpResponseRedirect("/log-in")
    if request.method != "POST":
        return _page(request, "second", _ways(request, user, forms.SecondForm(words)))
    asked = request.session.pop(_ASKED, None)
    form = forms.SecondForm(words, request.POST)
    try:
        right = form.is_valid() and _shown(request, user, form.cleaned_data, asked, at)
    except TooManyTries as error:
        wait = {"wait": -(-error.seconds // 60)}
        answer = _page(request, "second", {**_ways(request, user, form), **wait}, status=429)
        answer["Retry-After"] = str(error.seconds)
        return answer
    if not right:
        return _page(request, "second", {**_ways(request, user, forms.SecondForm(words)), "wrong": True})
    back = str(request.session.pop(_PENDING)["next"])
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponseRedirect(back)


def _shown(request: HttpRequest, user: Any, given: dict[str, Any], asked: Any, at: datetime) -> bool:
    vault, address = opened.current(), client_address(request)
    if given["answer"]:
        return asked is not None and factors.shows_passkey(
            vault, user, _site(request), asked, given["answer"], address, at
        )
    return bool(given["code"].strip()) and factors.shows_code(vault, user, given["code"], address, at)


def _ways(request: HttpRequest, user: Any, form: forms.SecondForm) -> dict[str, Any]:
    """What the page offers: the field for a code, and the button for a passkey where the account has one."""
    site, known = _site(request), factors.passkeys_of(opened.current(), user)
    context: dict[str, Any] = {"form": form, "has_app": factors.has(user, "code"), "has_passkey": bool(known)}
    if known and site.takes_passkeys:
        options, request.session[_ASKED] = passkeys.ask(site, known)
        context["passkey"] = forms.PasskeyForm(_words(request), "known", options)
    return {**context, **_elsewhere(request, site)}


def _elsewhere(request: HttpRequest, site: Site) -> dict[str, Any]:
    """Where passkeys can be used instead, where this address is none for them."""
    port = site.host.rpartition(":")[2]
    at_home = not site.takes_passkeys and site.name in ("127.0.0.1", "[::1]")
    here = f"http://localhost:{port}{request.path}" if at_home and port.isdigit() else ""
    return {"takes_passkeys": site.takes_passkeys, "localhost": here}


# One's own


def _first(request: HttpRequest) -> HttpResponse | None:
    """What comes before these pages: a passphrase of one's own, given a short while ago."""
    if not accounts.chosen(request.user):
        return HttpResponseRedirect("/choose-passphrase")
    if not sessions.is_recent(request, sessions.now()):
        return HttpResponseRedirect(f"/confirm?next={quote(request.path)}")
    return None


def second_factors(request: HttpRequest) -> HttpResponse:
    """What the account shows beside its passphrase; removed and made anew here."""
    if (before := _first(request)) is not None:
        return before
    desk, words, context = desk_of(request), _words(request), dict[str, Any]()
    form = forms.FactorForm(words, request.POST if request.method == "POST" else None)
    try:
        if form.is_valid():
            match pressed(request):
                case "codes":
                    context["codes"] = factors.new_codes(desk)
                case "not-lost":
                    factors.refuse_reset(desk)
                case _:
                    factors.remove(desk, form.cleaned_data["factor"] or 0)
    except CorroborateError as error:
        context["error"] = error
    user = request.user
    shown = {
        "factors": factors.of(user),
        "left": factors.codes_left(user),
        "missing": factors.missing(user),
        "asked": factors.reset_of(user, desk.at),
        **_elsewhere(request, _site(request)),
    }
    return _page(request, "factors", {**shown, **context}, status=400 if "error" in context else 200)


def add_code(request: HttpRequest) -> HttpResponse:
    """An app that counts codes: its secret as a picture and in letters, kept once the app has shown a right code."""
    if (before := _first(request)) is not None:
        return before
    desk, words = desk_of(request), _words(request)
    secret = base64.b64decode(request.session.setdefault(_SECRET, _secret(desk.entropy)))
    form = forms.AppForm(words, request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = factors.add_code(desk, secret, given["name"], given["code"], str(request.session.session_key))
            del request.session[_SECRET]
            return _added(request, made)
        except CorroborateError as error:
            form.refuse(error)
    address = codes.address(secret, opened.current().name, request.user.get_username())
    context = {"form": form, "picture": SafeString(codes.picture(address)), "secret": codes.spelled(secret)}
    return _page(request, "add-code", context, status=400 if form.errors else 200)


def _secret(entropy: Any) -> str:
    return base64.b64encode(entropy(codes.SECRET)).decode()


def _added(request: HttpRequest, made: tuple[str, ...]) -> HttpResponse:
    """Recovery codes, this once; without any, back to the list."""
    if not made:
        return HttpResponseRedirect("/second-factors")
    return _page(request, "recovery-codes", {"codes": made})


@_script
def add_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey of this browser, of a phone or of a security key."""
    if (before := _first(request)) is not None:
        return before
    desk, words, site = desk_of(request), _words(request), _site(request)
    asked = request.session.pop(_NEW, None)
    form = forms.NewPasskeyForm(words, request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            passkey = passkeys.take_new(site, asked or {}, given["answer"])
            return _added(request, factors.add_passkey(desk, passkey, given["name"], str(request.session.session_key)))
        except CorroborateError as error:
            form.refuse(error)
    context: dict[str, Any] = {**_elsewhere(request, site)}
    if site.takes_passkeys:
        known = factors.passkeys_of(desk.vault, request.user)
        handle = factors.handle(desk.vault, request.user)
        options, request.session[_NEW] = passkeys.ask_new(site, handle, request.user.get_username(), known)
        form.ask(options)
        context["form"] = form
    return _page(request, "add-passkey", context, status=400 if form.errors else 200)


def lost(request: HttpRequest) -> HttpResponse:
    """Lost second factors that wait for a second person."""
    desk, words, context = desk_of(request), _words(request), dict[str, Any]()
    form = forms.VouchForm(words, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            if pressed(request) == "passphrase":
                context["half"] = accounts.confirm_reset(desk, form.cleaned_data["account"])
                context["for_account"] = form.cleaned_data["account"]
            else:
                factors.confirm_reset(desk, form.cleaned_data["account"])
                context["done"] = form.cleaned_data["account"]
        except CorroborateError as error:
            context["error"] = error
    own = request.user.get_username()
    waiting = [one for one in factors.resets(desk.at) if one.account != own]
    asked = [one for one in accounts.resets(desk.at) if one[0] != own]
    return _page(
        request,
        "lost",
        {"waiting": waiting, "passphrases": asked, **context},
        status=400 if "error" in context else 200,
    )
