"""Everything that a vault holds, in the clear, for an organisation that leaves or hands over; and a vault from it.

This is no release: it goes to nobody. It is for whoever opened the vault with its passphrase, is asked for by name, and
stands in the journal.

    export.json          what it is, how many rows each table has, a digest of each file
    entities.ftm.json    people, acts and sources as FollowTheMoney, for other programs
    tables/NAME.jsonl       every row, for this program
    files/ab/abcd…       what the sealed files hold
    log/                 tiles and checkpoint, as others cosigned them
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corroborate.errors import InputRefused, InvalidValue, unwritten
from corroborate.importers.handing import export_of
from corroborate.importers.programs import write_export
from corroborate.translation import Sentence, written
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.rows_out import exported, numbers_go_on, read_rows, write_rows
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
        left = _written(desk, work, folder)
        work.rename(folder)
    except OSError as error:
        raise unwritten(Sentence("the export"), error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return left


def _written(desk: Desk, work: Path, folder: Path) -> Left:
    (work / TABLES).mkdir()
    with storing():  # as everything is at one moment
        rows = {
            one._meta.db_table: write_rows(one, work / TABLES / f"{one._meta.db_table}.jsonl") for one in exported()
        }
        text, lost = write_export(export_of(queries.claims(), queries.sources()), "ftm")
    (work / LINES).write_text(text, encoding="utf-8")
    addresses = desk.vault.files.addresses()
    for address in addresses:
        into = work / FILES / address[:2] / address
        into.parent.mkdir(parents=True, exist_ok=True)
        with into.open("xb") as file:
            for part in desk.vault.files.get(address):
                file.write(part)
    shutil.copytree(desk.vault.log, work / "log")
    _, note = log.newest()
    about = {
        "version": 1,
        "at": desk.at.isoformat(),
        "name": desk.vault.name,
        "hub": desk.vault.hub,
        "log": desk.vault.signer.name,
        "checkpoint": note.decode(),
        "rows": rows,
        "files": _digests(work),
    }
    (work / ABOUT).write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return Left(folder, sum(rows.values()), len(addresses), text.count("\n"), len(lost))


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
        "it was made from an export of {origin}, whose log had {size} entries", origin=found.origin, size=found.size
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


__all__ = ["Left", "about", "export", "take", "wrong"]
