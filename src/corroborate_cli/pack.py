"""`corroborate pack`: an evidence package for a court or commission."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from corroborate.custody import Policy
from corroborate.errors import InputRefused
from corroborate.records import AUDIENCES, Audience
from corroborate_cli.vaults import now, passphrase_of, vault_options


def read_policy(path: Path | None) -> Policy | None:
    """A policy file of other members' keys."""
    try:
        return None if path is None else Policy.parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InputRefused(f"{path} is not UTF-8") from error


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@vault_options
@click.option("--audience", type=click.Choice(AUDIENCES), default="public", show_default=True, help="Who gets it.")
@click.option("--body", default="", help="The court or commission, with --audience 'named body'.")
@click.option("--claim", "claims", multiple=True, help="A claim's id; again for more. Without it: all.")
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Whose signatures count.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day on which consent is asked; otherwise today.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    out: Path,
    folder: Path,
    passphrase_file: Path | None,
    audience: Audience,
    body: str,
    claims: tuple[str, ...],
    policy: Path | None,
    on: datetime | None,
    as_json: bool,
) -> None:
    """Write a package to the new folder OUT. What a source has not allowed for this audience stays a seal in it.

    Example: corroborate pack for-the-commission --vault our-vault --audience "named body" --body OHCHR
    """
    from corroborate_node import api

    rules = read_policy(policy)
    at = now()
    with api.open_vault(folder, passphrase_of(passphrase_file)) as vault:
        packed = api.pack(
            vault,
            out,
            at=at,
            on=on.date() if on else at.date(),
            audience=audience,
            body=body,
            claims=claims or None,
            policy=rules,
        )
    if as_json:
        click.echo(json.dumps({"package": str(out), **asdict(packed)}, ensure_ascii=False))
        return
    click.echo(f"{packed.shown} records for {body or audience}, {packed.withheld} withheld, in {out}.")
    click.echo(f"Check it: corroborate verify {out}")
