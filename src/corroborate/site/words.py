"""The site's own words in its languages. What is missing in one is shown in English and marked, never hidden."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from markupsafe import Markup, escape

from corroborate.disclosure import LabelShown, NameShown
from corroborate.translation import RoomWords, in_language, number_in
from corroborate.values import Digest
from corroborate.vocabulary import country_names

TERRITORIES = {"en": "en_GB", "ko": "ko_KR", "ja": "ja_JP", "es": "es_ES"}


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def words(language: str) -> RoomWords:
    """The site's words in a language."""
    return RoomWords(language, "corroborate", "site")


@dataclass(frozen=True, slots=True)
class Speech:
    """What a page says, in one language. Every method gives escaped markup or plain text for the template to escape."""

    language: str

    def plain(self, key: str, **values: object) -> str:
        """The words alone, for a title or an attribute."""
        text = words(self.language)[key]
        return text.format(**values) if values else text

    def tongue(self, code: str) -> str:
        """A language by its name in this one; by its code where we have no name for it."""
        return words(self.language).get(f"lang_{code}", code)

    def __call__(self, key: str, **values: object) -> Markup:
        """The words; in English with a mark where there are none in this language."""
        if words(self.language).said(key)[1] == self.language:
            return escape(self.plain(key, **values))
        return self.foreign(self.plain(key, **values), "en", missing=True)

    def foreign(self, text: str, language: str, *, missing: bool = False) -> Markup:
        """Text of another language with its ``lang``; ``missing``: it should have been in this one."""
        if language == self.language:
            return escape(text)
        mark = Markup(' <span class="missing">[{}]</span>').format(self.missing) if missing else ""
        return Markup('<span lang="{}">{}</span>{}').format(language, text, mark)

    def known(self, text: str) -> Markup:
        """A text that our PO files may know, such as a note on a reading; else in English, and marked."""
        found = in_language(text, self.language)
        if found != text or self.language == "en":
            return escape(found)
        return self.foreign(text, "en", missing=True)

    @property
    def missing(self) -> str:
        return self.plain("missing", language=self.tongue(self.language))

    def of(self, labels: Iterable[LabelShown | NameShown], otherwise: str, *, mark: bool = True) -> Markup:
        """The label in this language; the other text, marked, where there is none."""
        for one in labels:
            if one.language == self.language:
                return escape(one.text)
        return self.foreign(otherwise, "en", missing=mark) if otherwise else Markup("")

    def text_of(self, labels: Iterable[LabelShown | NameShown], otherwise: str) -> str:
        """The same without marks, for titles and feeds."""
        return next((one.text for one in labels if one.language == self.language), otherwise)

    def country(self, code: str) -> str:
        """The name of a country; the code itself where none is known."""
        one = country_names().get(code)
        return one[self.language] if one else code

    def number(self, value: float) -> str:
        """Whole people, thousands apart as the language writes them."""
        return number_in(f"{round(value):,}", self.language)

    def listed(self, whole: Iterable[str]) -> str:
        return ", ".join(whole)


def slug(name: str, taken: Mapping[str, object] | None = None) -> str:
    """A name as part of an address: Latin letters and digits, else a digest. Never one that is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    whole = all(ord(letter) < 0x250 or not letter.isalpha() for letter in name)
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] if whole else ""
    if not found:
        found = f"n-{Digest.of(name.encode()).hex[:12]}"
    number, tried = 2, found
    while taken is not None and tried in taken:
        tried = f"{found}-{number}"
        number += 1
    return tried
