"""Re-checking everything on a schedule, a little at a time: sealed files slice by slice over six days of seven, then
database, log and seals at once. What is wrong is an alarm at once; the round's result is sealed in the log.

The state is in the vault, so that a laptop that is open for an hour a day goes on where it stopped.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from math import ceil

from django.db import connection

from corroborate.errors import CorroborateError, StoreAway, VaultDamaged
from corroborate.translation import Sentence, read_back, written
from corroborate_node.core import leaving, moving_files, vaults
from corroborate_node.core.actors import System
from corroborate_node.core.checks import Check
from corroborate_node.core.desk import Desk
from corroborate_node.core.moving import left
from corroborate_node.core.opened import Vault
from corroborate_node.core.rooms import checks, missing_files
from corroborate_node.core.storing import storing
from corroborate_node.log import actions, models

DAYS = 7
SLICE = 50  # files that one tick reads at most
PAUSE = 60  # seconds between two ticks


def due(files: int, elapsed: timedelta, days: int) -> int:
    """How many of so many files should have been read after some time, when six sevenths of the days are for them."""
    part = elapsed / (timedelta(days=days) * 6 / 7)
    return min(files, ceil(files * max(part, 0.0)))


def tick(vault: Vault, at: datetime, days: int = DAYS) -> str:
    """Do what is due now, and no more than a slice. Returns what was done: "", "read" or "finished"."""
    leaving.sweep()
    row = models.FixityRound.objects.filter(finished=None).first()
    if row is None:
        last = models.Fixity.objects.order_by("-id").first()
        if last is not None and at < last.at + timedelta(days=days):
            return ""
        with storing():
            row = models.FixityRound.objects.create(started=at, days=days)
    addresses = sorted(vault.files.addresses())
    left = [one for one in addresses if one > row.after]
    wanted = due(len(addresses), at - row.started, days) - row.files
    part = left[: min(max(wanted, 0), SLICE)]
    if part:
        _read(vault, row, part, at)
    if len(part) < len(left):
        return "read" if part else ""
    _finish(vault, row, at)
    return "finished"


def _read(vault: Vault, row: models.FixityRound, addresses: list[str], at: datetime) -> None:
    wrong = []
    for address in addresses:
        try:
            for _ in vault.files.get(address):
                pass
        except StoreAway:  # no word about the files: they are read when it answers
            raise
        except CorroborateError as error:
            wrong.append(error.sentence)
    with storing():
        for words in wrong:
            actions.alarm("damage", "sealed files", words, at)
        row.after, row.files, row.wrong = addresses[-1], row.files + len(addresses), [*row.wrong, *map(written, wrong)]
        row.save()


def _finish(vault: Vault, row: models.FixityRound, at: datetime) -> None:
    found = [_database(vault), *checks(vault)]
    gone = [Sentence("the sealed file {one} is gone", one=one) for one in missing_files(vault.files.addresses())]
    found += [Check("sealed files", "wrong", read_back(words)) for words in [*row.wrong, *gone]]
    found.append(
        Check(
            "sealed files",
            "good",
            Sentence(
                ("{files} file was read; not whole: {number}", "{files} files were read, {number} of them not whole"),
                files=row.files,
                number=len(row.wrong),
            ),
        )
    )
    with storing():
        actions.record_fixity(Desk(vault, System("checks"), at), [asdict(one) for one in found])
        row.finished = at
        row.save()


def _database(vault: Vault) -> Check:
    try:
        vaults.check_database(vault)
    except VaultDamaged as error:
        return Check("database", "wrong", error.sentence)
    return Check("database", "good", vaults.said_of_database(vault))


def _left(vault: Vault) -> Iterator[Check]:
    """Rows of before a move: whoever withdraws is to know that they are there still."""
    if left(vault.folder):
        words = Sentence(
            "rows of before a move still lie in the other place, where no withdrawal reaches them: look at the vault, "
            "then `corroborate move --erase`"
        )
        yield Check("earlier rows", "advice", words)
    if moving_files.left(vault.folder):
        words = Sentence(
            "files of before a move still lie in the other place, where no withdrawal reaches them: look at the vault, "
            "then `corroborate move --erase`"
        )
        yield Check("earlier files", "advice", words)


def everything(vault: Vault, at: datetime | None = None) -> list[Check]:
    """Everything against its seal, the log against its signature, and each sealed file, at once: `corroborate doctor`.

    The database was checked page by page when the vault was opened. ``at``: now, to say what is overdue.
    """
    whole = Check("database", "good", vaults.said_of_database(vault))
    return [whole, *_left(vault), *checks(vault, at), *_store(vault), latest_round(at)]


def _store(vault: Vault) -> Iterator[Check]:
    """The place where sealed files lie, and each of them; that it does not answer says nothing about them."""
    try:
        look = vault.files.look()
        if vault.bucket is not None:
            yield Check("sealed store", look.state, look.words)
        yield _sealed_files(vault)
    except StoreAway as error:
        yield Check("sealed store", "wrong", error.sentence)
    if waiting := leaving.sweep():
        yield Check(
            "sealed store",
            "wrong",
            Sentence(
                (
                    "{waiting} file that is to be erased lies there still",
                    "{waiting} files that are to be erased lie there still",
                ),
                waiting=waiting,
            ),
        )


def wrong_with(vault: Vault) -> list[str]:
    """What is wrong with a copy of a vault. Its open alarms are the vault's, and no fault of the copy."""
    found = (one for one in everything(vault) if one.state == "wrong" and one.about != "alarms")
    return [f"{one.about}: {one.found}" for one in found]


def _sealed_files(vault: Vault) -> Check:
    addresses = vault.files.addresses()
    if gone := missing_files(addresses):
        return Check(
            "sealed files",
            "wrong",
            Sentence(
                ("{number} file is gone: {gone}", "{number} files are gone, such as {gone}"),
                number=len(gone),
                gone=gone[0],
            ),
        )
    for address in addresses:
        try:
            for _ in vault.files.get(address):
                pass
        except StoreAway:
            raise
        except CorroborateError as error:
            return Check("sealed files", "wrong", error.sentence)
    return Check(
        "sealed files",
        "good",
        Sentence(("{number} file opens and is whole", "{number} files open and are whole"), number=len(addresses)),
    )


def latest_round(at: datetime | None) -> Check:
    """When everything was checked last, and when it is to be checked again, for `corroborate doctor`."""
    last = models.Fixity.objects.order_by("-id").first()
    row = models.FixityRound.objects.order_by("-id").first()
    days = DAYS if row is None else row.days
    going = (
        Sentence(
            (
                "; a round has read {files} file since {started:%Y-%m-%d}",
                "; a round has read {files} files since {started:%Y-%m-%d}",
            ),
            files=row.files,
            started=row.started,
        )
        if row and row.finished is None
        else ""
    )
    if last is None:
        words = Sentence(
            "everything was never checked and recorded{going}: `corroborate serve` does it, or doctor --record",
            going=going,
        )
        return Check("last check", "advice", words)
    following = last.at + timedelta(days=days)
    words = Sentence(
        "{at:%Y-%m-%d %H:%M} UTC, {wrong} wrong; the next begins {following:%Y-%m-%d}{going}",
        at=last.at,
        wrong=last.wrong,
        following=following,
        going=going,
    )
    late = at is not None and at > following + timedelta(days=days)
    return Check("last check", "advice" if late else "good", words)


def run(vault: Vault, at: datetime, days: int) -> str:
    """:func:`tick` in a thread of its own, with a connection of its own, which is closed at the end."""
    try:
        return tick(vault, at, days)
    finally:
        connection.close()
