"""A small world that the custody tests share: keys, logs and what a dishonest owner would make of them."""

import hashlib
from datetime import UTC, datetime

from corroborate.custody import COSIGNATURE_V1, Checkpoint, Policy, Signer, Tree, leaf_hash

AT = datetime(2014, 2, 17, 9, tzinfo=UTC)
OWNER, FIRST, SECOND, THIRD = (Signer(f"{n}.example/log", bytes([k]) * 32) for k, n in enumerate("abcd", 1))
WITNESSES = (FIRST, SECOND, THIRD)


def entry(number: int, salt: bytes = b"") -> bytes:
    return hashlib.sha256(salt + number.to_bytes(8, "big")).digest()


def entries(size: int, salt: bytes = b"", fork: int = 0) -> list[bytes]:
    """The same beginning for every salt up to ``fork``, and another end."""
    return [entry(n) if n < fork else entry(n, salt) for n in range(size)]


def tree_of(size: int, salt: bytes = b"", fork: int = 0) -> Tree:
    return Tree([leaf_hash(one) for one in entries(size, salt, fork)])


def signed(tree: Tree, *witnesses: Signer, size: int | None = None, owner: Signer = OWNER, at: datetime = AT) -> bytes:
    """A checkpoint of a tree under its owner's key, cosigned."""
    size = tree.size if size is None else size
    text = Checkpoint(owner.name, size, tree.root(size)).text()
    lines = [owner.line(text), *(one.cosignature_line(text, at) for one in witnesses)]
    return f"{text}\n{''.join(lines)}".encode()


def policy(quorum: int = 2) -> Policy:
    return Policy(OWNER.verifier(), {one.name[0]: one.verifier(COSIGNATURE_V1) for one in WITNESSES}, quorum)
