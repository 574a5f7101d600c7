"""`corroborate supporters`: people of the public who support a published text. Counted apart from members."""

from pathlib import Path

import click

from corroborate.coalition.supporters import LETTERS
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import echo, say
from corroborate_cli.terminal import Table, Terminal
from corroborate_cli.vaults import now, vault_options
from corroborate_cli.written import written
from corroborate_node.coalition.supporters import actions, queries
from corroborate_node.core.desk import owner

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
_STATEMENT = click.argument("statement")


@click.group()
def command() -> None:
    """Supporters of the public: asked on an open page, confirmed by a letter that you send, erased at a word.

    Example: corroborate supporters call joint --page https://hub.example.org --vault hub
    """


@command.command()
@_STATEMENT
@vault_options
@click.option("--page", required=True, help="Where the public reaches this hub's pages (https://…).")
def call(statement: str, folder: Path, passphrase_file: Path | None, page: str) -> None:
    """Ask the public to support a published STATEMENT.

    Example: corroborate supporters call joint --page https://hub.example.org --vault hub
    """
    with opened(folder, passphrase_file) as vault:
        actions.call(owner(vault, now()), statement, page)
    echo(f"{actions.checked_page(page)}/support/{statement}")


@command.command()
@_STATEMENT
@vault_options
def end(statement: str, folder: Path, passphrase_file: Path | None) -> None:
    """Ask no longer for supporters of STATEMENT. Who confirmed stays counted.

    Example: corroborate supporters end joint --vault hub
    """
    with opened(folder, passphrase_file) as vault:
        actions.end(owner(vault, now()), statement)
    say("The public is no longer asked to support {statement}.", statement=statement)


@command.command()
@_STATEMENT
@vault_options
def count(statement: str, folder: Path, passphrase_file: Path | None) -> None:
    """Say how many support STATEMENT, and how many have not confirmed yet. Nobody is named.

    Example: corroborate supporters count joint --vault hub
    """
    with looked_into(folder, passphrase_file):
        found = queries.counted(statement)
    say("Confirmed here: {many:,}.", many=found.here)
    say("Confirmed on another form, as its sheet says: {many:,}.", many=found.elsewhere)
    say("Not confirmed, and counted nowhere: {many:,}.", many=found.waiting)


@command.command()
@_STATEMENT
@vault_options
@_OUT
@click.option("--again", is_flag=True, help="Also letters that were taken out before.")
def letters(statement: str, folder: Path, passphrase_file: Path | None, out: Path, again: bool) -> None:
    """Write the letters of those who wait, as a ZIP of drafts and one sheet. You send them: the hub does not.

    Example: corroborate supporters letters joint --vault hub --out letters.zip
    """
    with opened(folder, passphrase_file) as vault:
        content = actions.letters(owner(vault, now()), statement, again=again)
    written(out, content)


@command.command()
@_STATEMENT
@click.argument("sheet", type=_FILE)
@vault_options
@click.option("--language", type=click.Choice(LETTERS), default="en", show_default=True, help="Of the letters.")
@click.option("--take", is_flag=True, help="Take the good rows in; otherwise they are only shown.")
def take(statement: str, sheet: Path, folder: Path, passphrase_file: Path | None, language: str, take: bool) -> None:
    """Read supporters from a SHEET of another form or petition (CSV, XLSX), and show each row that needs a look.

    Example: corroborate supporters take joint petition.csv --vault hub
    """
    with opened(folder, passphrase_file) as vault:
        desk = owner(vault, now())
        number = actions.read(desk, statement, sheet.name, sheet.read_bytes(), language)
        found = queries.rows_read(statement, number)
        many = actions.take_list(desk, statement, number) if take else actions.undo_list(desk, statement, number)
    grid = Table("row", "name", "result")
    for one in found:
        if one.refused or one.doubts:
            grid.add_row(str(one.line), one.name, str(one.refused) or "; ".join(map(str, one.doubts)))
    Terminal(highlight=False).print(grid)
    good = sum(not one.refused for one in found)
    if take:
        say(
            "{many:,} taken in; take them back with: supporters undo {statement} {number}",
            many=many,
            statement=statement,
            number=number,
        )
    else:
        say("{good:,} of {whole:,} rows can be taken in; nothing was kept. Add --take.", good=good, whole=len(found))


@command.command()
@_STATEMENT
@click.argument("number", type=int)
@vault_options
def undo(statement: str, number: int, folder: Path, passphrase_file: Path | None) -> None:
    """Take the sheet NUMBER of STATEMENT back. Who has confirmed here since stays, by its own word.

    Example: corroborate supporters undo joint 3 --vault hub
    """
    with opened(folder, passphrase_file) as vault:
        many = actions.undo_list(owner(vault, now()), statement, number)
    say("{many:,} entries went.", many=many)


@command.command()
@_STATEMENT
@vault_options
@_OUT
def export(statement: str, folder: Path, passphrase_file: Path | None, out: Path) -> None:
    """Write those who confirmed as a sheet like those that forms write. No address is among them.

    Example: corroborate supporters export joint --vault hub --out supporters.csv
    """
    with opened(folder, passphrase_file) as vault:
        written(out, actions.export(owner(vault, now()), statement))


@command.command()
@_STATEMENT
@click.option("--address", prompt=True, help="The e-mail address by which the entry came, and the wish.")
@vault_options
@_OUT
def erase(statement: str, address: str, folder: Path, passphrase_file: Path | None, out: Path) -> None:
    """Erase a supporter who asked for it, and write the signed receipt to give them.

    Example: corroborate supporters erase joint --vault hub --out receipt.txt
    """
    with opened(folder, passphrase_file) as vault:
        receipt = actions.erase_address(owner(vault, now()), statement, address)
    written(out, receipt)
