"""Reviewed tables in YAML beside the code that reads them."""

from functools import cache
from importlib import resources
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as Loader  # ten times as fast, where libyaml is there
except ImportError:  # pragma: no cover - wheels of PyYAML bring it
    from yaml import SafeLoader as Loader  # type: ignore[assignment]


@cache
def reviewed(package: str, name: str) -> Any:
    """What ``name.yaml`` of a package holds. Nobody changes it."""
    text = resources.files(package).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=Loader)
