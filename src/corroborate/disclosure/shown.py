"""What may be seen from outside. Plain frozen values: no claim, no source, no consent travels in them."""

import types
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Self, get_args, get_origin, get_type_hints

from corroborate.errors import InvalidValue
from corroborate.values import canonical


@dataclass(frozen=True, slots=True)
class MemberShown:
    name: str
    kind: str
    country: str
    region: str
    abbreviation: str
    affiliation: str
    flag: str


@dataclass(frozen=True, slots=True)
class SignOnShown:
    """What stands beside a member's name: signed, lapsed, abstains, withdrawn. Silent members are not named."""

    member: str
    state: str
    at: str
    digest: str
    verifier: str
    note: str  # the signed note, so that anybody can check it


@dataclass(frozen=True, slots=True)
class StatementShown:
    name: str
    title: str
    language: str
    version: int
    text: str
    digest: str
    sign_ons: tuple[SignOnShown, ...]
    before: tuple[str, ...]  # digests of earlier versions
    changes: tuple[str, ...]  # from the version before


@dataclass(frozen=True, slots=True)
class EventShown:
    date: str
    what: str
    body: str
    symbol: str
    source: str


@dataclass(frozen=True, slots=True)
class DemandShown:
    what: str
    addressee: str
    since: str
    words: str
    status: str
    as_of: str
    evidence: tuple[EventShown, ...]


@dataclass(frozen=True, slots=True)
class PointShown:
    label: str  # a method, or an odds ratio
    median: float
    low: float
    high: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class EstimateShown:
    """Never without its three parts."""

    documented: int
    at_least: float
    headline: PointShown
    level: float
    sensitivity: tuple[PointShown, ...]
    methods: tuple[PointShown, ...]
    tipping: str
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    lists: tuple[str, ...]
    r_hat: float | None
    ess: float | None


@dataclass(frozen=True, slots=True)
class CellShown:
    """People on exactly these lists; None where the number is small, or would give a small one away."""

    on: tuple[str, ...]
    people: int | None


@dataclass(frozen=True, slots=True)
class FindingShown:
    crime: str
    article: str
    title: str
    title_ko: str
    title_ja: str
    element: str
    kind: str
    proposition: str
    for_: int
    against: int
    roots: int
    first_hand: int
    victims: str  # a number, or "fewer than 10"
    support: str
    hangs_on_one: bool
    standard: str
    status: str
    dissent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A person who may be named: a name in one form and how many sources speak of them. Nothing that places them."""

    name: str
    language: str
    sources: int


@dataclass(frozen=True, slots=True)
class Release:
    """All that a publication may see. Made by :func:`corroborate.disclosure.release` and by nothing else."""

    title: str
    coalition: str
    audience: str
    on: date
    invented: bool
    members: tuple[MemberShown, ...]
    statements: tuple[StatementShown, ...]
    demands: tuple[DemandShown, ...]
    timeline: tuple[EventShown, ...]
    estimate: EstimateShown | None
    overlap: tuple[CellShown, ...]
    findings: tuple[FindingShown, ...]
    persons: tuple[PersonShown, ...]
    withheld: tuple[tuple[str, int], ...]  # reason, how many
    truth: str = ""  # of an invented world: what was known

    def to_json(self) -> bytes:
        """Canonical JSON (RFC 8785)."""
        return canonical({**asdict(self), "on": self.on.isoformat(), "version": 1})

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_json` wrote, from parsed JSON. Raises InvalidValue."""
        known = {**content}
        if known.pop("version", None) != 1:
            raise InvalidValue("this is no release, or a newer one than this program knows")
        try:
            read = _read(cls, known)
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidValue(f"the release cannot be read: {error}") from error
        assert isinstance(read, cls)  # noqa: S101 - for the type checker
        return read


def _read(kind: Any, value: Any) -> Any:
    """A frozen value of a type from JSON: dataclasses, tuples, optional values, dates and plain values."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        unknown = set(value) - {f.name for f in fields(kind)}
        if unknown:
            raise ValueError(f"unknown keys {', '.join(sorted(unknown))}")
        return kind(**{name: _read(hints[name], one) for name, one in value.items()})  # type: ignore[operator]
    origin = get_origin(kind)
    if origin is tuple:
        inner = get_args(kind)
        if inner[-1] is Ellipsis:
            return tuple(_read(inner[0], one) for one in value)
        return tuple(_read(one, part) for one, part in zip(inner, value, strict=True))
    if origin is types.UnionType:
        return None if value is None else _read(next(k for k in get_args(kind) if k is not type(None)), value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
