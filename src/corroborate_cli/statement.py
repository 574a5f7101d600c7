"""`corroborate statement`: a joint text that members sign byte for byte."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from corroborate.coalition import Choice, Round, Version, compare, sign
from corroborate.coalition.statements import CHOICES
from corroborate.custody import Verifier, write_file
from corroborate.errors import CorroborateError, InputRefused
from corroborate_cli.vaults import now, passphrase_of, vault_options

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefused(
            f"{path} is not UTF-8 (byte {error.start}); members sign the bytes of a UTF-8 file"
        ) from error


@click.group()
def command() -> None:
    """Joint statements: digest, compare, sign, verify. A name stands only under the exact bytes it signed.

    Example: corroborate statement digest joint.txt
    """


@command.command()
@click.argument("text", type=_FILE)
def digest(text: Path) -> None:
    """Print the SHA-256 that members sign.

    Example: corroborate statement digest joint.txt
    """
    _text(text)
    click.echo(Version("statement", 1, text.read_bytes()).digest.hex)


@command.command(name="compare")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@click.pass_context
def compare_(context: click.Context, before: Path, after: Path) -> None:
    """Show what changed between two texts; exit code 1 when anything did.

    Example: corroborate statement compare first.txt second.txt
    """
    changes = compare(_text(before), _text(after))
    same = before.read_bytes() == after.read_bytes()
    for line in changes:
        click.echo(line)
    click.echo("The same bytes." if same else "Another text: sign-ons to the first do not stand under the second.")
    context.exit(0 if same else 1)


@command.command(name="sign")
@click.argument("text", type=_FILE)
@vault_options
@click.option("--statement", "name", required=True, help="The statement's name, such as access-and-truth.")
@click.option("--language", default="en", show_default=True, help="Of the text (ISO 639-1).")
@click.option("--choice", type=click.Choice(CHOICES), default="with us", show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The sign-on's file.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def sign_(
    text: Path, folder: Path, passphrase_file: Path | None, name: str, language: str, choice: Choice, out: Path,
    yes: bool,
) -> None:  # fmt: skip
    """Sign the exact bytes of TEXT with this vault's own key.

    Example: corroborate statement sign joint.txt --statement access-and-truth --vault our-vault --out our.sign-on
    """
    from corroborate_node import api

    _text(text)
    version = Version(name, 1, text.read_bytes(), language)
    with api.open_vault(folder, passphrase_of(passphrase_file)) as vault:
        if not yes:
            click.confirm(f"{vault.name}: {choice}, to {name} in {language}, SHA-256 {version.digest}?", abort=True)
        note = sign(vault.signer, version, choice, now())
    write_file(out, note)
    click.echo(f"Signed: {out}. Send it to the secretariat; it is not secret.")


@command.command(name="verify")
@click.argument("text", type=_FILE)
@click.argument("sign_ons", nargs=-1, required=True, type=_FILE)
@click.option("--statement", "name", required=True, help="The statement's name.")
@click.option("--language", default="en", show_default=True)
@click.option("--keys", required=True, type=_FILE, help="Verifier keys of the members, one a line.")
@click.option("--deadline", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="UTC.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.pass_context
def verify_(
    context: click.Context, text: Path, sign_ons: tuple[Path, ...], name: str, language: str, keys: Path,
    deadline: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """Check sign-ons against the exact bytes of TEXT; exit code 1 when one is refused.

    Example: corroborate statement verify joint.txt a.sign-on b.sign-on --statement access-and-truth --keys members.txt
    """
    lines = [line.strip() for line in _text(keys).splitlines() if line.strip() and not line.startswith("#")]
    members = {key.name: key for key in map(Verifier.parse, lines)}
    round_ = Round(members, deadline=deadline.replace(tzinfo=UTC) if deadline else None)
    round_ = round_.propose(Version(name, 1, text.read_bytes(), language))
    refused: dict[str, str] = {}
    for path in sign_ons:
        try:
            round_ = round_.receive(path.read_bytes(), now())
        except CorroborateError as error:
            refused[str(path)] = str(error)
    standing = [
        {"member": one.member, "state": one.state, "at": one.at.isoformat() if one.at else None}
        for one in round_.standing()
    ]
    if as_json:
        click.echo(json.dumps({"standing": standing, "refused": refused}, ensure_ascii=False))
    else:
        for one in standing:
            click.echo(f"{one['state']:<10} {one['member']}")
        for file, why in refused.items():
            click.echo(f"refused    {file}: {why}")
    context.exit(1 if refused else 0)
