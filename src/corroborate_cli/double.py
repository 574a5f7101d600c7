"""`corroborate double`: two people code one source apart; how far they agree; a third settles what differs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from corroborate.translation import Sentence
from corroborate_cli.desks import desk_of, looked_into, opened
from corroborate_cli.interview import called, typed_in
from corroborate_cli.search import account_options
from corroborate_cli.speaking import echo, language, say
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.core.desk import owner
from corroborate_node.core.wording import Words
from corroborate_node.http_api import answers
from corroborate_node.log import actions as log_actions
from corroborate_node.recording import actions, doubling, queries

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def command() -> None:
    """Let two people code one source without seeing each other's coding.

    Neither coding is read by anybody before both are done. Then both stand side by side with Krippendorff's α of each
    field, and a third person settles what differs, with a reason.

    Example: corroborate double assign source_… hana duri --vault our-vault
    """


@command.command("list")
@vault_options
@account_options
@_JSON
def list_(
    folder: Path, passphrase_file: Path | None, account: str | None, account_file: Path | None, as_json: bool
) -> None:
    """List sources that two people code.

    Example: corroborate double list --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        found = [answers.double_coding(one) for one in doubling.seen(desk_of(vault, account, account_file))]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if not found:
        say("No source is coded by two people.")
    for one in found:
        echo(_line(one))


def _line(one: Mapping[str, Any]) -> Sentence:
    if one["resolved"]:
        state = Sentence("settled by {name}", name=one["resolved_by"])
    elif one["waits_for"]:
        state = Sentence("waits for {names}", names=", ".join(one["waits_for"]))
    else:
        state = Sentence("both are done")
    return Sentence("{id}  {source}: {first}, {second}; {state}", **{**one, "state": state})


@command.command()
@click.argument("source")
@click.argument("first")
@click.argument("second")
@vault_options
@account_options
@_JSON
def assign(
    source: str,
    first: str,
    second: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Ask the accounts FIRST and SECOND to code SOURCE, each without seeing the other's coding.

    Example: corroborate double assign source_… hana duri --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        found = answers.double_coding(doubling.assign(desk, source, first, second))
    _print(found, as_json=as_json)


def _print(found: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        echo(_line(found))


@command.command()
@click.argument("double")
@click.argument("file")
@vault_options
@account_options
@_JSON
def code(
    double: str,
    file: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Give FILE as the own coding of DOUBLE, and say that it is done: a file as `corroborate interview` takes it.

    Example: corroborate double code doubled_… coding.yaml --as hana --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        draft = queries.draft(desk, doubling.begin(desk, double))
        if draft is not None:
            typed = typed_in(Path(file))
            actions.keep(desk, draft, {**typed, "source": draft.typed["source"]}, draft.version)
        doubling.done(desk, double)
        found = answers.double_coding(doubling.one(desk, double))
    _print(found, as_json=as_json)


@command.command()
@click.argument("double")
@vault_options
@account_options
@_JSON
def show(
    double: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Show how far the two agree, and place by place where they differ: once both are done, and to nobody before.

    Example: corroborate double show doubled_… --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        found = answers.double_compared(desk, doubling.one(desk, double))
        journal.viewed(desk, "command double show", [double])
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    echo(_line(found))
    for one in found["agreement"]:
        value = "-" if one["alpha"] is None else f"{one['alpha']:.3f}"
        click.echo(f"  α {_field(one['field'])}  {value:>7}  {one['agreed']}/{one['units']}")
    for other in found["others"]:
        field = _field(f"{other['part']}.{other['field'] or 'row'}")
        click.echo(f"  ≠ {field}, {other['unit']}: {other['first']} | {other['second']}")
    for number, unit in enumerate(found["units"], start=1):
        differs = ", ".join(called("acts", one) for one in unit["differs"])
        click.echo(f"{number}. {unit['place']}  " + (f"≠ {differs}" if differs else "="))
        for row in (row for side in (unit["first"], unit["second"]) for row in side or [{}]):
            click.echo("    " + ("; ".join(f"{called('acts', name)}: {said}" for name, said in row.items()) or "-"))


def _field(name: str) -> str:
    """What a field is called: of an act, or of another part (``held.from``; ``held.row``: whether it is coded)."""
    part, dot, field = name.rpartition(".")
    if not dot:
        return called("acts", field)
    words = Words(language(), "recording")
    return f"{words[f'part_{part}']}: {words['whole_row'] if field == 'row' else called(part, field)}"


@command.command()
@click.argument("double")
@click.argument("choices", nargs=-1, required=True, type=click.Choice(doubling.CHOICES))
@vault_options
@account_options
@click.option("--why", required=True, help="Why: whoever reads it must be able to judge again.")
@click.option("--base", type=click.Choice(doubling.SIDES), default="first", help="Whose people and kin stand.")
@_JSON
def resolve(
    double: str,
    choices: tuple[str, ...],
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    why: str,
    base: str,
    as_json: bool,
) -> None:
    """Settle as the third person whose coding stands: one of CHOICES for each place that `double show` lists.

    What stands becomes a draft of yours, which you look over and record, or submit.

    Example: corroborate double resolve doubled_… first both --why "heard again" --as sun --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        draft = doubling.resolve(desk, double, choices, why, base)
        log_actions.checkpoint(owner(vault, desk.at))
    if as_json:
        click.echo(json.dumps({"draft": draft, "state": "draft"}))
    else:
        say("What stands is your draft {draft}: look it over on the page Record.", draft=draft)
