"""`corroborate keys`: what opens a vault, passphrases and security keys."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from corroborate.sealed import AnySlot, KeySlot
from corroborate_cli.desks import opened
from corroborate_cli.speaking import worded
from corroborate_cli.vaults import passphrase_of, security_key, vault_option, vault_options
from corroborate_node.core.vaults import add_slot, key_slots, remove_slot

_ASKS = {True: "PIN and touch", False: "touch"}


def _shown(slots: Sequence[AnySlot]) -> list[dict[str, str | int]]:
    return [
        {"slot": number, "kind": "security key", "label": slot.label, "asks": _ASKS[slot.verified]}
        if isinstance(slot, KeySlot)
        else {"slot": number, "kind": "passphrase", "label": "", "asks": "words"}
        for number, slot in enumerate(slots, 1)
    ]


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
def add(
    folder: Path, passphrase_file: Path | None, label: str | None, words: bool, new_passphrase_file: Path | None
) -> None:
    """Let a security key (FIDO2, with `hmac-secret`) or another passphrase open this vault.

    The key is touched twice. If it has a PIN it is asked with it, now and at each opening.

    Example: corroborate keys add --label "blue ring" --vault our-vault
    """
    if words == (label is not None):
        raise click.UsageError(worded("Give --label for a security key, or --passphrase."))
    secret = passphrase_of(passphrase_file)
    with opened(folder, secret=secret):  # an older copy of the vault lets nobody new in
        pass
    new = passphrase_of(new_passphrase_file, new=True) if words else security_key()
    _say(add_slot(folder, secret, new, label or ""))


@command.command()
@click.argument("slot", type=click.IntRange(min=1))
@vault_options
def remove(slot: int, folder: Path, passphrase_file: Path | None) -> None:
    """Take a lost security key, or a passphrase that others know, from this vault: SLOT is its number in the list.

    Whoever has an older copy of the folder and the thing that was lost still opens that copy.

    Example: corroborate keys remove 2 --vault our-vault
    """
    _say(remove_slot(folder, passphrase_of(passphrase_file), slot))
