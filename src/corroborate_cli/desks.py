"""How a command opens a vault, and at whose desk it acts there: the owner's, who opened it, or that of an account."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from corroborate.errors import NotAllowed
from corroborate.sealed import Secret
from corroborate_cli.speaking import say, worded
from corroborate_cli.vaults import marks_folder, now, passphrase_of
from corroborate_node.core import factors, leaving
from corroborate_node.core.accounts import chosen, proven
from corroborate_node.core.actors import actor_of
from corroborate_node.core.desk import Desk, owner
from corroborate_node.core.opened import Vault
from corroborate_node.core.vaults import opening
from corroborate_node.log.rollback import may_sign


@contextmanager
def opened(
    folder: Path, passphrase_file: Path | None = None, *, secret: Secret | None = None, marks: Path | None = None
) -> Iterator[Vault]:
    """A vault to work on. Raises NotAllowed, before anything is stored or signed, where it is an older copy of itself.

    ``secret``: what opens it, where the command has it already. ``marks``: where this machine remembers what was
    signed last; otherwise :func:`marks_folder`.
    """
    with looked_into(folder, passphrase_file, secret=secret, marks=marks) as vault:
        may_sign(vault, now())
        yield vault


@contextmanager
def looked_into(
    folder: Path, passphrase_file: Path | None = None, *, secret: Secret | None = None, marks: Path | None = None
) -> Iterator[Vault]:
    """A vault to read, also where it is an older copy of itself, or to find out what such a copy lacks.

    Acts that would change it ask the marks by themselves.
    """
    known = passphrase_of(passphrase_file) if secret is None else secret
    with opening(folder, known, marks=marks_folder() if marks is None else marks) as vault:
        yield vault
        if waiting := leaving.remaining():
            say(
                (
                    (
                        "{waiting:,} sealed file that is to be erased still lies at the store, which does "
                        "not answer. It is erased when the store does: run corroborate doctor."
                    ),
                    (
                        "{waiting:,} sealed files that are to be erased still lie at the store, which does "
                        "not answer. They are erased when it does: run corroborate doctor."
                    ),
                ),
                waiting=waiting,
                err=True,
            )


def desk_of(vault: Vault, account: str | None, file: Path | None) -> Desk:
    """The owner's desk, or that of an account whose passphrase is given, and a code where it has a second factor.

    ``file``: its first line is the passphrase, its second one the code.
    """
    at = now()
    if account is None:
        return owner(vault, at)
    said = (
        passphrase_of(file)
        if file
        else click.prompt(worded("Passphrase of {account}", account=account), hide_input=True, err=True)
    )
    user = proven(vault, "command", account, str(said), "", at)
    if user is None:
        raise NotAllowed("this name and passphrase do not go together: {account}", account=account)
    if not chosen(user):
        error = NotAllowed("{account} has a passphrase that somebody else has seen", account=account)
        error.remedy = "Log in to the pages first (corroborate serve), and choose one of your own."
        raise error
    _second_factor(vault, user, account, file, at)
    return Desk(vault, actor_of(user), at)


def _second_factor(vault: Vault, user: Any, account: str, file: Path | None, at: datetime) -> None:
    """Raises NotAllowed where an account's second factor is not shown, or is needed and not set up."""
    if factors.missing(user):
        missing = NotAllowed("{account} needs a second factor and has none", account=account)
        missing.remedy = "Log in to the pages (corroborate serve), and set one up under Your account."
        raise missing
    if not factors.has(user):
        return
    lines = file.read_text(encoding="utf-8").splitlines() if file else []
    code = (
        lines[1]
        if len(lines) > 1
        else click.prompt(worded("Code of the app of {account}, or a recovery code", account=account), err=True)
    )
    if not factors.shows_code(vault, user, str(code), "", at):
        wrong = NotAllowed("this is no code of {account} that holds now", account=account)
        wrong.remedy = "Wait for the app's next code: each is taken once. A passkey works on pages alone."
        raise wrong
