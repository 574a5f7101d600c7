"""`corroborate words`: what words of lists mean in a vault, by its coders."""

import json
from pathlib import Path

import click

from corroborate.translation import Sentence
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import say
from corroborate_cli.vaults import now, vault_options
from corroborate_node.coding import actions, queries
from corroborate_node.coding.choosing import STANCES, acts_of
from corroborate_node.core.desk import owner
from corroborate_node.http_api import answers
from corroborate_node.log import actions as log

SHOWN = 20


@click.group()
def command() -> None:
    """Teach a vault what words of its lists mean. The next import reads them so; what stands is listed, and changed by
    nobody but you.

    Example: corroborate words code "불망산에 묻음" life.death_in_custody --vault our-vault
    """


@command.command("list")
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List words that no import could code, those of most cells first, and the words that were taught.

    Example: corroborate words list --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = owner(vault, now())
        desk.require("word.code")
        known = answers.words_known(desk, 100_000 if as_json else SHOWN)
        waiting = known["waiting"]
        number = queries.number(desk)
        taught = queries.taught(desk)
    if as_json:
        click.echo(json.dumps(known, ensure_ascii=False))
        return
    for each in waiting:
        click.echo(f"{each['cells']:>6}  {each['words']}  ({each['list']}, {each['at']})")
    if number > len(waiting):
        say("… and {number} more; --json lists them all", number=number - len(waiting))
    if not waiting:
        say("No words wait for a coder.")
    for one in taught:
        meaning = ", ".join(f"{term} ({stance})" for term, stance in one.acts) or "no act"
        say(
            "taught  {words} = {meaning}, by {by} on {on}",
            words=one.words,
            meaning=meaning,
            by=one.by,
            on=one.on.isoformat(),
        )


@command.command()
@click.argument("words")
@click.argument("violations", nargs=-1)
@vault_options
@click.option(
    "--stance",
    type=click.Choice(STANCES),
    default=STANCES[0],
    show_default=True,
    help="How the words tell it: done to this person, denied, seen, done to somebody else, threatened; none: no act.",
)
@click.option("--apply", "now_too", is_flag=True, help="Code by it what was taken in before, beside what stands.")
def code(
    words: str, violations: tuple[str, ...], folder: Path, passphrase_file: Path | None, stance: str, now_too: bool
) -> None:
    """Say that WORDS mean VIOLATIONS: ids of the vocabulary, or what they are called.

    Lists which cells of earlier imports would be coded otherwise. They are left as they are without --apply, which
    adds claims beside those that stand.

    \b
    Example: corroborate words code "불망산에 묻음" life.death_in_custody --vault our-vault
             corroborate words code "은퇴" --stance none --vault our-vault
    """
    acts = acts_of(violations, stance)
    with opened(folder, passphrase_file) as vault:
        desk = owner(vault, now())
        row = actions.code(desk, words, acts)
        changes = queries.changes(desk, row)
        people = actions.apply(desk, words) if now_too and any(one.adds for one in changes) else []
        if people:
            log.checkpoint(desk)
    say("Kept: the next import of this vault reads these words so.")
    _show_changes(changes, len(people), applied=now_too)


def _show_changes(changes: list[queries.Change], people: int, *, applied: bool) -> None:
    """What stands and would change, by place: the words of the list are not repeated."""
    for one in changes[:SHOWN]:
        adds = ", ".join(f"{act.term} ({act.said})" for act in one.adds)
        stands = ", ".join(f"{act.term} ({act.said})" for act in one.stands)
        verb = "added" if applied else "would add"
        parts = [
            f"{verb} {adds}" if adds else "",
            Sentence("stands, and is read so no longer: {stands}", stands=stands) if stands else "",
        ]
        click.echo(f"{one.source}, {one.locator}, {one.person}: {'; '.join(part for part in parts if part)}")
    if len(changes) > SHOWN:
        say("… and {number} more", number=len(changes) - SHOWN)
    if applied:
        say(
            (
                "Coded now for {people} person, beside what stands.",
                "Coded now for {people} people, beside what stands.",
            ),
            people=people,
        )
    elif any(one.adds for one in changes):
        say(
            (
                "{value} cell waits to be coded so: again with --apply.",
                "{value} cells wait to be coded so: again with --apply.",
            ),
            value=sum(1 for one in changes if one.adds),
        )


@command.command()
@click.argument("words")
@vault_options
def forget(words: str, folder: Path, passphrase_file: Path | None) -> None:
    """Let WORDS be read as the program reads them again. What was coded by them stands.

    Example: corroborate words forget "불망산에 묻음" --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        actions.forget(owner(vault, now()), words)
    say("Forgotten. What was coded by it stands.")
