"""`corroborate exchange`: signed and encrypted files between members, on a stick or by any other way."""

import json
from pathlib import Path

import click

from corroborate.custody import write_file
from corroborate.errors import InputRefused
from corroborate_cli import exchange_inbox as inbox
from corroborate_cli import exchange_mailbox as mailbox
from corroborate_cli.desks import desk_of, opened
from corroborate_cli.speaking import echo, in_one_line, say
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core.desk import owner
from corroborate_node.exchange import exchanging
from corroborate_node.log import queries as log_queries
from corroborate_node.release import giving

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_NEW = click.Path(file_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Send files to other members, and take theirs in. Each bundle also carries the checkpoints that its sender holds.

    Whoever receives one compares: a log that showed two histories to two members is found out.

    Example: corroborate exchange send for-busan.age --release 3 --to Busan --vault our-vault
    """


@command.command()
@vault_options
@click.option("--out", required=True, type=_OUT, help="File for the address.")
def address(folder: Path, passphrase_file: Path | None, out: Path) -> None:
    """Write where others send bundles for this vault: a signed note, for every member.

    Example: corroborate exchange address --vault our-vault --out ours.address
    """
    with opened(folder, passphrase_file) as vault:
        note = exchanging.address(owner(vault, now()))
    write_file(out, note)
    echo(str(out))


@command.command()
@click.argument("address", type=_FILE)
@vault_options
def meet(address: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Take in another member's ADDRESS. It must be enrolled here, and have signed it with the key it has now.

    Example: corroborate exchange meet theirs.address --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        found = exchanging.meet(owner(vault, now()), address.read_bytes())
    say("Bundles for {origin} are encrypted to {key}", origin=found.origin, key=found.key)


@command.command()
@click.argument("out", type=_OUT)
@vault_options
@click.option(
    "--release", help="Number of a release of this vault, or its release.json. Without it: checkpoints alone."
)
@click.option(
    "--form",
    "forms",
    multiple=True,
    type=click.Choice(["json", "dossier", "package", "records"]),
    default=["json"],
    show_default=True,
    help="What of the release goes; again for more.",
)
@click.option("--to", required=True, multiple=True, help="The name of a member's log; again for more.")
@click.confirmation_option(prompt="The receivers will hold this for good. Send it?")
def send(
    out: Path,
    folder: Path,
    passphrase_file: Path | None,
    release: str | None,
    forms: tuple[str, ...],
    to: tuple[str, ...],
) -> None:
    """Write the bundle OUT with a release, which only these members open. Without one it carries checkpoints alone.

    The release must be for them: for the coalition, for this one member of it, or for everybody. --form records sends
    the records that it lets go, with the terms under which they may be used. What was taken back of releases that a
    member was sent goes with every bundle to it. The log is signed first.

    Example: corroborate exchange send for-busan.age --release 3 --form package --to Busan --vault our-vault
    """
    if out.exists():
        raise InputRefused("{out} is there already", out=out)
    with opened(folder, passphrase_file) as vault:
        number = None
        if release is not None:
            number = giving.number_of(desk_of(vault, None, None), release)
        exchanging.send(owner(vault, now()), to, number, forms, out=out)
    say(
        ("{out}: {which} file for {listed}", "{out}: {which} files for {listed}"),
        out=out,
        which=len(forms) if number else 0,
        listed=", ".join(sorted(set(to))),
    )


@command.command()
@click.argument("bundle", type=_FILE)
@vault_options
@click.option("--into", type=_NEW, help="A new folder for its files; otherwise the vault's inbox keeps it as it came.")
@click.option("--receipt", type=_OUT, help="File for the receipt, to be given back to the sender.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def receive(
    context: click.Context,
    bundle: Path,
    folder: Path,
    passphrase_file: Path | None,
    into: Path | None,
    receipt: Path | None,
    as_json: bool,
) -> None:
    """Open a member's BUNDLE, compare the checkpoints in it with ours, and take its files. Exit code 1 on an alarm.

    It says which bundles of its sender did not come yet, and raises an alarm where the sender works with an older
    copy of its vault. One that came before is not unpacked again; its receipt is written anew.

    Example: corroborate exchange receive from-busan.age --into from-busan --receipt came.receipt --vault our-vault
    """
    if into is not None and into.exists():
        raise InputRefused("{into} is there already", into=into)
    with opened(folder, passphrase_file) as vault:
        taken = exchanging.receive(owner(vault, now()), bundle, into=into)
        alarms = log_queries.owner_alarms()
    if receipt is not None:
        write_file(receipt, taken.receipt)
    if as_json:
        click.echo(json.dumps(_came(taken), ensure_ascii=False))
    else:
        _say_came(taken, into)
        for kind, about, words in alarms if taken.alarms else []:
            echo(in_one_line(f"  {kind}, {about}: {words}"), err=True)
    context.exit(bool(taken.alarms))


def _came(taken: exchanging.TakenIn) -> dict[str, object]:
    found = taken.bundle
    return {
        "bundle": taken.records or found.id,
        "from": found.sender,
        "at": found.at.isoformat(),
        "files": list(taken.files),
        "number": found.place and found.place.number,
        "double": taken.double,
        "checkpoints": len(found.checkpoints),
        "alarms": taken.alarms,
        "records": bool(taken.records),
        "said": [str(one) for one in taken.said],
    }


def _say_came(taken: exchanging.TakenIn, into: Path | None) -> None:
    found = taken.bundle
    where = "" if not taken.files else f", in {into}" if into else ", kept as it came in the vault's inbox"
    say(
        ("{id} of {sender}: {number} file{where}", "{id} of {sender}: {number} files{where}"),
        id=found.id,
        sender=found.sender,
        number=len(taken.files),
        where=where,
    )
    say(
        ("{number} checkpoint compared, {alarms} alarms", "{number} checkpoints compared, {alarms} alarms"),
        number=len(found.checkpoints),
        alarms=taken.alarms,
    )
    for one in taken.said:
        echo(one)
    if taken.kept is not None:
        say("Unpack them when you like: corroborate exchange receive {file} --into FOLDER", file=taken.kept)
    if taken.records:
        say("Records in it wait for you: corroborate exchange inbox show {id}", id=taken.records)


@command.command()
@click.argument("receipt", type=_FILE)
@vault_options
def received(receipt: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Take in another member's RECEIPT for a bundle of ours.

    Example: corroborate exchange received came.receipt --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        by, found = exchanging.take_receipt(owner(vault, now()), receipt.read_bytes())
    say("{by} received {bundle} at {at}", by=by, bundle=found.bundle, at=found.at.isoformat())
    for one in found.answers:
        say(
            ("{by} erased {claims} claim that we took back", "{by} erased {claims} claims that we took back"),
            by=by,
            claims=one.claims,
        )


command.add_command(inbox.command, "inbox")
command.add_command(mailbox.post, "post")
command.add_command(mailbox.fetch, "fetch")
