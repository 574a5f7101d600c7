"""Keys and backups, as their keeper sees them: what opens the vault, the keys of its log over time, and copies of it.

A backup that the program made was checked by it. Of a copy that a person made it sees nothing: it is noted by whom made
it, and that it opens by whom opened it. What asks for the vault's own passphrase is done at the command line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from corroborate.custody import Note
from corroborate.custody.keys import KeyChange, is_change
from corroborate.errors import InvalidValue
from corroborate.sealed import AnySlot, KeySlot, SharesSlot
from corroborate_node.core import vaults
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.log import models

OVERDUE = 30  # days without a backup that was noted, after which the page says so
DRILL = 200  # days after which shares should be tried again: twice a year
LONGEST = 200  # letters
_PAGE = "page keys"


@dataclass(frozen=True, slots=True)
class SlotShown:
    """One of the things that open the vault. ``label``: of a security key, as its owner calls it."""

    number: int
    kind: str  # passphrase, security key, shares
    label: str  # of shares: how many of how many, and the day they were made
    pin: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """That the log's key changed: from which to which, why, at which size of the log."""

    why: str
    old: str
    new: str
    size: int
    at: datetime


def slots(desk: Desk) -> list[SlotShown]:
    """What opens the vault. Raises NotAllowed."""
    desk.require("key.keep")
    return [_shown(number, slot) for number, slot in enumerate(vaults.key_slots(desk.vault.folder), 1)]


def _shown(number: int, slot: AnySlot) -> SlotShown:
    if isinstance(slot, KeySlot):
        return SlotShown(number, "security key", slot.label, slot.verified)
    if isinstance(slot, SharesSlot):
        return SlotShown(number, "shares", f"{slot.need} / {slot.of}, {slot.made}", False)
    return SlotShown(number, "passphrase", "", False)


def last_drill(who: Any) -> models.ShareDrill | None:
    """When shares were last typed from paper and opened the vault."""
    found: models.ShareDrill | None = visible(who, models.ShareDrill).order_by("-id").first()
    return found


def drill_due(slots_: Sequence[SlotShown], last: models.ShareDrill | None, on: date) -> str:
    """What of the shares is to be done next, as a word of the page; empty where nothing is."""
    if not any(one.kind == "shares" for one in slots_):
        return "no_shares"
    if last is None:
        return "never_drilled"
    return "drill_old" if last.at.date() < date.fromordinal(on.toordinal() - DRILL) else ""


@act("shares.drill", "backup.keep", ways=("command keys",), standing_back=True)
def drilled(desk: Desk, shares: int) -> None:
    """Note that so many shares were typed from paper and opened this vault."""
    models.ShareDrill.objects.create(at=desk.at, shares=shares, by=desk.by)


def changes(desk: Desk) -> list[Changed]:
    """How the key of this vault's log changed, the first change first. Raises NotAllowed."""
    desk.require("key.keep")
    rows = models.KeyNote.objects.filter(origin=desk.vault.signer.name).order_by("id")
    notes = [bytes(row.note) for row in rows]
    found = [KeyChange.parse(Note.parse(note).text) for note in notes if is_change(note)]
    return [Changed(one.why, one.old.fingerprint, one.new.fingerprint, one.size, one.at) for one in found]


def staged(desk: Desk) -> bool:
    """Whether a new key of the log waits beside the one in use. Raises NotAllowed."""
    desk.require("key.keep")
    return vaults.staged_key(desk.vault.folder) is not None


def backups(who: Any) -> list[models.Backup]:
    """Copies that were noted, those that are gone last, the newest first; none for who may not see them."""
    return sorted(visible(who, models.Backup).order_by("-made", "-id"), key=lambda one: one.gone is not None)


def current(found: list[models.Backup]) -> list[models.Backup]:
    """Those that are not gone."""
    return [one for one in found if one.gone is None]


def advice(found: list[models.Backup], on: date) -> str:
    """What is to be done next, as a word of the page; empty where nothing is."""
    left = current(found)
    if not left:
        return "no_backup"
    if max(one.made for one in left) < date.fromordinal(on.toordinal() - OVERDUE):
        return "backup_old"
    return "" if any(one.checked is not None for one in left) else "backup_unchecked"


@act("backup.note", "backup.keep", ways=(_PAGE,), of_effects=lambda number: [f"backup/{number}"])
def note(desk: Desk, made: date, place: str) -> int:
    """Note a copy of the vault's folder that one has made; its number. Raises InvalidValue."""
    place = " ".join(place.split())
    if not place or len(place) > LONGEST or not place.isprintable():
        raise InvalidValue(
            "say where the copy lies, in {longest} letters at most: which disk, in whose hands", longest=LONGEST
        )
    if made > desk.at.date():
        raise InvalidValue("{made} is not here yet: note a copy when it is made", made=made.isoformat())
    return int(models.Backup.objects.create(made=made, place=place, noted_by=desk.by).pk)


@act("backup.checked", "backup.keep", ways=(_PAGE,), objects=lambda number: [f"backup/{number}"])
def checked(desk: Desk, number: int) -> None:
    """Note that one has opened a copy today, and that `doctor` found nothing wrong with it."""
    row = _current(number)
    row.checked, row.checked_by = desk.at.date(), desk.by
    row.save(update_fields=["checked", "checked_by"])


@act("backup.gone", "backup.keep", ways=(_PAGE,), objects=lambda number: [f"backup/{number}"])
def gone(desk: Desk, number: int) -> None:
    """Note that a copy is overwritten, lost or destroyed. The note of it stays."""
    row = _current(number)
    row.gone = desk.at.date()
    row.save(update_fields=["gone"])


def _current(number: int) -> models.Backup:
    row = models.Backup.objects.filter(pk=number, gone=None).first()
    if row is None:
        raise InvalidValue("no such copy is noted here")
    return row
