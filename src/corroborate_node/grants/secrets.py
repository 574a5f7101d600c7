"""What the reader of a grant comes in with, kept as keyed digests: whoever has the rows alone comes in with nothing."""

import base64
import hashlib
import hmac

from corroborate_node.core.codes import plain
from corroborate_node.core.desk import Entropy
from corroborate_node.core.opened import Vault

SECRET = 24  # bytes of a link, and of what a browser shows
WORD = 12  # letters and digits of the word beside a link, five bits each
MOST_WRONG = 10  # words that may be wrong before a link opens no more, whoever tried them


def link_secret(entropy: Entropy) -> str:
    return base64.urlsafe_b64encode(entropy(SECRET)).decode()


def digest(vault: Vault, what: str, secret: str) -> str:
    """Equal for equal secrets of one kind in this vault, and no way back to them without its key."""
    return hmac.new(vault.session_key, f"grant {what}\n{secret}".encode(), hashlib.sha256).hexdigest()


def word_digest(vault: Vault, secret: str, word: str) -> str:
    """Of a word beside its link, however it was typed: it opens no other."""
    return digest(vault, "word", f"{secret}\n{plain(word)}")


def same(one: str, other: str) -> bool:
    """Whether two digests are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(one.encode(), other.encode())


__all__ = ["MOST_WRONG", "SECRET", "WORD", "digest", "link_secret", "same", "word_digest"]
