"""The one vault that this process has open. Keys live here, in memory, and in no setting."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corroborate.custody import Signer
from corroborate.errors import NotAVault

if TYPE_CHECKING:
    from corroborate.sealed import SealedFiles
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

    def __repr__(self) -> str:
        return f"Vault({self.name!r}, {str(self.folder)!r})"

    @property
    def database(self) -> Path:
        return self.folder / "vault.db"

    @property
    def log(self) -> Path:
        return self.folder / "log"


_open: list[Vault] = []
_moving: dict[str, tuple["Place | None", "Sealer | None"]] = {}  # where rows are moved to, by the alias of its database
_leaving: list[Callable[[], None]] = []


def current() -> Vault:
    """The open vault. Raises NotAVault when there is none."""
    if not _open:
        raise NotAVault("no vault is open in this process")
    return _open[-1]


def place(alias: str = "default") -> "Place | None":
    """Where the rows of an alias lie; None: in a file, or no vault is open."""
    if alias in _moving:
        return _moving[alias][0]
    return _open[-1].place if _open else None


def sealer(alias: str = "default") -> "Sealer":
    """What seals the rows of an alias. Raises NotAVault where nothing does."""
    found = _moving[alias][1] if alias in _moving else current().sealer
    if found is None:
        raise NotAVault("the rows of this vault lie in a file, which is encrypted as a whole")
    return found


def enter(vault: Vault) -> None:
    if _open:
        raise NotAVault(f"this process has {_open[-1].folder} open: one vault at a time")
    _open.append(vault)


def before_leaving(act: Callable[[], None]) -> None:
    """What is to be ended before the vault closes: once, then forgotten."""
    if act not in _leaving:
        _leaving.append(act)


def leave() -> None:
    while _leaving:
        _leaving.pop()()
    _open.clear()
