"""Addresses that a reader may open. Whatever else stands where an address is asked for is shown as words."""

import re

_WEB = re.compile(r"https?://[^\s<>\"']+")


def is_web(address: str) -> bool:
    """Whether it is an address of the web, and so a link: a browser would run ``javascript:``, and open files."""
    return _WEB.fullmatch(address) is not None


__all__ = ["is_web"]
