"""`corroborate ties`: which sources do not know independently of one another, said, listed and taken back."""

import json
from pathlib import Path
from typing import get_args

import click

from corroborate.cases import TieKind
from corroborate.translation import Sentence
from corroborate_cli.desks import desk_of, looked_into, opened
from corroborate_cli.search import account_options
from corroborate_cli.speaking import echo, language, say
from corroborate_cli.vaults import vault_options
from corroborate_node.core.desk import owner
from corroborate_node.core.wording import Words
from corroborate_node.inquiry import as_json as written
from corroborate_node.inquiry import tying
from corroborate_node.log import actions as log_actions

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_KINDS = tuple(get_args(TieKind))


@click.group()
def command() -> None:
    """Say which sources do not know independently: one goes back to the other, they share an origin, or one may have
    shaped the other. Whatever is counted by independent sources changes at once.

    Example: corroborate ties add source_… told_by source_… --because "the article names her" --vault our-vault
    """


@command.command()
@click.argument("source")
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("other")
@vault_options
@account_options
@click.option("--because", required=True, help="How you know it.")
@_JSON
def add(
    source: str,
    kind: TieKind,
    other: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    because: str,
    as_json: bool,
) -> None:
    """Say that SOURCE does not know independently of OTHER, both by their ids.

    told_by and quoted_from: SOURCE goes back to OTHER, and falls with it when that is withdrawn. same_interview,
    same_broadcast, same_pass (of a satellite): both are one origin. related, same_interpreter, same_broker: one may
    have shaped the other; they are counted once, and the number that would stand otherwise is said beside it.

    Example: corroborate ties add source_… same_interpreter source_… --because "both interviews of 3 May" --vault ours
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        made = tying.tie(desk, source, kind, other, because)
        log_actions.checkpoint(owner(vault, desk.at))
        told = written.tie(made)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    say(
        "{source} and {other} do not know independently ({kind}): {id}",
        id=made.id,
        kind=Words(language(), "inquiry")[f"tie_{kind}"],
        source=source,
        other=other,
    )


@command.command("list")
@click.argument("source")
@vault_options
@account_options
@_JSON
def list_(
    source: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """List what people said of SOURCE and others, that which was taken back among it.

    Example: corroborate ties list source_… --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        desk.require("identity.read")
        rows = written.ties(tying.ties_seen(desk, source))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    words = Words(language(), "inquiry")
    for one in rows:
        back = Sentence("; taken back {day}", day=one["taken_back"][:10]) if one["taken_back"] else ""
        say(
            "{id}  {source} {kind} {other}: {because}{back}",
            id=one["id"],
            source=one["source"],
            kind=words[f"tie_{one['kind']}"],
            other=one["other"],
            because=one["because"],
            back=back,
        )
    if not rows:
        say("Nobody has said of this source that it shares anything with another.")


@command.command("take-back")
@click.argument("tie")
@vault_options
@account_options
@_JSON
def take_back(
    tie: str, folder: Path, passphrase_file: Path | None, account: str | None, account_file: Path | None, as_json: bool
) -> None:
    """Take TIE back: the two count as they did before.

    Example: corroborate ties take-back tie_… --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        row = tying.untie(desk, tie)
        log_actions.checkpoint(owner(vault, desk.at))
        told = {**written.tie(row), "taken_back": desk.at.isoformat()}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    echo(Sentence("Taken back: {source} and {other} count as before.", source=row.source_id, other=row.other_id))
