"""`corroborate files`: sealed files, and copies of them that may be handed on."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from corroborate.errors import InputRefused, InvalidValue
from corroborate_cli.desks import desk_of, opened
from corroborate_cli.search import account_options
from corroborate_cli.speaking import say
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.core.desk import Desk
from corroborate_node.files import copies, queries, transcribing, vouching
from corroborate_node.http_api import answers


@dataclass(frozen=True, slots=True)
class _Said:
    """What the options ask of a file."""

    out: tuple[str, ...]
    tone: bool
    strip: bool
    name: str
    add: Path | None
    kind: str
    erase: bool
    transcript: Path | None
    listen: str
    says: bool


@click.command()
@click.argument("id_", metavar="SOURCE_OR_FILE")
@vault_options
@account_options
@click.option(
    "--take-out", "out", multiple=True, help="Black: page left top width height. Silent: from to. May repeat."
)
@click.option("--tone", is_flag=True, help="A tone instead of silence.")
@click.option("--strip", is_flag=True, help="A copy without metadata, nothing else taken out.")
@click.option("--name", default="", help="What the copy is called; else a name that tells nobody's.")
@click.option(
    "--add", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Keep this as a copy made elsewhere."
)
@click.option("--kind", type=click.Choice(copies.GIVEN), default="redacted", help="What --add is.", show_default=True)
@click.option(
    "--transcript",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Seal what a recording says: SRT, VTT, or TXT with time codes.",
)
@click.option(
    "--listen",
    default="",
    metavar="PROGRAM",
    help="With --as: your own program hears a recording and prints WebVTT. Look it over on the page.",
)
@click.option("--says", is_flag=True, help="What a file says of its own making (C2PA, WACZ, OpenTimestamps), checked.")
@click.option("--erase", is_flag=True, help="Erase the copy; its original stays.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    id_: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
    **options: object,
) -> None:
    """List the sealed files of a source, source_…, and their copies; or make a copy of one, file_…

    A copy is drawn or written anew: nothing of what was taken out lies beneath. The original never changes.

    Example: corroborate files file_… --take-out "1 0 0 100 12.5" --vault our-vault
    """
    said = _Said(**options)  # type: ignore[arg-type]  # click gives them as they are declared
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        made = _done(desk, id_, said)
        rows = queries.files_of(desk, id_) if id_.startswith("source_") else [queries.file_seen(desk, made or id_)]
        found = [answers.file(desk, one) for one in rows if one is not None]
        told = [vouching.told(desk, one) for one in rows if one is not None] if said.says else []
        journal.viewed(desk, "command files", [id_, *(one["id"] for one in found)])
    if not found and not id_.startswith("source_") and not said.erase:
        raise InvalidValue("no file {of_file} is kept here; a withdrawal erases it", of_file=id_)
    if as_json:
        both = [{**one, "says": says} for one, says in zip(found, told, strict=True)] if said.says else found
        click.echo(json.dumps(both, ensure_ascii=False))
        return
    if said.erase:
        say("Erased. Its original stays.")
    elif said.listen:
        say("It stands on the page where the recording is written down. Look it over, and seal it there.")
    elif not found:
        say("No file is kept with it.")
    for one in found:
        mark = f"  {one['made']} <- {one['original']}" if one["original"] else ""
        click.echo(f"{one['id']}  {one['name']}  {one['size']:,}  {one['media']}{mark}")
    for says in told:
        _show(says)


def _show(says: dict[str, Any]) -> None:
    c2pa = says["c2pa"]
    if c2pa is not None and c2pa["altered"]:
        say("It is NOT as it was signed (C2PA): {codes}", codes=", ".join(c2pa["wrong"]))
    elif c2pa is not None:
        who = {"signer": c2pa["signer"], "issuer": c2pa["issuer"]}
        say("Its signature (C2PA) is valid; nobody here vouches for the key, which says: {signer} ({issuer})", **who)
    for what, value in c2pa["told"] if c2pa is not None else ():
        click.echo(f"  {what}: {value}")
    for notice in says["notices"]:
        click.echo(f"  {notice}")
    if says["stamp_of"]:
        say("It is a time stamp of the file with the SHA-256 {digest}", digest=says["stamp_of"])
    if says["refused"]:
        click.echo(says["refused"])
    if c2pa is None and not (says["notices"] or says["stamp_of"] or says["refused"] or says["state"]):
        say("It says nothing of its own making.")


def _done(desk: Desk, file: str, said: _Said) -> str:
    """The id of what was made, or kept; empty where nothing was asked."""
    if said.erase:
        copies.erase(desk, file)
        return ""
    if said.add is not None:
        if said.add.stat().st_size > copies.LARGEST:
            raise InputRefused("a copy of up to {most} MB is kept", most=copies.LARGEST >> 20)
        return copies.add(desk, file, said.kind, said.name or said.add.name, said.add.read_bytes()).id
    if said.transcript is not None:
        text = transcribing.read_in(said.transcript.name, said.transcript.read_bytes())
        return transcribing.seal(desk, file, "", text).id
    if said.listen:
        transcribing.listen(desk, file, said.listen)
        return ""
    if said.out or said.strip:
        return copies.derive(desk, file, copies.Asked("\n".join(said.out), said.tone, said.name)).id
    return ""
