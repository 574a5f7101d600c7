"""`corroborate units`: the register of units, with the posts that were held in them, from what claims say."""

import json
from pathlib import Path

import click

from corroborate.client import shapes
from corroborate_cli.desks import desk_of, looked_into
from corroborate_cli.search import account_options
from corroborate_cli.speaking import language, say
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.core.wording import Words
from corroborate_node.finding import doers


@click.command()
@vault_options
@account_options
@click.option("--known", type=click.Choice([one for one in doers.KNOWN if one]), help="How it is known.")
@click.option("--named", default="", help="Units in whose name these words stand.")
@click.option("--page", default=1, show_default=True, type=click.IntRange(min=1), help="Which page of them.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    known: str | None,
    named: str,
    page: int,
    as_json: bool,
) -> None:
    """List units by their names: those over and under each, and who is said to have held which post there and when.

    As a file it leaves with a release alone: corroborate release write 1 --registers FOLDER.

    Example: corroborate units --named 보위부 --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        desk.require("identity.read")
        found = doers.page(desk, "units", known or "", page, named)
        journal.viewed(desk, "command units", [doers.id_of(one) for one in found.rows])
        rows = [_said(one) for one in found.rows]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    words = Words(language(), "finding")
    for one in rows:
        say("{id}  {names}", id=one["id"], names=" / ".join(one["names"]))
        for key, told in (("units_over", " < ".join(one["over"])), ("units_under", "; ".join(one["under"]))):
            if told:
                click.echo(f"    {words[key]}: {told}")
        for post in one["posts"]:
            click.echo(f"    {post['held_by'] or words['someone']}: {post['title']} {post['when']}".rstrip())
        for caution in one["cautions"]:
            click.echo(f"    {words[f'caution_{caution}']}")
    if not rows:
        say("No unit is told of, or none that fits.")
    elif found.following:
        say("There are more: --page {number}", number=page + 1)


def _said(one: doers.ShownUnit) -> shapes.UnitSaid:
    unit = one.unit
    return {
        "id": unit.id,
        "names": list(unit.names),
        "over": list(unit.over),
        "under": list(unit.under),
        "posts": [{"title": post.title, "held_by": name, "when": post.when} for name, post in one.posts],
        "sources": list(unit.sources),
        "cautions": list(unit.cautions),
    }
