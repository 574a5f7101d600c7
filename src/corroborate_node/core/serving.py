"""Serving an open vault's pages on this machine, and on no other."""

import asyncio
import errno
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

from django.core.asgi import get_asgi_application
from granian.constants import Interfaces
from granian.server.embed import Server

from corroborate.errors import CorroborateError, NotAllowed
from corroborate_node.core.configuration import LARGEST_REQUEST
from corroborate_node.core.opened import Vault
from corroborate_node.core.rooms import Background, rooms

LOOPBACK = "127.0.0.1"
Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def limited(application: Application, most: int) -> Application:
    """Refuse a request whose body is larger, before any of it is kept."""

    async def inner(scope: dict[str, Any], receive: Any, send: Any) -> None:
        said = dict(scope.get("headers", ())).get(b"content-length", b"0")
        if not said.isdigit() or int(said) > most:  # bytes: digits of ASCII alone
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


async def _beside(work: Background, vault: Vault, days: int) -> None:
    """Go on with a room's work in a thread beside the pages. What fails is an alarm or tried again later."""
    while True:
        await asyncio.sleep(work.pause())
        try:
            await asyncio.to_thread(work.run, vault, datetime.now(UTC).replace(microsecond=0), days)
        except CorroborateError as error:
            sys.stderr.write(f"{work.title} waits a minute: {error}\n")


@contextmanager
def held(port: int) -> Iterator[None]:
    """Keep the same port of IPv6's loopback from other programs: a browser may ask ``localhost`` there first, and
    whoever answered would be given passphrases. Nothing listens there, so that browsers go on to the pages."""
    with ExitStack() as kept:
        if socket.has_ipv6:
            try:
                one = kept.enter_context(socket.socket(socket.AF_INET6))
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                one.bind(("::1", port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise NotAllowed(
                        "another program answers on port {port} of [::1], which browsers may take for this one: "
                        "choose another port with --port, or 0 for a free one",
                        port=port,
                    ) from error
                # otherwise this machine has no IPv6, and nobody else can answer there
        yield


def serve(vault: Vault, port: int, started: Callable[[str], None], check_days: int = 0) -> None:
    """Serve until interrupted. ``started`` gets the address. The vault stays open in this one process.

    The address is ``localhost``: browsers keep passkeys for a name, and not for a number.
    ``check_days``: everything is re-checked every so many days, a slice a minute; 0: never.
    """
    application = limited(get_asgi_application(), LARGEST_REQUEST)
    server = Server(application, address=LOOPBACK, port=port, interface=Interfaces.ASGINL, log_enabled=False)

    async def run() -> None:
        started(f"http://localhost:{port}/")
        works = [work for room in rooms() for work in room.background if check_days or work.always]
        beside = [asyncio.create_task(_beside(work, vault, check_days)) for work in works]
        try:
            await server.serve()
        finally:
            for task in beside:
                task.cancel()

    with held(port):
        asyncio.run(run())
