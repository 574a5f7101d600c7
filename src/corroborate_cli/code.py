"""`corroborate code`: mark words of a passage of a document and code them as claims; take that back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import click

from corroborate.errors import InvalidValue
from corroborate.records import Basis
from corroborate.records.marking import STANCES, Stance
from corroborate.translation import Sentence
from corroborate_cli.desks import desk_of, looked_into, opened
from corroborate_cli.search import account_options
from corroborate_cli.speaking import echo, worded
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.core.desk import Desk, owner
from corroborate_node.http_api import answers
from corroborate_node.log import actions as log_actions
from corroborate_node.records import codings, documents


@dataclass(frozen=True, slots=True)
class Said:
    """What the options say. ``person``: an id, or a name."""

    property_: str | None
    value: str | None
    words: str
    person: str
    act: str
    new: bool
    party: bool
    stance: Stance
    basis: Basis


@click.command()
@click.argument("source")
@vault_options
@account_options
@click.option("--passage", "number", type=click.IntRange(min=1), help="The passage, by its number.")
@click.option("--words", default="", help="The words that are marked, as the passage has them; else all of it.")
@click.option("--person", default="", help="Whom it is about: an id, or the name of somebody new.")
@click.option("--act", default="", help="The act that it is about, by its id: when, where, by whom.")
@click.option("--new", is_flag=True, help="Somebody new, although there are people of that name.")
@click.option("--party", is_flag=True, help="Somebody new to whom nothing was done: a witness, a perpetrator, a unit.")
@click.option("--property", "property_", help="violation, name, birth_date, perpetrator, …; see the reference.")
@click.option("--value", help="What is said of it: words, a date (1997-03), a term by its id or label, an id.")
@click.option(
    "--stance",
    type=click.Choice(STANCES),
    default="for",
    show_default=True,
    help="Of a violation: done, denied, seen by the person, or feared.",
)
@click.option(
    "--basis",
    type=click.Choice(get_args(Basis)),
    default="document",
    show_default=True,
    help="How whoever speaks in the passage knows it.",
)
@click.option("--undo", is_flag=True, help="Take back the coding SOURCE, coding_…, or that of the claim SOURCE.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    source: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    number: int | None,
    undo: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Code words of a passage of SOURCE as claims with that place; without --passage, list its passages.

    A violation of a person makes an act with that person as its victim. Nothing in a document is coded by itself.
    SOURCE is an id, source_…: the end of the address of its page; or a passage, passage_…, as `search` gives it.

    Example: corroborate code source_… --passage 3 --words "was beaten" --person "Kim A" --property violation --value
    torture --vault our-vault
    """
    said = Said(**options)
    if undo and number is not None:
        raise click.UsageError(worded("Give --undo with the id of a coding or claim, and no --passage."))
    if not undo and number is None and not (source.startswith("passage_") and said.property_):
        _show_waiting(source, folder, passphrase_file, account, account_file, as_json=as_json)
        return
    if not undo and not (said.property_ and said.value):
        raise click.UsageError(worded("Give --property and --value."))
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        source, number = _passage(desk, source, number)
        done = codings.undo(desk, source) if undo else codings.code(desk, source, number or 0, _asked(desk, said))
        log_actions.checkpoint(owner(vault, desk.at))
    if as_json:
        told = {"coding": done.id, "claims": done.claims, "about": done.subject, "act": done.act or None}
        click.echo(json.dumps({**told, "source": done.source, "undone": undo}, ensure_ascii=False))
        return
    for line in _lines(done, undone=undo):
        echo(line)


def _passage(desk: Desk, source: str, number: int | None) -> tuple[str, int | None]:
    """A passage by its own id is that number of its source. Raises InvalidValue for none that somebody sees."""
    if not source.startswith("passage_"):
        return source, number
    found = documents.passage_seen(desk, source)
    if found is None:
        raise InvalidValue("there is no passage {id} here that you may see; `corroborate search` gives ids", id=source)
    return found.source_id, found.number


def _asked(desk: Desk, said: Said) -> codings.Asked:
    """Raises InvalidValue where a name is that of people who are here: whether it is one of them, a person says."""
    about, name = said.act, ""
    if said.person and said.act:
        raise click.UsageError(worded("Give --person or --act: a coding is about one of them."))
    if said.person.startswith(("person_", "party_")):
        about = said.person
    elif said.person:
        name = said.person
        known = [] if said.new else codings.known_as(desk, name)
        if known:
            raise InvalidValue(
                "there is somebody of that name here: {listed}. Give that id with "
                "--person, or --new where it is somebody else",
                listed=", ".join(id_ for id_, _ in known[:10]),
            )
    return codings.Asked(
        property=said.property_ or "",
        value=said.value or "",
        words=said.words,
        about=about,
        name=name,
        kind="party" if said.party else "person",
        stance=said.stance,
        basis=said.basis,
    )


def _lines(done: codings.Coded, *, undone: bool) -> Iterator[str]:
    if undone:
        yield Sentence(
            (
                "{id} is taken back: {number} claim counts no more, and stays to be read.",
                "{id} is taken back: {number} claims count no more, and stay to be read.",
            ),
            id=done.id,
            number=len(done.claims),
        )
        return
    yield Sentence(
        ("{id}: {number} claim about {subject}", "{id}: {number} claims about {subject}"),
        id=done.id,
        number=len(done.claims),
        subject=done.subject,
    ) + (f", {done.act}" if done.act else "")
    yield Sentence("Take it back: corroborate code {id} --undo", id=done.id)


def _show_waiting(
    source: str, folder: Path, passphrase_file: Path | None, account: str | None, file: Path | None, *, as_json: bool
) -> None:
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, file)
        source, only = _passage(desk, source, None)
        passages = documents.passages_seen(desk, source)
        found = codings.shown(desk, list(passages if only is None else passages.filter(number=only)))
        if not found:
            raise InvalidValue(
                "{source} has no passages here that you may see; `corroborate search` gives ids", source=source
            )
        journal.viewed(desk, "code", [source])
    rows = [answers.passage(one) for one in found]
    if as_json:
        click.echo(json.dumps({"source": source, "passages": rows}, ensure_ascii=False))
        return
    for row in rows:
        echo(f"{row['number']}  [{row['locator']}]  {row['speaker']}  {row['text']}".replace("    ", "  "))
        for each in row["codings"]:
            echo(f"    {each['coding']}: " + "; ".join(f"{c['property']} {c['value']}" for c in each["claims"]))
