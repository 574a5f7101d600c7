"""What a field of a release may hold, beyond its type: figures that can be drawn, days of the calendar, codes that we
have words for.

A release.json comes from anybody. What is read of it once is drawn on paper, on pages and in tables; what none of
these could show is refused at the door, with the place where it stands.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from math import isnan
from typing import Any

from corroborate.coalition.actions import KINDS
from corroborate.coalition.demands import ANSWERS, STATUSES
from corroborate.coalition.targets import VOTES
from corroborate.errors import InvalidValue
from corroborate.values import PartialDate

_MOST = 1e12  # of anything that a release counts; a drawing of more overflows
_STATES = ("signed", "lapsed", "abstains", "withdrawn", "silent")
_PLACES = ("open", "closed", "disputed", "converted", "unconfirmed", "unknown")
_KINDS_OF_PLACE = (
    "political prison camp",
    "ordinary prison camp",
    "suspected detention facility",
    "facility class",
    "province level",
)
_RATIO = 1e6  # of odds ratios, from its inverse up


def _of(codes: Collection[str]) -> Callable[[Any], bool]:
    return lambda value: value in codes


def _day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _dated(value: str) -> bool:
    """A year, a month or a day."""
    try:
        return bool(PartialDate.parse(value))
    except InvalidValue:
        return False


def _point(value: tuple[float, ...]) -> bool:
    """Latitude and longitude in degrees, or nothing."""
    return not value or (len(value) == 2 and abs(value[0]) <= 90 and abs(value[1]) <= 180)


def _ratios(values: tuple[Any, ...]) -> bool:
    """Odds ratios as names: each a number, and where there are several, two that differ."""
    try:
        found = [float(one.name) for one in values]
    except ValueError:
        return False
    return all(1 / _RATIO <= one <= _RATIO for one in found) and (len(found) < 2 or len(set(found)) > 1)


def _or(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """The same, or nothing at all."""
    return lambda value: not value or check(value)


_FORMS: Mapping[tuple[str, str], Callable[[Any], bool]] = {
    ("ActionShown", "kind"): _of(KINDS),
    ("ActionShown", "begins"): _day,
    ("ActionShown", "ends"): _day,
    ("AccessShown", "answer"): _of(ANSWERS),
    ("CommitmentShown", "kept"): _of(("open", "kept", "broken")),
    ("CriterionShown", "readings"): bool,
    ("DemandShown", "code"): _or(_of(STATUSES)),
    ("EstimateShown", "high"): lambda value: value > 0,
    ("EstimateShown", "level"): lambda value: 0 < value < 1,
    ("EstimateShown", "sensitivity"): _ratios,
    ("EventShown", "date"): _dated,
    ("FoundShown", "links"): bool,
    ("MemberShown", "kind"): _of(("organisation", "individual")),
    ("MemberShown", "role"): _of(("", "supporter", "observer")),
    ("PlaceShown", "kind"): _of(_KINDS_OF_PLACE),
    ("PlaceShown", "names"): lambda values: any(one.language == "en" for one in values),
    ("PlaceShown", "point"): _point,
    ("PlaceShown", "region"): _or(lambda values: any(one.language == "en" for one in values)),
    ("PlaceShown", "status"): _of(_PLACES),
    ("PopulationShown", "links"): bool,
    ("ReadingShown", "status"): _of(STATUSES),
    ("SignOnShown", "state"): _of(_STATES),
    ("StatementShown", "versions"): bool,
    ("VoteShown", "vote"): _of(VOTES),
}


def check_field(kind: str, name: str, value: object, where: str) -> None:
    """Raises InvalidValue for a field that is of its type, and that no reader could be shown."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        _check_number(value, where)
    elif isinstance(value, tuple):
        for one in value:
            if isinstance(one, int | float):
                _check_number(one, where, signed=(kind, name) == ("PlaceShown", "point"))
    check = _FORMS.get((kind, name))
    if check is not None and not check(value):
        raise InvalidValue("{where} holds what no release shows: {value!r:.60}", where=where, value=value)


def _check_number(value: float, where: str, *, signed: bool = False) -> None:
    if value > _MOST or value < (-_MOST if signed else 0) or isnan(value):
        raise InvalidValue("{where} is no number that a release tells: {value!r:.60}", where=where, value=value)


__all__ = ["check_field"]
