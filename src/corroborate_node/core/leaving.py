"""Erasing sealed files that no record relies on any more, also where the place they lie in does not answer just then.

What is to go is written down with the change that lets it go, erased once that is through, and else the next time: when
the vault is opened, and again and again while it is served. Until then every command and `corroborate doctor` say so.
"""

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from corroborate.errors import StoreAway
from corroborate_node.core import opened
from corroborate_node.core.models import Leaving
from corroborate_node.core.opened import Vault
from corroborate_node.core.rooms import named_files
from corroborate_node.core.storing import storing

_remain: set[str] = set()  # of what was broken off, whose change is not there to write them down with


def erase_after(addresses: Iterable[str]) -> None:
    """Erase files once the transaction is through, but for those that a record relies on then."""
    if rows := [Leaving(address=one) for one in dict.fromkeys(addresses)]:
        Leaving.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(partial(sweep))


def erase(vault: Vault, addresses: Iterable[str]) -> None:
    """Erase files at once that were sealed for a change which is taken back."""
    left = set(addresses)
    try:
        for one in sorted(left):
            vault.files.delete(one)
            left.discard(one)
    except StoreAway:
        _remain.update(left)


def noted() -> None:
    """When the vault is closed: what could not be erased at once is written down."""
    if _remain:
        with storing():
            Leaving.objects.bulk_create([Leaving(address=one) for one in sorted(_remain)], ignore_conflicts=True)
        _remain.clear()


def sweep() -> int:
    """Erase what is to go; how many are left because their place does not answer."""
    waiting = list(Leaving.objects.values_list("address", flat=True))
    kept = named_files() if waiting else set()
    try:
        for address in waiting:
            if address not in kept:
                opened.current().files.delete(address)
            Leaving.objects.filter(address=address).delete()
    except StoreAway:
        return remaining()
    return 0


def remaining() -> int:
    """How many files are to be erased and lie there still."""
    return Leaving.objects.count()


__all__ = ["erase", "erase_after", "noted", "remaining", "sweep"]
