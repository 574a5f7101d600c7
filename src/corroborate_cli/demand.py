"""`corroborate demand`: what was asked of whom, what came of it, and who read it so."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from corroborate.coalition import ANSWERS, STATUSES, Access, Demand, Event, Reading, demands, timeline
from corroborate.errors import InvalidValue
from corroborate.translation import Sentence
from corroborate.values import PartialDate
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import echo, in_one_line, say
from corroborate_cli.terminal import Table
from corroborate_cli.vaults import now, vault_options
from corroborate_node.coalition.advocacy import actions
from corroborate_node.coalition.advocacy import queries as advocacy_queries
from corroborate_node.core.desk import owner


@click.group(invoke_without_command=True)
@click.option("--status", type=click.Choice(list(STATUSES)), help="Only demands with this status.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list with criteria and evidence of each.")
@click.pass_context
def command(context: click.Context, status: str | None, as_json: bool) -> None:
    """Show the founding statement's demands and what became of each, criterion by criterion, from dated public events.

    The status is a reading of the evidence named, no body's finding.

    Example: corroborate demand --status partly_met
    """
    if context.invoked_subcommand is not None:
        return
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
        grid.add_row(
            one.what,
            one.addressee,
            str(one.since),
            Sentence("{status} ({on})", status=STATUSES[one.status], on=one.as_of),
            evidence,
        )
    console.print(grid)


def _found(identifier: str, among: Sequence[Demand]) -> Demand:
    for one in among:
        if one.id.removeprefix("demand.") == identifier.removeprefix("demand."):
            return one
    names = ", ".join(one.id.removeprefix("demand.") for one in among)
    raise InvalidValue("there is no demand {identifier!r}; there are {names}", identifier=identifier, names=names)


@command.command(name="show")
@click.argument("demand")
@vault_options
@click.option("--here", is_flag=True, help="With the readings and requests recorded in the vault or hub.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def show_(demand: str, folder: Path, passphrase_file: Path | None, here: bool, as_json: bool) -> None:
    """Show one demand: criteria, readings, the log of access, and a citation to copy.

    Example: corroborate demand show close_kwanliso
    """
    known: Sequence[Demand] = demands()
    if here:
        with looked_into(folder, passphrase_file):
            known = advocacy_queries.campaign().demands
    one = _found(demand, known)
    if as_json:
        click.echo(json.dumps(one.as_json(), ensure_ascii=False))
        return
    say(
        "{what}\n{statuses} ({as_of}); asked of {addressee} since {since}\n",
        what=one.what,
        statuses=STATUSES[one.status],
        as_of=one.as_of,
        addressee=one.addressee,
        since=one.since,
    )
    for criterion in one.criteria:
        echo(f"{criterion.id}: {criterion.what}")
        for reading in reversed(criterion.readings):
            say("  {statuses}, read by {by}, {on}", statuses=STATUSES[reading.status], by=_who(reading), on=reading.on)
            for event in reading.evidence:
                echo(f"    {event.id}  {in_one_line(f'{event.date} {event.what}. {event.source}')}")
    for access in one.access:
        say(
            "asked to be let in: {on} {by}: {answers}. {source}",
            on=access.on,
            by=_who(access),
            answers=ANSWERS[access.answer],
            source=access.source,
        )
    click.echo(f"\n{one.citation}")


def _who(said: Reading | Access) -> str:
    """By whom something is said to be, and who put it down where that was not the one named."""
    if not said.entered_by:
        return said.by
    return Sentence("{by} (entered by {other}, and signed by nobody)", by=said.by, other=said.entered_by)


@command.command()
@click.argument("demand")
@click.argument("criterion")
@vault_options
@click.option("--status", required=True, type=click.Choice(list(STATUSES)))
@click.option("--by", required=True, help="Who judges: a person and their organisation.")
@click.option("--on", required=True, help="The day of the reading: 2026, 2026-11 or 2026-11-24.")
@click.option("--event", "events", multiple=True, help="Id of an event of the timeline; repeat for several.")
@click.option("--new-event", nargs=3, metavar="DATE WHAT SOURCE", help="A dated public event that is not there yet.")
@click.option("--note", default="", help="What the reader should know.")
def judge(
    demand: str, criterion: str, folder: Path, passphrase_file: Path | None, status: str, by: str, on: str,
    events: tuple[str, ...], new_event: tuple[str, str, str] | None, note: str,
) -> None:  # fmt: skip
    """Record how somebody read the evidence on one criterion. Earlier readings stay and are shown.

    Example: corroborate demand judge close_kwanliso closed --status partly_met --by "M. Kim, Secretariat" --on 2026-11 --event t.2025-10-15.49 --vault hub
    """  # noqa: E501 - a line to copy

    known = {event.id: event for event in timeline()}
    if unknown := [one for one in events if one not in known]:
        raise InvalidValue(
            "the timeline has no event {unknown!r}; `corroborate demand --json` shows their ids", unknown=unknown[0]
        )
    rests_on: list[Event] = [known[one] for one in events]
    with opened(folder, passphrase_file) as vault:
        if new_event:
            rests_on.append(actions.new_event(*new_event))
        reading = Reading(status, by, PartialDate.parse(on), tuple(rests_on), note)
        judged = actions.judge(owner(vault, now()), demand, criterion, reading)
    say("{what}: {status} ({on})", what=judged.what, status=STATUSES[judged.status], on=judged.as_of)


@command.command()
@click.argument("demand")
@vault_options
@click.option("--on", required=True, help="2026, 2026-11 or 2026-11-24.")
@click.option("--by", required=True, help="Who asked to be let in.")
@click.option("--what", required=True, help="What was asked, and what was said.")
@click.option("--answer", required=True, type=click.Choice(list(ANSWERS)))
@click.option("--source", required=True, help="Document symbol or published page.")
def access(
    demand: str, folder: Path, passphrase_file: Path | None, on: str, by: str, what: str, answer: str, source: str
) -> None:
    """Log a request for access and its answer under a demand about access.

    Example: corroborate demand access access_special_rapporteur --on 2026-10 --by "Special Rapporteur" --what "asked to visit" --answer no_answer --source A/HRC/61/1 --vault hub
    """  # noqa: E501 - a line to copy

    made = Access(PartialDate.parse(on), by, what, answer, source)
    with opened(folder, passphrase_file) as vault:
        actions.log_access(owner(vault, now()), demand, made)
    say("{on}: {by}, {answer}", on=made.on, by=made.by, answer=ANSWERS[made.answer])
