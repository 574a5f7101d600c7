"""Serving an open vault's pages on this machine, and on no other."""

import asyncio
from collections.abc import Callable

from granian.constants import Interfaces
from granian.server.embed import Server

from corroborate_node.opened import Vault

LOOPBACK = "127.0.0.1"


def serve(vault: Vault, port: int, started: Callable[[str], None]) -> None:
    """Serve until interrupted. ``started`` gets the address. The vault stays open in this one process."""
    from django.core.asgi import get_asgi_application

    application = get_asgi_application()
    server = Server(application, address=LOOPBACK, port=port, interface=Interfaces.ASGINL, log_enabled=False)

    async def run() -> None:
        started(f"http://{LOOPBACK}:{port}/")
        await server.serve()

    asyncio.run(run())
