"""Outlines of the world and of the country, for maps that load nothing from elsewhere. Natural Earth, public domain."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def shapes() -> Mapping[str, Any]:
    """``world`` and ``korea``: outlines as SVG paths, and how degrees become units of the drawing."""
    text = resources.files(__package__).joinpath("shapes.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found
