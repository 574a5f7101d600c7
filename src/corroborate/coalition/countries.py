"""Countries by the names that statements print, in many languages, and back."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

from corroborate.vocabulary import country_names
from corroborate.vocabulary.order import in_reading_order

_FORMS = re.compile(
    r"^(?:the )?(?:(?:democratic|people's|islamic|arab|federal|federative|socialist|bolivarian|plurinational|united|"
    r"oriental) )*(?:republic|republica|republique|kingdom|state|commonwealth|union|federation|reino|estado)"
    r" (?:of|de|del|da|du) (?:the |la |el |los )?"
)


def _yaml(name: str) -> Mapping[str, Any]:
    text = resources.files("corroborate.coalition").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


@cache
def _names() -> Mapping[str, Mapping[str, Any]]:
    return _yaml("countries")


@cache
def country_codes() -> Mapping[str, str]:
    """Every printed name of the countries whose region we know -> ISO 3166-1 alpha-2 code."""
    return {name: code for code, one in _names().items() for language in ("en", "ko", "ja") for name in one[language]}


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("’", "'").replace("&", "and").casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[\s.]+", " ", plain.removeprefix("the ")).strip()


@cache
def _codes() -> Mapping[str, str]:
    codes: dict[str, str] = {}
    for code, names in _yaml("countries_of_the_world").items():
        for name in names:
            codes.setdefault(_folded(name), str(code))
    for code, names in _yaml("countries_besides").items():
        codes |= {_folded(name): str(code) for name in names}
    return codes | {_folded(name): code for name, code in country_codes().items()}


@lru_cache(maxsize=16_384)
def code_of(printed: str) -> str | None:
    """The code of a country as somebody printed it, in capitals, with its long form or in another language; None for
    what is no country."""
    if not 1 < len(printed.strip()) <= 60:
        return None
    if printed.strip() in country_codes():
        return country_codes()[printed.strip()]
    if len(printed.strip()) <= 3 and printed.strip() != printed.strip().upper():
        return None  # "us" and "in" are words
    folded = _folded(printed)
    found = _codes().get(folded)
    if found is None and (form := _FORMS.match(folded)):
        found = _codes().get(folded[form.end() :])
    return found


def country_name(code: str, language: str = "en") -> str:
    """The name we print; the code itself for a country we do not list."""
    own = _names().get(code, {})
    if language in own:
        return str(own[language][0])
    named = country_names().get(code)
    if named is None or (language not in named and own):
        return str(own["en"][0]) if own else code
    return named.get(language, named["en"])


@cache
def countries_named(language: str = "en") -> tuple[tuple[str, str], ...]:
    """Code and name of every country, by name, to be chosen from."""
    codes = {*_names(), *country_names()}
    return tuple(in_reading_order(((code, country_name(code, language)) for code in codes), language))


def region_of(code: str) -> str:
    one = _names().get(code)
    return "" if one is None else str(one["region"])
