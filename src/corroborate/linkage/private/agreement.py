"""What two vaults agree on before either encodes: signed by both, and with it a secret that only they have.

Three trips of a file: one side offers its terms, the other accepts them, the first countersigns. The text is a signed
note (C2SP); the secret is X25519 (RFC 7748) between the two sides, stretched by HKDF-SHA-256 (RFC 5869) with the digest
of the whole text as salt: change a letter, and nothing that the two sides encode meets any more.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Literal, Self, get_args

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from corroborate.custody import Note, Signer, Verifier
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.linkage.private.nodes import Node, Sender, node_of
from corroborate.translation import Sentence
from corroborate.values import checked_id

Reveal = Literal["nothing", "held", "fields"]  # held: that this side holds the person too
REVEALS: tuple[Reveal, ...] = get_args(Reveal)
_HEADER = "corroborate linkage agreement v1"
AGREEMENT = _HEADER.encode() + b"\n"  # how the file of an offer or an agreement begins
_WEIGHTS = MappingProxyType({"whole": 36, "pair": 72, "birth": 40, "event": 18, "sex": 16, "place": 24, "facility": 16})
FIELDS = tuple(_WEIGHTS)
NEARNESS = 455  # thousandths of the bits sent: strangers differ in half of them
_SIZES = ("bits", "sent", "fan_in", "readings", "masks", "doubt", "keys", "round_to")


@dataclass(frozen=True, slots=True)
class Schema:
    """How both sides encode. Weights are bits of the filter that a field sets."""

    bits: int = 1024  # of a filter before the diffusion
    sent: int = 4096  # bits of what leaves
    fan_in: int = 10  # bits of the filter added up to one that leaves; 1 would be no hardening
    readings: int = 4  # filters a row: the names of a person in several scripts
    masks: int = 3  # more filters a row: a name with a syllable left out, as sources have it who do not say all (김○수)
    doubt: int = 8  # bits of chance in each of those: less of a name must be borne out by more of the facts
    keys: int = 0  # composite blocking keys a row; 0: the unit compares all pairs, and learns no block
    round_to: int = 100  # rows: a side's size is said rounded up to this, after a tenth of rows that stand for nobody
    weights: Mapping[str, int] = field(default_factory=lambda: _WEIGHTS)

    def __post_init__(self) -> None:
        if not (64 <= self.bits <= 8192 and 64 <= self.sent <= 16384 and self.sent % 8 == 0):
            raise InvalidValue(
                "filters of {bits} bits, {sent} sent, are not within what we compare", bits=self.bits, sent=self.sent
            )
        if not (
            2 <= self.fan_in <= 64
            and 1 <= self.readings <= 8
            and 0 <= self.masks <= 4
            and 0 <= self.doubt <= self.bits // 4
            and 0 <= self.keys <= 64
            and self.round_to >= 10
        ):
            raise InvalidValue("the schema's hardening, readings, keys or rounding are out of range")
        if set(self.weights) != set(FIELDS) or not all(1 <= one <= self.bits for one in self.weights.values()):
            raise InvalidValue("the schema weighs other fields than {listed}", listed=", ".join(FIELDS))

    def filler(self, name: str) -> int:
        """Bits of chance in place of a fact that is missing: a third, so that a missing fact lies between agreement
        and disagreement whether one side lacks it or both do."""
        return max(1, self.weights[name] // 3)

    @property
    def slots(self) -> int:
        """Filters a row: readings of whole names, then names with a syllable left out."""
        return self.readings + self.masks

    def text(self) -> str:
        parts = [f"{name}={getattr(self, name)}" for name in _SIZES]
        return " ".join([*parts, *(f"{name}:{self.weights[name]}" for name in FIELDS)])

    @classmethod
    def parse(cls, text: str) -> Self:
        sizes: dict[str, int] = {}
        weights: dict[str, int] = {}
        for part in text.split(" "):
            found = re.fullmatch(r"([a-z_]+)([=:])([1-9]\d{0,4}|0)", part, re.ASCII)
            if found is None:
                raise InvalidValue("the schema has a part we do not know: {part!r}", part=part[:40])
            (sizes if found[2] == "=" else weights)[found[1]] = int(found[3])
        if set(sizes) != set(_SIZES):
            raise InvalidValue("the schema is of another version, or a part of it is missing")
        schema = cls(**sizes, weights=weights)
        if schema.text() != text:
            raise InvalidValue("the schema says a part twice or in another order")
        return schema


@dataclass(frozen=True, slots=True)
class Party:
    """One side: who signs for it, and its half of the secret."""

    key: Verifier
    half: bytes  # X25519 public key

    def __post_init__(self) -> None:
        if len(self.half) != 32:
            raise InvalidValue("the key-agreement key of {name} is not 32 bytes long", name=self.key.name)

    def text(self) -> str:
        return f"{self.key} {base64.b64encode(self.half).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        key, _, half = text.rpartition(" ")
        try:
            return cls(Verifier.parse(key), base64.b64decode(half, validate=True))
        except binascii.Error as error:
            raise InvalidValue("the key-agreement key in {words!r} is no base64", words=text[:60]) from error


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who, from when until when, how it is encoded, how near two rows must be, the most that a side reveals."""

    id: str
    begins: date
    ends: date  # the last day on which anything is encoded, matched or revealed under it
    parties: tuple[Party, ...]  # one: an offer; two: an agreement
    schema: Schema
    unit: Party  # who compares: any third node. Encodings are encrypted to its half, results are signed by its key
    nearness: int = NEARNESS  # thousandths: of the bits sent, how many may differ between two rows of one person
    reveal: Reveal = "held"

    def __post_init__(self) -> None:
        checked_id(self.id)
        if not 1 <= len(self.parties) <= 2 or len({one.key.public for one in self.parties}) != len(self.parties):
            raise InvalidValue("an agreement is between two sides with keys of their own")
        if self.ends < self.begins or not 0 < self.nearness < 500 or self.reveal not in REVEALS:
            raise InvalidValue("the agreement's days, nearness or what it reveals are out of range")
        if self.unit.key.public in {one.key.public for one in self.parties}:
            raise InvalidValue("a side cannot be the linkage unit: it has the key, and could try every name")

    def text(self) -> str:
        lines = [_HEADER, f"id {self.id}", f"from {self.begins}", f"until {self.ends}"]
        lines += [f"member {one.text()}" for one in self.parties]
        lines += [f"unit {self.unit.text()}", f"schema {self.schema.text()}"]
        return "\n".join([*lines, f"nearness {self.nearness}", f"reveal {self.reveal}"]) + "\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        lines = text.removesuffix("\n").split("\n")
        said = [line.split(" ", 1) for line in lines[1:]]
        if not lines or lines[0] != _HEADER or any(len(one) != 2 for one in said):
            raise InvalidValue("the note is no linkage agreement of this version")
        parties = tuple(Party.parse(rest) for word, rest in said if word == "member")
        once = {word: rest for word, rest in said if word != "member"}
        try:
            found = cls(
                once["id"], date.fromisoformat(once["from"]), date.fromisoformat(once["until"]), parties,
                Schema.parse(once["schema"]), Party.parse(once["unit"]), int(once["nearness"]),
                once["reveal"],  # type: ignore[arg-type]
            )  # fmt: skip
        except (KeyError, ValueError) as error:
            raise InvalidValue("the agreement cannot be read: {error}", error=error) from error
        if found.text() != text:
            raise InvalidValue("the agreement has lines that we would not write")
        return found

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.text().encode()).digest()

    def require(self, on: date) -> None:
        """Raises NotAllowed before it begins and after it ends."""
        if on > self.ends:
            raise NotAllowed("the agreement ended on {ends}: make a new one, with new keys", ends=self.ends)
        if on < self.begins:
            raise NotAllowed(
                "the agreement begins on {begins}, and this machine's day is {on}", begins=self.begins, on=on
            )


@dataclass(frozen=True, slots=True, repr=False)
class Agreed:
    """An agreement in force, seen from one of its sides, with the secret that both sides have and nobody else."""

    agreement: Agreement
    secret: bytes
    half: X25519PrivateKey  # our part of the secret, and what files to us are opened with
    from_other: tuple[Sender, ...]  # the keys that sign for the other side
    from_unit: tuple[Sender, ...]
    side: int = 0  # which of the agreement's parties we are

    @property
    def other(self) -> Party:
        return self.agreement.parties[1 - self.side]

    @property
    def schema(self) -> Schema:
        return self.agreement.schema

    def key(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose, bound to every letter of the agreement."""
        info = b"corroborate/private-linkage/v1/" + purpose.encode()
        return HKDF(SHA256(), 32, self.agreement.digest, info).derive(self.secret)


UNIT = "unit"


def private_half(who: Signer | Node, identifier: str) -> X25519PrivateKey:
    """A node's secret for one agreement, or as the linkage unit of any (``UNIT``)."""
    return node_of(who).halves(identifier)[0]


def _public(half: X25519PrivateKey) -> bytes:
    return half.public_key().public_bytes_raw()


def card(who: Signer | Node) -> Party:
    """What a node that will be a linkage unit hands to both sides: its key, and its half for sealing files to it."""
    return _party(node_of(who), UNIT)


def _party(node: Node, identifier: str) -> Party:
    return Party(node.signer.verifier(), _public(node.halves(identifier)[0]))


def _signed(agreement: Agreement, *lines: str) -> bytes:
    return f"{agreement.text()}\n{''.join(lines)}".encode()


def _signed_today(note: Note, key: Verifier, node: Node) -> None:
    """Raises NotVerified where a party signed with a key that it has replaced since, and not with the one of now.

    Whoever stole the old one may have made the note long after. Asked when we sign ourselves: from then on our own
    signature says that it was asked.
    """
    today = node.today(key)
    if today not in note.check([today]):
        error = NotVerified(
            "this is signed with a key that {name} has replaced, so whoever has that key may have made it since",
            name=key.name,
        )
        error.remedy = Sentence(
            "Ask {name} to sign it again with its key of now (corroborate private sign-again), or to make it again.",
            name=key.name,
        )
        raise error


def _unit_of_today(terms: Agreement, node: Node) -> None:
    """Raises NotVerified for a linkage unit by a key that it has replaced: its card is not its own any more."""
    if node.today(terms.unit.key) != terms.unit.key:
        error = NotVerified("the card of {name} names a key that it has replaced", name=terms.unit.key.name)
        error.remedy = Sentence("Ask {name} for its card of now, and make a new offer.", name=terms.unit.key.name)
        raise error


def sign_again(note: bytes, who: Node) -> bytes:
    """An offer or agreement that we signed before our key changed, with the signature of our key of now as well.

    Raises NotAllowed where it was not ours: not signed by a key of ours, or with another half than we make.
    """
    found = Note.parse(note)
    terms = Agreement.parse(found.text)
    ours = next((one for one in terms.parties if who.is_ours(one.key)), None)
    halves = {_public(one) for one in who.halves(terms.id)}
    if ours is None or ours.half not in halves or not found.check(who.family(ours.key)):
        raise NotAllowed("{name} did not sign this before: there is nothing to sign again", name=who.signer.name)
    if who.signer.verifier() in found.check([who.signer.verifier()]):
        raise NotAllowed("it is signed with the key of now")
    return note + who.signer.line(found.text).encode()


def offer(terms: Agreement, who: Signer | Node) -> bytes:
    """The first trip: our terms, signed. ``terms`` may name anybody as its party; we put ourselves there."""
    node = node_of(who)
    _unit_of_today(terms, node)
    ours = replace(terms, parties=(_party(node, terms.id),))
    return _signed(ours, node.signer.line(ours.text()))


def offered(note: bytes, sender: Verifier, who: Node | None = None) -> Agreement:
    """An offer that this sender signed, with this key or with one that it had. Raises InvalidValue, NotVerified."""
    found = Note.parse(note)
    family = (sender,) if who is None else who.family(sender)
    signed = found.check(family)
    if not signed:
        raise NotVerified("the offer is not signed by the key of {name} that you gave", name=sender.name)
    terms = Agreement.parse(found.text)
    if len(terms.parties) != 1 or terms.parties[0].key not in signed:
        raise NotVerified("the offer is signed by {name}, but made in another's name", name=sender.name)
    if who is not None:
        who.senders(terms.parties[0].key)
    return terms


def check_usual(terms: Agreement) -> None:
    """Raises NotAllowed for terms under which people are compared otherwise than this program does by itself.

    Weights that leave the name out, or a nearness that strangers have, make everybody a person whom both hold; nobody
    sees that in the terms, and whoever offers can write any.
    """
    if terms.schema != Schema(keys=terms.schema.keys) or not terms.nearness <= NEARNESS:
        error = NotAllowed(
            "{name} offers to compare people otherwise than this program does: strangers may count as one person",
            name=terms.parties[0].key.name,
        )
        error.remedy = Sentence(
            "Ask {name} to make the offer with the same version of the program as yours (corroborate private offer).",
            name=terms.parties[0].key.name,
        )
        raise error


def accept(note: bytes, sender: Verifier, who: Signer | Node, on: date) -> bytes:
    """The second trip: the offer's terms with our half, signed by us."""
    node = node_of(who)
    terms = offered(note, sender, node)
    terms.require(on)
    if node.is_ours(sender):
        raise NotAllowed("this is our own offer: the other side accepts it")
    _signed_today(Note.parse(note), terms.parties[0].key, node)
    _unit_of_today(terms, node)
    whole = replace(terms, parties=(*terms.parties, _party(node, terms.id)))
    return _signed(whole, node.signer.line(whole.text()))


def countersign(note: bytes, other: Verifier, offer_: bytes, who: Signer | Node, on: date) -> bytes:
    """The third trip: what the other accepted is our offer to the letter, so we sign it too.

    Either side may have changed its key since: the offer is ours by the key of then, and we sign with the one of now.
    """
    node = node_of(who)
    found = Note.parse(note)
    whole = Agreement.parse(found.text)
    whole.require(on)
    theirs = whole.parties[1 - side_in(whole, node)].key
    if theirs not in node.family(other) or not found.check([one.key for one in node.senders(theirs)]):
        raise NotVerified("the agreement is not signed by the key of {name} that you gave", name=other.name)
    ours = offered(offer_, node.signer.verifier(), node)
    if replace(whole, parties=whole.parties[:1]) != ours:
        raise NotVerified("the terms are not the ones that we offered")
    if ours.parties[0].half not in {_public(one) for one in node.halves(ours.id)}:
        raise NotVerified("our half of the agreement's secret is not the one that this vault makes")
    _signed_today(found, theirs, node)
    kept = [f"\u2014 {one.name} {base64.b64encode(one.key_id + one.raw).decode()}\n" for one in found.signatures]
    return _signed(whole, node.signer.line(whole.text()), *kept)


def side_in(agreement: Agreement, node: Node) -> int:
    """Which of the two parties a node is. Raises NotAllowed when it is none."""
    sides = [at for at, one in enumerate(agreement.parties) if node.is_ours(one.key)]
    if len(agreement.parties) != 2 or len(sides) != 1:
        raise NotAllowed("{name} is no side of this agreement", name=node.signer.name)
    return sides[0]


def read_agreement(note: bytes, who: Node | None = None) -> Agreement:
    """An agreement that both of its sides signed: what anybody can check, the linkage unit too. Raises NotVerified.

    ``who`` knows which keys followed those that are named in it; then a side may have signed with a later one.
    """
    found = Note.parse(note)
    whole = Agreement.parse(found.text)
    missing = []
    for one in whole.parties:
        keys = [one.key] if who is None else [sender.key for sender in who.senders(one.key)]
        if not found.check(keys):
            missing.append(one.key.name)
    if len(whole.parties) != 2 or missing:
        raise NotVerified("the agreement is not signed by {missing}", missing=", ".join(missing) or "the other side")
    return whole


def agreed(note: bytes, who: Signer | Node, on: date, *, other: Verifier | None = None) -> Agreed:
    """The agreement seen from our side, with its secret. ``other``: the key we know the other side by, when we do.

    Raises InvalidValue for a file that cannot be read, NotVerified for one that is not signed by both, NotAllowed when
    it has ended, is not ours, or one of its keys was revoked.
    """
    node = node_of(who)
    whole = read_agreement(note, node)
    whole.require(on)
    side = side_in(whole, node)
    ours, theirs = whole.parties[side], whole.parties[1 - side]
    if other is not None and theirs.key not in node.family(other):
        raise NotVerified("the agreement is with another key than the one of {name} that you gave", name=other.name)
    half = next((one for one in node.halves(whole.id) if _public(one) == ours.half), None)
    if half is None:
        raise NotVerified("our half of the agreement's secret is not the one that this vault makes")
    try:
        secret = half.exchange(X25519PublicKey.from_public_bytes(theirs.half))
    except ValueError as error:
        raise NotVerified("the half of {name} gives no secret", name=theirs.key.name) from error
    return Agreed(whole, secret, half, node.senders(theirs.key), node.senders(whole.unit.key), side)


def as_unit(agreement: Agreement, who: Node) -> X25519PrivateKey:
    """Our half as the linkage unit that an agreement names. Raises NotVerified when it names another."""
    who.senders(agreement.unit.key)
    found = next((one for one in who.halves(UNIT) if _public(one) == agreement.unit.half), None)
    if found is None or not who.is_ours(agreement.unit.key):
        raise NotVerified(
            "the agreement names {name} as the linkage unit, and not this node", name=agreement.unit.key.name
        )
    return found
