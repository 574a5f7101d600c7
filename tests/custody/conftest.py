"""Whatever is refused here, the reader is told why in a sentence."""

import pytest
from tests.hearing import sentences_heard


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Whatever is refused, the reader is told why in a sentence."""
    with sentences_heard():
        return (yield)
