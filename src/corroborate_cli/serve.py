"""`corroborate serve`: a vault's or hub's pages on this machine."""

import contextlib
import re
import socket
from pathlib import Path

import click

from corroborate.errors import NotAllowed
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import worded
from corroborate_cli.vaults import vault_options
from corroborate_node.core.configuration import serve_as
from corroborate_node.core.serving import serve


def free_port(asked: int) -> int:
    """The port asked for, or a free one for 0. Raises NotAllowed when it is taken."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", asked))
        except OSError as error:
            raise NotAllowed(
                "port {asked} is taken: choose another with --port, or 0 for a free one", asked=asked
            ) from error
        found: int = one.getsockname()[1]
        return found


def _names(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    for one in given:
        if re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?", one, re.IGNORECASE) is None:
            raise click.BadParameter(
                worded("{one!r} is not NAME or NAME:PORT, without https:// and path", one=one), context, parameter
            )
    return tuple(one.lower() for one in given)


@click.command()
@vault_options
@click.option("--check-days", default=7, show_default=True, type=click.IntRange(0, 366),
              help="Re-check everything every so many days, a little at a time. 0: never.")  # fmt: skip
@click.option("--to-look", is_flag=True,
              help="Also where the vault is an older copy of itself, which seals and signs nothing.")  # fmt: skip
@click.option("--host", "hosts", multiple=True, metavar="NAME", callback=_names,
              help="Another name under which browsers see the pages, NAME or NAME:PORT; again for more.")  # fmt: skip
@click.option("--behind-proxy", is_flag=True,
              help="A proxy on this machine takes TLS off: browsers use https. Needs --host.")  # fmt: skip
@click.option("--port", default=8311, show_default=True, type=click.IntRange(0, 65535), help="0: a free one.")
def command(
    folder: Path,
    passphrase_file: Path | None,
    check_days: int,
    to_look: bool,
    hosts: tuple[str, ...],
    behind_proxy: bool,
    port: int,
) -> None:
    """Serve a vault or hub to this machine's browser, and to no other machine. Ctrl-C ends it and locks the vault.

    With --host and --behind-proxy a web server on this machine hands the pages on to others: see
    docs/how-to/serve-behind-a-proxy.md. The port itself stays closed to all other machines.

    Example: corroborate serve --vault our-vault
    """
    if behind_proxy and not hosts:
        raise click.UsageError(worded("--behind-proxy needs the name that browsers use: --host NAME."))

    with (
        (looked_into if to_look else opened)(folder, passphrase_file) as vault,
        contextlib.suppress(KeyboardInterrupt),
    ):
        serve_as(hosts, behind_proxy=behind_proxy)
        serve(vault, free_port(port), lambda address: click.echo(f"{vault.name}: {address}"), check_days)
