"""Encrypted files. The address is keyed, so whoever seizes the folder cannot test whether a known file is in it."""

import hashlib
import hmac
from collections.abc import Iterator
from copy import copy
from io import BufferedIOBase

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from corroborate.errors import InvalidValue, VaultDamaged
from corroborate.sealed.slots import derive
from corroborate.sealed.stores import Look, ObjectStore
from corroborate.values import Digest

CHUNK = 1 << 16  # bytes of content in one encrypted part
TAG = 16
_AT_ONCE = 16  # parts read from the store at a time, where a stretch is asked for
_MAGIC = b"corroborate/sealed/v1\n"


class SealedFiles:
    """Content in, address out. The same content has the same address, so putting it twice is safe.

    Each file has its own AES-256-GCM key, derived from its address; parts are numbered and the last one is marked
    (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015), so none can be moved, dropped or cut.
    A key never meets two contents, hence the nonce may be the number of the part.
    """

    def __init__(self, store: ObjectStore, key: bytes) -> None:
        self._store = store
        self._address_key = derive(key, "address of a sealed file")
        self._content_key = derive(key, "content of a sealed file")

    def address(self, digest: Digest) -> str:
        """64 hexadecimal digits: HMAC-SHA-256 of the content's digest under the vault's key."""
        return hmac.new(self._address_key, bytes.fromhex(digest.hex), hashlib.sha256).hexdigest()

    def put(self, file: BufferedIOBase) -> tuple[Digest, str]:
        """Seal a seekable file; return the digest of its content and its address. Raises StorageFull."""
        digest, address, _ = self.put_new(file)
        return digest, address

    def put_new(self, file: BufferedIOBase) -> tuple[Digest, str, bool]:
        """The same, and whether it was not there before."""
        digest = Digest(hashlib.file_digest(file, "sha256").hexdigest())
        address = self.address(digest)
        path = _path(address)
        if new := not self._store.has(path):
            file.seek(0)
            self._store.put(path, self._encrypt(file, address))
        return digest, address, new

    def get(self, address: str) -> Iterator[bytes]:
        """The content in parts, each checked before it is handed out. Raises VaultDamaged, InvalidValue."""
        cipher = self._cipher(address)
        waiting = b""
        number = 0
        begun = False
        for part in self._store.get(_path(address)):
            waiting += part
            if not begun and len(waiting) >= len(_MAGIC):
                if not waiting.startswith(_MAGIC):
                    raise VaultDamaged("the sealed file {address} does not begin as one of ours", address=address)
                waiting, begun = waiting[len(_MAGIC) :], True
            while begun and len(waiting) > CHUNK + TAG:
                yield _open(cipher, waiting[: CHUNK + TAG], number, last=False, address=address)
                waiting, number = waiting[CHUNK + TAG :], number + 1
        if not begun:
            raise VaultDamaged("the sealed file {address} is cut off", address=address)
        yield _open(cipher, waiting, number, last=True, address=address)

    def between(self, address: str, start: int, stop: int, size: int) -> Iterator[bytes]:
        """The content from one place to before another, each part checked before it is handed out; no other part is
        read. ``size``: bytes of the whole content. Raises VaultDamaged, InvalidValue."""
        cipher, path = self._cipher(address), _path(address)
        stop = min(stop, size)
        last = max(0, size - 1) // CHUNK
        if not 0 <= start < stop:
            return
        for first in range(start // CHUNK, (stop - 1) // CHUNK + 1, _AT_ONCE):
            end = min(first + _AT_ONCE, (stop - 1) // CHUNK + 1)
            lying = self._store.part(path, _lies(first), _lies(end))
            for number in range(first, end):
                part = lying[_lies(number) - _lies(first) : _lies(number + 1) - _lies(first)]
                plain = _open(cipher, part, number, last=number == last, address=address)
                begins = number * CHUNK
                yield plain[max(0, start - begins) : stop - begins]

    def encrypted(self, address: str) -> Iterator[bytes]:
        """The file as it lies, in parts, for a copy. Raises InvalidValue when it is not there."""
        return self._store.get(_path(address))

    def delete(self, address: str) -> None:
        self._store.delete(_path(address))

    def addresses(self) -> list[str]:
        return [path.rpartition("/")[2] for path in self._store.paths()]

    def look(self) -> Look:
        """What the place where they lie says of itself."""
        return self._store.look()

    def copied(self, store: ObjectStore) -> Iterator[str]:
        """Copy every file, sealed as it is, to another store where it is not there yet; open it there, as it will be
        opened from then on. Other files go from there. The addresses, one after another. Raises VaultDamaged,
        StorageFull, StoreAway."""
        there = copy(self)
        there._store = store
        ours, before = self._store.paths(), set(store.paths())
        for path in sorted(before - set(ours)):
            store.delete(path)
        for path in ours:
            if path not in before:
                store.put(path, self._store.get(path))
            address = path.rpartition("/")[2]
            for _ in there.get(address):
                pass
            yield address

    def _cipher(self, address: str) -> AESGCM:
        return AESGCM(derive(self._content_key, address))

    def _encrypt(self, file: BufferedIOBase, address: str) -> Iterator[bytes]:
        cipher = self._cipher(address)
        yield _MAGIC
        number, part = 0, file.read(CHUNK)
        while True:
            following = file.read(CHUNK)
            yield cipher.encrypt(_nonce(number, last=not following), part, _MAGIC)
            if not following:
                return
            number, part = number + 1, following


def _path(address: str) -> str:
    if len(address) != 64 or set(address) - set("0123456789abcdef"):
        raise InvalidValue("{address!r} is no address of a sealed file", address=address)
    return f"{address[:2]}/{address}"


def _lies(number: int) -> int:
    """Where a part begins in the sealed file."""
    return len(_MAGIC) + number * (CHUNK + TAG)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _open(cipher: AESGCM, part: bytes, number: int, *, last: bool, address: str) -> bytes:
    try:
        return cipher.decrypt(_nonce(number, last=last), part, _MAGIC)
    except (InvalidTag, ValueError) as error:
        raise VaultDamaged(
            "the sealed file {address} was changed or cut in part {number}", address=address, number=number + 1
        ) from error
