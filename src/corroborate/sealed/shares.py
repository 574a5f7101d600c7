"""A key on paper, in parts of which any few open it: Shamir's sharing, written in words (SLIP-0039, SatoshiLabs).

Each share is 33 words of a list of 1,024, each known by its first four letters; three are a checksum, so that a
mistyped word is found. Fewer shares than are needed say nothing of the key. The reference library computes it; it does
not hide its timing, which nobody can watch on the machine on which a person types.
"""

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.share import Share as Parsed
from shamir_mnemonic.wordlist import WORDLIST

from corroborate.errors import InvalidValue
from corroborate.sealed.slots import SEED

WORDS = 33  # of a share of 32 bytes
MOST = 16  # shares of one key, by the standard
_LETTERS = 4  # by which each word of the list is known
_BY_LETTERS = {word[:_LETTERS]: word for word in WORDLIST}


@dataclass(frozen=True, slots=True, repr=False)
class Share:
    """One share. ``number``: from 1; ``need``: how many open the key; ``set``: the same for all shares of one key."""

    words: tuple[str, ...]
    number: int
    need: int
    set: int

    def __str__(self) -> str:
        return " ".join(self.words)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The words by their places in the list, 1 to 1024, for who writes digits rather than English words."""
        return tuple(WORDLIST.index(word) + 1 for word in self.words)


def divided(secret: bytes, need: int, of: int) -> tuple[Share, ...]:
    """Shares of a key of 32 bytes. Raises InvalidValue unless 2 <= need <= of <= 16."""
    if not 2 <= need <= of <= MOST:
        raise InvalidValue(
            "a key is divided so that 2 or more of at most {most} shares open it, not {need} of {of}",
            most=MOST,
            need=need,
            of=of,
        )
    if len(secret) != SEED:
        raise InvalidValue("a key has {seed} bytes", seed=SEED)
    # The passphrase of the standard is empty, so its stretching protects nothing: one round of it is enough.
    found = generate_mnemonics(1, [(need, of)], secret, iteration_exponent=0)
    return tuple(read_share(one) for one in found[0])


def read_share(text: str) -> Share:
    """A share as somebody typed it: words, their first four letters, or their numbers. Raises InvalidValue."""
    typed = unicodedata.normalize("NFKC", text).lower().replace(",", " ").split()
    if len(typed) != WORDS:
        raise InvalidValue("a share has {wanted} words, and these are {number}", wanted=WORDS, number=len(typed))
    words = tuple(_word(one, at) for at, one in enumerate(typed, 1))
    try:
        parsed = Parsed.from_mnemonic(" ".join(words))
    except MnemonicError as error:
        wrong = InvalidValue("these words are no share: their checksum does not fit")
        wrong.remedy = "Compare each word with the paper; one or more are other words of the list."
        raise wrong from error
    return Share(words, parsed.index + 1, parsed.member_threshold, parsed.identifier)


def _word(typed: str, at: int) -> str:
    if typed.isascii() and typed.isdecimal():
        if not 1 <= int(typed) <= len(WORDLIST):
            raise InvalidValue(
                "number {at}, {typed}, is not between 1 and {most}", at=at, typed=typed, most=len(WORDLIST)
            )
        return str(WORDLIST[int(typed) - 1])
    found = _BY_LETTERS.get(typed[:_LETTERS])
    if found is not None and found.startswith(typed):
        return str(found)
    near = difflib.get_close_matches(typed, WORDLIST, 1)
    if near:
        raise InvalidValue(
            "word {at}, {typed!r}, is not in the list; the nearest is {near!r}", at=at, typed=typed, near=near[0]
        )
    raise InvalidValue("word {at}, {typed!r}, is not in the list", at=at, typed=typed)


def joined(shares: Sequence[Share]) -> bytes:
    """The key of some shares. Raises InvalidValue where they are too few, twice the same, or not of one key."""
    if len({one.set for one in shares}) > 1:
        raise InvalidValue("these shares are of different keys: their first two words are not the same")
    different = {one.number: one for one in shares}
    need = shares[0].need if shares else 2
    if len(different) < need:
        raise InvalidValue("it takes {need} different shares, and these are {number}", need=need, number=len(different))
    try:
        found: bytes = combine_mnemonics([str(one) for one in list(different.values())[:need]])
    except MnemonicError as error:
        raise InvalidValue("these shares do not fit together: they are not all of one key") from error
    return found


__all__ = ["MOST", "WORDS", "Share", "divided", "joined", "read_share"]
