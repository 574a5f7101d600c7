"""Moves the sealed files of a vault from its folder to a bucket, or back, without loss.

Each file is copied as it is sealed, and opened in the new place to the last byte. Only then does one file, renamed into
place, say where the vault's files are. Broken off before, the vault is where it was, and the next try goes on with what
is copied already; what lies there and is none of the vault's files any more goes. After the move the old ones are left
where they are, until a person says that they are to be erased.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from corroborate.custody import write_file
from corroborate.errors import InputRefused, InvalidValue
from corroborate.sealed import Bucket, BucketStore, FolderStore, ObjectStore
from corroborate_node.core import buckets, leaving, vaults
from corroborate_node.core.opened import Vault
from corroborate_node.core.rooms import missing_files

Say = Callable[[int, int], None]  # how many are done, of how many


@dataclass(frozen=True, slots=True)
class Moved:
    """``files``: how many were copied and opened. ``left``: where the old ones still lie; nowhere where none did."""

    files: int
    left: str


def left(folder: Path) -> str:
    """Where sealed files of before a move still lie: ``folder``, ``bucket``, or nowhere (empty)."""
    if vaults.in_bucket(folder):
        return "folder" if any((folder / "sealed").glob("*/*")) else ""
    return "bucket" if (folder / "keys" / vaults.BUCKET).exists() else ""


def move(vault: Vault, master: bytes, bucket: Bucket | None, say: Say) -> Moved:
    """Move the sealed files of the open vault to a bucket, or (None) into its folder.

    To the bucket where they are: its address and key are written anew, and no file moves. Raises InvalidValue,
    InputRefused where there is nothing to move or an earlier move was not finished, VaultDamaged where a file is not
    whole, StoreAway, StorageFull. In each case the vault is as it was.
    """
    if bucket is None and vault.bucket is None:
        raise InvalidValue("the sealed files of this vault are in its folder already: there is nothing to move")
    if bucket is not None and vault.bucket is not None:
        return _renewed(vault, master, bucket)
    new: ObjectStore = FolderStore(vault.folder / "sealed")
    if bucket is not None:
        bucket = _going_on(vault, master, bucket)
        new = BucketStore(bucket)
    if waiting := leaving.sweep():
        raise InputRefused(
            (
                "{waiting} file that is to be erased lies there still: erase it first",
                "{waiting} files that are to be erased lie there still: erase them first",
            ),
            waiting=waiting,
        )
    addresses = vault.files.addresses()
    if gone := missing_files(addresses):
        raise InputRefused("the sealed file {address} is gone: see `corroborate doctor` first", address=gone[0])
    number = 0
    for number, _ in enumerate(vault.files.copied(new), 1):
        say(number, len(addresses))
    _switch(vault, bucket)
    return Moved(number, left(vault.folder))


def _going_on(vault: Vault, master: bytes, asked: Bucket) -> Bucket:
    """The bucket to copy to: the folder that an earlier try to the same bucket began, or a new one."""
    file = vault.folder / "keys" / vaults.BUCKET
    if file.exists():
        before = buckets.read(file.read_text(encoding="utf-8"), master)
        if not before.same_place(asked):
            raise InputRefused(
                "sealed files of an earlier move still lie in another bucket:"
                " erase them first (corroborate move --erase)"
            )
        asked = replace(asked, folder=before.folder)
    BucketStore(asked).prove(_proof())
    write_file(file, buckets.written(asked, master, vaults.random(12)).encode())  # names what a break-off leaves
    return asked


def _renewed(vault: Vault, master: bytes, asked: Bucket) -> Moved:
    """Another key, region or address of the bucket where the files are: proved, then written down."""
    if vault.bucket is None or asked.name != vault.bucket.name:
        raise InvalidValue(
            "the sealed files of this vault are in another bucket: move them to its folder first (--sealed-to-folder)"
        )
    new = replace(asked, folder=vault.bucket.folder)
    BucketStore(new).prove(_proof())
    if gone := missing_files(path.rpartition("/")[2] for path in BucketStore(new).paths()):
        raise InputRefused("this bucket does not hold the files of this vault, such as {address}", address=gone[0])
    write_file(vault.folder / "keys" / vaults.BUCKET, buckets.written(new, master, vaults.random(12)).encode())
    return Moved(0, "")


def _proof() -> str:
    return f"proof-{vaults.random(8).hex()}"


def _switch(vault: Vault, bucket: Bucket | None) -> None:
    """The moment of the move: one file, renamed into place."""
    about = vault.folder / "corroborate.toml"
    text = about.read_text(encoding="utf-8").replace(vaults.IN_BUCKET, "")
    write_file(about, (text if bucket is None else text + vaults.IN_BUCKET).encode())


def erase(vault: Vault, master: bytes) -> str:
    """Erase what an earlier move left; where it lay. Raises InvalidValue where nothing is left, StoreAway."""
    where = left(vault.folder)
    if not where:
        raise InvalidValue("no sealed files of an earlier move are left to be erased")
    file = vault.folder / "keys" / vaults.BUCKET
    old: ObjectStore
    if where == "folder":
        old = FolderStore(vault.folder / "sealed")
    else:
        old = BucketStore(buckets.read(file.read_text(encoding="utf-8"), master))
        old.look()  # half-sent ones go too
    for path in old.paths():
        old.delete(path)
    if where == "bucket":
        file.unlink()
    return where


__all__ = ["Moved", "erase", "left", "move"]
