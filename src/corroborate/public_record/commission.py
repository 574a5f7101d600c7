"""What the commission of inquiry found (A/HRC/25/63, A/HRC/25/CRP.1), and which elements its paragraphs speak to.

That a paragraph speaks to an element is a reading of the compilers, for a lawyer to judge. No paragraph speaks to what
one person knew or meant: the commission judged no individual.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corroborate.errors import InvalidValue
from corroborate.vocabulary import Entry, Link, links_of, load

METHOD, FINDING, SURVEY, OPEN, LAW, RECOMMENDATION = (
    "method",
    "finding",
    "survey_evidence",
    "open_allegation",
    "conclusion_of_law",
    "recommendation",
)
KINDS = (METHOD, FINDING, SURVEY, OPEN, LAW, RECOMMENDATION)
# Chapters of A/HRC/25/CRP.1. What is called V and VI there is IV and V in A/HRC/25/63.
CHAPTERS = ("II", "IV.A", "IV.B", "IV.C", "IV.D", "IV.E", "IV.F", "V", "VI")
CONTEXT = "context"  # of the six elements that every crime against humanity shares


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that the commission did, found, concluded or asked, in our words."""

    id: str
    kind: str  # one of KINDS
    chapter: str  # one of CHAPTERS
    labels: Mapping[str, str]  # language (ISO 639-1) -> the sentence
    document: str  # symbol
    paragraphs: str  # as cited: "59 (= CRP.1 841)"
    counted: Mapping[str, str]  # language -> what it counted; empty where it counted nothing
    violations: tuple[str, ...]  # ids of the vocabulary
    crimes: tuple[str, ...]  # which it may engage
    speaks_to: tuple[str, ...]  # ids of elements; ``context.policy`` is shared by all crimes
    limits: bool  # it says where a crime was not found, or in part only
    standard: str  # id of the standard of proof; empty where nothing was proven
    source: str
    checked: str  # seen, recalled
    read_in: str  # what of the paragraph was read

    @property
    def links(self) -> tuple[Link, ...]:
        return links_of(self.source, self.document)


@dataclass(frozen=True, slots=True)
class Cell:
    """One element of one crime that the commission found, and the findings that speak to it, by their ids."""

    crime: str
    element: str
    kind: str  # conduct, circumstance, mental, context
    proposition: str
    found: tuple[str, ...]


def commission() -> tuple[Found, ...]:
    """Everything that the register holds of the commission, in the order of the report."""
    return tuple(_found(entry) for entry in load("commission").entries.values())


def _found(entry: Entry) -> Found:
    more = entry.more
    chapter = next((one for one in reversed(CHAPTERS) if str(more["chapter"]).startswith(one)), "")
    one = Found(
        entry.id,
        str(more["kind"]),
        chapter,
        entry.label,
        str(more["document"]),
        str(more["paragraphs"]),
        more.get("counted", {}),
        tuple(more["violations"]),
        tuple(more["crimes"]),
        tuple(more["speaks_to"]),
        bool(more.get("limits")),
        str(more.get("standard", "")),
        entry.source,
        entry.checked,
        str(more["read_in"]),
    )
    if one.kind not in KINDS or not one.chapter or not one.links:
        raise InvalidValue("commission: {id} lacks a kind, a chapter or a source that a reader can open", id=one.id)
    return one


def crimes_found(findings: Iterable[Found]) -> tuple[str, ...]:
    """The crimes that the commission concluded were committed, in the order of the Statute."""
    concluded = {crime for one in findings if one.kind == LAW for crime in one.crimes}
    named = {crime for one in findings if one.kind == LAW and _context(one) for crime in one.crimes} or concluded
    return tuple(crime for crime in load("crimes").entries if crime in named)


def _context(one: Found) -> bool:
    return any(element.endswith(".context") for element in one.speaks_to)


def matrix(findings: Iterable[Found]) -> tuple[Cell, ...]:
    """Every element of every crime that was found, with what speaks to it; none where nothing does."""
    findings = tuple(findings)
    elements = [element for entry in load("crimes").entries.values() for element in entry.more["elements"]]
    known, mental = {one["id"] for one in elements}, {one["id"] for one in elements if one["kind"] == "mental"}
    known |= {f"{CONTEXT}.{one['id']}" for one in load("crimes").more[CONTEXT]}
    for one in findings:
        if meant := set(one.speaks_to) & mental:
            raise InvalidValue(
                "commission: {id} speaks to {meant}: the commission judged no individual, so no line says what one "
                "person knew or meant",
                id=one.id,
                meant=", ".join(sorted(meant)),
            )
        if unknown := set(one.speaks_to) - known:
            raise InvalidValue("commission: {id} speaks to {unknown}, which is no element", id=one.id, unknown=unknown)
    cells = []
    for crime in crimes_found(findings):
        for element in load("crimes")[crime].more["elements"]:
            speaking = tuple(one.id for one in findings if element["id"] in one.speaks_to)
            cells.append(Cell(crime, element["id"], element["kind"], element["text"], speaking))
    return tuple(cells)
