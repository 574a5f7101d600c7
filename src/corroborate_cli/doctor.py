"""`corroborate doctor`: is everything as it was sealed?"""

import contextlib
import json
from dataclasses import asdict
from pathlib import Path

import click

from corroborate.errors import NotAllowed
from corroborate.translation import in_language
from corroborate_cli.desks import looked_into
from corroborate_cli.helping import columns
from corroborate_cli.speaking import language
from corroborate_cli.vaults import now, vault_options
from corroborate_node import api
from corroborate_node.log import fixity, rollback


@click.command()
@vault_options
@click.option("--record", is_flag=True, help="Seal the result in the log, and raise an alarm for what is wrong.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.pass_context
def command(context: click.Context, folder: Path, passphrase_file: Path | None, record: bool, as_json: bool) -> None:
    """Check a vault: database, seals, log, signature, sealed files, alarms. Exit code 1 when something is wrong.

    `corroborate serve` checks everything by itself, a little at a time, once a week. Where a vault is not served, let
    the system's own timer run this with --record.

    Example: corroborate doctor --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        with contextlib.suppress(NotAllowed):  # what stands against signing is kept, and shown among the alarms
            rollback.may_sign(vault, now())
        found = fixity.everything(vault, now())
        if record:
            api.record_fixity(vault, found, now())
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    else:
        for one in found:
            state, about, said = (in_language(each, language()) for each in (one.state, one.about, one.found))
            click.echo(f"{state}{' ' * (8 - columns(state))}{about}: {said}")
    context.exit(any(one.state == "wrong" for one in found))
