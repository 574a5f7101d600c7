"""Errors as programs read them: problem+json (RFC 9457), with a stable code and what to do."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
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
from corroborate_node.core.throttle import TooManyTries
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
    given = getattr(error, "status", None)
    status = int(given) if given else next((code for kind, code in STATUS if isinstance(error, kind)), 409)
    made = _problem(status, str(error), str(getattr(error, "code", "") or _code(error)), error.advised("en"))
    if seconds := getattr(error, "seconds", 0):
        made["Retry-After"] = str(seconds)
    if status == 401:
        made["WWW-Authenticate"] = "Bearer"
    return made


def _code(error: CorroborateError) -> str:
    """``InvalidValue`` is ``invalid-value``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()


def _problem(status: int, detail: str, code: str, remedy: str = "", **more: object) -> HttpResponse:
    said: Problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "remedy": remedy,
    }
    return JsonResponse({**said, **more}, status=status, content_type=KIND, json_dumps_params={"ensure_ascii": False})


def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent has another form than the document says; nothing of it is repeated."""
    wrong = [{"where": ".".join(str(part) for part in one["loc"]), "what": str(one["msg"])} for one in error.errors]
    detail = "; ".join(f"{one['where']}: {one['what']}" for one in wrong)
    return _problem(
        422, detail, "invalid-request", "See /api/1/openapi.json for what this address takes.", errors=wrong
    )


def handle(api: NinjaAPI) -> None:
    """Have every error answered so."""

    def none(request: HttpRequest, _error: Any) -> HttpResponse:
        return answer(request, NoToken("this address needs a token"))

    def not_found(request: HttpRequest, _error: Any) -> HttpResponse:
        return answer(request, NotFound("there is none here that this token may see"))

    def http(_request: HttpRequest, error: Any) -> HttpResponse:
        return _problem(error.status_code, str(error), "http-error")

    answers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        CorroborateError: answer,
        ValidationError: _invalid,
        AuthenticationError: none,
        Http404: not_found,
        HttpError: http,
    }
    for kind, handler in answers.items():
        api.add_exception_handler(kind, handler)
