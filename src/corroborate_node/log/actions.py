"""What members do as witnesses, and what the vault does with its own log. State is stored before any answer leaves."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509

from corroborate.coalition.likeness import reads_like
from corroborate.custody import (
    COSIGNATURE_V1,
    Answer,
    Checkpoint,
    Log,
    Note,
    Remember,
    Signer,
    SplitView,
    Suspect,
    Tree,
    Verifier,
    Watched,
    add_checkpoint,
    compare,
    keys,
    leaf_hash,
    read_answer,
    recovery,
    request_for,
    times,
)
from corroborate.custody import enrolment as enrolments
from corroborate.custody import roster as rosters
from corroborate.custody.merkle import EMPTY_ROOT
from corroborate.custody.proofs import write_hashes
from corroborate.custody.witness import Effect
from corroborate.errors import InvalidValue, NotAllowed, NotVerified, StorageFull, VaultDamaged
from corroborate.sealed import Secret
from corroborate.translation import Sentence, written
from corroborate.values import canonical
from corroborate_node.core import accounts, vaults
from corroborate_node.core.actors import Account
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import storing
from corroborate_node.log import models, queries, rollback
from corroborate_node.log.queries import log_size
from corroborate_node.log.rollback import refuse_while_restored, stand
from corroborate_node.log.sealing import seal_record

Entropy = Callable[[int], bytes]
OPEN = ("split view", "own log")  # alarms of a kind that no later answer takes back


# -- our own log --


@act("log.checkpoint", ways=("command log",), whole=False)
def checkpoint(desk: Desk) -> bytes:
    """Sign the log's size and root. Tiles go to disk first, then the note into the database, the checkpoint file last.

    Records that were sealed before stay sealed when this fails; run it again when there is room. Raises NotAllowed
    while a restored vault has not heard what was cosigned last, VaultDamaged when tiles or database do not fit.
    """
    vault, at = desk.vault, desk.at
    _set_aside_another_log(vault)
    rollback.may_sign(vault, at)
    rollback.refuse_with_an_old_key(vault)
    log, (before, note) = Log.at(vault.log), queries.newest()
    try:
        if before is not None:
            log.bring_up(note, queries.commitments)
        size = log_size()
        old = 0 if before is None else before.size
        if size < old:
            raise VaultDamaged(
                (
                    "{old} entry was signed and the database holds {size}: nothing is signed",
                    "{old} entries were signed and the database holds {size}: nothing is signed",
                ),
                old=old,
                size=size,
            )
        if before is not None and size == old:
            return note
        root = log.grow(old, EMPTY_ROOT if before is None else before.root, size, queries.commitments)
        text = Checkpoint(vault.signer.name, size, root).text()
        note = f"{text}\n{vault.signer.line(text)}".encode()
        with storing():
            models.Checkpoint.objects.create(size=size, note=note, at=at)
        log.publish(note)
        rollback.remember(vault)
    except NotVerified as error:
        raise VaultDamaged("{error}: nothing is signed", error=error) from error
    except StorageFull as error:
        error.remedy = "All records are stored and sealed. Free some space, then run `corroborate log checkpoint`."
        raise
    return note


def ask_witness(vault: Vault, witness: Verifier, old: int | None = None) -> bytes:
    """The request to a witness for the newest checkpoint. ``old``: what it says it cosigned last."""
    found, note = queries.newest()
    if found is None:
        raise InvalidValue("the log has no checkpoint yet; run `corroborate log checkpoint`")
    key = Verifier(witness.name, COSIGNATURE_V1, witness.public)
    old = queries.cosigned_at(key) if old is None else old
    if old > found.size:
        error = InvalidValue(
            (
                "{name} cosigned {old} entry; this vault's newest checkpoint has {size}",
                "{name} cosigned {old} entries; this vault's newest checkpoint has {size}",
            ),
            name=witness.name,
            old=old,
            size=found.size,
        )
        error.remedy = "If that is so, this vault is an older copy: `corroborate log restored --help`."
        raise error
    proof = queries.tree(vault, found.size).consistency(old) if old else []
    return request_for(note, old, proof)


@act("witness.take-answer", "log.witness", ways=("command log",), whole=False)
def take_answer(desk: Desk, answer: bytes) -> bytes:
    """Put a witness's cosignatures under the newest checkpoint. Raises NotVerified when none is of a member.

    A clock that is far from the witnesses' raises an alarm.
    """
    vault, at = desk.vault, desk.at
    witnesses, today = [seat.key for seat in queries.seats()], queries.cosigners()
    found, note = queries.newest()
    if found is None:
        raise InvalidValue("the log has no checkpoint yet")
    if answer.strip().isdigit():  # bytes: digits of ASCII alone
        raise NotVerified(
            (
                "the witness did not sign: it cosigned {answer} entry last; ask again with --old",
                "the witness did not sign: it cosigned {answer} entries last; ask again with --old",
            ),
            answer=int(answer),
        )
    lines = read_answer(answer, note, today)
    if not lines and read_answer(answer, note, witnesses):
        error = NotVerified("the answer is cosigned with a key that its member has replaced")
        raise error.advising(Sentence("Ask that member to cosign again, with its key of now."))
    if not lines:
        raise NotVerified("the answer holds no cosignature of an enrolled member")
    note = _with_lines(vault, note, found, lines)
    told = {key.name: moment for key, moment in Note.parse(note).check(witnesses).items() if moment is not None}
    row = models.Checkpoint.objects.get(size=found.size)
    off = times.clock_off(row.at, told)
    if off is not None:
        alarm(
            "clock",
            vault.signer.name,
            Sentence(
                (
                    "our clock and the witnesses' are {days} day apart",
                    "our clock and the witnesses' are {days} days apart",
                ),
                days=abs(off.days),
            ),
            at,
        )
    return note


def _with_lines(vault: Vault, note: bytes, found: Checkpoint, lines: Iterable[str]) -> bytes:
    have = {(one.name, one.key_id) for one in Note.parse(note).signatures}
    for line in lines:
        added = Note.parse(note + line.encode()).signatures[-1]
        if (added.name, added.key_id) not in have:
            note, have = note + line.encode(), have | {(added.name, added.key_id)}
    with storing():
        models.Checkpoint.objects.filter(size=found.size).update(note=note)
    Log.at(vault.log).bring_up(note, queries.commitments)
    return note


@act("witness.take-cosignatures", "log.witness", ways=("command log",), whole=False)
def add_cosignatures(desk: Desk, lines: Iterable[str], witnesses: Iterable[Verifier]) -> bytes:
    """Put cosignatures of members whose keys are given under the newest checkpoint; return the note.

    ``witnesses``: keys of either kind. Raises NotVerified for a line of nobody known, or of other bytes.
    """
    vault = desk.vault
    found, note = queries.newest()
    if found is None:
        raise InvalidValue("the log has no checkpoint yet")
    keys = [Verifier(one.name, COSIGNATURE_V1, one.public) for one in witnesses]
    for line in lines:
        if not read_answer(line.encode(), note, keys):
            raise NotVerified(
                "{name} is no witness that we know", name=Note.parse(note + line.encode()).signatures[-1].name
            )
    return _with_lines(vault, note, found, lines)


# -- as a witness of others --


@act(
    "witness.answer",
    "log.witness",
    ways=("api /witness/add-checkpoint", "command log"),
    worth=lambda answer: answer.status == 200,
)
def answer(desk: Desk, request: bytes, *, also: Sequence[Verifier] = ()) -> Answer:
    """Answer an `add-checkpoint` request: check, store and only then sign away (one transaction).

    ``also``: keys of logs that are not enrolled and are watched by this call's word.
    """
    vault, at = desk.vault, desk.at
    rollback.may_sign(vault, at)
    with storing():
        logs = queries.watched(vault)
        for key in also:
            logs.setdefault(key.name, Watched((key,), queries.seen(key.name)))
        outcome = add_checkpoint(request, logs, vault.signer, at)
        for effect in outcome.effects:
            carry_out(effect, at)
    return outcome.answer


def carry_out(effect: Effect, at: datetime) -> bool:
    """Store what an answer or a comparison gave: whether it raised an alarm that did not stand open before."""
    match effect:
        case Remember(origin, seen):
            values = {"size": seen.size, "root": seen.root, "note": seen.note, "at": at}
            models.WatchedLog.objects.update_or_create(origin=origin, defaults=values)
            history = queries.histories().get(origin)
            rows = models.Heard.objects.filter(origin=origin, size=seen.size) if history else ()
            told = [note for row in rows if queries.of_its_time(history, note := bytes(row.note))]
            split = [compare(note, seen.note, (), history.keys) for note in told if history]
            return bool(sum(carry_out(one, at) for one in split if one is not None))
        case SplitView(origin, older, newer) | Suspect(origin, older, newer) if not all(
            queries.of_its_time(queries.histories().get(origin), note) for note in (older, newer)
        ):
            return False  # under a key that was given up: whoever has it now says nothing for the log
        case SplitView(origin, older, newer, proof):
            pair = {Note.parse(note).text for note in (older, newer)}
            open_ = models.Alarm.objects.filter(kind="split view", about=origin, settled=None)
            if any({Note.parse(bytes(note)).text for note in (row.older, row.newer)} == pair for row in open_):
                return False  # told again, with other cosignatures under it or in the other order
            found = Sentence(
                "{origin} signed two histories. The two checkpoints are kept as proof; show them to every member.",
                origin=origin,
            )
            return alarm("split view", origin, found, at, older, newer, proof)
        case Suspect(origin, older, newer):
            found = Sentence(
                "{origin} did not show that its checkpoint goes on from the one seen before. Ask it for its tiles.",
                origin=origin,
            )
            return alarm("open question", origin, found, at, older, newer)
    return False


def alarm(
    kind: str, about: str, found: str, at: datetime, older: bytes = b"", newer: bytes = b"", proof: Sequence[bytes] = ()
) -> bool:
    """Raise an alarm; one that stands open already in the same words is not raised twice. Whether it is a new one."""
    hashes = write_hashes(proof).split()
    with storing():
        _, new = models.Alarm.objects.get_or_create(
            kind=kind, about=about, found=written(found), settled=None, older=older, newer=newer,
            defaults={"proof": hashes, "at": at},
        )  # fmt: skip
    return bool(new)


@act("alarm.settle", ways=("page alarms",), objects=lambda number, _how: [f"alarm/{number}"], standing_back=True)
def settle(desk: Desk, number: int, how: str) -> None:
    """Close an alarm with a word on how. It stays on the page, with who settled it.

    Raises NotAllowed for an account that acts for the member the alarm is about: nobody closes the case against
    themselves.
    """
    if not how.strip():
        raise InvalidValue("say how the alarm was settled: others will read it")
    with storing():
        row = models.Alarm.objects.filter(id=number, settled=None).first()
        if row is None:
            raise InvalidValue("no open alarm {number}", number=number)
        if row.about != desk.vault.signer.name and queries.acts_for(accounts.user_of(desk.actor), row.about):
            error = NotAllowed("this alarm is about {about}, for whom this account acts", about=row.about)
            error.remedy = "Let somebody of another member or of the secretariat settle it."
            raise error
        row.settled, row.how = desk.at, how.strip()
        row.settled_by = desk.by if isinstance(desk.actor, Account) else ""
        row.save()


def split_view_of(row: models.Alarm) -> SplitView:
    """The proof behind an alarm, as a value that anybody can check."""
    proof = tuple(base64.b64decode(one) for one in row.proof)
    return SplitView(row.about, bytes(row.older), bytes(row.newer), proof)


@act("checkpoints.hear", "log.witness", ways=("command exchange",), standing_back=True)
def hear(desk: Desk, notes: Iterable[bytes], by: str) -> int:
    """Take in checkpoints that another member showed; return how many of them raised an alarm.

    Two of one size with different roots are proof at once. Others wait until the log's tiles are at hand
    (:func:`compare_tiles`), or until one of the same size is heard. Notes of unknown logs are passed over, and those
    under a key that was given up, which anybody may sign who has it now.
    """
    vault, at = desk.vault, desk.at
    histories, raised = queries.histories(), 0
    own = vault.signer.name
    for note in notes:
        found = Checkpoint.parse(Note.parse(note).text)
        if found.origin == own:
            raised += _hear_of_ourselves(vault, note, found, by, at)
        elif found.origin in histories:
            history = histories[found.origin]
            if Note.parse(note).check(history.keys) and queries.of_its_time(history, note):
                raised += _hear_of(found, note, history, by, at)
    return raised


def _hear_of(found: Checkpoint, note: bytes, history: keys.KeyHistory, by: str, at: datetime) -> int:
    seen = queries.seen(found.origin)
    rows = models.Heard.objects.filter(origin=found.origin, size=found.size)
    others = [bytes(row.note) for row in rows] + ([seen.note] if seen.note else [])
    effects = [compare(other, note, (), history.keys) for other in others if queries.of_its_time(history, other)]
    split = [effect for effect in effects if isinstance(effect, SplitView)]
    with storing():
        models.Heard.objects.get_or_create(
            origin=found.origin, size=found.size, root=found.root,
            defaults={"note": note, "by": by, "at": at, "compared": seen.size == found.size or bool(split)},
        )  # fmt: skip
        return sum([carry_out(effect, at) for effect in split])


def _hear_of_ourselves(vault: Vault, note: bytes, found: Checkpoint, by: str, at: datetime) -> int:
    """Somebody shows us our own checkpoint: it is one of ours, or newer than this copy, or another history."""
    if vault.signer.verifier() not in Note.parse(note).check([vault.signer.verifier()]):
        return 0
    newest, _ = queries.newest()
    size = 0 if newest is None else newest.size
    if found.size > size:
        stand(
            "behind",
            Sentence(
                (
                    "{by} holds our checkpoint of {size} entry; this copy has {ours}",
                    "{by} holds our checkpoint of {size} entries; this copy has {ours}",
                ),
                by=by,
                size=found.size,
                ours=size,
            ),
            at,
        )
    elif found.size == 0 or queries.tree(vault, size).root(found.size) == found.root:
        with storing():  # our bundles show from now on how the log went on from there
            models.Heard.objects.get_or_create(
                origin=found.origin, size=found.size, root=found.root,
                defaults={"note": note, "by": by, "at": at, "compared": True},
            )  # fmt: skip
        return 0
    else:
        stand(
            "forked",
            Sentence(
                (
                    "{by} holds a checkpoint of ours of {size} entry that is not that of this copy",
                    "{by} holds a checkpoint of ours of {size} entries that are not those of this copy",
                ),
                by=by,
                size=found.size,
            ),
            at,
        )
    words = Sentence("{by} holds a checkpoint under our key that this copy does not know", by=by)
    return int(alarm("own log", found.origin, words, at, b"", note))


@act("tiles.compare", "log.witness", ways=("command log",), whole=False, standing_back=True)
def compare_tiles(desk: Desk, folder: Path) -> tuple[int, int]:
    """Compare what was heard of a log with its own tiles. Returns how many fitted and how many raised an alarm."""
    at = desk.at
    log = Log.at(folder)
    note = log.checkpoint()
    if note is None:
        raise InvalidValue("{folder} holds no log", folder=folder)
    found = Checkpoint.parse(Note.parse(note).text)
    history = queries.histories().get(found.origin)
    if history is None or not Note.parse(note).check(history.keys):
        raise NotVerified("{origin} is not enrolled here, or has not signed this checkpoint", origin=found.origin)
    if not queries.of_its_time(history, note):
        raise NotVerified("the key that signed this checkpoint was replaced: the tiles may be anybody's")
    log.check()
    tree, fitted, raised = log.tree(), 0, 0
    rows = list(models.Heard.objects.filter(origin=found.origin, size__lte=found.size))
    seen = queries.seen(found.origin)
    if 0 < seen.size <= found.size:
        rows.append(models.Heard(size=seen.size, note=seen.note))
    rows = [row for row in rows if queries.of_its_time(history, bytes(row.note))]
    with storing():
        for row in rows:
            proof = tree.consistency(row.size, found.size) if row.size else []
            effect = compare(bytes(row.note), note, proof, history.keys)
            if effect is None:
                fitted += 1
            else:
                carry_out(effect, at)
                raised += 1
            if row.pk is not None:
                models.Heard.objects.filter(pk=row.pk).update(compared=True)
    return fitted, raised


# -- members and keys --


@act("log.enrol", ways=("command log",))
def admit(desk: Desk, note: bytes) -> enrolments.Enrolment:
    """Take a countersigned enrolment into the list of members, and seal it. Raises NotVerified, and NotAllowed also for
    a log whose name reads like another's: what it sends would be taken for that one's."""
    at, entropy = desk.at, desk.entropy
    with storing():
        before = queries.whole_roster()
        found = enrolments.Enrolment.parse(Note.parse(note).text)
        for other in before.members:
            if other != found.key.name and reads_like(found.key.name, other):
                raise NotAllowed(
                    "the log {name} reads like {other}, which is enrolled here: let it take another name",
                    name=found.key.name,
                    other=other,
                )
        after = before.admit(note)
        if found.key.name in before.members:  # it left, and comes back
            models.KeyNote.objects.create(origin=found.key.name, note=note, at=at)
        else:
            models.Member.objects.create(
                origin=found.key.name, organisation=found.organisation, voice=found.voice, note=note, at=at
            )
        seal_record("key", found.key.name[:80], note, at, entropy=entropy)
    return after.members[found.key.name].enrolment


@act("key.follow", "log.enrol", ways=("command log",), whole=False)
def change_key(desk: Desk, note: bytes) -> Verifier:
    """Take a rotation, a revocation or a departure in, and seal it; return the key that the log has now."""
    vault, at, entropy = desk.vault, desk.at, desk.entropy
    with storing():
        after, origin = queries.whole_roster().take(note), named_in(note)
        _check_cut_off(origin, note)
        models.KeyNote.objects.create(origin=origin, note=note, at=at)
        seal_record("key", origin[:80], note, at, entropy=entropy)
    newest = after.members[origin].history.newest
    if origin == vault.signer.name:
        vaults.take_staged_key(vault.folder, newest)
    return newest


def _check_cut_off(origin: str, note: bytes) -> None:
    """Raises NotVerified for a planned change that takes back what this vault cosigned under the key before: whoever
    showed two histories would be rid of both."""
    seen = queries.seen(origin)
    if rosters.is_departure(note):
        return
    change = keys.KeyChange.parse(Note.parse(note).text)
    if change.why == "rotation" and change.size < seen.size:
        raise NotVerified(
            (
                "this change of key ends the key of {name} at {size} entries; {seen} entry of it was cosigned here",
                "this change of key ends the key of {name} at {size} entries; {seen} entries of it were cosigned here",
            ),
            name=origin,
            size=change.size,
            seen=seen.size,
        )


def named_in(note: bytes) -> str:
    """The log whose key a note ends or changes. Raises InvalidValue for a note of another kind."""
    text = Note.parse(note).text
    return (rosters.Departure.parse(text).key if rosters.is_departure(note) else keys.KeyChange.parse(text).old).name


@act("key.rotate", "key.keep", ways=("command log",), whole=False)
def rotate_key(desk: Desk, passphrase: Secret) -> bytes:
    """Give this vault's log a new key, and return the note for the other members. Open the vault anew afterwards.

    New key beside the old one, then the note in the database and the log, then the new key in place. A crash between
    the last two leaves a vault that refuses to sign; running this again finishes the change.
    """
    vault, at, entropy = desk.vault, desk.at, desk.entropy
    history = queries.histories().get(vault.signer.name)
    if history is None:
        raise NotAllowed("this vault is not enrolled yet: nobody would follow its new key")
    if history.newest != vault.signer.verifier():
        vaults.take_staged_key(vault.folder, history.newest)
        notes = [bytes(row.note) for row in models.KeyNote.objects.filter(origin=vault.signer.name).order_by("-id")]
        return next(note for note in notes if keys.is_change(note))
    refuse_while_restored(vault, at)
    found, _ = queries.newest()
    new = Signer(vault.signer.name, entropy(32))
    note = keys.rotate(vault.signer, new, 0 if found is None else found.size, at)
    vaults.stage_key(vault.folder, passphrase, new, entropy=entropy)
    change_key(desk, note)
    return note


@act("key.revoke", "key.keep", ways=("command log",), whole=False)
def revoke_key(desk: Desk, passphrase: Secret) -> bytes:
    """The note that revokes this vault's key, to be countersigned by two members; the new key waits beside the old one.

    The cut-off is the newest checkpoint of this vault. The note comes back through :func:`change_key`.
    """
    vault, at, entropy = desk.vault, desk.at, desk.entropy
    found, _ = queries.newest()
    new = Signer(vault.signer.name, entropy(32))
    vaults.stage_key(vault.folder, passphrase, new, entropy=entropy)
    # A thief may have named an heir by a rotation: then the heir's key is the one to be revoked.
    history = queries.histories().get(vault.signer.name, keys.KeyHistory(vault.signer.verifier()))
    cut_off = max([0 if found is None else found.size, *(change.size for change in history.changes)])
    return keys.revoke(history.newest, new, cut_off, at)


# -- after a restore --


def _set_aside_another_log(vault: Vault) -> None:
    """The files of a log that this one goes on from stay beside it, under its checkpoint's size."""
    try:
        note = Log.at(vault.log).checkpoint()
        found = None if note is None else Checkpoint.parse(Note.parse(note).text)
    except InvalidValue:
        return  # damaged: written anew from the database
    if found is not None and found.origin != vault.signer.name:
        vault.log.rename(vault.log.with_name(f"log-before-{hashlib.sha256(found.origin.encode()).hexdigest()[:8]}"))
        vault.log.mkdir(mode=0o700)


@act("seat.leave", "key.keep", ways=("command log",), whole=False)
def leave(desk: Desk, of: str = "") -> bytes:
    """The note by which a seat is given up: this vault's own, or the one of a log whose key is lost.

    One's own key is enough for one's own seat; for another's, a second member of another voice signs the note too.
    """
    origin = of or desk.vault.signer.name
    seat = queries.whole_roster().members.get(origin)
    if seat is None or seat.left is not None:
        raise NotAllowed("{origin} has no seat here to give up", origin=origin)
    return rosters.depart(rosters.Departure(seat.history.newest, desk.at), desk.vault.signer)


@act("backup.restored", "backup.keep", ways=("command log",), standing_back=True)
def restored(desk: Desk) -> None:
    """Note that this vault came back from a backup. It signs nothing until enough members said what they cosigned."""
    at = desk.at
    with storing():
        models.Answered.objects.all().delete()
        stand("asking", "it came back from a backup, and nobody has said yet what was cosigned last", at)


@act("backup.hear-answer", "backup.keep", ways=("command log",), standing_back=True)
def hear_answer(desk: Desk, organisation: str, note: bytes | None) -> recovery.RestoreStatus:
    """Take in what an organisation cosigned last of our log (None: nothing), and judge whether we may sign."""
    vault, at = desk.vault, desk.at
    members = [member for member in queries.roster() if member.voice != queries.voice_of(vault)]
    if organisation not in {member.voice for member in members}:
        raise NotAllowed("{organisation} is not among the enrolled members", organisation=organisation)
    if note is not None:
        keys = [seat.key for seat in queries.seats() if seat.group == organisation]
        if not Note.parse(note).check(keys):
            raise NotVerified("{organisation} has not cosigned this checkpoint", organisation=organisation)
    with storing():
        values = {"note": note, "at": at}
        models.Answered.objects.update_or_create(organisation=organisation, defaults=values)
        answers = {
            row.organisation: None if row.note is None else bytes(row.note) for row in models.Answered.objects.all()
        }
        group = queries.policy(vault).groups[str(queries.policy(vault).quorum)]
        wanted = recovery.answers_needed(len(group.members), group.least)
        size = log_size()
        found = recovery.status_of(_database_tree(size), vault.signer.verifier(), answers, wanted)
        if found.may_sign:
            models.SigningHalt.objects.all().delete()
            _take_newest(found.newest)
        else:
            stand(found.state, found.found, at)
    return found


def _take_newest(note: bytes | None) -> None:
    """Hold the newest cosigned checkpoint from now on: the next one must go on from it."""
    if note is None:
        return
    found = Checkpoint.parse(Note.parse(note).text)
    row = models.Checkpoint.objects.order_by("-size").first()
    if row is None or row.size < found.size:
        models.Checkpoint.objects.create(size=found.size, note=note, at=models.Answered.objects.latest("at").at)


def _database_tree(size: int) -> Tree:
    return Tree([leaf_hash(entry) for entry in queries.commitments(0, size)])


# -- time --


@act("token.take", "log.witness", ways=("command log",))
def take_token(desk: Desk, raw: bytes, roots: Sequence[x509.Certificate] = ()) -> times.Token:
    """Keep a timestamp token over the newest checkpoint, raw, whatever it holds."""
    at = desk.at
    found, note = queries.newest()
    if found is None:
        raise InvalidValue("the log has no checkpoint yet")
    token = times.read_token(raw, note, roots)
    with storing():
        models.Token.objects.create(
            size=found.size,
            raw=raw,
            state=token.state,
            authority=token.authority,
            says=token.at,
            found=token.found,
            at=at,
        )
    return token


# -- fixity --


@act("fixity.check", ways=("command doctor", "job checks"))
def record_fixity(desk: Desk, found: Sequence[dict[str, str]]) -> int:
    """Keep what a check of everything found, seal it in the log, and raise an alarm for what is wrong."""
    vault, at, entropy = desk.vault, desk.at, desk.entropy

    rollback.may_sign(vault, at)
    # Open alarms stand already: they are told of, and are no new damage.
    found = [
        {**one, "state": "advice"} if (one["about"], one["state"]) == ("alarms", "wrong") else one for one in found
    ]
    wrong = [one for one in found if one["state"] == "wrong"]
    content = canonical({"version": 1, "checked": at.isoformat(), "found": [dict(one) for one in found]})
    with storing():
        models.Fixity.objects.create(at=at, wrong=len(wrong), found=list(found))
        size = seal_record("fixity", f"fixity_{at:%Y%m%dT%H%M%SZ}", content, at, entropy=entropy)
        for one in wrong:
            alarm("damage", one["about"], one["found"], at)
    return size
