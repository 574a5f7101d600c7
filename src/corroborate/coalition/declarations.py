"""What a member says under its own key: one kind of note for each thing that nobody else may say for it.

A declaration is a signed note (C2SP signed-note) with a first line of its own, so that none is ever read as another
or as a checkpoint, and each travels as a file that anybody can check with the member's verifier key alone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Self

from corroborate.custody import Note, Signer, Verifier
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.values.signs import blocks, unseen

NAME = r"[a-z0-9][a-z0-9._-]{0,79}"  # of a statement and other subjects; sites name files after it
_HEX = r"[0-9a-f]{64}"
LANGUAGE = r"[a-z]{2,3}"
_WORDS = r"[^\x00-\x1f\x7f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u00ad]{1,2000}"
_MAYBE = rf"(?:{_WORDS})?"
_AT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
_RULE = r"(?:consensus (?:without objection|minus \d{1,9})|majority(?: of the steering group)?), quorum \d{1,9}"
_LINE = r"[^\x00-\x1f\x7f\u0085\u2028\u2029]{0,500}"

Kind = Literal[
    "sign-on",
    "translation",
    "quote",
    "stance",
    "stance on a text",
    "position",
    "position as asked",
    "signatory",
    "key",
    "sign-on with words",
    "finding",
    "finding as shown",
]

# Kind -> first line, and its fields in order with what each may hold. The order is part of the signed bytes.
FORMS: Mapping[Kind, tuple[str, tuple[tuple[str, str], ...]]] = {
    "sign-on": ("corroborate sign-on v1", (
        ("statement", NAME), ("language", LANGUAGE), ("sha256", _HEX),
        ("choice", "with us|abstains|withdraws"))),
    # a reservation, or an explanation of an abstention: it stands beside the name wherever the name stands
    "sign-on with words": ("corroborate sign-on v2", (
        ("statement", NAME), ("language", LANGUAGE), ("sha256", _HEX),
        ("choice", "with us|abstains|withdraws"), ("words", _WORDS))),
    "translation": ("corroborate translation approval v1", (
        ("statement", NAME), ("language", LANGUAGE), ("sha256", _HEX), ("of", _HEX),
        ("choice", "approves|withdraws"))),
    "quote": ("corroborate quote approval v1", (
        ("statement", NAME), ("spokesperson", _LINE), ("sha256", _HEX), ("choice", "approves|withdraws"))),
    # of a statement this is an earlier version's: it named a short name, which another coalition's text may bear too
    "stance": ("corroborate stance v1", (
        ("on", "campaign|statement|finding|publication"), ("subject", NAME), ("choice", "with us|silent|apart"))),
    "stance on a text": ("corroborate stance v2", (
        ("on", "statement"), ("subject", NAME), ("sha256", _HEX), ("choice", "with us|silent|apart"))),
    # of an earlier version: it named neither the rule of the decision nor when the question closes
    "position": ("corroborate position v1", (
        ("proposal", NAME), ("sha256", _HEX), ("choice", "support|abstain|object"), ("reason", _LINE))),
    "position as asked": ("corroborate position v2", (
        ("proposal", NAME), ("sha256", _HEX), ("rule", _RULE), ("until", _AT),
        ("choice", "support|abstain|object"), ("reason", _LINE))),
    "signatory": ("corroborate signatory v1", (
        ("name", _LINE), ("role", _LINE), ("since", r"\d{4}-\d\d-\d\d"), ("choice", "names|ends"))),
    # of an earlier version: the digest left out the release's title and the dissent beside the finding
    "finding": ("corroborate finding v1", (
        ("finding", NAME), ("reader", _WORDS), ("sha256", _HEX),
        ("choice", "stands|abstains|dissents|withdraws"), ("words", _MAYBE))),
    # under one finding of a dossier for one reader; the digest is of all that this reader is shown with it
    "finding as shown": ("corroborate finding v2", (
        ("finding", NAME), ("reader", _WORDS), ("sha256", _HEX),
        ("choice", "stands|abstains|dissents|withdraws"), ("words", _MAYBE))),
    "key": ("corroborate key answer v1", (("key", _LINE), ("choice", "ours|not ours"))),
}  # fmt: skip
AHEAD = timedelta(minutes=10)  # by which a member's clock may go before ours
BEHIND = timedelta(days=1)  # by which it may go after ours, or a whole zone of time lie between them


def _pattern(kind: Kind) -> re.Pattern[str]:
    header, fields = FORMS[kind]
    lines = "".join(rf"{name} (?P<{name}>{form})\n" for name, form in fields)
    return re.compile(rf"{re.escape(header)}\n{lines}at (?P<at>{_AT})\n")


_PATTERNS: Mapping[Kind, re.Pattern[str]] = {kind: _pattern(kind) for kind in FORMS}


@dataclass(frozen=True, slots=True)
class Keys:
    """Members' verifier keys by the label that a register gives each member. Two members may use one key name: the
    key itself tells them apart. Built once for many notes."""

    by_label: Mapping[str, Verifier]
    _by_name: Mapping[str, tuple[tuple[str, Verifier], ...]]

    @classmethod
    def of(cls, members: Mapping[str, Verifier] | Iterable[tuple[str, Verifier]]) -> Self:
        pairs = list(members.items() if isinstance(members, Mapping) else members)
        by_name: dict[str, list[tuple[str, Verifier]]] = {}
        for label, key in pairs:
            by_name.setdefault(key.name, []).append((label, key))
        return cls(dict(pairs), {name: tuple(found) for name, found in by_name.items()})

    def named(self, name: str) -> tuple[tuple[str, Verifier], ...]:
        return self._by_name.get(name, ())


@dataclass(frozen=True, slots=True)
class Declaration:
    """What one member said: its fields, when by its own clock, and the note that proves it."""

    kind: Kind
    member: str  # the label that the keys gave it
    fields: Mapping[str, str]
    at: datetime
    note: bytes
    key: Verifier  # that signed it; a member's key of today may be another

    @property
    def choice(self) -> str:
        return self.fields["choice"]


def declare(signer: Signer, kind: Kind, fields: Mapping[str, str], at: datetime) -> bytes:
    """Sign a declaration with a member's own key. Nobody else's key can make it. Raises InvalidValue."""
    for value in fields.values():
        check_beside(value)
    text = declaration_text(kind, fields, at)
    return f"{text}\n{signer.line(text)}".encode()


def declaration_text(kind: Kind, fields: Mapping[str, str], at: datetime) -> str:
    """The exact lines that are signed."""
    header, form = FORMS[kind]
    if set(fields) != {name for name, _ in form}:
        raise InvalidValue("a {kind} has the fields {listed}", kind=kind, listed=", ".join(name for name, _ in form))
    lines = "".join(f"{name} {fields[name]}\n" for name, _ in form)
    text = f"{header}\n{lines}at {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n"
    if _PATTERNS[kind].fullmatch(text) is None:
        raise InvalidValue(
            "{dict} cannot be said in a {kind}: a field holds what it may not", dict=dict(fields), kind=kind
        )
    return text


def check_time(said: datetime, at: datetime) -> None:
    """Raises NotAllowed for what is dated later than it came. Of two words the later counts: one dated years ahead
    would make its member go on saying it, whatever it says afterwards."""
    if said > at + AHEAD:
        raise NotAllowed(
            "this is dated {said:%Y-%m-%d %H:%M} UTC, and it is {at:%Y-%m-%d %H:%M} UTC: set the clock right and sign "
            "it again",
            said=said,
            at=at,
        )


def before_asked(said: datetime, asked: datetime | None) -> bool:
    """Whether something was said before its question was put here. A note names a short name and words, and never the
    coalition: it answers the same words at another hub, or of an earlier year."""
    return asked is not None and said < asked.replace(microsecond=0) - BEHIND


def check_asked(said: datetime, asked: datetime | None) -> None:
    """Raises NotAllowed for what was said before its question was put here (``asked``; None where nobody knows)."""
    if asked is not None and before_asked(said, asked):
        raise NotAllowed(
            "this was signed on {said:%Y-%m-%d %H:%M} UTC, and it was put here on {asked:%Y-%m-%d %H:%M} UTC: it "
            "speaks of another one, or to another coalition",
            said=said,
            asked=asked,
        )


def check_seen(one: Declaration) -> None:
    """Raises InvalidValue for a word that is shown otherwise than it was signed: who signs with a key of its own can
    write anything into its note, and it would be read beside its name. Asked where a note comes in."""
    for value in one.fields.values():
        check_beside(value)


def check_beside(words: str) -> str:
    """Words that stand beside a text on its page, or in its history. Raises InvalidValue where they hold a sign that
    nobody sees, or the mark of a signature block: the page would be read as another one."""
    if (at := unseen(words)) >= 0:
        raise InvalidValue(
            "{text!r} holds a sign that nobody sees (U+{code:04X}): it would be read as other words than it holds",
            text=words[:80],
            code=ord(words[at]),
        )
    if blocks(words) >= 0:
        raise InvalidValue("{text!r} holds the mark of a signature block: leave it out", text=words[:80])
    return words


def kind_of(note: bytes) -> Kind | None:
    """Which declaration a note says it is, by its first line; None for anything else."""
    first = note[:200].split(b"\n", 1)[0]
    return next((kind for kind, (header, _) in FORMS.items() if header.encode() == first), None)


def read_declaration(note: bytes, kind: Kind | None, keys: Keys) -> Declaration:
    """Read and check one declaration. Raises NotVerified for a key that no member has, InvalidValue otherwise."""
    if kind is None:
        raise InvalidValue("this note is no {kind}", kind="declaration")
    parsed = Note.parse(note)
    found = _PATTERNS[kind].fullmatch(parsed.text)
    if found is None:
        raise InvalidValue("this note is no {kind}", kind=kind)
    names = ", ".join(signature.name for signature in parsed.signatures)
    if len(parsed.signatures) != 1:
        raise NotVerified("the {kind} is signed by {names}; one member speaks in one note", kind=kind, names=names)
    known = keys.named(parsed.signatures[0].name)
    signed = parsed.check(key for _, key in known)
    if len(signed) != 1:
        raise NotVerified(
            "the {kind} is signed by {names}, and by no key of a member that we know", kind=kind, names=names
        )
    member, key = next((label, key) for label, key in known if key in signed)
    try:
        at = datetime.strptime(found["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidValue("{at} is in no calendar", at=found["at"]) from error
    fields = {name: value for name, value in found.groupdict().items() if name != "at"}
    return Declaration(kind, member, fields, at, note, key)
