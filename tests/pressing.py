"""Buttons of a page as a browser presses them: with all that their form carries unseen."""

import html
import re
from http.cookiejar import CookieJar
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener


def form_of(page: Any, value: str, name: str = "act") -> dict[str, str]:
    """What the form of a button sends, as the page showed it; ``page``: the answer that was shown."""
    shown = page.content.decode()
    forms = re.findall(r"<form\b.*?</form>", shown, re.DOTALL)
    button = re.compile(rf'<button[^>]*name="{name}"[^>]*value="{re.escape(value)}"')
    hidden = re.compile(rf'<input[^>]*name="{name}"[^>]*value="{re.escape(value)}"')
    [found] = [one for one in forms if button.search(one) or hidden.search(one)][:1] or [""]
    unseen = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found)
    return {name: value, **{key: html.unescape(each) for key, each in unseen}}


def press(browser: Any, address: str, value: str, name: str = "act") -> Any:
    """Open a page and press a button of it; the answer."""
    return browser.post(address, form_of(browser.get(address), value, name))


class Browser:
    """A browser at a node that is served, logged in as an account."""

    def __init__(self, address: str, account: str, passphrase: str) -> None:
        self._at, self._open = address, build_opener(HTTPCookieProcessor(CookieJar())).open
        token = self.get("/log-in").content.decode()
        [secret] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', token)[:1]
        self.post("/log-in", {"csrfmiddlewaretoken": secret, "username": account, "password": passphrase})

    def get(self, path: str) -> Any:
        return self._answer(path, None)

    def post(self, path: str, given: dict[str, str]) -> Any:
        return self._answer(path, urlencode(given).encode())

    def _answer(self, path: str, given: bytes | None) -> Any:
        with self._open(self._at + path, given, timeout=60) as answer:
            return SimpleNamespace(content=answer.read(), status_code=answer.status)
