"""Codes that an app on a phone counts from a shared secret and the time (RFC 6238), and recovery codes on paper."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import quote, urlencode

import segno

STEP = 30  # seconds for which a code holds
DIGITS = 6
SECRET = 20  # bytes: RFC 4226 recommends 160 bits
DRIFT = 1  # steps by which two clocks may differ, either way (RFC 6238, 5.2)
RECOVERY = 10  # codes on paper


def step_of(seconds: float) -> int:
    """The step that a time lies in. ``seconds``: since 1970, UTC."""
    return int(seconds) // STEP


def code_at(secret: bytes, step: int) -> str:
    """The code of a step: six digits (RFC 4226, 5.3).

    SHA-1 is what apps count with (RFC 6238, 1.2); HMAC does not rest on its resistance to collisions.
    """
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    at = digest[-1] & 0xF
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_matched(secret: bytes, said: str, now: int, after: int) -> int | None:
    """The step whose code was said, of those near ``now`` and later than ``after``; None for a wrong or an old code.

    ``after``: the step of the last code that was taken. A code is taken once, and none before it afterwards.
    """
    digits = "".join(said.split())
    steps = [step for step in range(now - DRIFT, now + DRIFT + 1) if step > after and step >= 0]
    matched = [step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), digits.encode())]
    return matched[0] if matched else None


def spelled(secret: bytes) -> str:
    """A secret as a person types it into an app that has no camera."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, organisation: str, account: str) -> str:
    """What an app reads from the picture (Key URI format)."""
    issuer = organisation.replace(":", " ")
    asked = urlencode({"secret": base64.b32encode(secret).decode().rstrip("="), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account.replace(':', ' '))}?{asked}"


def picture(text: str) -> str:
    """A QR code as SVG for the page itself: no other request tells anybody that a secret was made."""
    drawn: str = segno.make(text, error="m", micro=False).svg_inline(scale=5, border=4, dark="#000", light="#fff")
    return drawn


def recovery_codes(entropy: Callable[[int], bytes]) -> tuple[str, ...]:
    """Ten codes of 80 bits, in groups of four letters and digits."""
    texts = (base64.b32encode(entropy(10)).decode().lower() for _ in range(RECOVERY))
    return tuple("-".join(text[at : at + 4] for at in range(0, 16, 4)) for text in texts)


def plain(code: str) -> str:
    """A recovery code however it was typed: case, space and dashes say nothing."""
    return "".join(c for c in code.casefold() if c.isalnum())


def keyed(key: bytes, what: str, secret: str) -> str:
    """A digest of a secret of one kind: equal for equal ones under a key, and no way back to them without it."""
    return hmac.new(key, f"{what}\n{secret}".encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two digests are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(one.encode(), other.encode())
