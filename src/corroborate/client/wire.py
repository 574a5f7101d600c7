"""How a request of the client goes to a vault and what comes back: retries, and errors that say what to do.

What may be lost on the way is sent again under the same key (`Idempotency-Key`), and so done once.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO, Any, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from corroborate.errors import CorroborateError, InvalidValue
from corroborate.translation import LANGUAGES, Sentence

LOOPBACK = ("localhost", "127.0.0.1", "::1")
TIMEOUT = 60.0  # seconds for one answer
TRIES = 4  # of a request that is not answered, or whose vault is busy
PATIENCE = 90.0  # seconds that a request waits in all, where the vault says for how long
_BASE = "/api/1"
_PROBLEM = "application/problem+json"
_BUSY = (502, 503, 504)
Given = Mapping[str, object]


class Refused(CorroborateError):
    """The vault refused. ``status``: HTTP's; ``code``: which error, stable; ``values``: what its sentence names;
    ``retry``: seconds until it may be asked again, where it said so."""

    def __init__(self, problem: Mapping[str, Any], status: int, retry: int = 0) -> None:
        detail = str(problem.get("detail") or problem.get("title") or status)
        super().__init__("the vault refused: {detail}", detail=detail)
        self.status, self.retry = status, retry
        self.code = str(problem.get("code", ""))
        self.values: Mapping[str, Any] = problem.get("values") or {}
        self.remedy = str(problem.get("remedy", ""))


class Unreachable(CorroborateError):
    """Nothing answers, or not for long enough."""

    remedy = "Start it with `corroborate serve`, and give the address that it prints."


class NoVault(Unreachable):
    """Something else than a vault answers at this address."""


class _NoRedirect(HTTPRedirectHandler):
    """A token goes to the address that was given, and to no other."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class _Asked(Request):
    """A request to the address of a vault, whose scheme was looked at before."""


class Wire:
    """``address``: as `corroborate serve` prints it. ``token``: made on the page *Programs that act for you*.
    ``language`` of errors: en, ko, ja or es. ``timeout``: seconds for one answer. ``pause``: waits so many seconds."""

    def __init__(
        self,
        address: str,
        token: str,
        timeout: float = TIMEOUT,
        *,
        language: str = "en",
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(address)
        local = parts.hostname in LOOPBACK
        if parts.scheme not in ("http", "https") or not parts.hostname or (parts.scheme == "http" and not local):
            raise InvalidValue(
                "{address!r} is no address of a vault: https://NAME, or http://localhost:PORT", address=address
            )
        known = [code for code, _ in LANGUAGES]
        if language not in known:
            raise InvalidValue(
                "there are no errors in {language!r}; there are {known}", language=language, known=", ".join(known)
            )
        self.language = language
        self._base = f"{parts.scheme}://{parts.netloc}{_BASE}"
        self._token, self._timeout, self._pause = token, timeout, pause
        proxies = [ProxyHandler({})] if local else []  # what is on this machine is asked without leaving it
        self._opener: OpenerDirector = build_opener(_NoRedirect, *proxies)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._base!r})"  # never the token

    def _each(self, path: str, asked: Mapping[str, str] | None = None) -> Iterator[Any]:
        """A list, page by page: the next page is asked for when it is needed."""
        page = 1
        while True:
            found = self._asked("GET", f"{path}?{urlencode({**(asked or {}), 'page': page})}")
            yield from found["items"]
            if not found["more"]:
                return
            page += 1

    def _asked(self, method: str, path: str, given: Given | None = None) -> Any:
        return self._sent(method, path, *(json_body(given) if given is not None else (None, "")))

    def _sent(self, method: str, path: str, body: bytes | None, kind: str) -> Any:
        content = self._raw(method, path, body, kind)
        if not content:
            return None
        try:
            return json.loads(content)
        except ValueError as error:
            raise self._no_vault() from error

    def _no_vault(self) -> NoVault:
        return NoVault(Sentence("what answers at {address} is no vault of ours", address=self._base))

    def _raw(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> bytes:
        """One request, sent again while its answer may have been lost, or the vault asks to wait."""
        headers = {"Authorization": f"Bearer {self._token}", "Accept-Language": self.language}
        if kind:
            headers["Content-Type"] = kind
        if method != "GET":
            headers["Idempotency-Key"] = secrets.token_urlsafe(24)
        request = _Asked(f"{self._base}{path}", data=body, headers=headers, method=method)
        waited, last = 0.0, None
        for number in range(TRIES):
            try:
                return self._once(request)
            except (Unreachable, Refused) as error:
                wait = _wait(error, number)
                if wait is None or waited + wait > PATIENCE or number == TRIES - 1:
                    raise
                waited, last = waited + wait, error
                self._pause(wait)
        raise last or self._no_vault()

    def _once(self, request: Request) -> bytes:
        try:
            with cast(HTTPResponse, self._opener.open(request, timeout=self._timeout)) as answer:
                return answer.read()
        except HTTPError as error:
            with error:
                raise self._refused(error) from None
        except (URLError, TimeoutError, ConnectionError, HTTPException) as error:
            raise Unreachable(
                "nothing answers at {address}: {why}", address=self._base, why=str(getattr(error, "reason", error))
            ) from error

    def _refused(self, error: HTTPError) -> CorroborateError:
        """What a vault says, in its words; of anything else that answers: that it is none."""
        said = error.headers.get("Retry-After", "")
        retry = int(said) if said.isdigit() else 0
        content = error.read()
        if error.headers.get_content_type() == _PROBLEM:
            problem = json.loads(content)
            return Refused(problem if isinstance(problem, dict) else {}, error.code, retry)
        if error.code in _BUSY:
            return Refused({"detail": f"HTTP {error.code}", "code": "busy"}, error.code, retry)
        if error.code in (400, 413) and error.headers.get_content_type() == "text/plain":  # another name, or too large
            detail = content.decode("utf-8", "replace").strip()[:600]
            return Refused({"detail": detail, "code": "wrong-host" if error.code == 400 else "too-large"}, error.code)
        return self._no_vault()


def _wait(error: CorroborateError, number: int) -> float | None:
    """Seconds before a request is sent again; None where that changes nothing."""
    slowly = 0.3 * 3.0**number  # 0.3, 0.9, 2.7: a vault that starts anew is back by then
    if isinstance(error, NoVault):
        return None
    if isinstance(error, Unreachable):
        return slowly
    if not isinstance(error, Refused):
        return None
    if error.code == "too-many-requests":
        return float(max(1, error.retry))
    return max(slowly, float(error.retry)) if error.status in _BUSY or error.code == "under-way" else None


def json_body(given: Given) -> tuple[bytes, str]:
    return json.dumps(given, ensure_ascii=False).encode(), "application/json"


def multipart(fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    """A form with files by field (RFC 7578). The boundary is random: a file cannot hold it."""
    boundary = secrets.token_hex(24)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    for field, (name, content) in files.items():
        quoted = name.replace("\\", "_").replace('"', "%22").replace("\r", " ").replace("\n", " ")
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{quoted}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
    return b"".join([*parts, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"
