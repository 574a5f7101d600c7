"""What programs do with a vault: plain functions on an open one. The caller brings the clock.

with open_vault(folder, passphrase) as vault:
    receive(vault, entities, sources, consents, claims, at=now)
    checkpoint(vault, now)
"""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from corroborate import coalition, records
from corroborate.cases import Finding
from corroborate.coalition.final import Final
from corroborate.custody import Answer, Policy, Seen, Tree, Verifier, request_for, times
from corroborate.custody.enrolment import Enrolment
from corroborate.custody.recovery import Standing
from corroborate.custody.times import Schedule, Token
from corroborate.disclosure import Results
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.exchange import Address, Receipt
from corroborate.sealed import Secret
from corroborate_node.coalition.advocacy import queries as advocacy_queries
from corroborate_node.coalition.advocacy.queries import Campaign
from corroborate_node.coalition.campaign import mailing
from corroborate_node.coalition.campaign import queries as campaign_queries
from corroborate_node.core import vaults
from corroborate_node.core.checks import Check
from corroborate_node.core.desk import owner
from corroborate_node.core.opened import Vault
from corroborate_node.exchange import exchanging
from corroborate_node.exchange.exchanging import TakenIn
from corroborate_node.inquiry import queries as inquiry_queries
from corroborate_node.log import actions as log_actions
from corroborate_node.log import fixity, marks, models
from corroborate_node.log import marks as log_marks
from corroborate_node.log import queries as log_queries
from corroborate_node.log.models import Checkpoint
from corroborate_node.records import actions as records_actions
from corroborate_node.records import anew
from corroborate_node.records import cases as records_cases
from corroborate_node.records import queries as records_queries
from corroborate_node.records.actions import Received
from corroborate_node.release import giving, making
from corroborate_node.release.making import Asked
from corroborate_node.release.packing import Packed

Entropy = Callable[[int], bytes]


def create_vault(
    folder: Path,
    name: str,
    passphrase: str,
    *,
    hub: bool = False,
    account: str = "keeper",
    account_passphrase: str | None = None,
    at: datetime | None = None,
    entropy: Entropy = os.urandom,
) -> str:
    """Make a vault or hub, and a first account with every role; its one-time passphrase.

    ``account_passphrase``: the account's own, chosen already; then the answer is empty.
    """
    return vaults.create(
        folder,
        name,
        passphrase,
        hub=hub,
        account=account,
        account_passphrase=account_passphrase,
        at=at,
        entropy=entropy,
    )


def open_vault(folder: Path, passphrase: Secret, *, marks: Path | None = None) -> AbstractContextManager[Vault]:
    """Open it for this process: ``with open_vault(folder, passphrase) as vault``. One at a time.

    In place of a passphrase: a security key (``corroborate.sealed.security_keys.PluggedIn``). ``marks``: a folder
    outside the vault that remembers what was signed last; every seal and every checkpoint asks it.
    """
    return vaults.opening(folder, passphrase, marks=marks)


def receive(
    vault: Vault,
    entities: Iterable[records.Entity],
    sources: Iterable[records.Source],
    consents: Iterable[records.Consent],
    claims: Iterable[records.Claim],
    at: datetime,
    *,
    cases: Sequence[str] = (),
    entropy: Entropy = os.urandom,
) -> Received:
    """Take records in, each sealed in the log, all or nothing. A checkpoint is a step of its own.

    ``cases``: names of the open cases in which their sources are filed.
    """
    desk = owner(vault, at, entropy)
    return records_actions.receive(desk, entities, sources, consents, claims, records_cases.open_now(desk, cases))


def judge(vault: Vault, judgements: Iterable[records.Judgement], at: datetime, *, entropy: Entropy = os.urandom) -> int:
    """Record and seal judgements; return the log's size."""
    return records_actions.judge(owner(vault, at, entropy), list(judgements))


def take_back(vault: Vault, judgement: str, at: datetime, *, entropy: Entropy = os.urandom) -> None:
    """Undo a judgement by its id."""
    records_actions.take_back(owner(vault, at, entropy), judgement)


def withdraw(vault: Vault, source: str, on: date, at: datetime, *, entropy: Entropy = os.urandom) -> int:
    """Erase what a source told, and what goes back to it alone; keep the seals; return how many claims were erased."""
    return records_actions.withdraw(owner(vault, at, entropy), source, on).claims


def entities(vault: Vault) -> list[records.Entity]:
    return records_queries.entities()


def sources(vault: Vault) -> dict[str, records.Source]:
    """Sources that were not withdrawn, by id."""
    return records_queries.sources()


def consents(vault: Vault) -> list[records.Consent]:
    return records_queries.consents()


def claims(vault: Vault, properties: Collection[str] | None = None) -> list[records.Claim]:
    """Claims that were not withdrawn, by id; of some properties only."""
    return list(records_queries.claims(properties))


def judgements(vault: Vault) -> list[records.Judgement]:
    return records_queries.judgements()


def checkpoint(vault: Vault, at: datetime) -> bytes:
    """Sign the log as it is, write tiles and then the checkpoint; return the note."""
    return log_actions.checkpoint(owner(vault, at))


def may_sign(vault: Vault, at: datetime) -> None:
    """Raises NotAllowed where this vault may sign nothing, as an older copy of itself. Ask before taking things in."""
    marks.may_sign(vault, at)


def refuse_if_older(vault: Vault, marks: Path, at: datetime) -> None:
    """Raises NotAllowed when more was signed on this machine than this vault knows: its folder was copied back.

    ``marks``: a folder outside the vault, where :func:`mark` keeps what was signed last.
    """
    log_marks.refuse_if_older(vault, marks, at)


def mark(vault: Vault, marks: Path) -> None:
    """Remember the newest checkpoint outside the vault. Before it is given to anybody."""
    log_marks.mark(vault, marks)


def checkpoint_due(vault: Vault, hours: Sequence[int], at: datetime) -> bool:
    """Whether one of the fixed hours (UTC) has passed since the last checkpoint."""
    last = Checkpoint.objects.order_by("-size").first()
    return Schedule(tuple(hours)).due(None if last is None else last.at, at)


def newest_checkpoint(vault: Vault) -> bytes | None:
    """The newest note with the cosignatures received so far."""
    return log_queries.newest_checkpoint()


def seen(vault: Vault, log: Verifier) -> Seen:
    """What this node cosigned last of another member's log."""
    return seen_of(vault, log.name)


def seen_of(vault: Vault, origin: str) -> Seen:
    """The same by the log's name."""
    return log_queries.seen(origin)


def tree(vault: Vault) -> Tree:
    """The log's Merkle tree, for proofs of inclusion and consistency."""
    return log_queries.whole_tree()


def consistency(vault: Vault, old: int) -> list[bytes]:
    """The proof a witness asks for that cosigned at size ``old``; empty when it has seen nothing."""
    return tree(vault).consistency(old) if old else []


def cosign(vault: Vault, note: bytes, *, log: Verifier, proof: Sequence[bytes] = (), at: datetime) -> str:
    """Witness another member's checkpoint by its key alone; return the cosignature's line. Raises NotVerified."""
    if log.public == vault.signer.verifier().public:
        raise NotAllowed("a log's own key cannot witness it")
    found = witness(vault, request_for(note, seen(vault, log).size, proof), at, also=[log])
    if found.status != 200:
        raise NotVerified(f"not cosigned ({found.status}): {found.body.decode().strip()}")
    return found.body.decode()


def witness(vault: Vault, request: bytes, at: datetime, *, also: Sequence[Verifier] = ()) -> Answer:
    """Answer an `add-checkpoint` request (C2SP tlog-witness) of an enrolled log, or of one whose key is given."""
    return log_actions.answer(owner(vault, at), request, also=also)


def ask_witness(vault: Vault, key: Verifier, old: int | None = None) -> bytes:
    """The request to a witness for our newest checkpoint. ``old``: the size that it says it cosigned last."""
    return log_actions.ask_witness(vault, key, old)


def take_answer(vault: Vault, answer: bytes, at: datetime) -> bytes:
    """Put an enrolled witness's answer under our newest checkpoint; return the note."""
    return log_actions.take_answer(owner(vault, at), answer)


def add_cosignatures(vault: Vault, lines: Iterable[str], witnesses: Iterable[Verifier]) -> bytes:
    """Put other members' cosignatures under the newest checkpoint; return the note."""
    return log_actions.add_cosignatures(owner(vault, datetime.now(UTC)), lines, witnesses)


def gossip(vault: Vault) -> list[bytes]:
    """The checkpoints that go with every bundle."""
    return log_queries.to_gossip(vault)


def hear(vault: Vault, notes: Iterable[bytes], by: str, at: datetime) -> int:
    """Take in checkpoints that another member showed; return how many raised an alarm."""
    return log_actions.hear(owner(vault, at), list(notes), by)


def exchange_address(vault: Vault, at: datetime) -> bytes:
    """Where others send bundles for this vault: a signed note."""
    return exchanging.address(owner(vault, at))


def meet(vault: Vault, address: bytes) -> Address:
    """Keep the address of an enrolled member."""
    return exchanging.meet(owner(vault, datetime.now(UTC)), address)


def send_bundle(
    vault: Vault,
    to: Sequence[str],
    at: datetime,
    *,
    release: int | None = None,
    forms: Sequence[str] = ("json",),
    entropy: Entropy = os.urandom,
) -> bytes:
    """An encrypted bundle for members, by the names of their logs: a release in some forms (json, dossier, package),
    and the checkpoints we hold; without a release these alone."""
    return exchanging.send(owner(vault, at, entropy), to, release, forms)


def receive_bundle(vault: Vault, content: bytes, at: datetime, *, into: Path | None = None) -> TakenIn:
    """Open a member's bundle and hear its checkpoints. Its files go to the folder ``into``, or stay in the inbox."""
    return exchanging.receive(owner(vault, at), content, into=into)


def take_receipt(vault: Vault, note: bytes) -> tuple[str, Receipt]:
    """Note that a bundle of ours came: the log of the member that says so, and the receipt."""
    return exchanging.take_receipt(owner(vault, datetime.now(UTC)), note)


def admit(vault: Vault, enrolment: bytes, at: datetime, *, entropy: Entropy = os.urandom) -> Enrolment:
    """Take a countersigned enrolment into the list of members, and seal it."""
    return log_actions.admit(owner(vault, at, entropy), enrolment)


def change_key(vault: Vault, note: bytes, at: datetime, *, entropy: Entropy = os.urandom) -> Verifier:
    """Take a member's rotation or revocation in, and seal it; return the key that its log has now."""
    return log_actions.change_key(owner(vault, at, entropy), note)


def rotate_key(vault: Vault, passphrase: Secret, at: datetime, *, entropy: Entropy = os.urandom) -> bytes:
    """Give this vault's log a new key; return the note for the other members. Close and open the vault afterwards."""
    return log_actions.rotate_key(owner(vault, at, entropy), passphrase)


def revoke_key(vault: Vault, passphrase: Secret, at: datetime, *, entropy: Entropy = os.urandom) -> bytes:
    """The note that revokes this vault's key; two members countersign it, then it goes through :func:`change_key`."""
    return log_actions.revoke_key(owner(vault, at, entropy), passphrase)


def begin_anew(vault: Vault, passphrase: Secret, at: datetime, *, entropy: Entropy = os.urandom) -> str:
    """Go on under a new origin when entries are truly lost; return it. Close and open the vault afterwards."""
    return anew.begin_anew(owner(vault, at, entropy), passphrase)


def compare_tiles(vault: Vault, log: Path, at: datetime) -> tuple[int, int]:
    """Compare what was cosigned and heard of a member's log with its folder: how many fit, how many do not."""
    return log_actions.compare_tiles(owner(vault, at), log)


def stamp_request(vault: Vault) -> bytes:
    """An RFC 3161 request for the newest checkpoint."""
    note = newest_checkpoint(vault)
    if note is None:
        raise InvalidValue("the log has no checkpoint yet; run `corroborate log checkpoint`")
    return times.request(note)


def take_token(vault: Vault, raw: bytes, at: datetime, roots: Sequence[bytes] = ()) -> Token:
    """Keep a timestamp token. ``roots``: certificates in PEM that an authority's token must lead to."""
    from cryptography import x509

    try:
        certificates = [x509.load_pem_x509_certificate(one) for one in roots]
    except ValueError as error:
        raise InvalidValue(f"a root certificate is no PEM certificate: {error}") from error
    return log_actions.take_token(owner(vault, at), raw, certificates)


def hear_answer(vault: Vault, organisation: str, note: bytes | None, at: datetime) -> Standing:
    """After a restore: what an organisation cosigned last of our log (None: nothing), and whether we may sign."""
    return log_actions.hear_answer(owner(vault, at), organisation, note)


def record_fixity(vault: Vault, found: Sequence[Check], at: datetime, *, entropy: Entropy = os.urandom) -> int:
    """Keep and seal what :func:`doctor` found, and raise an alarm for what is wrong; return the log's size."""
    return log_actions.record_fixity(owner(vault, at, entropy), [asdict(one) for one in found])


def open_alarms(vault: Vault) -> list[tuple[str, str, str]]:
    """Kind, subject and words of each open alarm."""
    rows = models.Alarm.objects.filter(settled=None).order_by("id")
    return [(row.kind, row.about, row.found) for row in rows]


def restored(vault: Vault, at: datetime) -> None:
    """To be called once by whatever brings a vault back from a backup: it signs nothing until members were asked."""
    log_actions.restored(owner(vault, at))


def policy(vault: Vault, faulty: int = 0) -> Policy:
    """Whose cosignatures count under this vault's checkpoints: a quorum of the enrolled members, itself not counted."""
    return log_queries.policy(vault, faulty)


def findings(vault: Vault) -> tuple[Finding, ...]:
    """This vault's claims against the elements of crimes, as its page shows them."""
    return inquiry_queries.assessed()


def make_release(
    vault: Vault, asked: Asked, at: datetime, *, results: Results | None = None, entropy: Entropy = os.urandom
) -> int:
    """Decide what leaves for an audience, keep and seal it; the release's number. Nothing has left by that."""
    return making.make(owner(vault, at, entropy), asked, results=results)


def pack(
    vault: Vault,
    out: Path,
    *,
    release: int,
    at: datetime,
    policy: Policy | None = None,
    timestamps: Mapping[str, bytes] | None = None,
    include: Sequence[Path] = (),
    to: Sequence[str] = (),
    entropy: Entropy = os.urandom,
    tell: Callable[[int, int], None] | None = None,
) -> Packed:
    """Write the evidence package of a release, by its number.

    ``timestamps``: raw RFC 3161 tokens for the newest checkpoint, by file name. ``include``: the folders of other
    members' packages that the release names. ``to``: age public keys; then ``out`` is one encrypted file. ``tell``:
    called with the numbers of records written and of all, for who waits.
    """
    how = giving.Packing(policy, timestamps or {}, include, to, tell)
    return giving.package(owner(vault, at, entropy), release, out, how)


def keep(vault: Vault, kind: str, document: object, at: datetime, *, invented: bool = False) -> None:
    """Store a document that pages show: estimate, findings, members, statements, demands or overlap.

    ``invented``: it is about people who do not exist, and each page that shows it says so.
    """
    records_actions.keep(owner(vault, at), kind, document, invented=invented)


def kept(vault: Vault, kind: str) -> object | None:
    """The newest document of a kind."""
    return records_queries.kept(kind)


def campaign(vault: Vault) -> Campaign:
    """Demands with their readings, actions, votes and commitments: what a site may show. Never a contact."""
    return advocacy_queries.campaign()


def coalition_members(vault: Vault) -> tuple[coalition.Member, ...]:
    """The members of a hub's register who are members today, in its order: what a release shows of them."""
    return campaign_queries.public_members()


def published_rounds(vault: Vault, on: date) -> tuple[tuple[str, coalition.Round], ...]:
    """Title and round of every statement that a hub has published: what a release shows of them."""
    return campaign_queries.published(on)


def published_finals(vault: Vault, at: datetime) -> tuple[Final, ...]:
    """The final texts of those statements, each language its own, sealed by the hub's key."""
    return campaign_queries.published_finals(vault.signer, at)


def letters(
    vault: Vault, statement: str, at: datetime
) -> tuple[tuple[mailing.Letter, ...], mailing.Server | None, frozenset[str]]:
    """What members who have not spoken to a statement are to be sent; the mail server; who was written to today."""
    register = campaign_queries.register()
    state = campaign_queries.state(statement, register, at.date())
    if state is None:
        raise InvalidValue(f"there is no statement {statement} at this hub")
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


def doctor(vault: Vault, at: datetime | None = None) -> list[Check]:
    """Check everything against its seal, the log against its signature, and the sealed files."""
    return fixity.everything(vault, at)
