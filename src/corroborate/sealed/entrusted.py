"""A file that a few of its trustees open together, and no one of them alone: a tar that other programs read too.

    README.txt       what this is and how it is opened without this program
    shares/1.age     a share of the key (SLIP-0039, 33 words), encrypted to one trustee's age key; and so on, one each
    content.age      a tar of files, encrypted to the age key of which these are shares

The key is made for this file alone and kept nowhere. Who the trustees are does not stand in it: each finds the share
that its own key opens. Nothing of the content is on a disk in the clear when it is written.
"""

import re
import secrets
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

import pyrage

from corroborate.errors import InputRefused, InvalidValue, NotVerified, unwritten
from corroborate.sealed.backups import Part, encrypted, ended, identity_of, member, packed, unpacked
from corroborate.sealed.shares import Share, divided, read_share
from corroborate.sealed.slots import SEED
from corroborate.translation import Sentence

_README, _CONTENT, _SHARE = "README.txt", "content.age", "shares/{number}.age"
_LARGEST = 1 << 16  # bytes of a share in its file: a foreign one must not exhaust the machine
_PURPOSE = "succession"
_NOTHING = Sentence("Give a file that `corroborate succession hand-over` wrote. Nothing was changed.")
_SAID = """\
The archive of an organisation, for its successor. It is locked: {need} of the {of} trustees open it together.

With the program, each trustee:    corroborate succession share FILE
and where enough shares are:       corroborate succession open FILE NEW-FOLDER

Without it: each trustee decrypts one file of shares/ with its own age key (age -d -i KEY shares/N.age). A share is 33
words (SLIP-0039, no passphrase); {need} of them give 32 bytes. HKDF-SHA-256 of these, info "corroborate/v1/succession",
gives the age key (AGE-SECRET-KEY-1...) of the content:    age -d -i KEY content.age | tar x
"""


def entrust(file: IO[bytes], keys: Sequence[str], need: int, parts: Iterable[Part]) -> None:
    """Write parts into a file that is open and empty, so that ``need`` of the trustees with these age keys open it.

    Raises InvalidValue where a key is none, or they are too few or too many; StorageFull; and what the parts raise.
    """
    try:
        trustees = [pyrage.x25519.Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError as error:
        raise InvalidValue("a trustee's key is no age public key (age1…)") from error
    key = secrets.token_bytes(SEED)
    shares = divided(key, need, len(trustees))
    recipient = identity_of(key, _PURPOSE).to_public()
    try:
        _text(file, _README, _SAID.format(need=need, of=len(trustees)).encode())
        for share, trustee in zip(shares, trustees, strict=True):
            _text(file, _SHARE.format(number=share.number), pyrage.encrypt(str(share).encode(), [trustee]))
        member(file, _CONTENT, lambda: encrypted(file, [recipient], packed(parts)))
        ended(file)
    except OSError as error:
        raise unwritten(Sentence("the archive for the successor"), error) from error


def _text(file: IO[bytes], name: str, content: bytes) -> None:
    member(file, name, partial(file.write, content))


def share_for(path: Path, secrets_of: Sequence[str]) -> Share:
    """The share that one of a trustee's age keys (AGE-SECRET-KEY-1…) opens. Raises InputRefused, NotVerified."""
    keys = [pyrage.x25519.Identity.from_str(one) for one in secrets_of]
    with _outer(path) as outer:
        locked = [_bytes(outer, one) for one in outer.getmembers() if re.fullmatch(r"shares/\d{1,2}\.age", one.name)]
    for one in locked if keys else []:
        try:
            return read_share(pyrage.decrypt(one, keys).decode())
        except pyrage.DecryptError:
            continue  # of another trustee
        except (InvalidValue, UnicodeDecodeError) as error:
            raise _changed(path) from error
    none = NotVerified("no share in {name} is for this vault: it is not one of the trustees", name=path.name)
    none.remedy = "Ask who gave it to you. A share opens with the vault whose address was met when it was written."
    raise none


def contents(path: Path, key: bytes) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files in it, each to be read before the next is asked for. ``key``: what enough shares give.

    Raises InputRefused, and NotVerified where the key is another's or anything was changed or is missing.
    """
    with _outer(path) as outer:
        file = outer.extractfile(_CONTENT)
        if file is None:
            raise _refused(path)
        yield from unpacked(file, identity_of(key, _PURPOSE), partial(_changed, path))


@contextmanager
def _outer(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:") as outer:
            names = outer.getnames()
            if _CONTENT not in names or len(names) > 40:
                raise _refused(path)
            yield outer
    except (tarfile.TarError, KeyError) as error:
        raise _refused(path) from error
    except OSError as error:
        raise InputRefused("{name} cannot be read: {why}", name=path.name, why=error.strerror or str(error)).advising(
            _NOTHING
        ) from error


def _bytes(outer: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    found = outer.extractfile(info)
    return found.read(_LARGEST) if found is not None else b""


def _refused(path: Path) -> InputRefused:
    return InputRefused("{name} is no archive for trustees, or is cut off", name=path.name).advising(_NOTHING)


def _changed(path: Path) -> NotVerified:
    error = NotVerified(
        "{name} does not open with these shares, or was cut or changed since it was written", name=path.name
    )
    error.remedy = "See that every share came from this file; take another copy of it. Nothing was written."
    return error


__all__ = ["contents", "entrust", "share_for"]
