"""What of Django's settings belongs to the open vault, and what a page takes at most."""

import hashlib

from django.conf import settings
from django.db import connections

from corroborate_node.core.opened import Vault

LARGEST_UPLOAD = 64 << 20  # bytes of one file
LARGEST_REQUEST = LARGEST_UPLOAD + (2 << 20)


def configure(vault: Vault) -> None:
    """Set Django up for this vault. A second vault after the first has closed is allowed."""
    connections.close_all()
    # Cookies are shared by all ports of a machine: a vault and a hub on one machine must not read each other's.
    mark = hashlib.sha256(vault.session_key).hexdigest()[:12]
    settings.SECRET_KEY = vault.session_key.hex()
    settings.SESSION_COOKIE_NAME = f"session_{mark}"
    settings.CSRF_COOKIE_NAME = f"form_{mark}"


def close() -> None:
    """Close the database's connections of this thread."""
    connections.close_all()
