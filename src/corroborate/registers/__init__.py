"""Registers: what a release shows, as tables that a reader can sort, filter and cite. CSV, one row a record."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from corroborate.disclosure import LabelShown, LinkShown, NameShown, PlaceShown, Release
from corroborate.figures import Number, numbers
from corroborate.registers.cells import SEVERAL, Rows
from corroborate.translation import LANGUAGES
from corroborate.values.rows import csv_text


def registers_of(release: Release) -> Mapping[str, Rows]:
    """Every register that a release can fill, by its name. A register without a row is none."""
    made = {name: rows(release) for name, rows in REGISTERS.items()}
    return {name: one for name, one in made.items() if one[1]}


def register_files(release: Release) -> dict[str, bytes]:
    """The same as files: ``places.csv`` and others."""
    return {f"{name}.csv": csv_text(heading, rows) for name, (heading, rows) in registers_of(release).items()}


def places(release: Release) -> Rows:
    """Camps, prisons and other places of detention; classes of facility and provinces after them."""
    heading = (
        "id",
        "kind",
        "number",
        "name_en",
        "name_ko",
        "name_hanja",
        "other_spellings",
        "province_id",
        "lat",
        "lon",
        "coordinate_precision",
        "status",
        "status_as_of",
        "opened",
        "closed",
        "run_by",
        "conflict",
        "source",
        "links",
    )
    areas = release.record.areas if release.record is not None else ()
    return heading, [_place(one) for one in (*release.places, *areas)]


def _place(one: PlaceShown) -> Sequence[object]:
    latitude, longitude = one.point or ("", "")
    status = "" if one.status == "unknown" else one.status
    return (
        one.id,
        one.kind.replace(" ", "_"),
        one.number,
        _in(one.names, "en"),
        _in(one.names, "ko"),
        one.hanja,
        SEVERAL.join(one.spellings),
        one.province,
        latitude,
        longitude,
        one.precision,
        status,
        one.as_of,
        one.opened,
        one.closed,
        _in(one.run_by, "en"),
        one.conflict,
        one.source,
        _links(one.links),
    )


def commission(release: Release) -> Rows:
    """What the commission found, one row a line, with its paragraph and in every language."""
    languages = [code for code, _ in LANGUAGES]
    heading = (
        "id",
        "kind",
        "chapter",
        "document",
        "paragraphs",
        *(f"words_{code}" for code in languages),
        "counted",
        "violations",
        "crimes",
        "speaks_to",
        "standard_of_proof",
        "checked",
        "links",
    )
    found = release.record.found if release.record is not None else ()
    return heading, [
        (
            one.id,
            one.kind,
            one.chapter,
            one.document,
            one.paragraphs,
            *(_in(one.labels, code) for code in languages),
            _in(one.counted, "en"),
            SEVERAL.join(one.violations),
            SEVERAL.join(one.crimes),
            SEVERAL.join(one.speaks_to),
            one.standard,
            one.checked,
            _links(one.links),
        )
        for one in found
    ]


def matrix(release: Release) -> Rows:
    """Elements of the crimes that were found, and the lines that speak to each; empty where none does."""
    heading = ("crime", "title", "article", "element", "kind", "proposition", "spoken_to_by", "paragraphs", "links")
    if release.record is None:
        return heading, []
    known = {one.id: one for one in release.record.found}
    return heading, [
        (
            one.crime,
            one.title,
            one.article,
            one.element,
            one.kind,
            one.proposition,
            SEVERAL.join(one.found),
            SEVERAL.join(f"{known[each].document} {known[each].paragraphs}" for each in one.found),
            _links(dict.fromkeys(link for each in one.found for link in known[each].links)),
        )
        for one in release.record.elements
    ]


def populations(release: Release) -> Rows:
    """Estimates of how many people are held, side by side."""
    heading = ("id", "as_of", "by", "low", "high", "camps", "number_of_camps", "note", "links")
    found = release.record.populations if release.record is not None else ()
    return heading, [
        (
            one.id,
            one.as_of,
            _in(one.by, "en"),
            one.low,
            one.high,
            SEVERAL.join(one.camps),
            one.number_of_camps or "",
            _in(one.note, "en"),
            _links(one.links),
        )
        for one in found
    ]


def proceedings(release: Release) -> Rows:
    """Judgments, trials, complaints, warrants and sanctions, in every language, with what became of them."""
    languages = [code for code, _ in LANGUAGES]
    heading = (
        "id",
        "kind",
        "date",
        "body",
        *(f"what_{code}" for code in languages),
        *(f"became_{code}" for code in languages),
        "checked",
        "looked_at_to",
        "links",
    )
    record = release.record
    return heading, [
        (
            one.id,
            one.kind,
            one.date,
            one.body,
            *(_in(one.what, code) for code in languages),
            *(_in(one.became, code) for code in languages),
            one.checked,
            record.proceedings_to,
            _links(one.links),
        )
        for one in (record.proceedings if record is not None else ())
        if record is not None
    ]


def events(release: Release) -> Rows:
    """Dated public events, oldest first."""
    heading = ("id", "date", "event", "body", "document_symbol", "source", "links")
    return heading, [
        (one.id, one.date, one.what, one.body, one.symbol, one.source, _links(one.links)) for one in release.timeline
    ]


def demands(release: Release) -> Rows:
    """What was asked, of whom, and how it stands."""
    heading = ("id", "demand", "addressee", "since", "status", "as_of", "rests_on", "words", "address")
    return heading, [
        (
            one.id,
            one.what,
            one.addressee,
            one.since,
            one.code,
            one.as_of,
            SEVERAL.join(e.id for e in one.evidence),
            one.words,
            one.address,
        )
        for one in release.demands
    ]


def figures(release: Release) -> Rows:
    """Every figure of the release, once; of invented people each row says so. ``links``: what a figure of published
    material rests on, each address once."""
    heading = ("id", "value", "unit", "definition", "population", "digest", "invented", "links")
    mark = "invented people" if release.invented else ""
    return heading, [
        (
            one.id,
            _value(one),
            one.unit,
            one.definition,
            one.population,
            one.digest,
            mark,
            _links(_behind(release, one.id)),
        )
        for one in numbers(release)
    ]


def _behind(release: Release, figure: str) -> Iterable[LinkShown]:
    """What stands behind a figure of the public record: lines of a kind, lines that speak, places of a status."""
    name, _, which = figure.partition(".")
    if name == "places":
        return dict.fromkeys(link for one in release.places if one.status == which for link in one.links)
    if release.record is None or name not in ("lines", "lines-speaking", "elements-spoken"):
        return ()
    speaking = release.record.speaking
    return dict.fromkeys(
        link
        for one in release.record.found
        if (one.kind == which if which else one.id in speaking)
        for link in one.links
    )


def _value(one: Number) -> int | str:
    return "under 10" if one.value is None else one.value


REGISTERS: Mapping[str, Callable[[Release], Rows]] = {
    "places": places,
    "commission": commission,
    "matrix": matrix,
    "populations": populations,
    "proceedings": proceedings,
    "events": events,
    "demands": demands,
    "figures": figures,
}


def _in(labels: Iterable[LabelShown | NameShown], language: str) -> str:
    return next((one.text for one in labels if one.language == language), "")


def _links(links: Iterable[LinkShown]) -> str:
    return " ".join(one.address for one in links)


__all__ = ["REGISTERS", "register_files", "registers_of"]
