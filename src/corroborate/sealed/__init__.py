"""Encrypted files under addresses that confirm no guess, the places they lie in, and the key slots that open them."""

from corroborate.sealed.buckets import Bucket, BucketStore, bucket
from corroborate.sealed.objects import CHUNK, SealedFiles
from corroborate.sealed.slots import (
    LEAST,
    PARTY,
    SEED,
    AnySlot,
    KeySlot,
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
from corroborate.sealed.stores import FolderStore, Look, MemoryStore, ObjectStore

__all__ = [
    "CHUNK",
    "LEAST",
    "PARTY",
    "SEED",
    "AnySlot",
    "Bucket",
    "BucketStore",
    "FolderStore",
    "KeySlot",
    "Look",
    "MemoryStore",
    "ObjectStore",
    "SealedFiles",
    "Secret",
    "SecurityKey",
    "Slot",
    "bucket",
    "derive",
    "open_slots",
    "passphrase_slot",
    "read_slots",
    "security_key_slot",
    "without",
    "write_slots",
]
