"""A time as somebody types it: with an offset, with a named zone, or on the clock of a zone that is given beside it.

`2026-03-01T18:00+09:00`, `2026-03-01 18:00 Asia/Seoul`; without either it is a time of UTC.
"""

import re
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from corroborate.errors import InvalidValue

_TYPED = re.compile(r"(\d{4}-\d\d-\d\d)[T ]+(\d\d?:\d\d(?::\d\d)?)\s*(\S+)?", re.ASCII)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d?)(?::?(\d\d))?", re.ASCII)
_WIDEST = timedelta(hours=14)  # the clock that is furthest from UTC


def zone_of(text: str) -> tzinfo:
    """A zone by its name (`Asia/Seoul`) or by its offset from UTC (`+09:00`). Raises InvalidValue."""
    if text in ("", "Z", "z", "UTC"):
        return UTC
    if found := _OFFSET.fullmatch(text):
        off = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        if off <= _WIDEST and int(found[3] or 0) < 60:
            return timezone(-off if found[1] == "-" else off)
    try:
        return zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidValue("{text!r} is no time zone such as Asia/Seoul, or +09:00", text=text[:60]) from error


def on_clock(naive: datetime, zone: tzinfo) -> datetime:
    """In UTC, the time that a clock shows in a zone. Raises InvalidValue for one that it never shows or shows
    twice."""
    first, second = (naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first != second:
        raise InvalidValue(
            "clocks are changed in {zone} then: {naive:%Y-%m-%d %H:%M} does not come, or comes twice; give its offset, "
            "as in +09:00",
            zone=str(zone),
            naive=naive,
        )
    return first


def moment(text: str, zone: str = "") -> datetime:
    """A time in UTC. ``zone``: on whose clock it is, where the text itself does not say. Raises InvalidValue."""
    typed = _TYPED.fullmatch(text.strip())
    if typed is None:
        raise _no_time(text)
    clock = typed[2].zfill(5) if typed[2].count(":") == 1 else typed[2].zfill(8)
    try:
        naive = datetime.fromisoformat(f"{typed[1]}T{clock}")
        return on_clock(naive, zone_of(typed[3] or zone))
    except InvalidValue:
        raise
    except (ValueError, OverflowError) as error:
        raise _no_time(text) from error


def _no_time(text: str) -> InvalidValue:
    return InvalidValue(
        "{text!r} is no time such as 2026-03-01T18:00, 2026-03-01T18:00+09:00 or 2026-03-01 18:00 Asia/Seoul",
        text=text[:60],
    )


__all__ = ["moment", "on_clock", "zone_of"]
