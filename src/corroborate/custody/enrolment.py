"""How an organisation's key comes to be trusted: words compared in person or by voice, and two members who sign for it.

A key that arrives by mail proves nothing about who holds it. So a newcomer signs an enrolment with the new key; two
members of two other voices compare its words with the newcomer, face to face or on the telephone, and sign the same
note. The first members found the coalition together: the second is countersigned by the one, the first by nobody.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from corroborate.custody import statements
from corroborate.custody.notes import COSIGNATURE_V1, ED25519, Note, Signer, Verifier
from corroborate.custody.policy import Seat
from corroborate.custody.words import WORDS
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.languages.likeness import other_voices

COUNTERSIGNERS = 2
_HEAD = "corroborate enrolment v1"
_WORDS, _BITS = 12, 9  # 108 bits: who wants another key with the same words has 2**107 keys to try


def fingerprint_words(key: Verifier) -> tuple[str, ...]:
    """Twelve words of SHA-256 over the verifier key, to be read aloud. Digits say the same: ``key.fingerprint``."""
    number = int.from_bytes(hashlib.sha256(b"corroborate words v1\n" + str(key).encode()).digest(), "big")
    number >>= 256 - _WORDS * _BITS
    return tuple(WORDS[number >> _BITS * at & len(WORDS) - 1] for at in reversed(range(_WORDS)))


def same_words(key: Verifier, heard: str) -> bool:
    """Whether somebody read out this key's words, or its digits, all of them and in order."""
    given = heard.casefold().replace(",", " ").replace("-", " ").split()
    return given == list(fingerprint_words(key)) or "".join(given) == key.fingerprint.replace(" ", "")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One seat: an organisation's key for its log, and with the same key its voice as a witness.

    ``voice``: the organisation or person behind it. All seats of one voice are one group of a quorum.
    """

    organisation: str
    voice: str
    key: Verifier
    at: datetime  # by the newcomer's clock

    def __post_init__(self) -> None:
        statements.plain(self.organisation, "the name of an organisation")
        statements.plain(self.voice, "the name of a voice")
        if self.key.kind != ED25519:
            raise InvalidValue("an enrolment names the key of a log")

    @property
    def cosigner(self) -> Verifier:
        return Verifier(self.key.name, COSIGNATURE_V1, self.key.public)

    @property
    def names(self) -> tuple[str, ...]:
        """By which a reader may know whose seat it is."""
        return tuple(dict.fromkeys((self.organisation, self.voice, self.key.name)))

    @property
    def seat(self) -> Seat:
        return Seat(self.cosigner, self.voice)

    def text(self) -> str:
        return statements.write(
            _HEAD,
            [("organisation", self.organisation), ("voice", self.voice), ("key", str(self.key)),
             ("at", statements.write_time(self.at))],
        )  # fmt: skip

    def check_second(self, key: Verifier) -> None:
        """Nobody is a second voice for itself."""
        if key.public == self.key.public:
            raise NotAllowed("this enrolment is your own: others countersign it, and you do not")

    @classmethod
    def parse(cls, text: str) -> Self:
        organisation, voice, key, at = statements.read(text, _HEAD, ("organisation", "voice", "key", "at"))
        return cls(organisation, voice, Verifier.parse(key), statements.read_time(at))


def propose(enrolment: Enrolment, signer: Signer) -> bytes:
    """The newcomer's own note: it shows that the newcomer holds the key."""
    if signer.verifier() != enrolment.key:
        raise NotAllowed("an enrolment is signed with the key that it names")
    return statements.signed(enrolment.text(), signer)


def countersign(note: bytes, signer: Signer, heard: str) -> bytes:
    """Sign for a newcomer whose words were heard, not read from the same file. Raises NotVerified when they differ."""
    enrolment = Enrolment.parse(Note.parse(note).text)
    statements.require(statements.signers(note, [enrolment.key]), enrolment.key, "its own enrolment")
    if not same_words(enrolment.key, heard):
        raise NotVerified(
            "these are not the words of the key that calls itself {organisation}", organisation=enrolment.organisation
        )
    return statements.countersigned(note, signer, Enrolment)


def voices_of(seats: Iterable[Enrolment], own: Collection[str], roster: Sequence[Enrolment]) -> int:
    """How many voices there are among seats that are not the one's own names. However a name is spelled: seats that may
    be of one body are one voice, as whoever countersigned them was told (``coalition/countersigning.py``)."""
    return other_voices([own, *(one.names for one in seats)], [one.names for one in roster])


def voices_under(note: bytes, own: Collection[str], roster: Sequence[Enrolment]) -> int:
    """How many voices of the roster, beside one's own, signed a note."""
    by_key = {member.key: member for member in roster}
    return voices_of([by_key[key] for key in sorted(statements.signers(note, by_key), key=str)], own, roster)


def admit(note: bytes, roster: Sequence[Enrolment]) -> Enrolment:
    """The enrolment, if enough members stand behind it. Raises NotVerified and NotAllowed.

    ``roster``: who sits in the coalition today, each with the key that it has today (``custody/roster.py``).

    1. Signed by the key it names.  2. The log's name and its key are new.  3. Countersigned by members of two voices
    that are not the newcomer's own; by as many as there are while the coalition is smaller than that.
    """
    enrolment = Enrolment.parse(Note.parse(note).text)
    statements.require(statements.signers(note, [enrolment.key]), enrolment.key, "its own enrolment")
    for member in roster:
        if member.key.name == enrolment.key.name or member.key.public == enrolment.key.public:
            raise NotAllowed("{name} is enrolled already; a new key for it is a rotation", name=member.key.name)
    voices = voices_under(note, enrolment.names, roster)
    wanted = min(COUNTERSIGNERS, voices_of(roster, enrolment.names, roster))
    if voices < wanted:
        raise NotAllowed(
            (
                "{number} other member has signed for {organisation}; it takes {wanted}",
                "{number} other members have signed for {organisation}; it takes {wanted}",
            ),
            number=voices,
            organisation=enrolment.organisation,
            wanted=wanted,
        )
    return enrolment
