"""Four kinds of time, side by side: none overwrites another.

| time | who says so | what it is worth |
|---|---|---|
| device | the recorder's clock | nothing against its owner; may be a year off |
| sequence | the log | before and after, among entries of one log |
| witness | other members' clocks, in their cosignatures | not later than that, if one of them is honest |
| authority | RFC 3161 tokens over a checkpoint | not later than that, if the authority is |

An entry is no younger than the first checkpoint that holds it; nothing here shows that it is no older than it says.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from corroborate.custody.notes import Checkpoint, Note
from corroborate.errors import InvalidValue

TOLERANCE = timedelta(days=1)  # between a device's clock and the witnesses'; time zones are not clocks
LARGEST = 1 << 20  # bytes of a token

# What the parser's bindings raise on a damaged token, found by changing every part of one.
_DAMAGED = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError)

TokenState = Literal["good", "unchecked", "unreadable", "refused", "other", "untrusted"]


def stamped(note: bytes) -> bytes:
    """What a timestamp is taken over: the checkpoint's text, as the log and its witnesses signed it."""
    text = Note.parse(note).text
    Checkpoint.parse(text)
    return text.encode()


def request(note: bytes) -> bytes:
    """An RFC 3161 request for a checkpoint (SHA-512, nonce, certificate asked for), to be posted or carried."""
    builder = TimestampRequestBuilder().data(stamped(note)).hash_algorithm(HashAlgorithm.SHA512)
    built: bytes = builder.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes()
    return built


@dataclass(frozen=True, slots=True)
class Token:
    """A timestamp token as it came. The raw bytes are kept whatever they are: another reader may know more.

    ``unreadable``: no token that we can parse. ``refused``: the authority gave none. ``other``: over other bytes.
    ``untrusted``: no certificate that we hold leads to it. ``unchecked``: we hold no certificate at all.
    """

    raw: bytes
    state: TokenState
    at: datetime | None = None
    authority: str = ""
    found: str = ""


def read_token(raw: bytes, note: bytes, roots: Sequence[x509.Certificate] = ()) -> Token:
    """What a token says of a checkpoint. Never raises for what a token holds: it is kept and flagged."""
    if len(raw) > LARGEST:
        raise InvalidValue("a token of {number} bytes is too long", number=len(raw))
    message = stamped(note)
    try:
        response = decode_timestamp_response(raw)
        if response.status not in (0, 1):
            return Token(raw, "refused", found="; ".join(response.status_string) or f"status {response.status}")
        info = response.tst_info
        at, imprint = info.gen_time, info.message_imprint
        authority = _authority(response.signed_data.certificates, response.signed_data.signer_infos)
        oid, digest = imprint.hash_algorithm.dotted_string, imprint.message
    except _DAMAGED as error:
        return Token(raw, "unreadable", found=(str(error) or type(error).__name__).splitlines()[0])
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    name = {
        "2.16.840.1.101.3.4.2.1": "sha256",
        "2.16.840.1.101.3.4.2.2": "sha384",
        "2.16.840.1.101.3.4.2.3": "sha512",
    }.get(oid)
    if name is None or hashlib.new(name, message).digest() != digest:
        return Token(raw, "other", at, authority, "the token is over other bytes than this checkpoint")
    if not roots:
        return Token(raw, "unchecked", at, authority, "no authority's certificate is at hand")
    for root in roots:
        try:
            VerifierBuilder(roots=[root]).build().verify_message(response, message)
            return Token(raw, "good", at, authority)
        except (VerificationError, *_DAMAGED) as error:
            why = (str(error) or type(error).__name__).splitlines()[0]
    return Token(raw, "untrusted", at, authority, why)


def _authority(certificates: set[bytes], signers: Iterable[object]) -> str:
    """The name in the certificate of whoever signed, or of who issued it."""
    for one in signers:
        serial, issuer = getattr(one, "serial_number", None), getattr(one, "issuer", None)
        for der in certificates:
            certificate = x509.load_der_x509_certificate(der)
            if certificate.serial_number == serial:
                return certificate.subject.rfc4514_string()
        return issuer.rfc4514_string() if isinstance(issuer, x509.Name) else ""
    return ""


@dataclass(frozen=True, slots=True)
class Times:
    """All that is said about when one entry was made."""

    device: datetime | None
    index: int
    witnessed: Mapping[str, datetime]  # of the first checkpoint that holds it
    tokens: tuple[Token, ...] = ()

    @property
    def not_after(self) -> datetime | None:
        """The latest time at which it can have come into the log: the earliest that somebody else vouches for."""
        vouched = [*self.witnessed.values(), *(one.at for one in self.tokens if one.state == "good" and one.at)]
        return min(vouched, default=None)

    def flags(self, tolerance: timedelta = TOLERANCE) -> tuple[str, ...]:
        """What does not fit together, in words. Nothing is corrected."""
        found = []
        if self.device is not None and self.not_after is not None and self.device > self.not_after + tolerance:
            found.append(
                f"the device's clock was {_off(self.device - self.not_after)} ahead of those who saw the entry"
            )
        times = sorted(self.witnessed.values())
        if times and times[-1] - times[0] > tolerance:
            found.append(f"the witnesses' clocks are {_off(times[-1] - times[0])} apart")
        good = [one.at for one in self.tokens if one.state == "good" and one.at]
        if times and any(abs(one - times[0]) > tolerance for one in good):
            found.append("an authority and the witnesses tell times far apart")
        found += [
            f"a token is {one.state}: {one.found}" for one in self.tokens if one.state not in ("good", "unchecked")
        ]
        return tuple(found)


def clock_off(ours: datetime, witnessed: Mapping[str, datetime], tolerance: timedelta = TOLERANCE) -> timedelta | None:
    """By how much our clock differs from the middle one of the witnesses' who saw a checkpoint just now, if too much.

    Ahead is positive. The middle one, so that one witness with a wrong clock flags nobody.
    """
    if not witnessed:
        return None
    times = sorted(witnessed.values())
    off = ours - times[len(times) // 2]
    return off if abs(off) > tolerance else None


def _off(difference: timedelta) -> str:
    days = difference.days
    return f"{days} days" if days else f"{difference.seconds // 3600} hours"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Checkpoints at fixed times of the day (UTC), so that a log's growth says little about when its members worked."""

    hours: tuple[int, ...] = (3,)

    def __post_init__(self) -> None:
        if not self.hours or sorted(set(self.hours)) != list(self.hours) or not set(self.hours) <= set(range(24)):
            raise InvalidValue("{hours} are no hours of a day, in order", hours=self.hours)

    def next_due(self, after: datetime) -> datetime:
        """The first fixed time later than ``after``."""
        day = after.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        times = (day + timedelta(days=days, hours=hour) for days in (0, 1) for hour in self.hours)
        return next(one for one in times if one > after)

    def due(self, last: datetime | None, now: datetime) -> bool:
        """Whether a fixed time has passed since the last checkpoint (None: there was none)."""
        return last is None or self.next_due(last) <= now
