"""What every page shows around its own matter."""

from itertools import groupby

from django.http import HttpRequest

from corroborate_node.core import opened
from corroborate_node.core.desk import Desk
from corroborate_node.core.gate import desk_of
from corroborate_node.core.rooms import Link, links
from corroborate_node.core.wording import LANGUAGES, Words, language_of


def frame(request: HttpRequest) -> dict[str, object]:
    """The organisation's name stands on every page, so that nobody types a witness's name into the wrong vault."""
    vault = opened.current()
    words, desk, user = Words(language_of(request), "core"), desk_of(request), getattr(request, "user", None)
    shown = [link for link in links() if _here(link, desk)] if user is not None and user.is_authenticated else []
    groups = [
        [(link.address, words[link.word], link.waiting(user) if link.waiting else 0) for link in group]
        for _, group in groupby(shown, key=lambda link: link.group)
    ]
    return {
        "sees_who": desk.may("identity.read"), "organisation": vault.name, "hub": vault.hub, "navigation": groups,
        "frame": words, "tongues": LANGUAGES,
    }  # fmt: skip


def _here(link: Link, desk: Desk) -> bool:
    kind = "hub" if desk.vault.hub else "vault"
    return link.on in ("both", kind) and (not link.permission or desk.may(link.permission))
