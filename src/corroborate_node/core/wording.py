"""In which language a page of the node speaks, and a room's words in it."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

import yaml
from django.http import HttpRequest

LANGUAGES = (("en", "English"), ("ko", "한국어"), ("ja", "日本語"))
COOKIE = "language"


@cache
def _words(room: str) -> Mapping[str, Mapping[str, str]]:
    text = resources.files(f"corroborate_node.{room}").joinpath("words.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


class Words:
    """``words.key`` in a template, ``words["key"]`` in code; English where the language lacks the word.

    ``beyond``: words that the room shares with another and has not itself.
    """

    def __init__(
        self,
        language: str,
        room: str = "coalition.campaign",
        beyond: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    ) -> None:
        self.language, self.room, self.beyond = language, room, beyond

    def __getitem__(self, key: str) -> str:
        asked, own = key.replace(" ", "_"), _words(self.room)
        one = own[asked] if asked in own else self.beyond[asked]
        return str(one.get(self.language, one["en"]))

    def get(self, key: str, default: str) -> str:
        """The words, or ``default`` where neither room has any."""
        try:
            return self[key]
        except KeyError:
            return default


def language_of(request: HttpRequest) -> str:
    """The reader's choice; else the browser's first language that we have; else English."""
    known = {code for code, _ in LANGUAGES}
    if (chosen := request.COOKIES.get(COOKIE, "")) in known:
        return chosen
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.split(";")[0].split("-")[0].strip().lower()
        if code in known:
            return code
    return "en"
