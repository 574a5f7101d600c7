"""`corroborate withdraw`: erase what a source told, when it no longer wants it kept."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from corroborate.values import JSON
from corroborate_cli.desks import opened
from corroborate_cli.vaults import now, vault_options
from corroborate_cli.written import counted
from corroborate_node.core.desk import owner
from corroborate_node.core.wording import Words
from corroborate_node.records import actions
from corroborate_node.release import listed, saying


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
        carried = listed.carrying(desk, done.records)
    if as_json:
        click.echo(json.dumps(_as_json(source, done, carried), ensure_ascii=False))
        return
    for line in _said(source, done, carried):
        click.echo(line)


def _as_json(source: str, done: actions.Withdrawn, carried: Sequence[listed.Shown]) -> dict[str, JSON]:
    """Stable keys. ``recall``: the command that writes the notes to a release's receivers; null: nobody received it."""
    return {
        "source": source,
        "sources_withdrawn": list(done.sources),
        "claims_erased": done.claims,
        "people": list(done.people),
        "also_told_by": list(done.also_told),
        "releases": [
            {"release": one.number, "audience": one.audience, "body": one.body, "to": _receivers(one),
             "recall": saying.recall_command(one.number) if "waits" in one.recalls else None}
            for one in carried
        ],
    }  # fmt: skip


def _said(source: str, done: actions.Withdrawn, carried: Sequence[listed.Shown]) -> Iterator[str]:
    more = len(set(done.sources) - {source})
    beside = f", with {counted(more, 'source that goes', 'sources that go')} back to nothing else" if more else ""
    claims, people = counted(done.claims, "claim", "claims"), counted(len(done.people), "person", "people")
    erased = "was" if done.claims == 1 else "were"
    yield f"{source} is withdrawn{beside}: {claims} about {people} {erased} erased. Their seals stay in the log."
    for one in done.also_told:
        yield f"Also told by {one}, which has another root and stays: withdraw it too if it must go."
    words = Words("en", saying.ROOM)
    for row in carried:
        to = ", ".join(_receivers(row)) or saying.receiver(words, row.audience, row.body)
        if "waits" in row.recalls:
            yield f"Release {row.number} carried some of it, to {to}. Tell them: {saying.recall_command(row.number)}"
            forms = ", ".join(dict.fromkeys(f"{one.form} of {one.at.date().isoformat()}" for one in row.given))
            yield f"  Files of it lie outside the vault, where nothing erases them: delete your own ({forms})."
        else:
            yield f"Release {row.number} (to {to}) was to carry some of it and was never written: nobody has it."


def _receivers(row: listed.Shown) -> list[str]:
    return list(dict.fromkeys(one.to for one in row.given if one.to))
