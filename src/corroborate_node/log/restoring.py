"""A vault from its backup: whole in a new folder or not there at all, and it knows that it was restored.

Nothing of a withdrawn source comes back, and nothing is relied on that was taken back, where a note of it lies beside
the backup. Before it may sign, a
vault that has witnesses asks them what they cosigned last: entries that came after the backup may be known elsewhere.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from corroborate.errors import InputRefused, InvalidValue, VaultBusy, VaultDamaged, unwritten
from corroborate.sealed import FolderStore, Master, SealedFiles, Secret, derive, open_slots
from corroborate.sealed.backups import manifest_of, of_a_store, slots_of
from corroborate.translation import Sentence
from corroborate_node.core import vaults
from corroborate_node.core.desk import Desk, owner
from corroborate_node.core.opened import Vault
from corroborate_node.log import actions, fixity, queries, rollback, withdrawals
from corroborate_node.log.backups import of_folder, unpack
from corroborate_node.log.snapshots import DATABASE, counted

_WORK = ".restoring"
_MARK = "being-restored"
_NOTHING = Sentence("Nothing was restored, and nothing was changed.")


class Again(Protocol):
    """What was done after a backup was made, done again in the vault that is restored from it."""

    def withdraw(self, desk: Desk, sources: Sequence[str], on: date) -> Sequence[str]:
        """Erase sources that stand; those it erased."""

    def take_back(self, desk: Desk, note: Mapping[str, Any]) -> Sequence[str]:
        """Let consents be as a note says; the sources whose are others now."""

    def unsure(self, desk: Desk) -> int:
        """Let those be asked who may have taken something back since, which nobody here knows; how many."""


@dataclass(frozen=True, slots=True)
class Later:
    """A backup that is newer than the one that was restored. ``entries``: of the log that it has more."""

    name: str
    at: datetime
    entries: int


@dataclass(frozen=True, slots=True)
class Restored:
    """``at``: when the backup was made. ``withdrawn``: sources that were erased again. ``taken_back``: sources of which
    something was taken back again. ``unsure``: how many are to be asked whether they did. ``later``: newer backups.
    ``signed``: entries that this machine signed beyond it. ``state``: "" where the vault may sign; "asking": members
    are to be asked; "behind": nobody can be asked, and what was signed later is lost."""

    folder: Path
    name: str
    at: datetime
    entries: int
    files: int
    withdrawn: tuple[str, ...]
    taken_back: tuple[str, ...]
    unsure: int
    later: tuple[Later, ...]
    signed: int
    state: str


def chosen(source: Path) -> Path:
    """The backup that is meant: a file, or the newest of a folder. Raises InputRefused."""
    if not source.is_dir():
        if not source.exists():
            raise InputRefused("{source} is not there", source=source).advising(_NOTHING)
        return source
    found = of_folder(source)
    if not found:
        raise InputRefused("{source} holds no backup", source=source).advising(_NOTHING)
    return found[0]


def restore(
    source: Path,
    folder: Path,
    secret: Secret,
    at: datetime,
    again: Again,
    *,
    marks_folder: Path | None = None,
    new_passphrase: str = "",
) -> Restored:
    """Make a vault's folder from a backup. ``new_passphrase`` opens it from now on, beside what did.

    Raises InputRefused, WrongPassphrase, NotVerified, VaultDamaged, StorageFull; nothing is there then.
    """
    try:
        path = chosen(source)
        _free(folder)
    except OSError as error:  # a disk that fails, a folder into which one may not look
        raise unwritten(Sentence("the vault"), error) from error
    master = open_slots(slots_of(path), secret)
    with _whole(folder) as work:
        new = work / "vault"
        manifest = unpack(path, master, new)
        _sealed_back(path, manifest, new)
        if new_passphrase:
            vaults.add_slot(new, Master(master), new_passphrase)
        with vaults.opening(new, Master(master)) as vault:
            _good(vault, manifest)
            desk = owner(vault, at)
            gone, back = list[str](), dict[str, None]()
            for note in withdrawals.after(path, int(manifest["entries"]), master):
                if "sources" in note:
                    gone += again.withdraw(desk, note["sources"], date.fromisoformat(note["on"]))
                else:
                    back |= dict.fromkeys(again.take_back(desk, note))
            unsure = again.unsure(desk)
            state, signed = _stands(desk, marks_folder)
        _in_place(new, folder)
    return Restored(
        folder,
        str(manifest["name"]),
        datetime.fromisoformat(manifest["at"]),
        int(manifest["entries"]),
        len(manifest["sealed"]),
        tuple(gone),
        tuple(one for one in back if one not in gone),
        unsure,
        _later(path, manifest, master),
        signed,
        state,
    )


def _free(folder: Path) -> None:
    """Raises InputRefused, InvalidValue where no vault can come there."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputRefused(
            "{folder} is not empty: a vault is restored into a folder of its own", folder=folder
        ).advising(_NOTHING)
    if not folder.absolute().parent.is_dir():
        raise InvalidValue("{folder} is no folder: is the disk plugged in?", folder=folder.absolute().parent).advising(
            _NOTHING
        )


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """A folder beside the new one for what is not whole yet; gone after, and before where a killed process left it."""
    work = folder.absolute().with_name(folder.name + _WORK)
    if work.exists():
        if not (work / _MARK).exists():
            raise InputRefused("{work} is there already: look at it and remove it", work=work).advising(_NOTHING)
        shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir(mode=0o700)
        (work / _MARK).touch()
        yield work
    except FileExistsError as error:
        raise VaultBusy("another process restores a vault into {folder}", folder=folder) from error
    except OSError as error:
        raise unwritten(Sentence("the vault"), error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _in_place(new: Path, folder: Path) -> None:
    if folder.exists():
        folder.rmdir()
    new.rename(folder)


def _sealed_back(path: Path, manifest: dict[str, Any], new: Path) -> None:
    """Sealed files that lie beside the backup, each copied as it lies; whether they open is checked with the rest."""
    if manifest["whole"]:
        return
    beside, into = path.parent / "sealed", FolderStore(new / "sealed")
    if not beside.is_dir() and manifest["sealed"]:
        raise InputRefused(
            "the sealed files of {name} are not beside it: restore from the folder it was made in", name=path.name
        ).advising(_NOTHING)
    store = FolderStore(beside) if beside.is_dir() else into
    for address in manifest["sealed"]:
        at = f"{address[:2]}/{address}"
        if not store.has(at):
            raise InputRefused("the sealed file {address} is not beside the backup", address=address).advising(_NOTHING)
        into.put(at, of_a_store(store.get(at)))


def _good(vault: Vault, manifest: dict[str, Any]) -> None:
    """Raises VaultDamaged where the restored vault is not what was backed up."""
    found = counted(vault, vault.folder / DATABASE)
    same = all(found[name] == manifest[name] for name in ("entries", "root", "withdrawn"))
    files = SealedFiles(FolderStore(vault.folder / "sealed"), derive(vault.master, "sealed files"))
    lacking = sorted(set(manifest["sealed"]) - set(files.addresses()))
    wrong = fixity.wrong_with(vault)
    if lacking or wrong or not same:
        why = wrong[0] if wrong else lacking[0] if lacking else Sentence("its log is not the one that was backed up")
        error = VaultDamaged("the backup is damaged, and nothing was restored: {why}", why=why)
        error.remedy = "Restore from another backup, the newest before it."
        raise error


def _stands(desk: Desk, marks_folder: Path | None) -> tuple[str, int]:
    """Let the vault know that it was restored: what it must wait for, and how much this machine signed beyond it."""
    vault = desk.vault
    found, _ = queries.newest()
    own = 0 if found is None else found.size
    known, note = (0, b"") if marks_folder is None else rollback.signed_last(vault, marks_folder)
    signed = max(known - own, 0)
    if {one.group for one in queries.seats()} - {queries.voice_of(vault)}:
        actions.restored(desk)
        return "asking", signed
    if not signed:
        return "", 0
    words = Sentence(
        (
            "{known} entry was signed on this machine, and the backup knows of {own}: what came after it is lost",
            "{known} entries were signed on this machine, and the backup knows of {own}: what came after it is lost",
        ),
        known=known,
        own=own,
    )
    rollback.stand("behind", words, desk.at)
    # by which `corroborate log anew` knows where the old log ended
    actions.alarm("own log", vault.signer.name, words, desk.at, newer=note)
    return "behind", signed


def _later(path: Path, manifest: dict[str, Any], master: bytes) -> tuple[Later, ...]:
    """Newer backups beside the one that was restored: what was taken in until then is in them."""
    if not withdrawals.whose(path.parent):
        return ()
    found = []
    for one in of_folder(path.parent):
        other = manifest_of(one, master)
        if one != path and other["at"] > manifest["at"]:
            more = int(other["entries"]) - int(manifest["entries"])
            found.append(Later(one.name, datetime.fromisoformat(other["at"]), more))
    return tuple(found)


__all__ = ["Later", "Restored", "chosen", "restore"]
