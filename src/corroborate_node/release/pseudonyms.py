"""What the reader of a release calls those of whom it tells, under a key of this vault."""

from corroborate.disclosure import Pseudonyms, Release
from corroborate.sealed import derive
from corroborate_node.core.opened import Vault


def names_for(vault: Vault, made: Release) -> Pseudonyms | None:
    """What a release's reader is told instead of the ids of this vault; None: the reader is ourselves. The key comes
    from the vault's master key: it outlives keys of the log that change, and a restored backup has it."""
    return None if made.audience == "own" else Pseudonyms.of_release(derive(vault.master, "pseudonyms"), made)


def called(vault: Vault, made: Release, id_: str) -> str:
    """What a release's reader is told for one id."""
    names = names_for(vault, made)
    return id_ if names is None else names.of(id_)


__all__ = ["called", "names_for"]
