"""`corroborate correct`: put right a claim that was recorded wrongly; undo it."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from corroborate.translation import Sentence
from corroborate_cli.desks import desk_of, opened
from corroborate_cli.speaking import echo, language, worded
from corroborate_cli.vaults import vault_options
from corroborate_node.core.desk import owner
from corroborate_node.core.wording import Words
from corroborate_node.log import actions as log_actions
from corroborate_node.records import correcting
from corroborate_node.release import summaries, wording

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("claim")
@vault_options
@click.option("--to", "to", help="What is right: words, a name, a date (1997-03), a term's id, or an entity's.")
@click.option("--because", help="How you know that it was recorded wrongly.")
@click.option("--undo", is_flag=True, help="Take the correction of CLAIM back: it counts again as it did.")
@click.option("--as", "account", help="The account that does it; its passphrase is asked. Otherwise: the owner.")
@click.option(
    "--account-file",
    "--account-passphrase-file",
    "account_file",
    type=_FILE,
    help="Its first line is that account's passphrase.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    claim: str,
    folder: Path,
    passphrase_file: Path | None,
    to: str | None,
    because: str | None,
    undo: bool,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Correct CLAIM, which was recorded otherwise than its source has it.

    The old claim stays to be read, with who corrected it, when and why, and is used for nothing more; the new one
    stands in its place, from the same source. Each release that carried or counted it is listed, with the command that
    tells its receiver. CLAIM is an id, claim_…: the end of the address of its page (/custody/claim_…).

    Example: corroborate correct claim_… --to 1997-03 --because "the page says March" --vault our-vault
    """
    if undo == bool(to or because) or (not undo and not (to and because)):
        raise click.UsageError(worded("Give --to WORDS and --because WORDS, or --undo."))
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        done = correcting.undo(desk, claim) if undo else correcting.correct(desk, claim, str(to), str(because))
        log_actions.checkpoint(owner(vault, desk.at))
        carried = summaries.that_carried(desk, [done.new if undo else done.old]) if desk.may("release.read") else []
    if as_json:
        releases = [{"release": one.number, "audience": one.audience, "body": one.body,
                     "recall": wording.recall_command(one.number) if "waits" in one.recalls else None}
                    for one in carried]  # fmt: skip
        told = {"correction": done.id, "old": done.old, "new": done.new, "undone": undo, "releases": releases}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in _said(done, carried, undone=undo):
        echo(line)


def _said(done: correcting.Corrected, carried: Sequence[summaries.Summary], *, undone: bool) -> Iterator[str]:
    if undone:
        yield Sentence(
            "The correction is undone: {old} counts again, {new} no more. Both stay to be read.",
            old=done.old,
            new=done.new,
        )
    else:
        yield Sentence(
            "{new} stands in the place of {old}, which stays to be read and counts no more.", new=done.new, old=done.old
        )
    words = Words(language(), wording.ROOM)
    for row in carried:
        to = wording.receiver(words, row.audience, row.body)
        if "waits" in row.recalls:
            yield Sentence(
                "Release {number} ({to}) told it otherwise. Tell them: {recall_command}",
                number=row.number,
                to=to,
                recall_command=wording.recall_command(row.number),
            )
        else:
            yield Sentence(
                "Release {number} (to {to}) was to tell it otherwise and was never written: nobody has it.",
                number=row.number,
                to=to,
            )
