"""`corroborate cases`: named files of work, which sources are filed in them, and which accounts see them."""

import json
from pathlib import Path
from typing import Any

import click

from corroborate.translation import Sentence
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import echo, say
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core import accounts
from corroborate_node.core.desk import owner
from corroborate_node.http_api import answers
from corroborate_node.records import cases, queries

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def command() -> None:
    """Divide the work of a vault into cases. An account that is limited to cases sees records of their sources alone.

    Name no person in the name of a case: whoever keeps accounts sees it.

    Example: corroborate cases new "Camp 15" --vault our-vault
    """


@command.command()
@click.argument("name")
@vault_options
def new(name: str, folder: Path, passphrase_file: Path | None) -> None:
    """Open a case.

    Example: corroborate cases new "Camp 15" --vault our-vault
    """
    echo(_done(folder, passphrase_file, cases.begin, name))


@command.command("list")
@vault_options
@_JSON
def list_(folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List cases: how many sources are filed in each, and which accounts see no more than their cases.

    Example: corroborate cases list --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = owner(vault, now())
        limited = [one for one in accounts.all_shown(desk) if one.cases is not None]
        listed = [
            (
                one,
                queries.filed_in(desk, one.id).count(),
                [each.name for each in limited if one.name in (each.cases or ())],
            )
            for one in queries.cases_seen(desk)
        ]
    if as_json:
        found = [answers.case_listed(*one) for one in listed]
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one, sources, members in listed:
        state = f"closed {one.closed.isoformat()[:10]}" if one.closed else "open"
        say(
            ("{case}  {state}, {sources} source{members}", "{case}  {state}, {sources} sources{members}"),
            case=one.name,
            state=state,
            sources=sources,
            members=Sentence("; limited to it: {listed}", listed=", ".join(members)) if members else "",
        )
    if not listed:
        say('No case yet: corroborate cases new "NAME"')


@command.command()
@click.argument("name")
@click.argument("sources", nargs=-1, required=True)
@vault_options
def add(name: str, sources: tuple[str, ...], folder: Path, passphrase_file: Path | None) -> None:
    """File SOURCES, by their ids, in case NAME: a list with all its rows, any source with what derives from it.

    Example: corroborate cases add "Camp 15" source_… --vault our-vault
    """
    say("Sources filed in {name}: {done}.", name=name, done=_done(folder, passphrase_file, cases.add, name, sources))


@command.command("take-out")
@click.argument("name")
@click.argument("sources", nargs=-1, required=True)
@vault_options
def take_out(name: str, sources: tuple[str, ...], folder: Path, passphrase_file: Path | None) -> None:
    """Take SOURCES out of case NAME, with what went in with them. The records stay.

    Example: corroborate cases take-out "Camp 15" source_… --vault our-vault
    """
    say(
        "Sources taken out of {name}: {done}.",
        name=name,
        done=_done(folder, passphrase_file, cases.take_out, name, sources),
    )


@command.command()
@click.argument("name")
@vault_options
def members(name: str, folder: Path, passphrase_file: Path | None) -> None:
    """Say who sees case NAME: accounts that are limited to it, and those that see the whole vault.

    Example: corroborate cases members "Camp 15" --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = owner(vault, now())
        row = cases.named(desk, name)
        shown = [one for one in accounts.all_shown(desk) if one.state in ("chosen", "waiting")]
    for one in shown:
        if one.cases is None or row.name in one.cases:
            sees = "the whole vault" if one.cases is None else ", ".join(one.cases)
            say(
                "{name}  {listed}; sees {sees}",
                name=one.name,
                listed=", ".join(one.roles) or Sentence("no role"),
                sees=sees,
            )


@command.command()
@click.argument("name")
@click.option("--again", is_flag=True, help="Open a closed case again.")
@vault_options
def close(name: str, again: bool, folder: Path, passphrase_file: Path | None) -> None:
    """Close case NAME: nothing more is filed in it, and it stays readable for those who could read it.

    Example: corroborate cases close "Camp 15" --vault our-vault
    """
    _done(folder, passphrase_file, cases.close, name, again=again)
    say("{name} is {which}.", name=name, which=Sentence("open") if again else Sentence("closed"))


def _done(folder: Path, passphrase_file: Path | None, act: Any, *given: Any, **named: Any) -> Any:
    with opened(folder, passphrase_file) as vault:
        return act(owner(vault, now()), *given, **named)
