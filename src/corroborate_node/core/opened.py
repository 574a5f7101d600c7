"""The one vault that this process has open. Keys live here, in memory, and in no setting."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corroborate.custody import Signer
from corroborate.errors import NotAVault

if TYPE_CHECKING:
    from corroborate.sealed import Bucket, SealedFiles
    from corroborate_node.core.places import Place
    from corroborate_node.core.sealing import Sealer


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """An open vault or hub. Made by :func:`corroborate_node.core.vaults.opening`, dead when that closes."""

    folder: Path
    name: str  # of the organisation
    hub: bool
    database_key: bytes
    session_key: bytes
    signer: Signer  # of the log; its name is the log's origin
    files: "SealedFiles"
    marks: Path | None = None  # folder outside the vault that remembers what was signed last on this machine
    keys_key: bytes = b""  # of the file that holds the keys of its sources, where its rows lie in a server
    place: "Place | None" = None  # of its rows, where not in a file of its folder
    sealer: "Sealer | None" = None  # seals what is written there
    bucket: "Bucket | None" = None  # of its sealed files, where not in its folder
    master: bytes = b""  # all of these come from it; what backups are encrypted to does, too

    def __repr__(self) -> str:
        return f"Vault({self.name!r}, {str(self.folder)!r})"

    file: str = "vault.db"  # of its rows, in its folder

    @property
    def database(self) -> Path:
        return self.folder / self.file

    @property
    def log(self) -> Path:
        return self.folder / "log"


_open: list[Vault] = []
_others: dict[str, Vault] = {}  # by the alias of a database that the rows of the open vault are moved to
_leaving: list[Callable[[], None]] = []


def current() -> Vault:
    """The open vault. Raises NotAVault when there is none."""
    if not _open:
        raise NotAVault("no vault is open in this process")
    return _open[-1]


def of(alias: str) -> Vault | None:
    """The vault whose rows an alias reaches: the open one, or where these are moved to."""
    return _others.get(alias) or (_open[-1] if _open else None)


def sealer(alias: str) -> "Sealer":
    """What seals the rows of an alias. Raises NotAVault where nothing does."""
    vault = of(alias)
    if vault is None or vault.sealer is None:
        raise NotAVault("the rows of this vault lie in a file, which is encrypted as a whole")
    return vault.sealer


@contextmanager
def beside(alias: str, vault: Vault) -> Iterator[None]:
    """A second database under an alias of its own."""
    _others[alias] = vault
    try:
        yield
    finally:
        del _others[alias]


@contextmanager
def instead(vault: Vault) -> Iterator[None]:
    """For a while the open vault is another: to make the tables of a database that its rows are moved to."""
    before = current()
    _open[-1] = vault
    try:
        yield
    finally:
        _open[-1] = before


def enter(vault: Vault) -> None:
    if _open:
        raise NotAVault("this process has {folder} open: one vault at a time", folder=_open[-1].folder)
    _open.append(vault)


def before_leaving(act: Callable[[], None]) -> None:
    """What is to be ended before the vault closes: once, then forgotten."""
    if act not in _leaving:
        _leaving.append(act)


def leave() -> None:
    while _leaving:
        _leaving.pop()()
    _open.clear()
