"""`corroborate findings`: claims against the elements of crimes, by independent roots."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click
from rich.markup import escape

from corroborate.cases import Corroboration, Finding, HangsOn, Level, Lineup, law
from corroborate.errors import InvalidValue
from corroborate.translation import Sentence, in_language, label_of
from corroborate_cli import judging, standing
from corroborate_cli.desks import looked_into
from corroborate_cli.speaking import language
from corroborate_cli.terminal import Terminal
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core import journal
from corroborate_node.core.desk import owner
from corroborate_node.inquiry import as_json as written
from corroborate_node.inquiry import queries as inquiry_queries

_SHOWN = 10  # origins and sets of them


@click.group(invoke_without_command=True)
@vault_options
@click.option("--crime", help="Only one crime, such as cah.torture.")
@click.option("--all", "everything", is_flag=True, help="Also the elements that no claim speaks to.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.pass_context
def command(
    context: click.Context,
    folder: Path,
    passphrase_file: Path | None,
    crime: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Line this vault's claims up against the elements of crimes against humanity (Rome Statute, article 7).

    Ten reports of one witness are one root. Every finding is a draft until a person has judged it.

    Example: corroborate findings --vault our-vault --crime cah.torture
    """
    if context.invoked_subcommand is not None:
        return
    if crime is not None:
        law.crime(crime)  # refuses an unknown crime before the vault is opened
    with looked_into(folder, passphrase_file) as vault:
        all_ = inquiry_queries.assessed(crime)
        found = [one for one in all_ if (everything or one.for_ or one.against) and crime in (None, one.crime)]
        roots = sorted({root for one in found for root in one.roots})
        journal.viewed(owner(vault, now()), "command findings", ["findings", *roots])
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False))
        return
    console = Terminal(highlight=False)
    for one in found:
        _said(console, one)
    if not found:
        console.print("No claim in this vault speaks to an element of a crime. Import a list, or code what happened.")


def _said(console: Terminal, one: Finding) -> None:
    title = label_of(law.crime(one.crime).label, language())
    console.print(f"[bold]{escape(title)}[/bold]: {escape(in_language(one.proposition, language()))}")
    claims = Sentence("for {number}, against {number2}", number=len(one.for_), number2=len(one.against))
    console.print(
        Sentence(
            "  {claims}; {roots} ({first_hand} saw or lived it); people {victims}; {support}",
            claims=claims,
            roots=Sentence("independent roots {number}", number=one.independent),
            first_hand=one.first_hand,
            victims=one.people,
            support=in_language(one.support, language()),
        )
    )
    if one.apart > one.independent:
        console.print(
            Sentence("  {apart} roots, were relatives and one interpreter's sources counted apart", apart=one.apart)
        )
    if one.circular:
        console.print(Sentence("  {number} claims go round in a circle and count for nobody", number=one.circular))
    if one.hangs_on:
        console.print(Sentence("  hangs on {hangs_on}", hangs_on=one.hangs_on))


@command.command()
@click.argument("element")
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(element: str, folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Show one finding: each claim for and against ELEMENT, and what the finding hangs on.

    Example: corroborate findings show cah.torture.1 --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        lineup = inquiry_queries.lined_up(owner(vault, now()))
        found = lineup.finding(element)
        if found is None:
            raise InvalidValue(
                "there is no element {element!r}; `corroborate findings --all` lists them", element=element
            )
        desk = owner(vault, now())
        people = inquiry_queries.corroborations(desk, lineup, found, lineup.people(found))
        told = written.whole(lineup, found, people)
        journal.viewed(owner(vault, now()), "command findings", ["findings", *found.roots])
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    console = Terminal(highlight=False)
    _said(console, found)
    _hanging(console, lineup, lineup.hangs_on(found))
    _agreeing(console, lineup, people)


for _part in (judging.matrix, judging.assess, judging.weigh, judging.take_back, standing.stand, standing.hear):
    command.add_command(_part)

_LEVELS: Final[Mapping[Level, str]] = {
    "denied": Sentence("said, and said not to be so"),
    "in_conflict": Sentence("accounts in conflict"),
    "corroborated": Sentence("corroborated by independent origins"),
    "unspecific": Sentence("several origins, which agree neither on where nor on when"),
    "one_origin": Sentence("one origin"),
}


def _agreeing(console: Terminal, lineup: Lineup, people: Sequence[Corroboration]) -> None:
    """Of how many people what is told agrees how far."""
    levels: dict[Level, list[str]] = {}
    for one in people:
        levels.setdefault(one.level, []).append(one.person)
    for level, words in _LEVELS.items():
        if level in levels:
            console.print(Sentence("  {words}: people {number}", words=words, number=lineup.told(levels[level])))


def _hanging(console: Terminal, lineup: Lineup, on: HangsOn) -> None:
    """What the finding hangs on, in a few lines."""
    if on.keystone:
        console.print(Sentence("  without {origin} nothing of it is left", origin=on.keystone))
    for origin in list(on.falls)[:_SHOWN]:
        console.print(
            Sentence("  {origin} alone tells of people: {number}", origin=origin, number=lineup.told(on.falls[origin]))
        )
    for each in on.smallest[:_SHOWN]:
        console.print(Sentence("  carried whole by {origins}", origins=", ".join(sorted(each))))
    if on.bounded:
        console.print("  There may be other sets: the search was cut short.")
