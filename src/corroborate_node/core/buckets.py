"""Where a vault's sealed files lie, where not in its folder: a bucket, whose address and key are kept encrypted.

The key of a bucket reads and erases all that lies there, and the address says with whom: both lie under the vault's key
slots. They are given once, by the environment of the command that names the bucket, under the names that every program
for S3 reads. Later nothing of the environment counts, so a vault works the same whoever starts it.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from corroborate.errors import VaultDamaged
from corroborate.sealed import Bucket, bucket, derive

_AAD = b"corroborate/sealed-store/v1"
_PURPOSE = "address of the sealed store"


def new_bucket(address: str, environment: Mapping[str, str] = os.environ) -> Bucket:
    """A place for a vault's sealed files, in a folder of its own: one bucket serves several. Raises InvalidValue."""
    return bucket(address, environment, f"corroborate_{secrets.token_hex(8)}")


def written(where: Bucket, master: bytes, nonce: bytes) -> str:
    """The file of a bucket's address and key, under the vault's master key."""
    wrapped = AESGCM(derive(master, _PURPOSE)).encrypt(nonce, json.dumps(asdict(where)).encode(), _AAD)
    fields = {"nonce": base64.b64encode(nonce).decode(), "wrapped": base64.b64encode(wrapped).decode()}
    return json.dumps({"version": 1, **fields}) + "\n"


def read(text: str, master: bytes) -> Bucket:
    """What :func:`written` wrote. Raises VaultDamaged."""
    try:
        found = json.loads(text)
        nonce, wrapped = (base64.b64decode(found[part]) for part in ("nonce", "wrapped"))
        return Bucket(**json.loads(AESGCM(derive(master, _PURPOSE)).decrypt(nonce, wrapped, _AAD)))
    except (InvalidTag, ValueError, KeyError, TypeError) as error:
        raise VaultDamaged("the address of the bucket does not open with this vault's key") from error


__all__ = ["new_bucket", "read", "written"]
