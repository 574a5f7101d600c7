"""`corroborate naming`: who is named as said to have done something, and to whom: decided by two people."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from corroborate.client import shapes
from corroborate.disclosure import SURE, TO, NamedTo, Sure
from corroborate_cli.desks import desk_of, looked_into, opened
from corroborate_cli.judging import InWords
from corroborate_cli.search import account_options
from corroborate_cli.speaking import echo, language, say
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core.desk import Desk, owner
from corroborate_node.core.wording import Words
from corroborate_node.inquiry import as_json as written
from corroborate_node.inquiry import naming
from corroborate_node.log import actions as log_actions

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def command() -> None:
    """Decide who is named as said to have done something, and to whom. Without a decision of two people no named body
    and nobody in public is told such a name.

    Example: corroborate naming list --vault our-vault
    """


@command.command()
@click.argument("who")
@vault_options
@account_options
@click.option("--audience", type=click.Choice(TO), required=True, help="To whom.")
@click.option("--body", default="", help="The court or commission, with 'named body'.")
@click.option("--sure", type=InWords(SURE, "sure"), required=True, help="With what caution they are named.")
@click.option("--because", required=True, help="Why they may be named to this reader.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day on which it holds.")
@_JSON
def decide(
    who: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    audience: NamedTo,
    body: str,
    sure: Sure,
    because: str,
    until: datetime | None,
    as_json: bool,
) -> None:
    """Say that WHO, by id (party_…, person_…; of words alone the act's), may be named. A second person confirms it.

    Example: corroborate naming decide party_… --audience public --sure surely_them --because "convicted" --vault ours
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        row = naming.decide(desk, who, audience, sure, because, body, until.date() if until else None)
        log_actions.checkpoint(owner(vault, desk.at))
        told = _said(desk, row.id)
    _tell(told, as_json)


@command.command()
@click.argument("decision")
@vault_options
@account_options
@_JSON
def confirm(
    decision: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Confirm DECISION as its second person: from now on it stands.

    Example: corroborate naming confirm naming_… --as ACCOUNT --vault our-vault
    """
    _change(naming.confirm, decision, folder, passphrase_file, account, account_file, as_json=as_json)


@command.command("take-back")
@click.argument("decision")
@vault_options
@account_options
@_JSON
def take_back(
    decision: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Take DECISION back: nobody is named by it any more, and a release that does is written no more.

    Example: corroborate naming take-back naming_… --vault our-vault
    """
    _change(naming.take_back, decision, folder, passphrase_file, account, account_file, as_json=as_json)


@command.command("list")
@vault_options
@account_options
@_JSON
def list_(
    folder: Path, passphrase_file: Path | None, account: str | None, account_file: Path | None, as_json: bool
) -> None:
    """List decisions: what waits for a second person, what stands, what is over or was taken back.

    Example: corroborate naming list --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        desk.require("identity.read")
        listed = written.namings(naming.listed(desk, now().date()))
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    for one in listed:
        _tell(one, False)
    if not listed:
        say("Nobody has decided to name anybody.")


def _change(
    change: Callable[[Desk, str], Any],
    decision: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Confirm a decision, or take it back."""
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        row = change(desk, decision)
        log_actions.checkpoint(owner(vault, desk.at))
        told = _said(desk, row.id)
    _tell(told, as_json)


def _said(desk: Desk, id_: str) -> shapes.NamingSaid:
    return written.naming(next(one for one in naming.listed(desk, desk.at.date()) if one.row.id == id_))


def _tell(one: shapes.NamingSaid, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(one, ensure_ascii=False))
        return
    words = Words(language(), "inquiry")
    say(
        "{id}  {name} ({who}), to {reader}, {sure}: {state}",
        id=one["id"],
        name=one["name"],
        who=one["who"],
        reader=one["body"] or words["to_public"],
        sure=words[f"sure_{one['sure']}"],
        state=words[f"naming_state_{one['state']}"],
    )
    for name in one["unread"]:
        echo(f"  {words['naming_unread']} {name}")
