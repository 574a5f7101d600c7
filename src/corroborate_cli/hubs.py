"""How a command comes in at a hub that is served elsewhere: its address, and the token of a member's account there."""

from pathlib import Path
from typing import Any

import click

from corroborate.client import Client
from corroborate.errors import InputRefused
from corroborate_cli.speaking import language

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def hub_options(function: Any) -> Any:
    """``--hub`` and ``--token-file``: which hub, and with what one comes in."""
    function = click.option(
        "--token-file",
        required=True,
        type=_FILE,
        envvar="CORROBORATE_HUB_TOKEN_FILE",
        help="Its first line is a token of your member's account at the hub.",
    )(function)
    return click.option(
        "--hub",
        required=True,
        envvar="CORROBORATE_HUB",
        help="The hub's address: https://NAME. Otherwise CORROBORATE_HUB.",
    )(function)


def client_of(hub: str, token_file: Path) -> Client:
    lines = token_file.read_text(encoding="utf-8-sig").splitlines()
    if not lines or not lines[0].strip():
        raise InputRefused(
            "{file} holds no token: make one on the hub's page Programs that act for you", file=token_file
        )
    return Client(hub, lines[0].strip(), language=language())
