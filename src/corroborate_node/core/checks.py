"""What a check of everything says, and which sealed files the rooms rely on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.apps import apps


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``advice``: nothing is wrong, yet something should be done."""

    about: str
    state: Literal["good", "advice", "wrong"]
    found: str


def missing_files(addresses: Iterable[str]) -> list[str]:
    """Sealed files that a room's records name (``sealed_addresses`` of its AppConfig) and that are not there."""
    named = {address for config in apps.get_app_configs() for address in getattr(config, "sealed_addresses", list)()}
    return sorted(named - set(addresses))
