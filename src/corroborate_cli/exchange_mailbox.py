"""`corroborate exchange post` and `fetch`: bundles by the mailbox of a hub, which cannot open them."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import click

from corroborate.client import Client
from corroborate.client.coalition_shapes import PostedSaid
from corroborate.client.command_shapes import MailTaken
from corroborate.custody import write_file
from corroborate.errors import CorroborateError
from corroborate_cli.desks import opened
from corroborate_cli.hubs import client_of, hub_options
from corroborate_cli.speaking import echo, in_one_line, refused, say, shown
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core.desk import owner
from corroborate_node.core.opened import Vault
from corroborate_node.exchange import exchanging

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
Told = Callable[[int], object]


@click.command()
@click.argument("bundles", nargs=-1, required=True, type=_FILE)
@click.option("--to", required=True, help="The member, by its name or label in the hub's register.")
@hub_options
@_JSON
def post(bundles: tuple[Path, ...], to: str, hub: str, token_file: Path, as_json: bool) -> None:
    """Post BUNDLES, which `corroborate exchange send` wrote, for a member, by the hub's mailbox.

    The token is for mailbox.use. The hub sees from whom, for whom, how large and when, and cannot open them. A line
    that was cut goes on where it stopped when you give the command again. What nobody took is erased at the hub after
    30 days.

    Example: corroborate exchange post for-busan.age --to Busan --hub https://hub.example --token-file hub.token
    """
    client = client_of(hub, token_file)
    done = [client.post_bundle(one, to, _progress(one.name, one.stat().st_size)) for one in bundles]
    if as_json:
        click.echo(json.dumps({"posted": done}, ensure_ascii=False))
        return
    for file, one in zip(bundles, done, strict=True):
        say("{file} waits for {to} in the mailbox: {id}", file=file.name, to=in_one_line(one["other"]), id=one["id"])


def _progress(name: str, size: int) -> Told:
    """What a terminal shows of a long way, on standard error."""

    def told(here: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{shown(name)}  {here * 100 // max(size, 1)} %", nl=here == size, err=True)

    return told


@click.command()
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Only download into this folder, and open them later: corroborate exchange receive.",
)
@click.option(
    "--receipts",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the receipts, to be given back to the senders.",
)
@vault_options
@hub_options
@_JSON
@click.pass_context
def fetch(
    context: click.Context,
    into: Path | None,
    receipts: Path | None,
    folder: Path,
    passphrase_file: Path | None,
    hub: str,
    token_file: Path,
    as_json: bool,
) -> None:
    """Take what waits for your member in the hub's mailbox, as `corroborate exchange receive` does with a file.

    The token is for mailbox.use. Each is erased at the hub once it is here. Exit code 1 where one was refused, which
    stays there, or raised an alarm.

    Example: corroborate exchange fetch --vault our-vault --hub https://hub.example --token-file hub.token
    """
    if into is not None:
        client = client_of(hub, token_file)
        into.mkdir(parents=True, exist_ok=True)
        came: list[MailTaken] = [_downloaded(client, one, into) for one in _waiting(client)]
    else:
        with opened(folder, passphrase_file) as vault:  # first: an older copy of a vault takes nothing in
            client = client_of(hub, token_file)
            came = [_received(client, one, vault, receipts) for one in _waiting(client)]
    if as_json:
        click.echo(json.dumps({"came": came}, ensure_ascii=False))
    elif not came:
        say("Nothing waits in the mailbox.")
    context.exit(any(one["refused"] or one["alarms"] for one in came))


def _waiting(client: Client) -> list[PostedSaid]:
    """What waits, in the order in which it was posted."""
    return [one for one in client.mailbox() if not one["ours"] and one["state"] == "waiting"][::-1]


def _downloaded(client: Client, one: PostedSaid, into: Path) -> MailTaken:
    out = into / f"{one['id']}.age"
    client.take_bundle(one, out, _progress(out.name, one["size"]))
    client.taken(one["id"])
    say("{out}, from {sender}", out=out, sender=in_one_line(one["other"]), err=True)
    return {"id": one["id"], "file": str(out), "refused": "", "alarms": 0}


def _received(client: Client, one: PostedSaid, vault: Vault, receipts: Path | None) -> MailTaken:
    """It is downloaded beside the vault and taken in, which keeps it as it came; then it is erased at the hub."""
    file = vault.folder / "mailbox" / f"{one['id']}.age"
    file.parent.mkdir(mode=0o700, exist_ok=True)
    if not file.exists():
        client.take_bundle(one, file, _progress(file.name, one["size"]))
    try:
        taken = exchanging.receive(owner(vault, now()), file)
    except CorroborateError as error:
        said, advice = refused(error)
        why = f"{said}\n{advice}".strip()
        say("{id}, from {sender}: {why}", id=one["id"], sender=in_one_line(one["other"]), why=said, err=True)
        echo(advice, err=True)
        return {"id": one["id"], "bundle": "", "refused": why, "alarms": 0}
    finally:
        file.unlink(missing_ok=True)
    if receipts is not None:
        receipts.mkdir(parents=True, exist_ok=True)
        write_file(receipts / f"{taken.bundle.id}.receipt", taken.receipt)
    client.taken(one["id"])
    say("{id} of {sender} came", id=taken.bundle.id, sender=in_one_line(taken.bundle.sender), err=True)
    for line in taken.said:
        echo(line, err=True)
    if taken.kept is not None:
        say(
            "Its files are kept as they came. Unpack them: corroborate exchange receive {file} --into FOLDER",
            file=taken.kept,
            err=True,
        )
    if taken.records:
        say("Records in it wait for you: corroborate exchange inbox show {id}", id=taken.records, err=True)
    return {"id": one["id"], "bundle": taken.records or taken.bundle.id, "refused": "", "alarms": taken.alarms}
