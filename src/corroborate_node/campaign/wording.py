"""In which language a page of the node speaks, and a room's words in it."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml
from django.http import HttpRequest

LANGUAGES = (("en", "English"), ("ko", "한국어"), ("ja", "日本語"))
COOKIE = "language"


@cache
def _words(room: str) -> Mapping[str, Mapping[str, str]]:
    text = resources.files(f"corroborate_node.{room}").joinpath("words.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return found


class Words:
    """``words.key`` in a template, ``words["key"]`` in code; English where the language lacks the word."""

    def __init__(self, language: str, room: str = "campaign") -> None:
        self.language, self.room = language, room

    def __getitem__(self, key: str) -> str:
        one = _words(self.room)[key.replace(" ", "_")]
        return str(one.get(self.language, one["en"]))


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
