"""Everything that a vault holds, in the clear, for an organisation that leaves or hands over; and a vault from it.

This is no release: it goes to nobody. It is for whoever opened the vault with its passphrase, is asked for by name, and
stands in the journal.

    export.json          what it is, how many rows each table has, a digest of each file
    entities.ftm.json    people, acts and sources as FollowTheMoney, for other programs
    tables/NAME.jsonl       every row, for this program
    files/ab/abcd…       what the sealed files hold
    log/                 tiles and checkpoint, as others cosigned them

For trustees the same goes into one file that a few of them open together: nothing of it is then on a disk in the clear.
"""

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from corroborate.errors import InputRefused, InvalidValue, unwritten
from corroborate.importers.handing import export_of
from corroborate.importers.programs import write_export
from corroborate.sealed import entrusted
from corroborate.sealed.backups import Part
from corroborate.translation import Sentence, written
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.rooms import named_files
from corroborate_node.core.rows_out import exported, lines_of, numbers_go_on, read_rows, write_rows
from corroborate_node.core.storing import storing
from corroborate_node.log import fixity, models
from corroborate_node.log import queries as log
from corroborate_node.log.rollback import stand
from corroborate_node.records import queries

ABOUT, TABLES, FILES, LINES = "export.json", "tables", "files", "entities.ftm.json"
_WORK = ".being-written"
_NOTHING = Sentence("Nothing was written, and nothing was changed.")
_NO_VAULT = Sentence("Take the export as it was written. No vault was made.")


@dataclass(frozen=True, slots=True)
class Left:
    """What was written: rows of tables, files, and how many claims have no place among the lines for other programs."""

    folder: Path
    rows: int
    files: int
    lines: int
    not_in_lines: int


@act("vault.export", ways=("command export",), whole=False, standing_back=True)
def export(desk: Desk, folder: Path) -> Left:
    """Write everything into a new folder: whole, or nothing of it. Raises InputRefused, StorageFull."""
    folder = folder.absolute()
    with _new(folder) as work:
        return _written(desk, work, folder)


@contextmanager
def _new(folder: Path) -> Iterator[Path]:
    """A folder to write into, which becomes the new ``folder`` when all of it is written; otherwise nothing is there.
    Raises InputRefused, InvalidValue, StorageFull."""
    if folder.exists():
        raise InputRefused("{folder} is there already: an export goes into a new folder", folder=folder).advising(
            _NOTHING
        )
    if not folder.parent.is_dir():
        raise InvalidValue("{folder} is no folder: is the disk plugged in?", folder=folder.parent).advising(_NOTHING)
    work = folder.with_name(folder.name + _WORK)
    shutil.rmtree(work, ignore_errors=True)  # of a try that was broken off
    try:
        work.mkdir(mode=0o700)
        yield work
        work.rename(folder)
    except OSError as error:
        raise unwritten(Sentence("the export"), error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _written(desk: Desk, work: Path, folder: Path) -> Left:
    (work / TABLES).mkdir()
    addresses = desk.vault.files.addresses()
    with storing():  # as everything is at one moment
        rows = {
            one._meta.db_table: write_rows(one, work / TABLES / f"{one._meta.db_table}.jsonl") for one in exported()
        }
        text, lost = write_export(export_of(queries.claims(), queries.sources()), "ftm")
    (work / LINES).write_text(text, encoding="utf-8")
    for address in addresses:
        into = work / FILES / address[:2] / address
        into.parent.mkdir(parents=True, exist_ok=True)
        with into.open("xb") as file:
            for part in desk.vault.files.get(address):
                file.write(part)
    shutil.copytree(desk.vault.log, work / "log")
    (work / ABOUT).write_text(_about(desk, rows, _digests(work)), encoding="utf-8")
    return Left(folder, sum(rows.values()), len(addresses), text.count("\n"), len(lost))


def _about(desk: Desk, rows: Mapping[str, int], digests: Mapping[str, str]) -> str:
    _, note = log.newest()
    about = {
        "version": 1,
        "at": desk.at.isoformat(),
        "name": desk.vault.name,
        "hub": desk.vault.hub,
        "log": desk.vault.signer.name,
        "checkpoint": note.decode(),
        "rows": rows,
        "files": digests,
    }
    return json.dumps(about, ensure_ascii=False, indent=1) + "\n"


def entrust(desk: Desk, out: Path, keys: Sequence[str], need: int, only: Callable[[], object]) -> Left:
    """Write the same for trustees, within an act that was allowed: one file that ``need`` of those with these age keys
    open together. ``only`` erases from the rows what does not go: what is written is as it is then, and in this vault
    it is undone. Rows are held in memory, compressed; nothing of them is on a disk in the clear."""
    out = out.absolute()
    if out.exists():
        raise InputRefused("{path} is there already, and nothing is overwritten", path=out).advising(_NOTHING)
    if not out.parent.is_dir():
        raise InvalidValue("{folder} is no folder: is the disk plugged in?", folder=out.parent).advising(_NOTHING)
    parts, left = _in_memory(desk, out, only)
    work = out.with_name(out.name + _WORK)
    work.unlink(missing_ok=True)  # of a try that was broken off
    try:
        with os.fdopen(os.open(work, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            entrusted.entrust(file, keys, need, parts)
        work.rename(out)
    except OSError as error:
        raise unwritten(Sentence("the export"), error) from error
    finally:
        work.unlink(missing_ok=True)
    return left


def _in_memory(desk: Desk, out: Path, only: Callable[[], object]) -> tuple[list[Part], Left]:
    vault, held, rows = desk.vault, dict[str, _Held](), dict[str, int]()
    with storing():  # as everything is at one moment
        only()
        addresses = sorted(named_files() & set(vault.files.addresses()))
        for one in exported():
            name = one._meta.db_table
            found = held[f"{TABLES}/{name}.jsonl"] = _Held(line.encode() for line in lines_of(one))
            rows[name] = found.parts - 1  # the first line names the columns
        text, lost = write_export(export_of(queries.claims(), queries.sources()), "ftm")
        transaction.set_rollback(True)
    held[LINES] = _Held([text.encode()])
    for path in sorted(one for one in vault.log.rglob("*") if one.is_file()):
        held[f"log/{path.relative_to(vault.log).as_posix()}"] = _Held([path.read_bytes()])
    parts = [Part(name, one.size, one.content) for name, one in held.items()]
    digests = {name: one.digest for name, one in held.items()}
    for address in addresses:  # read twice: a tar says the size of a file before the file
        name, size, digest = f"{FILES}/{address[:2]}/{address}", 0, hashlib.sha256()
        for content in vault.files.get(address):
            size += len(content)
            digest.update(content)
        parts.append(Part(name, size, partial(vault.files.get, address)))
        digests[name] = digest.hexdigest()
    said = _Held([_about(desk, rows, dict(sorted(digests.items()))).encode()])
    left = Left(out, sum(rows.values()), len(addresses), text.count("\n"), len(lost))
    return [*parts, Part(ABOUT, said.size, said.content)], left


class _Held:
    """A file of an export in memory, compressed, with its size and digest. ``parts``: of how many it was made."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self.size, self.parts, digest = 0, 0, hashlib.sha256()
        squeezed, self._kept = zlib.compressobj(1), list[bytes]()
        for part in parts:
            self.size, self.parts = self.size + len(part), self.parts + 1
            digest.update(part)
            if small := squeezed.compress(part):
                self._kept.append(small)
        self._kept.append(squeezed.flush())
        self.digest = digest.hexdigest()

    def content(self) -> Iterator[bytes]:
        whole = zlib.decompressobj()
        for small in self._kept:
            yield whole.decompress(small)
        yield whole.flush()


def unlocked(file: Path, key: bytes, folder: Path) -> dict[str, Any]:
    """Make the export of a file for trustees, whole or nothing of it, in the clear; what it says it is. ``key``: what
    enough shares give. Raises InputRefused, InvalidValue, NotVerified, StorageFull."""
    with _new(folder.absolute()) as work:
        for name, content in entrusted.contents(file, key):
            into = work / name
            into.parent.mkdir(parents=True, exist_ok=True)
            with into.open("xb") as opened:
                for part in content:
                    opened.write(part)
        return about(work)


def _digests(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        if name != ABOUT:
            with path.open("rb") as file:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def about(folder: Path) -> dict[str, Any]:
    """What an export is, once each of its files is as it was written. Raises InputRefused."""
    try:
        found: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        if found["version"] != 1:
            raise InputRefused("this export is of a newer program").advising(_NO_VAULT)
        digests = dict(found["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputRefused("{folder} is no export of a vault", folder=folder).advising(_NO_VAULT) from error
    now = _digests(folder)
    for name in sorted({*digests, *now}):
        if digests.get(name) != now.get(name):
            raise InputRefused("{name} is missing, new or not as it was written", name=name).advising(_NO_VAULT)
    return found


@act("vault.from-export", "vault.export", ways=("command new",), whole=False)
def take(desk: Desk, folder: Path, said: Mapping[str, Any]) -> bool:
    """Put everything of an export into a new vault; whether its log had a checkpoint, from which it has to go on.

    Raises InputRefused, VaultDamaged where what came in is not what was sealed.
    """
    renamed = {}
    for path in sorted((folder / FILES).rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                renamed[path.name] = desk.vault.files.put(file)[1]
    with storing():
        for model in exported():
            table = model._meta.db_table
            if table not in said["rows"]:
                raise InputRefused("the export has no table {table}: it is of another version", table=table).advising(
                    _NO_VAULT
                )
            number = read_rows(model, folder / TABLES / f"{table}.jsonl", renamed)
            if number != said["rows"][table]:
                raise InputRefused("the export has other rows of {table} than it says", table=table).advising(_NO_VAULT)
        numbers_go_on()
    found, note = log.newest()
    if found is None:
        return False
    words = Sentence(
        (
            "it was made from an export of {origin}, whose log had {size} entry",
            "it was made from an export of {origin}, whose log had {size} entries",
        ),
        origin=found.origin,
        size=found.size,
    )
    stand("behind", words, desk.at)
    with storing():  # by which the log knows where the old one ended
        models.Alarm.objects.create(
            kind="own log",
            about=desk.vault.signer.name,
            found=written(words),
            newer=note,
            at=desk.at,
            settled=desk.at,
            settled_by="",
            how="the log goes on under a new name",
        )
    return True


def wrong(desk: Desk) -> list[str]:
    """What is not as it was sealed, in a vault that was made from an export."""
    return fixity.wrong_with(desk.vault)


__all__ = ["Left", "about", "entrust", "export", "take", "unlocked", "wrong"]
