"""`corroborate prefer`: judge which of claims that differ is preferred, and why; take it back."""

import json
from pathlib import Path

import click

from corroborate.translation import Sentence
from corroborate_cli.desks import desk_of, opened
from corroborate_cli.search import account_options
from corroborate_cli.speaking import echo, worded
from corroborate_cli.vaults import vault_options
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import preferring


@click.command()
@click.argument("claim")
@vault_options
@account_options
@click.option("--because", help="Why it is preferred to what other claims say of the same.")
@click.option("--undo", is_flag=True, help="Take the preference of CLAIM back: nothing is preferred then.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    claim: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    because: str | None,
    undo: bool,
    as_json: bool,
) -> None:
    """Judge that CLAIM is preferred where sources differ. The others stay beside it, and nothing that is counted or
    released changes: a page shows the preferred one first, with who judged so and why.

    CLAIM is an id, claim_…: the end of the address of its page (/custody/claim_…).

    Example: corroborate prefer claim_… --because "she was there herself" --vault our-vault
    """
    if undo == bool(because):
        raise click.UsageError(worded("Give --because WORDS, or --undo."))
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        done = preferring.undo(desk, claim) if undo else preferring.prefer(desk, claim, str(because))
        log_actions.checkpoint(owner(vault, desk.at))
    told = {"preference": done.id, "claim": done.claim_id, "about": done.subject_id, "property": done.property}
    if as_json:
        click.echo(json.dumps({**told, "undone": undo}, ensure_ascii=False))
        return
    said = {"claim": claim, "property_": done.property, "subject": done.subject_id}
    if undo:
        echo(Sentence("{claim} is preferred no more: {property_} of {subject}.", **said))
    else:
        echo(Sentence("{claim} is preferred: {property_} of {subject}.", **said))
