"""`corroborate pack`: an evidence package for a court or commission."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from corroborate.custody import Policy
from corroborate.errors import InputRefused
from corroborate.records import AUDIENCES, Audience
from corroborate_cli.vaults import marks_folder, now, passphrase_of, vault_options
from corroborate_cli.waiting import waiting

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def read_policy(path: Path | None) -> Policy | None:
    """A policy file of other members' keys."""
    try:
        return None if path is None else Policy.parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InputRefused(f"{path} is not UTF-8") from error


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@vault_options
@click.option("--audience", type=click.Choice(AUDIENCES), required=True, help="Who gets it.")
@click.option("--body", default="", help="The court or commission, with --audience 'named body'.")
@click.option("--claim", "claims", multiple=True, help="A claim's id; again for more. Without it: all.")
@click.option("--no-claims", is_flag=True, help="No records of this vault: only other members' packages.")
@click.option("--include", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Folder of another member's package, taken in whole; again for more.")  # fmt: skip
@click.option("--policy", type=_FILE, help="Whose signatures count.")
@click.option("--timestamp", "timestamps", multiple=True, type=_FILE,
              help="A timestamp token (RFC 3161) for the newest checkpoint; again for more.")  # fmt: skip
@click.option("--to", multiple=True, help="An age public key (age1…); OUT is then one encrypted file. Again for more.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which it is handed over, if later than today; consent must hold on both.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    out: Path,
    folder: Path,
    passphrase_file: Path | None,
    audience: Audience,
    body: str,
    claims: tuple[str, ...],
    no_claims: bool,
    include: tuple[Path, ...],
    policy: Path | None,
    timestamps: tuple[Path, ...],
    to: tuple[str, ...],
    on: datetime | None,
    as_json: bool,
) -> None:
    """Write a package to the new folder OUT. What a source has not allowed for this audience stays a seal in it.

    With --to it is one file that only these receivers can open (age -d -i KEY OUT > package.zip).

    Example: corroborate pack for-the-commission --vault our-vault --audience "named body" --body OHCHR
    """
    from corroborate_node import api

    if claims and no_claims:
        raise click.UsageError("--claim and --no-claims contradict one another")
    rules = read_policy(policy)
    at = now()
    with (
        api.open_vault(folder, passphrase_of(passphrase_file), marks=marks_folder()) as vault,
        waiting("packing records") as tell,
    ):
        packed = api.pack(
            vault,
            out,
            at=at,
            on=on.date() if on else at.date(),
            audience=audience,
            body=body,
            claims=() if no_claims else claims or None,
            policy=rules,
            timestamps={one.name: one.read_bytes() for one in timestamps},
            include=include,
            to=to,
            tell=tell,
        )
    if as_json:
        click.echo(json.dumps({"package": str(out), **asdict(packed)}, ensure_ascii=False))
        return
    click.echo(f"{packed.shown} records for {body or audience}, {packed.withheld} withheld, in {out}.")
    click.echo(f"Its number, to be read to the receiver by telephone: {packed.number}")
    click.echo("Receivers open it with: age -d -i KEY-FILE " + f"{out} > package.zip" if to else
               f"Check it: corroborate verify {out}")  # fmt: skip
