"""How a value is sealed for a database that others can read, and opened again.

Sealed: AES-256-GCM under its source's key. Blind: AES-SIV (RFC 5297) under the vault's index key, bound to the column,
so that one text has one writing in a column and another one in the next. Either is written ``⟦s12.…⟧``, with the number
of its key: it is known in the middle of a longer text too, where a question joined several.
"""

import base64
import json
import re
import secrets
import threading
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

from corroborate.errors import VaultDamaged
from corroborate.sealed import derive
from corroborate_node.core.source_keys import INDEX, Key, SourceKeys
from corroborate_node.core.veils import VAULT

_OPEN, _SHUT = "⟦", "⟧"
_WRITTEN = re.compile(r"⟦(s|i)([0-9]{1,18})\.([A-Za-z0-9_-]{22,})⟧")
_BYTES = b"\x00sealed\x01"
_NONCE = 12
_KEPT = 100_000  # writings
_PAD = 16  # bytes: the length of a short word does not show


class Sealer:
    """Seals and opens the values of one vault's rows."""

    def __init__(self, keys: SourceKeys) -> None:
        self.keys = keys
        self._lock = threading.Lock()
        self._index: dict[int, AESSIV] = {}
        self._written: dict[tuple[str, str], str] = {}  # what was blinded last: the same words come again
        self._words: dict[str, dict[str, str]] = {}  # column -> plain text -> its writing
        self._order: dict[str, tuple[int, str]] = {}  # column -> how many texts, their places

    # --- sealed -------------------------------------------------------------------------------------------------------

    def seal(self, owner: str, text: str) -> str:
        number, key = self._key(owner)
        content = text.encode("utf-8", "surrogatepass")
        return f"{_OPEN}s{number}.{_letters(_encrypted(key, number, content))}{_SHUT}"

    def seal_bytes(self, owner: str, content: bytes) -> bytes:
        number, key = self._key(owner)
        return _BYTES + number.to_bytes(8, "big") + _encrypted(key, number, content)

    def ready(self, owners: Iterable[str]) -> None:
        """Make the keys of several owners at once."""
        self.keys.made(one or "vault" for one in owners)

    def _key(self, owner: str) -> Key:
        return self.keys.of("vault" if owner == VAULT else owner)

    # --- blind --------------------------------------------------------------------------------------------------------

    def blind(self, space: str, column: str, text: str) -> str:
        """The one writing of a text in a space, which is kept among the texts of a column."""
        if (written := self._written.get((space, text))) is None:
            written = self._blinded(space, text)
            if len(self._written) >= _KEPT:
                self._written.clear()
            self._written[space, text] = written
        if (words := self._words.get(column)) is not None:
            words[text] = written
        return written

    def _blinded(self, space: str, text: str) -> str:
        number, key = self.keys.of(INDEX)
        content = text.encode("utf-8", "surrogatepass") + b"\x01"
        content += bytes(-len(content) % _PAD)
        return f"{_OPEN}i{number}.{_letters(self._siv(number, key).encrypt(content, [space.encode()]))}{_SHUT}"

    def words(self, column: str) -> dict[str, str] | None:
        """Every text of a column and its writing, as far as it was read; None: not yet."""
        return self._words.get(column)

    def learn(self, space: str, column: str, texts: Iterable[str]) -> dict[str, str]:
        """Every text of a column and its writing; those of texts that come are added as they are written."""
        found = {one: self.blind(space, column, one) for one in texts}
        with self._lock:
            return self._words.setdefault(column, found)

    def order(self, column: str) -> str:
        """The place of every writing of a column, as JSON, in the order of their texts: those that were learnt, and
        those that came since."""
        words = self._words[column]
        known = self._order.get(column)
        if known is None or known[0] != len(words):  # texts are added, and never taken away
            places = {words[text]: at for at, text in enumerate(sorted(words), start=1)}
            known = self._order[column] = (len(places), json.dumps(places, ensure_ascii=False))
        return known[1]

    def _siv(self, number: int, key: bytes) -> AESSIV:
        if (known := self._index.get(number)) is None:
            known = self._index[number] = AESSIV(derive(key, "index: first half") + derive(key, "index: second half"))
        return known

    # --- opened -------------------------------------------------------------------------------------------------------

    def opened(self, text: str, space: str = "") -> str:
        """A text in which what is sealed is opened. ``space``: of its column, where that is known: what is blind opens
        in no other. Raises VaultDamaged."""
        if _OPEN not in text:
            return text
        return _WRITTEN.sub(lambda found: self._one(found[1], int(found[2]), found[3], space), text)

    def opened_bytes(self, content: bytes) -> bytes:
        if not content.startswith(_BYTES):
            return content
        start = len(_BYTES) + 8
        number = int.from_bytes(content[len(_BYTES) : start], "big")
        return _decrypted(self._known(number), number, content[start:])

    def _one(self, kind: str, number: int, letters: str, space: str) -> str:
        content = base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
        key = self._known(number)
        if kind == "s":
            return _decrypted(key, number, content).decode("utf-8", "surrogatepass")
        try:
            plain = self._siv(number, key).decrypt(content, [space.encode()])
        except InvalidTag as error:
            raise VaultDamaged("a value by which rows are found was changed in the database") from error
        return plain.rstrip(b"\0")[:-1].decode("utf-8", "surrogatepass")

    def _known(self, number: int) -> bytes:
        if (key := self.keys.numbered(number)) is None:
            raise VaultDamaged(
                "a row is sealed under the key {number}, which is not among this vault's keys", number=number
            )
        return key


def _letters(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _encrypted(key: bytes, number: int, content: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, str(number).encode())


def _decrypted(key: bytes, number: int, content: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(content[:_NONCE], content[_NONCE:], str(number).encode())
    except (InvalidTag, ValueError) as error:
        raise VaultDamaged("a sealed value was changed in the database") from error


__all__ = ["Sealer"]
