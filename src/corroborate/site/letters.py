"""Fonts of exactly the letters that members' own words need beyond those of the site's words.

A name that is a row of boxes is no name. A reader whose machine has Korean and Japanese fonts downloads none of these.
"""

import io
import logging
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from fontTools import subset
from fontTools.ttLib import TTFont

from corroborate.figures.fonts import FONTS, folder

MORE = {"ko": "fonts/more-korean.woff2", "ja": "fonts/more-japanese.woff2"}
_OURS = {"ko": "korean.txt", "ja": "japanese.txt"}  # letters of the fonts that every site has
_SPACE = "\u3000"  # a font needs a letter


def fonts_of(pages: Mapping[str, bytes]) -> dict[str, bytes]:
    """Path -> WOFF2. ``pages``: HTML by its path, the language first.

    Pages in Japanese take Japanese forms where there are any, all others Korean ones; a letter that neither font has is
    left to the reader's own.
    """
    letters = {"ko": set[str](), "ja": set[str]()}
    for path, content in pages.items():
        letters["ja" if path.startswith("ja/") else "ko"] |= set(content.decode())
    wanted = {"ko": set[str](), "ja": set[str]()}
    for language, other in (("ko", "ja"), ("ja", "ko")):
        for letter in _eastern(letters[language]):
            if letter in _countries(language):
                continue
            home = language if ord(letter) in _held(language) else other
            if letter not in _countries(home) and ord(letter) in _held(home):
                wanted[home].add(letter)
    return {MORE[language]: _font(language, "".join(sorted(wanted[language] | {_SPACE}))) for language in sorted(MORE)}


def _eastern(letters: Iterable[str]) -> list[str]:
    """Hangul, kana, hanja and what goes with them: the range that the style sheet gives to these fonts."""
    return [one for one in letters if "\u1100" <= one <= "\u11ff" or "\u2e80" <= one <= "\uffef"]


@cache
def _countries(language: str) -> frozenset[str]:
    return frozenset(resources.files(__package__).joinpath("fonts", _OURS[language]).read_text(encoding="utf-8"))


@cache
def _held(language: str) -> frozenset[int]:
    with TTFont(folder() / FONTS[language], lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _font(language: str, letters: str) -> bytes:
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # its progress is nobody's here
    options = subset.Options()
    options.hinting, options.layout_features, options.recalc_timestamp = False, [], False
    options.drop_tables += ["vmtx", "vhea", "VORG", "GSUB", "GPOS", "BASE"]
    with TTFont(folder() / FONTS[language], recalcTimestamp=False) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=letters)
        subsetter.subset(font)
        font.flavor = "woff2"
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()


__all__ = ["MORE", "fonts_of"]
