"""The client's side of C2SP tlog-witness over HTTP."""

import hashlib
import http.client
from urllib.parse import urlsplit

from corroborate.errors import InputRefused, InvalidValue

SECONDS = 30
LARGEST = 1 << 20  # bytes of an answer


def post(prefix: str, request: bytes) -> tuple[int, bytes]:
    """POST a request to a witness's submission prefix; return status and body. Follows no redirection.

    Raises InvalidValue for an address that is none, InputRefused when nobody answers.
    """
    return _ask(prefix, "POST", "/add-checkpoint", request)


def newest(prefix: str, origin: str) -> bytes | None:
    """The newest checkpoint of a log that a witness cosigned, for monitors (tlog-witness). None: it has none."""
    status, body = _ask(prefix, "GET", f"/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint")
    return body if status == 200 else None


def _ask(prefix: str, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    parts = urlsplit(prefix)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise InvalidValue("{prefix!r} is no address such as https://their-node.example/witness", prefix=prefix)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname, parts.port, timeout=SECONDS)
        try:
            headers = {"Content-Type": "text/plain; charset=utf-8"} if body is not None else {}
            connection.request(method, parts.path.rstrip("/") + path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(LARGEST)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        refused = InputRefused(
            "the witness at {hostname} cannot be reached: {error}", hostname=parts.hostname, error=error
        )
        refused.remedy = "Try later, or carry the request as a file (corroborate log request)."
        raise refused from error
