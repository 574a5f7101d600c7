"""`corroborate action`: what members do for the campaign, each under its own name."""

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from corroborate.coalition import KINDS, Action, calendar
from corroborate.custody import write_file
from corroborate.translation import Sentence
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import echo, say, worded
from corroborate_cli.vaults import now, vault_options
from corroborate_node.coalition.advocacy import actions, queries
from corroborate_node.coalition.advocacy import queries as advocacy_queries
from corroborate_node.core.desk import owner
from corroborate_node.http_api import coalition_answers

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def command() -> None:
    """Members' actions: enter, change, remove, list, join two entries of one event, write a calendar.

    Example: corroborate action list --vault hub
    """


@command.command()
@vault_options
@click.option("--kind", required=True, type=click.Choice(list(KINDS)))
@click.option("--title", required=True)
@click.option("--member", "members", required=True, multiple=True, help="Whose it is, as it writes its name.")
@click.option("--begins", required=True, type=_DAY, help="2026-11-24")
@click.option("--ends", type=_DAY, help="Otherwise the same day.")
@click.option("--language", default="en", show_default=True, help="Of title and text (ISO 639-1).")
@click.option("--country", default="", help="ISO 3166-1, such as KR.")
@click.option("--place", default="", help="City and house, as far as it is public.")
@click.option("--demand", "demands", multiple=True, help="Id of a demand; repeat for several.")
@click.option("--text", default="")
@click.option("--address", default="", help="Page of the member (https://…).")
def enter(
    folder: Path, passphrase_file: Path | None, kind: str, title: str, members: tuple[str, ...], begins: datetime,
    ends: datetime | None, language: str, country: str, place: str, demands: tuple[str, ...], text: str, address: str,
) -> None:  # fmt: skip
    """Enter an action under its members' own names. At a hub it stands in public once one of them, or a second person,
    confirms it on its page.

    Example: corroborate action enter --kind exhibition --title "Photographs" --member "Group" --begins 2026-10-01 --vault hub
    """  # noqa: E501 - a line to copy

    first = begins.date()
    last = ends.date() if ends else first
    asked = tuple(one if one.startswith("demand.") else f"demand.{one}" for one in demands)
    with opened(folder, passphrase_file) as vault:
        at = now()
        made = Action(actions.identifier("action", at), kind, title, members, first, last, language, country, place,
                      asked, text, address)  # fmt: skip
        actions.enter(owner(vault, at), made)
        alike = [one for one in queries.all_proposals() if made.id in (one.first.id, one.second.id)]
    echo(made.id)
    for one in alike:
        other = one.second if one.first.id == made.id else one.first
        say("Perhaps the same event as {id} “{title}”: {why}. `corroborate action join`", id=other.id, title=other.title, why=one.why, err=True)  # fmt: skip  # noqa: E501


@command.command()
@click.argument("identifier")
@vault_options
@click.option("--by", required=True, help="Who changes it.")
@click.option("--kind", type=click.Choice(list(KINDS)))
@click.option("--title")
@click.option("--member", "members", multiple=True, help="Whose it is, as it writes its name; replaces all names.")
@click.option("--begins", type=_DAY, help="2026-11-24")
@click.option("--ends", type=_DAY)
@click.option("--language", help="Of title and text (ISO 639-1).")
@click.option("--country", help="ISO 3166-1, such as KR.")
@click.option("--place")
@click.option("--demand", "demands", multiple=True, help="Id of a demand; replaces all demands.")
@click.option("--text")
@click.option("--address", help="Page of the member (https://…).")
def change(
    identifier: str, folder: Path, passphrase_file: Path | None, by: str, members: tuple[str, ...],
    begins: datetime | None, ends: datetime | None, demands: tuple[str, ...], **texts: str | None,
) -> None:  # fmt: skip
    """Correct an action; what is not given stays as it is, and what stood before is kept in its history.

    Example: corroborate action change action_A --place "Seoul, City Hall" --by "M. Kim" --vault hub
    """
    new: dict[str, Any] = {key: value for key, value in texts.items() if value is not None}
    new |= {key: day.date() for key, day in (("begins", begins), ("ends", ends)) if day is not None}
    if members:
        new["members"] = members
    if demands:
        new["demands"] = tuple(one if one.startswith("demand.") else f"demand.{one}" for one in demands)
    if not new:
        raise click.UsageError(worded("say what is to be changed, such as --title"))
    with opened(folder, passphrase_file) as vault:
        changed = actions.change(owner(vault, now()), replace(queries.one_action(identifier), **new), by)
    echo(Sentence("Changed.") if changed else Sentence("It says so already."))


@command.command()
@click.argument("identifier")
@vault_options
@click.option("--by", required=True, help="Who removes it.")
@click.option("--undo", is_flag=True, help="Restore it.")
def remove(identifier: str, folder: Path, passphrase_file: Path | None, by: str, undo: bool) -> None:
    """Take an action out of every list and of the site. Its history keeps it, and --undo restores it.

    Example: corroborate action remove action_A --by "M. Kim" --vault hub
    """
    with opened(folder, passphrase_file) as vault:
        (actions.restore if undo else actions.remove)(owner(vault, now()), identifier, by)
    say("Done.")


@command.command()
@click.argument("identifier")
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def history(identifier: str, folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Show how an action stood before each change, newest first.

    Example: corroborate action history action_A --vault hub
    """
    with looked_into(folder, passphrase_file):
        found = [
            {"what": one.what, "by": one.by, "at": one.at.isoformat(), "before": was.as_json()}
            for one, was in queries.before_of(identifier)
        ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in found:
        say(
            "{at} {what} by {by}; before: {dumps}",
            at=row["at"],
            what=row["what"],
            by=row["by"],
            dumps=json.dumps(row["before"], ensure_ascii=False),
        )


@command.command(name="list")
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def list_(folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List actions, newest first, and pairs that may be one event.

    Example: corroborate action list --vault hub
    """
    with looked_into(folder, passphrase_file):
        found, pairs = queries.all_actions(), queries.all_proposals()
    if as_json:
        click.echo(json.dumps(coalition_answers.actions(found, pairs), ensure_ascii=False))
        return
    for one in found:
        say(
            "{begins} {kind}: {title} ({members})  {id}", begins=one.begins, kind=KINDS[one.kind], title=one.title,
            members="; ".join(one.members), id=one.id,
        )  # fmt: skip
    for pair in pairs:
        say("Perhaps one event: {id} and {id2}: {why}", id=pair.first.id, id2=pair.second.id, why=pair.why)


@command.command()
@click.argument("first")
@click.argument("second")
@vault_options
@click.option("--by", required=True, help="Who decides.")
@click.option("--apart", is_flag=True, help="They are two events: do not propose the pair again.")
@click.option("--undo", is_flag=True, help="Take back that SECOND was joined to FIRST.")
def join(first: str, second: str, folder: Path, passphrase_file: Path | None, by: str, apart: bool, undo: bool) -> None:
    """Decide that two entries are one event. Both are kept; --undo gives back exactly what was.

    Example: corroborate action join action_A action_B --by "M. Kim" --vault hub
    """
    with opened(folder, passphrase_file) as vault:
        if undo:
            actions.unmerge(owner(vault, now()), second)
        elif apart:
            actions.keep_apart(owner(vault, now()), first, second, by)
        else:
            actions.merge(owner(vault, now()), first, second, by)
    say("Done.")


@command.command(name="calendar")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@vault_options
def calendar_(out: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Write the actions as a calendar file (iCalendar).

    Example: corroborate action calendar actions.ics --vault hub
    """
    with looked_into(folder, passphrase_file) as vault:
        text = calendar(
            advocacy_queries.campaign().actions, f"{vault.name}: actions", date.fromisoformat(f"{now():%Y-%m-%d}")
        )
    write_file(out, text.encode())
    echo(str(out))
