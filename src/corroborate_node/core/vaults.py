"""Make a vault's folder, open it with its passphrase, and keep a second process out."""

import base64
import fcntl
import json
import os
import re
import shutil
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from corroborate.custody import Signer, Verifier, write_file
from corroborate.errors import (
    InputRefused,
    InvalidValue,
    NotAVault,
    VaultBusy,
    VaultDamaged,
    VaultError,
    WrongPassphrase,
    unwritten,
)
from corroborate.sealed import (
    SEED,
    AnySlot,
    Bucket,
    BucketStore,
    FolderStore,
    ObjectStore,
    SealedFiles,
    Secret,
    SecurityKey,
    Slot,
    derive,
    open_slots,
    passphrase_slot,
    read_slots,
    security_key_slot,
    shares_slot,
    without,
    write_slots,
)
from corroborate.sealed.shares import Share, divided
from corroborate.translation import Sentence
from corroborate_node.core import accounts, buckets, configuration, leaving, opened, places
from corroborate_node.core.opened import Vault
from corroborate_node.core.places import Place
from corroborate_node.core.rooms import rooms
from corroborate_node.core.sealing import Sealer
from corroborate_node.core.source_keys import NAME, SourceKeys

Entropy = Callable[[int], bytes]
random: Entropy = os.urandom
FOLDERS = ("sealed", "log", "keys", "inbox", "outbox")
SERVED = 'database = "postgresql"\n'  # of corroborate.toml, where the rows lie in a server
PLACE = "database.json"
IN_BUCKET = 'sealed = "s3"\n'  # of corroborate.toml, where the sealed files lie in a bucket
BUCKET = "sealed.json"
_AAD = b"corroborate/signing-key/v1"


def key_name(organisation: str) -> str:
    """The name of an organisation's signing key: its own name without what a signed note's line cannot hold."""
    name = re.sub(r"[\s+\x00-\x1f]+", "-", unicodedata.normalize("NFC", organisation).strip())
    if not name:
        raise InvalidValue("an organisation needs a name")
    return name


def create(
    folder: Path,
    name: str,
    passphrase: str,
    *,
    hub: bool = False,
    account: str = "keeper",
    account_passphrase: str | None = None,
    database: str | None = None,
    bucket: Bucket | None = None,
    at: datetime | None = None,
    entropy: Entropy = os.urandom,
) -> str:
    """Make a vault with its keys, an empty database and a first account, whole or not at all.

    Return the first account's one-time passphrase; nothing where ``account_passphrase``, its own, is given.
    ``database``: the address of a PostgreSQL for its rows (postgresql:///NAME); otherwise an encrypted file.
    ``bucket``: for its sealed files; otherwise its folder.
    ``entropy`` gives random bytes; hand in another only to make a test repeatable.
    Raises InputRefused when the folder holds something, InvalidValue for a short passphrase, StorageFull.
    """
    if account_passphrase == passphrase:
        raise InvalidValue("an account's passphrase is never the vault's: choose another for the account")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputRefused("{folder} is not empty: a vault is made in a folder of its own", folder=folder)
    master, seed = entropy(SEED), entropy(SEED)
    slots = write_slots([passphrase_slot(master, passphrase, entropy(28))])
    signing = _wrapped(master, seed, entropy(12))
    label, key = (json.dumps(text, ensure_ascii=False) for text in (name, key_name(name)))
    about = f'version = 1\nname = {label}\nkind = "{"hub" if hub else "member"}"\nkey = {key}\n'
    files = {"corroborate.toml": about, "keys/slots.json": slots, "keys/signing.json": signing + "\n"}
    place = None if database is None else places.new_place(database)
    if place is not None:
        files["corroborate.toml"] += SERVED
        files[f"keys/{PLACE}"] = places.written(place, master, entropy(12))
    if bucket is not None:
        BucketStore(bucket).prove(f"proof-{entropy(8).hex()}")
        files["corroborate.toml"] += IN_BUCKET
        files[f"keys/{BUCKET}"] = buckets.written(bucket, master, entropy(12))
    new = folder.with_name(folder.name + ".new")
    with _whole(new, place):
        _laid_out(new, files)
        with opening(new, passphrase, empty=True) as vault:
            migrate()
            one_time = _first_account(vault, account, account_passphrase, at or datetime.now(UTC), entropy)
        if folder.exists():
            folder.rmdir()
        new.rename(folder)
    return one_time


@contextmanager
def _whole(new: Path, place: Place | None) -> Iterator[None]:
    """A vault's folder and schema, gone again where it could not be made."""
    try:
        if place is not None:
            places.make(place)
        yield
    except FileExistsError as error:
        raise InputRefused("{new} is left of an earlier try; look at it and remove it", new=new) from error
    except (OSError, VaultError) as error:
        shutil.rmtree(new, ignore_errors=True)
        if place is not None:
            with suppress(VaultError):
                places.drop(place)
        if isinstance(error, OSError):
            raise unwritten("the vault", error) from error
        raise


def _laid_out(new: Path, files: dict[str, str]) -> None:
    new.mkdir(parents=True)
    for part in FOLDERS:
        (new / part).mkdir(mode=0o700)
    for name, text in files.items():
        (new / name).write_text(text, encoding="utf-8")
    new.chmod(0o700)


def _wrapped(master: bytes, seed: bytes, nonce: bytes, name: str | None = None) -> str:
    """A signing key under the vault's master key. ``name``: of the key, where it is not that of corroborate.toml."""
    wrapped = AESGCM(derive(master, "signing key")).encrypt(nonce, seed, _bound(name))
    fields = {"nonce": base64.b64encode(nonce).decode(), "wrapped": base64.b64encode(wrapped).decode()}
    return json.dumps({"version": 1, **fields, **({} if name is None else {"name": name})}, ensure_ascii=False)


def _bound(name: str | None) -> bytes:
    return _AAD if name is None else _AAD + b"\n" + name.encode()


def key_slots(folder: Path) -> tuple[AnySlot, ...]:
    """What opens this vault. Raises NotAVault when the file of its slots is gone or damaged."""
    try:
        return read_slots((folder / "keys" / "slots.json").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise NotAVault("{folder} lacks its keys", folder=folder) from error


def master_key(folder: Path, secret: Secret) -> bytes:
    """The key that all others of a vault come from. Raises NotAVault, WrongPassphrase."""
    return open_slots(key_slots(folder), secret)


def kept_in(folder: Path) -> str:
    """Where a vault's rows lie: ``postgresql``, or empty for a file of its folder. Raises NotAVault."""
    return _read_about(folder)["database"]


def in_bucket(folder: Path) -> bool:
    """Whether a vault's sealed files lie in a bucket. Raises NotAVault."""
    return bool(_read_about(folder)["sealed"])


def opens(folder: Path, passphrase: str) -> bool:
    """Whether a passphrase opens this vault. Takes as long as opening it."""
    try:
        open_slots(key_slots(folder), passphrase)
    except WrongPassphrase:
        return False
    return True


def add_slot(
    folder: Path, secret: Secret, new: str | SecurityKey, label: str = "", *, entropy: Entropy = os.urandom
) -> tuple[AnySlot, ...]:
    """Let another passphrase or security key open this vault. ``secret`` opens it now; ``label`` is the new key's."""
    if isinstance(new, str):
        _nobodys_own(folder, secret, new)
    with _locked(folder):
        slots = key_slots(folder)
        master = open_slots(slots, secret)
        if isinstance(new, str):
            return _rewrite_slots(folder, (*slots, passphrase_slot(master, new, entropy(28))))
        return _rewrite_slots(folder, (*slots, security_key_slot(master, new, label, entropy(SEED + 12))))


def add_shares(
    folder: Path, secret: Secret, need: int, of: int, on: date, *, entropy: Entropy = os.urandom
) -> tuple[tuple[AnySlot, ...], tuple[Share, ...]]:
    """Let any ``need`` of ``of`` shares open this vault; the slots, and the shares, which are kept nowhere here."""
    with _locked(folder):
        slots = key_slots(folder)
        master, random_secret = open_slots(slots, secret), entropy(SEED)
        shares = divided(random_secret, need, of)
        new = shares_slot(master, random_secret, need, of, shares[0].set, on.isoformat(), entropy(SEED + 12))
        return _rewrite_slots(folder, (*slots, new)), shares


def _nobodys_own(folder: Path, secret: Secret, new: str) -> None:
    """What opens the vault logs nobody in to its pages, now or later."""
    with opening(folder, secret):
        if accounts.logs_in_with(new):
            raise InvalidValue("an account logs in with this passphrase: choose another for the vault")


def remove_slot(folder: Path, secret: Secret, number: int) -> tuple[AnySlot, ...]:
    """A lost key or a passphrase that others know opens this vault no more. Raises NotAllowed for the last that could.

    Who has a copy of the folder from before, and the thing that was lost, still opens that copy. An account that never
    chose a passphrase of its own may have this one, and loses it: its keeper or the owner gives it a one-time one.
    """
    _read_about(folder)
    slots = key_slots(folder)
    left = without(slots, number)
    if isinstance(slots[number - 1], Slot):
        with opening(folder, secret):
            accounts.forget_unchosen()
            return _rewrite_slots(folder, left)
    with _locked(folder):
        open_slots(slots, secret)
        return _rewrite_slots(folder, left)


def _rewrite_slots(folder: Path, slots: tuple[AnySlot, ...]) -> tuple[AnySlot, ...]:
    write_file(folder / "keys" / "slots.json", write_slots(slots).encode())
    return slots


def stage_key(folder: Path, secret: Secret, signer: Signer, *, entropy: Entropy = os.urandom) -> None:
    """Write a new signing key beside the one in use. :func:`take_staged_key` puts it in its place. StorageFull."""
    master = open_slots(key_slots(folder), secret)
    content = {**json.loads(_wrapped(master, signer.seed, entropy(12), signer.name)), "key": str(signer.verifier())}
    write_file(folder / "keys" / "signing-next.json", (json.dumps(content, ensure_ascii=False) + "\n").encode())


def staged_key(folder: Path) -> Verifier | None:
    """The public half of the key that waits beside the one in use. Raises NotAVault when its file is damaged."""
    try:
        return Verifier.parse(json.loads((folder / "keys" / "signing-next.json").read_text(encoding="utf-8"))["key"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise NotAVault("keys/signing-next.json is no signing key") from error


def take_staged_key(folder: Path, key: Verifier) -> None:
    """Put the staged key in place, durably; the key before it is gone. Nothing happens when another or none is staged.

    ``key``: its public half.
    """
    if staged_key(folder) == key:
        staged = folder / "keys" / "signing-next.json"
        write_file(folder / "keys" / "signing.json", staged.read_bytes())
        staged.unlink()


def migrate() -> None:
    """Make the tables of the open vault, or bring them up."""
    call_command("migrate", verbosity=0, interactive=False)


def _brought_up(vault: Vault) -> None:
    """A vault made by an earlier version gets the tables that came since, or stays as it was when that fails."""
    executor = MigrationExecutor(connection)
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    own = {label for label, _ in executor.loader.disk_migrations}
    if newer := sorted(f"{app}.{name}" for app, name in unknown if app in own):
        raise NotAVault(
            "{folder} was last opened by a newer program, which made {newer}; use that one",
            folder=vault.folder,
            newer=newer[0],
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        migrate()


def _first_account(vault: Vault, name: str, passphrase: str | None, at: datetime, entropy: Entropy) -> str:
    return accounts.first(vault, name, passphrase, at.replace(microsecond=0), entropy)


@contextmanager
def opening(folder: Path, passphrase: Secret, *, empty: bool = False, marks: Path | None = None) -> Iterator[Vault]:
    """Open a vault for this process, check its database, and close it at the end.

    Raises NotAVault, WrongPassphrase, VaultBusy, VaultDamaged. ``empty``: the database is yet to be made.
    ``marks``: folder outside the vault that remembers what was signed last, so that a copied-back vault is found out.
    """
    about = _read_about(folder)
    with _locked(folder):
        vault = replace(_unlock(folder, about, passphrase), marks=marks)
        if vault.place is None and not empty and not vault.database.is_file():
            raise VaultDamaged("vault.db is gone")
        with _sealing(vault, empty=empty) as sealing, _entered(sealing, empty=empty):
            yield sealing


@contextmanager
def _sealing(vault: Vault, *, empty: bool = False) -> Iterator[Vault]:
    """The vault with the keys of its sources, where its rows lie in a server, and no other process at these rows."""
    if vault.place is None:
        yield vault
        return
    path = vault.folder / NAME
    if not empty and not path.is_file():
        raise VaultDamaged("{file} is gone, and with it what opens this vault's rows", file=NAME)
    with places.held(vault.place):
        keys = SourceKeys(path, vault.keys_key)
        try:
            yield replace(vault, sealer=Sealer(keys))
        finally:
            keys.close()


@contextmanager
def _entered(vault: Vault, *, empty: bool) -> Iterator[None]:
    opened.enter(vault)
    try:
        configuration.configure(vault)
        if not empty:
            check_database(vault)
            _brought_up(vault)
            for room in rooms():
                room.opened()
            leaving.sweep()
        yield
    finally:
        if not empty:
            leaving.noted()
        configuration.close()
        opened.leave()


def _read_about(folder: Path) -> dict[str, str]:
    try:
        about = tomllib.loads((folder / "corroborate.toml").read_text(encoding="utf-8"))
        if about["version"] != 1:
            raise NotAVault(
                "{folder} is of version {version}, newer than this program", folder=folder, version=about["version"]
            )
        return {**{key: str(about[key]) for key in ("name", "kind", "key")}, **_kept_in(about)}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise NotAVault("{folder} is not a vault", folder=folder) from error


def _kept_in(about: dict[str, Any]) -> dict[str, str]:
    kind = str(about.get("database", ""))
    if kind not in ("", "postgresql"):
        raise NotAVault("the rows of this vault lie in {kind!r}, which this program does not know", kind=kind)
    store = str(about.get("sealed", ""))
    if store not in ("", "s3"):
        raise NotAVault("the sealed files of this vault lie in {kind!r}, which this program does not know", kind=store)
    return {"database": kind, "sealed": store}


@contextmanager
def _locked(folder: Path) -> Iterator[TextIO]:
    # The lock is the operating system's: it ends with the process, so a crash leaves no vault locked.
    with (folder / "keys" / "lock").open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise VaultBusy("another process has {folder} open", folder=folder) from error
        yield file


def _unlock(folder: Path, about: dict[str, str], passphrase: Secret) -> Vault:
    slots = key_slots(folder)
    try:
        signing = json.loads((folder / "keys" / "signing.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError) as error:
        raise NotAVault("{folder} lacks its keys", folder=folder) from error
    master = open_slots(slots, passphrase)
    try:
        wrapping = AESGCM(derive(master, "signing key"))
        name = signing.get("name")
        nonce, wrapped = (base64.b64decode(signing[part]) for part in ("nonce", "wrapped"))
        seed = wrapping.decrypt(nonce, wrapped, _bound(name))
    except (InvalidTag, ValueError, KeyError) as error:
        raise VaultDamaged("the signing key does not open with this vault's key") from error
    bucket = _bucket(folder, master) if about["sealed"] else None
    return Vault(
        folder,
        about["name"],
        about["kind"] == "hub",
        derive(master, "database"),
        derive(master, "sessions"),
        Signer(about["key"] if name is None else name, seed),
        SealedFiles(_store(folder, bucket), derive(master, "sealed files")),
        keys_key=derive(master, "source keys"),
        place=_place(folder, master) if about["database"] else None,
        bucket=bucket,
        master=master,
    )


def _store(folder: Path, bucket: Bucket | None) -> ObjectStore:
    return FolderStore(folder / "sealed") if bucket is None else BucketStore(bucket)


def _bucket(folder: Path, master: bytes) -> Bucket:
    try:
        return buckets.read((folder / "keys" / BUCKET).read_text(encoding="utf-8"), master)
    except (OSError, UnicodeDecodeError) as error:
        raise VaultDamaged("the address of the bucket is gone from the vault's keys") from error


def _place(folder: Path, master: bytes) -> Place:
    try:
        return places.read((folder / "keys" / PLACE).read_text(encoding="utf-8"), master)
    except (OSError, UnicodeDecodeError) as error:
        raise VaultDamaged("the address of the database is gone from the vault's keys") from error


def said_of_database(vault: Vault) -> str:
    """What a check that found nothing wrong says."""
    if vault.place is None:
        return Sentence("every page is as it was written")
    number, _ = connection.get_database_version()
    return Sentence(
        "PostgreSQL {version} answers; every page of the keys of its sources is as it was written", version=number
    )


def check_database(vault: Vault) -> None:
    """Every page of the database against its own authentication code: a flipped bit shows here, not years later.

    Of a PostgreSQL, the pages of the file that holds its sources' keys; each value has a code of its own, and is
    checked when it is read.
    """
    if vault.sealer is not None:
        if wrong := vault.sealer.keys.faults():
            raise VaultDamaged(
                "the keys of the sources of {name} fail their check: {wrong}", name=vault.name, wrong=wrong[0]
            )
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cipher_integrity_check")
        if faults := cursor.fetchall():
            raise VaultDamaged("the database of {name} fails its check: {faults}", name=vault.name, faults=faults[0][0])
