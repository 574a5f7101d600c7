"""Encrypted files under addresses that confirm no guess, the places they lie in, and the key slots that open them."""

from corroborate.sealed.objects import CHUNK, SealedFiles
from corroborate.sealed.slots import (
    LEAST,
    PARTY,
    SEED,
    AnySlot,
    KeySlot,
    Master,
    Secret,
    SecurityKey,
    Slot,
    derive,
    open_slots,
    passphrase_slot,
    read_slots,
    security_key_slot,
    without,
    write_slots,
)
from corroborate.sealed.stores import FolderStore, MemoryStore, ObjectStore

__all__ = [
    "CHUNK",
    "LEAST",
    "PARTY",
    "SEED",
    "AnySlot",
    "FolderStore",
    "KeySlot",
    "Master",
    "MemoryStore",
    "ObjectStore",
    "SealedFiles",
    "Secret",
    "SecurityKey",
    "Slot",
    "derive",
    "open_slots",
    "passphrase_slot",
    "read_slots",
    "security_key_slot",
    "without",
    "write_slots",
]
