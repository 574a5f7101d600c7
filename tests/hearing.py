"""Every error of ours that is made while a test runs, also those that the code catches itself."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from corroborate.errors import CorroborateError

# As commands print it after a file's name, without capitals unless a name begins it; or a status of HTTP.
SENTENCE = re.compile(r"(?:[a-z\d'\"(/]|[A-Z][a-z]).* \S|[1-5]\d\d$")


@contextmanager
def sentences_heard(*alone: type[Exception]) -> Iterator[None]:
    """Fails where one of them is no sentence. ``alone``: classes of the verifier, which takes one word each."""
    said: list[tuple[object, ...]] = []
    made = CorroborateError.__init__

    def heard(self, text="", /, **values):
        made(self, text, **values)
        said.append((str(self),))

    CorroborateError.__init__ = heard
    for kind in alone:
        kind.__init__ = lambda self, *words: said.append(words)
    try:
        yield
    finally:
        CorroborateError.__init__ = made
        for kind in alone:
            del kind.__init__
    for words in said:
        assert len(words) == 1, words
        assert SENTENCE.match(str(words[0])), words
