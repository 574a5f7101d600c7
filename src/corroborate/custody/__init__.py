"""The tamper-evident log: seals, checkpoints, witnesses, proofs, and the package that a stranger verifies."""

from corroborate.custody.merkle import Tree, check_consistency, check_inclusion, leaf_hash
from corroborate.custody.notes import COSIGNATURE_V1, ED25519, Checkpoint, Note, Signer, Verifier
from corroborate.custody.package import (
    Description,
    Item,
    Scope,
    Software,
    package_files,
    package_parts,
    proof_text,
    write_package,
    write_zip,
)
from corroborate.custody.policy import Policy, Witnessed
from corroborate.custody.seals import SALT, Seal, check_seal, seal
from corroborate.custody.tiles import read_entries, read_tree, tile_path, write_file, write_log
from corroborate.custody.witness import Seen, cosign

__all__ = [
    "COSIGNATURE_V1",
    "ED25519",
    "SALT",
    "Checkpoint",
    "Description",
    "Item",
    "Note",
    "Policy",
    "Scope",
    "Seal",
    "Seen",
    "Signer",
    "Software",
    "Tree",
    "Verifier",
    "Witnessed",
    "check_consistency",
    "check_inclusion",
    "check_seal",
    "cosign",
    "leaf_hash",
    "package_files",
    "package_parts",
    "proof_text",
    "read_entries",
    "read_tree",
    "seal",
    "tile_path",
    "write_file",
    "write_log",
    "write_package",
    "write_zip",
]
