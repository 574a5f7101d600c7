"""The demonstration's last step: its vaults on loopback, each in a process of its own, until Ctrl-C."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from corroborate_cli.demonstration.passphrases import of_keeper
from corroborate_cli.serve import free_port
from corroborate_cli.speaking import say


def serve_all(folders: Sequence[Path], passphrase: str) -> None:
    """Print the addresses and the passphrase, and wait. Opens nothing by itself."""
    environment = {**os.environ, "CORROBORATE_PASSPHRASE": passphrase}
    servers = [
        subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "corroborate_cli", "serve", "--vault", str(folder), "--port", str(free_port(0))],
            env=environment,
        )
        for folder in folders
    ]
    say("Log in as “keeper” with the passphrase: {of_keeper}", of_keeper=of_keeper(passphrase))
    say("Ctrl-C ends it.")
    try:
        for server in servers:
            server.wait()
    except KeyboardInterrupt:
        for server in servers:
            server.wait()
