"""The register of proceedings: judgments, complaints, warrants, sanctions, trials, step by step, with what became of
each.

Those that are published stand in the vocabulary; those that our own people have are told by claims, a record a step:
records of one court and one reference are one proceeding, and so is what is said to be a later step of another. A step
that was told of one that is published stands there too. Whoever is accused is not found to have done anything by it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from corroborate.errors import InvalidValue
from corroborate.languages.finding import folded
from corroborate.public_record import Proceeding, looked_at, proceedings
from corroborate.public_record.proceedings import KINDS, STEPS
from corroborate.records import Claim, Source
from corroborate.registers.cells import SEVERAL, Rows, Said, joined, pointed, words
from corroborate.registers.doers import CAUTIONS, NOT_NAMED, About, Caution, how_known
from corroborate.translation import LANGUAGES
from corroborate.values import DateSpan, PartialDate
from corroborate.vocabulary import Link
from corroborate.vocabulary.proceedings import name_of_state, state_called

NOTHING_LATER: Final = "nothing_later"  # what became of one of which no second step is known
BECAME: Final = (*STEPS, NOTHING_LATER)
_NO_DAY = date(9999, 12, 31)  # stands last


@dataclass(frozen=True, slots=True)
class StepTold:
    """One step. ``day``: as told, empty where nobody said it; ``said``: the words of who tells it."""

    step: str  # one of STEPS; else as somebody put it right
    day: str
    said: str = ""
    record: str = ""  # id of the record that tells it; empty: published
    source: str = ""  # id of its source
    began: date = _NO_DAY

    @property
    def known(self) -> bool:
        return self.step in STEPS


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who filed a proceeding, or against whom it is. ``name``: empty where this reader is not told it."""

    id: str
    name: str


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
    reference: str = ""
    filed_by: tuple[Somebody, ...] = ()
    against: tuple[Somebody, ...] = ()
    engages: tuple[str, ...] = ()  # ids of crimes and elements that it is about
    told: tuple[Claim, ...] = ()  # what says so, of ours

    @property
    def records(self) -> tuple[str, ...]:
        """Ids of the records that tell of it."""
        return tuple(dict.fromkeys(one.subject for one in self.told))

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(sorted({one.source for one in self.told}))

    @property
    def sure(self) -> tuple[str, ...]:
        """How sure sources are that it was they against whom it is."""
        return tuple(dict.fromkeys(words(one) for one in self.told if one.property == "caution"))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """Why who is accused is to be read with caution, the gravest first."""
        accusing = [one for one in self.told if one.property == "against"]
        if not accusing:
            return ()
        found = [*how_known(accusing)]
        found += ["one_source"] if len({one.source for one in accusing}) == 1 else []
        found += [] if self.sure else ["how_sure_unsaid"]
        return (*found, "held_doubtful") if set(self.sure) & {"probably_them", "possibly_them"} else tuple(found)

    @property
    def became(self) -> str:
        """The last step, as far as one is known after the first."""
        last = self.steps[-1] if len(self.steps) > 1 else None
        return last.step if last is not None and last.known else NOTHING_LATER

    @property
    def date(self) -> str:
        """When it began, as told."""
        return next((one.day for one in self.steps if one.day), "")


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
        """Whether a row is asked for."""
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
    steps = tuple(
        StepTold(each.step, str(each.date or ""), began=_NO_DAY if each.date is None else each.date.earliest)
        for each in one.steps
    )
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


# --- told to us -------------------------------------------------------------------------------------------------------


def rows_of(about: About) -> tuple[Row, ...]:
    """All rows: those that are published, with what was told of them since, and those that some claims tell of."""
    grouped: dict[str, list[str]] = {}
    for id_ in sorted(one for one in about if one.startswith("proceeding_")):
        grouped.setdefault(_belongs(id_, about), []).append(id_)
    known = {one.id: one for one in published()}
    found = [_with(one, grouped.pop(id_, ()), about) for id_, one in known.items()]
    found += [_with(Row(ids[0], "", "", {}, {}, {}, (), published=False), ids, about) for ids in grouped.values()]
    return tuple(found)


def _belongs(id_: str, about: About) -> str:
    """What stands for the proceeding that a record is a step of: the id of one that is published, or a key."""
    seen: set[str] = set()
    while id_ not in seen:
        seen.add(id_)
        of = about.get(id_, {})
        if follows := [words(one) for one in of.get("follows", ())]:
            return follows[0]
        before = [one for one in pointed(of, "part_of") if one.startswith("proceeding_")]
        if not before:
            break
        id_ = before[0]
    of = about.get(id_, {})
    courts, references = (sorted(folded(words(one)) for one in of.get(name, ())) for name in ("court", "reference"))
    return f"{courts[0]} {references[0]}" if courts and references else id_


def _with(row: Row, ids: Sequence[str], about: About) -> Row:
    """A row with what some records tell of it."""
    if not ids:
        return row
    told = tuple(one for id_ in ids for each in about.get(id_, {}).values() for one in each)
    days = [one.value for one in told if one.property == "step_date"]
    dated = [one for one in days if isinstance(one, PartialDate | DateSpan)]
    steps = [*row.steps, *(_step(id_, about[id_]) for id_ in ids if id_ in about)]

    def of(name: str) -> list[str]:
        return list(dict.fromkeys(words(one) for one in told if one.property == name))

    def first(name: str) -> str:
        return next(iter(of(name)), "")

    def somebody(name: str) -> tuple[Somebody, ...]:
        return tuple(Somebody(one, " / ".join(_called(one, about))) for one in of(name))

    court, sought = first("court"), joined(of("sought"))
    return replace(
        row,
        kind=row.kind or first("proceeding_kind").removeprefix("proceeding_"),
        state=row.state or next(filter(None, map(state_called, of("court_state"))), ""),
        bodies=row.bodies or ({"": court} if court else {}),
        what=row.what or ({"": sought} if sought else {}),
        steps=tuple(sorted(steps, key=lambda one: one.began)),
        began=min([row.began, *(one.earliest for one in dated)]),
        years=row.years | {year for one in dated for year in range(one.earliest.year, one.latest.year + 1)},
        reference=joined(of("reference")),
        filed_by=somebody("filed_by"),
        against=somebody("against"),
        engages=tuple(of("engages")),
        told=told,
    )


def _step(id_: str, of: Said) -> StepTold:
    said = [one for each in of.values() for one in each]
    day = next((one.value for one in of.get("step_date", ())), None)
    return StepTold(
        joined(words(one).removeprefix("step_") for one in of.get("step", ())),
        "" if day is None else str(day),
        joined(words(one) for one in of.get("sought", ())),
        id_,
        said[0].source if said else "",
        day.earliest if isinstance(day, PartialDate | DateSpan) else _NO_DAY,
    )


def _called(id_: str, about: About) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words(one) for name in ("name", "alias") for one in about.get(id_, {}).get(name, ())))


def told_register(about: About, sources: Mapping[str, Source], called: Callable[[str], str]) -> dict[str, Rows]:
    """What a release lets go of proceedings that our own people have, as a table; nothing where it lets none go.
    ``called``: what its reader is told for an id."""
    invented = {id_ for id_, one in sources.items() if one.invented}
    rows = [one for one in ordered(rows_of(about), Asked()) if one.told]
    if not rows:
        return {}
    return {"proceedings": (_TOLD, [_told_cells(one, invented, called) for one in rows])}


_TOLD = (
    "id",
    "kind",
    "state",
    "court_or_authority",
    "reference",
    "what",
    "filed_by",
    "against",
    "about",
    "steps",
    "became",
    "sources",
    "caution",
    "how_sure_as_told",
    "invented",
)


def _told_cells(one: Row, invented: set[str], called: Callable[[str], str]) -> Sequence[object]:
    def names(people: Iterable[Somebody]) -> str:
        return joined(each.name or f"{NOT_NAMED}: {called(each.id)}" for each in people)

    return (
        one.id if one.published else called(one.id),
        one.kind,
        one.state,
        one.bodies.get("en") or one.bodies.get("", ""),
        one.reference,
        one.what.get("en") or one.what.get("", ""),
        names(one.filed_by),
        names(one.against),
        SEVERAL.join(one.engages),
        SEVERAL.join(f"{each.day} {each.step}".strip() for each in one.steps),
        one.became,
        len(one.sources),
        SEVERAL.join(CAUTIONS[each] for each in one.cautions),
        joined(one.sure),
        "invented" if invented.intersection(one.sources) else "",
    )


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
        SEVERAL.join(f"{each.day} {each.step}".strip() for each in one.steps),
        one.became,
        *(one.became_words.get(code, "") for code in languages),
        one.checked,
        looked_at(),
        " ".join(link.address for link in one.links),
    )


__all__ = [
    "BECAME",
    "KINDS",
    "NOTHING_LATER",
    "Asked",
    "Row",
    "Somebody",
    "StepTold",
    "ordered",
    "published",
    "rows_of",
    "table",
    "told_register",
]
