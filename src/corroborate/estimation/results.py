"""What an estimate is made of: never a bare number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from corroborate.errors import InvalidValue
from corroborate.estimation.modes import Mode
from corroborate.estimation.sensitivity import Point
from corroborate.translation import places
from corroborate.values import JSON
from corroborate.vocabulary.assumptions import ASSUMPTIONS, ASSUMPTIONS_IN

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Summary:
    """One method's posterior or interval, in people."""

    median: float
    mean: float
    low: float
    high: float
    note: str = ""

    @classmethod
    def of(cls, unlisted: Floats, documented: float, level: float, note: str = "") -> "Summary":
        """Of draws of the unlisted, in people."""
        low, median, high = documented + np.quantile(unlisted, [(1 - level) / 2, 0.5, (1 + level) / 2])
        return cls(float(median), float(documented + unlisted.mean()), float(low), float(high), note)

    def as_json(self) -> dict[str, JSON]:
        return {"median": self.median, "mean": self.mean, "low": self.low, "high": self.high, "note": self.note}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an estimate has come: ``method`` now running, the ``number``-th of ``of`` (from 1), and the ``share`` of
    its turns done, from 0 to 1. The share falls back where the chains make themselves longer."""

    method: str
    number: int
    of: int
    share: float


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """How well the chains mixed. ``ranks``: for each chain, how its draws share out among twenty equal bins of all
    draws ranked together; flat where the chains agree (Vehtari et al. 2021); these of the latent classes.
    ``error_of_ends``: by how much another seed would move an end of the headline's interval, as a standard error and a
    share of the interval's width (logarithms); None where the headline's method has no chance in it."""

    r_hat: float | None = None
    ess: float | None = None
    ess_bulk: float | None = None
    ess_tail: float | None = None
    ranks: tuple[tuple[int, ...], ...] = ()
    error_of_ends: float | None = None

    def as_json(self) -> dict[str, JSON]:
        return {
            "r_hat": self.r_hat, "ess": self.ess, "ess_bulk": self.ess_bulk, "ess_tail": self.ess_tail,
            "ranks": [list(one) for one in self.ranks], "error_of_ends": self.error_of_ends,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellCheck:
    """One overlap cell: people seen, and the 95 % range of what the headline's method expects there, had the lists been
    made again (posterior predictive). By chance one cell in twenty lies outside."""

    pattern: tuple[int, ...]
    seen: int
    low: float
    high: float

    @property
    def fits(self) -> bool:
        return self.low <= self.seen <= self.high


@dataclass(frozen=True, slots=True)
class Estimate:
    """Never a bare number: at least, the headline with its interval, and what if the lists share a blind spot."""

    lists: tuple[str, ...]
    documented: int
    headline: Summary
    level: float
    at_least: float  # one-sided, 97.5 %
    sensitivity: tuple[Point, ...]
    method: str
    methods: Mapping[str, Summary]
    diagnostics: Diagnostics
    warnings: tuple[str, ...]
    tipping: str
    rule: str  # why this method is the headline
    unlisted: Floats = field(compare=False, repr=False)  # draws of the headline, in people
    changes: Mapping[str, Summary] = field(
        default_factory=dict
    )  # what would change it: one list out, one prior doubled
    cells: tuple[CellCheck, ...] = ()
    assumptions: tuple[str, ...] = ASSUMPTIONS
    seed: int = 0
    digest: str = ""  # of the table, SHA-256
    version: str = ""
    parts: Mapping[str, JSON] = field(default_factory=dict)  # strata or linkage draws that it was put together from
    modes: tuple[Mode, ...] = ()  # peaks of the posterior; with more than one there is no headline to print
    audit: Mapping[str, JSON] = field(default_factory=dict)  # of the linkage behind the table; empty without one

    def __post_init__(self) -> None:
        if not self.documented <= self.at_least <= self.headline.low <= self.headline.median <= self.headline.high:
            raise InvalidValue(
                "documented {documented}, at least {at_least}, interval {low} to "
                "{high} around {median} are not in order",
                documented=self.documented,
                at_least=self.at_least,
                low=self.headline.low,
                high=self.headline.high,
                median=self.headline.median,
            )
        if len(self.sensitivity) < 2 or not self.tipping:
            raise InvalidValue("an estimate stands only with its sensitivity and the tipping point in words")

    @property
    def r_hat(self) -> float | None:
        return self.diagnostics.r_hat

    @property
    def ess(self) -> float | None:
        return self.diagnostics.ess

    @property
    def without(self) -> Mapping[str, Summary]:
        """The estimate with one list left out, by the list's name."""
        start = "without "
        return {name.removeprefix(start): one for name, one in self.changes.items() if name.startswith(start)}

    @property
    def single(self) -> bool:
        """Whether the posterior has one peak, so that there is one number to print."""
        return len(self.modes) < 2

    @property
    def band(self) -> tuple[float, float]:
        """Lowest and highest end of the sensitivity, in people."""
        return min(point.low for point in self.sensitivity), max(point.high for point in self.sensitivity)

    def interval(self, level: float) -> tuple[float, float]:
        """The headline's central interval of another level, in people."""
        low, high = self.documented + np.quantile(self.unlisted, [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(high)

    def as_json(self) -> dict[str, JSON]:
        """Stable keys; see the reference of formats."""
        headline = self.headline.as_json()
        del headline["note"]
        low, high = self.band
        return {
            "documented": self.documented,
            "estimate": {**headline, "level": self.level} if self.single else None,
            "at_least": self.at_least,
            "sensitivity": [
                {"odds_ratio": p.odds_ratio, "median": p.median, "low": p.low, "high": p.high,
                 "hidden_share": p.hidden_share}
                for p in self.sensitivity
            ],
            "method": self.method,
            "methods": {name: one.as_json() for name, one in self.methods.items()},
            "diagnostics": self.diagnostics.as_json(),
            "modes": [one.as_json() for one in self.modes],
            "audit": dict(self.audit),
            "warnings": list(self.warnings),
            "tipping": self.tipping,
            "band": {"low": low, "high": high},
            "rule": self.rule,
            "changes": {name: one.as_json() for name, one in self.changes.items()},
            "without": {name: one.as_json() for name, one in self.without.items()},
            "intervals": {f"{level:g}": list(self.interval(level)) for level in (0.5, 0.8, 0.95)},
            "histogram": _histogram(self.unlisted, self.documented),
            "fit": {  # no counts: small cells leave only through disclosure
                "method": self.method if self.cells else None,
                "cells": len(self.cells),
                "outside": ["".join(map(str, c.pattern)) for c in self.cells if not c.fits],
            },
            "assumptions": list(self.assumptions),
            "assumptions_in": {language: list(said) for language, said in ASSUMPTIONS_IN.items()},
            "lists": list(self.lists),
            "unit": "people",
            "seed": self.seed,
            "digest": self.digest,
            "version": self.version,
            "places": cast("JSON", places([self.tipping, self.rule, *self.warnings, *self.changes])),
            **({"parts": dict(self.parts)} if self.parts else {}),
        }  # fmt: skip


def _histogram(unlisted: Floats, documented: float, bins: int = 40) -> dict[str, JSON]:
    """The headline's draws in equal bins between their 0.5 and 99.5 % points: edges in people, shares of the draws."""
    low, high = np.quantile(unlisted, [0.005, 0.995])
    edges = np.linspace(low, max(high, low + 1), bins + 1)
    shares = np.histogram(unlisted, edges)[0] / len(unlisted)
    return {"edges": [float(documented + one) for one in edges], "shares": [float(one) for one in shares]}
