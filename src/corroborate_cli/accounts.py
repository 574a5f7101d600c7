"""`corroborate accounts`: who may log in to a vault's or hub's pages, and in which roles."""

import json
from pathlib import Path
from typing import Any

import click

from corroborate.translation import Sentence
from corroborate_cli.desks import desk_of, looked_into, opened
from corroborate_cli.speaking import say, worded
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core import accounts, factors
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


def _cases(function: Any) -> Any:
    return click.option("--case", "cases", multiple=True,
                        help="It sees records of this case only; again for more.")(function)  # fmt: skip


def _as(function: Any) -> Any:
    function = click.option("--account-file", "--account-passphrase-file", "file",
                            type=click.Path(exists=True, dir_okay=False, path_type=Path),
                            help="Its first line is that passphrase, its second one a code.")(function)  # fmt: skip
    return click.option("--as", "voucher", required=True, help="Your own account; its passphrase is asked.")(function)


def _show_passphrase(account: str, secret: str) -> None:
    say("One-time passphrase of {account}, for seven days: {secret}", account=account, secret=secret)
    say("Say it to its holder, who chooses another at the first log-in. It is not shown again.")


@command.command("list")
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List accounts with their roles, state and open sessions.

    Example: corroborate accounts list --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        with_second = factors.with_factors()
        listed = accounts.all_shown(owner(vault, now()))
        found = [
            {
                "account": one.name,
                "roles": list(one.roles),
                "state": one.state,
                "acts_for": one.scope,
                "cases": None if one.cases is None else list(one.cases),
                "made_by": one.made_by,
                "vouched_by": list(one.vouched_by),
                "second_factor": one.name in with_second,
                "sessions": len(one.sessions),
            }
            for one in listed
        ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in listed:
        sessions = Sentence(", {number} open", number=len(one.sessions)) if one.sessions else ""
        cases = (
            ""
            if one.cases is None
            else Sentence("; only cases: {listed}", listed=", ".join(one.cases) or Sentence("none"))
        )
        vouched = Sentence("; vouched for by {listed}", listed=", ".join(one.vouched_by)) if one.vouched_by else ""
        roles = ", ".join(one.roles) or Sentence("no role")
        second = Sentence("; second factor") if one.name in with_second else ""
        say(
            "{name}  {state}{sessions}  {roles}{cases}{vouched}{second}", name=one.name, state=one.state,
            sessions=sessions, roles=roles, cases=cases, vouched=vouched, second=second,
        )  # fmt: skip


@command.command()
@_account
@_roles
@_member
@_cases
@vault_options
def add(
    account: str,
    roles: tuple[str, ...],
    member: str,
    cases: tuple[str, ...],
    folder: Path,
    passphrase_file: Path | None,
) -> None:
    """Make an account, and print its one-time passphrase. Without --case it sees the whole vault, as its roles allow.

    Example: corroborate accounts add mina --role documenter --case "Camp 15" --vault our-vault
    """
    _show_passphrase(account, _done(folder, passphrase_file, "add", account, roles, member, cases or None))


@command.command()
@_account
@vault_options
def reset(account: str, folder: Path, passphrase_file: Path | None) -> None:
    """Give an account another one-time passphrase; its sessions end.

    Example: corroborate accounts reset mina --vault our-vault
    """
    _show_passphrase(account, _done(folder, passphrase_file, "reset", account))


@command.command()
@_account
@_roles
@_member
@vault_options
def roles(account: str, roles: tuple[str, ...], member: str, folder: Path, passphrase_file: Path | None) -> None:
    """Give an account these roles and no others; without --role it has none. Its cases stay as they are.

    Example: corroborate accounts roles mina --role analyst --vault our-vault
    """
    _done(folder, passphrase_file, "give_roles", account, roles, member)
    say("{account} has {listed}.", account=account, listed=", ".join(roles) or Sentence("no role"))


@command.command()
@_account
@_cases
@click.option("--whole-vault", is_flag=True, help="It sees records of every case, and those of none.")
@vault_options
def cases(account: str, cases: tuple[str, ...], whole_vault: bool, folder: Path, passphrase_file: Path | None) -> None:
    """Let an account see records of these cases and of no others; it holds at once, on pages that are open too.

    Example: corroborate accounts cases mina --case "Camp 15" --vault our-vault
    """
    if bool(cases) == whole_vault:
        raise click.UsageError(worded("Give --case NAME, once for each, or --whole-vault."))
    _done(folder, passphrase_file, "limit", account, None if whole_vault else cases)
    say(
        "{account} sees {which}.",
        account=account,
        which=Sentence("the whole vault") if whole_vault else ", ".join(cases),
    )


@command.command()
@_account
@_as
@vault_options
def vouch(account: str, voucher: str, file: Path | None, folder: Path, passphrase_file: Path | None) -> None:
    """Say by your own log-in that ACCOUNT is held by the person it is named for, whom you saw choose its passphrase.

    Where two people are needed, one of them must have been vouched for by somebody who made neither account.

    Example: corroborate accounts vouch mina --as "S. Mori" --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        accounts.vouch(desk_of(vault, voucher, file), account)
    say("{voucher} has vouched for {account}.", voucher=voucher, account=account)


@command.command()
@_account
@click.option("--lift", is_flag=True, help="Let it in again.")
@vault_options
def block(account: str, lift: bool, folder: Path, passphrase_file: Path | None) -> None:
    """Keep an account out until it is let in again; its sessions end.

    Example: corroborate accounts block mina --vault our-vault
    """
    _done(folder, passphrase_file, "block", account, lift=lift)
    if lift:
        say("{account} may log in again.", account=account)
    else:
        say("{account} is blocked, and its sessions have ended.", account=account)


@command.command()
@_account
@vault_options
def remove(account: str, folder: Path, passphrase_file: Path | None) -> None:
    """Remove an account for good. Its name stays in what it did, and is given to nobody else.

    Example: corroborate accounts remove mina --vault our-vault
    """
    _done(folder, passphrase_file, "remove", account)
    say("{account} is removed: no session, role or passphrase is left.", account=account)


@command.command("end-sessions")
@_account
@vault_options
def end_sessions(account: str, folder: Path, passphrase_file: Path | None) -> None:
    """End every session of an account.

    Example: corroborate accounts end-sessions mina --vault our-vault
    """
    say("Sessions ended: {done}.", done=_done(folder, passphrase_file, "end_sessions", account))


@command.command()
@_account
@vault_options
def forgive(account: str, folder: Path, passphrase_file: Path | None) -> None:
    """Let an account try again at once after too many wrong passphrases.

    Example: corroborate accounts forgive mina --vault our-vault
    """
    say("Wrong tries forgotten: {done}.", done=_done(folder, passphrase_file, "forgive", account))


@command.command("require-second")
@click.argument("account", required=False)
@click.option("--all", "everybody", is_flag=True, help="Every account, also those made later.")
@click.option("--lift", is_flag=True, help="No longer.")
@vault_options
def require_second(
    account: str | None, everybody: bool, lift: bool, folder: Path, passphrase_file: Path | None
) -> None:
    """Ask an account for a second factor: before it has one, its pages lead to the set-up and nowhere else.

    Example: corroborate accounts require-second mina --vault our-vault
    """
    if (account is None) != everybody:
        raise click.UsageError("Give an account, or --all.")
    with opened(folder, passphrase_file) as vault:
        desk = owner(vault, now())
        if account is None:
            factors.require_all(desk, lift=lift)
        else:
            factors.require(desk, account, lift=lift)
    if account is None and lift:
        say("Only accounts that were named are asked for a second factor.")
    elif account is None:
        say("Every account needs a second factor.")
    elif lift:
        say("{account} is no longer asked for a second factor.", account=account)
    else:
        say("{account} needs a second factor.", account=account)


@command.command("lost-second")
@_account
@vault_options
def lost_second(account: str, folder: Path, passphrase_file: Path | None) -> None:
    """Say that an account lost its second factors. They are taken away when a second person confirms it.

    Example: corroborate accounts lost-second mina --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        factors.ask_reset(owner(vault, now()), account)
    say(
        "Another person confirms it within seven days: `corroborate accounts confirm-lost {account} --as NAME`",
        account=account,
    )


@command.command("confirm-lost")
@_account
@_as
@vault_options
def confirm_lost(account: str, voucher: str, file: Path | None, folder: Path, passphrase_file: Path | None) -> None:
    """Confirm by your own log-in, as the second person, that ACCOUNT lost its second factors: they are taken away.

    Do it after you spoke with the person who holds the account.

    Example: corroborate accounts confirm-lost mina --as "S. Mori" --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        number = factors.confirm_reset(desk_of(vault, voucher, file), account)
    say(
        "Taken away: {number}. {account} logs in with the passphrase alone, and sets another one up.",
        number=number, account=account,
    )  # fmt: skip


def _done(folder: Path, passphrase_file: Path | None, act: str, *given: Any, **named: Any) -> Any:
    open_ = looked_into if act in _SHUT_OUT else opened
    with open_(folder, passphrase_file) as vault:
        return getattr(accounts, act)(owner(vault, now()), *given, **named)
