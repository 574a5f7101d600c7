"""Whatever is refused here, the reader is told why in a sentence."""

import re

import pytest

from corroborate.errors import CorroborateError

# As commands print it after a file's name, without capitals unless a name begins it; or a status of HTTP.
SENTENCE = re.compile(r"(?:[a-z\d'\"(/]|[A-Z][a-z]).* \S|[1-5]\d\d$")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Hear every error of ours while a test runs, also those that the code catches itself."""
    said: list[str] = []
    made = CorroborateError.__init__

    def heard(self, text="", /, **values):
        made(self, text, **values)
        said.append(str(self))

    CorroborateError.__init__ = heard
    try:
        result = yield
    finally:
        CorroborateError.__init__ = made
    for words in said:
        assert SENTENCE.match(words), words
    return result
