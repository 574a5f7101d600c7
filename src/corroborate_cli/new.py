"""`corroborate new`: a vault or a hub."""

import json
from pathlib import Path

import click

from corroborate.translation import Sentence
from corroborate_cli.desks import opened
from corroborate_cli.speaking import say, worded
from corroborate_cli.vaults import now, passphrase_of
from corroborate_node import api


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", required=True, help="The organisation's name, as it stands on every page.")
@click.option("--hub", is_flag=True, help="A secretariat's hub: it holds no records.")
@click.option("--account", default="keeper", show_default=True, help="The first account for the pages.")
@click.option(
    "--database",
    metavar="ADDRESS",
    envvar="CORROBORATE_DATABASE",
    help="Keep the rows in a PostgreSQL (postgresql:///NAME), encrypted; otherwise in a file of the folder.",
)
@click.option(
    "--from-export",
    "export",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Put everything of an export (corroborate export) into it; its log goes on from the old one.",
)
@click.option(
    "--sealed",
    metavar="ADDRESS",
    envvar="CORROBORATE_SEALED",
    help="Keep the sealed files in a bucket (s3://BUCKET/FOLDER?endpoint=https://HOST); otherwise in the folder.",
)
@click.option("--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    folder: Path,
    name: str,
    hub: bool,
    account: str,
    database: str | None,
    sealed: str | None,
    export: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Make a vault: its keys, an encrypted database, an empty log.

    Nobody can open it without the passphrase, the makers of this program included. Keep a copy of it on paper.

    Example: corroborate new our-vault --name "Committee for the Missing"
    """
    if export is not None and (hub or database is not None or sealed is not None):
        raise click.UsageError(
            worded("With --from-export leave out --hub, --database and --sealed: move them afterwards.")
        )
    bucket = None if sealed is None else api.new_bucket(sealed)
    secret = passphrase_of(passphrase_file, new=True)
    if export is None:
        one_time = api.create_vault(folder, name, secret, hub=hub, account=account, database=database, bucket=bucket)
    else:
        one_time = api.create_from_export(export, folder, name, secret, now(), account=account)
    with opened(folder, secret=secret) as vault:
        key = vault.signer.verifier()
    if as_json:
        found = {"folder": str(folder), "name": name, "hub": hub, "account": account, "key": str(key)}
        more = {"fingerprint": key.fingerprint, "one_time_passphrase": one_time}
        click.echo(json.dumps({**found, **more}, ensure_ascii=False))
        return
    say(
        "{which} of {name} is in {folder}.",
        which=Sentence("A hub") if hub else Sentence("A vault"),
        name=name,
        folder=folder,
    )
    say("Its public key, for the other members: {key}", key=key)
    say("Read aloud to confirm it: {fingerprint}", fingerprint=key.fingerprint)
    say("Its pages: corroborate serve --vault {folder}", folder=folder)
    say(
        "Log in as {account} with this one-time passphrase, then choose your own: {one_time}",
        account=account,
        one_time=one_time,
    )
