"""At whose desk a command acts: the owner's, who opened the vault, or that of an account."""

from pathlib import Path

import click

from corroborate.errors import NotAllowed
from corroborate_cli.vaults import now, passphrase_of
from corroborate_node.core.accounts import chosen, proven
from corroborate_node.core.actors import actor_of
from corroborate_node.core.desk import Desk, owner
from corroborate_node.core.opened import Vault


def desk_of(vault: Vault, account: str | None, file: Path | None) -> Desk:
    """The owner's desk, or that of an account whose passphrase is given."""
    at = now()
    if account is None:
        return owner(vault, at)
    said = passphrase_of(file) if file else click.prompt(f"Passphrase of {account}", hide_input=True, err=True)
    user = proven(vault, "command", account, str(said), "", at)
    if user is None:
        raise NotAllowed(f"this name and passphrase do not go together: {account}")
    if not chosen(user):
        error = NotAllowed(f"{account} has a passphrase that somebody else has seen")
        error.remedy = "Log in to the pages first (corroborate serve), and choose one of your own."
        raise error
    return Desk(vault, actor_of(user), at)
