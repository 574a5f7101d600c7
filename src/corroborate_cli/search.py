"""`corroborate search`: people by any spelling, acts, places, sources and passages by their words."""

import json
from pathlib import Path
from typing import Any

import click

from corroborate.client import shapes
from corroborate_cli.desks import desk_of, looked_into
from corroborate_cli.speaking import language, say, worded
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.core.storing import storing
from corroborate_node.finding import saving, telling
from corroborate_node.finding.criteria import KINDS, criteria_of

_FIRST = 20  # answers of each kind, unless --most says otherwise


def account_options(function: Any) -> Any:
    """``--as`` and ``--account-file``: whose desk it is."""
    function = click.option(
        "--account-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Its first line is the account's passphrase. Otherwise a question.",
    )(function)
    return click.option("--as", "account", help="See what this account may; otherwise the owner.")(function)


@click.command()
@click.argument("words", nargs=-1)
@vault_options
@account_options
@click.option("--in", "kind", type=click.Choice(KINDS), help="Only answers of this kind.")
@click.option("--violation", default="", help="What was done: an id such as life.execution, and what is below it.")
@click.option("--place", default="", help="A place, or a province with its counties.")
@click.option("--from", "first", default="", help="What happened, or may have, since this year, month or day.")
@click.option("--to", "last", default="", help="What happened, or may have, until this year, month or day.")
@click.option("--source-kind", default="", help="Told by a source of this kind: witness, document, list, …")
@click.option("--consent", default="", help="A source of it allows this today: USE:AUDIENCE, such as quote:public.")
@click.option("--list", "listed", default="", help="Told by this list or its rows, by the list's id.")
@click.option("--save", "save_as", default="", help="Keep this search under a name, for you alone.")
@click.option("--saved", default="", help="Ask a search again that was kept under this name.")
@click.option("--most", default=_FIRST, show_default=True, type=click.IntRange(1, 10_000), help="Of each kind.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    words: tuple[str, ...],
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    kind: str | None,
    save_as: str,
    saved: str,
    most: int,
    as_json: bool,
    **narrowed: str,
) -> None:
    """Find people, acts, places, sources and passages. WORDS may be a name in any script or spelling.

    Each answer says why it was found. The journal keeps a keyed digest of the words, and not the words.

    \b
    Example: corroborate search "Ri Yong Su" --vault our-vault
             corroborate search 공개처형 --place 함경북도 --from 1995 --to 1999 --save "the nineties"
             corroborate search --saved "the nineties"
    """
    keys = {"source_kind": "source-kind", "first": "from", "last": "to", "listed": "list"}
    given = {"q": " ".join(words)} | {keys.get(name, name): value for name, value in narrowed.items()}
    if criteria_of(given).empty == (not saved):
        raise click.UsageError(
            worded("say what to look for: words, or an option such as --violation; or --saved by itself")
        )
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        desk.require("record.read")
        question = criteria_of(saving.named(desk, saved).asked if saved else given)
        if save_as:
            saving.save(desk, save_as, given)
        found = telling.answers(desk, question, (kind,) if kind else KINDS, most, "en" if as_json else language())
        ids = [one["id"] for group in found.values() for one in group["found"]]
        with storing():
            journal.write(desk, "search", "search", ids, asked=question.words)
    click.echo(json.dumps(found, ensure_ascii=False)) if as_json else _print(found)


def _shown(one: shapes.Answer) -> str:
    """An answer in one line; of a passage the part with the words that were asked for, in square brackets."""
    if "excerpt" in one:
        return "".join(f"[{text}]" if asked_for else text for text, asked_for in one["excerpt"])
    return str(one["title"]) or "(no name)"


def _print(found: dict[str, shapes.Answers]) -> None:
    for kind, group in found.items():
        if group["found"]:
            more = " and more" if group["more"] else ""
            click.echo(f"{kind}: {group['number']}{more}")
        for one in group["found"]:
            where = f" [{', '.join(one[key] for key in ('told_in', 'where') if key in one)}]" if "where" in one else ""
            say(
                "  {shown}{where}  {id}  (found by {why})", shown=_shown(one), where=where, id=one["id"], why=one["why"]
            )
    if not any(group["found"] for group in found.values()):
        say("Nothing that you may see answers it.")
