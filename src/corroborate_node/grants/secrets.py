"""What the reader of a grant comes in with, kept as keyed digests: whoever has the rows alone comes in with nothing."""

import base64

from corroborate_node.core.codes import keyed, plain, same
from corroborate_node.core.desk import Entropy
from corroborate_node.core.opened import Vault

SECRET = 24  # bytes of a link, and of what a browser shows
WORD = 12  # letters and digits of the word beside a link, five bits each
MOST_WRONG = 10  # words that may be wrong before a link opens no more, whoever tried them


def link_secret(entropy: Entropy) -> str:
    return base64.urlsafe_b64encode(entropy(SECRET)).decode()


def digest(vault: Vault, what: str, secret: str) -> str:
    """Equal for equal secrets of one kind in this vault, and no way back to them without its key."""
    return keyed(vault.session_key, f"grant {what}", secret)


def word_digest(vault: Vault, secret: str, word: str) -> str:
    """Of a word beside its link, however it was typed: it opens no other."""
    return digest(vault, "word", f"{secret}\n{plain(word)}")


__all__ = ["MOST_WRONG", "SECRET", "WORD", "digest", "link_secret", "same", "word_digest"]
