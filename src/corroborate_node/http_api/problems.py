"""Errors as programs read them: problem+json (RFC 9457), with a stable code and what to do."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import TypeAdapter

from corroborate.client.shapes import Problem
from corroborate.errors import (
    CorroborateError,
    EngineUnavailable,
    ExtraMissing,
    InputRefused,
    InvalidValue,
    NotAllowed,
    NotVerified,
    StorageFull,
    VaultBusy,
    VaultError,
)
from corroborate.translation import Sentence, in_language, plain
from corroborate_node.core.throttle import TooManyTries
from corroborate_node.core.wording import language_of
from corroborate_node.http_api.door import NoToken

KIND = "application/problem+json"
STATUS: tuple[tuple[type[CorroborateError], int], ...] = (  # the first that fits
    (TooManyTries, 429),
    (NotAllowed, 403),
    (InvalidValue, 422),
    (InputRefused, 422),
    (NotVerified, 422),
    (ExtraMissing, 501),
    (EngineUnavailable, 501),
    (StorageFull, 507),
    (VaultBusy, 503),
    (VaultError, 500),
)


SCHEMA = TypeAdapter(Problem).json_schema()


class NotFound(CorroborateError):
    """There is none that this token may see: whether there is one, it is not told."""

    code, status = "not-found", 404
    remedy = "Look at its id. What is of a case that the account does not see is not found either."


def answer(request: HttpRequest, error: CorroborateError) -> HttpResponse:
    """One of our errors."""
    given, language = getattr(error, "status", None), language_of(request)
    status = int(given) if given else next((code for kind, code in STATUS if isinstance(error, kind)), 409)
    code, values = (
        str(getattr(error, "code", "") or _code(error)),
        {name: plain(one) for name, one in error.sentence.values.items()},
    )
    made = _problem(language, status, error.worded(language), code, error.advised(language), values=values)
    if seconds := getattr(error, "seconds", 0):
        made["Retry-After"] = str(seconds)
    if status == 401:
        made["WWW-Authenticate"] = "Bearer"
    return made


def _code(error: CorroborateError) -> str:
    """``InvalidValue`` is ``invalid-value``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()


def _problem(language: str, status: int, detail: str, code: str, remedy: str = "", **more: object) -> HttpResponse:
    """Code and values are the same in every language; ``detail`` and ``remedy`` are for people."""
    said: Problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "remedy": remedy,
    }
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    content = json.dumps({**said, **more}, ensure_ascii=False)
    return HttpResponse(content, status=status, content_type=KIND, headers=headers)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent has another form than the document says; nothing of it is repeated."""
    language = language_of(request)
    wrong = [{"where": _where(one["loc"]), "what": in_language(_what(one), language)} for one in error.errors[:20]]
    detail = "; ".join(f"{one['where']}: {one['what']}" for one in wrong)
    remedy = in_language(Sentence("See /api/1/openapi.json for what this address takes."), language)
    return _problem(language, 422, detail, "invalid-request", remedy, errors=wrong)


def _where(place: Iterable[object]) -> str:
    """``body.given.on`` is ``on``: how the parts of the program call what was sent, says nothing to whoever sent it."""
    parts = [str(one) for one in place]
    return ".".join(parts[2:] if parts[:1] == ["body"] and len(parts) > 2 else parts)


_WRONG = {  # kinds of pydantic's errors, in words that are translated
    "missing": Sentence("this is missing"),
    "extra_forbidden": Sentence("there is no such field"),
    "string_too_long": Sentence("this is too long"),
    "too_long": Sentence("these are too many"),
    "json_invalid": Sentence("this is no JSON"),
    "date_from_datetime_parsing": Sentence("this is no day: write it as 2026-03-01"),
    "date_parsing": Sentence("this is no day: write it as 2026-03-01"),
    "timezone_aware": Sentence("this time needs its zone: write it as 2026-03-01T12:00:00Z"),
}


def _what(one: Mapping[str, Any]) -> str:
    """What is wrong with a field. pydantic's own words stay English where we have none."""
    return _WRONG.get(str(one["type"]), str(one["msg"]))


class NoJson(CorroborateError):
    """What was sent cannot be read at all."""

    code, status = "no-json", 400
    remedy = "Send one JSON object, as /api/1/openapi.json describes it."


class TooLarge(CorroborateError):
    """More was sent than an address takes."""

    code, status = "too-large", 413
    remedy = "Send less at once. Files go to /uploads, or beside a draft, each as it is."


def handle(api: NinjaAPI) -> None:
    """Have every error answered so."""

    def none(request: HttpRequest, _error: Any) -> HttpResponse:
        return answer(request, NoToken(Sentence("this address needs a token")))

    def not_found(request: HttpRequest, _error: Any) -> HttpResponse:
        return answer(request, NotFound(Sentence("there is none here that this token may see")))

    def http(request: HttpRequest, error: Any) -> HttpResponse:
        if error.status_code == 400:  # what was sent is no JSON, or nests deeper than anybody means
            return answer(request, NoJson(Sentence("what was sent cannot be read as JSON")))
        return _problem(language_of(request), error.status_code, str(error), "http-error")

    def too_large(request: HttpRequest, _error: Any) -> HttpResponse:
        return answer(request, TooLarge(Sentence("what was sent is larger than this address takes")))

    answers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        CorroborateError: answer,
        ValidationError: _invalid,
        AuthenticationError: none,
        Http404: not_found,
        HttpError: http,
        RequestDataTooBig: too_large,
        TooManyFilesSent: too_large,
        RecursionError: lambda request, _error: answer(request, NoJson(Sentence("what was sent is nested too deeply"))),
    }
    for kind, handler in answers.items():
        api.add_exception_handler(kind, handler)
