"""`corroborate findings`: claims against the elements of crimes, by independent roots."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from corroborate.translation import Sentence
from corroborate.vocabulary import load
from corroborate_cli.desks import looked_into
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core import journal
from corroborate_node.core.desk import owner
from corroborate_node.inquiry import queries as inquiry_queries


@click.command()
@vault_options
@click.option("--crime", help="Only one crime, such as cah.torture.")
@click.option("--all", "everything", is_flag=True, help="Also the elements that no claim speaks to.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def command(folder: Path, passphrase_file: Path | None, crime: str | None, everything: bool, as_json: bool) -> None:
    """Line this vault's claims up against the elements of crimes against humanity (Rome Statute, article 7).

    Ten reports of one witness are one root. Every finding is a draft until a person has judged it.

    Example: corroborate findings --vault our-vault --crime cah.torture
    """
    if crime is not None:
        load("crimes")[crime]  # refuses an unknown crime before the vault is opened
    with looked_into(folder, passphrase_file) as vault:
        all_ = inquiry_queries.assessed()
        found = [one for one in all_ if (everything or one.for_ or one.against) and crime in (None, one.crime)]
        roots = sorted({root for one in found for root in one.roots})
        journal.viewed(owner(vault, now()), "command findings", ["findings", *roots])
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False))
        return
    console = Console(highlight=False)
    for one in found:
        console.print(f"[bold]{escape(load('crimes')[one.crime].label['en'])}[/bold]: {escape(one.proposition)}")
        claims = Sentence("for {number}, against {number2}", number=len(one.for_), number2=len(one.against))
        console.print(
            Sentence(
                "  {claims}; {roots} ({first_hand} saw or lived it); people {victims}; {support}",
                claims=claims,
                roots=f"roots {len(one.roots)}",
                first_hand=one.first_hand,
                victims=one.victims,
                support=one.support,
            )
        )
        if one.hangs_on:
            console.print(Sentence("  hangs on {hangs_on}", hangs_on=one.hangs_on))
    if not found:
        console.print("No claim in this vault speaks to an element of a crime. Import a list, or code what happened.")
