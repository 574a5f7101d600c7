"""`corroborate tokens`: with what programs come in for an account."""

import json
from datetime import timedelta
from pathlib import Path

import click

from corroborate.translation import Sentence, label_of
from corroborate_cli.desks import desk_of, looked_into, opened
from corroborate_cli.search import account_options
from corroborate_cli.speaking import language, say
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core import tokens
from corroborate_node.core.desk import owner

_STATES = {"holds": Sentence("holds"), "over": Sentence("over"), "revoked": Sentence("revoked")}


@click.group()
def command() -> None:
    """Tokens with which programs act for an account: for some permissions of its own, until a day.

    Example: corroborate tokens make nightly --for record.read --as mina --vault our-vault
    """


@command.command()
@click.argument("name")
@click.option("--for", "scopes", multiple=True, help="A permission, as in `who may do what`; again for more.")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 90), help="It holds for so many days.")
@vault_options
@account_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def make(
    name: str,
    scopes: tuple[str, ...],
    days: int,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Make a token for the program NAME, and print it. It is not shown again.

    Without --for: what it could be for is listed, and nothing is made.

    Example: corroborate tokens make nightly --for record.read --for identity.read --as mina --vault our-vault
    """
    if account is None:
        raise click.UsageError("a token is an account's: give yours, --as NAME.")
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        if not scopes:
            for one in tokens.offered(desk):
                click.echo(f"{one.name}  {label_of(one.words, language())}")
            return
        secret = tokens.make(desk, name, scopes, desk.at + timedelta(days=days))
    until = (desk.at + timedelta(days=days)).isoformat()
    if as_json:
        click.echo(json.dumps({"token": secret, "for": sorted(set(scopes)), "until": until}, ensure_ascii=False))
        return
    click.echo(secret)
    say(
        "It holds until {until} UTC, and is not shown again: keep it where only the program reads it.", until=until[:16]
    )


@command.command("list")
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List the tokens of every account: for what, until when, when each was used last.

    Example: corroborate tokens list --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        rows = tokens.every(owner(vault, now()))
    if as_json:
        told = [
            {
                "account": one.account,
                "name": one.name,
                "for": list(one.scopes),
                "made": one.made.isoformat(),
                "until": one.until.isoformat(),
                "used": one.used.isoformat() if one.used else None,
                "state": one.state,
            }
            for one in rows
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in rows:
        say(
            "{account}  {name}  {state}, until {until}, last used {used}: {scopes}",
            account=one.account,
            name=one.name,
            state=_STATES[one.state],
            until=f"{one.until:%Y-%m-%d}",
            used=f"{one.used:%Y-%m-%d}" if one.used else "-",
            scopes=", ".join(one.scopes),
        )
    if not rows:
        say("No program acts for an account here.")


@command.command()
@click.argument("account")
@vault_options
def revoke(account: str, folder: Path, passphrase_file: Path | None) -> None:
    """End every token of ACCOUNT. One alone is ended on its page *Programs that act for you*.

    Example: corroborate tokens revoke mina --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        number = tokens.revoke_all(owner(vault, now()), account)
    say("Tokens ended: {number}.", number=number)
