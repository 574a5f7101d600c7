"""Whether a stored consent is still relied on: one that was read from a list is read again from its words."""

from dataclasses import replace
from functools import lru_cache

from corroborate.records.consent.permissions import Consent
from corroborate.records.consent.reading import read_again

READ = "read from a list"  # how it was asked, as far as a list says
MISREAD = "its words are no leave to publish, as they are read today"


def relied_on(consent: Consent) -> Consent:
    """The consent as it counts today: blocked where the words it was read from say no, or are not understood.

    The table of words grows and is mended; what it once took for a yes must not go on leaving.
    """
    read = consent.asked == READ and consent.audience != "own" and "name" in consent.uses
    if not read or consent.blocked or _grants(consent.words):
        return consent
    return replace(consent, blocked=MISREAD)


@lru_cache(maxsize=4096)
def _grants(words: str) -> bool:
    return read_again(words).name_public
