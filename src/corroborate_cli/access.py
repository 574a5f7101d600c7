"""`corroborate access`: grants. Who outside reads what, with which link, what they read and asked, and their end."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from corroborate.errors import CorroborateError
from corroborate_cli.desks import desk_of, looked_into, opened
from corroborate_cli.release import shown_parts
from corroborate_cli.search import account_options
from corroborate_cli.speaking import echo, language, say, worded
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.core.wording import Words
from corroborate_node.grants import granting, queries
from corroborate_node.grants.pages import OPENS
from corroborate_node.release import making, named

_DAY = click.DateTime(["%Y-%m-%d"])
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def command() -> None:
    """Let a named person of a court or commission read what a release to that body may hold, for a while.

    \b
    1. access grant      says who reads what, and shows it first
    2. access confirm    by a second person, where names or acts done to a body are shown
    3. access link       the link that goes one way, the word that goes another
    4. access seen       what they read, and when; access answer, access revoke

    Example: corroborate access list --vault our-vault
    """


@command.command()
@vault_options
@account_options
@click.option("--reader", required=True, help="The name of the one person who reads.")
@click.option("--body", default="", help="The court or commission, by the name that consents use.")
@click.option("--purpose", required=True, help="For what it is read; the reader sees it.")
@click.option("--from", "begins", type=_DAY, help="The first day. Otherwise today.")
@click.option("--until", type=_DAY, required=True, help="The last day; within a year.")
@click.option("--case", default="", help="Of this case alone. Otherwise of the whole vault.")
@click.option("--release", type=int, help="This release to that body, instead of one that is made now.")
@click.option(
    "--with-names", is_flag=True, help="Names too, as consents let this body see them; a second person confirms."
)
@click.option("--download", is_flag=True, help="It may be taken along as a file.")
@click.option("--yes", is_flag=True, help="Make it without asking.")
@_JSON
def grant(
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    reader: str,
    body: str,
    purpose: str,
    begins: datetime | None,
    until: datetime,
    case: str,
    release: int | None,
    with_names: bool,
    download: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Show what a person would see, then let them, when you say so. Nothing can be read before `access link`.

    Example: corroborate access grant --reader "Lena Petrov" --body OHCHR --purpose "the inquiry" --until 2026-12-31
    """
    if (release is None) == (not body.strip()):
        raise click.UsageError(worded("Give --body, and a release is made for it; or --release, which names its body."))
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        first = begins.date() if begins else desk.at.date()
        to = (reader, purpose, first, until.date(), download)
        if release is None:
            asked = making.Asked("named body", body, case=case, on=first, until=until.date(), names=with_names)
            if not as_json:
                shown = making.preview(desk, asked)
                going = named.going(desk, shown.release.items, written=shown.release.words_beside)
                journal.viewed(
                    desk, "command access grant", [] if going is None else [one.person for one in going.people]
                )
                shown_parts(body, shown, going)
                _agreed(yes)
            number = granting.make_of(desk, asked, *to)
        else:
            number = granting.make(desk, release, *to)
        row = granting.seen(desk, number)
        said = queries.as_json(desk, row, queries.state_now(desk, row)[0])
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    say("Grant {number} is made, until {until}. Nothing can be read yet.", number=str(number), until=said["until"])
    if said["state"] == "waits":
        say("A second person confirms it first: corroborate access confirm {number} --as ACCOUNT", number=str(number))
    else:
        say("Then: corroborate access link {number}", number=str(number))


def _agreed(yes: bool) -> None:
    if not yes:
        click.confirm(worded("Let this person read it?"), abort=True, err=True)


@command.command("list")
@vault_options
@account_options
@_JSON
def list_(
    folder: Path, passphrase_file: Path | None, account: str | None, account_file: Path | None, as_json: bool
) -> None:
    """List grants, the newest first.

    Example: corroborate access list --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        rows = [queries.as_json(desk, one, queries.state_at_a_glance(desk, one)) for one in granting.all_grants(desk)]
        journal.viewed(desk, "command access list", [f"grant/{one['grant']}" for one in rows])
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in rows:
        _say_row(one)
    if not rows:
        say("Nobody outside reads anything here: corroborate access grant")


def _say_row(one: Mapping[str, Any]) -> None:
    state = Words(language(), queries.ROOM)[f"state_{one['state']}"]
    say(
        "{number:>4}  {reader}, {body}, until {until}: {state}",
        number=one["grant"],
        reader=one["reader"],
        body=one["body"],
        until=one["until"],
        state=state,
    )


@command.command()
@click.argument("number", type=int)
@vault_options
@account_options
@_JSON
def show(
    number: int,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Show grant NUMBER: who reads which release, its state, and what was asked.

    Example: corroborate access show 1 --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        desk.require("grant.read")
        row = granting.seen(desk, number)
        state, why = queries.state_now(desk, row)
        asked = [queries.question_json(one) for one in queries.questions(desk, row)]
        said = queries.as_json(desk, row, state)
        journal.viewed(desk, "command access show", [f"grant/{number}"])
    if as_json:
        click.echo(
            json.dumps({**said, "closed": None if why is None else str(why), "questions": asked}, ensure_ascii=False)
        )
        return
    _say_row(said)
    if why is not None:
        echo(CorroborateError.worded(why, language()))
    echo(said["purpose"] or worded("erased with a source that was withdrawn"))
    for one in asked:
        click.echo(f"  {one['question']}  {one['at'][:16]}  {one['item']}  {one['text']}")
        if one["answer"]:
            click.echo(f"     {one['answered_by']}: {one['answer']}")


@command.command()
@click.argument("number", type=int)
@vault_options
@account_options
def confirm(
    number: int, folder: Path, passphrase_file: Path | None, account: str | None, account_file: Path | None
) -> None:
    """Confirm grant NUMBER as its second person, with --as; the release that it shows is confirmed with it.

    Example: corroborate access confirm 1 --as "S. Mori" --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        row = granting.seen(desk, number)
        going = named.of_release(desk, row.release.number)
        journal.viewed(desk, "command access confirm", [] if going is None else [one.person for one in going.people])
        shown_parts(row.release.body, row.release, going)
        granting.confirm(desk, number)
    say("Grant {number} is confirmed by {account}.", number=str(number), account=desk.by)


@command.command()
@click.argument("number", type=int)
@vault_options
@account_options
@click.option(
    "--address",
    default="http://localhost:8311",
    show_default=True,
    help="Under which browsers reach this vault: https://NAME where a proxy serves it.",
)
@_JSON
def link(
    number: int,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    address: str,
    as_json: bool,
) -> None:
    """Make the link with which the reader of grant NUMBER comes in once, and the word. They are shown this once.

    Example: corroborate access link 1 --address https://vault.example.org --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        handed = granting.hand(desk, number)
        until = (desk.at + granting.LINK_HOLDS).isoformat()
    whole = address.rstrip("/") + OPENS + handed.secret
    if as_json:
        click.echo(json.dumps({"grant": number, "link": whole, "word": handed.word, "until": until}))
        return
    say("By mail or message, to the reader alone:")
    click.echo(f"  {whole}")
    say("By telephone or in person, never the same way as the link:")
    click.echo(f"  {handed.word}")


@command.command()
@click.argument("number", type=int)
@vault_options
@account_options
def revoke(
    number: int, folder: Path, passphrase_file: Path | None, account: str | None, account_file: Path | None
) -> None:
    """Revoke grant NUMBER at once: its reader's next click is refused.

    Example: corroborate access revoke 1 --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        granting.revoke(desk_of(vault, account, account_file), number)
    say(
        "Grant {number} is revoked. Its link opens nothing, and its reader's next click is refused.", number=str(number)
    )


@command.command()
@click.argument("number", type=int)
@vault_options
@account_options
@click.option(
    "--most", default=100, show_default=True, type=click.IntRange(1, 10_000), help="So many, the newest first."
)
@_JSON
def seen(
    number: int,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    most: int,
    as_json: bool,
) -> None:
    """Show what the reader of grant NUMBER saw, took along and asked, and when; the newest first.

    Example: corroborate access seen 1 --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        row = granting.seen(desk, number)
        found = [one.as_json() for one in queries.as_seen(queries.seen_lines(desk, row)[:most])]
        journal.viewed(desk, "command access seen", [f"grant/{number}"])
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    words = Words(language(), queries.ROOM)
    for one in found:
        what = words.get(f"seen_{one['what']}", one["what"])
        click.echo(f"{one['at'][:19]}  {what}  {one['number'] or ''}".rstrip())
    if not found:
        say("Nothing was looked at yet.")


@command.command()
@click.argument("question", type=int)
@vault_options
@account_options
@click.option("--text", required=True, help="What its reader sees beside the question.")
def answer(
    question: int, folder: Path, passphrase_file: Path | None, account: str | None, account_file: Path | None, text: str
) -> None:
    """Answer QUESTION, by the number that `access show` prints.

    Example: corroborate access answer 1 --text "The page that you mean is in the package." --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        granting.answer(desk_of(vault, account, account_file), question, text)
    say("Question {question} is answered.", question=str(question))
