"""Places under one key, whatever script, spelling or former name a list writes."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

import yaml

from corroborate.languages.names import plain


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).strip()
    latin = plain(text)
    return latin if latin else re.sub(r"[\s·]+", "", re.sub(r"(?:시|군|도|市|郡|県|府)$", "", text))


@cache
def _forms() -> dict[str, str]:
    text = resources.files(__package__).joinpath("places.yaml").read_text(encoding="utf-8")
    return {_folded(form): forms[0] for forms in yaml.safe_load(text) for form in forms}


@lru_cache(maxsize=50_000)
def place_key(text: str) -> str:
    """The northern Korean name of a county that we know, else the text without marks, case and endings."""
    folded = _folded(text)
    return _forms().get(folded, folded)


@lru_cache(maxsize=50_000)
def facility_key(text: str) -> str:
    """The number of a camp or prison with its kind where said (``22``, ``22k``), else the key of its name.

    A number alone is kept alone: a political camp 22 and a prison camp 22 exist.
    """
    plain_text = unicodedata.normalize("NFKC", text)
    number = re.search(r"\d+", plain_text)
    if number:
        return number[0]
    return place_key(re.sub(r"(?:수용소|관리소|교화소|收容所|収容所|\bcamp\b|\bprison\b)", "", plain_text, flags=re.I))
