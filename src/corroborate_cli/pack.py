"""`corroborate pack`: an evidence package for a court or commission."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from corroborate.custody import Policy
from corroborate.errors import InputRefused
from corroborate.translation import Sentence
from corroborate_cli.desks import desk_of, opened
from corroborate_cli.speaking import echo, say
from corroborate_cli.vaults import vault_options
from corroborate_cli.waiting import waiting
from corroborate_node.release import giving, making
from corroborate_node.release.packing import Packing

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
Function = TypeVar("Function", bound=Callable[..., Any])


def read_policy(path: Path | None) -> Policy | None:
    """A policy file of other members' keys."""
    try:
        return None if path is None else Policy.parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InputRefused("{path} is not UTF-8", path=path) from error


def packing_options(function: Function) -> Function:
    """How a release is packed; what of it is the release's own."""
    for one in (
        click.option(
            "--to",
            multiple=True,
            help="An age public key (age1…); the package is then one encrypted file. Again for more.",
        ),
        click.option(
            "--timestamp",
            "timestamps",
            multiple=True,
            type=_FILE,
            help="A timestamp token (RFC 3161) for the newest checkpoint; again for more.",
        ),
        click.option("--policy", type=_FILE, help="Whose signatures count."),
        click.option(
            "--include",
            multiple=True,
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="Folder of a package that the release names; again for more.",
        ),
    ):
        function = one(function)
    return function


def packing_of(given: Mapping[str, Any], tell: Callable[[int, int], None] | None = None) -> Packing:
    """The options of :func:`packing_options` as one value."""
    stamps = {one.name: one.read_bytes() for one in given["timestamps"]}
    return Packing(read_policy(given["policy"]), stamps, given["include"], given["to"], tell)


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--release", required=True, help="Number of a release of this vault, or its release.json.")
@vault_options
@packing_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(out: Path, release: str, folder: Path, passphrase_file: Path | None, as_json: bool, **how: Any) -> None:
    """Write a release as a package to the new folder OUT. What it withholds stays a seal in it.

    With --to it is one file that only these receivers can open (age -d -i KEY OUT > package.zip).

    Example: corroborate pack for-the-commission --release 3 --vault our-vault
    """
    read_policy(how["policy"])  # refuses a wrong file before the vault is opened
    with (
        opened(folder, passphrase_file) as vault,
        waiting("packing records") as tell,
    ):
        desk = desk_of(vault, None, None)
        number = giving.number_of(desk, release)
        packed = giving.package(desk, number, out, packing_of(how, tell))
        row = making.known(number)
    if as_json:
        click.echo(json.dumps({"package": str(out), **asdict(packed)}, ensure_ascii=False))
        return
    say(
        (
            "{shown} record for {body}, {withheld} withheld, in {out}.",
            "{shown} records for {body}, {withheld} withheld, in {out}.",
        ),
        shown=packed.shown,
        body=row.body or row.audience,
        withheld=packed.withheld,
        out=out,
    )
    say("Its number, to be read to the receiver by telephone: {number}", number=packed.number)
    echo(
        Sentence("Receivers open it with: age -d -i KEY-FILE {out} > package.zip", out=out)
        if how["to"]
        else Sentence("Check it: corroborate verify {out}", out=out)
    )
