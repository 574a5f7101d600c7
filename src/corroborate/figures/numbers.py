"""Every figure of a release once: its value, its unit, what it counts, and a digest, for dossier, site and JSON.

A figure is rounded when it is made, and nowhere again: so that it is the same wherever it stands.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from corroborate.disclosure import Release
from corroborate.figures.drawing import ENGLISH, Said, said
from corroborate.translation import Sentence
from corroborate.values import JSON, Digest, canonical

PEOPLE, ENTRIES, CLAIMS, ORIGINS = "people", "entries", "claims", "independent origins"
_ALL = Sentence("people of whom something may be counted before this reader, each once after matching")


@dataclass(frozen=True, slots=True)
class Number:
    """One figure. ``value`` is None for one to nine of what may not be told so exactly."""

    id: str
    value: int | None
    unit: str
    definition: str  # English, with a translation in our rooms
    population: str
    digest: str = ""  # SHA-256, in hex, of all the rest and of the release's day

    def in_words(self, words: Said = ENGLISH) -> tuple[str, str]:
        """What it counts and among whom, in the reader's language."""
        return said(words, self.definition), said(words, self.population)


def numbers(release: Release) -> tuple[Number, ...]:
    """All figures of a release in the order of its dossier. An id names one figure, in every release."""
    made = (*_of_people(release), *_of_estimate(release), *_of_findings(release), *_of_record(release))
    return tuple(_digested(one, release.on.isoformat()) for one in made)


def _digested(one: Number, on: str) -> Number:
    said_of: dict[str, JSON] = {"id": one.id, "value": one.value, "unit": one.unit, "on": on}
    content = canonical(said_of | {"definition": str(one.definition), "population": str(one.population)})
    return Number(one.id, one.value, one.unit, one.definition, one.population, Digest.of(content).hex)


def _of_people(release: Release) -> Iterator[Number]:
    people = release.people
    if people is None:
        return
    entries = Sentence("entries on lists and in interviews before matching")
    rows = (
        ("people", people.people, Sentence("people after matching, each once")),
        ("compared", people.compared, Sentence("on at least one list with a whole name")),
        ("beside", people.beside, Sentence("known in part only: on no list that is compared")),
        ("named", people.named, Sentence("named to this reader")),
        ("unnamed", people.unnamed, Sentence("counted, and not named to this reader")),
        ("taken-back", people.taken_back, Sentence("not named, as a source took its leave back")),
    )
    if people.entries is not None:
        yield Number("entries", people.entries, ENTRIES, Sentence("entries that speak of a person"), entries)
    for id_, value, definition in rows:
        if value is not None:
            yield Number(id_, value, PEOPLE, definition, _ALL)


def _of_estimate(release: Release) -> Iterator[Number]:
    one = release.estimate
    if one is None:
        return
    those = Sentence("people to whom it was done, on a list or on none")
    lists = Sentence("people on lists that are compared")
    yield Number("documented", one.documented, PEOPLE, Sentence("on at least one list with a whole name"), lists)
    rows: list[tuple[str, float, str]] = [
        ("at-least", one.at_least, Sentence("at least, without trusting the lists to be independent")),
        ("headline", one.median, Sentence("the headline: the middle of what the overlaps allow")),
        ("headline-low", one.low, Sentence("the low end of the headline's interval")),
        ("headline-high", one.high, Sentence("the high end of the headline's interval")),
    ]
    if one.sensitivity:
        low, high = min(each.low for each in one.sensitivity), max(each.high for each in one.sensitivity)
        rows.append(("blind-low", low, Sentence("the low end, if the lists share a blind spot")))
        rows.append(("blind-high", high, Sentence("the high end, if the lists share a blind spot")))
    if one.truth is not None:
        rows.append(("truth", float(one.truth), Sentence("how many people were invented: the known truth")))
    for id_, value, definition in rows:
        yield Number(id_, round(value), PEOPLE, definition, those)


def _of_findings(release: Release) -> Iterator[Number]:
    spoken = [one for one in release.findings if one.claims_for != 0 or one.claims_against != 0]
    for one in spoken:
        rows = (
            (
                "people",
                one.victims,
                PEOPLE,
                Sentence("people to whom it was done, as claims for the element say; groups are not counted"),
            ),
            ("for", one.claims_for, CLAIMS, Sentence("claims that speak for the element")),
            ("against", one.claims_against, CLAIMS, Sentence("claims that speak against the element")),
            ("roots", one.roots, ORIGINS, Sentence("independent origins of the claims for the element")),
        )
        for key, value, unit, definition in rows:
            yield Number(f"{key}.{one.element}", value, unit, definition, one.proposition)


def _of_record(release: Release) -> Iterator[Number]:
    record = release.record
    if record is None:
        return
    report = Sentence("lines of the register of the commission's report")
    for kind, count in Counter(one.kind for one in record.found).items():
        yield Number(f"lines.{kind}", count, "lines", kind.replace("_", " "), report)
    spoken = [one for one in record.elements if one.found]
    crimes = Sentence("elements of the crimes that the commission named")
    yield Number("elements", len(record.elements), "elements", crimes, crimes)
    yield Number("elements-spoken", len(spoken), "elements", Sentence("elements to which a paragraph speaks"), crimes)
    speaking = Sentence("lines that speak to at least one of these elements")
    yield Number("lines-speaking", len(record.speaking), "lines", speaking, report)
    places = Sentence("places in the register")
    for status, count in Counter(one.status for one in release.places).items():
        yield Number(f"places.{status}", count, "places", status, places)
