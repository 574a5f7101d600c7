"""`corroborate withdraw`: erase what a source told, when it no longer wants it kept."""

import json
from datetime import datetime
from pathlib import Path

import click

from corroborate_cli.vaults import now, passphrase_of, vault_options
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions


@click.command()
@click.argument("source")
@vault_options
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day it was withdrawn. Otherwise today.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(source: str, folder: Path, passphrase_file: Path | None, on: datetime | None, as_json: bool) -> None:
    """Erase what SOURCE told. The log keeps that something was withdrawn, and not what.

    Its id stands at the foot of each claim on the pages, and in `corroborate journal`.

    Example: corroborate withdraw src_… --vault our-vault
    """
    at = now()
    with api.open_vault(folder, passphrase_of(passphrase_file)) as vault:
        erased = actions.withdraw(owner(vault, at), source, (on or at).date())
    if as_json:
        click.echo(json.dumps({"source": source, "claims_erased": erased}))
        return
    click.echo(f"{source} is withdrawn: {erased} claims were erased. Their seals stay in the log.")
