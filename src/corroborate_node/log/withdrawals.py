"""Backups and what was withdrawn after they were made: which still carry it, and the notes beside them.

A note says which sources were withdrawn, or which consents ended, encrypted to the backup key. It lies beside the
backups, so that one from before does not bring back what was erased, nor rely on what was taken back: `corroborate
restore` reads the notes and does it again.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyrage
from django.db import transaction
from django.db.models import Max

from corroborate.custody import write_file
from corroborate.errors import NotVerified, StorageFull
from corroborate.sealed import derive
from corroborate.sealed.backups import identity_of
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.log import models

MARK = "corroborate-backups.json"  # by which a folder of backups is known, and whose it is
REASON = "withdrawn"  # with which rooms are told of a withdrawal
_ENDING = ".age"


def owner_mark(master: bytes) -> str:
    """By which a folder of backups is known as a vault's own; it says nothing else."""
    return derive(master, "mark of a folder of backups").hex()[:32]


def whose(folder: Path) -> str:
    """The mark of a folder of backups; empty where it is none."""
    try:
        return str(json.loads((folder / MARK).read_text(encoding="utf-8"))["vault"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _folder(beside: Path) -> Path:
    """Where the notes lie: in a folder of backups, or beside one file."""
    return beside / "withdrawn" if beside.is_dir() else beside.with_name(beside.name + ".withdrawn")


def notes(beside: Path) -> list[tuple[int, Path]]:
    """The notes beside a folder of backups or one file, with the index in the log of each withdrawal."""
    found = ((one.name.partition("-")[0], one) for one in _folder(beside).glob(f"*-*{_ENDING}"))
    return sorted((int(name), one) for name, one in found if name.isascii() and name.isdecimal())


def newest(kind: str = "withdrawal") -> int:
    """Index in the log of the newest withdrawal, or of another kind of entry; -1 where there is none."""
    found = models.LogEntry.objects.filter(kind=kind).aggregate(last=Max("index"))["last"]
    return -1 if found is None else int(found)


def carrying(rows: Sequence[models.Backup]) -> list[models.Backup]:
    """Of some backups, those from before the newest withdrawal: they still carry what it erased."""
    last = models.LogEntry.objects.filter(kind="withdrawal").order_by("-index").first() if rows else None
    if last is None:
        return []
    return [
        row
        for row in rows
        if row.gone is None and (row.made <= last.at.date() if row.entries is None else row.entries <= last.index)
    ]


def taken_back(desk: Desk, records: Sequence[str], reason: str) -> None:
    """Once a withdrawal is through, note it beside each backup that is within reach."""
    sources = [one for one in records if one.startswith("source_")]
    if reason == REASON and sources:
        transaction.on_commit(partial(_note, desk.vault, sources, desk.at.date()))


def _note(vault: Vault, sources: Sequence[str], on: date) -> None:
    note(vault, "withdrawal", {"sources": list(sources), "on": on.isoformat()})


def note(vault: Vault, kind: str, said: Mapping[str, Any]) -> None:
    """Lay a note beside each backup that is within reach. ``kind``: of the entries of the log that it is about."""
    index = newest(kind)
    content = json.dumps({"version": 1, **said}).encode()
    sealed = pyrage.encrypt(content, [identity_of(vault.master).to_public()])
    mark = hashlib.sha256(sealed).hexdigest()[:8]  # a restored vault writes others of the same index
    for beside in _places(vault):
        try:
            _folder(beside).mkdir(mode=0o700, exist_ok=True)
            write_file(_folder(beside) / f"{index}-{mark}{_ENDING}", sealed)
        except (OSError, StorageFull):
            continue  # the withdrawal stands; the page and the command name the backup that still carries it


def _places(vault: Vault) -> set[Path]:
    """Folders of backups and single files of this vault that are within reach now."""
    found, mark = set(), owner_mark(vault.master)
    for row in models.Backup.objects.filter(gone=None).exclude(file=""):
        file = Path(row.file)
        if file.is_file():
            found.add(file.parent if whose(file.parent) == mark else file)
    return found


def after(path: Path, entries: int, master: bytes) -> Iterator[dict[str, Any]]:
    """What was withdrawn or taken back after a backup was made, as the notes beside it say, the oldest first. Raises
    NotVerified."""
    beside = path.parent if whose(path.parent) else path
    for index, file in notes(beside):
        if index < entries:
            continue
        try:
            found: dict[str, Any] = json.loads(pyrage.decrypt(file.read_bytes(), [identity_of(master)]))
        except (pyrage.DecryptError, OSError, ValueError) as error:
            unread = NotVerified("the note of a withdrawal {note} cannot be read", note=file)
            unread.remedy = (
                "It says what must not come back. Take it from another copy of the backups; nothing was restored."
            )
            raise unread from error
        yield found


__all__ = ["MARK", "after", "carrying", "newest", "note", "notes", "owner_mark", "taken_back", "whose"]
