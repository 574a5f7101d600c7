"""Serving an open vault's pages on this machine, and on no other."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server

from corroborate_node.configuration import LARGEST_REQUEST
from corroborate_node.opened import Vault

LOOPBACK = "127.0.0.1"
Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def limited(application: Application, most: int) -> Application:
    """Refuse a request whose body is larger, before any of it is kept."""

    async def inner(scope: dict[str, Any], receive: Any, send: Any) -> None:
        said = dict(scope.get("headers", ())).get(b"content-length", b"0")
        if not said.isdigit() or int(said) > most:
            text = f"This is larger than the {most >> 20} MB that a page takes. Use the command instead.\n".encode()
            headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 413, "headers": headers})
            await send({"type": "http.response.body", "body": text})
            return
        got = 0

        async def counted() -> Any:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            return message if got <= most else {"type": "http.disconnect"}

        await application(scope, counted, send)

    return inner


def serve(vault: Vault, port: int, started: Callable[[str], None]) -> None:
    """Serve until interrupted. ``started`` gets the address. The vault stays open in this one process."""
    from django.core.asgi import get_asgi_application

    application = limited(get_asgi_application(), LARGEST_REQUEST)
    server = Server(application, address=LOOPBACK, port=port, interface=Interfaces.ASGINL, log_enabled=False)

    async def run() -> None:
        started(f"http://{LOOPBACK}:{port}/")
        await server.serve()

    asyncio.run(run())
