"""A node under agreements: what it signs with today, what its secret halves come from, which keys the others have now.

Keys change hands as planned while an agreement runs (`custody/keys.py`). Then the agreement goes on: whoever agreed is
known by the key that it agreed with and by those that followed it, each named by the one before. A key that was revoked
ends it: whoever has that key may have agreed in another's place.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from corroborate.custody import Signer, Verifier
from corroborate.custody.keys import KeyHistory
from corroborate.errors import NotAllowed, NotVerified
from corroborate.sealed import derive


class Sender(NamedTuple):
    """A key that may have signed a file, and until when: what it signs after it was replaced says nothing."""

    key: Verifier
    until: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Node:
    """One side, or the linkage unit, as it acts today."""

    signer: Signer
    root: bytes = b""  # what halves are made from, where it is not the signing key: it stays when that changes
    histories: Mapping[str, KeyHistory] = field(default_factory=dict)  # of the logs that are enrolled here, ours too
    left: Collection[str] = ()  # of these, the logs whose seat was given up

    def halves(self, identifier: str) -> tuple[X25519PrivateKey, ...]:
        """Our secret for one agreement, or as the linkage unit of any. The first is the one to be used in a new one.

        The second is what a version before made, from the signing key.
        """
        # made again when it is needed: a vault keeps no second secret that could be lost or copied
        seeds = [one for one in (self.root, self.signer.seed) if one]
        purpose = f"private linkage {identifier}"
        return tuple(X25519PrivateKey.from_private_bytes(derive(seed, purpose)) for seed in seeds)

    def is_ours(self, key: Verifier) -> bool:
        """Whether this is our key, or was."""
        return key.public in {one.public for one in self.family(self.signer.verifier())}

    def family(self, key: Verifier) -> tuple[Verifier, ...]:
        """Every key that the owner of this one has had, as far as is known here."""
        history = self.histories.get(key.name)
        return (key,) if history is None or key not in history.keys else history.keys

    def senders(self, agreed: Verifier) -> tuple[Sender, ...]:
        """The keys that sign for whoever agreed with this one, the newest first.

        Raises NotAllowed where one of them was revoked or its seat given up, NotVerified for a key that its log never
        had.
        """
        history = self.histories.get(agreed.name)
        if history is None:
            return (Sender(agreed),)
        if agreed not in history.keys:
            raise NotVerified(
                "{name} is enrolled here and never had the key that signed: compare its fingerprint by voice",
                name=agreed.name,
            )
        if agreed.name in self.left:
            raise NotAllowed(
                "{name} left the coalition: nothing is agreed or linked with it any more", name=agreed.name
            )
        found = [Sender(agreed)]
        for change in history.changes:
            if change.old != found[0].key:
                continue
            if change.why == "revocation":
                raise NotAllowed(
                    "the key of {name} was revoked, and with it what was agreed under it: make a new agreement",
                    name=agreed.name,
                )
            found[0] = Sender(change.old, change.at)
            found.insert(0, Sender(change.new))
        return tuple(found)

    def today(self, key: Verifier) -> Verifier:
        """The key that the owner of this one has now, as far as is known here. Raises as `senders` does."""
        return self.senders(key)[0].key


def node_of(who: Signer | Node) -> Node:
    """A bare signer is a node that has had one key, and knows of nobody's change."""
    return who if isinstance(who, Node) else Node(who)
