"""The tamper-evident log: seals, checkpoints, witnesses, proofs, and the package that a stranger verifies."""

from corroborate.custody.files import Disk, Faulty, Files, Memory, write_file
from corroborate.custody.merkle import HashTree, Tree, check_consistency, check_inclusion, leaf_hash
from corroborate.custody.notes import COSIGNATURE_V1, ED25519, Checkpoint, Note, Signer, Verifier
from corroborate.custody.package import Description, Item, package_files, proof_text, write_package
from corroborate.custody.policy import Group, Policy, Seat, Witnessed, needed, policy_of
from corroborate.custody.proofs import Proof
from corroborate.custody.seals import SALT, Seal, check_seal, seal
from corroborate.custody.tiles import Log, TileTree, read_entries, read_tree, tile_path, write_log
from corroborate.custody.witness import (
    Answer,
    Outcome,
    Remember,
    Request,
    Seen,
    SplitView,
    Suspect,
    Watched,
    add_checkpoint,
    compare,
    cosign,
    read_answer,
    request_for,
)

__all__ = [
    "COSIGNATURE_V1",
    "ED25519",
    "SALT",
    "Answer",
    "Checkpoint",
    "Description",
    "Disk",
    "Faulty",
    "Files",
    "Group",
    "HashTree",
    "Item",
    "Log",
    "Memory",
    "Note",
    "Outcome",
    "Policy",
    "Proof",
    "Remember",
    "Request",
    "Seal",
    "Seat",
    "Seen",
    "Signer",
    "SplitView",
    "Suspect",
    "TileTree",
    "Tree",
    "Verifier",
    "Watched",
    "Witnessed",
    "add_checkpoint",
    "check_consistency",
    "check_inclusion",
    "check_seal",
    "compare",
    "cosign",
    "leaf_hash",
    "needed",
    "package_files",
    "policy_of",
    "proof_text",
    "read_answer",
    "read_entries",
    "read_tree",
    "request_for",
    "seal",
    "tile_path",
    "write_file",
    "write_log",
    "write_package",
]
