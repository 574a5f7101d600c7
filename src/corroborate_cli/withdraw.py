"""`corroborate withdraw`: erase what a source told, when it no longer wants it kept."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from corroborate.translation import Sentence, counted
from corroborate_cli.desks import opened
from corroborate_cli.speaking import echo, language
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core.desk import owner
from corroborate_node.core.wording import Words
from corroborate_node.log import keeping, models, withdrawals
from corroborate_node.records import actions
from corroborate_node.release import summaries, wording


@click.command()
@click.argument("source")
@vault_options
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day it was withdrawn. Otherwise today.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(source: str, folder: Path, passphrase_file: Path | None, on: datetime | None, as_json: bool) -> None:
    """Erase what SOURCE told, and what every source told that goes back to it alone.

    SOURCE is an id, source_…: the end of the address of its page (/sources/source_…), to which each claim on a
    person's page leads. The log keeps that something was withdrawn, and not what. A source that has another root
    stays, and is listed. So is each release that carried any of it, with the command that tells its receiver.

    Example: corroborate withdraw source_… --vault our-vault
    """
    at = now()
    with opened(folder, passphrase_file) as vault:
        desk = owner(vault, at)
        done = actions.withdraw(desk, source, (on or at).date())
        carried = summaries.that_carried(desk, done.records)
        copies = withdrawals.carrying(keeping.backups(desk))
    if as_json:
        found = {**_as_json(source, done, carried), "backups": [one.file or one.place for one in copies]}
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in (*_said(source, done, carried), *map(_of_a_copy, copies)):
        echo(line)


def _of_a_copy(one: models.Backup) -> Sentence:
    """A backup from before: whether the next one takes its place, or a person is to destroy it."""
    if not one.file:
        return Sentence("A copy of {made} still carries it ({place}): destroy it.", made=one.made, place=one.place)
    if one.place == one.file:
        return Sentence("The backup {file} still carries it: delete it, and make another.", file=one.file)
    return Sentence("The backup {file} still carries it, until the next one takes its place.", file=one.file)


def _as_json(source: str, done: actions.Withdrawn, carried: Sequence[summaries.Summary]) -> dict[str, object]:
    """Stable keys. ``recall``: the command that writes the notes to a release's receivers; null: nobody received it."""
    return {
        "source": source,
        "sources_withdrawn": list(done.sources),
        "claims_erased": done.claims,
        "people": list(done.people),
        "also_told_by": list(done.also_told),
        "releases": [
            {"release": one.number, "audience": one.audience, "body": one.body, "to": _receivers(one),
             "recall": wording.recall_command(one.number) if "waits" in one.recalls else None}
            for one in carried
        ],
    }  # fmt: skip


def _said(source: str, done: actions.Withdrawn, carried: Sequence[summaries.Summary]) -> Iterator[str]:
    more = len(set(done.sources) - {source})
    yield Sentence(
        "{source} is withdrawn. Erased: {claims} about {people}. Their seals stay in the log.",
        source=source,
        claims=counted(done.claims, "claim", "claims"),
        people=counted(len(done.people), "person", "people"),
    )
    if more:
        yield Sentence(
            "Withdrawn with it, for they go back to nothing else: {sources}.",
            sources=counted(more, "source", "sources"),
        )
    for one in done.also_told:
        yield Sentence("Also told by {one}, which has another root and stays: withdraw it too if it must go.", one=one)
    words = Words(language(), wording.ROOM)
    for row in carried:
        to = ", ".join(_receivers(row)) or wording.receiver(words, row.audience, row.body)
        if "waits" in row.recalls:
            yield Sentence(
                "Release {number} carried some of it, to {to}. Tell them: {recall_command}",
                number=row.number,
                to=to,
                recall_command=wording.recall_command(row.number),
            )
            forms = ", ".join(dict.fromkeys(f"{one.form} of {one.at.date().isoformat()}" for one in row.given))
            yield Sentence(
                "  Files of it lie outside the vault, where nothing erases them: delete your own ({forms}).",
                forms=forms,
            )
        else:
            yield Sentence(
                "Release {number} (to {to}) was to carry some of it and was never written: nobody has it.",
                number=row.number,
                to=to,
            )


def _receivers(row: summaries.Summary) -> list[str]:
    return list(dict.fromkeys(one.to for one in row.given if one.to))
