"""Encrypted files under addresses that confirm no guess, the places they lie in, and the key slots that open them."""

from corroborate.sealed.objects import CHUNK, SealedFiles
from corroborate.sealed.slots import LEAST, SEED, Slot, derive, open_slots, passphrase_slot, read_slots, write_slots
from corroborate.sealed.stores import FolderStore, MemoryStore, ObjectStore

__all__ = [
    "CHUNK",
    "LEAST",
    "SEED",
    "FolderStore",
    "MemoryStore",
    "ObjectStore",
    "SealedFiles",
    "Slot",
    "derive",
    "open_slots",
    "passphrase_slot",
    "read_slots",
    "write_slots",
]
