"""What of Django's settings belongs to the open vault, and what a page takes at most."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress

from django.conf import settings
from django.db import connections

from corroborate_node.core.opened import Vault

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


def on_this_machine(host: str) -> bool:
    """Whether an address under this name opens on this machine alone. ``host``: with its port, or without."""
    return any(host == one or host.startswith(f"{one}:") for one in LOOPBACK_NAMES)


LARGEST_UPLOAD = 64 << 20  # bytes of one file
LARGEST_REQUEST = LARGEST_UPLOAD + (2 << 20)


def configure(vault: Vault) -> None:
    """Set Django up for this vault. A second vault after the first has closed is allowed."""
    close()
    # Cookies are shared by all ports of a machine: a vault and a hub on one machine must not read each other's.
    mark = hashlib.sha256(vault.session_key).hexdigest()[:12]
    settings.SECRET_KEY = vault.session_key.hex()
    settings.SESSION_COOKIE_NAME = f"session_{mark}"
    settings.CSRF_COOKIE_NAME = f"form_{mark}"
    serve_as((), behind_proxy=False)


def serve_as(hosts: Sequence[str], *, behind_proxy: bool) -> None:
    """Under which names pages answer, beside this machine's own. ``hosts``: NAME or NAME:PORT, as browsers show them.

    ``behind_proxy``: a proxy on this machine takes TLS off, and browsers know the pages as https. Forms sent from
    there carry that origin, cookies go over TLS alone, and the proxy's word on the scheme (X-Forwarded-Proto) counts:
    nobody else reaches the port, which listens on loopback.
    """
    schemes = ("https",) if behind_proxy else ("http",)
    settings.ALLOWED_HOSTS = [*LOOPBACK_NAMES, *(host.partition(":")[0] for host in hosts)]
    settings.CSRF_TRUSTED_ORIGINS = [f"{scheme}://{host}" for host in hosts for scheme in schemes]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind_proxy else None
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = behind_proxy


def close() -> None:
    """Close the database's connections of this thread. The next vault's may be of another kind."""
    connections.close_all()
    with suppress(AttributeError):
        del connections["default"]
