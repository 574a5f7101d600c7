"""When backups are made by themselves, what became of the last one, and what people are told of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection

from corroborate.errors import CorroborateError, InvalidValue
from corroborate.translation import Sentence
from corroborate_node.core.actors import System
from corroborate_node.core.acts import act
from corroborate_node.core.checks import Check
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.queries import may, visible
from corroborate_node.core.storing import storing
from corroborate_node.log import backups, models, withdrawals
from corroborate_node.log.keeping import OVERDUE, advice, current

_PAUSES = chain([5.0], repeat(60.0))  # seconds until the first look, and between two: some open it for minutes only
AGAIN = timedelta(hours=1)  # after a try that failed


@act("backup.plan", "backup.make", ways=("command backup",), standing_back=True)
def plan(desk: Desk, folder: Path, hours: int, keep: int) -> None:
    """Say where to, every how many hours, and how many are kept. Raises InvalidValue."""
    if backups.one_file(folder):
        raise InvalidValue("backups that are made by themselves go into a folder, and not into one file").advising(
            Sentence("Leave the ending out. Nothing was changed.")
        )
    if not (1 <= hours <= 24 * 31 and 1 <= keep <= 1000):
        raise InvalidValue("a backup is made every 1 to 744 hours, and 1 to 1000 are kept").advising(
            Sentence("Choose other numbers. Nothing was changed.")
        )
    models.BackupPlan.objects.all().delete()
    models.BackupPlan.objects.create(folder=str(folder.absolute()), hours=hours, keep=keep, by=desk.by)


@act("backup.plan-end", "backup.make", ways=("command backup",), standing_back=True)
def end_plan(desk: Desk) -> bool:
    """Make none by themselves any more; whether there was a plan. The backups stay."""
    return bool(models.BackupPlan.objects.all().delete()[0])


def planned(who: Any) -> models.BackupPlan | None:
    """The plan, for who may see it."""
    found: models.BackupPlan | None = visible(who, models.BackupPlan).first()
    return found


def last_good() -> models.Backup | None:
    """The newest backup that the program made and found good, and that is not gone."""
    return models.Backup.objects.filter(gone=None).exclude(at=None).order_by("-at").first()


def pause() -> float:
    """Seconds until the next look at what is due."""
    return next(_PAUSES)


def run(vault: Vault, at: datetime, _days: int) -> str:
    """What is due, in a thread of its own, with a connection of its own, which is closed at the end."""
    try:
        return tick(vault, at)
    finally:
        connection.close()


def tick(vault: Vault, at: datetime) -> str:
    """Make the backup that is due; what was done: "", "made" or "failed". A failure is kept, and tried again later."""
    row = models.BackupPlan.objects.first()
    if row is None or not _due(row, at):
        return ""
    failed = ""
    try:
        backups.make(Desk(vault, System("backups"), at), Path(row.folder), row.keep)
    except (CorroborateError, OSError, DatabaseError) as error:  # whatever it is, the next try is made
        failed = str(error)
    with storing():
        models.BackupPlan.objects.filter(id=row.id).update(tried=at, failed=failed)
    return "failed" if failed else "made"


def _due(row: models.BackupPlan, at: datetime) -> bool:
    if row.failed and row.tried is not None and at < row.tried + AGAIN:
        return False
    last = models.Backup.objects.filter(place=str(Path(row.folder).resolve()), gone=None).exclude(at=None)
    newest = last.order_by("-at").first()
    return newest is None or newest.at is None or at >= newest.at + timedelta(hours=row.hours)


def warning(who: Any, at: datetime) -> str:
    """What of the backups is to be looked at, as a word of the page of keys; empty where nothing is, or for who may
    not see them."""
    if not may(who, "backup.keep"):
        return ""
    return warned(list(visible(who, models.Backup)), planned(who), at)


def waiting(who: Any) -> int:
    """How much of the backups waits for a user."""
    return 1 if warning(who, datetime.now(UTC)) else 0


def warned(rows: list[models.Backup], row: models.BackupPlan | None, at: datetime) -> str:
    """The most urgent word of some backups and a plan."""
    if row is not None and row.failed:
        return "backup_failed"
    if row is not None:
        made = max((one.at for one in rows if one.at is not None and one.gone is None), default=None)
        if made is None or at > made + 2 * timedelta(hours=row.hours):
            return "backup_late"
    if withdrawals.carrying(rows):
        return "backup_carries"
    return advice(rows, at.date())


def checks(_vault: Vault, at: datetime | None = None) -> Iterator[Check]:
    """For `corroborate doctor`: when the last good backup was made. Nothing where the day is not to be compared."""
    if at is None:
        return
    found, row = list(models.Backup.objects.all()), models.BackupPlan.objects.first()
    words = {
        "backup_failed": Sentence("the last one failed: {why}", why="" if row is None else row.failed),
        "backup_late": Sentence("none was made by itself for twice as long as was planned"),
        "backup_carries": Sentence("some still carry what was withdrawn; the next one takes their place"),
        "no_backup": Sentence("none is known here: `corroborate backup` makes one"),
        "backup_old": Sentence("the newest is more than {days} days old", days=OVERDUE),
        "backup_unchecked": Sentence("none was ever opened to see whether it holds"),
    }
    said = warned(found, row, at)
    last = max((one.made for one in current(found)), default=None)
    yield (
        Check("backups", "advice", words[said])
        if said
        else Check("backups", "good", Sentence("the last one is of {last}", last=last))
    )


__all__ = ["checks", "end_plan", "last_good", "pause", "plan", "planned", "run", "tick", "waiting", "warned", "warning"]
