"""What every page shows around its own matter."""

from itertools import groupby
from typing import Any, NamedTuple

from django.http import HttpRequest

from corroborate.translation import RIGHT_TO_LEFT
from corroborate_node.core import opened
from corroborate_node.core.desk import Desk
from corroborate_node.core.gate import desk_of
from corroborate_node.core.rooms import Link, links
from corroborate_node.core.wording import LANGUAGES, Words, language_of


class Item(NamedTuple):
    """A page in the menu."""

    address: str
    title: str
    waiting: int  # pieces of work that wait there for this reader
    current: bool


def frame(request: HttpRequest) -> dict[str, object]:
    """The organisation's name stands on every page, so that nobody types a witness's name into the wrong vault."""
    vault = opened.current()
    words, desk, user = Words(language_of(request), "core"), desk_of(request), getattr(request, "user", None)
    shown = [link for link in links() if _here(link, desk)] if user is not None and user.is_authenticated else []
    here = _current(request.path, [link.address for link in shown])
    groups = [
        (words[f"group_{number}"], [_item(link, words, user, here) for link in group])
        for number, group in groupby(shown, key=lambda link: link.group)
    ]
    return {
        "sees_who": desk.may("identity.read"),
        "seat": desk,
        "organisation": vault.name,
        "hub": vault.hub,
        "navigation": groups,
        "finds": not vault.hub and desk.may("record.read"),
        "frame": words,
        "direction": "rtl" if words.language in RIGHT_TO_LEFT else "ltr",
        "tongues": LANGUAGES,
    }


def _item(link: Link, words: Words, user: Any, here: str) -> Item:
    return Item(link.address, words[link.word], link.waiting(user) if link.waiting else 0, link.address == here)


def _current(path: str, addresses: list[str]) -> str:
    """The page of the menu that somebody is on, or that theirs stands below: the longest address that fits."""
    below = [one for one in addresses if path == one or (one != "/" and path.startswith(f"{one}/"))]
    return max(below, key=len, default="")


def _here(link: Link, desk: Desk) -> bool:
    kind = "hub" if desk.vault.hub else "vault"
    return link.on in ("both", kind) and (not link.permission or desk.may(link.permission))
