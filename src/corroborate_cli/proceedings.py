"""`corroborate proceedings`: the register of judgments, complaints, sanctions, with what became of each."""

import json
from pathlib import Path

import click

from corroborate.client import shapes
from corroborate.public_record import looked_at
from corroborate.registers.proceedings import BECAME, KINDS, Asked, Row, ordered, published
from corroborate_cli.desks import desk_of, looked_into
from corroborate_cli.search import account_options
from corroborate_cli.speaking import echo, language, say
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.core.wording import Words
from corroborate_node.records import proceedings


@click.command()
@vault_options
@account_options
@click.option("--published", "alone", is_flag=True, help="Those that are published alone: no vault is opened.")
@click.option("--state", default="", help="Of this State's courts and authorities: KR, JP, US, …; EU.")
@click.option("--body", default="", help="Courts and authorities, or States, in whose name these words stand.")
@click.option("--kind", type=click.Choice(KINDS), help="Of this kind.")
@click.option("--became", type=click.Choice(BECAME), help="What became of it last.")
@click.option("--from", "first", type=click.IntRange(1, 9999), help="Something happened in this year or later.")
@click.option("--to", "last", type=click.IntRange(1, 9999), help="Something happened in this year or before.")
@click.option("--latest-first", is_flag=True, help="In the other order of time.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    alone: bool,
    state: str,
    body: str,
    kind: str | None,
    became: str | None,
    first: int | None,
    last: int | None,
    latest_first: bool,
    as_json: bool,
) -> None:
    """List proceedings in the order of time: who decided or was asked, what, step by step, with sources that open.

    Example: corroborate proceedings --state JP --published
    """
    asked = Asked(state.upper(), body, kind or "", became or "", first or 0, last or 9999)
    if alone:
        found = ordered(published(), asked, latest_first=latest_first)
    else:
        with looked_into(folder, passphrase_file) as vault:
            desk = desk_of(vault, account, account_file)
            desk.require("record.read")
            found = proceedings.told(desk, asked, latest_first=latest_first)
            if own := [id_ for one in found for id_ in one.records]:
                journal.viewed(desk, "command proceedings", own)
    if as_json:
        click.echo(json.dumps([_said(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        _print(one)
    if not found:
        say("No proceeding fits.")
    say("What is published was looked at up to {day}.", day=looked_at())


def _print(row: Row) -> None:
    one, words = proceedings.listed(row, language()), Words(language(), "finding")
    echo(f"{one.row.date or '–'}  {one.kind}: {one.what.text}")
    echo(f"    {one.body.text}")
    if row.reference:
        echo(f"    {row.reference}")
    for heading, people in (("filed_by", row.filed_by), ("against_whom", row.against)):
        if people:
            echo(f"    {words[heading]}: {', '.join(each.name or words['someone'] for each in people)}")
    for caution in row.cautions:
        echo(f"    {words[f'caution_{caution}']}")
    for step in one.steps:
        echo(f"    {step.of.day or '–'}: {step.text}")
    if one.became_words.text:
        echo(f"    {one.became_words.text}")
    for link in one.links:
        echo(f"    {link.address}")


def _said(one: Row) -> shapes.ProceedingSaid:
    return {
        "id": one.id,
        "published": one.published,
        "kind": one.kind,
        "state": one.state,
        "body": dict(one.bodies),
        "date": one.date,
        "what": dict(one.what),
        "became": one.became,
        "became_words": dict(one.became_words),
        "steps": [
            {"step": each.step, "date": each.day, "record": each.record, "source": each.source} for each in one.steps
        ],
        "reference": one.reference,
        "filed_by": [{"id": each.id, "name": each.name} for each in one.filed_by],
        "against": [{"id": each.id, "name": each.name} for each in one.against],
        "about": list(one.engages),
        "cautions": list(one.cautions),
        "how_sure": list(one.sure),
        "links": [link.address for link in one.links],
        "checked": one.checked,
        "looked_at_to": looked_at() if one.published else "",
    }


__all__ = ["command"]
