"""The register of proceedings: judgments, complaints, warrants, sanctions, trials, step by step, with what became of
each.

Those that are published stand in the vocabulary. Whoever is accused in one is not found to have done anything by it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from corroborate.errors import InvalidValue
from corroborate.languages.finding import folded
from corroborate.public_record import Proceeding, looked_at, proceedings
from corroborate.public_record.proceedings import KINDS, STEPS, name_of_state
from corroborate.registers.cells import SEVERAL, Rows
from corroborate.translation import LANGUAGES
from corroborate.values import PartialDate
from corroborate.vocabulary import Link

NOTHING_LATER: Final = "nothing_later"  # what became of one of which no second step is known
BECAME: Final = (*STEPS, NOTHING_LATER)
_NO_DAY = date(9999, 12, 31)  # stands last


@dataclass(frozen=True, slots=True)
class StepTold:
    """One step. ``date``: as told, empty where nobody said it; ``said``: the words of who tells it."""

    step: str  # one of STEPS
    date: str
    said: str = ""
    record: str = ""  # id of the record that tells it; empty: published
    source: str = ""  # id of its source


@dataclass(frozen=True, slots=True)
class Row:
    """One proceeding, published or told to us. ``bodies``, ``what``, ``became_words``: by language; what a source told
    stands under an empty one."""

    id: str
    kind: str
    state: str  # code; empty where none is told
    bodies: Mapping[str, str]
    what: Mapping[str, str]
    became_words: Mapping[str, str]
    steps: tuple[StepTold, ...]
    links: tuple[Link, ...] = ()
    checked: str = ""
    published: bool = True
    began: date = _NO_DAY
    years: frozenset[int] = frozenset()  # in which something happened

    @property
    def became(self) -> str:
        """The last step, as far as one is known after the first."""
        return self.steps[-1].step if len(self.steps) > 1 else NOTHING_LATER

    @property
    def date(self) -> str:
        """When it began, as told."""
        return next((one.date for one in self.steps if one.date), "")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rows of the register must fulfil; empty: anything. ``body``: a part of the name of the court or the
    authority, or of its State, in any language; ``since``, ``until``: years in which something happened."""

    state: str = ""
    body: str = ""
    kind: str = ""
    became: str = ""
    since: int = 0
    until: int = 9999

    def __post_init__(self) -> None:
        for value, known in ((self.kind, KINDS), (self.became, BECAME)):
            if value and value not in known:
                raise InvalidValue("{value!r} is none of {known}", value=value, known=", ".join(known))
        if self.since > self.until:
            raise InvalidValue("from {since} to {until}: the first year is later", since=self.since, until=self.until)

    def fits(self, row: Row) -> bool:
        names = (*row.bodies.values(), *name_of_state(row.state).values())
        return (
            self.state in ("", row.state)
            and self.kind in ("", row.kind)
            and self.became in ("", row.became)
            and (not self.body.strip() or any(folded(self.body) in folded(name) for name in names))
            and (self.whenever or any(self.since <= year <= self.until for year in row.years))
        )

    @property
    def whenever(self) -> bool:
        return self.since == 0 and self.until == 9999


def published() -> tuple[Row, ...]:
    """All that is published, as rows of the register."""
    return tuple(_published(one) for one in proceedings())


def _published(one: Proceeding) -> Row:
    steps = tuple(StepTold(each.step, str(each.date or "")) for each in one.steps)
    days = [each.date for each in one.steps if each.date is not None] or [one.date]
    years = frozenset(year for day in days for year in _years(day))
    return Row(
        one.id,
        one.kind,
        one.state,
        one.bodies,
        one.labels,
        one.became,
        steps,
        one.links,
        one.checked,
        began=min(day.earliest for day in days),
        years=years,
    )


def _years(day: PartialDate) -> Iterable[int]:
    return range(day.earliest.year, day.latest.year + 1)


def ordered(rows: Iterable[Row], asked: Asked, *, latest_first: bool = False) -> tuple[Row, ...]:
    """Those that fit, the earliest first; one of no day stands last."""
    fitting = sorted((one for one in rows if asked.fits(one)), key=lambda one: one.id)
    if latest_first:
        return tuple(sorted(fitting, key=lambda one: (one.began == _NO_DAY, -one.began.toordinal())))
    return tuple(sorted(fitting, key=lambda one: one.began))


def table(rows: Iterable[Row]) -> Rows:
    """Published ones as a table, in every language: nothing in it is of a vault."""
    languages = [code for code, _ in LANGUAGES]
    heading = (
        "id",
        "kind",
        "date",
        "state",
        "body",
        *(f"what_{code}" for code in languages),
        "steps",
        "became",
        *(f"became_{code}" for code in languages),
        "checked",
        "looked_at_to",
        "links",
    )
    return heading, [_cells(one, languages) for one in rows if one.published]


def _cells(one: Row, languages: Sequence[str]) -> Sequence[object]:
    return (
        one.id,
        one.kind,
        one.date,
        one.state,
        one.bodies.get("en", ""),
        *(one.what.get(code, "") for code in languages),
        SEVERAL.join(f"{each.date} {each.step}".strip() for each in one.steps),
        one.became,
        *(one.became_words.get(code, "") for code in languages),
        one.checked,
        looked_at(),
        " ".join(link.address for link in one.links),
    )


__all__ = ["BECAME", "KINDS", "NOTHING_LATER", "Asked", "Row", "StepTold", "ordered", "published", "table"]
