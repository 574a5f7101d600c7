"""Join what independent groups each know into one case that an investigator can verify.

The library knows no Django, no clock and no environment: whoever calls it hands these in.
"""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as _version

DISTRIBUTION = "corroborate-vault"  # what to install; the command and the modules are called corroborate


def version() -> str:
    """This program's version; empty where it runs from a folder that was never installed."""
    try:
        return _version(DISTRIBUTION)
    except PackageNotFoundError:
        return ""


__all__ = ["DISTRIBUTION", "version"]
