"""Places under one key, whatever script, spelling or former name a list writes; and where they lie."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

from corroborate.languages.names import plain


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a place is: its province, and degrees north and east to a tenth; a province has no point."""

    province: str
    lat: float | None = None
    lon: float | None = None


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).strip()
    latin = plain(text)
    return latin if latin else re.sub(r"[\s·]+", "", re.sub(r"(?:시|군|도|市|郡|県|府|道)$", "", text))


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(
        resources.files(__package__).joinpath("places.yaml").read_text(encoding="utf-8"),
        Loader=yaml.CSafeLoader,
    )
    return found


@cache
def _forms() -> dict[str, str]:
    provinces = {_folded(form): forms[0] for forms in _table()["provinces"] for form in forms}
    return provinces | {_folded(form): one["names"][0] for one in _table()["counties"] for form in one["names"]}


@cache
def _spots() -> dict[str, Spot]:
    provinces = {forms[0]: Spot(forms[0]) for forms in _table()["provinces"]}
    return provinces | {one["names"][0]: Spot(one["province"], *one["at"]) for one in _table()["counties"]}


@lru_cache(maxsize=50_000)
def place_key(text: str) -> str:
    """The northern Korean name of a county or province that we know, else the text without marks, case and endings."""
    folded = _folded(text)
    return _forms().get(folded, folded)


def names_of(text: str) -> tuple[str, ...]:
    """Every name that we know of a county, a town or a province, former ones and other scripts among them."""
    known = place_key(text)
    every = [one["names"] for one in _table()["counties"]] + list(_table()["provinces"])
    return next((tuple(names) for names in every if names[0] == known), ())


def spot(text: str) -> Spot | None:
    """Where a place that we know lies: a county, a town or a province."""
    return _spots().get(place_key(text))


def _exact(text: str) -> str:
    """Letters, digits and signs of a text as they are, without case, marks, spaces and hyphens: unlike a key it forgets
    nothing that stands beside a name."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(one for one in folded if not unicodedata.combining(one) and one not in " -·'’ʼ`")


_ENDING = re.compile(r"(?:(?<=.)[시군도市郡県府道]|(?:\s+(?:province|city|county)|-(?:do|si|gun)))$", re.I)


@cache
def _exact_names() -> frozenset[str]:
    listed = [*_table()["provinces"], *(one["names"] for one in _table()["counties"])]
    return frozenset(_exact(_ENDING.sub("", name)) for names in listed for name in names)


def is_place(text: str) -> bool:
    """Whether a text is the name of a county, a town or a province that we know, and nothing stands beside it."""
    return _exact(_ENDING.sub("", text.strip())) in _exact_names()


_PRISON = re.compile(r"교화소|教化所|敎化所|kyo-?hwa-?so|\bprison\b", re.I)
_KIND = re.compile(
    r"수용소|관리소|교화소|收容所|収容所|管理所|教化所|kwan-?li-?so|kyo-?hwa-?so|\b(?:camp|prison|political|no)\b\.?|제|호",
    re.I,
)


@cache
def _facilities() -> dict[str, dict[str, str]]:
    return {
        kind: {_folded(name): f"{number}{mark}" for number, names in _table()[kind].items() for name in names}
        for kind, mark in (("camps", ""), ("prisons", "k"))
    }


@lru_cache(maxsize=50_000)
def facility_key(text: str) -> str:
    """A camp or prison by its number, also where a list has only its name: ``22`` a camp, ``22k`` a prison.

    A political camp 22 and a prison camp 22 exist. A number alone is taken for a camp's.
    """
    plain_text = unicodedata.normalize("NFKC", text)
    prison = _PRISON.search(plain_text) is not None
    number = re.search(r"\d+", plain_text)
    if number:
        return number[0] + ("k" if prison else "")
    name = _folded(_KIND.sub("", plain_text))
    order = ("prisons", "camps") if prison else ("camps", "prisons")
    return next((found for kind in order if (found := _facilities()[kind].get(name))), name)


# A camp or prison by its number, and nothing else; by its name, with or without what it is.
_NUMBERED = re.compile(
    r"(?:정치범\s*)?(?:제\s*)?(\d{1,2})\s*호?\s*(?:정치범\s*)?(?P<ko>수용소|관리소|교화소)"
    r"|第?(\d{1,2})[号號]?(?:政治犯)?(?P<ja>収容所|收容所|管理所|教化所|敎化所)"
    r"|(?P<la>kwan-?li-?so|kyo-?hwa-?so|(?:political\s+)?(?:prison\s+)?(?:labou?r\s+)?camp)"
    r"\s*(?:(?:no|number)\.?|n\.?\s?[oº])?\s*(\d{1,2})",
    re.I,
)
_NAMED = re.compile(
    r"(.{2,40}?)(?:\s*(?:정치범\s*)?(?:수용소|관리소|교화소)|\s*(?:収容所|收容所|管理所|教化所|敎化所)"
    r"|\s+(?:(?:political\s+)?(?:prison\s+)?(?:labou?r\s+)?camp|prison|kwan-?li-?so|kyo-?hwa-?so))?",
    re.I,
)


@cache
def _exact_facilities() -> frozenset[str]:
    return frozenset(
        _exact(name) for kind in ("camps", "prisons") for names in _table()[kind].values() for name in names
    )


def is_facility(text: str) -> bool:
    """Whether a text is a camp or prison that we know, by its number or its name, and nothing stands beside it."""
    plain_text = unicodedata.normalize("NFKC", text).strip()
    if _NUMBERED.fullmatch(plain_text):
        key = facility_key(plain_text)
        mark = "k" if key.endswith("k") else ""
        return int(key.removesuffix("k")) in map(int, _table()["prisons" if mark else "camps"])
    found = _NAMED.fullmatch(plain_text)
    return found is not None and _exact(_ENDING.sub("", found[1])) in _exact_facilities()
