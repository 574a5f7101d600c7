"""The Merkle tree of RFC 6962: hashes, and proofs that a stranger can check.

Rules only: no reading, no writing. Hashes are 32 bytes of SHA-256.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from corroborate.errors import InvalidValue, NotVerified

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962, section 2.1: a prefix keeps a leaf from passing as a node."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class HashTree(ABC):
    """Roots and proofs of a tree whose complete subtrees can be looked up: in memory, or in tiles on a disk."""

    @property
    @abstractmethod
    def size(self) -> int:
        """How many leaves there are."""

    @abstractmethod
    def node(self, level: int, index: int) -> bytes:
        """Root of the complete subtree over the leaves from ``index << level`` to ``index + 1 << level``."""

    def _range(self, start: int, end: int) -> bytes:
        """Root of the leaves from start to end; start is a multiple of the largest power of two below the width."""
        width = end - start
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            return self.node(level, start >> level)
        split = 1 << (width - 1).bit_length() - 1
        return node_hash(self._range(start, start + split), self._range(start + split, end))

    def root(self, size: int | None = None) -> bytes:
        """Root of the first ``size`` leaves, or of all."""
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise InvalidValue("the tree has {size} leaves, not {size2}", size=self.size, size2=size)
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Proof that the leaf at ``index`` is in the tree of ``size`` (RFC 6962, section 2.1.1)."""
        size = self.size if size is None else size
        if not 0 <= index < size <= self.size:
            raise InvalidValue(
                "no leaf {index} in a tree of {size} out of {size2}", index=index, size=size, size2=self.size
            )
        proof: list[bytes] = []
        at, last, level, node = index, size - 1, 0, self.node
        while last:
            sibling = at ^ 1
            if sibling < last or (sibling == last and (sibling + 1) << level <= size):
                proof.append(node(level, sibling))
            elif sibling == last:
                proof.append(self._range(sibling << level, size))
            at, last, level = at >> 1, last >> 1, level + 1
        return proof

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """Proof that the tree of ``size`` begins with the tree of ``old`` (RFC 6962, section 2.1.2)."""
        size = self.size if size is None else size
        if not 0 < old <= size <= self.size:
            raise InvalidValue("no proof from size {old} to {size}: an empty tree proves nothing", old=old, size=size)
        proof: list[bytes] = []
        start, end, whole = 0, size, True
        while old != end:
            split = start + (1 << (end - start - 1).bit_length() - 1)
            if old <= split:
                proof.append(self._range(split, end))
                end = split
            else:
                proof.append(self._range(start, split))
                start, whole = split, False
        if not whole:
            proof.append(self._range(start, end))
        return proof[::-1]


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """The level above: a hash for each whole pair."""
    sha256, prefix = hashlib.sha256, b"\x01"  # looked up once: this loop runs for every entry of a log
    one = iter(hashes)  # taken twice, it gives pairs; the last of an odd number waits for its sibling
    return [sha256(prefix + left + right).digest() for left, right in zip(one, one, strict=False)]


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """:func:`leaf_hash` of many entries."""
    sha256, prefix = hashlib.sha256, b"\x00"
    return [sha256(prefix + entry).digest() for entry in entries]


class Tree(HashTree):
    """All complete subtrees of the leaves given so far, in memory, so that any proof takes logarithmic time."""

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [list(leaves)]
        while len(self._levels[-1]) > 1:
            self._levels.append(parents(self._levels[-1]))

    @property
    def size(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> int:
        """Add a leaf hash and return its index."""
        index = self.size
        self._levels[0].append(leaf)
        level, place = 0, index
        while place % 2:
            pair = self._levels[level][place - 1 : place + 1]
            level, place = level + 1, place // 2
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(node_hash(*pair))
        return index

    def leaf(self, index: int) -> bytes:
        return self._levels[0][index]

    def node(self, level: int, index: int) -> bytes:
        return self._levels[level][index]


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """RFC 9162, section 2.1.3.2. Raises NotVerified when the leaf is not shown to be there."""
    if not 0 <= index < size:
        raise NotVerified("there is no entry {index} in a log of {size}", index=index, size=size)
    if inclusion_root(leaf, index, size, proof) != root:
        raise NotVerified("the inclusion proof of entry {index} does not lead to the root", index=index)


def inclusion_root(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root to which an inclusion proof leads, for 0 <= index < size."""
    sha256, node, last, current = hashlib.sha256, index, size - 1, leaf
    for part in proof:
        if last == 0:
            raise NotVerified("the inclusion proof is too long")
        if node & 1 or node == last:
            current = sha256(b"\x01" + part + current).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            current = sha256(b"\x01" + current + part).digest()
        node, last = node >> 1, last >> 1
    if last:
        raise NotVerified("the inclusion proof is too short")
    return current


def check_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> None:
    """RFC 9162, section 2.1.4.2. A proof from size 0 is refused: it would prove nothing."""
    if not 0 < old <= size:
        raise NotVerified("no consistency proof leads from size {old} to {size}", old=old, size=size)
    if old == size:
        if proof or old_root != root:
            raise NotVerified("two roots of one size differ, or a proof was given where none is needed")
        return
    if consistent_roots(old, size, proof, old_root) != (old_root, root):
        raise NotVerified("the log of {size} does not begin with the log of {old}", size=size, old=old)


def consistent_roots(old: int, size: int, proof: Sequence[bytes], old_root: bytes) -> tuple[bytes, bytes]:
    """The roots at both sizes to which a consistency proof leads, for 0 < old < size.

    Whoever finds the newer root right and the older one other than it was signed holds a proof that the log changed
    its past. (Where ``old`` is a power of two the older root is an input of the proof, and no such proof exists.)
    """
    parts = list(proof) if old & (old - 1) else [old_root, *proof]
    if not parts:
        raise NotVerified("the consistency proof is empty")
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = parts[0]
    for part in parts[1:]:
        if last == 0:
            raise NotVerified("the consistency proof is too long")
        if node & 1 or node == last:
            first, second = node_hash(part, first), node_hash(part, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, part)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise NotVerified("the consistency proof is too short")
    return first, second
