"""Backups that the program makes: encrypted, restored beside themselves and checked before one is called good.

A *folder of backups* holds the sealed files once (each is copied when it is new) and the rest of the vault as one file
a backup; the oldest go. *One file* holds everything, for a disk that is carried away. What is not finished, or not
good, stands in a folder ``.making`` and is gone at the next try.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from corroborate.custody import write_file
from corroborate.errors import InputRefused, InvalidValue, VaultBusy, VaultDamaged, unwritten
from corroborate.sealed import FolderStore, SealedFiles, derive
from corroborate.sealed.backups import ENDING, READ, Part, contents, manifest_of, of_a_store, write
from corroborate.translation import Sentence
from corroborate_node.core import vaults
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import storing
from corroborate_node.log import models, withdrawals
from corroborate_node.log.apart import apart
from corroborate_node.log.snapshots import DATABASE, Snapshot, counted, taken

KEEP = 7  # backups of a folder
_WORK = ".making"
_HIDDEN = ("lost+found",)
_SEALED = "sealed"
_ELSEWHERE = Sentence("Nothing was changed. Choose another place.")
Say = Callable[[int, int], None]  # how many bytes are done, of how many


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was restored and found good. ``entries``: of the log; ``files``: sealed ones, ``new`` of them
    copied now; ``gone``: names of older backups that went; ``same_disk``: whether it lies on the disk of the vault."""

    file: Path
    at: datetime
    size: int
    entries: int
    files: int
    new: int
    gone: tuple[str, ...]
    same_disk: bool


def one_file(target: Path) -> bool:
    """Whether everything goes into one file, and not into a folder of backups."""
    return target.suffix == ENDING


@act("backup.make", ways=("command backup", "job backups"), whole=False, standing_back=True)
def make(desk: Desk, target: Path, keep: int = KEEP, say: Say = lambda *_: None) -> Made:
    """Make a backup, restore it beside itself, check it, and only then give it its name.

    Raises InvalidValue and InputRefused for a wrong place, StorageFull, VaultBusy, VaultDamaged where what was restored
    is not as it should be; nothing of it is left then under a backup's name.
    """
    vault = desk.vault
    try:
        target = _place(vault, target)
    except OSError as error:  # a disk that fails, a folder into which one may not look
        raise unwritten(Sentence("the backup"), error) from error
    with _working(target) as work:
        snapshot = taken(vault, _made(work / "snapshot"))
        addresses = vault.files.addresses()
        new = 0 if one_file(target) else _sealed_into(vault, addresses, target)
        path = work / f"new{ENDING}"
        manifest = _written(vault, snapshot, addresses, path, desk.at, whole=one_file(target), say=say)
        shutil.rmtree(work / "snapshot")
        _check(vault, path, manifest, work / "restored", None if one_file(target) else target / _SEALED)
        final = target if one_file(target) else target / _name(desk)
        size = path.stat().st_size
        _named(path, final)
        gone = () if one_file(target) else _older_gone(vault, final, keep, snapshot.withdrawn)
        same = final.stat().st_dev == vault.folder.stat().st_dev
    made = Made(final, desk.at, size, snapshot.entries, len(manifest["sealed"]), new, gone, same)
    _noted(desk, made, target)
    return made


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder


def _name(desk: Desk) -> str:
    return f"{desk.at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}-{desk.entropy(2).hex()}{ENDING}"


# -- where it goes --


def _place(vault: Vault, target: Path) -> Path:
    """The place, made where it is a folder that is not there yet. Raises InvalidValue, InputRefused, StorageFull."""
    target, own = target.absolute().resolve(), vault.folder.resolve()
    if own in (target, *target.parents) or target in own.parents:
        raise InvalidValue(
            "{target} is the vault's own folder, within it or around it: what takes the one takes the other",
            target=target,
        ).advising(_ELSEWHERE)
    if not target.parent.is_dir():
        raise InvalidValue("{folder} is no folder: is the disk plugged in?", folder=target.parent).advising(_ELSEWHERE)
    if one_file(target):
        if target.exists():
            raise _there_already(target)
        return target
    if target.exists() and not target.is_dir():
        raise InvalidValue(
            "{target} is no folder; the name of a backup in one file ends in {ending}", target=target, ending=ENDING
        ).advising(_ELSEWHERE)
    try:
        _folder_of(vault, target)
    except OSError as error:
        raise unwritten(Sentence("the folder of backups"), error) from error
    return target


def _there_already(target: Path) -> InputRefused:
    return InputRefused(
        "{target} is there already, and nothing is overwritten: give another name", target=target
    ).advising(_ELSEWHERE)


def _folder_of(vault: Vault, target: Path) -> None:
    """Make a folder of backups, or see that one is this vault's."""
    mark = target / withdrawals.MARK
    if mark.exists():
        if withdrawals.whose(target) != withdrawals.owner_mark(vault.master):
            raise InputRefused("{target} holds backups of another vault", target=target).advising(_ELSEWHERE)
        return
    if target.exists() and [one for one in target.iterdir() if one.name not in _HIDDEN]:
        raise InputRefused("{target} holds other files: give an empty folder, or a new one", target=target).advising(
            _ELSEWHERE
        )
    target.mkdir(mode=0o700, exist_ok=True)
    write_file(mark, (json.dumps({"version": 1, "vault": withdrawals.owner_mark(vault.master)}) + "\n").encode())


@contextmanager
def _working(target: Path) -> Iterator[Path]:
    """A folder for what is not finished, beside where it goes, for one process at a time. It is empty before, and gone
    after, whatever happened; what a killed process left goes at the next try."""
    work = target.with_name(target.name + _WORK) if one_file(target) else target / _WORK
    try:
        work.mkdir(mode=0o700, exist_ok=True)
        with (work / "lock").open("a", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise _busy(target) from error
            _emptied(work)
            try:
                yield work
            finally:
                _emptied(work)
                shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise unwritten(Sentence("the backup"), error) from error


def _busy(target: Path) -> VaultBusy:
    error = VaultBusy("another process makes a backup at {target}", target=target)
    error.remedy = "Wait until it is done. Nothing was changed."
    return error


def _emptied(work: Path) -> None:
    for one in work.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)
        elif one.name != "lock":
            one.unlink()


# -- what goes into it --


def _sealed_into(vault: Vault, addresses: list[str], target: Path) -> int:
    """Copy the sealed files that are not among the backups yet; how many. They are encrypted as they lie."""
    store, new = FolderStore(_there(target / _SEALED)), 0
    for address in addresses:
        path = f"{address[:2]}/{address}"
        if not store.has(path):
            store.put(path, of_a_store(vault.files.encrypted(address)))
            new += 1
    return new


def _there(folder: Path) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _written(
    vault: Vault, snapshot: Snapshot, addresses: list[str], path: Path, at: datetime, *, whole: bool, say: Say
) -> dict[str, Any]:
    """Write the backup's file; what is in it. ``whole``: sealed files too."""
    digests = dict[str, str]()
    size = sum(one.stat().st_size for one in snapshot.files.values())
    done = [0]

    def read(name: str, parts: Callable[[], Iterator[bytes]]) -> Callable[[], Iterator[bytes]]:
        def content() -> Iterator[bytes]:
            digest = hashlib.sha256()
            for part in parts():
                digest.update(part)
                done[0] += len(part)
                say(min(done[0], size), size)
                yield part
            digests[name] = digest.hexdigest()

        return content

    def parts() -> Iterator[Part]:
        for name, one in snapshot.files.items():
            yield Part(name, one.stat().st_size, read(name, partial(_bytes_of, one)))
        for address in addresses if whole else ():
            name = f"{_SEALED}/{address[:2]}/{address}"
            length = sum(len(part) for part in vault.files.encrypted(address))
            yield Part(name, length, read(name, partial(vault.files.encrypted, address)))

    def manifest() -> dict[str, Any]:
        return {
            "version": 1,
            "at": at.isoformat(),
            "name": vault.name,
            "hub": vault.hub,
            "log": vault.signer.name,
            "entries": snapshot.entries,
            "root": snapshot.root,
            "withdrawn": snapshot.withdrawn,
            "tables": snapshot.tables,
            "files": digests,
            "sealed": addresses,
            "whole": whole,
        }

    with path.open("xb") as file:
        write(file, vaults.key_slots(vault.folder), vault.master, parts(), manifest)
    return manifest()


def _bytes_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(READ):
            yield part


# -- whether it is good --


def unpack(path: Path, master: bytes, folder: Path) -> dict[str, Any]:
    """Write the files of a backup into a folder that is made for it, each compared with its digest; what is in it.

    Sealed files that lie beside the backup are not among them. Raises NotVerified, InputRefused, StorageFull.
    """
    manifest, digests = manifest_of(path, master), dict[str, str]()
    try:
        folder.mkdir(mode=0o700)
        for name in vaults.FOLDERS:
            (folder / name).mkdir(mode=0o700)
        for name, parts in contents(path, master):
            into, digest = folder / name, hashlib.sha256()
            into.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with into.open("xb") as out:
                for part in parts:
                    digest.update(part)
                    out.write(part)
                out.flush()
                os.fsync(out.fileno())
            digests[name] = digest.hexdigest()
    except OSError as error:
        raise unwritten(Sentence("what was in the backup"), error) from error
    if digests != manifest["files"]:
        raise VaultDamaged("{name} does not hold what it says it holds", name=path.name)
    return manifest


def _check(vault: Vault, path: Path, manifest: dict[str, Any], folder: Path, sealed: Path | None) -> None:
    """Restore the backup from its file, and look at everything there as `doctor` does. Raises VaultDamaged."""
    read = unpack(path, vault.master, folder)
    found = counted(vault, folder / DATABASE)
    same = {name: read[name] for name in found} == found and read == json.loads(json.dumps(manifest))
    if sealed is not None:
        (folder / _SEALED).rmdir()
        (folder / _SEALED).symlink_to(sealed, target_is_directory=True)
    files = SealedFiles(FolderStore(folder / _SEALED), derive(vault.master, "sealed files"))
    lacking = sorted(set(read["sealed"]) - set(files.addresses()))
    wrong = [f"the sealed file {one} is not in it" for one in lacking] or apart("check", folder, vault.master)["wrong"]
    if not same or wrong:
        error = VaultDamaged(
            "the backup was not good when it was restored, and is not kept: {why}",
            why=wrong[0] if wrong else Sentence("its counts are not those of the vault"),
        )
        error.remedy = (
            "See with `corroborate doctor` whether the vault itself is whole. If it is, the disk of the backups fails, "
            "or a source was withdrawn meanwhile: run it again, or take another disk."
        )
        raise error


def _named(path: Path, final: Path) -> None:
    """The moment from which it is a backup: one rename, durable."""
    if final.exists():
        raise _there_already(final)
    path.rename(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


# -- what goes --


def of_folder(folder: Path) -> list[Path]:
    """The backups of a folder, the newest first."""
    return sorted((one for one in folder.glob(f"*{ENDING}") if one.is_file()), reverse=True)


def _older_gone(vault: Vault, newest: Path, keep: int, withdrawn: int) -> tuple[str, ...]:
    """Erase backups beyond so many, those that still carry what was withdrawn, and sealed files that none needs."""
    target, left, gone, needed = newest.parent, list[int](), list[str](), set[str]()
    for one in [newest, *(each for each in of_folder(newest.parent) if each != newest)]:
        manifest = manifest_of(one, vault.master)
        entries = int(manifest["entries"])
        if one != newest and (len(left) >= keep or entries <= withdrawn):
            one.unlink()
            gone.append(one.name)
        else:
            left.append(entries)
            needed.update(manifest["sealed"])
    store = FolderStore(target / _SEALED)
    for path in store.paths():
        if path.rpartition("/")[2] not in needed:
            store.delete(path)
    for index, note in withdrawals.notes(target):
        if index < min(left):  # each backup that is left knows of it
            note.unlink()
    return tuple(gone)


def _noted(desk: Desk, made: Made, target: Path) -> None:
    with storing():
        rows = models.Backup.objects.filter(gone=None)
        for row in rows.exclude(file=""):
            if not Path(row.file).exists() and Path(row.file).parent.is_dir():
                row.gone = desk.at.date()
                row.save(update_fields=["gone"])
        models.Backup.objects.create(
            made=made.at.date(),
            place=str(target),
            noted_by=desk.by,
            checked=made.at.date(),
            checked_by=desk.by,
            at=made.at,
            file=str(made.file),
            size=made.size,
            entries=made.entries,
        )


__all__ = ["ENDING", "KEEP", "Made", "make", "of_folder", "one_file", "unpack"]
