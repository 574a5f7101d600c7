"""`corroborate keys`: what opens a vault: passphrases, security keys, shares on paper."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from corroborate.sealed import AnySlot, KeySlot, SharesSlot
from corroborate.sealed.shares import MOST
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.shares import printed, shares_options, there_already, typed, write_pages
from corroborate_cli.speaking import echo, say, worded
from corroborate_cli.vaults import now, passphrase_of, security_key, vault_option, vault_options
from corroborate_node.core.desk import owner
from corroborate_node.core.vaults import add_shares, add_slot, key_slots, remove_slot
from corroborate_node.log import keeping

_ASKS = {True: "PIN and touch", False: "touch"}


def _shown(slots: Sequence[AnySlot]) -> list[dict[str, str | int]]:
    return [{"slot": number, **_of(slot)} for number, slot in enumerate(slots, 1)]


def _of(slot: AnySlot) -> dict[str, str | int]:
    if isinstance(slot, KeySlot):
        return {"kind": "security key", "label": slot.label, "asks": _ASKS[slot.verified]}
    if isinstance(slot, SharesSlot):
        return {"kind": "shares", "label": f"made {slot.made}", "asks": f"any {slot.need} of {slot.of}"}
    return {"kind": "passphrase", "label": "", "asks": "words"}


def _say(slots: Sequence[AnySlot]) -> None:
    for one in _shown(slots):
        click.echo(f"{one['slot']}  {one['kind']:<13} {one['label'] or '-'} ({one['asks']})")


@click.group()
def command() -> None:
    """Say what opens a vault. Any one of its slots does, so keep a passphrase on paper beside a key that can be lost.

    Example: corroborate keys list --vault our-vault
    """


@command.command("list")
@vault_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(folder: Path, as_json: bool) -> None:
    """List the slots of a vault. It stays locked.

    Example: corroborate keys list --vault our-vault
    """
    slots = key_slots(folder)
    if as_json:
        click.echo(json.dumps(_shown(slots), ensure_ascii=False))
    else:
        _say(slots)


@command.command()
@vault_options
@click.option("--label", help="How its owner tells this security key from others.")
@click.option("--passphrase", "words", is_flag=True, help="Add a passphrase in place of a security key.")
@click.option("--new-passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="With --passphrase: its first line is the new one; otherwise a question.")  # fmt: skip
@shares_options
def add(
    folder: Path,
    passphrase_file: Path | None,
    label: str | None,
    words: bool,
    new_passphrase_file: Path | None,
    shares_file: Path | None,
    by_shares: bool,
) -> None:
    """Let a security key (FIDO2, with `hmac-secret`) or another passphrase open this vault.

    The key is touched twice. If it has a PIN it is asked with it, now and at each opening. With --shares it is opened
    with shares from paper, where the passphrase is lost.

    Example: corroborate keys add --label "blue ring" --vault our-vault
    """
    if words == (label is not None):
        raise click.UsageError(worded("Give --label for a security key, or --passphrase."))
    by_paper = by_shares or shares_file is not None
    secret = typed(shares_file)[0] if by_paper else passphrase_of(passphrase_file)
    with opened(folder, secret=secret):  # an older copy of the vault lets nobody new in
        pass
    new = passphrase_of(new_passphrase_file, new=True) if words else security_key()
    _say(add_slot(folder, secret, new, label or ""))


@command.command()
@vault_options
@click.option("--need", default=2, show_default=True, type=click.IntRange(2, MOST), help="How many open the vault.")
@click.option("--of", default=3, show_default=True, type=click.IntRange(2, MOST), help="How many shares are made.")
@click.option(
    "--pages",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write pages to be printed (HTML), one a share, in place of showing them here.",
)
def shares(folder: Path, passphrase_file: Path | None, need: int, of: int, pages: Path | None) -> None:
    """Make shares on paper: any --need of --of open this vault and its later backups, when all else is lost.

    They are shown once and kept nowhere. Give each to another person, in another place, and try them: keys drill.
    Shares that were made before go on opening it, until their slot is removed.

    Example: corroborate keys shares --need 2 --of 3 --pages shares.html --vault our-vault
    """
    secret, at = passphrase_of(passphrase_file), now()
    if pages is not None and pages.exists():
        raise there_already(pages)
    with opened(folder, secret=secret):  # an older copy of the vault lets nobody new in
        pass
    slots, made = add_shares(folder, secret, need, of, at.date())
    if pages is None:
        for line in printed(made):
            echo(line)
    else:
        write_pages(pages, made, at.date().isoformat())
        say("Print {pages}, see that each page can be read, and destroy the file: it opens the vault.", pages=pages)
    _say(slots)
    say("Now try them: corroborate keys drill --vault {folder}", folder=folder, err=True)


@command.command()
@vault_option
@click.option(
    "--shares-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Shares, one a line, in place of typing them.",
)
def drill(folder: Path, shares_file: Path | None) -> None:
    """See whether shares open this vault: type as many as it takes from paper. The day is noted.

    Example: corroborate keys drill --vault our-vault
    """
    secret, number = typed(shares_file)
    with looked_into(folder, secret=secret) as vault:
        keeping.drilled(owner(vault, now()), number)
    say("These {number} shares open the vault. Noted on the page Keys and backups.", number=number)


@command.command()
@click.argument("slot", type=click.IntRange(min=1))
@vault_options
def remove(slot: int, folder: Path, passphrase_file: Path | None) -> None:
    """Take a lost security key, or a passphrase that others know, from this vault: SLOT is its number in the list.

    Whoever has an older copy of the folder and the thing that was lost still opens that copy.

    Example: corroborate keys remove 2 --vault our-vault
    """
    _say(remove_slot(folder, passphrase_of(passphrase_file), slot))
