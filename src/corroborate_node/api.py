"""What programs do with a vault beside acts and queries: what is made of several. The caller brings the clock.

with open_vault(folder, passphrase) as vault:
    receive(owner(vault, now), entities, sources, consents, claims)  # an act: corroborate_node/records/actions.py
    entities()                                                       # a query: corroborate_node/records/queries.py
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from corroborate.custody import Verifier, request_for, times
from corroborate.custody.times import Schedule, Token
from corroborate.errors import InputRefused, InvalidValue, NotAllowed, NotVerified, VaultDamaged, unwritten
from corroborate.sealed import Bucket, Secret
from corroborate.translation import Sentence
from corroborate_node.coalition.campaign import mailing
from corroborate_node.coalition.campaign import queries as campaign_queries
from corroborate_node.core import moving, moving_files
from corroborate_node.core.buckets import new_bucket
from corroborate_node.core.checks import Check
from corroborate_node.core.desk import Desk, owner
from corroborate_node.core.opened import Vault
from corroborate_node.core.vaults import create as create_vault
from corroborate_node.core.vaults import master_key
from corroborate_node.core.vaults import opening as open_vault
from corroborate_node.log import actions as log_actions
from corroborate_node.log import keeping, restoring
from corroborate_node.log import queries as log_queries
from corroborate_node.log.models import Checkpoint
from corroborate_node.records import actions as records_actions
from corroborate_node.records import after_backup
from corroborate_node.records.anew import begin_anew
from corroborate_node.release import everything
from corroborate_node.survivor import making as survivor_codes

__all__ = [
    "checkpoint_due",
    "cosign",
    "create_from_export",
    "create_vault",
    "erase_left",
    "export",
    "letters",
    "move_files",
    "move_rows",
    "new_bucket",
    "note_left",
    "open_vault",
    "record_fixity",
    "remind",
    "restore",
    "stamp_request",
    "take_token",
]


_LEFT = "rows from before a move (the program notes it when they are erased): "
_FILES = "sealed files from before a move (the program notes it when they are erased): "


def move_rows(vault: Vault, secret: Secret, address: str | None, say: moving.Say) -> moving.Moved:
    """Move the rows of an open vault to a PostgreSQL, or (None) into a file. ``secret``: what opens the vault."""
    return moving.move(vault, master_key(vault.folder, secret), address, say)


def move_files(
    vault: Vault, secret: Secret, bucket: Bucket | None, say: moving_files.Say = lambda *_: None
) -> moving_files.Moved:
    """Move the sealed files of an open vault to a bucket, or (None) into its folder. ``secret``: what opens it."""
    return moving_files.move(vault, master_key(vault.folder, secret), bucket, say)


def note_left(vault: Vault, moved: moving.Moved | moving_files.Moved, at: datetime) -> None:
    """Note what a move left among the vault's copies: a withdrawal does not reach it."""
    keeping.note(owner(vault, at), at.date(), f"{_LEFT if isinstance(moved, moving.Moved) else _FILES}{moved.left}")


def erase_left(vault: Vault, secret: Secret, at: datetime) -> list[str]:
    """Erase the rows and the files that an earlier move left, and note that they are gone; where they lay.

    Raises InvalidValue where nothing is left.
    """
    master, erased = master_key(vault.folder, secret), list[str]()
    if moving_files.left(vault.folder):
        erased.append(f"{_FILES}{moving_files.erase(vault, master)}")
    if moving.left(vault.folder) or not erased:
        erased.append(f"{_LEFT}{moving.erase(vault, master)}")
    desk = owner(vault, at)
    for one in keeping.backups(desk):
        if one.gone is None and one.place in erased:
            keeping.gone(desk, one.pk)
    return [one.rpartition(" ")[2] for one in erased]


def restore(
    backup: Path, folder: Path, secret: Secret, at: datetime, *, marks: Path | None = None, new_passphrase: str = ""
) -> restoring.Restored:
    """Make a vault's folder from a backup. ``marks``: where this machine remembers what was signed last."""
    return restoring.restore(backup, folder, secret, at, _Again(), marks_folder=marks, new_passphrase=new_passphrase)


def export(vault: Vault, folder: Path, at: datetime) -> everything.Left:
    """Write everything that a vault holds into a new folder, in the clear."""
    return everything.export(owner(vault, at), folder)


def create_from_export(
    export: Path, folder: Path, name: str, passphrase: str, at: datetime, *, account: str = "keeper"
) -> str:
    """Make a vault of everything in an export, whole or not at all; its first account's one-time passphrase.

    Its log goes on from the old one under a new name. Raises InputRefused, InvalidValue, StorageFull, VaultDamaged.
    """
    said = everything.about(export)
    work = folder.absolute().with_name(folder.name + ".from-export")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputRefused("{folder} is not empty: a vault is made in a folder of its own", folder=folder)
    shutil.rmtree(work, ignore_errors=True)  # of a try that was broken off
    try:
        one_time = create_vault(work, name, passphrase, hub=bool(said["hub"]), account=account)
        with open_vault(work, passphrase) as vault:
            if everything.take(owner(vault, at), export, said):
                begin_anew(owner(vault, at), passphrase)
        with open_vault(work, passphrase) as vault:
            if wrong := everything.wrong(owner(vault, at)):
                raise VaultDamaged("the export is not what was sealed, and no vault was made: {why}", why=wrong[0])
        if folder.exists():
            folder.rmdir()
        work.rename(folder)
    except OSError as error:
        raise unwritten(Sentence("the vault"), error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return one_time


class _Again:
    """What was done to records after a backup, done again."""

    def withdraw(self, desk: Desk, sources: Sequence[str], on: date) -> Sequence[str]:
        return records_actions.withdraw_again(desk, sources, on)

    def take_back(self, desk: Desk, note: Mapping[str, Any]) -> Sequence[str]:
        return after_backup.again(desk, note)

    def unsure(self, desk: Desk) -> int:
        """Whoever has a code may have used it since."""
        asked = survivor_codes.standing()
        after_backup.unsure(desk, asked)
        return len(asked)


def checkpoint_due(vault: Vault, hours: Sequence[int], at: datetime) -> bool:
    """Whether one of the fixed hours (UTC) has passed since the last checkpoint."""
    last = Checkpoint.objects.order_by("-size").first()
    return Schedule(tuple(hours)).due(None if last is None else last.at, at)


def cosign(vault: Vault, note: bytes, *, log: Verifier, proof: Sequence[bytes] = (), at: datetime) -> str:
    """Witness another member's checkpoint by its key alone; return the cosignature's line. Raises NotVerified."""
    if log.public == vault.signer.verifier().public:
        raise NotAllowed("a log's own key cannot witness it")
    request = request_for(note, log_queries.seen(log.name).size, proof)
    found = log_actions.answer(owner(vault, at), request, also=[log])
    if found.status != 200:
        raise NotVerified("not cosigned ({status}): {body}", status=found.status, body=found.body.decode().strip())
    return found.body.decode()


def stamp_request(vault: Vault) -> bytes:
    """An RFC 3161 request for the newest checkpoint."""
    note = log_queries.newest_checkpoint()
    if note is None:
        raise InvalidValue("the log has no checkpoint yet; run `corroborate log checkpoint`")
    return times.request(note)


def take_token(vault: Vault, raw: bytes, at: datetime, roots: Sequence[bytes] = ()) -> Token:
    """Keep a timestamp token. ``roots``: certificates in PEM that an authority's token must lead to."""
    from cryptography import x509

    try:
        certificates = [x509.load_pem_x509_certificate(one) for one in roots]
    except ValueError as error:
        raise InvalidValue("a root certificate is no PEM certificate: {error}", error=error) from error
    return log_actions.take_token(owner(vault, at), raw, certificates)


def record_fixity(vault: Vault, found: Sequence[Check], at: datetime) -> int:
    """Keep and seal what a check of everything found, and raise an alarm for what is wrong; return the log's size."""
    return log_actions.record_fixity(owner(vault, at), [asdict(one) for one in found])


def letters(
    vault: Vault, statement: str, at: datetime
) -> tuple[tuple[mailing.Letter, ...], mailing.Server | None, frozenset[str]]:
    """What members who have not spoken to a statement are to be sent; the mail server; who was written to today."""
    register = campaign_queries.register()
    state = campaign_queries.state(statement, register, at.date())
    if state is None:
        raise InvalidValue("there is no statement {statement} at this hub", statement=statement)
    made = mailing.letters(state, register, at, "en")
    return made, mailing.Server.read(vault.folder), mailing.sent_today(statement, at)


def remind(
    vault: Vault, statement: str, at: datetime, *, password: str = "", keep_password: bool = False
) -> tuple[mailing.Result, ...]:
    """Send those letters, each to its own address, no more than once a day."""
    desk = owner(vault, at)
    if keep_password and password:
        mailing.keep_password(desk, password)
    return mailing.remind(desk, statement, password=password)
