"""A time as the reader's own clock shows it: where a country has one clock, and in UTC always."""

import zoneinfo
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path


@cache
def _by_country() -> dict[str, tuple[str, ...]]:
    """Zones of each country, as the time zone database lists them; empty where this machine has none."""
    found: dict[str, list[str]] = {}
    for line in _table().splitlines():
        if line and not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            found.setdefault(country, []).append(zone)
    return {country: tuple(zones) for country, zones in found.items()}


def _table() -> str:
    for folder in zoneinfo.TZPATH:
        file = Path(folder) / "zone.tab"
        if file.is_file():
            return file.read_text(encoding="utf-8")
    try:
        return resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        return ""


def clock_of(country: str, at: datetime) -> str:
    """The zone by whose clock a country lives at a time; empty where its parts differ, or none is known."""
    zones = _by_country().get(country.upper(), ())
    offsets = {at.astimezone(zoneinfo.ZoneInfo(one)).utcoffset() for one in zones}
    return zones[0] if len(offsets) == 1 else ""


def shown(at: datetime, country: str) -> str:
    """A time in UTC, with the reader's own beside it where the country has one clock.

    ``2026-03-01 18:00 UTC (2026-03-02 03:00 Asia/Seoul)``
    """
    text, zone = f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC", clock_of(country, at)
    return f"{text} ({at.astimezone(zoneinfo.ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone})" if zone else text
