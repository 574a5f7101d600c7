"""`corroborate accounts`: who may log in to a vault's or hub's pages, and in which roles."""

import json
from pathlib import Path
from typing import Any

import click

from corroborate_cli.desks import looked_into, opened
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core import accounts
from corroborate_node.core.desk import owner

_SHUT_OUT = ("block", "remove", "end_sessions")  # also from an older copy of a vault: in it everybody is back


@click.group()
def command() -> None:
    """Make, change, block and remove accounts. Whoever knows the vault's passphrase may; on pages, a keeper.

    An account's passphrase is never the vault's: a one-time one is printed, and its holder chooses another.

    Example: corroborate accounts add mina --role documenter --role reviewer --vault our-vault
    """


def _account(function: Any) -> Any:
    return click.argument("account")(function)


def _roles(function: Any) -> Any:
    return click.option("--role", "roles", multiple=True, help="May be given several times.")(function)


def _member(function: Any) -> Any:
    return click.option("--member", default="", help="On a hub: the member a representative acts for.")(function)


def _told(account: str, secret: str) -> None:
    click.echo(f"One-time passphrase of {account}, for seven days: {secret}")
    click.echo("Say it to its holder, who chooses another at the first log-in. It is not shown again.")


@command.command("list")
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List accounts with their roles, state and open sessions.

    Example: corroborate accounts list --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        found = [
            {
                "account": one.name,
                "roles": list(one.roles),
                "state": one.state,
                "acts_for": one.scope,
                "made_by": one.made_by,
                "sessions": len(one.sessions),
            }
            for one in accounts.all_shown(owner(vault, now()))
        ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        sessions = f", {one['sessions']} open" if one["sessions"] else ""
        click.echo(f"{one['account']}  {one['state']}{sessions}  {', '.join(one['roles']) or 'no role'}")


@command.command()
@_account
@_roles
@_member
@vault_options
def add(account: str, roles: tuple[str, ...], member: str, folder: Path, passphrase_file: Path | None) -> None:
    """Make an account, and print its one-time passphrase.

    Example: corroborate accounts add mina --role documenter --vault our-vault
    """
    _told(account, _done(folder, passphrase_file, "add", account, roles, member))


@command.command()
@_account
@vault_options
def reset(account: str, folder: Path, passphrase_file: Path | None) -> None:
    """Give an account another one-time passphrase; its sessions end.

    Example: corroborate accounts reset mina --vault our-vault
    """
    _told(account, _done(folder, passphrase_file, "reset", account))


@command.command()
@_account
@_roles
@_member
@vault_options
def roles(account: str, roles: tuple[str, ...], member: str, folder: Path, passphrase_file: Path | None) -> None:
    """Give an account these roles and no others; without --role it has none.

    Example: corroborate accounts roles mina --role analyst --vault our-vault
    """
    _done(folder, passphrase_file, "give_roles", account, roles, member)
    click.echo(f"{account} has {', '.join(roles) or 'no role'}.")


@command.command()
@_account
@click.option("--lift", is_flag=True, help="Let it in again.")
@vault_options
def block(account: str, lift: bool, folder: Path, passphrase_file: Path | None) -> None:
    """Keep an account out until it is let in again; its sessions end.

    Example: corroborate accounts block mina --vault our-vault
    """
    _done(folder, passphrase_file, "block", account, lift=lift)
    click.echo(f"{account} {'may log in again' if lift else 'is blocked, and its sessions have ended'}.")


@command.command()
@_account
@vault_options
def remove(account: str, folder: Path, passphrase_file: Path | None) -> None:
    """Remove an account for good. Its name stays in what it did, and is given to nobody else.

    Example: corroborate accounts remove mina --vault our-vault
    """
    _done(folder, passphrase_file, "remove", account)
    click.echo(f"{account} is removed: no session, role or passphrase is left.")


@command.command("end-sessions")
@_account
@vault_options
def end_sessions(account: str, folder: Path, passphrase_file: Path | None) -> None:
    """End every session of an account.

    Example: corroborate accounts end-sessions mina --vault our-vault
    """
    click.echo(f"Sessions ended: {_done(folder, passphrase_file, 'end_sessions', account)}.")


@command.command()
@_account
@vault_options
def forgive(account: str, folder: Path, passphrase_file: Path | None) -> None:
    """Let an account try again at once after too many wrong passphrases.

    Example: corroborate accounts forgive mina --vault our-vault
    """
    click.echo(f"Wrong tries forgotten: {_done(folder, passphrase_file, 'forgive', account)}.")


def _done(folder: Path, passphrase_file: Path | None, act: str, *given: Any, **named: Any) -> Any:
    open_ = looked_into if act in _SHUT_OUT else opened
    with open_(folder, passphrase_file) as vault:
        return getattr(accounts, act)(owner(vault, now()), *given, **named)
