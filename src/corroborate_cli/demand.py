"""`corroborate demand`: what was asked of whom, and what came of it."""

import json
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table

from corroborate.coalition import STATUSES, Demand, demands


@click.command()
@click.option("--status", type=click.Choice(list(STATUSES)), help="Only demands with this status.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list with the evidence of each.")
def command(status: str | None, as_json: bool) -> None:
    """Show the founding statement's demands and what became of each, from dated public events.

    The status is a reading of the evidence named, no body's finding.

    Example: corroborate demand --status partly_met
    """
    shown = [one for one in demands() if status in (None, one.status)]
    if as_json:
        click.echo(json.dumps([one.as_json() for one in shown], ensure_ascii=False))
        return
    show(shown, Console(highlight=False))


def show(shown: Sequence[Demand], console: Console) -> None:
    """Demands as a table, each with the events its status rests on."""
    grid = Table("demand", "of whom", "since", "status", "evidence", show_lines=True)
    for one in shown:
        evidence = "\n".join(f"{e.date} {e.what}{f' ({e.symbol})' if e.symbol else ''}" for e in one.evidence)
        grid.add_row(one.what, one.addressee, str(one.since), f"{STATUSES[one.status]} ({one.as_of})", evidence)
    console.print(grid)
