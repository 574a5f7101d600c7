"""The one vault that this process has open. Keys live here, in memory, and in no setting."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corroborate.custody import Signer
from corroborate.errors import NotAVault

if TYPE_CHECKING:
    from corroborate.sealed import SealedFiles


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

    def __repr__(self) -> str:
        return f"Vault({self.name!r}, {str(self.folder)!r})"

    @property
    def database(self) -> Path:
        return self.folder / "vault.db"

    @property
    def log(self) -> Path:
        return self.folder / "log"


_open: list[Vault] = []
_leaving: list[Callable[[], None]] = []


def current() -> Vault:
    """The open vault. Raises NotAVault when there is none."""
    if not _open:
        raise NotAVault("no vault is open in this process")
    return _open[-1]


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
