"""A mark outside the vault's folder: the newest checkpoint that was signed on this machine.

A folder that is copied back whole does not know that it is old: database, tiles and all it knows of others are of one
moment.
The mark is not in the folder, so it does not go back with it. It is the signed note itself, which lies in ``log/`` in
the clear anyway, under a name made from the log's first key.

What it cannot do: nothing on a machine where the vault never signed (a copy carried elsewhere), nothing when the mark
goes back too (a disk restored as a whole). There only the other members help: ask them before signing.
"""

import hashlib
from datetime import datetime
from pathlib import Path

from corroborate.custody import Checkpoint, Log, Note, recovery, write_file
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.translation import Sentence, written
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import storing
from corroborate_node.log import models, queries


def may_sign(vault: Vault, at: datetime) -> None:
    """Asked by every command and act that changes or signs something, and by every seal. Raises NotAllowed.

    To be asked before anything is stored; what stands against signing is kept, so that pages and `doctor` show it.
    """
    if vault.marks is None:
        refuse_while_restored(vault, at)
    else:
        refuse_if_older(vault, vault.marks, at)


def remember(vault: Vault) -> None:
    """Keep the newest checkpoint outside the vault, where this process was told a place for it."""
    if vault.marks is not None:
        mark(vault, vault.marks)


def refuse_while_restored(vault: Vault, at: datetime) -> None:
    """Raises NotAllowed when this vault may not sign. Files that are ahead of the database show a restore by itself."""
    log, (before, _) = Log.at(vault.log), queries.newest()
    try:
        ahead, file = log.size(), log.checkpoint() or b""
    except InvalidValue:
        ahead, file = 0, b""  # damaged: it is written anew from the database
    if ahead > (0 if before is None else before.size) and vault.signer.verifier() in Note.parse(file).check(
        [vault.signer.verifier()]
    ):
        stand(
            "behind",
            Sentence(
                (
                    "{ahead} entry was signed, and the database does not know of it: it is an older copy",
                    "{ahead} entries were signed, and the database does not know of it: it is an older copy",
                ),
                ahead=ahead,
            ),
            at,
        )
    row = queries.may_sign()
    if row is not None:
        error = NotAllowed("this vault signs nothing: {found}", found=row.said)
        error.remedy = "Ask the other members for the newest checkpoint they cosigned (docs/how-to/witness-a-log.md)."
        raise error


def refuse_with_an_old_key(vault: Vault) -> None:
    """A checkpoint is signed with the log's newest key. Seals go on in between: the change itself is one."""
    history = queries.histories().get(vault.signer.name)
    if history is not None and history.newest != vault.signer.verifier():
        error = NotAllowed("the log has a new key, and this vault still signs with the one before")
        error.remedy = "Finish the change of the key: corroborate log rotate."
        raise error


def stand(state: recovery.State, found: str, at: datetime) -> None:
    """From now on this vault signs nothing, until enough members have said what they cosigned."""
    with storing():
        models.SigningHalt.objects.update_or_create(id=1, defaults={"state": state, "found": written(found), "at": at})


def _file(vault: Vault, folder: Path) -> Path:
    history = queries.histories().get(vault.signer.name)
    first = vault.signer.verifier() if history is None else history.first
    return folder / f"{hashlib.sha256(b'corroborate mark v1' + str(first).encode()).hexdigest()}.checkpoint"


def refuse_if_older(vault: Vault, folder: Path, at: datetime) -> None:
    """Raises NotAllowed when this vault does not hold what was signed on this machine last, as after a copying back.

    It then signs nothing until enough members have said what they cosigned. The signature under a mark is not asked
    for: a copy from before a rotation does not know the key, and must stand back all the same.
    """
    try:
        marked = Checkpoint.parse(Note.parse(_file(vault, folder).read_bytes()).text)
    except FileNotFoundError:
        refuse_while_restored(vault, at)
        return
    except InvalidValue as error:
        damaged = InvalidValue(
            "the mark of what was signed last cannot be read ({error}): {of_file}",
            error=error,
            of_file=_file(vault, folder),
        )
        damaged.remedy = "If you did not copy this vault's folder back, remove that file."
        raise damaged from error
    newest, _ = queries.newest()
    size = 0 if newest is None else newest.size
    if marked.size > size:
        words = Sentence(
            (
                "{size} entry was signed on this machine, and this copy has signed {copy}: it is older",
                "{size} entries were signed on this machine, and this copy has signed {copy}: it is older",
            ),
            size=marked.size,
            copy=size,
        )
        stand("behind", words, at)
    elif marked.origin == vault.signer.name and _other_entries(vault, marked, size):
        stand(
            "forked",
            Sentence(
                (
                    "{size} entry other than that of this copy was signed on this machine",
                    "other {size} entries than those of this copy were signed on this machine",
                ),
                size=marked.size,
            ),
            at,
        )
    refuse_while_restored(vault, at)


def signed_last(vault: Vault, folder: Path) -> tuple[int, bytes]:
    """How many entries this machine signed last of this vault's log, and the note; 0 where it knows of none."""
    try:
        note = _file(vault, folder).read_bytes()
        found = Checkpoint.parse(Note.parse(note).text)
    except (FileNotFoundError, InvalidValue):
        return 0, b""
    return (found.size, note) if found.origin == vault.signer.name else (0, b"")


def _other_entries(vault: Vault, marked: Checkpoint, size: int) -> bool:
    return marked.size > 0 and queries.tree(vault, size).root(marked.size) != marked.root


def mark(vault: Vault, folder: Path) -> None:
    """Remember the newest checkpoint, also where it is older than the mark: after enough members were asked, what
    nobody cosigned is given up. Raises StorageFull.
    """
    newest, note = queries.newest()
    if newest is not None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_file(_file(vault, folder), note)
