"""Going on under a new origin when entries of the old log are lost. Above the log, for it keeps a record."""

import json

from django.db.models import F

from corroborate.custody import Checkpoint, Note, Signer, Verifier, recovery, seal
from corroborate.custody.seals import SALT
from corroborate.errors import NotAllowed, VaultDamaged
from corroborate.sealed import Secret
from corroborate_node.core import vaults
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import storing
from corroborate_node.log import models, queries
from corroborate_node.log.queries import log_size
from corroborate_node.records import models as records


@act("log.begin-anew", "key.keep", ways=("command log",), whole=False, standing_back=True)
def begin_anew(desk: Desk, passphrase: Secret) -> str:
    """Go on under a new origin when entries of the old log are truly lost; return its name. Open the vault anew then.

    The first entry of the new log names the old one's newest cosigned checkpoint; all records that are still here are
    sealed after it with the commitments that they had. Raises NotAllowed unless members have shown that this vault is
    behind or forked. The new origin is enrolled like a newcomer, as another seat of the same voice.
    """
    vault, at, entropy = desk.vault, desk.at, desk.entropy
    if (pending := _begun(vault)) is not None:
        with storing():
            models.SigningHalt.objects.all().delete()  # it stood there because the old key did not fit the new database
        vaults.take_staged_key(vault.folder, pending)
        return pending.name
    row = queries.may_sign()
    newest = [bytes(one.note) for one in models.Answered.objects.exclude(note=None) if one.note is not None]
    newest += [bytes(one.newer) for one in models.Alarm.objects.filter(kind="own log", about=vault.signer.name)]
    if row is None or row.state not in ("behind", "forked") or not newest:
        raise NotAllowed("no member has shown that entries of this log are lost: it goes on under its own name")
    old = max(newest, key=lambda note: Checkpoint.parse(Note.parse(note).text).size)
    name = _next_name(vault.signer.name, Checkpoint.parse(Note.parse(old).text).origin)
    signed, _ = queries.newest()
    record = recovery.continuation(old, name, 0 if signed is None else signed.size, at)
    new = Signer(name, entropy(32))
    vaults.stage_key(vault.folder, passphrase, new, entropy=entropy)
    with storing():
        held = queries.commitments(0, log_size())
        # Two steps: an index is a primary key, and none may be there twice in between.
        models.LogEntry.objects.update(index=-2 - F("index"))
        models.LogEntry.objects.update(index=-1 - F("index"))
        sealed = seal(record, entropy(SALT))
        models.LogEntry.objects.create(
            index=0, commitment=sealed.commitment, salt=sealed.salt, kind="origin", record=name[:80], at=at
        )
        records.Document.objects.create(kind="origin", body={"record": record.decode()}, at=at)
        models.Checkpoint.objects.all().delete()
        models.SigningHalt.objects.all().delete()
        models.Answered.objects.all().delete()
        if queries.commitments(1, log_size()) != held:
            raise VaultDamaged("the entries did not move whole")
    vaults.take_staged_key(vault.folder, new.verifier())
    return name


def _next_name(own: str, before: str) -> str:
    """The log's name with the next number: after the one that goes on, where that had the same name."""
    base, _, number = own.partition("~")
    other, _, last = before.partition("~")
    return f"{base}~{max(int(number or 1), int(last or 1) if other == base else 1) + 1}"


def _begun(vault: Vault) -> Verifier | None:
    """The key of a new origin that the database has already and the vault not yet: a crash came between the two."""
    row, staged = (
        records.Document.objects.filter(kind="origin").order_by("-id").first(),
        vaults.staged_key(vault.folder),
    )
    if row is None or staged is None or json.loads(row.body["record"])["as"] != staged.name:
        return None
    return staged
