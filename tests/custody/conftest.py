"""Whatever is refused here, the reader is told why in a sentence."""

import re

import pytest

from corroborate.errors import CorroborateError

# As commands print it after a file's name, without capitals unless a name begins it; or a status of HTTP.
SENTENCE = re.compile(r"(?:[a-z\d'\"(/]|[A-Z][a-z]).* \S|[1-5]\d\d$")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Hear every error of ours while a test runs, also those that the code catches itself."""
    said = []
    CorroborateError.__init__ = lambda self, *words: said.append(words)
    try:
        result = yield
    finally:
        del CorroborateError.__init__
    for words in said:
        assert len(words) == 1, words
        assert SENTENCE.match(str(words[0])), words
    return result
