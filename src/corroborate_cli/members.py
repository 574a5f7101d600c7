"""`corroborate members`: who stands in a published statement."""

import json
from pathlib import Path

import click
from rich.console import Console

from corroborate.coalition import Member, register
from corroborate.coalition.members import ListOfMembers
from corroborate.coalition.reading import read_statement
from corroborate.translation import Sentence
from corroborate_cli.speaking import say
from corroborate_cli.terminal import Table, Terminal


def members_of(statement: Path | None, first: int | None = None, last: int | None = None) -> ListOfMembers:
    """Members of a statement's file, or the project's own register of the founding statement."""
    if statement is None:
        return ListOfMembers(register())
    return read_statement(statement.read_bytes(), statement.name, first=first, last=last)


@click.command()
@click.argument("statement", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "first", type=click.IntRange(min=1), metavar="LINE", help="The line where the names begin.")
@click.option("--to", "last", type=click.IntRange(min=1), metavar="LINE", help="The last line that holds a name.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def command(statement: Path | None, first: int | None, last: int | None, as_json: bool) -> None:
    """List the members, supporters or signatories of a published STATEMENT (text, HTML, PDF or Word), or of a sign-on
    sheet (XLSX, CSV).

    Without one: the founding register.

    What the layout leaves open is read, flagged, and left for a person to confirm. Where the names stand is said;
    --from and --to say it better.

    \b
    Example: corroborate members statement.txt --json
             corroborate members statement.txt --from 14 --to 52
    """
    found = members_of(statement, first, last)
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found.members], ensure_ascii=False))
        return
    if found.first:
        say(
            "The names stand in lines {first} to {last}, below “{heading}”.",
            first=found.first,
            last=found.last,
            heading=found.heading,
        )
    show(found.members, Terminal(highlight=False))
    for notice in found.notices:
        say("Note: {notice}", notice=notice)


def show(members: tuple[Member, ...], console: Console) -> None:
    """The members as a table, and what a person must confirm."""
    grid = Table("", "name", "kind", "country", "region", "abbreviation", "affiliation")
    for number, one in enumerate(members, start=1):
        mark = f"{number} [yellow]?[/]" if one.flag else str(number)
        grid.add_row(mark, one.name, one.kind, one.country, one.region, one.abbreviation, one.affiliation)
    console.print(grid)
    organisations = sum(one.kind == "organisation" for one in members)
    console.print(
        Sentence(
            (
                "{number} member or supporter: organisations {organisations}, people {number2}.",
                "{number} members and supporters: {organisations} organisations, {number2} people.",
            ),
            number=len(members),
            organisations=organisations,
            number2=len(members) - organisations,
        )
    )
    for flag in dict.fromkeys(one.flag for one in members if one.flag):
        console.print(Sentence("[yellow]?[/] To confirm: {flag}", flag=flag))
