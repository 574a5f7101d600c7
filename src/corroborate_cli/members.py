"""`corroborate members`: who stands in a published statement."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from corroborate.coalition import Member, register
from corroborate.coalition.reading import read_file


def members_of(statement: Path | None) -> tuple[Member, ...]:
    """Members of a statement's file, or the project's own register of the founding statement."""
    if statement is None:
        return register()
    return read_file(statement.read_bytes(), statement.name)


@click.command()
@click.argument("statement", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def command(statement: Path | None, as_json: bool) -> None:
    """List the members and supporters of a published STATEMENT (text, HTML, PDF or Word).

    Without one: the founding register.

    What the layout leaves open is read, flagged, and left for a person to confirm.

    Example: corroborate members statement.txt --json
    """
    members = members_of(statement)
    if as_json:
        click.echo(json.dumps([one.as_json() for one in members], ensure_ascii=False))
        return
    show(members, Console(highlight=False))


def show(members: tuple[Member, ...], console: Console) -> None:
    """The members as a table, and what a person must confirm."""
    grid = Table("", "name", "kind", "country", "region", "abbreviation", "affiliation")
    for number, one in enumerate(members, start=1):
        mark = f"{number} [yellow]?[/]" if one.flag else str(number)
        grid.add_row(mark, one.name, one.kind, one.country, one.region, one.abbreviation, one.affiliation)
    console.print(grid)
    organisations = sum(one.kind == "organisation" for one in members)
    console.print(
        f"{len(members)} members and supporters: {organisations} organisations, {len(members) - organisations} people."
    )
    for flag in dict.fromkeys(one.flag for one in members if one.flag):
        console.print(f"[yellow]?[/] To confirm: {flag}")
