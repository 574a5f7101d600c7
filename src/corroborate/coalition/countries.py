"""Countries by the names that statements print, in the coalition's languages, and back."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def _listed() -> Mapping[str, Mapping[str, Any]]:
    text = resources.files("corroborate.coalition").joinpath("countries.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load(text)
    return found


@cache
def country_codes() -> Mapping[str, str]:
    """Every printed name -> ISO 3166-1 alpha-2 code."""
    return {name: code for code, one in _listed().items() for language in ("en", "ko", "ja") for name in one[language]}


def country_name(code: str, language: str = "en") -> str:
    """The name we print; the code itself for a country we do not list."""
    one = _listed().get(code)
    return code if one is None else str(one.get(language, one["en"])[0])


def region_of(code: str) -> str:
    one = _listed().get(code)
    return "" if one is None else str(one["region"])
