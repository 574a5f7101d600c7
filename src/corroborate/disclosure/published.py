"""The public record's part of a release: published sentences in our own words. Nobody private stands in it."""

from collections.abc import Mapping, Sequence

from corroborate.disclosure.campaign import links_shown, places_shown
from corroborate.disclosure.shown import (
    ElementShown,
    FoundShown,
    LabelShown,
    PopulationShown,
    ProceedingShown,
    RecordShown,
)
from corroborate.public_record import Cell, Found, Population, Proceeding, looked_at, matrix
from corroborate.vocabulary import load


def record_shown(
    found: Sequence[Found], populations: Sequence[Population], proceedings: Sequence[Proceeding] = ()
) -> RecordShown | None:
    """What a commission found, lined up against the elements of the crimes that it named; None where nothing was."""
    if not found:
        return None
    return RecordShown(
        tuple(_found(one) for one in found),
        tuple(_element(one) for one in matrix(found)),
        tuple(_population(one) for one in populations),
        places_shown(areas=True),
        tuple(_proceeding(one) for one in proceedings),
        looked_at() if proceedings else "",
    )


def _labels(given: Mapping[str, str]) -> tuple[LabelShown, ...]:
    return tuple(LabelShown(language, text) for language, text in given.items())


def _found(one: Found) -> FoundShown:
    standard = load("standards")[one.standard].label["en"] if one.standard else ""
    return FoundShown(
        one.id,
        one.kind,
        one.chapter,
        one.labels["en"],
        _labels(one.labels),
        one.document,
        one.paragraphs,
        links_shown(one.links),
        _labels(one.counted),
        one.violations,
        one.crimes,
        one.speaks_to,
        one.limits,
        standard,
        one.checked,
        one.read_in,
    )


def _element(one: Cell) -> ElementShown:
    crime = load("crimes")[one.crime]
    article = str(crime.more["article"])
    return ElementShown(one.crime, crime.label["en"], article, one.element, one.kind, one.proposition, one.found)


def _proceeding(one: Proceeding) -> ProceedingShown:
    return ProceedingShown(
        one.id,
        one.kind,
        str(one.date),
        one.body,
        _labels(one.labels),
        _labels(one.became),
        links_shown(one.links),
        one.checked,
        _labels(one.bodies),
    )


def _population(one: Population) -> PopulationShown:
    return PopulationShown(
        one.id,
        str(one.as_of),
        _labels(one.labels),
        one.low,
        one.high,
        one.camps,
        one.number_of_camps,
        _labels(one.note),
        links_shown(one.links),
    )
