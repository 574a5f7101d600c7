"""`corroborate serve`: a vault's or hub's pages on this machine."""

import contextlib
import socket
from pathlib import Path

import click

from corroborate.errors import NotAllowed
from corroborate_cli.vaults import passphrase_of, vault_options


def free_port(asked: int) -> int:
    """The port asked for, or a free one for 0. Raises NotAllowed when it is taken."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", asked))
        except OSError as error:
            raise NotAllowed(f"port {asked} is taken: choose another with --port, or 0 for a free one") from error
        found: int = one.getsockname()[1]
        return found


@click.command()
@vault_options
@click.option("--check-days", default=7, show_default=True, type=click.IntRange(0, 366),
              help="Re-check everything every so many days, a little at a time. 0: never.")  # fmt: skip
@click.option("--port", default=8311, show_default=True, type=click.IntRange(0, 65535), help="0: a free one.")
def command(folder: Path, passphrase_file: Path | None, check_days: int, port: int) -> None:
    """Serve a vault or hub to this machine's browser, and to no other machine. Ctrl-C ends it and locks the vault.

    Example: corroborate serve --vault our-vault
    """
    from corroborate_node import api
    from corroborate_node.core.serving import serve

    with api.open_vault(folder, passphrase_of(passphrase_file)) as vault, contextlib.suppress(KeyboardInterrupt):
        serve(vault, free_port(port), lambda address: click.echo(f"{vault.name}: {address}"), check_days)
