"""`corroborate move`: a vault's rows into a PostgreSQL, or its sealed files into a bucket; and back."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from corroborate.sealed import Secret
from corroborate.translation import Sentence
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import echo, say
from corroborate_cli.vaults import now, passphrase_of, vault_options
from corroborate_cli.waiting import waiting
from corroborate_node import api

_ERASED = {
    "file": Sentence("The file vault.db is erased."),
    "postgresql": Sentence("The rows in the PostgreSQL and the keys of their sources are erased."),
    "folder": Sentence("The sealed files in the vault's folder are erased."),
    "bucket": Sentence("The sealed files in the bucket are erased."),
}
_LEFT = {
    "file": Sentence("The old ones are left in the file vault.db."),
    "postgresql": Sentence("The old ones are left in the PostgreSQL."),
    "folder": Sentence("The old ones are left in the vault's folder."),
    "bucket": Sentence("The old ones are left in the bucket."),
}


@click.command()
@click.option("--database", metavar="ADDRESS", help="Move the rows into a PostgreSQL, such as postgresql:///NAME.")
@click.option("--to-file", is_flag=True, help="Move them back into the encrypted file of the vault's folder.")
@click.option(
    "--sealed",
    metavar="ADDRESS",
    help="Move the sealed files into a bucket, such as s3://BUCKET/FOLDER?endpoint=https://HOST. Where they are in it"
    " already: keep another key for it.",
)
@click.option("--sealed-to-folder", is_flag=True, help="Move them back into the vault's folder.")
@click.option("--erase", is_flag=True, help="Erase what an earlier move left in the other place.")
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    database: str | None,
    to_file: bool,
    sealed: str | None,
    sealed_to_folder: bool,
    erase: bool,
    folder: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Move the rows of a vault to another database, or its sealed files to a bucket: all of them, compared, or none.

    The log and the keys stay in the folder. What was moved is left where it was, too, until you say --erase: a
    withdrawal does not reach it there.

    Example: corroborate move --database postgresql:///corroborate --vault our-vault
    """
    if (database is not None) + to_file + (sealed is not None) + sealed_to_folder + erase != 1:
        raise click.UsageError("Give one of --database, --to-file, --sealed, --sealed-to-folder and --erase.")
    secret = passphrase_of(passphrase_file)
    if erase:
        _erase(folder, secret, as_json)
    elif sealed is not None or sealed_to_folder:
        _move_files(folder, secret, sealed, as_json)
    else:
        _move_rows(folder, secret, database, as_json)


def _erase(folder: Path, secret: Secret, as_json: bool) -> None:
    with looked_into(folder, secret=secret) as vault:
        erased = api.erase_left(vault, secret, now())
    if as_json:
        echo(json.dumps({"erased": " ".join(erased)}))
        return
    for where in erased:
        echo(_ERASED[where])


def _move_rows(folder: Path, secret: Secret, database: str | None, as_json: bool) -> None:
    with opened(folder, secret=secret) as vault, waiting("Copying and comparing tables") as tell:
        found = api.move_rows(vault, secret, database, lambda _, done, of: tell(done, of))
    with opened(folder, secret=secret) as vault:
        api.note_left(vault, found, now())
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    say(
        (
            "{rows:,} row of {tables} tables was copied, and is the same in both places.",
            "{rows:,} rows of {tables} tables were copied, and are the same in both places.",
        ),
        rows=found.rows,
        tables=found.tables,
    )
    _said_left(found.left)


def _move_files(folder: Path, secret: Secret, address: str | None, as_json: bool) -> None:
    bucket = None if address is None else api.new_bucket(address)
    with opened(folder, secret=secret) as vault, waiting("Copying and opening sealed files") as tell:
        found = api.move_files(vault, secret, bucket, tell)
        if found.left:
            api.note_left(vault, found, now())
    if as_json:
        click.echo(json.dumps(asdict(found)))
    elif bucket is not None and vault.bucket is not None:
        say("The vault keeps this key for its bucket from now on. No file was moved.")
    else:
        say(
            (
                "{files:,} sealed file was copied, and it opens in the new place.",
                "{files:,} sealed files were copied, and each opens in the new place.",
            ),
            files=found.files,
        )
        if found.left:
            _said_left(found.left)


def _said_left(left: str) -> None:
    echo(_LEFT[left])
    say("Look at the vault, then erase them: corroborate move --erase. Until then no withdrawal reaches them.")
