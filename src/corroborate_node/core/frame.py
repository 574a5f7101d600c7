"""What every page shows around its own matter."""

from django.http import HttpRequest

from corroborate_node.core import opened
from corroborate_node.core.gate import desk_of
from corroborate_node.core.wording import LANGUAGES, Words, language_of
from corroborate_node.review import queries as review


def frame(request: HttpRequest) -> dict[str, object]:
    """The organisation's name stands on every page, so that nobody types a witness's name into the wrong vault."""
    vault = opened.current()
    waiting = 0 if vault.hub else review.count_waiting(getattr(request, "user", None))
    words = Words(language_of(request), "core")
    desk = desk_of(request)
    return {
        "may_accounts": desk.may("account.keep"), "may_journal": desk.may("journal.read"),
        "sees_who": desk.may("identity.read"),
        "organisation": vault.name, "hub": vault.hub, "pairs_waiting": waiting, "frame": words, "tongues": LANGUAGES,
    }  # fmt: skip
