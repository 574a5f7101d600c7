"""`corroborate move`: a vault's rows into a PostgreSQL, or back into a file."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from corroborate.translation import Sentence
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import echo, say
from corroborate_cli.vaults import now, passphrase_of, vault_options
from corroborate_cli.waiting import waiting
from corroborate_node import api

_ERASED = {
    "file": Sentence("The file vault.db is erased."),
    "postgresql": Sentence("The rows in the PostgreSQL and the keys of their sources are erased."),
}
_LEFT = {
    "file": Sentence("The old ones are left in the file vault.db."),
    "postgresql": Sentence("The old ones are left in the PostgreSQL."),
}


@click.command()
@click.option("--database", metavar="ADDRESS", help="Move the rows into a PostgreSQL, such as postgresql:///NAME.")
@click.option("--to-file", is_flag=True, help="Move them back into the encrypted file of the vault's folder.")
@click.option("--erase", is_flag=True, help="Erase the rows that an earlier move left in the other place.")
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    database: str | None, to_file: bool, erase: bool, folder: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """Move the rows of a vault to another database: all of them, compared value by value, or none.

    The log, the sealed files and the keys stay in the folder. The old rows are left where they are, until you say
    --erase: a withdrawal does not reach them.

    Example: corroborate move --database postgresql:///corroborate --vault our-vault
    """
    if (database is not None) + to_file + erase != 1:
        raise click.UsageError("Give one of --database, --to-file and --erase.")
    secret = passphrase_of(passphrase_file)
    if erase:
        with looked_into(folder, secret=secret) as vault:
            where = api.erase_left(vault, secret, now())
        echo(json.dumps({"erased": where}) if as_json else _ERASED[where])
        return
    with opened(folder, secret=secret) as vault, waiting("Copying and comparing tables") as tell:
        found = api.move_rows(vault, secret, database, lambda _, done, of: tell(done, of))
    with opened(folder, secret=secret) as vault:
        api.note_left(vault, found, now())
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    say(
        "{rows:,} rows of {tables} tables were copied, and are the same in both places.",
        rows=found.rows,
        tables=found.tables,
    )
    echo(_LEFT[found.left])
    say("Look at the vault, then erase them: corroborate move --erase. Until then no withdrawal reaches them.")
